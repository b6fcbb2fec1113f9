"""Dispatch of a given fleet through all hours of a year, window after window.

    fleet     capacities of a result, in one of its stages
    yearly    the same fleet in the hours of the result's case: levels and prices for what lies beyond a step
    rolling   all hours of the year, in steps that see some days ahead (see `solving.rolling`)

Clauses of a whole year are for a plan to hold; of a dispatch only those are asked that speak of every hour, and these
at a price, so that what cannot be held is missed and told. What is paid, such as a price of CO2, is paid. Heads are
constant. Steps are written as they are solved:
a run that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import zipfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.data.case import Case
from qhenergy.data.fixed_fleet import fixed_fleet
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import SolverError
from qhenergy.ground.machine import peak_memory_mb
from qhenergy.model.assemble import Assembled, System, prepare
from qhenergy.model.catalogue import Catalogue
from qhenergy.model.given_start import Given, given_start, open_end
from qhenergy.model.size import expected
from qhenergy.outcome import measures, store
from qhenergy.outcome.audit import Audit, audit, weaknesses
from qhenergy.outcome.result import Result, solved
from qhenergy.profiles.calendar import HOURS
from qhenergy.solving.certificate import certify
from qhenergy.solving.guided import Target
from qhenergy.solving.lower_bound import lower_bound
from qhenergy.solving.profile import Profile, read_profile
from qhenergy.solving.rolling import Rolled, Rolling, Sight, Step
from qhenergy.solving.solution import Progress, Solution, Tried
from qhenergy.studies.expansion import Ready, Say, answer, build
from qhenergy.studies.guide import Yearly, guide_of

#: Profile of the steps, by how units are committed.
PROFILES = {"linear": "rolling", "whole": "rolling-whole"}
#: Profile of the bound of a year decided at once.
FORESIGHT = "foresight"


@dataclass(frozen=True)
class Manner:
    """How a year is rolled through.

    Attributes:
        step_minutes: length of a model step [min].
        commitment: `linear`, or `whole` units.
        keep: hours a step decides [h].
        ahead: hours it looks beyond them [h].
        profile: solver profile of the steps; by the commitment if empty.
    """

    step_minutes: int = 60
    commitment: str = "linear"
    keep: int = 24
    ahead: int = 24
    profile: str = ""

    @property
    def window(self) -> int:
        """Length of a window: what both are whole multiples of [h]."""
        return int(np.gcd(self.keep, self.ahead)) if self.ahead else self.keep

    @property
    def sight(self) -> Sight:
        """The same in windows."""
        return Sight(self.keep // self.window, self.ahead // self.window)


@dataclass(frozen=True)
class Fleet:
    """A fleet and the system it runs in.

    Attributes:
        inputs: with the capacities as what exists.
        case: of the yearly run, in steps of an hour.
        catalogue: modules of technologies and clauses.
        extra: the user's own among them.
        profile: solver profile of the yearly run.
        name: what it is the fleet of.
    """

    inputs: Inputs
    case: Case
    catalogue: Catalogue
    extra: tuple[Path, ...]
    profile: Profile
    name: str


def fleet_of_result(result: Result, stage: int, catalogue: Catalogue, extra: tuple[Path, ...], name: str) -> Fleet:
    """The fleet of a stage of a result, with the clauses it can be asked of every hour."""
    table = measures.capacity(result)
    table = table[table["stage"] == stage].set_index("asset")
    inputs = fixed_fleet(result.inputs, table["total [MW]"].to_dict(), table["energy [MWh]"].dropna().to_dict())
    inputs, clauses = _priced(result, inputs)
    case = result.case
    water = case.water.model_copy(update={"head": "constant"})
    case = case.model_copy(
        update={
            "base_year": stage - 1,
            "stages": (stage,),
            "time": case.time.model_copy(update={"step_minutes": 60}),
            "fleet": "planned",
            "building": "linear",
            "foresight": "perfect",
            "horizon": type(case.horizon)(),
            # Another curve asked of the same fleet makes no other year of this one.
            "schedule": type(case.schedule)(),
            "targets": case.targets.model_copy(update={"clauses": clauses}),
            "water": water,
            "change": {},
            "variants": {},
        }
    )
    return Fleet(inputs, case, catalogue, extra, _profile(result), name)


def _profile(result: Result) -> Profile:
    """The profile of the plan, unless it leads with HiPO, which stalls on a fleet that is fixed."""
    planned = Profile.model_validate(result.solve["profile"]) if "profile" in result.solve else read_profile("hipo")
    return read_profile("ipx") if planned.attempt[0].options.get("solver") == "hipo" else planned


def _priced(result: Result, inputs: Inputs) -> tuple[Inputs, dict[str, str]]:
    """Strictness of every clause, and the tables with a price for those that speak of every hour.

    What binds a plan in every hour is missed at the price it has, or else at that of demand that is not served. What
    the case switched off stays off, and a clause that requires nothing is a cost, and stays one.
    """
    hourly = {r.clause.name for r in result.requirements if r.by_hour and r.clause.strictness != "watched"}
    worst = float(inputs["zones"]["unserved_price"].max())
    sets = inputs["target_sets"].copy()
    at = sets.index.get_level_values(1).isin(hourly)
    sets.loc[at, "penalty"] = np.where(sets.loc[at, "penalty"] > 0, sets.loc[at, "penalty"], worst)
    frames = {**inputs.frames, "target_sets": sets}
    asked = {r.clause.name for r in result.requirements}
    strictness = dict.fromkeys(result.case.targets.clauses, "off")
    for clause in result.clauses:
        other = "off" if clause.name in asked else clause.strictness
        strictness[clause.name] = "priced" if clause.name in hourly else other
    return replace(inputs, frames=frames), strictness


class YearDispatch:
    """One year of a fleet, with a line on a curve."""

    def __init__(
        self, fleet: Fleet, line: str, curve: NDArray[np.float64], manner: Manner, folder: Path, say: Say
    ) -> None:
        """Lay it out; nothing is built yet.

        Args:
            fleet: what runs.
            line: key of the send-out line; empty if none is on a curve of its own.
            curve: power over rated power in every step of the year, shape (8760 * 60 / step_minutes,).
            manner: how the year is rolled through.
            folder: where its steps and its result go.
            say: is told what is going on.
        """
        self.fleet, self.line, self.curve, self.manner, self.folder, self.say = fleet, line, curve, manner, folder, say
        self._inputs = _on_curve(fleet.inputs, line) if line else fleet.inputs

    def run(self) -> tuple[Result, Audit, Path]:
        """Run the year, or read it if it was run before.

        Returns:
            The result, its audit, and the folder it was written to.

        Raises:
            NoSolutionError: the yearly run or a step has no solution.
            SolverError: a step was not proven optimal, or the year does not pass the audit.
        """
        digest = self._digest()
        if found := max(self.folder.glob(f"[!.]*/{digest}.json"), default=None):
            self.say("known", f"{found.parent}")
            result = store.read(found.parent)
            return result, audit(result), found.parent
        result = self._roll(self._year(), self._yearly(), self.folder / f".steps-{digest}")
        found_audit = audit(result)
        if not found_audit.passed:
            raise SolverError(f"The year does not pass the audit: {' '.join(found_audit.faults)} Nothing was written.")
        written = store.write(result, self.folder, found_audit)
        (written / f"{digest}.json").write_text(json.dumps(asdict(self.manner)), encoding="utf-8")
        shutil.rmtree(self.folder / f".steps-{digest}", ignore_errors=True)
        return result, found_audit, written

    def _digest(self) -> str:
        content = hashlib.sha256(store.content_hash(self._case_of_year(), self._inputs).encode())
        content.update(np.ascontiguousarray(self.curve).tobytes())
        content.update(f"{self.line}{asdict(self.manner)}{self.fleet.case.model_dump_json()}".encode())
        return content.hexdigest()[:12]

    def foresight(self) -> float:
        """What the same year costs at least, decided at once with all of it known: a proven bound [CNY/yr].

        Whole units count as parts of one, which is no more.

        Raises:
            SolverError: no bound was proven.
        """
        kept = self.folder / f"foresight-{self._digest()}.json"
        if kept.is_file():
            return float(json.loads(kept.read_text(encoding="utf-8"))["cost_at_least"])
        self.say("foresight", "the whole year at once")
        problem = self.assembled_year().problem
        bound = lower_bound(problem, read_profile(FORESIGHT), Progress(lambda line: self.say("solver", line)))
        part = kept.with_suffix(".part")
        part.write_text(json.dumps({"cost_at_least": bound}), encoding="utf-8")
        part.replace(kept)
        return bound

    def assembled(self) -> Assembled:
        """The same fleet and curve in the hours of the plan, not solved."""
        return build(self._system(self.fleet.case), self.say)[0]

    def assembled_year(self) -> Assembled:
        """The same in all hours of the year, not solved."""
        return self._year()[0]

    def _case_of_year(self) -> Case:
        manner, case = self.manner, self.fleet.case
        update = {"kind": "year", "window_hours": manner.window, "step_minutes": manner.step_minutes}
        if case.time.kind == "hours":
            update["kind"] = "hours"
        time_ = case.time.model_copy(update=update)
        return case.model_copy(update={"time": time_, "commitment": manner.commitment})

    def _system(self, case: Case) -> System:
        system = prepare(self._inputs, case, self.fleet.catalogue, self.fleet.extra)
        if not self.line:
            return system
        # In the hours of the plan a curve in shorter steps counts with the mean of each hour.
        curve = self.curve.reshape(HOURS * case.time.steps_per_hour, -1).mean(axis=1)[: case.year_steps]
        given = system.series["send_out/curve"].assign(**{self.line: np.tile(curve, len(case.water.years))})
        return replace(system, series={**system.series, "send_out/curve": given})

    def _yearly(self) -> Yearly:
        """The year in the hours of the plan, with the same fleet and curve."""
        self.say("yearly run", "levels and prices of the year, in the hours of the plan")
        system = self._system(self.fleet.case)
        ready = Ready(Path(self.fleet.name), system, self.fleet.profile, expected(system))
        result, _ = answer(ready, *build(system, self.say), self.say)
        return Yearly(result, system.case.stages[0])

    def _year(self) -> tuple[Assembled, float]:
        self.say("year", f"all hours, windows of {self.manner.window} h")
        return build(self._system(self._case_of_year()), self.say)

    def _roll(self, year: tuple[Assembled, float], yearly: Yearly, kept: Path) -> Result:
        assembled, build_seconds = year
        spans, case = assembled.system.chronology, assembled.system.case
        circle = open_end(assembled.problem, [f"{family}_final" for family in yearly.levels])
        problem, before = given_start(circle, spans, yearly.before(case))
        guide = guide_of(yearly, problem, spans, case)
        rolling = Rolling(problem, circle, spans, _fixed(problem, yearly), guide, self.manner.sight)
        profile = read_profile(self.manner.profile or PROFILES[self.manner.commitment])
        steps: list[Step] = []
        started = time.perf_counter()
        for number in range(rolling.count):
            step = _read_step(kept, number)
            if step is None:
                step = rolling.solve(number, profile, Progress(), _refuse)
                _keep_step(kept, step)
            rolling.take(step)
            steps.append(step)
            self.say("rolling", _where(rolling, step, spans, case, time.perf_counter() - started))
        problem, rolled = rolling.close(steps, profile, Progress())
        return self._result(
            replace(assembled, problem=problem),
            rolled,
            profile,
            build_seconds,
            yearly,
            before,
            guide.targets[spans.spans[-1].index],
        )

    def _result(
        self,
        assembled: Assembled,
        rolled: Rolled,
        profile: Profile,
        build_seconds: float,
        yearly: Yearly,
        before: list[Given],
        last: list[Target],
    ) -> Result:
        solution = Solution(
            values=rolled.values,
            row_duals=rolled.row_duals,
            status="every step optimal",
            solver=f"{yearly.result.solve['solver'].split(',')[0]}, {len(rolled.steps)} steps",
            attempts=[Tried("rolling", "optimal", rolled.seconds, len(rolled.steps))],
            seconds=rolled.seconds,
            gap=max(step["whole_gap"] for step in rolled.steps),
            whole=bool(assembled.problem.whole.any()),
        )
        result = solved(assembled, solution, build_seconds, peak_memory_mb())
        result.solve["profile"] = profile.model_dump(mode="json")
        result.solve["rolling"] = {
            **asdict(self.manner),
            "fleet": self.fleet.name,
            "steps": rolled.steps,
            "unheld": rolled.unheld,
            "before": before,
            "ends": [(float(rolled.values[t.column]), t.level, t.worth) for t in last],
            "yearly_cost": yearly.result.objective,
        }
        return result


def owed(result: Result) -> float:
    """What the levels at the end of a rolled year are short of those it should have, at their worth [CNY]."""
    return sum(worth * (level - found) for found, level, worth in result.solve["rolling"]["ends"])


def _fixed(problem: Any, yearly: Yearly) -> NDArray[np.float64]:
    """Columns whose value is no choice: capacities of a fleet that neither grows nor shrinks, what hours follow."""
    fixed = yearly.decided(problem)
    alone = problem.lower == problem.upper
    fixed[alone] = problem.lower[alone]
    return fixed


def _refuse(problem: Any, solution: Solution) -> str:
    return " ".join(weaknesses(certify(problem, solution.values, solution.row_duals)))


def _where(rolling: Rolling, step: Step, spans: Any, case: Case, seconds: float) -> str:
    """How far the year is."""
    last = int(case.hour_of(spans.spans[step.last].hours[-1:])[0])
    day = pd.Timestamp(2025, 1, 1) + pd.Timedelta(hours=last)
    return f"step {step.number + 1} of {rolling.count}, to {day:%m-%d}, {seconds:.0f} s"


def _on_curve(inputs: Inputs, line: str) -> Inputs:
    """The tables with the line on a curve, any of those there are: the series stands in its place."""
    rows, curves = inputs["send_out"].copy(), inputs["send_out_curves"]
    rows.loc[line, "schedule"] = "curve"
    frames = {**inputs.frames, "send_out": rows}
    if rows.at[line, "curve"] not in set(curves.index.get_level_values(0)):
        rows.loc[line, "curve"] = "given"
        shares = {c: 0.0 for c in curves.columns if c not in ("source", "confidence", "note")}
        words = {c: "" for c in ("source", "confidence", "note") if c in curves.columns}
        index = pd.MultiIndex.from_product([["given"], range(1, 13)], names=curves.index.names)
        frames["send_out_curves"] = pd.concat([curves, pd.DataFrame([{**shares, **words}] * 12, index=index)])
    return replace(inputs, frames=frames)


def _read_step(folder: Path, number: int) -> Step | None:
    """A step that was solved before; none if it was not, or was not written to its end."""
    path = folder / f"{number:04d}.npz"
    try:
        with path.open("rb") as file, np.load(file) as held:
            proof = json.loads(str(held["proof"]))
            first, last = (int(v) for v in held["windows"])
            return Step(number, first, last, held["values"], held["duals"], proof["proof"], proof["seconds"])
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


def _keep_step(folder: Path, step: Step) -> None:
    # Another run of the same year may write the same step, and take the folder away when it is done.
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{step.number:04d}.{os.getpid()}.part"
    with part.open("wb") as file:
        proof = json.dumps({"proof": step.proof, "seconds": step.seconds})
        np.savez(file, windows=[step.first, step.last], values=step.values, duals=step.duals, proof=proof)
    part.replace(folder / f"{step.number:04d}.npz")
