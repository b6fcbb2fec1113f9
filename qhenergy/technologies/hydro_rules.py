"""What stations must and may let through: ecological flow, ice season, irrigation, floods.

    hydro/minimum_release       let_down[i,t] >= minimum_release[i,month]                                [m3/s]
    hydro/maximum_release       released[i,t] <= maximum_release[i,month]                                [m3/s]
    hydro/minimum_mean_release  sum(let_down[i,t], t in month) >= minimum_mean_release[i,month] * hours  [hm3]
    hydro/maximum_mean_release  sum(let_down[i,t], t in month) <= maximum_mean_release[i,month] * hours  [hm3]

What is released passes the dam, through turbines or beside them; what is let down is that less what a hub
lifts back, since water that goes round reaches nobody below. A mean is of the hours of one month of one
year that are modelled, each with its weight; where representative periods stand for the year, a month
without one has no mean to limit. The maximum level of a month is a limit of the reservoir (see `hydro`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.data.river import river
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference
from qhenergy.ground.units import HM3_PER_FLOW_HOUR
from qhenergy.periods.chronology import Span
from qhenergy.profiles import calendar

RULES = Table(
    "hydro_rules",
    "what a station must and may let through in a month, and how high its reservoir may stand",
    (
        reference("station", "hydro_stations", "station"),
        integer("month", "month", low=1, high=12),
        number("minimum_release", "flow", "least of every hour: ecological flow", default=0, high=1e5),
        number("maximum_release", "flow", "most of every hour: flood limit; none if blank", default=None, high=1e5),
        number("minimum_mean_release", "flow", "least mean of the month: irrigation", default=0, high=1e5),
        number("maximum_mean_release", "flow", "most mean of the month: ice season", default=None, high=1e5),
        number("maximum_level", "height", "flood-season level; none if blank", default=None, high=9000),
    ),
    keys=2,
)

TABLES = (RULES,)
METER = "hydro/released"


def months_unseen(inputs: Inputs, month: Sequence[int]) -> dict[str, list[int]]:
    """Months of whose rules nothing is seen, by station: none of their hours is modelled.

    Args:
        inputs: holds the rules.
        month: month of every modelled hour.
    """
    seen, unseen = set(month), {}
    for station, ruled in inputs["hydro_rules"].index:
        if ruled not in seen:
            unseen.setdefault(str(station), []).append(int(ruled))
    return unseen


def _means(inputs: Inputs, case: Case, stage: int, spans: tuple[Span, ...]) -> Iterator[tuple[str, int, int]]:
    """Station, year of the run and month of every mean that is limited and has modelled hours."""
    rules = inputs["hydro_rules"]
    limited = rules[(rules["minimum_mean_release"] > 0) | rules["maximum_mean_release"].notna()]
    standing = set(river(inputs["hydro_stations"], stage).stations)
    hours = np.concatenate([span.hours for span in spans])
    modelled = set(zip(case.year_of(hours).tolist(), _months(hours, case).tolist(), strict=True))
    for station, month in limited.index:
        for year in sorted({y for y, m in modelled if m == month}):
            if station in standing:
                yield str(station), year, int(month)


def _months(hours: np.ndarray, case: Case) -> np.ndarray:
    return calendar.MONTH[case.hour_of(hours)]


def _inside(span: Span, case: Case, year: int, month: int) -> list[int]:
    """Hours of a window, counted from its start, that lie in a month of a year of the run."""
    within = (case.year_of(span.hours) == year) & (_months(span.hours, case) == month)
    return np.flatnonzero(within).tolist()


def register(plan: Plan) -> None:
    """Refuse rules for stations outside the system, whose water nobody decides about.

    Raises:
        InputError: one or more stations with a limit have no zone.
    """
    rules, zones = plan.inputs["hydro_rules"], plan.inputs["hydro_stations"]["zone"]
    limits = rules[["maximum_release", "maximum_mean_release", "maximum_level"]].notna().any(axis=1)
    limits |= (rules[["minimum_release", "minimum_mean_release"]] > 0).any(axis=1)
    remedy = "Give the station a zone, or take its rules out."
    faults = [
        Fault(f"hydro_rules.csv ({i})", "a limit for a station without a zone", "stations inside the system", remedy)
        for i in dict.fromkeys(str(station) for station, _ in rules.index[limits])
        if not zones[i]
    ]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def plan(plan: Plan) -> None:
    """Limit the means of months."""
    rules = plan.inputs["hydro_rules"]
    places: dict[str, dict[int, tuple[float, float, Any]]] = {}
    for stage in plan.case.stages:
        spans = plan.chronology.of_stage(stage)
        for station, year, month in _means(plan.inputs, plan.case, stage, spans):
            member = f"{station}/{year}/{month}"
            counts = {span.index: len(_inside(span, plan.case, year, month)) for span in spans}
            hours = sum(span.weight * counts[span.index] for span in spans)
            total = plan.yearly(METER, member, stage, lambda span, counts=counts: counts[span.index] > 0)
            least, most = (float(rules.at[(station, month), f"{w}imum_mean_release"]) for w in ("min", "max"))
            volume = HM3_PER_FLOW_HOUR * hours
            places.setdefault(member, {})[stage] = (least * volume, most * volume, total)

    def of(member: str, stage: int, which: int) -> tuple[float, Any]:
        place = places[member].get(stage)
        return (math.nan, None) if place is None else (place[which], place[2])

    def lowest(member: str, stage: int) -> Any:
        limit, total = of(member, stage, 0)
        return total >= limit if limit > 0 else SKIP

    def highest(member: str, stage: int) -> Any:
        limit, total = of(member, stage, 1)
        return SKIP if math.isnan(limit) else total <= limit

    plan.rows(
        "hydro/minimum_mean_release",
        places,
        "hm3",
        "sum(let_down[i,t], t in month) >= minimum_mean_release[i,month] * hours",
        lowest,
    )
    plan.rows(
        "hydro/maximum_mean_release",
        places,
        "hm3",
        "sum(let_down[i,t], t in month) <= maximum_mean_release[i,month] * hours",
        highest,
    )


def settle(window: Window) -> None:
    """Write the limits of every hour, and read what the limits of months are about."""
    rules = window.inputs["hydro_rules"]
    if rules.empty:
        return
    standing = river(window.inputs["hydro_stations"], window.stage).stations
    ruled = [i for i in standing if i in rules.index.get_level_values(0)]
    lowest, highest = rules["minimum_release"].to_dict(), rules["maximum_release"].to_dict()

    def minimum(i: str, t: int) -> Any:
        limit = lowest.get((i, window.month[t]), 0.0)
        return window.flows.let_down(i, t) >= limit if limit > 0 else SKIP

    def maximum(i: str, t: int) -> Any:
        limit = highest.get((i, window.month[t]), math.nan)
        return SKIP if math.isnan(limit) else window.flows.released(i, t) <= limit

    window.rows("hydro/minimum_release", ruled, "m3/s", "let_down[i,t] >= minimum_release[i,month]", minimum)
    window.rows("hydro/maximum_release", ruled, "m3/s", "released[i,t] <= maximum_release[i,month]", maximum)
    for station, year, month in _means(window.inputs, window.case, window.stage, (window.span,)):
        hours = _inside(window.span, window.case, year, month)
        volume = HM3_PER_FLOW_HOUR * sum(window.flows.let_down(station, t) for t in hours)
        window.meter(METER, f"{station}/{year}/{month}", "hm3", volume, signed=True)
