"""Ceiling on the use of water."""

import pytest
from small_system import FLOW_HOUR

#: Volume of one m3/s in a year [hm3].
FLOW_YEAR = FLOW_HOUR * 8760


def canal(grid, ceiling, strictness="hard", penalty=0.0, window=2):
    """A canal asks 6 m3/s all year at 1e6 CNY/hm3 above a dam, where water is worth less; 4 are used already."""
    small = grid(2, 50, case={"time": {"window_hours": window}}).station(inflow=10, existing=50)
    small.add("withdrawals", yearly_volume=6 * FLOW_YEAR, shortage_price=1e6).add("thermal", existing=100)
    small.add("water_ceilings", clause="ceiling", year=2025, base_use=4 * FLOW_YEAR, ceiling=ceiling * FLOW_YEAR)
    return small.target("ceiling", strictness, penalty)


@pytest.mark.parametrize("window", [2, 1])
def test_new_use_gets_what_the_ceiling_leaves(grid, window):
    """Proves: a ceiling of 7 leaves 3 of the 6 m3/s asked; the others are missed, and turbined.

    If it were broken, 6 would be taken (base use not counted: 7 is above 6) or 1.5 (windows counted twice).
    """
    solved = canal(grid, 7, window=window).solve()
    assert solved.column("withdrawal/taken").mean() == pytest.approx(3)
    assert solved.costs["water missed/withdrawals"] == pytest.approx(3 * FLOW_YEAR * 1e6)


def test_price_of_the_ceiling(grid):
    """Proves: one hm3 more is worth what missing it costs less what it makes at the dam: 1e6 - 100 / 0.0036 CNY.

    If it were broken, it would be 1e6.
    """
    solved = canal(grid, 7).solve()
    assert solved.dual("water_ceiling/requirement") == pytest.approx([-(1e6 - 100 / FLOW_HOUR)])


def test_a_ceiling_with_room_and_a_watched_one(grid):
    """Proves: above 10 nothing is missed; watched, use is counted with what was used before: 10.

    If it were broken, 6 would be achieved.
    """
    assert canal(grid, 11).solve().column("withdrawal/taken") == pytest.approx([6, 6])
    watched = canal(grid, 7, "watched").solve()
    assert watched.column("water_ceiling/achieved") == pytest.approx([10 * FLOW_YEAR])
