"""Liquid fuel of hydrogen and CO2, such as methanol: the chain the plans call liquid sunshine (R42).

    liquid_fuel/made_limit   made[p,t] <= capacity[p]                                              [MW]
    liquid_fuel/minimum      made[p,t] >= minimum_output[p]*capacity[p]                            [MW]
    liquid_fuel/ramp_up      made[p,t] - made[p,t-1] <= h*ramp[p]*capacity[p]                      [MW]
    liquid_fuel/ramp_down    made[p,t-1] - made[p,t] <= h*ramp[p]*capacity[p]                      [MW]
    liquid_fuel/co2          captured[p,t] + bought[p,t] = co2[p]*made[p,t]/heating_value[p]       [t]
    liquid_fuel/taken        sum(flow[z,x,t], x of the CO2 captured in z) >= 0                     [t]

`h` is the length of a step [h]. Capacity and output are counted in MW of fuel by lower heating value; a tonne of it
takes hydrogen of a store, electricity of the zone and CO2. Synthesis does not stop: its minimum holds in every hour,
a plant that is built runs. Fuel itself keeps, so that only its year is asked for (`policy.fuel_output`); a price pays
for every tonne.

CO2 comes from what thermal plants of a zone capture in the same hour (there is no store of CO2 between them; what
nobody takes is stored for good) or is bought. It is credited once. What a plant captures is not emitted in the account
of the system: where that credit is the power plant's (`credit = "power"`), the carbon of the fuel counts wherever it
is burnt, which is beyond this model. Where it is the fuel's (`credit = "fuel"`), what was taken enters the account of
CO2 as emitted, since it leaves with the fuel, and the fuel may be called clean. CO2 that is bought was never in the
account and takes nothing out of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from qhenergy.algebra.joins import Feed
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.ground.units import HYDROGEN_MWH_PER_T

PLANTS = Table(
    "liquid_fuel_plants",
    "a plant that makes liquid fuel of hydrogen and CO2; its power is fuel by lower heating value",
    (
        *ASSET,
        reference("store", "hydrogen_stores", "store it takes hydrogen from, in the same zone"),
        number("heating_value", "energy per mass", "lower heating value of the fuel", low=1, high=20),
        number("hydrogen", "share", "tonnes of hydrogen per tonne of fuel", high=1),
        number("co2", "share", "tonnes of CO2 per tonne of fuel", high=5),
        number("electricity", "energy per mass", "electricity per tonne of fuel", default=0, high=50),
        number("minimum_output", "share", "least output, of capacity, in every hour", default=0, high=1),
        number("ramp", "share per hour", "most its output changes an hour, of capacity; any if blank", default=None),
        reference("co2_zone", "zones", "zone whose captured CO2 it may take; its own if blank", default=""),
        number("captured_price", "money per mass", "paid to bring captured CO2 to it", default=0, high=1e5),
        number("bought_price", "money per mass", "price of CO2 from elsewhere; none to be had if blank", default=None),
        text("credit", "who is credited with captured CO2 it takes", default="fuel", choices=("fuel", "power")),
        number("price", "money per mass", "paid for the fuel", default=0, high=1e6),
    ),
)

TABLES = (PLANTS,)


def register(plan: Plan) -> None:
    """Register the plants.

    Raises:
        InputError: a plant stands in another zone than its store.
    """
    rows = plan.inputs["liquid_fuel_plants"]
    faults = list(_astray(plan))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    plan.assets.add_table("liquid_fuel_plants", rows)


def _astray(plan: Plan) -> Iterator[Fault]:
    zone = plan.inputs["hydrogen_stores"]["zone"]
    for p, row in plan.inputs["liquid_fuel_plants"].iterrows():
        if row["zone"] != zone[row["store"]]:
            found = f'zone "{row["zone"]}", but its store stands in "{zone[row["store"]]}"'
            expected = "both in one zone: hydrogen is not carried between zones"
            yield Fault(f"liquid_fuel_plants.csv ({p})", found, expected, "Name a store of that zone.")


def plan(plan: Plan) -> None:
    """Refuse plants without hydrogen.

    Raises:
        InputError: a plant can stand in a stage in which its store cannot.
    """
    rows, possible = plan.inputs["liquid_fuel_plants"], plan.assets.possible
    faults = [
        Fault(
            f"liquid_fuel_plants.csv ({p})",
            f'store "{row["store"]}", which cannot stand in {y}',
            "a store that can",
            "Give the store capacity or room by then, or name another one.",
        )
        for y in plan.case.stages
        for p, row in rows.iterrows()
        if possible(str(p), y) and not possible(str(row["store"]), y)
    ]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def operate(window: Window) -> None:
    """Write the plants, and what they take and give."""
    rows, plants = window.inputs["liquid_fuel_plants"], window.in_service("liquid_fuel_plants")
    made = window.limited("liquid_fuel/made", plants, "MW", "fuel made, by lower heating value", lambda p, t: 1.0)
    captured = window.columns("liquid_fuel/captured", plants, "t/h", "CO2 taken from what plants capture")
    buying = rows["bought_price"].notna().to_dict()
    bought = window.columns(
        "liquid_fuel/bought", plants, "t/h", "CO2 from elsewhere", upper=lambda p, t: None if buying[p] else 0.0
    )
    _write_limits(window, plants, made)
    tonnes = {p: 1.0 / float(rows.at[p, "heating_value"]) for p in plants}
    window.rows(
        "liquid_fuel/co2",
        plants,
        "t",
        "captured[p,t] + bought[p,t] = co2[p]*made[p,t]/heating_value[p]",
        lambda p, t: captured[p, t] + bought[p, t] - rows.at[p, "co2"] * tonnes[p] * made[p, t] == 0,
    )
    for p in plants:
        row, asset, total = rows.loc[p], window.assets[p], sum(made[p, t] for t in window.hours)
        taken = -HYDROGEN_MWH_PER_T * float(row["hydrogen"]) * tonnes[p]
        window.pour(Feed("hydrogen", str(row["store"]), "liquid_fuel/made", p, taken, "fuel", asset.technology))
        window.pour(Feed("captured_co2", _co2_zone(row), "liquid_fuel/captured", p, -1.0, "fuel", asset.technology))
        if row["electricity"] > 0:
            per = -float(row["electricity"]) * tonnes[p]
            window.join(asset.zone, "liquid_fuel/made", made, p, per, "conversion", asset.technology)
        variable_om = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", variable_om * total)
        brought = sum(captured[p, t] for t in window.hours)
        price = 0.0 if math.isnan(row["bought_price"]) else float(row["bought_price"])
        from_elsewhere = price * sum(bought[p, t] for t in window.hours)
        window.cost(f"CO2 feed/{p}", float(row["captured_price"]) * brought + from_elsewhere)
        window.cost(f"fuel sold/{p}", -float(row["price"]) * tonnes[p] * total)
        window.account("liquid_fuel", tonnes[p] * total)
        if row["credit"] == "fuel":
            window.account("co2", brought, lambda t, p=p: captured[p, t])


def _co2_zone(row: Any) -> str:
    """Zone whose captured CO2 a plant may take."""
    return str(row["co2_zone"] or row["zone"])


def _write_limits(window: Window, plants: list[str], made: Any) -> None:
    rows = window.inputs["liquid_fuel_plants"]
    least, ramp = rows["minimum_output"].to_dict(), (window.step * rows["ramp"]).to_dict()
    slow = [p for p in plants if ramp[p] < 1]

    def change(p: str, t: int) -> Any:
        return made[p, t] - window.at("liquid_fuel/made", made, p, t - 1)

    window.rows(
        "liquid_fuel/minimum",
        [p for p in plants if least[p] > 0],
        "MW",
        "made[p,t] >= minimum_output[p]*capacity[p]",
        lambda p, t: made[p, t] - least[p] * window.capacity(p) >= 0,
    )
    window.rows(
        "liquid_fuel/ramp_up",
        slow,
        "MW",
        "made[p,t] - made[p,t-1] <= h*ramp[p]*capacity[p]",
        lambda p, t: change(p, t) - ramp[p] * window.capacity(p) <= 0,
    )
    window.rows(
        "liquid_fuel/ramp_down",
        slow,
        "MW",
        "made[p,t-1] - made[p,t] <= h*ramp[p]*capacity[p]",
        lambda p, t: -change(p, t) - ramp[p] * window.capacity(p) <= 0,
    )


def settle(window: Window) -> None:
    """Hold what is taken to what is captured, once all that captures has said so."""
    rows, plants = window.inputs["liquid_fuel_plants"], window.in_service("liquid_fuel_plants")
    zones = dict.fromkeys(_co2_zone(rows.loc[p]) for p in plants)
    window.rows(
        "liquid_fuel/taken",
        zones,
        "t",
        "sum(flow[z,x,t], x of the CO2 captured in z) >= 0",
        lambda z, t: window.fed("captured_co2", z, t) >= 0,
    )
