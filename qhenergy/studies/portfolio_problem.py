"""The problems of portfolios: variants of one problem in their bounds, and in rows that say what is new.

    portfolio/new        least <= sum(built[a,y], a of the line) <= most                                      [MW]
    portfolio/energy     sum(energy_built[a,y], a of the line) = energy                                       [MWh]
    portfolio/duration   sum(energy_built[a,y], a of the line) = duration * sum(built[a,y], a of the line)    [MWh]

The case is assembled once, with room for all that is asked. Where the duration is given, `energy_built` is the
duration times `built`. Storage that no line names gets nothing new; all else is as free as the case has it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.assets import Assets
from qhenergy.ground.faults import Fault, InputError
from qhenergy.model.assemble import Assembled, System
from qhenergy.model.extend import NewRow, with_rows
from qhenergy.model.problem import Problem
from qhenergy.studies.portfolio import SAME, registered, with_room
from qhenergy.studies.portfolio_table import Portfolio, StorageLine, room_asked

NEW, ENERGY, DURATION = "portfolio/new", "portfolio/energy", "portfolio/duration"
BUILT, ENERGY_BUILT, INSTALLED = "capacity/built", "capacity/energy_built", "capacity/installed"
_SUM = "a of the line"
_ALGEBRA = {
    NEW: ("MW", f"least <= sum(built[a,y], {_SUM}) <= most"),
    ENERGY: ("MWh", f"sum(energy_built[a,y], {_SUM}) = energy"),
    DURATION: ("MWh", f"sum(energy_built[a,y], {_SUM}) = duration * sum(built[a,y], {_SUM})"),
}


@dataclass(frozen=True)
class Footing:
    """What all portfolios of a study share, before anything is assembled.

    Attributes:
        system: the case with room for all that is asked.
        scope: assets that are storage.
        data_room, room: what may be added of an asset by the data, and what portfolios ask beyond it [MW].
    """

    system: System
    scope: tuple[str, ...]
    data_room: Mapping[str, float]
    room: Mapping[str, float]


def footing(
    system: System,
    assets: Assets,
    scope: Sequence[str],
    portfolios: Sequence[Portfolio],
    probes: Sequence[StorageLine] = (),
    longest: float = 0.0,
) -> Footing:
    """Make a case ready for its portfolios.

    Args:
        system: the case.
        assets: its register.
        scope: assets that are storage.
        portfolios: all of the table, so that what one of them is does not hang on which are solved.
        probes: lines that curves ask for; they open room in the problem, and none in any portfolio.
        longest: duration that sized stores of the probes must be able to have [h].

    Raises:
        InputError: something cannot stand whatever room it has, such as a plant whose reservoir is not there.
    """
    stage = system.case.stages[-1]
    lines = [line for portfolio in portfolios for line in portfolio.lines]
    room = room_asked(assets, stage, lines)
    sized = {name for line in probes for name in line.assets} if longest else set()
    made = with_room(_lasting(system, sized, longest), room_asked(assets, stage, [*lines, *probes]))
    after, faults = registered(made), []
    for line in [*lines, *probes]:
        most = sum(after[name].room[stage] for name in line.assets)
        if not line.within_data and math.isfinite(line.asked) and line.asked > most + SAME:
            found, expected = f"{line.asked / 10:g} [10^4 kW]", f"at most {most / 10:g}: no more can stand in {stage}"
            remedy = "See whether its station or dam stands by then, or ask for less."
            faults.append(Fault(f"portfolio line {line.name}", found, expected, remedy))
    if faults:
        raise InputError(list(dict.fromkeys(faults)), "the portfolios")
    of_data = {name: a.room[stage] for name, a in assets.by_name.items()}
    asked = {name: min(most, after[name].room[stage]) for name, most in room.items()}
    return Footing(made, tuple(scope), of_data, asked)


def _lasting(system: System, assets: Collection[str], hours: float) -> System:
    """The case in which sized stores may last so long [h]."""
    frames = dict(system.inputs.frames)
    for table, frame in system.inputs.frames.items():
        if "maximum_duration" in frame.columns:
            own = frame.index.isin(assets) & frame["maximum_duration"].notna()
            longest = frame["maximum_duration"].mask(own & (frame["maximum_duration"] < hours), hours)
            frames[table] = frame.assign(maximum_duration=longest)
    return replace(system, inputs=replace(system.inputs, frames=frames))


class Variants:
    """Variants of one assembled problem."""

    def __init__(self, assembled: Assembled, footing: Footing) -> None:
        self.assembled, self.footing = assembled, footing
        self.stage = footing.system.case.stages[-1]
        columns = assembled.problem.columns
        self._at = {
            family: {
                columns.members[columns.member[i]]: int(i)
                for i in columns.of(family)
                if int(columns.number[i]) == self.stage
            }
            for family in (BUILT, ENERGY_BUILT, INSTALLED)
        }

    def at(self, family: str, asset: str) -> int | None:
        """Position of a column of an asset; None if it has none."""
        return self._at[family].get(asset)

    def of(self, portfolio: Portfolio) -> Problem:
        """The problem of a portfolio."""
        return self.with_lines(portfolio.lines, self.footing.room)

    def with_lines(self, lines: Sequence[StorageLine], room: Mapping[str, float]) -> Problem:
        """The problem in which storage is what some lines say.

        Args:
            lines: what is new; storage that none of them names gets nothing.
            room: most that an asset may add where its lines do not keep to the data [MW].
        """
        problem = self.assembled.problem
        upper = problem.upper.copy()
        for name in {*self.footing.scope, *(n for line in lines for n in line.assets)}:
            at, own = self.at(BUILT, name), [line for line in lines if name in line.assets]
            if at is None:
                continue
            if not own or any(line.most == 0 for line in own):
                upper[at] = 0.0
            else:
                within = any(line.within_data for line in own)
                upper[at] = min(upper[at], self.footing.data_room[name] if within else room[name])
        return self.with_rows(replace(problem, upper=upper), lines)

    def with_rows(self, problem: Problem, lines: Sequence[StorageLine]) -> Problem:
        """A variant with the rows of some lines, those of their capacity first."""
        rows: dict[str, list[NewRow]] = {family: [] for family in _ALGEBRA}
        for line in lines:
            self._write(line, rows)
        for family, (unit, algebra) in _ALGEBRA.items():
            if rows[family]:
                problem = with_rows(problem, family, unit, algebra, rows[family])
        return problem

    def _write(self, line: StorageLine, rows: dict[str, list[NewRow]]) -> None:
        name, built, energy = line.name or "storage", self.built(line), self.energy(line)
        if line.most == 0:
            return
        if line.least > 0 or math.isfinite(line.most):
            rows[NEW].append(NewRow(name, self.stage, *built, line.least, line.most))
        if line.energy is not None:
            rows[ENERGY].append(NewRow(name, self.stage, *energy, line.energy, line.energy))
        if line.duration is not None:
            terms = _summed(energy, (built[0], -line.duration * built[1]))
            if len(terms[0]):
                rows[DURATION].append(NewRow(name, self.stage, *terms, 0.0, 0.0))

    def built(self, line: StorageLine) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Columns and coefficients of the new capacity of a line [MW]."""
        at = [i for name in line.assets if (i := self.at(BUILT, name)) is not None]
        return np.array(at, dtype=np.int64), np.ones(len(at))

    def energy(self, line: StorageLine) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Columns and coefficients of the new stored energy of a line [MWh]."""
        terms = []
        for name in line.assets:
            sized, built = self.at(ENERGY_BUILT, name), self.at(BUILT, name)
            hours = self.assembled.assets[name].energy_hours
            if sized is not None:
                terms.append((sized, 1.0))
            elif built is not None and hours > 0:
                terms.append((built, hours))
        return np.array([i for i, _ in terms], dtype=np.int64), np.array([k for _, k in terms], dtype=float)


def _summed(
    *parts: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Entries of a row with each column once, those that cancel left out."""
    entries: dict[int, float] = {}
    for at, coefficients in parts:
        for i, k in zip(at.tolist(), coefficients.tolist(), strict=True):
            entries[i] = entries.get(i, 0.0) + k
    kept = {i: k for i, k in entries.items() if k != 0.0}
    return np.array(list(kept), dtype=np.int64), np.array(list(kept.values()), dtype=float)
