"""Flexible demand: a load with its baseline, and what it may do beside it.

The hours are those of `algebra.flexible`; the year has

    flexible_demand/calls            sum(called[l,t], t of y) <= calls[l]*capacity[l,y]                     [MWh]
    flexible_demand/floor            sum(given_up[l,t], t of y) <= (1 - floor[l])*energy[l,y]               [MWh]

    given_up[l,t] = lowered[l,t] + curtailed[l,t] - raised[l,t]

The baseline of a load is its energy of the year in a shape of demand_shapes.csv. Where it is part of the demand of
its zone (`in_demand`) the balance has it already, and only what deviates joins; else it joins as well, may be
unserved at the price of its zone, and is there whether or not anything of it can be moved. What is not enrolled
in the capacity runs its baseline. Before the first year of its energy there is no load.

A load that is part of the demand may say of which sector it is (`sector`; of several together, joined by ` | `, its
energy goes by theirs). Together such loads are no more than their sector takes in their zone, else a fault says so:

    sum(energy[l,y], l of s and z with anything to enrol) <= given[z,s,y]                                   [MWh]

both as they are in no scenario, since a scenario changes what a sector takes and leaves the loads as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.flexible import KINDS, Moves, faults_of
from qhenergy.algebra.hours import Hours
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data import sectors
from qhenergy.data.asset import ASSET
from qhenergy.data.inputs import Inputs
from qhenergy.data.tables import HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.profiles.calendar import HOURS, MONTH_DAYS, by_month_and_hour

LOADS = Table(
    "flexible_loads",
    "a load, and what it may do beside its baseline",
    (
        *ASSET,
        text("in_demand", "whether its energy is part of the demand of its zone", choices=("yes", "no")),
        text("sector", "sectors of demand_sectors.csv it is part of, joined by ` | `", default=""),
        text("level", "at what level it is pooled with others", default="", choices=("park", "county", "province")),
        *KINDS,
    ),
)
ENERGY = Table(
    "flexible_energy",
    "the baseline of a flexible load in a year",
    (
        reference("asset", "flexible_loads", "load"),
        integer("year", "year", low=1950, high=2100),
        number("energy", "energy", "consumption of the year", high=1e10),
        reference("shape", "demand_shapes", "hourly shape"),
    ),
    keys=2,
)

TABLES: tuple[Table, ...] = (LOADS, ENERGY)
NAME = "flexible_demand"


def energy_of(rows: pd.DataFrame, load: str, stage: int) -> float:
    """Energy of a load in a stage [MWh/yr], linear between its years; none before the first of them."""
    if load not in rows.index.get_level_values(0):
        return 0.0
    own = rows.loc[load].sort_index()
    return float(np.interp(stage, own.index.to_numpy(dtype=float), own["energy"].to_numpy(dtype=float), left=0.0))


def of_sectors(inputs: Inputs, loads: Iterable[str], stage: int) -> dict[tuple[str, str], tuple[float, float]]:
    """What loads are of the sectors they name: (sector, zone) -> their energy, that of the sector [MWh/yr]."""
    rows, made = inputs["flexible_loads"], {}
    for load in loads:
        zone, energy = str(rows.at[load, "zone"]), energy_of(inputs["flexible_energy"], load, stage)
        takes = {s: sectors.given(inputs, s, zone, stage) for s in _sectors(str(rows.at[load, "sector"]))}
        total = sum(takes.values())
        for sector, given in takes.items():
            share = given / total if total > 0 else 1.0 / len(takes)
            made[sector, zone] = (made.get((sector, zone), (0.0, 0.0))[0] + energy * share, given)
    return made


def _sectors(cell: str) -> list[str]:
    return [part for part in cell.split(" | ") if part]


def _sector_faults(plan: Plan) -> Iterator[Fault]:
    """Sectors that there are not, that a load cannot be of, or of which loads are more than all."""
    inputs, rows = plan.inputs, plan.inputs["flexible_loads"]
    known = [str(s) for s in inputs[sectors.SECTORS.name].index]
    wrong = False
    for a, row in rows.iterrows():
        where = f"flexible_loads.csv ({a})"
        for sector in _sectors(str(row["sector"])):
            if sector not in known:
                wrong = True
                expected = f"one of {listed(known)}" if known else "none: demand_sectors.csv has no row"
                yield Fault(where, f'sector "{sector}"', expected, nearest(sector, known) or "Correct it.")
        if row["sector"] and row["in_demand"] == "no":
            yield Fault(where, "a sector of a load beside the demand", "none", "Leave the sector out.")
    if wrong:
        return
    for y in plan.case.stages:
        able = [str(a) for a in rows.index if plan.assets.possible(str(a), y)]
        for (sector, zone), (energy, given) in of_sectors(inputs, able, y).items():
            if energy > given * (1 + 1e-9):
                found = f"flexible loads of {energy:,.0f} MWh of {sector} in {zone} in {y}"
                expected = f"at most the {given:,.0f} MWh it takes there"
                yield Fault("flexible_energy.csv", found, expected, "Take less, or raise sector_demand.csv.")


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Baseline of every load and stage [MW]."""
    loads = hours.inputs["flexible_loads"].index
    if not len(loads):
        return {}
    return {
        f"{NAME}/{y}": pd.DataFrame({str(a): _baseline(hours, str(a), y) for a in loads}) for y in hours.case.stages
    }


def _baseline(hours: Hours, load: str, stage: int) -> np.ndarray:
    rows = hours.inputs["flexible_energy"]
    energy = energy_of(rows, load, stage)
    if energy == 0:
        return np.zeros(hours.count)
    own = rows.loc[load].sort_index()
    shape = str(own["shape"].iloc[int(np.abs(own.index.to_numpy(dtype=float) - stage).argmin())])
    shapes = hours.inputs["demand_shapes"].loc[shape][list(HOURS_OF_DAY)]
    values = by_month_and_hour(shapes)[: hours.count] if len(shapes) == len(MONTH_DAYS) else np.zeros(hours.count)
    if not np.nansum(values) > 0:
        where, found = f"demand_shapes.csv ({shape})", f"months missing, or zero in all {hours.count} hours of the case"
        fault = Fault(where, found, "12 months, one of the hours above zero", "Fill the shape of the flexible load.")
        raise InputError([fault], str(hours.inputs.folder))
    # A year that a few hours stand for has the energy of the year as well.
    made: np.ndarray = values * (energy / values.sum()) * (hours.count / HOURS)
    return made


def register(plan: Plan) -> None:
    """Register the loads.

    Raises:
        InputError: kinds of flexibility of a row do not go together, or loads are not part of the sector they name.
    """
    rows = plan.inputs["flexible_loads"]
    faults = [fault for a, row in rows.iterrows() for fault in faults_of(str(a), row)]
    years = plan.inputs["flexible_energy"].index
    for a in map(str, rows.index):
        own = [float(year) for load, year in years if load == a]
        if not own or max(own) < max(plan.case.stages):
            found = f"years up to {max(own):.0f}" if own else "no row"
            expected = f"a row for the stage {max(plan.case.stages)} or later"
            faults.append(Fault(f"flexible_energy.csv ({a})", found, expected, "Add a row."))
    if faults:
        raise InputError(faults, "flexible_loads.csv")
    plan.assets.add_table("flexible_loads", rows)
    faults = list(_sector_faults(plan))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def plan(plan: Plan) -> None:
    """Limit the calls and what is given up in a year."""
    rows, energy = plan.inputs["flexible_loads"], plan.inputs["flexible_energy"]

    def standing(column: str) -> list[str]:
        return [str(a) for a in rows.index[rows[column].notna()] if _stages(plan, str(a))]

    def there(a: str, y: int) -> bool:
        return y in _stages(plan, a)

    plan.rows(
        f"{NAME}/calls",
        standing("calls"),
        "MWh",
        "sum(called[l,t], t of y) <= calls[l]*capacity[l,y]",
        lambda a, y: (
            plan.yearly(f"{NAME}_called", a, y) - rows.at[a, "calls"] * plan.installed(a, y) <= 0
            if there(a, y)
            else SKIP
        ),
    )
    plan.rows(
        f"{NAME}/floor",
        standing("floor"),
        "MWh",
        "sum(given_up[l,t], t of y) <= (1 - floor[l])*energy[l,y]",
        lambda a, y: (
            plan.yearly(f"{NAME}_given_up", a, y) <= (1.0 - rows.at[a, "floor"]) * energy_of(energy, a, y)
            if there(a, y)
            else SKIP
        ),
    )


def _stages(plan: Plan, load: str) -> list[int]:
    """Stages in which something of a load can be moved."""
    rows = plan.inputs["flexible_energy"]
    return [y for y in plan.case.stages if plan.assets.possible(load, y) and energy_of(rows, load, y) > 0]


def operate(window: Window) -> None:
    """Write the baselines that are not part of the demand, and what of the loads is moved."""
    rows, energy = window.inputs["flexible_loads"], window.inputs["flexible_energy"]
    baselines = window.series(f"{NAME}/{window.stage}")
    # A load whose baseline is nothing in this window may have one in the next, which looks back here.
    base = {a: values for a, values in baselines.items() if energy_of(energy, a, window.stage) > 0}
    _write_baselines(window, base)
    able = [a for a in window.in_service("flexible_loads") if a in base]
    Moves(window, NAME, rows.loc[able], base).write()


def _write_baselines(window: Window, base: dict[str, list[float]]) -> None:
    """Loads that come on top of the demand of their zones, and the part of them that is not served."""
    rows = window.inputs["flexible_loads"]
    beside = [a for a in base if rows.at[a, "in_demand"] == "no"]
    drawn = window.columns(
        f"{NAME}/base", beside, "MW", "baseline beside the demand of the zone",
        lower=lambda a, t: base[a][t], upper=lambda a, t: base[a][t],
    )  # fmt: skip
    unserved = window.columns(
        f"{NAME}/unserved", beside, "MW", "baseline that is not served", upper=lambda a, t: base[a][t]
    )
    for a in beside:
        asset = window.assets[a]
        window.join(asset.zone, f"{NAME}/base", drawn, a, -1.0, "demand", asset.technology)
        window.join(asset.zone, f"{NAME}/unserved", unserved, a, 1.0, "unserved", "unserved", a)
        price = float(window.inputs["zones"].at[asset.zone, "unserved_price"])
        window.cost("unserved energy", price * sum(unserved[a, t] for t in window.hours))
    for a in base:
        window.uses.setdefault(a, []).append(lambda t, a=a: base[a][t])
