"""The summary: the main numbers of a result as JSON, for programs that read them.

    title           of the case
    stages          years planned for
    created         local time of the solution
    versions        of this program and of what it rests on
    objective       yearly cost [CNY/yr]
    costs           cost by name [CNY/yr], stages with their weights; they add up to the objective
    costs_by_stage  cost by name of a year of the stage [CNY/yr]
    horizon         years, discounted_years, weight, cost and penalties [CNY/yr], value [CNY] of the stage
    capacity_mw     by technology and zone: base, committed, added, retired, total
    energy_mwh      stored energy by technology and zone
    generation_mwh  by technology [MWh/yr]
    curtailment     by technology: offered_mwh, used_mwh, curtailed_mwh, share
    demand_mwh      by sector and zone [MWh/yr]; none where sectors are not told apart
    sector_prices   by sector: marginal price of what it takes [CNY/MWh]
    sector_costs    by sector and other taker: average cost of what it is served [CNY/MWh]
    exchange_mwh    by role: import, export, send_out, pumping, unserved and the others [MWh/yr], signed from the system
    emissions_t     CO2 [t/yr]
    indicators      days without fossil power, clean shares, average cost, prices, intensity; see `outcome.indicators`
    clauses         the target board, clause by clause
    all_clauses     what all enforced clauses together cost [CNY/yr], if it was looked for: cost, tolerance, note
    solve           sizes, times, memory, solver, status
    audit           what `outcome.audit` found

A case with several stages has what belongs to a stage under the year: `capacity_mw["2030"]["wind"]`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from qhenergy.outcome import measures, sector_costs, sectors
from qhenergy.outcome.audit import Audit, audit
from qhenergy.outcome.board import ClauseRow, board
from qhenergy.outcome.indicators import indicators
from qhenergy.outcome.result import Result

CAPACITIES = ("base", "committed", "added", "retired", "total")


def summary(result: Result, found: Audit | None = None) -> dict[str, Any]:
    """The summary of a result.

    Args:
        result: the result.
        found: its audit, if it was made already.
    """
    costs, capacities = measures.costs(result), measures.capacity_by(result)
    generation = measures.generation(result, ("technology",))
    exchange = measures.energy_by_role(result).groupby(["stage", "role"], sort=False, as_index=False)
    storing = capacities.dropna(subset=["energy [MWh]"])
    found = found or audit(result)
    return {
        "title": result.case.title,
        "stages": list(result.case.stages),
        "created": result.created,
        "versions": dict(result.versions),
        "objective": result.objective,
        "costs": dict(zip(costs["name"], costs["cost [CNY/yr]"].tolist(), strict=True)),
        "costs_by_stage": _by_stage(
            result, measures.costs_by_stage(result), lambda part: _pairs(part, "name", "cost [CNY/yr]")
        ),
        "horizon": _by_stage(result, measures.horizon(result), _horizon),
        "capacity_mw": _by_stage(result, capacities, lambda part: _nested(part, _capacities)),
        "energy_mwh": _by_stage(result, storing, lambda part: _nested(part, lambda row: row["energy [MWh]"])),
        "generation_mwh": _by_stage(result, generation, lambda part: _pairs(part, "technology", measures.ENERGY)),
        "curtailment": _by_stage(result, measures.curtailment(result), _curtailments),
        "demand_mwh": _by_stage(result, sectors.demand(result), _demands),
        "sector_prices": _by_stage(result, sectors.prices(result), lambda part: _pairs(part, "sector", sectors.PRICE)),
        "sector_costs": _by_stage(
            result, sector_costs.by_sector(result), lambda part: _pairs(part, "sector", sector_costs.AVERAGE)
        ),
        "exchange_mwh": _by_stage(
            result, exchange[measures.ENERGY].sum(), lambda part: _pairs(part, "role", measures.ENERGY)
        ),
        "emissions_t": _by_stage(result, measures.emissions(result), lambda part: float(part["emission [t/yr]"].sum())),
        "indicators": _of_stages(result, lambda stage: indicators(result, stage).as_dict()),
        "clauses": [_clause(row) for row in board(result)],
        "all_clauses": _together(result),
        "solve": dict(result.solve),
        "audit": found.as_dict(),
    }


def as_json(summed: dict[str, Any]) -> str:
    """A summary as JSON; a number that is none becomes null, since JSON has no word for it."""
    return json.dumps(_plain(summed), ensure_ascii=False, indent=2, allow_nan=False)


def _plain(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def _by_stage(result: Result, table: pd.DataFrame, shape: Callable[[pd.DataFrame], Any]) -> Any:
    """What `shape` makes of the rows of the stage; by year if there are several."""
    return _of_stages(result, lambda stage: shape(table[table["stage"] == stage]))


def _of_stages(result: Result, shape: Callable[[int], Any]) -> Any:
    """What `shape` makes of the stage; by year if there are several."""
    made = {str(stage): shape(stage) for stage in result.case.stages}
    return made if len(made) > 1 else next(iter(made.values()))


def _horizon(part: pd.DataFrame) -> dict[str, float]:
    return {str(name).split(" ")[0]: float(value) for name, value in part.iloc[0].drop("stage").items()}


def _nested(part: pd.DataFrame, shape: Callable[[dict[str, Any]], Any]) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for row in part.to_dict("records"):
        made.setdefault(row["technology"], {})[row["zone"]] = shape(row)
    return made


def _demands(part: pd.DataFrame) -> dict[str, dict[str, float]]:
    made: dict[str, dict[str, float]] = {}
    for row in part.to_dict("records"):
        made.setdefault(row["sector"], {})[row["zone"]] = float(row[measures.ENERGY])
    return made


def _capacities(row: dict[str, Any]) -> dict[str, float]:
    return {word: float(row[f"{word} [MW]"]) for word in CAPACITIES}


def _pairs(part: pd.DataFrame, key: str, value: str) -> dict[str, float]:
    return dict(zip(part[key], part[value].tolist(), strict=True))


def _curtailments(part: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {
        row["technology"]: {
            "offered_mwh": float(row["offered [MWh/yr]"]),
            "used_mwh": float(row["used [MWh/yr]"]),
            "curtailed_mwh": float(row["curtailed [MWh/yr]"]),
            "share": float(row["share [-]"]),
        }
        for row in part.to_dict("records")
    }


def _together(result: Result) -> dict[str, Any] | None:
    found = result.clause_costs.together if result.clause_costs else None
    return None if found is None else {"cost": found.cost, "tolerance": found.tolerance, "note": found.reason}


def _clause(row: ClauseRow) -> dict[str, Any]:
    return {
        "id": row.clause,
        "kind": row.kind,
        "stage": row.stage,
        "sense": row.sense,
        "required": row.required,
        "achieved": row.achieved,
        "unit": row.unit,
        "slack": row.slack,
        "dual": row.shadow_price,
        "dual_unit": row.shadow_price_unit,
        "dual_holds": {
            "low": row.price_low,
            "high": row.price_high,
            "unit": row.price_unit,
            "dual_below": row.price_below,
            "dual_above": row.price_above,
            "note": row.price_note,
        },
        "cost": row.cost,
        "cost_tolerance": row.cost_tolerance,
        "cost_note": row.cost_note,
        "strictness": row.strictness,
        "status": row.status,
        "hours_missed": row.hours_missed,
        "source": {"rule": row.rule, "document": row.document, "line": row.line, "quote": row.quote},
    }
