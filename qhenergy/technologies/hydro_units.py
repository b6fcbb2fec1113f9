"""Whole units of large stations: least output, starts, and zones in which a unit may not stay.

With `commitment = "whole"` a station with a row in unit_commitments.csv has whole units (`algebra.units`, families
`hydro_units/...`): what its turbines give lies within the bands that hydro_forbidden_zones.csv leaves of the rating of
the units that run. The efficiency is that of the station whatever its units do. With `commitment = "linear"`, and of a
station without a row, any amount of its capacity runs. Extra units and pumps of hubs are assets of their own and have
none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.units import units_of, write_units
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
from qhenergy.data.river import river
from qhenergy.ground.faults import Fault, InputError, nearest
from qhenergy.technologies.hydro import flow_per_power, heads_of

#: Tables whose plants may have a row in unit_commitments.csv.
TABLES_WITH_UNITS = ("csp", "hydro_stations", "pumped_storage")


def plan(plan: Plan) -> None:
    """Refuse units of what is no such plant, and zones that are none.

    Raises:
        InputError: a row of unit_commitments.csv names no plant with units, or a zone ends before it begins, reaches
            the rating, meets another one or is of a station without units.
    """
    faults = [*_strangers(plan), *_zone_faults(plan.inputs)]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def _strangers(plan: Plan) -> Iterator[Fault]:
    known = [name for table in TABLES_WITH_UNITS for name in map(str, plan.inputs[table].index)]
    for asset in plan.inputs["unit_commitments"].index:
        if asset not in known:
            expected = "a plant of csp.csv, hydro_stations.csv or pumped_storage.csv"
            remedy = nearest(str(asset), known) or "Correct the key."
            yield Fault(f"unit_commitments.csv ({asset})", f'asset "{asset}"', expected, remedy)


def _zone_faults(inputs: Inputs) -> Iterator[Fault]:
    rows = inputs["hydro_forbidden_zones"].sort_values("lower")
    ends: dict[str, float] = {}
    for (station, number), row in rows.iterrows():
        where, zone = f"hydro_forbidden_zones.csv ({station}, {number:g})", f"{row['lower']:g} to {row['upper']:g}"
        if station not in inputs["unit_commitments"].index:
            remedy = "Add its units to unit_commitments.csv, or take the zone out."
            yield Fault(where, f'station "{station}" without units', "a station with a row of its units", remedy)
        if not row["lower"] < row["upper"] < 1:
            yield Fault(where, f"a zone from {zone}", "an end above its begin and below the rating", "Correct it.")
        if row["lower"] < ends.get(str(station), 0.0):
            yield Fault(where, f"a zone from {zone}", "zones that do not meet", "Write both as one zone.")
        ends[str(station)] = float(row["upper"])


def settle(window: Window) -> None:
    """Write the units, once the power of all turbines is known."""
    rows = window.inputs["unit_commitments"]
    if window.case.commitment != "whole" or rows.empty:
        return
    stations, zones = window.inputs["hydro_stations"], window.inputs["hydro_forbidden_zones"]
    members = [i for i in river(stations, window.stage).stations if i in rows.index]
    units = {}
    for i in members:
        own = zones[zones.index.get_level_values(0) == i]
        forbidden = tuple((float(z["lower"]), float(z["upper"])) for _, z in own.iterrows())
        units[i] = units_of(rows.loc[i], forbidden=forbidden)
    variable = heads_of(window)
    turbined, power = window.model.component("hydro/turbined"), window.model.component("hydro/power")
    per_flow = {i: 1.0 / flow_per_power(stations.loc[i]) for i in members if i not in variable}

    def given(i: str, t: int) -> Any:
        return power[i, t] if i in variable else per_flow[i] * turbined[i, t]

    write_units(window, "hydro_units", units, given)
