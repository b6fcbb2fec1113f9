"""Hydrogen as a long store of electricity: electrolysers, a tank or cavern, and the turbine it feeds.

    hydrogen/electrolysis_limit  electrolysis[e,t] <= capacity[e]                                       [MW]
    hydrogen/output_limit        output[s,t] <= capacity[s]                                             [MW]
    hydrogen/level_limit         level[s,t] <= depth[s] * energy[s]                                     [MWh]
    hydrogen/balance             level[s,t] = keep[s]^h*level[s,t-1] + h*sum(flow[s,x,t], x fed into s) [MWh]

`h` is the length of a step [h]. Hydrogen is counted in MWh of lower heating value. What is fed into a store is an
open list: here `efficiency[e]*electrolysis[e,t]` of each of its electrolysers and
`-output[s,t]/turbine_efficiency[s]` of its turbine. Whatever else makes or uses hydrogen, a fuel plant or an export,
is a file of its own that pours a column into it, or calls `window.feed("hydrogen", store, hour -> MWh)`, in its
`operate` (see `algebra.feeds`); the balance is written once all have operated.

A row of hydrogen_stores.csv is a store with its turbine: its capacity is the turbine's output, its duration is
the hydrogen it holds over that output, chosen by the plan where it is blank. Electrolysers are built on
their own, beside a store of the same zone, since hydrogen is not carried between zones.

Electrolysers with a ramp change their power by no more than it; a jump to the minimum is a start, and free:

    hydrogen/ramp_up             electrolysis[e,t] - electrolysis[e,t-1] <= jump[e]*capacity[e]         [MW]
    hydrogen/ramp_down           electrolysis[e,t-1] - electrolysis[e,t] <= jump[e]*capacity[e]         [MW]

    jump = max(h*ramp, minimum_output)

With `commitment = "whole"`, for electrolysers whose capacity is decided and that have a minimum:

    hydrogen/maximum             electrolysis[e,t] <= capacity[e]*running[e,t]                          [MW]
    hydrogen/minimum             electrolysis[e,t] >= minimum_output[e]*capacity[e]*running[e,t]        [MW]

For all others with a cost of starting any part of the capacity may run, as clusters of thermal plants do:

    hydrogen/up_to               electrolysis[e,t] <= online[e,t]                                       [MW]
    hydrogen/part_load           electrolysis[e,t] >= minimum_output[e]*online[e,t]                     [MW]
    hydrogen/starts              online[e,t] - online[e,t-1] <= started[e,t]                            [MW]

Linear part load so weighs keeping stacks warm at their minimum against starting them again. It cannot tell one
stack from the next, lets a sliver of capacity run at its minimum, and without a cost of starting it binds nothing
and is not written. A whole electrolyser pays its starts as well, `online` being capacity[e]*running[e,t].

In the balance of energy an electrolyser charges its store and the turbine discharges it, both under the
name of the store, so that what is charged, not discharged and not handed on as hydrogen is what the chain loses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

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
        number("ramp", "share per hour", "most its power changes an hour, of capacity; any if blank", default=None),
        number("start_cost", "money per power", "cost of starting what stood still", default=0, high=1e5),
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


def absent_stores(plan: Plan, table: str) -> Iterator[Fault]:
    """Rows of a table with `store` and `first_year` whose store cannot stand in a stage they are in service."""
    for stage in plan.case.stages:
        for name, row in plan.inputs[table].iterrows():
            if row["first_year"] <= stage and not plan.assets.possible(str(row["store"]), stage):
                found = f'store "{row["store"]}", which cannot stand in {stage}'
                remedy = "Give the store capacity or room by then, name another one, or a later first_year."
                yield Fault(f"{table}.csv ({name})", found, "a store that can", remedy)


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
    _write_ramps(window, beside, taken)
    _write_part_load(window, beside, taken)


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
    keep, h = (1.0 - rows["self_discharge"]).to_dict(), window.step
    window.rows(
        "hydrogen/balance",
        stores,
        "MWh",
        "level[s,t] = keep[s]^h*level[s,t-1] + h*sum(flow[s,x,t], x fed into s)",
        lambda s, t: level.now(s, t) - keep[s] ** h * level.before(s, t) - h * window.fed("hydrogen", s, t) == 0,
    )


def _pay(window: Window, asset: str, flow: Any) -> None:
    """Variable O&M of a flow [MW] of an asset."""
    technology = window.assets[asset].technology
    price = window.inputs.cost(technology, window.stage, "variable_om")
    window.cost(f"variable O&M/{technology}", price * sum(flow[asset, t] for t in window.hours))


def _write_ramps(window: Window, electrolysers: list[str], taken: Any) -> None:
    rows = window.inputs["electrolysers"]
    ramp = window.step * rows["ramp"]
    jump = pd.concat([ramp, rows["minimum_output"]], axis=1).max(axis=1).to_dict()
    slow = [e for e in electrolysers if ramp[e] < 1 and jump[e] < 1]

    def change(e: str, t: int) -> Any:
        return taken[e, t] - window.at("hydrogen/electrolysis", taken, e, t - 1)

    window.rows(
        "hydrogen/ramp_up",
        slow,
        "MW",
        "electrolysis[e,t] - electrolysis[e,t-1] <= jump[e]*capacity[e]",
        lambda e, t: change(e, t) - jump[e] * window.capacity(e) <= 0,
    )
    window.rows(
        "hydrogen/ramp_down",
        slow,
        "MW",
        "electrolysis[e,t-1] - electrolysis[e,t] <= jump[e]*capacity[e]",
        lambda e, t: -change(e, t) - jump[e] * window.capacity(e) <= 0,
    )


def _write_part_load(window: Window, electrolysers: list[str], taken: Any) -> None:
    """What runs, whole or in part, and what it costs to start."""
    rows = window.inputs["electrolysers"]
    least, price = rows["minimum_output"].to_dict(), rows["start_cost"].to_dict()
    decided = [e for e in electrolysers if isinstance(window.capacity(e), float) and least[e] > 0]
    whole = decided if window.case.commitment == "whole" else []
    running = window.columns("hydrogen/running", whole, "-", "whether they run", upper=1.0, whole=True)
    window.rows(
        "hydrogen/maximum",
        whole,
        "MW",
        "electrolysis[e,t] <= capacity[e]*running[e,t]",
        lambda e, t: taken[e, t] - window.capacity(e) * running[e, t] <= 0,
    )
    window.rows(
        "hydrogen/minimum",
        whole,
        "MW",
        "electrolysis[e,t] >= minimum_output[e]*capacity[e]*running[e,t]",
        lambda e, t: taken[e, t] - least[e] * window.capacity(e) * running[e, t] >= 0,
    )
    part = [e for e in electrolysers if price[e] > 0 and e not in whole]
    online = window.limited("hydrogen/online", part, "MW", "capacity that is running", lambda e, t: 1.0)
    started = window.columns(
        "hydrogen/started", [e for e in electrolysers if price[e] > 0], "MW", "capacity that starts in the hour"
    )
    window.rows(
        "hydrogen/up_to",
        part,
        "MW",
        "electrolysis[e,t] <= online[e,t]",
        lambda e, t: taken[e, t] - online[e, t] <= 0,
    )
    window.rows(
        "hydrogen/part_load",
        part,
        "MW",
        "electrolysis[e,t] >= minimum_output[e]*online[e,t]",
        lambda e, t: taken[e, t] - least[e] * online[e, t] >= 0,
    )

    def runs(e: str, t: int) -> Any:
        if e in whole:
            return window.capacity(e) * window.at("hydrogen/running", running, e, t)
        return window.at("hydrogen/online", online, e, t)

    window.rows(
        "hydrogen/starts",
        [e for e in electrolysers if price[e] > 0],
        "MW",
        "online[e,t] - online[e,t-1] <= started[e,t]",
        lambda e, t: runs(e, t) - runs(e, t - 1) - started[e, t] <= 0,
    )
    for e in electrolysers:
        if price[e] > 0:
            name = f"starts/{window.assets[e].technology}"
            window.cost_of_events(name, price[e] * sum(started[e, t] for t in window.hours))
