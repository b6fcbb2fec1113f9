"""What a plan decided of capacities, by label, and a problem in which that is decided already.

Two problems whose plans are the same but whose hours differ (another weather, another water year) have the same labels,
so that what one decided can be run through the hours of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.family import PLAN
from qhenergy.model.problem import Problem

#: Families of columns that decide what stands; all others of a plan follow from them or say how it runs.
FAMILIES = (
    "capacity/built",
    "capacity/retired",
    "capacity/energy_built",
    "capacity/units",
    "load_siting/placed",
)
#: Less than this is none: an interior point leaves crumbs of what it does not build [MW, MWh].
CRUMB = 1e-4
#: Room left around what is decided, so that rounding makes no row impossible [MW, MWh].
SLACK = 1e-6

#: Family, member and stage of a column, and its value.
Decisions = dict[tuple[str, str, int], float]


def decisions(problem: Problem, values: NDArray[np.float64]) -> Decisions:
    """What a solution decides of capacities [MW, MWh, units]."""
    index = problem.columns
    return {
        (family, index.members[index.member[at]], int(index.number[at])): float(values[at])
        for family in FAMILIES
        for at in index.of(family)
    }


def decided(problem: Problem, made: Mapping[tuple[str, str, int], float]) -> Problem:
    """The problem in which capacities are what was decided; columns that nothing is said of stay free.

    Args:
        problem: with the columns that decide.
        made: see `decisions`.
    """
    lower, upper, index = problem.lower.copy(), problem.upper.copy(), problem.columns
    for family in FAMILIES:
        for at in index.of(family):
            key = (family, index.members[index.member[at]], int(index.number[at]))
            if key not in made:
                continue
            value = 0.0 if abs(made[key]) < CRUMB else made[key]
            # What is not built stores nothing.
            if family == "capacity/energy_built" and made.get(("capacity/built", *key[1:]), CRUMB) < CRUMB:
                value = 0.0
            if problem.whole[at]:
                lower[at] = upper[at] = round(value)
                continue
            value = float(np.clip(value, lower[at], upper[at]))
            slack = 0.0 if value == 0.0 else SLACK
            lower[at], upper[at] = max(lower[at], value - slack), min(upper[at], value + slack)
    return replace(problem, lower=lower, upper=upper)


def without_clauses_on_capacity(problem: Problem) -> Problem:
    """The problem without what clauses ask of capacities alone.

    Where these are decided it can change nothing, but it may be missed by the crumbs that were left out, or by a store
    that is taken away to see what it was good for.
    """
    index, rows, matrix = problem.columns, problem.rows, problem.matrix
    families = [name for name in index.families if name.startswith("capacity/")]
    decides = np.zeros(len(index), dtype=bool)
    for family in (*families, "load_siting/placed"):
        decides[index.of(family)] = True
    in_plan = np.flatnonzero(rows.block == rows.blocks.index(PLAN))
    equal = in_plan[problem.row_lower[in_plan] == problem.row_upper[in_plan]]
    # What is the sum of capacities is one as well, and so on.
    while True:
        unknown = abs(matrix[equal]).astype(bool).astype(np.int64) @ (~decides).astype(np.int64)
        found = np.unique(matrix[equal[unknown == 1]].nonzero()[1])
        found = found[~decides[found] & (index.block[found] == index.blocks.index(PLAN))]
        if not len(found):
            break
        decides[found] = True
    asked = [f for f in rows.families if f.endswith("/requirement")]
    at = np.concatenate([rows.of(f) for f in asked]) if asked else np.zeros(0, dtype=np.int64)
    hourly = abs(matrix[at]).astype(bool).astype(np.int64) @ (~decides).astype(np.int64)
    lower, upper = problem.row_lower.copy(), problem.row_upper.copy()
    lower[at[hourly == 0]], upper[at[hourly == 0]] = -np.inf, np.inf
    return replace(problem, row_lower=lower, row_upper=upper)
