from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from qhenergy.ground.faults import InputError
from qhenergy.profiles import weather, wind
from qhenergy.profiles.weather import Weather
from qhenergy.profiles.wind import WindDesign

DESIGN = WindDesign("V126/3300", hub_height=100.0, roughness_length=0.03, loss=0.0)


def test_output_stays_between_nothing_and_capacity(hours: Weather) -> None:
    """Proves: 8760 values in [0, 1] with a plausible mean for 6.4 m/s."""
    factor = wind.capacity_factor(hours, "first", DESIGN)
    assert len(factor) == 8760
    assert factor.between(0, 1).all()
    assert 0.15 < factor.mean() < 0.45


def test_thin_air_lowers_the_output(hours: Weather) -> None:
    """Proves: the same wind at sea level pressure brings 10 to 35 % more than at 2900 m."""
    sea = dataclasses.replace(hours, pressure=hours.pressure * 0 + 101325.0)
    high, low = (wind.capacity_factor(w, "first", DESIGN).sum() for w in (hours, sea))
    assert 1.10 < low / high < 1.35


def test_standard_density_returns_the_power_curve(hours: Weather) -> None:
    """Proves: at 1.225 kg/m3 and hub height 100 m the result is the turbine's own curve, read at the wind."""
    temperature = hours.air_temperature * 0 + 15.0
    kelvin = 15.0 + 273.15 - 0.65
    pressure = 1.225 * 287.058 * kelvin + 100.0 * 100 / 8
    steps = pd.DataFrame(
        np.tile(np.resize(np.arange(0.0, 24.0, 0.5), 8760)[:, None], 4),
        index=hours.ghi.index,
        columns=hours.ghi.columns,
    )
    still = dataclasses.replace(
        hours, air_temperature=temperature, pressure=hours.pressure * 0 + pressure, wind_speed_100m=steps
    )
    speeds, values = wind.power_curve(DESIGN.turbine)
    factor = wind.capacity_factor(still, "first", DESIGN)
    assert factor.to_numpy() == pytest.approx(np.interp(steps["first"], speeds, values, right=0), abs=1e-6)


def test_higher_hubs_and_smaller_losses_give_more(hours: Weather) -> None:
    """Proves: output rises with hub height, and the loss takes exactly its share."""
    base = wind.capacity_factor(hours, "first", DESIGN).sum()
    assert wind.capacity_factor(hours, "first", dataclasses.replace(DESIGN, hub_height=140.0)).sum() > base
    reduced = wind.capacity_factor(hours, "first", dataclasses.replace(DESIGN, loss=0.25)).sum()
    assert reduced == pytest.approx(0.75 * base)


def test_unknown_turbine_names_the_nearest(hours: Weather) -> None:
    """Proves: a misspelt turbine is refused with a suggestion, without asking a server."""
    with pytest.raises(InputError, match="V126/3300"):
        wind.capacity_factor(hours, "first", dataclasses.replace(DESIGN, turbine="V126-3300"))
    assert "V126/3300" in wind.turbine_types()


def test_a_loss_in_percent_is_refused() -> None:
    """Proves: 25 is not taken for a share."""
    with pytest.raises(ValueError, match="percent"):
        dataclasses.replace(DESIGN, loss=25.0)


def test_weather_frames_cover_what_wind_needs(hours: Weather) -> None:
    """Proves: the weather of one site carries every column that the converters read."""
    assert set(weather.FRAMES) == set(hours.at("first").columns)
