"""Curves of a whole year: 8760 hours or 35040 quarter-hours below each other, with or without their stamps.

    time,value [MW]                 2025-01-01 00:00, 2025-01-01 01:00, ...
    value [p.u.]                    the first row is the first step of 1 January
    time [UTC],value [MW],maintenance

A stamp names the beginning of its step in Beijing time (UTC+8, without daylight saving since 1991). One with another
offset (`+00:00`, `Z`), or a column `time [UTC]`, is converted; a year of such a zone ends some hours into the next
year of Beijing, and these hours are taken for the first of the same year. The year itself may be any; of a leap
year 29 February is to be left out. `maintenance` says yes in the steps in which the line asks for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.curve_cells import Cells
from qhenergy.data.day_types import DAYS, day_of_year, month_and_day
from qhenergy.ground.faults import Fault, listed

LENGTHS = {DAYS * 1440 // step: step for step in (60, 15)}
TIME = ("time", "stamp", "timestamp", "datetime", "date", "时间", "时刻", "日期")
MAINTENANCE = ("maintenance", "检修")
BESIDE = ("unit", "source", "confidence", "note", "title")
YES, NO = ("yes", "y", "1", "true", "x", "是"), ("", "no", "n", "0", "false", "否")
#: Minutes east of Greenwich of Beijing time.
BEIJING = 480
NO_SUMMER_TIME = "Beijing time has had no daylight saving since 1991: give stamps in UTC+8."
HINTS = {
    8784: "It is a leap year: leave out 29 February.",
    8783: "It is a leap year without an hour: leave out 29 February, and fill the gap.",
    8761: "Is the first hour of the next year in it, or an hour twice? Each hour is named by its beginning.",
    8759: "An hour lacks: fill it, or see whether the clock was set forward.",
    8736: "These are 52 weeks: add the last day.",
    365: "These are days: give the hours of each.",
    24: "This is a day: write it as a row with the columns 00 to 23.",
    96: "This is a day: write it as a row with the columns 00:00 to 23:45.",
    12: "These are months: write the hours as columns 00 to 23.",
}
_STAMP = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]\s*(\d{1,2}):(\d{2})(?::00(?:\.0+)?)?)?"
    r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True)
class Series:
    """Which column and row of a series is what.

    Attributes:
        column: column of the values; None if there is not one.
        step: length of a step [min]; 0 if the length of the file fits none.
        order: step of the model year of each row; None if a fault is in the way.
        maintenance: whether the line asks for nothing, by row.
        notes: what was chosen in reading.
    """

    column: int | None
    step: int
    order: NDArray[np.int64] | None
    maintenance: NDArray[np.bool_]
    notes: list[str]


def read_series(cells: Cells, faults: list[Fault]) -> Series:
    """Find the column of values, check the length of the file, and bring the stamps in order."""
    count = len(cells.rows)
    lower = [name.lower() for name in cells.names]
    times = [i for i, name in enumerate(lower) if name in TIME]
    marks = [i for i, name in enumerate(lower) if name in MAINTENANCE]
    values = [i for i, name in enumerate(lower) if name not in (*TIME, *MAINTENANCE, *BESIDE)]
    if len(values) != 1:
        found = f"the columns {listed(cells.names)}"
        expected = "one column of values, and a column time if there are stamps; or months or kinds of days"
        remedy = "Give each curve a file of its own." if values else "Add a column such as value [MW]."
        faults.append(Fault(cells.file, found, expected, remedy))
    step = LENGTHS.get(count, 0)
    if not step:
        quarter = HINTS.get(count // 4, "") if count % 4 == 0 and count > 1000 else ""
        expected = "8760 hours or 35040 quarter-hours"
        faults.append(Fault(cells.file, f"{count} rows", expected, HINTS.get(count, "") or quarter or "Give them all."))
    nearest_step = step or min(LENGTHS.items(), key=lambda item: abs(item[0] - count))[1]
    notes: list[str] = []
    order: NDArray[np.int64] | None = np.arange(count) if step else None
    if times and abs(count - DAYS * 1440 // nearest_step) < 0.1 * count:
        order = _order(cells, times[0], nearest_step, bool(step), notes, faults)
        order = order if step else None
    asleep = np.zeros(count, dtype=bool)
    if marks:
        words = [row[marks[0]].lower() for row in cells.rows]
        wrong = [(i, marks[0]) for i, word in enumerate(words) if word not in (*YES, *NO)]
        cells.report(faults, wrong, f'"{words[wrong[0][0]]}"' if wrong else "", "yes, or an empty cell", "Correct it.")
        asleep = np.array([word in YES for word in words])
    return Series(values[0] if len(values) == 1 else None, step, order, asleep, notes)


def offset_of(zone: str) -> int | None:
    """Minutes east of Greenwich of a zone: UTC, Z, UTC+8, +08:00, Beijing; None if it cannot be read."""
    text = zone.strip().upper().replace("北京时间", "BEIJING")
    if text in ("BEIJING", "BEIJING TIME", "ASIA/SHANGHAI", "CST", "PRC"):
        return BEIJING
    match = re.fullmatch(r"(?:UTC|GMT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?|Z", text)
    if match is None or not text:
        return None
    minutes = 60 * int(match[2] or 0) + int(match[3] or 0)
    return -minutes if match[1] == "-" else minutes


def _order(
    cells: Cells, column: int, step: int, whole: bool, notes: list[str], faults: list[Fault]
) -> NDArray[np.int64] | None:
    """Step of the model year of each row, by its stamp; None, with faults, if the stamps are not those of a year."""
    matches = [_STAMP.fullmatch(row[column]) for row in cells.rows]
    unread = [(i, column) for i, match in enumerate(matches) if match is None]
    if unread:
        word, remedy = cells.rows[unread[0][0]][column], "Correct the stamp."
        cells.report(faults, unread, f'"{word}"', "a stamp such as 2025-01-01 00:00", remedy)
        return None
    offset = _offset(cells, column, {match[6] or "" for match in matches if match}, faults)
    if offset is None:
        return None
    stamps, off_step = [], []
    for i, match in enumerate(matches):
        assert match is not None
        year, month, day, hour, minute = (int(part or 0) for part in match.groups()[:5])
        try:
            stamps.append(datetime(year, month, day, hour, minute))
        except ValueError:
            cells.report(faults, [(i, column)], f'"{match[0]}"', "a day and hour that there is", "Correct the stamp.")
            return None
        if minute % step:
            off_step.append((i, column))
    if off_step:
        expected = f"the beginning of a step of {step} min"
        word, remedy = cells.rows[off_step[0][0]][column], "Name each step by its beginning."
        cells.report(faults, off_step, f'"{word}"', expected, remedy)
        return None
    return _places(cells, column, stamps, offset, step, whole, notes, faults)


def _offset(cells: Cells, column: int, written: set[str], faults: list[Fault]) -> int | None:
    """The one offset of all stamps [min]; Beijing time where neither they nor the file say one."""
    where, expected = f'{cells.file}, "{cells.names[column]}"', "one time zone in the whole file"
    zone = cells.units[column] or cells.said.get("time zone", "")
    said = offset_of(zone) if zone else None
    if zone and said is None:
        faults.append(Fault(where, f'time zone "{zone}"', "UTC+8, UTC or another offset", "Correct the time zone."))
        return None
    offsets = {offset_of(w) for w in written if w}
    if len(offsets) > 1:
        apart = abs((max(o or 0 for o in offsets)) - min(o or 0 for o in offsets))
        found = f"offsets {' and '.join(sorted(w for w in written if w))}"
        found += ", as of a clock with daylight saving" if apart == 60 else ""
        faults.append(Fault(where, found, expected, NO_SUMMER_TIME))
        return None
    if offsets and "" in written:
        found = f"stamps with {' '.join(sorted(w for w in written if w))} and stamps without an offset"
        faults.append(Fault(where, found, expected, "Write the offset behind all of them, or behind none."))
        return None
    own = offsets.pop() if offsets else None
    if own is not None and said is not None and own != said:
        found = f'stamps with {next(iter(written))} below "{zone}"'
        faults.append(Fault(where, found, expected, "Delete the wrong one of the two."))
        return None
    return own if own is not None else said if said is not None else BEIJING


def _places(
    cells: Cells,
    column: int,
    stamps: list[datetime],
    offset: int,
    step: int,
    whole: bool,
    notes: list[str],
    faults: list[Fault],
) -> NDArray[np.int64] | None:
    """Step of the model year of stamps of one offset."""
    before, where = len(faults), f'{cells.file}, "{cells.names[column]}"'
    moved = [stamp + timedelta(minutes=BEIJING - offset) for stamp in stamps]
    days = [day_of_year(stamp.month, stamp.day) for stamp in moved]
    leap = [(i, column) for i, day in enumerate(days) if day is None]
    if leap and whole:
        cells.report(faults, leap, "29 February", "a year of 365 days", "Leave the day out.")
    minutes = [None if d is None else d * 1440 + s.hour * 60 + s.minute for d, s in zip(days, moved, strict=True)]
    places = [None if m is None else m // step for m in minutes]
    count = DAYS * 1440 // step
    begins = (stamps[0].month, stamps[0].day, stamps[0].hour, stamps[0].minute)
    if begins != (1, 1, 0, 0) and places[0] != 0:
        ends = begins == (1, 1, step // 60, step % 60)
        remedy = "Are they ends? Name each step by its beginning." if ends else "Begin with the first step of a year."
        faults.append(Fault(where, f"{stamps[0]:%Y-%m-%d %H:%M} first", "01-01 00:00 first", remedy))
        return None
    known = [p for p in places if p is not None]
    seen: set[int] = set()
    twice = [p for p in known if p in seen or seen.add(p)]  # type: ignore[func-returns-value]
    missing = sorted(set(range(count)) - seen)
    hour = 60 // step
    if len(twice) == hour == len(missing) and twice[-1] // hour == twice[0] // hour and _one_hour(missing, hour):
        found = f"{_stamp(twice[0], step)} twice and no {_stamp(missing[0], step)}, as of a clock with daylight saving"
        faults.append(Fault(where, found, "every hour once", NO_SUMMER_TIME))
        return None
    if twice:
        expected, remedy = "every stamp once", "Delete the second one. " + NO_SUMMER_TIME
        found = f"{listed((_stamp(p, step) for p in twice), 3)} a second time"
        faults.append(Fault(where, found, expected, remedy if _one_hour(twice, hour) else "Delete the second one."))
    if missing:
        expected, remedy = "every stamp of the year", "Add the rows."
        remedy += f" {NO_SUMMER_TIME}" if _one_hour(missing, hour) else ""
        faults.append(Fault(where, f"no {listed((_stamp(p, step) for p in missing), 3)}", expected, remedy))
    doubled, first, backward = set(twice), set[int](), []
    latest = datetime.min
    for i, (place, stamp) in enumerate(zip(places, stamps, strict=True)):
        if place in doubled and place in first:
            continue
        first.add(place or 0)
        if stamp < latest:
            backward.append((i, column))
        latest = max(latest, stamp)
    if backward:
        word, remedy = cells.rows[backward[0][0]][column], "Sort the rows by time."
        cells.report(faults, backward, f'"{word}", before the one above', "stamps in order of time", remedy)
    if len(faults) > before:
        return None
    if offset != BEIJING:
        notes.append(f"Stamps are converted from UTC{offset / 60:+g} to Beijing time (UTC+8).")
    if places[0] != 0:
        notes.append("Its year is that of another zone: its last hours are taken for the first ones in Beijing.")
    return np.array(places, dtype=np.int64)


def _one_hour(places: list[int], hour: int) -> bool:
    """Whether steps are those of one hour."""
    return len(places) == hour and places[-1] - places[0] == hour - 1


def _stamp(place: int, step: int) -> str:
    day, minute = divmod(place * step, 1440)
    return f"{month_and_day(day)} {minute // 60:02d}:{minute % 60:02d}"
