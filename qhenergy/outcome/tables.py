"""The main tables of a result by file name, as they are written beside it."""

from __future__ import annotations

import pandas as pd

from qhenergy.outcome import balances, flexible, hourly, measures, sector_costs, sectors
from qhenergy.outcome.backcast import backcast
from qhenergy.outcome.board import board_table
from qhenergy.outcome.result import Result


def main_tables(result: Result) -> dict[str, pd.DataFrame]:
    """Every main table by name; a table without a row is left out."""
    made = {
        "costs": measures.costs(result),
        "stages": measures.horizon(result),
        "costs_by_stage": measures.costs_by_stage(result),
        "capacity": measures.capacity(result),
        "energy": measures.energy_by_role(result),
        "demand_by_sector": sectors.demand(result),
        "prices_by_sector": sectors.prices(result),
        "costs_by_sector": sector_costs.costs(result),
        "generation": measures.generation(result),
        "full_load_hours": measures.full_load_hours(result),
        "curtailment": measures.curtailment(result, ("technology", "zone")),
        "storage": measures.storage(result),
        "flexible": flexible.flexible(result),
        "flexible_by_sector": flexible.by_sector(result),
        "siting": flexible.siting(result),
        "losses": measures.losses(result),
        "unserved": measures.unserved(result),
        "emissions": measures.emissions(result),
        "corridors": hourly.corridors(result),
        "send_out": hourly.send_out(result),
        "water": balances.water_summary(result),
        "dispatch": pd.concat([hourly.dispatch(result, stage) for stage in result.case.stages], ignore_index=True),
        "prices": hourly.prices(result),
        "backcast": backcast(result),
    }
    if len(result.case.stages) == 1:
        # Of one stage they say what the costs say.
        del made["stages"], made["costs_by_stage"]
    if result.has("hydro/level"):
        made["reservoirs"] = hourly.levels(result, "hydro/level")
    made |= clause_tables(result)
    return {name: table for name, table in made.items() if not table.empty}


def clause_tables(result: Result) -> dict[str, pd.DataFrame]:
    """The tables that tell what clauses cost: the board, and every cost with its tolerance, all together last."""
    costs = result.clause_costs
    found = [] if costs is None else [*costs.clauses, *([costs.together] if costs.together else [])]
    rows = [
        {
            "clause": c.clause or "(all together)",
            "cost [CNY/yr]": c.cost,
            "tolerance [CNY/yr]": c.tolerance,
            "not priced because": c.reason,
            "time [s]": c.seconds,
            "solver": c.solver,
        }
        for c in found
    ]
    return {"clauses": board_table(result), "clause_costs": pd.DataFrame(rows)}
