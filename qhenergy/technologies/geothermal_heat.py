"""Heat of warm ground water and deep wells, given to a node (R43).

    geothermal_heat/given_limit   given[g,t] <= availability[g]*capacity[g]   [MW]

Capacity is heat. Pumps take electricity of the zone per heat; it is small and does not count against the headroom.
"""

from __future__ import annotations

from qhenergy.algebra.joins import Feed
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import InputError
from qhenergy.ground.table import Table, number, reference
from qhenergy.technologies.heat import in_service, misplaced

WELLS = Table(
    "geothermal_heat",
    "wells that give heat to one node; their power is heat",
    (
        *ASSET,
        reference("node", "heat_nodes", "node they heat, of the same zone"),
        number("availability", "share", "of capacity, after outages", default=1, high=1),
        number("electricity", "share", "electricity of pumps per heat", default=0, high=1),
    ),
)

TABLES = (WELLS,)


def register(plan: Plan) -> None:
    """Register the wells.

    Raises:
        InputError: wells stand in another zone than their node.
    """
    faults = misplaced(plan.inputs, "geothermal_heat")
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    plan.assets.add_table("geothermal_heat", plan.inputs["geothermal_heat"])


def operate(window: Window) -> None:
    """Give heat of the ground to the nodes."""
    rows, nodes = window.inputs["geothermal_heat"], in_service(window.inputs, window.stage)
    wells = [g for g in window.in_service("geothermal_heat") if rows.at[g, "node"] in nodes]
    available = rows["availability"].to_dict()
    given = window.limited("geothermal_heat/given", wells, "MW", "heat given", lambda g, t: available[g])
    for g in wells:
        asset = window.assets[g]
        node = str(rows.at[g, "node"])
        window.pour(Feed("heat", node, "geothermal_heat/given", g, 1.0, "geothermal", asset.technology))
        if rows.at[g, "electricity"] > 0:
            per = -float(rows.at[g, "electricity"])
            window.join(asset.zone, "geothermal_heat/given", given, g, per, "conversion", asset.technology)
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * sum(given[g, t] for t in window.hours))
