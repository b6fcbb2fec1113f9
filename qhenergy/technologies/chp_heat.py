"""Heat that thermal plants give a node with their electricity (R09, R43).

    chp_heat/with_output   given[a,t] <= heat_per_power[a]*output[a,t]   [MW]

The tie of a plant to the heating season (`heat_tie`) stays as it is: it says how much the plant must run, this how much
heat comes with it. Steam is not dearer for it, since the efficiency of a tied plant already is that of extraction.
"""

from __future__ import annotations

from typing import Any

from qhenergy.algebra.joins import Feed
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import InputError
from qhenergy.ground.table import Table, number, reference
from qhenergy.technologies.heat import in_service, misplaced

DRAWN = Table(
    "chp_heat",
    "heat that a thermal plant can give one node",
    (
        reference("asset", "thermal", "plant"),
        reference("node", "heat_nodes", "node it heats"),
        number("heat_per_power", "share", "most heat per electricity given", high=5),
    ),
)

TABLES = (DRAWN,)


def register(plan: Plan) -> None:
    """Refuse plants far from their node.

    Raises:
        InputError: a plant stands in another zone than its node.
    """
    faults = misplaced(plan.inputs, "chp_heat", plan.inputs["thermal"]["zone"])
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def operate(window: Window) -> None:
    """Give heat of plants to the nodes."""
    rows, nodes = window.inputs["chp_heat"], in_service(window.inputs, window.stage)
    plants = [a for a in window.in_service("thermal") if a in rows.index and rows.at[a, "node"] in nodes]
    given = window.columns("chp_heat/given", plants, "MW", "heat drawn from the plant")
    output = window.model.component("thermal/output")

    def with_output(a: str, t: int) -> Any:
        return given[a, t] - float(rows.at[a, "heat_per_power"]) * output[a, t] <= 0

    window.rows("chp_heat/with_output", plants, "MW", "given[a,t] <= heat_per_power[a]*output[a,t]", with_output)
    for a in plants:
        technology = window.assets[a].technology
        window.pour(Feed("heat", str(rows.at[a, "node"]), "chp_heat/given", a, 1.0, "chp", technology))
