"""The river of a result, station by station: flows, energy, levels, and what water is worth.

    value = -dual of the water balance / (times of the hour * m3 per unit of the row)              [CNY/m3]
    drop  = (value at the station - value at the next one below) / energy of one m3 at the station  [CNY/MWh]

`times` is how often an hour, or a shorter step, is there in a year. The value says by how much the cost of the year
falls when one more m3 flows in; it holds what the water earns at every station below. The drop is the part of the
station itself: the price of energy where the release is free; less, even below zero, where a rule holds water back
that would be worth more below; more where the turbines are full. The travel time between the two values is not
counted.

Months, levels and extremes are taken over the real hours of the year: where representative periods stand
for it, each real period has the hours that stand for it. Several water years follow each other; a month
is then the mean of that month in all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.data.reservoir import curve_of, level_at
from qhenergy.data.river import river
from qhenergy.ground.units import HM3_PER_FLOW_HOUR
from qhenergy.outcome import hourly
from qhenergy.outcome.balances import Water, water, water_summary
from qhenergy.outcome.heads import head_errors
from qhenergy.outcome.measures import NEGLIGIBLE, YearlySums, total_capacity
from qhenergy.outcome.result import Result

Array = NDArray[np.float64]
#: Balances of water with the volume of one unit of their right-hand side [m3]: hm3, and m3/s for an hour, or for a
#: shorter step, which is so much less water and there so much more often.
BALANCES = {"hydro/water_balance": 1e6, "hydro/flow_balance": 3600.0}
M3_PER_HM3 = 1e6


def has_river(result: Result) -> bool:
    """Whether any station stands in any stage."""
    return any(result.flows.get(stage) for stage in result.case.stages)


def real_hours(result: Result, stage: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The hours of the run of years, and which modelled hour stands for each.

    Returns:
        Position among the modelled hours of the stage, and hour of the year (of the run, where several
        water years follow each other), both of shape (real hours,).
    """
    hours = result.of_stage(stage)
    if result.spans.chained:
        of_year = result.hours["hour_of_year"].to_numpy()[hours]
        return np.arange(len(of_year)), of_year
    slices = [result.of_span(span) for span in result.spans.of_stage(stage)]
    runs = [np.arange(s.start, s.stop) - hours.start for s in slices]
    positions = np.concatenate([runs[place] for place in result.spans.sequence])
    length = len(runs[0])
    return positions, (result.spans.first_hours[:, None] + np.arange(length)[None, :]).ravel()


def held(result: Result, stage: int) -> pd.DataFrame:
    """Live water in the reservoirs at the end of every real hour, hours x stations in river order [hm3]."""
    if not result.has("hydro/level"):
        return pd.DataFrame(index=real_hours(result, stage)[1])
    table = hourly.levels(result, "hydro/level")
    table = table[table["stage"] == stage]
    made = table.pivot(index="hour_of_year", columns="member", values="level [hm3]")
    order = river(result.inputs["hydro_stations"], stage).stations
    return made[[i for i in order if i in made.columns]]


def heights(result: Result, volumes: pd.DataFrame) -> pd.DataFrame:
    """The reservoirs whose storage curve is known as levels above sea, of the same rows [m]."""
    known = [i for i in volumes.columns if curve_of(result.inputs, str(i)) is not None]
    made = {i: level_at(result.inputs, str(i), volumes[i].to_numpy()) for i in known}
    return pd.DataFrame(made, index=volumes.index)


def fills(result: Result, volumes: pd.DataFrame) -> pd.DataFrame:
    """What reservoirs hold as a share of their live storage, of the same shape [-]."""
    return volumes / result.inputs["hydro_stations"]["live_storage"].reindex(volumes.columns)


def water_values(result: Result) -> pd.DataFrame:
    """What one more m3 at a station in an hour is worth.

    Returns:
        Modelled hours x stations [CNY/m3]; NaN where a station does not stand.
    """
    parts = []
    for family, volume in BALANCES.items():
        if len(result.problem.rows.of(family)):
            duals = result.row_dual(family)
            # A year of hours of which each stands for so many steps has so many balances of a volume.
            steps = result.case.time.steps_per_hour if family == "hydro/water_balance" else 1
            parts.append(-duals.div(steps * result.hours["weight"], axis=0) / volume)
    return pd.concat(parts, axis=1) if parts else pd.DataFrame(index=result.hours.index)


def months(result: Result) -> pd.DataFrame:
    """Means of every month at every station.

    Returns:
        Columns stage, station, month, inflow (all that comes), release [m3/s], level [hm3], level [m] (where
        the storage curve is known), fill [-], value [CNY/m3], drop [CNY/MWh]; NaN where there is none.
    """
    rivers = [found for stage in result.case.stages if (found := water(result, stage)) is not None]
    return pd.concat([_months(result, r) for r in rivers], ignore_index=True) if rivers else pd.DataFrame()


def _months(result: Result, rivers: Water) -> pd.DataFrame:
    stage, stations = rivers.stage, rivers.cascade.stations
    positions, of_year = real_hours(result, stage)
    month = result.month[of_year]
    volumes = held(result, stage)
    value = water_values(result).iloc[result.of_stage(stage)].reindex(columns=stations)
    of_hours: dict[str, pd.DataFrame] = {
        "inflow [m3/s]": pd.DataFrame(_coming(rivers)[positions], columns=stations),
        "release [m3/s]": pd.DataFrame(_released(rivers)[positions], columns=stations),
        "level [hm3]": volumes,
        "level [m]": heights(result, volumes),
        "fill [-]": fills(result, volumes),
        "value [CNY/m3]": value.iloc[positions],
    }
    means = {
        name: frame.reset_index(drop=True).groupby(month).mean().reindex(columns=stations)
        for name, frame in of_hours.items()
    }
    means["drop [CNY/MWh]"] = _drop(result, rivers, means["value [CNY/m3]"])
    index = means["inflow [m3/s]"].index
    columns = {name: frame.reindex(index).to_numpy(dtype=float).ravel(order="F") for name, frame in means.items()}
    place = {
        "stage": stage,
        "station": np.repeat(stations, len(index)),
        "month": np.tile(index.to_numpy(), len(stations)),
    }
    return pd.DataFrame({**place, **columns})


def _coming(rivers: Water) -> Array:
    """Local inflow and what arrives from above, hours x stations [m3/s]."""
    coming: Array = rivers.inflow + rivers.flows["arriving"]
    return coming


def _released(rivers: Water) -> Array:
    """What passes the dams, through turbines or beside them, hours x stations [m3/s]."""
    released: Array = -(rivers.flows["turbined"] + rivers.flows["spilled"])
    return released


def _drop(result: Result, rivers: Water, value: pd.DataFrame) -> pd.DataFrame:
    """Worth of water less its worth at the next station below, per MWh of the station's own turbines."""
    made = {}
    energy = _energies(result, rivers.stage, "generation")
    turbined = YearlySums(result, rivers.stage)("hydro/turbined")
    for station in value.columns:
        reach = rivers.cascade.below(station)
        below = value[reach.lower] if reach is not None else 0.0
        volume = M3_PER_HM3 * HM3_PER_FLOW_HOUR * turbined.get(station, 0.0)
        per_m3 = _ratio(energy.get(station, np.nan), volume)
        made[station] = (value[station] - below) / (per_m3 if per_m3 > 0 else np.nan)
    return pd.DataFrame(made)


def _energies(result: Result, stage: int, role: str) -> dict[str, float]:
    """Energy of a year of stations and hubs in a role, whatever column joins their zone [MWh/yr]."""
    sums, made = YearlySums(result, stage), {}
    own = {*result.inputs["hydro_stations"].index, *result.inputs["hydro_hubs"].index}
    for join in result.joins[stage]:
        if join.role == role and join.asset in own:
            made[join.asset] = made.get(join.asset, 0.0) + join.coefficient * sums(join.family)[join.member]
    return made


def stations(result: Result) -> pd.DataFrame:
    """The year of every station in river order, and of the hub units at its dam.

    Returns:
        Columns stage, station, hub (blank in the row of the station, which holds its hub units as well),
        mode, capacity [MW] (of a station: of what generates), local_inflow, inflow (all that comes), release
        [m3/s] (means of the year), generation, pumping [MWh/yr], full_load_hours [h/yr], turbined, spilled,
        pumped (net into the reservoir; of a hub, what it lifts), withdrawn, change [hm3/yr], on_its_way [hm3]
        (see `balances.water_summary`), lowest, highest [hm3], lowest, highest [m], fill [-] (mean), value
        [CNY/m3] (mean). NaN where there is none.
    """
    rows = []
    for stage in result.case.stages:
        rivers = water(result, stage)
        if rivers is None:
            continue
        hubs = _hub_rows(result, stage)
        for row in _station_rows(result, rivers, hubs):
            rows += [row, *(hub for hub in hubs if hub["station"] == row["station"])]
    return pd.DataFrame(rows)


def _hub_rows(result: Result, stage: int) -> list[dict[str, Any]]:
    """Hub units that may stand in a stage, each at the dam of its upper reservoir."""
    capacities, sums = total_capacity(result, stage), YearlySums(result, stage)
    generated, pumping = (_energies(result, stage, role) for role in ("generation", "pumping"))
    standing = {flow.member for flow in result.flows[stage] if flow.family.startswith("hydro_hub/")}
    rows = []
    for hub, row in result.inputs["hydro_hubs"].iterrows():
        if hub not in standing:
            continue
        turbines, pumps = row["mode"] != "pump", row["mode"] != "turbine"
        capacity, energy = capacities[hub], generated.get(hub, np.nan)
        rows.append(
            {
                "stage": stage,
                "station": row["upper"],
                "hub": hub,
                "mode": row["mode"],
                "capacity [MW]": capacity,
                "generation [MWh/yr]": energy,
                "pumping [MWh/yr]": -pumping.get(hub, np.nan),
                "full_load_hours [h/yr]": _ratio(energy, capacity),
                "turbined [hm3/yr]": HM3_PER_FLOW_HOUR * sums("hydro_hub/turbined")[hub] if turbines else np.nan,
                "pumped [hm3/yr]": HM3_PER_FLOW_HOUR * sums("hydro_hub/pumped")[hub] if pumps else np.nan,
            }
        )
    return rows


def _ratio(amount: float, size: float) -> float:
    """An amount over a size; NaN where there is next to none."""
    return amount / size if size > NEGLIGIBLE else np.nan


def _station_rows(result: Result, rivers: Water, hubs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    stage, weights = rivers.stage, result.weights(rivers.stage)
    summed = water_summary(result)
    summed = summed[summed["stage"] == stage].set_index("station")
    capacities, generated = total_capacity(result, stage), _energies(result, stage, "generation")
    volumes = held(result, stage)
    levels, shares = heights(result, volumes), fills(result, volumes)
    value = water_values(result).iloc[result.of_stage(stage)]
    mean_flow = HM3_PER_FLOW_HOUR * weights.sum()

    def over_year(frame: pd.DataFrame, station: str, what: str) -> float:
        return float(frame[station].agg(what)) if station in frame.columns else np.nan

    rows = []
    for station in rivers.cascade.stations:
        year = summed.loc[station]
        mine = [hub for hub in hubs if hub["station"] == station]
        turbines = [hub for hub in mine if hub["mode"] != "pump"]
        capacity = capacities[station] + sum(hub["capacity [MW]"] for hub in turbines)
        energy = generated.get(station, 0.0) + sum(hub["generation [MWh/yr]"] for hub in turbines)
        rows.append(
            {
                "stage": stage,
                "station": station,
                "hub": "",
                "mode": "",
                "capacity [MW]": capacity,
                "local_inflow [m3/s]": year["inflow [hm3/yr]"] / mean_flow,
                "inflow [m3/s]": (year["inflow [hm3/yr]"] + year["arriving [hm3/yr]"]) / mean_flow,
                "release [m3/s]": -(year["turbined [hm3/yr]"] + year["spilled [hm3/yr]"]) / mean_flow,
                "generation [MWh/yr]": energy,
                "pumping [MWh/yr]": float(np.nansum([hub["pumping [MWh/yr]"] for hub in mine])),
                "full_load_hours [h/yr]": _ratio(energy, capacity),
                "turbined [hm3/yr]": 0.0 - year["turbined [hm3/yr]"],
                "spilled [hm3/yr]": 0.0 - year["spilled [hm3/yr]"],
                "pumped [hm3/yr]": year["pumped [hm3/yr]"],
                "withdrawn [hm3/yr]": 0.0 - year["withdrawn [hm3/yr]"],
                "change [hm3/yr]": year["change [hm3/yr]"],
                "on_its_way [hm3]": year["on_its_way [hm3]"],
                "lowest [hm3]": over_year(volumes, station, "min"),
                "highest [hm3]": over_year(volumes, station, "max"),
                "lowest [m]": over_year(levels, station, "min"),
                "highest [m]": over_year(levels, station, "max"),
                "fill [-]": over_year(shares, station, "mean"),
                "value [CNY/m3]": float(weights @ value[station] / weights.sum()) if station in value else np.nan,
            }
        )
    return rows


def as_dict(result: Result) -> dict[str, Any]:
    """The river as JSON has it.

    stations  see `stations`
    balance   of every station, signed from it; see `balances.water_summary`
    months    see `months`
    heads     errors of the head, where it follows the level; see `heads.head_errors`
    """
    made = {
        "stations": stations(result),
        "balance": water_summary(result),
        "months": months(result),
        "heads": head_errors(result),
    }
    return {name: table.to_dict("records") for name, table in made.items()}
