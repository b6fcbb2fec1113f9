"""Energy and water counted again, from the labelled values and the data, not from the matrix.

    energy   sum(coefficient[z,x] * x[t], x joined to z) - demand[z,t]                                       [MWh]
    water    level[i,t] - level[i,t-1]
             - 0.0036*h*(inflow[i,t] + sum(coefficient[i,x]*x[t-delay], x joined to i))                          [hm3]
    periods  start[i,p+1] - start[i,p] - level[i,T-1 of the period that stands for p]                        [hm3]

`h` is the length of a step [h]. What arrives is computed here once more, with whole arrays: released water shifted by
the travel time. In a chained year water on its way at the end of a window arrives in the next one, and that of the
last window in the first; in a representative period it arrives at the start of the same period.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.joins import Flow
from qhenergy.data.reservoir import given_levels
from qhenergy.data.river import River, river
from qhenergy.ground.units import HM3_PER_FLOW_HOUR
from qhenergy.outcome.hourly import period_starts
from qhenergy.outcome.result import Result

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
        flows: what joined the water of the stations, by role, positive where the station gains [m3/s].
        waiting: water on its way at the end of each run of `wrapped`, by station it left [hm3].
        level: live water at the end of the hour, counted from the start of the period for carried
            reservoirs of a representative period [hm3]; zero without a reservoir.
        before: the same at the end of the hour before [hm3].
        step: length of an hour spoken of here, which may be a shorter step [h].
    """

    stage: int
    cascade: River
    wrapped: list[slice]
    inflow: Array
    flows: dict[str, Array]
    waiting: Array
    level: Array
    before: Array
    step: float = 1.0

    @property
    def imbalance(self) -> Array:
        """What appears out of nothing, hours x stations [hm3]; zero up to rounding."""
        net = self.inflow + sum(self.flows.values())
        imbalance: Array = self.level - self.before - HM3_PER_FLOW_HOUR * self.step * net
        return imbalance


def water(result: Result, stage: int) -> Water | None:
    """The river of a stage; None if no station stands."""
    cascade = river(result.inputs["hydro_stations"], stage)
    stations = cascade.stations
    if not stations or not result.flows.get(stage):
        return None
    hours = result.of_stage(stage)
    columns: dict[str, pd.DataFrame] = {}

    def of(family: str) -> pd.DataFrame:
        if family not in columns:
            columns[family] = result.column(family).iloc[hours]
        return columns[family]

    count = hours.stop - hours.start
    level = np.zeros((count, len(stations)))
    if result.has("hydro/level"):
        level = np.nan_to_num(of("hydro/level").reindex(columns=stations).to_numpy(dtype=float))
    windows = [result.of_span(span) for span in result.spans.of_stage(stage)]
    windows = [slice(w.start - hours.start, w.stop - hours.start) for w in windows]
    wrapped = [slice(0, count)] if result.spans.chained else windows
    flows, step = {role: np.zeros((count, len(stations))) for role in ROLES}, result.case.time.step
    waiting = np.zeros((len(wrapped), len(stations)))
    for flow in result.flows[stage]:
        values = flow.coefficient * of(flow.family)[flow.member].to_numpy()
        place = stations.index(flow.station)
        for number, run in enumerate(wrapped):
            role = "pumped" if flow.role == "lifted" else flow.role
            given = {
                a: flow.coefficient * v for a, v in result.before_first.get((flow.family, flow.member), {}).items()
            }
            flows[role][run, place] += _delayed(values[run], flow.delay / step, given)
            if flow.delay:
                left = _left(result.flows[stage], flow)
                waiting[number, stations.index(left)] += step * _on_its_way(values[run], flow.delay / step)
    inflow = _inflow(result, cascade, hours)
    before = np.vstack([np.roll(level[run], 1, axis=0) for run in wrapped])
    _set_starts(result, stage, cascade, wrapped, before)
    return Water(stage, cascade, wrapped, inflow, flows, waiting, level, before, step)


#: What a flow can be to its station.
ROLES = ("arriving", "turbined", "spilled", "pumped", "withdrawn")


def _left(flows: list[Flow], arriving: Flow) -> str:
    """The station that what arrives has left."""
    return next(
        f.station
        for f in flows
        if (f.family, f.member) == (arriving.family, arriving.member) and f.coefficient < 0 < arriving.coefficient
    )


def _inflow(result: Result, cascade: River, hours: slice) -> Array:
    """Local inflow of the standing stations, that of stations left out added where it goes [m3/s]."""
    inflow = np.zeros((hours.stop - hours.start, len(cascade.stations)))
    given = result.series.get("hydro/inflow", pd.DataFrame(index=result.hours.index))
    for station in given.columns:
        receiver = cascade.receiver(str(station))
        if receiver in cascade.stations:
            inflow[:, cascade.stations.index(receiver)] += given[station].to_numpy()[hours]
    return inflow


def _delayed(flow: Array, steps: float, given: Mapping[int, float]) -> Array:
    """A flow, later by a travel time; a part of a step mixes two steps.

    It closes on itself but for what is given of it, by steps before the first.
    """

    def later(count: int) -> Array:
        made = np.roll(flow, count)
        for ahead, value in given.items():
            if ahead <= count:
                made[count - ahead] = value
        return made

    whole = math.floor(steps)
    part = steps - whole
    return (1.0 - part) * later(whole) + part * later(whole + 1)


def _set_starts(result: Result, stage: int, cascade: River, wrapped: list[slice], before: Array) -> None:
    """Put in place what does not come from the hour before: given levels, and starts of periods."""
    given, _ = given_levels(result.inputs["hydro_stations"])
    carried = period_starts(result, "hydro/level", stage).columns
    for i, station in enumerate(cascade.stations):
        for run in wrapped:
            if station in carried:
                before[run.start, i] = 0.0
            elif result.spans.chained and station in given:
                before[run.start, i] = given[station]
            elif known := result.before_first.get(("hydro/level", station)):
                before[run.start, i] = known[1]


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
    first, last = given_levels(result.inputs["hydro_stations"])
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
            if station in last:
                following[-1] = last[station]
            error = following - held - change
            if station in first:
                error = np.append(error, held[0] - first[station])
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
        Columns stage, station, inflow, arriving, turbined, spilled, pumped, withdrawn, change, imbalance
        [hm3/yr], and on_its_way [hm3]: what the station released and the next one below has not received
        at the end of the year (a mean over the real periods, where representative ones stand for them).
        Flows are positive where the station gains: inflow + arriving + turbined + spilled + pumped +
        withdrawn = change, up to the imbalance.
    """
    made = []
    for stage in result.case.stages:
        rivers = water(result, stage)
        if rivers is None:
            continue
        weights = result.weights(stage)
        # A volume of a step counts as often as the step is there; a flow by the hours it stands for.
        times = weights / rivers.step

        def yearly(flow: Array, weights: Array = weights) -> float:
            return HM3_PER_FLOW_HOUR * float(weights @ flow)

        shares = np.array([weights[run.start] for run in rivers.wrapped])
        for i, station in enumerate(rivers.cascade.stations):
            made.append(
                {
                    "stage": stage,
                    "station": station,
                    "inflow [hm3/yr]": yearly(rivers.inflow[:, i]),
                    **{f"{role} [hm3/yr]": yearly(flow[:, i]) for role, flow in rivers.flows.items()},
                    "change [hm3/yr]": float(times @ (rivers.level[:, i] - rivers.before[:, i])),
                    "imbalance [hm3/yr]": float(times @ rivers.imbalance[:, i]),
                    "on_its_way [hm3]": float(shares @ rivers.waiting[:, i] / shares.sum()),
                }
            )
    return pd.DataFrame(made)


def _on_its_way(released: Array, hours: float) -> float:
    """Water released in a run of hours that closes on itself and that has not arrived at its end [hm3].

    Of shorter steps, counted as hours, it is what so many hours would have brought.
    """
    whole = math.floor(hours)
    # From the last hour backwards; a way longer than the run goes round it more than once.
    back = released[(-1 - np.arange(whole + 1)) % len(released)]
    return HM3_PER_FLOW_HOUR * float(back[:whole].sum() + (hours - whole) * back[whole])
