"""Condensers in step with renewables (R05): rating for what is added of sun and wind, in the same stage.

    condensers_with_renewables/requirement
        sum(rating[a]*installed[a,y], a in group) >= ratio[c] * sum(installed[a,y] - existing[a], a in of_group)   [MVA]

`rating` is MVA per MW (`synchronous_machines`): one for a condenser. Whether towers and gas turbines are
credited is a matter of which group the row names. What stands at the end of the base year asks for nothing;
condensers that stand then count, as all do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "condensers_with_renewables"
TITLE = ("condensers in step with renewables", "调相机与新能源同步配置")
TABLE = Table(
    "condenser_ratios",
    "condensers that renewables added after the base year must have beside them",
    (
        text("clause", "key"),
        reference("zone", "zones", "where; the whole system if blank", default=""),
        reference("group", "groups", "condensers, and what is credited as such"),
        reference("of_group", "groups", "renewables"),
        integer("year", "first year in force", low=1950, high=2100),
        number("ratio", "share", "MVA per MW of renewables added", high=10),
        *PROVENANCE,
    ),
)


def _faults(plan: Plan, clause: Clause) -> Iterator[Fault]:
    """What would make a clause ask for nothing, or for what nobody can build."""
    row, where = clause.row, f"{TABLE.name}.csv, row {clause.name}"
    place = f"in {row['zone']}" if row["zone"] else "in the system"
    for word in ("group", "of_group"):
        if not plan.in_group(row[word], row["zone"]):
            yield Fault(where, f'nothing of "{row[word]}" {place}', "one asset at least", "Name another group or zone.")
    known = plan.inputs["synchronous_machines"].index
    for technology in plan.inputs.members(row["group"]):
        if technology not in known:
            remedy = "Add a row to synchronous_machines.csv, or take it out of the group."
            yield Fault(where, f'"{technology}" in "{row["group"]}"', "synchronous machines only", remedy)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a group has nothing in the zone, or something that is no synchronous machine.
    """
    faults = [fault for clause in clauses for fault in _faults(plan, clause)]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    rating = plan.inputs["synchronous_machines"]["rating"]
    demands = []
    for c in clauses:
        counting = plan.in_group(c.row["group"], c.row["zone"])
        renewables = plan.in_group(c.row["of_group"], c.row["zone"])
        before = sum(plan.assets[a].existing for a in renewables)
        for y in plan.case.stages:
            if c.applies(y):
                asked = Requirement(c, y, ">=", float(c.row["ratio"]), "MVA/MW", 1.0, has_base=True)
                rated = pyo.quicksum(float(rating[plan.assets[a].technology]) * plan.installed(a, y) for a in counting)
                added = pyo.quicksum(plan.installed(a, y) for a in renewables) - before
                demands.append(Demand(asked, rated, added))
    return write_requirements(plan, KIND, "MVA", demands)
