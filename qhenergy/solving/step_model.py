"""The rules of steps as rows: which curves of a day are allowed, with whole numbers where needed.

For the slots h of the day of a season, cyclic (slot 0 follows the last), with x in parts of the rated power:

    minimum <= x[h] <= 1
    rise       x[h] - x[h-1] <= m*up[h]
    fall       x[h-1] - x[h] <= m*down[h],   m the largest change that a rule or the bounds leave
    change     up[h] + down[h] <= 1
    changes    sum(up[h] + down[h], h of the day) <= changes_a_day
    dwell      sum(up[i] + down[i], i = h .. h+D-1) <= 1,   D slots last the dwell
    reversal   up[h] + down[h+j] <= 1,  down[h] + up[h+j] <= 1,   j slots less than the hours without reversal
    member     sum(in[h,i], i) = 1,   in[h,i]: slot h is at level i
    level      x[h] = sum(level[i]*in[h,i], i)   for given levels; each used at most: used[i] >= in[h,i],
               sum(used[i], i) <= levels_a_day
    near       |x[h] - v[i]| <= (1 - minimum)*(1 - in[h,i]),   v[1] <= v[2] <= ...   for levels that are free
    ramp       |x[h] - x[h-1]| <= m   where no change is counted

The ramp holds between neighbouring slots: a change takes no longer than a slot. Free levels are left out where the
number of changes already keeps them few: a day with n changes has n plateaus. Dwell and ramp are rounded up to slots.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.data.curve_rules import CurveRules
from qhenergy.ground.faults import Fault

Numbers = NDArray[np.float64]
DAY = 24.0


@dataclass(frozen=True, eq=False)
class CurveModel:
    """Which curves are allowed and which is best, in parts of the rated power; the slots are the first columns.

    Attributes:
        count: slots.
        matrix, row_lower, row_upper: rows.
        lower, upper, whole: of columns.
        objective: of columns, to be made least; zero if only the dispatch decides.
    """

    count: int
    matrix: sp.csr_matrix
    row_lower: Numbers
    row_upper: Numbers
    lower: Numbers
    upper: Numbers
    whole: NDArray[np.bool_]
    objective: Numbers

    @property
    def with_whole(self) -> NDArray[np.bool_]:
        """Which rows have a whole number in them."""
        return np.asarray((abs(self.matrix) @ self.whole.astype(float)) > 0).ravel()

    def aiming(self, of_slots: Numbers) -> CurveModel:
        """The model that makes a sum over slots least."""
        objective = np.zeros(len(self.lower))
        objective[: self.count] = of_slots
        return replace(self, objective=objective)

    def at_least(self, hours: Numbers, total: float) -> CurveModel:
        """The model whose slots sum up to a least total, weighted."""
        row = np.zeros(len(self.lower))
        row[: self.count] = hours
        return replace(
            self,
            matrix=sp.vstack([self.matrix, sp.csr_matrix(row)], format="csr"),
            row_lower=np.append(self.row_lower, total),
            row_upper=np.append(self.row_upper, np.inf),
        )

    def near(self, slot: NDArray[np.int64], wanted: Numbers, weight: Numbers) -> CurveModel:
        """The model nearest to wanted values: makes sum(weight*|x[slot] - wanted|) least.

        above[i] - below[i] = x[slot[i]] - wanted[i]: what is above and below of each costs its weight.
        """
        table: dict[tuple[int, float], float] = {}
        for k, value, hours in zip(slot.tolist(), wanted.tolist(), weight.tolist(), strict=True):
            table[k, round(value, 9)] = table.get((k, round(value, 9)), 0.0) + hours
        count, old = len(table), len(self.lower)
        at, sides, costs = [], [], []
        for (k, value), hours in table.items():
            at.append(k)
            sides.append(value)
            costs.append(hours)
        rows = np.arange(count)
        more = sp.hstack(
            [
                sp.csr_matrix((np.ones(count), (rows, at)), shape=(count, old)),
                -sp.identity(count),
                sp.identity(count),
            ]
        )
        blank = sp.csr_matrix((self.matrix.shape[0], 2 * count))
        return CurveModel(
            self.count,
            sp.csr_matrix(sp.vstack([sp.hstack([self.matrix, blank]), more])),
            np.concatenate([self.row_lower, sides]),
            np.concatenate([self.row_upper, sides]),
            np.concatenate([self.lower, np.zeros(2 * count)]),
            np.concatenate([self.upper, np.full(2 * count, np.inf)]),
            np.concatenate([self.whole, np.zeros(2 * count, dtype=bool)]),
            np.concatenate([np.zeros(old), costs, costs]),
        )


def rule_faults(rules: CurveRules, where: str = "rules of steps") -> list[Fault]:
    """What is wrong with rules by themselves."""
    faults = []

    def fault(name: str, found: str, expected: str) -> None:
        faults.append(Fault(f"{where}, {name}", found, expected, "Correct the rule."))

    if not 0 <= rules.minimum <= rules.rating:
        fault("minimum", f"{rules.minimum:g} MW", f"a power from 0 to the rating of {rules.rating:g} MW")
    for name, hours in (("dwell", rules.dwell), ("no reversal", rules.no_reversal)):
        if not 0 <= hours <= DAY:
            fault(name, f"{hours:g} h", "hours from 0 to 24")
    for name, number in (("levels", rules.levels_a_day), ("changes", rules.changes_a_day)):
        if number is not None and number < (1 if name == "levels" else 0):
            fault(name, str(number), "a whole number of one or more" if name == "levels" else "zero or more")
    for name, power in (("ramp", rules.ramp), ("largest step", rules.largest_step)):
        if power is not None and power <= 0:
            fault(name, f"{power:g}", "more than zero")
    # At zero the line is out of service, which its least power does not forbid.
    outside = [f"{v:g}" for v in rules.levels if v != 0 and not rules.minimum <= v <= rules.rating]
    if outside:
        fault("allowed levels", ", ".join(outside) + " MW", "powers from the minimum to the rating")
    return faults


@dataclass
class _Builder:
    """Columns and rows as they are written."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    entries: list[dict[int, float]] = field(default_factory=list)
    sides: list[tuple[float, float]] = field(default_factory=list)

    def columns(self, count: int, lower: float, upper: float, whole: bool = False) -> list[int]:
        start = len(self.lower)
        self.lower += [lower] * count
        self.upper += [upper] * count
        self.whole += [whole] * count
        return list(range(start, start + count))

    def row(self, entries: Sequence[tuple[int, float]], lower: float = -math.inf, upper: float = math.inf) -> None:
        row: dict[int, float] = {}
        for column, value in entries:
            row[column] = row.get(column, 0.0) + value
        self.entries.append(row)
        self.sides.append((lower, upper))

    def model(self, count: int) -> CurveModel:
        made = sp.lil_matrix((len(self.entries), len(self.lower)))
        for i, row in enumerate(self.entries):
            for column, value in row.items():
                made[i, column] = value
        sides = np.array(self.sides).reshape(-1, 2)
        return CurveModel(
            count,
            made.tocsr(),
            sides[:, 0],
            sides[:, 1],
            np.array(self.lower),
            np.array(self.upper),
            np.array(self.whole, dtype=bool),
            np.zeros(len(self.lower)),
        )


def step_model(rules: CurveRules, seasons: int, a_day: int) -> CurveModel:
    """The model of the curves that rules allow.

    Args:
        rules: of the line.
        seasons: days that each have a curve of their own.
        a_day: slots of a day.
    """
    made = _Builder()
    lowest = 0.0 if 0.0 in rules.levels else rules.minimum / rules.rating
    slots = [made.columns(a_day, lowest, 1.0) for _ in range(seasons)]
    for day in slots:
        _write_day(made, rules, day)
    return made.model(seasons * a_day)


def _write_day(made: _Builder, rules: CurveRules, day: list[int]) -> None:
    n, step = len(day), DAY / len(day)
    levels = sorted(level / rules.rating for level in set(rules.levels))
    lowest, highest = (levels[0], levels[-1]) if levels else (rules.minimum / rules.rating, 1.0)
    most = min(
        highest - lowest,
        rules.largest_step / rules.rating if rules.largest_step is not None else math.inf,
        rules.ramp * step / rules.rating if rules.ramp is not None else math.inf,
    )
    dwell, reversal = (math.ceil(hours / step - 1e-9) for hours in (rules.dwell, rules.no_reversal))
    # A day of n changes has n plateaus, and no more levels than these; without a change it has one.
    plateaus = max(1, min(n if rules.changes_a_day is None else rules.changes_a_day, n // max(dwell, 1)))
    if dwell > 1 or reversal > 1 or rules.changes_a_day is not None:
        _write_changes(made, rules, day, most, dwell, reversal)
    elif most < highest - lowest - 1e-12:
        for h in range(n):
            made.row([(day[h], 1.0), (day[h - 1], -1.0)], -most, most)
    if levels:
        _write_given_levels(made, day, levels, rules.levels_a_day)
    elif rules.levels_a_day is not None and rules.levels_a_day < plateaus:
        _write_free_levels(made, day, rules.levels_a_day, lowest)


def _write_changes(made: _Builder, rules: CurveRules, day: list[int], most: float, dwell: int, reversal: int) -> None:
    n = len(day)
    up, down = (made.columns(n, 0.0, 1.0, whole=True) for _ in range(2))
    for h in range(n):
        made.row([(day[h], 1.0), (day[h - 1], -1.0), (up[h], -most)], upper=0.0)
        made.row([(day[h - 1], 1.0), (day[h], -1.0), (down[h], -most)], upper=0.0)
        held = [(h + i) % n for i in range(min(max(dwell, 1), n))]
        made.row([(part[i], 1.0) for i in held for part in (up, down)], upper=1.0)
        for j in range(max(dwell, 1), min(reversal, n)):
            made.row([(up[h], 1.0), (down[(h + j) % n], 1.0)], upper=1.0)
            made.row([(down[h], 1.0), (up[(h + j) % n], 1.0)], upper=1.0)
    if rules.changes_a_day is not None:
        made.row([(part[h], 1.0) for h in range(n) for part in (up, down)], upper=float(rules.changes_a_day))


def _write_given_levels(made: _Builder, day: list[int], levels: list[float], number: int | None) -> None:
    at = [made.columns(len(levels), 0.0, 1.0, whole=True) for _ in day]
    for h, members in enumerate(at):
        made.row([(m, 1.0) for m in members], 1.0, 1.0)
        made.row([(day[h], 1.0), *((m, -v) for m, v in zip(members, levels, strict=True))], 0.0, 0.0)
    if number is not None and number < len(levels):
        used = made.columns(len(levels), 0.0, 1.0, whole=True)
        for members in at:
            for u, m in zip(used, members, strict=True):
                made.row([(m, 1.0), (u, -1.0)], upper=0.0)
        made.row([(u, 1.0) for u in used], upper=float(number))


def _write_free_levels(made: _Builder, day: list[int], number: int, lowest: float) -> None:
    room = 1.0 - lowest
    values = made.columns(number, lowest, 1.0)
    for low, high in pairwise(values):
        made.row([(low, 1.0), (high, -1.0)], upper=0.0)
    for slot in day:
        members = made.columns(number, 0.0, 1.0, whole=True)
        made.row([(m, 1.0) for m in members], 1.0, 1.0)
        for m, v in zip(members, values, strict=True):
            made.row([(slot, 1.0), (v, -1.0), (m, room)], upper=room)
            made.row([(v, 1.0), (slot, -1.0), (m, room)], upper=room)
