"""Proves that the variants of a case are run, resumed and compared, and that stored results can be compared."""

import csv
import json
from pathlib import Path

import pytest
from faults.workplace import Workplace, ended, faults_in, qhenergy

from qhenergy.data.builtin import find
from qhenergy.data.case import variants_of
from qhenergy.ground.faults import NoSolutionError
from qhenergy.studies import expansion, variants

MORE = 'change = { "capacity_totals/clean-2025/capacity [MW]" = 1300.0 }'


@pytest.fixture
def place(tmp_path) -> Workplace:
    """Two zones as they are, and with 50 MW more of clean capacity asked; both bind."""
    made = Workplace.new(tmp_path)
    made.section("variants.as-is", "")
    made.section("variants.more", MORE)
    return made


def folders(place: Workplace) -> dict[str, list[Path]]:
    """Result folders by variant."""
    there = sorted(place.results.glob("mine/*/*/result.h5"))
    made: dict[str, list[Path]] = {}
    for path in there:
        made.setdefault(path.parent.parent.name, []).append(path.parent)
    return made


def table(path: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    """Rows of a comparison by section, item and unit."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["section"], row["item"], row["unit"]): row for row in csv.DictReader(file)}


def test_variants_are_run_and_compared(place: Workplace) -> None:
    """1250 and 1300 MW are asked and both bind: five times 10^4 kW between them, whatever is built."""
    result = place.run()
    ended(result, 0)
    assert {name: len(there) for name, there in folders(place).items()} == {"as-is": 1, "more": 1}
    for there in folders(place).values():
        assert (there[0] / "report.html").is_file()
    rows = table(place.results / "mine" / "compare.csv")
    clause = rows["clause", "clean-2025", "10^4 kW"]
    assert float(clause["as-is"]) == pytest.approx(125)
    assert float(clause["difference more"]) == pytest.approx(5)
    assert rows["clause status", "clean-2025", ""]["more"] == "binding"
    summed = {n: json.loads((there[0] / "summary.json").read_text("utf-8")) for n, there in folders(place).items()}
    objective = rows["cost", "objective", "CNY/yr"]
    for name, content in summed.items():
        assert float(objective[name]) == pytest.approx(content["objective"])
    asked = float(objective["difference more"])
    dual = next(c for c in summed["as-is"]["clauses"] if c["id"] == "clean-2025")["dual"]
    assert asked >= 5 * dual - 1e-3, "more of a binding clause costs at least its shadow price"
    assert "125" in result.stdout
    assert "compare.html" in result.stdout
    page = (place.results / "mine" / "compare.html").read_text(encoding="utf-8")
    assert "as-is" in page
    assert summed["more"]["title"] == "Two zones (more)"


def test_what_is_there_is_not_solved_again(place: Workplace, monkeypatch) -> None:
    """Proves that a second run solves nothing, a changed variant is solved alone, and --again solves all."""
    ended(place.run(), 0)
    first = folders(place)
    solved = []

    def noticed(ready, folder, say):
        solved.append(folder.name)
        return expansion.run_ready(ready, folder, say)

    monkeypatch.setattr(variants, "run_ready", noticed)
    result = place.run()
    said = ended(result, 0)
    assert solved == []
    assert said.count("found in") == 2
    assert folders(place) == first
    place.section("variants.more", MORE.replace("1300", "1290"))
    ended(place.run(), 0)
    assert solved == ["more"]
    # A table that changed is noticed as well as a case: the share is part of both variants.
    place.cell("capacity_shares", 2, "share", "95")
    ended(place.run(), 0)
    assert solved == ["more", "as-is", "more"]
    ended(place.run("--again"), 0)
    assert solved == ["more", "as-is", "more", "as-is", "more"]


def test_what_is_only_half_written_is_not_taken_for_a_result(place: Workplace) -> None:
    ended(place.run(), 0)
    (whole,) = folders(place)["more"]
    whole.rename(whole.with_name(f".{whole.name}.123"))
    said = ended(place.run(), 0)
    assert said.count("found in") == 1
    assert [p for p in folders(place)["more"] if not p.name.startswith(".")]


def test_one_without_a_solution_does_not_stop_the_others(place: Workplace) -> None:
    """490 GW of clean capacity cannot be built; what comes after it is run, and the exit code tells."""
    place.sections.pop("variants.more")
    place.section("variants.impossible", MORE.replace("1300.0", "490000.0"))
    place.section("variants.more", MORE)
    result = place.run()
    said = ended(result, NoSolutionError.exit_code)
    assert set(folders(place)) == {"as-is", "more"}
    assert "variant impossible: The problem is infeasible" in said
    assert "Without a solution: impossible." in result.stdout
    assert "impossible" in (place.results / "mine" / "compare.html").read_text(encoding="utf-8")


def test_check_reads_every_variant(place: Workplace) -> None:
    result = qhenergy("check", place.case)
    ended(result, 0)
    assert "variants   as-is, more" in result.stdout
    place.section("variants.more", MORE.replace("clean-2025", "clean-2052"))
    (fault,) = faults_in(ended(qhenergy("check", place.case), 2))
    assert fault["where"].startswith("variant more: change")


def test_compare_of_stored_results(place: Workplace, tmp_path) -> None:
    """Results of other runs are compared like variants; the first is what the others differ from."""
    ended(place.run(), 0)
    (first,), (second,) = folders(place)["more"], folders(place)["as-is"]
    to = tmp_path / "side by side"
    result = qhenergy("compare", first, second / "result.h5", "--to", to, "--language", "zh")
    ended(result, 0)
    clause = table(to / "compare.csv")["clause", "clean-2025", "10^4 kW"]
    assert float(clause["difference as-is"]) == pytest.approx(-5)
    assert "年费用" in result.stdout
    assert 'data-language="zh"' in (to / "compare.html").read_text(encoding="utf-8")[:300]


@pytest.mark.parametrize(("count", "found"), [(1, "one result"), (2, "the same result twice")])
def test_compare_of_less_than_two(ran, count, found) -> None:
    (fault,) = faults_in(ended(qhenergy("compare", *[ran.result] * count), 2))
    assert fault["found"] == found


def test_built_in_contradictions_are_ready_to_run(tmp_path) -> None:
    """Every variant reads, and says one thing otherwise than the first."""
    path = find("cases", "target-sets", suffix=".toml")
    ready = {variant.name: variant.case for variant in variants.plan(path, tmp_path)}
    assert list(ready) == list(variants_of(path))
    assert [ready[name].targets.set for name in ("ecoeconomy8906", "outline7500", "ecociv8226")] == list(ready)[:3]
    first = ready["ecoeconomy8906"]
    for name, case in ready.items():
        other = {k for k in case.model_fields_set if getattr(case, k) != getattr(first, k)} - {"title", "title_zh"}
        assert len(other) == (name != "ecoeconomy8906"), name
    assert not list(tmp_path.iterdir())
