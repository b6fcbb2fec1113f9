"""Fleets taken through other years and prices, side by side on the same footing.

A scenario is a year (weather and water) that fleets are dispatched in, or the base year at other prices. Whoever plans
a fleet knows its base year, so that the first thing to look at is what else it can live through.

Three costs of a year are told: what is paid (`paid`); with it, what is not delivered at its price (`delivered`), which
leads; and with both, clauses that are missed at theirs (`all`). The price of missing a hard clause is no cost, only
makes it the last resort, and would drown all others; but a fleet that breaks a promise saves what keeping it would
cost, so that clauses that are missed are told beside every rank.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from qhenergy.outcome.audit import RELATIVE_GAP
from qhenergy.outcome.fleet_year import FleetYear
from qhenergy.outcome.plan_audit import Cost
from qhenergy.outcome.regret import Regret, regret

#: What a cost counts, from the one that leads.
COUNTS = ("delivered", "paid", "all")
LEADS = COUNTS[0]
#: Kinds of scenarios: a year of the matrix, the year of the case beyond it, and that year at other prices.
YEAR, BASE, FUEL, COSTS = "year", "base", "fuel", "costs"


@dataclass(frozen=True)
class Scenario:
    """What fleets are taken through.

    Attributes:
        name: unique; that of a file.
        kind: `year`, `base`, `fuel` or `costs`.
        weather: which weather, such as the seed of its generator.
        water: which water year.
        subject: technology or group whose investment and fixed O&M change.
        factor: what prices are multiplied by.
        base: whether it is the year that the fleets were planned for, at its own prices.
    """

    name: str
    kind: str
    weather: str
    water: str
    subject: str = ""
    factor: float = 1.0
    base: bool = False


@dataclass(frozen=True)
class Run:
    """A fleet in a scenario.

    Attributes:
        fleet, scenario: their names.
        year: what came of it; None if nothing that may be missed lets it run.
        reason: why there is none.
    """

    fleet: str
    scenario: str
    year: FleetYear | None
    reason: str = ""


@dataclass(frozen=True)
class Robustness:
    """All fleets in all scenarios.

    Attributes:
        title, title_zh: of the case.
        fleets: their names, in the order of the study.
        scenarios: in the order of the study, the base among them.
        runs: one for each fleet and scenario.
        planned: costs by name that the plan of each fleet came to [CNY/yr].
        created: local time.
    """

    title: str
    title_zh: str
    fleets: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    runs: tuple[Run, ...]
    planned: dict[str, dict[str, float]]
    created: str

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Run]:
        return {(run.fleet, run.scenario): run for run in self.runs}

    def run(self, fleet: str, scenario: str) -> Run:
        """The run of a fleet in a scenario.

        Raises:
            KeyError: there is none.
        """
        return self._by_place[fleet, scenario]

    @property
    def base(self) -> Scenario:
        """The year the fleets were planned for."""
        return next(s for s in self.scenarios if s.base)

    @property
    def years(self) -> tuple[Scenario, ...]:
        """The years of the matrix."""
        return tuple(s for s in self.scenarios if s.kind == YEAR)

    @property
    def prices(self) -> tuple[Scenario, ...]:
        """The year of the case, at its own and at other prices."""
        return tuple(s for s in self.scenarios if s.base or s.kind in (FUEL, COSTS))

    def costs(self, counts: str = LEADS, scenarios: tuple[Scenario, ...] | None = None) -> pd.DataFrame:
        """Fleets x scenarios [CNY/yr]; infinite where a fleet has no answer. See the module for what counts."""
        rows = [
            [counted(run.year, counts) for run in (self.run(f, s.name) for s in scenarios or self.scenarios)]
            for f in self.fleets
        ]
        return pd.DataFrame(rows, index=list(self.fleets), columns=[s.name for s in scenarios or self.scenarios])

    def regret(self, counts: str = LEADS, scenarios: tuple[Scenario, ...] | None = None) -> Regret:
        """Ranks and regret over scenarios, those of the matrix if none are named."""
        return regret(self.costs(counts, scenarios or self.years))

    def drift(self, fleet: str) -> float:
        """What the base year costs a fleet more than its plan said, over what that said [-].

        It is no more than the audit leaves open unless a hard clause is worth more than the price of missing it. Not a
        number where the fleet has no answer.
        """
        year = self.run(fleet, self.base.name).year
        planned = sum(self.planned[fleet].values())
        return (sum(year.costs.values()) - planned) / max(abs(planned), 1.0) if year else math.nan

    def drifts(self, fleet: str) -> bool:
        """Whether the base year costs another amount than planned."""
        return not abs(self.drift(fleet)) <= RELATIVE_GAP

    def table(self) -> pd.DataFrame:
        """One row for each fleet and scenario, with all figures of the year; NaN where there is no answer."""
        return pd.DataFrame([self._row(f, s) for f in self.fleets for s in self.scenarios])

    def _row(self, fleet: str, s: Scenario) -> dict[str, Any]:
        year = self.run(fleet, s.name).year
        parts = year.cost if year else Cost(math.nan, math.nan, math.nan)
        place = {"portfolio": fleet, "scenario": s.name, "kind": s.kind, "weather": s.weather, "water": s.water}
        figures = {
            "subject": s.subject,
            "factor": s.factor,
            "cost [CNY/yr]": parts.money + parts.undelivered,
            "paid [CNY/yr]": parts.money,
            "not delivered [CNY/yr]": parts.undelivered,
            "clauses missed [CNY/yr]": parts.clauses,
            "unserved [MWh/yr]": year.unserved_energy if year else math.nan,
            "clauses missed": len({m.clause for m in year.missed}) if year else math.nan,
            "curtailed [-]": year.curtailed_share if year else math.nan,
            "CO2 [t/yr]": year.emission if year else math.nan,
            "hydro [MWh/yr]": year.hydro if year else math.nan,
            "sent [MWh/yr]": sum(line.sent for line in year.lines) if year else math.nan,
            "missed of lines [MWh/yr]": sum(line.missed for line in year.lines) if year else math.nan,
        }
        return {**place, **figures}

    def failures(self) -> pd.DataFrame:
        """Demand that is not served in the years of the matrix and of the case, by date.

        Returns:
            Columns portfolio, scenario, weather, water, stage, date, zone, energy [MWh/yr], largest [MW], days.
        """
        names = ("stage", "date", "zone", "energy [MWh/yr]", "largest [MW]", "days")
        rows = [
            (f, s.name, s.weather, s.water, u.stage, u.date, u.zone, u.energy, u.largest, u.days)
            for f, s, year in self._dispatched()
            for u in year.unserved
        ]
        return pd.DataFrame(rows, columns=["portfolio", "scenario", "weather", "water", *names])

    def clauses(self) -> pd.DataFrame:
        """Clauses that are missed in the years of the matrix and of the case.

        Returns:
            Columns portfolio, scenario, weather, water, clause, stage, strictness, required, achieved, unit,
            cost [CNY/yr].
        """
        names = ("clause", "stage", "strictness", "required", "achieved", "unit", "cost [CNY/yr]")
        rows = [
            (f, s.name, s.weather, s.water, m.clause, m.stage, m.strictness, m.required, m.achieved, m.unit, m.cost)
            for f, s, year in self._dispatched()
            for m in year.missed
        ]
        return pd.DataFrame(rows, columns=["portfolio", "scenario", "weather", "water", *names])

    def lines(self) -> pd.DataFrame:
        """Direct-current lines in the years of the matrix and of the case.

        Returns:
            Columns portfolio, scenario, weather, water, line, sent, received, missed [MWh/yr].
        """
        names = ("line", "sent [MWh/yr]", "received [MWh/yr]", "missed [MWh/yr]")
        rows = [
            (f, s.name, s.weather, s.water, line.line, line.sent, line.received, line.missed)
            for f, s, year in self._dispatched()
            for line in year.lines
        ]
        return pd.DataFrame(rows, columns=["portfolio", "scenario", "weather", "water", *names])

    def _dispatched(self) -> list[tuple[str, Scenario, FleetYear]]:
        years = [s for s in self.scenarios if s.kind in (YEAR, BASE)]
        pairs = [(f, s, self.run(f, s.name).year) for f in self.fleets for s in years]
        return [(f, s, year) for f, s, year in pairs if year is not None]

    def keeps(self, fleet: str, scenario: str) -> bool:
        """Whether a fleet has an answer in a scenario and misses no clause there."""
        year = self.run(fleet, scenario).year
        return year is not None and not year.missed

    def matrix(self, fleet: str, what: str) -> pd.DataFrame:
        """A column of `table` for the years of the matrix: weather x water."""
        table = self.table()
        table = table[(table["portfolio"] == fleet) & (table["kind"] == YEAR)]
        weather, water = (list(dict.fromkeys(table[word])) for word in ("weather", "water"))
        return table.pivot(index="weather", columns="water", values=what).loc[weather, water]

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON has it."""
        return {
            "title": self.title,
            "created": self.created,
            "leads": LEADS,
            "scenarios": [asdict(s) for s in self.scenarios],
            "portfolios": {f: self._of_fleet(f) for f in self.fleets},
            "regret": {
                over: {counts: _of_regret(self.regret(counts, scenarios)) for counts in COUNTS}
                for over, scenarios in (("years", self.years), ("prices", self.prices))
            },
        }

    def _of_fleet(self, fleet: str) -> dict[str, Any]:
        runs = {s.name: self.run(fleet, s.name) for s in self.scenarios}
        years = {name: run.year.as_dict() if run.year else {"reason": run.reason} for name, run in runs.items()}
        return {"planned": self.planned[fleet], "drift": self.drift(fleet), "scenarios": years}


def counted(year: FleetYear | None, counts: str) -> float:
    """The cost of a year [CNY/yr] by what counts; see the module. Infinite where there is no answer."""
    if year is None:
        return math.inf
    parts: Cost = year.cost
    return {"all": parts.total, "delivered": parts.money + parts.undelivered, "paid": parts.money}[counts]


def _of_regret(found: Regret) -> Mapping[str, Any]:
    return {
        "least_maximum": list(found.least_maximum),
        "least_mean": list(found.least_mean),
        "concordance": found.concordance,
        "spread": found.spread.to_dict("index"),
        "regret": found.regret.to_dict("index"),
        "rank": found.rank.to_dict("index"),
    }
