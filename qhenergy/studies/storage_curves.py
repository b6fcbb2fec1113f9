"""Marginal value of storage, against its capacity and against its duration.

A technology is planned at a given new capacity, all other storage as it stands and all else free. The dual of the row
that fixes the capacity is what another MW adds to the cost of a year, its own cost included; so

    value = own cost - dual(portfolio/new)                               [CNY/kW/yr]

is what another kW saves, its own cost left out: it pays where its value is above its own cost, and its value can only
fall with more of it. Against duration, the stored energy is fixed as well, and both have a price:

    value = (power cost - dual(portfolio/new)) + hours * (energy cost - dual(portfolio/energy))    [CNY/kW/yr]

The model chooses where in the grid the capacity stands. What a store needs beside it, such as electrolysers, is chosen
and paid with it, so that its value is net of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qhenergy.ground.faults import Fault, InputError, NoSolutionError, listed, nearest
from qhenergy.model.problem import Problem
from qhenergy.outcome.portfolios import ValuePoint
from qhenergy.solving.solution import Solution
from qhenergy.studies import expansion
from qhenergy.studies.portfolio_problem import BUILT, ENERGY_BUILT, INSTALLED, Variants, footing
from qhenergy.studies.portfolio_table import StorageLine
from qhenergy.studies.runs import Job

if TYPE_CHECKING:
    from qhenergy.studies.portfolios import Study

#: kW in a MW.
KW = 1000.0


class Curves:
    """The curves of a study, each point kept as soon as it is there."""

    def __init__(self, study: Study) -> None:
        self._study, self._asked = study, study.section

    # against capacity

    def by_capacity(self) -> tuple[ValuePoint, ...]:
        """Marginal value of each technology at rising capacity."""
        lines = [
            self._study.line_of(technology, mw, self._asked.credit_hours)
            for technology in self._asked.curves
            for mw in self._asked.curve_mw
        ]
        if not lines:
            return ()
        names = {f"value/{line.name}-{line.most:g}" + _hours(line): line for line in lines}
        self._solve({name: (lambda: self._variants, line) for name, line in names.items()})
        return tuple(self._point(self._study.kept[name], line) for name, line in names.items())

    @property
    def _variants(self) -> Variants:
        return self._study.variants

    # against duration

    def by_duration(self) -> tuple[ValuePoint, ...]:
        """Marginal value of the technology whose duration is free, at rising duration.

        Raises:
            InputError: its duration is given, or no storage of the case has it.
        """
        if not self._asked.duration_of or not self._asked.durations:
            return ()
        mw = self._asked.duration_mw
        lines = [self._line(hours) for hours in self._asked.durations]
        names = {f"duration/{line.name}-{mw:g}-{line.energy / mw:g}h": line for line in lines if line.energy}
        self._solve({name: (lambda: self._lasting, line) for name, line in names.items()})
        return tuple(self._point(self._study.kept[name], line) for name, line in names.items())

    def _line(self, hours: float) -> StorageLine:
        technology, assets, scope = self._asked.duration_of, self._study.assets, self._study.scope
        sized = [n for n in scope if n in assets.with_energy and not assets[n].energy_hours]
        own = tuple(name for name in sized if assets[name].technology == technology)
        if not own:
            known = sorted({assets[name].technology for name in sized})
            expected = f"a technology whose duration is free: {listed(known) or 'the case has none'}"
            fault = Fault("case, portfolios.duration_of", f'"{technology}"', expected, nearest(technology, known))
            raise InputError([fault], "the case")
        mw = self._asked.duration_mw
        return StorageLine(technology, own, mw, mw, energy=hours * mw)

    @cached_property
    def _lasting(self) -> Variants:
        """Variants of the case with a store that lasts as long as is asked; assembled when the first is asked for."""
        study, longest = self._study, max(self._asked.durations)
        made = footing(study.ready.system, study.assets, study.scope, [], [self._line(longest)], longest)
        assembled, _ = expansion.build(made.system, study.say)
        return Variants(assembled, made)

    # what both share

    def _solve(self, jobs: Mapping[str, tuple[Callable[[], Variants], StorageLine]]) -> None:
        kept = self._study.kept
        wanted = {name: job for name, job in jobs.items() if name not in kept}

        def problem(variants: Callable[[], Variants], line: StorageLine) -> Problem:
            made = variants()
            upper = made.assembled.problem.upper
            room = {n: float(upper[at]) for n in line.assets if (at := made.at(BUILT, n)) is not None}
            return made.with_lines([line], room)

        todo = [Job(name, lambda job=job: problem(*job)) for name, job in wanted.items()]
        for job, answer in self._study.solve_all(todo):
            if isinstance(answer, NoSolutionError):
                kept[job.name] = {"reason": str(answer).splitlines()[0]}
            else:
                variants, line = wanted[job.name]
                kept[job.name] = {"reason": "", **_read(variants(), line, answer)}

    def _point(self, found: Mapping[str, Any], line: StorageLine) -> ValuePoint:
        if found["reason"]:
            none = math.nan
            return ValuePoint(line.name, line.most, none, none, none, _lasts(line), reason=found["reason"])
        power, energy = found["power_cost"] - found["power_dual"], found["energy_cost"] - found["energy_dual"]
        hours = 0.0 if line.energy is None else line.energy / line.most
        own = found["power_cost"] + hours * found["energy_cost"]
        if line.energy is None:
            return ValuePoint(line.name, line.most, power / KW, own / KW, found["cost"], _lasts(line))
        value = (power + hours * energy) / KW
        return ValuePoint(line.name, line.most, value, own / KW, found["cost"], hours, power / KW, energy / KW)


def _read(variants: Variants, line: StorageLine, found: Solution) -> dict[str, float]:
    """Own costs and duals of a line [CNY/MW/yr], [CNY/MWh/yr], and the cost of the whole [CNY/yr]."""
    problem = variants.assembled.problem
    cost = problem.cost
    at, first = variants.built(line)[0], problem.matrix.shape[0]
    names = [name for name in line.assets if variants.at(BUILT, name) is not None]
    # Assets of one technology cost the same; of several the first tells.
    own = float(cost[at[0]]) + float(cost[variants.at(INSTALLED, names[0])])
    sized = [i for name in names if (i := variants.at(ENERGY_BUILT, name)) is not None]
    of_energy = float(cost[sized[0]]) if sized else 0.0
    if line.duration is not None:
        own += line.duration * of_energy
    return {
        "cost": float(cost @ found.values[: len(cost)]) + problem.offset,
        "power_cost": own,
        "power_dual": float(found.row_duals[first]),
        "energy_cost": of_energy if line.energy is not None else 0.0,
        "energy_dual": float(found.row_duals[first + 1]) if line.energy is not None else 0.0,
    }


def _hours(line: StorageLine) -> str:
    return f"-{line.duration:g}h" if line.duration is not None else ""


def _lasts(line: StorageLine) -> float:
    if line.energy is not None:
        return line.energy / line.most
    return math.nan if line.duration is None else line.duration
