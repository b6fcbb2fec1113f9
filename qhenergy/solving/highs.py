"""The one door to HiGHS: pass arrays, run attempts, bring values and duals back.

A status that is not proven optimal is never passed on as a result.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray

from qhenergy.ground.faults import Fault, InputError, NoSolutionError, SolverError, nearest
from qhenergy.model.problem import Problem
from qhenergy.solving.highs_run import supervised
from qhenergy.solving.measured import measured
from qhenergy.solving.profile import Attempt, Option, Profile
from qhenergy.solving.rounding import rounded
from qhenergy.solving.solution import Basis, Progress, Solution, Sought, Tried

Status = highspy.HighsModelStatus

#: What HiGHS says, in our words.
STATUS = {
    Status.kOptimal: "optimal",
    Status.kInfeasible: "infeasible",
    Status.kUnbounded: "unbounded",
    Status.kUnboundedOrInfeasible: "infeasible or unbounded",
    Status.kTimeLimit: "time limit reached",
    Status.kIterationLimit: "iteration limit reached",
    Status.kMemoryLimit: "memory limit reached",
    Status.kInterrupt: "interrupted",
    Status.kHighsInterrupt: "interrupted",
    Status.kUnknown: "unknown",
    Status.kSolveError: "solver error",
    Status.kModelEmpty: "nothing to solve",
}

#: There is no solution.
NONE = (Status.kInfeasible, Status.kUnbounded, Status.kUnboundedOrInfeasible)
WORDS_OF_NONE = [STATUS[status] for status in NONE]
#: Solvers that end inside, near a solution and not at a vertex.
INTERIOR = ("hipo", "ipx")


def version() -> str:
    """Version of HiGHS."""
    return f"HiGHS {highspy.Highs().version()}"


OPTION_TYPES = {
    highspy.HighsOptionType.kBool: "true or false",
    highspy.HighsOptionType.kInt: "an integer",
    highspy.HighsOptionType.kDouble: "a number",
    highspy.HighsOptionType.kString: "a word",
}


def check_options(options: Mapping[str, Option], where: str) -> list[Fault]:
    """Faults of options that HiGHS does not take as they are."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    known = _option_names()
    faults = []
    for name, value in options.items():
        where_option = f"{where}, {name}"
        if name not in known:
            remedy = nearest(name, known) or "Delete the line; highs.dev lists the options."
            faults.append(Fault(where_option, "an option HiGHS does not know", "a HiGHS option", remedy))
        elif solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            expected = OPTION_TYPES[solver.getOptionType(name)[1]]
            remedy = "Correct the value or delete the line; highs.dev tells what each option takes."
            faults.append(Fault(where_option, repr(value), f"{expected} that HiGHS takes", remedy))
    if options.get("solver") == "hipo" and importlib.util.find_spec("highspy_extras") is None:
        faults.append(
            Fault(f"{where}, solver", '"hipo", which is not installed', "another solver", "Install highspy[extras].")
        )
    return faults


def check_profile(profile: Profile, where: str) -> None:
    """Refuse a profile with an option that HiGHS refuses.

    Raises:
        InputError: with all refused options of all attempts.
    """
    faults = [f for a in profile.attempt for f in check_options(a.options, f"{where}, attempt {a.name}")]
    if faults:
        raise InputError(faults, where)


def _option_names() -> list[str]:
    options = highspy.Highs().getOptions()
    return [name for name in dir(options) if not name.startswith("_")]


def solve(
    problem: Problem,
    profile: Profile,
    progress: Progress | None = None,
    time_limit: float | None = None,
    refuse: Callable[[Solution], str] = lambda _: "",
) -> Solution:
    """Solve a problem by the attempts of a profile.

    Args:
        problem: the matrix.
        profile: what to try.
        progress: takes the solver's messages.
        time_limit: for all attempts together [s].
        refuse: says why a solution is not accepted, or nothing; the next attempt follows a refusal.

    Returns:
        A proven optimum that is not refused.

    Raises:
        NoSolutionError: infeasible or unbounded: found so without iterating, at a vertex, or by two attempts.
        SolverError: no attempt proved an optimum; says what each came to.
        KeyboardInterrupt: the user stopped it; the solver has ended.
    """
    progress = progress or Progress()
    tried: list[Tried] = []
    started = time.perf_counter()
    for attempt in profile.attempt:
        left = None if time_limit is None else time_limit - (time.perf_counter() - started)
        if left is not None and left <= 0:
            break
        began = time.perf_counter()
        if attempt.whole == "round" and problem.whole.any():
            solution, status = _by_rounding(problem, profile, attempt, progress, left), Status.kUnknown
            word, iterations = "rounded" if solution else "no plan", 0
        else:
            solver, status, _ = _run(problem, profile, attempt, progress, left)
            info, word = solver.getInfo(), STATUS.get(status, str(status))
            iterations = max(info.ipm_iteration_count, info.simplex_iteration_count, 0)
            solution = _solution(problem, profile, attempt, solver, progress) if status == Status.kOptimal else None
        seconds = time.perf_counter() - began
        tried.append(Tried(attempt.name, word, seconds, iterations))
        if solution is not None:
            log, total = "\n".join(progress.lines), time.perf_counter() - started
            solution = replace(solution, attempts=tried, seconds=total, log=log)
            reason = refuse(solution)
            if not reason:
                return solution
            tried[-1] = Tried(attempt.name, f"refused: {reason}", seconds, iterations)
            progress(f"{attempt.name} is refused: {reason}")
            continue
        if status in NONE:
            # An interior point may be wrong about it, so that another attempt is asked as well.
            sure = iterations == 0 or attempt.options.get("solver") not in INTERIOR or attempt is profile.attempt[-1]
            if sure or any(t.status in WORDS_OF_NONE for t in tried[:-1]):
                raise NoSolutionError(f"The problem is {word} ({attempt.name}).")
        if status in (Status.kInterrupt, Status.kHighsInterrupt):
            raise KeyboardInterrupt
        progress(f"{attempt.name} ended with status {word}; what comes next is tried")
    story = "; ".join(f"{t.name}: {t.status} after {t.seconds:.0f} s" for t in tried) or "no time was left"
    raise SolverError(f"No attempt proved an optimum ({story}). Nothing was written.")


def attempted(
    problem: Problem, profile: Profile, attempt: Attempt, progress: Progress | None = None
) -> tuple[str, Solution | None]:
    """Where one attempt of a profile ended, proven optimal or not: what it is worth its certificate says.

    Args:
        problem: the matrix, without whole numbers.
        profile: its scaling is used.
        attempt: what to try.
        progress: takes the solver's messages.

    Returns:
        The status in our words, and the point if there is one with duals.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    progress = progress or Progress()
    solver, status, seconds = _run(problem, profile, attempt, progress, None)
    if status in (Status.kInterrupt, Status.kHighsInterrupt):
        raise KeyboardInterrupt
    word = STATUS.get(status, str(status))
    if not solver.getSolution().dual_valid:
        return word, None
    return word, replace(_solution(problem, profile, attempt, solver, progress), status=word, seconds=seconds)


def resume(
    problem: Problem, profile: Profile, basis: Basis, primal: bool = False, time_limit: float | None = None
) -> tuple[str, Solution | None]:
    """Solve a problem without whole numbers by simplex from a basis of one much like it.

    Args:
        problem: the matrix.
        profile: its scaling is used.
        basis: where to start.
        primal: whether by primal simplex, which keeps a start that is feasible; else by dual simplex.
        time_limit: after which it is given up [s].

    Returns:
        The status in our words, and the solution if it is optimal.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    attempt = Attempt(
        name="simplex from a basis",
        options={
            "solver": "simplex",
            "simplex_strategy": 4 if primal else 1,
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
        },
    )
    progress = Progress()
    solver, status, seconds = _run(problem, profile, attempt, progress, time_limit, basis)
    if status in (Status.kInterrupt, Status.kHighsInterrupt):
        raise KeyboardInterrupt
    word = STATUS.get(status, str(status))
    if status != Status.kOptimal:
        return word, None
    return word, replace(_solution(problem, profile, attempt, solver, progress), seconds=seconds)


def seek(problem: Problem, gap: float, time_limit: float | None = None) -> Sought:
    """The best values of a small problem and what none can be below, proven optimal or not.

    Args:
        problem: the matrix, unscaled.
        gap: relative gap at which the search ends.
        time_limit: at which it ends too [s].

    Raises:
        NoSolutionError: infeasible or unbounded.
        KeyboardInterrupt: the user stopped it.
    """
    attempt = Attempt(name="branch and cut", options={"mip_rel_gap": gap, "mip_feasibility_tolerance": 1e-9})
    profile = Profile(title="", power_scale=1.0, money_scale=1.0, attempt=(attempt,))
    solver, status, _ = _run(problem, profile, attempt, Progress(), time_limit)
    word = STATUS.get(status, str(status))
    if status in NONE:
        raise NoSolutionError(f"The problem is {word}.")
    if status in (Status.kInterrupt, Status.kHighsInterrupt):
        raise KeyboardInterrupt
    info = solver.getInfo()
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    values = np.array(solver.getSolution().col_value) if found else None
    bound = float(info.mip_dual_bound if problem.whole.any() else info.objective_function_value)
    return Sought(values, bound if problem.whole.any() or status == Status.kOptimal else -np.inf, word)


def _model(problem: Problem, profile: Profile, relaxed: bool = False) -> highspy.HighsLp:
    model = highspy.HighsLp()
    matrix = problem.matrix.tocsc()
    power, money = profile.power_scale, profile.money_scale
    # Whole numbers cannot be scaled: their columns keep their unit, and the others with them.
    if problem.whole.any():
        power = 1.0
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = problem.cost * money
    model.col_lower_, model.col_upper_ = problem.lower * power, problem.upper * power
    model.row_lower_, model.row_upper_ = problem.row_lower * power, problem.row_upper * power
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    if problem.whole.any() and not relaxed:
        model.integrality_ = [
            highspy.HighsVarType.kInteger if w else highspy.HighsVarType.kContinuous for w in problem.whole
        ]
    return model


def _run(
    problem: Problem,
    profile: Profile,
    attempt: Attempt,
    progress: Progress,
    time_limit: float | None,
    start: Basis | None = None,
) -> tuple[highspy.Highs, Status, float]:
    solver = highspy.Highs()
    solver.setOptionValue("log_to_console", False)
    for name, value in attempt.options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise InputError(
                [Fault(f"solver option {name}", repr(value), "a value that HiGHS takes")], "the solver profile"
            )
    if time_limit is not None:
        solver.setOptionValue("time_limit", float(time_limit))
    solver.passModel(_model(problem, profile))
    if start is not None:
        begin = highspy.HighsBasis()
        begin.col_status = [highspy.HighsBasisStatus(code) for code in start.columns.tolist()]
        begin.row_status = [highspy.HighsBasisStatus(code) for code in start.rows.tolist()]
        solver.setBasis(begin)
    return solver, *supervised(solver, progress)


def _by_rounding(
    problem: Problem, profile: Profile, attempt: Attempt, progress: Progress, time_limit: float | None
) -> Solution | None:
    """The answer with whole units rounded; see `solving.rounding`."""
    ends = None if time_limit is None else time.perf_counter() + time_limit

    def linear(part: Problem) -> Solution | None:
        left = None if ends is None else max(ends - time.perf_counter(), 0.0)
        solver, status, _ = _run(part, profile, attempt, progress, left)
        if status in (Status.kInterrupt, Status.kHighsInterrupt):
            raise KeyboardInterrupt
        return _solution(part, profile, attempt, solver, progress) if status == Status.kOptimal else None

    return rounded(problem, linear, float(attempt.options.get("mip_rel_gap", 0.0)), progress)


def _solution(
    problem: Problem, profile: Profile, attempt: Attempt, solver: highspy.Highs, progress: Progress
) -> Solution:
    """What the solver found; how it was come by is told by who asked."""
    whole = bool(problem.whole.any())
    gap = float(solver.getInfo().mip_gap) if whole else 0.0
    values = np.array(solver.getSolution().col_value)
    if whole:
        values, solver = _fixed_problem(problem, profile, values, progress)
    duals = np.array(solver.getSolution().row_dual)
    basis = _basis(solver)
    power = 1.0 if whole else profile.power_scale
    values = values / power
    # A bound that is missed by rounding is met exactly; the audit sees what that does to the rows.
    values = measured(problem, np.clip(values, problem.lower, problem.upper))
    duals = duals / profile.money_scale
    # An interior point leaves crumbs of the wrong sign on rows with one side; a price has none.
    duals = np.where(np.isfinite(problem.row_lower), duals, np.minimum(duals, 0.0))
    duals = np.where(np.isfinite(problem.row_upper), duals, np.maximum(duals, 0.0))
    return Solution(
        values=values,
        row_duals=duals,
        status="optimal",
        solver=f"{version()}, {attempt.name}",
        attempts=[],
        seconds=0.0,
        gap=gap,
        whole=whole,
        basis=basis,
    )


def _basis(solver: highspy.Highs) -> Basis | None:
    found = solver.getBasis()
    if not found.valid:
        return None
    columns, rows = ([int(status) for status in part] for part in (found.col_status, found.row_status))
    return Basis(np.array(columns, dtype=np.int8), np.array(rows, dtype=np.int8))


def _fixed_problem(
    problem: Problem, profile: Profile, values: NDArray[np.float64], progress: Progress
) -> tuple[NDArray[np.float64], highspy.Highs]:
    """Values of the linear problem in which every whole number is fixed, and the solver that holds its duals."""
    solver = highspy.Highs()
    solver.setOptionValue("log_to_console", False)
    model = _model(problem, profile, relaxed=True)
    rounded = np.round(values)
    model.col_lower_ = np.where(problem.whole, rounded, problem.lower)
    model.col_upper_ = np.where(problem.whole, rounded, problem.upper)
    solver.passModel(model)
    status, _ = supervised(solver, progress)
    if status != Status.kOptimal:
        raise SolverError(f"The problem with its whole numbers fixed is {STATUS.get(status, status)}.")
    return np.array(solver.getSolution().col_value), solver
