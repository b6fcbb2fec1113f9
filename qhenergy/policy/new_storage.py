"""New-type storage: power of the stores a plan document counts.

    new_storage/requirement   sum(installed[a,y], a in group) >= power[c]   [MW]

The scope (with or without concentrating solar power) is the group the row names.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "new_storage"
TITLE = ("new-type storage", "新型储能")
TABLE = Table(
    "storage_targets",
    "a power of new-type storage that a plan document asks for",
    (
        text("clause", "key"),
        reference("group", "groups", "stores that count"),
        integer("year", "first year in force", low=1950, high=2100),
        number("power", "power", "least power", high=1e6),
        *PROVENANCE,
    ),
)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = [
        Demand(
            Requirement(c, y, ">=", float(c.row["power"]), "10^4 kW", 10.0, has_base=False),
            plan.group_capacity(c.row["group"], y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "MW", demands)
