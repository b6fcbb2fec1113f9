"""Share of one group in the capacity of another, such as clean in all, or wind in sun and wind.

    capacity_share/requirement   sum(installed[a,y], a in group) >= share[c] * sum(installed[a,y], a in of_group)   [MW]

Whether stores count in the total is a matter of which group the row names. A share that is not given is that
of the end of the base year, which is what a plan means that asks for a share to rise.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "capacity_share"
TITLE = ("share of capacity", "装机占比")
TABLE = Table(
    "capacity_shares",
    "a share of capacity that a plan document asks for",
    (
        text("clause", "key"),
        reference("group", "groups", "group that counts"),
        reference("of_group", "groups", "group it is a share of"),
        integer("year", "first year in force", low=1950, high=2100),
        number("share", "share", "least share; that of the end of the base year if blank", default=None, high=1),
        *PROVENANCE,
    ),
)


def least_share(plan: Plan, clause: Clause) -> float:
    """The share a clause asks for.

    Raises:
        InputError: it is to be that of the base year, in which nothing of the second group stands.
    """
    given = float(clause.row["share"])
    if not np.isnan(given):
        return given
    part, whole = (
        sum(plan.assets[a].existing for a in plan.in_group(clause.row[word])) for word in ("group", "of_group")
    )
    if not whole:
        found = f'no share, and nothing of "{clause.row["of_group"]}" at the end of {plan.case.base_year}'
        fault = Fault(f"{TABLE.name}.csv, row {clause.name}", found, "a share", "Fill the column share.")
        raise InputError([fault], str(plan.inputs.folder))
    return part / whole


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force; see `least_share` for what it refuses."""
    demands = [
        Demand(
            Requirement(c, y, ">=", least_share(plan, c), "%", 0.01, has_base=True),
            plan.group_capacity(c.row["group"], y),
            plan.group_capacity(c.row["of_group"], y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "MW", demands)
