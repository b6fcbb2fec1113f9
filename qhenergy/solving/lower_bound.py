"""What no solution of a problem costs less than: the dual objective of a point, proven optimal or not.

Any row duals y bound the cost from below (weak duality, see `solving.certificate`), so that an attempt that did not
come to its end proves something as well. Whole numbers count as parts of one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qhenergy.ground.faults import SolverError
from qhenergy.model.problem import Problem
from qhenergy.solving.certificate import certify
from qhenergy.solving.highs import attempted
from qhenergy.solving.profile import Profile
from qhenergy.solving.solution import Progress

#: Relative gap between a point and its bound at which no further attempt is made.
ENOUGH = 1e-4
#: Most that duals may push towards an infinite bound: what the sum of a bound leaves out.
DUAL_RESIDUAL = 1e-6


def lower_bound(problem: Problem, profile: Profile, progress: Progress | None = None) -> float:
    """The highest bound that the attempts of a profile prove, the first that is near its point ending them [CNY/yr].

    Args:
        problem: the matrix.
        profile: what to try.
        progress: takes the solver's messages.

    Raises:
        SolverError: no attempt left duals that prove one; says what each came to.
        KeyboardInterrupt: the user stopped it.
    """
    relaxed = replace(problem, whole=np.zeros_like(problem.whole))
    best, story = -np.inf, []
    for attempt in profile.attempt:
        word, found = attempted(relaxed, profile, attempt, progress)
        story.append(f"{attempt.name}: {word}")
        if found is None:
            continue
        proof = certify(relaxed, found.values, found.row_duals)
        if proof.dual_residual > DUAL_RESIDUAL:
            story[-1] += f", dual residual {proof.dual_residual:.1e}"
            continue
        best = max(best, proof.dual_objective)
        if proof.relative_gap <= ENOUGH:
            break
    if best == -np.inf:
        raise SolverError(f"No bound was proven ({'; '.join(story)}).")
    return best
