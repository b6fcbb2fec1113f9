"""Electricity demand: a day shape per month and the energy of the year to hours."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.profiles import calendar


def hourly(shape: pd.DataFrame, energy: float) -> pd.Series:
    """Hourly demand with the shape of the table and exactly the energy of the year.

    Every day of a month has the same shape: a system dominated by continuous industry has little of a working
    week.

    Args:
        shape: index month 1 to 12, 24 columns in the order of the hours, relative values >= 0 [-].
        energy: of the year [MWh].

    Returns:
        8760 values indexed by hour [MWh per hour, that is MW].

    Raises:
        ValueError: the table is not 12 by 24, holds a blank or negative value, or is zero throughout.
    """
    values = calendar.by_month_and_hour(shape)
    if not (values >= 0).all():
        raise ValueError("a demand shape holds a blank or negative value")
    total = values.sum()
    if total <= 0:
        raise ValueError("a demand shape is zero throughout")
    return pd.Series(values * (energy / total), index=calendar.hour_index(), name="demand")


def spread(shape: pd.DataFrame | None, yearly: float, hours: int) -> NDArray[np.float64]:
    """A yearly amount over the hours that stand for the year.

    Args:
        shape: as in `hourly`; even if None.
        yearly: amount of the year.
        hours: how many hours stand for the year.

    Returns:
        Amount per hour, shape (hours,): weighted with `8760 / hours` they come to the year.

    Raises:
        ValueError: as `hourly`, or the shape is zero in all of the hours.
    """
    values = np.ones(hours) if shape is None else hourly(shape, 1.0).to_numpy()[:hours]
    if not values.sum() > 0:
        raise ValueError(f"a demand shape is zero in all of the {hours} hours of the case")
    spread_out: NDArray[np.float64] = values * (yearly / values.sum()) * (hours / calendar.HOURS)
    return spread_out
