"""Standby: what could be raised or lowered at once, and the stored energy it would take.

    standby[s,t] = min( power[s,t], energy[s,t] / duration )                                             [MW]
    power[s,t]   = sum(coefficient * x[t], x of s) + share * series[a,t] * capacity[a]                   [MW]
    energy[s,t]  = per * held[m,t] upwards, per * (ceiling[m] - held[m,t]) downwards                     [MWh]

Technologies say it part by part (`Window.stand_by`). A part without backing, such as what a unit on line lacks to its
capacity, is a linear expression. What a store could change is backed by its level for as long as a clause asks
(R17: E[t] >= r[t]*h/eta), stopping to charge included: a store that charged and discharged at once would otherwise
stand by without any energy. Such a part is the less of two, and a column below both of them says so:

    <name>/backed_power    backed[s,t] <= power[s,t]                                                     [MW]
    <name>/backed_energy   duration * backed[s,t] <= energy[s,t]                                         [MWh]

A load on call stands by with what can be switched off, no more than it takes, and for as long as a call lasts; that
the calls of a year are limited is not asked, since losses are rare. Its part is the less of two as well:

    <name>/ready_power     ready[s,t] <= power[s,t]                                                      [MW]
    <name>/ready_load      ready[s,t] <= load[s,t] = sum(coefficient * x[t], x of s) + most * series[a,t]  [MW]

Nothing drives such a column up where nothing asks for it. So columns are written for what is enforced only,
and what there is of standby is computed from the parts, whose list is kept, and the returned values: a
clause that is watched is measured as exactly as one that binds, and adds nothing to the problem.

In a representative period a level that is carried counts from the start of the period; an hour stands for
several real ones, and the least (or the fullest) of them is what counts:

    <level>_least_start    least[m] <= start[m,p], p of the window
    <level>_most_start     most[m] >= start[m,p], p of the window

    held[m,t] = level[m,t] + keep[m]^(t+1) * (least[m] or most[m])

Parts are independent of each other: what two units draw from one reservoir is counted for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo

from qhenergy.algebra.family import PLAN, Address

if TYPE_CHECKING:
    from qhenergy.algebra.window import Window

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class Backing:
    """The level that a part of standby draws from, or fills.

    Attributes:
        family, member: the level.
        per: MWh of the grid per unit of level, or of room above it.
        depth: for what fills: share of the energy the asset can hold that the level may reach.
        keep: share of the level that is kept an hour.
        carried: whether the level is carried from one real period to the next.
    """

    family: str
    member: str
    per: float
    depth: float = 1.0
    keep: float = 1.0
    carried: bool = False


@dataclass(frozen=True)
class Standby:
    """One part of what an asset could do at once.

    Attributes:
        asset, technology, zone: whose it is.
        direction: `up` (more to the grid, or less from it) or `down`.
        terms: columns as (family, member, MW per unit).
        share: MW per capacity that are added.
        series: hourly series of the asset that multiplies the capacity; none if empty.
        backing: what must be held for it; nothing if None.
        load: hourly series of the asset's load [MW], if it stands by with what it takes; else empty.
        most: share of the load that can be switched off.
        lasts: hours it can stand by for at most; any if 0.
    """

    asset: str
    technology: str
    zone: str
    direction: str
    terms: tuple[tuple[str, str, float], ...]
    share: float = 0.0
    series: str = ""
    backing: Backing | None = None
    load: str = ""
    most: float = 1.0
    lasts: float = 0.0


@dataclass(frozen=True)
class Call:
    """What may be called upon: standby of some technologies in a direction, for a duration [h]."""

    direction: str
    technologies: frozenset[str]
    duration: float

    def parts(self, standbys: Iterable[Standby]) -> list[Standby]:
        """The parts of a list that answer the call."""
        return [
            s
            for s in standbys
            if s.direction == self.direction and s.technology in self.technologies and not 0 < s.lasts < self.duration
        ]

    def backed(self, part: Standby) -> bool:
        """Whether stored energy limits a part."""
        return part.backing is not None and self.duration > 0

    def key(self, part: Standby) -> str:
        """Name of the column of a backed part; calls of one duration share it."""
        return f"{part.asset} {part.direction} {self.duration:g} h"


def write_standby(window: Window, name: str, calls: Sequence[Call]) -> Callable[[Call, int], Any]:
    """Write what there is of standby for some calls.

    Args:
        window: the window, once all technologies have operated.
        name: prefix of the families.
        calls: what an enforcing row will ask for.

    Returns:
        (call, hour) -> linear expression [MW], of which an enforcing row may claim as much as there is.
    """
    power = _powers(window)
    backed: dict[str, tuple[Standby, Backing, float]] = {
        call.key(s): (s, s.backing, call.duration)
        for call in calls
        for s in call.parts(window.standbys)
        if call.backed(s) and s.backing is not None
    }
    column = window.columns(f"{name}/backed", backed, "MW", "standby that stored energy backs")
    energy = _energies(window, [s for s, _, _ in backed.values()])
    window.rows(
        f"{name}/backed_power",
        backed,
        "MW",
        "backed[s,t] <= power[s,t]",
        lambda k, t: column[k, t] - power(backed[k][0], t) <= 0,
    )
    window.rows(
        f"{name}/backed_energy",
        backed,
        "MWh",
        "duration * backed[s,t] <= energy[s,t]",
        lambda k, t: backed[k][2] * column[k, t] - energy(backed[k][0], backed[k][1], t) <= 0,
    )

    ready = _write_ready(window, name, calls, power)

    def part(call: Call, s: Standby, t: int) -> Any:
        if s.load:
            return ready[ready_key(s), t]
        return column[call.key(s), t] if call.backed(s) else power(s, t)

    return lambda call, t: pyo.quicksum(part(call, s, t) for s in call.parts(window.standbys))


def ready_key(part: Standby) -> str:
    """Name of the column of what a load can switch off."""
    return f"{part.asset} {part.direction}"


def _write_ready(window: Window, name: str, calls: Sequence[Call], power: Callable[[Standby, int], Any]) -> Any:
    """Columns of what loads can switch off at once."""
    parts = {ready_key(s): s for call in calls for s in call.parts(window.standbys) if s.load}
    ready = window.columns(f"{name}/ready", parts, "MW", "standby of loads on call")
    series = {s.load: window.series(s.load) for s in parts.values()}
    window.rows(
        f"{name}/ready_power",
        parts,
        "MW",
        "ready[s,t] <= power[s,t]",
        lambda k, t: ready[k, t] - power(parts[k], t) <= 0,
    )

    def of_load(k: str, t: int) -> Any:
        s = parts[k]
        used = pyo.quicksum(value * window.model.component(family)[member, t] for family, member, value in s.terms)
        return ready[k, t] - used <= s.most * series[s.load][s.asset][t]

    window.rows(
        f"{name}/ready_load",
        parts,
        "MW",
        "ready[s,t] <= load[s,t] = sum(coefficient * x[t], x of s) + most * series[a,t]",
        of_load,
    )
    return ready


def _powers(window: Window) -> Callable[[Standby, int], Any]:
    series: dict[str, Any] = {}

    def power(s: Standby, t: int) -> Any:
        terms = [value * window.model.component(family)[member, t] for family, member, value in s.terms]
        if s.share:
            if s.series and s.series not in series:
                series[s.series] = window.series(s.series)
            factor = s.share * (series[s.series][s.asset][t] if s.series else 1.0)
            terms.append(factor * window.capacity(s.asset))
        return pyo.quicksum(terms)

    return power


def _energies(window: Window, parts: Sequence[Standby]) -> Callable[[Standby, Backing, int], Any]:
    """(part, backing, hour) -> energy that backs it [MWh], with the columns it takes in a representative period."""
    chained = window.chronology.chained
    relative = [(s.direction, s.backing) for s in parts if s.backing is not None and s.backing.carried and not chained]
    periods = _real_periods(window) if relative else []
    start: dict[tuple[str, str], Any] = {}
    for direction, family in dict.fromkeys((direction, b.family) for direction, b in relative):
        members = list(dict.fromkeys(b.member for d, b in relative if (d, b.family) == (direction, family)))
        write = _write_least if direction == UP else _write_most
        start[direction, family] = write(window, family, members, periods)

    def energy(s: Standby, b: Backing, t: int) -> Any:
        held = window.model.component(b.family)[b.member, t]
        if b.carried and not chained:
            held = held + b.keep ** (t + 1) * start[s.direction, b.family][b.member, 0]
        return b.per * (held if s.direction == UP else b.depth * window.energy_capacity(s.asset) - held)

    return energy


def _start(window: Window, family: str, member: str, period: int) -> Any:
    return window.port(Address(PLAN, f"{family}_at_period", member, period))


def _write_least(window: Window, family: str, members: list[str], periods: list[int]) -> Any:
    unit, meaning = window.families[family].unit, "least level at the start of the real periods"
    least = window.columns(f"{family}_least", members, unit, meaning, numbers=[0])
    window.rows(
        f"{family}_least_start",
        members,
        unit,
        "least[m] <= start[m,p], p of the window",
        lambda m, p: least[m, 0] - _start(window, family, m, p) <= 0,
        numbers=periods,
    )
    return least


def _write_most(window: Window, family: str, members: list[str], periods: list[int]) -> Any:
    unit, meaning = window.families[family].unit, "highest level at the start of the real periods"
    most = window.columns(f"{family}_most", members, unit, meaning, numbers=[0])
    window.rows(
        f"{family}_most_start",
        members,
        unit,
        "most[m] >= start[m,p], p of the window",
        lambda m, p: most[m, 0] - _start(window, family, m, p) >= 0,
        numbers=periods,
    )
    return most


def _real_periods(window: Window) -> list[int]:
    """Numbers of the real periods that a representative window stands for, as `chain_levels` counts them."""
    chronology = window.chronology
    place = window.span.index - chronology.of_stage(window.stage)[0].index
    first = window.case.stages.index(window.stage) * len(chronology.sequence)
    return [first + p for p in np.flatnonzero(chronology.sequence == place).tolist()]
