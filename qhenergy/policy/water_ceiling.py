"""Ceiling on the use of water (R25): what is used already, and what new withdrawals take of it.

    water_ceiling/requirement   base_use[c] + sum(weight[w] * taken[w,t]) <= ceiling[c]   [hm3]

What is used already is inside the mean flows of the river and stands here as a number. The ceiling is that of
the whole province; withdrawals from other rivers are not in this model.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.ground.units import HM3_PER_FLOW_HOUR
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "water_ceiling"
TITLE = ("ceiling on the use of water", "用水总量上限")
TABLE = Table(
    "water_ceilings",
    "most water that may be used in a year",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        number("base_use", "volume", "use that the mean flows of the river already hold", high=1e6),
        number("ceiling", "volume", "most use of a year", high=1e6),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what is withdrawn."""
    taken = [-window.flows.flowing(flow, t) for flow in window.flows if flow.role == "withdrawn" for t in window.hours]
    for c in clauses:
        window.meter(KIND, c.name, "hm3", HM3_PER_FLOW_HOUR * sum(taken))


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = [
        Demand(
            Requirement(c, y, "<=", float(c.row["ceiling"]), "10^8 m3", 100.0, has_base=False),
            float(c.row["base_use"]) + plan.yearly(KIND, c.name, y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "hm3", demands)
