"""The cells of a file that a user brings, as text: comma-separated, or the first sheet of a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qhenergy.ground.faults import Fault

#: Encodings of text that are tried, in this order.
ENCODINGS = ("utf-8-sig", "gb18030")
TEXT, WORKBOOK = (".csv", ".txt"), (".xlsx", ".xlsm")
SAVE_AS = "Save the file as comma-separated UTF-8, or as a workbook (.xlsx)."


@dataclass(frozen=True)
class Sheet:
    """Cells as text.

    Attributes:
        file: name of the file.
        rows: cells without blanks around them; a row may be shorter than another, or empty.
        lines: the line of the file each row begins at.
        notes: what was chosen in reading.
    """

    file: str
    rows: list[list[str]]
    lines: list[int]
    notes: list[str] = field(default_factory=list)


def read_sheet(path: Path, faults: list[Fault]) -> Sheet | None:
    """Read a file of cells.

    Args:
        path: a `.csv`, `.txt`, `.xlsx` or `.xlsm` file.
        faults: list that faults are appended to.

    Returns:
        The cells; None, with a fault, if there are none to be had.
    """
    where = path.name or str(path)
    if path.is_dir():
        faults.append(Fault(where, "a folder", "a file", "Name a file in it."))
        return None
    if not path.is_file():
        faults.append(Fault(str(path), "no such file", "a .csv or .xlsx file", "Correct the path."))
        return None
    kind = path.suffix.lower()
    if kind not in (*TEXT, *WORKBOOK):
        faults.append(Fault(where, f'a file of kind "{kind}"', "a .csv or .xlsx file", SAVE_AS))
        return None
    try:
        sheet = _workbook(path, faults) if kind in WORKBOOK else _text(path, faults)
    except OSError as error:
        faults.append(Fault(where, str(error), "a file that can be read", "See who may read the file."))
        return None
    if sheet is not None and not any(map(any, sheet.rows)):
        faults.append(Fault(where, "an empty file", "a header row and rows below it", "Fill it."))
        return None
    return sheet


def _text(path: Path, faults: list[Fault]) -> Sheet | None:
    raw = path.read_bytes()
    content = None
    for encoding in ENCODINGS:
        try:
            content = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if content is None or any(ord(c) < 32 and c not in "\t\r\n\f" for c in content):
        expected = "comma-separated text in UTF-8 or GB 18030"
        faults.append(Fault(path.name, "bytes that are no text in a known encoding", expected, SAVE_AS))
        return None
    rows, lines, line = [], [], 1
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(
            Fault(f"{path.name}, row {line}", str(error), "comma-separated text", "Close every double quote.")
        )
        return None
    for separator, word in ((";", "semicolons"), ("\t", "tabulators")):
        full = [row for row in rows if any(row)]
        if full and max(map(len, full)) == 1 and separator in full[-1][0]:
            faults.append(Fault(path.name, f"cells between {word}", "cells between commas", SAVE_AS))
            return None
    return Sheet(path.name, rows, lines)


def _workbook(path: Path, faults: list[Fault]) -> Sheet | None:
    try:
        import openpyxl
    except ImportError:
        remedy = "Install it with `pip install qhenergy[excel]`, or save the sheet as CSV."
        faults.append(Fault(path.name, "a workbook, and openpyxl is not installed", "openpyxl", remedy))
        return None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # whatever is wrong with a zip of XML that claims to be a workbook
        faults.append(Fault(path.name, f"{type(error).__name__}: {error}", "a workbook (.xlsx)", SAVE_AS))
        return None
    try:
        first = book.worksheets[0]
        # The size that some programs write into a sheet is wrong; without it every row is read.
        first.reset_dimensions()
        rows, lines = [], []
        for line, row in enumerate(first.iter_rows(), start=1):
            cells = [_word(cell.value, str(getattr(cell, "number_format", ""))) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            rows.append(cells)
            lines.append(line)
        others = len(book.worksheets) - 1
        notes = [f'Read from the first sheet, "{first.title}"; {others} more were not read.'] if others else []
    finally:
        book.close()
    return Sheet(path.name, rows, lines, notes)


def _word(value: Any, number_format: str) -> str:
    """A cell of a workbook as it would stand in a text file; 0.25 shown as a percentage is `25%`."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        # A time is a fraction of a day there: 01:00 may come back as 00:59:59.999.
        return (value + dt.timedelta(seconds=30)).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        shown = value * 100 if "%" in number_format else value
        text = f"{shown:.12g}"
        return f"{text}%" if "%" in number_format else text
    return str(value).strip()
