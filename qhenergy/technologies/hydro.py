"""The river: stations in cascade, with reservoirs, travel times and releases that others depend on.

    hydro/water_balance    level[i,t] = level[i,t-1] + 0.0036 * h * (inflow[i,t] + gained[i,t])   [hm3]
    hydro/flow_balance     inflow[i,t] + gained[i,t] = 0   [m3/s]
                           (stations without a reservoir)
    hydro/turbined_limit   turbined[i,t] <= factor[i,t] * capacity[i]                           [m3/s]
    hydro/level            level[i,t] <= live_storage[i], and <= what the maximum level of the month holds  [hm3]
    hydro/level_limit      level[i,t] <= factor[i,t] * live_storage[i] * capacity[i] / full[i]  [hm3]
                           (dams of which nothing stands before the plan builds them)

    gained[i,t] = sum(coefficient[i,x] * x[t - delay], x joined to the water of i)               [m3/s]

Water is an open list like the energy of a zone: what a station turbines and spills leaves it and joins the
station below after the travel time of the reach, k + f steps of h hours, (1-f) of it after k steps and f a step
later; pumps, withdrawals and basins beside the river join with lines of their own.

    power[i,t] = 9.81e-3 * efficiency[i] * head[i] * turbined[i,t]   [MW], at constant head

A dam that the plan may build holds water as far as it is built, `full` being the most it may have.
A station that is not yet in service is left out: what comes from above passes it and reaches the next
station below later by both travel times; its local inflow, which joins the reach at no one place, counts
as that of the next station. Water on its way across the boundary of a window is handed to the window that
follows (in a representative period: to the next period of its kind; at the end of the last year: to the
first).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.assets import Asset
from qhenergy.algebra.hours import Hours
from qhenergy.algebra.level import chain_levels, write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import DOWN, UP, Backing
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.data.inputs import Inputs
from qhenergy.data.reservoir import curve_faults, given_levels, live_at
from qhenergy.data.river import River, river
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.ground.units import GRAVITY_MW, HM3_PER_FLOW_HOUR
from qhenergy.profiles import calendar, inflow

STATIONS = Table(
    "hydro_stations",
    "a station of the cascade, in river order; a tributary joins where its last station points",
    (
        *(
            c if c.name != "zone" else reference("zone", "zones", "zone; blank if outside the system", default="")
            for c in ASSET
        ),
        integer("order", "place down the river", high=1000),
        reference("downstream", "hydro_stations", "next station down the river; blank at the outlet", default=""),
        number("travel_time", "time", "hours the water takes to the next station", default=0, high=240),
        integer("in_service_year", "first year the station stands in the river", low=1900, high=2100),
        number("head", "height", "rated head", default=None, low=1, high=1500),
        number("tailwater", "height", "level of the water below, for a head that follows the level", default=None),
        number("efficiency", "share", "of turbine, generator and transformer", default=None, low=0.3, high=1),
        number("rated_discharge", "flow", "of existing and committed units, for comparison", default=None, high=1e5),
        number("live_storage", "volume", "between dead and normal level; none if run of river", default=0, high=1e5),
        text(
            "cycle",
            "over what time the reservoir is meant to shift; short ones end a period as they began it",
            default="long",
            choices=("short", "medium", "long"),
        ),
        number("initial_fill", "share", "of live storage at the start of the year", default=None, high=1),
        number("final_fill", "share", "of live storage at the end of the year", default=None, high=1),
    ),
)

INFLOW = Table(
    "hydro_inflow",
    "local natural inflow between a station and those above it, in a normal year",
    (
        reference("station", "hydro_stations", "station"),
        integer("month", "month", low=1, high=12),
        number("inflow", "flow", "mean of the month", high=1e5),
    ),
    keys=2,
)

WATER_YEARS = Table(
    "water_years",
    "how wet a year is",
    (
        text("water_year", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        number("factor", "share", "inflow over that of hydro_inflow", high=5),
    ),
)

WATER_YEAR_MONTHS = Table(
    "water_year_months",
    "how wet a month of a water year is, where that is known month by month",
    (
        reference("water_year", "water_years", "water year"),
        integer("month", "month", low=1, high=12),
        number("factor", "share", "inflow over that of hydro_inflow", high=10),
    ),
    keys=2,
)

TABLES = (STATIONS, INFLOW, WATER_YEARS, WATER_YEAR_MONTHS)


def flow_per_power(row: pd.Series) -> float:
    """Discharge that makes one MW at constant head [m3/s per MW]."""
    return 1.0 / (GRAVITY_MW * float(row["efficiency"]) * float(row["head"]))


def month_factors(hours: Hours, water_year: str) -> np.ndarray:
    """Inflow of each month over that of hydro_inflow, shape (12,).

    Raises:
        InputError: water_years.csv has no such year.
    """
    years = hours.inputs["water_years"]
    if water_year not in years.index:
        known = [str(year) for year in years.index]
        expected = f"one of {listed(known)}" if known else "a row of water_years.csv, which has none"
        remedy = nearest(water_year, known) or "Correct the case, or add a row to water_years.csv."
        raise InputError([Fault("case, water.year", f'"{water_year}"', expected, remedy)], "the case")
    given, factor = hours.inputs["water_year_months"]["factor"], float(years.at[water_year, "factor"])
    return np.array([float(given.get((water_year, month), factor)) for month in range(1, 13)])


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Local inflow of every station [m3/s] in the water years of the case, one after the other."""
    table = hours.inputs["hydro_inflow"]
    if table.empty:
        return {}
    factors = [month_factors(hours, year) for year in hours.case.water.years]
    monthly = table["inflow"].unstack("month")
    _check(hours, monthly)
    years = [inflow.hourly(monthly.T.mul(factor, axis=0)).iloc[: hours.count] for factor in factors]
    return {"hydro/inflow": pd.concat(years, ignore_index=True)}


def _check(hours: Hours, monthly: pd.DataFrame) -> None:
    faults = [
        Fault(f"hydro_inflow.csv ({station})", f"no month {month}", "12 months", "Add the row.")
        for station in monthly.index
        for month in range(1, 13)
        if month not in monthly.columns or np.isnan(monthly.at[station, month])
    ]
    faults += [
        Fault(
            f"hydro_stations.csv ({i})", "no head or no efficiency", "both, for a station with capacity", "Fill both."
        )
        for i, row in hours.inputs["hydro_stations"].iterrows()
        if row["zone"]
        and row["existing"] + row["committed"] + row["room"] > 0
        and (np.isnan(row["head"]) or np.isnan(row["efficiency"]))
    ]
    if faults:
        raise InputError(faults, str(hours.inputs.folder))


def register(plan: Plan) -> None:
    """Register the stations inside the system.

    Raises:
        InputError: a curve that does not fit its reservoir, a maximum level beyond it, or a level given for a
            reservoir that is not built yet.
    """
    rows = plan.inputs["hydro_stations"]
    inside = rows[rows["zone"] != ""]
    plan.assets.add_table("hydro_stations", inside, since=inside["in_service_year"])
    faults = curve_faults(plan.inputs)
    given = inside[(inside["live_storage"] > 0) & inside[["initial_fill", "final_fill"]].notna().any(axis=1)]
    for i in given.index:
        asset = plan.assets[str(i)]
        if any(asset.fixed[y] == 0 and plan.assets.possible(str(i), y) for y in plan.case.stages):
            found, expected = "a given fill, and no capacity that stands", "no fill of a dam that may be built"
            remedy = "Blank initial_fill and final_fill: it then ends the year as it began."
            faults.append(Fault(f"hydro_stations.csv ({i})", found, expected, remedy))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def plan(plan: Plan) -> None:
    """Chain the reservoirs over the year."""
    rows = plan.inputs["hydro_stations"]
    if rows.empty:
        return
    standing = {stage: set(river(rows, stage).stations) for stage in plan.case.stages}
    start, final = given_levels(rows)
    shares = usable_shares(plan.inputs)
    chain_levels(
        plan,
        "hydro/level",
        [i for i in _carried(rows) if any(i in s for s in standing.values())],
        "hm3",
        lambda i, y: _holding(plan.inputs, plan.assets[i], y, plan.installed),
        lambda i: 1.0,
        lambda i, y: i in standing[y],
        start,
        final,
        lambda i, hours: min(shares[i][m] for m in set(calendar.MONTH[hours % plan.case.year_hours].tolist())),
    )


def usable_shares(inputs: Inputs) -> dict[str, dict[int, float]]:
    """Share of its live storage that every reservoir may hold, by month: less than one in the flood season.

    Raises:
        InputError: a maximum level is given for a station without a reservoir, or without a curve of it.
    """
    rows, limits = inputs["hydro_stations"], inputs["hydro_rules"]["maximum_level"].dropna()
    shares = {str(i): dict.fromkeys(range(1, 13), 1.0) for i in rows.index}
    expected, remedy = "none, for a station without a reservoir", "Blank it, or fill live_storage of the station."
    dry = [place for place in limits.index if not rows.at[place[0], "live_storage"] > 0]
    faults = [Fault(f"hydro_rules.csv ({i}, {month:.0f})", "a maximum level", expected, remedy) for i, month in dry]
    if faults:
        raise InputError(faults, str(inputs.folder))
    for (station, month), level in limits.items():
        share = live_at(inputs, station, float(level)) / float(rows.at[station, "live_storage"])
        shares[station][int(month)] = min(share, 1.0)
    return shares


def _holding(inputs: Inputs, asset: Asset, stage: int, installed: Callable[[str, int], Any]) -> Any:
    """Most a reservoir can hold [hm3]: all of it where its dam stands, else as much as is built of the dam."""
    live = float(inputs["hydro_stations"].at[asset.name, "live_storage"])
    if asset.fixed[stage] > 0:
        return live
    full = max(asset.fixed[y] + asset.room[y] for y in asset.room)
    return live / full * installed(asset.name, stage) if full > 0 else 0.0


def _carried(rows: pd.DataFrame) -> list[str]:
    """Reservoirs whose level is carried from one real period to the next (R14)."""
    return [str(i) for i in rows.index[(rows["live_storage"] > 0) & (rows["cycle"] != "short")]]


def release(window: Window, cascade: River, station: str, family: str, member: str, role: str, flow: float) -> None:
    """Let a column pass the dam of a station and join the station below when it arrives.

    Args:
        window: the window.
        cascade: the river of its stage.
        station: whose dam it passes.
        family, member: the column.
        role: `turbined` or `spilled`.
        flow: m3/s per unit of the column.
    """
    window.flow(station, family, member, -flow, role)
    reach = cascade.below(station)
    if reach is not None:
        window.flow(reach.lower, family, member, flow, "arriving", reach.travel_time)


def operate(window: Window) -> None:
    """Write turbines, spillways and levels of one window."""
    rows = window.inputs["hydro_stations"]
    if rows.empty:
        return
    cascade = river(rows, window.stage)
    stations = cascade.stations
    per_power = {i: flow_per_power(rows.loc[i]) for i in stations}
    turbined = window.limited(
        "hydro/turbined", stations, "m3/s", "flow through the turbines", lambda i, t: per_power[i]
    )
    window.columns("hydro/spilled", stations, "m3/s", "flow past the turbines")
    variable = heads_of(window)
    for i in stations:
        release(window, cascade, i, "hydro/turbined", i, "turbined", 1.0)
        release(window, cascade, i, "hydro/spilled", i, "spilled", 1.0)
        asset = window.assets[i]
        if i in variable:
            continue  # hydro_head says what power it makes
        power = 1.0 / per_power[i]
        window.join(asset.zone, "hydro/turbined", turbined, i, power, "generation", asset.technology, unit="m3/s")
        support(window, i, i, "hydro/turbined", power, power)
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * power * sum(turbined[i, t] for t in window.hours))


def support(window: Window, asset: str, station: str, family: str, per_unit: float, per_flow: float) -> None:
    """Let turbines turn with the grid and stand by: up as far as their reservoir backs it, down by spilling.

    Args:
        window: the window.
        asset: the turbines.
        station: whose reservoir they draw from; without one they can be raised by nothing.
        family: column of the asset that makes the power.
        per_unit: MW per unit of it.
        per_flow: MW per m3/s, to tell what the water is worth.
    """
    variable = window.model.component(family)
    window.turn(asset, lambda t: per_unit * variable[asset, t])
    window.stand_by(asset, DOWN, (family, asset, per_unit))
    row = window.inputs["hydro_stations"].loc[station]
    if row["live_storage"] > 0:
        water = Backing("hydro/level", station, per_flow / HM3_PER_FLOW_HOUR, carried=bool(row["cycle"] != "short"))
        window.stand_by(asset, UP, (family, asset, -per_unit), share=1.0, backing=water)


def heads_of(window: Window) -> list[str]:
    """Stations of a window whose power follows the level of their reservoir."""
    return [] if window.case.water.head == "constant" else variable_heads(window.inputs, window.stage)


def variable_heads(inputs: Inputs, stage: int) -> list[str]:
    """Standing stations with a reservoir, a curve of it, and a level of the water below."""
    rows = inputs["hydro_stations"]
    known = set(inputs["reservoir_curves"].index.get_level_values(0))
    return [
        i
        for i in river(rows, stage).stations
        if i in known and rows.at[i, "live_storage"] > 0 and not np.isnan(rows.at[i, "tailwater"])
    ]


def settle(window: Window) -> None:
    """Write the water balances, once everything that takes water or gives it has joined."""
    rows = window.inputs["hydro_stations"]
    if rows.empty:
        return
    cascade = river(rows, window.stage)
    reservoirs = [i for i in cascade.stations if rows.at[i, "live_storage"] > 0]
    inflow_of = gathered_inflow(cascade, window.series("hydro/inflow"), len(window.hours))
    start, final = given_levels(rows)
    shares = usable_shares(window.inputs)
    holding = {
        i: _holding(window.inputs, window.assets[i], window.stage, lambda a, _: window.capacity(a)) for i in reservoirs
    }
    level = write_levels(
        window,
        "hydro/level",
        reservoirs,
        "hm3",
        "live water in the reservoir at the end of the hour",
        lambda i, t: shares[i][window.month[t]],
        lambda i: holding[i],
        set(_carried(rows)),
        start,
        final,
    )

    volume = HM3_PER_FLOW_HOUR * window.step

    def water_balance(i: str, t: int) -> Any:
        return level.now(i, t) - level.before(i, t) - volume * window.flows.gained(i, t) == volume * inflow_of[i][t]

    window.rows(
        "hydro/water_balance",
        reservoirs,
        "hm3",
        "level[i,t] = level[i,t-1] + 0.0036 * h * (inflow[i,t] + gained[i,t])",
        water_balance,
    )
    window.rows(
        "hydro/flow_balance",
        [i for i in cascade.stations if i not in reservoirs],
        "m3/s",
        "inflow[i,t] + gained[i,t] = 0",
        lambda i, t: -window.flows.gained(i, t) == inflow_of[i][t],
    )


def gathered_inflow(cascade: River, given: Mapping[str, Sequence[float]], hours: int) -> dict[str, list[float]]:
    """Local inflow of each station [m3/s], with that of stations above it that do not stand yet."""
    gathered = {i: np.array(given.get(i, [0.0] * hours)) for i in cascade.stations}
    for absent, receiver in cascade.passed.items():
        if receiver and absent in given:
            gathered[receiver] = gathered[receiver] + np.array(given[absent])
    return {i: values.tolist() for i, values in gathered.items()}
