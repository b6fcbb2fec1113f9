"""Columns that only measure: what a watched clause comes to follows the other columns exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qhenergy.model.problem import Problem


def measured(problem: Problem, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values in which a column that only says what the others of its row come to says exactly that.

    Such a column has no bounds and no cost and stands in one row, an equality: what a watched clause measures. A
    crumb of another column, taken off to meet its bound, would else be left as a residual of every row that measures.
    """
    matrix = problem.matrix.tocsc()
    free = np.isinf(problem.lower) & np.isinf(problem.upper) & (problem.cost == 0) & (np.diff(matrix.indptr) == 1)
    columns = np.flatnonzero(free)
    rows, first = np.unique(matrix.indices[matrix.indptr[columns]], return_index=True)
    columns = columns[first]
    equal = problem.row_lower[rows] == problem.row_upper[rows]
    rows, columns = rows[equal], columns[equal]
    residual = problem.row_lower[rows] - problem.matrix[rows] @ values
    values[columns] += residual / matrix.data[matrix.indptr[columns]]
    return values
