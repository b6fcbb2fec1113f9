"""An input folder: every table read and checked, every fault shown at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Column, Table, check_references, read
from qhenergy.ground.units import factor, split_header


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
        raise InputError([Fault(str(folder), "no such folder", "a folder of CSV tables")])
    faults: list[Fault] = []
    names = [table.name for table in tables]
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in names:
            faults.append(
                Fault(path.name, "a file no table has the name of", f"{listed(names, 40)}", nearest(path.stem, names))
            )
    frames: dict[str, pd.DataFrame] = {}
    for table in tables:
        path = folder / f"{table.name}.csv"
        if path.is_file():
            frames[table.name] = read(table, path, faults)
            if table.required and frames[table.name].empty and not faults:
                faults.append(Fault(path.name, "no row", f"at least one row ({table.meaning})"))
        else:
            frames[table.name] = table.empty()
            if table.required:
                faults.append(Fault(f"{table.name}.csv", "no such file", f"a file in {folder.name}: {table.meaning}"))
    declared = {table.name: table for table in tables}
    if not faults:
        for address, value in (changes or {}).items():
            change(declared, frames, address, value, faults)
        check_references(tables, frames, faults)
        _check_years(frames, declared, faults)
    if faults:
        raise InputError(faults, str(folder))
    return Inputs(folder, declared, frames)


def _check_years(frames: Mapping[str, pd.DataFrame], declared: Mapping[str, Table], faults: list[Fault]) -> None:
    """Every technology of an asset needs costs; every fuel that is burnt needs a price."""
    priced = set(frames["costs"].index.get_level_values(0))
    fuels = set(frames["fuels"].index.get_level_values(0))
    for name, table in declared.items():
        if name == "groups":
            continue
        columns = {c.name for c in table.columns}
        frame = frames[name].reset_index()
        if "technology" in columns and "existing" in columns:
            for technology in sorted(set(frame["technology"]) - priced):
                faults.append(
                    Fault(
                        f"{name}.csv",
                        f'technology "{technology}"',
                        "rows for it in costs.csv",
                        nearest(technology, priced),
                    )
                )
        if "fuel" in columns and name != "fuels":
            for fuel in sorted(set(frame["fuel"]) - fuels):
                faults.append(Fault(f"{name}.csv", f'fuel "{fuel}"', "rows for it in fuels.csv", nearest(fuel, fuels)))


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
    parts = address.split("/", 2)
    if len(parts) != 3:
        faults.append(Fault(f'change "{address}"', "not an address", "table/key/column [unit]"))
        return
    table_name, key_text, header = parts
    if table_name not in declared:
        faults.append(
            Fault(f'change "{address}"', f'table "{table_name}"', listed(declared, 40), nearest(table_name, declared))
        )
        return
    table, frame = declared[table_name], frames[table_name]
    name, unit = split_header(header)
    if name not in frame.columns:
        faults.append(
            Fault(f'change "{address}"', f'column "{name}"', listed(frame.columns, 30), nearest(name, frame.columns))
        )
        return
    keys = [k.strip() for k in key_text.split(",")]
    match = np.ones(len(frame), dtype=bool)
    for level, key in enumerate(keys[: frame.index.nlevels]):
        match &= frame.index.get_level_values(level).map(_key_text).to_numpy() == key
    if len(keys) != frame.index.nlevels or not match.any():
        first = list(dict.fromkeys(frame.index.get_level_values(0).map(_key_text)))
        faults.append(
            Fault(f'change "{address}"', f'row "{key_text}"', f"a key of {table_name}.csv", nearest(keys[0], first))
        )
        return
    converted = _converted(table.column(name), unit, value, address, faults)
    if converted is not None:
        frame.loc[match, name] = converted


def _converted(
    column: Column, unit: str | None, value: object, address: str, faults: list[Fault]
) -> float | str | None:
    if not column.is_number:
        if column.choices and str(value) not in column.choices:
            faults.append(Fault(f'change "{address}"', f'"{value}"', "one of " + listed(column.choices)))
            return None
        return str(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        faults.append(Fault(f'change "{address}"', f'"{value}"', "a number"))
        return None
    scale = 1.0
    if column.dimension is not None:
        if unit is None:
            faults.append(Fault(f'change "{address}"', "no unit", f'"{column.name} [unit]"'))
            return None
        try:
            scale = factor(unit, column.dimension)
        except ValueError as error:
            faults.append(Fault(f'change "{address}"', str(error), f"a unit of {column.dimension}"))
            return None
    inside = float(value) * scale
    if not column.low - 1e-12 <= inside <= column.high * (1 + 1e-12):
        faults.append(
            Fault(f'change "{address}"', f"{value:g}", f"between {column.low / scale:g} and {column.high / scale:g}")
        )
        return None
    return inside


def _key_text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
