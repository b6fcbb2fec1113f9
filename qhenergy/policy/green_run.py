"""Green run (R02): so many days in a row without fossil power, from a day of the calendar on.

    green_run/requirement   sum(weight[w] * fossil[t], t in run) <= 0                            [MWh]

    fossil[t] = sum(generation[a,t], a in group) + sum(import[n,t], n counts as fossil)

A hard clause says the same hour by hour; see `policy.standstill`. Of imports none may count as fossil
(`allowed`), or those over a tie whose emission factor is above zero (`clean`), or all (`none`).

A run is of real hours and may go on over New Year; with several water years each has it. Where periods are
representative, an hour is in the run if any real period it stands for is in the run at that hour: what is
modelled then holds on every real day of the run, and on the other days that share its hours as well. Days
beyond the last whole period of the year have no hour to stand for them and ask nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.case import Case
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements
from qhenergy.policy.standstill import Standstill, meter_standstills, still_requirement, write_standstills
from qhenergy.profiles.calendar import DAYS, HOURS, MONTH_DAYS

KIND = "green_run"
TITLE = ("days in a row without fossil power", "连续全网绿电")
#: Which imports count as fossil: none of them, those whose tie has an emission factor, all.
IMPORTS = ("allowed", "clean", "none")
TABLE = Table(
    "green_runs",
    "days in a row in which a group of plants stands still",
    (
        text("clause", "key"),
        reference("group", "groups", "plants that stand still"),
        text(
            "imports",
            "what may come in: nothing, over ties without emissions, or anything",
            choices=("none", "clean", "allowed"),
        ),
        integer("first_month", "month of the first day", low=1, high=12),
        integer("first_day", "day of the month", low=1, high=31),
        integer("days", "how many days", low=1, high=DAYS),
        integer("year", "first year in force", low=1950, high=2100),
        *PROVENANCE,
    ),
)


def hours_of_run(case: Case, first_hour: int, days: int) -> NDArray[np.bool_]:
    """Whether each real hour is in a run that goes on over New Year.

    Args:
        case: says how many hours a year has and how many years follow each other.
        first_hour: of the year.
        days: length of the run.

    Returns:
        Shape (water years x hours of a year,), or of its shorter steps.
    """
    inside = np.zeros(HOURS, dtype=bool)
    inside[(first_hour + np.arange(24 * days)) % HOURS] = True
    return np.tile(np.repeat(inside[: case.year_hours], case.time.steps_per_hour), len(case.water.years))


def day_of_year(month: int, day: int) -> int:
    """Number of a day of the year, from 0.

    Raises:
        ValueError: the month has no such day.
    """
    if not 1 <= day <= MONTH_DAYS[month - 1]:
        raise ValueError(f"month {month} has {MONTH_DAYS[month - 1]} days")
    return sum(MONTH_DAYS[: month - 1]) + day - 1


def _real_hours(case: Case, clause: Clause) -> NDArray[np.bool_]:
    row = clause.row
    first = day_of_year(int(row["first_month"]), int(row["first_day"]))
    return hours_of_run(case, 24 * first, int(row["days"]))


def fossil_power(window: Window, technologies: set[str], imports: str, hour: int) -> Any:
    """What a group generates in an hour, and what comes in that counts as fossil [MWh]."""
    left = window.generation_of(technologies, [hour])
    if imports == "allowed":
        return left
    return left + window.imported(hour, lambda i: imports == "none" or i.emission > 0)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter fossil power in the run, and forbid it."""
    place = window.span.index - window.chronology.of_stage(window.stage)[0].index

    def asked(c: Clause) -> Standstill:
        inside = window.chronology.standing_for(window.stage, _real_hours(window.case, c))[place]
        technologies, imports = set(window.inputs.members(c.row["group"])), str(c.row["imports"])
        hours = np.flatnonzero(inside).tolist()
        return Standstill(c, hours, lambda t: fossil_power(window, technologies, imports, t))

    standstills = [asked(c) for c in clauses]
    meter_standstills(window, KIND, "MWh", standstills)
    write_standstills(window, KIND, "MWh", standstills)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a run begins on a day that its month does not have.
    """
    faults = []
    for c in clauses:
        month, day = int(c.row["first_month"]), int(c.row["first_day"])
        if day > MONTH_DAYS[month - 1]:
            expected = f"a day up to {MONTH_DAYS[month - 1]}"
            faults.append(Fault(f"{TABLE.name}.csv, row {c.name}", f"day {day} of month {month}", expected))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))

    def measured(c: Clause, y: int) -> bool:
        return any(part.any() for part in plan.chronology.standing_for(y, _real_hours(plan.case, c)))

    demands = [
        Demand(
            still_requirement(c, y, "10^8 kWh", 1e5, measured=measured(c, y)),
            plan.yearly(KIND, c.name, y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "MWh", demands)
