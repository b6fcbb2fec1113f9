"""A remote zone: how well it is served, and by a line or by sun and batteries on the spot."""

import pytest

from qhenergy.outcome.board import board
from qhenergy.outcome.result import solved as result_of

YEAR = 8760


def remote(grid, length, existing=0.0, unserved_price=10_000.0):
    """10 MW day and night in `far`, free wind in `near`, a line between them, sun by day and a battery in `far`.

    A year costs 2,000 CNY/MW for every 100 km of line, 10,000 for a MW of sun, 20,000 for one of battery.
    """
    small = (
        grid(2).zone("near", 0).zone("far", 10, unserved_price).add("wind", zone="near", existing=100, series=[1, 1])
    )
    small.add("corridors", from_zone="near", to_zone="far", existing=existing, room=50, length=length)
    small.add("solar", zone="far", room=100, series=[1, 0])
    small.add("batteries", zone="far", room=100, duration=1)
    return small.cost("line", investment=20_000).cost("pv", investment=100_000).cost("cells", investment=200_000)


def built(solved):
    """What is built: line, sun, battery [MW]."""
    return [solved.column("capacity/built", name)[0] for name in ("road", "sun", "cells")]


def board_of(solved):
    """The board of a small system."""
    return board(result_of(solved.assembled, solved.solution, 0.0, 0.0))


def test_a_near_zone_gets_a_line_and_a_far_one_a_micro_grid(grid):
    """Proves: the line is chosen up to the length at which sun and battery cost as much.

    The micro-grid takes 20 MW of sun (half of it for the night) and 10 of battery: 400,000 a year, as 2,000 km of
    line for 10 MW. At 1,000 km the line costs 200,000; at 3,000 km it would cost 600,000.
    If it were broken, the far zone would pay 600,000 (no battery, no sun at night), or both 400,000 (no line).
    """
    near = remote(grid, 1_000).solve()
    assert built(near) == pytest.approx([10, 0, 0])
    assert near.objective == pytest.approx(200_000)
    far = remote(grid, 3_000).solve()
    assert built(far) == pytest.approx([0, 20, 10])
    assert far.objective == pytest.approx(400_000)


def test_a_reinforcement_is_weighed_for_what_is_missing_only(grid):
    """Proves: where 6 MW of line stand only the last 4 MW are weighed: 80,000 by line, 160,000 on the spot.

    If it were broken, all 10 MW would be built again, or what stands would be paid for.
    """
    near = remote(grid, 1_000, existing=6).solve()
    assert built(near) == pytest.approx([4, 0, 0])
    assert near.costs["investment/line"] == pytest.approx(80_000)
    far = remote(grid, 3_000, existing=6).solve()
    assert built(far) == pytest.approx([0, 8, 4])
    assert far.objective == pytest.approx(160_000)


def test_the_share_that_is_served_decides_how_much_is_built(grid):
    """Proves: where a MWh missed costs 1 CNY nothing is built of itself; a share of 90 % builds what that takes.

    Sun alone serves 10 MW by day, half of the demand, for 100,000. The other 40 % are 8 MW at night: 8 MW more of
    sun and 8 of battery, 240,000. What is missing costs 2 MW * 4380 h * 1 CNY.
    If it were broken, nothing would be built, or all 10 MW of the night.
    """
    assert built(remote(grid, 3_000, unserved_price=1).solve()) == pytest.approx([0, 0, 0])
    small = remote(grid, 3_000, unserved_price=1).add("zone_supplies", zone="far", share=0.9).target("supply")
    solved = small.solve()
    assert built(solved) == pytest.approx([0, 18, 8])
    assert solved.objective == pytest.approx(180_000 + 160_000 + 2 * 4380)
    [row] = board_of(solved)
    assert (row.status, row.achieved) == ("binding", pytest.approx(90))


def test_priced_and_watched(grid):
    """Proves: priced below what it takes, what is missing of 90 % is paid for; watched, nothing is served and told so.

    18 MWh of the 20 of two hours are missing, 4380 times, at 0.5 CNY; with nothing built all 20 MWh are missed at 1.
    If it were broken, 20 MWh would be paid for, or the watched share would be 90 %.
    """
    small = remote(grid, 3_000, unserved_price=1).add("zone_supplies", zone="far", share=0.9)
    solved = small.target("supply", "priced", 0.5).solve()
    assert solved.costs["clauses missed/supply"] == pytest.approx(4380 * 18 * 0.5)
    small = remote(grid, 3_000, unserved_price=1).add("zone_supplies", zone="far", share=0.9)
    [row] = board_of(small.target("supply", "watched").solve())
    assert (row.status, row.achieved) == ("watched: missed", pytest.approx(0))


def test_a_zone_without_demand(grid):
    """Proves: of a zone that takes nothing there is nothing to measure.

    If it were broken, 90 % of nothing would be met.
    """
    small = remote(grid, 1_000).add("zone_supplies", zone="near", share=0.9).target("supply")
    assert [row.status for row in board_of(small.solve())] == ["nothing to measure"]
