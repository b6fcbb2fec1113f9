"""The largest power a line can be counted on for: flat all day, or in the evening, in a share of the hours.

With q[t] what an hour misses of the level F, and W the hours of the year that are asked:

    largest F   subject to   sent[t] + q[t] >= F,   q[t] = 0 in the hours that are kept,
                             sum(weight[t], hours left out) <= (1 - share)*W

In hours that are not asked, and in those left out, the line sends what it likes. Nothing is missed at home for it:
unserved energy and clauses missed may not be more than where the line sends what it likes all year.

At 100 % no hour may be left out: one linear problem. Else which hours are left out is a choice, a chance constraint:

* the bound: an hour left out misses F at most, so that  sum(weight[t]*q[t]) <= (1 - share)*W*F  holds for every level
  that can be. The largest F under this row alone, linear in F and q, is above all of them;
* the level found: hours are left out where the bound misses most, or where a level kept in all hours has the highest
  duals, part by part. Then hours that are left out and not missed are changed for those whose duals are highest, as
  long as the level rises and there is time. Each is a level that can be held.

Both are stated. With `exact` seconds a problem with a whole number for each hour is searched too (big-M with the
bound as M), which may close what is between.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.ground.faults import Fault, InputError
from qhenergy.model.extend import NewColumn, NewRow, with_columns, with_rows
from qhenergy.model.problem import Problem
from qhenergy.outcome.better_curve import Firm, what_binds
from qhenergy.solving.cuts import PATIENCE
from qhenergy.solving.highs import resume, seek, solve
from qhenergy.solving.slots import HOURS_OF_DAY, costless, no_more_penalties, unasked
from qhenergy.solving.solution import Basis, Progress, Solution
from qhenergy.studies.portfolio import FIXED, FIXED_ENERGY
from qhenergy.studies.stepwise import GROUPS, Study

Numbers = NDArray[np.float64]
Chosen = NDArray[np.bool_]
SHARES = (0.95, 0.99, 1.0)
EVENING = (18, 22)
#: A level that rises by less is the same [MW].
SAME = 1e-4
#: Share of the hours to leave out that is chosen at once by duals.
PARTS = 3
#: Most changes of hours, and how long they are made for each share [s].
CHANGES, SECONDS = 12, 300.0


def firm_levels(
    study: Study,
    shares: Sequence[float] = SHARES,
    hours: tuple[int, int] = (0, 0),
    exact: float = 0.0,
    seconds: float = SECONDS,
) -> list[Firm]:
    """The largest level at each of several shares of the hours.

    Args:
        study: the line and its fleet.
        shares: of the hours in which the level is delivered, above 0 and up to 1.
        hours: of the day, from the first to before the last, through midnight if the last is less; all if the same.
        exact: how long whole numbers are searched for each share [s].
        seconds: after which the hours of a share are not changed for others [s].

    Raises:
        InputError: a share or an hour out of range, no modelled hour among those asked.
        SolverError: a problem was not proven optimal.
    """
    faults = [
        Fault("--firm, share", f"{share:g}", "a share above 0 and up to 1", "Correct it.")
        for share in shares
        if not 0 < share <= 1
    ]
    faults += [
        Fault("--firm, hours", str(hour), "an hour of the day from 0 to 24", "Correct it.")
        for hour in hours
        if not 0 <= hour <= HOURS_OF_DAY
    ]
    if faults:
        raise InputError(faults, "the options")
    levels = _Levels(study, hours, exact, seconds)
    return [levels.at(share) for share in shares]


class _Levels:
    """The problem of a level, and the levels found so far."""

    def __init__(self, study: Study, hours: tuple[int, int], exact: float, seconds: float) -> None:
        self._study, self._exact, self._seconds, self._say = study, exact, seconds, study.say
        slots = study.slots
        of_day = slots.hour_of_day[slots.slot]
        first, last = hours
        within = (of_day >= first) & (of_day < last) if first < last else (of_day >= first) | (of_day < last)
        self.asked = np.flatnonzero(within)
        self.weight = slots.weight[self.asked]
        self.total = float(self.weight.sum())
        self.hours = (first, last, self.total)
        self._free = no_more_penalties(unasked(study.assembled.problem, slots), slots, GROUPS, study.reference.values)
        self._width = len(self._free.lower)
        self._problem = self._written(costless(self._free))
        self._basis: Basis | None = None
        self._cold = 0.0

    def _written(self, problem: Problem) -> Problem:
        """The problem with the level, what each hour misses of it, and the row of what all hours miss."""
        slots, width, count = self._study.slots, self._width, len(self.asked)
        none, ones = np.zeros(0, dtype=np.int64), np.zeros(0)
        columns = [NewColumn(slots.line, 0, none, ones, -1.0, "level")]
        columns += [NewColumn(slots.line, i + 1, none, ones, 0.0, "level") for i in range(count)]
        problem = with_columns(problem, "firm/level", "MW", "the level, and what hours miss of it", columns)
        rows = [
            NewRow(
                slots.line, i, np.array([slots.sent[t], width + 1 + i, width]), np.array([1.0, 1.0, -1.0]), 0.0, np.inf
            )
            for i, t in enumerate(self.asked)
        ]
        problem = with_rows(problem, "firm/delivered", "MW", "sent[l,t] + missed[t] >= level", rows)
        at = np.concatenate([[width], width + 1 + np.arange(count)])
        # Side by side with the other rows it is measured in the mean of hours.
        sum_row = NewRow(slots.line, 0, at, np.concatenate([[-1.0], self.weight / self.total]), -np.inf, np.inf)
        problem = with_rows(problem, "firm/missed", "MW", "sum(weight*missed) <= (1 - share)*hours*level", [sum_row])
        upper = problem.upper.copy()
        upper[width] = slots.rating
        return replace(problem, upper=upper)

    def at(self, share: float) -> Firm:
        """The largest level at a share of the hours."""
        budget, until = (1.0 - share) * self.total * (1.0 + 1e-9), time.perf_counter() + self._seconds
        everywhere = np.zeros(len(self.asked), dtype=bool)
        level, solution = self._kept(everywhere)
        best, bound = (level, solution, everywhere), level
        if budget >= self.weight.min():
            bound_solution = self._bounded(1.0 - share)
            bound = float(bound_solution.values[self._width])
            missed = self._missed(bound_solution)
            for start in self._starts(missed, solution, budget):
                found = self._improved(start, budget, until)
                best = found if found[0] > best[0] + SAME else best
                if bound - best[0] <= SAME or time.perf_counter() >= until:
                    break
            if self._exact and bound - best[0] > SAME:
                best, bound = self._searched(best, bound, budget)
        level, solution, out = best
        self._say("firm", f"{100 * share:g} %: {level:.6g} MW, at most {bound:.6g} MW")
        slots, duals = self._study.slots, solution.row_duals
        binds = what_binds(self._sides(out), solution.values, duals, slots.rows, (FIXED, FIXED_ENERGY))
        binding = tuple(b for b in binds if not b.family.startswith("firm/"))
        missing = float(self.weight @ (self._missed(solution) > SAME))
        cost = self._cost(level, out)
        return Firm(slots.line, self.hours, share, level, max(bound, level), missing, cost, binding)

    def _starts(self, missed: Numbers, solution: Solution, budget: float) -> Iterator[Chosen]:
        """Hours to leave out first: those the bound misses most, or those of the highest duals, part by part."""
        yield self._filled(np.zeros(len(self.asked), dtype=bool), missed, budget)
        yield self._by_parts(solution, budget)

    def _sides(self, out: Chosen) -> Problem:
        """The problem with hours left out."""
        upper = self._problem.upper.copy()
        upper[self._width + 1 : self._width + 1 + len(out)] = np.where(out, np.inf, 0.0)
        return replace(self._problem, upper=upper)

    def _kept(self, out: Chosen) -> tuple[float, Solution]:
        solution = self._solved(self._sides(out))
        return float(solution.values[self._width]), solution

    def _bounded(self, miss: float) -> Solution:
        problem = self._sides(np.ones(len(self.asked), dtype=bool))
        row_upper, matrix = problem.row_upper.copy(), problem.matrix.copy()
        row_upper[-1] = 0.0
        own = slice(matrix.indptr[-2], matrix.indptr[-1])
        matrix.data[own] = np.where(matrix.indices[own] == self._width, -miss, matrix.data[own])
        return self._solved(replace(problem, row_upper=row_upper, matrix=matrix))

    def _solved(self, problem: Problem) -> Solution:
        if self._basis is not None:
            # A basis from far away can be worse than none.
            patience = PATIENCE * self._cold + 1.0
            _, found = resume(problem, self._study.profile, self._basis, time_limit=patience)
            if found is not None:
                self._basis = found.basis
                return found
        solution = solve(problem, self._study.profile, Progress(lambda line: self._say("solver", line)))
        self._basis, self._cold = solution.basis, solution.seconds
        return solution

    def _missed(self, solution: Solution) -> Numbers:
        """What each hour misses of the level [MW]."""
        sent = solution.values[self._study.slots.sent[self.asked]]
        return np.maximum(solution.values[self._width] - sent, 0.0)

    def _duals(self, solution: Solution) -> Numbers:
        """What an hour holds the level down by, per hour of the year it stands for."""
        at = len(self._problem.row_lower) - 1 - len(self.asked)
        return np.abs(solution.row_duals[at:-1]) / self.weight

    def _filled(self, out: Chosen, score: Numbers, budget: float) -> Chosen:
        """Hours left out, and those of the highest score above nothing for which there is room."""
        out, left = out.copy(), budget - float(self.weight[out].sum())
        for i in np.argsort(-score, kind="stable"):
            if score[i] <= 0:
                break
            if not out[i] and self.weight[i] <= left:
                out[i] = True
                left -= self.weight[i]
        return out

    def _by_parts(self, solution: Solution, budget: float) -> Chosen:
        """Hours left out by the duals of the level without them, a part of the hours at a time."""
        out = np.zeros(len(self.asked), dtype=bool)
        for part in range(1, PARTS + 1):
            more = self._filled(out, self._duals(solution), budget * part / PARTS)
            if (more == out).all() and part < PARTS:
                continue
            out = more
            if part < PARTS:
                _, solution = self._kept(out)
        return out

    def _improved(self, out: Chosen, budget: float, until: float) -> tuple[float, Solution, Chosen]:
        """A level, as hours left out in vain are changed for others."""
        level, solution = self._kept(out)
        for _ in range(CHANGES):
            if time.perf_counter() >= until:
                break
            needed = out & (self._missed(solution) > SAME)
            other = self._filled(needed, self._duals(solution), budget)
            if (other == out).all():
                break
            higher, found = self._kept(other)
            if higher <= level + SAME:
                break
            level, solution, out = higher, found, other
        return level, solution, out

    def _searched(
        self, best: tuple[float, Solution, Chosen], bound: float, budget: float
    ) -> tuple[tuple[float, Solution, Chosen], float]:
        """The same with a whole number for each hour: an hour left out misses the bound at most."""
        problem, count = self._problem, len(self.asked)
        base = replace(problem, upper=self._sides(np.ones(count, dtype=bool)).upper)
        columns = [
            NewColumn(self._study.slots.line, i, np.zeros(0, dtype=np.int64), np.zeros(0), 0.0, "level")
            for i in range(count)
        ]
        base = with_columns(base, "firm/out", "-", "whether an hour is left out", columns)
        start = self._width + 1 + count
        rows = [
            NewRow("", i, np.array([self._width + 1 + i, start + i]), np.array([1.0, -bound]), -np.inf, 0.0)
            for i in range(count)
        ]
        rows.append(NewRow("", count, np.arange(start, start + count), self.weight, -np.inf, budget))
        base = with_rows(base, "firm/left_out", "MW", "missed[t] <= bound*out[t]", rows)
        upper, whole = base.upper.copy(), base.whole.copy()
        upper[start:], whole[start:] = 1.0, True
        found = seek(replace(base, upper=upper, whole=whole), 1e-6, self._exact)
        # The cost of a level is less than nothing: its bound is a bound from above.
        bound = min(bound, -found.bound) if np.isfinite(found.bound) else bound
        if found.values is None:
            return best, bound
        out = found.values[start:] > 0.5
        level, solution = self._kept(out)
        return ((level, solution, out), bound) if level > best[0] + SAME else (best, bound)

    def _cost(self, level: float, out: Chosen) -> float:
        """What the level costs in the year beyond a line that sends what it likes [CNY/yr]."""
        slots = self._study.slots
        lower = self._free.lower.copy()
        kept = self.asked[~out]
        # Rounding may leave a level a hair above what can be sent.
        lower[slots.sent[kept]] = np.maximum(lower[slots.sent[kept]], level * (1.0 - 1e-7) - 1e-6)
        problem = replace(self._free, lower=lower)
        solution = self._study.solved(problem)
        return float(problem.cost @ solution.values) + problem.offset - self._study.floor
