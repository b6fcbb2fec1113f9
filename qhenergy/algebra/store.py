"""The pattern every electric store follows; batteries and pumped storage differ in data only.

<name>/energy_balance  level[a,t] = keep[a]*level[a,t-1] + eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a]   [MWh]
<name>/charge          charge[a,t] <= capacity[a]                                                         [MW]
<name>/discharge       discharge[a,t] <= capacity[a]                                                      [MW]
<name>/level           level[a,t] <= depth[a] * energy[a]                                                 [MWh]
"""

from __future__ import annotations

import pandas as pd

from qhenergy.algebra.level import chain_levels, write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window


def carried(rows: pd.DataFrame) -> list[str]:
    """Stores whose level is carried from one real period to the next: all but the short ones (R14)."""
    return [str(a) for a in rows.index[rows["cycle"] != "short"]]


def plan_stores(plan: Plan, name: str, rows: pd.DataFrame) -> None:
    """Chain the levels of the stores of one table that are carried over real periods."""
    members = [a for a in carried(rows) if any(plan.assets.possible(a, y) for y in plan.case.stages)]
    chain_levels(
        plan,
        f"{name}/level",
        members,
        "MWh",
        lambda a, y: rows.at[a, "depth"] * plan.energy(a, y),
        lambda a: 1.0 - rows.at[a, "self_discharge"],
        plan.assets.possible,
    )


def operate_stores(window: Window, name: str, table: str, rows: pd.DataFrame) -> None:
    """Write the hours of the stores of one table.

    Args:
        window: the window.
        name: prefix of the families.
        table: asset table.
        rows: with columns charge_efficiency, discharge_efficiency, self_discharge [1/h], depth, cycle.
    """
    stores = window.in_service(table)
    charge = window.limited(f"{name}/charge", stores, "MW", "power taken from the grid", lambda a, t: 1.0)
    discharge = window.limited(f"{name}/discharge", stores, "MW", "power given to the grid", lambda a, t: 1.0)
    depth = rows["depth"].to_dict()
    level = write_levels(
        window,
        f"{name}/level",
        stores,
        "MWh",
        "stored energy at the end of the hour",
        lambda a, t: depth[a],
        window.energy_capacity,
        set(carried(rows)),
    )
    keep = (1.0 - rows["self_discharge"]).to_dict()
    into = rows["charge_efficiency"].to_dict()
    out_of = (1.0 / rows["discharge_efficiency"]).to_dict()
    window.rows(
        f"{name}/energy_balance",
        stores,
        "MWh",
        "level[a,t] = keep[a]*level[a,t-1] + eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a]",
        lambda a, t: (
            level.now(a, t) - keep[a] * level.before(a, t) - into[a] * charge[a, t] + out_of[a] * discharge[a, t] == 0
        ),
    )
    for a in stores:
        asset = window.assets[a]
        window.join(asset.zone, f"{name}/charge", charge, a, -1.0, "charging", asset.technology)
        window.join(asset.zone, f"{name}/discharge", discharge, a, 1.0, "discharging", asset.technology)
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * sum(discharge[a, t] for t in window.hours))
