"""Curves by name: the library of a system, the curves of its table, and files of the user's own.

A system's folder of inputs may hold a folder `send_out_curves/` with one file for each typical curve, read as
`data.curve_file` says, and a table `index.csv` of what they are.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from qhenergy.data.builtin import root
from qhenergy.data.curve_file import Curve, read_curve
from qhenergy.data.day_types import MONTH_OF_DAY, calendar_of
from qhenergy.data.inputs import Inputs
from qhenergy.data.sheet_text import WORKBOOK
from qhenergy.data.tables import HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, number, read, text

FOLDER = "send_out_curves"
SUFFIXES = (".csv", *WORKBOOK)
INDEX = Table(
    "index",
    "one typical curve of the library",
    (
        text("curve", "key: name of its file without .csv"),
        text("title_en", "title in English"),
        text("title_zh", "title in Chinese"),
        number("full_load_hours", "time", "energy of a year over the rating it is applied to", high=8760),
        number("energy_of_8_gw", "energy", "energy of a year on a line of 8 GW", high=8760 * 8000),
    ),
)


def library(inputs_folder: Path) -> pd.DataFrame:
    """The typical curves of a system, as index.csv has them; no row if it has none.

    Raises:
        InputError: the index has a fault, or names a curve that has no file.
    """
    path = inputs_folder / FOLDER / "index.csv"
    if not path.is_file():
        return INDEX.empty()
    faults: list[Fault] = []
    frame, _ = read(INDEX, path, faults)
    there = _files(inputs_folder)
    for name in frame.index if not faults else ():
        if name not in there:
            remedy = nearest(str(name), there) or "Add the file or delete the row."
            faults.append(Fault(f"{FOLDER}/index.csv ({name})", f"no file {name}.csv", "a file of that name", remedy))
    if faults:
        raise InputError(faults, str(path.parent))
    return frame


def _files(inputs_folder: Path) -> dict[str, Path]:
    """Files of the library of a system, by name."""
    found = sorted((inputs_folder / FOLDER).glob("*"), reverse=True)
    return {path.stem: path for path in found if path.suffix.lower() in SUFFIXES and path.stem != "index"}


def find_curve(name_or_path: str | Path, inputs_folder: Path) -> Path:
    """The file of a curve.

    Args:
        name_or_path: path of a file, or the bare name of a curve of the library.
        inputs_folder: tables of the system. Where it has no such curve, built-in systems are looked through.

    Raises:
        InputError: there is none; names the ones there are.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path.resolve()
    there: dict[str, Path] = {}
    for folder in (*sorted((root() / "inputs").glob("*")), inputs_folder):
        there |= _files(folder)
    if str(name_or_path) in there:
        return there[str(name_or_path)].resolve()
    remedy = nearest(str(name_or_path), there) or "Correct the name or the path."
    expected = f"a file, or one of {listed(sorted(there)) or 'no curve: there is no library'}"
    raise InputError([Fault("curve", f'no "{name_or_path}"', expected, remedy)], "curve")


def curve_of(name_or_path: str | Path, inputs: Inputs, line: str, step_minutes: int = 60) -> Curve:
    """The curve of a name or path on a line of a system.

    Args:
        name_or_path: a path, a name of the library, or a curve of send_out_curves.csv.
        inputs: the tables; they give the rating of the line and the calendar of days.
        line: key of the line.
        step_minutes: length of the model's steps [min].

    Raises:
        InputError: there is no such line or curve, or the file is at fault.
    """
    lines = inputs["send_out"]
    if line not in lines.index:
        known = list(map(str, lines.index))
        fault = Fault("line", f'"{line}"', f"a line of send_out.csv: {listed(known) or 'none'}", nearest(line, known))
        raise InputError([fault], str(inputs.folder))
    rated = float(lines.at[line, "capacity"])
    table = inputs["send_out_curves"]
    if str(name_or_path) in set(table.index.get_level_values(0)) and not Path(name_or_path).is_file():
        return _of_table(table.loc[str(name_or_path)], str(name_or_path), rated, step_minutes)
    path = find_curve(name_or_path, inputs.folder)
    curve = read_curve(path, rated, step_minutes, calendar_of(inputs))
    titles = library(path.parent.parent) if path.parent.name == FOLDER else INDEX.empty()
    if curve.name in titles.index and curve.title == curve.name:
        row = titles.loc[curve.name]
        source = f"{row['source']}; confidence {row['confidence']}"
        curve = replace(curve, title=str(row["title_en"]), title_zh=str(row["title_zh"]), source=source)
    return curve


def _of_table(rows: pd.DataFrame, name: str, rated: float, step_minutes: int) -> Curve:
    """A curve of send_out_curves.csv, in the steps of the model.

    Raises:
        InputError: it has none of 12 months.
    """
    missing = sorted(set(range(1, 13)) - set(rows.index))
    if missing:
        found = f"no month {listed(f'{m:g}' for m in missing)}"
        raise InputError([Fault(f"send_out_curves.csv ({name})", found, "12 months", "Add the rows.")], name)
    days = rows.sort_index()[list(HOURS_OF_DAY)].to_numpy(dtype=float)
    values = rated * np.repeat(days[MONTH_OF_DAY - 1].ravel(), 60 // step_minutes)
    source = str(rows["source"].iloc[0])
    asleep = np.zeros(len(values), dtype=bool)
    return Curve(name, name, values, "month", source, rated, step_minutes, asleep)
