"""Size of a problem before it is built: columns, rows, nonzeros and memory.

Every family of a window has so many members an hour, so one short window written and compiled says
what all of them will have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.assets import Assets
from qhenergy.model.assemble import System, compile_one, compile_plan, window_series
from qhenergy.periods.chronology import Span

#: Memory of a whole run [MB]: the program with its libraries, plus a power of the nonzeros for all that is
#: held of them (blocks, stack, the solver's copies and factors). Fitted to the built-in cases.
BASE_MB = 245.0
MB_OF_NONZEROS = 0.00775
POWER_OF_NONZEROS = 0.841
SAMPLE_HOURS = 24


@dataclass(frozen=True)
class Size:
    """Expected or found size of a problem.

    Attributes:
        columns, rows, nonzeros: of the matrix.
        memory_mb: most memory of the whole run [MB].
    """

    columns: int
    rows: int
    nonzeros: int
    memory_mb: float


def expected(system: System) -> Size:
    """What to expect of a case made ready."""
    assets, plan, _ = compile_plan(system)
    series = window_series(system)
    columns, rows, nonzeros = len(plan.columns), len(plan.rows), plan.matrix.nnz
    for stage in system.case.stages:
        spans = system.chronology.of_stage(stage)
        first = spans[0]
        length = min(SAMPLE_HOURS, len(first))
        hours = sum(len(s) for s in spans)
        part = {name: by_span[first.index] for name, by_span in series.items()}
        short = _measured(system, assets, first, length, part)
        if length < len(first):
            # What does not grow with the hours (meters, energies of a window) is told apart by a
            # second window of half the length.
            half = max(length // 2, 1)
            shorter = _measured(system, assets, first, half, part)
            per_hour = (short - shorter) / (length - half)
            fixed = short - per_hour * length
        else:
            per_hour, fixed = short / length, np.zeros(3)
        total = per_hour * hours + fixed * len(spans)
        columns, rows, nonzeros = (round(a + b) for a, b in zip((columns, rows, nonzeros), total, strict=True))
    return Size(columns, rows, nonzeros, BASE_MB + MB_OF_NONZEROS * nonzeros**POWER_OF_NONZEROS)


def _measured(
    system: System, assets: Assets, span: Span, hours: int, series: dict[str, pd.DataFrame]
) -> NDArray[np.float64]:
    """Columns, rows and nonzeros of the first hours of a span."""
    cut = replace(span, hours=span.hours[:hours])
    # The chronology has the cut span as well: rules of the calendar ask it for the hours of each.
    spans = tuple(cut if s.index == span.index else s for s in system.chronology.spans)
    part = {name: frame.iloc[:hours] for name, frame in series.items()}
    system = replace(system, chronology=replace(system.chronology, spans=spans))
    block = compile_one(system, assets, cut, part)
    return np.array([len(block.columns), len(block.rows), block.matrix.nnz], dtype=float)
