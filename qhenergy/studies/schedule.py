"""A send-out schedule: can a line keep a curve every day of the year, with what, at what cost, and what fails first?

The fleet is that of a stored result, or of a case, which is planned first unless it has a result already. Every curve
is dispatched through all hours of the year (see `studies.year_dispatch`), and so is the year with nothing asked of the
line, for what the line changes. What came of it is told by `outcome.schedule_description` and checked once more,
without an optimiser, by `outcome.schedule_check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qhenergy.data.curve_file import Curve
from qhenergy.data.curve_library import curve_of
from qhenergy.data.inputs import declared_now
from qhenergy.data.lines import standing
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.model.catalogue import with_extra
from qhenergy.outcome import store
from qhenergy.outcome.audit import Audit
from qhenergy.outcome.result import Result
from qhenergy.studies import expansion, variants
from qhenergy.studies.expansion import Say
from qhenergy.studies.year_dispatch import Fleet, Manner, YearDispatch, fleet_of_result

#: Name of the year in which nothing is asked of the line.
NOTHING = "no-line"


@dataclass(frozen=True)
class Run:
    """A curve dispatched through the year.

    Attributes:
        name: of the curve.
        curve: what was asked; None for the year without the line.
        result, audit, folder: what came of it.
    """

    name: str
    curve: Curve | None
    result: Result
    audit: Audit
    folder: Path


@dataclass(frozen=True)
class Schedule:
    """All curves of a line on one fleet.

    Attributes:
        line, stage: which.
        fleet: what it is the fleet of.
        runs: one for each curve.
        without: the year with nothing asked of the line, if it was run.
        folder: of all of them.
    """

    line: str
    stage: int
    fleet: str
    runs: tuple[Run, ...]
    without: Run | None
    folder: Path


def planned(source: Path, results: Path, say: Say) -> tuple[Result, Path]:
    """The result whose fleet is meant: the one named, or that of a case, planned now if it has none.

    Args:
        source: folder of a result, or a case.
        results: folder that results of cases are in.
        say: is told what is going on.

    Raises:
        InputError: there is neither, or the case has variants, each of which has a fleet of its own.
    """
    if (source / store.FILE).is_file():
        return store.read(source), source
    path = expansion.case_file(source)
    if variants.plan(path, results):
        names = listed(v.name for v in variants.plan(path, results))
        remedy = f"Run it, and name the folder of one of its results: {results / path.stem}/VARIANT/..."
        raise InputError([Fault(str(source), f"a case of variants: {names}", "one fleet", remedy)], "the schedule")
    ready = expansion.make_ready(path, say)
    digest = store.content_hash(ready.system.case, ready.system.inputs)
    there = [p.parent for p in (results / path.stem).glob(f"[!.]*-{digest}*/{store.FILE}")]
    if there:
        say("fleet", f"planned before: {max(there)}")
        return store.read(max(there)), max(there)
    return expansion.run_ready(ready, results / path.stem, say)


def run(
    source: Path,
    line: str,
    curves: Sequence[str],
    results: Path,
    manner: Manner,
    year: int | None = None,
    without: bool = True,
    say: Say = lambda *_: None,
) -> Schedule:
    """Dispatch a fleet through the year with a line on each of some curves.

    Args:
        source: folder of a result, or a case.
        line: key of send_out.csv.
        curves: files, or names of the library.
        results: folder that results go to: `<case>/schedule/<line>/<curve>`.
        manner: how the year is rolled through.
        year: stage of the result; the last if None.
        without: whether the year is run with nothing asked of the line as well.
        say: is told what is going on.

    Raises:
        InputError: faults of the options, the curves or the case.
        NoSolutionError: the fleet cannot be dispatched.
        SolverError: a step was not proven optimal.
    """
    planned_result, folder = planned(source, results, say)
    modules, extra = with_extra(()), ()
    planned_result = replace(planned_result, inputs=declared_now(planned_result.inputs, modules.tables))
    stage = _stage(planned_result, year)
    _check_line(planned_result, line, stage)
    read = _curves(planned_result, line, curves, manner)
    fleet = fleet_of_result(planned_result, stage, modules, extra, f"{folder.parent.name}/{folder.name}, {stage}")
    base = results / folder.parent.name / "schedule" / line
    nothing = _dispatch(fleet, line, None, manner, base, say) if without else None
    runs = tuple(_dispatch(fleet, line, curve, manner, base, say) for curve in read)
    return Schedule(line, stage, fleet.name, runs, nothing, base)


def _dispatch(fleet: Fleet, line: str, curve: Curve | None, manner: Manner, base: Path, say: Say) -> Run:
    name = curve.name if curve else NOTHING
    say("curve", name if curve else "nothing asked of the line")
    steps = 8760 * 60 // manner.step_minutes
    shares = curve.per_unit if curve else np.zeros(steps)
    return Run(name, curve, *YearDispatch(fleet, line, shares, manner, base / name, say).run())


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
    if len(set(names)) < len(names):
        faults.append(Fault("--curve", listed(names), "a name of its own for each curve", "Rename one of the files."))
    if faults:
        raise InputError(faults, "the curves")
    return made
