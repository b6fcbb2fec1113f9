"""Photovoltaic capacity factors: sun, plane of array, cell temperature, inverter, all by pvlib."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pvlib import iam, inverter, irradiance, pvsystem, shading, temperature, tracking

from qhenergy.profiles.weather import Weather

VERSION = "solar 1"
"""Changes whenever `capacity_factor` would give other numbers; part of the cache key."""

ALBEDO = 0.25  # dry gravel and sand; pvlib's default
LARGEST_TRACKER_ANGLE = 60.0  # [deg], usual mechanical limit
INVERTER_EFFICIENCY = 0.96  # nominal, of the PVWatts inverter (Dobos 2014)


@dataclass(frozen=True)
class SolarDesign:
    """A photovoltaic plant type.

    One `loss` stands for everything the physics of `capacity_factor` leaves out, the same for every site of a
    technology. A usual budget, in percent: dust between washings 6, snow 1.5, module mismatch and wiring 3.5,
    first-light degradation and ageing at mid-life 4, horizon, diffuse and electrical row shading 2, outages
    3, collection, transformers and the line to the meter 3, station use 1; as a product 22. The sum, not its
    parts, is what published full-load hours can check. Not in it, because computed: angle of incidence, shade
    of the row in front, cell temperature, inverter efficiency and clipping.

    Attributes:
        mounting: rows fixed, or turning about a horizontal axis.
        dc_ac_ratio: module power per unit of inverter power [-].
        loss: share of the direct-current energy [0..1).
        tilt: of fixed rows [deg]; None: the site's latitude.
        azimuth: rows face this way, or the axis points along it [deg], 180 is south.
        ground_cover: row width over row spacing [-]; sets row shading and the tracker's backtracking.
        temperature_coefficient: change of power per degree of cell temperature [1/degC], negative.
    """

    mounting: Literal["fixed", "single_axis"]
    dc_ac_ratio: float
    loss: float
    tilt: float | None = None
    azimuth: float = 180.0
    ground_cover: float = 0.40
    temperature_coefficient: float = -0.0037

    def __post_init__(self) -> None:
        """Refuse values without meaning."""
        if self.mounting not in ("fixed", "single_axis"):
            raise ValueError(f'mounting "{self.mounting}" is not known; expected fixed or single_axis')
        if not 0 <= self.loss < 1:
            raise ValueError(f"loss {self.loss} is outside [0, 1); is it in percent?")
        if not 0 < self.ground_cover < 1:
            raise ValueError(f"ground_cover {self.ground_cover} is outside (0, 1)")
        if self.dc_ac_ratio <= 0:
            raise ValueError(f"dc_ac_ratio {self.dc_ac_ratio} is not positive")


def capacity_factor(weather: Weather, site: str, design: SolarDesign) -> pd.Series:
    """Alternating-current output per unit of alternating-current capacity, before curtailment.

    Chain: transposition of Hay and Davies (1980); incidence losses of Martin and Ruiz (2001), beam and
        diffuse; beam
    shading by the row in front (Anderson and Jensen 2024; trackers backtrack instead, Lorenzo et al. 2011);
    cell temperature of Faiman (2008); module and inverter of PVWatts (Dobos 2014), clipped at the inverter's
    power.

    Args:
        weather: the hours.
        site: a site of the weather.
        design: the plant type.

    Returns:
        8760 values in [0, 1], indexed by hour, named by the site [-].

    Raises:
        KeyError: no such site.
    """
    hours, sun = weather.at(site), weather.sun(site)
    latitude = float(weather.sites.loc[site, "latitude"])
    tilt, facing = _orientation(sun, design, latitude)
    incidence = irradiance.aoi(tilt, facing, sun["apparent_zenith"], sun["azimuth"])
    plane = irradiance.get_total_irradiance(
        tilt,
        facing,
        sun["apparent_zenith"],
        sun["azimuth"],
        hours["dni"],
        hours["ghi"],
        hours["dhi"],
        dni_extra=sun["dni_extra"],
        albedo=ALBEDO,
        model="haydavies",
    )
    diffuse = iam.martin_ruiz_diffuse(tilt)
    lit = 1.0 - _row_shade(sun, design, tilt)
    effective = (
        plane["poa_direct"] * iam.martin_ruiz(incidence) * lit
        + plane["poa_sky_diffuse"] * diffuse["sky"]
        + plane["poa_ground_diffuse"] * diffuse["ground"]
    )
    cell = temperature.faiman(plane["poa_global"], hours["air_temperature"], hours["wind_speed_10m"])
    direct_current = pvsystem.pvwatts_dc(
        effective, cell, pdc0=design.dc_ac_ratio, gamma_pdc=design.temperature_coefficient
    ) * (1.0 - design.loss)
    output = inverter.pvwatts(direct_current, pdc0=1.0 / INVERTER_EFFICIENCY, eta_inv_nom=INVERTER_EFFICIENCY)
    # At night angles are undefined and the result is blank; the inverter's own use is part of the loss.
    values = np.nan_to_num(np.asarray(output, dtype=float), nan=0.0)
    values = np.where(hours["ghi"].to_numpy() > 0, np.clip(values, 0.0, 1.0), 0.0)
    return pd.Series(values, index=hours.index, name=site)


def _orientation(
    sun: pd.DataFrame, design: SolarDesign, latitude: float
) -> tuple[float | np.ndarray, float | np.ndarray]:
    """Tilt and azimuth of the modules [deg]: one number when fixed, one an hour when turning."""
    if design.mounting == "fixed":
        return (abs(latitude) if design.tilt is None else design.tilt), design.azimuth
    turned = tracking.singleaxis(
        sun["apparent_zenith"],
        sun["azimuth"],
        axis_tilt=0.0,
        axis_azimuth=design.azimuth,
        max_angle=LARGEST_TRACKER_ANGLE,
        backtrack=True,
        gcr=design.ground_cover,
    )
    flat = {"surface_tilt": 0.0, "surface_azimuth": design.azimuth}
    turned = turned.fillna(flat)
    return turned["surface_tilt"].to_numpy(), turned["surface_azimuth"].to_numpy()


def _row_shade(sun: pd.DataFrame, design: SolarDesign, tilt: float | np.ndarray) -> np.ndarray | float:
    """Share of a fixed row's height that the row in front shades [0..1]; a backtracking row has none."""
    if design.mounting == "single_axis":
        return 0.0
    shaded = shading.shaded_fraction1d(
        sun["apparent_zenith"].to_numpy(),
        sun["azimuth"].to_numpy(),
        axis_azimuth=design.azimuth - 90.0,
        shaded_row_rotation=tilt,
        collector_width=design.ground_cover,
        pitch=1.0,
    )
    return np.nan_to_num(shaded, nan=0.0)
