"""Proves that every command does what the README says of it, on the small system."""

import json
import math
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from faults.workplace import Workplace, ended, faults_in, qhenergy

from cli.conftest import process
from qhenergy.data.builtin import root
from qhenergy.outcome import summary as summary_file
from qhenergy.studies import expansion

CASE = root() / "cases" / "two-zones.toml"
#: What another program may rely on.
KEYS = {"objective", "costs", "capacity_mw", "generation_mwh", "curtailment", "clauses", "solve", "audit"}
OF_CLAUSE = {"id", "required", "achieved", "unit", "slack", "dual", "source"}
OF_SOLVE = {
    "columns",
    "rows",
    "nonzeros",
    "build_seconds",
    "solve_seconds",
    "peak_memory_mb",
    "solver",
    "status",
}
OF_AUDIT = {"primal_residual", "dual_residual", "relative_gap", "energy_imbalance_mwh", "water_imbalance_hm3"}


def _strict(text: str) -> dict:
    """JSON as a strict reader takes it: NaN and Infinity are no JSON."""

    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def summed(ran) -> dict:
    result = qhenergy("summary", ran.result, "--json")
    ended(result, 0)
    return _strict(result.stdout)


def test_run_shows_the_board_and_writes_a_report(ran) -> None:
    for word in ("clean-2025", "clean-share-2025", "new-storage-2025", "audit", "report.html"):
        assert word in ran.out
    assert {"result.h5", "summary.json", "report.html"} <= {path.name for path in ran.result.iterdir()}
    page = (ran.result / "report.html").read_text(encoding="utf-8")
    assert "clean-2025" in page
    assert "Traceback" not in ran.err
    assert "Warning" not in ran.err
    assert [path.name for path in ran.folder.iterdir()] == ["results"]


def test_run_says_the_size_before_it_builds(ran, summed) -> None:
    """Proves that what was announced is within a quarter of what followed, memory included."""
    said = ran.err
    assert said.index("expecting") < said.index("built")
    expected = summed["solve"]["expected"]
    assert f"{expected['columns']:,} columns" in said
    for name, found in (("columns", "columns"), ("rows", "rows"), ("nonzeros", "nonzeros")):
        assert abs(expected[name] / summed["solve"][found] - 1) < 0.25, name


def test_announced_memory(summed) -> None:
    solve = summed["solve"]
    assert abs(solve["expected"]["memory_mb"] / solve["peak_memory_mb"] - 1) < 0.25, solve


def test_summary_again_shows_what_the_run_showed(ran) -> None:
    result = qhenergy("summary", ran.result)
    ended(result, 0)
    for word in ("clean-2025", "clean-share-2025", "new-storage-2025", "audit"):
        assert word in result.stdout


@pytest.mark.parametrize("which", ["folder", "file", "case"])
def test_a_result_is_found_by_folder_file_or_case(ran, which) -> None:
    path = {"folder": ran.result, "file": ran.result / "result.h5", "case": ran.result.parent}[which]
    result = qhenergy("summary", path, "--json")
    ended(result, 0)
    assert _strict(result.stdout)["objective"] > 0


def test_json_has_the_keys_others_rely_on(summed) -> None:
    assert set(summed) >= KEYS
    assert set(summed["solve"]) >= OF_SOLVE
    assert set(summed["audit"]) >= OF_AUDIT
    assert [clause["id"] for clause in summed["clauses"]] == ["clean-2025", "clean-share-2025", "new-storage-2025"]
    for clause in summed["clauses"]:
        assert set(clause) >= OF_CLAUSE


def test_json_has_no_key_that_is_not_documented(summed) -> None:
    documented = {line.split()[0] for line in (summary_file.__doc__ or "").splitlines() if line.startswith("    ")}
    assert set(summed) <= documented


def test_json_says_what_was_worked_out_by_hand(summed) -> None:
    """1250 MW clean and 100 MW of batteries are asked; both bind, both are met to the megawatt."""
    assert sum(summed["costs"].values()) == pytest.approx(summed["objective"], rel=1e-9)
    clauses = {clause["id"]: clause for clause in summed["clauses"]}
    assert (clauses["clean-2025"]["required"], clauses["clean-2025"]["unit"]) == (125, "10^4 kW")
    assert clauses["clean-2025"]["achieved"] == pytest.approx(125)
    assert clauses["clean-2025"]["slack"] == pytest.approx(0, abs=1e-6)
    assert clauses["clean-2025"]["dual"] > 0
    assert clauses["new-storage-2025"]["achieved"] == pytest.approx(10)
    assert clauses["clean-share-2025"]["achieved"] >= 96 - 1e-6
    assert clauses["clean-share-2025"]["slack"] == pytest.approx(clauses["clean-share-2025"]["achieved"] - 96)
    assert clauses["clean-2025"]["source"] == {"rule": "", "document": "invented", "line": "1", "quote": "invented"}
    total = {t: sum(zone["total"] for zone in zones.values()) for t, zones in summed["capacity_mw"].items()}
    assert total["wind"] + total["pv_fixed"] + total["hydro"] == pytest.approx(1250)
    assert total["battery_2h"] == pytest.approx(100)
    assert summed["capacity_mw"]["hydro"]["north"]["total"] == pytest.approx(90)
    for row in summed["curtailment"].values():
        assert row["offered_mwh"] == pytest.approx(row["used_mwh"] + row["curtailed_mwh"])
    assert summed["solve"]["status"] == "optimal"
    assert max(summed["audit"][key] for key in OF_AUDIT) < 1e-3


def test_summary_file_is_the_same_json(ran, summed) -> None:
    written = _strict((ran.result / "summary.json").read_text(encoding="utf-8"))
    assert written == summed


def test_json_of_watched_clauses_is_json(tmp_path) -> None:
    """A watched clause has no dual; what is not a number must not be printed as one."""
    place = Workplace.new(tmp_path)
    place.section("targets", 'set = "watch_only"')
    _, folder = expansion.run(place.case, place.results)
    shown = qhenergy("summary", folder, "--json")
    ended(shown, 0)
    assert [clause["strictness"] for clause in _strict(shown.stdout)["clauses"]] == ["watched"] * 3


def test_audit_passes(ran) -> None:
    result = qhenergy("audit", ran.result)
    ended(result, 0)
    for word in ("primal residual", "dual residual", "relative gap", "energy", "water"):
        assert word in result.stdout.lower()


@pytest.mark.parametrize(
    ("family", "by"),
    [("thermal/output", 1.0), ("capacity", 5.0), ("hydro/turbined", 1.0), ("demand/unserved", 0.01)],
)
def test_audit_fails_when_a_stored_value_is_another(copied, family, by) -> None:
    with h5py.File(copied / "result.h5", "r+") as file:
        group = file["columns"]
        found = [name for name in _values(group) if family in name]
        assert found, f"no {family} among {_values(group)}"
        values = group[found[0]]
        values[0] = values[0] + by
    result = qhenergy("audit", copied)
    said = ended(result, 4)
    assert "The audit fails" in said


def test_audit_fails_when_a_stored_dual_is_another(copied) -> None:
    with h5py.File(copied / "result.h5", "r+") as file:
        group = file["rows"]
        name = next(n for n in _values(group, "dual") if "balance" in n)
        group[name][...] = np.asarray(group[name]) * 1.5
    ended(qhenergy("audit", copied), 4)


def _values(group: h5py.Group, word: str = "value") -> list[str]:
    names: list[str] = []
    group.visit(lambda name: names.append(name) if name.rsplit("/", 1)[-1] == word else None)
    return names


def test_a_flipped_byte_is_seen(copied) -> None:
    """Whatever byte it is, the file is read as it was written or refused, never with a traceback."""
    whole = (copied / "result.h5").read_bytes()
    seen = 0
    for at in range(len(whole) // 7, len(whole), len(whole) // 7):
        spoilt = bytearray(whole)
        spoilt[at] ^= 0xFF
        (copied / "result.h5").write_bytes(spoilt)
        result = qhenergy("audit", copied)
        if result.exit_code != 0:
            seen += 1
            (fault,) = faults_in(ended(result, 2))
            assert "damaged" in fault["found"]
    assert seen


def test_check_solves_nothing(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("qhenergy.studies.expansion.solve", None)
    result = qhenergy("check", CASE)
    ended(result, 0)
    for word in ("two-zones", "wind", "hours", "clean-2025", "hard", "expecting", "columns", "nonzeros", "MB"):
        assert word in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_built_in_case_by_its_name(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended(qhenergy("check", "two-zones"), 0)


@pytest.mark.parametrize("title", ["[draft] mine", "half [/] done", "[/bold]"])
def test_brackets_in_a_title_are_shown(tmp_path, title) -> None:
    place = Workplace.new(tmp_path)
    place.section("", place.sections[""].replace("Two zones", title))
    result = qhenergy("check", place.case)
    ended(result, 0)
    assert title in result.stdout


def test_math_shows_every_family(ran) -> None:
    result = qhenergy("math", CASE)
    ended(result, 0)
    with h5py.File(ran.result / "result.h5", "r") as file:
        families = [n.rsplit("/", 1)[0] for n in _values(file["rows"], "dual")]
    assert len(families) > 10
    for family in families:
        assert family in result.stdout
    assert "level[i,t] = level[i,t-1]" in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("datum", "words"),
    [
        ("wind/wind-north/existing", ["100 MW", "wind/output", "made-up"]),
        ("wind/wind-north/existing [MW]", ["100 MW", "wind/output"]),
        ("costs/battery_2h,2025/energy_investment", ["950000 CNY/MWh", "battery", "costs its columns carry"]),
        ("costs/battery_2h, 2025/energy_investment", ["950000 CNY/MWh"]),
        ("fuels/coal,2025/price", ["28 CNY/GJ", "thermal/output", "fuel/coal_usc"]),
        ("capacity_totals/clean-2025/capacity", ["1250 MW", "capacity_total/requirement"]),
        ("hydro_inflow/upper,1/inflow", ["30 m3/s", "hydro/turbined"]),
        ("demand/south,2025/energy", ["1.752e+06 MWh", "demand/unserved"]),
        ("series/3/wind_north", ["0.25"]),
        ("sources/made-up/title", ["Invented numbers"]),
    ],
)
def test_trace(ran, datum, words) -> None:
    result = qhenergy("trace", datum, ran.result)
    ended(result, 0)
    for word in words:
        assert word in result.stdout


@pytest.mark.parametrize(
    ("datum", "found", "expected"),
    [
        ("existing", "not an address", "table/key/column"),
        ("wnid/wind-north/existing", 'table "wnid"', 'Did you mean "wind"?'),
        ("wind/wind-nroth/existing", 'row "wind-nroth"', 'Did you mean "wind-north"?'),
        ("wind/wind-north/exsiting", 'column "exsiting"', 'Did you mean "existing"?'),
        ("costs/battery_2h/investment", 'row "battery_2h"', "battery_2h,2025"),
    ],
)
def test_trace_of_a_wrong_address(ran, datum, found, expected) -> None:
    result = qhenergy("trace", datum, ran.result)
    (fault,) = faults_in(ended(result, 2))
    assert fault["where"] == datum
    assert fault["found"] == found
    assert expected in fault["expected"]


def test_profiles(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = qhenergy("profiles", CASE, "--to", "hours")
    ended(result, 0)
    names = {path.suffix for path in (tmp_path / "hours").iterdir()}
    assert {".csv", ".html"} <= names
    assert [path.name for path in tmp_path.iterdir()] == ["hours"]
    assert "Wind north" in result.stdout


def test_dictionary_tells_every_column(tmp_path) -> None:
    result = qhenergy("dictionary")
    ended(result, 0)
    for word in ("wind", "existing", "unserved_price", "MW", "CNY"):
        assert word in result.stdout
    ended(qhenergy("dictionary", "two-zones"), 0)
    ended(qhenergy("dictionary", "--to", tmp_path / "dictionary.md"), 0)
    assert (tmp_path / "dictionary.md").read_text(encoding="utf-8") == result.stdout


def test_dictionary_of_nothing() -> None:
    (fault,) = faults_in(ended(qhenergy("dictionary", "nowhere"), 2))
    assert "nowhere" in fault["found"]


def test_init_copies_what_runs_from_anywhere(tmp_path) -> None:
    """Proves that the copy is whole: it is run with nothing but itself, from a folder beside it."""
    mine, elsewhere = tmp_path / "mine", tmp_path / "elsewhere"
    elsewhere.mkdir()
    ended(qhenergy("init", mine), 0)
    assert sorted(path.name for path in mine.iterdir()) == ["cases", "inputs", "solvers"]
    # Only the copy may be read: what it is, the built-in one is not.
    wind = mine / "inputs" / "two-zones" / "wind.csv"
    wind.write_text(wind.read_text(encoding="utf-8").replace("wind-north", "my-own-wind"), encoding="utf-8")
    done = process("run", mine / "cases" / "two-zones.toml", cwd=elsewhere)
    assert done.returncode == 0, done.stderr[-600:]
    (result,) = elsewhere.glob("results/two-zones/*/result.h5")
    traced = qhenergy("trace", "wind/my-own-wind/existing", result)
    ended(traced, 0)
    assert sorted(path.name for path in mine.iterdir()) == ["cases", "inputs", "solvers"]


def test_init_leaves_a_full_folder_alone(tmp_path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    (fault,) = faults_in(ended(qhenergy("init", tmp_path / "mine"), 2))
    assert "something already there" in fault["found"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_init_into_an_empty_folder(tmp_path) -> None:
    (tmp_path / "mine").mkdir()
    ended(qhenergy("init", tmp_path / "mine"), 0)
    assert (tmp_path / "mine" / "cases" / "two-zones.toml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_init_that_breaks_leaves_nothing(tmp_path, monkeypatch) -> None:
    made, count = shutil.copytree, 0

    def full(*words, **options):
        nonlocal count
        count += 1
        if count == 4:
            made(words[0], words[1])
            raise OSError(28, "No space left on device")
        return made(*words, **options)

    monkeypatch.setattr(shutil, "copytree", full)
    faults_in(ended(qhenergy("init", tmp_path / "mine"), 2))
    assert count == 4
    assert list(tmp_path.iterdir()) == []


def test_report_in_chinese(copied) -> None:
    before = {path.name for path in copied.iterdir()}
    result = qhenergy("report", copied, "--language", "zh")
    ended(result, 0)
    page = (copied / "report.html").read_text(encoding="utf-8")
    assert "风电" in page
    assert {path.name for path in copied.iterdir()} == before


def test_report_elsewhere(copied, tmp_path) -> None:
    before = (copied / "report.html").read_bytes()
    ended(qhenergy("report", copied, "--to", tmp_path / "own.html"), 0)
    assert (tmp_path / "own.html").stat().st_size > 1000
    assert (copied / "report.html").read_bytes() == before


@pytest.mark.parametrize("words", [["report"], ["summary"]])
def test_a_language_that_there_is_not(copied, words) -> None:
    before = (copied / "report.html").read_bytes()
    result = qhenergy(*words, copied, "--language", "fr")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 2
    assert "fr" in result.stderr
    assert (copied / "report.html").read_bytes() == before


def test_run_in_a_language_that_there_is_not_writes_nothing(tmp_path) -> None:
    """Proves that the word is looked at before an hour of solving."""
    place = Workplace.new(tmp_path)
    before = place.everything()
    result = place.run("--language", "fr")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 2
    assert place.everything() == before


def test_numbers_of_the_summary_are_finite(summed) -> None:
    assert math.isfinite(summed["objective"])
    assert all(math.isfinite(cost) for cost in summed["costs"].values())


def test_paths_with_blanks_and_chinese(tmp_path) -> None:
    """Proves that a folder may be called what it is called."""
    place = Workplace.new(Path(shutil.copytree(root() / "cases", tmp_path / "我的 系统" / "x").parent) / "区")
    result = place.run()
    ended(result, 0)
    assert list(place.results.glob("*/*/result.h5"))
