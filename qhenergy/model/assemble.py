"""Assemble a case: plan the technologies, write the clauses, operate the windows, stack.

`assemble` reads like a table of contents. Windows are compiled one at a time and dropped, so that
memory stays small, and in parallel where there are cores.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.assets import Assets
from qhenergy.algebra.compile import Compiled, compile_block
from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import Feed, Flow, Join, Potential, Vessel
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import Standby
from qhenergy.algebra.window import Window
from qhenergy.data.case import Case
from qhenergy.data.fleet import fleet_of
from qhenergy.data.inputs import Inputs
from qhenergy.model.catalogue import Catalogue, with_extra
from qhenergy.model.chronology import choose
from qhenergy.model.problem import Problem, stack
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.periods.representative import scaled
from qhenergy.policy.clause import Clause, Requirement
from qhenergy.policy.target_set import chosen

#: Series that may not be scaled beyond this value, by the word behind the slash of their name.
LIMITS = {"availability": 1.0, "curve": 1.0}
#: Series that a representative period keeps as they are: rules of the calendar and of neighbours, not weather.
UNSCALED = ("send_out/curve", "ac_tie/availability", "ac_tie/price", "electric_heat/given")

#: What technologies said of the columns of a window, kept by stage.
NOTES = ("joins", "flows", "feeds", "potentials", "vessels", "standbys")

Progress = Callable[[str], None]


@dataclass
class System:
    """A case made ready: data, hours and chronology, before any algebra.

    Attributes:
        inputs, case: what it is about.
        catalogue: the modules.
        clauses: clauses in force.
        series: series of the whole year, by name, hours x members; steps x members where these are shorter.
        chronology: which hours are modelled.
        month, hour_of_day: calendar of the year, or of the water years one after the other; of every step.
        given: further series, modelled hours x members, such as the point of a tangent.
    """

    inputs: Inputs
    case: Case
    catalogue: Catalogue
    clauses: list[Clause]
    series: dict[str, pd.DataFrame]
    chronology: Chronology
    month: NDArray[np.int64]
    hour_of_day: NDArray[np.int64]
    extra: tuple[Path, ...] = ()
    given: dict[str, pd.DataFrame] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Clause]:
        """Clauses of one kind."""
        return [c for c in self.clauses if c.kind == kind]


@dataclass
class Assembled:
    """What is handed to the solver, and what is needed to read its answer.

    Attributes:
        problem: the matrix.
        system: what it was made from.
        assets: the register of the plan.
        requirements: what the clauses ask.
        joins, flows, feeds, potentials, vessels, standbys: by stage, which columns take part in the balances of
            zones, of the river and of hydrogen and heat, use a potential, fill and empty a store, and could be raised
            or lowered at once.
        series: hourly series of every window, by name, modelled hours x members.
    """

    problem: Problem
    system: System
    assets: Assets
    requirements: list[Requirement]
    joins: dict[int, list[Join]]
    flows: dict[int, list[Flow]]
    feeds: dict[int, list[Feed]]
    potentials: dict[int, list[Potential]]
    standbys: dict[int, list[Standby]]
    vessels: dict[int, list[Vessel]]
    series: dict[str, pd.DataFrame]


def make_series(inputs: Inputs, case: Case, catalogue: Catalogue) -> tuple[Hours, dict[str, pd.DataFrame]]:
    """Hourly series of all technologies for all water years; what knows of one year only is repeated.

    They are of hours, whatever the steps of the case; `prepare` gives every step that of its hour.
    """
    hours = Hours(inputs, case)
    series: dict[str, pd.DataFrame] = {}
    for technology in catalogue.technologies:
        if hasattr(technology, "series"):
            series |= technology.series(hours)
    years = len(case.water.years)
    for name, frame in series.items():
        if years > 1 and len(frame) == hours.count:
            series[name] = pd.concat([frame] * years, ignore_index=True)
    return hours, series


def prepare(inputs: Inputs, case: Case, catalogue: Catalogue, extra: tuple[Path, ...] = ()) -> System:
    """Choose fleet and clauses, make series, choose the hours that are modelled."""
    inputs = fleet_of(inputs, case)
    clauses = chosen(inputs, case, catalogue.clauses)
    hours, series = make_series(inputs, case, catalogue)
    chronology = choose(inputs, case, series)
    years, steps = len(case.water.years), case.time.steps_per_hour
    month, hour_of_day = (np.tile(np.repeat(of, steps), years) for of in (hours.month, hours.hour_of_day))
    if steps > 1:
        hourly = years * case.year_hours
        series = {name: _in_steps(frame, steps) if len(frame) == hourly else frame for name, frame in series.items()}
    return System(inputs, case, catalogue, clauses, series, chronology, month, hour_of_day, extra)


def _in_steps(frame: pd.DataFrame, steps: int) -> pd.DataFrame:
    """A series of hours with the value of its hour for every step: powers and flows stay, and so does their mean."""
    return pd.DataFrame(np.repeat(frame.to_numpy(), steps, axis=0), columns=frame.columns)


def assemble(system: System, workers: int | None = None, progress: Progress | None = None) -> Assembled:
    """Write the whole problem.

    Args:
        system: the case made ready.
        workers: processes that compile windows; as many as there are cores if None.
        progress: is told in words what is going on.

    Returns:
        The problem with its labels.
    """
    say = progress or (lambda _: None)
    say("writing the plan")
    assets, plan, requirements = compile_plan(system)
    series = window_series(system)
    windows = _compile_windows(system, assets, series, workers, say)
    say("stacking")
    problem = stack([plan, *windows], system.case.stage_weights)
    notes: dict[str, dict[int, list]] = {word: {} for word in NOTES}
    for span, window in zip(system.chronology.spans, windows, strict=True):
        for word, by_stage in notes.items():
            by_stage.setdefault(span.stage, window.notes[word])
    flat = {name: pd.concat([by_span[s.index] for s in system.chronology.spans]) for name, by_span in series.items()}
    return Assembled(problem, system, assets, requirements, **notes, series=flat)


def compile_plan(system: System) -> tuple[Assets, Compiled, list[Requirement]]:
    """Write and compile the plan: register assets, write capacities, technologies, clauses."""
    plan = Plan(
        system.inputs, system.case, system.chronology, system.series, system.month.tolist(), system.hour_of_day.tolist()
    )
    for technology in system.catalogue.technologies:
        if hasattr(technology, "register"):
            technology.register(plan)
    plan.write_capacities()
    for technology in system.catalogue.technologies:
        if hasattr(technology, "plan"):
            technology.plan(plan)
    requirements: list[Requirement] = []
    for clause in system.catalogue.clauses:
        requirements += clause.write(plan, system.of_kind(clause.KIND))
    plan.close()
    return plan.assets, compile_block(plan), requirements


def window_series(system: System) -> dict[str, dict[int, pd.DataFrame]]:
    """Every series cut into the spans of the chronology and scaled to keep its yearly sum; given ones as they are."""
    cut: dict[str, dict[int, pd.DataFrame]] = {}
    for name, frame in system.series.items():
        if frame.empty:
            continue
        values = frame.to_numpy(dtype=float)
        by_span: dict[int, pd.DataFrame] = {}
        for stage in system.case.stages:
            if name in UNSCALED:
                blocks = [values[s.hours] for s in system.chronology.of_stage(stage)]
            else:
                limit = LIMITS.get(name.rsplit("/", 1)[-1])
                blocks = scaled(values, system.chronology, stage, limit, len(system.case.water.years))
            for span, block in zip(system.chronology.of_stage(stage), blocks, strict=True):
                by_span[span.index] = pd.DataFrame(block, columns=frame.columns)
        cut[name] = by_span
    starts = np.cumsum([0, *(len(span) for span in system.chronology.spans)])
    for name, frame in system.given.items():
        cut[name] = {s.index: frame.iloc[starts[i] : starts[i + 1]] for i, s in enumerate(system.chronology.spans)}
    return cut


def write_window(system: System, assets: Assets, span: Span, series: dict[str, pd.DataFrame]) -> Window:
    """Write and close the window of one span."""
    window = Window(
        system.inputs,
        system.case,
        system.chronology,
        span,
        assets,
        {name: {str(m): frame[m].to_numpy() for m in frame.columns} for name, frame in series.items()},
        system.month[span.hours].tolist(),
        system.hour_of_day[span.hours].tolist(),
    )
    for technology in system.catalogue.technologies:
        if hasattr(technology, "operate"):
            technology.operate(window)
    for technology in system.catalogue.technologies:
        if hasattr(technology, "settle"):
            technology.settle(window)
    for clause in system.catalogue.clauses:
        if hasattr(clause, "operate"):
            clause.operate(window, system.of_kind(clause.KIND))
    window.close()
    return window


def _compile_windows(
    system: System,
    assets: Assets,
    series: dict[str, dict[int, pd.DataFrame]],
    workers: int | None,
    say: Progress,
) -> list[Compiled]:
    spans = system.chronology.spans
    parts = [{name: by_span[span.index] for name, by_span in series.items()} for span in spans]
    hours = sum(len(span) for span in spans)
    count = min(workers or os.cpu_count() or 1, len(spans))
    if count == 1 or hours < PARALLEL_HOURS:
        made = []
        for i, (span, part) in enumerate(zip(spans, parts, strict=True)):
            say(f"window {i + 1} of {len(spans)}")
            made.append(compile_one(system, assets, span, part))
        return made
    with ProcessPoolExecutor(count, initializer=_start_worker, initargs=(_without_modules(system), assets)) as pool:
        made = []
        for i, compiled in enumerate(pool.map(_work, spans, parts)):
            say(f"window {i + 1} of {len(spans)}")
            made.append(compiled)
    return made


#: Below this many hours starting processes costs more than it saves.
PARALLEL_HOURS = 1500


def compile_one(system: System, assets: Assets, span: Span, series: dict[str, pd.DataFrame]) -> Compiled:
    """Write and compile the window of one span; what technologies said of it is in the notes."""
    window = write_window(system, assets, span, series)
    compiled = compile_block(window)
    compiled.notes = {word: list(getattr(window, word)) for word in NOTES}
    return compiled


def _without_modules(system: System) -> System:
    """The system as it can be sent to another process: modules are found again by file there."""
    return System(
        system.inputs,
        system.case,
        Catalogue((), ()),
        system.clauses,
        {},
        system.chronology,
        system.month,
        system.hour_of_day,
        system.extra,
    )


_state: dict[str, object] = {}


def _start_worker(system: System, assets: Assets) -> None:
    system.catalogue = with_extra(system.extra)
    _state["system"], _state["assets"] = system, assets


def _work(span: Span, series: dict[str, pd.DataFrame]) -> Compiled:
    return compile_one(_state["system"], _state["assets"], span, series)


def read_system(inputs: Inputs, case: Case, files: Sequence[Path]) -> System:
    """A case made ready from its data and its user's own files."""
    return prepare(inputs, case, with_extra(files), tuple(files))
