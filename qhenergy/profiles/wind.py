"""Wind capacity factors from windpowerlib's power curves; the only file that imports windpowerlib."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from windpowerlib import WindTurbine, density, get_turbine_types, power_output, wind_speed

from qhenergy.ground.faults import Fault, InputError, nearest
from qhenergy.profiles.weather import Weather

VERSION = "wind 1"
"""Changes whenever `capacity_factor` would give other numbers; part of the cache key."""

MEASURED_HEIGHT = 100.0  # [m], the nearer of the two heights for any turbine of today
LAPSE_RATE = 0.0065  # [K/m], standard atmosphere
KELVIN = 273.15


@dataclass(frozen=True)
class WindDesign:
    """A wind farm type.

    One `loss` stands for everything between the curve of a free-standing turbine and the meter, the same for
    every site. A usual budget, in percent: wakes 10, outages 5, cables and transformers 4, cold stops, ice
    and restart after high wind 3, sand and dirt on the blades 3, derating of electrical parts in thin air 3,
    the curve not reached in turbulent air 3, control 2; as a product 29. The sum, not its parts, is what
    published full-load hours can check. Not in it, because computed: the air density itself.

    Attributes:
        turbine: turbine type with a power curve in windpowerlib's own data, for example "V126/3300".
        hub_height: above ground [m].
        roughness_length: of the ground [m].
        loss: share of the energy [0..1).
    """

    turbine: str
    hub_height: float
    roughness_length: float
    loss: float

    def __post_init__(self) -> None:
        """Refuse values without meaning."""
        if not 0 <= self.loss < 1:
            raise ValueError(f"loss {self.loss} is outside [0, 1); is it in percent?")
        if not 0 < self.roughness_length < min(self.hub_height, MEASURED_HEIGHT):
            raise ValueError(
                f"roughness_length {self.roughness_length} m does not go with a hub at {self.hub_height} m"
            )


def turbine_types() -> list[str]:
    """Turbine types with a power curve in windpowerlib's own data, sorted."""
    known = get_turbine_types(print_out=False)
    return sorted(known.loc[known["has_power_curve"], "turbine_type"])


@lru_cache(maxsize=32)
def power_curve(turbine: str) -> tuple[np.ndarray, np.ndarray]:
    """Power curve of a turbine type at standard density, from windpowerlib's own data.

    Args:
        turbine: turbine type.

    Returns:
        Wind speed [m/s] and output per unit of rated power [-].

    Raises:
        InputError: there is no such type.
    """
    if turbine not in turbine_types():
        raise InputError(
            [
                Fault(
                    "wind design",
                    f'turbine "{turbine}"',
                    "a type with a power curve in windpowerlib",
                    nearest(turbine, turbine_types()),
                )
            ],
            "the wind designs",
        )
    machine = WindTurbine(hub_height=100, turbine_type=turbine)
    curve = machine.power_curve
    return curve["wind_speed"].to_numpy(), curve["value"].to_numpy() / machine.nominal_power


def capacity_factor(weather: Weather, site: str, design: WindDesign) -> pd.Series:
    """Output per unit of capacity, before curtailment.

    Wind is taken from 100 m to the hub by the logarithmic profile; air density at the hub comes from the
    site's pressure and temperature (ideal gas, 1 hPa per 8 m), and the power curve is stretched to that
    density as Svenningsen (2010) does, v_site = v_standard (1.225 / density)^p with p from 1/3 below 7.5 m/s
    to 2/3 above 12.5 m/s.

    Args:
        weather: the hours.
        site: a site of the weather.
        design: the farm type.

    Returns:
        8760 values in [0, 1], indexed by hour, named by the site [-].

    Raises:
        KeyError: no such site.
        InputError: the turbine type is not known.

    References:
        L. Svenningsen, "Power Curve Air Density Correction and Other Power Curve Options in WindPRO", EMD,
        2010.
    """
    hours = weather.at(site)
    speeds, values = power_curve(design.turbine)
    hub_wind = wind_speed.logarithmic_profile(
        hours["wind_speed_100m"].to_numpy(), MEASURED_HEIGHT, design.hub_height, design.roughness_length
    )
    hub_temperature = hours["air_temperature"].to_numpy() + KELVIN - LAPSE_RATE * design.hub_height
    hub_density = density.ideal_gas(hours["pressure"].to_numpy(), 0.0, design.hub_height, hub_temperature)
    output = power_output.power_curve_density_correction(hub_wind, speeds, values, hub_density)
    return pd.Series(np.clip(output * (1.0 - design.loss), 0.0, 1.0), index=hours.index, name=site)
