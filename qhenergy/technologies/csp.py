"""Concentrating solar power: heliostat field, heat store and steam turbine as one plant.

    csp/collected_limit   collected[a,t] <= factor[a,t] * capacity[a]                                     [MW]
    csp/heated_limit      heated[a,t] <= heater[a] * capacity[a]                                          [MW]
    csp/output            output[a,t] <= capacity[a]                                                      [MW]
    csp/heat_balance      heat[a,t] = keep[a]^h*heat[a,t-1] + h*(collected[a,t] + eta_h[a]*heated[a,t]
                                      - output[a,t]/efficiency[a])                                        [MWh]
    csp/heat              heat[a,t] <= store[a]/efficiency[a] * capacity[a]                               [MWh]
    csp/ramp_up           output[a,t] - output[a,t-1] <= h*ramp[a]*capacity[a]                            [MW]
    csp/ramp_down         output[a,t-1] - output[a,t] <= h*ramp[a]*capacity[a]                            [MW]

With `commitment = "whole"` turbines are whole units (`algebra.units`, families `csp/running`, `csp/maximum` and so on):
those of unit_commitments.csv, or where a plant has no row there and its capacity is decided, one of all of it.
`commitment = "linear"` has no minimum: without a cost of running it would bind nothing.

`h` is the length of a step [h]. `factor` is the field's heat per unit of design heat times solar multiple over
efficiency: heat that the sun offers per electric capacity. Heat not collected is defocused, and counted as curtailed
electricity at the turbine's efficiency.

`heated` is electricity of the grid that an electric heater puts into the same salt; only plants with a
heater have the column. In the balance of energy it is a use of its own, `heating`; what it becomes comes
back as generation of the plant, where it cannot be told apart from the heat of the sun.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import Potential, Vessel
from qhenergy.algebra.level import write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import DOWN, UP, Backing
from qhenergy.algebra.units import Units, units_of, write_units
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.profiles import csp
from qhenergy.profiles.weather import Weather

ASSETS = Table(
    "csp",
    "a concentrating solar power plant, or several of one design in one zone",
    (
        *ASSET,
        reference("site", "sites", "site whose weather it has", default=""),
        text("series", "column of series.csv with field heat per design heat, instead of a site", default=""),
        number("solar_multiple", "share", "design heat of the field over that of the turbine", low=0.5, high=6),
        number("store", "time", "full-load hours the heat store can feed the turbine", high=48),
        number("optical_efficiency", "share", "design efficiency of the field", low=0.05, high=1),
        number("turbine_efficiency", "share", "electricity per heat of the turbine", low=0.05, high=1),
        number("heat_loss", "share per hour", "share of stored heat lost an hour", high=0.2),
        number("minimum_output", "share", "technical minimum of the turbine", high=1),
        number("ramp", "share per hour", "most the output changes an hour, of capacity", low=0.01),
        number("heater", "share", "power of the electric heater over that of the turbine", default=0, high=10),
        number("heater_efficiency", "share", "heat per electricity of the heater", default=1, low=0.5, high=1),
    ),
)

TABLES = (ASSETS,)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Field heat per design heat of every plant."""
    efficiency = hours.inputs["csp"]["optical_efficiency"]

    def compute(weather: Weather, site: str, asset: str) -> pd.Series:
        return csp.field_heat(weather, site, float(efficiency[asset]))

    return {"csp/field_heat": hours.of_assets("csp", compute, csp.VERSION)}


def register(plan: Plan) -> None:
    """Register the plants; their heat lasts for hours, so it is closed within each period."""
    plan.assets.add_table("csp", plan.inputs["csp"])


def operate(window: Window) -> None:
    """Write field, store and turbine."""
    rows = window.inputs["csp"]
    plants = window.in_service("csp")
    heat_factor = window.series("csp/field_heat")
    efficiency = rows["turbine_efficiency"].to_dict()
    multiple = rows["solar_multiple"].to_dict()
    collected = window.limited(
        "csp/collected",
        plants,
        "MW",
        "heat the field gives to the store",
        lambda a, t: heat_factor[a][t] * multiple[a] / efficiency[a],
    )
    output = window.limited("csp/output", plants, "MW", "output to the grid", lambda a, t: 1.0)
    power, gain = rows["heater"].to_dict(), rows["heater_efficiency"].to_dict()
    with_heater = [a for a in plants if power[a] > 0]
    heated = window.limited(
        "csp/heated", with_heater, "MW", "electricity the heater takes from the grid", lambda a, t: power[a]
    )
    heat = write_levels(
        window,
        "csp/heat",
        plants,
        "MWh",
        "stored heat at the end of the hour",
        lambda a, t: rows.at[a, "store"] / efficiency[a],
        window.capacity,
        set(),
    )
    keep, h = (1.0 - rows["heat_loss"]).to_dict(), window.step

    def gained(a: str, t: int) -> Any:
        return collected[a, t] + (gain[a] * heated[a, t] if power[a] > 0 else 0.0)

    window.rows(
        "csp/heat_balance",
        plants,
        "MWh",
        "heat[a,t] = keep[a]^h*heat[a,t-1] + h*(collected[a,t] + eta_h[a]*heated[a,t] - output[a,t]/efficiency[a])",
        lambda a, t: (
            heat.now(a, t) - keep[a] ** h * heat.before(a, t) - h * gained(a, t) + h * output[a, t] / efficiency[a] == 0
        ),
    )
    steep = [a for a in plants if h * rows.at[a, "ramp"] < 1.0]

    def change(a: str, t: int, sign: float) -> object:
        before = window.at("csp/output", output, a, t - 1)
        return sign * (output[a, t] - before) - h * rows.at[a, "ramp"] * window.capacity(a) <= 0

    window.rows(
        "csp/ramp_up",
        steep,
        "MW",
        "output[a,t] - output[a,t-1] <= h*ramp[a]*capacity[a]",
        lambda a, t: change(a, t, 1.0),
    )
    window.rows(
        "csp/ramp_down",
        steep,
        "MW",
        "output[a,t-1] - output[a,t] <= h*ramp[a]*capacity[a]",
        lambda a, t: change(a, t, -1.0),
    )
    if window.case.commitment == "whole":
        write_units(window, "csp", _units(window, plants), lambda a, t: output[a, t])
    for a in plants:
        asset = window.assets[a]
        window.join(asset.zone, "csp/output", output, a, 1.0, "generation", asset.technology)
        window.turn(a, lambda t, a=a: output[a, t])
        window.stand_by(
            a, UP, ("csp/output", a, -1.0), share=1.0, backing=Backing("csp/heat", a, efficiency[a], keep=keep[a])
        )
        window.stand_by(a, DOWN, ("csp/output", a, 1.0))
        if power[a] > 0:
            window.stand_by(a, UP, ("csp/heated", a, 1.0))
            window.join(asset.zone, "csp/heated", heated, a, -1.0, "heating", asset.technology)
            filling, emptying = ("csp/heated", a, gain[a]), ("csp/output", a, 1.0 / efficiency[a])
            field = ("csp/collected", a, 1.0)
            window.hold(Vessel(a, asset.zone, "csp/heat", keep[a], (filling,), (emptying,), (field,)))
        window.offer(
            Potential(a, asset.technology, asset.zone, "csp/field_heat", multiple[a], "csp/collected", efficiency[a])
        )
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * sum(output[a, t] for t in window.hours))


def _units(window: Window, plants: list[str]) -> dict[str, Units]:
    """The turbines of the plants, which run whole."""
    rows, least = window.inputs["unit_commitments"], window.inputs["csp"]["minimum_output"]
    made = {}
    for a in plants:
        capacity = window.capacity(a)
        if a in rows.index:
            made[a] = units_of(rows.loc[a], float(least[a]))
        elif isinstance(capacity, float) and capacity > 0:
            made[a] = Units(capacity, ((float(least[a]), 1.0),))
    return made
