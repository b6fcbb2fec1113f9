"""Rows and bounds that may give: hard clauses, and the limits of the data behind them.

A lever is something that can be asked less of or allowed more of, by an amount with one unit:

* a hard clause. Its row of the year gives; one that is asked of every hour gives the same amount in each;
* `room`: what may be built of a technology, wherever there is a candidate of it;
* `limit`: of a section, a corridor that nobody widens, a tie to a neighbour, or a release of a station;
* `delivery`: energy that must be served or sent. It is a lever only where all of it is asked to be
  delivered, since a problem can otherwise leave energy out at its price.

What is given is measured as a share of the lever's size (what is asked, or what the limit is), so that
amounts of different units can be added and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.family import window_name
from qhenergy.model.assemble import Assembled
from qhenergy.model.problem import Index, Problem
from qhenergy.policy.clause import Requirement
from qhenergy.solving.clause_rows import hourly_rows, yearly_row

#: The order of what a share is measured in, or of what an hour is asked, where no number says it [MW].
SOME = 1e3
#: Printed unit of what is given, and inside units in it.
POWER, ENERGY, FLOW, VOLUME = ("10^4 kW", 10.0), ("10^8 kWh", 1e5), ("m3/s", 1.0), ("10^8 m3", 100.0)
#: Columns of what is not delivered, with the table and the column that ask for it.
DELIVERIES = {
    "demand/unserved": ("demand", "energy"),
    "send_out/shortfall": ("send_out", "capacity"),
    "send_out/missing": ("send_out", "yearly_energy"),
}
#: Rows that are a limit of the data: table, column, sign by which the limit gives, printed unit.
LIMIT_ROWS = {
    "section/forward": ("sections", "limit", -1.0, POWER),
    "section/backward": ("sections", "limit", 1.0, POWER),
    "hydro/minimum_release": ("hydro_rules", "minimum_release", 1.0, FLOW),
    "hydro/maximum_release": ("hydro_rules", "maximum_release", -1.0, FLOW),
    "hydro/minimum_mean_release": ("hydro_rules", "minimum_mean_release", 1.0, VOLUME),
    "hydro/maximum_mean_release": ("hydro_rules", "maximum_mean_release", -1.0, VOLUME),
}
#: Columns whose upper bound in every hour is a limit of the data: table and column.
LIMIT_COLUMNS = {
    "corridor/forward": ("corridors", "existing"),
    "corridor/backward": ("corridors", "existing"),
    "ac_tie/import": ("ac_ties", "import_limit"),
    "ac_tie/export": ("ac_ties", "export_limit"),
}

Places = NDArray[np.int64]
Numbers = NDArray[np.float64]
_NO_PLACES, _NO_NUMBERS = np.zeros(0, dtype=np.int64), np.zeros(0)


@dataclass(frozen=True, eq=False)
class Give:
    """One amount by which a lever gives.

    Attributes:
        address: of the datum it changes, `table/key/column`; empty where no single datum says it.
        rows, row_signs: rows that give way, with the change of their left side per unit given.
        columns, column_factors: columns whose upper bound rises, with the rise per unit given.
        opened, weights: columns held at zero that may rise, with what a unit of each counts.
    """

    address: str = ""
    rows: Places = field(default_factory=lambda: _NO_PLACES)
    row_signs: Numbers = field(default_factory=lambda: _NO_NUMBERS)
    columns: Places = field(default_factory=lambda: _NO_PLACES)
    column_factors: Numbers = field(default_factory=lambda: _NO_NUMBERS)
    opened: Places = field(default_factory=lambda: _NO_PLACES)
    weights: Numbers = field(default_factory=lambda: _NO_NUMBERS)


@dataclass(frozen=True, eq=False)
class Lever:
    """Something that may give.

    Attributes:
        kind: `clause`, `room`, `limit` or `delivery`.
        name: of the clause, the technology, the section, the tie, the station or the zone.
        table, column: where the datum stands; the kind of the clause and nothing for a clause.
        unit, scale: printed unit of what is given, and inside units per printed one.
        size: what is asked or allowed [inside unit].
        gives: each an amount of its own; what the lever gives is their sum.
        requirement: what the clause asks.
        hours: rows that say a clause's row of the year hour by hour, and give way with it.
    """

    kind: str
    name: str
    table: str
    column: str
    unit: str
    scale: float
    size: float
    gives: tuple[Give, ...]
    requirement: Requirement | None = None
    hours: Places = field(default_factory=lambda: _NO_PLACES)


def levers(assembled: Assembled, delivered: bool = False, data: bool = True) -> list[Lever]:
    """The hard clauses, and the limits of the data that may give.

    Args:
        assembled: the case.
        delivered: whether all energy must be served and sent.
        data: whether limits of the data are wanted at all.
    """
    found = list(_clauses(assembled))
    if data:
        found += [*_rooms(assembled), *_limit_rows(assembled), *_limit_columns(assembled)]
    return found + (list(_deliveries(assembled)) if delivered else [])


def _stages(assembled: Assembled, index: Index) -> NDArray[np.int64]:
    """Stage of every block; that of the plan is zero."""
    stage = {window_name(span.index): span.stage for span in assembled.system.chronology.spans}
    return np.array([stage.get(name, 0) for name in index.blocks], dtype=np.int64)


def _clauses(assembled: Assembled) -> Iterator[Lever]:
    problem = assembled.problem
    stages = _stages(assembled, problem.rows)
    for asked in assembled.requirements:
        clause = asked.clause
        if clause.strictness != "hard" or not asked.measured:
            continue
        hours = hourly_rows(problem, asked) if asked.hourly else _NO_PLACES
        hours = hours[stages[problem.rows.block[hours]] == asked.stage]
        if asked.by_hour:
            made = _of(problem.rows, f"{clause.kind}/room_is", clause.name)
            size = float(np.abs(problem.row_lower[made]).max(initial=0.0)) or SOME
            rows, hours, signs = hours, _NO_PLACES, (1.0,)
        else:
            row = yearly_row(problem, asked)
            rows = _NO_PLACES if row is None else np.array([row])
            size = SOME if asked.has_base else max(abs(asked.required), asked.scale)
            signs = {">=": (1.0,), "<=": (-1.0,), "=": (1.0, -1.0)}[asked.sense]
        if not len(rows):
            continue
        unit, scale = asked.unit, asked.scale
        if asked.has_base:
            unit, scale = problem.families["row", f"{clause.kind}/requirement"].unit, 1.0
        gives = tuple(Give(rows=rows, row_signs=np.full(len(rows), sign)) for sign in signs)
        yield Lever("clause", clause.name, clause.kind, "", unit, scale, size, gives, asked, hours)


def _rooms(assembled: Assembled) -> Iterator[Lever]:
    problem, last = assembled.problem, max(assembled.system.case.stages)
    built, rooms = problem.columns.of("capacity/built"), problem.rows.of("capacity/room")
    by_technology: dict[str, list[Give]] = {}
    size: dict[str, float] = {}
    for name in dict.fromkeys(_names(problem.columns, built)):
        asset = assembled.assets[name]
        columns = built[_names(problem.columns, built) == name]
        columns = columns[[asset.room[int(y)] > 0 for y in problem.columns.number[columns]]]
        rows = rooms[_names(problem.rows, rooms) == name] if len(rooms) else rooms
        give = Give(f"{asset.table}/{name}/room", rows, np.full(len(rows), -1.0), columns, np.ones(len(columns)))
        by_technology.setdefault(asset.technology, []).append(give)
        size[asset.technology] = size.get(asset.technology, 0.0) + asset.fixed[last] + asset.room[last]
    for technology, gives in by_technology.items():
        tables = {g.address.split("/")[0] for g in gives}
        yield Lever("room", technology, min(tables), "room", *POWER, max(size[technology], 1.0), tuple(gives))


def _limit_rows(assembled: Assembled) -> Iterator[Lever]:
    problem = assembled.problem
    gathered: dict[tuple[str, str, str], list[tuple[Places, float]]] = {}
    unit: dict[tuple[str, str, str], tuple[str, float]] = {}
    for family, (table, column, sign, printed) in LIMIT_ROWS.items():
        rows = problem.rows.of(family)
        names = np.array([str(n).split("/")[0] for n in _names(problem.rows, rows)], dtype=object)
        for name in dict.fromkeys(names):
            place = (table, str(name), column)
            gathered.setdefault(place, []).append((rows[names == name], sign))
            unit[place] = printed
    for (table, name, column), parts in gathered.items():
        rows = np.concatenate([rows for rows, _ in parts])
        signs = np.concatenate([np.full(len(rows), sign) for rows, sign in parts])
        key = f"{name},*" if table == "hydro_rules" else name
        yield Lever(
            "limit", name, table, column, *unit[table, name, column], _largest(problem, rows),
            (Give(f"{table}/{key}/{column}", rows, signs),),
        )  # fmt: skip


def _limit_columns(assembled: Assembled) -> Iterator[Lever]:
    problem, inputs = assembled.problem, assembled.system.inputs
    gathered: dict[tuple[str, str, str], list[Places]] = {}
    for family, (table, column) in LIMIT_COLUMNS.items():
        columns = problem.columns.of(family)
        columns = columns[np.isfinite(problem.upper[columns])]
        names = _names(problem.columns, columns)
        for name in dict.fromkeys(names):
            gathered.setdefault((table, str(name), column), []).append(columns[names == name])
    for (table, name, column), parts in gathered.items():
        at = np.concatenate(parts)
        limit = assembled.assets[name].fixed[max(assembled.system.case.stages)] if table == "corridors" else None
        limit = float(inputs[table].at[name, column]) if limit is None else limit
        if limit > 0:
            give = Give(f"{table}/{name}/{column}", columns=at, column_factors=problem.upper[at] / limit)
            yield Lever("limit", name, table, column, *POWER, limit, (give,))


def _deliveries(assembled: Assembled) -> Iterator[Lever]:
    problem, spans = assembled.problem, assembled.system.chronology.spans
    weight = {window_name(span.index): span.weight for span in spans}
    weights = np.array([weight.get(name, 1.0) for name in problem.columns.blocks])
    stages = _stages(assembled, problem.columns)
    for family, (table, column) in DELIVERIES.items():
        columns = problem.columns.of(family)
        names = _names(problem.columns, columns)
        # The plan counts in stages, an hour lies in a window of its stage.
        stage = np.where(stages > 0, stages, 0)[problem.columns.block[columns]]
        stage = np.where(stage > 0, stage, problem.columns.number[columns])
        for name, year in dict.fromkeys(zip(names, stage.tolist(), strict=True)):
            at = columns[(names == name) & (stage == year)]
            counts = weights[problem.columns.block[at]]
            if table == "demand":
                size = float(counts @ problem.upper[at])
            else:
                row = assembled.system.inputs[table].loc[name]
                rows = _of(problem.rows, "send_out/schedule", str(name))
                rows = rows[_stages(assembled, problem.rows)[problem.rows.block[rows]] == year]
                curve = float(counts @ problem.row_upper[rows]) if len(rows) == len(at) else 0.0
                size = curve or float(row["yearly_energy"])
            key = f"{name},{year}" if table == "demand" else name
            address = "" if family == "send_out/shortfall" else f"{table}/{key}/{column}"
            give = Give(address, opened=at, weights=counts)
            yield Lever("delivery", str(name), table, column, *ENERGY, max(size, 1.0), (give,))


def _names(index: Index, places: Places) -> NDArray[np.object_]:
    return np.array([index.members[m] for m in index.member[places]], dtype=object)


def _of(index: Index, family: str, member: str) -> Places:
    places = index.of(family)
    return places[_names(index, places) == member] if len(places) else places


def _largest(problem: Problem, rows: Places) -> float:
    sides = [np.abs(side[rows][np.isfinite(side[rows])]) for side in (problem.row_lower, problem.row_upper)]
    return max(float(np.concatenate(sides).max(initial=0.0)), 1.0)


def relaxed(problem: Problem, lever: Lever, parts: Sequence[float]) -> Problem:
    """The problem with a lever that gives exactly so much in each of its amounts [inside unit].

    A `delivery` is not relaxed: a problem as it is assembled can leave energy out anyway.
    """
    upper = problem.upper.copy()
    row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
    for give, amount in zip(lever.gives, parts, strict=True):
        row_lower[give.rows] -= give.row_signs * amount
        row_upper[give.rows] -= give.row_signs * amount
        upper[give.columns] += give.column_factors * amount
    row_lower[lever.hours], row_upper[lever.hours] = -np.inf, np.inf
    return replace(problem, upper=upper, row_lower=row_lower, row_upper=row_upper)
