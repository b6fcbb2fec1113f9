"""What a step of a rolling dispatch knows of what lies beyond its sight, as rows, columns and costs of its problem.

The algebra is in `solving.rolling`; where the numbers come from, in `studies.guide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.model.extend import NewColumn, NewRow, with_columns, with_rows
from qhenergy.model.problem import Problem

TARGET = "guide/target"
BELOW, ABOVE, OVER = "guide/below", "guide/above", "guide/over"
#: What a unit above a budget counts at least: over the price of its row, over the highest worth of a level, since no
#: level is to be met at its expense, and so much [CNY per unit]. A price may be a crumb that an interior point left.
OVERDRAWN, OVERDRAWN_WORTH, LEAST_OVERDRAWN = 5.0, 10.0, 1e4
#: What a level below or above its target counts, over the worth of what it holds.
DEARER, CHEAPER = 1.25, 0.75
#: Least worth of what a level holds, so that targets are met where nothing is scarce [CNY per unit].
LEAST_WORTH = 1e-2


@dataclass(frozen=True)
class Target:
    """A level at the end of a window.

    Attributes:
        column: position of its column.
        level: of the yearly run [unit of the column].
        worth: of one unit more [CNY per unit].
    """

    column: int
    level: float
    worth: float


@dataclass(frozen=True)
class Guide:
    """What the yearly run tells.

    Attributes:
        targets: by window at whose end they are.
        prices: of the rows of the problem, zero for those of windows [CNY/yr per unit].
        told: whether the yearly run had each row of the year; shape as `prices`.
    """

    targets: dict[int, list[Target]]
    prices: NDArray[np.float64]
    told: NDArray[np.bool_]


def overdrawn(problem: Problem, rows: NDArray[np.int64], prices: NDArray[np.float64]) -> Problem:
    """The problem with what its budgets are exceeded by, at a price."""
    stage = int(problem.cost_stages[0])
    new = [
        NewColumn(
            f"{i}",
            stage,
            np.array([row]),
            np.array([-1.0]),
            float(price),
            "guide/rows of the year",
        )
        for i, (row, price) in enumerate(zip(rows, prices, strict=True))
    ]
    return with_columns(problem, OVER, "-", "how far a budget is exceeded", new) if new else problem


def priced(problem: Problem, price: NDArray[np.float64]) -> Problem:
    """The problem with a further cost of its columns."""
    stage = problem.cost_stages[0]
    return replace(
        problem,
        cost_names=[*problem.cost_names, "guide/rows of the year"],
        cost_stages=np.append(problem.cost_stages, stage),
        cost_weights=np.append(problem.cost_weights, 1.0),
        costs=sp.vstack([problem.costs, sp.csr_matrix(price)], format="csr"),
        cost_offsets=np.append(problem.cost_offsets, 0.0),
    )


def targeted(problem: Problem, columns: NDArray[np.int64], targets: Sequence[Target]) -> Problem:
    """The problem with levels held to their targets, at a price."""
    if not targets:
        return problem
    stage = int(problem.cost_stages[0])
    places = [int(np.searchsorted(columns, target.column)) for target in targets]
    rows = [
        NewRow(f"{i}", stage, np.array([place]), np.ones(1), target.level, target.level)
        for i, (place, target) in enumerate(zip(places, targets, strict=True))
    ]
    first = problem.matrix.shape[0]
    made = with_rows(problem, TARGET, "-", "level[m,end] + below[m] - above[m] = level of the yearly run", rows)
    for family, sign, factor in ((BELOW, 1.0, DEARER), (ABOVE, -1.0, -CHEAPER)):
        new = [
            NewColumn(
                f"{i}",
                stage,
                np.array([first + i]),
                np.array([sign]),
                factor * max(target.worth, LEAST_WORTH),
                "guide/levels",
            )
            for i, target in enumerate(targets)
        ]
        made = with_columns(made, family, "-", "how far a level is from that of the yearly run", new)
    return made
