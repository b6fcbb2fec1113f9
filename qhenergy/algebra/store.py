"""The pattern every electric store follows; batteries, compressed air and pumped storage differ in data only.

<name>/energy_balance  level[a,t] = keep[a]^h*level[a,t-1] + h*(eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a])   [MWh]
<name>/charge_limit    charge[a,t] <= charge_ratio[a] * capacity[a]                                       [MW]
<name>/discharge_limit discharge[a,t] <= capacity[a]                                                      [MW]
<name>/shared          charge[a,t] + discharge[a,t] <= capacity[a]                                        [MW]
                       (machines that do both, as pumps that are turbines)
<name>/level_limit     level[a,t] <= depth[a] * energy[a]                                                 [MWh]
<name>/cycle_limit     sum(drawn[a,t], t of y) <= yearly_cycles[a]*depth[a]*energy[a,y]                   [MWh]

`h` is the length of a step [h], `keep` what is kept an hour. `capacity` is the power given to the grid; `drawn` is
what leaves the store for it, discharge over eta_d. A full cycle draws the usable energy, depth times what a store of
its age can hold, so that the limit counts cycles where they wear. The wear of a cycle may have a price as well, on
the energy given to the grid: `cycle ageing/<technology>`. Whoever gives both a price and a limit for the same wear
counts it twice.
"""

from __future__ import annotations

import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.joins import Vessel
from qhenergy.algebra.level import chain_levels, write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import DOWN, UP, Backing
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Column, number, text

#: Columns of what is built apart from the power, and of how it ages.
ENERGY: tuple[Column, ...] = (
    number("duration", "time", "energy over power; the plan chooses if blank", default=None, low=0.1, high=10_000),
    number("minimum_duration", "time", "least the plan may choose", default=None, low=0.1, high=10_000),
    number("maximum_duration", "time", "most the plan may choose", default=None, low=0.1, high=10_000),
    number("self_discharge", "share per hour", "stored energy lost an hour", default=0, high=0.5),
    number("depth", "share", "usable share of the energy", default=1, low=0.05, high=1),
    number("fade", "share per year", "share of the energy lost with every year of age", default=0, high=0.2),
    text("cycle", "over what time it is meant to shift", choices=("short", "medium", "long")),
)

#: Columns of how an electric store is charged and discharged, and of what that does to it.
POWER: tuple[Column, ...] = (
    number("charge_ratio", "share", "rated power of charging over that of discharging", default=1, low=0.01, high=100),
    number("charge_efficiency", "share", "of charging", low=0.1, high=1),
    number("discharge_efficiency", "share", "of discharging", low=0.1, high=1),
    number(
        "cycle_cost", "money per energy", "price of the wear of a cycle, on what is discharged", default=0, high=1e6
    ),
    number("yearly_cycles", "share per year", "most full cycles of the usable energy a year", default=None, high=8760),
)

#: What stands where a table has no such column.
ABSENT = {"depth": 1.0, "fade": 0.0} | {column.name: column.blank for column in POWER}


def carried(rows: pd.DataFrame) -> list[str]:
    """Stores whose level is carried from one real period to the next: all but the short ones (R14)."""
    return [str(a) for a in rows.index[rows["cycle"] != "short"]]


def register_stores(plan: Plan, table: str) -> None:
    """Register the stores of a table with the columns `ENERGY`; the plan sizes those without a duration.

    Raises:
        InputError: a store has neither a duration nor limits of one, or stands without one.
    """
    rows = plan.inputs[table]
    free = rows[rows["duration"].isna()]
    faults = [
        Fault(
            f"{table}.csv ({a})",
            "no duration",
            "a duration, or minimum_duration and maximum_duration in order",
            "Fill duration, or else both of the others.",
        )
        for a, row in free.iterrows()
        if not row["minimum_duration"] <= row["maximum_duration"]
    ]
    faults += [
        Fault(
            f"{table}.csv ({a})",
            "existing capacity without a duration",
            "a duration of what stands",
            "Fill duration; give what may be added a row of its own.",
        )
        for a, row in free.iterrows()
        if row["existing"] + row["committed"] > 0
    ]
    if faults:
        raise InputError(faults, f"{table}.csv")
    plan.assets.add_table(
        table, rows, energy_hours=rows["duration"].fillna(0.0), fade=rows["fade"], base_year=plan.case.base_year
    )
    for a, row in free.iterrows():
        if any(plan.assets.possible(str(a), y) for y in plan.case.stages):
            plan.size_energy(str(a), float(row["minimum_duration"]), float(row["maximum_duration"]))


def plan_stores(plan: Plan, name: str, rows: pd.DataFrame) -> None:
    """Chain the levels of the stores that are carried over real periods, and limit the cycles of a year.

    Args:
        plan: the plan.
        name: prefix of the families.
        rows: stores of one table; a column of `ENERGY` or `POWER` it does not have is at its default.
    """
    rows = _filled(rows)
    possible = plan.assets.possible
    standing = [str(a) for a in rows.index if any(possible(str(a), y) for y in plan.case.stages)]
    chain_levels(
        plan,
        f"{name}/level",
        [a for a in carried(rows) if a in standing],
        "MWh",
        lambda a, y: rows.at[a, "depth"] * plan.energy(a, y),
        lambda a: 1.0 - rows.at[a, "self_discharge"],
        possible,
    )
    cycles = rows["yearly_cycles"] * rows["depth"]
    plan.rows(
        f"{name}/cycle_limit",
        [a for a in standing if not pd.isna(cycles[a])],
        "MWh",
        "sum(drawn[a,t], t of y) <= yearly_cycles[a]*depth[a]*energy[a,y]",
        lambda a, y: (
            plan.yearly(f"{name}_drawn", a, y) - cycles[a] * plan.energy(a, y) <= 0 if possible(a, y) else SKIP
        ),
    )


def operate_stores(window: Window, name: str, table: str, rows: pd.DataFrame, *, shared: bool = False) -> None:
    """Write the hours of the stores of one table.

    Args:
        window: the window.
        name: prefix of the families.
        table: asset table.
        rows: with columns charge_efficiency, discharge_efficiency, self_discharge [1/h] and cycle; another
            column of `ENERGY` or `POWER` it does not have is at its default.
        shared: whether the same machines charge and discharge, so that they share the capacity.
    """
    rows = _filled(rows)
    stores = window.in_service(table)
    ratio = rows["charge_ratio"].to_dict()
    charge = window.limited(f"{name}/charge", stores, "MW", "power taken from the grid", lambda a, t: ratio[a])
    discharge = window.limited(f"{name}/discharge", stores, "MW", "power given to the grid", lambda a, t: 1.0)
    if shared:
        window.rows(
            f"{name}/shared",
            stores,
            "MW",
            "charge[a,t] + discharge[a,t] <= capacity[a]",
            lambda a, t: charge[a, t] + discharge[a, t] - window.capacity(a) <= 0,
        )
    depth = rows["depth"].to_dict()
    level = write_levels(
        window,
        f"{name}/level",
        stores,
        "MWh",
        "stored energy at the end of the hour",
        lambda a, t: depth[a],
        window.energy_capacity,
        set(carried(rows)),
    )
    keep, h = (1.0 - rows["self_discharge"]).to_dict(), window.step
    into = rows["charge_efficiency"].to_dict()
    out_of = (1.0 / rows["discharge_efficiency"]).to_dict()
    window.rows(
        f"{name}/energy_balance",
        stores,
        "MWh",
        "level[a,t] = keep[a]^h*level[a,t-1] + h*(eta_c[a]*charge[a,t] - discharge[a,t]/eta_d[a])",
        lambda a, t: (
            level.now(a, t)
            - keep[a] ** h * level.before(a, t)
            - h * into[a] * charge[a, t]
            + h * out_of[a] * discharge[a, t]
            == 0
        ),
    )
    for a in stores:
        window.turn(a, lambda t, a=a: charge[a, t] + discharge[a, t] if shared else discharge[a, t])
        lasting = {"keep": keep[a], "carried": a in carried(rows)}
        drawn = Backing(f"{name}/level", a, 1.0 / out_of[a], **lasting)
        filled = Backing(f"{name}/level", a, 1.0 / into[a], depth[a], **lasting)
        taken, given = (f"{name}/charge", a, 1.0), (f"{name}/discharge", a, 1.0)
        window.stand_by(a, UP, taken, (*given[:2], -1.0), share=1.0, backing=drawn)
        window.stand_by(a, DOWN, given, (*taken[:2], -1.0), share=ratio[a], backing=filled)
        asset = window.assets[a]
        window.join(asset.zone, f"{name}/charge", charge, a, -1.0, "charging", asset.technology)
        window.join(asset.zone, f"{name}/discharge", discharge, a, 1.0, "discharging", asset.technology)
        filled = (f"{name}/charge", a, float(into[a]))
        window.hold(
            Vessel(a, asset.zone, f"{name}/level", keep[a], (filled,), ((f"{name}/discharge", a, float(out_of[a])),))
        )
        output = sum(discharge[a, t] for t in window.hours)
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * output)
        if rows.at[a, "cycle_cost"] > 0:
            window.cost(f"cycle ageing/{asset.technology}", rows.at[a, "cycle_cost"] * output)
        if not pd.isna(rows.at[a, "yearly_cycles"]):
            window.meter(f"{name}_drawn", a, "MWh", out_of[a] * output)


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with every column of the pattern, also of a table that does not have them all."""
    return rows.assign(**{name: value for name, value in ABSENT.items() if name not in rows.columns})
