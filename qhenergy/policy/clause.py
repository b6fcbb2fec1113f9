"""What every clause has: a requirement with its source, hard, priced or watched.

    <kind>/measured      achieved[c,y] = what the clause measures
    <kind>/share_of      base[c,y] = what a share is a share of
    <kind>/requirement   achieved[c,y] + short[c,y] - over[c,y] (>=, <= or =) required[c,y] * base[c,y]

`short` and `over` exist for priced clauses only, at the clause's penalty per unit. A watched clause has
no requirement row: what it achieves is reported, nothing is enforced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.plan import Plan
from qhenergy.data.river import river
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Column, text

#: Columns of every clause table that say where the requirement is from.
PROVENANCE: tuple[Column, ...] = (
    text("rule", "rule of the plan documents, such as R01", default=""),
    text("document", "document it is printed in", default=""),
    text("line", "line of the document", default=""),
    text("quote", "its wording", default=""),
)


@dataclass(frozen=True)
class Clause:
    """A row of a clause table as a case uses it.

    Attributes:
        name: key of the row.
        kind: name of the clause file.
        strictness: `hard`, `priced` or `watched`.
        penalty: price of a unit missed, for a priced clause [CNY per inside unit].
        row: the row of the table, in inside units.
        until: last stage it is in force in; None if it stays.
    """

    name: str
    kind: str
    strictness: str
    penalty: float
    row: pd.Series
    until: int | None = None

    def applies(self, stage: int) -> bool:
        """Whether the clause is in force in a stage."""
        return stage >= int(self.row["year"]) and (self.until is None or stage <= self.until)


@dataclass(frozen=True)
class Requirement:
    """What a clause asks of one stage, and how the board prints it.

    Attributes:
        clause, stage: whose and when.
        sense: `>=`, `<=` or `=`.
        required: right-hand side [inside unit, or share of the base].
        unit: printed unit of `required` and of what is achieved.
        scale: inside units per printed unit.
        has_base: whether it is a share of a base that the plan decides.
        hourly: family of window rows that say the same hour by hour, and carry its price; empty if none.
        measured: whether the hours of the case hold anything it could be measured by.
        by_hour: whether it is asked of every hour and has no row of the year; see `policy.hourly`.
    """

    clause: Clause
    stage: int
    sense: str
    required: float
    unit: str
    scale: float
    has_base: bool
    hourly: str = ""
    measured: bool = True
    by_hour: bool = False


@dataclass(frozen=True)
class Demand:
    """A requirement with the expressions that measure it, before it is written; see `Requirement.measured`."""

    requirement: Requirement
    achieved: Any = 0.0
    base: Any = 1.0


def refuse_absent_stations(plan: Plan, table: str, clauses: Sequence[Clause]) -> None:
    """Refuse clauses about the release of a station that does not stand: asked of nothing, they would be met.

    Args:
        plan: the plan.
        table: of the clauses, with a column `station`.
        clauses: those of the case.

    Raises:
        InputError: one or more are in force in a stage in which their station does not stand.
    """
    faults = []
    for stage in plan.case.stages:
        standing = river(plan.inputs["hydro_stations"], stage).stations
        for c in clauses:
            if c.applies(stage) and str(c.row["station"]) not in standing:
                found, expected = f'station "{c.row["station"]}"', f"a station of the system that stands in {stage}"
                remedy = "Name another one, give `year` the year it comes, or switch the clause off."
                faults.append(Fault(f"{table}.csv, row {c.name}", found, expected, remedy))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def write_requirements(
    plan: Plan, kind: str, unit: str, demands: Sequence[Demand], base_unit: str = ""
) -> list[Requirement]:
    """Write the rows of all clauses of one kind.

    Args:
        plan: the plan.
        kind: name of the clause file.
        unit: inside unit of what is achieved.
        demands: one for each clause and stage in force.
        base_unit: inside unit of what a share is a share of; that of what is achieved if empty.

    Returns:
        The requirements, for the board.
    """
    asked = [d.requirement for d in demands]
    demands = [d for d in demands if d.requirement.measured]
    if not demands:
        return asked
    by_place = {(d.requirement.clause.name, d.requirement.stage): d for d in demands}
    names = list(dict.fromkeys(d.requirement.clause.name for d in demands))
    shares = [n for n in names if any(d.requirement.has_base for (m, _), d in by_place.items() if m == n)]
    enforced = [n for n in names if _strictness(by_place, n) != "watched"]
    priced = [n for n in names if _strictness(by_place, n) == "priced"]
    achieved = plan.columns(f"{kind}/achieved", names, unit, "what the clause measures", lower=None)
    base = plan.columns(f"{kind}/base", shares, base_unit or unit, "what the share is a share of", lower=None)
    short = plan.columns(f"{kind}/short", priced, unit, "what is missing, at a price")
    over = plan.columns(f"{kind}/over", priced, unit, "what is too much, at a price")
    plan.rows(
        f"{kind}/measured",
        names,
        unit,
        "achieved[c,y] = what the clause measures",
        lambda c, y: achieved[c, y] - by_place[c, y].achieved == 0 if (c, y) in by_place else SKIP,
    )
    plan.rows(
        f"{kind}/share_of",
        shares,
        base_unit or unit,
        "base[c,y] = what a share is a share of",
        lambda c, y: base[c, y] - by_place[c, y].base == 0 if (c, y) in by_place else SKIP,
    )

    def requirement(c: str, y: int) -> Any:
        if (c, y) not in by_place:
            return SKIP
        asked = by_place[c, y].requirement
        given = asked.required * (base[c, y] if asked.has_base else 1.0)
        left = achieved[c, y] + (short[c, y] - over[c, y] if c in priced else 0.0)
        if asked.has_base:
            left, given = left - given, 0.0
        if asked.sense == ">=":
            return left >= given
        return left <= given if asked.sense == "<=" else left == given

    plan.rows(
        f"{kind}/requirement",
        enforced,
        unit,
        "achieved[c,y] + short[c,y] - over[c,y] (>=, <= or =) required[c,y] * base[c,y]",
        requirement,
    )
    for name in priced:
        for (c, y), demand in by_place.items():
            if c == name:
                price = demand.requirement.clause.penalty
                plan.cost(f"clauses missed/{name}", price * (short[c, y] + over[c, y]), y)
    return asked


def _strictness(by_place: dict[tuple[str, int], Demand], name: str) -> str:
    return next(d.requirement.clause.strictness for (n, _), d in by_place.items() if n == name)
