"""Proves that a curve file at fault is refused with every fault at once, each with its place and what to do."""

from datetime import datetime

import pytest
from curve_files import HOURS, NEW_YEAR, QUARTERS, days, series, stamps, write

from faults.workplace import LINE
from qhenergy.data.curve_file import read_curve
from qhenergy.data.day_types import of_year
from qhenergy.ground.faults import InputError

RATED = 8000
FLAT = [100] * 24
MONTHS = dict.fromkeys(range(1, 13), FLAT)
YEAR = of_year(2025)


def hours(count=8760, **changed):
    """Values of a year, some of them others: `at_7="x"` is the eighth."""
    made = [100] * count
    for place, value in changed.items():
        made[int(place.removeprefix("at_"))] = value
    return made


def month(number, hour, value):
    """A table of months with one other cell."""
    return days("month", {**MONTHS, number: [*FLAT[:hour], value, *FLAT[hour + 1 :]]})


def moved(times, *edits):
    """Stamps of which some are deleted (None) or replaced."""
    made = list(times)
    for place, stamp in edits:
        made[place] = stamp
    return [t for t in made if t is not None]


def clock_with_summer_time(minutes=60):
    """Stamps of a clock that is set forward on 30 March at 02:00 and back on 26 October at 03:00."""
    times, per_hour = stamps(8760 * 60 // minutes, minutes), 60 // minutes
    spring, autumn = ((datetime(2025, m, d, h) - NEW_YEAR).total_seconds() / 3600 for m, d, h in (SPRING, AUTUMN))
    first, second = int(spring) * per_hour, int(autumn) * per_hour
    return times[:first] + times[first + per_hour : second] + times[second - per_hour : second] + times[second:]


SPRING, AUTUMN = (3, 30, 2), (10, 26, 3)
LEAP = stamps(8784, first=datetime(2024, 1, 1))
OF_TABLES = {
    "23 columns": (
        days("month", dict.fromkeys(MONTHS, FLAT[:23]), names=HOURS[:23]),
        ("23 columns of the day, none for 23", "24, 00 to 23", "Add the columns."),
    ),
    "25 columns": (
        days("month", {m: [*FLAT, 1] for m in MONTHS}, names=[*HOURS, "24"]),
        ("columns 24", "only 24, 00 to 23", "00 is the first and 24 is none"),
    ),
    "hours from 1 to 24": (
        days("month", MONTHS, names=[str(h + 1) for h in range(24)]),
        ("columns 24", "only 24, 00 to 23", "beginning of its hour"),
        ("24 columns of the day, none for 00", "24, 00 to 23", "Add the columns."),
    ),
    "95 quarters": (
        days("month", {m: [1] * 95 for m in MONTHS}, names=QUARTERS[:95]),
        ("95 columns of the day, none for 23:45", "96, 00:00 to 23:45", "Add"),
    ),
    "a column twice": (
        days("month", {m: [*FLAT, 1] for m in MONTHS}, names=[*HOURS, "05:00"]),
        ('column "05:00" twice', "each column once", "Delete one"),
    ),
    "a strange column": (
        [[*r, "x"] for r in days("month", MONTHS)],
        ('column "x"', "times of the day, month, season", "Delete it"),
    ),
    "a month missing": (
        days("month", dict.fromkeys(range(1, 12), FLAT)),
        ("no row for month 12", "each day of the year once", "Add the row."),
    ),
    "a month twice": (
        [*days("month", MONTHS), ["3", *FLAT]],
        ("month 3 a second time, after row 4", "each day of the year once", "Delete one"),
    ),
    "month 13": (days("month", {**MONTHS, 13: FLAT}), ('"13"', "a month, 1 to 12", "Correct the month.")),
    "a season nobody knows": (
        days("season", dict.fromkeys(("spring", "sumer", "autumn", "winter"), FLAT)),
        ('"sumer"', "one of spring, summer", 'Did you mean "summer"?'),
    ),
    "seasons without February": (
        days("season,months", {"a,3-12": FLAT, "b,1": FLAT}),
        ("no row for month 2", "each day of the year once", "Add"),
    ),
    "months nobody can read": (
        days("season,months", {"a,March": FLAT, "b,1": FLAT}),
        ('"March"', "months, such as 3-5", "Correct"),
    ),
    "a kind of day nobody knows": (
        days("day_type", dict.fromkeys(("workday", "weekend", "sunday"), FLAT)),
        ('"sunday"', "one of workday, weekend, holiday", "Write one of these words."),
    ),
    "no weekends": (
        days("day_type", {"workday": FLAT}),
        ("no row for weekend, month 1, 2, 3", "each day", "Add"),
        ("no row for holiday, month 1, 2, 3", "each day", "Add"),
    ),
    "two rows for every day": (
        [*days("", {"": FLAT}), ["", *FLAT]],
        ('column ""', "times", "Delete it"),
        ("month 1 a second time, after row 2", "each day of the year once", "Delete one"),
    ),
    "a blank": (month(3, 7, ""), ("an empty cell", "a number", "0 where the line asks for nothing")),
    "not a number": (month(3, 7, "NaN"), ('"NaN"', "a finite number", "Fill the gap.")),
    "a thousands separator": (month(3, 7, "1,000"), ('"1,000"', "a number", "no thousands separator")),
    "too many cells": (
        [*days("month", MONTHS)[:-1], ["12", *FLAT, "7"]],
        ("26 cells", "25, as in the header", "a number has no comma"),
    ),
    "negative": (month(3, 7, -5), ("-5", "at least 0", "Correct the sign")),
    "above rating": (
        month(2, 7, 8100),
        ("8100 MW, 100 above the rating, and 28 h above it", "at most 8000 MW", "Lower the curve"),
    ),
    "MW called 10^4 kW": (
        days("month", {m: [8000] * 24 for m in MONTHS}, " [10^4 kW]"),
        ("80000 MW, 72000 above the rating, and 8760 h", "at most 8000 MW", "Was it entered in MW?"),
    ),
    "per cent called per unit": (
        days("month", {m: [85] * 24 for m in MONTHS}, " [p.u.]"),
        ("680000 MW", "at most 8000 MW", "Was it entered in %?"),
    ),
    "MW called per unit": (
        days("month", {m: [6800] * 24 for m in MONTHS}, " [p.u.]"),
        ("above the rating", "at most", "Was it entered in MW?"),
    ),
    "no unit": (days("month", MONTHS, ""), ("no unit", "one unit: [MW], [10^4 kW]", "in square brackets")),
    "a unit of energy": (
        days("month", MONTHS, " [MWh]"),
        ('unit "MWh" is not a unit of power', "one of [MW]", "square brackets"),
    ),
    "an unknown unit": (days("month", MONTHS, " [wurst]"), ('unit "wurst" is not known', "one of [MW]", "square")),
    "two units": (
        [["unit", "%"], *days("month", MONTHS)],
        ("[%] and [MW]", "one unit", "square brackets"),
    ),
    "a maintenance that ends before it begins": (
        [["maintenance", "12-28", "01-03"], *days("month", MONTHS)],
        ("12-28 to 01-03", "a first day before the last", "Write two lines"),
    ),
    "a maintenance of no day": (
        [["maintenance", "2024-02-29"], ["maintenance", "Easter"], ["maintenance", "W54"], *days("month", MONTHS)],
        ('"2024-02-29"', "a day as YYYY-MM-DD", "no 29 February"),
        ('"Easter"', "an ISO week as W15", "Correct"),
        ('"W54", a week that 2025 has not', "an ISO week", "Correct the week."),
    ),
}
OF_YEARS = {
    "a leap year": (series(hours(8784)), ("8784 rows", "8760 hours or 35040", "leave out 29 February")),
    "a leap year of quarters": (series(hours(35136)), ("35136 rows", "8760 hours", "leave out 29 February")),
    "an hour too many": (series(hours(8761)), ("8761 rows", "8760 hours", "first hour of the next year")),
    "an hour too few": (series(hours(8759)), ("8759 rows", "8760 hours", "An hour lacks")),
    "a day": (series(hours(24)), ("24 rows", "8760 hours", "columns 00 to 23")),
    "a column too many": (
        [["value [MW]", "other [MW]"], *([1, 2] for _ in range(8760))],
        ("the columns value, other", "one column of values", "Give each curve a file of its own."),
    ),
    "no column": ([["time"], *([t] for t in stamps())], ("the columns time", "one column", "Add a column")),
    "no header": (series(hours())[1:], ("numbers", "a header", "Write a header above the numbers")),
    "several at once": (
        series(hours(at_5="", at_6="", at_7="no", at_8=-1, at_9=9000)),
        ("an empty cell", "a number", "Fill"),
        ('"no"', "a number", "Write digits"),
        ("-1", "at least 0", "Correct"),
        ("9000 MW, 1000 above the rating, and 1 h above it", "at most", "Lower"),
    ),
    "29 February": (
        series(hours(), moved(LEAP, *((i, None) for i in range(24)))),
        ("29 February", "a year of 365 days", "Leave the day out."),
        ("2024-01-02 00:00 first", "01-01 00:00 first", "Begin with the first step"),
    ),
    "a gap": (
        series(hours(8757), moved(stamps(), (50, None), (51, None), (53, None))),
        ("8757 rows", "8760 hours", "Give them all."),
        ("no 01-03 02:00, 01-03 03:00, 01-03 05:00", "every stamp of the year", "Add the rows."),
    ),
    "a stamp twice": (
        series(hours(8762), [*stamps()[:4], stamps()[2], stamps()[3], *stamps()[4:]]),
        ("8762 rows", "8760 hours", "Give"),
        ("01-01 02:00, 01-01 03:00 a second time", "every stamp once", "Delete the second one."),
    ),
    "unsorted": (
        series(hours(), moved(stamps(), (4, stamps()[5]), (5, stamps()[4]))),
        ('"2025-01-01 04:00", before the one above', "stamps in order of time", "Sort the rows"),
    ),
    "daylight saving": (
        series(hours(), clock_with_summer_time()),
        ("10-26 02:00 twice and no 03-30 02:00, as of a clock with daylight saving", "every hour once", "since 1991"),
    ),
    "daylight saving by quarters": (
        series(hours(35040), clock_with_summer_time(15)),
        ("10-26 02:00 twice and no 03-30 02:00", "every hour once", "Beijing time has had no daylight saving"),
    ),
    "only set back": (
        series(hours(8761), [*stamps()[:7155], stamps()[7154], *stamps()[7155:]]),
        ("8761 rows", "8760", "an hour twice"),
        ("10-26 02:00 a second time", "every stamp once", "no daylight saving since 1991"),
    ),
    "offsets of summer and winter": (
        series(hours(), [t + ("+02:00" if 2000 < i < 7000 else "+01:00") for i, t in enumerate(stamps())]),
        ("offsets +01:00 and +02:00, as of a clock with daylight saving", "one time zone", "give stamps in UTC+8"),
    ),
    "stamps with and without an offset": (
        series(hours(), [t + ("+08:00" if i % 2 else "") for i, t in enumerate(stamps())]),
        ("stamps with +08:00 and stamps without an offset", "one time zone", "behind all of them"),
    ),
    "two zones": (
        series(hours(), stamps(end="+08:00"), zone=" [UTC]"),
        ('stamps with +08:00 below "UTC"', "one time zone", "Delete the wrong one"),
    ),
    "a zone nobody knows": (
        series(hours(), stamps(), zone=" [Mars]"),
        ('time zone "Mars"', "UTC+8, UTC or another offset", "Correct the time zone."),
    ),
    "ends of hours": (
        series(hours(), stamps(first=datetime(2025, 1, 1, 1))),
        ("2025-01-01 01:00 first", "01-01 00:00 first", "Are they ends?"),
    ),
    "half hours": (
        series(hours(), [t.replace(":00", ":30") for t in stamps()]),
        ('"2025-01-01 00:30"', "the beginning of a step of 60 min", "Name each step by its beginning."),
    ),
    "a stamp in words": (
        series(hours(), moved(stamps(), (9, "Thursday"))),
        ('"Thursday"', "a stamp such as 2025-01-01 00:00", "Correct the stamp."),
    ),
    "31 April": (
        series(hours(), moved(stamps(), (2900, "2025-04-31 20:00"))),
        ('"2025-04-31 20:00"', "a day and hour that there is", "Correct"),
    ),
    "a mark nobody knows": (
        [["value [MW]", "maintenance"], *([1, "perhaps" if i == 3 else ""] for i in range(8760))],
        ('"perhaps"', "yes, or an empty cell", "Correct it."),
    ),
}  # fmt: skip


def refused(path, **options):
    """Faults of a file as they are printed."""
    with pytest.raises(InputError) as caught:
        read_curve(path, RATED, **options)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(f"{len(caught.value.faults)} fault")
    assert all(LINE.match(line) for line in lines[1:])
    return caught.value.faults


@pytest.mark.parametrize("name", [*OF_TABLES, *OF_YEARS])
def test_fault_gives_its_sentence(name, tmp_path):
    """Proves: every fault, and no other, is told with what was found, what was expected, and what to do."""
    rows, *expected = (OF_TABLES | OF_YEARS)[name]
    found = refused(write(tmp_path / "mine.csv", rows), calendar=YEAR)
    assert len(found) == len(expected), [str(f) for f in found]
    for fault, (what, wanted, remedy) in zip(found, expected, strict=True):
        assert "mine.csv" in fault.where
        assert what in fault.found, str(fault)
        assert wanted in fault.expected, str(fault)
        assert remedy in fault.remedy, str(fault)


def test_place_of_a_cell_and_of_others_like_it(tmp_path):
    """Proves: the first cell at fault is named by row and column, the others are counted."""
    [fault] = refused(write(tmp_path / "mine.csv", series(hours(at_10="", at_12="", at_14=""))))
    assert fault.where == 'mine.csv, row 12, "value" and 2 more cells'


FILES = {
    "nothing.csv": (None, "no such file", "Correct the path."),
    "empty.csv": (b"", "an empty file", "Fill it."),
    "blank.csv": (b"\n,,\n", "an empty file", "Fill it."),
    "header.csv": (b"value [MW]\n", "a header and no row", "Add them."),
    "words.csv": (b"unit,MW\n", "no table", "Add them."),
    "old.xls": (b"x", 'a file of kind ".xls"', "as a workbook (.xlsx)"),
    "wide.csv": ("value [MW]\n1\n".encode("utf-16"), "bytes that are no text", "comma-separated UTF-8"),
    "bytes.csv": (bytes(range(256)), "bytes that are no text", "comma-separated UTF-8"),
    "quote.csv": (b'value [MW]\n"1\n', "unexpected end of data", "Close every double quote."),
    "semicolons.csv": (b"month;00 [MW]\n1;2\n", "cells between semicolons", "comma-separated"),
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_is_none(name, tmp_path):
    """Proves: what cannot be read at all is refused in words, not with a traceback."""
    content, found, remedy = FILES[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    [fault] = refused(tmp_path / name)
    assert found in fault.found
    assert remedy in fault.remedy
    assert name in fault.where


def test_folder_and_broken_workbook(tmp_path):
    """Proves: a folder, and a workbook that is none, are refused in words."""
    assert refused(tmp_path)[0].found == "a folder"
    pytest.importorskip("openpyxl")
    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"PK no zip")
    assert refused(path)[0].expected == "a workbook (.xlsx)"


def test_days_and_weeks_need_a_year(tmp_path):
    """Proves: kinds of days without a calendar, and weeks of no year, are refused; a week with its year is not."""
    kinds = days("day_type", dict.fromkeys(("workday", "weekend"), FLAT))
    [fault] = refused(write(tmp_path / "mine.csv", kinds))
    assert "holidays.csv" in fault.expected
    weeks = [["maintenance", "W15"], *days("month", MONTHS)]
    [fault] = refused(write(tmp_path / "mine.csv", weeks))
    assert fault.found == '"W15", a week of no year'
    weeks[0] = ["maintenance", "2025-W15"]
    assert read_curve(write(tmp_path / "mine.csv", weeks), RATED).maintenance.sum() == 7 * 24
