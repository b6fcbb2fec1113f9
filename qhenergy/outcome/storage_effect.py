"""What other storage does to a system: energy of sun and wind recovered, CO2, what is missed, what clauses achieve."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.outcome import measures
from qhenergy.outcome.board import ClauseRow, board
from qhenergy.outcome.hourly import send_out
from qhenergy.outcome.result import Result

OFFERED, USED, CURTAILED = "offered", "renewable energy used", "curtailed"
SHARE, CO2, UNSERVED, MISSING = "curtailment", "CO2", "unserved", "send-out missing"
UNITS = {
    OFFERED: "MWh/yr",
    USED: "MWh/yr",
    CURTAILED: "MWh/yr",
    SHARE: "-",
    CO2: "t/yr",
    UNSERVED: "MWh/yr",
    MISSING: "MWh/yr",
}


def effect(before: Result, after: Result) -> pd.DataFrame:
    """Measures of two results side by side.

    The change of `renewable energy used` is the energy of sun and wind that is recovered, whether what is offered stays
    the same or not; that of `curtailed` is what is no longer left.

    Returns:
        Columns stage, measure (one of `UNITS`), unit, before, after, change.
    """
    rows = []
    for stage in before.case.stages:
        first, second = _of_stage(before, stage), _of_stage(after, stage)
        rows += [
            (stage, name, unit, first[name], second[name], second[name] - first[name]) for name, unit in UNITS.items()
        ]
    return pd.DataFrame(rows, columns=["stage", "measure", "unit", "before", "after", "change"])


def _of_stage(result: Result, stage: int) -> dict[str, float]:
    def total(table: pd.DataFrame, column: str) -> float:
        return float(table.loc[table["stage"] == stage, column].sum())

    weather = measures.potentials(result)
    offered, used = (total(weather, f"{word} [MWh/yr]") for word in ("offered", "used"))
    sent = send_out(result)
    return {
        OFFERED: offered,
        USED: used,
        CURTAILED: offered - used,
        SHARE: (offered - used) / offered if offered > 0 else 0.0,
        CO2: total(measures.emissions(result), "emission [t/yr]"),
        UNSERVED: total(measures.unserved(result), measures.ENERGY),
        MISSING: total(sent, "missing [MWh/yr]") if len(sent) else 0.0,
    }


def clauses(before: Result, after: Result) -> pd.DataFrame:
    """What every clause on the board of either result asks, and what it achieved in both.

    Returns:
        Columns stage, clause, kind, sense, unit, required, before, after, status before, status after; None where a
        result has no such clause, or a clause no such number. What is required is that of the second result.
    """
    boards = [{(row.stage, row.clause): row for row in board(result)} for result in (before, after)]
    places = list(dict.fromkeys(place for rows in boards for place in rows))
    made = []
    for place in places:
        first, second = (rows.get(place) for rows in boards)
        known = second or first
        assert known is not None
        achieved, status = (
            [_of(row, "achieved") for row in (first, second)],
            [_of(row, "status") for row in (first, second)],
        )
        made.append((*place, known.kind, known.sense, known.unit, known.required, *achieved, *status))
    names = ["stage", "clause", "kind", "sense", "unit", "required", "before", "after", "status before", "status after"]
    return pd.DataFrame(made, columns=names).astype(object).replace({np.nan: None})


def _of(row: ClauseRow | None, name: str) -> object:
    return None if row is None else getattr(row, name)
