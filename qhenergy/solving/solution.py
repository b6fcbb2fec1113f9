"""What a solver gives back, where it speaks, and what is found of its prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

#: Notes of a `PriceRange`.
INTERIOR = "no interval: interior solution"
EVERY_HOUR = "no interval: asked of every hour"
STOPPED = "no interval: stopped"
NOT_FOUND = "no interval: not found"
KINK = "price not unique"


@dataclass(frozen=True)
class Tried:
    """One attempt as it went: name, status in our words, seconds, iterations."""

    name: str
    status: str
    seconds: float
    iterations: int


@dataclass(frozen=True)
class Basis:
    """Which columns and rows are basic at a vertex, in the codes of HiGHS (1 is basic); arrays of int8."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


@dataclass(frozen=True)
class Sought:
    """What a search for whole numbers came to: its best values (None if it has none), its bound, its status."""

    values: NDArray[np.float64] | None
    bound: float
    status: str


@dataclass
class Solution:
    """A proven optimum.

    Attributes:
        values: one per column, in inside units.
        row_duals: one per row: change of yearly cost when its right-hand side rises by one [CNY/yr].
        status: `optimal`.
        solver: name and version of the solver, and the attempt that succeeded.
        attempts: all that were tried.
        seconds: wall time of all attempts.
        gap: gap between the best solution and the best bound of a problem with whole numbers.
        whole: whether the problem has whole numbers; duals are then those of the fixed problem.
        log: what the solver printed.
        basis: of the vertex, or of the fixed problem if it has whole numbers; None for an interior point.
    """

    values: NDArray[np.float64]
    row_duals: NDArray[np.float64]
    status: str
    solver: str
    attempts: list[Tried]
    seconds: float
    gap: float = 0.0
    whole: bool = False
    log: str = ""
    basis: Basis | None = None


@dataclass
class Progress:
    """Where the solver's messages go.

    Attributes:
        say: is called with every line.
        lines: everything said so far.
    """

    say: Callable[[str], None] = lambda _: None
    lines: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> None:
        """Take a message of the solver."""
        for line in text.splitlines():
            self.lines.append(line)
            self.say(line)


@dataclass(frozen=True)
class PriceRange:
    """Where the price of a clause holds in a stage.

    Attributes:
        clause, stage: which.
        note: why there is no interval, or that the price is not unique; empty if all is well.
        low, high: by how much the right-hand side may fall (not above 0) and rise [inside units]; infinite where
            nothing ends it. Beside a kink: how far the price for lowering and that for raising hold.
        down, up: change of yearly cost per unit when the right-hand side falls and rises [CNY/yr per inside
            unit]; one price where it is unique, infinite where it cannot be moved. None where not known.
    """

    clause: str
    stage: int
    note: str = ""
    low: float | None = None
    high: float | None = None
    down: float | None = None
    up: float | None = None
