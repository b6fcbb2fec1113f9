"""What the target set asks, straight in the columns: no meters, nothing measured apart.

Rules of the tables whose clauses speak of capacities are in `clauses_of_plan`, those of energy and CO2 of a year in
`clauses_of_year`. A rule gets the system, the key of a clause and its row, and gives what is to be at most, at least
or exactly nothing, and its sense; or None where there is nothing to ask.
"""

from __future__ import annotations

import pyomo.environ as pyo

from scalar import clauses_of_plan, clauses_of_year
from scalar.system import System

#: Rule by table, in the order in which the rows are written.
CLAUSES = clauses_of_plan.CLAUSES | clauses_of_year.CLAUSES


def write(system: System) -> None:
    """Write a row for each clause of the case that is hard or priced."""
    m, asked = system.m, system.asked
    rows: dict[str, tuple] = {}
    for table, rule in CLAUSES.items():
        for c, r in system.inputs[table].iterrows():
            if c in asked and r["year"] <= system.year:
                made = rule(system, c, r)
                if made is not None:
                    rows[c] = made
    clauses_of_year.write_still(system)
    priced = [c for c in rows if asked[c][0] == "priced"]
    m.short = pyo.Var(priced, within=pyo.NonNegativeReals)
    m.over = pyo.Var(priced, within=pyo.NonNegativeReals)

    @m.Constraint([c for c in rows if asked[c][0] != "watched"])
    def requirement(m, c):
        left, sense = rows[c]
        if c in priced:
            left = left + m.short[c] - m.over[c]
        if sense == "=":
            return left == 0
        # Nothing of the left side need be a column: a season in which no hour is modelled.
        if not hasattr(left, "is_expression_type"):
            return pyo.Constraint.Feasible if left <= 0 else pyo.Constraint.Infeasible
        return left <= 0 if sense == "<=" else left >= 0

    for c in priced:
        system.pay(f"clauses missed/{c}", asked[c][1] * (m.short[c] + m.over[c]))
