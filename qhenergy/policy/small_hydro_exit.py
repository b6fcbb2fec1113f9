"""Small hydro leaves (R22): so much of what stood at the end of the base year is retired by a year.

    small_hydro_exit/requirement   retired[a,y] >= power[c], or share[c]*existing[a]   [MW]

What leaves takes its share of the energy of every month with it. A row says what has left in all, so that two
rows of one asset do not add up: the larger one holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "small_hydro_exit"
TITLE = ("exit of small hydro", "中小水电退出")
TABLE = Table(
    "small_hydro_exits",
    "small hydro that is to have left by a year",
    (
        text("clause", "key"),
        reference("asset", "small_hydro", "small stations it is part of"),
        integer("year", "year by which it has left", low=1950, high=2100),
        number("power", "power", "capacity that leaves", default=None, high=50_000),
        number(
            "share", "share", "capacity that leaves, of what stood at the end of the base year", default=None, high=1
        ),
        *PROVENANCE,
    ),
)


def leaving(plan: Plan, clause: Clause) -> float:
    """Capacity a clause wants gone [MW]."""
    row = clause.row
    share = float(row["share"])
    return float(row["power"]) if np.isnan(share) else share * plan.assets[row["asset"]].existing


def _faults(plan: Plan, clauses: Sequence[Clause]) -> Iterator[Fault]:
    """Clauses that say two things or none, and assets that cannot leave or have less than is to leave."""
    for c in clauses:
        where, asset = f"{TABLE.name}.csv, row {c.name}", plan.assets[c.row["asset"]]
        if np.isnan(c.row["power"]) == np.isnan(c.row["share"]):
            found = "neither power nor share" if np.isnan(c.row["power"]) else "both power and share"
            yield Fault(where, found, "one of the two", "Fill one column and blank the other.")
        elif leaving(plan, c) > asset.existing:
            found, expected = f"{leaving(plan, c):g} MW to leave", f"at most the {asset.existing:g} MW that stand"
            yield Fault(where, found, expected, "Correct the power.")
        if not asset.retirable:
            found, remedy = f'asset "{asset.name}", which may not retire', "Write yes in its column retirable."
            yield Fault(where, found, "an asset that may", remedy)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a clause that cannot be kept or says too much or too little; see `_faults`.
    """
    in_force = [c for c in clauses if any(c.applies(y) for y in plan.case.stages)]
    faults = list(_faults(plan, in_force))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    demands = [
        Demand(
            Requirement(c, y, ">=", leaving(plan, c), "10^4 kW", 10.0, has_base=False),
            plan.retired(c.row["asset"], y),
        )
        for c in in_force
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "MW", demands)
