"""Pumped storage between two basins of its own.

    pumped_storage/energy_balance
        level[a,t] = keep[a]*level[a,t-1] + eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a]   [MWh]
    pumped_storage/charge_limit     charge[a,t] <= factor[a,t] * capacity[a]                 [MW]
    pumped_storage/discharge_limit  discharge[a,t] <= factor[a,t] * capacity[a]              [MW]
    pumped_storage/level_limit      level[a,t] <= factor[a,t] * capacity[a]                  [MWh]

`factor` is one for powers; for the level it is the duration.
"""

from __future__ import annotations

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.store import operate_stores, plan_stores
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table, number, text

ASSETS = Table(
    "pumped_storage",
    "a pumped-storage plant",
    (
        *ASSET,
        number("duration", "time", "full-load hours of the basins", low=0.5, high=1000),
        number("charge_efficiency", "share", "of pumping", low=0.1, high=1),
        number("discharge_efficiency", "share", "of generating", low=0.1, high=1),
        number("self_discharge", "share per hour", "stored energy lost an hour", default=0, high=0.5),
        text("cycle", "over what time it is meant to shift", choices=("short", "medium", "long")),
    ),
)

TABLES = (ASSETS,)


def register(plan: Plan) -> None:
    """Register the plants."""
    rows = plan.inputs["pumped_storage"]
    plan.assets.add_table("pumped_storage", rows, energy_hours=rows["duration"])


def plan(plan: Plan) -> None:
    """Chain the basins over the real periods."""
    plan_stores(plan, "pumped_storage", plan.inputs["pumped_storage"].assign(depth=1.0))


def operate(window: Window) -> None:
    """Write the hours of the plants."""
    rows = window.inputs["pumped_storage"].assign(depth=1.0)
    operate_stores(window, "pumped_storage", "pumped_storage", rows)
