"""Compressed air."""

import pytest

from hand_solved.test_chronology import three_periods


def night(grid, **row):
    """Wind of 1,000 MW in two hours, 10 MW of demand in the two after them, coal beside a compressed-air plant."""
    small = grid(4, [0, 0, 10, 10]).add("wind", existing=1000, series=[1, 1, 0, 0]).add("thermal", existing=1000)
    return small.add("compressed_air", **row)


@pytest.mark.parametrize(
    ("row", "given"),
    [
        ({}, 20),
        ({"charge_efficiency": 0.8, "discharge_efficiency": 0.75}, 12),
        ({"charge_ratio": 0.5, "charge_efficiency": 0.8, "discharge_efficiency": 0.75}, 6),
        ({"charge_ratio": 2, "charge_efficiency": 0.8, "discharge_efficiency": 0.75}, 20),
        ({"duration": 1, "discharge_efficiency": 0.75}, 7.5),
        ({"duration": 1, "discharge_efficiency": 0.75, "depth": 0.8}, 6),
    ],
)
def test_round_trip_ratings_and_cavern(grid, row, given):
    """Proves: compressor and expander have ratings of their own, and the round trip is the product of both.

    10 MW for two hours are 20 MWh: 16 of work in the cavern, 12 at the grid; half of it with half the compressor, 20
    of the 24 that twice the compressor brings. A cavern of 10 MWh gives 7.5, or 6 where a fifth is cushion.
    If it were broken, 16 (one efficiency), 12 for every compressor, or 10 for the cavern would be given.
    """
    solved = night(grid, **{"existing": 10, "duration": 8, **row}).solve()
    assert solved.column("compressed_air/discharge").sum() == pytest.approx(given)
    assert solved.objective == pytest.approx(2190 * (20 - given) * 100, abs=1e-3)


def test_plan_chooses_the_cavern(grid):
    """Proves: expander and cavern are sized and paid apart, between the least and the most duration.

    20 MWh of demand ask 25 MWh of work at 0.8, and as much of a compressor that runs two hours: 12.5 MW, at 100 CNY a
    year, and 25 MWh, at 50. From 4 h up the cavern has 50 MWh; with a compressor of 1.25 times, 10 MW are enough.
    If it were broken, 20 MWh would be built, or the most duration.
    """
    for least, ratio, power, energy in ((1, 1, 12.5, 25), (4, 1, 12.5, 50), (1, 1.25, 10, 25)):
        small = night(grid, room=100, minimum_duration=least, maximum_duration=12, discharge_efficiency=0.8)
        small.rows["compressed_air"][0]["charge_ratio"] = ratio
        solved = small.cost("caes", investment=1000, energy_investment=500).solve()
        assert solved.column("capacity/built") == pytest.approx([power])
        assert solved.column("capacity/energy") == pytest.approx([energy])
        assert solved.objective == pytest.approx(100 * power + 50 * energy)


@pytest.mark.parametrize(("cycle", "coal"), [("short", 40), ("medium", 0)])
def test_air_is_carried_over_real_periods(grid, cycle, coal):
    """Proves: the class of the plant says whether its level is carried from one real period to the next.

    Two periods each spare 20 MWh, the one between them lacks 40.
    If it were broken, coal would make 40 for both classes, or nothing for both.
    """
    small = grid(6, [10, 10, 20, 20, 10, 10]).add("wind", existing=20, series=[1, 1, 0, 0, 1, 1])
    small.add("thermal", existing=100).add("compressed_air", existing=20, duration=2, cycle=cycle)
    assert small.solve(three_periods).objective == pytest.approx(coal * 100, abs=1e-6)
