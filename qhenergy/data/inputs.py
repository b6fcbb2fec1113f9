"""An input folder: every table read and checked, every fault shown at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import REQUIRED, Column, Table, check_references, read, shown
from qhenergy.ground.units import INSIDE, factor, split_header


@dataclass(frozen=True)
class Inputs:
    """The tables of one system, in inside units.

    Attributes:
        folder: where they were read.
        declared: the declaration of each table.
        frames: the rows, by table name, indexed by their key columns.
    """

    folder: Path
    declared: Mapping[str, Table]
    frames: Mapping[str, pd.DataFrame]

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The rows of a table; no row if the system has no such file."""
        return self.frames[table]

    def cost(self, technology: str, year: int, item: str) -> float:
        """A cost item of a technology in a year, linear between the years of costs.csv.

        Args:
            technology: key of technologies.csv.
            year: year of building or running; before the first and after the last year of the
                table the nearest one holds.
            item: column of costs.csv.

        Returns:
            The value in its inside unit.
        """
        return self._by_year("costs", technology, year, item)

    def fuel(self, fuel: str, year: int, item: str) -> float:
        """A property of a fuel in a year, linear between the years of fuels.csv."""
        return self._by_year("fuels", fuel, year, item)

    def _by_year(self, table: str, key: str, year: int, item: str) -> float:
        rows = self.frames[table].loc[key].sort_index()
        return float(np.interp(year, rows.index.to_numpy(dtype=float), rows[item].to_numpy(dtype=float)))

    def members(self, group: str) -> list[str]:
        """Technologies of a group, in the order of groups.csv."""
        groups = self.frames["groups"]
        return [technology for g, technology in groups.index if g == group]

    def kind(self, technology: str) -> str:
        """The file of algebra a technology follows."""
        return str(self.frames["technologies"].loc[technology, "kind"])


def read_inputs(folder: Path, tables: Sequence[Table], changes: Mapping[str, object] | None = None) -> Inputs:
    """Read and check a whole input folder.

    Args:
        folder: holds one CSV file per table.
        tables: declarations of all tables the program knows.
        changes: data to change, by address `table/key/column [unit]`, as a case gives them.

    Raises:
        InputError: with every fault of every table.
    """
    if not folder.is_dir():
        remedy = "Correct `inputs` in the case."
        raise InputError([Fault(str(folder), "no such folder", "a folder of CSV tables", remedy)])
    faults: list[Fault] = []
    names = [table.name for table in tables]
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in names:
            remedy = nearest(path.stem, names) or "Rename the file or move it elsewhere."
            faults.append(Fault(path.name, "a file no table has the name of", listed(names, 40), remedy))
    frames: dict[str, pd.DataFrame] = {}
    lines: dict[str, list[int]] = {}
    for table in tables:
        path = folder / f"{table.name}.csv"
        if path.is_file():
            frames[table.name], lines[table.name] = read(table, path, faults)
            if table.required and frames[table.name].empty and not faults:
                expected = f"at least one row ({table.meaning})"
                faults.append(Fault(path.name, "no row", expected, "Add a row below the header."))
        else:
            frames[table.name] = table.empty()
            if table.required:
                expected = f"a file in {folder.name}: {table.meaning}"
                remedy = "Add the file; `qhenergy dictionary` tells its columns."
                faults.append(Fault(path.name, "no such file", expected, remedy))
    declared = {table.name: table for table in tables}
    if not faults:
        for address, value in (changes or {}).items():
            change(declared, frames, address, value, faults)
        check_references(tables, frames, lines, faults)
        _check_costs(frames, declared, faults)
    if faults:
        raise InputError(faults, str(folder))
    return Inputs(folder, declared, frames)


def declared_now(inputs: Inputs, tables: Sequence[Table]) -> Inputs:
    """Tables that were stored with a result, as the program declares them now.

    Args:
        inputs: of the result.
        tables: declarations of all tables the program knows.

    Returns:
        The same rows; a table or column that came since is empty or at its default.

    Raises:
        InputError: a column came since that has no default, in a table that has rows.
    """
    frames, faults = {}, []
    for table in tables:
        rows = inputs.frames.get(table.name, table.empty())
        keys = table.key_names
        new = [c for c in table.all_columns if c.name not in rows.columns and c.name not in keys]
        faults += [
            Fault(f"{table.name}.csv", f'no column "{c.name}"', c.meaning, "Run the case again, for a result of today.")
            for c in new
            if c.default is REQUIRED and len(rows)
        ]
        frames[table.name] = rows.assign(**{c.name: c.blank for c in new})
    if faults:
        raise InputError(faults, "the tables of the result")
    return Inputs(inputs.folder, {table.name: table for table in tables}, frames)


def _check_costs(frames: Mapping[str, pd.DataFrame], declared: Mapping[str, Table], faults: list[Fault]) -> None:
    """Every technology of an asset needs costs; one that there is not is a fault of its reference."""
    unpriced = set(frames["technologies"].index) - set(frames["costs"].index.get_level_values(0))
    for name, table in declared.items():
        if {"technology", "existing"} <= {column.name for column in table.columns}:
            for technology in sorted(unpriced & set(frames[name]["technology"])):
                remedy = "Add a row to costs.csv for a year or more."
                faults.append(Fault(f"{name}.csv", f'technology "{technology}"', "rows for it in costs.csv", remedy))


def change(
    declared: Mapping[str, Table],
    frames: dict[str, pd.DataFrame],
    address: str,
    value: object,
    faults: list[Fault],
) -> None:
    """Change one datum in place, by its address `table/key/column [unit]`.

    Keys of several columns are joined by commas: `costs/coal,2025/investment [CNY/kW]`.
    """

    def refuse(found: str, expected: str, remedy: str) -> None:
        faults.append(Fault(f'change "{address}"', found, expected, remedy))

    parts = address.split("/", 2)
    if len(parts) != 3:
        refuse("not an address", "table/key/column [unit]", "Write all three, with slashes between.")
        return
    name, key, header = parts
    if name not in declared:
        refuse(f'table "{name}"', listed(declared, 40), nearest(name, declared) or "Name one of these tables.")
        return
    table, frame = declared[name], frames[name]
    column, unit = split_header(header)
    if column not in frame.columns:
        remedy = nearest(column, frame.columns) or "Name one of these columns."
        refuse(f'column "{column}"', listed(frame.columns, 30), remedy)
        return
    keys = [",".join(map(shown, k if isinstance(k, tuple) else (k,))) for k in frame.index]
    wanted = ",".join(part.strip() for part in key.split(","))
    match = np.array([k == wanted for k in keys], dtype=bool)
    if not match.any():
        remedy = nearest(wanted, keys) or f"Name a row there is{f', such as {keys[0]}' if keys else ''}."
        refuse(f'row "{key}"', f"a key ({','.join(table.key_names)}) of {name}.csv", remedy)
        return
    try:
        frame.loc[match, column] = _converted(table.column(column), unit, value)
    except _RefusedError as refused:
        refuse(*refused.args)


class _RefusedError(Exception):
    """A value a column does not take: what was found, what was expected, what to do."""


def _converted(column: Column, unit: str | None, value: object) -> float | str:
    """The value as the column holds it, in its inside unit."""
    if not column.is_number:
        return _word(column, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        remedy = "Write digits only, without quotes; the unit stands in the address."
        raise _RefusedError(f'"{value}"', "a number", remedy)
    if not abs(value) <= sys.float_info.max:
        raise _RefusedError(str(value), "a finite number", "Write a number, however large or small.")
    if column.whole and value != round(value):
        raise _RefusedError(f"{value:g}", "a whole number", "Round the number.")
    scale = 1.0
    if column.dimension is not None:
        remedy = f'Write "{column.name} [{INSIDE[column.dimension]}]", or another unit of {column.dimension}.'
        if unit is None:
            raise _RefusedError("no unit", f'"{column.name} [unit]"', remedy)
        try:
            scale = factor(unit, column.dimension)
        except ValueError as error:
            raise _RefusedError(str(error), f"a unit of {column.dimension}", remedy) from None
    inside = float(value) * scale
    if not column.low - 1e-12 <= inside <= column.high * (1 + 1e-12):
        bounds = f"between {column.low / scale:g} and {column.high / scale:g}"
        raise _RefusedError(f"{value:g}", bounds, "Correct the number, or the unit in the address.")
    return inside


def _word(column: Column, value: object) -> str:
    """The value as a word of a text column."""
    if isinstance(value, bool):
        raise _RefusedError(str(value).lower(), "a word", f'Set it in quotes: "{str(value).lower()}".')
    word = shown(value).strip()
    if not word and column.default is REQUIRED:
        raise _RefusedError("an empty word", column.meaning, "Write what the column is to hold, or delete the change.")
    if word and column.choices and word not in column.choices:
        remedy = nearest(word, column.choices) or "Write one of these words."
        raise _RefusedError(f'"{word}"', "one of " + listed(column.choices), remedy)
    return word or str(column.blank)
