"""Rolling dispatch: windows one after another, with what came before fixed and what comes after in sight for a while.

    min cost of the windows in sight + guide   subject to the rows of the windows in sight, all that was kept given

Each step decides `keep` windows and looks `ahead` windows beyond them, which the next step decides anew. Of all that
lies beyond its sight a step knows what a yearly run told (the guide):

    target    level[m,end] + below[m] - above[m] = level[m,end] of the yearly run,
              below at a little more and above at a little less than the worth of what is held
    price     rows of the whole year, such as a yearly quantity of fuel or cycles, at their shadow price there
    budget    used[r] - over[r] <= limit[r] - used by the windows kept, over at a multiple of that price; of a row that
              the yearly run did not have, such as one of a month it has no hour of, <= the share of its windows that
              ends with the sight

The year is a circle: the last steps look into its first windows again, as they look into any others, and what they
would do there is forgotten. Only a level that the end of the year does not hand over to its beginning, since both are
given, has its target at the end of the year as well.

All steps together are feasible for the problem of the year, so that their cost is an upper bound of its optimum. Duals
are those of the step in which an hour was kept; rows of the year have those of the guide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.family import window_name
from qhenergy.ground.faults import NoSolutionError, SolverError
from qhenergy.model.part import part_of
from qhenergy.model.problem import Problem
from qhenergy.periods.chronology import Chronology
from qhenergy.solving.certificate import certify
from qhenergy.solving.guided import (
    LEAST_OVERDRAWN,
    OVERDRAWN,
    OVERDRAWN_WORTH,
    Guide,
    Target,
    overdrawn,
    priced,
    targeted,
)
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import Profile
from qhenergy.solving.solution import Progress, Solution


@dataclass(frozen=True)
class Sight:
    """How far a step sees: windows it decides, and windows it looks beyond them."""

    keep: int
    ahead: int

    def __post_init__(self) -> None:
        """A step decides something."""
        if self.keep < 1 or self.ahead < 0:
            raise ValueError(f"{self.keep} windows kept and {self.ahead} ahead")


@dataclass(frozen=True)
class Step:
    """A step as it went.

    Attributes:
        number: 0, 1, ...
        first, last: windows kept, both included.
        values, duals: of the columns and rows of these windows.
        proof: primal and dual residual and relative gap of its own problem, and the gap of its whole numbers.
        seconds: of its solution.
    """

    number: int
    first: int
    last: int
    values: NDArray[np.float64]
    duals: NDArray[np.float64]
    proof: dict[str, float]
    seconds: float


@dataclass
class Rolled:
    """All steps together.

    Attributes:
        values, row_duals: of the problem.
        steps: what each proved, see `Step.proof`, with the windows it kept.
        unheld: rows of the year that the steps could not hold, by label: by how much [unit of the row].
        seconds: of all solutions.
    """

    values: NDArray[np.float64]
    row_duals: NDArray[np.float64]
    steps: list[dict[str, float]] = field(default_factory=list)
    unheld: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


class Rolling:
    """The steps of one problem."""

    def __init__(
        self,
        problem: Problem,
        circle: Problem,
        spans: Chronology,
        fixed: NDArray[np.float64],
        guide: Guide,
        sight: Sight,
    ) -> None:
        """Lay out the steps.

        Args:
            problem: of one stage, chained, with its first state given.
            circle: the same, its first state that in which it ends.
            spans: its windows.
            fixed: value of each column of the plan that is not decided; NaN for all others.
            guide: what lies beyond the sight of a step.
            sight: of a step.
        """
        self.problem, self.circle, self.spans, self.guide, self.sight = problem, circle, spans, guide, sight
        self.count = -(-len(spans.spans) // sight.keep)
        numbers = {window_name(span.index): span.index for span in spans.spans}
        self._window_of_column, self._window_of_row = (
            np.array([numbers.get(name, -1) for name in index.blocks])[index.block]
            for index in (problem.columns, problem.rows)
        )
        self._back = self._looked_back()
        self._values = np.where(np.isfinite(fixed), fixed, 0.0)
        self._open = np.flatnonzero((self._window_of_column < 0) & ~np.isfinite(fixed))
        self._duals = np.where(self._window_of_row < 0, guide.prices, 0.0)
        # Rows of the year put their price on what windows use of them; see the module.
        of_plan = np.flatnonzero(self._window_of_row < 0)
        self._yearly = self._of_windows(of_plan)
        pushed = np.zeros(len(problem.rows))
        pushed[self._yearly] = guide.prices[self._yearly]
        self._price = np.where(self._window_of_column >= 0, -(problem.matrix.T @ pushed), 0.0)
        self._budgets = self._capped(self._yearly)
        most = max((target.worth for targets in guide.targets.values() for target in targets), default=0.0)
        least = max(OVERDRAWN_WORTH * most, LEAST_OVERDRAWN)
        self._over = np.maximum(OVERDRAWN * np.abs(guide.prices), least)

    def _of_windows(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of some rows that speak of columns of windows."""
        touched = abs(self.problem.matrix[rows]) @ (self._window_of_column >= 0).astype(float)
        return rows[touched > 0]

    def _capped(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the year that fill up as windows use of them: at most so much, in nothing but windows."""
        matrix = self.problem.matrix[rows]
        falling = matrix.minimum(0) @ (self._window_of_column >= 0).astype(float) < 0
        return rows[np.isfinite(self.problem.row_upper[rows]) & ~falling & ~self._mended(rows)]

    def _mended(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a column of the plan that is still open stands in each of some rows."""
        is_open = np.zeros(len(self.problem.columns))
        is_open[self._open] = 1.0
        return abs(self.problem.matrix[rows]) @ is_open > 0

    def _looked_back(self) -> int:
        """How many windows back rows of a window speak of."""
        entries = self.problem.matrix.tocoo()
        own, of = self._window_of_row[entries.row], self._window_of_column[entries.col]
        return int((own - of)[(own >= 0) & (of >= 0)].max(initial=0))

    def windows(self, step: int) -> tuple[int, int, int, int]:
        """First window kept, first not kept, first out of sight; and how many of the year's first are seen again.

        No window is seen again that the kept ones look back on.
        """
        first, windows = step * self.sight.keep, len(self.spans.spans)
        kept = min(first + self.sight.keep, windows)
        end = kept + self.sight.ahead
        return first, kept, min(end, windows), max(min(end - windows, first - self._back), 0)

    def part(self, step: int) -> tuple[Problem, NDArray[np.int64], NDArray[np.int64]]:
        """The problem of a step, and where its columns and rows lie in that of the year."""
        first, kept, end, again = self.windows(step)
        within = _seen(self._window_of_column, first, end, again)
        columns = np.flatnonzero(within)
        rows = np.flatnonzero(_seen(self._window_of_row, first, end, again))
        # How much of each budget these windows may use, as a sum of coefficients.
        used = np.asarray(abs(self.problem.matrix[self._budgets]) @ within.astype(float))
        budgets = self._budgets[used > 0.0]
        rows = np.concatenate([rows, budgets])
        made = part_of(self.circle if again else self.problem, rows, columns, self._values)
        of_budget = np.arange(len(rows) - len(budgets), len(rows))
        made.row_lower[of_budget] = -np.inf
        made.row_upper[of_budget] -= self._not_yet(budgets, end)
        whole = made.whole & _seen(self._window_of_column[columns], first, kept)
        made = replace(made, whole=whole)
        if np.any(self._price[columns]):
            made = priced(made, self._price[columns])
        made = overdrawn(made, of_budget, self._over[budgets])
        return targeted(made, columns, self._targets(end, again)), columns, rows

    def _targets(self, end: int, again: int) -> list[Target]:
        """The levels at the end of what a step sees, and those at the end of the year that no window takes over."""
        if not again:
            return list(self.guide.targets.get(end - 1, ()))
        taking = self.circle.matrix[np.flatnonzero(_seen(self._window_of_row, 0, again))]
        taken = abs(taking).T @ np.ones(taking.shape[0]) > 0
        last = [target for target in self.guide.targets.get(end - 1, ()) if not taken[target.column]]
        return [*last, *self.guide.targets.get(again - 1, ())]

    def _not_yet(self, budgets: NDArray[np.int64], end: int) -> NDArray[np.float64]:
        """What is left for windows out of sight of budgets the yearly run tells nothing of [unit of the row]."""
        rows = abs(self.problem.matrix[budgets])
        ahead = rows @ (self._window_of_column >= end).astype(float)
        all_of_it = rows @ (self._window_of_column >= 0).astype(float)
        share = np.where(self.guide.told[budgets], 0.0, ahead / all_of_it)
        return share * np.maximum(self.problem.row_upper[budgets], 0.0)

    def take(self, step: Step) -> None:
        """Fix what a step decided."""
        columns, rows = self._kept(step.first, step.last)
        self._values[columns], self._duals[rows] = step.values, step.duals

    def _kept(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return tuple(
            np.flatnonzero(_seen(window, first, last + 1)) for window in (self._window_of_column, self._window_of_row)
        )

    def solve(
        self,
        number: int,
        profile: Profile,
        progress: Progress,
        refuse: Callable[[Problem, Solution], str] = lambda *_: "",
    ) -> Step:
        """Solve a step.

        Raises:
            NoSolutionError: it has no solution after those before it; says which hours it is about.
            SolverError: no attempt proved an optimum.
        """
        first, kept, *_ = self.windows(number)
        made, columns, rows = self.part(number)
        try:
            solution = solve(made, profile, progress, None, lambda found: refuse(made, found))
        except NoSolutionError as error:
            hours = f"{self.spans.spans[first].hours[0]} to {self.spans.spans[kept - 1].hours[-1]}"
            raise NoSolutionError(f"{error} It is the step of hours {hours}, after those before it.") from None
        proof = certify(made, solution.values, solution.row_duals)
        own = _seen(self._window_of_column[columns], first, kept)
        mine = _seen(self._window_of_row[rows], first, kept)
        return Step(
            number,
            first,
            kept - 1,
            solution.values[: len(columns)][own],
            solution.row_duals[: len(rows)][mine],
            {
                "primal_residual": proof.primal_residual,
                "dual_residual": proof.dual_residual,
                "relative_gap": proof.relative_gap,
                "whole_gap": solution.gap,
            },
            solution.seconds,
        )

    def close(self, steps: Sequence[Step], profile: Profile, progress: Progress) -> tuple[Problem, Rolled]:
        """Decide what is left of the plan when all windows are, and say which rows of the year do not hold.

        Returns:
            The problem with those rows as wide as they were found, and its values and duals.
        """
        problem, unheld = self._loosened()
        if len(self._open):
            of_plan = np.flatnonzero(self._window_of_row < 0)
            rows = of_plan[self._mended(of_plan)]
            last = part_of(problem, rows, self._open, self._values)
            try:
                solution = solve(last, profile, progress)
            except NoSolutionError as error:
                raise SolverError(f"What is left of the year when all its hours are decided: {error}") from None
            self._values[self._open] = solution.values
            self._duals[rows] = solution.row_duals
        rolled = Rolled(
            self._values,
            self._duals,
            [{"first": s.first, "last": s.last, "seconds": s.seconds, **s.proof} for s in steps],
            unheld,
            sum(s.seconds for s in steps),
        )
        return problem, rolled

    def _loosened(self) -> tuple[Problem, dict[str, float]]:
        """The problem with rows of the year that nothing is left to mend as wide as they were found."""
        problem = self.problem
        rows = self._yearly
        rows = rows[~self._mended(rows)]
        found = problem.matrix[rows] @ self._values
        size = 1.0 + abs(problem.matrix[rows]) @ np.abs(self._values)
        missed = np.maximum(problem.row_lower[rows] - found, found - problem.row_upper[rows])
        lower, upper, unheld = problem.row_lower.copy(), problem.row_upper.copy(), {}
        for row, value, amount, of in zip(rows, found, missed, size, strict=True):
            if amount > 1e-6 * of:
                unheld[problem.rows.label(int(row))] = float(amount)
                lower[row], upper[row] = min(lower[row], value), max(upper[row], value)
        return replace(problem, row_lower=lower, row_upper=upper), unheld


def _seen(window: NDArray[np.int64], first: int, end: int, again: int = 0) -> NDArray[np.bool_]:
    """Which of some windows are from the first to before the end, or among the year's first that are seen again."""
    return ((window >= first) & (window < end)) | ((window >= 0) & (window < again))
