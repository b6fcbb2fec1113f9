"""A portfolio: capacities that somebody published or proposes, read from a CSV file and fixed in a problem.

    portfolio/fixed         sum(installed[a,y], a of the line) = capacity   [MW]
    portfolio/fixed_energy  sum(energy[a,y], a of the line) = energy        [MWh]

A line names an asset; or a technology, or a group of them, and a zone (all zones if blank): then the sum of their
assets is fixed and how they share it is free. What no line names is free, or stays as it is. A capacity beyond the
room of the data, or below what stands, is taken as it is: the room is widened for it, and existing capacity let go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.ageing import Ageing
from qhenergy.algebra.assets import Asset, Assets
from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, number, read, text
from qhenergy.model.assemble import System
from qhenergy.model.extend import NewRow, with_rows
from qhenergy.model.problem import Problem

TABLE = Table(
    "portfolio",
    "a capacity of a published or proposed portfolio",
    (
        text("asset", "key of an asset; or leave it blank and name a technology or a group", default=""),
        text("technology", "key of a technology whose assets are fixed in sum", default=""),
        text("group", "key of a group of technologies whose assets are fixed in sum", default=""),
        text("zone", "zone of those assets; all if blank", default=""),
        number("capacity", "power", "in service in the stage", high=500_000),
        number("energy", "energy", "stored energy; as the plan likes if blank", default=None, high=1e8),
        text("source", "where it is from", default=""),
        text("confidence", "how sure it is", default=""),
        text("note", "what to know of it", default=""),
    ),
    keys=0,
    sourced=False,
)
FIXED, FIXED_ENERGY = "portfolio/fixed", "portfolio/fixed_energy"
#: A capacity that differs by less is the same [MW].
SAME = 1e-6


@dataclass(frozen=True)
class Line:
    """A line of a portfolio.

    Attributes:
        name: the asset, or technology or group and zone; unique.
        technology: of its assets, or the group.
        assets: whose capacity adds up to it.
        capacity: in service [MW].
        energy: stored energy [MWh], or None.
        listed: whether the file has it; else it stays as it is.
    """

    name: str
    technology: str
    assets: tuple[str, ...]
    capacity: float
    energy: float | None = None
    listed: bool = True


def registered(system: System) -> Assets:
    """The register of assets of a case, before anything is written."""
    plan = Plan(system.inputs, system.case, system.chronology)
    for technology in system.catalogue.technologies:
        if hasattr(technology, "register"):
            technology.register(plan)
    return plan.assets


def read_portfolio(path: Path, system: System, only: bool = False) -> list[Line]:
    """Read a portfolio and check it against the assets of a case.

    Args:
        path: the CSV file.
        system: the case made ready.
        only: whether assets that no line names stay as they are.

    Raises:
        InputError: with every fault of the file.
    """
    if not path.is_file():
        raise InputError([Fault(str(path), "no such file", "a CSV file of capacities", "Correct the path.")], path.name)
    faults: list[Fault] = []
    frame, places = read(TABLE, path, faults)
    if faults:
        raise InputError(faults, path.name)
    assets = registered(system)
    lines: list[Line] = []
    taken: dict[str, str] = {}
    for row, place in zip(frame.to_dict("records"), places, strict=True):
        where = f"{path.name}, row {place}"
        line = _line(row, where, system, assets, faults)
        if line is None:
            continue
        for asset in line.assets:
            if asset in taken:
                found = f'"{asset}", which {taken[asset]} fixes already'
                faults.append(Fault(where, found, "each asset in one line", "Delete one of the two."))
            taken.setdefault(asset, f"row {place}")
        lines.append(line)
    if not lines and not faults:
        faults.append(Fault(path.name, "no row", "at least one capacity", "Add a row below the header."))
    if faults:
        raise InputError(faults, path.name)
    if only:
        stage = system.case.stages[-1]
        lines += [
            Line(a.name, a.technology, (a.name,), a.fixed[stage], listed=False)
            for a in assets.by_name.values()
            if a.name not in taken and not a.decided(stage)
        ]
    return lines


def _line(row: dict[str, Any], where: str, system: System, assets: Assets, faults: list[Fault]) -> Line | None:
    found = subject_of(row, where, system, assets, faults)
    if found is None:
        return None
    energy = None if pd.isna(row["energy"]) else float(row["energy"])
    return Line(found.name, found.technology, found.assets, float(row["capacity"]), energy)


@dataclass(frozen=True)
class Subject:
    """What a line of a portfolio is about.

    Attributes:
        name: the asset, or technology or group and zone.
        technology: of its assets, or the group.
        assets: keys.
    """

    name: str
    technology: str
    assets: tuple[str, ...]


def subject_of(
    row: Mapping[str, Any],
    where: str,
    system: System,
    assets: Assets,
    faults: list[Fault],
    everything: Sequence[str] | None = None,
) -> Subject | None:
    """What a row is about; None if that cannot be said, and then why is among the faults.

    Args:
        row: with words asset, technology, group and zone.
        where: the row, as the user would look for it.
        system: the case made ready.
        assets: its register.
        faults: list that faults are appended to.
        everything: keys of the assets that a row without any of the three words is about; a fault if None.
    """
    zone = str(row["zone"])
    filled = [word for word in ("asset", "technology", "group") if row[word]]
    every = list(assets.by_name.values())
    known: dict[str, list[Asset]] = {}
    if len(filled) > 1 or not (filled or everything is not None):
        found = " and ".join(filled) or "neither an asset nor a technology nor a group"
        faults.append(Fault(where, found, "one of the three", "Fill asset, technology or group, and blank the others."))
        return None
    word = filled[0] if filled else ""
    key = str(row[word]) if word else ""
    if word == "group":
        for group in dict.fromkeys(system.inputs["groups"].index.get_level_values(0)):
            members = system.inputs.members(group)
            known[str(group)] = [a for a in every if a.technology in members]
    for a in every if word != "group" else ():
        known.setdefault(a.name if word == "asset" else a.technology, []).append(a)
    found_assets = known.get(key, []) if word else [assets[name] for name in everything or ()]
    if not found_assets:
        remedy = nearest(key, known) or f"Name one of {listed(sorted(known), 30)}."
        faults.append(Fault(where, f'{word} "{key}"', f"{word} of the case that has assets", remedy))
        return None
    zones = {a.zone for a in found_assets}
    if zone and zone not in zones:
        remedy = nearest(zone, zones) or "Correct the zone, or blank it."
        expected = f"a zone of {key or 'storage'}: {listed(sorted(zones))}"
        faults.append(Fault(where, f'zone "{zone}"', expected, remedy))
        return None
    members = tuple(a.name for a in found_assets if not zone or a.zone == zone)
    name = f"{key}/{zone}" if zone and word != "asset" else key
    return Subject(name, found_assets[0].technology if word == "asset" else key, members)


def may_grow(members: Sequence[Asset]) -> list[Asset]:
    """The assets of a line that get more room where it asks for more: those that have any, or else all."""
    return [a for a in members if max(a.room.values()) > 0] or list(members)


def with_room(system: System, room: Mapping[str, float]) -> System:
    """The case in which assets may add at least so much in the last stage, whatever their years say.

    Args:
        system: the case made ready.
        room: by asset [MW]; one that has as much already stays as it is.
    """
    assets, stage = registered(system), system.case.stages[-1]
    frames = dict(system.inputs.frames)
    opened = [name for name, most in room.items() if most > assets[name].room[stage] + SAME]
    ageing = Ageing(system.inputs, system.case.base_year)
    early = {assets[name].technology for name in opened if ageing.first_year(assets[name].technology) > stage}
    if early:
        frame = frames["technologies"] = frames["technologies"].copy()
        frame.loc[frame.index.isin(early), "lead_time"] = float(stage - system.case.base_year)
    for asset in assets.by_name.values():
        if asset.name not in opened and asset.technology not in early:
            continue
        frame = frames[asset.table] = frames[asset.table].copy()
        if asset.name in opened:
            frame.loc[asset.name, "room"] = max(float(frame.at[asset.name, "room"]), room[asset.name])
            frame.loc[asset.name, "earliest_year"] = np.nan
        elif asset.room[stage] == 0:
            # What waited for the lead time of its technology still does.
            first = np.nanmax([frame.at[asset.name, "earliest_year"], ageing.first_year(asset.technology)])
            frame.loc[asset.name, "earliest_year"] = np.ceil(first)
    return replace(system, inputs=replace(system.inputs, frames=frames))


def widened(system: System, lines: Sequence[Line]) -> System:
    """The case with room, and capacity that may go, where a line needs them; its hours stay what they are.

    Raises:
        InputError: a line asks for what no room helps, such as less than is committed.
    """
    assets, stage = registered(system), system.case.stages[-1]
    frames, room = dict(system.inputs.frames), {}
    for line in lines:
        members = [assets[name] for name in line.assets]
        missing = line.capacity - sum(a.fixed[stage] + a.room[stage] for a in members)
        if missing > SAME:
            room |= {a.name: a.room[stage] + missing for a in may_grow(members)}
        elif sum(a.fixed[stage] for a in members) - line.capacity > SAME:
            for asset in members:
                if "retirable" in frames[asset.table].columns:
                    frame = frames[asset.table] = frames[asset.table].copy()
                    frame.loc[asset.name, "retirable"] = "yes"
    made = with_room(replace(system, inputs=replace(system.inputs, frames=frames)), room)
    faults = []
    after = registered(made)
    for line in lines:
        members = [after[name] for name in line.assets]
        least = sum(a.fixed[stage] - (a.existing if a.retirable else 0.0) for a in members)
        most = sum(a.fixed[stage] + a.room[stage] for a in members)
        if not least - SAME <= line.capacity <= most + SAME:
            expected = f"between {least / 10:g} and {most / 10:g} [10^4 kW]"
            remedy = "What is committed cannot go; correct the capacity or the data."
            faults.append(Fault(f"portfolio ({line.name})", f"{line.capacity / 10:g} [10^4 kW]", expected, remedy))
        if line.energy is not None and not any(a.name in after.with_energy for a in members):
            hours = {a.energy_hours for a in members}
            if len(hours) > 1 or abs(line.energy - hours.pop() * line.capacity) > 1e-3 * max(line.energy, 1.0):
                remedy = "Blank the energy, or change the duration in the inputs."
                found = f"energy {line.energy / 10:g} [10^4 kWh]"
                expected = "capacity times the duration that the inputs give"
                faults.append(Fault(f"portfolio ({line.name})", found, expected, remedy))
    if faults:
        raise InputError(faults, "the portfolio")
    return made


class Fixing:
    """The rows that fix a portfolio in a problem, and bounds as the data have them once a line is released."""

    def __init__(self, problem: Problem, lines: Sequence[Line], assets: Assets, original: Assets, stage: int) -> None:
        """Add the rows.

        Args:
            problem: of the widened case.
            lines: of the portfolio.
            assets: of the widened case.
            original: of the case as the data have it.
            stage: year of the capacities.
        """
        self.lines, self._original, self._stage = list(lines), original, stage
        columns = problem.columns
        self._at = {
            family: {(columns.members[columns.member[i]], int(columns.number[i])): int(i) for i in columns.of(family)}
            for family in ("capacity/installed", "capacity/energy", "capacity/built", "capacity/retired")
        }
        fixed, stored = [], []
        for line in self.lines:
            records = [assets[name] for name in line.assets]
            decided = sum(a.fixed[stage] for a in records if a.decided(stage))
            at = [self._at["capacity/installed"][a.name, stage] for a in records if not a.decided(stage)]
            fixed.append(self._row(line.name, at, np.ones(len(at)), line.capacity - decided))
            sized = [a for a in records if a.name in assets.with_energy]
            if line.energy is not None and sized:
                at = [self._at["capacity/energy"][a.name, stage] for a in sized]
                rest = sum(a.energy_hours * a.fixed[stage] for a in records if a not in sized and a.decided(stage))
                stored.append(self._row(line.name, at, np.ones(len(at)), line.energy - rest))
        algebra = "sum(installed[a,y], a of the line) = capacity"
        problem = with_rows(problem, FIXED, "MW", algebra, fixed)
        algebra = "sum(energy[a,y], a of the line) = energy"
        self.problem = with_rows(problem, FIXED_ENERGY, "MWh", algebra, stored)

    def _row(self, name: str, at: list[int], coefficients: np.ndarray, side: float) -> NewRow:
        # A line all of whose assets are numbers has an empty row; rounding may not make it infeasible.
        side = side if at else 0.0
        return NewRow(name, self._stage, np.array(at, dtype=np.int64), coefficients, side, side)

    def variant(
        self, problem: Problem, released: Sequence[Line] = (), upward: bool = False, loose: bool = False
    ) -> Problem:
        """The problem with lines released, with all lines only as a least, or with none binding.

        Args:
            problem: the fixed problem, or one with further columns.
            released: lines that bind no more; what their assets may add or lose is as the data have it.
            upward: whether capacities may be more than the portfolio says.
            loose: whether they may be anything, with room for what the portfolio says.
        """
        upper = problem.upper.copy()
        row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
        names = {line.name for line in released}
        for family in (FIXED, FIXED_ENERGY):
            for row in problem.rows.of(family):
                if upward or loose:
                    row_upper[row] = np.inf
                if loose or problem.rows.members[problem.rows.member[row]] in names:
                    row_lower[row], row_upper[row] = -np.inf, np.inf
        for line in released:
            for name in line.assets:
                record = self._original[name]
                for stage, room in record.room.items():
                    for family, most in (
                        ("capacity/built", room),
                        ("capacity/retired", record.existing if record.retirable else 0.0),
                    ):
                        if (name, stage) in self._at[family]:
                            upper[self._at[family][name, stage]] = most
        return replace(problem, upper=upper, row_lower=row_lower, row_upper=row_upper)
