"""What a MWh costs who takes it: at the margin and on average, by sector and zone.

    marginal[k] = sum(weight[t] * price[z,t] * demand[k,t]) / sum(weight[t] * demand[k,t])        [CNY/MWh]
    average[k] = (running * E[k]/E + standing * (L * E[k]/E + (1 - L) * P[k]/P)) / E[k]           [CNY/MWh]
    L = min(1, mean power taken / P)

The average is the cost of service as regulators divide it, by the *peak and average* method (NARUC, Electric Utility
Cost Allocation Manual, 1992): costs of running, receipts deducted, go by energy E; costs that stand whatever is taken
(investment and fixed O&M of all that is planned) go by energy as far as the load factor L reaches and for the rest by
the power P taken in the system's peak. Peak are the 100 hours of highest *net* load, what is taken less what sun and
wind give directly, since those are the hours that capacity is short in; P is the mean of them. Penalties of the model
are paid by nobody and left out.

Takers are the sectors of every zone, the other loads (beside the demand of the zones, and what makes heat or
hydrogen), and what is sent out over direct-current lines. Each is counted as far as it is served. Shares add up
to one, so that the costs of all takers are those of the stage, and their mean is `Indicators.average_cost`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome import hourly, measures, sectors
from qhenergy.outcome.indicators import flows
from qhenergy.outcome.measures import ENERGY
from qhenergy.outcome.result import Result
from qhenergy.outcome.sectors import PRICE

#: Hours of the year that count as the system's peak.
PEAK_HOURS = 100.0
#: Groups of costs that stand whatever is taken.
STANDING = ("investment", "fixed O&M")
#: Takers that are no sector; their zone is empty.
OTHER, SENT = "(other loads)", "(send-out)"
RUNNING_COST, STANDING_COST = "running cost [CNY/yr]", "standing cost [CNY/yr]"
AVERAGE = "average cost [CNY/MWh]"
COLUMNS = ["stage", "sector", "zone", ENERGY, PRICE, RUNNING_COST, STANDING_COST, AVERAGE]


def costs(result: Result) -> pd.DataFrame:
    """What every taker costs; no row where sectors are not told apart.

    Returns:
        Columns stage, sector, zone, energy served [MWh/yr], price [CNY/MWh] at the margin (NaN for what is no
        sector), running and standing cost [CNY/yr], average cost [CNY/MWh]. Who takes nothing has no row.
    """
    rows = [row for stage in result.case.stages for row in _of_stage(result, stage)]
    return pd.DataFrame(rows, columns=COLUMNS)


def by_sector(result: Result) -> pd.DataFrame:
    """All zones of a taker together, without the price, which `sectors.prices` tells of a sector."""
    groups = costs(result).groupby(["stage", "sector"], sort=False, as_index=False)
    made = groups[[ENERGY, RUNNING_COST, STANDING_COST]].sum()
    made[AVERAGE] = (made[RUNNING_COST] + made[STANDING_COST]) / made[ENERGY]
    return made


def _of_stage(result: Result, stage: int) -> list[tuple[object, ...]]:
    by_sector = sectors.hours_by_sector(result, stage)
    if not by_sector:
        return []
    weights, power = result.weights(stage), flows(result, stage)
    takers = _takers(result, stage, by_sector, power)
    peak = _peak(weights, sum(takers.values()) - _direct(result, stage))
    energy = {k: float(weights @ taken) for k, taken in takers.items()}
    at_peak = {k: float(peak @ taken) for k, taken in takers.items()}
    total, highest = sum(energy.values()), sum(at_peak.values())
    load_factor = min(1.0, total / weights.sum() / highest) if highest > 0 else 1.0
    running, standing = _costs(result, stage)
    prices = _prices(result, stage)
    rows: list[tuple[object, ...]] = []
    for (sector, zone), mine in energy.items():
        if mine <= 1e-6:
            continue
        share = mine / total
        in_peak = at_peak[sector, zone] / highest if highest > 0 else 0.0
        stands = standing * (load_factor * share + (1.0 - load_factor) * in_peak)
        price = float("nan")
        if zone in prices and sector in by_sector:
            asked = weights * by_sector[sector][zone].to_numpy(dtype=float)
            price = float(asked @ prices[zone] / asked.sum())
        rows.append((stage, sector, zone, mine, price, running * share, stands, (running * share + stands) / mine))
    return rows


def _takers(
    result: Result, stage: int, by_sector: dict[str, pd.DataFrame], power: pd.DataFrame
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """What every taker is served in the modelled hours [MW]; all of it is what the average cost divides by."""
    hours = result.of_stage(stage)
    demand = result.series[f"demand/{stage}"].iloc[hours]
    missing = result.column("demand/unserved").iloc[hours].reindex(columns=demand.columns).fillna(0.0)
    # What a zone misses is missed by its sectors in proportion.
    served = 1.0 - (missing / demand.where(demand > 0)).fillna(0.0)
    takers = {
        (sector, str(zone)): (frame[zone] * served[zone]).to_numpy(dtype=float)
        for sector, frame in by_sector.items()
        for zone in frame.columns
    }
    home = (power["demand"] + power["conversion"] - power["unserved"]).to_numpy(dtype=float)
    takers[OTHER, ""] = home - sum(takers.values())
    takers[SENT, ""] = power["send_out"].to_numpy(dtype=float)
    return takers


def _direct(result: Result, stage: int) -> NDArray[np.float64]:
    """What sun and wind give directly in the modelled hours [MW]."""
    hours = result.of_stage(stage)
    weather = {(p.family, p.asset) for p in result.potentials[stage]}
    given = np.zeros(hours.stop - hours.start)
    columns: dict[str, pd.DataFrame] = {}
    for join in result.joins[stage]:
        if join.role == "generation" and (join.family, join.asset) in weather:
            if join.family not in columns:
                columns[join.family] = result.column(join.family).iloc[hours]
            given += join.coefficient * np.nan_to_num(columns[join.family][join.member].to_numpy())
    return given


def _peak(weights: NDArray[np.float64], net: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each modelled hour in the mean of the peak; they add up to one."""
    order = np.argsort(-net, kind="stable")
    reached = np.minimum(np.cumsum(weights[order]), PEAK_HOURS)
    made = np.zeros(len(weights))
    made[order] = np.diff(reached, prepend=0.0)
    normed: NDArray[np.float64] = made / made.sum()
    return normed


def _costs(result: Result, stage: int) -> tuple[float, float]:
    """Costs of a stage that go with what is taken, and that stand [CNY/yr]."""
    table = measures.costs_by_stage(result)
    table = table[(table["stage"] == stage) & ~table["group"].isin(measures.PENALTIES)]
    stands = table["group"].isin(STANDING)
    running, standing = (float(table.loc[which, "cost [CNY/yr]"].sum()) for which in (~stands, stands))
    return running, standing


def _prices(result: Result, stage: int) -> dict[str, NDArray[np.float64]]:
    """Marginal prices of the zones that have one in every modelled hour [CNY/MWh]."""
    table = hourly.prices(result)
    count = len(result.weights(stage))
    found = {str(z): part[PRICE].to_numpy() for z, part in table[table["stage"] == stage].groupby("zone", sort=False)}
    return {zone: values for zone, values in found.items() if len(values) == count}
