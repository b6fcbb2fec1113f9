"""Computed profiles are kept under everything that makes their numbers."""

from pathlib import Path

import pytest

from qhenergy.algebra.hours import Hours
from qhenergy.data.case import parse_case
from qhenergy.data.inputs import read_inputs
from qhenergy.model.catalogue import TABLES
from qhenergy.profiles import cache, csp, solar, weather, wind
from qhenergy.technologies import csp as csp_plants
from qhenergy.technologies import solar as solar_plants
from qhenergy.technologies import wind as wind_farms

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("formula", "technology"),
    [(solar, solar_plants), (wind, wind_farms), (csp, csp_plants), (weather, solar_plants)],
    ids=["solar", "wind", "csp", "weather"],
)
def test_a_changed_formula_is_computed_anew(formula, technology, monkeypatch):
    """Proves: the key of a cached profile changes with the version of its formula and of the weather's.

    If it were broken, a repaired formula would go on giving the numbers of before.
    """
    asked = []

    def remember(version, inputs, build):
        asked.append(version)
        raise LookupError

    monkeypatch.setattr(cache, "frame", remember)
    inputs = read_inputs(ROOT / "inputs" / "qinghai", TABLES)
    hours = Hours(inputs, parse_case({"title": "x", "inputs": "qinghai"}, "x"))
    for version in ("one", "two"):
        monkeypatch.setattr(formula, "VERSION", version)
        with pytest.raises(LookupError):
            technology.series(hours)
    assert asked[0] != asked[1]
