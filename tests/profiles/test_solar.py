from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from qhenergy.profiles import solar
from qhenergy.profiles.solar import SolarDesign
from qhenergy.profiles.weather import Weather

FIXED = SolarDesign("fixed", dc_ac_ratio=1.0, loss=0.2)
TRACKING = SolarDesign("single_axis", dc_ac_ratio=1.0, loss=0.2)


@pytest.mark.parametrize("design", [FIXED, TRACKING, SolarDesign("fixed", 1.6, 0.0)])
def test_output_stays_between_nothing_and_capacity(hours: Weather, design: SolarDesign) -> None:
    """Proves: 8760 values in [0, 1], dark when it is dark, and clipped when modules outgrow the inverter."""
    factor = solar.capacity_factor(hours, "first", design)
    assert len(factor) == 8760
    assert factor.between(0, 1).all()
    assert (factor[hours.ghi["first"] == 0] == 0).all()
    assert (factor.max() == 1.0) == (design.dc_ac_ratio > 1.5)


def test_tracking_gains_most_in_summer_mornings_and_evenings(hours: Weather) -> None:
    """Proves: a turning axis brings 5 to 30 % more over the year, and flattens the day."""
    fixed, turning = (solar.capacity_factor(hours, "first", design) for design in (FIXED, TRACKING))
    assert 1.05 < turning.sum() / fixed.sum() < 1.30
    june = slice(24 * 151, 24 * 181)
    shape = [series.iloc[june].groupby(np.arange(720) % 24).mean() for series in (fixed, turning)]
    assert shape[1][9] / shape[1].max() > shape[0][9] / shape[0].max()


def test_loss_and_ratio_scale_the_output(hours: Weather) -> None:
    """Proves: without clipping the loss takes its share, and half the modules give half."""
    lossless = dataclasses.replace(FIXED, loss=0.0)
    base, reduced = (solar.capacity_factor(hours, "first", d).sum() for d in (lossless, FIXED))
    assert reduced / base == pytest.approx(0.8, abs=0.01)
    half = solar.capacity_factor(hours, "first", dataclasses.replace(FIXED, dc_ac_ratio=0.5)).sum()
    assert half / reduced == pytest.approx(0.5, abs=0.01)


def test_yield_is_that_of_a_sunny_place(hours: Weather) -> None:
    """Proves: the yield is 0.90 to 1.15 kWh per kW and kWh/m2 of horizontal sun, tilt gain less losses."""
    sun_hours = hours.ghi["first"].sum() / 1000
    factor = solar.capacity_factor(hours, "first", dataclasses.replace(FIXED, loss=0.0))
    assert 0.90 < factor.sum() / sun_hours < 1.15


def test_rows_closer_together_shade_each_other(hours: Weather) -> None:
    """Proves: beam shading of the row in front costs energy, and more the closer the rows."""
    spread, usual, dense = (
        solar.capacity_factor(hours, "first", dataclasses.replace(FIXED, ground_cover=cover)).sum()
        for cover in (0.1, 0.4, 0.8)
    )
    assert spread > usual > dense
    assert usual / spread > 0.96


def test_facing_north_is_worse(hours: Weather) -> None:
    """Proves: azimuth 180 is south; the same rows turned round lose a third or more."""
    north = solar.capacity_factor(hours, "first", dataclasses.replace(FIXED, azimuth=0.0)).sum()
    assert north < 0.67 * solar.capacity_factor(hours, "first", FIXED).sum()


@pytest.mark.parametrize("change", [{"loss": 22.0}, {"mounting": "dual"}, {"ground_cover": 1.2}, {"dc_ac_ratio": 0.0}])
def test_designs_without_meaning_are_refused(change: dict) -> None:
    """Proves: percent instead of share, and values outside their range, are refused by name."""
    with pytest.raises(ValueError, match=next(iter(change))):
        dataclasses.replace(FIXED, **change)
