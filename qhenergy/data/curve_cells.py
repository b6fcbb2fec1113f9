"""What all kinds of curve files share: their header, unit, numbers, and weeks of maintenance.

Lines that begin with one of these words may stand anywhere in a file:

    unit,[MW]                          if no header says it
    title,Evening peak                 what the curve is called
    source,letter of 2025-11-03        where it comes from
    time zone,UTC+8                    of stamps that say none
    maintenance,2025-04-07,2025-04-20  first and last day on which the line asks for nothing; or W15,W16
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.day_types import DAYS, DayCalendar, day_of_year, week_days
from qhenergy.data.sheet_text import Sheet
from qhenergy.ground.faults import Fault
from qhenergy.ground.units import factor, split_header

Array = NDArray[np.float64]
UNITS = "[MW], [10^4 kW], [p.u.] or [%]"
#: Words for units that are not printed as the tables of the inputs print them.
SAME = {"p.u.": "-", "pu": "-", "per unit": "-", "标幺值": "-", "万千瓦": "10^4 kW", "兆瓦": "MW", "千瓦": "kW"}
WORDS = {"单位": "unit", "标题": "title", "来源": "source", "时区": "time zone", "检修": "maintenance"}
SAID = ("unit", "title", "source", "time zone", "time_zone", "maintenance")
#: Most cells that a line of these words fills.
FEW = 3


@dataclass(frozen=True)
class Unit:
    """The unit of a curve.

    Attributes:
        printed: as it stands in the file.
        power: MW of one printed unit.
        share: whether it is of rated power.
    """

    printed: str
    power: float
    share: bool


@dataclass(frozen=True)
class Cells:
    """A curve file taken apart.

    Attributes:
        file: name of the file.
        names, units: of the columns; a unit is None where the header has none.
        rows: cells below the header, every row as long as the header.
        lines: the line of the file each row begins at.
        said: what lines of one word say, by the word.
        maintenance: line, first and last day of each period.
        notes: what was chosen in reading.
    """

    file: str
    names: list[str]
    units: list[str | None]
    rows: list[list[str]]
    lines: list[int]
    said: dict[str, str]
    maintenance: list[tuple[int, str, str]]
    notes: list[str] = field(default_factory=list)

    def place(self, row: int, column: int) -> str:
        """A cell, as the user would look for it."""
        return f'{self.file}, row {self.lines[row]}, "{self.names[column]}"'

    def report(self, faults: list[Fault], places: Sequence[tuple[int, int]], found: str, *rest: str) -> None:
        """One fault for cells at which the same is wrong: the first is named, the others are counted."""
        if places:
            more = f" and {len(places) - 1} more cells" if len(places) > 1 else ""
            faults.append(Fault(self.place(*places[0]) + more, found, *rest))


def take_apart(sheet: Sheet, faults: list[Fault]) -> Cells | None:
    """Header, rows and what is said beside them; None if there is no header or no row."""
    said: dict[str, str] = {}
    maintenance: list[tuple[int, str, str]] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    last_row = max(i for i, row in enumerate(sheet.rows) if any(row))
    for row, line in zip(sheet.rows[: last_row + 1], sheet.lines, strict=False):
        if not any(row):
            # In a file of one column a blank line is a step that lacks; in others it parts what stands above it.
            if rows and len(rows[0]) == 1:
                rows.append([""])
                lines.append(line)
            continue
        word = WORDS.get(row[0], row[0].lower())
        if word in SAID and sum(map(bool, row)) <= FEW:
            first, last = ([cell for cell in row[1:] if cell] + ["", ""])[:2]
            if word == "maintenance" and first:
                maintenance.append((line, first, last))
                continue
            if word != "maintenance" and not last:
                said[word.replace("_", " ")] = first
                continue
        rows.append(row)
        lines.append(line)
    if not rows:
        faults.append(Fault(sheet.file, "no table", "a header row and rows below it", "Add them."))
        return None
    header, *below = rows
    if all(number(cell) is not None for cell in header if cell) and len(below) + 1 > FEW and len(header) <= FEW:
        remedy = "Write a header above the numbers, such as value [MW]."
        faults.append(Fault(f"{sheet.file}, row {lines[0]}", "numbers", "a header", remedy))
        return None
    if not below:
        faults.append(Fault(sheet.file, "a header and no row", "rows below it", "Add them."))
        return None
    wide = len(header)
    for row, line in zip(below, lines[1:], strict=True):
        if any(row[wide:]):
            where = f"{sheet.file}, row {line}"
            remedy = "Delete what is too much; a number has no comma in it."
            faults.append(Fault(where, f"{len(row)} cells", f"{wide}, as in the header", remedy))
    names, units = zip(*map(split_header, header), strict=True)
    cells = [(row + [""] * wide)[:wide] for row in below]
    return Cells(sheet.file, list(names), list(units), cells, lines[1:], said, maintenance, list(sheet.notes))


def unit_of(cells: Cells, columns: Sequence[int], rated: float, faults: list[Fault]) -> Unit | None:
    """The unit of the values: of their headers, of a column `unit`, or of a line `unit`."""
    found = {cells.units[c] for c in columns} - {None}
    if "unit" in cells.names:
        at = cells.names.index("unit")
        found |= {row[at].strip("[] ") for row in cells.rows} - {""}
    if cells.said.get("unit"):
        found |= {cells.said["unit"].strip("[] ")}
    remedy = "Write the unit behind a name of the header, in square brackets."
    if len(found) != 1:
        what = " and ".join(f"[{u}]" for u in sorted(map(str, found))) or "no unit"
        faults.append(Fault(cells.file, what, f"one unit: {UNITS}", remedy))
        return None
    printed = str(found.pop())
    inside = SAME.get(printed.lower(), printed)
    try:
        return Unit(printed, factor(inside, "share") * rated, True)
    except ValueError:
        pass
    try:
        return Unit(printed, factor(inside, "power"), False)
    except ValueError as error:
        faults.append(Fault(cells.file, str(error), f"one of {UNITS}", remedy))
        return None


def number(cell: str) -> float | None:
    """The number in a cell, or None; `1_000` is one to Python and to nobody else."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def numbers(cells: Cells, columns: Sequence[int], unit: Unit | None, faults: list[Fault]) -> Array:
    """Power in every cell of some columns [MW]; NaN where there is none, each with its fault.

    Returns:
        Shape (rows, columns); as printed if the unit is None.
    """
    made = np.full((len(cells.rows), len(columns)), np.nan)
    blank, endless, words, negative = [], [], [], []
    percent = unit is not None and unit.printed == "%"
    for i, row in enumerate(cells.rows):
        for j, c in enumerate(columns):
            text = row[c].removesuffix("%") if percent else row[c]
            value = number(text)
            if not text:
                blank.append((i, c))
            elif value is None:
                words.append((i, c))
            elif not math.isfinite(value):
                endless.append((i, c))
            else:
                made[i, j] = value
                if value < 0:
                    negative.append((i, c))
    cells.report(faults, blank, "an empty cell", "a number", "Fill every step; 0 where the line asks for nothing.")
    remedy = "Write digits with a decimal point only; no unit, no thousands separator."
    for places, expected, what in ((words, "a number", remedy), (endless, "a finite number", "Fill the gap.")):
        if places:
            row_, column = places[0]
            cells.report(faults, places, f'"{cells.rows[row_][column]}"', expected, what)
    if negative:
        row_, column = negative[0]
        what = "Correct the sign; a line that brings power in is no send-out line."
        cells.report(faults, negative, cells.rows[row_][column], "at least 0", what)
    return made * (unit.power if unit else 1.0)


def check_rating(cells: Cells, values: Array, rated: float, step: int, unit: Unit, faults: list[Fault]) -> None:
    """Refuse power above the rating, with how much and how often, and the unit it may have been meant in."""
    above = values > rated * (1 + 1e-9)
    if not above.any():
        return
    most = float(values[above].max())
    found = f"{most:g} MW, {most - rated:g} above the rating, and {above.sum() * step / 60:g} h above it"
    remedy = "Lower the curve, or correct the rated power of the line."
    printed = most / unit.power
    if most >= 2 * rated:
        others = {"p.u.": rated, "%": rated / 100, "MW": 1.0, "10^4 kW": 10.0, "kW": 1e-3}
        own = SAME.get(unit.printed.lower(), unit.printed)
        fits = [u for u, power in others.items() if SAME.get(u, u) != own and printed * power <= rated * (1 + 1e-9)]
        remedy = f"Was it entered in {fits[0]}?" if fits else remedy
    faults.append(Fault(f"{cells.file} [{unit.printed}]", found, f"at most {rated:g} MW", remedy))


def maintenance_days(cells: Cells, calendar: DayCalendar | None, faults: list[Fault]) -> NDArray[np.bool_]:
    """Days on which the line asks for nothing, shape (365,)."""
    made = np.zeros(DAYS, dtype=bool)
    for line, first, last in cells.maintenance:

        def refuse(found: str, expected: str, remedy: str, line: int = line) -> None:
            faults.append(Fault(f'{cells.file}, row {line}, "maintenance"', found, expected, remedy))

        ends = [_days(cell, calendar, refuse) for cell in (first, last) if cell]
        if all(ends):
            start, end = ends[0][0], ends[-1][-1]
            if end < start:
                remedy = "Write two lines for what goes over New Year."
                refuse(f"{first} to {last}", "a first day before the last", remedy)
            made[start : end + 1] = True
    return made


def _days(cell: str, calendar: DayCalendar | None, refuse: Callable[[str, str, str], None]) -> list[int]:
    """Days of the model year that a date or an ISO week names; none, with a fault, if it is neither."""
    expected = "a day as YYYY-MM-DD or MM-DD, or an ISO week as W15 or YYYY-W15"
    week = re.fullmatch(r"(?:(\d{4})-?)?W(\d{1,2})", cell.upper())
    if week is not None:
        if not week[1] and calendar is None:
            refuse(f'"{cell}", a week of no year', expected, "Name the year, as in 2025-W15.")
            return []
        year = int(week[1]) if week[1] else calendar.year if calendar else 0
        try:
            return week_days(year, int(week[2]))
        except ValueError:
            refuse(f'"{cell}", a week that {year} has not', expected, "Correct the week.")
            return []
    day = re.fullmatch(r"(?:\d{4}[-/])?(\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00)?)?", cell)
    found = day_of_year(int(day[1]), int(day[2])) if day else None
    if found is None:
        remedy = (
            "The model year has no 29 February." if day and (int(day[1]), int(day[2])) == (2, 29) else "Correct it."
        )
        refuse(f'"{cell}"', expected, remedy)
        return []
    return [found]
