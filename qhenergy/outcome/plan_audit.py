"""What the audit of a portfolio found: what it misses, what it costs beside the least cost, and how it is mended.

The cost of a year is told in three parts: money that somebody pays; the price of what is not delivered (demand,
hydrogen, heat, send-out, water); the price of clauses that are missed, which is no cost and only makes missing them
the last resort.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from qhenergy.outcome import measures
from qhenergy.outcome.board import ClauseRow, board
from qhenergy.outcome.result import Result

CLAUSES = ("clauses missed",)
UNDELIVERED = ("unserved energy", "unserved hydrogen", "unserved heat", "send-out shortfall", "water missed")
#: A change of capacity below this is none [MW], [MWh].
CHANGED = 0.1


@dataclass(frozen=True)
class Cost:
    """Cost of a year in its three parts [CNY/yr]."""

    money: float
    undelivered: float
    clauses: float

    @property
    def total(self) -> float:
        """All three."""
        return self.money + self.undelivered + self.clauses

    def __sub__(self, other: Cost) -> Cost:
        """Part by part."""
        return Cost(self.money - other.money, self.undelivered - other.undelivered, self.clauses - other.clauses)


def cost(named: Mapping[str, float]) -> Cost:
    """The three parts of named costs [CNY/yr]."""

    def of(groups: tuple[str, ...]) -> float:
        return sum(value for name, value in named.items() if name.split("/", 1)[0] in groups)

    clauses, undelivered = of(CLAUSES), of(UNDELIVERED)
    return Cost(sum(named.values()) - clauses - undelivered, undelivered, clauses)


@dataclass(frozen=True)
class Step:
    """What fixing some technologies adds, those of the steps before already released.

    Attributes:
        names: technologies that are released in the step.
        fixed, free: their capacity by the portfolio and at least cost [MW].
        adds: what is saved when they are released.
    """

    names: tuple[str, ...]
    fixed: float
    free: float
    adds: Cost


@dataclass(frozen=True)
class Repair:
    """The least cost at which every clause is met.

    Attributes:
        kind: `add` if capacities may only be more, or `any`.
        changes: stage, technology, zone, capacity [MW], energy [MWh]: what differs from the portfolio.
        cost: of the repaired plan.
        folder: its result.
        reason: why there is none, in words; then all else is empty.
        explanation: the same as JSON has it.
    """

    kind: str
    changes: pd.DataFrame
    cost: Cost | None
    folder: Path | None
    reason: str = ""
    explanation: dict[str, Any] | None = None


@dataclass(frozen=True)
class PlanAudit:
    """What was found.

    Attributes:
        source: the file of the portfolio.
        result, folder: how the portfolio runs, every clause missed at a price.
        cost, least: of the portfolio, and of the least-cost plan in which clauses may be missed at the same price.
        steps: from the one to the other; what they add sums to the difference.
        repair: how it is mended.
    """

    source: str
    result: Result
    folder: Path
    cost: Cost
    least: Cost
    steps: tuple[Step, ...]
    repair: Repair

    def clauses(self) -> list[ClauseRow]:
        """The board of the hard clauses, what is missed first."""
        rows = [row for row in board(self.result) if row.strictness == "hard"]
        return sorted(rows, key=lambda row: row.status != "missed")


def changed(before: Result, after: Result) -> pd.DataFrame:
    """Capacity and stored energy of one result less those of another, by technology and zone, where they differ.

    Returns:
        Columns stage, technology, zone, capacity [MW], energy [MWh].
    """
    keys = ["stage", "technology", "zone"]
    tables = [
        measures.capacity_by(result).set_index(keys)[["total [MW]", "energy [MWh]"]].fillna(0.0)
        for result in (before, after)
    ]
    made = (tables[1] - tables[0]).rename(columns={"total [MW]": "capacity [MW]"}).reset_index()
    differs = made[["capacity [MW]", "energy [MWh]"]].abs().max(axis=1) > CHANGED
    return made[differs].reset_index(drop=True)


def as_dict(found: PlanAudit) -> dict[str, Any]:
    """An audit of a portfolio as JSON has it."""
    repair = found.repair
    return {
        "portfolio": found.source,
        "result": str(found.folder),
        "clauses": [
            {"id": r.clause, "status": r.status, "sense": r.sense, "required": r.required, "achieved": r.achieved,
             "slack": r.slack, "unit": r.unit, "hours_missed": r.hours_missed}
            for r in found.clauses()
        ],
        "unserved_mwh": float(measures.unserved(found.result)[measures.ENERGY].sum()),
        "emissions_t": float(measures.emissions(found.result)["emission [t/yr]"].sum()),
        "cost": _of_cost(found.cost),
        "least_cost": _of_cost(found.least),
        "steps": [
            {"released": list(s.names), "fixed_mw": s.fixed, "free_mw": s.free, "adds": _of_cost(s.adds)}
            for s in found.steps
        ],
        "repair": {
            "kind": repair.kind,
            "result": str(repair.folder) if repair.folder else None,
            "cost": _of_cost(repair.cost) if repair.cost else None,
            "changes": repair.changes.to_dict("records"),
            "explanation": repair.explanation,
        },
    }  # fmt: skip


def _of_cost(found: Cost) -> dict[str, float]:
    return {"money": found.money, "undelivered": found.undelivered, "clauses": found.clauses, "total": found.total}
