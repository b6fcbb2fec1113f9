"""Hydrogen as a long store of electricity: electrolysers, a tank or cavern, and the turbine it feeds.

    hydrogen/electrolysis_limit  electrolysis[e,t] <= capacity[e]                                       [MW]
    hydrogen/output_limit        output[s,t] <= capacity[s]                                             [MW]
    hydrogen/level_limit         level[s,t] <= depth[s] * energy[s]                                     [MWh]
    hydrogen/balance             level[s,t] = keep[s]*level[s,t-1] + sum(flow[s,x,t], x fed into s)     [MWh]

Hydrogen is counted in MWh of lower heating value. What is fed into a store is an open list: here
`efficiency[e]*electrolysis[e,t]` of each of its electrolysers and `-output[s,t]/turbine_efficiency[s]` of its
turbine. Whatever else makes or uses hydrogen, a fuel plant or an export, is a file of its own that calls
`window.feed("hydrogen", store, hour -> MWh)` in its `operate`; the balance is written once all have operated.

A row of hydrogen_stores.csv is a store with its turbine: its capacity is the turbine's output, its duration is
the hydrogen it holds over that output, chosen by the plan where it is blank. Electrolysers are built on
their own, beside a store of the same zone, since hydrogen is not carried between zones.

With `commitment = "whole"`, for electrolysers whose capacity is decided and that have a minimum:

    hydrogen/maximum             electrolysis[e,t] <= capacity[e]*running[e,t]                          [MW]
    hydrogen/minimum             electrolysis[e,t] >= minimum_output[e]*capacity[e]*running[e,t]        [MW]

(`commitment = "linear"` has no minimum: without a cost of running it would bind nothing.)

In the balance of energy an electrolyser charges its store and the turbine discharges it, both under the
name of the store, so that what is charged and not discharged is what the chain loses.
"""

from __future__ import annotations

from typing import Any

from qhenergy.algebra.joins import Feed, Vessel
from qhenergy.algebra.level import write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import DOWN, UP, Backing
from qhenergy.algebra.store import ENERGY, carried, plan_stores, register_stores
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, number, reference, text

STORES = Table(
    "hydrogen_stores",
    "a hydrogen tank or cavern with the turbine it feeds",
    (
        *ASSET,
        text("container", "what holds the hydrogen", choices=("tank", "cavern")),
        number("turbine_efficiency", "share", "electricity per hydrogen (lower heating value)", low=0.1, high=1),
        *ENERGY,
    ),
)

ELECTROLYSERS = Table(
    "electrolysers",
    "electrolysers of one design beside one store",
    (
        *ASSET,
        reference("store", "hydrogen_stores", "store they feed, in the same zone"),
        number("efficiency", "share", "hydrogen (lower heating value) per electricity", low=0.1, high=1),
        number("minimum_output", "share", "technical minimum, of capacity", default=0, high=1),
    ),
)

TABLES = (STORES, ELECTROLYSERS)


def register(plan: Plan) -> None:
    """Register stores and electrolysers.

    Raises:
        InputError: as `register_stores`, or an electrolyser stands in another zone than its store.
    """
    register_stores(plan, "hydrogen_stores")
    rows, zone = plan.inputs["electrolysers"], plan.inputs["hydrogen_stores"]["zone"]
    faults = [
        Fault(
            f"electrolysers.csv ({e})",
            f'zone "{row["zone"]}", but its store stands in "{zone[row["store"]]}"',
            "both in one zone: hydrogen is not carried between zones",
            "Name a store of that zone, or add one to hydrogen_stores.csv.",
        )
        for e, row in rows.iterrows()
        if row["zone"] != zone[row["store"]]
    ]
    if faults:
        raise InputError(faults, "electrolysers.csv")
    plan.assets.add_table("electrolysers", rows)


def plan(plan: Plan) -> None:
    """Chain the levels of the stores over the real periods."""
    plan_stores(plan, "hydrogen", plan.inputs["hydrogen_stores"])


def operate(window: Window) -> None:
    """Write turbines and electrolysers, and let them flow into the balance of their store."""
    rows, makers = window.inputs["hydrogen_stores"], window.inputs["electrolysers"]
    stores = window.in_service("hydrogen_stores")
    beside = [e for e in window.in_service("electrolysers") if makers.at[e, "store"] in stores]
    output = window.limited("hydrogen/output", stores, "MW", "output of the turbine to the grid", lambda s, t: 1.0)
    taken = window.limited("hydrogen/electrolysis", beside, "MW", "power taken from the grid", lambda e, t: 1.0)
    for s in stores:
        asset, per = window.assets[s], 1.0 / float(rows.at[s, "turbine_efficiency"])
        window.pour(Feed("hydrogen", s, "hydrogen/output", s, -per, "turbine", asset.technology))
        window.join(asset.zone, "hydrogen/output", output, s, 1.0, "discharging", asset.technology)
        window.turn(s, lambda t, s=s: output[s, t])
        keep = 1.0 - float(rows.at[s, "self_discharge"])
        drawn = Backing("hydrogen/level", s, 1.0 / per, keep=keep, carried=s in carried(rows))
        window.stand_by(s, UP, ("hydrogen/output", s, -1.0), share=1.0, backing=drawn)
        window.stand_by(s, DOWN, ("hydrogen/output", s, 1.0))
        _pay(window, s, output)
    for e in beside:
        store, efficiency = str(makers.at[e, "store"]), float(makers.at[e, "efficiency"])
        asset = window.assets[store]
        made = (efficiency, "electrolysis", window.assets[e].technology)
        window.pour(Feed("hydrogen", store, "hydrogen/electrolysis", e, *made))
        window.join(asset.zone, "hydrogen/electrolysis", taken, e, -1.0, "charging", asset.technology, asset=store)
        window.stand_by(e, UP, ("hydrogen/electrolysis", e, 1.0))
        _pay(window, e, taken)
    for s in stores:
        filling = tuple(
            ("hydrogen/electrolysis", e, float(makers.at[e, "efficiency"]))
            for e in beside
            if makers.at[e, "store"] == s
        )
        emptying = (("hydrogen/output", s, 1.0 / float(rows.at[s, "turbine_efficiency"])),)
        keep = 1.0 - float(rows.at[s, "self_discharge"])
        window.hold(Vessel(s, window.assets[s].zone, "hydrogen/level", keep, filling, emptying))
    if window.case.commitment == "whole":
        _write_minimum(window, beside, taken)


def settle(window: Window) -> None:
    """Write the balance of the stores, once everything that takes hydrogen or gives it has said so."""
    rows, stores = window.inputs["hydrogen_stores"], window.in_service("hydrogen_stores")
    level = write_levels(
        window,
        "hydrogen/level",
        stores,
        "MWh",
        "stored hydrogen at the end of the hour",
        lambda s, t: rows.at[s, "depth"],
        window.energy_capacity,
        set(carried(rows)),
    )
    keep = (1.0 - rows["self_discharge"]).to_dict()
    window.rows(
        "hydrogen/balance",
        stores,
        "MWh",
        "level[s,t] = keep[s]*level[s,t-1] + sum(flow[s,x,t], x fed into s)",
        lambda s, t: level.now(s, t) - keep[s] * level.before(s, t) - window.fed("hydrogen", s, t) == 0,
    )


def _pay(window: Window, asset: str, flow: Any) -> None:
    """Variable O&M of a flow [MW] of an asset."""
    technology = window.assets[asset].technology
    price = window.inputs.cost(technology, window.stage, "variable_om")
    window.cost(f"variable O&M/{technology}", price * sum(flow[asset, t] for t in window.hours))


def _write_minimum(window: Window, electrolysers: list[str], taken: Any) -> None:
    least = window.inputs["electrolysers"]["minimum_output"].to_dict()
    decided = [e for e in electrolysers if isinstance(window.capacity(e), float) and least[e] > 0]
    running = window.columns("hydrogen/running", decided, "-", "whether they run", upper=1.0, whole=True)
    window.rows(
        "hydrogen/maximum",
        decided,
        "MW",
        "electrolysis[e,t] <= capacity[e]*running[e,t]",
        lambda e, t: taken[e, t] - window.capacity(e) * running[e, t] <= 0,
    )
    window.rows(
        "hydrogen/minimum",
        decided,
        "MW",
        "electrolysis[e,t] >= minimum_output[e]*capacity[e]*running[e,t]",
        lambda e, t: taken[e, t] - least[e] * window.capacity(e) * running[e, t] >= 0,
    )
