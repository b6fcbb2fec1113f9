"""The best stepwise curve: a master of cuts and step rules in turn with the dispatch.

    master    minimise objective(x) + theta   subject to the rules of steps and all cuts
    level     minimise sum(|x[k] - best[k]|, k)   subject to the same and objective(x) + theta <= level
    dispatch  the best curve of the pattern of steps that is proposed; its cut goes to both

Every master is a lower bound of the best curve, every dispatch an upper one, and the search ends when the two are
within the gap. The master alone (Kelley 1960) jumps from corner to corner, since far from the best curve its cuts say
little. So the pattern is taken near the best one instead: the level lies half way between bound and best value, and
where no allowed curve is below it, it is the new bound (the level method of Lemarechal, Nemirovskii and Nesterov 1995
with distances in the sum of absolute values, so that it is a problem of whole numbers and rows). The master is asked
now and then. The search starts from the free curve, which no rule of steps holds, and from the allowed one nearest to
it. A pattern in which no curve can be is cut off by a dispatch that misses as little of it as it can.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.ground.faults import NoSolutionError, SolverError
from qhenergy.model.problem import Index, Problem
from qhenergy.solving.cuts import Cut, Oracle, Point, as_rows
from qhenergy.solving.highs import seek
from qhenergy.solving.step_model import CurveModel

Numbers = NDArray[np.float64]
#: Longest that one master is searched [s]; its bound counts, proven optimal or not.
MASTER_SECONDS = 30.0
#: Where between the bound and the best value the level lies.
LEVEL = 0.5
#: The master itself is asked once in so many iterations.
TURNS = 5
#: Relative gap at which the search for a near curve ends.
NEAR_ENOUGH = 0.3


@dataclass(frozen=True)
class Limits:
    """When a search ends.

    Attributes:
        gap: between the best curve and the bound, over the size of what is decided.
        seconds: of wall time.
        iterations: dispatches.
    """

    gap: float = 0.005
    seconds: float = 600.0
    iterations: int = 200


@dataclass(frozen=True)
class Step:
    """One iteration: what was solved, the value of its curve, best and bound so far, seconds since the start."""

    kind: str
    value: float
    best: float
    bound: float
    seconds: float


@dataclass(frozen=True, eq=False)
class Search:
    """What a search came to.

    Attributes:
        best: the best curve.
        bound: no curve that the rules allow is better.
        gap: best less bound, over the size of what is decided.
        proven: whether the gap is within the limit.
        ended: why it ended, in words.
        steps: iterations.
        free: the curve that no rule of steps holds.
        cuts: all cuts.
    """

    best: Point
    bound: float
    gap: float
    proven: bool
    ended: str
    steps: tuple[Step, ...]
    free: Point
    cuts: tuple[Cut, ...]


class Searching:
    """A search under way."""

    def __init__(
        self,
        oracle: Oracle,
        missing: Oracle,
        model: CurveModel,
        rating: float,
        reference: float,
        size: Callable[[Point], float],
        limits: Limits,
        say: Callable[[str], None],
    ) -> None:
        """Take what is searched.

        Args:
            oracle: the dispatch with the curve beside it.
            missing: the dispatch that misses as little as it can.
            model: which curves are allowed, and their objective.
            rating: of the line [MW].
            reference: value that nothing is below, so that theta counts from it.
            size: what a gap is measured by, from the best point.
            limits: when it ends.
            say: is told of every iteration.
        """
        self._oracle, self._missing, self._model = oracle, missing, model
        self._rating, self._reference, self._size = rating, reference, size
        self._limits, self._say = limits, say
        self._started = time.perf_counter()
        self._cuts: list[Cut] = []
        self._best: Point | None = None
        self._bound = -np.inf
        self._steps: list[Step] = []
        self._seen: set[bytes] = set()
        self._unit = 1.0

    @property
    def _left(self) -> float:
        return self._limits.seconds - (time.perf_counter() - self._started)

    def run(self) -> Search:
        """Search until the gap is small enough, or time or iterations are over.

        Raises:
            NoSolutionError: no curve can be, with or without steps; or none of those the rules allow.
            SolverError: time was over before any curve was found.
        """
        free = self._oracle.solve(None, self._left)
        self._bound = free.value
        self._take(free, "free curve", allowed=not self._model.whole.any())
        # Theta counts in what the free curve costs beyond the reference, or in the objective of the model.
        self._unit = max(abs(free.value - self._reference), self._size(free) * 1e-2, 1.0)
        ended = self._loop(free) if self._model.whole.any() else "no whole numbers"
        if self._best is None:
            raise SolverError(f"No curve was found: {ended}.")
        gap = self._gap()
        return Search(
            self._best, self._bound, gap, gap <= self._limits.gap, ended, tuple(self._steps), free, tuple(self._cuts)
        )

    def _loop(self, free: Point) -> str:
        kind, proposal = "nearest to the free curve", self._nearest(free.curve)
        while True:
            if proposal is not None:
                key = self._key(proposal)
                if key in self._seen:
                    return "the master proposes what was solved already"
                self._seen.add(key)
                try:
                    self._try(proposal, kind)
                except SolverError:
                    if self._left > 0:
                        raise
                    return "time limit"
            if self._gap() <= self._limits.gap:
                return "gap reached"
            if self._left <= 0:
                return "time limit"
            if len(self._steps) >= self._limits.iterations:
                return "iteration limit"
            kind, proposal = self._proposed()
            if self._gap() <= self._limits.gap:
                return "gap reached"
            if proposal is None:
                return "the master found no curve in its time"

    def _try(self, proposal: Numbers, kind: str) -> None:
        try:
            point = self._oracle.solve(proposal, self._left)
        except NoSolutionError:
            point = self._missing.solve(proposal, self._left)
            cut = point.cut
            if point.value <= 0:
                raise SolverError("A curve that misses nothing was called infeasible.") from None
            self._cuts.append(replace(cut, limit=True))
            self._note("no curve of the pattern can be", float("nan"))
            return
        self._take(point, kind, allowed=True)

    def _take(self, point: Point, kind: str, allowed: bool) -> None:
        self._cuts.append(point.cut)
        if allowed and (self._best is None or point.value < self._best.value):
            self._best = point
        self._note(kind, point.value)

    def _note(self, kind: str, value: float) -> None:
        best = self._best.value if self._best is not None else float("inf")
        step = Step(kind, value, best, self._bound, time.perf_counter() - self._started)
        self._steps.append(step)
        gap = f"{100 * self._gap():.3g} %" if self._best is not None else "-"
        self._say(f"{len(self._steps)}: {kind}: {value:.8g}, best {best:.8g}, bound {self._bound:.8g}, gap {gap}")

    def _gap(self) -> float:
        if self._best is None:
            return np.inf
        return max(self._best.value - self._bound, 0.0) / max(self._size(self._best), 1e-9)

    def _proposed(self) -> tuple[str, Numbers | None]:
        """The next curve to dispatch, of the level problem or of the master; either may raise the bound."""
        while self._best is not None and len(self._steps) % TURNS and self._left > 0 and self._gap() > 0:
            level = self._bound + LEVEL * (self._best.value - self._bound)
            try:
                proposal = self._level(level)
            except NoSolutionError:
                self._bound = level
                if self._gap() <= self._limits.gap:
                    return "level", None
                continue
            if proposal is None or self._key(proposal) in self._seen:
                break
            return "level", proposal
        return "master", self._least()

    def _cut_rows(self, width: int) -> tuple[sp.csr_matrix, Numbers, bool]:
        """The cuts as rows over the columns of a model and theta, with their sides, and whether theta counts."""
        rows, sides = as_rows(self._cuts, self._rating, self._reference, self._unit)
        wide = sp.lil_matrix((rows.shape[0], width + 1))
        if rows.shape[0]:
            wide[:, : self._model.count] = rows[:, :-1]
            wide[:, -1] = rows[:, -1]
        return wide.tocsr(), sides, any(not cut.limit for cut in self._cuts)

    def _least(self) -> Numbers | None:
        """The curve that is best by all cuts, if one is found; raises the bound."""
        model, unit = self._model, self._unit
        cuts, sides, costly = self._cut_rows(len(model.lower))
        matrix = sp.hstack([model.matrix, sp.csr_matrix((model.matrix.shape[0], 1))], format="csr")
        found = seek(
            _problem(
                sp.vstack([matrix, cuts], format="csr"),
                np.concatenate([model.row_lower, np.full(len(sides), -np.inf)]),
                np.concatenate([model.row_upper, sides]),
                np.append(model.lower, -1e6 if costly else 0.0),
                np.append(model.upper, np.inf if costly else 0.0),
                np.append(model.whole, False),
                np.append(model.objective / unit, 1.0),
            ),
            # A quarter of what is allowed is left to the master, so that the rest can be closed.
            self._limits.gap / 4,
            self._seconds,
        )
        self._bound = max(self._bound, found.bound * unit + (self._reference if costly else 0.0))
        return None if found.values is None else found.values[:-1]

    def _level(self, level: float) -> Numbers | None:
        """The allowed curve nearest to the best one that by all cuts is no worse than a level.

        Raises:
            NoSolutionError: there is none, so that no curve is below the level.
        """
        assert self._best is not None
        model, unit, count = self._model, self._unit, self._model.count
        near = model.near(np.arange(count), self._best.curve / self._rating, np.ones(count))
        width = len(near.lower)
        cuts, sides, costly = self._cut_rows(width)
        matrix = sp.hstack([near.matrix, sp.csr_matrix((near.matrix.shape[0], 1))], format="csr")
        worth = np.zeros(width + 1)
        worth[: len(model.lower)], worth[-1] = model.objective / unit, 1.0
        most = (level - (self._reference if costly else 0.0)) / unit
        found = seek(
            _problem(
                sp.vstack([matrix, cuts, sp.csr_matrix(worth)], format="csr"),
                np.concatenate([near.row_lower, np.full(len(sides) + 1, -np.inf)]),
                np.concatenate([near.row_upper, sides, [most]]),
                np.append(near.lower, -1e6 if costly else 0.0),
                np.append(near.upper, np.inf if costly else 0.0),
                np.append(near.whole, False),
                np.append(near.objective, 0.0),
            ),
            NEAR_ENOUGH,
            self._seconds,
        )
        return None if found.values is None else found.values[: len(model.lower)]

    @property
    def _seconds(self) -> float:
        """How long one problem of cuts may be searched [s]."""
        return max(min(MASTER_SECONDS, self._left), 0.1)

    def _key(self, proposal: Numbers) -> bytes:
        """The whole numbers of a proposal."""
        return np.round(proposal[self._model.whole]).astype(np.int8).tobytes()

    def _nearest(self, curve: Numbers) -> Numbers | None:
        """The allowed curve nearest to one, all slots alike."""
        model = self._model
        wanted = curve / self._rating
        near = model.near(np.arange(model.count), wanted, np.ones(model.count))
        found = seek(
            _problem(near.matrix, near.row_lower, near.row_upper, near.lower, near.upper, near.whole, near.objective),
            NEAR_ENOUGH,
            self._seconds,
        )
        return None if found.values is None else found.values[: len(model.lower)]


def _problem(
    matrix: sp.csr_matrix,
    row_lower: Numbers,
    row_upper: Numbers,
    lower: Numbers,
    upper: Numbers,
    whole: NDArray[np.bool_],
    cost: Numbers,
) -> Problem:
    """A problem without labels."""

    def index(count: int) -> Index:
        zero = np.zeros(count, dtype=np.int32)
        return Index(["master"], ["master"], [""], zero, zero.astype(np.int16), zero, np.arange(count, dtype=np.int32))

    return Problem(
        index(matrix.shape[1]), index(matrix.shape[0]), {}, matrix, lower, upper, row_lower, row_upper,
        whole.astype(bool), ["master"], sp.csr_matrix(cost), np.zeros(1),
    )  # fmt: skip
