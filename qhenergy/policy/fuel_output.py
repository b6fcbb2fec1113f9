"""Liquid fuel that plants must make in a year (R42).

    fuel_output/requirement   sum(weight[w] * fuel[w], w) >= output[c]   [t]

Fuel of all plants counts, whatever they make. Where no plant can stand in a stage there is nothing to measure, and a
clause that binds is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "fuel_output"
TITLE = ("output of liquid fuel", "液体燃料产量")
TABLE = Table(
    "fuel_outputs",
    "liquid fuel to be made in a year",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        number("output", "mass", "least output of a year", high=1e9),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter the fuel of the window."""
    for c in clauses:
        window.meter(KIND, c.name, "t", window.accounted("liquid_fuel"))


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a clause binds in a stage in which no plant can stand.
    """
    demands, faults = [], []
    for c in clauses:
        for y in plan.case.stages:
            if not c.applies(y):
                continue
            some = bool(plan.assets.of_table("liquid_fuel_plants", y))
            if not some and c.strictness != "watched":
                found, remedy = f"no plant that can stand in {y}", "Give a plant capacity or room by then, or watch it."
                faults.append(Fault(f"{TABLE.name}.csv ({c.name})", found, "a row of liquid_fuel_plants.csv", remedy))
            asked = Requirement(c, y, ">=", float(c.row["output"]), "10^4 t", 1e4, has_base=False, measured=some)
            demands.append(Demand(asked, plan.yearly(KIND, c.name, y)))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    return write_requirements(plan, KIND, "t", demands)
