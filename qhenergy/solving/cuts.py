"""Cuts: what a curve costs at least, and which curves cannot be, from dispatches at other curves.

The yearly cost V(x) of the dispatch that is asked for a curve x is convex in x, for x stands in right-hand sides only
(Benders 1962). With row duals y of a dispatch at x* and the slots' sums of those of the schedule rows, g[k] = sum(y[r],
r in slot k):

    V(x) >= D + g @ (x - x*)   [CNY/yr],   D the dual objective at x* (see `solving.certificate`)

which is true whatever solver found y and however well (weak duality). Where nothing costs anything V is 0 for a curve
that can be and infinite for others, and the cut  0 >= D + g @ (x - x*)  separates these.

A dispatch is solved together with the curve: x are columns beside it, under the rows of a `CurveModel` whose whole
numbers are fixed. So one linear problem finds the best curve of a pattern of steps, and its cut says at x* what the
pattern is worth, exactly: outer approximation (Duran and Grossmann 1986), where Kelley (1960) would take many cuts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.extend import NewColumn, NewRow, with_columns, with_rows
from qhenergy.model.problem import Problem
from qhenergy.solving.certificate import certify
from qhenergy.solving.highs import resume, solve
from qhenergy.solving.profile import Profile
from qhenergy.solving.slots import Slots
from qhenergy.solving.solution import Basis, Progress, Solution
from qhenergy.solving.step_model import CurveModel

Numbers = NDArray[np.float64]
#: How many times as long as a first solution one from a basis may take.
PATIENCE = 2.0


@dataclass(frozen=True, eq=False)
class Cut:
    """V(x) >= constant + slope @ x, or, as a limit, 0 >= constant + slope @ x; x in MW."""

    constant: float
    slope: Numbers
    limit: bool


@dataclass(frozen=True, eq=False)
class Point:
    """The best curve of a pattern.

    Attributes:
        curve: of the slots [MW].
        value: cost of the dispatch and what the curve is worth in the model.
        cut: what it says of all curves.
        solution: of the dispatch and the curve together.
    """

    curve: Numbers
    value: float
    cut: Cut
    solution: Solution


class Oracle:
    """A dispatch with a curve beside it, solved for one pattern of steps after another."""

    def __init__(
        self,
        problem: Problem,
        slots: Slots,
        model: CurveModel,
        profile: Profile,
        limit: bool,
        progress: Progress | None = None,
    ) -> None:
        """Put the curve beside the dispatch.

        Args:
            problem: of the dispatch; its cost is what V is.
            slots: where the curve stands in it.
            model: which curves are allowed.
            profile: how it is solved.
            limit: whether V is nothing but whether a curve can be.
            progress: is told how far a solution is, if somebody listens.
        """
        self._base, self._slots, self._model = problem, slots, model
        self._profile, self._limit, self._progress = profile, limit, progress or Progress()
        self._own = np.flatnonzero(~model.whole)
        self._basis: Basis | None = None
        self._cold = 0.0
        self._joint = self._beside()
        self.solved = 0

    def _beside(self) -> Problem:
        slots, model = self._slots, self._model
        width = self._base.matrix.shape[1]
        none = np.zeros(0, dtype=np.int64)
        columns = []
        for place in self._own:
            rows = slots.rows[slots.slot == place] if place < model.count else none
            worth = model.objective[place] / slots.rating
            columns.append(NewColumn(slots.line, int(place), rows, np.full(len(rows), -1.0), worth, "curve"))
        joint = with_columns(self._base, "curve/slot", "MW", "the curve, in the slots of its seasons", columns)
        lower, upper = joint.lower.copy(), joint.upper.copy()
        lower[width:], upper[width:] = model.lower[self._own] * slots.rating, model.upper[self._own] * slots.rating
        part = model.matrix[:, self._own].tocsr()
        rows = []
        for i in range(part.shape[0]):
            at = slice(part.indptr[i], part.indptr[i + 1])
            rows.append(NewRow(slots.line, i, width + part.indices[at], part.data[at], -np.inf, np.inf))
        joint = with_rows(joint, "curve/rules", "MW", "the rules of steps", rows)
        row_lower, row_upper = joint.row_lower.copy(), joint.row_upper.copy()
        row_lower[slots.rows] = row_upper[slots.rows] = 0.0
        return replace(joint, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)

    def solve(self, whole: Numbers | None, time_limit: float | None = None) -> Point:
        """The best curve of a pattern.

        Args:
            whole: values of the model's columns, of which whole numbers are taken; None for a curve without steps.
            time_limit: for this solution [s].

        Raises:
            NoSolutionError: no curve of the pattern can be.
            SolverError: no attempt proved an optimum, or the time was over.
        """
        model, slots = self._model, self._slots
        row_lower, row_upper = self._joint.row_lower.copy(), self._joint.row_upper.copy()
        count = len(model.row_lower)
        if whole is None:
            given, free = np.zeros(count), model.with_whole
        else:
            given = model.matrix @ np.where(model.whole, np.round(whole), 0.0)
            free = np.zeros(count, dtype=bool)
        row_lower[len(row_lower) - count :] = np.where(free, -np.inf, (model.row_lower - given) * slots.rating)
        row_upper[len(row_upper) - count :] = np.where(free, np.inf, (model.row_upper - given) * slots.rating)
        joint = replace(self._joint, row_lower=row_lower, row_upper=row_upper)
        solution = self._solution(joint, time_limit)
        self.solved += 1
        at = len(self._base.lower)
        curve = np.clip(solution.values[at : at + model.count] / slots.rating, model.lower[: model.count], 1.0)
        return self._point(joint, solution, curve * slots.rating)

    def _solution(self, joint: Problem, time_limit: float | None) -> Solution:
        if self._basis is not None:
            # A basis from far away can be worse than none.
            patience = PATIENCE * self._cold + 1.0
            word, found = resume(
                joint,
                self._profile,
                self._basis,
                time_limit=patience if time_limit is None else min(patience, time_limit),
            )
            if found is not None:
                self._basis = found.basis
                return found
            if word == "infeasible":
                raise NoSolutionError("No curve of these steps can be.")
            if time_limit is not None:
                time_limit = max(time_limit - patience, 0.0) if word == "time limit reached" else time_limit
        solution = solve(joint, self._profile, self._progress, time_limit)
        self._cold = solution.seconds
        self._basis = solution.basis
        return solution

    def _point(self, joint: Problem, solution: Solution, curve: Numbers) -> Point:
        base, slots = self._base, self._slots
        duals = solution.row_duals[: len(base.row_lower)]
        slope = slots.summed(solution.row_duals[slots.rows])
        at_curve = slots.at(base, curve)
        bound = certify(at_curve, solution.values[: len(base.lower)], duals).dual_objective
        cut = Cut(bound - float(slope @ curve), slope, self._limit)
        return Point(curve, float(joint.cost @ solution.values) + joint.offset, cut, solution)


def as_rows(cuts: list[Cut], rating: float, reference: float, unit: float) -> tuple[sp.csr_matrix, Numbers]:
    """Cuts as rows  matrix @ (x, theta) <= side  of a master, x in parts of the rating.

    theta counts what a curve costs beyond `reference`, in `unit`; a limit is measured by its steepest slope.
    """
    rows, sides = [], []
    for cut in cuts:
        if cut.limit:
            size = float(np.abs(cut.slope).max()) * rating
            if size > 0:
                rows.append(np.append(cut.slope * rating / size, 0.0))
                sides.append(-cut.constant / size)
        else:
            rows.append(np.append(cut.slope * rating / unit, -1.0))
            sides.append((reference - cut.constant) / unit)
    if not rows:
        return sp.csr_matrix((0, 0)), np.zeros(0)
    return sp.csr_matrix(np.array(rows)), np.array(sides)
