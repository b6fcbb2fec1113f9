"""Tables: what a CSV file must hold, and the reading of it with every fault collected.

A table is declared once, beside the technology or clause it belongs to; the reader, the data
dictionary, `qhenergy check` and the addresses of single data all come from that declaration.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.ground.faults import Fault, listed, nearest
from qhenergy.ground.units import INSIDE, factor, split_header

Default = float | str | None


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
        """The column of that name; KeyError if there is none."""
        return next(c for c in self.all_columns if c.name == name)

    def empty(self) -> pd.DataFrame:
        """A frame of this table with no row."""
        frame = pd.DataFrame({c.name: pd.Series(dtype=float if c.is_number else object) for c in self.all_columns})
        return self.indexed(frame)

    def indexed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with its key columns as index."""
        if self.keys == 0:
            return frame
        return frame.set_index(self.key_names)


def read(table: Table, path: Path, faults: list[Fault]) -> pd.DataFrame:
    """Read one table, converting to inside units and collecting every fault.

    Args:
        table: the declaration.
        path: the CSV file.
        faults: list that faults are appended to.

    Returns:
        Frame indexed by the key columns, numbers in inside units, text as `str`. Cells at fault
        hold NaN; the frame is only to be used when no fault was added.
    """
    file = path.name
    try:
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        faults.append(Fault(file, "an empty file", "a header row and rows below it"))
        return table.empty()
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        faults.append(Fault(file, str(error).splitlines()[-1], "comma-separated UTF-8 text"))
        return table.empty()
    headers = {split_header(str(h))[0]: str(h) for h in raw.columns}
    _check_headers(table, file, list(map(str, raw.columns)), faults)
    data: dict[str, Any] = {}
    for column in table.all_columns:
        if column.name in headers:
            cells = raw[headers[column.name]].str.strip()
            unit = split_header(headers[column.name])[1]
            data[column.name] = _read_column(table, column, cells, unit, file, raw, faults)
        else:
            default = np.nan if column.is_number else ""
            if column.default is not REQUIRED and column.default is not None:
                default = column.default
            data[column.name] = [default] * len(raw)
    if table.open_dimension is not None:
        declared = {c.name for c in table.all_columns}
        for name, header in headers.items():
            if name not in declared:
                free = number(name, table.open_dimension, "series given by the user", low=-math.inf)
                cells = raw[header].str.strip()
                data[name] = _read_column(table, free, cells, split_header(header)[1], file, raw, faults)
    frame = pd.DataFrame(data)
    _check_keys(table, file, frame, faults)
    return table.indexed(frame)


def _check_headers(table: Table, file: str, headers: Sequence[str], faults: list[Fault]) -> None:
    names = [split_header(h)[0] for h in headers]
    known = [c.name for c in table.all_columns]
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.append(Fault(file, f'column "{name}" twice', "each column once"))
    for column in table.all_columns:
        if column.default is REQUIRED and column.name not in names:
            unit = f" [{INSIDE[column.dimension]}]" if column.dimension else ""
            faults.append(
                Fault(
                    file,
                    f'no column "{column.name}"',
                    f'a column "{column.name}{unit}" ({column.meaning})',
                    nearest(column.name, [n for n in names if n not in known]),
                )
            )
    if table.open_dimension is None:
        for name in names:
            if name not in known:
                faults.append(Fault(file, f'column "{name}"', f"only {listed(known, 30)}", nearest(name, known)))


def _read_column(
    table: Table,
    column: Column,
    cells: pd.Series,
    unit: str | None,
    file: str,
    raw: pd.DataFrame,
    faults: list[Fault],
) -> Any:
    def where(position: int) -> str:
        label = str(raw.iloc[position, 0]).strip()
        return f'{file}, row {position + 2} ({label}), "{column.name}"'

    if not column.is_number:
        if unit is not None:
            faults.append(Fault(f'{file}, "{column.name}"', f"unit [{unit}]", "no unit: the column is text"))
        return _read_words(column, cells, where, faults)
    scale = 1.0
    if column.dimension is not None:
        if unit is None:
            inside = INSIDE[column.dimension]
            faults.append(
                Fault(
                    f'{file}, "{column.name}"',
                    "no unit in the header",
                    f'a unit of {column.dimension}, such as "{column.name} [{inside}]"',
                )
            )
        else:
            try:
                scale = factor(unit, column.dimension)
            except ValueError as error:
                faults.append(Fault(f'{file}, "{column.name}"', str(error), f"a unit of {column.dimension}"))
    values = np.full(len(cells), np.nan)
    for i, cell in enumerate(cells):
        if cell == "":
            if column.default is REQUIRED:
                faults.append(Fault(where(i), "an empty cell", f"a number ({column.meaning})"))
            elif column.default is not None:
                values[i] = float(column.default)
            continue
        try:
            value = float(cell)
        except ValueError:
            faults.append(Fault(where(i), f'"{cell}"', "a number"))
            continue
        if not math.isfinite(value):
            faults.append(Fault(where(i), f'"{cell}"', "a finite number"))
            continue
        if column.whole and value != round(value):
            faults.append(Fault(where(i), cell, "a whole number"))
            continue
        inside_value = value * scale
        low, high = column.low, column.high
        if not low - 1e-12 <= inside_value <= high * (1 + 1e-12):
            printed = f" [{unit}]" if unit else ""
            if inside_value < low:
                bound = f"at least {low / scale:g}{printed}"
                hint = ""
            else:
                bound = f"at most {high / scale:g}{printed}"
                hint = "Was it entered in another unit?"
            faults.append(Fault(where(i), cell, bound, hint))
            continue
        values[i] = inside_value
    return values


def _read_words(column: Column, cells: pd.Series, where: Any, faults: list[Fault]) -> list[str]:
    words: list[str] = []
    for i, cell in enumerate(cells):
        value = str(cell)
        if value == "":
            if column.default is REQUIRED:
                faults.append(Fault(where(i), "an empty cell", column.meaning))
            elif column.default is not None:
                value = str(column.default)
        elif column.choices and value not in column.choices:
            faults.append(
                Fault(where(i), f'"{value}"', "one of " + listed(column.choices), nearest(value, column.choices))
            )
        words.append(value)
    return words


def _check_keys(table: Table, file: str, frame: pd.DataFrame, faults: list[Fault]) -> None:
    if table.keys == 0:
        return
    repeated = frame.duplicated(table.key_names, keep="first")
    for i in np.flatnonzero(repeated.to_numpy()):
        key = ", ".join(_shown(frame[name].iloc[i]) for name in table.key_names)
        faults.append(Fault(f"{file}, row {i + 2}", f"the key {key} a second time", "each key once"))


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def check_references(tables: Sequence[Table], frames: dict[str, pd.DataFrame], faults: list[Fault]) -> None:
    """Check that every reference names a row that exists, and every source a source.

    Args:
        tables: declarations.
        frames: what was read, by table name.
        faults: list that faults are appended to.
    """
    known = {name: set(map(str, frame.index.get_level_values(0))) for name, frame in frames.items()}
    for table in tables:
        frame = frames[table.name].reset_index()
        for column in table.all_columns:
            if column.name == "source" and table.sourced and "sources" in known:
                _check_sources(table, frame, known["sources"], faults)
            if column.refers is None:
                continue
            if column.refers not in known:
                continue
            for i, value in enumerate(frame[column.name]):
                if value == "" and column.default is not REQUIRED:
                    continue
                if value != "" and str(value) not in known[column.refers]:
                    faults.append(
                        Fault(
                            f"{table.name}.csv, row {i + 2} ({frame.iloc[i, 0]})",
                            f'{column.name} "{value}", which is not in {column.refers}.csv',
                            f"a key of {column.refers}.csv",
                            nearest(str(value), known[column.refers]),
                        )
                    )


def _check_sources(table: Table, frame: pd.DataFrame, known: set[str], faults: list[Fault]) -> None:
    for i, cell in enumerate(frame["source"]):
        for key in str(cell).split(" | "):
            if key and key not in known:
                faults.append(
                    Fault(
                        f"{table.name}.csv, row {i + 2} ({frame.iloc[i, 0]})",
                        f'source "{key}", which is not in sources.csv',
                        "keys of sources.csv joined by ` | `",
                        nearest(key, known),
                    )
                )
