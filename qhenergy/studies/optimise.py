"""What is asked of a better curve, in words: `steps=3 dwell=4h seasons=4 energy>=36TWh`.

    steps=3             most different powers of a day
    changes=4           most changes of power in a day
    dwell=4h            a power is held so long at least
    reversal=6h         a rise does not follow a fall sooner, nor a fall a rise
    ramp=600MW/h        most change in an hour
    largest=2000MW      most change at once
    minimum=800MW       least power (or 10%, of the rating)
    levels=0,2000,4000MW   the powers that are allowed
    seasons=4           1, 2, 3, 4, 6 or 12; or the months of each: seasons=12-2,3-5,6-8,9-11
    slots=24            slots of a day: 24 or 96
    energy>=36TWh       sent in the year, at least
    cost<=4000000000CNY cost of the year, at most
    objective=cost      the cheapest (cost), or the one that sends most (energy)
    shortfall=priced    what may be missed: priced, at the price of the line; or none
    gap=0.5%            at which the search ends
    time=600s           after which it ends with the best it has

What is not said of steps is as the rules of the line have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from qhenergy.data.curve_rules import CurveRules
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.solving.slots import FIRST_MONTH, HOURS_OF_DAY, Seasons, seasons_of
from qhenergy.solving.step_model import rule_faults

OBJECTIVES = ("cost", "energy")
SHORTFALLS = ("priced", "none")
SLOTS = (24, 96)
_NUMBER = re.compile(r"([0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*(.*)")
#: Units of what is asked, and inside units in each; the empty one where a number may stand alone.
TIME = {"h": 1.0, "min": 1 / 60}
SECONDS = {"s": 1.0, "min": 60.0, "": 1.0}
POWER = {"MW": 1.0, "GW": 1e3, "kW": 1e-3, "10^4kW": 10.0}
RAMP = {"MW/h": 1.0, "GW/h": 1e3, "MW/min": 60.0}
ENERGY = {"TWh": 1e6, "GWh": 1e3, "MWh": 1.0, "10^8kWh": 1e5}
MONEY = {"CNY": 1.0, "10^8CNY": 1e8}
SHARE = {"%": 0.01, "": 1.0}


FOUR = seasons_of(4)


@dataclass(frozen=True)
class Optimise:
    """What is asked of a better curve; None where nothing is said.

    Attributes:
        seasons: months of each season.
        slots: of a day.
        energy: sent in the year, at least [MWh].
        cost: of the year, at most [CNY/yr].
        objective: `cost` or `energy`.
        shortfall: `priced` or `none`.
        gap: at which the search ends [-].
        seconds: after which it ends [s].
        steps, changes: levels and changes of a day.
        dwell, reversal: [h].
        ramp: [MW/h].
        largest: [MW].
        minimum: [MW], or of the rating if `minimum_share`.
        levels: allowed powers [MW].
    """

    seasons: Seasons = FOUR
    slots: int = HOURS_OF_DAY
    energy: float | None = None
    cost: float | None = None
    objective: str = "cost"
    shortfall: str = "priced"
    gap: float = 0.005
    seconds: float = 600.0
    steps: int | None = None
    changes: int | None = None
    dwell: float | None = None
    reversal: float | None = None
    ramp: float | None = None
    largest: float | None = None
    minimum: float | None = None
    minimum_share: float | None = None
    levels: tuple[float, ...] = ()

    def rules(self, of_line: CurveRules) -> CurveRules:
        """The rules of a line with what is said of steps here.

        Raises:
            InputError: rules that contradict each other.
        """
        given: dict[str, Any] = {
            "levels_a_day": self.steps, "changes_a_day": self.changes, "dwell": self.dwell,
            "no_reversal": self.reversal, "ramp": self.ramp, "largest_step": self.largest,
            "minimum": self.minimum, "levels": self.levels or None,
        }  # fmt: skip
        if self.minimum_share is not None:
            given["minimum"] = self.minimum_share * of_line.rating
        made = replace(of_line, **{name: value for name, value in given.items() if value is not None})
        faults = rule_faults(made)
        if faults:
            raise InputError(faults, "the rules of steps")
        return made


def parse(text: str) -> Optimise:
    """Read what is asked.

    Raises:
        InputError: with every fault of the text.
    """
    faults: list[Fault] = []
    given: dict[str, Any] = {}
    for word in text.split():
        match = re.fullmatch(r"([a-z_]+)\s*(>=|<=|=)\s*(.+)", word)
        if match is None:
            faults.append(Fault("--optimise", f'"{word}"', "key=value, such as steps=3", "Leave no blank around = ."))
            continue
        key, sign, value = match.groups()
        reader = READERS.get(key)
        if reader is None:
            remedy = nearest(key, READERS) or f"It knows {listed(READERS, 30)}."
            faults.append(Fault("--optimise", f'"{key}"', "something that can be asked of a curve", remedy))
            continue
        expected = {"energy": ">=", "cost": "<="}.get(key, "=")
        if sign != expected:
            remedy = f"Write {key}{expected}{value} ."
            faults.append(Fault(f"--optimise, {key}", f'"{sign}"', f'"{expected}"', remedy))
            continue
        if any(name in given for name in reader[0]):
            faults.append(Fault(f"--optimise, {key}", "said twice", "once", "Delete one of the two."))
            continue
        try:
            given |= reader[1](value)
        except ValueError as error:
            faults.append(Fault(f"--optimise, {key}", f'"{value}"', str(error)))
    faults += _together(given)
    if faults:
        raise InputError(faults, "the options")
    return Optimise(**given)


def _together(given: dict[str, Any]) -> list[Fault]:
    """What is wrong of words that stand together."""
    faults = []
    if given.get("objective") == "energy":
        if given.get("shortfall") == "priced":
            found, expected = "objective=energy shortfall=priced", "shortfall=none: any curve asks for most energy"
            faults.append(Fault("--optimise, shortfall", found, expected, "Leave shortfall out."))
        given.setdefault("shortfall", "none")
    elif "cost" in given:
        found, expected = "cost<= with objective=cost", "a limit of cost where energy is the objective"
        faults.append(Fault("--optimise, cost", found, expected, "Add objective=energy, or leave cost out."))
    return faults


def _amount(units: dict[str, float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        match = _NUMBER.fullmatch(text)
        if match is None or match[2] not in units:
            raise ValueError(f"a number with a unit: {listed([u or 'none' for u in units])}")
        return float(match[1]) * units[match[2]]

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _one_of(words: tuple[Any, ...]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        found = [w for w in words if str(w) == text]
        if not found:
            raise ValueError(f"one of {listed(map(str, words))}")
        return found[0]

    return read


def _levels(text: str) -> tuple[float, ...]:
    unit = re.search(r"[A-Za-z^%].*$", text.rsplit(",", 1)[-1])
    read = _amount(POWER)
    return tuple(sorted({read(part if part[-1:].isalpha() else f"{part}{unit[0] if unit else ''}")
                         for part in text.split(",")}))  # fmt: skip


def _minimum(text: str) -> dict[str, float]:
    if text.endswith("%"):
        return {"minimum_share": _amount({"%": 0.01})(text)}
    return {"minimum": _amount({**POWER})(text)}


def _seasons(text: str) -> Seasons:
    if text.isdigit():
        if int(text) not in FIRST_MONTH:
            raise ValueError(f"one of {listed(map(str, FIRST_MONTH))}, or the months of each season")
        return seasons_of(int(text))
    made = []
    for part in text.split(","):
        match = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", part)
        if match is None or not all(1 <= int(m) <= 12 for m in match.groups() if m):
            raise ValueError("months such as 12-2,3-5,6-8,9-11")
        first, last = int(match[1]), int(match[2] or match[1])
        made.append(tuple((first - 1 + i) % 12 + 1 for i in range((last - first) % 12 + 1)))
    months = [m for season in made for m in season]
    if sorted(months) != list(range(1, 13)):
        raise ValueError("each of the twelve months in one season")
    return tuple(made)


def _as(name: str, read: Callable[[str], Any]) -> tuple[tuple[str, ...], Callable[[str], dict[str, Any]]]:
    return (name,), lambda text: {name: read(text)}


#: How each word is read, and the attributes it fills.
READERS: dict[str, tuple[tuple[str, ...], Callable[[str], dict[str, Any]]]] = {
    "steps": _as("steps", _whole(1, 96)),
    "changes": _as("changes", _whole(0, 96)),
    "dwell": _as("dwell", _amount(TIME)),
    "reversal": _as("reversal", _amount(TIME)),
    "ramp": _as("ramp", _amount(RAMP)),
    "largest": _as("largest", _amount(POWER)),
    "minimum": (("minimum", "minimum_share"), _minimum),
    "levels": _as("levels", _levels),
    "seasons": _as("seasons", _seasons),
    "slots": _as("slots", _one_of(SLOTS)),
    "energy": _as("energy", _amount(ENERGY)),
    "cost": _as("cost", _amount(MONEY)),
    "objective": _as("objective", _one_of(OBJECTIVES)),
    "shortfall": _as("shortfall", _one_of(SHORTFALLS)),
    "gap": _as("gap", _amount(SHARE)),
    "time": _as("seconds", _amount(SECONDS)),
}
assert {name for names, _ in READERS.values() for name in names} == {f.name for f in fields(Optimise)}
