"""Checks on hourly series that a user supplies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.ground.faults import Fault
from qhenergy.profiles import calendar

LEAP_HOURS = calendar.HOURS + 24


def check_series(frame: pd.DataFrame, hours: int, where: str, low: float = 0.0, high: float = 1.0) -> list[Fault]:
    """What is wrong with a table of hourly series; empty if nothing is.

    Args:
        frame: one column per series, in the order of the hours; a column `hour`, if there is one, is not a
            series, and an index `hour` must number every hour.
        hours: number of rows expected.
        where: the file, as the user would look for it.
        low: least value allowed.
        high: largest value allowed.

    Returns:
        One fault for the length or for hours left out, and for each series one for text, one for gaps and
        one for values out of bounds.
    """
    faults = []
    if len(frame) != hours:
        remedy = f"Give {hours} rows, one per hour."
        if len(frame) == LEAP_HOURS and hours == calendar.HOURS:
            remedy = "This is the length of a leap year: leave out the 24 hours of 29 February."
        faults.append(Fault(where, f"{len(frame)} hours", f"{hours} hours", remedy))
    elif frame.index.name == "hour":
        absent = ~np.isin(np.arange(hours), frame.index)
        if absent.any():
            found = f"no hour {int(np.flatnonzero(absent)[0])}{_more(absent)}"
            faults.append(Fault(where, found, f"every hour from 0 to {hours - 1}", "Number the rows from 0."))
    for name in frame.columns:
        if name != "hour":
            faults += _check_one(frame[name], f'{where}, series "{name}"', low, high)
    return faults


def _check_one(series: pd.Series, where: str, low: float, high: float) -> list[Fault]:
    faults = []
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float)
    blank = series.isna().to_numpy() | (series.astype(str).str.strip() == "").to_numpy()
    text = np.isnan(numbers) & ~blank
    if text.any():
        first = int(np.flatnonzero(text)[0])
        faults.append(
            Fault(
                f"{where}, hour {first}",
                f'the text "{series.iloc[first]}"{_more(text)}',
                "a number",
                "Correct the cell; no thousands separators, no units.",
            )
        )
    if blank.any():
        first = int(np.flatnonzero(blank)[0])
        faults.append(
            Fault(
                f"{where}, hour {first}",
                f"a blank{_more(blank)}",
                "a number in every hour",
                "Fill the gap; the model does not guess.",
            )
        )
    with np.errstate(invalid="ignore"):
        beyond = (numbers < low) | (numbers > high)
    if beyond.any():
        first = int(np.flatnonzero(beyond)[0])
        percent = low == 0 and high == 1 and 1 < np.nanmax(numbers) <= 100
        remedy = "Is it in percent?" if percent else "Correct the number."
        faults.append(
            Fault(f"{where}, hour {first}", f"{numbers[first]:g}{_more(beyond)}", f"{low:g} to {high:g}", remedy)
        )
    return faults


def _more(mask: np.ndarray) -> str:
    """How many further hours share a fault, in words."""
    others = int(mask.sum()) - 1
    return f" (and {others} more)" if others else ""
