"""Storage on the side of sources, of the grid and of users."""

import pytest

from qhenergy.ground.faults import InputError


def three_sides(grid, strictness="hard", penalty=0.0, **clause):
    """Batteries of 30, 20 and 10 MW on three sides and one without; more costs 10 CNY/MW a year."""
    small = grid(1, 0).zone("other", 0).cost("cells", investment=100)
    small.add("batteries", asset="plant", side="source", existing=30, room=100, duration=2)
    small.add("batteries", asset="hall", side="grid", existing=20, room=100, duration=2)
    small.add("batteries", asset="factory", side="user", existing=10, duration=2)
    small.add("batteries", asset="nobody", existing=40, duration=2)
    small.add("batteries", asset="elsewhere", zone="other", side="grid", existing=5, room=100, duration=2)
    return small.add("storage_sides", **clause).target("side", strictness, penalty)


def test_a_power_of_one_side(grid):
    """Proves: the stores of the side count, in the whole system, and no others.

    60 MW on the side of the grid, where 20 + 5 stand: 35 are built at 10 a year.
    If it were broken, nothing (all sides count), 40 MW (one zone) or 25 (what has no side counts) would be built.
    """
    solved = three_sides(grid, power=60).solve()
    assert sum(solved.column("capacity/built", a)[0] for a in ("hall", "elsewhere")) == pytest.approx(35)
    assert solved.column("capacity/built", "plant") == pytest.approx([0])
    assert solved.objective == pytest.approx(350)


def test_a_power_in_a_zone(grid):
    """Proves: a clause about a zone counts the stores of that zone.

    60 MW in the other zone, where 5 stand: 55 are built there.
    If it were broken, 35 would be.
    """
    solved = three_sides(grid, power=60, zone="other").solve()
    assert solved.column("capacity/built", "elsewhere") == pytest.approx([55])


def test_a_share_of_what_has_a_side(grid):
    """Proves: a share is of the stores of all sides, what is added counted in both; one without a side is in neither.

    (25 + x) >= 0.5 * (65 + x): x = 15.
    If it were broken, x = 55 (one without a side counts in the base) or 7.5 (the base does not grow).
    """
    solved = three_sides(grid, share=0.5).solve()
    assert solved.objective == pytest.approx(150)
    assert solved.column("storage_side/base") == pytest.approx([80])


def test_at_most(grid):
    """Proves: at most holds down, and the price is that of one MW more.

    130 MW are asked of all stores, where 105 stand; on the grid's side there may be no more than the 25 that stand, so
    that 25 are built on the side of sources, at 30 CNY/MW a year instead of 10.
    If it were broken, they would stand on the grid's side and cost 250.
    """
    small = three_sides(grid, sense="<=", power=25).cost("dear", investment=300)
    small.rows["batteries"][0]["technology"] = "dear"
    small.group("all", "cells", "dear").add("capacity_totals", group="all", sense=">=", capacity=130).target("total")
    solved = small.solve()
    assert solved.column("capacity/built", "plant") == pytest.approx([25])
    assert solved.objective == pytest.approx(25 * 30)
    # One MW more on the grid's side costs 10 instead of 30.
    assert solved.dual("storage_side/requirement", "side") == pytest.approx(-20)


def test_watched(grid):
    """Proves: a watched clause measures the side and builds nothing.

    If it were broken, 350 would be paid, or 60 be reported.
    """
    solved = three_sides(grid, "watched", power=60).solve()
    assert solved.objective == pytest.approx(0)
    assert solved.column("storage_side/achieved") == pytest.approx([25])
    assert not solved.has("rows", "storage_side/requirement")


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ({}, "neither power nor share"),
        ({"power": 10, "share": 0.1}, "both power and share"),
        ({"power": 10, "side": "user", "zone": "other"}, "no such store"),
    ],
)
def test_refused(grid, clause, words):
    """Proves: a clause that asks for two things or none, or on a side where nothing stands, is refused.

    If it were broken, it would ask for nothing and be met.
    """
    with pytest.raises(InputError) as refused:
        three_sides(grid, **clause).solve()
    assert words in str(refused.value)
