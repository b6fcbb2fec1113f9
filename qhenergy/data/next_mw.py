"""A fixed fleet with more of something: a given amount of one asset, or an opening for every one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qhenergy.data.fleet import asset_tables
from qhenergy.data.inputs import Inputs

#: Limits that are no assets, and the column they are in.
SECTIONS, LIMIT = "sections", "limit"


def raised(inputs: Inputs, name: str, power: float) -> Inputs:
    """The inputs with more of one asset, its stored energy with it, or with a higher limit of a section.

    Args:
        inputs: of a fixed fleet, see `fixed_fleet`.
        name: key of the asset or section.
        power: how much more [MW].

    Raises:
        KeyError: neither an asset nor a section.
    """
    places = [*((table, "existing") for table in asset_tables(inputs)), (SECTIONS, LIMIT)]
    for table, column in places:
        rows = inputs[table]
        if name in rows.index:
            more = rows[column] + np.where(rows.index == name, power, 0.0)
            return replace(inputs, frames={**inputs.frames, table: rows.assign(**{column: more})})
    raise KeyError(name)


def opened(inputs: Inputs) -> Inputs:
    """The inputs in which the plan may add a MW to all that stands.

    Capacities are columns then, so that every row that leans on one says so.

    Args:
        inputs: of a fixed fleet.
    """
    frames = dict(inputs.frames)
    for table in asset_tables(inputs):
        rows = inputs[table]
        changed: dict[str, object] = {"room": np.where(rows["existing"] > 0, 1.0, 0.0)}
        if "earliest_year" in rows.columns:
            changed["earliest_year"] = np.nan
        frames[table] = rows.assign(**changed)
    frames["technologies"] = inputs["technologies"].assign(lead_time=0.0)
    return replace(inputs, frames=frames)
