"""Hydrogen and heat counted again, from the labelled values and the data, not from the matrix.

    hydrogen  level[s,t] - keep[s]^h*level[s,t-1] - h*sum(coefficient[s,x]*x[t], x poured into s)  [MWh]
    heat      sum(coefficient[n,x]*factor[x,t]*x[t], x poured into n) - demand[n,t]                [MWh]
    stores    level[s,t] - keep[s]^h*level[s,t-1] - h*(charge[s,t] - discharge[s,t])               [MWh]
    periods   start[s,p+1] - keep[s]^T*start[s,p] - level[s,T-1 of the period that stands for p]   [MWh]

`h` is the length of a step [h]. A balance that a file of a user's own feeds by an expression cannot be counted again
and is left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome.carriers import parts
from qhenergy.outcome.hourly import period_starts
from qhenergy.outcome.result import Result

Array = NDArray[np.float64]
#: Balances of stores: family of their level, and table that says what they keep.
LEVELS = {"hydrogen": ("hydrogen/level", "hydrogen_stores"), "heat_store": ("heat_store/level", "heat_stores")}


def carrier_imbalance(result: Result) -> pd.DataFrame:
    """Hydrogen and heat that appear or vanish in an hour.

    Returns:
        Modelled hours x balances [MWh], each named by what flows and by its store or node; NaN where it does not
        stand in a stage.
    """
    frames = [_of_stage(result, stage) for stage in result.case.stages]
    return pd.concat(frames)


def _of_stage(result: Result, stage: int) -> pd.DataFrame:
    hours = result.of_stage(stage)
    gained: dict[tuple[str, str], Array] = {}
    for feed, values in parts(result, stage):
        place = (feed.balance, feed.member)
        gained[place] = gained.get(place, 0.0) + values
        if feed.family in ("heat_store/charge", "heat_store/discharge"):
            store = ("heat_store", feed.column)
            gained[store] = gained.get(store, 0.0) - values
    untold = {(f.balance, f.member) for f in result.feeds.get(stage, []) if not f.family}
    made: dict[str, Array] = {}
    for (balance, member), values in gained.items():
        if (balance, member) in untold:
            continue
        if balance == "heat":
            made[f"heat {member}"] = values - result.series["heat/demand"][member].to_numpy()[hours]
        elif balance in LEVELS:
            now, before = _levels(result, stage, balance, member)
            made[f"{balance} {member}"] = now - before - result.case.time.step * values
    return pd.DataFrame(made, index=result.hours.index[hours])


def _keep(result: Result, balance: str, member: str) -> float:
    return 1.0 - float(result.inputs[LEVELS[balance][1]].at[member, "self_discharge"])


def _levels(result: Result, stage: int, balance: str, member: str) -> tuple[Array, Array]:
    """Level at the end of every hour, and what is left of the one before [MWh]."""
    family, hours = LEVELS[balance][0], result.of_stage(stage)
    now: Array = result.column(family)[member].to_numpy(dtype=float)[hours]
    windows = [result.of_span(span) for span in result.spans.of_stage(stage)]
    runs = [slice(w.start - hours.start, w.stop - hours.start) for w in windows]
    runs = [slice(0, len(now))] if result.spans.chained else runs
    before = np.concatenate([np.roll(now[run], 1) for run in runs])
    if member in period_starts(result, family, stage).columns:
        before[[run.start for run in runs]] = 0.0
    if known := result.before_first.get((family, member)):
        before[0] = known[1]
    return now, _keep(result, balance, member) ** result.case.time.step * before


def carrier_period_imbalance(result: Result) -> pd.DataFrame:
    """Hydrogen and heat that appear or vanish between one real period and the next.

    Returns:
        Columns stage, period, balance, imbalance [MWh]; no row in a chained year.
    """
    made = []
    for stage in result.case.stages:
        ends = np.array([result.of_span(span).stop - 1 for span in result.spans.of_stage(stage)])
        lengths = np.array([len(span) for span in result.spans.of_stage(stage)])[result.spans.sequence]
        for balance, (family, _) in LEVELS.items():
            starts = period_starts(result, family, stage)
            for member in starts.columns:
                held = starts[member].to_numpy()
                change = result.column(family)[member].to_numpy()[ends][result.spans.sequence]
                if np.isnan(change).any():
                    continue
                error = np.roll(held, -1) - _keep(result, balance, str(member)) ** lengths * held - change
                made += [(stage, p, f"{balance} {member}", e) for p, e in enumerate(error)]
    return pd.DataFrame(made, columns=["stage", "period", "balance", "imbalance [MWh]"])
