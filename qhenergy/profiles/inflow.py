"""Natural river inflow: monthly means to hours."""

from __future__ import annotations

import pandas as pd

from qhenergy.profiles import calendar, smooth


def hourly(monthly: pd.DataFrame, factor: float = 1.0) -> pd.DataFrame:
    """Hourly inflow that runs smoothly from month to month and keeps the monthly means.

    The method is the mean-preserving interpolation of Rymes and Myers (2001), see `smooth`. There is no
    day-to-day noise on
    purpose: the table holds long-term means, and reservoirs of any size see only those.

    Args:
        monthly: index month 1 to 12 (any order), one column per station [m3/s].
        factor: of the water year, multiplies every value [-].

    Returns:
        8760 rows indexed by hour, one column per station [m3/s]; none negative, monthly means equal `factor`
        times the table to rounding.

    Raises:
        ValueError: a month is missing, a value is blank or negative, or the factor is negative.
    """
    if sorted(monthly.index) != list(range(1, 13)):
        raise ValueError(f"inflow needs the months 1 to 12 once each; these came: {sorted(monthly.index)}")
    if factor < 0:
        raise ValueError(f"the factor of a water year cannot be negative, this one is {factor}")
    means = monthly.sort_index().to_numpy(dtype=float) * factor
    return pd.DataFrame(smooth.hourly_from_monthly(means), index=calendar.hour_index(), columns=monthly.columns)
