"""What the next MW of each asset would repair of a schedule, and the year with more of the best ones solved anew.

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

#: Most assets of which the year is solved anew.
TRIES = 3


def leaning_of(dispatch: YearDispatch, result: Result) -> Leaning:
    """Which limits of a year lean on which capacity; the same for every curve of a fleet.

    Args:
        dispatch: of the year.
        result: what came of it.
    """
    dispatch.say("next capacity", "the problem of the year with capacities as columns, not solved")
    return leaning(result.problem, _with(dispatch, opened(dispatch.fleet.inputs), "open").assembled_year().problem)


def next_of(dispatch: YearDispatch, result: Result, leans: Leaning, size: float) -> NextCapacity:
    """What more of each asset would repair and save, and of the best ones what they did.

    Duals of a rolling schedule do not see what is lacking after their step: of water that more turbines use in an
    evening they know the worth, not the evening that misses it. So the next one is solved anew as well while it
    promises more than any before has kept.

    Args:
        dispatch: of the year.
        result: what came of it.
        leans: see `leaning_of`.
        size: how much more [MW].

    Raises:
        NoSolutionError, SolverError: the year with more of one was not solved.
    """
    made = next_capacity(result, leans, dispatch.line, size, dispatch.folder.name)
    for name in made.candidates[:TRIES]:
        if made.best is not None and made.best.repaired >= float(made.table.at[name, "repaired"]):
            break
        made = replace(made, confirmed=(*made.confirmed, _confirmed(dispatch, result, made, name)))
    return made


def _confirmed(dispatch: YearDispatch, result: Result, made: NextCapacity, name: str) -> Confirmed:
    """What came of the year with more of one asset."""
    dispatch.say("next capacity", f"{name}: the year with {made.size:g} MW more of it")
    fleet = raised(dispatch.fleet.inputs, name, made.size)
    after, _, folder = _with(dispatch, fleet, f"next-{made.size:g}-{name}").run()
    repaired = made.missed - _missed(after, dispatch.line)
    saved = result.objective + owed(result) - after.objective - owed(after) - made.price * repaired
    return Confirmed(name, repaired, saved, str(folder))


def _with(dispatch: YearDispatch, inputs: Inputs, name: str) -> YearDispatch:
    """The same year of another fleet, in a folder of its own beside that of the first."""
    fleet = replace(dispatch.fleet, inputs=inputs)
    folder = dispatch.folder.parent / f"{dispatch.folder.name}-{name}"
    return YearDispatch(fleet, dispatch.line, dispatch.curve, dispatch.manner, folder, dispatch.say)


def _missed(result: Result, line: str) -> float:
    """What a line misses [MWh/yr]."""
    hours = hours_of_line(result, line, result.case.stages[0])
    return float(hours["weight"] @ hours["missed"])
