"""The pattern of clauses by which something stands still for a time: a group of plants, imports, all that emits.

    <kind>/still   left[c,t] <= 0, t in the time of c

The yearly requirement of such a clause says it all; a hard clause says it hour by hour as well, because an
interior point has no interior in a sum of nothing and presolve sees through the small rows only. The shadow
price is that of the first unit in the hour where it is worth most, which is what the yearly row alone would
have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.window import Window
from qhenergy.policy.clause import Clause, Requirement


def still_family(kind: str) -> str:
    """Family of the rows that say it hour by hour."""
    return f"{kind}/still"


@dataclass(frozen=True)
class Standstill:
    """What a clause wants to stand still in a window.

    Attributes:
        clause: the clause.
        hours: hours of the window in its time.
        left: hour -> what runs nonetheless, never negative; a linear expression or a number.
    """

    clause: Clause
    hours: Sequence[int]
    left: Callable[[int], Any]


def meter_standstills(window: Window, kind: str, unit: str, asked: Sequence[Standstill]) -> None:
    """Meter what runs nonetheless, under the name of the clause file.

    Args:
        window: the window.
        kind: name of the clause file.
        unit: of what runs.
        asked: what each clause wants.
    """
    for still in asked:
        window.meter(kind, still.clause.name, unit, pyo.quicksum(still.left(t) for t in still.hours))


def write_standstills(window: Window, kind: str, unit: str, asked: Sequence[Standstill]) -> None:
    """Forbid hour by hour what hard clauses in force want to stand still; arguments as in `meter_standstills`."""
    enforced = {s.clause.name: s for s in asked if s.clause.strictness == "hard" and s.clause.applies(window.stage)}
    times = {name: set(still.hours) for name, still in enforced.items()}

    def still(name: str, t: int) -> Any:
        if t not in times[name]:
            return SKIP
        left = enforced[name].left(t)
        return left <= 0 if not isinstance(left, (int, float)) else SKIP

    window.rows(f"{kind}/still", enforced, unit, "left[c,t] <= 0, t in the time of c", still)


def still_requirement(
    clause: Clause, stage: int, unit: str, scale: float, allowed: float = 0.0, measured: bool = True
) -> Requirement:
    """What such a clause asks of a year.

    Args:
        clause, stage: whose and when.
        unit, scale: printed unit, and inside units per printed one.
        allowed: most of the year [inside unit]; only where it is nothing it is said hour by hour.
        measured: whether any hour of the case is in its time.
    """
    hourly = still_family(clause.kind) if clause.strictness == "hard" and allowed == 0 else ""
    return Requirement(clause, stage, "<=", allowed, unit, scale, has_base=False, hourly=hourly, measured=measured)
