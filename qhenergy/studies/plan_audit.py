"""Audit of a portfolio: fix its capacities and say what it is short of, how it runs, what it adds, how it is mended.

One problem is assembled; everything else changes its bounds (see `studies.portfolio`).

* Shortfalls: every hard clause may be missed, at a price far above what plants or energy cost, so that an answer
  always exists.
* Additional cost: the technologies of the portfolio are released one after the other, those first whose capacity
  differs most from least cost, the rest together. Each step is solved again, so that what they add sums to the
  difference exactly; another order would share it out differently.
* Repair: clauses bind again, and capacities may be more than the portfolio says (`add`) or anything (`any`).

Where heads follow the level, power is that of the first pass throughout.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from qhenergy.data.builtin import find
from qhenergy.ground.faults import Fault, InputError, NoSolutionError, nearest
from qhenergy.model.assemble import Assembled, assemble
from qhenergy.model.problem import Problem
from qhenergy.outcome import measures, store
from qhenergy.outcome.audit import Audit
from qhenergy.outcome.plan_audit import Cost, PlanAudit, Repair, Step, changed, cost
from qhenergy.outcome.result import Result
from qhenergy.report import explanation
from qhenergy.report.names import Names
from qhenergy.solving.explain import explain
from qhenergy.solving.levers import POWER, Give, Lever
from qhenergy.solving.missable import may_be_missed
from qhenergy.studies.expansion import Ready, Say, answer, make_ready
from qhenergy.studies.portfolio import FIXED, Fixing, Line, read_portfolio, registered, widened

REPAIRS = ("add", "any")


def run(
    path: Path,
    capacities: Path,
    results: Path,
    only: bool = False,
    repair: str = "add",
    steps: int = 4,
    say: Say = lambda *_: None,
) -> PlanAudit:
    """Audit a portfolio.

    Args:
        path: the case file, or the name of a built-in case.
        capacities: the portfolio, see `studies.portfolio`, or the name of a built-in one.
        results: folder that result folders are written to: `<case>-portfolio` and `<case>-repaired` in it.
        only: whether assets that the portfolio does not list stay as they are.
        repair: `add` or `any`.
        steps: technologies released one by one.
        say: is told what is going on.

    Raises:
        InputError: faults of the input or of the portfolio.
        NoSolutionError: the system has no solution whatever clauses give.
        SolverError: a problem was not proven optimal.
    """
    if repair not in REPAIRS:
        fault = Fault("--repair", f'"{repair}"', "add or any", nearest(repair, REPAIRS) or "Write one of the two.")
        raise InputError([fault], "the options")
    if not capacities.exists() and capacities.suffix == "" and capacities.parent == Path():
        capacities = find("cases", capacities.name, suffix=".csv")
    ready = make_ready(path, say)
    lines = read_portfolio(capacities, ready.system, only)
    original = registered(ready.system)
    ready = replace(ready, system=widened(ready.system, lines))
    started = time.perf_counter()
    assembled = assemble(ready.system, progress=lambda line: say("building", line))
    fixing = Fixing(assembled.problem, lines, assembled.assets, original, ready.system.case.stages[-1])
    study = _Study(ready, assembled, fixing, results, time.perf_counter() - started, say)
    say("portfolio", f"{len(lines)} lines fixed; every clause may be missed at a price")
    result, audit = study.solved(study.priced)
    folder = store.write(result, results / f"{ready.path.stem}-portfolio", audit)
    least, made = study.steps(result, steps)
    return PlanAudit(
        source=capacities.name,
        result=result,
        folder=folder,
        cost=cost(_costs(result)),
        least=least,
        steps=made,
        repair=study.repaired(result, repair),
    )


class _Study:
    """The problems of one portfolio."""

    def __init__(
        self, ready: Ready, assembled: Assembled, fixing: Fixing, results: Path, build_seconds: float, say: Say
    ) -> None:
        self._ready, self._assembled, self._fixing, self._say = ready, assembled, fixing, say
        self._build_seconds, self._results = build_seconds, results
        self.priced = may_be_missed(assembled, fixing.problem)

    def solved(self, problem: Problem) -> tuple[Result, Audit]:
        """The answer of a variant of the problem."""
        return answer(self._ready, replace(self._assembled, problem=problem), self._build_seconds, self._say)

    def steps(self, result: Result, count: int) -> tuple[Cost, tuple[Step, ...]]:
        """The least cost, and what the technologies add, released one after the other."""
        lines = self._fixing.lines
        self._say("least cost", "all capacities are free")
        last, free = self._known(self._fixing.variant(self.priced, lines))
        listed = [line for line in lines if line.listed]
        fixed = measures.total_capacity(result, self._ready.system.case.stages[-1])
        off = {
            technology: abs(_sum(fixed, lines, technology) - _sum(free, lines, technology))
            for technology in dict.fromkeys(line.technology for line in listed)
        }
        order = sorted(off, key=lambda t: -off[t])
        groups = [(t,) for t in order[:count]] + ([tuple(order[count:])] if order[count:] else [])
        parts = [(names, [line for line in listed if line.technology in names]) for names in groups]
        if len(listed) < len(lines):
            parts.append((("(not listed)",), [line for line in lines if not line.listed]))
        before, made, released = cost(_costs(result)), [], []
        for place, (names, part) in enumerate(parts):
            released += part
            self._say("step", f"{place + 1} of {len(parts)}: {', '.join(names)} released")
            if place < len(parts) - 1:
                costs, _ = self._known(self._fixing.variant(self.priced, released))
            else:
                costs = last
            after = cost(costs)
            of_part = [name for line in part for name in line.assets]
            made.append(Step(names, sum(fixed[a] for a in of_part), sum(free[a] for a in of_part), before - after))
            before = after
        return cost(last), tuple(made)

    def _known(self, problem: Problem) -> tuple[dict[str, float], dict[str, float]]:
        """Costs by name and capacities of a variant; read back if the same problem was solved before."""
        path = self._results / f"{self._ready.path.stem}-portfolio" / "steps.json"
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        key = _digest(problem)
        if key not in known:
            result, _ = self.solved(problem)
            capacity = measures.total_capacity(result, self._ready.system.case.stages[-1])
            known[key] = [_costs(result), {name: float(value) for name, value in capacity.items()}]
            path.parent.mkdir(parents=True, exist_ok=True)
            written = path.with_suffix(".new")
            written.write_text(json.dumps(known), encoding="utf-8")
            written.replace(path)
        costs, capacity = known[key]
        return costs, capacity

    def repaired(self, before: Result, kind: str) -> Repair:
        """The least cost at which every clause is met, or why there is none."""
        self._say("repair", "every clause binds")
        problem = self._fixing.variant(self._fixing.problem, upward=kind == "add", loose=kind == "any")
        try:
            result, audit = self.solved(problem)
        except NoSolutionError:
            self._say("explaining", "no repair: looking for the reason")
            found = explain(
                replace(self._assembled, problem=problem),
                self._ready.profile,
                rooms=False,
                more=self._least_capacities(problem) if kind == "add" else (),
                say=lambda line: self._say("explaining", line),
            )
            names = Names(self._ready.system.inputs)
            words, plain = explanation.text(found, names), explanation.as_dict(found)
            return Repair(kind, changed(before, before), None, None, words, plain)
        folder = store.write(result, self._results / f"{self._ready.path.stem}-repaired", audit)
        return Repair(kind, changed(before, result), cost(_costs(result)), folder)

    def _least_capacities(self, problem: Problem) -> list[Lever]:
        """What the portfolio says of a line, as a limit that may give."""
        made = []
        for row, line in zip(problem.rows.of(FIXED), self._fixing.lines, strict=True):
            if line.capacity > 0:
                give = Give(f"portfolio/{line.name}/capacity", np.array([row]), np.ones(1))
                made.append(Lever("limit", line.name, "portfolio", "least_capacity", *POWER, line.capacity, (give,)))
        return made


def _sum(capacity: dict[str, float], lines: Sequence[Line], technology: str) -> float:
    own = [line for line in lines if line.technology == technology and line.listed]
    return sum(capacity[name] for line in own for name in line.assets)


def _costs(result: Result) -> dict[str, float]:
    table = measures.costs(result)
    return dict(zip(table["name"], table["cost [CNY/yr]"].tolist(), strict=True))


def _digest(problem: Problem) -> str:
    """A word for a problem: the same for the same numbers."""
    made = hashlib.blake2b(digest_size=12)
    matrix = problem.matrix
    for part in (
        matrix.indptr, matrix.indices, matrix.data, problem.lower, problem.upper, problem.row_lower,
        problem.row_upper, problem.cost, problem.cost_offsets,
    ):  # fmt: skip
        made.update(np.ascontiguousarray(part).tobytes())
    return made.hexdigest()
