"""Whole units on line: what comes in units starts, runs within bands of its rating, and stops.

<name>/maximum       power[a,t] <= size[a]*sum(upper[b]*running[b,t], b of a)                           [MW]
<name>/minimum       power[a,t] >= size[a]*sum(lower[b]*running[b,t], b of a)                           [MW]
<name>/number        size[a]*(sum(running[b,t], b of a) - 1) < capacity[a]                              [MW]
<name>/commitment    on[a,t] = on[a,t-1] + started[a,t] - stopped[a,t], on = sum(running[b,t], b of a)  [-]
<name>/minimum_up    sum(started[a,s], t-up[a] < s <= t) <= on[a,t]                                     [-]
<name>/minimum_down  sum(stopped[a,s], t-down[a] < s <= t) <= number[a] - on[a,t]                       [-]

`running` are whole numbers. A band b is a range of outputs, in shares of the rating, within which a unit may stay: one
from the least output to the rating, or several where zones between them are forbidden. Units of one plant may run in
different bands, and what they give together is any sum of outputs allowed. A zone is crossed between two steps.

The last unit of a plant may be smaller than the others: a capacity of two and a half units is three of them, which
together give no more than the capacity. Up and down are counted in steps, a part of one as a whole. Rows of starts are
written where a start has a cost or a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from qhenergy.algebra.window import Window

#: Share of a unit by which a capacity that the plan decides must go beyond whole units to have one more.
CRUMB = 1e-3

Band = tuple[float, float]


@dataclass(frozen=True)
class Units:
    """The units of one plant.

    Attributes:
        size: capacity of one [MW].
        bands: outputs within which a unit may stay, from and to [share of the rating].
        start_cost: of a start [CNY/MW].
        minimum_up, minimum_down: hours a unit stays on, and off [h].
    """

    size: float
    bands: tuple[Band, ...] = ((0.0, 1.0),)
    start_cost: float = 0.0
    minimum_up: float = 0.0
    minimum_down: float = 0.0


def units_of(row: pd.Series, least: float = 0.0, forbidden: tuple[Band, ...] = ()) -> Units:
    """The units that a row of unit_commitments.csv tells.

    Args:
        row: of the plant.
        least: least output of a running unit where the row has none [share].
        forbidden: zones that do not touch each other [share].
    """
    lower = least if math.isnan(row["minimum_output"]) else float(row["minimum_output"])
    return Units(
        float(row["unit_size"]),
        bands(lower, forbidden),
        *(float(row[word]) for word in ("start_cost", "minimum_up", "minimum_down")),
    )


def bands(least: float, forbidden: tuple[Band, ...]) -> tuple[Band, ...]:
    """What is allowed from the least output to the rating, without the zones that are forbidden [share]."""
    allowed, begin = [], least
    for lower, upper in sorted(forbidden):
        if upper <= begin:
            continue
        if lower >= begin:
            allowed.append((begin, lower))
        begin = upper
    return (*allowed, (begin, 1.0))


def recent(window: Window, family: str, variable: Any, member: str, t: int, hours: float) -> Any:
    """Sum of a column over the steps of some hours up to one, and of one step at least."""
    # Entered again from its end, a representative period cannot remember more than itself.
    longest = math.inf if window.chronology.chained else len(window.hours)
    steps = int(min(window.steps(hours), longest))
    return sum(window.at(family, variable, member, s) for s in range(t - steps + 1, t + 1))


def number_of(window: Window, asset: str, size: float) -> int:
    """Most units that a plant can have in the stage of the window."""
    capacity, record = window.capacity(asset), window.assets[asset]
    if not isinstance(capacity, (int, float)):
        capacity = record.fixed[window.stage] + record.room[window.stage]
    return math.ceil(capacity / size - CRUMB)


def write_units(
    window: Window, name: str, units: Mapping[str, Units], power: Callable[[str, int], Any]
) -> Callable[[str, int], Any]:
    """Write the units of some plants.

    Args:
        window: the window.
        name: prefix of the families.
        units: by plant.
        power: (plant, hour) -> what its units give together, or take [MW].

    Returns:
        (plant, hour) -> units that run, of an hour that may lie before the window [-].
    """
    parts = {
        a: [a] if len(u.bands) == 1 else [f"{a} {k}" for k in range(1, len(u.bands) + 1)] for a, u in units.items()
    }
    number = {a: number_of(window, a, u.size) for a, u in units.items()}
    most = {part: number[a] for a, names in parts.items() for part in names}
    running = window.columns(
        f"{name}/running", list(most), "-", "units that run", upper=lambda b, t: float(most[b]), whole=True
    )

    def on(a: str, t: int) -> Any:
        return pyo.quicksum(window.at(f"{name}/running", running, part, t) for part in parts[a])

    def within(a: str, t: int, end: int) -> Any:
        return units[a].size * pyo.quicksum(
            band[end] * running[part, t] for band, part in zip(units[a].bands, parts[a], strict=True) if band[end]
        )

    window.rows(
        f"{name}/maximum",
        list(units),
        "MW",
        "power[a,t] <= size[a]*sum(upper[b]*running[b,t], b of a)",
        lambda a, t: power(a, t) - within(a, t, 1) <= 0,
    )
    window.rows(
        f"{name}/minimum",
        [a for a, u in units.items() if any(lower > 0 for lower, _ in u.bands)],
        "MW",
        "power[a,t] >= size[a]*sum(lower[b]*running[b,t], b of a)",
        lambda a, t: power(a, t) - within(a, t, 0) >= 0,
    )
    decided = {a for a in units if isinstance(window.capacity(a), (int, float))}

    def counted(a: str, t: int) -> Any:
        size = units[a].size
        if a in decided:
            return size * on(a, t) <= size * number[a]
        return size * on(a, t) - window.capacity(a) <= (1.0 - CRUMB) * size

    window.rows(
        f"{name}/number",
        [a for a in units if a not in decided or len(parts[a]) > 1],
        "MW",
        "size[a]*(sum(running[b,t], b of a) - 1) < capacity[a]",
        counted,
    )
    _write_starts(window, name, units, number, on)
    return on


def _write_starts(
    window: Window,
    name: str,
    units: Mapping[str, Units],
    number: Mapping[str, int],
    on: Callable[[str, int], Any],
) -> None:
    h = window.step
    timed = [a for a, u in units.items() if u.start_cost > 0 or u.minimum_up > h or u.minimum_down > h]
    started = window.columns(f"{name}/started", timed, "-", "units that start in the hour")
    stopped = window.columns(f"{name}/stopped", timed, "-", "units that stop in the hour")
    window.rows(
        f"{name}/commitment",
        timed,
        "-",
        "on[a,t] = on[a,t-1] + started[a,t] - stopped[a,t], on = sum(running[b,t], b of a)",
        lambda a, t: on(a, t) - on(a, t - 1) - started[a, t] + stopped[a, t] == 0,
    )
    window.rows(
        f"{name}/minimum_up",
        [a for a in timed if units[a].minimum_up > h],
        "-",
        "sum(started[a,s], t-up[a] < s <= t) <= on[a,t]",
        lambda a, t: recent(window, f"{name}/started", started, a, t, units[a].minimum_up) - on(a, t) <= 0,
    )
    window.rows(
        f"{name}/minimum_down",
        [a for a in timed if units[a].minimum_down > h],
        "-",
        "sum(stopped[a,s], t-down[a] < s <= t) <= number[a] - on[a,t]",
        lambda a, t: recent(window, f"{name}/stopped", stopped, a, t, units[a].minimum_down) + on(a, t) <= number[a],
    )
    for a in timed:
        if units[a].start_cost > 0:
            starting = units[a].start_cost * units[a].size * sum(started[a, t] for t in window.hours)
            window.cost_of_events(f"starts/{window.assets[a].technology}", starting)
