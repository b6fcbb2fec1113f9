"""Batteries, lithium or flow, of a given duration or of one the plan chooses.

    battery/energy_balance
        level[a,t] = keep[a]^h*level[a,t-1] + h*(eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a])   [MWh]
    battery/charge_limit    charge[a,t] <= charge_ratio[a] * capacity[a]                              [MW]
    battery/discharge_limit discharge[a,t] <= capacity[a]                                             [MW]
    battery/level_limit     level[a,t] <= depth[a] * energy[a]                                        [MWh]
    battery/cycle_limit     sum(drawn[a,t], t of y) <= yearly_cycles[a]*depth[a]*energy[a,y]          [MWh]

`energy` is duration times capacity, less what age has taken of it; where the duration is left blank it is
chosen by the plan for what is built in each stage, between the least and the most duration.
"""

from __future__ import annotations

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.store import ENERGY, POWER, operate_stores, plan_stores, register_stores
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table, text

#: Where a battery stands: clauses ask for it (R18), its hours are the same.
SIDE = text(
    "side",
    "whose side it stands on; what is shared stands on that of the grid",
    default="",
    choices=("source", "grid", "user"),
)
ASSETS = Table("batteries", "batteries of one kind in one zone", (*ASSET, *ENERGY, *POWER, SIDE))

TABLES = (ASSETS,)


def register(plan: Plan) -> None:
    """Register the batteries and let the plan size those without a duration."""
    register_stores(plan, "batteries")


def plan(plan: Plan) -> None:
    """Chain the levels of those that shift over more than a period; limit the cycles of a year."""
    plan_stores(plan, "battery", plan.inputs["batteries"])


def operate(window: Window) -> None:
    """Write the hours of the batteries."""
    operate_stores(window, "battery", "batteries", window.inputs["batteries"])
