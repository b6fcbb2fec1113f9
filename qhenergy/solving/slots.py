"""The slots of a curve: which rows of a fixed fleet's problem each value of a curve of a day stands in.

A curve of a day has one value for every season and every slot of the day (24 hours or 96 quarter-hours, Beijing
time), the same for all days of the season:

    send_out/schedule   sent[l,t] + shortfall[l,t] = x[k(t)]   [MW],   k(t) the slot of step t

so that a problem is assembled once, for any curve, and another curve is other right-hand sides. The value of a slot
counts `hours[k]` hours of the year, the weights of the modelled hours that stand in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.family import window_name
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.model.assemble import Assembled
from qhenergy.model.extend import NewRow, with_rows
from qhenergy.model.problem import Index, Problem

SCHEDULE, SENT, SHORTFALL = "send_out/schedule", "send_out/sent", "send_out/shortfall"
HOURS_OF_DAY = 24
#: First month of the first season; two are the half-years of high and of low water.
FIRST_MONTH = {1: 1, 2: 5, 3: 3, 4: 3, 6: 3, 12: 1}
#: A column that may move by more is not fixed.
FIXED = 1e-6

Places = NDArray[np.int64]
Numbers = NDArray[np.float64]
Seasons = tuple[tuple[int, ...], ...]


def seasons_of(count: int) -> Seasons:
    """The year in so many seasons of as many months each; four are spring, summer, autumn and winter.

    Raises:
        KeyError: a number that does not divide twelve.
    """
    first, length = FIRST_MONTH[count], 12 // count
    return tuple(tuple((first - 1 + i * length + m) % 12 + 1 for m in range(length)) for i in range(count))


@dataclass(frozen=True, eq=False)
class Slots:
    """Where a line's curve stands in a problem.

    Attributes:
        line: the line.
        rating: its rated power [MW].
        seasons: months of each season.
        a_day: slots of a day.
        rows: its schedule rows.
        sent, shortfall: its columns, one for each of these rows.
        slot: of each row: season times slots of a day, plus the slot of the day.
        weight: hours of the year each row stands for [h].
        price: of what is not sent [CNY/MWh].
    """

    line: str
    rating: float
    seasons: Seasons
    a_day: int
    rows: Places
    sent: Places
    shortfall: Places
    slot: Places
    weight: Numbers
    price: float

    @property
    def count(self) -> int:
        """Values of a curve."""
        return len(self.seasons) * self.a_day

    @property
    def step(self) -> float:
        """Length of a slot [h]."""
        return HOURS_OF_DAY / self.a_day

    @property
    def hours(self) -> Numbers:
        """Hours of the year that each value stands for [h]."""
        return self.summed(self.weight)

    @property
    def hour_of_day(self) -> Numbers:
        """Hour of the day at which the slot of each value begins [h]."""
        return np.tile(np.arange(self.a_day) * self.step, len(self.seasons))

    def summed(self, of_rows: Numbers) -> Numbers:
        """What stands at rows, summed by slot."""
        return np.bincount(self.slot, of_rows, self.count)

    def mean(self, of_rows: Numbers) -> Numbers:
        """What stands at rows, as weighted mean of every slot."""
        return self.summed(self.weight * of_rows) / np.where(self.hours > 0, self.hours, 1.0)

    def at(self, problem: Problem, curve: Numbers) -> Problem:
        """The problem that asks for a curve [MW]."""
        row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
        row_lower[self.rows] = row_upper[self.rows] = curve[self.slot]
        return replace(problem, row_lower=row_lower, row_upper=row_upper)


def slots_of(assembled: Assembled, line: str, seasons: Seasons, a_day: int = HOURS_OF_DAY) -> Slots:
    """Find the slots of a line; a slot without a modelled hour is free within the rules of steps.

    Args:
        assembled: a fixed fleet of one stage; the line is sent by a curve.
        line: the line.
        seasons: months of each season.
        a_day: slots of a day; windows begin at a full hour.

    Raises:
        InputError: an unknown line or one without a curve, capacities that are free, units that are committed,
            several stages, or a season without a modelled hour.
    """
    problem, system = assembled.problem, assembled.system
    rows = _of(problem.rows, SCHEDULE, line)
    faults = list(_faults(assembled, line, len(rows)))
    if faults:
        raise InputError(faults, "the curve")
    spans = {window_name(span.index): span for span in system.chronology.spans}
    within = a_day // HOURS_OF_DAY
    slot, weight = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows))
    season_of = {month: i for i, months in enumerate(seasons) for month in months}
    for i, row in enumerate(rows):
        span = spans[problem.rows.blocks[problem.rows.block[row]]]
        number = int(problem.rows.number[row])
        hour = int(span.hours[number])
        of_day = int(system.hour_of_day[hour]) * within + number % within
        slot[i] = season_of[int(system.month[hour])] * a_day + of_day
        weight[i] = span.weight * HOURS_OF_DAY / a_day
    asked = system.inputs["send_out"].loc[line]
    made = Slots(
        line, float(asked["capacity"]), seasons, a_day, rows, _beside(problem, SENT, line, rows),
        _beside(problem, SHORTFALL, line, rows), slot, weight, float(asked["shortfall_price"]),
    )  # fmt: skip
    seen = {int(k) // a_day for k in slot}
    if len(seen) < len(seasons):
        names = listed(["-".join(map(str, months)) for i, months in enumerate(seasons) if i not in seen])
        found = f"no modelled hour in the season of months {names}"
        remedy = "Ask for fewer seasons, or model more periods."
        raise InputError([Fault("--optimise, seasons", found, "hours of every season", remedy)], "the options")
    return made


def _faults(assembled: Assembled, line: str, rows: int) -> list[Fault]:
    problem, case = assembled.problem, assembled.system.case
    table = assembled.system.inputs["send_out"]
    faults = []
    if line not in table.index:
        remedy = nearest(line, map(str, table.index)) or f"Name one of {listed(map(str, table.index))}."
        faults.append(Fault("--line", f'"{line}"', "a line of send_out.csv", remedy))
    elif not rows:
        remedy = "Give it schedule = curve, and a stage in which it stands."
        faults.append(Fault(f"send_out.csv ({line})", "no hour with a curve", "a line that stands by a curve", remedy))
    if len(case.stages) > 1:
        stages = listed([str(y) for y in case.stages])
        faults.append(Fault("case, stages", stages, "one stage", "Keep the stage whose fleet is meant."))
    free = [
        i
        for family in ("capacity/built", "capacity/retired", "capacity/energy_built")
        for i in problem.columns.of(family)
    ]
    loose = [i for i in free if problem.upper[i] - problem.lower[i] > FIXED]
    if loose:
        names = listed([problem.columns.members[problem.columns.member[i]] for i in loose], 6)
        remedy = "Fix it at a result or at the year of the case."
        faults.append(Fault("the fleet", f"capacities that are free: {names}", "a fixed fleet", remedy))
    if problem.whole.any():
        remedy = "Leave commitment out: the cost of a curve is convex without it."
        faults.append(Fault("the problem", "whole units", "no whole numbers in the dispatch", remedy))
    return faults


def _of(index: Index, family: str, member: str) -> Places:
    places = index.of(family)
    if member not in index.members:
        return places[:0]
    return places[index.member[places] == index.members.index(member)]


def _beside(problem: Problem, family: str, line: str, rows: Places) -> Places:
    """The column of a family at the block and number of each row."""
    index = problem.columns
    at = {(index.block[p], index.number[p]): p for p in _of(index, family, line)}
    return np.array([at[problem.rows.block[r], problem.rows.number[r]] for r in rows], dtype=np.int64)


def unasked(problem: Problem, slots: Slots) -> Problem:
    """The problem in which the line sends what it likes up to its rating, and misses nothing."""
    row_lower, row_upper, upper = problem.row_lower.copy(), problem.row_upper.copy(), problem.upper.copy()
    row_lower[slots.rows], row_upper[slots.rows], upper[slots.shortfall] = -np.inf, np.inf, 0.0
    return replace(problem, row_lower=row_lower, row_upper=row_upper, upper=upper)


def held(problem: Problem, slots: Slots) -> Problem:
    """The problem in which nothing of the curve may be missed."""
    upper = problem.upper.copy()
    upper[slots.shortfall] = 0.0
    return replace(problem, upper=upper)


def priced(problem: Problem, slots: Slots, price: float) -> Problem:
    """The problem in which what is missed of the curve has another price [CNY/MWh]."""
    keep = np.ones(problem.matrix.shape[1])
    keep[slots.shortfall] = 0.0
    name = problem.cost_names.index("send-out shortfall") if "send-out shortfall" in problem.cost_names else 0
    paid = sp.csr_matrix(
        (price * slots.weight, (np.full(len(slots.rows), name), slots.shortfall)), shape=problem.costs.shape
    )
    return replace(problem, costs=sp.csr_matrix(problem.costs @ sp.diags(keep) + paid))


def costless(problem: Problem) -> Problem:
    """The problem in which nothing costs anything: whether it can be, not at what cost."""
    return replace(problem, costs=problem.costs * 0.0, cost_offsets=problem.cost_offsets * 0.0)


def missing(problem: Problem, slots: Slots) -> Problem:
    """The problem that misses as little of the curve as it can: its cost is what is missed [MWh/yr]."""
    upper = problem.upper.copy()
    upper[slots.shortfall] = np.inf
    return priced(replace(costless(problem), upper=upper), slots, 1.0)


def no_more_penalties(problem: Problem, slots: Slots, groups: Sequence[str], values: Numbers) -> Problem:
    """The problem in which penalties are no higher than in a dispatch, group by group.

    What is not served at home and what is missed of clauses may not pay for what is sent. Where the dispatch has
    none of a group its columns are held at zero; else their sum is held.

    Args:
        problem: the fixed fleet.
        slots: of the line, whose own shortfall is no such penalty.
        groups: first words of the names of costs that are penalties.
        values: of the dispatch.
    """
    own = np.ones(problem.matrix.shape[1])
    own[slots.shortfall] = 0.0
    upper, rows = problem.upper.copy(), []
    for group in dict.fromkeys(name.partition("/")[0] for name in problem.cost_names):
        if group not in groups:
            continue
        names = np.array([n.partition("/")[0] == group for n in problem.cost_names], dtype=float)
        cost = np.asarray(problem.costs.T @ names).ravel() * own
        columns = np.flatnonzero(cost > 0)
        if not len(columns):
            continue
        paid, dearest = float(cost @ values), float(cost[columns].max())
        # A millionth of a unit at the dearest price is rounding.
        if paid <= 1e-6 * dearest * max(1.0, len(columns) * 1e-3):
            upper[columns] = 0.0
        else:
            most = paid / dearest * (1.0 + 1e-6)
            rows.append(NewRow(group, 0, columns, cost[columns] / dearest, -np.inf, most))
    made = replace(problem, upper=np.maximum(upper, problem.lower))
    algebra = "sum(penalties of a group) <= those of the dispatch without the curve"
    return with_rows(made, "curve/penalties", "unit of the dearest", algebra, rows) if rows else made


def least_energy(problem: Problem, slots: Slots, energy: float) -> Problem:
    """The problem in which so much is sent in the year, at least [MWh]."""
    row = NewRow(slots.line, 0, slots.sent, slots.weight, energy, np.inf)
    return with_rows(problem, "curve/energy", "MWh", "sum(weight[t]*sent[l,t], t of the year) >= energy", [row])


def most_cost(problem: Problem, cost: float) -> Problem:
    """The problem that costs so much in the year, at most [CNY/yr]."""
    of_columns = problem.cost
    columns = np.flatnonzero(of_columns)
    row = NewRow("year", 0, columns, of_columns[columns] / 1e3, -np.inf, (cost - problem.offset) / 1e3)
    return with_rows(problem, "curve/cost", "10^3 CNY", "sum(costs of the year) <= cost", [row])
