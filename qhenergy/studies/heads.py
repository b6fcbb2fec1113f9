"""Heads that follow the level: solve again at the answer until the tangent of the power is the curve.

Each pass solves the case with the power written as its tangent at a point: the best answer so far (see
`technologies.hydro_head`). An answer is better if the year costs less by the curve. One that is not better
has stepped too far from where its tangent is true: the next pass must stay within half of the way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from qhenergy.ground.faults import SolverError
from qhenergy.model.assemble import System
from qhenergy.outcome.audit import Audit
from qhenergy.outcome.heads import cost_by_curve, head_errors, point
from qhenergy.outcome.result import Result
from qhenergy.technologies.hydro_head import POINT, RADIUS

Point = dict[str, pd.DataFrame]
HELD = POINT[-1]


def settled(
    system: System, solve: Callable[[System], tuple[Result, Audit]], say: Callable[[str, str], None]
) -> tuple[Result, Audit]:
    """The result whose heads are those of its own levels, and its audit.

    Args:
        system: the case made ready.
        solve: solves a system at the point it is given.
        say: is told how far tangent and curve are apart.

    Raises:
        SolverError: tangent and curve do not come together within the passes of the case.
    """
    water = system.case.water
    passes: list[float] = []
    best = math.inf
    here: Point = {}
    radius = pd.Series(dtype=float)
    for number in range(1, water.head_passes + 1):
        result, found = solve(system)
        errors = head_errors(result).groupby("asset")["share [-]"].max()
        passes.append(float(errors.max()) if len(errors) else 0.0)
        say("head", f"pass {number}: power by tangent and by curve differ by {passes[-1]:.3%} of the energy")
        result.solve["head_passes"] = list(passes)
        if passes[-1] <= water.head_tolerance:
            return result, found
        answer, cost = point(result), cost_by_curve(result)
        if radius.empty:
            radius = pd.Series(math.inf, index=answer[HELD].columns)
        if cost < best:
            best, here = cost, answer
        else:
            moved = (answer[HELD] - here[HELD]).abs().max()
            off = errors.reindex(radius.index) > water.head_tolerance
            radius = radius.where(~off, np.minimum(radius, moved) / 2.0)
        system = replace(system, given=_within(here, radius))
    raise SolverError(
        f"The head of {errors.idxmax()} has not converged: after {len(passes)} passes its power by the tangent and "
        f"by the curve differ by {passes[-1]:.3%} of the energy, above {water.head_tolerance:.3%}. "
        f'Raise water.head_passes, or set water.head = "constant".'
    )


def _within(answer: Point, radius: pd.Series) -> Point:
    """The next point, with the radius the levels must stay in where there is one."""
    given = radius[np.isfinite(radius)]
    return {**answer, RADIUS: pd.DataFrame(dict(given.items()), index=answer[HELD].index)}
