"""Whole units by rounding: what is left fractional is rounded, and the gap to what no plan can be below is proven.

Branch and cut solves its first linear problem by simplex, which for a pathway takes longer than all that follows. Where
whole units are few and large in a system that hardly leans on any of them, an interior point and rounding get close:

    bound    the optimum without whole numbers, by its duals: no plan costs less
    answer   the cheapest of the plans in which units are rounded to the nearest, up or down, all else optimal
    gap      (answer - bound) / |answer|
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.model.problem import Problem
from qhenergy.solving.certificate import certify
from qhenergy.solving.solution import Solution

#: What of a unit counts as rounding of the solver, so that 2.9999 are three and 1e-5 none.
CRUMB = 1e-3
#: Ways of rounding, in the order they are tried.
WAYS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "nearest": np.round,
    "up": lambda units: np.ceil(units - CRUMB),
    "down": lambda units: np.floor(units + CRUMB),
}


def rounded(
    problem: Problem, linear: Callable[[Problem], Solution | None], gap: float, say: Callable[[str], None]
) -> Solution | None:
    """The cheapest rounded answer; None if there is none as near to the bound as asked.

    Args:
        problem: with whole numbers.
        linear: solves a problem without; None if that has no solution.
        gap: that is near enough; no further way is tried then.
        say: is told what each came to.

    Returns:
        The answer with its gap; its duals are those of the problem in which units are fixed.
    """
    relaxed = replace(problem, whole=np.zeros_like(problem.whole))
    first = linear(relaxed)
    if first is None:
        return None
    bound = certify(relaxed, first.values, first.row_duals).dual_objective
    at, best, tried = np.flatnonzero(problem.whole), None, set()
    for way, rounding in WAYS.items():
        units = np.clip(rounding(first.values[at]), np.ceil(problem.lower[at]), np.floor(problem.upper[at]))
        if units.tobytes() in tried:
            continue
        tried.add(units.tobytes())
        lower, upper = relaxed.lower.copy(), relaxed.upper.copy()
        lower[at] = upper[at] = units
        found = linear(replace(relaxed, lower=lower, upper=upper))
        if found is None:
            say(f"units rounded {way}: no plan")
            continue
        cost = float(problem.cost @ found.values) + problem.offset
        found = replace(found, whole=True, gap=max(cost - bound, 0.0) / max(abs(cost), 1.0))
        say(f"units rounded {way}: gap {found.gap:.2%}")
        if best is None or found.gap < best.gap:
            best = found
        if best.gap <= gap:
            return best
    return None
