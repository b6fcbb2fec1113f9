"""The pattern of clauses that ask something of every hour.

    <kind>/room_is   room[c,t] = what the hour has less what the clause asks of it
    <kind>/hourly    room[c,t] + missing[c,t] >= 0

`room` is a column, so that a clause that is only watched is measured as exactly as one that binds. `missing`
exists for priced clauses only, at the penalty per unit and hour. The board shows the hour with the least
room, the hours of the year without any, and as shadow price the sum of the duals of all hours: what it
costs to ask one unit more of every hour. An hour that the clause does not concern has no row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.policy.clause import Clause, Requirement

Room = Callable[[int], Any]


def room_family(kind: str) -> str:
    """Family of the columns that say how much room an hour leaves."""
    return f"{kind}/room"


def write_hours(window: Window, kind: str, unit: str, asked: Sequence[tuple[Clause, Room]]) -> None:
    """Write the hours of all clauses of one kind that are in force in the window.

    Args:
        window: the window.
        kind: name of the clause file.
        unit: inside unit of the room.
        asked: each clause in force with hour -> room: a linear expression, or None for an hour of no concern.
    """
    rooms: Mapping[str, dict[int, Any]] = {
        c.name: {t: made for t in window.hours if (made := room(t)) is not None} for c, room in asked
    }
    strictness = {c.name: c.strictness for c, _ in asked}
    concerned = [name for name, hours in rooms.items() if hours]
    priced = [name for name in concerned if strictness[name] == "priced"]
    room = window.columns(room_family(kind), concerned, unit, "what an hour leaves of what is asked", lower=None)
    missing = window.columns(f"{kind}/missing", priced, unit, "what is missing in the hour, at a price")
    window.rows(
        f"{kind}/room_is",
        concerned,
        unit,
        "room[c,t] = what the hour has less what the clause asks of it",
        lambda c, t: room[c, t] - rooms[c][t] == 0 if t in rooms[c] else SKIP,
    )
    window.rows(
        f"{kind}/hourly",
        [name for name in concerned if strictness[name] != "watched"],
        unit,
        "room[c,t] + missing[c,t] >= 0",
        lambda c, t: room[c, t] + (missing[c, t] if c in priced else 0.0) >= 0 if t in rooms[c] else SKIP,
    )
    for clause, _ in asked:
        if clause.name in priced:
            missed = sum(missing[clause.name, t] for t in rooms[clause.name])
            window.cost(f"clauses missed/{clause.name}", clause.penalty * missed)


def hourly_requirements(
    plan: Plan, clauses: Sequence[Clause], unit: str, scale: float, measured: Callable[[Clause, int], bool]
) -> list[Requirement]:
    """What the clauses of one kind ask of every hour, for the board.

    Args:
        plan: the plan.
        clauses: those of the case.
        unit, scale: printed unit of the room, and inside units per printed one.
        measured: whether any modelled hour of a stage concerns a clause.
    """
    return [
        Requirement(
            c, y, ">=", 0.0, unit, scale, has_base=False, by_hour=True, hourly=f"{c.kind}/hourly",
            measured=measured(c, y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]  # fmt: skip
