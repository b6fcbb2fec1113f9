"""Flexible demand in a year: what was moved, called, given back and sited, and what matching by month missed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.outcome.measures import total_capacity
from qhenergy.outcome.result import Result
from qhenergy.policy.clause import Clause
from qhenergy.policy.clean_matching import MONTHS, of_month
from qhenergy.technologies.flexible_demand import of_sectors

#: Families whose columns say what loads deviate, by what they are to the load.
WORDS = ("lowered", "raised", "curtailed", "returned")


def flexible(result: Result) -> pd.DataFrame:
    """How every flexible load was used.

    What is lowered and raised in one hour is nothing, and is taken out of both.

    Returns:
        Columns stage, asset, technology, zone, level, capacity [MW], baseline, shifted, curtailed, returned
        [MWh/yr], calls [1/yr]: what was newly called over the capacity.
    """
    rows = []
    loads = result.inputs["flexible_loads"]
    for stage in result.case.stages:
        weights, hours = result.weights(stage), result.of_stage(stage)
        installed = total_capacity(result, stage)
        base = result.series.get(f"flexible_demand/{stage}", pd.DataFrame())

        def of(family: str, member: str, hours: slice = hours) -> np.ndarray:
            if not result.has(family):
                return np.zeros(hours.stop - hours.start)
            frame = result.column(family)
            if member not in frame.columns:
                return np.zeros(hours.stop - hours.start)
            values: np.ndarray = np.nan_to_num(frame[member].to_numpy()[hours])
            return values

        for a, row in loads.iterrows():
            load = str(a)
            baseline = float(weights @ base[load].to_numpy()[hours]) if load in base.columns else 0.0
            if baseline == 0:
                continue
            moved = {w: of(f"flexible_demand/{w}", load) for w in WORDS}
            shifted = np.maximum(moved["lowered"] - moved["raised"], 0.0)
            called = float(weights @ of("flexible_demand/called", load))
            capacity = installed[load]
            rows.append(
                {
                    "stage": stage,
                    "asset": load,
                    "technology": row["technology"],
                    "zone": row["zone"],
                    "level": row["level"],
                    "capacity [MW]": capacity,
                    "baseline [MWh/yr]": baseline,
                    "shifted [MWh/yr]": float(weights @ shifted),
                    "curtailed [MWh/yr]": float(weights @ moved["curtailed"]),
                    "returned [MWh/yr]": float(weights @ moved["returned"]),
                    "calls [1/yr]": called / capacity if capacity > LEAST else 0.0,
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


#: Capacity below this counts as none [MW].
LEAST = 1e-3
COLUMNS = (
    "stage", "asset", "technology", "zone", "level", "capacity [MW]", "baseline [MWh/yr]", "shifted [MWh/yr]",
    "curtailed [MWh/yr]", "returned [MWh/yr]", "calls [1/yr]",
)  # fmt: skip


def by_sector(result: Result) -> pd.DataFrame:
    """How much of each sector flexible loads are that can be enrolled, without any scenario.

    Returns:
        Columns stage, sector, zone, sector_energy, flexible [MWh/yr], share [-]; sectors that no load names are left
        out.
    """
    rows = []
    loads = [str(a) for a in result.inputs["flexible_loads"].index]
    for stage in result.case.stages:
        able = [a for a in loads if result.assets.possible(a, stage)]
        for (sector, zone), (energy, given) in of_sectors(result.inputs, able, stage).items():
            rows.append((stage, sector, zone, given, energy, energy / given if given > 0 else 0.0))
    names = ["stage", "sector", "zone", "sector_energy [MWh/yr]", "flexible [MWh/yr]", "share [-]"]
    return pd.DataFrame(rows, columns=names)


def siting(result: Result) -> pd.DataFrame:
    """What runs at the sites of a pool beyond their baselines: columns stage, asset, pool, zone, arrived, left."""
    rows = []
    sites = result.inputs["load_sites"]
    if not len(sites) or not result.has("load_siting/moved"):
        return pd.DataFrame(columns=["stage", "asset", "pool", "zone", "arrived [MWh/yr]", "left [MWh/yr]"])
    frame = result.column("load_siting/moved")
    for stage in result.case.stages:
        weights, hours = result.weights(stage), result.of_stage(stage)
        for s, row in sites.iterrows():
            moved = np.nan_to_num(frame[str(s)].to_numpy()[hours])
            rows.append(
                {
                    "stage": stage,
                    "asset": str(s),
                    "pool": row["pool"],
                    "zone": row["zone"],
                    "arrived [MWh/yr]": float(weights @ np.maximum(moved, 0.0)),
                    "left [MWh/yr]": float(weights @ np.maximum(-moved, 0.0)),
                }
            )
    return pd.DataFrame(rows)


def missed_by_month(result: Result, clause: Clause, stage: int) -> float:
    """What the months of a stage miss of the supply a load is to be matched with [MWh/yr]."""
    balance = result.column("clean_matching/balance").loc[stage]
    return float(sum(max(-balance[of_month(clause.name, m)], 0.0) for m in MONTHS))
