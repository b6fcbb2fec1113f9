"""Pumped storage between two basins of its own, or with a reservoir of the cascade as the lower one.

    pumped_storage/energy_balance
        level[a,t] = keep[a]^h*level[a,t-1] + h*(eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a])   [MWh]
    pumped_storage/charge_limit     charge[a,t] <= factor[a,t] * capacity[a]                 [MW]
    pumped_storage/discharge_limit  discharge[a,t] <= factor[a,t] * capacity[a]              [MW]
    pumped_storage/shared           charge[a,t] + discharge[a,t] <= capacity[a]                  [MW]
    pumped_storage/level_limit      level[a,t] <= factor[a,t] * capacity[a]                  [MWh]

`factor` is one for powers; for the level it is the duration. Pumps and turbines are the same machines.

A plant of an open loop takes its water from the reservoir of a station and gives it back:
eta_c * charge / (9.81e-3 * head) m3/s go up, discharge / (eta_d * 9.81e-3 * head) m3/s come down, so that
the energy held in the upper basin is the potential energy of the water that is missing below.

With `commitment = "whole"` a plant with a row in unit_commitments.csv has whole units (`algebra.units`), some of
which turn as turbines (families `pumped_storage_turbine/...`), others as pumps (`pumped_storage_pump/...`, from
`pump_minimum` of their rating up), and all of which do the same in an hour:

    pumped_storage_turbine/only  turbines[a,t] <= number[a]*(1 - pumping[a,t])               [-]
    pumped_storage_pump/only     pumps[a,t] <= number[a]*pumping[a,t]                        [-]
"""

from __future__ import annotations

from dataclasses import replace

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.store import operate_stores, plan_stores
from qhenergy.algebra.units import number_of, units_of, write_units
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET, UNIT_SIZE
from qhenergy.data.river import river
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.ground.units import GRAVITY_MW

ASSETS = Table(
    "pumped_storage",
    "a pumped-storage plant",
    (
        *ASSET,
        UNIT_SIZE,
        number(
            "duration",
            "time",
            "energy in the basin over power; hours at full load are this times discharge_efficiency",
            low=0.5,
            high=1000,
        ),
        number("charge_efficiency", "share", "of pumping", low=0.1, high=1),
        number("discharge_efficiency", "share", "of generating", low=0.1, high=1),
        number("self_discharge", "share per hour", "stored energy lost an hour", default=0, high=0.5),
        text("cycle", "over what time it is meant to shift", choices=("short", "medium", "long")),
        reference(
            "lower_station", "hydro_stations", "station whose reservoir is the lower basin; none if blank", default=""
        ),
        number("head", "height", "between the basins; needed with a lower station", default=None, low=1, high=1500),
        text("status", "how far it is", default=""),
    ),
)

TABLES = (ASSETS,)


def register(plan: Plan) -> None:
    """Register the plants; one of an open loop does not stand before its lower reservoir.

    Raises:
        InputError: an open loop without a head, one that loses water, or one above no station that stands.
    """
    rows, stations = plan.inputs["pumped_storage"], plan.inputs["hydro_stations"]
    faults = []
    for a, row in rows[rows["lower_station"] != ""].iterrows():
        where = f"pumped_storage.csv, row {a}"
        if not row["head"] > 0:
            found, remedy = "a lower station and no head", "Fill head, or blank lower_station."
            faults.append(Fault(where, found, "the head between the basins", remedy))
        if row["self_discharge"] > 0:
            found, remedy = f"a self-discharge of {row['self_discharge']:g} an hour", "Set self_discharge to zero."
            faults.append(Fault(where, found, "none: water of the river would vanish", remedy))
    years = stations["in_service_year"]
    since = rows["lower_station"].map(lambda i: years[i] if i else 0)
    plan.assets.add_table("pumped_storage", rows, energy_hours=rows["duration"], since=since)
    for stage in plan.case.stages:
        standing = river(stations, stage).stations
        for a in plan.assets.of_table("pumped_storage", stage):
            lower = str(rows.at[a, "lower_station"])
            if lower and lower not in standing:
                remedy = "Name a station with capacity, or blank lower_station."
                found, expected = f'lower_station "{lower}"', "a station that stands"
                faults.append(Fault(f"pumped_storage.csv, row {a}", found, expected, remedy))
    if faults:
        raise InputError(list(dict.fromkeys(faults)), str(plan.inputs.folder))


def plan(plan: Plan) -> None:
    """Chain the basins over the real periods."""
    plan_stores(plan, "pumped_storage", plan.inputs["pumped_storage"])


def operate(window: Window) -> None:
    """Write the hours of the plants, and let those of an open loop join the river."""
    rows = window.inputs["pumped_storage"]
    operate_stores(window, "pumped_storage", "pumped_storage", rows, shared=True)
    if window.case.commitment == "whole":
        _write_units(window)
    for a in window.in_service("pumped_storage"):
        lower = str(rows.at[a, "lower_station"])
        if not lower:
            continue
        lifted = GRAVITY_MW * float(rows.at[a, "head"])
        up, down = float(rows.at[a, "charge_efficiency"]), 1.0 / float(rows.at[a, "discharge_efficiency"])
        window.flow(lower, "pumped_storage/charge", a, -up / lifted, "pumped")
        window.flow(lower, "pumped_storage/discharge", a, down / lifted, "pumped")


def _write_units(window: Window) -> None:
    """Write whole turbines and pumps, which do not run at once."""
    rows = window.inputs["unit_commitments"]
    plants = [a for a in window.in_service("pumped_storage") if a in rows.index]
    turbines = {a: units_of(rows.loc[a]) for a in plants}
    pumps = {a: replace(u, bands=((float(rows.at[a, "pump_minimum"]), 1.0),)) for a, u in turbines.items()}
    number = {a: number_of(window, a, u.size) for a, u in turbines.items()}
    discharge = window.model.component("pumped_storage/discharge")
    charge = window.model.component("pumped_storage/charge")
    turning = write_units(window, "pumped_storage_turbine", turbines, lambda a, t: discharge[a, t])
    lifting = write_units(window, "pumped_storage_pump", pumps, lambda a, t: charge[a, t])
    pumping = window.columns(
        "pumped_storage_pump/pumping", plants, "-", "whether the plant pumps", upper=1.0, whole=True
    )
    window.rows(
        "pumped_storage_turbine/only",
        plants,
        "-",
        "turbines[a,t] <= number[a]*(1 - pumping[a,t])",
        lambda a, t: turning(a, t) + number[a] * pumping[a, t] <= number[a],
    )
    window.rows(
        "pumped_storage_pump/only",
        plants,
        "-",
        "pumps[a,t] <= number[a]*pumping[a,t]",
        lambda a, t: lifting(a, t) - number[a] * pumping[a, t] <= 0,
    )
