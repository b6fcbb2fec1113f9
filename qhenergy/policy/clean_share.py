"""Share of one group in the capacity of another.

    clean_share/requirement   sum(installed[a,y], a in clean) >= share[c] * sum(installed[a,y], a in total)   [MW]

Whether stores count in the total is a matter of which group the row names.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "clean_share"
TABLE = Table(
    "clean_shares",
    "a share of capacity that a plan document asks for",
    (
        text("clause", "key"),
        reference("clean_group", "groups", "group that counts"),
        reference("total_group", "groups", "group it is a share of"),
        integer("year", "first year in force", low=1950, high=2100),
        number("share", "share", "least share", high=1),
        *PROVENANCE,
    ),
)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = [
        Demand(
            Requirement(c, y, ">=", float(c.row["share"]), "%", 0.01, has_base=True),
            plan.group_capacity(c.row["clean_group"], y),
            plan.group_capacity(c.row["total_group"], y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "MW", demands)
