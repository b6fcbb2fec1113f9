from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.profiles.direct import check_series


def series(length: int = 8760) -> pd.DataFrame:
    return pd.DataFrame({"hour": np.arange(length), "sun": np.linspace(0.0, 1.0, length)})


def test_good_hours_have_no_faults() -> None:
    """Proves: a full year within the bounds passes, and the hour column is not taken for a series."""
    assert check_series(series(), 8760, "series.csv") == []


def test_a_leap_year_is_named() -> None:
    """Proves: 8784 rows are recognised, and the remedy says which hours to leave out."""
    (fault,) = check_series(series(8784), 8760, "series.csv")
    assert "8784" in fault.found
    assert "29 February" in fault.remedy
    (fault,) = check_series(series(8000), 8760, "series.csv")
    assert "29 February" not in fault.remedy


def test_text_gaps_and_bounds_are_told_apart() -> None:
    """Proves: one fault each for text, gaps and values out of bounds, with the first hour and the count."""
    table = series().astype(object)
    table.loc[5, "sun"] = "n/a?"
    table.loc[[7, 8], "sun"] = [np.nan, " "]
    table.loc[[11, 12, 13], "sun"] = [1.5, -0.1, 80.0]
    faults = check_series(table, 8760, "series.csv")
    assert [fault.where.split("hour ")[1] for fault in faults] == ["5", "7", "11"]
    assert "n/a?" in faults[0].found
    assert "1 more" in faults[1].found
    assert "2 more" in faults[2].found
    assert "percent" in faults[2].remedy
    assert all('series.csv, series "sun"' in fault.where for fault in faults)


def test_infinite_values_are_out_of_bounds() -> None:
    """Proves: an infinite value does not slip through as a number."""
    table = series()
    table.loc[3, "sun"] = np.inf
    (fault,) = check_series(table, 8760, "series.csv")
    assert "inf" in fault.found
