"""The portfolios of a table, read and checked against the assets of a case."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from qhenergy.algebra.assets import Assets
from qhenergy.data.portfolios import DATA, OWN, STORAGE_PORTFOLIOS
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import read
from qhenergy.model.assemble import System
from qhenergy.report.words import Words
from qhenergy.studies.portfolio import SAME, may_grow, subject_of

#: Keys that a study needs: nothing new, and anything; made where a table has none of them.
NONE, OPTIMUM = "none", "optimum"
_MADE = {
    NONE: Words("No new storage", "不新增储能"),
    OPTIMUM: Words("The model's choice", "模型最优"),
}


@dataclass(frozen=True)
class StorageLine:
    """A line of a portfolio.

    Attributes:
        name: the asset, or technology or group and zone; nothing if it is about all storage.
        assets: whose new capacity adds up to it.
        least, most: of what is new [MW]; infinite if nothing limits it.
        energy: stored energy of what is new [MWh], or None.
        duration: of what is new [h], instead of its energy, or None.
        within_data: whether what is built keeps to room and years of the data.
    """

    name: str
    assets: tuple[str, ...]
    least: float = 0.0
    most: float = math.inf
    energy: float | None = None
    duration: float | None = None
    within_data: bool = False

    @property
    def asked(self) -> float:
        """The capacity that there must be room for [MW]."""
        return self.most if math.isfinite(self.most) else self.least


@dataclass(frozen=True)
class Portfolio:
    """A portfolio of new storage: its key, its name, and its lines."""

    name: str
    title: Words
    lines: tuple[StorageLine, ...]

    def built_by(self, asset: str) -> list[StorageLine]:
        """The lines an asset is part of."""
        return [line for line in self.lines if asset in line.assets]


def scope_of(system: System, assets: Assets) -> tuple[str, ...]:
    """Assets that are storage, in the sense of a case: of its group, or whatever stores energy.

    Raises:
        InputError: the group is not there, or has no asset.
    """
    group = system.case.portfolios.scope
    every = assets.by_name.values()
    if not group:
        return tuple(a.name for a in every if a.energy_hours > 0 or a.name in assets.with_energy)
    groups = [str(g) for g in dict.fromkeys(system.inputs["groups"].index.get_level_values(0))]
    members = set(system.inputs.members(group))
    found = tuple(a.name for a in every if a.technology in members)
    if not found:
        expected = f"a group with assets: one of {listed(groups, 30)}"
        fault = Fault("case, portfolios.scope", f'"{group}"', expected, nearest(group, groups) or "Correct the group.")
        raise InputError([fault], "the case")
    return found


def read_portfolios(system: System, assets: Assets, scope: Sequence[str], table: Path | None = None) -> list[Portfolio]:
    """All portfolios of a table in their order; `none` first and `optimum` last where the table does not have them.

    Args:
        system: the case made ready.
        assets: its register.
        scope: assets that are storage.
        table: a file of the user's own; the table of the data if None.

    Raises:
        InputError: with every fault of the table.
    """
    faults: list[Fault] = []
    rows = list(_rows(system, table, faults))
    if faults:
        raise InputError(faults, rows[0][0] if rows else str(table))
    lines: dict[str, list[StorageLine]] = {}
    titles: dict[str, Words] = {}
    taken: dict[tuple[str, str], str] = {}
    for where, row in rows:
        key = str(row["portfolio"])
        if not re.fullmatch(r"[\w-][\w.-]*", key):
            expected = "letters, digits, dots and dashes: each portfolio has a folder of its own"
            faults.append(Fault(where, f'portfolio "{key}"', expected, "Give it another key."))
        before = titles.get(key, Words("", ""))
        titles[key] = Words(before.en or str(row["name_en"]), before.zh or str(row["name_zh"]))
        line = _line(row, where, system, assets, scope, faults)
        if line is None:
            continue
        if (key, line.name) in taken:
            found = f'"{line.name or "all storage"}" of {key}, which is said in {taken[key, line.name]} already'
            faults.append(Fault(where, found, "each subject once", "Delete one of the two."))
        taken.setdefault((key, line.name), where)
        lines.setdefault(key, []).append(line)
    if not rows and table is not None:
        faults.append(Fault(table.name, "no row", "at least one portfolio", "Add a row below the header."))
    if faults:
        raise InputError(faults, "the portfolios")
    made = [
        Portfolio(key, Words(titles[key].en or key, titles[key].zh or titles[key].en or key), tuple(own))
        for key, own in lines.items()
    ]
    everything = tuple(scope)
    if NONE not in lines:
        made.insert(0, Portfolio(NONE, _MADE[NONE], (StorageLine("", everything, 0.0, 0.0),)))
    if OPTIMUM not in lines:
        made.append(Portfolio(OPTIMUM, _MADE[OPTIMUM], (StorageLine("", everything),)))
    return made


def _rows(system: System, table: Path | None, faults: list[Fault]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Rows with where each stands."""
    if table is None:
        frame = system.inputs[STORAGE_PORTFOLIOS.name].reset_index()
        for row in frame.to_dict("records"):
            yield f"{STORAGE_PORTFOLIOS.name}.csv, row {row['portfolio']}, {row['number']:g}", row
        return
    if not table.is_file():
        faults.append(Fault(str(table), "no such file", "a CSV file of portfolios", "Correct the path."))
        return
    frame, places = read(OWN, table, faults)
    for row, place in zip(frame.to_dict("records"), places, strict=True):
        yield f"{table.name}, row {place}", row


def _line(
    row: Mapping[str, Any], where: str, system: System, assets: Assets, scope: Sequence[str], faults: list[Fault]
) -> StorageLine | None:
    subject = subject_of(row, where, system, assets, faults, scope)
    given = {word: float(row[word]) for word in ("capacity", "least", "most", "energy", "duration")}
    said = {word: value for word, value in given.items() if not pd.isna(value)}
    own: list[Fault] = []
    if "capacity" in said and ("least" in said or "most" in said):
        remedy = "Blank the capacity, or the limits."
        own.append(Fault(where, "a capacity, and limits between which the model chooses", "one of the two", remedy))
    if said.get("least", 0.0) > said.get("most", math.inf):
        found = f"least {said['least'] / 10:g} above most {said['most'] / 10:g} [10^4 kW]"
        own.append(Fault(where, found, "the least first", "Exchange the two."))
    if "energy" in said and "duration" in said:
        own.append(Fault(where, "an energy and a duration", "one of the two", "Blank one of them."))
    year, stages = row["year"], system.case.stages
    if not pd.isna(year) and int(year) not in stages:
        expected = f"a stage of the case: {listed(map(str, stages))}"
        own.append(Fault(where, f"year {year:g}", expected, "Correct the year, or blank it."))
    faults += own
    if subject is None or own:
        return None
    least = said.get("capacity", said.get("least", 0.0))
    line = StorageLine(
        subject.name,
        subject.assets,
        least,
        said.get("capacity", said.get("most", math.inf)),
        said.get("energy"),
        said.get("duration"),
        row["within"] == DATA,
    )
    faults += _misfits(line, where, system, assets)
    return line


def _misfits(line: StorageLine, where: str, system: System, assets: Assets) -> Iterator[Fault]:
    """What the assets of a line cannot be."""
    stage, members = system.case.stages[-1], [assets[name] for name in line.assets]
    hours = line.duration
    if line.energy is not None and line.least > 0:
        hours = line.energy / line.asked
    if hours is not None:
        limits = [durations_of(system, assets, a.name) for a in members]
        shortest, longest = min(low for low, _ in limits), max(high for _, high in limits)
        if not shortest - 1e-6 <= hours <= longest + 1e-6:
            remedy = "Correct it, or change the duration in the data."
            expected = f"{shortest:g} to {longest:g} h, as the data have it"
            yield Fault(where, f"a duration of {hours:g} h", expected, remedy)
    room = sum(a.room[stage] for a in members)
    if line.within_data and line.least > room + SAME:
        found, expected = f"{line.least / 10:g} [10^4 kW]", f"at most {room / 10:g}, the room of the data in {stage}"
        yield Fault(where, found, expected, "Ask for less, or write asked in the column within.")


def durations_of(system: System, assets: Assets, name: str) -> tuple[float, float]:
    """Least and most duration of what is new of an asset [h]; both zero of one that stores nothing."""
    asset = assets[name]
    if name in assets.with_energy and not asset.energy_hours:
        row = system.inputs[asset.table].loc[name]
        return float(row["minimum_duration"]), float(row["maximum_duration"])
    return asset.energy_hours, asset.energy_hours


def room_asked(assets: Assets, stage: int, lines: Sequence[StorageLine]) -> dict[str, float]:
    """The room that assets need so that every line can be had, that of the data where it is enough [MW].

    A line that asks for more than its assets have together gives what is missing to each that may grow, since how
    they share it is free. Lines of few assets come first: what they open counts for those that hold them.
    """
    room = {name: a.room[stage] for name, a in assets.by_name.items()}
    for line in sorted(lines, key=lambda line: len(line.assets)):
        missing = line.asked - sum(room[name] for name in line.assets)
        if missing > SAME and not line.within_data:
            open_ = [n for n in line.assets if room[n] > 0] or [
                a.name for a in may_grow([assets[n] for n in line.assets])
            ]
            for name in open_:
                room[name] += missing
    return room
