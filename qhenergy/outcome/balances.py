"""Energy and water counted again, from the labelled values and the data, not from the matrix.

    energy   sum(coefficient[z,x] * x[t], x joined to z) - demand[z,t]                                       [MWh]
    water    level[i,t] - level[i,t-1] - 0.0036*(inflow[i,t] + arriving[i,t] - turbined[i,t] - spilled[i,t])   [hm3]
    periods  start[i,p+1] - start[i,p] - level[i,T-1 of the period that stands for p]                        [hm3]

What arrives is computed here once more, with whole arrays: released water shifted by the travel time.
In a chained year water on its way at the end of a window arrives in the next one, and that of the last
window in the first; in a representative period it arrives at the start of the same period.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.ground.units import HM3_PER_FLOW_HOUR
from qhenergy.outcome.hourly import period_starts
from qhenergy.outcome.result import Result
from qhenergy.technologies.hydro import River, river

Array = NDArray[np.float64]


def energy_imbalance(result: Result) -> pd.DataFrame:
    """Supply minus demand of every zone.

    Returns:
        Modelled hours x zones [MWh]; zero up to rounding.
    """
    parts = []
    columns: dict[str, pd.DataFrame] = {}
    for stage in result.case.stages:
        hours = result.of_stage(stage)
        balance = -result.series[f"demand/{stage}"].iloc[hours]
        for join in result.joins[stage]:
            if join.family not in columns:
                columns[join.family] = result.column(join.family)
            values = columns[join.family][join.member].to_numpy()[hours]
            balance[join.zone] = balance[join.zone].to_numpy() + join.coefficient * values
        parts.append(balance)
    return pd.concat(parts)


@dataclass(frozen=True)
class Water:
    """The river of one stage as arrays, hours of the stage x stations in river order.

    Attributes:
        stage: year.
        cascade: the stations that stand and the reaches between them.
        wrapped: rows that hand over to each other, in order: the whole stage, or each window.
        inflow: local inflow, that of stations left out included [m3/s].
        arriving: what comes from the stations above [m3/s].
        turbined, spilled: releases [m3/s].
        level: live water at the end of the hour, counted from the start of the period for carried
            reservoirs of a representative period [hm3]; zero without a reservoir.
        before: the same at the end of the hour before [hm3].
    """

    stage: int
    cascade: River
    wrapped: list[slice]
    inflow: Array
    arriving: Array
    turbined: Array
    spilled: Array
    level: Array
    before: Array

    @property
    def imbalance(self) -> Array:
        """What appears out of nothing, hours x stations [hm3]; zero up to rounding."""
        net = self.inflow + self.arriving - self.turbined - self.spilled
        imbalance: Array = self.level - self.before - HM3_PER_FLOW_HOUR * net
        return imbalance


def water(result: Result, stage: int) -> Water | None:
    """The river of a stage; None if no station stands."""
    cascade = river(result.inputs["hydro_stations"], stage)
    if not cascade.stations or not result.has("hydro/turbined"):
        return None
    hours = result.of_stage(stage)
    spans = result.spans.of_stage(stage)

    def of(frame: pd.DataFrame) -> Array:
        return np.nan_to_num(frame.iloc[hours].reindex(columns=cascade.stations).to_numpy(dtype=float))

    turbined, spilled = of(result.column("hydro/turbined")), of(result.column("hydro/spilled"))
    level = of(result.column("hydro/level")) if result.has("hydro/level") else np.zeros_like(turbined)
    given = result.series.get("hydro/inflow", pd.DataFrame(index=result.hours.index))
    inflow = of(given)
    for absent, receiver in cascade.passed.items():
        if receiver and absent in given.columns:
            inflow[:, cascade.stations.index(receiver)] += given[absent].to_numpy()[hours]
    first = hours.start
    windows = [result.of_span(span) for span in spans]
    windows = [slice(w.start - first, w.stop - first) for w in windows]
    wrapped = [slice(0, len(turbined))] if result.spans.chained else windows
    released = turbined + spilled
    arriving = np.zeros_like(released)
    for reach in cascade.reaches:
        upper, lower = cascade.stations.index(reach.upper), cascade.stations.index(reach.lower)
        for run in wrapped:
            arriving[run, lower] += _delayed(released[run, upper], reach.travel_time)
    before = np.vstack([np.roll(level[run], 1, axis=0) for run in wrapped])
    _set_starts(result, stage, cascade, wrapped, before)
    return Water(stage, cascade, wrapped, inflow, arriving, turbined, spilled, level, before)


def _delayed(flow: Array, hours: float) -> Array:
    """A flow that closes on itself, later by a travel time; a part of an hour mixes two hours."""
    whole = math.floor(hours)
    part = hours - whole
    return (1.0 - part) * np.roll(flow, whole) + part * np.roll(flow, whole + 1)


def _set_starts(result: Result, stage: int, cascade: River, wrapped: list[slice], before: Array) -> None:
    """Put in place what does not come from the hour before: given levels, and starts of periods."""
    rows = result.inputs["hydro_stations"]
    carried = period_starts(result, "hydro/level", stage).columns
    for i, station in enumerate(cascade.stations):
        given = _given(rows, station, "initial")
        for run in wrapped:
            if station in carried:
                before[run.start, i] = 0.0
            elif result.spans.chained and not math.isnan(given):
                before[run.start, i] = given


def _given(rows: pd.DataFrame, station: str, word: str) -> float:
    """Level given for the `initial` or `final` hour of the year [hm3]; NaN if none is."""
    return float(rows.at[station, f"{word}_fill"] * rows.at[station, "live_storage"])


def water_imbalance(result: Result) -> pd.DataFrame:
    """Water that appears or vanishes at every station and hour.

    Returns:
        Modelled hours x stations [hm3]; NaN for a station that does not stand in the stage.
    """
    parts = []
    for stage in result.case.stages:
        rivers = water(result, stage)
        hours = result.hours.index[result.of_stage(stage)]
        if rivers is not None:
            parts.append(pd.DataFrame(rivers.imbalance, index=hours, columns=rivers.cascade.stations))
    return pd.concat(parts) if parts else pd.DataFrame(index=result.hours.index)


def period_imbalance(result: Result) -> pd.DataFrame:
    """Water that appears or vanishes between one real period and the next.

    Returns:
        Columns stage, period, station, imbalance [hm3]; no row in a chained year. The last period hands
        over to the first, or to the given level of the end of the year.
    """
    parts = []
    rows = result.inputs["hydro_stations"]
    for stage in result.case.stages:
        starts = period_starts(result, "hydro/level", stage)
        if starts.empty:
            continue
        level = result.column("hydro/level")
        ends = np.array([result.of_span(span).stop - 1 for span in result.spans.of_stage(stage)])
        for station in starts.columns:
            change = level[station].to_numpy()[ends][result.spans.sequence]
            if np.isnan(change).any():
                continue
            held = starts[station].to_numpy()
            following = np.roll(held, -1)
            first, last = (_given(rows, station, word) for word in ("initial", "final"))
            if not math.isnan(last):
                following[-1] = last
            error = following - held - change
            if not math.isnan(first):
                error = np.append(error, held[0] - first)
            parts.append(
                pd.DataFrame(
                    {"stage": stage, "period": np.arange(len(error)), "station": station, "imbalance [hm3]": error}
                )
            )
    names = ["stage", "period", "station", "imbalance [hm3]"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def water_summary(result: Result) -> pd.DataFrame:
    """The water of a year at every station.

    Returns:
        Columns stage, station, inflow, arriving, turbined, spilled, change, imbalance [hm3/yr], and
        on_its_way [hm3]: what the station released and the next one below has not received at the end of
        the year (a mean over the real periods, where representative ones stand for them).
        inflow + arriving = turbined + spilled + change, up to the imbalance.
    """
    made = []
    for stage in result.case.stages:
        rivers = water(result, stage)
        if rivers is None:
            continue
        weights = result.weights(stage)

        def yearly(flow: Array, weights: Array = weights) -> float:
            return HM3_PER_FLOW_HOUR * float(weights @ flow)

        travel = {r.upper: r.travel_time for r in rivers.cascade.reaches}
        released = rivers.turbined + rivers.spilled
        shares = np.array([weights[run.start] for run in rivers.wrapped])
        for i, station in enumerate(rivers.cascade.stations):
            waiting = [_on_its_way(released[run, i], travel.get(station, 0.0)) for run in rivers.wrapped]
            made.append(
                {
                    "stage": stage,
                    "station": station,
                    "inflow [hm3/yr]": yearly(rivers.inflow[:, i]),
                    "arriving [hm3/yr]": yearly(rivers.arriving[:, i]),
                    "turbined [hm3/yr]": yearly(rivers.turbined[:, i]),
                    "spilled [hm3/yr]": yearly(rivers.spilled[:, i]),
                    "change [hm3/yr]": float(weights @ (rivers.level[:, i] - rivers.before[:, i])),
                    "imbalance [hm3/yr]": float(weights @ rivers.imbalance[:, i]),
                    "on_its_way [hm3]": float(shares @ waiting / shares.sum()),
                }
            )
    return pd.DataFrame(made)


def _on_its_way(released: Array, hours: float) -> float:
    """Water released in a run of hours that has not arrived at its end [hm3]."""
    whole = math.floor(hours)
    full = released[len(released) - whole :].sum() if whole else 0.0
    return HM3_PER_FLOW_HOUR * float(full + (hours - whole) * released[-1 - whole])
