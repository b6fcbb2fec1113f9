"""Local consumption (R37): the share of clean energy that stays in the system.

    local_consumption/requirement   generated[y] - clean_share * left[y] >= share * generated[y]   [MWh]

    generated = sum(weight[w] * generation[a,t], a in group) - sum(weight[w] * (pumped[t] + heated[t]))
    left      = sum(weight[w] * (sent[l,t] + exported[k,t]), l in lines, k in ties)

What leaves over lines and ties counts as clean by `clean_share`: 1 takes all of it for clean, the strictest reading.
What the grid and stores lose of clean energy is used here, and nobody else's. What pumps of the river and heaters of
salt take comes back as generation, so it is taken off. The share of a past year is a number of its statistics; one
row for each year lets it rise.

The indicator of the same name shares out the mix of every hour and leaves losses aside; see `outcome.indicators`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.joins import Join
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.certificates import RETURNED
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "local_consumption"
TITLE = ("clean energy used locally", "清洁电量就地消纳比重")
#: Ways out of the system.
LEAVING = ("send_out", "export")
TABLE = Table(
    "local_consumptions",
    "a least share of clean energy that stays in the system",
    (
        text("clause", "key"),
        reference("group", "groups", "technologies whose generation is clean"),
        integer("year", "first year in force", low=1950, high=2100),
        number("share", "share", "least share that stays", high=1),
        number("clean_share", "share", "share of what leaves over lines and ties that is clean", default=1, high=1),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what is generated clean, and what leaves."""

    def energy(joins: Sequence[Join]) -> Any:
        return pyo.quicksum(
            j.coefficient * window.model.component(j.family)[j.member, t] for j in joins for t in window.hours
        )

    returned = [j for j in window.joins if j.role in RETURNED]
    leaving = [j for j in window.joins if j.role in LEAVING]
    for c in clauses:
        if not c.applies(window.stage):
            continue
        technologies = set(window.inputs.members(c.row["group"]))
        generated = window.generation_of(technologies, window.hours) + energy(returned)
        window.meter(f"{KIND}_generated", c.name, "MWh", generated, signed=bool(returned))
        window.meter(f"{KIND}_left", c.name, "MWh", -energy(leaving))


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a clause whose group has no asset at all: a share of nothing would be met.
    """
    faults, demands = [], []
    for c in clauses:
        for y in plan.case.stages:
            if not c.applies(y):
                continue
            if not plan.in_group(c.row["group"]):
                found, expected = f'group "{c.row["group"]}", of which nothing stands', "a group with plants"
                faults.append(Fault(f"{TABLE.name}.csv, row {c.name}", found, expected, "Name another group."))
                continue
            generated, left = (plan.yearly(f"{KIND}_{word}", c.name, y) for word in ("generated", "left"))
            asked = Requirement(c, y, ">=", float(c.row["share"]), "%", 0.01, has_base=True)
            demands.append(Demand(asked, generated - float(c.row["clean_share"]) * left, generated))
    if faults:
        raise InputError(list(dict.fromkeys(faults)), str(plan.inputs.folder))
    return write_requirements(plan, KIND, "MWh", demands)
