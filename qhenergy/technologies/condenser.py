"""Synchronous condensers: machines that turn with the grid for its strength and give no energy.

    condenser/loss_is   loss[a,t] = loss_share[a] * capacity[a]   [MW]
                        (capacity that the plan decides; where it is a number, so is the loss)

The rating is in MVA and carried as power, so that costs per kvar stand as costs per kW. In service it turns in
every hour: what that takes is drawn from the zone, a use of its own.

`synchronous_machines` says of all technologies how many MVA one MW of them is; see `algebra.strength`.
"""

from __future__ import annotations

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table, number, reference

ASSETS = Table(
    "condensers",
    "synchronous condensers of one kind in one zone; capacities are MVA",
    (*ASSET, number("loss", "share", "drawn from the grid in every hour, of the rating", high=0.2)),
)

MACHINES = Table(
    "synchronous_machines",
    "a technology whose machines turn with the grid",
    (
        reference("technology", "technologies", "technology"),
        number("rating", "share", "MVA of rating per MW that turns: one over the power factor", low=0.1, high=10),
    ),
)

TABLES = (ASSETS, MACHINES)


def register(plan: Plan) -> None:
    """Register the condensers."""
    plan.assets.add_table("condensers", plan.inputs["condensers"])


def operate(window: Window) -> None:
    """Let condensers turn, and draw what that takes."""
    share = window.inputs["condensers"]["loss"].to_dict()
    standing = window.in_service("condensers")
    capacity = {a: window.capacity(a) for a in standing}
    given = {a: share[a] * capacity[a] for a in standing if isinstance(capacity[a], (int, float))}
    loss = window.columns(
        "condenser/loss",
        [a for a in standing if share[a] > 0],
        "MW",
        "power that the machines draw",
        lower=lambda a, t: given.get(a, 0.0),
        upper=lambda a, t: given.get(a),
    )
    window.rows(
        "condenser/loss_is",
        [a for a in standing if share[a] > 0 and a not in given],
        "MW",
        "loss[a,t] = loss_share[a] * capacity[a]",
        lambda a, t: loss[a, t] - share[a] * capacity[a] == 0,
    )
    for a in standing:
        asset = window.assets[a]
        window.turn(a, lambda t, a=a: capacity[a])
        if share[a] > 0:
            window.join(asset.zone, "condenser/loss", loss, a, -1.0, "own_use", asset.technology)
