"""What no solution costs less than, of attempts that come to their end and of some that do not."""

from dataclasses import replace

import numpy as np
import pytest

from qhenergy.ground.faults import SolverError
from qhenergy.model.assemble import assemble
from qhenergy.solving.lower_bound import lower_bound
from qhenergy.solving.profile import Attempt, Profile, read_profile

COST = 4380 * ((80 + 50) * 100 + 20 * 10_000)


def problem(grid):
    """Coal of 80 MW at 100 against 100 then 50: 130 MWh are burnt and 20 missed at 10 000."""
    return assemble(grid(2, [100, 50]).add("thermal", existing=80).system(), workers=1).problem


def inside(iterations):
    """A profile of an interior point that ends early."""
    options = {"solver": "ipx", "presolve": "off", "run_crossover": "off", "ipm_iteration_limit": iterations}
    return Profile(title="", attempt=(Attempt(name="inside", options=options),))


def test_the_bound_of_an_optimum_is_its_cost(grid):
    """Proves: duals of an optimum prove its cost.

    If it were broken, offsets or scaling would be lost.
    """
    assert lower_bound(problem(grid), read_profile("simplex")) == pytest.approx(COST)


@pytest.mark.parametrize("iterations", range(1, 12))
def test_what_did_not_end_bounds_from_below_or_not_at_all(grid, iterations):
    """Proves: a point on its way to the optimum proves a bound that is no higher than it, or none is.

    If it were broken, the cost of such a point, which is above the optimum, would be passed on.
    """
    try:
        bound = lower_bound(problem(grid), inside(iterations))
    except SolverError:
        bound = -np.inf
    assert bound <= COST * (1 + 1e-9)


def test_whole_numbers_count_as_parts(grid):
    """Proves: the bound of a problem with whole units is that of their parts.

    Units of 80 MW that give 60 at least against 100 then 50: in parts as above.
    If it were broken, branch and cut would be asked, which has no duals.
    """
    small = grid(2, [100, 50], case={"commitment": "whole"})
    small.add("thermal", existing=80, unit_size=80, minimum_output=0.75)
    made = assemble(small.system(), workers=1).problem
    assert made.whole.any()
    assert lower_bound(made, read_profile("simplex")) == pytest.approx(COST)
    assert lower_bound(replace(made, whole=~made.whole), read_profile("simplex")) == pytest.approx(COST)
