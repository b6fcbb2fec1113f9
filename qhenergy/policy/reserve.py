"""Reserve (R10, R17): what could be raised or lowered at once is enough for what may be lost, in every hour.

    room[c,t] = sum(standby[s,t], s of the group and direction) - size[c,t]   [MW]
    size[c,t] = amount, the largest unit, or share * (sent[l,t] or rated[l]) for a pole of a line   [MW]

A line that sends out is a load: the loss of a pole asks for reserve *down*, that of a unit for reserve *up*. What is
standby, and for how long stored energy must back it, is told in `algebra.standby`. Losses are thought of one
at a time: the same standby may answer several clauses.

Rows of the hours are those of `policy.hourly`, of clauses that are enforced only. A clause that is watched has no
column at all, since a claim on standby that nothing needs would be arbitrary: the room of every
clause is computed from the parts of standby and the returned values (`outcome.standby`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qhenergy.algebra.assets import Assets
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import DOWN, UP, Call, write_standby
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
from qhenergy.data.lines import standing
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Requirement
from qhenergy.policy.hourly import Room, hourly_requirements, write_hours

KIND = "reserve"
TITLE = ("reserve", "备用")
FIXED, UNIT, POLE = "fixed", "largest_unit", "largest_pole"
TABLE = Table(
    "reserves",
    "what must stand by for a loss",
    (
        text("clause", "key"),
        text("direction", "more power or less", choices=(UP, DOWN)),
        reference("group", "groups", "technologies that may stand by"),
        integer("year", "first year in force", low=1950, high=2100),
        text("size", "what sets the size", choices=(FIXED, UNIT, POLE)),
        number("amount", "power", "the fixed size, or the largest unit that no table names", default=0, high=1e5),
        reference("send_out", "send_out", "line that loses a pole", default=""),
        number("share", "share", "of the line that a pole carries", default=0.5, high=1),
        text("pole_of", "what the pole is a share of", choices=("sent", "rating"), default="sent"),
        number("duration", "time", "hours that stored energy must last; 0 if it need not", high=24),
        *PROVENANCE,
    ),
)


@dataclass(frozen=True)
class Size:
    """What may be lost in an hour: a number, and a share of what a line sends.

    Attributes:
        constant: [MW].
        share, line: of the power sent [-].
    """

    constant: float
    share: float = 0.0
    line: str = ""


def size_of(inputs: Inputs, assets: Assets, clause: Clause, stage: int) -> Size:
    """Size of the reserve a clause asks for in a stage."""
    row = clause.row
    if row["size"] == FIXED:
        return Size(float(row["amount"]))
    if row["size"] == UNIT:
        return Size(max([float(row["amount"]), *units(inputs, assets, stage)]))
    line, share = str(row["send_out"]), float(row["share"])
    if row["pole_of"] == "sent":
        return Size(0.0, share, line)
    return Size(share * float(inputs["send_out"].at[line, "capacity"]))


def call_of(inputs: Inputs, clause: Clause) -> Call:
    """Which standby answers a clause."""
    row = clause.row
    return Call(str(row["direction"]), frozenset(inputs.members(row["group"])), float(row["duration"]))


def units(inputs: Inputs, assets: Assets, stage: int) -> list[float]:
    """Sizes of the units that can stand in a stage, of every table that tells them [MW]."""
    return [
        float(rows.at[a, "unit_size"])
        for table, rows in inputs.frames.items()
        if "unit_size" in rows.columns
        for a in assets.of_table(table, stage)
    ]


def _stands(clause: Clause, inputs: Inputs, case: Any, stage: int) -> bool:
    """Whether what may be lost stands."""
    return clause.row["size"] != POLE or str(clause.row["send_out"]) in standing(inputs, case, stage)


def _faults(plan: Plan, clause: Clause) -> Iterator[Fault]:
    row, where = clause.row, f"{TABLE.name}.csv, row {clause.name}"
    stages = [y for y in plan.case.stages if clause.applies(y)]
    if row["size"] == POLE and not row["send_out"]:
        yield Fault(where, "a pole of no line", "a line of send_out.csv", "Fill send_out.")
    elif row["size"] != POLE:
        for y in stages:
            if size_of(plan.inputs, plan.assets, clause, y).constant <= 0:
                yield Fault(where, f"a size of nothing in {y}", "more than zero", "Fill amount.")
    able = plan.in_group(row["group"])
    for y in stages:
        if not any(plan.assets.possible(a, y) for a in able):
            remedy = "Name another group."
            yield Fault(where, f'nothing of "{row["group"]}" in {y}', "one asset at least", remedy)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Write what every hour leaves of the standby, for the clauses that are enforced."""
    asked = {
        c.name: (c, call_of(window.inputs, c), size_of(window.inputs, window.assets, c, window.stage))
        for c in clauses
        if c.strictness != "watched"
        and c.applies(window.stage)
        and _stands(c, window.inputs, window.case, window.stage)
    }
    if not asked:
        return
    standby = write_standby(window, KIND, list(dict.fromkeys(call for _, call, _ in asked.values())))
    sent = {j.asset: (window.model.component(j.family), j.member) for j in window.joins if j.role == "send_out"}

    def room_of(call: Call, size: Size) -> Room:
        def room(t: int) -> Any:
            made = standby(call, t) - size.constant
            if size.line:
                variable, member = sent[size.line]
                made = made - size.share * variable[member, t]
            return made

        return room

    write_hours(window, KIND, "MW", [(c, room_of(call, size)) for c, call, size in asked.values()])


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Say what is asked of every hour.

    Raises:
        InputError: a clause has no size, no line, or a group of which nothing can stand.
    """
    faults = [fault for clause in clauses for fault in _faults(plan, clause)]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    return hourly_requirements(plan, clauses, "10^4 kW", 10.0, lambda c, y: _stands(c, plan.inputs, plan.case, y))
