"""Curtailment ceiling: the share of what sun and wind offer that may be left unused in a year.

curtailment_ceiling/requirement   offered[c] - used[c] <= ceiling[c] * offered[c]   [MWh]
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "curtailment_ceiling"
TITLE = ("curtailment ceiling", "弃电率上限")
TABLE = Table(
    "curtailment_ceilings",
    "a yearly ceiling of curtailment",
    (
        text("clause", "key"),
        reference("group", "groups", "technologies that count"),
        integer("year", "first year in force", low=1950, high=2100),
        number("ceiling", "share", "most that is left unused", high=1),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what was offered and what was used."""
    for c in clauses:
        technologies = set(window.inputs.members(c.row["group"]))
        counted = [p for p in window.potentials if p.technology in technologies]
        offered = sum(p.scale * sum(window.series(p.series)[p.asset]) * window.capacity(p.asset) for p in counted)
        used = sum(
            p.coefficient * sum(window.model.component(p.family)[p.asset, t] for t in window.hours) for p in counted
        )
        window.meter(f"{KIND}_offered", c.name, "MWh", offered)
        window.meter(f"{KIND}_used", c.name, "MWh", used)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = []
    for c in clauses:
        for y in plan.case.stages:
            if not c.applies(y):
                continue
            offered = plan.yearly(f"{KIND}_offered", c.name, y)
            used = plan.yearly(f"{KIND}_used", c.name, y)
            asked = Requirement(c, y, "<=", float(c.row["ceiling"]), "%", 0.01, has_base=True)
            demands.append(Demand(asked, offered - used, offered))
    return write_requirements(plan, KIND, "MWh", demands)
