"""Why energy is curtailed: every MWh that sun and wind offered and nobody took, by cause, hour by hour.

What is curtailed has the value zero (or its variable cost) in its zone: by complementary slackness no move that could
take it earns anything. The rule follows one more MWh of it as far as it goes free of charge, over corridors, into
stores and through them to other hours, to lines; see `dual_walk`. Around the reach stand the limits that hold it in:
a section, a full store or its charging power, the least output of units (and the reserve or strength that keeps them on
line), a clause on the plant itself. Each weighs what relieving it by one unit earns; the MWh is shared in proportion,
so that the parts of an hour sum to what is curtailed in it. Two limits need a word:

- The curve of a line earns nothing by its own dual, since the model pays nobody for more than the curve. One more MWh
  asked in this hour is worth what a MWh delivered costs on the mean of the year (the mean dual of `send_out/schedule`,
  weighted by what is sent): that much is saved if the MWh is asked here instead of there.
- Where nothing around the reach earns anything the energy is curtailed because nobody needs it (`nobody`); but a line
  in reach that asks no more is named, even if its deliveries cost nothing at any hour.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome.dual_walk import Walk
from qhenergy.outcome.measures import total_capacity
from qhenergy.outcome.result import Result

#: Power below this is what a solver leaves [MW].
LEAST_MW = 1e-3
COLUMNS = ("stage", "hour", "zone", "technology", "cause", "limit", "energy [MWh]")


def curtailed(result: Result, stage: int) -> pd.DataFrame:
    """What sun and wind offered and nobody took, hour by hour [MW].

    Returns:
        Rows of `Result.hours` of the stage; columns (technology, zone, asset), none negative.
    """
    hours, installed = result.of_stage(stage), total_capacity(result, stage)
    made: dict[tuple[str, str, str], NDArray[np.float64]] = {}
    for p in result.potentials[stage]:
        offered = p.scale * result.series[p.series][p.asset].to_numpy()[hours] * installed[p.asset]
        used = p.coefficient * np.nan_to_num(result.column(p.family)[p.asset].to_numpy()[hours])
        made[p.technology, p.zone, p.asset] = np.maximum(offered - used, 0.0)
    frame = pd.DataFrame(made, index=result.hours.index[hours])
    frame.columns = pd.MultiIndex.from_tuples(list(made), names=["technology", "zone", "asset"])
    return frame


def delivery_cost(result: Result) -> dict[str, float]:
    """What a MWh delivered over each line with a curve costs, on the mean of what is sent [CNY/MWh]."""
    if ("row", "send_out/schedule") not in result.problem.families:
        return {}
    duals = result.row_dual("send_out/schedule").div(result.hours["weight"], axis=0)
    sent = result.column("send_out/sent")
    made = {}
    for line in duals.columns:
        power = np.nan_to_num(sent[line].to_numpy())
        cost = np.nan_to_num(duals[line].to_numpy())
        made[str(line)] = float(power @ cost / power.sum()) if power.sum() > 0 else 0.0
    return made


def curtailment_causes(result: Result, stage: int) -> pd.DataFrame:
    """Every curtailed MWh with its cause.

    Args:
        result: of a fixed fleet, in hours that are a chained year or a part of it.
        stage: year.

    Returns:
        Columns `COLUMNS`: `hour` is the row of `Result.hours`, `limit` the key of what binds, and `energy` that of one
        hour, not weighted. The parts of an hour, zone and technology sum to what is curtailed there.
    """
    table = curtailed(result, stage)
    walk = Walk(result, missing=False, worth=delivery_cost(result))
    columns = {p.asset: positions(result, p.family, p.asset) for p in result.potentials[stage]}
    rows = []
    for (technology, zone, asset), power in table.items():
        for hour in np.flatnonzero(power.to_numpy() > LEAST_MW).tolist():
            energy = float(power.iloc[hour])
            place = int(table.index[hour])
            for limit, share in walk.shares(columns[asset][place]).items():
                rows.append((stage, place, zone, technology, limit.cause, limit.name, share * energy))
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    return made.groupby(list(COLUMNS[:-1]), sort=False, as_index=False)["energy [MWh]"].sum()


def by_month(result: Result, causes: pd.DataFrame) -> pd.DataFrame:
    """Energy of a year by month and cause: months x causes [MWh/yr]."""
    hours = result.hours.loc[causes["hour"]]
    weighted = causes["energy [MWh]"].to_numpy() * hours["weight"].to_numpy()
    made = pd.DataFrame({"month": hours["month"].to_numpy(), "cause": causes["cause"].to_numpy(), "energy": weighted})
    return made.pivot_table(index="month", columns="cause", values="energy", aggfunc="sum", fill_value=0.0)


def positions(result: Result, family: str, member: str) -> dict[int, int]:
    """Position in the problem of the columns of a member, by row of `Result.hours`."""
    index = result.problem.columns
    at = index.of(family)
    at = at[index.member[at] == index.members.index(member)]
    starts = np.cumsum([0, *(len(span) for span in result.spans.spans)])
    windows = {f"window {span.index}": i for i, span in enumerate(result.spans.spans)}
    of_block = np.array([windows.get(name, -1) for name in index.blocks])
    rows = starts[of_block[index.block[at]]] + index.number[at]
    return dict(zip(rows.tolist(), at.tolist(), strict=True))
