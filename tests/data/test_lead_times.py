"""Proves that what the built-in data can build has a lead time, and that none shuts what a stage of 2025 may build."""

import pandas as pd

from qhenergy.data.builtin import find
from qhenergy.data.fleet import asset_tables
from qhenergy.data.inputs import read_inputs
from qhenergy.model.catalogue import TABLES

#: Kinds whose lead time is part of an agreement with those who use the electricity, not of a building site.
CONTRACTED = {"flexible_demand", "electric_heat", "geothermal_heat", "heat_store"}
BASE, FIRST = 2020, 2025


def test_lead_times_of_what_can_be_built():
    """Proves: every technology with room has a lead time, and what opens by 2025 opens with it as without.

    If it were broken, a pumped-storage plant could stand the year after it was decided, or a battery that
    the targets of 2025 rest on could not stand in 2025.
    """
    inputs = read_inputs(find("inputs", "qinghai"), TABLES)
    technologies = inputs["technologies"]
    rows = pd.concat([inputs[name] for name in asset_tables(inputs)])
    rows = rows[rows["room"] > 0]
    lead, kind = (rows["technology"].map(technologies[column]) for column in ("lead_time", "kind"))
    built = ~kind.isin(CONTRACTED)
    assert rows[built & ~(lead > 0)].index.tolist() == []
    open_by_then = ~(rows["earliest_year"] > FIRST)
    assert rows[open_by_then & (BASE + lead > FIRST)].index.tolist() == []
    assert lead[rows["technology"] == "pumped_storage"].unique().tolist() == [6.5]
