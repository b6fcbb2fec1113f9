"""Who takes the electricity of a year: demand by sector, and what its energy is worth at the margin.

A sector's marginal price is that of its zone in each hour, weighted by what the sector takes:

    price[s] = sum(weight[t] * price[z,t] * demand[z,s,t]) / sum(weight[t] * demand[z,s,t])   [CNY/MWh]

What is not served is no sector's, so that demand is counted whether it was served or not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.data import sectors
from qhenergy.outcome import hourly
from qhenergy.outcome.measures import ENERGY
from qhenergy.outcome.result import Result

PRICE = "price [CNY/MWh]"
#: Key of the row of `prices` that all energy-intensive sectors are in together.
INTENSIVE = "(energy-intensive)"


def hours_by_sector(result: Result, stage: int) -> dict[str, pd.DataFrame]:
    """Hourly demand of every sector, modelled hours x zones [MW]; none where sectors are not told apart."""
    hours, rest = result.of_stage(stage), sectors.rest(result.inputs)
    if not rest:
        return {}
    named = sectors.named(result.inputs)
    made = {sector: result.series[f"sector_demand/{sector}/{stage}"].iloc[hours] for sector in named}
    made[rest] = result.series[f"demand/{stage}"].iloc[hours] - sum(made.values())
    return {str(sector): made[str(sector)] for sector in result.inputs[sectors.SECTORS.name].index}


def demand(result: Result) -> pd.DataFrame:
    """Demand of a year: columns stage, sector, zone, energy [MWh/yr]; a zone without any of a sector is left out."""
    rows = []
    for stage in result.case.stages:
        weights = result.weights(stage)
        for sector, frame in hours_by_sector(result, stage).items():
            for zone, energy in zip(frame.columns, weights @ frame.to_numpy(), strict=True):
                if abs(energy) > 1e-6:
                    rows.append((stage, sector, str(zone), float(energy)))
    return pd.DataFrame(rows, columns=["stage", "sector", "zone", ENERGY])


def prices(result: Result) -> pd.DataFrame:
    """Marginal price of what each sector takes, energy-intensive ones together last.

    Returns:
        Columns stage, sector, energy [MWh/yr], price [CNY/MWh]; NaN for a sector that takes nothing.
    """
    rows, intensive = [], sectors.intensive(result.inputs)
    table = hourly.prices(result)
    for stage in result.case.stages:
        of_stage = table[table["stage"] == stage]
        by_zone = {str(z): part[PRICE].to_numpy() for z, part in of_stage.groupby("zone", sort=False)}
        together = np.zeros(2)
        for sector, frame in hours_by_sector(result, stage).items():
            found = _energy_and_value(frame, by_zone, result.weights(stage))
            together += found if sector in intensive else 0.0
            rows.append((stage, sector, found[0], _over(found)))
        if intensive and together[0] > 0:
            rows.append((stage, INTENSIVE, together[0], _over(together)))
    return pd.DataFrame(rows, columns=["stage", "sector", ENERGY, PRICE])


def _energy_and_value(
    frame: pd.DataFrame, by_zone: dict[str, NDArray[np.float64]], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Energy [MWh/yr] and what it is worth at the margin [CNY/yr]; zones without a price are left out."""
    made = np.zeros(2)
    for zone in frame.columns:
        if len(by_zone.get(str(zone), ())) == len(frame):
            power = weights * frame[zone].to_numpy(dtype=float)
            made += (power.sum(), power @ by_zone[str(zone)])
    return made


def _over(found: NDArray[np.float64]) -> float:
    return float(found[1] / found[0]) if found[0] > 1e-6 else float("nan")
