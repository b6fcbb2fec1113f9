"""Plants whose units run whole: within bands of their rating, with starts, and times they stay on and off."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyomo.environ as pyo

from scalar.system import System

Power = Callable[[str, int], object]


@dataclass(frozen=True)
class Units:
    """Units of a plant: size of one [MW], outputs it may have from and to [share], and what starts ask for."""

    size: float
    bands: list[tuple[float, float]]
    start_cost: float = 0.0
    up: float = 0.0
    down: float = 0.0

    @property
    def timed(self) -> bool:
        """Whether a start or a stop matters."""
        return self.start_cost > 0 or self.up > 1 or self.down > 1


def units_of(row: pd.Series, least: float = 0.0, zones: pd.DataFrame | None = None) -> Units:
    """What a row of units says; `least` is where it is silent, `zones` are those in which no unit may stay."""
    least = least if math.isnan(row["minimum_output"]) else row["minimum_output"]
    lower, upper = ([], []) if zones is None else (sorted(zones["lower"]), sorted(zones["upper"]))
    bands = [(max(least, low), high) for low, high in zip([0.0, *upper], [*lower, 1.0], strict=True) if high >= least]
    return Units(row["unit_size"], bands, row["start_cost"], row["minimum_up"], row["minimum_down"])


def whole(system: System, a: str) -> Units:
    """All of a plant whose capacity is known as one unit, with the least output that its table gives."""
    return Units(system.stands[a], [(system.asset[a]["minimum_output"], 1.0)])


def most_of(system: System, a: str, units: Units) -> int:
    """Most units that a plant can have: a thousandth of one is none."""
    return math.ceil((system.stands[a] + system.room[a]) / units.size - 1e-3)


def write_units(system: System, name: str, units: dict[str, Units], power: Power) -> Power:
    """Write the units of some plants.

    Args:
        system: the system.
        name: of the families.
        units: by plant.
        power: (plant, hour) -> what its units give or take [MW].

    Returns:
        (plant, hour) -> units that run.
    """
    most = {a: most_of(system, a, u) for a, u in units.items()}
    parts = {a: [f"{a} {k}" for k, _ in enumerate(u.bands, 1)] if len(u.bands) > 1 else [a] for a, u in units.items()}
    owner = {part: a for a, own in parts.items() for part in own}
    running = system.hourly(
        f"{name}_running", list(owner), within=pyo.Integers, bounds=lambda _, b, h: (0, most[owner[b]])
    )

    def on(a: str, h: int) -> object:
        return sum(running[b, h] for b in parts[a])

    def edge(a: str, h: int, side: int) -> object:
        return units[a].size * sum(band[side] * running[b, h] for b, band in zip(parts[a], units[a].bands, strict=True))

    def count(m: pyo.ConcreteModel, a: str, h: int) -> object:
        """No unit runs of which less than a thousandth stands."""
        size = units[a].size
        if a in system.changeable:
            return size * on(a, h) <= m.capacity_installed[a] + (1 - 1e-3) * size
        return size * on(a, h) <= size * most[a]

    system.rows(f"{name}_maximum", list(units), lambda m, a, h: power(a, h) <= edge(a, h, 1))
    floored = [a for a, u in units.items() if any(low > 0 for low, _ in u.bands)]
    system.rows(f"{name}_minimum", floored, lambda m, a, h: power(a, h) >= edge(a, h, 0))
    counted = [a for a in units if a in system.changeable or len(parts[a]) > 1]
    system.rows(f"{name}_number", counted, count)
    timed = [a for a, u in units.items() if u.timed]
    if timed:
        started, stopped = system.hourly(f"{name}_started", timed), system.hourly(f"{name}_stopped", timed)

        def change(a: str, h: int) -> object:
            return on(a, h) - on(a, system.clock.back(h, 1))

        def rests(m: pyo.ConcreteModel, a: str, h: int) -> object:
            return system.lately(stopped, a, h, units[a].down) <= most[a] - on(a, h)

        system.rows(f"{name}_commitment", timed, lambda m, a, h: change(a, h) == started[a, h] - stopped[a, h])
        stay = [a for a in timed if units[a].up > 1]
        system.rows(f"{name}_minimum_up", stay, lambda m, a, h: system.lately(started, a, h, units[a].up) <= on(a, h))
        system.rows(f"{name}_minimum_down", [a for a in timed if units[a].down > 1], rests)
        for a in timed:
            begun = system.year_sum(lambda h, a=a: started[a, h])
            system.pay(f"starts/{system.asset[a]['technology']}", units[a].start_cost * units[a].size * begun)
    return on
