"""A small invented climate: four sites on one parallel, high and dry, with a mild year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from qhenergy.profiles import weather
from qhenergy.profiles.weather import Weather

MONTHS = np.arange(1, 13)


def climate_of(sites: pd.DataFrame) -> pd.DataFrame:
    """Twelve months for every site, the same but for the pressure."""
    wave = np.cos(2 * np.pi * (MONTHS - 7) / 12)
    rows = []
    for site, place in sites.iterrows():
        frame = pd.DataFrame(
            {
                "ghi": 4.9 + 1.8 * wave,
                "dni": 5.2 + 0.6 * wave,
                "air_temperature": 4.0 + 12.0 * wave,
                "wind_speed_10m": 3.0 - 0.4 * wave,
                "wind_speed_100m": 6.4 - 0.8 * wave,
                "weibull_shape": 1.8,
                "pressure": 101325.0 * np.exp(-place["altitude"] / 8400.0),
            },
            index=pd.MultiIndex.from_product([[site], MONTHS], names=["site", "month"]),
        )
        rows.append(frame)
    return pd.concat(rows)


@pytest.fixture(scope="session")
def sites() -> pd.DataFrame:
    """Four sites 0, 90, 450 and 1300 km east of the first."""
    return pd.DataFrame(
        {"latitude": 37.0, "longitude": [92.0, 93.0, 97.0, 106.6], "altitude": 2900.0},
        index=pd.Index(["first", "near", "middle", "remote"], name="site"),
    )


@pytest.fixture(scope="session")
def climate(sites: pd.DataFrame) -> pd.DataFrame:
    return climate_of(sites)


@pytest.fixture(scope="session")
def hours(sites: pd.DataFrame, climate: pd.DataFrame) -> Weather:
    """One year of generated weather, shared by all tests."""
    return weather.generate(sites, climate, seed=7)
