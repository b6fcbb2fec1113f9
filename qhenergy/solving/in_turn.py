"""Stage after stage: each decided as if it were the last, with what was built before it fixed.

    min cost[k]  subject to the rows of stage k,  columns of the stages before k at their values

A row of a stage speaks of its own columns and of those of earlier stages only, so that the problem of all stages falls
into one for each, solved in the order of time. Their values together are feasible for the problem of all stages; with
the same costs and the same weights they can be no cheaper than what foresight finds. The duals are those of each
stage's own problem, and so is the certificate: the worst residual and gap of any stage, and the sum of objectives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.part import part_of
from qhenergy.model.problem import Problem, stages_of
from qhenergy.periods.chronology import Chronology
from qhenergy.solving.certificate import Certificate, certify
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import Profile
from qhenergy.solving.solution import Progress, Solution

#: Room that is less is none [MW, MWh].
CRUMB = 1e-4


class NoStageError(NoSolutionError):
    """A stage that has no solution after those before it, with its problem."""

    def __init__(self, message: str, problem: Problem) -> None:
        super().__init__(message)
        self.problem = problem


@dataclass(frozen=True)
class Part:
    """The problem of one stage and where it lies in that of all: positions of its columns and rows."""

    stage: int
    problem: Problem
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]


def parts(problem: Problem, spans: Chronology, stages: Sequence[int], values: NDArray[np.float64]) -> Iterator[Part]:
    """The problems of the stages in their order; `values` of earlier stages are read when a part is made.

    Raises:
        ValueError: a row of a stage speaks of a column of a later one.
    """
    column_stage, row_stage = stages_of(problem.columns, spans, stages), stages_of(problem.rows, spans, stages)
    for stage in stages:
        columns, rows = np.flatnonzero(column_stage == stage), np.flatnonzero(row_stage == stage)
        before = np.where(column_stage < stage, values, 0.0)
        matrix = problem.matrix[rows]
        later = column_stage[matrix.indices] > stage
        if np.any(later & (matrix.data != 0.0)):
            raise ValueError(f"a row of {stage} speaks of {problem.columns.label(int(matrix.indices[later][0]))}")
        costs = np.flatnonzero(problem.cost_stages == stage)
        yield Part(stage, _without_crumbs(part_of(problem, rows, columns, before, costs)), columns, rows)


def _without_crumbs(problem: Problem) -> Problem:
    """The problem in which a column that rounding of earlier stages left a crumb of room has none.

    What was built before is a hair below the room there is, what is retired a hair above what must be: an interior
    point finds no way between such bounds, and misses a side that is a hair from a bound by less than it can tell.
    Rows of one column alone are bounds of it.
    """
    matrix, lower, upper = problem.matrix, problem.lower.copy(), problem.upper.copy()
    single = np.flatnonzero(np.diff(matrix.indptr) == 1)
    at, by = matrix.indices[matrix.indptr[single]], matrix.data[matrix.indptr[single]]
    single, at, by = single[by != 0], at[by != 0], by[by != 0]
    sides = np.sort(np.stack([problem.row_lower[single] / by, problem.row_upper[single] / by]), axis=0)
    least, most = lower.copy(), upper.copy()
    np.maximum.at(least, at, sides[0])
    np.minimum.at(most, at, sides[1])
    none = (most > least) & (most < least + CRUMB)
    lower[none] = upper[none] = least[none]
    near = (least > lower) & (least < lower + CRUMB)
    lower[near] = least[near]
    near = (most < upper) & (most > upper - CRUMB)
    upper[near] = most[near]
    return replace(problem, lower=lower, upper=upper)


def solve_in_turn(
    problem: Problem,
    spans: Chronology,
    stages: Sequence[int],
    profile: Profile,
    progress: Progress,
    time_limit: float | None = None,
    refuse: Callable[[Problem, Solution], str] = lambda *_: "",
) -> Solution:
    """Solve stage after stage; see `solving.highs.solve`, of which each has all attempts and its own time limit.

    Args:
        problem: of all stages.
        spans, stages: what tells its stages apart.
        profile, progress, time_limit: as there.
        refuse: says why the solution of a stage's problem is not accepted, or nothing.

    Returns:
        Values and duals of all stages; there is no basis of all.

    Raises:
        NoStageError: a stage has no solution after those before it.
    """
    values, duals = np.zeros(len(problem.columns)), np.zeros(len(problem.rows))
    found: list[Solution] = []
    for part in parts(problem, spans, stages, values):
        progress(f"stage {part.stage}")
        try:
            solution = solve(
                part.problem, profile, progress, time_limit, lambda made, part=part: refuse(part.problem, made)
            )
        except NoSolutionError as error:
            raise NoStageError(f"{error} It is stage {part.stage}, after those before it.", part.problem) from None
        values[part.columns], duals[part.rows] = solution.values, solution.row_duals
        found.append(solution)
    return Solution(
        values=values,
        row_duals=duals,
        status=found[-1].status,
        solver=f"{found[-1].solver}, stage after stage",
        attempts=[attempt for solution in found for attempt in solution.attempts],
        seconds=sum(solution.seconds for solution in found),
        gap=max(solution.gap for solution in found),
        whole=any(solution.whole for solution in found),
        log="\n".join(progress.lines),
    )


def certify_in_turn(
    problem: Problem,
    spans: Chronology,
    stages: Sequence[int],
    values: NDArray[np.float64],
    row_duals: NDArray[np.float64],
) -> Certificate:
    """The certificate of a solution found stage after stage; see the module."""
    made = [
        certify(part.problem, values[part.columns], row_duals[part.rows])
        for part in parts(problem, spans, stages, values)
    ]
    return Certificate(
        max(c.primal_residual for c in made),
        max(c.dual_residual for c in made),
        max(c.relative_gap for c in made),
        sum(c.primal_objective for c in made),
        sum(c.dual_objective for c in made),
    )
