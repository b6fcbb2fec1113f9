"""The days of the model year: their months, their weekdays, and which of them are holidays.

The model year has 365 days and no date of its own. Where a curve asks for workdays, weekends and holidays, or names
the weeks of a year, it takes them from one calendar year: that of the days which `holidays` lists. Every Saturday and
Sunday is a weekend, every other day a workday, but for the rows of the table. Of a leap year 29 February is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, text

DAYS = 365
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WORKDAY, WEEKEND, HOLIDAY = "workday", "weekend", "holiday"
DAY_TYPES = (WORKDAY, WEEKEND, HOLIDAY)
#: Month of each day, 1 to 12.
MONTH_OF_DAY: NDArray[np.int64] = np.repeat(np.arange(1, 13), MONTH_DAYS)

HOLIDAYS = Table(
    "holidays",
    "a day that is not what its weekday says: an official holiday, or a day of a weekend that is worked",
    (
        text("date", "day as YYYY-MM-DD; all rows are of one calendar year, whose weekdays the model year has"),
        text("day_type", "what the day is", choices=DAY_TYPES),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
    ),
)


@dataclass(frozen=True)
class DayCalendar:
    """A calendar year as the model year sees it.

    Attributes:
        year: calendar year.
        types: what each of the 365 days is, a word of `DAY_TYPES`.
    """

    year: int
    types: tuple[str, ...]


def day_of_year(month: int, day: int) -> int | None:
    """Day of the model year, from 0; None if it has no such day, as 29 February."""
    if not (1 <= month <= 12 and 1 <= day <= MONTH_DAYS[month - 1]):
        return None
    return sum(MONTH_DAYS[: month - 1]) + day - 1


def month_and_day(day: int) -> str:
    """A day of the model year, counted from 0, as `MM-DD`."""
    month = int(MONTH_OF_DAY[day])
    return f"{month:02d}-{day - sum(MONTH_DAYS[: month - 1]) + 1:02d}"


def week_days(year: int, week: int) -> list[int]:
    """Days of the model year in an ISO week, Monday to Sunday; those of another year are left out.

    Raises:
        ValueError: the year has no such week.
    """
    monday = date.fromisocalendar(year, week, 1)
    dates = [monday + timedelta(days=i) for i in range(7)]
    found = [day_of_year(d.month, d.day) for d in dates if d.year == year]
    return [day for day in found if day is not None]


def of_year(year: int, exceptions: dict[date, str] | None = None) -> DayCalendar:
    """The calendar of a year.

    Args:
        year: calendar year.
        exceptions: days that are not what their weekday says, and what they are.
    """
    made = []
    for i in range(DAYS):
        month = int(MONTH_OF_DAY[i])
        day = date(year, month, i - sum(MONTH_DAYS[: month - 1]) + 1)
        made.append((exceptions or {}).get(day, WEEKEND if day.weekday() >= 5 else WORKDAY))
    return DayCalendar(year, tuple(made))


def calendar_of(inputs: Inputs) -> DayCalendar | None:
    """The calendar that holidays.csv gives; None if the system has no such table.

    Raises:
        InputError: a date cannot be read, or the rows are of several years.
    """
    rows = inputs["holidays"]
    found: dict[date, str] = {}
    faults: list[Fault] = []
    for key, row in rows.iterrows():
        where = f'holidays.csv ({key}), "date"'
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(key)):
                raise ValueError
            found[date.fromisoformat(str(key))] = str(row["day_type"])
        except ValueError:
            faults.append(Fault(where, f'"{key}"', "a day as YYYY-MM-DD", "Correct the date."))
    years = sorted({day.year for day in found})
    if len(years) > 1:
        found_years = " and ".join(map(str, years))
        remedy = "Keep the year whose weekdays the model year shall have."
        faults.append(Fault("holidays.csv", f"days of {found_years}", "days of one calendar year", remedy))
    if faults:
        raise InputError(faults, str(inputs.folder))
    return of_year(years[0], found) if years else None
