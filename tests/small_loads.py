"""Flexible loads and priced hours of small systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from small_system import YEAR, Small, Solved


def plant(small: Small, power: Sequence[float] | float, **row: object) -> Small:
    """Add a load with a baseline [MW] that repeats; it is part of the demand unless a row says otherwise."""
    values = [float(power)] * small.hours if isinstance(power, (int, float)) else [float(v) for v in power]
    name = str(row.get("asset", "plant"))
    small.add("flexible_loads", **row)
    small.add("flexible_energy", asset=name, energy=float(np.mean(values)) * YEAR, shape=f"of-{name}")
    shape = (values * 24)[:24]
    for month in range(1, 13):
        small.add("demand_shapes", shape=f"of-{name}", month=month, **{f"hour_{h}": shape[h] for h in range(24)})
    return small


def priced(grid: Callable[..., Small], prices: Sequence[float], demand: object = 10, **options: object) -> Small:
    """A system whose energy costs so many CNY/MWh in every hour, over a tie of 100 MW."""
    return tie(grid(len(prices), demand, **options), prices)


def tie(small: Small, prices: Sequence[float], **row: object) -> Small:
    """A tie of 100 MW with its price of every hour [CNY/MWh]."""
    mean = float(np.mean(prices))
    return small.add(
        "ac_ties", import_limit=100, import_price=mean, price_series=[p / mean for p in prices], export_price=0, **row
    )


def net(solved: Solved) -> np.ndarray:
    """What is raised less what is lowered: both at once is nothing, and the optimiser does not mind it."""
    return solved.column("flexible_demand/raised") - solved.column("flexible_demand/lowered")
