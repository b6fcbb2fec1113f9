"""Stores of heat at a node: hot water, bricks, a pit (R43).

    heat_store/balance       level[s,t] = keep[s]^h*level[s,t-1] + h*(charge[s,t] - discharge[s,t])   [MWh]
    heat_store/charge_limit     charge[s,t] <= capacity[s]                                         [MW]
    heat_store/discharge_limit  discharge[s,t] <= capacity[s]                                      [MW]
    heat_store/level_limit      level[s,t] <= depth[s]*energy[s]                                   [MWh]

`h` is the length of a step [h]. All is heat, taken from the node and given back to it: a store moves heat from hours
in which electricity is cheap, and its loss is what cools off. The plan sizes power and energy apart where no duration
is given.
"""

from __future__ import annotations

from qhenergy.algebra.joins import Feed
from qhenergy.algebra.level import chain_levels, write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.store import ENERGY, carried, register_stores
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import InputError
from qhenergy.ground.table import Table, reference
from qhenergy.technologies.heat import in_service, misplaced

STORES = Table(
    "heat_stores",
    "a store of heat at one node; its power and energy are heat",
    (*ASSET, reference("node", "heat_nodes", "node it stands at, of the same zone"), *ENERGY),
)

TABLES = (STORES,)


def register(plan: Plan) -> None:
    """Register the stores.

    Raises:
        InputError: a store stands in another zone than its node, or as `register_stores`.
    """
    faults = misplaced(plan.inputs, "heat_stores")
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    register_stores(plan, "heat_stores")


def plan(plan: Plan) -> None:
    """Chain the levels of long stores over the real periods; a store has no level before its node is served."""
    rows, stages = plan.inputs["heat_stores"], plan.case.stages
    nodes = {y: in_service(plan.inputs, y) for y in stages}

    def stands(s: str, y: int) -> bool:
        return plan.assets.possible(s, y) and rows.at[s, "node"] in nodes[y]

    chain_levels(
        plan,
        "heat_store/level",
        [s for s in carried(rows) if any(stands(s, y) for y in stages)],
        "MWh",
        lambda s, y: rows.at[s, "depth"] * plan.energy(s, y),
        lambda s: 1.0 - rows.at[s, "self_discharge"],
        stands,
    )


def operate(window: Window) -> None:
    """Take heat from the nodes and give it back."""
    rows = window.inputs["heat_stores"]
    nodes = in_service(window.inputs, window.stage)
    stores = [s for s in window.in_service("heat_stores") if rows.at[s, "node"] in nodes]
    charge = window.limited("heat_store/charge", stores, "MW", "heat taken from the node", lambda s, t: 1.0)
    discharge = window.limited("heat_store/discharge", stores, "MW", "heat given to the node", lambda s, t: 1.0)
    level = write_levels(
        window,
        "heat_store/level",
        stores,
        "MWh",
        "stored heat at the end of the hour",
        lambda s, t: rows.at[s, "depth"],
        window.energy_capacity,
        set(carried(rows)),
    )
    keep, h = (1.0 - rows["self_discharge"]).to_dict(), window.step
    window.rows(
        "heat_store/balance",
        stores,
        "MWh",
        "level[s,t] = keep[s]^h*level[s,t-1] + h*(charge[s,t] - discharge[s,t])",
        lambda s, t: level.now(s, t) - keep[s] ** h * level.before(s, t) - h * charge[s, t] + h * discharge[s, t] == 0,
    )
    for s in stores:
        node, technology = str(rows.at[s, "node"]), window.assets[s].technology
        window.pour(Feed("heat", node, "heat_store/charge", s, -1.0, "charging", technology))
        window.pour(Feed("heat", node, "heat_store/discharge", s, 1.0, "discharging", technology))
        price = window.inputs.cost(technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{technology}", price * sum(discharge[s, t] for t in window.hours))
