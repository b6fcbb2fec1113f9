"""Delivery curves that a user brings: what a line is asked to send in every step of the model year.

The kind of a file is known by its header; `data.curve_table` and `data.curve_series` say how each is written:

    month, season        24 hours (or 96 quarter-hours) of a day of each
    day_type             96 quarter-hours (or 24 hours) of workdays, weekends and holidays
    day                  one day, the same all year
    series               8760 hours or 35040 quarter-hours

Units stand in the header, [MW], [10^4 kW], [p.u.] or [%] of rated power. Time is Beijing time, each hour named by its
beginning. Files are .csv (UTF-8 or GB 18030) or .xlsx (first sheet). Weeks of maintenance: see `data.curve_cells`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.curve_cells import (
    Array,
    Cells,
    check_rating,
    maintenance_days,
    numbers,
    take_apart,
    unit_of,
)
from qhenergy.data.curve_series import read_series
from qhenergy.data.curve_table import clocks, read_table
from qhenergy.data.day_types import DayCalendar
from qhenergy.data.sheet_text import read_sheet
from qhenergy.ground.faults import Fault, InputError


@dataclass(frozen=True, eq=False)
class Curve:
    """What a line is asked to send in every step of the model year.

    Attributes:
        name: short name: that of the file.
        title, title_zh: what it is called; the name if the file does not say.
        values: power at the sending end [MW], shape (8760 * 60 / step_minutes,), beginning 1 January 00:00 in
            Beijing time; zero in maintenance.
        kind: month, season, day_type, day or series.
        source: where it comes from, in words; the file if it does not say.
        rated: rated power of the line [MW].
        step_minutes: length of a step [min].
        maintenance: whether the line asks for nothing, shape as `values`.
        notes: what was chosen in reading: averages, zones, calendars.
    """

    name: str
    title: str
    values: Array
    kind: str
    source: str
    rated: float
    step_minutes: int
    maintenance: NDArray[np.bool_]
    notes: tuple[str, ...] = ()
    title_zh: str = ""

    @property
    def per_unit(self) -> Array:
        """Power over rated power [-]."""
        return self.values / self.rated

    @property
    def energy(self) -> float:
        """Energy of the year [MWh]."""
        return float(self.values.sum()) * self.step_minutes / 60


def read_curve(
    path: Path | str, rated: float, step_minutes: int = 60, calendar: DayCalendar | None = None
) -> Curve:  # fmt: skip
    """Read a curve from a file.

    Args:
        path: .csv or .xlsx file.
        rated: rated power of the line [MW].
        step_minutes: length of the model's steps [min]; a finer curve is averaged, a coarser one repeated.
        calendar: which days are workdays, weekends and holidays, and of which year weeks are; needed only where the
            file speaks of them.

    Raises:
        InputError: with every fault of the file.
        ValueError: no whole number of steps makes an hour.
    """
    path = Path(path)
    if step_minutes < 1 or 60 % step_minutes:
        raise ValueError(f"steps of {step_minutes} min do not make an hour")
    faults: list[Fault] = []
    sheet = read_sheet(path, faults)
    cells = take_apart(sheet, faults) if sheet is not None else None
    made = _curve(path, cells, rated, step_minutes, calendar, faults) if cells is not None else None
    if faults or made is None:
        raise InputError(faults, str(path))
    return made


def _curve(
    path: Path, cells: Cells, rated: float, step_minutes: int, calendar: DayCalendar | None, faults: list[Fault]
) -> Curve | None:
    """The curve of a file taken apart; None where faults are in the way."""
    notes = list(cells.notes)
    off_days = maintenance_days(cells, calendar, faults)
    whole: Array | None = None
    if len(clocks(cells)) > 1:
        table = read_table(cells, calendar, faults)
        kind, step, columns = table.kind, table.step, table.columns
        unit = unit_of(cells, columns, rated, faults)
        power = numbers(cells, columns, unit, faults)
        asleep = np.repeat(off_days, 1440 // step)
        if table.row_of_day is not None and len(columns) == 1440 // step:
            whole = power[table.row_of_day].ravel()
        notes += table.notes
    else:
        series = read_series(cells, faults)
        kind, step = "series", series.step
        if series.column is None:
            return None
        unit = unit_of(cells, [series.column], rated, faults)
        power = numbers(cells, [series.column], unit, faults)
        asleep = np.zeros(0, dtype=bool)
        if series.order is not None:
            whole = np.empty(len(power))
            whole[series.order] = power[:, 0]
            asleep = np.repeat(off_days, 1440 // step)
            asleep[series.order[series.maintenance]] = True
        notes += series.notes
    if unit is not None:
        check_rating(cells, power if whole is None else whole, rated, step or 60, unit, faults)
    if faults or whole is None:
        return None
    whole = np.where(asleep, 0.0, whole)
    if asleep.any():
        notes.append(f"In {asleep.sum() * step / 60:g} h of maintenance the line asks for nothing.")
    source = cells.said.get("source", "") or f"file {path.name}"
    title = cells.said.get("title", "") or path.stem
    values, maintenance = _in_steps(whole, step, step_minutes, notes), _marks(asleep, step, step_minutes)
    return Curve(path.stem, title, values, kind, source, rated, step_minutes, maintenance, tuple(notes))


def _in_steps(values: Array, step: int, wanted: int, notes: list[str]) -> Array:
    """A curve in steps of another length: the mean of finer ones, coarser ones repeated."""
    if step == wanted:
        return values
    if step > wanted:
        if step % wanted:
            raise ValueError(f"steps of {wanted} min do not make {step}")
        notes.append(f"Each value holds for {step} min, {step // wanted} steps of the model.")
        return np.repeat(values, step // wanted)
    if wanted % step:
        raise ValueError(f"steps of {step} min do not make {wanted}")
    parts = values.reshape(-1, wanted // step)
    inside = int((np.ptp(parts, axis=1) > 0).sum())
    notes.append(f"Steps of {step} min are averaged over {wanted} min; the curve moves inside {inside} of them.")
    made: Array = parts.mean(axis=1)
    return made


def _marks(marks: NDArray[np.bool_], step: int, wanted: int) -> NDArray[np.bool_]:
    """Marks in steps of another length: a step is marked if all of it is."""
    if step >= wanted:
        return np.repeat(marks, step // wanted)
    made: NDArray[np.bool_] = np.all(marks.reshape(-1, wanted // step), axis=1)
    return made
