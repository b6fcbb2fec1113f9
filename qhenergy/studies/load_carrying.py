"""The load that a fleet can carry: capacities as they were planned, and another objective.

    maximise load                                          [MW]
    balance/energy      supply[z,t] = demand[z,t] + share[z] * load      [MWh/h]
    credit/unserved     sum(weight[t] * unserved[z,t]) <= unserved share * demand of the year      [MWh]

`load` is flat through all modelled hours, and shared over zones, all or those of the case, as their highest demand of
the year: where a zone has no way in for more, its share of the load would be all that is told. Everything else that an
hour may lack at a price (send-out, heat, hydrogen, water) is short by no more than it was planned to be in that hour.
Clauses bind as in the plan, but for those on capacities, which are decided. See `capacity_credit` for what is made of
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.family import window_name
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.model.assemble import Assembled
from qhenergy.model.decisions import Decisions, decided, without_clauses_on_capacity
from qhenergy.model.extend import NewColumn, NewRow, with_columns, with_rows
from qhenergy.model.problem import Problem
from qhenergy.outcome.measures import PENALTIES
from qhenergy.studies.portfolio_problem import BUILT, ENERGY_BUILT

LOAD, UNSERVED_ROW, UNSERVED = "credit/load", "credit/unserved", "demand/unserved"
#: What a MW of load counts [CNY/yr]: about an annuity, so that numbers are as large as a plan's.
PRICE = 1e5
#: What is lacking by less is not [MW].
SLACK = 1e-3


def shares(assembled: Assembled, stage: int) -> dict[str, float]:
    """Share of each zone in a flat load: its highest demand of the year over the sum of these [-].

    Raises:
        InputError: the case names a zone without demand.
    """
    peaks = assembled.system.series[f"demand/{stage}"].max()
    wanted = assembled.system.case.portfolios.load_zones
    known = [str(zone) for zone, peak in peaks.items() if peak > 0]
    faults = [
        Fault("case, portfolios.load_zones", f'"{zone}"', f"zones with demand: {listed(known)}", nearest(zone, known))
        for zone in wanted
        if zone not in known
    ]
    if faults:
        raise InputError(faults, "the case")
    if wanted:
        peaks = peaks[list(wanted)]
    return {str(zone): float(peak) / float(peaks.sum()) for zone, peak in peaks.items() if peak > 0}


class Fleet:
    """A fleet as it was planned, and the loads it can carry.

    Attributes:
        made: what was decided of capacities.
        lacking: values of the columns of the plan, which say what it may lack in each hour.
    """

    def __init__(self, assembled: Assembled, stage: int, made: Decisions, lacking: NDArray[np.float64]) -> None:
        self._assembled, self._stage = assembled, stage
        self.made, self.lacking = made, lacking

    def problem(self, unserved: float, changed: Mapping[str, tuple[float, float]] | None = None) -> Problem:
        """The problem of the largest load; its column is the last one.

        Args:
            unserved: share of the demand of the year that may be unserved.
            changed: least and most new capacity of assets that are not as planned [MW]; what they can store is free.
        """
        problem, stage = self._assembled.problem, self._stage
        changed = changed or {}
        kept = {k: v for k, v in self.made.items() if not (k[0] in (BUILT, ENERGY_BUILT) and k[1] in changed)}
        problem = without_clauses_on_capacity(decided(problem, kept))
        problem = self._as_short_as_planned(problem, free=unserved > 0)
        lower, upper, index = problem.lower.copy(), problem.upper.copy(), problem.columns
        for at in index.of(BUILT):
            name = index.members[index.member[at]]
            if name in changed and int(index.number[at]) == stage:
                lower[at], upper[at] = changed[name]
        problem = replace(problem, lower=lower, upper=upper)
        rows = problem.rows.of("balance/energy")
        zones = [problem.rows.members[m] for m in problem.rows.member[rows]]
        share = shares(self._assembled, stage)
        coefficients = np.array([-share.get(zone, 0.0) for zone in zones])
        if unserved > 0:
            problem = self._with_some_unserved(problem, unserved)
        column = NewColumn("load", stage, rows[coefficients != 0], coefficients[coefficients != 0], 0.0, LOAD)
        meaning = "flat load beyond the demand, shared over zones as their highest demand"
        problem = with_columns(problem, LOAD, "MW", meaning, [column])
        lower = problem.lower.copy()
        # A fleet that cannot serve its own demand carries less than none.
        lower[-1] = -np.inf
        cost = np.zeros(len(lower))
        cost[-1] = -PRICE
        return with_objective(replace(problem, lower=lower), cost, LOAD, stage)

    def _as_short_as_planned(self, problem: Problem, free: bool) -> Problem:
        """No hour lacks more than was planned of what has a price, and demand is served."""
        upper, unserved = problem.upper.copy(), problem.columns.of(UNSERVED)
        penal = [name.split("/", 1)[0] in (*PENALTIES, "water missed") for name in problem.cost_names]
        at = np.unique(problem.costs[np.flatnonzero(penal)].nonzero()[1])
        at = np.setdiff1d(at, unserved)
        planned = np.maximum(self.lacking[at], 0.0)
        upper[at] = np.minimum(upper[at], np.where(planned > SLACK, planned, 0.0))
        if not free:
            upper[unserved] = 0.0
        return replace(problem, upper=upper)

    def _with_some_unserved(self, problem: Problem, share: float) -> Problem:
        spans = self._assembled.system.chronology.of_stage(self._stage)
        weight = {window_name(span.index): span.weight * self._assembled.system.case.time.step for span in spans}
        of_block = np.array([weight.get(name, 0.0) for name in problem.columns.blocks])
        at = problem.columns.of(UNSERVED)
        rows = problem.rows.of("balance/energy")
        demand = float(of_block[problem.rows.block[rows]] @ problem.row_lower[rows])
        row = NewRow("system", self._stage, at, of_block[problem.columns.block[at]], -np.inf, share * demand)
        algebra = "sum(weight[t] * unserved[z,t]) <= unserved share * demand of the year"
        return with_rows(problem, UNSERVED_ROW, "MWh", algebra, [row])


def with_objective(problem: Problem, cost: NDArray[np.float64], name: str, stage: int) -> Problem:
    """The problem with another objective [CNY/yr per unit], of one name, in place of all costs."""
    return replace(
        problem,
        cost_names=[name],
        costs=sp.csr_matrix(cost[None, :]),
        cost_offsets=np.zeros(1),
        cost_stages=np.array([stage], dtype=np.int32),
        cost_weights=np.ones(1),
    )
