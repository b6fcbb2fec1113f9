"""The river: stations in cascade, with reservoirs, travel times and releases that others depend on.

    hydro/water_balance    level[i,t] = level[i,t-1] + 0.0036 * (inflow[i,t] + arriving[i,t]
                           - turbined[i,t] - spilled[i,t])                                      [hm3]
    hydro/flow_balance     inflow[i,t] + arriving[i,t] = turbined[i,t] + spilled[i,t]           [m3/s]
                           (stations without a reservoir)
    hydro/turbined_limit   turbined[i,t] <= factor[i,t] * capacity[i]                           [m3/s]
    hydro/level            level[i,t] <= live_storage[i]                                        [hm3]
    hydro/minimum_release  turbined[i,t] + spilled[i,t] >= minimum_release[i,month]             [m3/s]
    hydro/maximum_release  turbined[i,t] + spilled[i,t] <= maximum_release[i,month]             [m3/s]

    arriving[i,t] = sum over stations u above i of
        (1-f) * released[u,t-k] + f * released[u,t-k-1],   travel time = k + f hours, released = turbined + spilled
    power[i,t] = 9.81e-3 * efficiency[i] * head[i] * turbined[i,t]   [MW], at constant head

A station that is not yet in service is left out: what comes from above passes it and reaches the next
station below later by both travel times; its local inflow, which joins the reach at no one place, counts
as that of the next station. Water on its way across the boundary of a window is handed to the window that
follows (in a representative period: to the next period of its kind).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.hours import Hours
from qhenergy.algebra.level import chain_levels, write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.ground.units import GRAVITY_MW, HM3_PER_FLOW_HOUR
from qhenergy.profiles import inflow

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

RULES = Table(
    "hydro_rules",
    "what a station must and may let through in a month",
    (
        reference("station", "hydro_stations", "station"),
        integer("month", "month", low=1, high=12),
        number("minimum_release", "flow", "ecological or supply flow", default=0, high=1e5),
        number("maximum_release", "flow", "ice or flood limit; none if blank", default=None, high=1e5),
    ),
    keys=2,
)

WATER_YEARS = Table(
    "water_years",
    "how wet a year is",
    (text("water_year", "key"), number("factor", "share", "inflow over that of a normal year", high=5)),
)

TABLES = (STATIONS, INFLOW, RULES, WATER_YEARS)


@dataclass(frozen=True)
class Reach:
    """Water's way from one station in service to the next one in service."""

    upper: str
    lower: str
    travel_time: float


@dataclass(frozen=True)
class River:
    """The part of the cascade that stands in a year.

    Attributes:
        stations: in river order.
        reaches: between them.
        passed: for each station left out, the station that gets its local inflow, or "" if none.
    """

    stations: list[str]
    reaches: list[Reach]
    passed: dict[str, str]


def river(stations: pd.DataFrame, stage: int) -> River:
    """The cascade of a year.

    Raises:
        InputError: water would flow in a circle.
    """
    _refuse_circles(stations)
    stands = {
        str(i)
        for i, row in stations.iterrows()
        if row["zone"] and row["in_service_year"] <= stage and row["existing"] + row["committed"] + row["room"] > 0
    }

    def below(station: str) -> tuple[str, float]:
        hours = 0.0
        while True:
            hours += float(stations.at[station, "travel_time"])
            station = str(stations.at[station, "downstream"])
            if not station or station in stands:
                return station, hours

    order = [str(i) for i in stations.sort_values("order").index]
    reaches = [Reach(i, *below(i)) for i in order if i in stands]
    passed = {i: below(i)[0] for i in order if i not in stands}
    return River([i for i in order if i in stands], [r for r in reaches if r.lower], passed)


def _refuse_circles(stations: pd.DataFrame) -> None:
    for start in stations.index:
        seen, station = [str(start)], str(stations.at[start, "downstream"])
        while station:
            if station in seen:
                found, remedy = f"a circle: {listed([*seen, station])}", "Leave downstream blank where the river ends."
                raise InputError(
                    [Fault("hydro_stations.csv", found, "a river that ends", remedy)],
                    "hydro_stations.csv",
                )
            seen.append(station)
            station = str(stations.at[station, "downstream"])


def flow_per_power(row: pd.Series) -> float:
    """Discharge that makes one MW at constant head [m3/s per MW]."""
    return 1.0 / (GRAVITY_MW * float(row["efficiency"]) * float(row["head"]))


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Local inflow of every station [m3/s] in the water year of the case."""
    table = hours.inputs["hydro_inflow"]
    if table.empty:
        return {}
    name = hours.case.water.year
    years = hours.inputs["water_years"]
    if name not in years.index:
        known = [str(year) for year in years.index]
        expected = f"one of {listed(known)}" if known else "a row of water_years.csv, which has none"
        remedy = nearest(name, known) or "Correct the case, or add a row to water_years.csv."
        raise InputError([Fault("case, water.year", f'"{name}"', expected, remedy)], "the case")
    monthly = table["inflow"].unstack("month")
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
    frame = inflow.hourly(monthly.T, float(years.at[name, "factor"]))
    return {"hydro/inflow": frame.iloc[: hours.count].reset_index(drop=True)}


def register(plan: Plan) -> None:
    """Register the stations inside the system."""
    rows = plan.inputs["hydro_stations"]
    inside = rows[rows["zone"] != ""]
    plan.assets.add_table("hydro_stations", inside, since=inside["in_service_year"])


def plan(plan: Plan) -> None:
    """Chain the reservoirs over the year."""
    rows = plan.inputs["hydro_stations"]
    if rows.empty:
        return
    standing = {stage: set(river(rows, stage).stations) for stage in plan.case.stages}
    start, final = _given_levels(rows)
    chain_levels(
        plan,
        "hydro/level",
        [i for i in _carried(rows) if any(i in s for s in standing.values())],
        "hm3",
        lambda i, y: float(rows.at[i, "live_storage"]),
        lambda i: 1.0,
        lambda i, y: i in standing[y],
        start,
        final,
    )


def _carried(rows: pd.DataFrame) -> list[str]:
    """Reservoirs whose level is carried from one real period to the next (R14)."""
    return [str(i) for i in rows.index[(rows["live_storage"] > 0) & (rows["cycle"] != "short")]]


def _given_levels(rows: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Levels at the start and the end of the year [hm3]; where one is blank the year ends as it began."""
    start = rows["initial_fill"].fillna(rows["final_fill"]) * rows["live_storage"]
    final = rows["final_fill"].fillna(rows["initial_fill"]) * rows["live_storage"]
    return start.dropna().to_dict(), final.dropna().to_dict()


def operate(window: Window) -> None:
    """Write water balances, turbines and releases of one window."""
    rows = window.inputs["hydro_stations"]
    if rows.empty:
        return
    cascade = river(rows, window.stage)
    stations = cascade.stations
    reservoirs = [i for i in stations if rows.at[i, "live_storage"] > 0]
    per_power = {i: flow_per_power(rows.loc[i]) for i in stations}
    turbined = window.limited(
        "hydro/turbined", stations, "m3/s", "flow through the turbines", lambda i, t: per_power[i]
    )
    spilled = window.columns("hydro/spilled", stations, "m3/s", "flow past the turbines")
    start, final = _given_levels(rows)
    level = write_levels(
        window,
        "hydro/level",
        reservoirs,
        "hm3",
        "live water in the reservoir at the end of the hour",
        lambda i, t: 1.0,
        lambda i: float(rows.at[i, "live_storage"]),
        set(_carried(rows)),
        start,
        final,
    )
    inflow_of = _gathered_inflow(window, cascade)
    above = {i: [r for r in cascade.reaches if r.lower == i] for i in stations}

    def released(station: str, hour: int) -> Any:
        through = window.at("hydro/turbined", turbined, station, hour)
        past = window.at("hydro/spilled", spilled, station, hour)
        # Before the first hour of a year that does not close, what is on its way is what flows in.
        return inflow_of[station][0] if through is None else through + past

    def arriving(station: str, t: int) -> Any:
        total = 0.0
        for reach in above[station]:
            whole = math.floor(reach.travel_time)
            part = reach.travel_time - whole
            total = total + (1.0 - part) * released(reach.upper, t - whole)
            if part:
                total = total + part * released(reach.upper, t - whole - 1)
        return total

    def water_balance(i: str, t: int) -> Any:
        net = arriving(i, t) - turbined[i, t] - spilled[i, t]
        return level.now(i, t) - level.before(i, t) - HM3_PER_FLOW_HOUR * net == HM3_PER_FLOW_HOUR * inflow_of[i][t]

    window.rows(
        "hydro/water_balance",
        reservoirs,
        "hm3",
        "level[i,t] = level[i,t-1] + 0.0036 * (inflow[i,t] + arriving[i,t] - turbined[i,t] - spilled[i,t])",
        water_balance,
    )
    window.rows(
        "hydro/flow_balance",
        [i for i in stations if i not in reservoirs],
        "m3/s",
        "inflow[i,t] + arriving[i,t] = turbined[i,t] + spilled[i,t]",
        lambda i, t: turbined[i, t] + spilled[i, t] - arriving(i, t) == inflow_of[i][t],
    )
    _write_releases(window, stations, turbined, spilled)
    for i in stations:
        asset = window.assets[i]
        window.join(
            asset.zone,
            "hydro/turbined",
            turbined,
            i,
            1.0 / per_power[i],
            "generation",
            asset.technology,
            unit="m3/s",
        )
        price = window.inputs.cost(asset.technology, window.stage, "variable_om") / per_power[i]
        window.cost(f"variable O&M/{asset.technology}", price * sum(turbined[i, t] for t in window.hours))


def _gathered_inflow(window: Window, cascade: River) -> dict[str, list[float]]:
    """Local inflow of each station, with that of stations above it that do not stand yet."""
    given = window.series("hydro/inflow")
    gathered = {i: np.array(given.get(i, [0.0] * len(window.hours))) for i in cascade.stations}
    for absent, receiver in cascade.passed.items():
        if receiver and absent in given:
            gathered[receiver] = gathered[receiver] + np.array(given[absent])
    return {i: values.tolist() for i, values in gathered.items()}


def _write_releases(window: Window, stations: list[str], turbined: Any, spilled: Any) -> None:
    rules = window.inputs["hydro_rules"]
    ruled = [i for i in stations if i in rules.index.get_level_values(0)]
    lowest, highest = rules["minimum_release"].to_dict(), rules["maximum_release"].to_dict()

    def minimum(i: str, t: int) -> Any:
        limit = lowest.get((i, window.month[t]), 0.0)
        return turbined[i, t] + spilled[i, t] >= limit if limit > 0 else SKIP

    def maximum(i: str, t: int) -> Any:
        limit = highest.get((i, window.month[t]), math.nan)
        return turbined[i, t] + spilled[i, t] <= limit if not math.isnan(limit) else SKIP

    window.rows(
        "hydro/minimum_release",
        ruled,
        "m3/s",
        "turbined[i,t] + spilled[i,t] >= minimum_release[i,month]",
        minimum,
    )
    window.rows(
        "hydro/maximum_release",
        ruled,
        "m3/s",
        "turbined[i,t] + spilled[i,t] <= maximum_release[i,month]",
        maximum,
    )
