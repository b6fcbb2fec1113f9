"""A pole of a line lost, or the largest unit, in every hour: what remains, what is too much, and what answers.

    lost[t]      = share * sent[t]                              power of the pole that goes
    taken[t]     = min(lost[t], (1 - share) * rated - remains)  what the other pole may take over, where it has room
    remains[t]   = sent[t] - lost[t]                            what is still delivered at once
    needed[t]    = lost[t]                                      reserve down: generation that is too much
    down[t]      = standby that could be lowered                what is there of it
    shed[t]      = max(lost[t] - down[t], 0)                    generation that protection must trip
    short_up[t]  = max(largest unit - up[t], 0)                 what the loss of the largest unit would leave unserved

The sending system loses a load with a pole, so that it needs power lowered; with a unit it needs power raised. Which
technologies answer, how long stored energy must last and what share of the line a pole carries is that of the reserve
clauses of the case about this line and about the largest unit, whatever their strictness; where there is none, every
standby counts for a quarter of an hour and a pole is half of the line. The other pole may take over power within its
rating; it is shown apart and not deducted, since it needs the controls of the converter to do so at once.

The short-circuit proxy is that of `policy.short_circuit` for rows about the line: the strength of its machines and how
many MW lean on each MVA of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qhenergy.algebra.standby import DOWN, UP, Call
from qhenergy.outcome.measures import total_capacity
from qhenergy.outcome.result import Result
from qhenergy.outcome.standby import standby_of
from qhenergy.policy import reserve, short_circuit
from qhenergy.policy.clause import Clause

#: Where no clause says it: share of a line that a pole carries, and hours that stored energy must last.
HALF, QUARTER = 0.5, 0.25


@dataclass(frozen=True)
class PoleLoss:
    """What the loss of a pole does in every hour.

    Attributes:
        hours: rows of `Result.hours` of the stage; columns sent, lost, remains, taken, down, shed, up, short_up [MW],
            strength [MVA] and leaning [MW/MVA], both NaN without a clause of strength about the line.
        share: of the line that a pole carries [-].
        unit: the largest unit that can be lost [MW].
        clauses: the clauses whose terms were taken, in the order down, up, strength; empty where there is none.
    """

    hours: pd.DataFrame
    share: float
    unit: float
    clauses: tuple[str, str, str]

    def worst(self, count: int = 10) -> pd.DataFrame:
        """The hours with the most to shed, then with the least left of the reserve down."""
        table = self.hours
        order = np.lexsort((table.index, (table["down"] - table["lost"]).round(3), -table["shed"].round(3)))
        return table.iloc[order[:count]]


def pole_loss(result: Result, line: str, stage: int, share: float | None = None) -> PoleLoss:
    """Take a pole of a line away in every hour of a stage.

    Args:
        result: the result.
        line: key of send_out.csv, in service.
        stage: year.
        share: of the line that a pole carries; that of the reserve clause, or half, if None.
    """
    down = _reserve(result, stage, DOWN, reserve.POLE, line)
    up = _reserve(result, stage, UP, reserve.UNIT, "")
    part = share if share is not None else float(down.row["share"]) if down else HALF
    rated = float(result.inputs["send_out"].at[line, "capacity"])
    table = result.hours.iloc[result.of_stage(stage)].copy()
    sent = result.column("send_out/sent")[line].to_numpy()[result.of_stage(stage)]
    table["sent"] = sent
    table["lost"] = part * sent
    table["remains"] = sent - table["lost"]
    table["taken"] = np.minimum(table["lost"], np.maximum((1.0 - part) * rated - table["remains"], 0.0))
    table["down"] = standby_of(result, stage, _call(result, stage, down, DOWN))
    table["shed"] = np.maximum(table["lost"] - table["down"], 0.0)
    table["up"] = standby_of(result, stage, _call(result, stage, up, UP))
    unit = _largest_unit(result, stage, up)
    table["short_up"] = np.maximum(unit - table["up"], 0.0)
    strong = _strength(result, stage, line, table)
    names = (down.name if down else "", up.name if up else "", strong)
    return PoleLoss(table, part, unit, names)


def _reserve(result: Result, stage: int, direction: str, size: str, line: str) -> Clause | None:
    """The clause of reserve about a loss; the one that asks energy for the shortest time, which is the quickest."""
    found = [
        c
        for c in result.clauses
        if c.kind == reserve.KIND
        and c.applies(stage)
        and c.row["direction"] == direction
        and c.row["size"] == size
        and str(c.row["send_out"]) == line
    ]
    return min(found, key=lambda c: float(c.row["duration"]), default=None)


def _call(result: Result, stage: int, clause: Clause | None, direction: str) -> Call:
    if clause is not None:
        return reserve.call_of(result.inputs, clause)
    return Call(direction, frozenset(s.technology for s in result.standbys[stage]), QUARTER)


def _largest_unit(result: Result, stage: int, clause: Clause | None) -> float:
    """Size of the largest unit that stands [MW], or that the clause names."""
    if clause is not None:
        return reserve.size_of(result.inputs, result.assets, clause, stage).constant
    standing = {a for a, power in total_capacity(result, stage).items() if power > 0}
    sizes = [
        min(float(rows.at[a, "unit_size"]), total_capacity(result, stage)[a])
        for table, rows in result.inputs.frames.items()
        if "unit_size" in rows.columns
        for a in result.assets.of_table(table, stage)
        if a in standing
    ]
    return max(sizes, default=0.0)


def _strength(result: Result, stage: int, line: str, table: pd.DataFrame) -> str:
    """Put the strength at the line into the table; the clause it is from, or nothing."""
    table["strength"] = table["leaning"] = np.nan
    kind = short_circuit.KIND
    about = [c for c in result.clauses if c.kind == kind and c.applies(stage) and c.row["send_out"] == line]
    if not about or not result.has(f"{kind}/room"):
        return ""
    clause = about[0]
    room = result.column(f"{kind}/room")[clause.name].to_numpy()[result.of_stage(stage)]
    leaning = table["sent"].to_numpy() + _renewables(result, stage, clause)
    table["strength"] = (room + leaning) / float(clause.row["factor"])
    strength = table["strength"].to_numpy()
    table["leaning"] = np.divide(leaning, strength, out=np.full(len(table), np.nan), where=strength > 0)
    return clause.name


def _renewables(result: Result, stage: int, clause: Clause) -> np.ndarray:
    """What leans on the machines beside the line [MW]."""
    group = str(clause.row["group"])
    members = set(result.inputs.members(group)) if group else set()
    zones, hours = set(short_circuit.zones_of(result.inputs, clause)), result.of_stage(stage)
    made = np.zeros(hours.stop - hours.start)
    for j in result.joins[stage]:
        if j.role == "generation" and j.technology in members and j.zone in zones:
            made = made + abs(j.coefficient) * np.nan_to_num(result.column(j.family)[j.member].to_numpy()[hours])
    return made
