"""Near-optimal alternatives: least and most of each technology within a slack of the least cost, and unlike plans.

The case is assembled once and solved to its least cost. Every other plan is the same problem with a row for the cost
and another objective (see `solving.near_optimal`), one linear problem for each technology, end and slack. First come
plans unlike those before them, within the largest slack; then the ends, from the largest slack down. An end that a
plan found before already reaches, where the data or a proof within a larger slack allow no more, is not solved for;
others start from the vertex of the same end within the larger slack, since only the side of the cost differs.

Every plan is kept as soon as it is there, so that a study that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from qhenergy.algebra.assets import Asset
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, QhenergyError, listed, nearest
from qhenergy.ground.machine import peak_memory_mb
from qhenergy.model.problem import Problem
from qhenergy.outcome import store
from qhenergy.outcome.near_optimal import NearOptimal, Plan, Subject, plan_of
from qhenergy.outcome.result import solved
from qhenergy.outcome.summary import as_json
from qhenergy.solving.certificate import certify
from qhenergy.solving.near_optimal import LEAST, MOST, Nearby, Reach, reach
from qhenergy.solving.profile import Profile
from qhenergy.solving.solution import Basis, Solution
from qhenergy.studies import expansion
from qhenergy.studies.expansion import Ready, Say
from qhenergy.studies.portfolio import registered
from qhenergy.studies.runs import Job, Kept, solve_all

PLANS, RANGES, CAPACITIES, COSTS, DATA = "plans", "ranges.csv", "plans.csv", "costs.csv", "alternatives.json"
STORAGE = "storage"
#: What electric stores do to the balance of their zone.
STORING = ("charging", "discharging", "pumping")


@dataclass(frozen=True)
class Asked:
    """What a study asks.

    Attributes:
        slacks: shares of the least cost, rising.
        groups: groups of groups.csv whose ends are asked for besides those of technologies.
        only: `storage` for technologies that store electricity alone; empty for all.
        plans: how many unlike plans are looked for and told of.
        workers: how many problems are solved at once; as many as there are cores if None.
    """

    slacks: tuple[float, ...]
    groups: tuple[str, ...] = ()
    only: str = ""
    plans: int = 4
    workers: int | None = None


def asked_for(
    slack: str, groups: Sequence[str] = (), only: str = "", plans: int = 4, workers: int | None = None
) -> Asked:
    """Read the options of a study.

    Raises:
        InputError: with all that cannot be read.
    """
    faults, slacks = [], []
    for word in slack.split(","):
        try:
            text = word.strip()
            value = float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
        except ValueError:
            value = math.nan
        if 0 <= value < 1:
            slacks.append(value)
            continue
        remedy = f'Did you mean "{value:g}%"?' if 1 <= value < 100 else "Write 1%,3%,5% or 0.01."
        expected = "shares of the least cost from 0 to below 100%, with commas between them"
        faults.append(Fault("--slack", f'"{word}"', expected, remedy))
    if only not in ("", STORAGE):
        remedy = nearest(only, [STORAGE]) or "Leave it out for all technologies."
        faults.append(Fault("--only", f'"{only}"', STORAGE, remedy))
    if plans < 0:
        faults.append(Fault("--plans", str(plans), "0 or more", "Write how many plans are to be told of."))
    if workers is not None and workers < 1:
        faults.append(Fault("--workers", str(workers), "1 or more", "Leave it out for as many as there are cores."))
    if faults:
        raise InputError(faults, "the options")
    return Asked(tuple(sorted(set(slacks))), tuple(dict.fromkeys(groups)), only, plans, workers)


@dataclass(frozen=True)
class Aim:
    """A plan to look for.

    Attributes:
        name: of the plan.
        slack: within which it is sought.
        problem: makes its problem.
        subject, end: whose end it is; none and empty for others.
    """

    name: str
    slack: float
    problem: Callable[[], Problem]
    subject: Subject | None = None
    end: str = ""


class Study:
    """A study under way: the assembled case, and what is found so far.

    Attributes:
        ready: the case made ready.
        asked: what is asked of it.
        folder: where everything goes.
    """

    def __init__(self, ready: Ready, asked: Asked, results: Path, say: Say = lambda *_: None) -> None:
        self.ready, self.asked, self.say = ready, asked, say
        self._groups = _checked(ready, asked)
        system = ready.system
        self.stage = system.case.stages[-1]
        content = f"{store.content_hash(system.case, system.inputs)}\n{ready.profile}"
        self.folder = results / ready.path.stem / f"alternatives-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        self._kept = Kept(self.folder / PLANS)
        self._bases: dict[tuple[str, str], Basis] = {}

    def run(self) -> NearOptimal:
        """Solve what is asked, write the tables, and return what was found; Ctrl-C leaves what is done.

        Raises:
            NoSolutionError: the case has no solution.
            SolverError: its least cost was not proven.
        """
        self.say("folder", str(self.folder))
        self._assembled, self._build_seconds = expansion.build(self.ready.system, self.say)
        assets = self._assembled.assets.by_name
        subjects = self._subjects()
        self._reaches = {s.key: self._reach([assets[name] for name in s.assets]) for s in subjects}
        case, least_cost = self.ready.system.case, self._least_cost()
        self._near = Nearby(self._assembled.problem, least_cost.cost, sum(least_cost.capacity.values()))
        self._found = NearOptimal(
            case.title, case.title_zh or case.title, self.stage, self.asked.slacks, subjects,
            {a.name: (a.technology, a.zone) for a in assets.values()}, least_cost, self.asked.plans,
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
        )  # fmt: skip
        self._seek_unlike([assets[name] for s in subjects if not s.group for name in s.assets])
        self._seek(self._ends(), self.asked.workers)
        self._write()
        return self._found

    # what is asked

    def _subjects(self) -> tuple[Subject, ...]:
        """Technologies of which anything is open, and the groups asked for.

        Raises:
            InputError: there is none.
        """
        by_technology: dict[str, list[Asset]] = {}
        for asset in self._assembled.assets.by_name.values():
            by_technology.setdefault(asset.technology, []).append(asset)
        joins = self._assembled.joins[self.stage]
        storing = {j.technology for j in joins if j.role in STORING}
        wanted = {t: a for t, a in by_technology.items() if not self.asked.only or t in storing}
        made = [self._subject(name, False, assets) for name, assets in wanted.items()]
        made += [self._subject(name, True, assets) for name, assets in self._groups.items()]
        made = [s for s in made if s.most > s.least]
        if not made:
            found = "no store" if self.asked.only else "no technology"
            expected = "one of which something may be built or retired"
            raise InputError([Fault("the case", found, expected, "Give it room in its table.")], "the study")
        return tuple(made)

    def _reach(self, assets: Sequence[Asset]) -> Reach:
        return reach(self._assembled.problem, assets, self.stage)

    def _subject(self, name: str, group: bool, assets: Sequence[Asset]) -> Subject:
        found = self._reach(assets)
        return Subject(name, group, tuple(a.name for a in assets), found.least, found.most)

    # what is found

    def _least_cost(self) -> Plan:
        name = "least-cost"
        if name in self._kept:
            return Plan.of_dict(self._kept[name])
        self.say("solving", name)
        result, _ = expansion.answer(self.ready, self._assembled, self._build_seconds, self.say)
        plan = plan_of(result, name)
        if not plan.cost:
            found, expected = "a least cost of nothing", "a cost, of which a slack is a share"
            raise InputError([Fault("the case", found, expected, "Give something a cost.")], "the study")
        self._kept[name] = plan.as_dict()
        self.say("plan", f"{name}: {plan.cost / 1e8:,.3f} x 10^8 CNY/yr")
        return plan

    def _seek_unlike(self, assets: Sequence[Asset]) -> None:
        """Find plans one after the other, each unlike those before it."""
        slack, before = self.asked.slacks[-1], [self._found.least_cost]
        reaches = {a.name: self._reach([a]) for a in assets}
        for number in range(1, self.asked.plans + 1):
            used = {n: sum(p.capacity[n] - r.least for p in before) / r.span for n, r in reaches.items() if r.span > 0}
            weighed = [(reaches[name], weight) for name, weight in used.items()]
            name = f"unlike-{_share(slack)}-{number}"
            self._seek([Aim(name, slack, partial(self._near.unlike, weighed, slack))], 1)
            found = [plan for plan in self._found.plans if plan.name == name]
            if not found:
                break
            before += found

    def _ends(self) -> Iterator[Aim]:
        """Ends that are not proven yet, from the largest slack down; each is asked for when a core is free."""
        for slack in reversed(self.asked.slacks):
            for subject in self._found.subjects:
                for end in (LEAST, MOST):
                    name = f"{subject.key}-{end}-{_share(slack)}"
                    if name in self._kept or not self._found.end(subject, end, slack).proven:
                        problem = partial(self._near.end, self._reaches[subject.key], end, slack)
                        yield Aim(name, slack, problem, subject, end)
                    else:
                        self._found.saved.add((subject.key, end, slack))

    def _seek(self, aims: Iterable[Aim], workers: int | None) -> None:
        """Read or solve for plans, several at once, and keep each as it comes."""
        begun: dict[str, Aim] = {}

        def jobs() -> Iterator[Job]:
            for aim in aims:
                if aim.name in self._kept:
                    self._found.plans.append(Plan.of_dict(self._kept[aim.name]))
                    continue
                begun[aim.name] = aim
                # The same end within a larger slack: the problem but for the side of the cost.
                start = self._bases.get((aim.subject.key, aim.end)) if aim.subject else None
                yield Job(aim.name, aim.problem, start)

        limit = self.ready.system.case.solver.time_limit
        for job, made in solve_all(jobs(), _careful(self.ready.profile), workers, limit):
            if isinstance(made, QhenergyError):
                # The rest stands without it; its end is told as not proven, and looked for again another time.
                self._found.failed.add(job.name)
                self.say("failed", f"{job.name}: {str(made).splitlines()[0]}")
                continue
            aim = begun[job.name]
            if aim.subject is not None and made.basis is not None:
                self._bases[aim.subject.key, aim.end] = made.basis
            plan = self._plan(aim, made)
            self._kept[job.name] = plan.as_dict()
            self._found.plans.append(plan)
            self.say("plan", self._told(plan, aim))

    def _plan(self, aim: Aim, solution: Solution) -> Plan:
        """The plan of a solution, with what its duals say where it is an end."""
        own = replace(solution, row_duals=solution.row_duals[: len(self._assembled.problem.rows)], basis=None)
        plan = replace(
            plan_of(solved(self._assembled, own, self._build_seconds, peak_memory_mb()), aim.name), slack=aim.slack
        )
        if aim.subject is None:
            return plan
        problem, of = aim.problem(), self._reaches[aim.subject.key]
        proof = certify(problem, solution.values, solution.row_duals)
        technologies = {name: technology for name, (technology, _) in self._found.places.items()}
        asked = self._assembled.requirements
        return replace(
            plan,
            subject=aim.subject.key,
            end=aim.end,
            bound=self._near.proven(proof, of, aim.end, aim.slack),
            marginal=self._near.marginal(solution),
            stops=self._near.stops(problem, solution, asked, technologies),
        )

    def _told(self, plan: Plan, aim: Aim) -> str:
        found = self._found
        most = 2 * len(found.subjects) * len(found.slacks) + self.asked.plans
        power = f"{plan.of(aim.subject.assets):,.1f} MW, " if aim.subject else ""
        done = f"{len(found.plans)} solved, {len(found.saved)} saved of {most}"
        return f"{plan.name}: {power}cost {100 * found.more(plan):+.2f} %, {plan.seconds:.1f} s; {done}"

    def _write(self) -> None:
        made = self._found
        for name, table in ((RANGES, made.ranges()), (CAPACITIES, made.capacities()), (COSTS, made.costs())):
            table.to_csv(self.folder / name, index=False, float_format="%.10g", lineterminator="\n")
        (self.folder / DATA).write_text(as_json(made.as_dict()), encoding="utf-8")


def _careful(profile: Profile) -> Profile:
    """The profile with HiPO last: with the cost as a row it often ends nowhere, or finds no plan where there is one."""
    last = sorted(profile.attempt, key=lambda attempt: attempt.options.get("solver") == "hipo")
    return profile.model_copy(update={"attempt": tuple(last)})


def _share(slack: float) -> str:
    """A slack as names of plans have it."""
    return f"{100 * slack:.10g}pct"


def _checked(ready: Ready, asked: Asked) -> dict[str, list[Asset]]:
    """The assets of the groups asked for, once it is sure that the study can be done.

    Raises:
        InputError: heads that follow the level, stages one after the other, whole units, or a group that is not there
            or of which nothing is open.
    """
    system, faults = ready.system, []
    case, stage = system.case, system.case.stages[-1]
    if case.water.head != "constant":
        found, expected = f'head = "{case.water.head}"', "a head that is constant, so that the case is built once"
        faults.append(Fault("case, water.head", found, expected, 'Write head = "constant" in a case for this study.'))
    if case.in_turn:
        found, expected = 'foresight = "myopic"', "stages with one cost, of which a slack is a share"
        faults.append(Fault("case, foresight", found, expected, 'Write foresight = "perfect".'))
    for key in ("building", "commitment"):
        if getattr(case, key) == "whole":
            expected = "units of any amount: what no plan goes beyond is proven by prices, which whole numbers have not"
            faults.append(Fault(f"case, {key}", f'{key} = "whole"', expected, f'Write {key} = "linear".'))
    known = list(dict.fromkeys(map(str, system.inputs["groups"].index.get_level_values(0))))
    made: dict[str, list[Asset]] = {}
    assets = list(registered(system).by_name.values()) if asked.groups else []
    for name in asked.groups:
        members = system.inputs.members(name) if name in known else []
        made[name] = [a for a in assets if a.technology in members]
        if name not in known:
            expected = f"one of {listed(known)}" if known else "a group of groups.csv, which has none"
            remedy = nearest(name, known) or "Name another one."
            faults.append(Fault("--group", f'"{name}"', expected, remedy))
        elif all(a.decided(stage) for a in made[name]):
            expected = "a group of which something may be built or retired"
            faults.append(Fault("--group", f'"{name}", of which nothing is open', expected, "Name another one."))
    if faults:
        raise InputError(faults, "the study")
    return made


def run(path: Path, asked: Asked, results: Path, say: Say = lambda *_: None) -> tuple[NearOptimal, Inputs, Path]:
    """Study a case.

    Args:
        path: the case file, or the name of a built-in case.
        asked: slacks, groups and how many plans.
        results: folder that result folders are written to.
        say: is told what is going on.

    Returns:
        What was found, the tables of the case, and the folder with tables and plans.
    """
    study = Study(expansion.make_ready(path, say), asked, results, say)
    return study.run(), study.ready.system.inputs, study.folder
