"""Batteries of a given duration, or of a duration the plan chooses.

    battery/energy_balance  level[a,t] = keep[a]*level[a,t-1] + eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a]   [MWh]
    battery/charge          charge[a,t] <= capacity[a]              [MW]
    battery/discharge       discharge[a,t] <= capacity[a]           [MW]
    battery/level           level[a,t] <= depth[a]*energy[a]        [MWh]

`energy` is duration times capacity; where the duration is left blank it is a column of the plan,
between the least and the most duration.
"""

from __future__ import annotations

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.store import operate_stores, plan_stores
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, number, text

ASSETS = Table(
    "batteries",
    "batteries of one duration in one zone",
    (
        *ASSET,
        number("duration", "time", "energy over power; the plan chooses if blank", default=None, low=0.1, high=1000),
        number("minimum_duration", "time", "least the plan may choose", default=None, low=0.1, high=1000),
        number("maximum_duration", "time", "most the plan may choose", default=None, low=0.1, high=1000),
        number("charge_efficiency", "share", "of charging", low=0.1, high=1),
        number("discharge_efficiency", "share", "of discharging", low=0.1, high=1),
        number("self_discharge", "share per hour", "stored energy lost an hour", default=0, high=0.5),
        number("depth", "share", "usable share of the energy", low=0.05, high=1),
        text("cycle", "over what time it is meant to shift", choices=("short", "medium", "long")),
    ),
)

TABLES = (ASSETS,)


def register(plan: Plan) -> None:
    """Register the batteries and let the plan size those without a duration."""
    rows = plan.inputs["batteries"]
    free = rows[rows["duration"].isna()]
    faults = [
        Fault(
            f"batteries.csv ({a})",
            "no duration",
            "a duration, or minimum_duration and maximum_duration in order",
            "Fill duration, or else both of the others.",
        )
        for a, row in free.iterrows()
        if not row["minimum_duration"] <= row["maximum_duration"]
    ]
    faults += [
        Fault(
            f"batteries.csv ({a})",
            "existing capacity without a duration",
            "a duration of what stands",
            "Fill duration; give what may be added a row of its own.",
        )
        for a, row in free.iterrows()
        if row["existing"] + row["committed"] > 0
    ]
    if faults:
        raise InputError(faults, "batteries.csv")
    plan.assets.add_table("batteries", rows, energy_hours=rows["duration"].fillna(0.0))
    for a, row in free.iterrows():
        if any(plan.assets.possible(str(a), y) for y in plan.case.stages):
            plan.size_energy(str(a), float(row["minimum_duration"]), float(row["maximum_duration"]))


def plan(plan: Plan) -> None:
    """Chain the levels of those that shift over more than a period."""
    plan_stores(plan, "battery", plan.inputs["batteries"])


def operate(window: Window) -> None:
    """Write the hours of the batteries."""
    operate_stores(window, "battery", "batteries", window.inputs["batteries"])
