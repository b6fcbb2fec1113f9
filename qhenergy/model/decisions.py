"""What a plan decided of capacities, by label, and a problem in which that is decided already.

Two problems whose plans are the same but whose hours differ (another weather, another water year) have the same labels,
so that what one decided can be run through the hours of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

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
