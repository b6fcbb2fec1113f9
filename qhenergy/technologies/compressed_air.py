"""Compressed air: a compressor fills a cavern or vessel, an expander empties it.

    compressed_air/energy_balance
        level[a,t] = keep[a]^h*level[a,t-1] + h*(eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a])   [MWh]
    compressed_air/charge_limit     charge[a,t] <= charge_ratio[a] * capacity[a]             [MW]
    compressed_air/discharge_limit  discharge[a,t] <= capacity[a]                            [MW]
    compressed_air/level_limit      level[a,t] <= depth[a] * energy[a]                       [MWh]

The plant is adiabatic: the heat of compression is kept and used again, and no gas is burnt. Its level is
the work that the air and the kept heat can still do, so that round trip is eta_c * eta_d; `capacity` is
the expander's, `charge_ratio` the compressor's power over it. `energy` is duration times capacity;
where the duration is left blank the plan chooses it, between the least and the most duration.
"""

from __future__ import annotations

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.store import ENERGY, POWER, operate_stores, plan_stores, register_stores
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table

ASSETS = Table("compressed_air", "a compressed-air plant with its cavern or vessels", (*ASSET, *ENERGY, *POWER))

TABLES = (ASSETS,)


def register(plan: Plan) -> None:
    """Register the plants and let the plan size the caverns of those without a duration."""
    register_stores(plan, "compressed_air")


def plan(plan: Plan) -> None:
    """Chain the levels of those that shift over more than a period; limit the cycles of a year."""
    plan_stores(plan, "compressed_air", plan.inputs["compressed_air"])


def operate(window: Window) -> None:
    """Write the hours of the plants."""
    operate_stores(window, "compressed_air", "compressed_air", window.inputs["compressed_air"])
