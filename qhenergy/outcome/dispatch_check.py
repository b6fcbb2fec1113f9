"""A stored dispatch held against what was promised of every hour, from plain arrays: nothing is optimised here.

    balance         sum of all that joins a zone = 0                                                      [MW]
    domestic_first  unserved power of all zones = 0, while a line sends or is asked to (R34)              [MW]
    minimum_power   power of a line >= its least, unless nothing is asked of it and it stands still       [MW]
    clean           sent <= clean generation + what stores can give of clean energy that was put into them (R28)

`clean` takes the system for one zone and its stores for one store, of the best of their efficiencies, that takes all
clean energy which the lines leave and gives it when they lack. What exceeds that is backed by no book at all; what
keeps within it may still break R28 in a zone, behind a corridor or in a poorer store. Where the dispatch was made
under the clause it holds a book, zone by zone and store by store, and `check_book` confirms this row by row:

    clean_zone      clean generation + arriving + drawn >= charged + leaving + pumped + sent, of each zone  [MW]
    clean_flow      clean part of what a corridor carries, what a store takes or gives <= all of it         [MW]
    clean_store     stored[t] <= keep*stored[t-1] + into*charged[t] + natural[t] - out*drawn[t]             [MWh]
    clean_held      stored <= level of the store                                                            [MWh]

Hours of a dispatch follow each other and the last hands over to the first, as in `policy.clean_export`; imports are
not clean, and pumps and heaters without an account of their own use clean energy. A step is an hour unless it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.day_types import DAYS, month_and_day
from qhenergy.outcome.schedule_check import TOLERANCE, Breach, below_minimum

Array = NDArray[np.float64]
#: Passes over the year in which the store of the end becomes that of the beginning.
PASSES = 30


@dataclass(frozen=True)
class Store:
    """What a store took, gave and held.

    Attributes:
        zone: where it stands.
        level: what it holds [MWh].
        keep: share of the level kept from one step to the next.
        charge, give: power it took and gave [MW].
        into, out: MWh of the level per MWh taken, and given; of several the largest and the smallest.
        natural: what fills it without electricity and is clean [MWh of the level per step].
    """

    zone: str
    level: Array
    keep: float
    charge: Array
    give: Array
    into: float
    out: float
    natural: Array


@dataclass(frozen=True)
class Part:
    """The clean part of a column of power: of a flow of a corridor, or of what a store takes or gives.

    Attributes:
        clean, whole: power [MW].
        zones: what each zone gains per MW of the clean part.
        store: store it goes into or comes out of; none if empty.
        rate: MWh the store gains per MWh of the clean part.
    """

    clean: Array
    whole: Array
    zones: Mapping[str, float]
    store: str = ""
    rate: float = 0.0


@dataclass(frozen=True)
class Dispatch:
    """The dispatch of a year, arrays of one shape (steps,).

    Attributes:
        power: what joins each zone, by zone, role and technology; positive is supply, demand is a role [MW].
        sent: power of each line at the sending end [MW].
        asked: what is asked of it [MW]; without a curve its least output.
        least: least power of each line [MW].
        lines_from: zone that each line leaves.
        bound: lines that are to be clean; empty where no clause says so, and nothing is checked of R28.
        booked: those of them for which the dispatch was made with a book of clean energy.
        clean: by zone, clean generation less what pumps and heaters without an account took [MW].
        stores: stores by key.
        parts: the book of clean energy by name; empty where the dispatch holds none.
        stored: clean part of what each store holds [MWh], with the book.
        step_minutes: length of a step [min].
    """

    power: Mapping[tuple[str, str, str], Array]
    sent: Mapping[str, Array]
    asked: Mapping[str, Array] = field(default_factory=dict)
    least: Mapping[str, float] = field(default_factory=dict)
    lines_from: Mapping[str, str] = field(default_factory=dict)
    bound: tuple[str, ...] = ()
    booked: tuple[str, ...] = ()
    clean: Mapping[str, Array] = field(default_factory=dict)
    stores: Mapping[str, Store] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    stored: Mapping[str, Array] = field(default_factory=dict)
    step_minutes: int = 60

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(next(iter(self.power.values())))


def check_dispatch(dispatch: Dispatch, tolerance: float = TOLERANCE) -> list[Breach]:
    """Breaches of a dispatch in order of time; see the module for the rules.

    Args:
        dispatch: arrays by name.
        tolerance: what power may be off [MW].
    """
    found: list[Breach] = []
    none = np.zeros(dispatch.steps)
    for zone in dict.fromkeys(zone for zone, _, _ in dispatch.power):
        left = sum((a for (z, _, _), a in dispatch.power.items() if z == zone), none)
        found += _each(dispatch, "balance", np.abs(left) > tolerance, left, none, zone)
    unserved = sum((a for (_, role, _), a in dispatch.power.items() if role == "unserved"), none)
    sending = np.zeros(dispatch.steps, dtype=bool)
    for line, sent in dispatch.sent.items():
        asked = dispatch.asked.get(line)
        sending |= (sent > tolerance) if asked is None else (sent > tolerance) | (asked > tolerance)
        least = dispatch.least.get(line, 0.0)
        below = below_minimum(sent, asked, least, tolerance)
        found += _each(dispatch, "minimum_power", below, sent, none + least, line)
    found += _each(dispatch, "domestic_first", sending & (unserved > tolerance), unserved, none, "")
    if dispatch.bound:
        sent = sum((dispatch.sent[line] for line in dispatch.bound), none)
        lacking = _not_backed(dispatch, sent)
        found += _each(dispatch, "clean", lacking > tolerance, sent, sent - lacking, " and ".join(dispatch.bound))
    return sorted(found, key=lambda b: (b.step, b.rule, b.where))


def _each(
    dispatch: Dispatch, rule: str, wrong: NDArray[np.bool_], found: Array, limit: Array, where: str, unit: str = "MW"
) -> Iterable[Breach]:
    """A breach for each step that is wrong."""
    for step in np.flatnonzero(wrong).tolist():
        yield Breach(
            rule, step, _time(step, dispatch.step_minutes), float(found[step]), float(limit[step]), unit, where
        )


def _time(step: int, step_minutes: int) -> str:
    day, minute = divmod(step * step_minutes, 1440)
    return f"{month_and_day(day % DAYS)} {minute // 60:02d}:{minute % 60:02d}"


def _not_backed(dispatch: Dispatch, sent: Array) -> Array:
    """What of the power sent, and of what pumps took, nothing clean can stand for [MW], at the very best.

    One store of all: it may hold no more clean energy than all stores hold, take no more than they take, and give no
    more than they give. It is as full of clean energy at the start of the year as it can be at the end.
    """
    hour, none = dispatch.step_minutes / 60, np.zeros(dispatch.steps)
    spare = sum(dispatch.clean.values(), none) - sent
    stores = list(dispatch.stores.values())
    if not stores:
        return np.maximum(-spare, 0.0)
    level, charge, give, natural = (
        sum((np.maximum(getattr(s, name), 0.0) for s in stores), none)
        for name in ("level", "charge", "give", "natural")
    )
    keep, into, out = max(s.keep for s in stores), max(s.into for s in stores), min(s.out for s in stores)
    start = float(level[-1])
    lacking = none
    for _ in range(PASSES):
        held, lacking = start, np.zeros(dispatch.steps)
        for t in range(dispatch.steps):
            held = keep * held + natural[t]
            if spare[t] < 0:
                drawn = min(-spare[t], give[t], held / (out * hour))
                held -= out * hour * drawn
                lacking[t] = -spare[t] - drawn
            else:
                held += into * hour * min(spare[t], charge[t])
            held = min(held, level[t])
        if held >= start - 1e-6:
            break
        start = held
    return lacking


def check_book(dispatch: Dispatch, tolerance: float = TOLERANCE) -> list[Breach]:
    """Breaches of the book of clean energy that a dispatch holds, row by row.

    A book without a breach proves that all that `booked` lines are sent is clean in every hour.

    Raises:
        ValueError: the dispatch holds no book: nothing was asked, or it was only watched.
    """
    if not dispatch.booked:
        raise ValueError("the dispatch holds no book of clean energy")
    found: list[Breach] = []
    none, hour = np.zeros(dispatch.steps), dispatch.step_minutes / 60
    zones = {zone: none + power for zone, power in dispatch.clean.items()}
    gained = {key: none + store.natural for key, store in dispatch.stores.items()}
    for line in dispatch.booked:
        zone = dispatch.lines_from[line]
        zones[zone] = zones.get(zone, none) - dispatch.sent[line]
    for name, part in dispatch.parts.items():
        wrong = (part.clean > part.whole + tolerance) | (part.clean < -tolerance)
        found += _each(dispatch, "clean_flow", wrong, part.clean, part.whole, name)
        for zone, gain in part.zones.items():
            zones[zone] = zones.get(zone, none) + gain * part.clean
        if part.store:
            gained[part.store] = gained[part.store] + hour * part.rate * part.clean
    for zone, left in zones.items():
        found += _each(dispatch, "clean_zone", left < -tolerance, left, none, zone)
    for key, stored in dispatch.stored.items():
        store = dispatch.stores[key]
        most = store.keep * np.roll(stored, 1) + gained[key]
        size = tolerance * np.maximum(1.0, np.abs(store.level) * 1e-3)
        found += _each(dispatch, "clean_store", stored > most + size, stored, most, key, "MWh")
        wrong = (stored > store.level + size) | (stored < -size)
        found += _each(dispatch, "clean_held", wrong, stored, store.level, key, "MWh")
    return sorted(found, key=lambda b: (b.step, b.rule, b.where))
