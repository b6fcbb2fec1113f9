from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from qhenergy.profiles import calendar


@pytest.mark.parametrize("year", [2023, 2024])
def test_every_year_has_8760_hours_without_29_february(year: int) -> None:
    """Proves: a leap year loses 29 February and nothing else, so months line up in every year."""
    stamps = calendar.hours_of(year)
    assert len(stamps) == 8760
    assert not ((stamps.month == 2) & (stamps.day == 29)).any()
    assert (stamps.month.to_numpy() == calendar.MONTH).all()
    assert (stamps.hour.to_numpy() == calendar.HOUR_OF_DAY).all()


def test_time_zone_is_eight_hours_east_all_year() -> None:
    """Proves: no summer time, not even in a year when the named zone had it."""
    offsets = {stamp.utcoffset() for stamp in calendar.hours_of(1988)}
    assert offsets == {timedelta(hours=8)}


def test_month_means_of_month_numbers() -> None:
    """Proves: the mean over a month is taken over that month's hours only."""
    assert calendar.month_means(calendar.MONTH.astype(float)) == pytest.approx(range(1, 13))


def test_a_month_by_hour_table_is_read_by_label() -> None:
    """Proves: rows are found by month, not by position; a shuffled table gives the same year."""
    table = pd.DataFrame(np.arange(288.0).reshape(12, 24), index=range(1, 13))
    values = calendar.by_month_and_hour(table)
    assert values[0] == 0.0
    assert values[-1] == 287.0
    assert (calendar.by_month_and_hour(table.sample(frac=1, random_state=1)) == values).all()


def test_a_table_that_misses_a_month_is_refused() -> None:
    """Proves: eleven months are not stretched to a year."""
    with pytest.raises(ValueError, match="months 1 to 12"):
        calendar.by_month_and_hour(pd.DataFrame(np.ones((11, 24)), index=range(1, 12)))
