"""A line's power held against the rules of its steps, step by step: numbers in, breaches out, nothing optimised.

    rating          power <= rated power                                                              [MW]
    minimum_power   power >= least power, wherever the line is asked for anything, outside maintenance [MW]
    asked           power <= what the curve asks                                                      [MW]
    maintenance     power = 0 in maintenance                                                          [MW]
    ramp            |power[t] - power[t-1]| <= ramp * length of a step                                [MW]
    largest_step    |height of a change| <= largest step                                              [MW]
    allowed_levels  power of a level is one of those allowed                                          [MW]
    levels          different levels a day <= their number                                            [1]
    dwell           time at a level >= dwell                                                          [h]
    changes         changes a day <= their number                                                     [1]
    reversal        time from a change to one in the other direction >= reversal                      [h]
    same_days       power = that of the same time on the middle day of the season                     [MW]

Moves, changes and levels are those of `data.step_rules`. Power is held as long as it stays within the tolerance of
where a level began. Maintenance parts the year: what goes into it and out of it is no change. Nor is a move at the
midnight between two seasons, but for its height and ramp. Levels at the ends of such a part may have begun before or
go on after it, so that their time is not judged. This file knows no solver and no algebra.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.day_types import DAYS, HOLIDAY, MONTH_OF_DAY, DayCalendar, month_and_day
from qhenergy.data.step_rules import StepRules

Array = NDArray[np.float64]
#: What a solver leaves of a power that ought to be exact [MW].
TOLERANCE = 0.1
#: Share of a step by which times may differ.
_CRUMB = 1e-9


@dataclass(frozen=True)
class Breach:
    """A rule that was not kept.

    Attributes:
        rule: name of the rule, as the module lists them.
        step: number of the step, from 0.
        time: when it begins in Beijing time, as `MM-DD HH:MM` of the model year.
        found, limit: what was found and what was allowed [unit].
        unit: their unit.
        where: line or zone.
    """

    rule: str
    step: int
    time: str
    found: float
    limit: float
    unit: str
    where: str = ""

    def __str__(self) -> str:
        """The breach as one line."""
        name, unit = f"{self.where}: " if self.where else "", f" {self.unit}" if self.unit != "1" else ""
        return f"{name}{self.rule} at {self.time}: {self.found:.6g}{unit}, limit {self.limit:.6g}{unit}"


@dataclass(frozen=True)
class _Change:
    """Power goes to another level: first and last step in which it moved, and by how much [MW]."""

    first: int
    last: int
    height: float


@dataclass(frozen=True)
class _Level:
    """Power is held: first step, step after the last, power [MW], and the changes before and after; None at an end."""

    start: int
    end: int
    power: float
    before: _Change | None
    after: _Change | None


class _Days:
    """Which day, season and hour a step is of."""

    def __init__(self, step_minutes: int, seasons: tuple[int, ...]) -> None:
        self.minutes, self.a_day, self.seasons = step_minutes, 1440 // step_minutes, seasons

    def season(self, day: int) -> int:
        """Number of the season of a day."""
        return self.seasons[int(MONTH_OF_DAY[day % DAYS]) - 1]

    def new_season(self, step: int) -> bool:
        """Whether a step is the first of a season."""
        day, inside = divmod(step, self.a_day)
        return inside == 0 and step > 0 and self.season(day) != self.season(day - 1)

    def time(self, step: int) -> str:
        """When a step begins."""
        day, inside = divmod(step, self.a_day)
        minute = inside * self.minutes
        return f"{month_and_day(day % DAYS)} {minute // 60:02d}:{minute % 60:02d}"


def check(
    sent: Array,
    asked: Array | None,
    step_minutes: int,
    rules: StepRules,
    rated: float,
    calendar: DayCalendar | None = None,
    maintenance: NDArray[np.bool_] | None = None,
    tolerance: float = TOLERANCE,
) -> list[Breach]:
    """Hold what a line sent against the rules of its steps.

    Args:
        sent: power at the sending end [MW], the first step being 1 January 00:00; a curve of its own may be checked
            in the same way. Of several years, one follows the other.
        asked: what its curve asks [MW], same shape; None where there is none.
        step_minutes: length of a step [min].
        rules: of the line.
        rated: rated power [MW].
        calendar: kinds of days; without it holidays are days as others.
        maintenance: whether the line asks for nothing, same shape; never if None.
        tolerance: what power may be off [MW].

    Returns:
        Breaches in order of time; none if every rule is kept.

    Raises:
        ValueError: an array has another shape, a number that is none, or a step does not fit a day.
    """
    sent = np.asarray(sent, dtype=float)
    asleep = np.zeros(len(sent), dtype=bool) if maintenance is None else np.asarray(maintenance, dtype=bool)
    if 1440 % step_minutes or len(asleep) != len(sent) or (asked is not None and len(asked) != len(sent)):
        raise ValueError("sent, asked and maintenance must have one number for each step of the same days")
    if not np.isfinite(sent).all() or (asked is not None and not np.isfinite(asked).all()):
        raise ValueError("a power that is no number cannot be checked")
    days = _Days(step_minutes, rules.seasons)
    found = list(_each_step(sent, asked, asleep, rules, rated, days, tolerance))
    changes: list[_Change] = []
    levels: list[_Level] = []
    for start, end in _runs(~asleep):
        moves = _changes(sent, start, end, rules, days, tolerance)
        changes += moves
        levels += _levels(sent, start, end, moves)
    found += _of_changes(changes, rules, days, tolerance)
    found += _of_levels(levels, rules, days, tolerance)
    if rules.same_days:
        found += _same_days(sent, asleep, calendar if rules.holidays_differ else None, days, tolerance)
    return sorted(
        (Breach(b.rule, b.step, b.time, b.found, b.limit, b.unit, rules.line) for b in found),
        key=lambda b: (b.step, b.rule),
    )


def _runs(marks: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First step, and step after the last, of every run of marks."""
    edges = np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))


def below_minimum(sent: Array, asked: Array | None, least: float, tolerance: float) -> NDArray[np.bool_]:
    """Steps below the least power; a line of which nothing is asked may stand still."""
    still = np.zeros(len(sent), dtype=bool) if asked is None else (asked <= tolerance) & (sent <= tolerance)
    below: NDArray[np.bool_] = (sent < least - tolerance) & ~still
    return below


def _each_step(
    sent: Array,
    asked: Array | None,
    asleep: NDArray[np.bool_],
    rules: StepRules,
    rated: float,
    days: _Days,
    tolerance: float,
) -> Iterable[Breach]:
    """Rules that look at one step, or at a step and the one before."""

    def each(rule: str, wrong: NDArray[np.bool_], found: Array, limit: Array | float) -> Iterable[Breach]:
        limits = np.broadcast_to(limit, found.shape)
        for step in np.flatnonzero(wrong).tolist():
            yield Breach(rule, step, days.time(step), float(found[step]), float(limits[step]), "MW")

    yield from each("rating", sent > rated + tolerance, sent, rated)
    least = rules.minimum_power
    yield from each("minimum_power", below_minimum(sent, asked, least, tolerance) & ~asleep, sent, least)
    if asked is not None:
        yield from each("asked", sent > asked + tolerance, sent, asked)
    yield from each("maintenance", asleep & (sent > tolerance), sent, 0.0)
    if math.isfinite(rules.ramp):
        moved = np.abs(np.diff(sent, prepend=sent[:1]))
        both = ~asleep & ~np.concatenate([asleep[:1], asleep[:-1]])
        most = rules.ramp * days.minutes / 60
        yield from each("ramp", both & (moved > most + tolerance), moved, most)


def _changes(sent: Array, start: int, end: int, rules: StepRules, days: _Days, tolerance: float) -> list[_Change]:
    """Changes of a run of steps; moves of one ramp are one change."""
    made: list[_Change] = []
    ramp: list[_Change] = []
    most = rules.ramp * days.minutes / 60

    def close() -> None:
        if ramp:
            height = sum(move.height for move in ramp)
            needed = max(1, math.ceil((abs(height) - tolerance) / most)) if math.isfinite(most) else 1
            whole = [_Change(ramp[0].first, ramp[-1].last, height)]
            made.extend(whole if len(ramp) <= needed else ramp)
            ramp.clear()

    held = float(sent[start])
    for step in range(start + 1, end):
        height = float(sent[step]) - held
        if abs(height) <= tolerance:
            continue
        if ramp and (ramp[-1].last != step - 1 or (ramp[-1].height > 0) != (height > 0) or days.new_season(step)):
            close()
        ramp.append(_Change(step, step, height))
        held = float(sent[step])
    close()
    return made


def _levels(sent: Array, start: int, end: int, changes: list[_Change]) -> list[_Level]:
    """Levels of a run of steps, between its changes."""
    befores, afters = [None, *changes], [*changes, None]
    made = []
    for before, after in zip(befores, afters, strict=True):
        first, last = before.last if before else start, after.first if after else end
        made.append(_Level(first, last, float(sent[first]), before, after))
    return made


def _of_changes(changes: list[_Change], rules: StepRules, days: _Days, tolerance: float) -> Iterable[Breach]:
    """Height and number of changes."""
    a_day: dict[int, list[_Change]] = {}
    for change in changes:
        if abs(change.height) > rules.largest_step + tolerance:
            step = change.first
            yield Breach("largest_step", step, days.time(step), abs(change.height), rules.largest_step, "MW")
        if not days.new_season(change.first):
            a_day.setdefault(change.first // days.a_day, []).append(change)
    if rules.changes is not None:
        for of_day in a_day.values():
            if len(of_day) > rules.changes:
                step = of_day[rules.changes].first
                yield Breach("changes", step, days.time(step), len(of_day), rules.changes, "1")


def _of_levels(levels: list[_Level], rules: StepRules, days: _Days, tolerance: float) -> Iterable[Breach]:
    """Power, time and number of levels, and the time between changes of two directions."""
    hour = days.minutes / 60
    of_day: dict[int, list[tuple[int, float]]] = {}
    for level in levels:
        if rules.allowed_levels:
            nearest = min(rules.allowed_levels, key=lambda power, held=level.power: abs(power - held))
            if abs(nearest - level.power) > tolerance:
                yield Breach("allowed_levels", level.start, days.time(level.start), level.power, nearest, "MW")
        for day in range(level.start // days.a_day, (level.end - 1) // days.a_day + 1):
            powers = of_day.setdefault(day, [])
            if all(abs(power - level.power) > tolerance for _, power in powers):
                powers.append((max(level.start, day * days.a_day), level.power))
        before, after = level.before, level.after
        if before is None or after is None or days.new_season(before.first) or days.new_season(after.first):
            continue
        time = (level.end - level.start) * hour
        if time < rules.dwell - _CRUMB:
            yield Breach("dwell", level.start, days.time(level.start), time, rules.dwell, "h")
        if (before.height > 0) != (after.height > 0) and time < rules.reversal - _CRUMB:
            yield Breach("reversal", after.first, days.time(after.first), time, rules.reversal, "h")
    if rules.levels is not None:
        for powers in of_day.values():
            if len(powers) > rules.levels:
                step = powers[rules.levels][0]
                yield Breach("levels", step, days.time(step), len(powers), rules.levels, "1")


def _same_days(
    sent: Array, asleep: NDArray[np.bool_], calendar: DayCalendar | None, days: _Days, tolerance: float
) -> Iterable[Breach]:
    """Days that differ from the middle one of their season, one breach each, where they differ most."""
    whole = len(sent) // days.a_day
    table = sent[: whole * days.a_day].reshape(whole, days.a_day)
    awake = ~asleep[: whole * days.a_day].reshape(whole, days.a_day).any(axis=1)
    groups: dict[tuple[int, bool], list[int]] = {}
    for day in np.flatnonzero(awake).tolist():
        off = calendar is not None and calendar.types[day % DAYS] == HOLIDAY
        groups.setdefault((days.season(day), off), []).append(day)
    for members in groups.values():
        middle = np.sort(table[members], axis=0)[(len(members) - 1) // 2]
        for day in members:
            apart = np.abs(table[day] - middle)
            worst = int(apart.argmax())
            if apart[worst] > tolerance:
                step = day * days.a_day + worst
                yield Breach("same_days", step, days.time(step), float(sent[step]), float(middle[worst]), "MW")
