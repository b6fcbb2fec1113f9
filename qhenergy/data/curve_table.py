"""Curves of typical days: a row for a month, a season or a kind of day, a column for each hour or quarter-hour.

    month,00 [MW],01 [MW],...,23 [MW]                     12 rows
    season,months,00 [p.u.],...,23 [p.u.]                 months such as 3-5 or 12-2; without the column the four
                                                          seasons of SEASONS
    day_type,00:00 [MW],00:15 [MW],...,23:45 [MW]         workday, weekend, holiday; a month or season may stand
                                                          beside; without a row for holidays they are weekends
    00 [%],01 [%],...,23 [%]                              one row: every day of the year

Columns name the beginning of their hour in Beijing time, as 00, 0, hour_0 or 00:00; any of these kinds may have 24 or
96 of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.curve_cells import Cells, number
from qhenergy.data.day_types import DAY_TYPES, DAYS, HOLIDAY, MONTH_OF_DAY, WEEKEND, DayCalendar
from qhenergy.data.step_rules import months_of
from qhenergy.ground.faults import Fault, listed, nearest

#: Months of the four seasons where a file does not say which it means.
SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}
SAME = {
    "春": "spring",
    "夏": "summer",
    "秋": "autumn",
    "冬": "winter",
    "fall": "autumn",
    "春季": "spring",
    "夏季": "summer",
    "秋季": "autumn",
    "冬季": "winter",
    "工作日": "workday",
    "周末": "weekend",
    "节假日": "holiday",
}
NAMES = {"月": "month", "月份": "month", "季节": "season", "日类型": "day_type"}
KEYS = ("month", "season", "day_type")
#: Columns that say something about a row and are no keys.
BESIDE = ("months", "unit", "source", "confidence", "note", "title")
_CLOCK = re.compile(r"(?:hour_)?(\d{1,2})(?::(\d{2}))?")


def clock(name: str) -> int | None:
    """Minute of the day that a column begins at; None if its name is no time."""
    match = _CLOCK.fullmatch(name.strip())
    return None if match is None else 60 * int(match[1]) + int(match[2] or 0)


def clocks(cells: Cells) -> list[int]:
    """Columns that are named by a time of the day."""
    return [i for i, name in enumerate(cells.names) if clock(name) is not None]


@dataclass(frozen=True)
class DayTable:
    """The days of a table of typical days.

    Attributes:
        kind: month, season, day_type or day.
        columns: columns of the values, in order of time.
        step: length of a step [min].
        row_of_day: row of each day of the model year, shape (365,); None if a fault is in the way.
        notes: what was chosen in reading.
    """

    kind: str
    columns: list[int]
    step: int
    row_of_day: NDArray[np.int64] | None
    notes: list[str]


def read_table(cells: Cells, calendar: DayCalendar | None, faults: list[Fault]) -> DayTable:
    """Which column is which hour, and which row is which day."""
    names = [NAMES.get(name, name) for name in cells.names]
    columns, step = _columns(cells, names, faults)
    keys = [key for key in KEYS if key in names]
    kind = "day_type" if "day_type" in keys else keys[0] if keys else "day"
    if "month" in keys and "season" in keys:
        remedy = "Delete one of the two."
        faults.append(Fault(cells.file, 'columns "month" and "season"', "one of the two", remedy))
        return DayTable(kind, columns, step, None, [])
    if "day_type" in keys and calendar is None:
        remedy = "Add holidays.csv to the inputs."
        found = "kinds of days, and no year that they are of"
        faults.append(Fault(cells.file, found, "a table holidays.csv, whose year has the weekdays", remedy))
        return DayTable(kind, columns, step, None, [])
    before = len(faults)
    months = [_months(cells, names, i, faults) for i in range(len(cells.rows))]
    types = [_types(cells, names, i, faults) for i in range(len(cells.rows))]
    notes = []
    if "day_type" in keys and not any(HOLIDAY in t for t in types):
        types = [(*t, HOLIDAY) if WEEKEND in t else t for t in types]
        notes.append("The file has no row for holidays: they have the curve of weekends.")
    if "day_type" in keys and calendar is not None:
        notes.append(f"Weekdays and holidays are those of {calendar.year}.")
    rows = _rows(cells, kind, months, types, faults) if len(faults) == before else {}
    if len(faults) > before:
        return DayTable(kind, columns, step, None, notes)
    of_days = calendar.types if calendar and "day_type" in keys else (DAY_TYPES[0],) * DAYS
    made = np.array([rows[int(m), t] for m, t in zip(MONTH_OF_DAY, of_days, strict=True)])
    return DayTable(kind, columns, step, made, notes)


def _columns(cells: Cells, names: list[str], faults: list[Fault]) -> tuple[list[int], int]:
    """Columns in order of time and the length of a step; faults for those that lack or are too many."""
    found: dict[int, int] = {}
    for i in clocks(cells):
        minute = clock(names[i]) or 0
        if minute in found:
            faults.append(Fault(cells.file, f'column "{names[i]}" twice', "each column once", "Delete one of the two."))
        found[minute] = i
    step = 15 if any(minute % 60 for minute in found) or len(found) > 48 else 60
    expected = range(0, 1440, step)

    def written(minutes: Sequence[int]) -> str:
        return listed(f"{m // 60:02d}" if step == 60 else f"{m // 60:02d}:{m % 60:02d}" for m in minutes)

    missing = [m for m in expected if m not in found]
    stray = sorted(set(found) - set(expected))
    whole = f"{1440 // step}, {written(expected[:1])} to {written(expected[-1:])}"
    if stray:
        remedy = "A column names the beginning of its hour: 00 is the first and 24 is none." if 1440 in stray else (
            "Delete them, or name them by the beginning of their step.")  # fmt: skip
        faults.append(Fault(cells.file, f"columns {written(stray)}", f"only {whole}", remedy))
    if missing:
        found_text = f"{len(found)} columns of the day, none for {written(missing)}"
        faults.append(Fault(cells.file, found_text, whole, "Add the columns."))
    known = (*KEYS, *BESIDE)
    for name in names:
        if clock(name) is None and name not in known:
            remedy = nearest(name, known) or "Delete it; a column note takes remarks."
            faults.append(Fault(cells.file, f'column "{name}"', f"times of the day, {listed(known)}", remedy))
    return [found[m] for m in expected if m in found], step


def _cell(cells: Cells, names: list[str], row: int, name: str) -> str:
    return cells.rows[row][names.index(name)] if name in names else ""


def _months(cells: Cells, names: list[str], row: int, faults: list[Fault]) -> tuple[int, ...]:
    """Months that a row is of."""

    def refuse(column: str, found: str, expected: str, remedy: str) -> None:
        faults.append(Fault(cells.place(row, names.index(column)), f'"{found}"', expected, remedy))

    if "month" in names:
        text = _cell(cells, names, row, "month")
        month = number(text.removesuffix("月"))
        if month is None or month not in range(1, 13):
            refuse("month", text, "a month, 1 to 12", "Correct the month.")
            return ()
        return (int(month),)
    if "season" in names:
        text = _cell(cells, names, row, "season")
        if "months" in names:
            months = months_of(_cell(cells, names, row, "months"))
            if months is None:
                refuse("months", _cell(cells, names, row, "months"), "months, such as 3-5 or 12-2", "Correct them.")
            return tuple(months or ())
        season = SAME.get(text, text.lower())
        if season not in SEASONS:
            remedy = nearest(season, SEASONS) or "Name one of these, or say the months in a column months."
            refuse("season", text, f"one of {listed(SEASONS)}", remedy)
        return SEASONS.get(season, ())
    return tuple(range(1, 13))


def _types(cells: Cells, names: list[str], row: int, faults: list[Fault]) -> tuple[str, ...]:
    """Kinds of days that a row is of; the first of all where the file does not tell them apart."""
    if "day_type" not in names:
        return (DAY_TYPES[0],)
    text = _cell(cells, names, row, "day_type")
    kind = SAME.get(text, text.lower())
    if kind not in DAY_TYPES:
        remedy = nearest(kind, DAY_TYPES) or "Write one of these words."
        place = cells.place(row, names.index("day_type"))
        faults.append(Fault(place, f'"{text}"', f"one of {listed(DAY_TYPES)}", remedy))
        return ()
    return (kind,)


def _rows(
    cells: Cells, kind: str, months: list[tuple[int, ...]], types: list[tuple[str, ...]], faults: list[Fault]
) -> dict[tuple[int, str], int]:
    """Row of each month and kind of day; faults where there is none or a second one."""
    made: dict[tuple[int, str], int] = {}
    told_apart = kind == "day_type"
    for i, (of_months, of_types) in enumerate(zip(months, types, strict=True)):
        twice = [(m, t) for m in of_months for t in of_types if (m, t) in made]
        if twice:
            m, t = twice[0]
            first = cells.lines[made[m, t]]
            what = f"month {m}{f', {t}' if told_apart else ''} a second time, after row {first}"
            where = f"{cells.file}, row {cells.lines[i]}"
            faults.append(Fault(where, what, "each day of the year once", "Delete one of the two."))
        made |= {(m, t): i for m in of_months for t in of_types}
    for t in DAY_TYPES if told_apart else DAY_TYPES[:1]:
        missing = [m for m in range(1, 13) if (m, t) not in made]
        if missing:
            what = f"no row for {t + ', ' if told_apart else ''}month {listed(map(str, missing))}"
            faults.append(Fault(cells.file, what, "each day of the year once", "Add the row."))
    return made
