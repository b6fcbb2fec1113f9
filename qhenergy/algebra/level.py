"""Levels: what a store or reservoir holds, absolute in a chained year, relative in a representative period.

In a chained chronology, and for stores that close within a period, a level is what is held. For
stores *carried* over real periods that representative ones stand for (Gabrielli et al. 2018, Kotzur et
al. 2018, doi:10.1016/j.apenergy.2018.01.023) the window's level counts from the start of the period,
and the plan chains the real periods p, each standing on its representative w(p) of T hours:

    <name>_chain     start[m,p+1] = keep[m]^T * start[m,p] + change[m,w(p)]
    <name>_floor     keep[m]^T * start[m,p] + lowest[m,w(p)] >= 0
    <name>_ceiling   start[m,p] + highest[m,w(p)] <= share[m,p] * ceiling[m]

    <name>_begin     start[m,0] = given[m], where a level is given for the start of the year

and the windows

    <name>_limit     level[a,t] <= factor[a,t] * capacity[a], for stores closed within the period
    <name>_below     lowest[m] <= level[m,t]
    <name>_above     highest[m] >= level[m,t]
    <name>_net       change[m] = level[m,T-1]

Floor and ceiling hold inside every real period; with losses they are on the safe side. In a chained
year a level given for its end is met in the last hour:

    <name>_final     level[m,T-1] = final[m]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.family import Address, window_name
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window


class Levels:
    """Levels of a window, to be read at an hour and before it."""

    def __init__(self, window: Window, name: str, variable: Any, relative: set[str], start: Mapping[str, float]):
        self._window, self._name, self._variable = window, name, variable
        self._relative, self._start = relative, start

    def now(self, member: str, hour: int) -> Any:
        """Level at the end of an hour."""
        return self._variable[member, hour]

    def before(self, member: str, hour: int) -> Any:
        """Level at the end of the hour before."""
        if hour == 0 and member in self._relative:
            return 0.0
        if hour == 0 and member in self._start and self._window.chronology.chained and self._window.opens_stage:
            return self._start[member]
        return self._window.at(self._name, self._variable, member, hour - 1)


def write_levels(
    window: Window,
    name: str,
    members: Sequence[str],
    unit: str,
    meaning: str,
    share: Callable[[str, int], float],
    ceiling: Callable[[str], Any],
    carried: set[str],
    start: Mapping[str, float] | None = None,
    final: Mapping[str, float] | None = None,
) -> Levels:
    """Declare the levels of a window.

    Args:
        window: the window.
        name: name of the family, such as `battery/level`.
        members: stores.
        unit: inside unit of a level.
        meaning: one line.
        share: (store, hour) -> usable share of the ceiling.
        ceiling: store -> most it can hold, a number or an expression in columns of the plan.
        carried: stores whose level is carried over real periods.
        start, final: level at the start and the end of the year, for stores that do not end the year
            as they began it.

    Returns:
        The levels.
    """
    start, final = start or {}, final or {}
    relative = set() if window.chronology.chained else set(members) & carried
    absolute = [m for m in members if m not in relative]

    def most(member: str) -> float:
        # A level counted from the start of a period stays within the ceiling either way; where the
        # plan decides the ceiling there is no number to say so with.
        limit = ceiling(member)
        return float(limit) if isinstance(limit, (int, float)) else math.inf

    if not relative:
        variable = window.limited(name, absolute, unit, meaning, share, ceiling)
    elif not absolute:
        variable = window.columns(name, members, unit, meaning, lower=lambda m, t: -most(m), upper=lambda m, t: most(m))
    else:
        # Closed and carried stores share the family; only the closed ones meet their ceiling here.
        limits = {m: ceiling(m) for m in absolute}
        variable = window.columns(
            name,
            members,
            unit,
            meaning,
            lower=lambda m, t: -most(m) if m in relative else 0.0,
            upper=lambda m, t: most(m) if m in relative else None,
        )
        window.rows(
            f"{name}_limit",
            absolute,
            unit,
            "level[a,t] <= factor[a,t] * capacity[a]",
            lambda m, t: variable[m, t] - share(m, t) * limits[m] <= 0,
        )
    last = window.hours[-1]
    if relative:
        _write_excursions(window, name, sorted(relative), unit, variable)
    if window.chronology.chained and window.closes_stage and final:
        ends = [m for m in members if m in final]
        window.rows(
            f"{name}_final",
            ends,
            unit,
            "level[m,T-1] = final[m]",
            lambda m, _: variable[m, last] == final[m],
            numbers=[last],
        )
    return Levels(window, name, variable, relative, start)


def _write_excursions(window: Window, name: str, members: list[str], unit: str, variable: Any) -> None:
    def column(word: str, meaning: str) -> Any:
        return window.columns(f"{name}_{word}", members, unit, meaning, lower=None, numbers=[0])

    lowest = column("lowest", "lowest level of the period, counted from its start")
    highest = column("highest", "highest level of the period, counted from its start")
    change = column("change", "level at the end of the period, counted from its start")
    last = window.hours[-1]
    window.rows(
        f"{name}_below", members, unit, "lowest[m] <= level[m,t]", lambda m, t: lowest[m, 0] - variable[m, t] <= 0
    )
    window.rows(
        f"{name}_above", members, unit, "highest[m] >= level[m,t]", lambda m, t: highest[m, 0] - variable[m, t] >= 0
    )
    window.rows(
        f"{name}_net",
        members,
        unit,
        "change[m] = level[m,T-1]",
        lambda m, _: change[m, 0] - variable[m, last] == 0,
        numbers=[0],
    )


def chain_levels(
    plan: Plan,
    name: str,
    members: Sequence[str],
    unit: str,
    ceiling: Callable[[str, int], Any],
    keep: Callable[[str], float],
    stands: Callable[[str, int], bool],
    start: Mapping[str, float] | None = None,
    final: Mapping[str, float] | None = None,
    season: Callable[[str, NDArray[np.int64]], float] | None = None,
) -> None:
    """Chain the carried levels over the real periods of every stage; nothing to do in a chained year.

    Args:
        plan: the plan.
        name: name of the family the windows gave to `write_levels`.
        members: carried stores.
        unit: inside unit of a level.
        ceiling: (store, stage) -> most it can hold.
        keep: store -> share kept from one hour to the next.
        stands: (store, stage) -> whether the windows of the stage have it.
        start, final: as in `write_levels`.
        season: (store, hours of a real period) -> share of the ceiling that may be used then; all if None.
    """
    if plan.chronology.chained or not members:
        return
    start, final = start or {}, final or {}
    sequence = plan.chronology.sequence
    count = len(sequence)
    stages = list(plan.case.stages)
    numbers = list(range(count * len(stages)))

    def place(number: int) -> tuple[int, int, Any]:
        stage = stages[number // count]
        period = number % count
        return stage, period, plan.chronology.of_stage(stage)[sequence[period]]

    level = plan.columns(f"{name}_at_period", members, unit, "level at the start of a real period", numbers=numbers)

    def part(word: str, member: str, number: int) -> Any:
        span = place(number)[2]
        return plan.port(Address(window_name(span.index), f"{name}_{word}", member, 0))

    def kept(member: str, number: int) -> Any:
        return keep(member) ** len(place(number)[2]) * level[member, number]

    def chain(member: str, number: int) -> Any:
        stage, period, _ = place(number)
        if not stands(member, stage):
            return SKIP
        end = kept(member, number) + part("change", member, number)
        if period + 1 < count:
            return end - level[member, number + 1] == 0
        if member in final:
            return end == final[member]
        return end - level[member, number + 1 - count] == 0

    def begin(member: str, number: int) -> Any:
        return level[member, number] == start[member] if place(number)[1] == 0 else SKIP

    def floor(member: str, number: int) -> Any:
        if not stands(member, place(number)[0]):
            return SKIP
        return kept(member, number) + part("lowest", member, number) >= 0

    def top(member: str, number: int) -> Any:
        stage, period, span = place(number)
        if not stands(member, stage):
            return SKIP
        hours = plan.chronology.first_hours[period] + np.arange(len(span))
        usable = season(member, hours) if season else 1.0
        return level[member, number] + part("highest", member, number) - usable * ceiling(member, stage) <= 0

    plan.rows(
        f"{name}_chain",
        members,
        unit,
        "start[m,p+1] = keep[m]^T * start[m,p] + change[m,w(p)]",
        chain,
        numbers=numbers,
    )
    plan.rows(
        f"{name}_begin",
        [m for m in members if m in start],
        unit,
        "start[m,0] = given[m]",
        begin,
        numbers=numbers,
    )
    plan.rows(
        f"{name}_floor",
        members,
        unit,
        "keep[m]^T * start[m,p] + lowest[m,w(p)] >= 0",
        floor,
        numbers=numbers,
    )
    plan.rows(
        f"{name}_ceiling",
        members,
        unit,
        "start[m,p] + highest[m,w(p)] <= share[m,p] * ceiling[m]",
        top,
        numbers=numbers,
    )
