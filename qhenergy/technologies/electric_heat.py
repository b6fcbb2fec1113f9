"""Electric boilers and heat pumps that heat a node (R43).

    electric_heat/taken_limit   taken[h,t] <= capacity[h]   [MW]

    heat[h,t] = efficiency[h]*taken[h,t], or efficiency[h]*cop[h,t]*taken[h,t] of a heat pump with a site

Capacity is electric. A heat pump with a site follows the air there, hour by hour (`profiles.heat_pump`), and its
efficiency is what is lost in operation; one without, and a boiler, has one efficiency all year. What is taken comes out
of the zone and counts against the headroom of the node.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import Feed
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import InputError
from qhenergy.ground.table import Table, number, reference
from qhenergy.profiles import heat_pump
from qhenergy.technologies.heat import in_service, misplaced

HEATERS = Table(
    "electric_heaters",
    "electric boilers or heat pumps of one node; their power is electric",
    (
        *ASSET,
        reference("node", "heat_nodes", "node they heat, of the same zone"),
        number("efficiency", "share", "heat per electricity; with a site, what is left of its COP", low=0.1, high=8),
        reference("site", "sites", "where a heat pump takes its heat; one efficiency all year if blank", default=""),
        number("sink", "temperature", "temperature at which a heat pump gives heat", default=50, low=20, high=90),
    ),
)

TABLES = (HEATERS,)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Heat per electricity of every heater [-], hours of a year x heaters."""
    columns = {}
    for h, row in hours.inputs["electric_heaters"].iterrows():
        factor = np.ones(hours.count)
        if row["site"]:
            air = hours.weather.air_temperature[row["site"]].to_numpy(dtype=float)[: hours.count]
            factor = heat_pump.cop(air, float(row["sink"]))
        columns[str(h)] = float(row["efficiency"]) * factor
    return {"electric_heat/given": pd.DataFrame(columns)} if columns else {}


def register(plan: Plan) -> None:
    """Register the heaters.

    Raises:
        InputError: a heater stands in another zone than its node.
    """
    faults = misplaced(plan.inputs, "electric_heaters")
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    plan.assets.add_table("electric_heaters", plan.inputs["electric_heaters"])


def operate(window: Window) -> None:
    """Turn electricity of the zone into heat of the node."""
    rows, nodes = window.inputs["electric_heaters"], in_service(window.inputs, window.stage)
    heaters = [h for h in window.in_service("electric_heaters") if rows.at[h, "node"] in nodes]
    taken = window.limited("electric_heat/taken", heaters, "MW", "electricity taken to heat", lambda h, t: 1.0)
    for h in heaters:
        asset, node = window.assets[h], str(rows.at[h, "node"])
        part = (1.0, "electric", asset.technology, "electric_heat/given")
        window.pour(Feed("heat", node, "electric_heat/taken", h, *part))
        window.join(asset.zone, "electric_heat/taken", taken, h, -1.0, "conversion", asset.technology)
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * sum(taken[h, t] for t in window.hours))
