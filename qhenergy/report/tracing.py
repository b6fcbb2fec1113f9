"""What `qhenergy trace` shows: one datum from its source to where it stands in a result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from rich.console import Console

from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.units import INSIDE, split_header
from qhenergy.model.problem import Index
from qhenergy.outcome.result import Result


@dataclass(frozen=True)
class Found:
    """A datum and its row."""

    table: str
    key: str
    column: str
    value: object
    unit: str
    row: pd.Series


def find(datum: str, result: Result) -> Found:
    """The datum of an address `table/key/column`.

    Raises:
        InputError: the address names nothing in the inputs of the result.
    """
    parts = datum.split("/", 2)
    tables = result.inputs.frames
    if len(parts) != 3:
        raise InputError([Fault(datum, "not an address", "table/key/column")], "the address")
    name, key, header = parts
    if name not in tables:
        raise InputError([Fault(datum, f'table "{name}"', listed(tables, 40), nearest(name, tables))], "the address")
    frame = tables[name]
    column = split_header(header)[0]
    if column not in frame.columns:
        known = list(frame.columns)
        raise InputError([Fault(datum, f'column "{column}"', listed(known, 40), nearest(column, known))], "the address")
    keys = [_key(k) for k in frame.index]
    if key.replace(" ", "") not in keys:
        raise InputError([Fault(datum, f'row "{key}"', listed(keys, 20), nearest(key, keys))], "the address")
    row = frame.iloc[keys.index(key.replace(" ", ""))]
    declared = result.inputs.declared[name].column(column)
    unit = INSIDE.get(declared.dimension or "", "")
    return Found(name, key, column, row[column], unit, row)


def _key(key: object) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ",".join(f"{p:g}" if isinstance(p, float) else str(p) for p in parts)


def members_of(found: Found, result: Result) -> set[str]:
    """Members of columns and rows that the row of a datum is about.

    These are its key, and for a technology or a fuel the assets that have it.
    """
    first = found.key.split(",")[0]
    members = {first}
    for asset in result.assets.by_name.values():
        if asset.technology == first or asset.zone == first:
            members.add(asset.name)
    thermal = result.inputs.frames.get("thermal")
    if found.table == "fuels" and thermal is not None and not thermal.empty:
        members |= {str(a) for a in thermal.index[thermal["fuel"] == first]}
    return members


def show(datum: str, result: Result, console: Console) -> None:
    """Print where a datum is from and what stands on it."""
    found = find(datum, result)
    value = f"{found.value:g} {found.unit}" if isinstance(found.value, float) else str(found.value)
    console.print(f"[bold]{found.table}.csv, {found.key}, {found.column}[/bold]: {value}", highlight=False)
    declared = result.inputs.declared[found.table].column(found.column)
    console.print(f"  meaning     {declared.meaning}", highlight=False, markup=False)
    if "source" in found.row.index:
        console.print(f"  confidence  {found.row['confidence']}", highlight=False)
        for key in str(found.row["source"]).split(" | "):
            source = result.inputs["sources"].loc[key]
            words = " ".join(str(source[c]) for c in ("title", "publisher", "url") if source[c])
            console.print(f"  source      {key} ({source['kind']}): {words}", highlight=False, markup=False)
        if found.row.get("note"):
            console.print(f"  note        {found.row['note']}", highlight=False, markup=False)
    address = f"{found.table}/{found.key}/{found.column}"
    if address in {
        "/".join((a.split("/")[0], a.split("/")[1], split_header(a.split("/", 2)[2])[0])) for a in result.case.change
    }:
        console.print("  changed by the case", highlight=False)
    members = members_of(found, result)
    _show_families("columns", result.problem.columns, result, members, console)
    _show_families("rows", result.problem.rows, result, members, console)
    _show_costs(result, members, console)


def _show_families(word: str, index: Index, result: Result, members: set[str], console: Console) -> None:
    codes = [i for i, m in enumerate(index.members) if m in members]
    chosen = np.isin(index.member, codes)
    counts = np.bincount(index.family[chosen], minlength=len(index.families))
    if not counts.any():
        return
    console.print(f"\n{word} about it", highlight=False)
    kind = "column" if word == "columns" else "row"
    for code in np.flatnonzero(counts):
        family = result.problem.families[kind, index.families[code]]
        text = f"  {family.name:<32} {counts[code]:>8,}  [{family.unit}]  {family.algebra}"
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _show_costs(result: Result, members: set[str], console: Console) -> None:
    codes = [i for i, m in enumerate(result.problem.columns.members) if m in members]
    chosen = np.isin(result.problem.columns.member, codes)
    values = np.where(chosen, result.values, 0.0)
    costs = result.problem.costs @ values
    if not np.any(np.abs(costs) > 1.0):
        return
    console.print("\ncosts its columns carry", highlight=False)
    names = list(result.problem.cost_names)
    if len(result.case.stages) > 1:
        names = [f"{name}, {stage}" for name, stage in zip(names, result.problem.cost_stages, strict=True)]
    for name, cost in sorted(zip(names, costs, strict=True), key=lambda c: -abs(c[1])):
        if abs(cost) > 1.0:
            console.print(f"  {name:<32} {cost / 1e8:>12,.3f}  10^8 CNY/yr", highlight=False)
