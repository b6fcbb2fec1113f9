"""Planned fleets in other years and at other prices.

Every scenario is made ready and assembled once, with hours that are chosen from its own weather and water before any
fleet is looked at, so that all stand on the same footing. A fleet is put into it by its bounds, and every hard clause
may be missed at a price, so that what a fleet cannot do is told instead of no answer.

Other prices of fuel change how the base year runs, which is solved again. What a fleet costs that stands does not:
investment and fixed O&M of a technology at other prices are the run of the base year, told at these.

Each run is kept as soon as it is there, under the fleet's name and a digest of what it decides; see `studies.runs`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from qhenergy.data.case import Case
from qhenergy.data.robustness import Robustness as Asked
from qhenergy.ground.faults import Fault, InputError, NoSolutionError, QhenergyError, SolverError, listed, nearest
from qhenergy.ground.machine import peak_memory_mb
from qhenergy.model.assemble import Assembled, System, assemble
from qhenergy.model.problem import Problem
from qhenergy.outcome import store
from qhenergy.outcome.audit import audit
from qhenergy.outcome.fleet_year import FleetYear, fleet_year
from qhenergy.outcome.result import solved
from qhenergy.outcome.robustness import BASE, COSTS, COUNTS, FUEL, LEADS, YEAR, Robustness, Run, Scenario, counted
from qhenergy.outcome.summary import as_json
from qhenergy.solving.missable import may_be_missed
from qhenergy.solving.profile import Profile
from qhenergy.solving.solution import Solution
from qhenergy.studies.expansion import Ready, Say, ready_of
from qhenergy.studies.portfolio import Line, widened
from qhenergy.studies.redispatch import Fleet, with_fleet, with_fuel
from qhenergy.studies.runs import Job, Kept, solve_all

RUNS, DATA = "runs", "robustness.json"
#: Makes a system wide enough for all fleets.
Wide = Callable[[System], System]


@dataclass(frozen=True)
class Place:
    """A year that fleets are dispatched in.

    Attributes:
        scenario: which.
        system: makes it ready when its turn comes, wide enough for all fleets.
    """

    scenario: Scenario
    system: Callable[[], System]


def room_for(lines: Sequence[Sequence[Line]]) -> Wide:
    """What makes a system wide enough for several portfolios, one after the other; see `portfolio.widened`.

    Args:
        lines: of each portfolio.
    """

    def wide(system: System) -> System:
        for of_one in lines:
            system = widened(system, of_one)
        return system

    return wide


def places_of(ready: Ready, wide: Wide = lambda system: system, say: Say = lambda *_: None) -> list[Place]:
    """The years that a case asks for, and its own first if it is not among them.

    Where no hours are generated from sites there is one weather, whatever its seed.

    Raises:
        InputError: a water year that the data do not have.
    """
    case, asked = ready.system.case, ready.system.case.robustness
    known = list(map(str, ready.system.inputs["water_years"].index))
    faults = [
        Fault("case, robustness.water", f'"{year}"', f"one of {listed(known)}", nearest(year, known))
        for year in asked.water
        if year not in known
    ]
    if faults:
        raise InputError(faults, "the case")
    own = (case.weather.seed, "+".join(case.water.years))
    seeds = asked.weather if len(ready.system.inputs["sites"]) else (case.weather.seed,)
    cells = [(seed, year) for seed in seeds for year in asked.water]
    made = []
    for seed, year in cells if own in cells else [own, *cells]:
        kind = YEAR if (seed, year) in cells else BASE
        scenario = Scenario(f"{seed}-{year}", kind, str(seed), year, base=(seed, year) == own)
        if scenario.base:
            made.append(Place(scenario, lambda: wide(ready.system)))
        else:
            other = _in_year(case, seed, year)
            made.append(Place(scenario, lambda other=other: wide(ready_of(other, ready.path, say).system)))
    return made


def _in_year(case: Case, seed: int, year: str) -> Case:
    weather, water = case.weather.model_copy(update={"seed": seed}), case.water.model_copy(update={"year": year})
    return case.model_copy(update={"weather": weather, "water": water})


@dataclass
class Study:
    """A study under way.

    Attributes:
        fleets: in their order.
        places: years; one of them is the base.
        asked: ranges of prices.
        members: technologies of each key of the ranges of costs.
        profile: of the solver.
        folder: where runs and tables go.
        title, title_zh: of the case.
        workers: how many runs at once; as many as there are cores if None.
        say: is told what is going on.
    """

    fleets: Sequence[Fleet]
    places: Sequence[Place]
    asked: Asked
    members: Mapping[str, Sequence[str]]
    profile: Profile
    folder: Path
    title: str = ""
    title_zh: str = ""
    workers: int | None = None
    say: Say = lambda *_: None
    _open: dict[str, tuple[Fleet, Scenario, Assembled, Problem]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Nothing is solved yet."""
        self._kept = Kept(self.folder / RUNS)

    def run(self) -> Robustness:
        """Solve what is not kept, write the tables, and return all; `KeyboardInterrupt` leaves what is done.

        Raises:
            InputError: a fleet does not fit into a year.
            SolverError: runs that were not proven; all others are kept.
        """
        self.say("folder", str(self.folder))
        whole = len(self.fleets) * sum(len(self._variants(place)) for place in self.places)
        done = whole - sum(len(self._todo(place)) for place in self.places)
        if done:
            self.say("known", f"{done} of {whole} runs were solved before")
        unproven = []
        for job, found in solve_all(self._jobs(), self.profile, self.workers):
            fleet, scenario, assembled, problem = self._open.pop(job.name)
            done += 1
            words = f"{done} of {whole}: {fleet.name} in {scenario.name}"
            try:
                year = self._year(assembled, problem, found)
            except NoSolutionError as error:
                self._kept[job.name] = {"reason": str(error).splitlines()[0]}
                self.say("run", f"{words}: no solution")
            except SolverError as error:
                unproven.append(f"{fleet.name} in {scenario.name}: {str(error).splitlines()[0]}")
                self.say("run", f"{words}: not proven")
            else:
                self._kept[job.name] = year.as_dict()
                self.say("run", f"{words}: {counted(year, LEADS) / 1e8:,.3f} x 10^8 CNY/yr")
        if unproven:
            raise SolverError("Runs that were not proven, all others are kept:\n  " + "\n  ".join(unproven))
        made = self._gathered()
        self._write(made)
        return made

    def _variants(self, place: Place) -> list[Scenario]:
        """The scenarios that are solved in a year: itself, and other prices of fuel in the base."""
        own = place.scenario
        return [own, *([self._at_fuel(own, factor) for factor in self.asked.fuel] if own.base else [])]

    @staticmethod
    def _at_fuel(own: Scenario, factor: float) -> Scenario:
        return replace(own, name=f"fuel-{factor:.12g}", kind=FUEL, subject=FUEL, factor=factor, base=False)

    def _todo(self, place: Place) -> list[tuple[Fleet, Scenario]]:
        pairs = [(fleet, scenario) for scenario in self._variants(place) for fleet in self.fleets]
        return [(fleet, scenario) for fleet, scenario in pairs if _name(fleet, scenario) not in self._kept]

    def _jobs(self) -> Iterator[Job]:
        for place in self.places:
            todo = self._todo(place)
            if not todo:
                continue
            self.say("scenario", place.scenario.name)
            # Windows are compiled in this process: others of it are at work on the year before.
            assembled = assemble(place.system(), workers=1)
            priced = may_be_missed(assembled)
            for fleet, scenario in todo:
                problem = with_fleet(with_fuel(priced, scenario.factor), fleet, scenario.name)
                self._open[_name(fleet, scenario)] = (fleet, scenario, assembled, problem)
                yield Job(_name(fleet, scenario), lambda problem=problem: problem)

    @staticmethod
    def _year(assembled: Assembled, problem: Problem, found: Solution | QhenergyError) -> FleetYear:
        """What came of a run.

        Raises:
            NoSolutionError, SolverError: it has no solution, or none that passes the audit.
        """
        if isinstance(found, QhenergyError):
            raise found
        result = solved(replace(assembled, problem=problem), found, 0.0, peak_memory_mb())
        passed = audit(result)
        if not passed.passed:
            raise SolverError(" ".join(passed.faults))
        return fleet_year(result)

    def _gathered(self) -> Robustness:
        scenarios = [scenario for place in self.places for scenario in self._variants(place)]
        runs = [self._run(fleet, scenario) for fleet in self.fleets for scenario in scenarios]
        base = next(s for s in scenarios if s.base)
        known = {run.fleet: run for run in runs if run.scenario == base.name}
        for subject, factors in self.asked.costs.items():
            for factor in factors:
                scenario = replace(
                    base, name=f"costs-{subject}-{factor:.12g}", kind=COSTS, subject=subject, factor=factor, base=False
                )
                scenarios.append(scenario)
                for fleet in self.fleets:
                    run = known[fleet.name]
                    year = run.year and run.year.at_prices(self.members[subject], factor)
                    runs.append(replace(run, scenario=scenario.name, year=year))
        return Robustness(
            self.title,
            self.title_zh or self.title,
            tuple(fleet.name for fleet in self.fleets),
            tuple(scenarios),
            tuple(runs),
            {fleet.name: dict(fleet.planned) for fleet in self.fleets},
            datetime.now().astimezone().isoformat(timespec="seconds"),
        )

    def _run(self, fleet: Fleet, scenario: Scenario) -> Run:
        held = self._kept[_name(fleet, scenario)]
        if "reason" in held:
            return Run(fleet.name, scenario.name, None, held["reason"])
        return Run(fleet.name, scenario.name, FleetYear.of_dict(held))

    def _write(self, made: Robustness) -> None:
        tables = {
            "robustness": made.table(),
            "unserved": made.failures(),
            "clauses_missed": made.clauses(),
            "lines": made.lines(),
        }
        for over, scenarios in (("years", made.years), ("prices", made.prices)):
            for counts in COUNTS:
                found = made.regret(counts, scenarios)
                beside = found.regret.add_prefix("regret ").join(found.rank.add_prefix("rank ")).join(found.spread)
                tables[f"regret_{over}_{counts}"] = beside.rename_axis("portfolio").reset_index()
        for stem, table in tables.items():
            table.to_csv(self.folder / f"{stem}.csv", index=False, float_format="%.10g", lineterminator="\n")
        (self.folder / DATA).write_text(as_json(made.as_dict()), encoding="utf-8")


def _name(fleet: Fleet, scenario: Scenario) -> str:
    return f"{fleet.key}/{scenario.name}"


def members_of(system: System, asked: Asked) -> dict[str, list[str]]:
    """The technologies of each key of the ranges of costs: of the group of that name, or itself.

    Raises:
        InputError: a key that is neither.
    """
    inputs = system.inputs
    groups = list(map(str, dict.fromkeys(inputs["groups"].index.get_level_values(0))))
    technologies = list(map(str, inputs["technologies"].index))
    faults = [
        Fault(
            f"case, robustness.costs.{key}",
            "an unknown key",
            "a technology of technologies.csv or a group of groups.csv",
            nearest(key, [*technologies, *groups]),
        )
        for key in asked.costs
        if key not in groups and key not in technologies
    ]
    if faults:
        raise InputError(faults, "the case")
    return {key: [key] if key in technologies else list(inputs.members(key)) for key in asked.costs}


def check(ready: Ready) -> None:
    """Refuse what the study cannot do.

    Raises:
        InputError: heads that follow the level.
    """
    if (head := ready.system.case.water.head) != "constant":
        expected = "a head that is constant, so that a scenario is built once"
        fault = Fault(
            "case, water.head", f'head = "{head}"', expected, 'Write head = "constant" in a case for this study.'
        )
        raise InputError([fault], "the study")


def run(
    ready: Ready,
    fleets: Sequence[Fleet],
    results: Path,
    wide: Wide = lambda system: system,
    workers: int | None = None,
    say: Say = lambda *_: None,
) -> tuple[Robustness, Path]:
    """Take planned fleets of a case through the years and prices it asks for.

    Args:
        ready: the case made ready.
        fleets: in their order, planned in the base year of the case.
        results: folder that result folders are written to.
        wide: makes a system wide enough for all fleets, such as `room_for` their lines.
        workers: how many runs at once; as many as there are cores if None.
        say: is told what is going on.

    Returns:
        All runs, and the folder with tables and runs, `<case>/robustness-<hash>`.

    Raises:
        InputError: heads that follow the level, a range of what is not there, a fleet that does not fit.
        SolverError: runs that were not proven; all others are kept.
    """
    check(ready)
    case = ready.system.case
    members = members_of(ready.system, case.robustness)
    places = places_of(ready, wide, say)
    # Ranges may grow without solving again what is known.
    made_from = store.content_hash(case.model_copy(update={"robustness": Asked()}), wide(ready.system).inputs)
    digest = hashlib.sha256(f"{made_from}\n{ready.profile}".encode()).hexdigest()[:12]
    folder = results / ready.path.stem / f"robustness-{digest}"
    study = Study(
        fleets, places, case.robustness, members, ready.profile, folder, case.title, case.title_zh, workers, say
    )
    return study.run(), folder
