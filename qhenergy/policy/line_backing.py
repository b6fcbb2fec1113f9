"""Backing of send-out lines (R29): a zone that sends power away has plants of its own behind it.

    line_backing/requirement
        sum(installed[a,y], a in group and zones) >= ratio[c]*sum(rated[l,y], l begins in zone)   [MW]

The lines are those in service in the stage by the scenario of the case; where none begins in the zone there is
nothing to measure. That a line comes after another one is checked of the data, not written as a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "line_backing"
TITLE = ("backing of send-out lines", "外送通道配套电源")
TABLE = Table(
    "line_backings",
    "capacity that is to stand behind the lines of a zone",
    (
        text("clause", "key"),
        reference("zone", "zones", "zone in which the lines begin"),
        text("zones", "zones whose plants count, joined by ` | `; the zone of the lines if blank", default=""),
        reference("group", "groups", "plants that count"),
        integer("year", "first year in force", low=1950, high=2100),
        number("ratio", "share", "capacity per rated power of the lines", high=10),
        *PROVENANCE,
    ),
)


def backing_zones(clause: Clause) -> list[str]:
    """Zones whose plants count."""
    return list(dict.fromkeys(str(clause.row["zones"] or clause.row["zone"]).split(" | ")))


def _faults(plan: Plan, clauses: Sequence[Clause]) -> Iterator[Fault]:
    """Clauses that name a zone there is not."""
    known = plan.inputs["zones"].index
    for c in clauses:
        for zone in backing_zones(c):
            if zone not in known:
                remedy = nearest(zone, known) or "Correct the column zones."
                yield Fault(f"{TABLE.name}.csv, row {c.name}", f'zone "{zone}"', f"one of {listed(known, 30)}", remedy)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a clause names a zone there is not.
    """
    faults = list(_faults(plan, clauses))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    demands = []
    for c in clauses:
        for y in plan.case.stages:
            if c.applies(y):
                rated = sum(o.power for o in plan.ways_out if o.zone == c.row["zone"] and o.stage == y)
                backing = pyo.quicksum(plan.group_capacity(c.row["group"], y, zone) for zone in backing_zones(c))
                least = float(c.row["ratio"]) * rated
                asked = Requirement(c, y, ">=", least, "10^4 kW", 10.0, has_base=False, measured=rated > 0)
                demands.append(Demand(asked, backing))
    return write_requirements(plan, KIND, "MW", demands)
