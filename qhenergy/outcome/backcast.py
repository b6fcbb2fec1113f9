"""A past year as modelled beside the same year as published: generation, levels, and what sun and wind gave.

    generation of months   sum of the hours of the months that stand between first and last           [MWh]
    level of a month       mean over its hours of the storage curve at the live volume                [m]
    utilisation of months  energy used over energy that sun or wind offered                           [-]

With representative periods every real period counts with the values of its representative, in the month the real
period lies in; the sum of the months is the sum of the year.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.data import record
from qhenergy.data.reservoir import level_at
from qhenergy.ground.table import Table
from qhenergy.outcome import hourly
from qhenergy.outcome.measures import total_capacity
from qhenergy.outcome.result import Result
from qhenergy.profiles.calendar import HOURS

COLUMNS = [
    "stage",
    "quantity",
    "subject",
    "first_month",
    "last_month",
    "account",
    "unit",
    "modelled",
    "published",
    "difference",
    "share [-]",
    "source",
    "confidence",
]
MONTHS = 12

Numbers = NDArray[np.float64]


def backcast(result: Result) -> pd.DataFrame:
    """Everything published of the stages of a result, beside what the model says.

    Args:
        result: of any case; a stage of which nothing was published has no row.

    Returns:
        Columns stage, quantity (`generation`, `level` or `utilisation`), subject (a group, or a station),
        first_month, last_month, account (which units the publisher counts; blank if it does not matter), unit,
        modelled, published, difference = modelled - published, share = difference over published (generation
        only), source, confidence. A case whose few hours stand for the year has no months, so no row.
    """
    if len(result.month) < HOURS:
        return pd.DataFrame(columns=COLUMNS)
    parts = [
        part.assign(stage=stage)
        for stage in result.case.stages
        for part in (_generation(result, stage), _levels(result, stage), _utilisation(result, stage))
        if not part.empty
    ]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    # A rate of nothing offered is no rate.
    made = pd.concat(parts, ignore_index=True).dropna(subset=["modelled"])
    made["difference"] = made["modelled"] - made["published"]
    energies = (made["quantity"] == "generation") & (made["published"] > 0)
    made["share [-]"] = (made["difference"] / made["published"]).where(energies)
    return made[COLUMNS].astype({"first_month": int, "last_month": int}).reset_index(drop=True)


def notes(result: Result, stage: int) -> pd.DataFrame:
    """The named differences of a stage: rows of backcast_notes that are of its year or of every year."""
    table = _recorded(result, record.NOTES)
    return table[table["year"].isna() | (table["year"] == stage)]


def as_dict(result: Result) -> dict[str, Any]:
    """The back-cast for programs that read it: title, rows as `backcast` gives them, and the named differences."""
    named = pd.concat([notes(result, stage).assign(stage=stage) for stage in result.case.stages])
    return {
        "title": result.case.title,
        "rows": backcast(result).to_dict("records"),
        "notes": named.drop(columns="year").reset_index().to_dict("records"),
    }


def monthly(result: Result, stage: int, values: Numbers) -> Numbers:
    """Sums over the months of the year.

    Args:
        result: the result.
        stage: year.
        values: of the modelled hours of the stage, shape (hours,) or (hours, n) [unit].

    Returns:
        Shape (12,) or (12, n) [unit x h]; the months add up to the year.
    """
    weights, spans = result.weights(stage), result.spans
    if spans.chained:
        month, each = result.hours["month"].to_numpy()[result.of_stage(stage)], weights
    else:
        own = spans.of_stage(stage)
        length, count = len(own[0]), len(spans.sequence)
        values = values.reshape(len(own), length, *values.shape[1:])[spans.sequence].reshape(-1, *values.shape[1:])
        hours = (spans.first_hours[:, None] + np.arange(length)[None, :]).ravel()
        month, each = result.month[hours], np.full(count * length, weights.sum() / (count * length))
    return np.array([each[month == number] @ values[month == number] for number in range(1, MONTHS + 1)])


def _compared(table: pd.DataFrame, quantity: str, unit: str, column: str) -> pd.DataFrame:
    """Rows of a table of the record, with the columns that every quantity has."""
    made = table.rename(columns={"group": "subject", "station": "subject", column: "published"})
    return made.assign(quantity=quantity, unit=unit)


def _recorded(result: Result, table: Table) -> pd.DataFrame:
    """A table of the record; without a row in a result that was stored before the table was thought of."""
    return result.inputs.frames.get(table.name, table.empty())


def _of_year(result: Result, table: Table, stage: int) -> pd.DataFrame:
    """What a table of the record says of a year."""
    rows = _recorded(result, table).reset_index()
    return rows[rows["year"] == stage]


def _between(sums: Numbers, row: pd.Series) -> float:
    """Sum from the first to the last month of a row."""
    return float(sums[int(row["first_month"]) - 1 : int(row["last_month"])].sum())


def _generation(result: Result, stage: int) -> pd.DataFrame:
    table = _compared(_of_year(result, record.GENERATION, stage), "generation", "MWh", "energy")
    if table.empty:
        return table
    dispatch = hourly.dispatch(result, stage)
    dispatch = dispatch[dispatch["role"] == "generation"]
    sums = {
        str(technology): monthly(result, stage, rows["power [MW]"].to_numpy())
        for technology, rows in dispatch.groupby("technology", sort=False)
    }

    def modelled(row: pd.Series) -> float:
        members = [t for t in result.inputs.members(str(row["subject"])) if t in sums]
        return sum(_between(sums[t], row) for t in members) if members else 0.0

    return table.assign(modelled=table.apply(modelled, axis=1))


def _levels(result: Result, stage: int) -> pd.DataFrame:
    table = _compared(_of_year(result, record.LEVELS, stage), "level", "m", "level")
    if table.empty or not result.has("hydro/level"):
        return table.iloc[:0]
    held = hourly.levels(result, "hydro/level")
    held = held[held["stage"] == stage]
    means = {}
    for station in set(table["subject"]) & set(held["member"]):
        rows = held[held["member"] == station]
        levels = level_at(result.inputs, str(station), rows["level [hm3]"])
        means[station] = pd.Series(levels).groupby(result.month[rows["hour_of_year"]]).mean()
    table = table[table["subject"].isin(list(means))]
    modelled = [float(means[s].get(int(m), np.nan)) for s, m in zip(table["subject"], table["month"], strict=True)]
    return table.assign(first_month=table["month"], last_month=table["month"], account="", modelled=modelled)


def _utilisation(result: Result, stage: int) -> pd.DataFrame:
    table = _compared(_of_year(result, record.UTILISATION, stage), "utilisation", "-", "utilisation")
    if table.empty:
        return table
    hours, installed = result.of_stage(stage), total_capacity(result, stage)
    sums: dict[str, Numbers] = {}
    for p in result.potentials[stage]:
        offered = p.scale * installed[p.asset] * result.series[p.series][p.asset].to_numpy()[hours]
        used = p.coefficient * result.column(p.family)[p.asset].to_numpy()[hours]
        both = monthly(result, stage, np.column_stack([used, offered]))
        sums[p.technology] = sums.get(p.technology, 0.0) + both

    def modelled(row: pd.Series) -> float:
        members = [t for t in result.inputs.members(str(row["subject"])) if t in sums]
        used, offered = (sum(_between(sums[t][:, i], row) for t in members) for i in (0, 1))
        return used / offered if offered > 0 else np.nan

    return table.assign(account="", modelled=table.apply(modelled, axis=1))
