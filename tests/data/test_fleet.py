"""The built-in fleet adds up to what the plan documents print."""

from pathlib import Path

import pandas as pd
import pytest

from qhenergy.data.inputs import Inputs, read_inputs
from qhenergy.model.catalogue import TABLES

ROOT = Path(__file__).resolve().parents[2]
ASSET_TABLES = (
    *("solar", "wind", "csp", "hydro_stations", "small_hydro", "thermal"),
    *("batteries", "pumped_storage", "compressed_air", "hydrogen_stores"),
)


@pytest.fixture(scope="module")
def qinghai() -> Inputs:
    return read_inputs(ROOT / "inputs" / "qinghai", TABLES)


def existing(inputs: Inputs) -> pd.Series:
    """Capacity of the base year by technology [MW]; stations outside the province do not count."""
    frames = []
    for name in ASSET_TABLES:
        frame = inputs[name]
        frames.append(frame[frame["zone"] != ""][["technology", "existing"]])
    return pd.concat(frames).groupby("technology")["existing"].sum()


def of_group(inputs: Inputs, group: str) -> float:
    return float(existing(inputs).reindex(inputs.members(group)).fillna(0.0).sum())


@pytest.mark.parametrize(
    ("tables", "printed"),
    [
        (("hydro_stations", "small_hydro"), 11930),
        (("solar",), 15800),
        (("csp",), 210),
        (("wind",), 8430),
        (("thermal",), 3930),
    ],
)
def test_capacity_of_2020(qinghai, tables, printed):
    """Proves that the fleet of 2020 adds up by kind to the printed statistics [MW]."""
    total = sum(qinghai[t].loc[qinghai[t]["zone"] != "", "existing"].sum() for t in tables)
    assert total == pytest.approx(printed, abs=1e-6)


def test_clean_share_of_2020(qinghai):
    """Proves 36 370 MW clean, printed as 90.2 % of the whole."""
    clean = of_group(qinghai, "clean")
    whole = clean + qinghai["thermal"]["existing"].sum()
    assert clean == pytest.approx(36370, abs=1e-6)
    assert 100 * clean / whole == pytest.approx(90.2, abs=0.06)


def test_head_and_discharge_make_the_capacity(qinghai):
    """Proves that head, efficiency and rated discharge of every standing station agree with its capacity to 5 %."""
    stations = qinghai["hydro_stations"]
    rated = stations.dropna(subset=["head", "efficiency", "rated_discharge"])
    rated = rated[rated["existing"] + rated["committed"] > 0]
    power = 9.81e-3 * rated["head"] * rated["efficiency"] * rated["rated_discharge"]
    assert (power / (rated["existing"] + rated["committed"]) - 1).abs().max() < 0.05


def test_all_19_stations_are_there(qinghai):
    """Proves that the cascade has its 19 rows in one line of flow."""
    stations = qinghai["hydro_stations"].sort_values("order")
    assert len(stations) == 19
    assert list(stations["downstream"])[:-1] == list(stations.index)[1:]


def test_every_named_project_is_accounted_for(qinghai):
    """Proves that each of the 180 named projects is represented or says why not."""
    projects = qinghai["projects"]
    assert len(projects) == 180
    assert ((projects["represented_as"] != "") | (projects["reason"] != "")).all()
