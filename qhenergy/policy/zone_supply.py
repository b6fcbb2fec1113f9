"""Supply of a zone (R36): at least a share of its demand is served.

    zone_supply/requirement   demand[z,y] - unserved[z,y] >= share * demand[z,y]   [MWh]

Where the grid hardly reaches, a line, or sun and batteries on the spot, or both have to see to it: the choice is the
plan's, and the clause says how well the zone is to be served.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.certificates import yearly_demand
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "zone_supply"
TITLE = ("supply of a zone", "分区供电可靠性")
TABLE = Table(
    "zone_supplies",
    "a least share of the demand of a zone that is served",
    (
        text("clause", "key"),
        reference("zone", "zones", "zone"),
        integer("year", "first year in force", low=1950, high=2100),
        number("share", "share", "least share of its demand that is served in a year", high=1),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what is not served."""
    for c in clauses:
        if not c.applies(window.stage):
            continue
        missing = [j for j in window.joins if j.role == "unserved" and j.zone == c.row["zone"]]
        terms = [j.coefficient * window.model.component(j.family)[j.member, t] for j in missing for t in window.hours]
        window.meter(f"{KIND}_unserved", c.name, "MWh", pyo.quicksum(terms))


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force; a zone without demand leaves nothing to measure."""
    demands = []
    for c in clauses:
        for y in plan.case.stages:
            if not c.applies(y):
                continue
            demand = yearly_demand(plan, y, str(c.row["zone"]))
            asked = Requirement(c, y, ">=", float(c.row["share"]), "%", 0.01, has_base=True, measured=demand > 0)
            demands.append(Demand(asked, demand - plan.yearly(f"{KIND}_unserved", c.name, y), demand))
    return write_requirements(plan, KIND, "MWh", demands)
