"""Demand: the energy a zone takes every hour, and the part of it that cannot be served.

    demand/unserved   unserved[z,t] <= demand[z,t]   [MWh/h]

Unserved energy is paid at the zone's price and reported apart from the other costs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.window import Window
from qhenergy.data.tables import DEMAND, DEMAND_SHAPES, HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table
from qhenergy.profiles.calendar import HOURS, by_month_and_hour
from qhenergy.profiles.demand import hourly

TABLES: tuple[Table, ...] = (DEMAND, DEMAND_SHAPES)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Demand of every zone and stage [MWh/h]; columns are `zone` for the (single) stage."""
    made: dict[str, pd.DataFrame] = {}
    for stage in hours.case.stages:
        made[f"demand/{stage}"] = pd.DataFrame(
            {zone: _zone(hours, str(zone), stage) for zone in hours.inputs["zones"].index}
        )
    return made


def _zone(hours: Hours, zone: str, stage: int) -> np.ndarray:
    demand = hours.inputs["demand"]
    if zone not in demand.index.get_level_values(0):
        return np.zeros(hours.count)
    rows = demand.loc[zone].sort_index()
    years = rows.index.to_numpy(dtype=float)
    if not years.min() <= stage <= years.max():
        raise InputError(
            [
                Fault(
                    f"demand.csv ({zone})",
                    f"years {years.min():.0f} to {years.max():.0f}",
                    f"years around the stage {stage}",
                    "Add a row for the stage.",
                )
            ],
            str(hours.inputs.folder),
        )
    energy = float(np.interp(stage, years, rows["energy"].to_numpy(dtype=float)))
    if energy == 0:
        return np.zeros(hours.count)
    shape = str(rows["shape"].iloc[int(np.abs(years - stage).argmin())])
    shapes = hours.inputs["demand_shapes"].loc[shape]
    missing = sorted(set(range(1, 13)) - set(shapes.index))
    if missing:
        raise InputError(
            [Fault(f"demand_shapes.csv ({shape})", f"no month {m}", "12 months", "Add the row.") for m in missing],
            str(hours.inputs.folder),
        )
    shapes = shapes[list(HOURS_OF_DAY)]
    if not by_month_and_hour(shapes)[: hours.count].any():
        where, found = f"demand_shapes.csv ({shape})", f"zero in all of the {hours.count} hours of the case"
        raise InputError(
            [Fault(where, found, "a number above zero in one of them", "Fill the hours with demand.")],
            str(hours.inputs.folder),
        )
    values = hourly(shapes, energy).to_numpy()[: hours.count]
    # A year that a few hours stand for has the energy of the year as well.
    return values * (energy / values.sum()) * (hours.count / HOURS)


def operate(window: Window) -> None:
    """Write the unserved part and set the right-hand side of the balances."""
    demand = window.series(f"demand/{window.stage}")
    zones = [z for z in demand if any(v > 0 for v in demand[z])]
    unserved = window.columns(
        "demand/unserved",
        zones,
        "MW",
        "demand that is not served",
        upper=lambda z, t: demand[z][t],
    )
    price = window.inputs["zones"]["unserved_price"]
    for zone, values in demand.items():
        window.demand(zone, values)
    for zone in zones:
        window.join(zone, "demand/unserved", unserved, zone, 1.0, "unserved", "unserved")
        window.cost("unserved energy", float(price[zone]) * sum(unserved[zone, t] for t in window.hours))
