"""Families of columns and rows: one name, one unit, one line of algebra."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """All columns, or all rows, of one name.

    Attributes:
        name: such as `storage/energy_balance`; the same in code, matrix, result and report.
        kind: `column` or `row`.
        unit: inside unit of a value, or of both sides of a row.
        algebra: meaning of a column in words, or the row as printed algebra.
        source: where the formula is from, if it has a source.
    """

    name: str
    kind: str
    unit: str
    algebra: str
    source: str = ""


@dataclass(frozen=True)
class Address:
    """One column: which block, which family, which member, which hour or stage."""

    block: str
    family: str
    member: str
    number: int


def window_name(index: int) -> str:
    """Name of the block of a window."""
    return f"window {index}"


PLAN = "plan"
