"""Growth limit: what may be added to a group from one stage to the next, so many megawatts a year.

    growth_limit/requirement
        sum(built[a,y] + committed[a,y] - committed[a,stage before y], a in group and zone)
            <= per_year[c]*(y - stage before y)                                                       [MW]

The stage before the first is the base year. What is committed counts with what the plan builds: the same factories,
ports and crews make it. What leaves by its age gives no room for more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qhenergy.algebra.plan import Plan
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "growth_limit"
TITLE = ("growth limit", "年新增装机上限")
TABLE = Table(
    "growth_limits",
    "the most that may be added to a group in a year",
    (
        text("clause", "key"),
        reference("group", "groups", "group whose growth is limited"),
        reference("zone", "zones", "zone it is limited in; the whole system if blank", default=""),
        integer("year", "first year in force", low=1950, high=2100),
        number("per_year", "power", "most that is added in a year, on the mean of the years between stages", high=1e6),
        *PROVENANCE,
    ),
)


def grown(plan: Plan, clause: Clause, stage: int) -> Any:
    """Capacity of the group of a clause that is new in a stage [MW]; a number or a linear expression."""
    before = plan.case.stage_before(stage)
    new: Any = 0.0
    for a in plan.in_group(clause.row["group"], clause.row["zone"]):
        asset = plan.assets[a]
        decided = asset.committed(stage) - (asset.committed(before) if before in plan.case.stages else 0.0)
        new = new + max(decided, 0.0) + plan.built(a, stage)
    return new


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = []
    for c in clauses:
        counted = bool(plan.in_group(c.row["group"], c.row["zone"]))
        for y in (y for y in plan.case.stages if c.applies(y)):
            most = float(c.row["per_year"]) * (y - plan.case.stage_before(y))
            asked = Requirement(c, y, "<=", most, "10^4 kW", 10.0, has_base=False, measured=counted)
            demands.append(Demand(asked, grown(plan, c, y)))
    return write_requirements(plan, KIND, "MW", demands)
