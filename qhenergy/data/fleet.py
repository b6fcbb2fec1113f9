"""The fleet of a past year: capacities as recorded, nothing added and nothing retired.

    capacity of the stage y = (end of y-1 + end of y) / 2,   from fleet_history.csv

A year begins with one fleet and ends with another; what ran in between is taken as their mean, which is what
statistics divide by when they print utilisation hours. Table by table:

- A table with a row in the history: an asset has what its rows of the two years' ends say, and one without a
  row in either year has none. A row at one end only is ambiguous and refused.
- A table without any row (a grid whose history nobody wrote down): its assets keep what exists and what is
  committed before the stage. Capacity committed *in* the stage year is ambiguous and refused.

A change of the case that the record would write over is refused, with the address of what to change instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.units import split_header

FILE = "fleet_history.csv"
#: Stands before the note of a row whose capacity is not its own, for whoever follows a number to its source.
TOLD = f"Capacity from {FILE}. "
#: Columns of an asset that are of no account in a past year, and those that the record tells where it has any row.
CLOSED = ("room", "retirable")
RECORDED = ("existing", "committed", "committed_year", *CLOSED)


def asset_tables(inputs: Inputs) -> list[str]:
    """Tables whose rows are assets that a plan may change."""
    needed = {"technology", "existing", "committed", "committed_year", "room"}
    return [name for name, table in inputs.declared.items() if needed <= {c.name for c in table.columns}]


def limit_tables(inputs: Inputs) -> list[str]:
    """Tables whose rows are no assets and have room all the same, such as limits that lines raise."""
    named = [n for n, table in inputs.declared.items() if "room" in {c.name for c in table.columns}]
    return [name for name in named if name not in asset_tables(inputs)]


def fleet_of(inputs: Inputs, case: Case) -> Inputs:
    """The inputs with the fleet that the case asks for.

    Args:
        inputs: with the planned fleet.
        case: with `fleet = "planned"`, which changes nothing, or `"history"`.

    Returns:
        Inputs whose assets have as `existing` what stood at the end of the base year, as `committed` the
        change to the mean of the stage year (negative if it shrank), and nothing to add or to retire [MW].

    Raises:
        InputError: rows for no asset, for one end of the year only, before a station stands in the river,
            capacity committed in the stage year of an asset the history does not know, or a change of the case
            that would be written over.
    """
    if case.fleet == "planned":
        return inputs
    (stage,) = case.stages
    ends = inputs["fleet_history"]["capacity"].unstack("year").reindex(columns=[stage - 1, stage])
    tables = {name: inputs[name] for name in asset_tables(inputs)}
    faults = [*_strangers(ends, tables), *_one_ended(ends), *_too_early(ends, tables, stage)]
    told = {name for name, rows in tables.items() if rows.index.isin(ends.index).any()}
    faults += [f for name, rows in tables.items() if name not in told for f in _ambiguous(name, rows, stage)]
    faults += _overwritten(case, {*tables, *limit_tables(inputs)}, told)
    if not told:
        found, expected = "no row of an asset", f"capacities at the end of {stage - 1} and {stage}"
        faults.append(Fault(FILE, found, expected, 'Add them, or set fleet = "planned" in the case.'))
    if faults:
        raise InputError(faults, str(inputs.folder))
    frames = dict(inputs.frames)
    for name, rows in tables.items():
        frames[name] = _recorded(rows, ends) if name in told else _kept(rows, stage)
    for name in limit_tables(inputs):
        frames[name] = inputs[name].assign(room=0.0)
    return replace(inputs, frames=frames)


def _recorded(rows: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """An asset table with the capacities of the record."""
    before, after = (ends[year].reindex(rows.index).fillna(0.0) for year in ends.columns)
    note = TOLD + rows["note"].str.removeprefix(TOLD)
    return _closed(rows, before, 0.5 * (after - before)).assign(note=note)


def _kept(rows: pd.DataFrame, stage: int) -> pd.DataFrame:
    """An asset table as it stands by the stage."""
    decided = rows["committed"].where(~(rows["committed_year"] > stage), 0.0)
    return _closed(rows, rows["existing"], decided)


def _closed(rows: pd.DataFrame, existing: pd.Series, committed: pd.Series) -> pd.DataFrame:
    """The rows with these capacities, and with nothing to decide."""
    fixed = {"existing": existing, "committed": committed, "committed_year": np.nan, "room": 0.0}
    return rows.assign(**fixed, **({"retirable": "no"} if "retirable" in rows.columns else {}))


def _strangers(ends: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> Iterator[Fault]:
    known = [str(asset) for rows in tables.values() for asset in rows.index]
    for asset in ends.index.difference(pd.Index(known, dtype=object)):
        remedy = nearest(str(asset), known) or "Correct the key, or add the asset to its table."
        yield Fault(FILE, f'asset "{asset}"', f"a key of {listed(tables, 20)}", remedy)


def _one_ended(ends: pd.DataFrame) -> Iterator[Fault]:
    for asset, row in ends[ends.isna().sum(axis=1) == 1].iterrows():
        there, missing = row.dropna().index[0], row.index[row.isna()][0]
        expected = f"rows for {missing} and {there}, or for neither"
        yield Fault(f"{FILE} ({asset})", f"a row for {there} only", expected, "Add it; write 0 where nothing stood.")


def _too_early(ends: pd.DataFrame, tables: dict[str, pd.DataFrame], stage: int) -> Iterator[Fault]:
    for name, rows in tables.items():
        if "in_service_year" not in rows.columns:
            continue
        for asset in rows.index[rows["in_service_year"] > stage].intersection(ends.index):
            if ends.loc[asset].max() > 0:
                found = f"capacity at the end of {stage}, and in_service_year {rows.at[asset, 'in_service_year']:g}"
                remedy = f"Correct the history, or the year in {name}.csv."
                yield Fault(f"{FILE} ({asset})", found, "none before it is in service", remedy)


def _ambiguous(name: str, rows: pd.DataFrame, stage: int) -> Iterator[Fault]:
    for asset in rows.index[(rows["committed"] > 0) & (rows["committed_year"] == stage)]:
        expected = f"the capacity at the end of {stage - 1} and {stage} in {FILE}"
        remedy = f"Add rows for the assets of {name}.csv, whose capacity changes during the year."
        yield Fault(f"{name}.csv ({asset})", f"capacity committed in {stage}", expected, remedy)


def _overwritten(case: Case, tables: set[str], told: set[str]) -> Iterator[Fault]:
    for address in case.change:
        name, asset, header = address.split("/", 2)
        column, _ = split_header(header)
        if name in tables and column in (RECORDED if name in told else CLOSED):
            found, expected = f'{column} changed in a case with fleet = "history"', "what the record does not say"
            year = case.stages[0] - 1
            remedy = 'Delete it, or set fleet = "planned".'
            if column not in CLOSED:
                remedy = f'Change "fleet_history/{asset},{year}/capacity [MW]" and that of {year + 1} instead.'
            yield Fault(f'change "{address}"', found, expected, remedy)
