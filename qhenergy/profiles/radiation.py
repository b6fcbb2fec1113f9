"""Synthetic hourly sunshine from monthly means.

Steps, with their sources:

1. Daily clearness. A latent Gaussian with lag-1 autocorrelation 0.29 (Graham, Hollands and Unny 1988) is
   mapped to the clearness index K by the distribution of Hollands and Huget (1983),  p(K) ~ (Ku - K)
   exp(lambda K)  on [0, Ku], Ku = 0.6313 + 0.267 M - 11.9 (M - 0.75)^8, whose mean is the month's mean
   clearness M.
2. Hours of the day. The clear-sky index k follows the day's value; around it the hours vary as in the TAG
   model of Aguiar and Collares-Pereira (1992): a Gaussian with autocorrelation 0.38 + 0.06 cos(7.4 K - 2.5)
   and standard deviation A exp(B (1 - sin h)),  A = 0.14 exp(-20 (K - 0.35)^2),  B = 3 (K - 0.45)^2 + 16 K^5,
   h the sun's elevation. TAG's own mean profile is replaced by the clear sky at altitude, since TAG was
   fitted near sea level.
3. Month's mean. k is scaled by one factor a month, under the bound `MAXIMUM_INDEX`, so that the mean of ghi
   is met. Where the month's mean comes close to the clear sky, the table is believed before the clear-sky
   model: the clear sky of that month is raised so that the mean is `CLEAR_SHARE` of it.
4. Beam. dni = dni_clear k^P for k <= 1 and dni_clear / k above (Hammer et al. 2008); the exponent P >= 1 is
   found for each month so that the mean of dni is met. With P >= 1 diffuse is never negative, and dni never
   above clear sky.
5. Diffuse is what remains: dhi = ghi - dni cos z.

Between sites the latent Gaussians are correlated by exp(-distance / length).

References:
    V. A. Graham, K. G. T. Hollands and T. E. Unny, Solar Energy 40, 83-92, 1988.
    K. G. T. Hollands and R. G. Huget, Solar Energy 30, 195-209, 1983.
    R. Aguiar and M. Collares-Pereira, "TAG", Solar Energy 49, 167-174, 1992.
    A. Hammer et al., direct irradiance from the clear-sky index k, EuroSun 2008.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from qhenergy.profiles import calendar, noise

DAY_AUTOCORRELATION = 0.29  # Graham, Hollands and Unny 1988
DAY_LENGTH_KM = 400.0  # assumed: the size of a weather system's cloud field
HOUR_LENGTH_KM = 50.0  # assumed: single cloud groups
MAXIMUM_INDEX = 1.05  # assumed: hourly mean of a bright sky with some cloud, over clear sky
CLEAR_SHARE = 0.90  # most that a month's mean may be of its clear sky; assumed, leaves room for passing clouds
MAXIMUM_CLEARNESS = 0.85  # of a month's mean; beyond it no atmosphere is left
MINIMUM_INDEX = 0.03  # assumed: the darkest overcast hour
LOW_SUN_CLEARNESS = 0.3  # keeps the index finite where the clear sky itself is almost dark


@dataclass(frozen=True)
class Sunshine:
    """Hourly irradiance of all sites and the daily clearness behind it.

    Attributes:
        ghi: global horizontal, shape (8760, n) [W/m2].
        dni: direct normal [W/m2].
        dhi: diffuse horizontal [W/m2].
        clearness: daily clearness index, shape (365, n) [-].
    """

    ghi: NDArray[np.float64]
    dni: NDArray[np.float64]
    dhi: NDArray[np.float64]
    clearness: NDArray[np.float64]


def hollands_huget_quantile(mean: float, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the daily clearness index in a month of given mean (Hollands and Huget 1983).

    Args:
        mean: monthly mean clearness index [-], between 0.05 and 0.9.
        probability: values in (0, 1), any shape.

    Returns:
        Clearness index [-], shape of `probability`.
    """
    upper = 0.6313 + 0.267 * mean - 11.9 * (mean - 0.75) ** 8
    upper = max(upper, mean + 0.04)  # mountain air lets through more than the stations of the fit had
    grid = np.linspace(0.0, upper, 401)

    def density(rate: float) -> NDArray[np.float64]:
        weight = (upper - grid) * np.exp(rate * (grid - upper))
        return weight / weight.sum()

    rate = brentq(lambda r: density(r) @ grid - mean, -200.0, 400.0)
    cumulative = np.cumsum(density(rate))
    return np.interp(probability, cumulative, grid)


def generate(
    skies: list[pd.DataFrame],
    ghi: NDArray[np.float64],
    dni: NDArray[np.float64],
    distance: NDArray[np.float64],
    rng: np.random.Generator,
) -> Sunshine:
    """Hourly irradiance that keeps the monthly means of ghi and dni.

    Args:
        skies: one frame of `sky.clear` per site.
        ghi: monthly means, shape (12, n) [W/m2].
        dni: monthly means, shape (12, n) [W/m2].
        distance: between sites, shape (n, n) [km].
        rng: source of randomness.

    Returns:
        The hourly irradiance.

    Raises:
        ValueError: the sky cannot give a monthly mean, or ghi and dni contradict each other; names site
            number and month.
    """
    sites = len(skies)
    day_noise = noise.persistent(noise.between_sites(rng, distance, DAY_LENGTH_KM, calendar.DAYS), DAY_AUTOCORRELATION)
    hour_noise = noise.between_sites(rng, distance, HOUR_LENGTH_KM, calendar.HOURS)
    hourly, daily = (calendar.HOURS, sites), (calendar.DAYS, sites)
    out = Sunshine(np.zeros(hourly), np.zeros(hourly), np.zeros(hourly), np.zeros(daily))
    for s, model_sky in enumerate(skies):
        sky = _raised(model_sky, ghi[:, s], f"site number {s}")
        clearness = _daily_clearness(sky, ghi[:, s], day_noise[:, s])
        index = _hourly_index(sky, clearness, hour_noise[:, s])
        out.clearness[:, s] = clearness
        out.ghi[:, s], out.dni[:, s] = _match_months(sky, index, ghi[:, s], dni[:, s], f"site number {s}")
        cosine = np.cos(np.radians(sky["apparent_zenith"].to_numpy()))
        out.dhi[:, s] = np.maximum(out.ghi[:, s] - out.dni[:, s] * cosine, 0.0)
        # Rounding may leave the three a hair apart; the global is defined as their sum.
        out.ghi[:, s] = out.dni[:, s] * np.where(out.dni[:, s] > 0, cosine, 0.0) + out.dhi[:, s]
    return out


def _raised(sky: pd.DataFrame, ghi: NDArray[np.float64], where: str) -> pd.DataFrame:
    """The clear sky, its global part raised in the months whose mean leaves no room for clouds."""
    clearness = ghi / calendar.month_means(_outside(sky))
    for month in np.flatnonzero(~((clearness > 0) & (clearness <= MAXIMUM_CLEARNESS))):
        raise ValueError(
            f"{where}, month {month + 1}: a mean ghi of {ghi[month]:.0f} W/m2 is {clearness[month]:.0%} of "
            f"what arrives above the atmosphere; more than 0 and at most {MAXIMUM_CLEARNESS:.0%} is possible"
        )
    lift = np.maximum(1.0, ghi / (CLEAR_SHARE * calendar.month_means(sky["ghi"].to_numpy())))
    return sky.assign(ghi=sky["ghi"] * lift[calendar.MONTH - 1])


def _outside(sky: pd.DataFrame) -> NDArray[np.float64]:
    """Horizontal irradiance outside the atmosphere, shape (8760,) [W/m2]."""
    cosine = np.cos(np.radians(sky["apparent_zenith"].to_numpy()))
    return sky["dni_extra"].to_numpy() * np.clip(cosine, 0.0, None)


def _daily_clearness(sky: pd.DataFrame, ghi: NDArray[np.float64], latent: NDArray[np.float64]) -> NDArray[np.float64]:
    means = np.clip(ghi / calendar.month_means(_outside(sky)), 0.05, MAXIMUM_CLEARNESS)
    clearness, day_month = np.zeros(calendar.DAYS), calendar.DAY_MONTH
    for month, mean in enumerate(means, start=1):
        days = day_month == month
        clearness[days] = hollands_huget_quantile(float(mean), ndtr(latent[days]))
    return clearness


def _hourly_index(sky: pd.DataFrame, clearness: NDArray[np.float64], white: NDArray[np.float64]) -> NDArray[np.float64]:
    """Clear-sky index of each hour: the day's index plus TAG's variation, bounded."""
    outside = _outside(sky)
    clear = sky["ghi"].to_numpy()
    day = clearness * outside.reshape(-1, 24).sum(axis=1) / clear.reshape(-1, 24).sum(axis=1)
    k = clearness[calendar.DAY]
    coefficient = 0.38 + 0.06 * np.cos(7.4 * k - 2.5)
    gain = np.sqrt(1.0 - coefficient**2)
    latent = np.empty(calendar.HOURS)
    before = white[0]
    for t in range(calendar.HOURS):
        before = coefficient[t] * before + gain[t] * white[t]
        latent[t] = before
    sine = np.sin(np.radians(np.clip(sky["apparent_elevation"].to_numpy(), 0.0, 90.0)))
    spread = 0.14 * np.exp(-20 * (k - 0.35) ** 2) * np.exp((3 * (k - 0.45) ** 2 + 16 * k**5) * (1 - sine))
    clear_clearness = np.divide(clear, outside, out=np.ones_like(clear), where=outside > 0)
    variation = spread * latent / np.maximum(clear_clearness, LOW_SUN_CLEARNESS)
    return np.clip(day[calendar.DAY] + variation, MINIMUM_INDEX, MAXIMUM_INDEX)


def _match_months(
    sky: pd.DataFrame,
    index: NDArray[np.float64],
    ghi: NDArray[np.float64],
    dni: NDArray[np.float64],
    where: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Steps 3 and 4: one factor and one exponent a month."""
    hour_month = calendar.MONTH
    clear_ghi, clear_dni = sky["ghi"].to_numpy(), sky["dni"].to_numpy()
    hourly_ghi, hourly_dni = np.zeros(calendar.HOURS), np.zeros(calendar.HOURS)
    for month in range(12):
        at = np.flatnonzero(hour_month == month + 1)
        k, global_clear, beam_clear = index[at], clear_ghi[at], clear_dni[at]
        target = ghi[month] * len(at)
        factor = brentq(_global_gap, 0.0, 1e3, args=(k, global_clear, target), xtol=1e-15, rtol=1e-15)
        k = np.minimum(factor * k, MAXIMUM_INDEX)
        hourly_ghi[at] = k * global_clear
        beam_target = dni[month] * len(at)
        most = _beam(k, 1.0) @ beam_clear
        if not 0 < beam_target <= most:
            raise ValueError(
                f"{where}, month {month + 1}: a mean dni of {dni[month]:.0f} W/m2 does not go with a mean "
                f"ghi of {ghi[month]:.0f} W/m2; at most {most / len(at):.0f} W/m2 does"
            )
        power = brentq(_beam_gap, 1.0, 200.0, args=(k, beam_clear, beam_target), xtol=1e-14, rtol=1e-15)
        hourly_dni[at] = _beam(k, power) * beam_clear
    return hourly_ghi, hourly_dni


def _beam(k: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    return np.where(k <= 1.0, k**power, 1.0 / np.maximum(k, 1.0))


def _global_gap(factor: float, k: NDArray[np.float64], clear: NDArray[np.float64], target: float) -> float:
    return float(np.minimum(factor * k, MAXIMUM_INDEX) @ clear - target)


def _beam_gap(power: float, k: NDArray[np.float64], clear: NDArray[np.float64], target: float) -> float:
    return float(_beam(k, power) @ clear - target)
