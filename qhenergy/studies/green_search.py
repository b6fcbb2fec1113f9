"""Where a run without fossil power is cheapest: candidates, bounds, and a search that knows when it is done.

A candidate is a set of modelled hours that must do without. Several first days may share a set, and one that
holds another costs no less, so that only sets that hold no other are looked at. Of what is solved,

    cost(C) >= cost(S) - sum(rent[S,t], t in S and not in C)

where `rent` is what fossil plants at full power would save in an hour of S at the prices of S. It is weak duality:
the prices of S hold for C, in which those hours are given back at no more than their rent, since every fossil
column is bounded by its capacity. A set S inside C gives back nothing: cost(C) >= cost(S). The candidate with
the lowest bound is solved next; the search is over when the best found is not above the lowest bound left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.case import Case
from qhenergy.periods.chronology import Chronology
from qhenergy.policy.green_run import hours_of_run
from qhenergy.profiles.calendar import DAYS

#: Two costs closer than this are one: what the gap of a solution may be, twice over [-].
SAME = 5e-6


@dataclass(frozen=True, eq=False)
class Candidate:
    """A set of hours that does without fossil power.

    Attributes:
        days: length of the run.
        first_days: days of the year, from 0, on which a run of that length has this set.
        hours: whether each modelled hour of the stage is in it.
    """

    days: int
    first_days: tuple[int, ...]
    hours: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Solved:
    """A set that was solved.

    Attributes:
        hours: as of a candidate; none for the plan without a run.
        cost: least cost [CNY/yr]; infinite where there is no solution.
        rents: for each modelled hour, what fossil plants at full power would save [CNY/yr]; infinite where that
            is not known.
    """

    hours: NDArray[np.bool_]
    cost: float
    rents: NDArray[np.float64]


@dataclass
class Found:
    """What a search came to.

    Attributes:
        best: the cheapest candidate that was solved, None if none could be.
        cost: its cost [CNY/yr].
        lower: no candidate costs less [CNY/yr].
        tried: how many were solved for it.
        candidates: how many there were.
    """

    best: Candidate | None
    cost: float
    lower: float
    tried: int
    candidates: int
    solved: list[Solved] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        """Whether none is cheaper."""
        return self.cost <= self.lower + SAME * abs(self.lower)


def candidates(
    case: Case, chronology: Chronology, stage: int, days: int, first_days: Sequence[int] = range(DAYS)
) -> list[Candidate]:
    """Distinct sets of hours of runs of a length, those left out that hold another.

    A run with a real hour that no modelled hour stands for is no candidate: what is not modelled costs nothing.
    """
    known = stood_for(case, chronology, stage)
    by_set: dict[bytes, tuple[NDArray[np.bool_], list[int]]] = {}
    for first in first_days:
        run = hours_of_run(case, 24 * first, days)
        if run.sum() < 24 * case.time.steps_per_hour * days * len(case.water.years) or not known[run].all():
            continue
        hours = np.concatenate(chronology.standing_for(stage, run))
        by_set.setdefault(hours.tobytes(), (hours, []))[1].append(first)
    # A set can only hold one that is not larger; of those before it in this order all that are kept are looked at.
    kept: list[Candidate] = []
    for hours, firsts in sorted(by_set.values(), key=lambda entry: int(entry[0].sum())):
        if not any((c.hours <= hours).all() for c in kept):
            kept.append(Candidate(days, tuple(firsts), hours))
    return kept


def stood_for(case: Case, chronology: Chronology, stage: int) -> NDArray[np.bool_]:
    """Whether each real hour has a modelled one that stands for it."""
    known = np.zeros(case.year_steps * len(case.water.years), dtype=bool)
    spans = chronology.of_stage(stage)
    if chronology.chained:
        known[np.concatenate([span.hours for span in spans])] = True
    else:
        for first, k in zip(chronology.first_hours, chronology.sequence, strict=True):
            known[first : first + len(spans[k])] = True
    return known


def bound(candidate: NDArray[np.bool_], solved: Sequence[Solved]) -> float:
    """The most that what is solved says a set costs at least; minus infinity if it says nothing."""
    return max((_from(s, candidate) for s in solved), default=-np.inf)


def _from(solved: Solved, candidate: NDArray[np.bool_]) -> float:
    given_back = solved.hours & ~candidate
    if not given_back.any():
        return solved.cost
    if not np.isfinite(solved.cost):
        return -np.inf
    return solved.cost - float(solved.rents[given_back].sum())


def cheapest(
    made: Sequence[Candidate],
    known: Sequence[Solved],
    solve: Callable[[Candidate], Solved],
    hint: Callable[[Candidate], float],
    tries: int,
) -> Found:
    """Search the cheapest of some candidates.

    Args:
        made: the candidates.
        known: what is solved already, of any length; the plan without a run is one.
        solve: solves a candidate.
        hint: of candidates with the same bound that with the least is solved first.
        tries: most that are solved.
    """
    found = Found(None, np.inf, -np.inf, 0, len(made))
    everything = list(known)
    open_ = {i: bound(c.hours, everything) for i, c in enumerate(made)}
    hints = [hint(c) for c in made]
    while open_:
        i = min(open_, key=lambda k: (open_[k], hints[k]))
        lowest = open_[i]
        if found.cost <= lowest + SAME * abs(lowest) or found.tried >= tries:
            break
        result = solve(made[i])
        del open_[i]
        everything.append(result)
        found.solved.append(result)
        found.tried += 1
        if result.cost < found.cost:
            found.best, found.cost = made[i], result.cost
        for k in open_:
            open_[k] = max(open_[k], _from(result, made[k].hours))
    found.lower = min([found.cost, *open_.values()])
    return found
