"""Monthly means to smooth hourly values that keep those means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import uniform_filter1d

from qhenergy.profiles import calendar

# From half a month, wide enough to join two months, down to three hours: each correction leaves a step at the
# turn of the month, of the order of the window's square, and the next narrower window takes it out.
WINDOWS = (361, 121, 41, 13, 5, 3)
ROUNDS = 8  # per window


def hourly_from_monthly(monthly: ArrayLike | Sequence[float], *, signed: bool = False) -> NDArray[np.float64]:
    """Interpolate monthly means to hours; the year is closed, December joins January.

    The method is that of Rymes and Myers (2001): smooth the steps by a moving average, put each month's mean
    right again, repeat. For quantities that cannot be negative the mean is put right by a factor instead of
    an addend, so a value >= 0 stays so and a month of zeros stays zero; the last step is the correction, so
    the means hold to rounding.

    Args:
        monthly: shape (12,) or (12, n), January first; any unit.
        signed: the quantity may be negative (temperature); the correction is then additive, as published.

    Returns:
        Shape (8760,) or (8760, n), same unit.

    Raises:
        ValueError: not 12 rows, a value missing, or a negative value where `signed` is false.

    References:
        M. D. Rymes and D. R. Myers, "Mean preserving algorithm for smoothly interpolating averaged data",
        Solar Energy 71(4), 225-231, 2001.
    """
    means = np.asarray(monthly, dtype=float)
    if means.shape[:1] != (12,):
        raise ValueError(f"12 monthly means are needed, {means.shape[:1]} came")
    if not np.isfinite(means).all():
        raise ValueError("a monthly mean is missing")
    if not signed and (means < 0).any():
        raise ValueError("a monthly mean is negative where the quantity cannot be")
    at = calendar.MONTH - 1
    values = means[at]
    for window in np.repeat(WINDOWS, ROUNDS):
        values = uniform_filter1d(values, int(window), axis=0, mode="wrap")
        found = calendar.month_means(values)
        if signed:
            values = values + (means - found)[at]
        else:
            # A month of mean zero between zero months has nothing to scale: 0/0 is then 0.
            factor = np.divide(means, found, out=np.zeros_like(means), where=found > 0)
            values = np.maximum(values, 0.0) * factor[at]
    return values
