"""Plans near the least cost: a row that holds the cost within a slack, and capacity in place of the objective.

    near_optimal/cost   cost <= least + slack * |least|     [10^3 CNY/yr]

    minimise   price * (capacity - end) + thrift * (cost - least) + |least|     [CNY/yr]

The slack is of the whole cost of a year, with what nothing changes and the penalties for what is missed: it may be
spent on energy that is not served, too, at its price. `end` is the
capacity that the data allow at the least; of the most, the sign of the first term is turned. What a MW is priced at is
the mean cost of a MW of the system, so that capacities reach the solver in the same size as costs do, and a gap is
one of the cost of a year. The thrift makes the cheapest of all plans with that capacity the answer; it would stop short
of a MW that costs more than price / thrift, which nothing does, and is so small that it hardly loosens what is proven.

Any dual vector proves: no plan within the slack has a capacity beyond

    end + (dual objective - |least| - thrift * slack * |least|) / price         [MW]

A plan as unlike as possible from those before it takes the place of the capacity by what it builds of what they built
(F. Lombardi, B. Pickering, E. Colombo, S. Pfenninger: Policy decision support for renewables deployment through
spatially explicit practically optimal alternatives. Joule 4 (2020) 2185-2207):

    sum(weight[a] * used[a], a),   used[a] = (installed[a] - least[a]) / (most[a] - least[a]),
    weight[a] = sum of used[a] over the plans before

`least` and `most` being what the data allow: what cannot go counts as no choice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.assets import Asset
from qhenergy.model.extend import NewRow, with_rows
from qhenergy.model.problem import Problem
from qhenergy.policy.clause import Requirement
from qhenergy.solving.certificate import Certificate
from qhenergy.solving.clause_rows import rows_of, yearly_row
from qhenergy.solving.solution import Solution

COST = "near_optimal/cost"
LEAST, MOST = "least", "most"
#: Unit of the row of the cost [CNY/yr]: its entries are then of the size of those of other rows.
UNIT = 1e3
#: What a yuan counts of one that the aim is priced at.
THRIFT = 1e-5
#: What stops an end: the cost of a year, a clause, the room of a technology.
MONEY, CLAUSE, ROOM = "cost", "clause", "room"
#: An effect below this share of the largest is none.
FAINT = 0.01


@dataclass(frozen=True)
class Reach:
    """Capacity of some assets in a stage, and what the data allow of it.

    Attributes:
        columns: their installed capacities among the columns of the problem.
        fixed: of those whose capacity is a number [MW].
        least, most: sum of what the data allow of each [MW].
    """

    columns: NDArray[np.int64]
    fixed: float
    least: float
    most: float

    @property
    def span(self) -> float:
        """What the data leave open [MW]."""
        return self.most - self.least

    def end(self, which: str) -> float:
        """What the data allow at the least or at the most [MW]."""
        return self.least if which == LEAST else self.most


def allowed(asset: Asset, stage: int) -> tuple[float, float]:
    """Least and most that the data allow of an asset in a stage [MW]."""
    fixed = asset.fixed[stage]
    if not asset.retirable:
        return fixed, fixed + asset.room[stage]
    return fixed - asset.existing, fixed - asset.gone.get(stage, 0.0) + asset.room[stage]


def reach(problem: Problem, assets: Sequence[Asset], stage: int) -> Reach:
    """What some assets come to in a stage, see `Reach`."""
    index = problem.columns
    at = {
        index.members[index.member[i]]: int(i) for i in index.of("capacity/installed") if int(index.number[i]) == stage
    }
    both = [allowed(a, stage) for a in assets]
    return Reach(
        np.array([at[a.name] for a in assets if not a.decided(stage)], dtype=np.int64),
        sum(a.fixed[stage] for a in assets if a.decided(stage)),
        sum(least for least, _ in both),
        sum(most for _, most in both),
    )


@dataclass(frozen=True)
class Stop:
    """What keeps an end from going further.

    Attributes:
        kind: `cost`, `clause`, or `room` of a technology.
        name: of the clause or technology; empty for the cost.
        effect: how much further the end would go with one hundredth more of it, or less [MW].
    """

    kind: str
    name: str
    effect: float


class Nearby:
    """The problem of a case, asked for other plans than the cheapest.

    Attributes:
        problem: of least cost.
        least: least cost of a year [CNY/yr].
        price: what a MW is priced at [CNY/MW/yr].
    """

    def __init__(self, problem: Problem, least: float, capacity: float) -> None:
        """Take a problem.

        Args:
            problem: of least cost.
            least: its least cost [CNY/yr].
            capacity: of the whole system at least cost [MW].
        """
        self.problem, self.least = problem, least
        self.price = abs(least) / max(capacity, 1.0)

    def budget(self, slack: float) -> float:
        """The most a plan within a slack costs [CNY/yr]."""
        return self.least + slack * abs(self.least)

    def end(self, of: Reach, which: str, slack: float) -> Problem:
        """The problem whose answer is the plan with the least or the most capacity within a slack."""
        sign = 1.0 if which == LEAST else -1.0
        prices = np.zeros(len(self.problem.columns))
        prices[of.columns] = sign * self.price
        return self._aimed(prices, sign * self.price * (of.fixed - of.end(which)), slack)

    def unlike(self, of: Sequence[tuple[Reach, float]], slack: float) -> Problem:
        """The problem whose answer uses least, within a slack, of what has weight.

        Args:
            of: every asset with its weight.
            slack: share of the least cost.
        """
        weighed = [(r, weight) for r, weight in of if weight > 0 and r.span > 0]
        prices, constant = np.zeros(len(self.problem.columns)), 0.0
        mean = float(np.mean([r.span for r, _ in weighed])) if weighed else 0.0
        for r, weight in weighed:
            price = self.price * weight * mean / r.span
            prices[r.columns] += price
            constant += price * (r.fixed - r.least)
        return self._aimed(prices, constant, slack)

    def _aimed(self, prices: NDArray[np.float64], constant: float, slack: float) -> Problem:
        problem, cost = self.problem, self.problem.cost
        at = np.flatnonzero(cost)
        side = (self.budget(slack) - problem.offset) / UNIT
        stage = int(problem.cost_stages.max(initial=0))
        row = NewRow("total", stage, at, cost[at] / UNIT, -np.inf, side)
        made = with_rows(problem, COST, "10^3 CNY/yr", "cost <= least + slack * |least|", [row])
        return replace(
            made,
            cost_names=["aim", "thrift", "scale"],
            costs=sp.csr_matrix(np.vstack([prices, THRIFT * cost, np.zeros(len(cost))])),
            cost_offsets=np.array([constant, THRIFT * (problem.offset - self.least), abs(self.least)]),
            cost_stages=np.full(3, stage, dtype=np.int32),
            cost_weights=np.ones(3),
        )

    def proven(self, proof: Certificate, of: Reach, which: str, slack: float) -> float:
        """The capacity beyond which no plan within the slack goes [MW]."""
        beyond = (proof.dual_objective - (1.0 + THRIFT * slack) * abs(self.least)) / self.price
        return of.least + max(beyond, 0.0) if which == LEAST else of.most - max(beyond, 0.0)

    def marginal(self, solution: Solution) -> float:
        """What another MW at an end would cost [CNY/MW/yr]; NaN where the cost does not stop it."""
        per_cny = self._per_cny(solution)
        return 1.0 / per_cny if per_cny else math.nan

    def _per_cny(self, solution: Solution) -> float:
        """How much further an end would go with another CNY [MW]; the row of the cost is the last one."""
        worth = abs(float(solution.row_duals[-1])) / UNIT
        return (worth + THRIFT) / self.price if worth > FAINT * THRIFT else 0.0

    def stops(
        self, problem: Problem, solution: Solution, asked: Sequence[Requirement],
        technologies: Mapping[str, str],
    ) -> tuple[Stop, ...]:  # fmt: skip
        """What keeps an end from going further, what matters most first.

        Args:
            problem: see `end`.
            solution: of it.
            asked: requirements of the case.
            technologies: technology of every asset.
        """
        duals = np.abs(solution.row_duals)
        found = {(MONEY, ""): self._per_cny(solution) * self.price * abs(self.least)}
        for clause in dict.fromkeys(r.clause.name for r in asked):
            yearly = {yearly_row(problem, r): r for r in asked if r.clause.name == clause}
            for row in rows_of(problem, asked, clause):
                found[CLAUSE, clause] = found.get((CLAUSE, clause), 0.0) + duals[row] * (
                    _asked(problem, solution, yearly[row]) if row in yearly else _side(problem, row)
                )
        reduced = problem.cost - problem.matrix.T @ solution.row_duals
        index = problem.columns
        for at in index.of("capacity/built"):
            if reduced[at] < 0 and math.isfinite(problem.upper[at]):
                key = ROOM, technologies[index.members[index.member[at]]]
                found[key] = found.get(key, 0.0) - reduced[at] * problem.upper[at]
        effects = {key: float(0.01 * value / self.price) for key, value in found.items()}
        largest = max(effects.values(), default=0.0)
        kept = [Stop(*key, value) for key, value in effects.items() if value > FAINT * largest]
        return tuple(sorted(kept, key=lambda stop: -stop.effect))


def _asked(problem: Problem, solution: Solution, asked: Requirement) -> float:
    """What a requirement of the year asks, a share times its base [inside unit]."""
    index, base = problem.columns, 1.0
    if asked.has_base:
        at = index.of(f"{asked.clause.kind}/base")
        own = [i for i in at if index.members[index.member[i]] == asked.clause.name and index.number[i] == asked.stage]
        base = float(solution.values[own[0]])
    return abs(asked.required * base)


def _side(problem: Problem, row: int) -> float:
    sides = np.array([problem.row_lower[row], problem.row_upper[row]])
    return float(np.abs(sides[np.isfinite(sides)]).max(initial=0.0))
