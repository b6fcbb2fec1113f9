"""The hourly weather of all sites, and the generator that stands in where no measured hours are at hand."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from qhenergy.profiles import air, calendar, noise, radiation, sky

VERSION = "weather 1"
"""Changes whenever the generator would give other numbers; part of the cache key."""

CLIMATE_COLUMNS = (
    "ghi",
    "dni",
    "air_temperature",
    "wind_speed_10m",
    "wind_speed_100m",
    "weibull_shape",
    "pressure",
)
DEFAULT_YEAR = 2025
KWH_PER_DAY = 1000.0 / 24.0  # kWh/m2/day to W/m2


@dataclass(frozen=True)
class Weather:
    """Hourly weather: frames of 8760 rows, one column per site.

    Rows are the hours 0 to 8759 of the model year, UTC+8, each named by its beginning.

    Measured or reanalysis hours may be put in directly; `generate` makes the default ones.

    Attributes:
        year: calendar year that the sun is computed for.
        sites: index site; columns latitude, longitude [deg], altitude [m].
        ghi: global horizontal irradiance [W/m2].
        dni: direct normal irradiance [W/m2].
        dhi: diffuse horizontal irradiance [W/m2].
        air_temperature: at 2 m [degC].
        wind_speed_10m: [m/s].
        wind_speed_100m: [m/s].
        pressure: at ground level [Pa].
    """

    year: int
    sites: pd.DataFrame
    ghi: pd.DataFrame
    dni: pd.DataFrame
    dhi: pd.DataFrame
    air_temperature: pd.DataFrame
    wind_speed_10m: pd.DataFrame
    wind_speed_100m: pd.DataFrame
    pressure: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse frames of another length or of other sites."""
        for name in FRAMES:
            frame = getattr(self, name)
            if len(frame) != calendar.HOURS or list(frame.columns) != list(self.sites.index):
                raise ValueError(
                    f"weather {name}: {len(frame)} rows for {list(frame.columns)}; "
                    f"expected {calendar.HOURS} rows for {list(self.sites.index)}"
                )

    def at(self, site: str) -> pd.DataFrame:
        """The weather of one site: 8760 rows, the attributes above as columns.

        Raises:
            KeyError: no such site.
        """
        return pd.DataFrame({name: getattr(self, name)[site] for name in FRAMES})

    def sun(self, site: str) -> pd.DataFrame:
        """Sun position at one site, as `sky.sun` gives it.

        Raises:
            KeyError: no such site.
        """
        place = self.sites.loc[site]
        pressure = float(self.pressure[site].mean())
        return sky.sun(self.year, place["latitude"], place["longitude"], place["altitude"], pressure)


FRAMES = tuple(field.name for field in fields(Weather) if field.name not in ("year", "sites"))
"""Names of the hourly frames of a Weather."""


def generate(sites: pd.DataFrame, climate: pd.DataFrame, seed: int, year: int = DEFAULT_YEAR) -> Weather:
    """Hourly weather from a monthly climate table, reproducible by its seed.

    The monthly means of ghi, dni, air temperature and both wind speeds are kept (to 1e-6 of the value); the
    day cycle, the persistence from day to day, the distribution of values and the correlation between sites
    come from the published methods named in `radiation` and `air`, which also mark every assumed parameter.
    ghi = dni cos z + dhi in every hour, nothing is negative, and dni never exceeds the clear sky. Sunshine
    and wind are drawn independently of each other.

    Args:
        sites: index site; columns latitude, longitude [deg], altitude [m].
        climate: index (site, month 1 to 12); columns ghi, dni [kWh/m2/day], air_temperature [degC],
            wind_speed_10m, wind_speed_100m [m/s], weibull_shape [-], pressure [Pa].
        seed: any integer >= 0; the same seed, sites and climate give the same hours, whatever the order of
            the rows.
        year: calendar year for the sun's position.

    Returns:
        The weather, sites in the order of `sites`.

    Raises:
        ValueError: a site and month is missing from `climate`, or its monthly means cannot be met by any sky.
    """
    ordered = sites.sort_index()
    means = _months(ordered, climate)
    if np.nanmax(means["pressure"]) < 2000:
        raise ValueError("climate: pressure is expected in Pa; these values look like hPa")
    distance = noise.distances(ordered)
    longitude = ordered["longitude"].to_numpy(dtype=float)
    streams = [np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(3)]
    skies = [
        sky.clear(year, row.latitude, row.longitude, row.altitude, float(means["pressure"][:, s].mean()))
        for s, row in enumerate(ordered.itertuples())
    ]
    try:
        sunshine = radiation.generate(
            skies, means["ghi"] * KWH_PER_DAY, means["dni"] * KWH_PER_DAY, distance, streams[0]
        )
    except ValueError as error:
        raise ValueError(f"climate of the sites {list(ordered.index)} (numbered from 0): {error}") from error
    warmth = air.temperature(means["air_temperature"], sunshine.clearness, longitude, distance, streams[1])
    wind_10m, wind_100m = air.wind(
        means["wind_speed_10m"],
        means["wind_speed_100m"],
        means["weibull_shape"],
        longitude,
        distance,
        streams[2],
    )

    def frame(values: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(values, index=calendar.hour_index(), columns=ordered.index)[list(sites.index)]

    return Weather(
        year=year,
        sites=sites,
        ghi=frame(sunshine.ghi),
        dni=frame(sunshine.dni),
        dhi=frame(sunshine.dhi),
        air_temperature=frame(warmth),
        wind_speed_10m=frame(wind_10m),
        wind_speed_100m=frame(wind_100m),
        pressure=frame(means["pressure"][calendar.MONTH - 1]),
    )


def _months(sites: pd.DataFrame, climate: pd.DataFrame) -> dict[str, np.ndarray]:
    """The climate table as arrays of shape (12, n), one per column."""
    wanted = pd.MultiIndex.from_product([sites.index, range(1, 13)], names=["site", "month"])
    missing = wanted.difference(climate.index)
    if len(missing):
        raise ValueError(f"climate: {len(missing)} rows are missing, the first is site and month {missing[0]}")
    table = climate.loc[wanted, list(CLIMATE_COLUMNS)].astype(float)
    if table.isna().any().any():
        site, column = table.isna().stack().idxmax()[:2], table.columns[table.isna().any()][0]
        raise ValueError(f"climate: {column} is blank for site and month {site}")
    return {column: table[column].to_numpy().reshape(len(sites), 12).T for column in CLIMATE_COLUMNS}
