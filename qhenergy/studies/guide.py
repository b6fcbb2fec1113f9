"""What a yearly run tells the rolling dispatch of the same fleet: levels, their worth, prices of the year.

The yearly run has all hours of the year or representative periods of it. Of each real hour it tells

    level   what a store that carries energy or water from period to period holds, absolute
    worth   what one unit more of it would save: the dual of the chain of real periods; in a chained year what the rows
            of later windows would pay for it, sum(dual[i]*a[i,level], i of a later window), and that of a level given
            for the end of the year

and of the year itself the duals of its rows, such as a quantity of fuel, and what hours follow of its columns, such as
where loads are placed. A row that the yearly run does not have has no price.

Of what happens once, such as a start, a step has its part of the hour. Parts of units start in a linear yearly run: for
whole units nothing has started or stopped before the first hour.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.family import PLAN, window_name
from qhenergy.data.case import Case
from qhenergy.model.given_start import Before
from qhenergy.model.problem import Index, Problem
from qhenergy.outcome import hourly
from qhenergy.outcome.cascade import real_hours
from qhenergy.outcome.result import Result
from qhenergy.periods.chronology import Chronology
from qhenergy.solving.guided import Guide, Target

#: Last word of families of what happens once and not for as long as a step lasts.
EVENTS = ("started", "stopped", "called")


def level_families(result: Result) -> list[str]:
    """Families of columns that say what a store or a reservoir holds."""
    told = {vessel.level for vessels in result.vessels.values() for vessel in vessels}
    names = [name for kind, name in result.problem.families if kind == "column" and result.has(name)]
    return [name for name in names if name in told or name.endswith("/level")]


class Yearly:
    """The yearly run, asked by family, member and hour of the year."""

    def __init__(self, result: Result, stage: int) -> None:
        self.result, self.stage = result, stage
        self._rows, self._hours = real_hours(result, stage)
        self._levels = {family: self._held(family) for family in level_families(result)}
        self._columns: dict[str, pd.DataFrame] = {}

    @property
    def levels(self) -> list[str]:
        """Families of levels."""
        return list(self._levels)

    def _held(self, family: str) -> pd.DataFrame:
        """Levels at the end of every real hour, hours of the year x members."""
        table = hourly.levels(self.result, family)
        table = table[table["stage"] == self.stage]
        return table.pivot(index="hour_of_year", columns="member", values=table.columns[-1])

    def value(self, family: str, member: str, hour: int) -> float:
        """Value of a column in an hour of the year; zero for one that the run does not have.

        An hour that no period stands for is taken as the nearest one before that has one.
        """
        if family in self._levels:
            table = self._levels[family]
            at = max(int(np.searchsorted(table.index.to_numpy(), hour, "right")) - 1, 0)
            return float(table[member].iloc[at]) if member in table.columns else 0.0
        if family not in self._columns:
            known = self.result.has(family)
            frame = self.result.column(family).iloc[self.result.of_stage(self.stage)] if known else pd.DataFrame()
            self._columns[family] = frame
        frame = self._columns[family]
        if member not in frame.columns:
            return 0.0
        at = max(int(np.searchsorted(self._hours, hour, "right")) - 1, 0)
        found = float(frame[member].iloc[self._rows[at]])
        return 0.0 if np.isnan(found) else found

    def before(self, case: Case) -> Before:
        """The state before the first step of a year: that in which the yearly run ends."""
        steps = case.year_steps * len(case.water.years)
        in_parts = case.commitment == "whole" != self.result.case.commitment

        def known(family: str, member: str, ahead: int) -> float:
            word = family.rsplit("/", 1)[-1]
            if in_parts and word in ("started", "stopped"):
                return 0.0
            value = self.value(family, member, _hour(case, steps - ahead))
            return value / case.time.steps_per_hour if word in EVENTS else value

        return known

    def carried(self, family: str) -> list[str]:
        """Stores of a family whose level has a worth beyond a period."""
        if self.result.spans.chained:
            return list(self._levels[family].columns)
        name = f"{family}_at_period"
        return list(self.result.column(name).columns) if self.result.has(name) else []

    def worth(self, family: str, member: str, hour: int) -> float:
        """What one unit more in a carried store at the end of an hour would save [CNY per unit]."""
        if self.result.spans.chained:
            return self._worth_ahead(family, member, hour)
        duals = self.result.row_dual(f"{family}_chain")[member].to_numpy()
        first = len(self.result.spans.sequence) * list(self.result.case.stages).index(self.stage)
        period = int(np.searchsorted(self.result.spans.first_hours, hour, "right")) - 1
        return abs(float(np.nan_to_num(duals[first + max(period, 0)])))

    def _worth_ahead(self, family: str, member: str, hour: int) -> float:
        result = self.result
        spans = result.spans.of_stage(self.stage)
        span = next(s for s in spans if s.hours[0] <= hour <= s.hours[-1])
        columns, rows = result.problem.columns, result.problem.rows
        at = columns.of(family)
        own = columns.blocks.index(window_name(span.index))
        number = hour - int(span.hours[0])
        of_member = columns.members.index(member)
        place = at[(columns.block[at] == own) & (columns.number[at] == number) & (columns.member[at] == of_member)]
        if not len(place):
            return 0.0
        column = self._by_column[:, [int(place[0])]].tocoo()
        later = rows.block[column.row] != own
        if f"{family}_final" in rows.families:
            later |= rows.family[column.row] == rows.families.index(f"{family}_final")
        return max(0.0, float(column.data[later] @ result.row_duals[column.row[later]]))

    @cached_property
    def _by_column(self) -> sp.csc_matrix:
        return self.result.problem.matrix.tocsc()

    def prices(self, problem: Problem) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Duals of the rows of the year of a problem, by their labels, and whether the run has them.

        Zero, and not had, for rows of windows.
        """
        own = self.result.problem.rows
        known = dict(zip(_labels(own), self.result.row_duals[_of_plan(own)], strict=True))
        made, told = np.zeros(len(problem.rows)), np.zeros(len(problem.rows), dtype=bool)
        at, labels = _of_plan(problem.rows), _labels(problem.rows)
        made[at], told[at] = [known.get(label, 0.0) for label in labels], [label in known for label in labels]
        return made, told

    def decided(self, problem: Problem) -> NDArray[np.float64]:
        """Value of each column of the plan that rows of windows speak of, as in the run; NaN for all others."""
        own = self.result.problem.columns
        known = dict(zip(_labels(own), self.result.values[_of_plan(own)], strict=True))
        of_window = np.ones(len(problem.rows))
        of_window[_of_plan(problem.rows)] = 0.0
        spoken_of = abs(problem.matrix).T @ of_window > 0
        made = np.full(len(problem.columns), np.nan)
        for place, label in zip(_of_plan(problem.columns), _labels(problem.columns), strict=True):
            if spoken_of[place]:
                made[place] = np.clip(known.get(label, np.nan), problem.lower[place], problem.upper[place])
        return made


def _of_plan(index: Index) -> NDArray[np.int64]:
    return np.flatnonzero(index.block == index.blocks.index(PLAN)) if PLAN in index.blocks else np.zeros(0, np.int64)


def _labels(index: Index) -> list[tuple[str, str, int]]:
    return [
        (index.families[index.family[i]], index.members[index.member[i]], int(index.number[i])) for i in _of_plan(index)
    ]


def _hour(case: Case, step: int) -> int:
    """Hour of the run of years of a step."""
    return step // case.time.steps_per_hour


def guide_of(yearly: Yearly, problem: Problem, spans: Chronology, case: Case) -> Guide:
    """The guide of the rolling dispatch of a problem of the same fleet.

    Args:
        yearly: the yearly run.
        problem: of the year, chained.
        spans: its windows.
        case: of the year.
    """
    ends = {
        window_name(span.index): (span.index, len(span) - 1, _hour(case, int(span.hours[-1]))) for span in spans.spans
    }
    index, targets = problem.columns, {span.index: [] for span in spans.spans}
    for family in yearly.levels:
        carried = set(yearly.carried(family))
        for place in index.of(family):
            window, last, hour = ends[index.blocks[index.block[place]]]
            member = index.members[index.member[place]]
            if index.number[place] != last or member not in carried:
                continue
            level = float(np.clip(yearly.value(family, member, hour), problem.lower[place], problem.upper[place]))
            targets[window].append(Target(int(place), level, yearly.worth(family, member, hour)))
    return Guide(targets, *yearly.prices(problem))
