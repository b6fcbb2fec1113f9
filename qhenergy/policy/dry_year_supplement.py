"""Dry years (R23 b): the reservoirs give the river more than nature does, out of what they kept of wetter years.

    dry_year_supplement/requirement   (sum(weight[w] * (let_down[i,t] - natural[i,t]), t in dry years) / share)
                                      >= volume[c]   [hm3]

`let_down` passes the dam of the station the clause names and is not lifted back, `natural` is all local inflow
above it, and `share` is that of the modelled hours of dry years, each with its weight, so that both sides are of
one dry year. A year that must end as it began cannot give: the clause asks for several water years, or for a
given end level.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.case import Case
from qhenergy.data.river import river
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.ground.units import HM3_PER_FLOW_HOUR
from qhenergy.periods.chronology import Span
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, refuse_absent_stations, write_requirements

KIND = "dry_year_supplement"
TITLE = ("supplement in dry years", "枯水年补水")
NATURAL = f"{KIND}/natural"
TABLE = Table(
    "dry_year_supplements",
    "water given to the river below in a dry year, beyond what flows in",
    (
        text("clause", "key"),
        reference("station", "hydro_stations", "station whose release counts"),
        reference("water_year", "water_years", "water year that counts as dry"),
        integer("year", "first year in force", low=1950, high=2100),
        number("volume", "volume", "least supplement of one dry year", high=1e5),
        *PROVENANCE,
    ),
)


def dry_hours(span: Span, case: Case, clause: Clause) -> list[int]:
    """Hours of a span, counted from its start, that lie in a water year that counts as dry."""
    dry = np.array([year == clause.row["water_year"] for year in case.water.years])
    return np.flatnonzero(dry[case.year_of(span.hours)]).tolist()


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what is released and what nature gives in dry years."""
    cascade = river(window.inputs["hydro_stations"], window.stage)
    inflow = window.series("hydro/inflow")
    for c in clauses:
        hours, station = dry_hours(window.span, window.case, c), str(c.row["station"])
        above = set(cascade.basin(station))
        local = [flows for name, flows in inflow.items() if cascade.receiver(name) in above]
        natural = sum(flows[t] for flows in local for t in hours)
        released = sum(window.flows.let_down(station, t) for t in hours)
        window.meter(KIND, c.name, "hm3", HM3_PER_FLOW_HOUR * released, signed=True)
        window.meter(NATURAL, c.name, "hm3", HM3_PER_FLOW_HOUR * natural)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force; without a dry year there is nothing to measure.

    Raises:
        InputError: a station that does not stand.
    """
    refuse_absent_stations(plan, TABLE.name, clauses)
    demands = []
    for c in clauses:
        for stage in plan.case.stages:
            if not c.applies(stage):
                continue
            spans = plan.chronology.of_stage(stage)
            hours = sum(span.weight * len(dry_hours(span, plan.case, c)) for span in spans)
            share = hours / sum(span.weight * len(span) for span in spans)
            supplement = plan.yearly(KIND, c.name, stage) - plan.yearly(NATURAL, c.name, stage)
            volume = float(c.row["volume"])
            asked = Requirement(c, stage, ">=", volume, "10^8 m3", 100.0, has_base=False, measured=share > 0)
            demands.append(Demand(asked, supplement / share if share else 0.0))
    return write_requirements(plan, KIND, "hm3", demands)
