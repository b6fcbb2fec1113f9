from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from qhenergy.profiles import csp
from qhenergy.profiles.weather import Weather


def test_heat_follows_the_formula_hour_by_hour(hours: Weather) -> None:
    """Proves: heat = dni/850 * efficiency/0.51 * (1 - 0.73 exp(-h/16.5)), checked by hand in one hour."""
    heat = csp.field_heat(hours, "first", 0.47)
    assert heat.between(0, 1).all()
    sun, dni = hours.sun("first")["apparent_elevation"], hours.dni["first"]
    noon = int((heat.where(heat < 1).fillna(0)).idxmax())
    by_hand = dni[noon] / 850 * 0.47 / 0.51 * (1 - 0.73 * np.exp(-sun[noon] / 16.5))
    assert heat[noon] == pytest.approx(by_hand)


def test_field_rests_in_low_sun_haze_and_storm(hours: Weather) -> None:
    """Proves: below 8 deg, below 250 W/m2 and above 15 m/s there is no heat."""
    sun = hours.sun("first")["apparent_elevation"]
    heat = csp.field_heat(hours, "first", 0.47)
    assert (heat[sun < 8] == 0).all()
    assert (heat[hours.dni["first"] < 250] == 0).all()
    storm = dataclasses.replace(hours, wind_speed_10m=hours.wind_speed_10m * 0 + 16.0)
    assert csp.field_heat(storm, "first", 0.47).sum() == 0


def test_relative_efficiency_matches_the_published_table() -> None:
    """Proves: the fit stays within 0.025 of the table's values over that at high sun."""
    table = {0: 0.27, 2: 0.33, 15: 0.69, 17: 0.73, 31: 0.905, 60: 0.988}
    found = csp.relative_efficiency(np.array(list(table), dtype=float) + 1e-9)
    assert found == pytest.approx(list(table.values()), abs=0.025)


def test_cleaner_mirrors_give_more_heat(hours: Weather) -> None:
    """Proves: heat rises with the efficiency, less than in proportion: surplus mirrors are turned aside."""
    low, high = (csp.field_heat(hours, "first", value).sum() for value in (0.40, 0.50))
    assert 1 < high / low < 1.25
    with pytest.raises(ValueError, match="percent"):
        csp.field_heat(hours, "first", 47.0)
