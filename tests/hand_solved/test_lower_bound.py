"""What no solution costs less than, of attempts that come to their end and of some that do not."""

from dataclasses import replace

import pytest

from qhenergy.ground.faults import SolverError
from qhenergy.model.assemble import assemble
from qhenergy.solving import lower_bound as module
from qhenergy.solving.highs import solve
from qhenergy.solving.lower_bound import lower_bound
from qhenergy.solving.profile import Attempt, Profile, read_profile

COST = 4380 * ((80 + 50) * 100 + 20 * 10_000)


def problem(grid):
    """Coal of 80 MW at 100 against 100 then 50: 130 MWh are burnt and 20 missed at 10 000."""
    return assemble(grid(2, [100, 50]).add("thermal", existing=80).system(), workers=1).problem


def test_the_bound_of_an_optimum_is_its_cost(grid):
    """Proves: duals of an optimum prove its cost.

    If it were broken, offsets or scaling would be lost.
    """
    assert lower_bound(problem(grid), read_profile("simplex")) == pytest.approx(COST)


def test_what_did_not_end_proves_what_its_duals_prove(grid, monkeypatch):
    """Proves: of a point on its way the bound is that of its duals, whatever its values cost.

    An attempt that ends with all demand unserved, 3 times 10 000 and more, and with half the prices of the optimum.
    If it were broken, the cost of the point, 150 MWh at 10 000, would be passed on, or nothing at all.
    """
    made = problem(grid)
    best = solve(made, read_profile("simplex"))
    values = best.values.copy()
    values[made.columns.of("thermal/output")] = values[made.columns.of("thermal/online")] = 0.0
    values[made.columns.of("demand/unserved")] = [100.0, 50.0]
    point = replace(best, values=values, row_duals=best.row_duals / 2, status="unknown")
    monkeypatch.setattr(module, "attempted", lambda *_: ("unknown", point))
    assert lower_bound(made, read_profile("simplex")) == pytest.approx(COST / 2)


def test_no_duals_prove_nothing(grid):
    """Proves: where no attempt leaves duals it is said what each came to.

    If it were broken, a bound of minus infinity, or a distance without an end, would be told.
    """
    options = {"solver": "ipx", "presolve": "off", "run_crossover": "off", "ipm_iteration_limit": 1}
    profile = Profile(title="", attempt=(Attempt(name="inside", options=options),))
    with pytest.raises(SolverError, match=r"No bound was proven \(inside: iteration limit reached, dual residual "):
        lower_bound(problem(grid), profile)


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
