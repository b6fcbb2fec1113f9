"""Explanation of an infeasible problem: which clauses clash, and how far one would have to give."""

import re

import pytest

from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.assemble import assemble
from qhenergy.report.explanation import short
from qhenergy.solving.explain import explain
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import read_profile


def wind_farm(grid, room=500):
    """Wind to build, coal of 100 MW that stands, one MW of demand that may be missed."""
    small = grid(1).zone(demand=1, unserved_price=1).add("wind", room=room, series=[1]).add("thermal", existing=100)
    small.group("wind", "wind").group("coal", "coal").group("all", "wind", "coal")
    return small


def total(small, clause, sense, capacity, group="wind", strictness="hard", **row):
    """Add a capacity clause."""
    small.add("capacity_totals", clause=clause, group=group, sense=sense, capacity=capacity, **row)
    return small.target(clause, strictness, 1.0 if strictness == "priced" else 0.0)


def said(small) -> str:
    """The explanation of a problem that must be infeasible."""
    assembled, profile = assemble(small.system(), workers=1), read_profile("simplex")
    with pytest.raises(NoSolutionError) as caught:
        solve(assembled.problem, profile)
    assert caught.value.exit_code == 3
    return short(explain(assembled, profile, data=False))


def test_exactly_the_clauses_that_clash_are_named(grid):
    """Proves: two clauses that cannot both hold are named, others are not, and each would have to give the difference.

    Wind at least 100 and at most 60 MW: 40 MW, printed 4 of 10^4 kW. Clauses on coal, a looser one on wind, and one
    that is only priced or watched have no part in it.
    If it were broken, innocent clauses would be named, or none, or the amount be 0.4 or 40.
    """
    small = total(total(wind_farm(grid), "much", ">=", 100, document="Plan", line="12"), "little", "<=", 60)
    total(total(small, "loose", ">=", 20), "coal", ">=", 100, "coal")
    total(total(small, "seen", ">=", 400, strictness="watched"), "bought", ">=", 300, strictness="priced")
    text = said(small)
    assert set(re.findall(r"^  (\w+) \(", text, re.M)) == {"much", "little"}
    assert text.count("alone it would have to give 4 10^4 kW") == 2
    assert "much (capacity_total >= 10 10^4 kW, 2025): Plan, 12" in text


def test_amount_of_each_clause_alone(grid):
    """Proves: how far a clause gives is found with all others hard, one after the other.

    Wind >= 100, wind <= 60 and all <= 130 with 100 MW of coal: `much` and `little` clash, and so do `much` and `both`.
    `much` alone gives 70 to satisfy both others; alone neither of the others is enough.
    If it were broken, `much` would give 40.
    """
    small = total(total(wind_farm(grid), "much", ">=", 100), "little", "<=", 60)
    text = said(total(small, "both", "<=", 130, "all"))
    named = set(re.findall(r"^  (\w+) \(", text, re.M))
    assert named in ({"much", "little"}, {"much", "both"})
    assert "alone it would have to give 7 10^4 kW" in text
    assert "however far it gives alone, the others cannot all hold" in text


def test_share_gives_in_the_unit_of_its_group(grid):
    """Proves: a share says how many MW its group lacks.

    Wind at most 100 MW (its room) beside 100 MW of coal; 90 % of 200 are 180: 80 MW are missing.
    If it were broken, the amount would be a share or a thousandth of it; the room is no clause and is not named.
    """
    small = wind_farm(grid, room=100).add("capacity_shares", group="wind", share=0.9).target("clean")
    text = said(small)
    assert set(re.findall(r"^  (\w+) \(", text, re.M)) == {"clean"}
    assert "alone it would have to give 80 MW" in text


def test_three_clauses_of_which_any_two_hold(grid):
    """Proves: a clash of three is named whole.

    Wind >= 100, all <= 150, coal >= 100 (retirable): without any one of them the others hold.
    If it were broken, two of them would be named, though any two can hold.
    """
    small = grid(1).zone(demand=1, unserved_price=1).add("wind", room=500, series=[1])
    small.add("thermal", existing=100, retirable="yes")
    small.group("wind", "wind").group("coal", "coal").group("all", "wind", "coal")
    total(total(total(small, "wind", ">=", 100), "all", "<=", 150, "all"), "coal", ">=", 100, "coal")
    text = said(small)
    assert set(re.findall(r"^  (\w+) \(", text, re.M)) == {"wind", "all", "coal"}
    assert text.count("alone it would have to give 5 10^4 kW") == 3


def test_a_system_that_cannot_run_is_not_blamed_on_clauses(grid):
    """Proves: where no clause is at fault, it says so and names none.

    A least release of 20 m3/s from an inflow of 10, beside a clause that could hold.
    If it were broken, the clause would be named.
    """
    small = total(wind_farm(grid), "fine", ">=", 50).station(inflow=10, existing=10).rule("dam", minimum_release=20)
    text = said(small)
    assert "Not the clauses" in text
    assert "fine" not in text.replace("find", "")


def test_clauses_that_reach_into_the_hours(grid):
    """Proves: clauses about what happens in the hours are explained too.

    Exactly 50 MW of wind against 1 MW of demand, and nothing of it may be left unused: 49 MW too much all year.
    If it were broken, the ceiling would not be found, since its row speaks of meters.
    """
    small = total(wind_farm(grid), "exact", "=", 50)
    small.add("curtailment_ceilings", clause="none_left", group="wind", ceiling=0).target("none_left")
    text = said(small)
    assert set(re.findall(r"^  (\w+) \(", text, re.M)) == {"exact", "none_left"}
    assert "alone it would have to give 4.9 10^4 kW" in text
    assert f"alone it would have to give {49 * 8760:,} MWh" in text
