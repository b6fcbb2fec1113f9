"""A planned fleet in a year it was not planned for: the problem of the year with the fleet's capacities in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from qhenergy.ground.faults import Fault, InputError
from qhenergy.model.decisions import FAMILIES, Decisions, decided
from qhenergy.model.problem import Problem

#: A capacity may be beyond the room of the year by what a solver leaves [MW, MWh].
ROOM = 1e-3
#: Group of named costs that follow the price of fuel.
FUEL = "fuel"


@dataclass(frozen=True)
class Fleet:
    """A planned fleet.

    Attributes:
        name: of the portfolio; unique.
        decisions: see `model.decisions`.
        planned: costs by name that its plan came to [CNY/yr].
    """

    name: str
    decisions: Decisions
    planned: Mapping[str, float]

    @property
    def key(self) -> str:
        """A word for files: its name, and a digest of what it decides."""
        digest = hashlib.blake2b(repr(sorted(self.decisions.items())).encode(), digest_size=6).hexdigest()
        return re.sub(r"[^\w.-]", "_", self.name) + f"-{digest}"


def with_fleet(problem: Problem, fleet: Fleet, scenario: str) -> Problem:
    """The problem of a year in which a fleet stands and nothing else is built or retired.

    Args:
        problem: of the year.
        fleet: what stands.
        scenario: name of the year.

    Raises:
        InputError: the fleet decides what the year has no column for, or has no room for.
    """
    index = problem.columns
    at = {
        (family, index.members[index.member[i]], int(index.number[i])): int(i)
        for family in FAMILIES
        for i in index.of(family)
    }
    strangers = [key for key in fleet.decisions if key not in at]
    where = f"portfolio {fleet.name}"
    faults = [
        Fault(
            where,
            f"{family} of {member} in {stage}",
            f"a capacity that the scenario {scenario} decides as well",
            "Plan the fleet in the same case, and widen the scenario as its plan was widened.",
        )
        for family, member, stage in strangers
    ]
    for key, value in fleet.decisions.items():
        if key in at and not problem.lower[at[key]] - ROOM <= value <= problem.upper[at[key]] + ROOM:
            family, member, stage = key
            faults.append(
                Fault(
                    where,
                    f"{family} of {member} in {stage}: {value:g}",
                    f"between {problem.lower[at[key]]:g} and {problem.upper[at[key]]:g} in the scenario {scenario}",
                    "Widen the scenario as the plan of the fleet was widened.",
                )
            )
    if faults:
        raise InputError(faults, "the planned fleets")
    # What the plan of the fleet had no column for was no choice there: nothing is built, none goes but by its age.
    silent = {key: float(problem.lower[i]) for key, i in at.items() if key not in fleet.decisions}
    return decided(problem, {**silent, **fleet.decisions})


def with_fuel(problem: Problem, factor: float) -> Problem:
    """The problem in which all fuels cost so many times what they do."""
    if factor == 1.0:
        return problem
    factors = np.array([factor if name.split("/", 1)[0] == FUEL else 1.0 for name in problem.cost_names])
    costs = sp.csr_matrix(sp.diags(factors) @ problem.costs)
    return replace(problem, costs=costs, cost_offsets=problem.cost_offsets * factors)
