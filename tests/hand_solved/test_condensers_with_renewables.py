"""Condensers in step with renewables."""

import pytest

from qhenergy.ground.faults import InputError


def base(grid, strictness="hard", penalty=0.0, **condenser):
    """30 MW of wind stand, 100 are asked for at 100 CNY/MW a year; condensers cost 50 a MVA, 0.2 MVA go with a MW."""
    small = grid(1).add("wind", existing=30, room=200, series=[0]).zone(demand=1, unserved_price=0)
    small.cost("wind", investment=1000).cost("condenser", investment=500)
    small.group("wind", "wind").group("condensers", "condenser")
    small.add("capacity_totals", group="wind", sense=">=", capacity=100).target("total")
    small.add("condensers", **{"room": 100, **condenser}).add("synchronous_machines")
    return small.add("condenser_ratios", ratio=0.2).target("ratio", strictness, penalty)


def test_a_condenser_is_built_because_renewables_are(grid):
    """Proves: 0.2 MVA are built for every MW that is added, none for what stood in the base year.

    70 MW are added: 14 MVA at 50, beside 70 MW at 100. One MVA more costs 50.
    If it were broken, 8,000 (what stood counts) or 7,000 (nothing asked) would be paid instead of 7,700.
    """
    solved = base(grid).solve()
    assert solved.column("capacity/built", "condenser") == pytest.approx([14])
    assert solved.objective == pytest.approx(7700)
    assert solved.dual("condensers_with_renewables/requirement", "ratio") == pytest.approx(50)


def test_condensers_that_stand_count(grid):
    """Proves: 10 MVA that stand leave 4 to be built.

    If it were broken, 14 would be built beside them.
    """
    assert base(grid, existing=10).solve().column("capacity/built", "condenser") == pytest.approx([4])


def test_what_is_credited_counts_with_its_rating(grid):
    """Proves: a tower of 8 MW counts 10 MVA at 1.25 MVA per MW where the group has it.

    14 MVA asked: 4 built.
    If it were broken, 6 would be built (MW for MVA) or 14 (no credit).
    """
    small = base(grid).add("csp", existing=8, series=[0]).group("condensers", "csp")
    small.add("synchronous_machines", technology="csp", rating=1.25)
    assert small.solve().column("capacity/built", "condenser") == pytest.approx([4])


@pytest.mark.parametrize(("zone", "cost"), [("", 7700), ("b", 9800)])
def test_zone_restricts_what_counts(grid, zone, cost):
    """Proves: a clause about a zone wants the condensers where the wind is.

    Wind is added in b, where a condenser costs 200 CNY/MVA a year against 50 in a: 14 * 200, or 14 * 50.
    If it were broken, both would be built in a.
    """
    small = grid(1).zone("a", 1, 0).zone("b", 1, 0).add("wind", zone="b", existing=30, room=200, series=[0])
    small.cost("wind", investment=1000).cost("condenser", investment=500).cost("dear", investment=2000)
    small.group("wind", "wind").group("condensers", "condenser", "dear").add("synchronous_machines")
    small.add("synchronous_machines", technology="dear")
    small.add("condensers", zone="a", room=100).add("condensers", asset="b", technology="dear", zone="b", room=100)
    small.add("capacity_totals", group="wind", sense=">=", capacity=100).target("total")
    small.add("condenser_ratios", ratio=0.2, zone=zone).target("ratio")
    assert small.solve().objective == pytest.approx(cost)


def test_priced_and_watched(grid):
    """Proves: priced below what a condenser costs it is missed at its price; watched it is measured only.

    14 MVA missed at 30; watched, 0 MVA stand beside 70 MW added.
    If it were broken, 7,700 would be paid, or the base would be 100.
    """
    priced = base(grid, "priced", 30).solve()
    assert priced.costs["clauses missed/ratio"] == pytest.approx(14 * 30)
    watched = base(grid, "watched").solve()
    assert watched.objective == pytest.approx(7000)
    assert watched.column("condensers_with_renewables/achieved") == pytest.approx([0])
    assert watched.column("condensers_with_renewables/base") == pytest.approx([70])


def test_what_asks_for_nothing_is_refused(grid):
    """Proves: a zone without renewables and a group of what is no synchronous machine are faults, all at once.

    If it were broken, the clause would be met by nothing, or count batteries.
    """
    small = base(grid).zone("far", 1, 0).add("batteries", existing=5, duration=1).group("condensers", "cells")
    small.rows["condenser_ratios"][0]["zone"] = "far"
    with pytest.raises(InputError) as refused:
        small.solve()
    assert [fault.found for fault in refused.value.faults] == [
        'nothing of "condensers" in far',
        'nothing of "wind" in far',
        '"cells" in "condensers"',
    ]
