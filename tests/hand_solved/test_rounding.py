"""Whole units by rounding what is left fractional, with the gap to what no plan can be below."""

import pytest

from hand_solved.test_stages import corridor
from qhenergy.ground.faults import SolverError
from qhenergy.solving.profile import Attempt, Profile


def rounding(gap, *more):
    options = {"solver": "simplex", "mip_rel_gap": gap}
    return Profile(title="", attempt=(Attempt(name="round", whole="round", options=options), *more))


def test_the_nearest_is_near_enough(grid):
    """Proves: 1.2 units become one, and the gap is that to the plan of 12 MW.

    12 MW cost 1,200 and 12 * 8,760 MWh of coal at 100: 10,513,200. One unit leaves 2 MW missing at 100.05:
    1,000 + 8,760,000 + 1,752,876 = 10,513,876, which is 676 more.
    If it were broken, two units would be built (rounded up), or the gap would be none.
    """
    solved = corridor(grid, "whole", 100.05).solve(profile=rounding(1e-3))
    assert solved.column("capacity/built", "line") == pytest.approx([10, 0])
    assert solved.objective == pytest.approx(10_513_876)
    assert solved.solution.gap == pytest.approx(676 / 10_513_876, rel=1e-3)


def test_what_is_too_far_is_rounded_otherwise(grid):
    """Proves: where one unit leaves demand missing at 10,000 a MWh, units are rounded up.

    Two units: 2,000 + 10,512,000, 800 above the bound of 10,513,200. One leaves 2 MW: 175 million more.
    If it were broken, 10 MW would be built: the first way of rounding that has a plan.
    """
    solved = corridor(grid, "whole", 10_000).solve(profile=rounding(1e-3))
    assert solved.column("capacity/built", "line") == pytest.approx([20, 0])
    assert solved.solution.gap == pytest.approx(800 / 10_514_000, rel=1e-3)


def test_what_is_not_near_enough_is_left_to_branching(grid):
    """Proves: no way of rounding comes within 1e-6, so that the next attempt answers, or none does.

    If it were broken, a plan would be given out as nearer to the bound than it is.
    """
    branch = Attempt(name="branch", options={"mip_rel_gap": 1e-6})
    solved = corridor(grid, "whole", 10_000).solve(profile=rounding(1e-6, branch))
    assert [attempt.status for attempt in solved.solution.attempts] == ["no plan", "optimal"]
    with pytest.raises(SolverError, match="no plan"):
        corridor(grid, "whole", 10_000).solve(profile=rounding(1e-6))
