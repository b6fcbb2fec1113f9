"""Hydrogen, heat and captured CO2: what was poured into every balance that is not a zone's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.joins import Feed
from qhenergy.outcome.result import Result

Array = NDArray[np.float64]
#: Unit of each balance.
UNITS = {"hydrogen": "MWh", "heat": "MWh", "captured_co2": "t"}


def parts(result: Result, stage: int) -> Iterator[tuple[Feed, Array]]:
    """What every column gave to its balance in the hours of a stage [unit of the balance per hour]."""
    hours = result.of_stage(stage)
    columns: dict[str, pd.DataFrame] = {}
    for feed in result.feeds.get(stage, []):
        if feed.balance not in UNITS or not feed.family:
            continue
        if feed.family not in columns:
            columns[feed.family] = result.column(feed.family).iloc[hours]
        values = feed.coefficient * columns[feed.family][feed.column].to_numpy(dtype=float)
        if feed.series:
            values = values * result.series[feed.series][feed.column].to_numpy()[hours]
        yield feed, values


def year(result: Result) -> pd.DataFrame:
    """What was made, used, stored and sold of hydrogen, heat and captured CO2 in a year.

    Returns:
        Columns stage, balance, member, role, technology, column, amount [MWh/yr, or t/yr of CO2]; positive is what a
        balance gained. Heat that was asked is a role, `demand`, as well.
    """
    rows = []
    for stage in result.case.stages:
        weights, nodes = result.weights(stage), set()
        for feed, values in parts(result, stage):
            amount = float(weights @ np.nan_to_num(values))
            rows.append((stage, feed.balance, feed.member, feed.role, feed.technology, feed.column, amount))
            nodes |= {feed.member} if feed.balance == "heat" else set()
        asked = result.series.get("heat/demand", pd.DataFrame())
        for node in asked.columns:
            if node in nodes:
                amount = -float(weights @ asked[node].to_numpy()[result.of_stage(stage)])
                rows.append((stage, "heat", str(node), "demand", "demand", str(node), amount))
    names = ["stage", "balance", "member", "role", "technology", "column", "amount"]
    return pd.DataFrame(rows, columns=names)
