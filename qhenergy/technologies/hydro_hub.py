"""Hubs of the cascade (R16): more units at a dam, reversible units, pumps between two reservoirs.

    hydro_hub/turbined_limit   turbined[h,t] <= factor[h,t] * capacity[h]                        [m3/s]
    hydro_hub/pumped_limit     pumped[h,t] <= factor[h,t] * capacity[h]                          [m3/s]
    hydro_hub/shared           pumping[h,t] + turbining[h,t] <= capacity[h]                      [MW]
    hydro_hub/prerequisite     installed[h,y] - fixed[h,y] <= room[h] * installed[dam,y] / full[dam]   [MW]

    pumping   = 9.81e-3 * head[h] * pumped / pump_efficiency[h]          [MW]
    turbining = 9.81e-3 * head[h] * turbined * turbine_efficiency[h]     [MW]

The same water is used again: what is turbined leaves the upper reservoir and joins the reach below it as
all releases do; what is pumped leaves the lower reservoir and is in the upper one in the same hour. A row
is of one mode: `turbine` (extra conventional units), `reversible` (units that pump and turbine, which share
their capacity) or `pump` (the station above turns the water into electricity again). Reversible units and pumps
work at the head of their row, also where that of the station follows its level. `full` is all the capacity its
dam may have: a hub grows with a dam that is not built yet, and not at all while the dam can have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import UP
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET, UNIT_SIZE
from qhenergy.data.river import river
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.ground.units import GRAVITY_MW
from qhenergy.technologies.hydro import heads_of, release, support

HUBS = Table(
    "hydro_hubs",
    "units or pumps between a reservoir of the cascade and the one below it",
    (
        *ASSET,
        UNIT_SIZE,
        text("mode", "what the units do", choices=("turbine", "reversible", "pump")),
        reference("upper", "hydro_stations", "station whose reservoir is the upper one"),
        reference("lower", "hydro_stations", "station of the lower one; the next below if blank", default=""),
        reference("prerequisite", "hydro_stations", "dam that must be built with it", default=""),
        number("head", "height", "head the units work at", low=1, high=1500),
        number("turbine_efficiency", "share", "of turbining", default=0.9, low=0.3, high=1),
        number("pump_efficiency", "share", "of pumping", default=0.85, low=0.3, high=1),
        text("status", "how far it is", default=""),
    ),
)

TABLES = (HUBS,)


def register(plan: Plan) -> None:
    """Register the hubs; none stands before both of its reservoirs.

    Raises:
        InputError: a hub that is not between two reservoirs, or whose dam is outside the system.
    """
    rows, stations = plan.inputs["hydro_hubs"], plan.inputs["hydro_stations"]
    if rows.empty:
        return
    years, downstream = stations["in_service_year"], stations["downstream"]
    since = pd.Series({h: max(years[s] for s in _stations(row, downstream)) for h, row in rows.iterrows()})
    plan.assets.add_table("hydro_hubs", rows, since=since)
    # Every stage says its own; one and the same fault is said once.
    faults = list(dict.fromkeys(f for stage in plan.case.stages for f in _faults(plan, stage)))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def _faults(plan: Plan, stage: int) -> Iterator[Fault]:
    """What is wrong with the hubs that may stand in a stage: their reservoirs, and the dam they need."""
    rows, stations = plan.inputs["hydro_hubs"], plan.inputs["hydro_stations"]
    cascade = river(stations, stage)
    for h in plan.assets.of_table("hydro_hubs", stage):
        row, where = rows.loc[h], f"hydro_hubs.csv, row {h}"
        upper, named, dam = str(row["upper"]), str(row["lower"]), str(row["prerequisite"])
        reach = cascade.below(upper)
        if dam and not stations.at[dam, "zone"]:
            remedy = "Give the station a zone, blank `prerequisite`, or take the hub out."
            yield Fault(where, f'prerequisite "{dam}"', "a station inside the system", remedy)
        if upper not in cascade.stations:
            remedy = "Name a station with capacity, or take the hub out."
            yield Fault(where, f'upper "{upper}"', "a station that stands", remedy)
        elif reach is not None and named not in ("", reach.lower):
            yield Fault(where, f'lower "{named}"', f"{reach.lower}, the next station below", "Correct `lower`.")
        elif reach is None and (named or row["mode"] != "turbine"):
            found = f'lower "{named}"' if named else "no station below"
            yield Fault(where, found, "a station below the upper one", "Correct `lower`.")


def _stations(row: pd.Series, downstream: pd.Series) -> list[str]:
    """The stations a hub needs; a blank lower one is the next below, which turbines do without."""
    lower = row["lower"] or ("" if row["mode"] == "turbine" else downstream[row["upper"]])
    return [str(station) for station in (row["upper"], lower, row["prerequisite"]) if station]


def plan(plan: Plan) -> None:
    """Let a hub grow with the dam it needs."""
    rows, assets = plan.inputs["hydro_hubs"], plan.assets
    needing = {str(h): str(row["prerequisite"]) for h, row in rows.iterrows() if row["prerequisite"]}

    def stands(dam: str, y: int) -> bool:
        return assets[dam].decided(y) and assets[dam].fixed[y] > 0

    def prerequisite(h: str, y: int) -> Any:
        dam = assets[needing[h]]
        if assets[h].decided(y) or stands(dam.name, y):
            return SKIP
        full = max(dam.fixed[v] + dam.room[v] for v in plan.case.stages)
        share = float(rows.at[h, "room"]) / full if full else 0.0
        return plan.installed(h, y) - share * plan.installed(dam.name, y) <= assets[h].fixed[y]

    growing = [
        h
        for h, dam in needing.items()
        if any(not assets[h].decided(y) and not stands(dam, y) for y in plan.case.stages)
    ]

    plan.rows(
        "hydro_hub/prerequisite",
        growing,
        "MW",
        "installed[h,y] - fixed[h,y] <= room[h] * installed[dam,y] / full[dam]",
        prerequisite,
    )


def operate(window: Window) -> None:
    """Write units and pumps, and let their water join the reservoirs."""
    rows, hubs = window.inputs["hydro_hubs"], window.in_service("hydro_hubs")
    if not hubs:
        return
    cascade = river(window.inputs["hydro_stations"], window.stage)
    # Extra units at a dam whose head follows its level are written by hydro_head, with those of the station.
    variable = heads_of(window)
    reaches = {h: cascade.below(str(rows.at[h, "upper"])) for h in hubs}
    below = {h: reach.lower for h, reach in reaches.items() if reach is not None}
    turbining = [h for h in hubs if rows.at[h, "mode"] != "pump"]
    pumping = [h for h in hubs if rows.at[h, "mode"] != "turbine"]
    generated = {h: GRAVITY_MW * rows.at[h, "head"] * rows.at[h, "turbine_efficiency"] for h in hubs}
    consumed = {h: GRAVITY_MW * rows.at[h, "head"] / rows.at[h, "pump_efficiency"] for h in hubs}
    turbined = window.limited(
        "hydro_hub/turbined", turbining, "m3/s", "flow through the units", lambda h, t: 1.0 / generated[h]
    )
    pumped = window.limited("hydro_hub/pumped", pumping, "m3/s", "flow that pumps lift", lambda h, t: 1.0 / consumed[h])
    window.rows(
        "hydro_hub/shared",
        [h for h in hubs if rows.at[h, "mode"] == "reversible"],
        "MW",
        "pumping[h,t] + turbining[h,t] <= capacity[h]",
        lambda h, t: consumed[h] * pumped[h, t] + generated[h] * turbined[h, t] - window.capacity(h) <= 0,
    )
    for h in hubs:
        asset, upper = window.assets[h], str(rows.at[h, "upper"])
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        if h in turbining:
            release(window, cascade, upper, "hydro_hub/turbined", h, "turbined", 1.0)
        if h in turbining and not (rows.at[h, "mode"] == "turbine" and upper in variable):
            window.join(
                asset.zone, "hydro_hub/turbined", turbined, h, generated[h], "generation", asset.technology, unit="m3/s"
            )
            support(window, h, upper, "hydro_hub/turbined", generated[h], generated[h])
            energy = generated[h] * sum(turbined[h, t] for t in window.hours)
            window.cost(f"variable O&M/{asset.technology}", price * energy)
        if h in pumping:
            window.turn(h, lambda t, h=h: consumed[h] * pumped[h, t])
            window.stand_by(h, UP, ("hydro_hub/pumped", h, consumed[h]))
            window.flow(below[h], "hydro_hub/pumped", h, -1.0, "pumped")
            window.flow(upper, "hydro_hub/pumped", h, 1.0, "lifted")
            window.join(
                asset.zone, "hydro_hub/pumped", pumped, h, -consumed[h], "pumping", asset.technology, unit="m3/s"
            )
