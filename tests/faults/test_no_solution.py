"""Proves that a problem without a solution ends with exit code 3 and says why, in amounts that are worked out by hand.

What two-zones can hold at most: wind 100 + 400, sun 150 + 50 + 500, hydro 90 + 36: clean 1326 MW; batteries 200 MW;
coal 150 MW that may go.
"""

import pytest

from faults.workplace import Workplace, ended
from qhenergy.studies import expansion


def _clauses(said: str) -> dict[str, str]:
    """What the message says of each clause it names."""
    lines = said.splitlines()
    return {
        line.split()[0]: following.strip()
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("  ") and "(" in line and ", 2025)" in line
    }


def _refused(place: Workplace) -> str:
    before = place.everything()
    result = place.run()
    said = ended(result, 3)
    assert result.stdout == ""
    assert place.everything() == before
    return said


def test_one_clause_asks_too_much(place: Workplace) -> None:
    """1000 MW of stores are asked and 200 MW have room: 800 MW, 80 * 10^4 kW, are missing."""
    place.change("storage_targets/new-storage-2025/power [MW]", "1000")
    said = _refused(place)
    assert "infeasible" in said
    assert _clauses(said) == {"new-storage-2025": "alone it would have to give 80 10^4 kW"}
    assert "invented, 1" in said, "the source is not named"


def test_a_share_asks_too_much(place: Workplace) -> None:
    """If coal stays: 0.96*(1326 + 150) - 1326 = 90.96 MW are missing of the share's numerator."""
    place.change("thermal/coal-north/retirable", '"no"')
    said = _refused(place)
    assert list(_clauses(said)) == ["clean-share-2025"]
    assert "give 90.96 MW" in _clauses(said)["clean-share-2025"]


def test_two_clauses_clash(place: Workplace) -> None:
    """At least 1250 MW and at most 1000 MW clean: either has to give 250 MW, and the other two have no part in it."""
    place.again("capacity_totals", clause="clean-limit-2025", sense="<=", capacity="1000")
    place.again("target_sets", clause="clean-limit-2025")
    said = _refused(place)
    assert "These 2 clauses clash" in said
    alone = "alone it would have to give 25 10^4 kW"
    assert _clauses(said) == {"clean-2025": alone, "clean-limit-2025": alone}


def test_two_clauses_too_much_each_for_itself(place: Workplace) -> None:
    """Stores 80 * 10^4 kW short and clean 174 MW short: no clause alone mends it, and both have to be heard of."""
    place.change("storage_targets/new-storage-2025/power [MW]", "1000")
    place.change("capacity_totals/clean-2025/capacity [MW]", "1500")
    said = _refused(place)
    assert "80 10^4 kW" in said
    assert "17.4 10^4 kW" in said


@pytest.mark.parametrize("word", ["watched", "off"])
def test_what_does_not_bind_does_not_clash(place: Workplace, word) -> None:
    place.change("storage_targets/new-storage-2025/power [MW]", "1000")
    place.section("targets", f'set = "all"\nclauses = {{ new-storage-2025 = "{word}" }}')
    result, folder = expansion.run(place.case, place.results)
    assert result.solve["status"] == "optimal"
    assert (folder / "result.h5").is_file()


def test_not_the_clauses(place: Workplace) -> None:
    """A release of 1000 m3/s that the river (30 m3/s) cannot feed is no matter of clauses."""
    place.change("hydro_rules/lower,1/minimum_release [m3/s]", "1000")
    said = _refused(place)
    assert "infeasible" in said
    assert "Not the clauses" in said
    assert "releases that the inflow cannot feed" in said
    assert not _clauses(said)


FREE = '''"""Sells what it does not have to make."""


def operate(window):
    """A column without an end and with a negative cost."""
    sold = window.columns("own/sold", ["gap"], "MW", "sold for nothing", lower=None)
    window.rows("own/some", ["gap"], "MW", "sold[a,t] >= 0", lambda a, t: sold[a, t] >= 0)
    window.cost("own sales", -sum(sold["gap", t] for t in window.hours))
'''


def test_unbounded(place: Workplace) -> None:
    place.file("own.py", FREE)
    place.top('extra = ["own.py"]')
    said = _refused(place)
    assert "unbounded" in said
    assert "edge of the solver's tolerance" not in said, said
    assert not _clauses(said)
    assert "own/sold" in said or "own sales" in said, f"nothing says what runs away:\n{said}"
