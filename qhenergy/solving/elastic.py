"""A problem whose levers give at a price, and whose own costs are left out.

Every amount that a lever may give is a column more. A row gives by a coefficient in it; the upper bound of a
column gives by a row that takes its place; what must be delivered gives by a row that adds up what is not.
Such a problem has a solution wherever the rest of the system has one, and its duals say how much each of the
other levers could save at most: the sum is convex in what a lever gives, so a lever whose dual is zero cannot
mend anything by itself, and one whose dual is not has to give at least the sum over its dual.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from qhenergy.ground.faults import NoSolutionError, SolverError
from qhenergy.model.problem import Problem
from qhenergy.solving.highs import solve
from qhenergy.solving.levers import Give, Lever, Numbers, Places
from qhenergy.solving.profile import Attempt, Profile

#: Columns above which an interior point answers sooner than simplex.
LARGE = 20_000
#: Less than this share of its size counts as nothing given: by simplex, and by an interior point.
NOTHING, NOTHING_LARGE = 1e-6, 1e-5
#: Most that is asked for where more is better, over the size.
MOST = 10.0


@dataclass(frozen=True, eq=False)
class Given:
    """An answer: what is given in all, and what one more unit of any lever would save.

    Attributes:
        shares: what each lever gives, over its size.
        parts: what each amount of each lever gives [inside unit].
        slopes: by how much the priced sum falls per share that a lever gives; none can do more by itself.
        values: of the problem's own columns.
        total: the priced sum.
    """

    shares: Numbers
    parts: list[Numbers]
    slopes: Numbers
    values: Numbers
    total: float


class Elastic:
    """A problem whose costs are what its levers give."""

    def __init__(self, problem: Problem, found: Sequence[Lever], profile: Profile) -> None:
        attempts = [Attempt(name="simplex", options={"solver": "simplex", "primal_feasibility_tolerance": 1e-9})]
        self.large = problem.matrix.shape[1] > LARGE
        if self.large:
            interior = {"solver": "hipo", "run_crossover": "off", "ipm_optimality_tolerance": 1e-7}
            attempts.insert(0, Attempt(name="hipo", options=interior))
        self.profile = Profile(
            title="questions of an explanation", power_scale=profile.power_scale, money_scale=1.0,
            attempt=tuple(attempts),
        )  # fmt: skip
        self._problem = problem
        self.levers = list(found)
        self.nothing = NOTHING_LARGE if self.large else NOTHING
        self.solved = 0

    def least(self, prices: Mapping[int, float], free: Collection[int] = ()) -> Given | None:
        """The least that has to be given.

        Args:
            prices: price of a share of each lever that may give; a negative one asks for as much as there is.
            free: levers that are not asked at all.

        Returns:
            The answer; None if whatever is given leaves no solution.
        """
        elastic, columns = self._stretched(prices, free)
        self.solved += 1
        try:
            solution = solve(elastic, self.profile)
        except (NoSolutionError, SolverError):
            return None
        width, height = self._problem.matrix.shape[1], self._problem.matrix.shape[0]
        given = [np.zeros(len(lever.gives)) for lever in self.levers]
        for place, (i, k) in enumerate(columns):
            given[i][k] = solution.values[width + place] * self.levers[i].size
        shares = np.array([part.sum() for part in given]) / np.array([lever.size for lever in self.levers])
        duals = solution.row_duals[:height]
        reduced = -np.asarray(self._problem.matrix.T @ duals).ravel()
        slopes = np.array([self._slope(lever, duals, reduced) for lever in self.levers])
        total = float(sum(price * shares[i] for i, price in prices.items()))
        return Given(shares, given, slopes, solution.values[:width], total)

    @staticmethod
    def _slope(lever: Lever, duals: Numbers, reduced: Numbers) -> float:
        """What the priced sum falls by per share, of the amount of the lever that is worth most."""

        def worth(give: Give) -> float:
            of_rows = float(give.row_signs @ duals[give.rows])
            of_bounds = float(give.column_factors @ np.maximum(-reduced[give.columns], 0.0))
            opened = -reduced[give.opened] / give.weights if len(give.opened) else np.zeros(1)
            return of_rows + of_bounds + max(float(opened.max()), 0.0)

        return lever.size * max(worth(give) for give in lever.gives)

    def _stretched(self, prices: Mapping[int, float], free: Collection[int]) -> tuple[Problem, list[tuple[int, int]]]:
        """The problem with a column for every amount that is given, and whose amount each is."""
        problem = self._problem
        height, width = problem.matrix.shape
        lower, upper = problem.lower, problem.upper.copy()
        row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
        columns = [(i, k) for i in sorted(prices) for k in range(len(self.levers[i].gives))]
        entries: list[tuple[Places, Places, Numbers]] = []
        sides: list[Numbers] = []
        below = height
        for i, lever in enumerate(self.levers):
            for k, give in enumerate(lever.gives):
                if i in free:
                    row_lower[give.rows], row_upper[give.rows] = -np.inf, np.inf
                    upper[give.columns] = np.inf
                elif i not in prices:
                    upper[give.opened] = 0.0
                    continue
                row_lower[lever.hours], row_upper[lever.hours] = -np.inf, np.inf
                if i in free:
                    continue
                place = width + columns.index((i, k))
                entries.append((give.rows, np.full(len(give.rows), place), give.row_signs * lever.size))
                if len(give.columns):
                    new = np.arange(below, below + len(give.columns))
                    entries.append((new, give.columns, np.ones(len(new))))
                    entries.append((new, np.full(len(new), place), -give.column_factors * lever.size))
                    sides.append(problem.upper[give.columns])
                    upper[give.columns] = np.inf
                    below += len(new)
                if len(give.opened):
                    entries.append((np.full(len(give.opened), below), give.opened, give.weights / lever.size))
                    entries.append((np.array([below]), np.array([place]), np.array([-1.0])))
                    sides.append(np.zeros(1))
                    below += 1
        matrix = problem.matrix.copy()
        matrix.resize((below, width + len(columns)))
        if entries:
            rows, at, values = (np.concatenate(part) for part in zip(*entries, strict=True))
            matrix = matrix + sp.csr_matrix((values, (rows, at)), shape=matrix.shape)
        costs = np.concatenate([np.zeros(width), [prices[i] for i, _ in columns]])
        more = len(columns)
        # What is asked for as much as there is needs an end.
        most = [np.inf if prices[i] > 0 else MOST for i, _ in columns]
        return replace(
            problem,
            matrix=matrix.tocsr(),
            lower=np.concatenate([lower, np.zeros(more)]),
            upper=np.concatenate([upper, most]),
            row_lower=np.concatenate([row_lower, np.full(below - height, -np.inf)]),
            row_upper=np.concatenate([row_upper, *sides]),
            whole=np.zeros(width + more, dtype=bool),
            cost_names=["given"],
            costs=sp.csr_matrix(costs[None, :]),
            cost_offsets=np.zeros(1),
            cost_stages=np.zeros(0, dtype=np.int32),
            cost_weights=np.zeros(0),
        ), columns
