"""Levels of stores: the balance of every hour, and the chain over real periods of those that are carried."""

from __future__ import annotations

from collections.abc import Callable

import pyomo.environ as pyo

from scalar.system import System


def usable(system: System, a: str) -> object:
    """Energy that can be used of a store, as it has aged [MWh]."""
    energy = system.asset[a]["duration"] * system.m.capacity_installed[a]
    if a in system.free_energy or a in system.fading:
        energy = system.m.capacity_energy[a]
    elif system.kept[a] < 1:
        energy = system.aged[a]
    return system.asset[a].get("depth", 1.0) * energy


def write_levels(
    system: System, name: str, members: list[str], balance: str, change: Callable[[str, int], object]
) -> None:
    """Write the levels of stores that lose a share of what they hold every hour.

    Args:
        system: the system.
        name: of the level columns.
        members: stores.
        balance: name of the rows of the balance.
        change: (store, hour) -> what the level gains.
    """
    asset, clock = system.asset, system.clock
    carried = [a for a in members if clock.sequence and asset[a]["cycle"] != "short"]
    level = system.hourly(name, members, within=pyo.Reals, bounds=lambda _, a, h: (None if a in carried else 0, None))
    system.limit(name, [a for a in members if a not in carried], lambda a, h: usable(system, a))

    def keep(a: str) -> float:
        return 1 - asset[a]["self_discharge"]

    def balanced(m: pyo.ConcreteModel, a: str, h: int) -> object:
        before = 0.0 if a in carried and clock.opens(h) else level[a, clock.back(h, 1)]
        return level[a, h] == keep(a) * before + change(a, h)

    system.rows(balance, members, balanced)
    if carried:
        carry(system, name, carried, keep, lambda a, h: usable(system, a))


def carry(
    system: System,
    name: str,
    members: list[str],
    keep: Callable[[str], float],
    most: Callable[[str, int], object],
    start: dict[str, float] | None = None,
    end: dict[str, float] | None = None,
) -> None:
    """Chain levels over real periods; the level columns count from the start of the period.

    Args:
        system: the system.
        name: of the level columns.
        members: stores that are carried.
        keep: store -> share of what it holds that is left an hour later.
        most: (store, real hour of the year) -> highest level.
        start, end: levels before the first and after the last real period; what is not told closes a circle.
    """
    m, clock = system.m, system.clock
    level, periods = getattr(m, name), range(len(clock.sequence))
    start, end = start or {}, end or {}
    at = pyo.Var(members, periods, within=pyo.NonNegativeReals)
    setattr(m, f"{name}_at_period", at)

    def chain(m, a, p):
        own = clock.within(clock.sequence[p])
        ends = keep(a) ** len(own) * at[a, p] + level[a, own[-1]]
        if p + 1 < len(clock.sequence):
            return at[a, p + 1] == ends
        return ends == (end[a] if a in end else at[a, 0])

    def floor(m, a, p, n):
        own = clock.within(clock.sequence[p])
        return keep(a) ** len(own) * at[a, p] + level[a, own[n]] >= 0

    def ceiling(m, a, p, n):
        own = clock.within(clock.sequence[p])
        return at[a, p] + level[a, own[n]] <= most(a, p * len(own) + n)

    setattr(m, f"{name}_chain", pyo.Constraint(members, periods, rule=chain))
    hours = range(len(clock.within(0)))
    setattr(m, f"{name}_floor", pyo.Constraint(members, periods, hours, rule=floor))
    setattr(m, f"{name}_ceiling", pyo.Constraint(members, periods, hours, rule=ceiling))
    begin = [a for a in members if a in start]
    setattr(m, f"{name}_begin", pyo.Constraint(begin, rule=lambda m, a: at[a, 0] == start[a]))
