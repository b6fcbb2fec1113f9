"""What the next MW of each asset would repair of a schedule, and the year with more of the best one solved anew.

The first is told by the duals (see `outcome.next_capacity`); it needs the problem of the year once more, built and not
solved. The second is a year of its own, rolled through as the first was and resumed where it was stopped.
"""

from __future__ import annotations

from dataclasses import replace

from qhenergy.data.inputs import Inputs
from qhenergy.data.next_mw import opened, raised
from qhenergy.outcome.delivery import hours_of_line
from qhenergy.outcome.next_capacity import Confirmed, Leaning, NextCapacity, leaning, next_capacity
from qhenergy.outcome.result import Result
from qhenergy.studies.year_dispatch import YearDispatch, owed


def leaning_of(dispatch: YearDispatch, result: Result) -> Leaning:
    """Which limits of a year lean on which capacity; the same for every curve of a fleet.

    Args:
        dispatch: of the year.
        result: what came of it.
    """
    dispatch.say("next capacity", "the problem of the year with capacities as columns, not solved")
    return leaning(result.problem, _with(dispatch, opened(dispatch.fleet.inputs), "open").assembled_year().problem)


def next_of(dispatch: YearDispatch, result: Result, leans: Leaning, size: float) -> NextCapacity:
    """What more of each asset would repair and save, and of the best one what it did.

    Args:
        dispatch: of the year.
        result: what came of it.
        leans: see `leaning_of`.
        size: how much more [MW].

    Raises:
        NoSolutionError, SolverError: the year with more of the best one was not solved.
    """
    made = next_capacity(result, leans, dispatch.line, size, dispatch.folder.name)
    if not made.best:
        return made
    dispatch.say("next capacity", f"{made.best}: the year with {size:g} MW more of it")
    fleet = raised(dispatch.fleet.inputs, made.best, size)
    after, _, folder = _with(dispatch, fleet, f"next-{size:g}-{made.best}").run()
    repaired = made.missed - _missed(after, dispatch.line)
    saved = result.objective + owed(result) - after.objective - owed(after) - made.price * repaired
    return replace(made, confirmed=Confirmed(made.best, repaired, saved, str(folder)))


def _with(dispatch: YearDispatch, inputs: Inputs, name: str) -> YearDispatch:
    """The same year of another fleet, in a folder of its own beside that of the first."""
    fleet = replace(dispatch.fleet, inputs=inputs)
    folder = dispatch.folder.parent / f"{dispatch.folder.name}-{name}"
    return YearDispatch(fleet, dispatch.line, dispatch.curve, dispatch.manner, folder, dispatch.say)


def _missed(result: Result, line: str) -> float:
    """What a line misses [MWh/yr]."""
    hours = hours_of_line(result, line, result.case.stages[0])
    return float(hours["weight"] @ hours["missed"])
