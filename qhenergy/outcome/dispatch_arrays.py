"""The arrays of a result that the checkers hold against the rules: nothing is computed here but sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.day_types import calendar_of
from qhenergy.data.step_rules import rules_of
from qhenergy.outcome.dispatch_check import Array, Dispatch, Part, Store, check_book, check_dispatch
from qhenergy.outcome.result import Result
from qhenergy.outcome.schedule_check import TOLERANCE, Breach, check

#: Uses whose energy comes back as generation, so that it has to be clean.
RETURNED = ("pumping", "heating")
CLAUSE = "clean_export"


def confirm(
    result: Result,
    stage: int,
    step_minutes: int = 60,
    maintenance: Mapping[str, NDArray[np.bool_]] | None = None,
    tolerance: float = TOLERANCE,
) -> list[Breach]:
    """Every breach of a stage: of the steps of each line, of the balances, of domestic first and of clean backing.

    Args:
        result: the result; its first hour is that of 1 January.
        stage: year.
        step_minutes: length of a step [min].
        maintenance: steps in which a line asks for nothing, by line.
        tolerance: what power may be off [MW].

    Raises:
        ValueError: the hours of the result do not follow each other, or do not begin with the year.
    """
    arrays = arrays_of(result, stage, step_minutes)
    if result.hours["hour_of_year"].iloc[result.of_stage(stage).start] != 0:
        raise ValueError("the hours of the result do not begin with the year")
    calendar, rows = calendar_of(result.inputs), result.inputs["send_out"]
    found = [*check_dispatch(arrays, tolerance), *(check_book(arrays, tolerance) if arrays.booked else ())]
    for line, sent in arrays.sent.items():
        asked = arrays.asked[line] if rows.at[line, "schedule"] == "curve" else None
        rules, rated, asleep = rules_of(result.inputs, line), float(rows.at[line, "capacity"]), None
        if maintenance is not None and line in maintenance:
            asleep = maintenance[line]
        found += check(sent, asked, step_minutes, rules, rated, calendar, asleep, tolerance)
    # The least power of the converter is asked by both.
    once = {(b.rule, b.step, b.where): b for b in found}
    return sorted(once.values(), key=lambda b: (b.step, b.rule, b.where))


def arrays_of(result: Result, stage: int, step_minutes: int = 60) -> Dispatch:
    """The arrays of a stage of a result.

    Raises:
        ValueError: the hours of the result do not follow each other.
    """
    if not result.spans.chained:
        raise ValueError("hours of representative periods do not follow each other: nothing of them can be checked")
    hours = result.of_stage(stage)
    rows, frames = result.inputs["send_out"], {}
    none = np.zeros(hours.stop - hours.start)

    def of(family: str, member: str) -> Array:
        if family not in frames:
            frames[family] = result.column(family).iloc[hours] if result.has(family) else None
        frame = frames[family]
        if frame is None or member not in frame.columns:
            return none
        values: Array = np.nan_to_num(frame[member].to_numpy(dtype=float))
        return values

    clauses = [c.clause for c in result.requirements if c.clause.kind == CLAUSE and c.stage == stage and c.measured]
    group = set(result.inputs.members(str(clauses[0].row["group"]))) if clauses else set()
    own = {vessel.asset for vessel in result.vessels[stage]}
    power: dict[tuple[str, str, str], Array] = {}
    clean: dict[str, Array] = {}
    sent, least, lines_from = {}, {}, {}
    parts: dict[str, Part] = {}
    for join in result.joins[stage]:
        values = join.coefficient * of(join.family, join.member)
        key = (join.zone, join.role, join.technology)
        power[key] = power.get(key, none) + values
        if join.asset not in own and (
            join.role in RETURNED or (join.role == "generation" and join.technology in group)
        ):
            clean[join.zone] = clean.get(join.zone, none) + values
        if join.role == "send_out":
            sent[join.asset], lines_from[join.asset] = -values, join.zone
            least[join.asset] = float(rows.at[join.asset, "minimum_output"] * rows.at[join.asset, "capacity"])
    for zone, demand in result.series[f"demand/{stage}"].iloc[hours].items():
        power[str(zone), "demand", "demand"] = -demand.to_numpy(dtype=float)
    curve = result.series.get("send_out/curve")
    asked = {line: none + power for line, power in least.items()}
    for line in asked if curve is not None else ():
        if line in curve.columns:
            asked[line] = curve[line].iloc[hours].to_numpy(dtype=float) * float(rows.at[line, "capacity"])
    stores = _stores(result, stage, group, of)
    if result.has("clean_export/backed"):
        parts = _parts(result, stage, of)
    stored = {key: of("clean_export/stored", key) for key in stores} if parts else {}
    bound = tuple(dict.fromkeys(str(c.row["send_out_line"]) for c in clauses))
    booked = tuple(map(str, result.column("clean_export/backed").columns)) if parts else ()
    return Dispatch(
        power,
        sent,
        asked,
        least,
        lines_from,
        bound,
        tuple(line for line in booked if line in sent),
        clean,
        stores,
        parts,
        stored,
        step_minutes,
    )


def _stores(result: Result, stage: int, group: set[str], of: Callable[[str, str], Array]) -> dict[str, Store]:
    """Stores of a stage; heat of the sun counts as clean where the plant does."""
    made = {}
    for v in result.vessels[stage]:
        level = of(v.level, v.asset)
        none = np.zeros(len(level))
        natural = none
        if result.assets[v.asset].technology in group:
            natural = sum((rate * of(f, m) for f, m, rate in v.natural), none)
        made[v.asset] = Store(
            v.zone,
            level,
            v.keep,
            sum((of(f, m) for f, m, _ in v.charging), none),
            sum((of(f, m) for f, m, _ in v.discharging), none),
            max((rate for _, _, rate in v.charging), default=0.0),
            min((abs(rate) for _, _, rate in v.discharging), default=1.0),
            natural,
        )
    return made


def _parts(result: Result, stage: int, of: Callable[[str, str], Array]) -> dict[str, Part]:
    """The book of clean energy, part by part."""
    made: dict[str, Part] = {}
    ends: dict[tuple[str, str], dict[str, float]] = {}
    for join in result.joins[stage]:
        if join.role == "transfer":
            ends.setdefault((join.family, join.member), {})[join.zone] = join.coefficient
    for (family, member), zones in ends.items():
        clean = of(f"clean_export/{family.rsplit('/', 1)[-1]}", member)
        made[f"{family}[{member}]"] = Part(clean, of(family, member), zones)
    for v in result.vessels[stage]:
        for family, member, rate in v.charging:
            clean, whole = of("clean_export/charged", member), of(family, member)
            made[f"{family}[{member}]"] = Part(clean, whole, {v.zone: -1.0}, v.asset, rate)
        whole = sum((of(f, m) for f, m, _ in v.discharging), np.zeros(len(of(v.level, v.asset))))
        drawn = of("clean_export/drawn", v.asset)
        made[f"{v.asset} drawn"] = Part(drawn, whole, {v.zone: 1.0}, v.asset, -abs(v.discharging[0][2]))
    return made
