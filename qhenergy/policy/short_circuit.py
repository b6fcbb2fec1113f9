"""Strength of the grid (R32, R05): what leans on a node, in every hour, against the machines that turn there.

    room[c,t] = factor[c] * strength[Z,t] - sent[l,t] - sum(generation[a,t], a in group and Z)   [MW]

`strength` is the rating of the synchronous machines that turn in the zones Z of the row (`algebra.strength`).
A row is about a send-out line, about renewables of a group in the zones, or about both. Technologies of
the group `condenser_mode` count with all their capacity, as units do that turn without water (R20); the
power that this takes is not counted. Rows of the hours are those of `policy.hourly`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.strength import machines, strength
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
from qhenergy.data.lines import standing
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Requirement
from qhenergy.policy.hourly import Room, hourly_requirements, write_hours

KIND = "short_circuit"
TITLE = ("strength of the grid", "系统强度（短路比）")
TABLE = Table(
    "short_circuit_ratios",
    "how much may lean on the synchronous machines of a node",
    (
        text("clause", "key"),
        reference("send_out", "send_out", "line that leans on them; none if blank", default=""),
        reference("group", "groups", "renewables that lean on them as well; none if blank", default=""),
        text("zones", "zones whose machines count, joined by ` | `; that of the line if blank", default=""),
        reference("condenser_mode", "groups", "units that turn without output as well; none if blank", default=""),
        integer("year", "first year in force", low=1950, high=2100),
        number("factor", "share", "MW that a MVA of turning machines carries", low=0.01, high=100),
        *PROVENANCE,
    ),
)


def zones_of(inputs: Inputs, clause: Clause) -> list[str]:
    """Zones whose machines count for a clause."""
    named = [z.strip() for z in str(clause.row["zones"]).split("|") if z.strip()]
    line = str(clause.row["send_out"])
    return named or ([str(inputs["send_out"].at[line, "zone"])] if line else [])


def _stands(clause: Clause, inputs: Inputs, case: Any, stage: int) -> bool:
    """Whether what leans stands: renewables may always, a line from its year on."""
    line = str(clause.row["send_out"])
    return not line or bool(clause.row["group"]) or line in standing(inputs, case, stage)


def _faults(plan: Plan, clause: Clause) -> Iterator[Fault]:
    where, zones = f"{TABLE.name}.csv, row {clause.name}", zones_of(plan.inputs, clause)
    known = list(plan.inputs["zones"].index)
    if not clause.row["send_out"] and not clause.row["group"]:
        yield Fault(where, "neither a line nor a group", "one of them at least", "Fill send_out or group.")
    if not zones:
        yield Fault(where, "neither a line nor zones", "one of them at least", "Fill zones.")
    for zone in zones:
        if zone not in known:
            remedy = nearest(zone, known) or "Correct the name."
            yield Fault(where, f'zone "{zone}"', f"one of {listed(known)}", remedy)
    for y in plan.case.stages:
        if clause.applies(y) and not machines(plan.inputs, plan.assets, zones, y):
            found, expected = f"no synchronous machine in {listed(zones) or 'no zone'} in {y}", "one at least"
            yield Fault(where, found, expected, "Name more zones, or add rows to synchronous_machines.csv.")
    group = str(clause.row["group"])
    if group and not any(plan.in_group(group, zone) for zone in zones):
        yield Fault(where, f'nothing of "{group}" in {listed(zones)}', "one asset at least", "Name another group.")


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Write what every hour leaves of the strength of the nodes."""
    asked = [
        (c, _room(window, c))
        for c in clauses
        if c.applies(window.stage) and _stands(c, window.inputs, window.case, window.stage)
    ]
    write_hours(window, KIND, "MW", asked)


def _room(window: Window, clause: Clause) -> Room:
    row, zones = clause.row, set(zones_of(window.inputs, clause))
    leaning = set(window.inputs.members(row["group"])) if row["group"] else set()
    turning = set(window.inputs.members(row["condenser_mode"])) if row["condenser_mode"] else set()
    joined = [
        (abs(j.coefficient), window.model.component(j.family), j.member)
        for j in window.joins
        if (j.role == "send_out" and j.asset == row["send_out"])
        or (j.role == "generation" and j.technology in leaning and j.zone in zones)
    ]

    def room(t: int) -> Any:
        load = pyo.quicksum(coefficient * variable[member, t] for coefficient, variable, member in joined)
        return float(row["factor"]) * strength(window, zones, t, turning) - load

    return room


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Say what is asked of every hour.

    Raises:
        InputError: a clause names nothing that leans, no zone, or zones without a synchronous machine.
    """
    faults = [fault for clause in clauses for fault in _faults(plan, clause)]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    return hourly_requirements(plan, clauses, "10^4 kW", 10.0, lambda c, y: _stands(c, plan.inputs, plan.case, y))
