"""Heat from a heliostat field."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.profiles.weather import Weather

VERSION = "csp 1"
"""Changes whenever `field_heat` would give other numbers; part of the cache key."""

DESIGN_DNI = 850.0  # [W/m2]; direct irradiance at which the field gives its design thermal power
DESIGN_OPTICAL_EFFICIENCY = 0.51  # sunlight to salt, sun high, mirrors clean: field 0.58, receiver 0.88
LOWEST_ELEVATION = 8.0  # [deg]; heliostats are not deployed below (default of NREL SAM)
LEAST_DNI = 250.0  # [W/m2]; below, a receiver does not cover its own losses; assumed, common start-up level
STOW_WIND = 15.0  # [m/s] at 10 m; above, the mirrors lie flat (default of NREL SAM)


def relative_efficiency(elevation: pd.Series | np.ndarray) -> np.ndarray:
    """Optical efficiency of a surround field over that at high sun.

        relative(h) = 1 - 0.73 exp(-h / 16.5 deg)

    Cosine, shading and blocking together. The formula is a fit to the default tower field of NREL's System
    Advisor Model in the table that atlite carries (solar tower, CC BY 4.0), averaged over azimuth, on which
    it hardly depends: 0.27 at 0 deg, 0.70 at 15 deg, 0.91 at 31 deg, 0.99 at 60 deg; the fit stays within
    0.02 of them.

    Args:
        elevation: of the sun above the horizon [deg].

    Returns:
        Values in [0, 1); 0 below the horizon.
    """
    height = np.asarray(elevation, dtype=float)
    return np.where(height > 0, 1.0 - 0.73 * np.exp(-np.clip(height, 0.0, None) / 16.5), 0.0)


def field_heat(weather: Weather, site: str, optical_efficiency: float) -> pd.Series:
    """Heat that field and receiver deliver, per unit of their design thermal power.

        heat[t] = min(1, dni[t] / 850 * optical_efficiency / 0.51 * relative(h[t]))

    and 0 with the sun below 8 deg, dni below 250 W/m2, or more than 15 m/s of wind at 10 m.

    The design thermal power is what a clean field (58 %) and its receiver (88 %) hand to the salt under
    850 W/m2 with the sun high; a plant's solar multiple is this power over the heat its turbine takes.
    `optical_efficiency` is the same chain as it runs, sunlight to salt with the sun high: dust on the mirrors
    (0.95) and heliostats out of order (0.97) bring it from the 51 % of the design to about 47 %. Above the
    design power surplus heliostats are turned aside.

    Args:
        weather: the hours.
        site: a site of the weather.
        optical_efficiency: [0..1].

    Returns:
        8760 values in [0, 1], indexed by hour, named by the site [-].

    Raises:
        KeyError: no such site.
        ValueError: the efficiency is outside (0, 1].
    """
    if not 0 < optical_efficiency <= 1:
        raise ValueError(f"optical_efficiency {optical_efficiency} is outside (0, 1]; is it in percent?")
    hours, sun = weather.at(site), weather.sun(site)
    heat = (
        hours["dni"].to_numpy()
        / DESIGN_DNI
        * (optical_efficiency / DESIGN_OPTICAL_EFFICIENCY)
        * relative_efficiency(sun["apparent_elevation"])
    )
    running = (
        (sun["apparent_elevation"].to_numpy() >= LOWEST_ELEVATION)
        & (hours["dni"].to_numpy() >= LEAST_DNI)
        & (hours["wind_speed_10m"].to_numpy() <= STOW_WIND)
    )
    return pd.Series(np.where(running, np.minimum(heat, 1.0), 0.0), index=hours.index, name=site)
