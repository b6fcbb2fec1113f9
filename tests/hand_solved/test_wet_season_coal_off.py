"""A season in which a group of plants stands still."""

import numpy as np
import pytest

from qhenergy.policy.wet_season_coal_off import in_season


def fleet(grid, first, last, strictness="hard", penalty=0.0, gas=10):
    """Four hours that lie in months 1, 6, 7 and 12; coal at 100 and gas at 300 CNY/MWh against 10 MW."""
    small = grid(4, 10, case={"time": {"window_hours": 2}}).add("thermal", existing=10)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=gas)
    small.add("fuels").add("fuels", fuel="gas", price=30).group("coal", "coal")
    small.add("coal_off_seasons", first_month=first, last_month=last).target("season", strictness, penalty)

    def calendar(system):
        system.month = np.array([1, 6, 7, 12])

    return small.solve(calendar)


@pytest.mark.parametrize(
    ("first", "last", "coal"),
    [(6, 10, [10, 0, 0, 10]), (7, 7, [10, 10, 0, 10]), (11, 2, [0, 10, 10, 0]), (1, 12, [0, 0, 0, 0])],
)
def test_coal_stands_still_in_season(grid, first, last, coal):
    """Proves: the group does not generate from the first to the last month, also over the new year, in all windows.

    Gas stands in at 300 for every hour in season.
    If it were broken, a season from November to February would be empty, or the whole year.
    """
    solved = fleet(grid, first, last)
    assert solved.column("thermal/output", "coal") == pytest.approx(coal)
    assert solved.objective == pytest.approx(2190 * sum(100 * c + 300 * (10 - c) for c in coal))


def test_priced_and_watched(grid):
    """Proves: generation in season costs its penalty per MWh where it is priced; where watched it is counted only.

    Two hours in season of 2,190 hours each and 10 MW: at 50 CNY/MWh coal stays on.
    If it were broken, gas would run, or the penalty would not be weighted by the hours of the year.
    """
    priced = fleet(grid, 6, 10, "priced", 50)
    assert priced.column("thermal/output", "coal") == pytest.approx([10] * 4)
    assert priced.costs["clauses missed/season"] == pytest.approx(2 * 2190 * 10 * 50)
    watched = fleet(grid, 6, 10, "watched")
    assert watched.objective == pytest.approx(8760 * 1000)
    assert watched.column("wet_season_coal_off/achieved") == pytest.approx([2 * 2190 * 10])


def test_in_season():
    """Proves: first and last month belong to the season, and a season may run over the new year.

    If it were broken, 11 to 2 would hold no month.
    """
    assert [m for m in range(1, 13) if in_season(m, 11, 2)] == [1, 2, 11, 12]
    assert [m for m in range(1, 13) if in_season(m, 5, 9)] == [5, 6, 7, 8, 9]
    assert [m for m in range(1, 13) if in_season(m, 3, 3)] == [3]


def test_price_of_the_season(grid):
    """Proves: an hourly row carries what a MWh of coal in season would save: 300 - 100 CNY, 2,190 times a year.

    If it were broken, the price would be left to presolve, which has none for a sum of nothing.
    """
    solved = fleet(grid, 6, 10, gas=20)
    assert solved.dual("wet_season_coal_off/still", "season") == pytest.approx([-2190 * 200] * 2)
