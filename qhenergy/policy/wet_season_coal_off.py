"""Wet season: a group of plants does not generate from one month to another.

    wet_season_coal_off/requirement   sum(weight[w] * generation[a,t], a in group, t in season) <= 0   [MWh]

A hard clause says the same hour by hour; see `policy.standstill`.

The months are data, since no document prints them. A season may run over the turn of the year. A hard season
refuses plants of its group that are tied by heat in one of its months: both could not be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements
from qhenergy.policy.standstill import Standstill, meter_standstills, still_requirement, write_standstills

KIND = "wet_season_coal_off"
TITLE = ("plants that stand still in a season", "季节性停机")
TABLE = Table(
    "coal_off_seasons",
    "a season in which a group of plants stands still",
    (
        text("clause", "key"),
        reference("group", "groups", "plants that stand still"),
        integer("year", "first year in force", low=1950, high=2100),
        integer("first_month", "first month of the season", low=1, high=12),
        integer("last_month", "last month of the season", low=1, high=12),
        *PROVENANCE,
    ),
)


def in_season(month: int, first: int, last: int) -> bool:
    """Whether a month lies in a season that may run over the turn of the year."""
    return first <= month <= last if first <= last else month >= first or month <= last


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what the group generates in season, and forbid it."""

    def asked(c: Clause) -> Standstill:
        first, last = int(c.row["first_month"]), int(c.row["last_month"])
        season = [t for t in window.hours if in_season(window.month[t], first, last)]
        technologies = set(window.inputs.members(c.row["group"]))
        return Standstill(c, season, lambda t: window.generation_of(technologies, [t]))

    standstills = [asked(c) for c in clauses]
    meter_standstills(window, KIND, "MWh", standstills)
    write_standstills(window, KIND, "MWh", standstills)


def _tied(plan: Plan, clause: Clause) -> Iterator[Fault]:
    """Months of the season in which a plant of the group must run for its heat."""
    row, members = clause.row, plan.inputs.members(clause.row["group"])
    stages = [y for y in plan.case.stages if clause.applies(y)]
    for (asset, month), share in plan.inputs["heat_ties"]["share"].items():
        within = share > 0 and in_season(int(month), int(row["first_month"]), int(row["last_month"]))
        there = any(plan.assets.possible(asset, y) for y in stages)
        if within and there and plan.assets[asset].technology in members:
            found = f"a least output of {share:g} for heat, in the season of clause {clause.name}"
            remedy = "Set the share to 0, or give the season other months."
            yield Fault(f"heat_ties.csv ({asset}, {month:g})", found, "none while the group stands still", remedy)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a hard season in which a plant of the group must run for its heat.
    """
    faults = [fault for c in clauses if c.strictness == "hard" for fault in _tied(plan, c)]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    demands = [
        Demand(still_requirement(c, y, "10^8 kWh", 1e5), plan.yearly(KIND, c.name, y))
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "MWh", demands)
