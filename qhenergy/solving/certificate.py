"""Certificate: residuals and duality gap, computed again from the returned arrays.

For   min c x + offset,  row_lower <= A x <= row_upper,  lower <= x <= upper   and row duals y let
d = c - A'y. Then

    primal residual   largest violation of a bound or a row, over 1 + its size and that of its terms
    dual residual     largest d[j] that pushes towards an infinite bound, or y[i] towards an infinite
                      right-hand side, over 1 + |c[j]| + sum_i |A[i,j] y[i]|
    dual objective    sum of y times the side of the row it pushes to, plus d times the bound of the
                      column it pushes to, plus offset
    relative gap      |primal - dual objective| / max(1, |primal objective|)

Any y gives a lower bound of the optimum when no d pushes towards infinity (weak duality), so a small
gap with small residuals proves the solution, whatever found it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qhenergy.model.problem import Problem


@dataclass(frozen=True)
class Certificate:
    """What the arrays say of themselves; see the module. Objectives in CNY/yr."""

    primal_residual: float
    dual_residual: float
    relative_gap: float
    primal_objective: float
    dual_objective: float


def certify(problem: Problem, values: NDArray[np.float64], row_duals: NDArray[np.float64]) -> Certificate:
    """Compute the certificate of a solution.

    Args:
        problem: the matrix; whole numbers count as fixed at their values.
        values: one per column.
        row_duals: one per row.

    Returns:
        The certificate.
    """
    lower = np.where(problem.whole, values, problem.lower)
    upper = np.where(problem.whole, values, problem.upper)
    activity = problem.matrix @ values
    size = 1.0 + abs(problem.matrix) @ np.abs(values)
    row_miss = np.maximum(problem.row_lower - activity, activity - problem.row_upper)
    column_miss = np.maximum(lower - values, values - upper)
    primal_residual = max(
        float(np.max(row_miss / size, initial=0.0)), float(np.max(column_miss / (1.0 + np.abs(values)), initial=0.0))
    )
    cost = problem.cost
    reduced = cost - problem.matrix.T @ row_duals
    weight = 1.0 + np.abs(cost) + abs(problem.matrix).T @ np.abs(row_duals)
    wrong = np.where(np.isfinite(lower), 0.0, np.maximum(reduced, 0.0))
    wrong = np.maximum(wrong, np.where(np.isfinite(upper), 0.0, np.maximum(-reduced, 0.0)))
    wrong_row = np.where(np.isfinite(problem.row_lower), 0.0, np.maximum(row_duals, 0.0))
    wrong_row = np.maximum(wrong_row, np.where(np.isfinite(problem.row_upper), 0.0, np.maximum(-row_duals, 0.0)))
    # A row dual is weighed by what it does to the costs of its columns.
    dual_residual = max(
        float(np.max(wrong / weight, initial=0.0)), float(np.max(wrong_row / (1.0 + np.abs(row_duals)), initial=0.0))
    )
    primal = float(cost @ values)
    dual = float(_pushed(row_duals, problem.row_lower, problem.row_upper).sum() + _pushed(reduced, lower, upper).sum())
    return Certificate(
        primal_residual,
        dual_residual,
        abs(primal - dual) / max(1.0, abs(primal + problem.offset)),
        primal + problem.offset,
        dual + problem.offset,
    )


def _pushed(dual: NDArray[np.float64], lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each dual times the finite bound it pushes to; nothing where that bound is infinite."""
    up = np.where(np.isfinite(lower), lower, 0.0) * np.maximum(dual, 0.0)
    down = np.where(np.isfinite(upper), upper, 0.0) * np.minimum(dual, 0.0)
    return up + down
