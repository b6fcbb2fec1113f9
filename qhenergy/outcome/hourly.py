"""What happens hour by hour: dispatch, prices, levels, flows between zones and out of the system.

Every function gives a tidy frame. An hour is named by `stage`, `window` and `hour_of_year`; `weight` says
how many hours of the year it stands for, where sums are likely to be taken.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome.measures import NEGLIGIBLE, total_capacity
from qhenergy.outcome.result import Result

PLACE = ["stage", "window", "hour_of_year"]
#: A line counts as full from this share of its capacity.
FULL = 0.999


def dispatch(result: Result, stage: int, zone: str | None = None, window: int | None = None) -> pd.DataFrame:
    """Power of every technology in every hour, signed from the zone.

    Args:
        result: the result.
        stage: year.
        zone: one zone; the whole system if None, where what corridors carry leaves only their losses.
        window: one window; all of the stage if None.

    Returns:
        Columns stage, window, hour_of_year, weight, role, technology, power [MW]; demand is a role, so
        that the sum of an hour is zero.
    """
    hours = result.of_stage(stage) if window is None else result.of_span(result.spans.spans[window])
    places = result.hours.iloc[hours]
    columns: dict[str, pd.DataFrame] = {}
    power: dict[tuple[str, str], NDArray[np.float64]] = {}
    for join in result.joins[stage]:
        if zone is not None and join.zone != zone:
            continue
        if join.family not in columns:
            columns[join.family] = result.column(join.family).iloc[hours]
        flow = join.coefficient * columns[join.family][join.member].to_numpy()
        key = (join.role, join.technology)
        power[key] = power.get(key, 0.0) + flow
    demand = result.series[f"demand/{stage}"].iloc[hours]
    power["demand", "demand"] = -(demand.sum(axis=1) if zone is None else demand[zone]).to_numpy()
    keys, count = list(power), len(places)
    made = places[[*PLACE, "weight"]].iloc[np.tile(np.arange(count), len(keys))].reset_index(drop=True)
    made["role"] = np.repeat([role for role, _ in keys], count)
    made["technology"] = np.repeat([technology for _, technology in keys], count)
    made["power [MW]"] = np.concatenate(list(power.values()))
    return made


def _long(result: Result, frames: dict[str, pd.DataFrame], member: str) -> pd.DataFrame:
    """Frames of modelled hours x members as one tidy frame; members absent from a stage are left out.

    Args:
        result: the result.
        frames: by the name the numbers get; all with the same members.
        member: what a member is called.
    """
    first = next(iter(frames.values()))
    places = result.hours[[*PLACE, "weight"]]
    made = places.iloc[np.tile(np.arange(len(places)), len(first.columns))].reset_index(drop=True)
    made[member] = np.repeat(first.columns.to_numpy(), len(places))
    for name, frame in frames.items():
        made[name] = frame[first.columns].to_numpy().ravel(order="F")
    return made.dropna(subset=[next(iter(frames))]).reset_index(drop=True)


def prices(result: Result) -> pd.DataFrame:
    """What one more MWh of demand costs in every zone and hour.

    Returns:
        Columns stage, window, hour_of_year, weight, zone, price [CNY/MWh]: the dual of the energy
        balance over the weight of the window.
    """
    duals = result.row_dual("balance/energy")
    return _long(result, {"price [CNY/MWh]": duals.div(result.hours["weight"], axis=0)}, "zone")


def levels(result: Result, family: str) -> pd.DataFrame:
    """What stores or reservoirs hold through the year, absolute in every chronology.

    With representative periods every real period is drawn: for a carried store the level at the start of
    the period plus the level of its representative, counted from the start; for one that closes within
    a period simply the latter.

    Args:
        result: the result.
        family: such as `hydro/level`.

    Returns:
        Columns stage, period, hour_of_year, member, level [unit of the family]; `period` counts windows
        of the stage in a chained chronology and real periods otherwise.
    """
    frame = result.column(family)
    parts = []
    for stage in result.case.stages:
        inside = frame.iloc[result.of_stage(stage)]
        inside = inside.loc[:, inside.notna().any()]
        if result.spans.chained:
            hours = result.hours.iloc[result.of_stage(stage)]
            period, of_year = hours["window"].to_numpy(), hours["hour_of_year"].to_numpy()
            held = inside.to_numpy()
            period = period - period[0]
        else:
            period, of_year, held = _through_periods(result, family, stage, inside)
        count = len(of_year)
        parts.append(
            pd.DataFrame(
                {
                    "stage": stage,
                    "period": np.tile(period, inside.shape[1]),
                    "hour_of_year": np.tile(of_year, inside.shape[1]),
                    "member": np.repeat(inside.columns.to_numpy(), count),
                    f"level [{result.unit(family)}]": held.ravel(order="F"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _through_periods(
    result: Result, family: str, stage: int, inside: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Period, hour of the year and level of every hour of all real periods of a stage."""
    sequence, spans = result.spans.sequence, result.spans.of_stage(stage)
    length = len(spans[0])
    blocks = inside.to_numpy().reshape(len(spans), length, -1)
    held = blocks[sequence]
    starts = period_starts(result, family, stage)
    for i, member in enumerate(inside.columns):
        if member in starts.columns:
            kept = (1.0 - _self_discharge(result, str(member))) ** np.arange(1, length + 1)
            held[:, :, i] += starts[member].to_numpy()[:, None] * kept[None, :]
    period = np.repeat(np.arange(len(sequence)), length)
    of_year = (result.spans.first_hours[:, None] + np.arange(length)[None, :]).ravel()
    return period, of_year, held.reshape(len(sequence) * length, -1)


def period_starts(result: Result, family: str, stage: int) -> pd.DataFrame:
    """Level of the carried stores at the start of each real period of a stage, periods x members."""
    name = f"{family}_at_period"
    if not result.has(name):
        return pd.DataFrame(index=pd.RangeIndex(len(result.spans.sequence)))
    frame = result.column(name)
    count = len(result.spans.sequence)
    position = result.case.stages.index(stage)
    part = frame.loc[position * count : (position + 1) * count - 1]
    return part.set_axis(pd.RangeIndex(count, name="period"))


def _self_discharge(result: Result, asset: str) -> float:
    if asset not in result.assets.by_name:
        return 0.0
    rows = result.inputs[result.assets[asset].table]
    return float(rows.at[asset, "self_discharge"]) if "self_discharge" in rows.columns else 0.0


def corridor_flows(result: Result) -> pd.DataFrame:
    """Power sent over every corridor: columns stage, window, hour_of_year, weight, corridor, forward, backward [MW]."""
    frames = {f"{word} [MW]": result.column(f"corridor/{word}") for word in ("forward", "backward")}
    return _long(result, frames, "corridor")


def corridors(result: Result) -> pd.DataFrame:
    """Use of every corridor in a year.

    Returns:
        Columns stage, corridor, from_zone, to_zone, capacity [MW], forward, backward [MWh/yr],
        utilisation [-] of the capacity, full [h/yr] in either direction.
    """
    flows, rows = corridor_flows(result), result.inputs["corridors"]
    capacities = {stage: total_capacity(result, stage) for stage in result.case.stages}
    made = []
    for (stage, corridor), part in flows.groupby(["stage", "corridor"], sort=False):
        capacity = capacities[stage][corridor]
        weight = part["weight"].to_numpy()
        forward, backward = part["forward [MW]"].to_numpy(), part["backward [MW]"].to_numpy()
        stands = capacity > NEGLIGIBLE
        full = (np.maximum(forward, backward) >= FULL * capacity) & stands
        made.append(
            {
                "stage": stage,
                "corridor": corridor,
                "from_zone": rows.at[corridor, "from_zone"],
                "to_zone": rows.at[corridor, "to_zone"],
                "capacity [MW]": capacity,
                "forward [MWh/yr]": weight @ forward,
                "backward [MWh/yr]": weight @ backward,
                "utilisation [-]": weight @ (forward + backward) / (capacity * weight.sum()) if stands else np.nan,
                "full [h/yr]": float(weight @ full),
            }
        )
    return pd.DataFrame(made)


def send_out_hours(result: Result) -> pd.DataFrame:
    """What send-out lines carry and what their curves ask.

    Returns:
        Columns stage, window, hour_of_year, weight, line, sent [MW] at the sending end, asked [MW], which is
        NaN for a line without a curve.
    """
    if not result.has("send_out/sent"):
        return pd.DataFrame(columns=[*PLACE, "weight", "line", "sent [MW]", "asked [MW]"])
    sent = result.column("send_out/sent")
    curve = result.series.get("send_out/curve", pd.DataFrame(index=sent.index))
    rated = result.inputs["send_out"]["capacity"]
    asked = curve.reindex(columns=sent.columns) * rated.reindex(sent.columns)
    return _long(result, {"sent [MW]": sent, "asked [MW]": asked}, "line")


def send_out(result: Result) -> pd.DataFrame:
    """What every send-out line delivered in a year beside what it should.

    Returns:
        Columns stage, line, receiving, capacity [MW], sent, received, asked, missing [MWh/yr],
        utilisation [h/yr] of the rated power at the sending end, largest [MW] power of any hour and full [h/yr]
        at rated power.
    """
    rows, hours = result.inputs["send_out"], send_out_hours(result)
    made = []
    for (stage, line), part in hours.groupby(["stage", "line"], sort=False):
        row, weight = rows.loc[line], part["weight"].to_numpy()
        sent = float(weight @ part["sent [MW]"].to_numpy())
        by_curve = row["schedule"] == "curve"
        asked = float(weight @ part["asked [MW]"].to_numpy()) if by_curve else float(row["yearly_energy"])
        made.append(
            {
                "stage": stage,
                "line": line,
                "receiving": row["receiving"],
                "capacity [MW]": row["capacity"],
                "sent [MWh/yr]": sent,
                "received [MWh/yr]": sent * (1.0 - row["loss"]),
                "asked [MWh/yr]": asked,
                "missing [MWh/yr]": max(asked - sent, 0.0),
                "utilisation [h/yr]": sent / row["capacity"] if row["capacity"] else np.nan,
                "largest [MW]": float(part["sent [MW]"].max()),
                "full [h/yr]": float(weight @ (part["sent [MW]"].to_numpy() >= FULL * row["capacity"])),
            }
        )
    return pd.DataFrame(made)
