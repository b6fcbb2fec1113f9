"""Proves that `price-clauses` and `run --price-clauses` tell what clauses cost, keep it, and survive a stop."""

import json

import pytest
from faults.workplace import Workplace, ended, qhenergy

from qhenergy.studies import clause_prices


def test_price_clauses_adds_costs_to_a_stored_result(copied) -> None:
    """Proves: every clause is counted, costs stand on the board, in summary, tables and report; again is at once.

    The clause of clean capacity is what 654,000 CNY a year and more are spent for; the share is met anyway.
    If it were broken, costs would be shown once and lost, or solved for again.
    """
    before = (copied / "result.h5").read_bytes()
    done = qhenergy("price-clauses", copied)
    ended(done, 0)
    assert "2 of 3 clauses: clean-share-2025" in done.stderr
    assert "all 3 clauses together" in done.stderr
    assert done.stdout.count("cost of the clause") == 3
    assert "All enforced clauses together" in done.stdout
    assert (copied / "result.h5").read_bytes() == before
    told = qhenergy("summary", copied, "--json").stdout
    assert json.loads(told) == json.loads((copied / "summary.json").read_text(encoding="utf-8"))
    costs = {clause["id"]: clause["cost"] for clause in json.loads(told)["clauses"]}
    assert costs["clean-share-2025"] == 0
    assert 654_000 < costs["clean-2025"] < 1_000_000
    assert json.loads(told)["all_clauses"]["cost"] > costs["clean-2025"] + costs["new-storage-2025"]
    assert "(all together)" in (copied / "clause_costs.csv").read_text(encoding="utf-8")
    assert "do not add up" in (copied / "report.html").read_text(encoding="utf-8")
    again = qhenergy("price-clauses", copied, "--language", "zh")
    ended(again, 0)
    assert "of 3 clauses" not in again.stderr
    assert "条款成本" in again.stdout
    assert not list(copied.glob(".*"))


def test_a_stop_while_pricing_keeps_the_result(tmp_path, monkeypatch) -> None:
    """Proves: Ctrl-C in the second solution ends with 130, says that the result is kept and how to go on.

    If it were broken, "Nothing was written" would be said of a result that stands there.
    """
    place = Workplace.new(tmp_path)
    solve, calls = clause_prices.solve, []

    def stopped(*words):
        calls.append(words)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return solve(*words)

    monkeypatch.setattr(clause_prices, "solve", stopped)
    said = ended(place.run("--price-clauses"), 130)
    assert "are kept" in said
    assert "Nothing was written" not in said
    (folder,) = (p.parent for p in place.results.glob("*/*/result.h5"))
    kept = json.loads((folder / "clause_costs.json").read_text(encoding="utf-8"))
    assert [c["clause"] for c in kept["clauses"]] == ["clean-2025", "clean-share-2025"]
    monkeypatch.undo()
    done = qhenergy("price-clauses", folder)
    ended(done, 0)
    assert "2 of 3" not in done.stderr
    assert "3 of 3" in done.stderr


def test_run_with_prices_shows_them(tmp_path) -> None:
    """Proves: one command plans and prices. If it were broken, the board would be that of before."""
    place = Workplace.new(tmp_path)
    done = place.run("--price-clauses")
    ended(done, 0)
    assert done.stdout.count("cost of the clause") == 3


def test_nothing_to_price_is_told(tmp_path) -> None:
    """Proves: a result in which nothing is enforced is refused in words; a run of it just has no prices."""
    place = Workplace.new(tmp_path)
    place.section("targets", 'set = "watch_only"')
    ended(place.run("--price-clauses"), 0)
    (folder,) = (p.parent for p in place.results.glob("*/*/result.h5"))
    assert "no clause that is enforced" in ended(qhenergy("price-clauses", folder), 2)


@pytest.mark.parametrize("name", ["simplx", "ipx"])
def test_another_profile(copied, name) -> None:
    """Proves: costs may be found by another profile, and one that there is not is refused."""
    if name == "simplx":
        assert "simplex" in ended(qhenergy("price-clauses", copied, "--profile", name), 2)
    else:
        ended(qhenergy("price-clauses", copied, "--profile", name), 0)
        assert "ipx" in (copied / "clause_costs.csv").read_text(encoding="utf-8")
