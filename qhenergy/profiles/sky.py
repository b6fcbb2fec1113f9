"""Where the sun stands and what a clear sky gives: the part of pvlib that weather, solar and csp share.

All positions are taken in the middle of the hour, because an hour named 08:00 lasts until 09:00.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pvlib import clearsky, irradiance, solarposition

from qhenergy.profiles import calendar

HALF_HOUR = pd.Timedelta(minutes=30)

# Clean continental air; assumed. Optical depth at 700 nm 0.06 and 0.5 cm of water at 2800 m.
AEROSOL_AT_SEA_LEVEL = 0.15
AEROSOL_SCALE_HEIGHT = 3000.0  # [m]
WATER_AT_SEA_LEVEL = 2.0  # [cm]
WATER_SCALE_HEIGHT = 2000.0  # [m]


def sun(year: int, latitude: float, longitude: float, altitude: float, pressure: float) -> pd.DataFrame:
    """Sun position in the middle of each hour, by the NREL algorithm (Reda and Andreas 2004, in pvlib).

    Args:
        year: calendar year.
        latitude: [deg], north positive.
        longitude: [deg], east positive.
        altitude: above sea level [m].
        pressure: mean air pressure, for refraction [Pa].

    Returns:
        8760 rows indexed by hour; columns apparent_zenith, zenith, azimuth, apparent_elevation, elevation
        [deg] and dni_extra, the irradiance outside the atmosphere normal to the sun [W/m2].
    """
    moments = calendar.hours_of(year) + HALF_HOUR
    position = solarposition.get_solarposition(
        moments, latitude, longitude, altitude=altitude, pressure=pressure, method="nrel_numpy"
    )
    position = position[["apparent_zenith", "zenith", "azimuth", "apparent_elevation", "elevation"]].copy()
    position["dni_extra"] = np.asarray(irradiance.get_extra_radiation(moments))
    position.index = calendar.hour_index()
    return position


def clear(year: int, latitude: float, longitude: float, altitude: float, pressure: float) -> pd.DataFrame:
    """Clear-sky irradiance of each hour, by the simplified Solis model (Ineichen 2008, in pvlib).

    Solis needs no turbidity table and stays sober in thin air, where the model of Ineichen and Perez (2002)
    returns direct irradiance near 1200 W/m2. Aerosol and water vapour are those of clean continental air and
    fall off with altitude; the monthly table decides the level of irradiance anyway, the clear sky only its
    bound and day cycle.

    Args:
        year: calendar year.
        latitude: [deg], north positive.
        longitude: [deg], east positive.
        altitude: above sea level [m].
        pressure: mean air pressure [Pa].

    Returns:
        The columns of `sun` and ghi, dni, dhi [W/m2], 8760 rows; ghi = dni cos(apparent zenith) + dhi.

    References:
        P. Ineichen, "A broadband simplified version of the Solis clear sky model", Solar Energy 82, 758-762,
        2008.
    """
    frame = sun(year, latitude, longitude, altitude, pressure)
    up = (frame["apparent_elevation"] > 0).to_numpy()
    solis = clearsky.simplified_solis(
        frame["apparent_elevation"].clip(lower=0.0),
        aod700=AEROSOL_AT_SEA_LEVEL * np.exp(-altitude / AEROSOL_SCALE_HEIGHT),
        precipitable_water=WATER_AT_SEA_LEVEL * np.exp(-altitude / WATER_SCALE_HEIGHT),
        pressure=pressure,
        dni_extra=frame["dni_extra"],
    )
    cosine = np.cos(np.radians(frame["apparent_zenith"]))
    frame["ghi"] = solis["ghi"].fillna(0.0).clip(lower=0.0).where(up, 0.0)
    # At grazing sun the beam may come out larger than the global; the global is the better known of the two.
    frame["dni"] = np.minimum(solis["dni"].fillna(0.0), frame["ghi"] / cosine.where(up, 1.0)).where(up, 0.0)
    frame["dhi"] = (frame["ghi"] - frame["dni"] * cosine).clip(lower=0.0).where(up, 0.0)
    return frame
