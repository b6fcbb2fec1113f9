"""The target board: what every clause of the case asks, what came of it, and what it costs.

    achieved       what the clause measures, over its base if it is a share, over the printed unit
    slack          room left, in the printed unit: positive if met with room, negative if missed
    shadow price   change of yearly cost when the requirement rises by one printed unit
                   = row dual * (base or 1) * inside units per printed unit

    price holds    from a target to another, in the printed unit. The row of a share carries the share as a
                   coefficient; its price per unit of the row holds while the row is moved by so much
    price below,   what lowering and raising the target by a unit changes where they differ: the target lies on a
    price above    kink of the cost, and the shadow price is one of those in between
    cost           least cost with the clause less that without it, over all stages; see `studies.clause_prices`.
                   Costs of clauses do not add up

A clause about every hour shows the hour with the least room, and how many hours of the year have none; its
shadow price is that of one unit more in every hour. The room of a reserve is computed from what stands by. With whole
numbers, prices and where they hold are those of the problem in which these are fixed.

A watched clause has no row and so no shadow price. A price on CO2 asks for nothing; its row shows the
emissions and the price itself. A clause whose year is still to come is not in force; one
about hours that the case does not model has nothing to measure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.outcome import clean_account
from qhenergy.outcome.flexible import missed_by_month
from qhenergy.outcome.measures import emissions
from qhenergy.outcome.result import Result
from qhenergy.outcome.standby import reserve_room
from qhenergy.policy import clean_export, clean_matching, co2_price, reserve
from qhenergy.policy.clause import Clause, Requirement
from qhenergy.policy.hourly import room_family
from qhenergy.solving.solution import EVERY_HOUR, KINK

#: Slack below this share of the requirement, or of one printed unit, counts as none.
TIGHT = 1e-5
#: The same for an hour, in printed units: an interior point leaves a few kilowatts.
HOURLY_TIGHT = 1e-3


@dataclass(frozen=True)
class ClauseRow:
    """One clause in one stage.

    Attributes:
        clause, kind, stage: which.
        strictness: `hard`, `priced` or `watched`.
        sense: `>=`, `<=`, `=`; `price` for what is paid instead of required.
        required, achieved, slack: in `unit`; None where there is none.
        unit: printed unit.
        shadow_price: change of yearly cost when the requirement rises by one `unit`; None if it has none.
        shadow_price_unit: such as `CNY/yr per 10^4 kW`.
        status: `met with room`, `binding`, `missed`, `watched: met`, `watched: missed`, `paid`,
            `watched: not paid`, `nothing to measure` or `not in force`.
        rule, document, line, quote: where it is printed.
        hours_missed: hours of the year in which a clause about every hour is missed [h/yr]; None for others.
        price_low, price_high: where the shadow price holds [price_unit]; None if not known, infinite where nothing
            ends it. Beside a kink: how far the prices for lowering and for raising hold.
        price_unit: `unit`, or the inside unit of the row of a share.
        price_below, price_above: shadow price for lowering and for raising the target, where they differ; infinite
            if it cannot be lowered or raised; None where there is one price.
        price_note: why there is no interval, `price not unique`, `whole numbers fixed`, joined by `; `.
        cost: of the clause over all its stages [CNY/yr]; None if it was not looked for or not found.
        cost_tolerance: what the cost may be wrong by [CNY/yr].
        cost_note: why it was not found.
    """

    clause: str
    kind: str
    stage: int
    strictness: str
    sense: str
    required: float | None
    achieved: float | None
    unit: str
    slack: float | None
    shadow_price: float | None
    shadow_price_unit: str
    status: str
    rule: str
    document: str
    line: str
    quote: str
    hours_missed: float | None = None
    price_low: float | None = None
    price_high: float | None = None
    price_unit: str = ""
    price_below: float | None = None
    price_above: float | None = None
    price_note: str = ""
    cost: float | None = None
    cost_tolerance: float | None = None
    cost_note: str = ""


def board(result: Result) -> list[ClauseRow]:
    """Rows of all clauses of the case, stage by stage."""
    by_place = {(r.clause.name, r.stage): r for r in result.requirements}
    rows = []
    for stage in result.case.stages:
        for clause in result.clauses:
            requirement = by_place.get((clause.name, stage))
            if requirement is not None and not requirement.measured:
                rows.append(_row(clause, stage, requirement.unit, status="nothing to measure"))
            elif requirement is not None and requirement.by_hour:
                rows.append(_by_hour(result, requirement))
            elif requirement is not None:
                rows.append(_required(result, requirement))
            elif clause.applies(stage):
                rows.append(_paid(result, clause, stage))
            else:
                rows.append(_row(clause, stage, "", status="not in force"))
    return [_costed(result, row) for row in rows]


def _costed(result: Result, row: ClauseRow) -> ClauseRow:
    """The row with the cost of its clause, where it was looked for and the clause is in force."""
    found = result.clause_costs.of(row.clause) if result.clause_costs else None
    if found is None or row.status in IDLE:
        return row
    return replace(row, cost=found.cost, cost_tolerance=found.tolerance, cost_note=found.reason)


#: States of clauses that ask nothing of a stage.
IDLE = ("nothing to measure", "not in force")


def board_table(result: Result) -> pd.DataFrame:
    """The board as a frame with the columns of `ClauseRow`."""
    names = list(ClauseRow.__dataclass_fields__)
    return pd.DataFrame([asdict(row) for row in board(result)], columns=names)


def _row(
    clause: Clause,
    stage: int,
    unit: str,
    *,
    status: str,
    sense: str = "",
    required: float | None = None,
    achieved: float | None = None,
    slack: float | None = None,
    shadow_price: float | None = None,
    hours_missed: float | None = None,
    price_note: str = "",
) -> ClauseRow:
    return ClauseRow(
        clause=clause.name,
        kind=clause.kind,
        stage=stage,
        strictness=clause.strictness,
        sense=sense,
        required=required,
        achieved=achieved,
        unit=unit,
        slack=slack,
        shadow_price=shadow_price,
        shadow_price_unit=f"CNY/yr per {unit}" if shadow_price is not None else "",
        status=status,
        hours_missed=hours_missed,
        price_note=price_note,
        **{name: str(clause.row.get(name, "")) for name in ("rule", "document", "line", "quote")},
    )


def _required(result: Result, asked: Requirement) -> ClauseRow:
    clause, stage = asked.clause, asked.stage
    base = 1.0
    if asked.has_base:
        base = float(result.column(f"{clause.kind}/base").at[stage, clause.name])
    measured = float(result.column(f"{clause.kind}/achieved").at[stage, clause.name])
    if clause.kind == clean_matching.KIND and not asked.has_base:
        measured = missed_by_month(result, clause, stage)
    # A share of nothing is no share; it cannot be missed either.
    achieved = (measured / base if base else asked.required) / asked.scale
    required = asked.required / asked.scale
    slack = {
        ">=": achieved - required,
        "<=": required - achieved,
        "=": -abs(achieved - required),
    }[asked.sense]
    tight = TIGHT * max(abs(required), 1.0)
    price = None if clause.strictness == "watched" else _price(result, asked) * base * asked.scale
    row = _row(
        clause,
        stage,
        asked.unit,
        status=_status(clause, slack, tight),
        sense=asked.sense,
        required=required,
        achieved=achieved,
        slack=slack,
        shadow_price=price,
    )
    return replace(row, **_range(result, asked, base))


def _range(result: Result, asked: Requirement, base: float) -> dict[str, Any]:
    """Where the shadow price holds, as fields of a row."""
    name, stage = asked.clause.name, asked.stage
    found = next((r for r in result.price_ranges if (r.clause, r.stage) == (name, stage)), None)
    if found is None:
        return {}
    made: dict[str, Any] = {"price_note": found.note}
    if found.low is not None and found.high is not None:
        unit, first, scale = asked.unit, asked.required, asked.scale
        if asked.has_base:
            unit, first, scale = result.problem.families["row", f"{asked.clause.kind}/requirement"].unit, 0.0, 1.0
        made |= {"price_low": (first + found.low) / scale, "price_high": (first + found.high) / scale}
        made["price_unit"] = unit
        if result.problem.whole.any():
            made["price_note"] = "; ".join(filter(None, (found.note, WHOLE)))
    if found.note == KINK and found.down is not None and found.up is not None:
        # Prices of the objective as prices of a year of the stage.
        unit_price = base * asked.scale / result.case.stage_weights[stage]
        made |= {"price_below": found.down * unit_price, "price_above": found.up * unit_price}
    return made


#: Note of a price where whole numbers are fixed.
WHOLE = "whole numbers fixed"


def _by_hour(result: Result, asked: Requirement) -> ClauseRow:
    """A clause about every hour: the tightest of them, and what one unit more in all of them costs."""
    clause, hours = asked.clause, result.of_stage(asked.stage)
    if clause.kind == reserve.KIND:
        room = reserve_room(result, clause, asked.stage) / asked.scale
    elif clause.kind == clean_export.KIND:
        # Its columns say what the book of the optimiser backed, not what could be; watched, it has none.
        room = clean_account.room(result, asked.stage, str(clause.row["send_out_line"])) / asked.scale
    else:
        # An hour of no concern has a column like any other, but no row that says what it holds.
        concerned = result.hourly_dual(f"{room_family(clause.kind)}_is").iloc[hours]
        if clause.name not in concerned or concerned[clause.name].isna().all():
            return _row(clause, asked.stage, asked.unit, status="nothing to measure")
        room = result.column(room_family(clause.kind))[clause.name].to_numpy()[hours] / asked.scale
        room = np.where(concerned[clause.name].notna(), room, np.nan)
    missing = room < -HOURLY_TIGHT
    price = None
    if clause.strictness != "watched":
        price = float(np.nansum(result.hourly_dual(asked.hourly)[clause.name].to_numpy()[hours])) * asked.scale
    least = float(np.nanmin(room))
    return _row(
        clause,
        asked.stage,
        asked.unit,
        status=_status(clause, least, HOURLY_TIGHT),
        sense=asked.sense,
        required=0.0,
        achieved=least,
        slack=least,
        shadow_price=price,
        hours_missed=float(result.weights(asked.stage) @ missing),
        price_note=EVERY_HOUR if price is not None and result.price_ranges else "",
    )


def _status(clause: Clause, slack: float, tight: float) -> str:
    if clause.strictness == "watched":
        return "watched: met" if slack >= -tight else "watched: missed"
    return "missed" if slack < -tight else "binding" if slack <= tight else "met with room"


def _price(result: Result, asked: Requirement) -> float:
    """Change of yearly cost when the right-hand side rises by one inside unit [CNY/yr]."""
    name = asked.clause.name
    price = float(result.row_dual(f"{asked.clause.kind}/requirement").at[asked.stage, name])
    if asked.hourly:
        hours = result.hourly_dual(asked.hourly)
        if name in hours.columns:
            # One more MWh of the year goes where it is worth most: an hour counts as often as it stands for.
            worth = (hours[name].to_numpy() / result.hours["weight"].to_numpy())[result.of_stage(asked.stage)]
            price += float(np.nanmin(worth, initial=0.0))
    return price


def _paid(result: Result, clause: Clause, stage: int) -> ClauseRow:
    """A clause that asks for nothing but adds to the cost."""
    watched = clause.strictness == "watched"
    status = "watched: not paid" if watched else "paid"
    if clause.kind != co2_price.KIND:
        return _row(clause, stage, "", status=status, sense="price")
    table = emissions(result)
    tonnes = float(np.sum(table["emission [t/yr]"].to_numpy()[table["stage"].to_numpy() == stage]))
    price = None if watched else float(clause.row["price"]) * EMISSION_SCALE
    return _row(
        clause, stage, EMISSION_UNIT, status=status, sense="price", achieved=tonnes / EMISSION_SCALE, shadow_price=price
    )


#: How emissions are printed, as in the clause that caps them.
EMISSION_UNIT, EMISSION_SCALE = "10^4 t", 1e4
