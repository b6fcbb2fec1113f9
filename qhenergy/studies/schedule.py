"""A send-out schedule: can a line keep a curve every day of the year, with what, at what cost, and what fails first?

The fleet is that of a stored result, or of a case, which is planned first unless it has a result already; a case of
variants has a fleet for each. Every curve is dispatched through all hours of the year (see `studies.year_dispatch`),
and so is the year with nothing asked of the line, for what the line changes. What came of it is told by
`outcome.schedule_description` and checked once more, without an optimiser, by `outcome.schedule_check` and
`outcome.dispatch_check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qhenergy.data.case import STEP_MINUTES, Schedule
from qhenergy.data.curve_file import Curve
from qhenergy.data.curve_library import curve_of
from qhenergy.data.curve_rules import CurveRules, curve_rules
from qhenergy.data.day_types import calendar_of
from qhenergy.data.lines import standing
from qhenergy.data.step_rules import rules_of
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.model.catalogue import with_extra
from qhenergy.outcome.better_curve import Firm, Found
from qhenergy.outcome.dispatch_arrays import arrays_of
from qhenergy.outcome.dispatch_check import check_dispatch
from qhenergy.outcome.next_capacity import Leaning, NextCapacity
from qhenergy.outcome.result import Result
from qhenergy.outcome.schedule_check import Breach, check
from qhenergy.outcome.schedule_description import Description, describe
from qhenergy.outcome.schedule_verdict import Verdict
from qhenergy.profiles.calendar import HOURS
from qhenergy.studies import stepwise
from qhenergy.studies.expansion import Say
from qhenergy.studies.firm import EVENING, firm_levels
from qhenergy.studies.next_capacity import leaning_of, next_of
from qhenergy.studies.optimise import Optimise, parse
from qhenergy.studies.planned import Planned, planned
from qhenergy.studies.year_dispatch import PROFILES, Fleet, Manner, YearDispatch, fleet_of_result, owed

#: Name of the year in which nothing is asked of the line, and of the best curve.
NOTHING, OPTIMISED = "no-line", "optimised"
#: Most that may be asked of `--next` [MW].
MOST_MORE = 10_000


@dataclass(frozen=True)
class Asked:
    """What is asked of a fleet; what is not said is as `[schedule]` of the case says.

    Attributes:
        line: key of the line.
        curves: files, or names of the library.
        year: stage of the plan; its last if None.
        step_minutes, commitment, keep, ahead: how the year is rolled through, see `Manner`.
        without: whether the year is run with nothing asked of the line as well.
        foresight: whether it is told how far rolling is at most from the year decided at once.
        optimise: what is asked of a better curve, see `studies.optimise`; none is sought if empty.
        firm: whether the largest flat and evening levels are sought.
        more: of how much more of each asset it is told what it would repair [MW]; of none if 0.
    """

    line: str = ""
    curves: tuple[str, ...] = ()
    year: int | None = None
    step_minutes: int | None = None
    commitment: str = ""
    keep: int | None = None
    ahead: int | None = None
    without: bool = True
    foresight: bool = False
    optimise: str = ""
    firm: bool = False
    more: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no case could say either.

        Raises:
            InputError: with all that is refused.
        """
        faults = []
        if self.optimise:
            try:
                parse(self.optimise)
            except InputError as error:
                faults += error.faults
        if self.step_minutes not in (None, *STEP_MINUTES):
            faults.append(Fault("--step", f"{self.step_minutes}", f"one of {listed(map(str, STEP_MINUTES))}"))
        if self.commitment not in ("", *PROFILES):
            remedy = nearest(self.commitment, PROFILES) or "Write one of the two."
            faults.append(Fault("--commitment", f'"{self.commitment}"', "linear or whole", remedy))
        if self.keep is not None and not 1 <= self.keep <= HOURS:
            faults.append(Fault("--keep", f"{self.keep}", f"hours from 1 to {HOURS}"))
        if self.ahead is not None and not 0 <= self.ahead <= HOURS:
            faults.append(Fault("--ahead", f"{self.ahead}", f"hours from 0 to {HOURS}"))
        if not 0 <= self.more <= MOST_MORE:
            faults.append(Fault("--next", f"{self.more:g}", f"MW from 0 to {MOST_MORE:,}"))
        if faults:
            raise InputError(faults, "the options")

    def manner(self, said: Schedule) -> Manner:
        """How the year is rolled through."""
        return Manner(
            self.step_minutes or said.step_minutes,
            self.commitment or said.commitment,
            self.keep or said.keep,
            said.ahead if self.ahead is None else self.ahead,
        )


@dataclass(frozen=True)
class Run:
    """A curve dispatched through the year: what was asked, what came of it, what is told of it, how it was checked.

    `next` says what more of each asset would repair; None if it was not asked.
    """

    curve: Curve
    result: Result
    description: Description
    verdict: Verdict
    next: NextCapacity | None = None


@dataclass(frozen=True)
class Better:
    """What was sought of a better curve in the hours of the plan.

    Attributes:
        found: the best curve, and for each curve that misses something the nearest that misses nothing; by name.
        firm: levels the line can be counted on for, flat and in the evening.
    """

    found: dict[str, Found]
    firm: tuple[Firm, ...]


def run(source: Path, asked: Asked, results: Path, say: Say = lambda *_: None) -> tuple[list[Run], Better, Path]:
    """Dispatch a fleet through the year with a line on each of some curves.

    Args:
        source: folder of a result, or a case.
        asked: what is asked.
        results: folder that results go to: `<case>/schedule/<line>/<curve>`.
        say: is told what is going on.

    Returns:
        What came of each curve on each fleet, what better curves were found, and the folder of all of them.

    Raises:
        InputError: faults of the options, the curves or the case.
        NoSolutionError: the fleet cannot be dispatched.
        SolverError: a step was not proven optimal.
    """
    studies = [Study(plan, asked, results, say) for plan in planned(source, results, say)]
    runs, better = [], Better({}, ())
    for study in studies:
        made, found = study.runs(len(studies) > 1)
        runs += made
        better = Better(better.found | found.found, better.firm + found.firm)
    return runs, better, studies[0].base if len(studies) == 1 else studies[0].base.parent


class Study:
    """A line of one fleet.

    Attributes:
        line, stage, curves: which.
        fleet: what runs.
        base: folder of its runs.
    """

    def __init__(self, plan: Planned, asked: Asked, results: Path, say: Say) -> None:
        """Check what is asked.

        Raises:
            InputError: no such line, year or curve.
        """
        self.plan, self.say = plan, say
        self.asked, said = asked, plan.result.case.schedule
        self.line, self.stage = asked.line or said.line, _stage(plan.result, asked.year)
        _check_line(plan.result, self.line, self.stage)
        self.manner = asked.manner(said)
        self.curves = _curves(plan.result, self.line, asked.curves or said.curves, self.manner)
        where = plan.folder.resolve()
        name = f"{where.parent.name}/{where.name}, {self.stage}"
        self.fleet: Fleet = fleet_of_result(plan.result, self.stage, with_extra(plan.extra), plan.extra, name)
        self._sought: stepwise.Study | None = None
        self._leans: Leaning | None = None
        self.base = results / _case_name(plan.folder, results) / "schedule" / self.line / plan.name

    def dispatch(self, curve: Curve | None) -> YearDispatch:
        """The year with a curve, or with nothing asked of the line."""
        name = curve.name if curve else NOTHING
        self.say("curve", name if curve else "nothing asked of the line")
        shares = curve.per_unit if curve else np.zeros(8760 * 60 // self.manner.step_minutes)
        return YearDispatch(self.fleet, self.line, shares, self.manner, self.base / name, self.say)

    def runs(self, several: bool) -> tuple[list[Run], Better]:
        """All curves of the fleet, the best one among them if one is asked for, and what better ones were found."""
        without = self.dispatch(None).run()[0] if self.asked.without else None
        found: dict[str, Found] = {}
        curves = list(self.curves)
        if self.asked.optimise:
            best = stepwise.better_curve(self._hours_of_plan(), parse(self.asked.optimise), self._rules)
            found[self._name(OPTIMISED, several)] = best
            curves.append(self._written(best))
        made = [self._run(curve, without, several) for curve in curves]
        for run in made:
            if run.curve.name != OPTIMISED and run.description.energy("missed") > 0:
                hourly = run.curve.values.reshape(HOURS, -1).mean(axis=1)
                found[f"{run.verdict.name}: nearest"] = self._nearest(hourly)
        firm: list[Firm] = []
        if self.asked.firm:
            for hours in ((0, 0), EVENING):
                firm += firm_levels(self._hours_of_plan(), hours=hours)
        return made, Better(found, tuple(firm))

    @property
    def _rules(self) -> CurveRules:
        rating = float(self.fleet.inputs["send_out"].at[self.line, "capacity"])
        return curve_rules(rules_of(self.fleet.inputs, self.line), rating)

    def _hours_of_plan(self) -> stepwise.Study:
        """The fleet in the hours of the plan, in which curves are sought."""
        if self._sought is None:
            nothing = np.zeros(HOURS * 60 // self.manner.step_minutes)
            dispatch = YearDispatch(self.fleet, self.line, nothing, self.manner, self.base, self.say)
            self._sought = stepwise.Study(dispatch.assembled(), self.line, self.fleet.profile, self.say)
        return self._sought

    def _nearest(self, curve: NDArray[np.float64]) -> Found:
        """The nearest curve that misses nothing, with a day for each month, and what separates the two."""
        study = self._hours_of_plan()
        system = study.assembled.system
        hours = np.concatenate([span.hours for span in system.chronology.of_stage(self.stage)])
        self.say("nearest", "the curve nearest to the one asked for that can be held")
        asked = Optimise(seasons=_months(system.month[hours]))
        return stepwise.nearest_curve(study, curve[system.case.hour_of(hours)], asked)

    def _written(self, found: Found) -> Curve:
        """The best curve as a file of its own, read back as any other."""
        path = self.base / f"{OPTIMISED}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        table = found.by_month
        minutes = 1440 // table.shape[1]
        names = [f"{m // 60:02d}:{m % 60:02d}" if minutes < 60 else f"{m // 60:02d}" for m in range(0, 1440, minutes)]
        table = table.set_axis([f"{name} [p.u.]" for name in names], axis=1).rename_axis("month")
        table.to_csv(path, float_format="%.6g")
        return curve_of(str(path), self.fleet.inputs, self.line, self.manner.step_minutes)

    def _name(self, name: str, several: bool) -> str:
        return f"{self.plan.name}: {name}" if several else name

    def _run(self, curve: Curve, without: Result | None, several: bool) -> Run:
        dispatch = self.dispatch(curve)
        result, found, folder = dispatch.run()
        distance = None
        if self.asked.foresight:
            least = dispatch.foresight()
            distance = (result.objective + owed(result) - least) / abs(least)
        self.say("describing", curve.name)
        name = self._name(curve.name, several)
        description = describe(result, self.line, self.stage, name, without)
        rolling = result.solve["rolling"]
        verdict = Verdict(
            name, found, tuple(self._breaches(curve, result)), distance, rolling["unheld"], len(rolling["steps"]),
            max(step["whole_gap"] for step in rolling["steps"]), float(result.solve["solve_seconds"]), str(folder),
        )  # fmt: skip
        return Run(curve, result, description, verdict, self._next(dispatch, result))

    def _next(self, dispatch: YearDispatch, result: Result) -> NextCapacity | None:
        """What more of each asset would repair, if it is asked."""
        if not self.asked.more:
            return None
        if self._leans is None:
            self._leans = leaning_of(dispatch, result)
        return next_of(dispatch, result, self._leans, self.asked.more)

    def _breaches(self, curve: Curve, result: Result) -> list[Breach]:
        """What the independent checker finds, of the curve as it was asked and of the dispatch."""
        inputs, minutes = result.inputs, self.manner.step_minutes
        rules, rated = rules_of(inputs, self.line), float(inputs["send_out"].at[self.line, "capacity"])
        of_curve = check(curve.values, None, minutes, rules, rated, calendar_of(inputs), curve.maintenance)
        return [*of_curve, *check_dispatch(arrays_of(result, self.stage, minutes))]


def _case_name(folder: Path, results: Path) -> str:
    """Name of the case of a result: a variant has a folder of its own below that of its case."""
    if folder.resolve().is_relative_to(results.resolve()):
        return folder.resolve().relative_to(results.resolve()).parts[0]
    return folder.resolve().parent.name


def _months(seen: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """Every month that has modelled hours as a season, with those behind it that have none."""
    first = sorted({int(month) for month in seen})
    ends = [*first[1:], first[0] + 12]
    return tuple(tuple((m - 1) % 12 + 1 for m in range(month, end)) for month, end in zip(first, ends, strict=True))


def _stage(result: Result, year: int | None) -> int:
    stages = result.case.stages
    if year is None:
        return stages[-1]
    if year not in stages:
        expected = f"a stage of the result: {listed(map(str, stages))}"
        raise InputError([Fault("--year", str(year), expected, "Name one of them.")], "the options")
    return year


def _check_line(result: Result, line: str, stage: int) -> None:
    known, there = [str(name) for name in result.inputs["send_out"].index], standing(result.inputs, result.case, stage)
    if line not in known:
        fault = Fault("--line", f'"{line}"', f"a line of send_out.csv: {listed(known)}", nearest(line, known))
        raise InputError([fault], "the options")
    if line not in there:
        found, expected = f'"{line}", which is not in service in {stage}', f"one of {listed(there) or 'none'}"
        raise InputError([Fault("--line", found, expected, "Name another line or year.")], "the options")


def _curves(result: Result, line: str, curves: Sequence[str], manner: Manner) -> list[Curve]:
    """The curves, read before the first is run; faults of all of them."""
    made, faults = [], []
    for name in curves:
        try:
            made.append(curve_of(name, result.inputs, line, manner.step_minutes))
        except InputError as error:
            faults += error.faults
    names = [curve.name for curve in made]
    if not curves:
        faults.append(Fault("--curve", "none", "a file, or the name of a curve of the library", "Name one or several."))
    if len(set(names)) < len(names):
        faults.append(Fault("--curve", listed(names), "a name of its own for each curve", "Rename one of the files."))
    if faults:
        raise InputError(faults, "the curves")
    return made
