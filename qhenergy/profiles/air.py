"""Synthetic hourly air temperature and wind speed from monthly means.

Temperature is the smooth course of the monthly means, plus a daily anomaly (first-order autoregressive, as in
the weather generator of Richardson 1981), plus a day cycle whose range grows with the day's clearness (the
relation used the other way round by Bristow and Campbell 1984, here linear).

Wind follows Brown, Katz and Murphy (1984): a Gaussian autoregressive process is mapped to the Weibull
distribution of the site and month, and given the day cycle. The Gaussian is the sum of two first-order
processes, a slow one for weather systems and a fast one for local wind, because a single one with the right
hour-to-hour persistence forgets a calm within a day, while calms that last for days are what a power system
has to bridge. Both heights share one process.

References:
    C. W. Richardson, Water Resources Research 17, 182-190, 1981.
    K. L. Bristow and G. S. Campbell, Agricultural and Forest Meteorology 31, 159-166, 1984.
    B. G. Brown, R. W. Katz and A. H. Murphy, Journal of Climate and Applied Meteorology 23, 1184-1195, 1984.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma, ndtr

from qhenergy.profiles import calendar, noise, smooth

ANOMALY_AUTOCORRELATION = 0.70  # day to day; assumed, near the 0.6-0.7 of Richardson 1981
ANOMALY_SPREAD = 3.0  # standard deviation of the daily mean [K]; assumed
ANOMALY_LENGTH_KM = 800.0  # assumed
DAY_RANGE_AT_FULL_CLEARNESS = 20.0  # maximum minus minimum if K were 1 [K]; assumed, 13 K at K = 0.65
WARMEST_SOLAR_HOUR = 15.0  # assumed

WEATHER_HOURS = 48.0  # e-folding time of the slow process; assumed
WEATHER_LENGTH_KM = 500.0  # assumed
LOCAL_HOURS = 6.0  # e-folding time of the fast process; assumed
LOCAL_LENGTH_KM = 100.0  # assumed
WEATHER_SHARE = 0.5  # of the variance; assumed. Lag-1 autocorrelation of the sum: 0.91
# Day cycle at the two heights: amplitude relative to the mean, and hour of the maximum in solar time;
# assumed, after the afternoon winds that follow from strong heating of the ground; weaker and later away from
# the ground.
CYCLE = {10: (0.30, 15.0), 100: (0.15, 17.0)}


def solar_hour(longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Local mean solar time in the middle of each hour.

    Args:
        longitude: shape (n,) [deg].

    Returns:
        Shape (8760, n) [h].
    """
    zone = calendar.TIME_ZONE.utcoffset(None).total_seconds() / 3600
    return calendar.HOUR_OF_DAY[:, None] + 0.5 + longitude / 15.0 - zone


def temperature(
    monthly: NDArray[np.float64],
    clearness: NDArray[np.float64],
    longitude: NDArray[np.float64],
    distance: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Hourly air temperature that keeps the monthly means.

    Args:
        monthly: shape (12, n) [degC].
        clearness: daily clearness index, shape (365, n) [-].
        longitude: shape (n,) [deg].
        distance: between sites, shape (n, n) [km].
        rng: source of randomness.

    Returns:
        Shape (8760, n) [degC].
    """
    white = noise.between_sites(rng, distance, ANOMALY_LENGTH_KM, calendar.DAYS)
    anomaly = ANOMALY_SPREAD * noise.persistent(white, ANOMALY_AUTOCORRELATION)
    # The day's anomaly holds at noon; between noons it changes evenly, so midnight has no step.
    noons = np.arange(calendar.DAYS) * 24 + 12.0
    hours = np.arange(calendar.HOURS)
    drift = np.column_stack([np.interp(hours, noons, column, period=calendar.HOURS) for column in anomaly.T])
    swing = 0.5 * DAY_RANGE_AT_FULL_CLEARNESS * clearness[calendar.DAY]
    cycle = swing * np.cos(2 * np.pi * (solar_hour(longitude) - WARMEST_SOLAR_HOUR) / 24)
    values = smooth.hourly_from_monthly(monthly, signed=True) + drift + cycle
    return values + (monthly - calendar.month_means(values))[calendar.MONTH - 1]


def wind(
    monthly_10m: NDArray[np.float64],
    monthly_100m: NDArray[np.float64],
    shape: NDArray[np.float64],
    longitude: NDArray[np.float64],
    distance: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Hourly wind speed at 10 m and 100 m that keeps the monthly means.

    Args:
        monthly_10m: shape (12, n) [m/s].
        monthly_100m: shape (12, n) [m/s].
        shape: Weibull shape factor, shape (12, n) [-].
        longitude: shape (n,) [deg].
        distance: between sites, shape (n, n) [km].
        rng: source of randomness.

    Returns:
        Two arrays of shape (8760, n) [m/s].
    """
    slow = noise.persistent(
        noise.between_sites(rng, distance, WEATHER_LENGTH_KM, calendar.HOURS), np.exp(-1 / WEATHER_HOURS)
    )
    fast = noise.persistent(
        noise.between_sites(rng, distance, LOCAL_LENGTH_KM, calendar.HOURS), np.exp(-1 / LOCAL_HOURS)
    )
    latent = np.sqrt(WEATHER_SHARE) * slow + np.sqrt(1 - WEATHER_SHARE) * fast
    k = shape[calendar.MONTH - 1]
    # Weibull quantile of unit mean; the log of the complement is taken directly to keep the tail.
    unit = (-np.log(ndtr(-latent))) ** (1 / k) / gamma(1 + 1 / k)
    results = []
    for height, monthly in ((10, monthly_10m), (100, monthly_100m)):
        amplitude, peak = CYCLE[height]
        cycle = 1 + amplitude * np.cos(2 * np.pi * (solar_hour(longitude) - peak) / 24)
        values = smooth.hourly_from_monthly(monthly) * cycle * unit
        results.append(values * (monthly / calendar.month_means(values))[calendar.MONTH - 1])
    return results[0], results[1]
