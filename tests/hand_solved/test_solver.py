"""What the solver's door does when there is no answer, and what a certificate is worth."""

from dataclasses import replace

import numpy as np
import pytest
from small_system import solved

from qhenergy.ground.faults import InputError, NoSolutionError, SolverError
from qhenergy.model.assemble import assemble
from qhenergy.solving import highs
from qhenergy.solving.certificate import certify
from qhenergy.solving.highs import Status, check_profile, solve
from qhenergy.solving.measured import measured
from qhenergy.solving.profile import Attempt, Profile, read_profile


def small_problem(grid):
    """Coal of 80 MW against 100 then 50."""
    return assemble(grid(2, [100, 50]).add("thermal", existing=80).system(), workers=1)


def test_unbounded_problem_has_no_solution(grid):
    """Proves: a problem whose cost has no bottom is refused with exit code 3.

    Unserved energy may be negative without end, and coal run without end: 9,900 CNY gained a MWh.
    If it were broken, some number would be passed on as a result.
    """
    problem = small_problem(grid).problem
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.columns.of("demand/unserved")] = -np.inf
    upper[problem.columns.of("thermal/online")] = np.inf
    with pytest.raises(NoSolutionError) as caught:
        solve(replace(problem, lower=lower, upper=upper), read_profile("simplex"))
    assert caught.value.exit_code == 3


def test_infeasible_problem_has_no_solution(grid):
    """Proves: an infeasible problem is refused with exit code 3.

    More unserved than asked for, and nothing to lose it in.
    If it were broken, values that miss their rows would be passed on.
    """
    problem = small_problem(grid).problem
    lower, upper = problem.lower.copy(), problem.upper.copy()
    places = problem.columns.of("demand/unserved")
    lower[places], upper[places] = 200, 300
    with pytest.raises(NoSolutionError, match="infeasible"):
        solve(replace(problem, lower=lower, upper=upper), read_profile("simplex"))


@pytest.mark.parametrize("wrong", [1, 2])
def test_an_interior_point_alone_is_not_believed(grid, monkeypatch, wrong):
    """Proves: that there is no solution is believed of an interior point when another attempt says so too.

    Of a problem that has one the first attempt, or the first two, are made to say that it is infeasible.
    If it were broken, one wrong word would end a run; or none would ever be believed.
    """
    run, said = highs._run, []

    def wrongly(problem, profile, attempt, *rest):
        solver, status, seconds = run(problem, profile, attempt, *rest)
        said.append(attempt.name)
        return solver, Status.kInfeasible if len(said) <= wrong else status, seconds

    monkeypatch.setattr(highs, "_run", wrongly)
    options = {"solver": "ipx", "presolve": "off", "run_crossover": "off"}
    attempts = tuple(Attempt(name=f"inside {i}", options=options) for i in (1, 2, 3))
    profile = Profile(title="", attempt=attempts)
    if wrong == 1:
        assert [t.status for t in solve(small_problem(grid).problem, profile).attempts] == ["infeasible", "optimal"]
    else:
        with pytest.raises(NoSolutionError, match="infeasible"):
            solve(small_problem(grid).problem, profile)
    assert len(said) == 2


def test_time_limit_gives_no_result(grid):
    """Proves: out of time means an error with exit code 4 that names the attempts, never half an answer.

    If it were broken, an unproven point would be passed on as optimal.
    """
    problem = small_problem(grid).problem
    with pytest.raises(SolverError) as caught:
        solve(problem, read_profile("simplex"), time_limit=1e-9)
    assert caught.value.exit_code == 4


def test_solver_that_stops_early_gives_no_result(grid):
    """Proves: a status of HiGHS that is not optimal ends in an error, after all attempts.

    An iteration limit of none, without presolve, for two attempts.
    If it were broken, the first point of the simplex would be the result.
    """
    stop = Attempt(name="stop", options={"solver": "simplex", "presolve": "off", "simplex_iteration_limit": 0})
    with pytest.raises(SolverError, match=r"stop: .*; again: ") as caught:
        solve(small_problem(grid).problem, Profile(title="", attempt=(stop, stop.model_copy(update={"name": "again"}))))
    assert caught.value.exit_code == 4


def test_next_attempt_follows_one_that_stopped(grid):
    """Proves: what one attempt does not prove the next may.

    If it were broken, the first attempt would end the run, or its point be returned.
    """
    stop = Attempt(name="stop", options={"solver": "simplex", "presolve": "off", "simplex_iteration_limit": 0})
    profile = Profile(title="", attempt=(stop, Attempt(name="simplex", options={"solver": "simplex"})))
    found = solve(small_problem(grid).problem, profile)
    assert [t.name for t in found.attempts] == ["stop", "simplex"]
    assert found.solver.endswith("simplex")


@pytest.mark.parametrize(("power", "money"), [(1, 1), (1e-3, 1e-3), (10, 1e-4)])
def test_scaling_changes_no_answer(grid, power, money):
    """Proves: values and duals come back in inside units whatever the solver was given.

    If it were broken, values would be 1,000 times too small, or duals a thousandth of a yuan.
    """
    profile = Profile(title="", power_scale=power, money_scale=money, attempt=(Attempt(name="simplex"),))
    found = solved(small_problem(grid), profile)
    assert found.column("thermal/output") == pytest.approx([80, 50])
    assert found.dual("balance/energy") == pytest.approx([4380 * 10_000, 4380 * 100])


def test_unknown_option_is_refused():
    """Proves: an option or a value that HiGHS does not take is a fault of the input.

    If it were broken, it would be dropped in silence.
    """
    for options in ({"presolv": "off"}, {"presolve": 3}, {"time_limit": "long"}):
        with pytest.raises(InputError):
            check_profile(Profile(title="", attempt=(Attempt(name="a", options=options),)), "here")


def test_certificate_sees_what_is_wrong(grid):
    """Proves: values that miss a row, and prices that are not optimal, show in the certificate.

    One MWh of coal too little; a price of hour 0 that is too low by half.
    If it were broken, any point would pass the audit.
    """
    good = solved(small_problem(grid))
    values, duals = good.solution.values.copy(), good.solution.row_duals.copy()
    values[good.problem.columns.of("thermal/output")[0]] -= 1
    assert certify(good.problem, values, good.solution.row_duals).primal_residual > 1e-3
    duals[good.problem.rows.of("balance/energy")[0]] /= 2
    wrong = certify(good.problem, good.solution.values, duals)
    assert wrong.relative_gap > 1e-3
    assert wrong.dual_objective <= wrong.primal_objective


def test_what_is_only_measured_takes_up_a_crumb(grid):
    """Proves: where the solution of another column is moved by a crumb, what a watched clause measures follows exactly.

    Wind of 30 MW and no more: the measured total is 30. A capacity that is 0.01 MW less makes it 29.99, and no other
    value changes.
    If it were broken, it would stay 30, and the row be missed by 0.01 MW.
    """
    small = grid(1).add("wind", existing=30, retirable="yes", series=[1]).zone(demand=30).group("wind", "wind")
    small.cost("wind", fixed_om=1).add("capacity_totals", group="wind", sense=">=", capacity=50)
    problem = assemble(small.target("total", "watched").system(), workers=1).problem
    values = solve(problem, read_profile("simplex")).values
    installed, achieved = (problem.columns.of(f) for f in ("capacity/installed", "capacity_total/achieved"))
    assert values[achieved] == pytest.approx([30])
    values[installed] -= 0.01
    settled = measured(problem, values.copy())
    assert settled[achieved] == pytest.approx([29.99])
    others = np.delete(np.arange(len(values)), achieved)
    assert list(settled[others]) == list(values[others])
