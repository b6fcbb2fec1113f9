"""Certificates of clean energy: every MWh is claimed once, and may have a price (R48, R51).

    certificates/requirement   sum(claimed[c,x,y], x of claims[c]) <= 100 % * issued[c,y]   [MWh]

    issued  = sum(weight[w] * generation[a,t], a in group) - sum(weight[w] * (pumped[t] + heated[t]))
    claimed = share*sent of a line | share*taken by a load | share*demand of a zone | a fixed energy

A certificate is issued for a MWh that leaves the plant, and is claimed by whoever takes it: a line by what it is
sent at this end, a load and a zone by their meter. Losses of the grid and of stores are nobody's and claim
nothing; what the plants of the group have left of a year covers them. What pumps of the river and heaters of salt take
comes back as generation of the group, so it is taken off before certificates are issued. Demand that is not
served claims all the same.

`export_price` is what a certificate earns that a line claims, `home_price` what any other one issued earns, claimed
or not. Both are zero if blank, and paid as the cost `certificates` (a revenue is below zero) unless the row is
only watched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "certificates"
TITLE = ("certificates claimed once", "绿证只核销一次")
#: What comes back as generation, so that its energy would be issued twice.
RETURNED = ("pumping", "heating")
TABLE = Table(
    "certificates",
    "an account of clean energy of which every MWh is claimed once",
    (
        text("clause", "key"),
        reference("group", "groups", "technologies whose generation is issued certificates"),
        integer("year", "first year in force", low=1950, high=2100),
        number("export_price", "money per energy", "earned by a certificate that a line claims", default=0, high=1e4),
        number("home_price", "money per energy", "earned by any other certificate", default=0, high=1e4),
        *PROVENANCE,
    ),
)
CLAIMS = Table(
    "certificate_claims",
    "who claims certificates of an account",
    (
        reference("certificates", "certificates", "account"),
        text("claim", "key of the claim"),
        text("what", "what claims", choices=("line", "load", "demand", "energy")),
        text("asset", "line or load that claims", default=""),
        reference("zone", "zones", "zone whose demand claims; all zones if blank", default=""),
        number("share", "share", "of what the line, load or zone takes", default=1, high=1),
        number("energy", "energy", "claimed in a year, for what = energy", default=0, high=1e9),
    ),
    keys=2,
)
TABLES = (CLAIMS,)


def claims_of(tables: Plan | Window, account: str, *what: str) -> pd.DataFrame:
    """Claims of an account, those of some kinds if any are named."""
    rows = tables.inputs[CLAIMS.name]
    rows = rows[rows.index.get_level_values(0) == account]
    return rows[rows["what"].isin(what)] if what else rows


def meter_account(window: Window, kind: str, name: str, account: str) -> None:
    """Meter what is issued, and what lines and loads claim of it.

    Args:
        window: the window.
        kind, name: of the meters: `<kind>_issued`, `<kind>_lines` and `<kind>_loads`.
        account: row of certificates.csv.

    Raises:
        InputError: a load takes part in no balance.
    """
    technologies = set(window.inputs.members(window.inputs[TABLE.name].at[account, "group"]))
    returned = [j for j in window.joins if j.role in RETURNED]

    def energy(joins: Iterable[Any]) -> Any:
        return pyo.quicksum(
            j.coefficient * window.model.component(j.family)[j.member, t] for j in joins for t in window.hours
        )

    issued = window.generation_of(technologies, window.hours) + energy(returned)
    window.meter(f"{kind}_issued", name, "MWh", issued, signed=bool(returned))
    faults = []
    for what in ("line", "load"):
        terms = []
        for (_, claim), row in claims_of(window, account, what).iterrows():
            taking = [
                j
                for j in window.joins
                if j.asset == row["asset"] and j.coefficient < 0 and (j.role == "send_out") == (what == "line")
            ]
            if what == "load" and not taking and row["asset"] not in window.assets.by_name:
                found, expected = f'load "{row["asset"]}"', "an asset that takes energy from its zone"
                faults.append(Fault(f"{CLAIMS.name}.csv, row {account},{claim}", found, expected, "Correct the key."))
            terms.append(-float(row["share"]) * energy(taking))
        window.meter(f"{kind}_{what}s", name, "MWh", pyo.quicksum(terms))
    if faults:
        raise InputError(faults, str(window.inputs.folder))


def refuse_unknown_lines(plan: Plan, accounts: Iterable[str]) -> None:
    """Refuse claims of lines that there are not: they would claim nothing.

    Raises:
        InputError: one or more claims name no line of send_out.csv.
    """
    lines = list(plan.inputs["send_out"].index)
    faults = [
        Fault(
            f"{CLAIMS.name}.csv, row {account},{claim}",
            f'line "{row["asset"]}"',
            f"a line of send_out.csv: {listed(lines) or 'it has none'}",
            nearest(str(row["asset"]), lines) or "Correct the key.",
        )
        for account in dict.fromkeys(accounts)
        for (_, claim), row in claims_of(plan, account, "line").iterrows()
        if row["asset"] not in lines
    ]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def yearly_demand(plan: Plan, stage: int, zone: str = "") -> float:
    """Demand of a year [MWh], of one zone if one is named; the mean of the water years."""
    demand = plan.series[f"demand/{stage}"]
    of_zones = demand[zone] if zone else demand.sum(axis=1)
    hours = sum(span.weight * len(span) for span in plan.chronology.of_stage(stage))
    return float(of_zones.mean()) * hours


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter issues and claims; see `meter_account` for what it refuses."""
    for c in clauses:
        meter_account(window, KIND, c.name, c.name)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force, and what certificates earn."""
    refuse_unknown_lines(plan, (c.name for c in clauses))
    demands = []
    for c in clauses:
        for y in plan.case.stages:
            if not c.applies(y):
                continue
            issued, exported, loads = (plan.yearly(f"{KIND}_{w}", c.name, y) for w in ("issued", "lines", "loads"))
            of_zones = claims_of(plan, c.name, "demand")
            given = sum(float(r["share"]) * yearly_demand(plan, y, r["zone"]) for _, r in of_zones.iterrows())
            given += float(claims_of(plan, c.name, "energy")["energy"].sum())
            asked = Requirement(c, y, "<=", 1.0, "%", 0.01, has_base=True)
            demands.append(Demand(asked, exported + loads + given, issued))
            earned = float(c.row["export_price"]) * exported + float(c.row["home_price"]) * (issued - exported)
            if c.strictness != "watched" and (c.row["export_price"] or c.row["home_price"]):
                plan.cost("certificates", -earned, y)
    return write_requirements(plan, KIND, "MWh", demands)
