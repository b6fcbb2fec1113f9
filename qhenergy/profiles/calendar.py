"""The model year: 365 days, 8760 hours, each named by its beginning, in UTC+8 without daylight saving.

Everything hourly in the model is indexed by the hour of the year, 0 to 8759. A calendar year is needed only
to know where the sun stands; a leap year loses 29 February, so that every year has the same hours.
"""

from __future__ import annotations

from datetime import timedelta, timezone

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HOURS = 8760
DAYS = 365
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# A fixed offset rather than a named zone: the named zone of UTC+8 in the tz database had summer time from
# 1986 to 1991.
TIME_ZONE = timezone(timedelta(hours=8))


def _frozen(values: NDArray[np.int64]) -> NDArray[np.int64]:
    values.setflags(write=False)
    return values


MONTH = _frozen(np.repeat(np.arange(1, 13), [24 * days for days in MONTH_DAYS]))
"""Month of each hour, 1 to 12, shape (8760,)."""

HOUR_OF_DAY = _frozen(np.tile(np.arange(24), DAYS))
"""Hour of the day of each hour, 0 to 23, UTC+8, shape (8760,)."""

DAY = _frozen(np.repeat(np.arange(DAYS), 24))
"""Day of the year of each hour, 0 to 364, shape (8760,)."""

DAY_MONTH = _frozen(np.repeat(np.arange(1, 13), MONTH_DAYS))
"""Month of each day, 1 to 12, shape (365,)."""


def hour_index() -> pd.RangeIndex:
    """The index of every hourly frame: 0 to 8759, named `hour`."""
    return pd.RangeIndex(HOURS, name="hour")


def hours_of(year: int) -> pd.DatetimeIndex:
    """The 8760 hours of a calendar year as time stamps.

    Args:
        year: calendar year; of a leap year, 29 February is left out.

    Returns:
        Beginning of each hour, tz-aware (UTC+8), length 8760.
    """
    stamps = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h", tz=TIME_ZONE)
    return stamps[~((stamps.month == 2) & (stamps.day == 29))]


def month_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of hourly values over each month.

    Args:
        values: shape (8760,) or (8760, n).

    Returns:
        Shape (12,) or (12, n), same unit as `values`.
    """
    bounds = np.concatenate([[0], np.cumsum(MONTH_DAYS)[:-1]]) * 24
    sums = np.add.reduceat(np.asarray(values, dtype=float), bounds, axis=0)
    hours = np.array(MONTH_DAYS, dtype=float) * 24
    return sums / (hours if sums.ndim == 1 else hours[:, None])


def by_month_and_hour(table: pd.DataFrame) -> NDArray[np.float64]:
    """A table of one day per month, repeated through the year.

    Args:
        table: 12 rows indexed by month 1 to 12 (any order), 24 columns in the order of the hours 0 to 23.

    Returns:
        Shape (8760,), same unit as the table.

    Raises:
        ValueError: the table is not 12 months by 24 hours.
    """
    if table.shape != (12, 24) or sorted(table.index) != list(range(1, 13)):
        raise ValueError(
            f"a day shape needs the months 1 to 12 as rows and 24 hours as columns; "
            f"this one has the rows {list(table.index)} and {table.shape[1]} columns"
        )
    values = table.sort_index().to_numpy(dtype=float)
    return values[MONTH - 1, HOUR_OF_DAY]
