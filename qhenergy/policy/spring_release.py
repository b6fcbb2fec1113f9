"""Spring rule (R23 a): in a season of the year the river is let down at no less than a share of its mean flow.

    spring_release/requirement   sum(weight[w] * let_down[i,t], t in season) / hours >= share[c] * natural[i]   [m3/s]

`let_down` passes the dam of the station the clause names and is not lifted back, `hours` are those of the
season that are modelled, each with its weight, and `natural` is the mean natural flow of a long-term mean year
at the station: all local inflow above its dam. Where representative periods leave the season out there is
nothing to measure: a clause that is only watched then asks nothing, any other is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.data.river import river
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.periods.chronology import Span
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, refuse_absent_stations, write_requirements
from qhenergy.profiles import calendar

KIND = "spring_release"
TITLE = ("release in spring", "春季下泄")
TABLE = Table(
    "spring_releases",
    "a season in which a station lets the river down",
    (
        text("clause", "key"),
        reference("station", "hydro_stations", "station whose release counts: the last above those who ask for it"),
        integer("year", "first year in force", low=1950, high=2100),
        integer("first_month", "month of its first day", low=1, high=12),
        integer("first_day", "its first day", low=1, high=31),
        integer("last_month", "month of its last day", low=1, high=12),
        integer("last_day", "its last day", low=1, high=31),
        number("share", "share", "least mean release over the mean natural flow of the year", high=5),
        *PROVENANCE,
    ),
)


def season(span: Span, case: Case, clause: Clause) -> list[int]:
    """Hours of a span, counted from its start, that lie in the season of a clause; it may run over New Year."""
    days = calendar.DAY[case.hour_of(span.hours)]
    first, last = (_day(clause, word) for word in ("first", "last"))
    within = (first <= days) & (days <= last) if first <= last else (days >= first) | (days <= last)
    return np.flatnonzero(within).tolist()


def _day(clause: Clause, word: str) -> int:
    """Day of the year of the first or last day of a season, from 0."""
    month, day = int(clause.row[f"{word}_month"]), int(clause.row[f"{word}_day"])
    return sum(calendar.MONTH_DAYS[: month - 1]) + min(day, calendar.MONTH_DAYS[month - 1]) - 1


def natural_flow(inputs: Inputs, station: str, stage: int) -> float:
    """Mean natural flow of a long-term mean year at a station [m3/s]."""
    cascade = river(inputs["hydro_stations"], stage)
    above = set(cascade.basin(station))
    days = np.array(calendar.MONTH_DAYS) / calendar.DAYS
    monthly = inputs["hydro_inflow"]["inflow"]
    return sum(
        float(flow) * days[int(month) - 1]
        for (local, month), flow in monthly.items()
        if cascade.receiver(str(local)) in above
    )


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what is released in season, over the hours of one m3/s."""
    for c in clauses:
        hours = season(window.span, window.case, c)
        station = str(c.row["station"])
        window.meter(KIND, c.name, "m3/s", sum(window.flows.let_down(station, t) for t in hours), signed=True)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a station that does not stand, or an enforced clause whose season has no modelled hour.
    """
    refuse_absent_stations(plan, TABLE.name, clauses)
    demands = []
    for c in clauses:
        for stage in (y for y in plan.case.stages if c.applies(y)):
            spans = plan.chronology.of_stage(stage)
            hours = sum(span.weight * len(season(span, plan.case, c)) for span in spans)
            if not hours and c.strictness != "watched":
                found, remedy = "no modelled hour in its season", "Ask for more periods, or only watch the clause."
                raise InputError([Fault(f"spring_releases.csv, row {c.name}", found, "some", remedy)], "the case")
            required = float(c.row["share"]) * natural_flow(plan.inputs, str(c.row["station"]), stage)
            asked = Requirement(c, stage, ">=", required, "m3/s", 1.0, has_base=False, measured=hours > 0)
            demands.append(Demand(asked, plan.yearly(KIND, c.name, stage) / hours if hours else 0.0))
    return write_requirements(plan, KIND, "m3/s", demands)
