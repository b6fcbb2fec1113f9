"""Power of demand response (R38): of pools of loads at the level of a park, a county or the province, or of all.

    response_power/requirement   sum(installed[l,y], l of the level and zone) (>= or <=) power[c]      [MW]
                                 or share[c] * peak[y] of the demand of the zone or the system

The level is a word of the row of a flexible load: who pools it, as a virtual power plant does. A row with `<=` is
the size limit of a pool. The peak is that of all hours of the year, loads beside the demand included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "response_power"
TITLE = ("power of demand response", "需求响应能力")
TABLE = Table(
    "response_powers",
    "a power of demand response",
    (
        text("clause", "key"),
        text(
            "level",
            "level at which loads are pooled; all of them if blank",
            default="",
            choices=("park", "county", "province"),
        ),
        reference("zone", "zones", "zone it is asked in; the whole system if blank", default=""),
        integer("year", "first year in force", low=1950, high=2100),
        text("sense", "at least or at most", choices=(">=", "<=")),
        number("power", "power", "power asked for", default=None, high=1e6),
        number("share", "share", "share asked for, of the peak of demand", default=None, high=1),
        *PROVENANCE,
    ),
)


def _pooled(plan: Plan, clause: Clause) -> list[str]:
    """Loads a clause is about."""
    rows = plan.inputs["flexible_loads"]
    level, zone = clause.row["level"], clause.row["zone"]
    meant = (rows["level"] == level) if level else pd.Series(True, index=rows.index)
    return [str(a) for a in rows.index[meant & ((rows["zone"] == zone) if zone else True)]]


def _faults(plan: Plan, clauses: Sequence[Clause]) -> Iterator[Fault]:
    for c in clauses:
        where = f"{TABLE.name}.csv, row {c.name}"
        if np.isnan(c.row["power"]) == np.isnan(c.row["share"]):
            found = "neither power nor share" if np.isnan(c.row["power"]) else "both power and share"
            yield Fault(where, found, "one of the two", "Fill one column and blank the other.")
        if not _pooled(plan, c):
            expected = "a flexible load of the level and zone"
            yield Fault(where, "no such load", expected, "Give a load that level, or take the clause out.")


def peak(plan: Plan, zone: str, stage: int) -> float:
    """Highest demand of an hour of the year, of a zone or all, loads beside the demand included [MW]."""
    total = plan.series[f"demand/{stage}"]
    total = total[zone] if zone else total.sum(axis=1)
    beside = plan.series.get(f"flexible_demand/{stage}")
    rows = plan.inputs["flexible_loads"]
    counted = [str(a) for a in rows.index[rows["in_demand"] == "no"] if not zone or rows.at[a, "zone"] == zone]
    if beside is not None and counted:
        total = total + beside[counted].sum(axis=1)
    return float(total.max())


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a clause asks for a power and a share or for neither, or of loads that are not there.
    """
    in_force = [c for c in clauses if any(c.applies(y) for y in plan.case.stages)]
    faults = list(_faults(plan, in_force))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    demands = []
    for c in in_force:
        for y in plan.case.stages:
            if not c.applies(y):
                continue
            asked = float(c.row["power"])
            if np.isnan(asked):
                asked = float(c.row["share"]) * peak(plan, str(c.row["zone"]), y)
            made = Requirement(c, y, str(c.row["sense"]), asked, "10^4 kW", 10.0, has_base=False)
            demands.append(Demand(made, pyo.quicksum(plan.installed(a, y) for a in _pooled(plan, c))))
    return write_requirements(plan, KIND, "MW", demands)
