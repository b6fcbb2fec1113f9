"""The main tables of a result by file name, as they are written beside it."""

from __future__ import annotations

import pandas as pd

from qhenergy.outcome import balances, hourly, measures
from qhenergy.outcome.backcast import backcast
from qhenergy.outcome.board import board_table
from qhenergy.outcome.result import Result


def main_tables(result: Result) -> dict[str, pd.DataFrame]:
    """Every main table by name; a table without a row is left out."""
    made = {
        "costs": measures.costs(result),
        "capacity": measures.capacity(result),
        "energy": measures.energy_by_role(result),
        "generation": measures.generation(result),
        "full_load_hours": measures.full_load_hours(result),
        "curtailment": measures.curtailment(result, ("technology", "zone")),
        "storage": measures.storage(result),
        "losses": measures.losses(result),
        "unserved": measures.unserved(result),
        "emissions": measures.emissions(result),
        "clauses": board_table(result),
        "corridors": hourly.corridors(result),
        "send_out": hourly.send_out(result),
        "water": balances.water_summary(result),
        "dispatch": pd.concat([hourly.dispatch(result, stage) for stage in result.case.stages], ignore_index=True),
        "prices": hourly.prices(result),
        "backcast": backcast(result),
    }
    if result.has("hydro/level"):
        made["reservoirs"] = hourly.levels(result, "hydro/level")
    return {name: table for name, table in made.items() if not table.empty}
