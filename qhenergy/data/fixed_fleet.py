"""A fleet that is given: capacities as a plan or a person has them, nothing added and nothing retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from qhenergy.data.fleet import asset_tables, limit_tables
from qhenergy.data.inputs import Inputs

#: Less than this is none: an interior point leaves crumbs of what it does not build [MW].
CRUMB = 0.1


def fixed_fleet(inputs: Inputs, power: Mapping[str, float], energy: Mapping[str, float]) -> Inputs:
    """The inputs with a given fleet.

    Args:
        inputs: as they were planned with.
        power: capacity of every asset, and what is added to every limit that may be raised [MW]; one that is not
            named has none.
        energy: stored energy of those that store [MWh], as it is at their age.

    Returns:
        Inputs whose assets have their capacity as `existing`, hold what they can hold, neither grow nor leave nor take
        the place of another, and whose limits are as high as they were raised.
    """
    frames = dict(inputs.frames)
    for name in asset_tables(inputs):
        rows = inputs[name]
        found = rows.index.map(lambda asset: power.get(str(asset), 0.0)).to_numpy(dtype=float)
        found = np.where(found < CRUMB, 0.0, found)
        fixed: dict[str, object] = {"existing": found, "committed": 0.0, "committed_year": np.nan, "room": 0.0}
        fixed |= {
            column: value
            for column, value in (("retirable", "no"), ("fade", 0.0), ("replaces", ""))
            if column in rows.columns
        }
        if "duration" in rows.columns:
            held = rows.index.map(lambda asset: energy.get(str(asset), np.nan)).to_numpy(dtype=float)
            hours = np.divide(held, found, out=np.full(len(rows), np.nan), where=found > 0)
            fixed["duration"] = np.where(np.isfinite(hours), hours, rows["duration"])
        frames[name] = rows.assign(**fixed)
    for name in limit_tables(inputs):
        rows = inputs[name]
        added = rows.index.map(lambda limit: power.get(str(limit), 0.0)).to_numpy(dtype=float)
        # One without room is not raised, and may have the key of an asset.
        added = np.where((rows["room"] > 0) & (added >= CRUMB), added, 0.0)
        frames[name] = rows.assign(limit=rows["limit"] + added, room=0.0)
    frames["retirements"] = inputs["retirements"].iloc[:0]
    return replace(inputs, frames=frames)
