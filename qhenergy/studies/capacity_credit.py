"""Capacity credit of storage: the firm capacity that it replaces at equal reliability, found by solving again.

The load a fleet carries with a store less that without it (see `load_carrying`), over the capacity of the store, is
its effective load-carrying capability; and as the load is where firm power would be put, the same is its equivalent
firm capacity (Garver 1966, IEEE Trans. Power App. Syst. 85(8); Keane et al. 2011, IEEE Trans. Power Syst. 26(2)).
Reliability is that of the modelled hours, seen ahead: no outages are drawn, and stores are filled for the worst day.

Of a portfolio, the fleet is its own, with its new storage and without. Of a technology alone, the fleet is that of the
baseline with more and more of it on top, where it helps most. The load carried is then the value of a linear programme
in its right-hand side, so that the credit of another MW can only fall; the dual of the row that fixes the capacity is
what it is, and the next step shows it. Two technologies are set against each other by the least of one that carries
the load of the other.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.decisions import decisions
from qhenergy.model.problem import Problem
from qhenergy.outcome.portfolios import CreditStep, PortfolioCredit, PortfolioOutcome, Substitution
from qhenergy.solving.solution import Solution
from qhenergy.studies.load_carrying import LOAD, PRICE, Fleet, with_objective
from qhenergy.studies.portfolio_problem import BUILT
from qhenergy.studies.portfolio_table import StorageLine
from qhenergy.studies.runs import Job

if TYPE_CHECKING:
    from qhenergy.studies.portfolios import Study

#: A load that is carried is asked for with so much less, so that rounding makes none impossible [MW].
SLACK = 1e-3
#: What is kept of a solution, and how it is read.
Read = Callable[[Solution], dict[str, float]]


class Credits:
    """The capacity credits of a study, each kept as soon as it is there."""

    def __init__(self, study: Study) -> None:
        self._study, self._asked = study, study.section
        self._fleets: dict[str, Fleet] = {}

    def _fleet(self, name: str) -> Fleet:
        """The fleet of a portfolio; only the last one asked for is held, since a result is large."""
        if name not in self._fleets:
            result = self._study.result(name)
            made = decisions(result.problem, result.values)
            self._fleets = {name: Fleet(self._study.variants.assembled, self._study.stage, made, result.values)}
        return self._fleets[name]

    # portfolios

    def of_portfolios(self, outcomes: tuple[PortfolioOutcome, ...]) -> tuple[PortfolioCredit, ...]:
        """The credit of every portfolio that has a plan with new storage."""
        wanted = [o for o in outcomes if o.solved and o.storage]
        self._solve(
            {
                self._key("portfolio", f"{o.name}-{part}"): (
                    lambda o=o, part=part: self._of_portfolio(o.name, part),
                    self._load,
                )
                for o in wanted
                for part in ("with", "without")
            }
        )
        made = []
        for o in wanted:
            full, bare = (self._known("portfolio", f"{o.name}-{part}") for part in ("with", "without"))
            made.append(
                PortfolioCredit(o.name, o.capacity, full["load"], bare["load"], full["reason"] or bare["reason"])
            )
        return tuple(made)

    def _of_portfolio(self, name: str, part: str) -> Problem:
        bare = {} if part == "with" else dict.fromkeys(self._study.scope, (0.0, 0.0))
        return self._fleet(name).problem(self._asked.unserved, bare)

    # technologies

    def of_technologies(self) -> tuple[CreditStep, ...]:
        """The credit of each technology at rising capacity, on top of the fleet of the baseline."""
        steps = [(t, mw) for t in self._asked.credit for mw in self._asked.credit_mw]
        if not steps:
            return ()
        baseline = self._asked.baseline
        jobs = {self._name(baseline): (lambda: self._fleet(baseline).problem(self._asked.unserved), self._load)}
        for technology, mw in steps:
            line = self._line(technology, mw)
            jobs[self._name(line)] = (lambda line=line: self._with_technology(line, fixed=True), self._load_and_price)
        self._solve(jobs)
        without = self._study.kept[self._name(baseline)]
        made = []
        for technology, mw in steps:
            found = self._study.kept[self._name(self._line(technology, mw))]
            loads = (_number(found, "load"), _number(without, "load"))
            reason = found["reason"] or without["reason"]
            made.append(CreditStep(technology, mw, *loads, -_number(found, "price") / PRICE, reason))
        return tuple(made)

    def _line(self, technology: str, mw: float) -> StorageLine:
        return self._study.line_of(technology, mw, self._asked.credit_hours)

    def _with_technology(self, line: StorageLine, fixed: bool) -> Problem:
        """The baseline's fleet with a technology on top, of the capacity of the line or of any."""
        fleet, variants = self._fleet(self._asked.baseline), self._study.variants
        upper, already = variants.assembled.problem.upper, self._already(line)
        room = {a: float(upper[at]) for a in line.assets if (at := variants.at(BUILT, a)) is not None}
        problem = fleet.problem(self._asked.unserved, {a: (min(already[a], most), most) for a, most in room.items()})
        total = line.most + sum(already.values())
        least, most = (total, total) if fixed else (0.0, math.inf)
        return variants.with_rows(problem, [replace(line, least=least, most=most)])

    def _already(self, line: StorageLine) -> dict[str, float]:
        """What the baseline has of the assets of a line [MW]."""
        made, stage = self._fleet(self._asked.baseline).made, self._study.stage
        return {a: max(made.get((BUILT, a, stage), 0.0), 0.0) for a in line.assets}

    # substitution

    def substitutions(self, steps: tuple[CreditStep, ...]) -> tuple[Substitution, ...]:
        """How much of each other technology carries the load that the first step of one does."""
        first = {s.technology: s for s in reversed(steps) if not s.reason}
        pairs = [(s, self._line(other, 0.0)) for s in first.values() for other in first if other != s.technology]
        self._solve(
            {
                self._name(line, s): (
                    lambda s=s, line=line: self._least(s, line),
                    lambda found, line=line: self._needed(found, line),
                )
                for s, line in pairs
            }
        )
        made = []
        for s, line in pairs:
            found = self._study.kept[self._name(line, s)]
            made.append(Substitution(s.technology, s.capacity, line.name, _number(found, "needed"), found["reason"]))
        return tuple(made)

    def _least(self, step: CreditStep, line: StorageLine) -> Problem:
        """The least of another technology that carries the load of a step."""
        problem = self._with_technology(line, fixed=False)
        lower, cost = problem.lower.copy(), np.zeros(len(problem.lower))
        lower[problem.columns.of(LOAD)] = step.carried - SLACK
        cost[self._study.variants.built(line)[0]] = PRICE
        return with_objective(replace(problem, lower=lower), cost, LOAD, self._study.stage)

    # what all share

    def _name(self, subject: str | StorageLine, step: CreditStep | None = None) -> str:
        """Name under which something on top of the baseline's fleet is kept."""
        word = subject if isinstance(subject, str) else subject.name
        if isinstance(subject, StorageLine):
            word += f"-{subject.most:g}" if step is None else f"-for-{step.technology}-{step.capacity:g}"
            word += f"-{subject.duration:g}h" if subject.duration is not None else ""
        return self._key(f"on-{self._asked.baseline}", word)

    def _key(self, kind: str, word: str) -> str:
        # What a load is, and how much may be unserved, is part of every answer.
        asked = hashlib.sha256(f"{self._asked.load_zones} {self._asked.unserved}".encode()).hexdigest()[:6]
        return f"credit-{asked}/{kind}/{word}"

    def _known(self, *words: str) -> dict[str, Any]:
        found = self._study.kept[self._key(*words)]
        return {**found, "load": _number(found, "load")}

    def _solve(self, jobs: Mapping[str, tuple[Callable[[], Problem], Read]]) -> None:
        """Solve what is not known, and keep what is read of it."""
        kept = self._study.kept
        wanted = [Job(name, make) for name, (make, _) in jobs.items() if name not in kept]
        for job, answer in self._study.solve_all(wanted):
            if isinstance(answer, NoSolutionError):
                kept[job.name] = {"reason": str(answer).splitlines()[0]}
            else:
                kept[job.name] = {"reason": "", **jobs[job.name][1](answer)}

    def _load(self, found: Solution) -> dict[str, float]:
        # The load is the only column more.
        return {"load": float(found.values[-1])}

    def _load_and_price(self, found: Solution) -> dict[str, float]:
        # What fixes the capacity is the first row more, but for that of the unserved energy.
        place = self._study.variants.assembled.problem.matrix.shape[0] + (self._asked.unserved > 0)
        return {**self._load(found), "price": float(found.row_duals[place])}

    def _needed(self, found: Solution, line: StorageLine) -> dict[str, float]:
        built = float(found.values[self._study.variants.built(line)[0]].sum())
        return {"needed": max(built - sum(self._already(line).values()), 0.0)}


def _number(found: Mapping[str, Any], word: str) -> float:
    value = found.get(word)
    return math.nan if value is None else float(value)
