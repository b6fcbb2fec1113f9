"""Tables: what a CSV file must hold, and the reading of it with every fault collected.

A table is declared once, beside the technology or clause it belongs to; the reader, the data
dictionary, `qhenergy check` and the addresses of single data all come from that declaration.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.ground.faults import Fault, listed, nearest
from qhenergy.ground.units import INSIDE, factor, split_header


class _Mark(Enum):
    """A value no cell can have, the same one in every process."""

    REQUIRED = "required"


#: Marks a column that must be present and filled in every row.
REQUIRED = _Mark.REQUIRED


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: the identifier, the same in the CSV header, the program and the data dictionary.
        meaning: one line for the data dictionary.
        dimension: a key of `units.INSIDE` for a number, or None for text.
        default: value of an empty cell or an absent column; `REQUIRED` if there is none.
        low, high: admissible range, in the inside unit.
        choices: admissible words of a text column.
        refers: name of the table whose first key column must hold the value.
        whole: the number must be an integer.
    """

    name: str
    meaning: str
    dimension: str | None = None
    default: Any = REQUIRED
    low: float = 0.0
    high: float = math.inf
    choices: tuple[str, ...] = ()
    refers: str | None = None
    whole: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        return self.dimension is not None or self.whole

    @property
    def blank(self) -> float | str:
        """What an empty cell stands for; NaN or no word where there is no default."""
        if self.default is REQUIRED or self.default is None:
            return math.nan if self.is_number else ""
        return float(self.default) if self.is_number else str(self.default)


def number(name: str, dimension: str, meaning: str, **options: Any) -> Column:
    """A column of numbers of one dimension."""
    return Column(name, meaning, dimension, **options)


def integer(name: str, meaning: str, **options: Any) -> Column:
    """A column of whole numbers without a unit: a year, a month, an order."""
    return Column(name, meaning, whole=True, **options)


def text(name: str, meaning: str, **options: Any) -> Column:
    """A column of words."""
    return Column(name, meaning, **options)


def reference(name: str, table: str, meaning: str, **options: Any) -> Column:
    """A column of keys of another table."""
    return Column(name, meaning, refers=table, **options)


SOURCE = text("source", "keys of sources.csv the row rests on, joined by ` | `")
CONFIDENCE = text("confidence", "how sure the row is", choices=("high", "medium", "low"))
NOTE = text("note", "how a number was derived, or what to know of it", default="")


@dataclass(frozen=True)
class Table:
    """What one CSV file of an input folder holds.

    Attributes:
        name: file name without `.csv`.
        meaning: what a row is.
        columns: the columns, key columns first.
        keys: how many of the leading columns identify a row; 0 if rows are not identified.
        required: whether a system without the file is at fault.
        sourced: whether `source`, `confidence` and `note` follow the columns.
        open_dimension: dimension of any further columns the user may add, or None.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    keys: int = 1
    required: bool = False
    sourced: bool = True
    open_dimension: str | None = None

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns with the three that say where a row comes from."""
        return self.columns + ((SOURCE, CONFIDENCE, NOTE) if self.sourced else ())

    @property
    def key_names(self) -> list[str]:
        """Names of the columns that identify a row."""
        return [column.name for column in self.columns[: self.keys]]

    def column(self, name: str) -> Column:
        """The column of that name, one the user may add included; KeyError if there is none."""
        for column in self.all_columns:
            if column.name == name:
                return column
        if self.open_dimension is None:
            raise KeyError(name)
        return number(name, self.open_dimension, "series given by the user", low=-math.inf)

    def empty(self) -> pd.DataFrame:
        """A frame of this table with no row."""
        return _empty(self).copy()

    def indexed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with its key columns as index."""
        if self.keys == 0:
            return frame
        return frame.set_index(self.key_names)


# A small system has rows in few of many tables: making the empty ones would take most of its reading.
@cache
def _empty(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame({c.name: pd.Series(dtype=float if c.is_number else object) for c in table.all_columns})
    return table.indexed(frame)


@dataclass(frozen=True)
class _Sheet:
    """The cells of one CSV file as text, every row as long as the header, and the line each row begins at."""

    file: str
    headers: list[str]
    rows: list[list[str]]
    lines: list[int]

    def where(self, row: int, column: Column) -> str:
        """A cell, as the user would look for it."""
        return f'{self.file}, row {self.lines[row]} ({self.rows[row][0]}), "{column.name}"'


def read(table: Table, path: Path, faults: list[Fault]) -> tuple[pd.DataFrame, list[int]]:
    """Read one table, converting to inside units and collecting every fault.

    Args:
        table: the declaration.
        path: the CSV file.
        faults: list that faults are appended to.

    Returns:
        Frame indexed by the key columns, numbers in inside units, text as `str`, and the line of the
        file each row begins at. Cells at fault hold NaN; both are only to be used when no fault was added.
    """
    sheet = _read_sheet(path, faults)
    if sheet is None:
        return table.empty(), []
    names, units = zip(*map(split_header, sheet.headers), strict=True)
    _check_headers(table, sheet.file, names, faults)
    columns = list(table.all_columns)
    if table.open_dimension is not None:
        declared = [column.name for column in columns]
        columns += [table.column(name) for name in dict.fromkeys(names) if name not in declared]
    data: dict[str, Any] = {}
    for column in columns:
        if column.name in names:
            at = names.index(column.name)
            data[column.name] = _read_column(column, units[at], [row[at] for row in sheet.rows], sheet, faults)
        else:
            data[column.name] = [column.blank] * len(sheet.rows)
    frame = pd.DataFrame(data)
    _check_keys(table, frame, sheet, faults)
    return table.indexed(frame), sheet.lines


def _read_sheet(path: Path, faults: list[Fault]) -> _Sheet | None:
    file, rows, lines, line = path.name, [], [], 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, strict=True)
            for row in reader:
                if len(row) > 1 or "".join(row).strip():
                    rows.append([cell.strip() for cell in row])
                    lines.append(line)
                line = reader.line_num + 1
    except UnicodeDecodeError as error:
        found = f"a byte that is not utf-8 (at position {error.start})"
        faults.append(Fault(file, found, "comma-separated UTF-8 text", "Save the file as CSV UTF-8."))
        return None
    except (csv.Error, OSError) as error:
        remedy = "Close every double quote." if isinstance(error, csv.Error) else "See who may read the file."
        faults.append(Fault(f"{file}, row {line}", str(error), "comma-separated UTF-8 text", remedy))
        return None
    if not rows:
        faults.append(Fault(file, "an empty file", "a header row and rows below it", "Fill it or delete the file."))
        return None
    headers, *cells = rows
    for row, line in zip(cells, lines[1:], strict=True):
        if len(row) > len(headers):
            remedy = "Set a cell that holds a comma in double quotes."
            expected = f"{len(headers)}, as in the header"
            faults.append(Fault(f"{file}, row {line} ({row[0]})", f"{len(row)} cells", expected, remedy))
    wide = len(headers)
    return _Sheet(file, headers, [(row + [""] * wide)[:wide] for row in cells], lines[1:])


def _check_headers(table: Table, file: str, names: Sequence[str], faults: list[Fault]) -> None:
    known = [c.name for c in table.all_columns]
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.append(Fault(file, f'column "{name}" twice', "each column once", "Delete one of the two."))
    for column in table.all_columns:
        if column.default is REQUIRED and column.name not in names:
            unit = f" [{INSIDE[column.dimension]}]" if column.dimension else ""
            faults.append(
                Fault(
                    file,
                    f'no column "{column.name}"',
                    f'a column "{column.name}{unit}" ({column.meaning})',
                    nearest(column.name, [n for n in names if n not in known]) or "Add the column and fill it.",
                )
            )
    if table.open_dimension is None:
        for name in names:
            if name not in known:
                remedy = nearest(name, known) or "Delete the column; the column note takes remarks."
                faults.append(Fault(file, f'column "{name}"', f"only {listed(known, 30)}", remedy))


def _read_column(column: Column, unit: str | None, cells: list[str], sheet: _Sheet, faults: list[Fault]) -> Any:
    place = f'{sheet.file}, "{column.name}"'
    if not column.is_number:
        if unit is not None:
            remedy = f'Write "{column.name}" in the header.'
            faults.append(Fault(place, f"unit [{unit}]", "no unit: the column is text", remedy))
        return _read_words(column, cells, sheet, faults)
    scale = 1.0
    if column.dimension is not None:
        header = f'"{column.name} [{INSIDE[column.dimension]}]"'
        remedy = "Write the unit of the numbers below in the header, in square brackets."
        if unit is None:
            expected = f"a unit of {column.dimension}, such as {header}"
            faults.append(Fault(place, "no unit in the header", expected, remedy))
        else:
            try:
                scale = factor(unit, column.dimension)
            except ValueError as error:
                expected = f"a unit of {column.dimension}, such as {header}"
                faults.append(Fault(place, str(error), expected, remedy))
    values = np.full(len(cells), np.nan)
    for i, cell in enumerate(cells):
        where = sheet.where(i, column)
        if cell == "":
            values[i] = column.blank
            if column.default is REQUIRED:
                faults.append(Fault(where, "an empty cell", f"a number ({column.meaning})", "Fill the cell."))
            continue
        value = _number(cell)
        if value is None:
            remedy = "Write digits with a decimal point only; no unit, no thousands separator."
            faults.append(Fault(where, f'"{cell}"', "a number", remedy))
        elif not math.isfinite(value):
            faults.append(Fault(where, f'"{cell}"', "a finite number", "Write a number, however large or small."))
        elif column.whole and value != round(value):
            faults.append(Fault(where, cell, "a whole number", "Round the number."))
        else:
            values[i] = value * scale
            printed = f" [{unit}]" if unit else ""
            if values[i] < column.low - 1e-12:
                bound = f"at least {column.low / scale:g}{printed}"
                faults.append(Fault(where, cell, bound, "Correct the number or its sign."))
            elif values[i] > column.high * (1 + 1e-12):
                bound = f"at most {column.high / scale:g}{printed}"
                faults.append(Fault(where, cell, bound, "Was it entered in another unit?"))
    return values


def _number(cell: str) -> float | None:
    """The number in a cell, or None; `1_000` is one to Python and to nobody else."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _read_words(column: Column, cells: list[str], sheet: _Sheet, faults: list[Fault]) -> list[str]:
    for i, cell in enumerate(cells):
        where = sheet.where(i, column)
        if cell == "" and column.default is REQUIRED:
            faults.append(Fault(where, "an empty cell", column.meaning, "Fill the cell."))
        elif cell and column.choices and cell not in column.choices:
            remedy = nearest(cell, column.choices) or "Write one of these words."
            faults.append(Fault(where, f'"{cell}"', "one of " + listed(column.choices), remedy))
    return [cell or str(column.blank) for cell in cells]


def _check_keys(table: Table, frame: pd.DataFrame, sheet: _Sheet, faults: list[Fault]) -> None:
    if table.keys == 0:
        return
    repeated = frame.duplicated(table.key_names, keep="first")
    for i in np.flatnonzero(repeated.to_numpy()):
        key = ", ".join(shown(frame[name].iloc[i]) for name in table.key_names)
        where = f"{sheet.file}, row {sheet.lines[i]}"
        faults.append(Fault(where, f"the key {key} a second time", "each key once", "Delete or rename one."))


def shown(value: Any) -> str:
    """A cell as it is written in an address: the year 2025, not 2025.0."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def check_references(
    tables: Sequence[Table],
    frames: Mapping[str, pd.DataFrame],
    lines: Mapping[str, Sequence[int]],
    faults: list[Fault],
) -> None:
    """Check that every reference names a row that exists, and every source a source.

    Args:
        tables: declarations.
        frames: what was read, by table name.
        lines: the line of the file each row begins at, by table name.
        faults: list that faults are appended to.
    """
    known = {name: set(map(str, frame.index.get_level_values(0))) for name, frame in frames.items()}
    for table in tables:
        if frames[table.name].empty:
            continue
        frame = frames[table.name].reset_index()
        for column in table.all_columns:
            joined = column.name == SOURCE.name and table.sourced
            target = "sources" if joined else column.refers
            if target is None or target not in known:
                continue
            expected = "keys of sources.csv joined by ` | `" if joined else f"a key of {target}.csv"
            for i, cell in enumerate(frame[column.name]):
                for key in str(cell).split(" | ") if joined else [str(cell)]:
                    if key and key not in known[target]:
                        where = f"{table.name}.csv, row {lines[table.name][i]} ({frame.iloc[i, 0]})"
                        found = f'{column.name} "{key}", which is not in {target}.csv'
                        remedy = nearest(key, known[target]) or f"Correct the cell or add a row to {target}.csv."
                        faults.append(Fault(where, found, expected, remedy))
