"""Part of a problem: some of its rows and columns, with the other columns at given values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.model.problem import Index, Problem


def part_of(
    problem: Problem,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: NDArray[np.float64],
    costs: NDArray[np.int64] | None = None,
) -> Problem:
    """The problem of some columns, the others fixed.

    Args:
        problem: the whole.
        rows: positions of the rows it has.
        columns: positions of the columns it decides.
        values: one per column of the whole; those of the columns it decides are not looked at.
        costs: positions of the named costs it counts; all if None. What the other columns cost is in the offsets.

    Returns:
        A problem whose sides are those of the whole less what the other columns give to its rows.
    """
    of_cost = np.arange(len(problem.cost_names)) if costs is None else costs
    others = values.copy()
    others[columns] = 0.0
    matrix, paid = problem.matrix[rows], problem.costs[of_cost]
    given = matrix @ others
    return replace(
        problem,
        columns=_part(problem.columns, columns),
        rows=_part(problem.rows, rows),
        matrix=matrix[:, columns].tocsr(),
        lower=problem.lower[columns],
        upper=problem.upper[columns],
        row_lower=problem.row_lower[rows] - given,
        row_upper=problem.row_upper[rows] - given,
        whole=problem.whole[columns],
        cost_names=[problem.cost_names[i] for i in of_cost],
        cost_stages=problem.cost_stages[of_cost],
        cost_weights=problem.cost_weights[of_cost],
        costs=paid[:, columns].tocsr(),
        cost_offsets=problem.cost_offsets[of_cost] + paid @ others,
    )


def _part(index: Index, at: NDArray[np.int64]) -> Index:
    return replace(
        index, block=index.block[at], family=index.family[at], member=index.member[at], number=index.number[at]
    )
