"""Heads that follow the level: solve again at the answer until the tangent of the power is the curve.

Each pass solves the case with the power written as its tangent at a point: the best answer so far (see
`technologies.hydro_head`). An answer is better if the year costs less by the curve. One that is not better
has stepped too far from where its tangent is true: the next pass must stay within half of the way. An
answer is accepted when it is better, tangent and curve agree, and levels do not pull at the radius.
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
from qhenergy.outcome.heads import cost_by_curve, head_errors, point, pull
from qhenergy.outcome.result import Result
from qhenergy.technologies.hydro_head import POINT, RADIUS

Point = dict[str, pd.DataFrame]
HELD = POINT[-1]
#: Difference of two costs that is none: well above the gap a solution may have [-].
NOISE = 1e-5
#: Most that levels may pull at the radius, over the worth of the water [-].
PULL = 0.1


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
        errors = head_errors(result).groupby("station")["share [-]"].max()
        off, held_back = float(errors.max()) if len(errors) else 0.0, pull(result)
        passes.append(off)
        say("head", f"pass {number}: power by tangent and by curve differ by {off:.3%} of the energy")
        result.solve["head_passes"] = list(passes)
        cost = cost_by_curve(result)
        noise = NOISE * abs(cost)
        # The first pass knows no slope: what a higher level is worth enters with the second, and the cost by
        # the curve is of prices that are far from those to come.
        if number > 1 and cost <= best + noise and off <= water.head_tolerance and held_back <= PULL:
            return result, found
        answer = point(result)
        if radius.empty:
            radius = pd.Series(math.inf, index=errors.index)
        if number == 1:
            here = answer
        elif cost < best - noise:
            best, here = cost, answer
            radius = radius * 2.0 if off <= water.head_tolerance else radius
        else:
            moved = (answer[HELD] - here[HELD]).abs().max().reindex(radius.index)
            swings = errors > water.head_tolerance
            radius = radius.where(~swings & swings.any(), np.minimum(radius, moved) / 2.0)
        system = replace(system, given=_within(here, radius))
    raise SolverError(
        f"The head of {errors.idxmax()} has not converged: after {len(passes)} passes its power by the tangent and "
        f"by the curve differ by {passes[-1]:.3%} of the energy (at most {water.head_tolerance:.3%}), and levels pull "
        f"at the step they are held to by {held_back:.1%} of the worth of the water (at most {PULL:.0%}). "
        f'Raise water.head_passes, or set water.head = "constant".'
    )


def _within(answer: Point, radius: pd.Series) -> Point:
    """The next point, with the radius the levels must stay in where there is one."""
    given = radius[np.isfinite(radius)]
    return {**answer, RADIUS: pd.DataFrame(dict(given.items()), index=answer[HELD].index)}
