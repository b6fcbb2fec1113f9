"""CO2 cap (R50): what the system and its imports may emit in a year.

co2_cap/requirement   sum(weight[w] * co2[w], w) <= cap[c]   [t]
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "co2_cap"
TITLE = ("CO2 cap", "碳排放上限")
TABLE = Table(
    "co2_caps",
    "a yearly CO2 cap",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        number("cap", "mass", "most CO2 of a year", high=1e10),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter the emissions of the window."""
    for c in clauses:
        window.meter(KIND, c.name, "t", window.accounted("co2"))


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = [
        Demand(
            Requirement(c, y, "<=", float(c.row["cap"]), "10^4 t", 1e4, has_base=False),
            plan.yearly(KIND, c.name, y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "t", demands)
