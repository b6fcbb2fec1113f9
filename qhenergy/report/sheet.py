"""A sheet: one table of a report, before it is printed on a console or written as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qhenergy.report.words import Words

Cell = Words | str


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes:
        head: what it is about.
        cells: one for each column after the first.
        look: `sum`, `group`, `part` (of the row above), `apart` (not to be added up with the others) or nothing.
    """

    head: Cell
    cells: Sequence[Cell]
    look: str = ""


@dataclass
class Sheet:
    """A table.

    Attributes:
        title: what it is, with the unit where all numbers share one.
        head: names of the columns, that of the row heads first.
        rows: the rows.
        words: how many columns after the first hold words; the others hold numbers.
        note: what to know when reading it.
    """

    title: Words
    head: Sequence[Words]
    rows: list[Row] = field(default_factory=list)
    words: int = 0
    note: Words | None = None
