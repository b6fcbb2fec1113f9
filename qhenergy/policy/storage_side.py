"""Side of storage (R18): power of the batteries on the side of sources, of the grid or of users.

    storage_side/requirement   sum(installed[a,y], a of the side and zone) (>= or <=) power[c]      [MW]
                               or share[c] * sum(installed[a,y], a of any side and zone)

The side is a word of the row of a store: where its meter is, and so whom it can serve. What is shared stands on
the side of the grid and may serve all renewables of its zone. Operation is the same on every side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "storage_side"
TITLE = ("storage by side", "储能布局侧别")
TABLE = Table(
    "storage_sides",
    "a power or share of storage on one side",
    (
        text("clause", "key"),
        text("side", "side it is asked on", choices=("source", "grid", "user")),
        reference("zone", "zones", "zone it is asked in; the whole system if blank", default=""),
        integer("year", "first year in force", low=1950, high=2100),
        text("sense", "at least or at most", choices=(">=", "<=")),
        number("power", "power", "power asked for", default=None, high=1e6),
        number("share", "share", "share asked for, of the stores of all sides", default=None, high=1),
        *PROVENANCE,
    ),
)


def _faults(plan: Plan, clauses: Sequence[Clause]) -> Iterator[Fault]:
    """Clauses that ask for two things or for none, or on a side where nothing can stand."""
    for c in clauses:
        where = f"{TABLE.name}.csv, row {c.name}"
        if np.isnan(c.row["power"]) == np.isnan(c.row["share"]):
            found = "neither power nor share" if np.isnan(c.row["power"]) else "both power and share"
            yield Fault(where, found, "one of the two", "Fill one column and blank the other.")
        if c.row["side"] not in plan.having("side", c.row["zone"]).values():
            place = f'in zone "{c.row["zone"]}"' if c.row["zone"] else "in the system"
            expected = f'a store with side "{c.row["side"]}" {place}'
            yield Fault(where, "no such store", expected, "Give a store that side, or take the clause out.")


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a clause asks for a power and a share or for neither, or on a side without any store.
    """
    in_force = [c for c in clauses if any(c.applies(y) for y in plan.case.stages)]
    faults = list(_faults(plan, in_force))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    demands = []
    for c in in_force:
        sides = plan.having("side", c.row["zone"])
        shared = not np.isnan(c.row["share"])
        for y in plan.case.stages:
            if c.applies(y):
                asked = (
                    Requirement(c, y, c.row["sense"], float(c.row["share"]), "%", 0.01, has_base=True)
                    if shared
                    else Requirement(c, y, c.row["sense"], float(c.row["power"]), "10^4 kW", 10.0, has_base=False)
                )
                there = pyo.quicksum(plan.installed(a, y) for a, side in sides.items() if side == c.row["side"])
                everywhere = pyo.quicksum(plan.installed(a, y) for a in sides)
                demands.append(Demand(asked, there, everywhere if shared else 1.0))
    return write_requirements(plan, KIND, "MW", demands)
