"""Demand by sector and scenario, what is not served, and the balance of every zone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scalar.clock import DAYS, stretched, yearly_value
from scalar.system import System


def write(system: System) -> None:
    """Read the demand and balance every zone in every hour."""
    m, inputs, demand = system.m, system.inputs, system.demand
    zones = list(inputs["zones"].index)
    for z in zones:
        values = _of_zone(system, z)
        if system.clock.sequence:
            values = stretched(values, system.clock, None)
        demand |= {(z, h): float(values[h]) for h in system.clock.all}
    system.hourly("demand_unserved", zones, bounds=lambda _, z, h: (0, demand[z, h]))
    for z in zones:
        system.gets[z].append((m.demand_unserved, z, 1.0))
        missed = system.year_sum(lambda h, z=z: m.demand_unserved[z, h])
        system.pay("unserved energy", inputs["zones"].at[z, "unserved_price"] * missed)

    @m.Constraint(zones, m.T)
    def balance_energy(m, z, h):
        return sum(mwh * column[a, h] for column, a, mwh in system.gets[z]) == demand[z, h]


def growth(system: System, sector: str, year: int) -> float:
    """How the scenario of the case multiplies a sector in a year."""
    own = (system.case.demand.scenario, sector)
    rows = {at: r for (*key, at), r in system.inputs["demand_scenarios"].iterrows() if tuple(key) == own}
    return yearly_value(pd.DataFrame(rows).T, year, "factor") if rows else 1.0


def _of_zone(system: System, z: str) -> np.ndarray:
    """Demand of a zone: what the scenario makes of its sectors, and of what no sector takes."""
    inputs = system.inputs
    left, grown = _of_year(system, inputs["demand"].loc[z]), 0.0
    for s in inputs["demand_sectors"].index:
        if (s, z) in set(inputs["sector_demand"].index.droplevel(2)):
            taken = _of_year(system, inputs["sector_demand"].sort_index().loc[s, z])
            left, grown = left - taken, grown + growth(system, s, system.year) * taken
    for s in inputs["demand_sectors"].query("takes == 'rest'").index:
        left = left * growth(system, s, system.year)
    return left + grown


def _of_year(system: System, rows: pd.DataFrame) -> np.ndarray:
    """Hours of the real year, or those of the case, which stand for the energy of the year however few."""
    clock, told = system.clock, rows.sort_index()
    nearest = min(told.index, key=lambda year: abs(year - system.year))
    shape = system.inputs["demand_shapes"].loc[told.at[nearest, "shape"]]
    table = {mo: [shape.at[mo, f"hour_{d}"] for d in range(24)] for mo in range(1, 13)}
    energy = yearly_value(rows, system.year, "energy")
    if clock.sequence:
        relative = np.concatenate([table[mo] * days for mo, days in enumerate(DAYS, 1)])
        return relative * energy / relative.sum()
    relative = np.array([table[clock.month[h]][clock.hour_of_day[h]] for h in clock.all])
    return relative * energy / sum(clock.omega(h) * relative[h] for h in clock.all)
