"""Total capacity of a group: at least, at most, or exactly so many megawatts.

    capacity_total/requirement   sum(installed[a,y], a in group and zone) (>=, <= or =) capacity[c]   [MW]

What stands counts as well as what is added.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "capacity_total"
TITLE = ("total capacity", "装机总量")
TABLE = Table(
    "capacity_totals",
    "a total capacity that a plan document asks for",
    (
        text("clause", "key"),
        reference("group", "groups", "group whose capacity counts"),
        reference("zone", "zones", "zone it is asked in; the whole system if blank", default=""),
        integer("year", "first year in force", low=1950, high=2100),
        text("sense", "at least, at most, exactly", choices=(">=", "<=", "=")),
        number("capacity", "power", "capacity asked for", high=1e7),
        *PROVENANCE,
    ),
)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = [
        Demand(
            Requirement(c, y, c.row["sense"], float(c.row["capacity"]), "10^4 kW", 10.0, has_base=False),
            plan.group_capacity(c.row["group"], y, c.row["zone"]),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "MW", demands)
