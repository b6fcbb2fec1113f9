"""Storage portfolios planned on the same footing, and what each is worth.

The case is assembled once; a portfolio is the same problem with other bounds and a few rows more (see
`portfolio_problem`), so that no portfolio costs an assembly. Portfolios are solved several at once, and each is
written whole as soon as it is there: the folder is named by what the study is made from, and a study that was stopped
goes on from what it finds. Every answer passes the audit of any other result. A portfolio without a plan is told of,
with the reason; the others are none the worse for it.

The model's choice among all that portfolios have cannot be dearer than any of them; a study that finds it so, by more
than what the audits allow, has an error in it and says so.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from qhenergy.algebra.assets import Assets
from qhenergy.data.inputs import Inputs
from qhenergy.data.portfolios import Portfolios as Section
from qhenergy.ground.faults import Fault, InputError, NoSolutionError, SolverError, listed, nearest
from qhenergy.ground.machine import peak_memory_mb
from qhenergy.model.assemble import Assembled
from qhenergy.model.problem import Problem
from qhenergy.outcome import store
from qhenergy.outcome.audit import RELATIVE_GAP, Audit, audit
from qhenergy.outcome.portfolios import Benchmark, PortfolioOutcome, outcome_of
from qhenergy.outcome.result import Result, solved
from qhenergy.outcome.summary import as_json
from qhenergy.report import explanation
from qhenergy.solving.explain import explain
from qhenergy.solving.solution import Solution
from qhenergy.studies import expansion
from qhenergy.studies.capacity_credit import Credits
from qhenergy.studies.expansion import Ready, Say
from qhenergy.studies.portfolio import registered
from qhenergy.studies.portfolio_problem import Footing, Variants, footing
from qhenergy.studies.portfolio_table import OPTIMUM, Portfolio, StorageLine, read_portfolios, scope_of
from qhenergy.studies.runs import Job, Kept, proven, solve_all
from qhenergy.studies.storage_curves import Curves

RUNS, OUTCOMES, TABLE, DATA = "runs", "outcomes", "portfolios.csv", "portfolios.json"


@dataclass(frozen=True)
class Asked:
    """What a study is asked beside what the case says.

    Attributes:
        table: a file of the user's own; that of the case, or of the data, if None.
        names: portfolios; those of the case, or all of the table, if none.
        credit, curves: whether capacity credits and curves are looked for.
        workers: problems that are solved at once; as many as there are cores if None.
    """

    table: Path | None = None
    names: tuple[str, ...] = ()
    credit: bool = True
    curves: bool = True
    workers: int | None = None


class Study:
    """A study under way: the case, its portfolios, and what is solved so far.

    Attributes:
        ready: the case made ready.
        asked: what is asked beside what the case says.
        folder: where everything goes.
        kept: what is worked out so far, by name.
        portfolios: all of the table, by key.
        footing: what they share.
    """

    def __init__(self, ready: Ready, asked: Asked, results: Path, say: Say = lambda *_: None) -> None:
        self.ready, self.asked, self.say = ready, asked, say
        _check(ready)
        system = ready.system
        self.case, self.section, self.stage = system.case, system.case.portfolios, system.case.stages[-1]
        table = asked.table or (ready.path.parent / self.section.table if self.section.table else None)
        self.assets: Assets = registered(system)
        self.scope = scope_of(system, self.assets)
        read = read_portfolios(system, self.assets, self.scope, table)
        self.portfolios: dict[str, Portfolio] = {p.name: p for p in read}
        self.names = self._chosen()
        self.footing: Footing = footing(system, self.assets, self.scope, read, self._probes())
        # What curves and credits ask for changes no portfolio.
        alone = system.case.model_copy(update={"portfolios": Section(scope=self.section.scope)})
        content = f"{store.content_hash(alone, system.inputs)}\n{read}\n{ready.profile}"
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        self.folder = results / ready.path.stem / f"portfolios-{digest}"
        self.kept = Kept(self.folder)
        self.build_seconds = 0.0

    def _chosen(self) -> tuple[str, ...]:
        """Portfolios that are asked for, in the order of the table; baseline and the model's choice always are.

        Raises:
            InputError: one is not in the table.
        """
        known, given = list(self.portfolios), self.asked.names or self.section.names
        where = "--portfolio" if self.asked.names else "case, portfolios.names"
        wanted = [(where, name) for name in given] + [("case, portfolios.baseline", self.section.baseline)]
        faults = [
            Fault(where, f'"{name}"', f"one of {listed(known, 40)}", nearest(name, known) or "Name one of these.")
            for where, name in wanted
            if name not in known
        ]
        if faults:
            raise InputError(faults, "the portfolios")
        always = {self.section.baseline, OPTIMUM}
        return tuple(name for name in known if not given or name in given or name in always)

    def _probes(self) -> list[StorageLine]:
        """Lines of technologies alone, as large as credits and curves ask.

        Raises:
            InputError: a technology that no storage of the case has.
        """
        asked, made, faults = self.section, [], []
        for key, technologies, steps in (
            ("credit", asked.credit, asked.credit_mw),
            ("curves", asked.curves, asked.curve_mw),
        ):
            for technology in technologies:
                line = self.line_of(technology, max(steps, default=0.0))
                if line.assets:
                    made.append(line)
                    continue
                known = sorted({self.assets[name].technology for name in self.scope})
                expected = f"a technology of the scope: one of {listed(known, 30)}"
                where = f"case, portfolios.{key}"
                faults.append(Fault(where, f'"{technology}"', expected, nearest(technology, known)))
        if faults:
            raise InputError(faults, "the case")
        return made

    def line_of(self, technology: str, capacity: float, hours: float | None = None) -> StorageLine:
        """So much of a technology alone [MW], of a duration where it is free [h]."""
        own = tuple(name for name in self.scope if self.assets[name].technology == technology)
        free = any(name in self.assets.with_energy and not self.assets[name].energy_hours for name in own)
        return StorageLine(technology, own, capacity, capacity, duration=hours if free else None)

    @cached_property
    def variants(self) -> Variants:
        """Variants of the case, which is assembled when the first is asked for."""
        started = time.perf_counter()
        assembled, _ = expansion.build(self.footing.system, self.say)
        self.build_seconds = time.perf_counter() - started
        return Variants(assembled, self.footing)

    def solve_all(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Solution | NoSolutionError]]:
        """Solve problems of the study, several at once, and say how many are done.

        Raises:
            SolverError: one was not proven either way.
        """
        limit = self.case.solver.time_limit
        for done, (job, found) in enumerate(solve_all(jobs, self.ready.profile, self.asked.workers, limit), 1):
            self.say("solved", f"{done} of {len(jobs)}: {job.name}")
            if not isinstance(found, NoSolutionError):
                proven(found)
            yield job, found  # type: ignore[misc]

    # portfolios

    def outcomes(self) -> tuple[PortfolioOutcome, ...]:
        """What came of the portfolios that are asked for: read where it is there, else solved and written."""
        found = {name: made for name in self.names if (made := self._known(name)) is not None}
        if found:
            self.say("known", f"{len(found)} of {len(self.names)} portfolios were solved before")
        wanted = [name for name in self.names if name not in found]
        jobs = [Job(name, lambda name=name: self.variants.of(self.portfolios[name])) for name in wanted]
        for job, answer in self.solve_all(jobs):
            found[job.name] = self._written(job, answer)
            self._tell(found[job.name])
        made = tuple(found[name] for name in self.names)
        if self._anything(self.portfolios[OPTIMUM]):
            _check_order(made)
        return made

    def _anything(self, portfolio: Portfolio) -> bool:
        """Whether a portfolio is all that any may be; a table may call something else the model's choice."""
        [line, *more] = portfolio.lines
        free = line.asked == line.least == 0.0 and line.energy is None and line.duration is None
        return free and not more and not line.within_data and set(line.assets) == set(self.scope)

    def result(self, name: str) -> Result:
        """The whole result of a portfolio that has a plan, from its folder."""
        made = self._known(name)
        if made is None or made.folder is None:
            raise KeyError(name)
        return store.read(made.folder)

    def _known(self, name: str) -> PortfolioOutcome | None:
        key = f"{OUTCOMES}/{name}"
        if key in self.kept:
            return PortfolioOutcome.of_dict(self.kept[key], self.folder)
        whole = sorted((self.folder / RUNS / name).glob(f"[!.]*/{store.FILE}"))
        if not whole:
            return None
        # Stopped between the result and what is told of it.
        result = store.read(whole[-1].parent)
        return self._told(name, result, audit(result), whole[-1].parent)

    def _told(self, name: str, result: Result, found: Audit, folder: Path) -> PortfolioOutcome:
        title = self.portfolios[name].title
        made = outcome_of(name, (title.en, title.zh), result, found, self.scope, folder)
        self.kept[f"{OUTCOMES}/{name}"] = made.as_dict(self.folder)
        return made

    def _written(self, job: Job, answer: Solution | NoSolutionError) -> PortfolioOutcome:
        portfolio = self.portfolios[job.name]
        problem = job.problem()
        assembled = replace(self.variants.assembled, problem=problem)
        if isinstance(answer, NoSolutionError):
            reason = f"{str(answer).splitlines()[0]} {self._reason(assembled)}".strip()
            made = PortfolioOutcome(portfolio.name, portfolio.title.en, portfolio.title.zh, {}, reason=reason)
            self.kept[f"{OUTCOMES}/{job.name}"] = made.as_dict(self.folder)
            return made
        result = self.result_of(problem, answer)
        titles = {
            "title": f"{self.case.title}: {portfolio.title.en}",
            "title_zh": f"{self.case.title_zh or self.case.title}：{portfolio.title.zh}",
        }
        result = replace(result, case=self.case.model_copy(update=titles))
        found = audit(result)
        if not found.passed:
            raise SolverError(f"{job.name}: {' '.join(found.faults)} It was not written.")
        folder = store.write(result, self.folder / RUNS / job.name, found)
        return self._told(job.name, result, found, folder)

    def result_of(self, problem: Problem, solution: Solution) -> Result:
        """The result of a variant."""
        assembled = replace(self.variants.assembled, problem=problem)
        result = solved(assembled, solution, self.build_seconds, peak_memory_mb(), asdict(self.ready.size))
        result.solve["profile"] = self.ready.profile.model_dump(mode="json")
        return result

    def _reason(self, assembled: Assembled) -> str:
        """Why there is no plan, in short; nothing where clauses do not clash."""
        self.say("explaining", "looking for the clauses that clash")
        found = explain(assembled, self.ready.profile, data=False, rooms=False)
        return explanation.short(found) if found.verdict != "holds" else ""

    def _tell(self, made: PortfolioOutcome) -> None:
        if made.solved:
            self.say("portfolio", f"{made.name}: {made.objective / 1e8:,.3f} x 10^8 CNY/yr")
        else:
            self.say("portfolio", f"{made.name}: {made.reason}")

    # the whole

    def run(self) -> Benchmark:
        """Solve what is asked, write the tables, and return all of it; `KeyboardInterrupt` leaves what is done."""
        self.say("folder", str(self.folder))
        outcomes = self.outcomes()
        title, created = self.case.title, datetime.now().astimezone().isoformat(timespec="seconds")
        baseline = self.section.baseline
        made = Benchmark(title, self.case.title_zh or title, self.stage, baseline, created, outcomes)
        self.write(made)
        if self.asked.credit:
            self.say("credit", "load that each fleet carries, with its new storage and without")
            credits_ = Credits(self)
            steps = credits_.of_technologies()
            made = replace(
                made,
                credits=credits_.of_portfolios(outcomes),
                credit_steps=steps,
                substitutions=credits_.substitutions(steps),
            )
            self.write(made)
        if self.asked.curves:
            self.say("curves", "marginal value against capacity and duration")
            curves = Curves(self)
            made = replace(made, values=curves.by_capacity(), durations=curves.by_duration())
            self.write(made)
        return made

    def write(self, made: Benchmark) -> None:
        """Write the table and the data of a benchmark, in place of earlier ones."""
        self.folder.mkdir(parents=True, exist_ok=True)
        made.table().to_csv(self.folder / TABLE, index=False, float_format="%.10g", lineterminator="\n")
        (self.folder / DATA).write_text(as_json(made.as_dict(self.folder)), encoding="utf-8")


def _check_order(made: Sequence[PortfolioOutcome]) -> None:
    """Nothing is cheaper than the model's choice.

    Raises:
        SolverError: something is, by more than the gaps that the audits allow.
    """
    best = next((o for o in made if o.name == OPTIMUM), None)
    if best is None:
        return
    for other in made:
        allowed = RELATIVE_GAP * (abs(best.objective) + abs(other.objective)) if other.solved else 0.0
        if other.solved and not other.objective >= best.objective - allowed:
            raise SolverError(
                f"{other.name} costs {best.objective - other.objective:,.0f} CNY/yr less than {OPTIMUM}, which may be "
                f"all that it is: the gaps allow {allowed:,.0f}."
            )


def _check(ready: Ready) -> None:
    """Refuse what the study cannot do.

    Raises:
        InputError: heads that follow the level, several stages, or whole numbers, whose prices are none.
    """
    case, faults = ready.system.case, []
    if case.water.head != "constant":
        found, remedy = f'head = "{case.water.head}"', 'Write head = "constant" in a case for this study.'
        faults.append(
            Fault("case, water.head", found, "a head that is constant, so that the case is built once", remedy)
        )
    if len(case.stages) > 1:
        found = f"stages = {list(case.stages)}"
        faults.append(Fault("case, stages", found, "one stage", "Write a case of one stage for this study."))
    for key, word in (("building", case.building), ("commitment", case.commitment)):
        if word != "linear":
            remedy = f'Write {key} = "linear" in a case for this study.'
            faults.append(Fault(f"case, {key}", f'"{word}"', "linear: capacity needs a price", remedy))
    if faults:
        raise InputError(faults, "the study")


def run(path: Path, asked: Asked, results: Path, say: Say = lambda *_: None) -> tuple[Benchmark, Inputs, Path]:
    """Study a case.

    Args:
        path: the case file, or the name of a built-in case.
        asked: what beside what the case says.
        results: folder that result folders are written to.
        say: is told what is going on.

    Returns:
        The benchmark, the tables of the case, and the folder with its tables and results.

    Raises:
        InputError: faults of the case or of the portfolios.
        SolverError: a problem was not proven, or its answer failed the audit.
    """
    study = Study(expansion.make_ready(path, say), asked, results, say)
    return study.run(), study.ready.system.inputs, study.folder
