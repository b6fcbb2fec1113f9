"""Land (R11, R12, R26): what plants cover of the land that is left to them.

    land_use/requirement   sum(land[technology of a]*installed[a,y], a in group and zone) <= eligible[c]   [km2]

    eligible = usable * (area - redline - excluded)

`land` is the ground that a plant takes from others, fences and spaces between turbines included; what stands
counts as well as what is added. Two plants do not share a field here. Land on which PV is to hold the sand has rows of
its own. Lines may cross what plants may not: the way round is inside the length of their corridor, which their
cost grows with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "land_use"
TITLE = ("land of plants", "电站用地")
NEEDS = Table(
    "land_needs",
    "the ground a technology takes",
    (
        reference("technology", "technologies", "technology"),
        number("land", "area per power", "ground per capacity; none for roofs", high=10),
    ),
)
TABLE = Table(
    "land_uses",
    "land that plants of a group may cover",
    (
        text("clause", "key"),
        reference("group", "groups", "plants that count"),
        reference("zone", "zones", "zone they stand in; the whole system if blank", default=""),
        integer("year", "first year in force", low=1950, high=2100),
        number("area", "area", "all land it is about", high=1e7),
        number("redline", "area", "of it inside the ecological redline", default=0, high=1e7),
        number("excluded", "area", "of it outside the redline: farmland, parks, water, towns", default=0, high=1e7),
        number("usable", "share", "share of what remains that plants may cover", default=1, high=1),
        *PROVENANCE,
    ),
)
#: Further tables of the file.
TABLES = (NEEDS,)


def eligible(clause: Clause) -> float:
    """Land that plants may cover [km2]."""
    row = clause.row
    return float(row["usable"] * (row["area"] - row["redline"] - row["excluded"]))


def _faults(plan: Plan, clauses: Sequence[Clause]) -> Iterator[Fault]:
    """Clauses with less land than is excluded, or about technologies whose need of land is not known."""
    known = plan.inputs[NEEDS.name].index
    for c in clauses:
        where = f"{TABLE.name}.csv, row {c.name}"
        if eligible(c) < 0:
            expected = "no more redline and excluded land than area"
            yield Fault(where, f"{eligible(c):g} km2 left", expected, "Correct the areas.")
        for technology in sorted({plan.assets[a].technology for a in plan.in_group(c.row["group"], c.row["zone"])}):
            if technology not in known:
                expected = f"its row in {NEEDS.name}.csv"
                yield Fault(where, f'technology "{technology}" of the group', expected, "Add the row; 0 for none.")


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a technology of a group has no need of land, or a clause excludes more than there is.
    """
    in_force = [c for c in clauses if any(c.applies(y) for y in plan.case.stages)]
    faults = list(_faults(plan, in_force))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    need = plan.inputs[NEEDS.name]["land"].to_dict()
    demands = []
    for c in in_force:
        plants = plan.in_group(c.row["group"], c.row["zone"])
        for y in plan.case.stages:
            if c.applies(y):
                covered = pyo.quicksum(need[plan.assets[a].technology] * plan.installed(a, y) for a in plants)
                asked = Requirement(c, y, "<=", eligible(c), "km2", 1.0, has_base=False, measured=bool(plants))
                demands.append(Demand(asked, covered))
    return write_requirements(plan, KIND, "km2", demands)
