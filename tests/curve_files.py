"""Curve files made in tests."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

HOURS = [f"{h:02d}" for h in range(24)]
QUARTERS = [f"{q // 4:02d}:{15 * (q % 4):02d}" for q in range(96)]
NEW_YEAR = datetime(2025, 1, 1)


def write(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A comma-separated file of some rows."""
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def days(key: str, rows: dict[object, Sequence[object]], unit: str = " [MW]", names: Sequence[str] = HOURS):
    """Header and rows of typical days: a key and the values of its day."""
    return [[*key.split(","), *(name + unit for name in names)], *([*str(k).split(","), *v] for k, v in rows.items())]


def stamps(count: int = 8760, minutes: int = 60, first: datetime = NEW_YEAR, end: str = "") -> list[str]:
    """Stamps one after the other."""
    made = (first + timedelta(minutes=minutes * i) for i in range(count))
    return [f"{stamp:%Y-%m-%d %H:%M}{end}" for stamp in made]


def series(values: Sequence[object], times: Sequence[str] | None = None, header: str = "value [MW]", zone: str = ""):
    """Header and rows of a year, with stamps if there are any."""
    if times is None:
        return [[header], *([v] for v in values)]
    return [[f"time{zone}", header], *zip(times, values, strict=True)]


def workbook(path: Path, rows: Sequence[Sequence[object]], **formats: str) -> Path:
    """A workbook of one sheet, or of two if `second` names one; `percent` formats the last row so."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if "percent" in formats:
        for row in sheet.iter_rows(min_row=len(rows)):
            for cell in row:
                cell.number_format = "0%"
    if "second" in formats:
        book.create_sheet(formats["second"])
    book.save(path)
    return path
