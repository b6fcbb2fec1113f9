"""A system of a few hours, written as CSV tables from Python, solved, and read back by name.

Numbers are given in inside units (MW, MWh, hm3, CNY/MWh, shares) under the column names of the
tables. What is not given has a default that makes answers easy: no investment, no loss, no minimum, a
lifetime of ten years without interest (annuity 1/10), one MW for one m3/s, coal at 100 CNY/MWh and one
tonne of CO2 per MWh. The hours stand for a year: an hour counts `8760 / hours` times.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

# Tests take all of these from here.
from small_defaults import DEFAULTS, FLOW_HOUR, HEAD, STAGE, YEAR  # noqa: F401

from qhenergy.data.case import parse_case
from qhenergy.data.inputs import read_inputs
from qhenergy.ground.units import INSIDE, factor
from qhenergy.model.assemble import Assembled, System, assemble, read_system
from qhenergy.model.catalogue import TABLES
from qhenergy.model.problem import Problem
from qhenergy.solving.certificate import Certificate, certify
from qhenergy.solving.highs import Solution, solve
from qhenergy.solving.profile import Profile, read_profile

DECLARED = {table.name: table for table in TABLES}
MADE_UP: dict[str, object] = {"source": "made-up", "confidence": "low"}


@dataclass
class Small:
    """What is written of a small system so far.

    Attributes:
        folder: where its CSV tables go.
        hours: how many hours stand for the year.
        case: further keys of the case.
        units: printed unit of a column, by (table, column), instead of the inside one.
        reverse: whether rows are written from last to first.
        lead_times: years from the base year to the first something new serves, by technology; 0 if not named.
    """

    folder: Path
    hours: int
    case: dict[str, Any] = field(default_factory=dict)
    units: dict[tuple[str, str], str] = field(default_factory=dict)
    reverse: bool = False
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    series: dict[str, list[float]] = field(default_factory=dict)
    lead_times: dict[str, float] = field(default_factory=dict)

    @property
    def weight(self) -> float:
        """How many hours of the year one modelled hour stands for."""
        return YEAR / self.hours

    def add(self, table: str, **row: object) -> Small:
        """Add a row; a `series` given as numbers becomes a column of series.csv."""
        made = {**DEFAULTS.get(table, {}), **row}
        for column in ("series", "availability_series", "price_series"):
            if column in made and not isinstance(made[column], str):
                name = f"{'price_' if column == 'price_series' else ''}of_{made.get('asset', made.get('tie'))}"
                self.series[name] = [float(v) for v in made[column]]  # type: ignore[union-attr]
                made[column] = name
        self.rows.setdefault(table, []).append(made)
        return self

    def zone(self, name: str = "z", demand: Sequence[float] | float = 0.0, unserved_price: float = 10_000) -> Small:
        """Add a zone with its demand in every hour [MW]; at most 24 hours, which then repeat daily."""
        self.add("zones", zone=name, unserved_price=unserved_price)
        values = [float(demand)] * self.hours if isinstance(demand, (int, float)) else [float(v) for v in demand]
        if not any(values):
            return self
        mean = float(np.mean([values[t % len(values)] for t in range(self.hours)]))
        shape = (values * 24)[:24] if len(values) < 24 else values
        self.add("demand", zone=name, year=STAGE, energy=mean * YEAR, shape=name)
        for month in range(1, 13):
            hours = {f"hour_{h}": shape[h] for h in range(24)}
            self.add("demand_shapes", shape=name, month=month, **hours)
        return self

    def cost(self, technology: str, **items: float) -> Small:
        """Give costs to a technology; what is not given is zero."""
        return self.add("costs", technology=technology, **items)

    def group(self, name: str, *technologies: str) -> Small:
        """Name a group of technologies."""
        for technology in technologies:
            self.add("groups", group=name, technology=technology)
        return self

    def station(self, name: str = "dam", inflow: float = 0.0, **row: object) -> Small:
        """Add a hydro station with a local inflow that is the same all year [m3/s]."""
        self.add("hydro_stations", asset=name, **row)
        for month in range(1, 13):
            self.add("hydro_inflow", station=name, month=month, inflow=inflow)
        return self

    def rule(self, station: str, **limits: float) -> Small:
        """Give a station the same release limits in every month [m3/s]."""
        for month in range(1, 13):
            self.add("hydro_rules", station=station, month=month, **limits)
        return self

    def curve(self, name: str, values: Sequence[float]) -> Small:
        """Add a send-out curve, the same in every month; fewer than 24 values repeat."""
        shape = (list(values) * 24)[:24]
        for month in range(1, 13):
            self.add("send_out_curves", curve=name, month=month, **{f"hour_{h}": shape[h] for h in range(24)})
        return self

    def target(self, clause: str, strictness: str = "hard", penalty: float = 0.0, **row: object) -> Small:
        """Put a clause into the target set of the case."""
        row = {"clause": clause, "strictness": strictness, "penalty": penalty, **row}
        return self.add("target_sets", target_set="set", **row)

    def write(self) -> Path:
        """Write the folder; technologies and costs nobody named are added.

        A system without any demand gets an island whose demand costs nothing to miss.
        """
        if "demand" not in self.rows:
            self.zone("island", 1, 0)
        rows = {name: list(table) for name, table in self.rows.items()}
        spoken_of = ("costs", "groups", "synchronous_machines")
        used = {str(r["technology"]): t for t in spoken_of for r in rows.get(t, []) if "technology" in r}
        named = {t: table for t, table in rows.items() if t not in spoken_of}
        used |= {str(r["technology"]): t for t, table in named.items() for r in table if "technology" in r}
        used = used or {"nothing": "other"}
        kinds = {name: table for name, table in used.items() if table not in spoken_of}
        leads = self.lead_times
        rows["technologies"] = [
            {"technology": name, "kind": kinds.get(name, "other"), "lead_time": leads.get(name, 0)} for name in used
        ]
        priced = {r["technology"] for r in rows.get("costs", [])}
        rows["costs"] = rows.get("costs", []) + [
            {**DEFAULTS["costs"], "technology": n} for n in used if n not in priced
        ]
        rows["sources"] = [{"source": "made-up", "title": "made up", "kind": "derived"}]
        rows.setdefault("fuels", [dict(DEFAULTS["fuels"])])
        rows.setdefault("water_years", [{"water_year": "normal", "factor": 1}])
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.csv"):
            old.unlink()
        for name, table in rows.items():
            self._write_table(name, table)
        if self.series:
            with (self.folder / "series.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["hour", *(f"{name} [-]" for name in self.series)])
                hours = range(self.hours)
                for t in reversed(hours) if self.reverse else hours:
                    writer.writerow([t, *(v[t] for v in self.series.values())])
        return self.folder

    def _write_table(self, name: str, rows: Iterable[Mapping[str, object]]) -> None:
        declared = DECLARED[name]
        rows = [{**(MADE_UP if declared.sourced else {}), **row} for row in rows]
        names = [c for c in declared.all_columns if any(c.name in row for row in rows)]
        stray = {key for row in rows for key in row} - {c.name for c in names}
        if stray:
            raise ValueError(f"{name} has no column {stray}")
        headers, scales = [], []
        for column in names:
            unit = self.units.get((name, column.name), INSIDE.get(column.dimension or "", ""))
            headers.append(f"{column.name} [{unit}]" if column.dimension else column.name)
            scales.append(factor(unit, column.dimension) if column.dimension else 1.0)
        with (self.folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(headers)
            for row in reversed(rows) if self.reverse else rows:
                cells = [row.get(c.name, "") for c in names]
                writer.writerow(
                    [
                        repr(float(cell) / scale) if c.dimension and cell != "" else cell
                        for c, cell, scale in zip(names, cells, scales, strict=True)
                    ]
                )

    def system(self) -> System:
        """Write the folder, read it back and make the case ready."""
        time = {"kind": "hours", "hours": self.hours, "window_hours": self.hours, **self.case.get("time", {})}
        targets = {"set": "set"} if "target_sets" in self.rows else {}
        content = {"title": "small", "inputs": "small", "base_year": 2020, "targets": targets}
        content |= {**self.case, "time": time}
        case = parse_case(content, "small.toml")
        return read_system(read_inputs(self.write(), TABLES, case.change), case, [])

    def solve(self, change: Callable[[System], None] | None = None, profile: Profile | None = None) -> Solved:
        """Write, assemble and solve; `change` may alter what was made ready (hours, series, months)."""
        system = self.system()
        if change is not None:
            change(system)
        return solved(assemble(system, workers=1), profile)


@dataclass
class Solved:
    """A solved small system, read by name."""

    assembled: Assembled
    problem: Problem
    solution: Solution
    certificate: Certificate

    def column(self, family: str, member: str | None = None) -> np.ndarray:
        """Values of a family's member (or of its only one) in order of time."""
        return self._of("columns", family, member, self.solution.values)

    def dual(self, family: str, member: str | None = None) -> np.ndarray:
        """Duals of a family's rows in order of time [CNY/yr per unit]."""
        return self._of("rows", family, member, self.solution.row_duals)

    def has(self, kind: str, family: str) -> bool:
        """Whether the problem has any `columns` or `rows` of a family."""
        return len(getattr(self.problem, kind).of(family)) > 0

    @property
    def costs(self) -> dict[str, float]:
        """Cost by name, stages with their weights [CNY/yr]; of one stage that of its year."""
        made: dict[str, float] = {}
        for stage, weight in self.assembled.system.case.stage_weights.items():
            for name, value in self.costs_of(stage).items():
                made[name] = made.get(name, 0.0) + weight * value
        return made

    def costs_of(self, stage: int) -> dict[str, float]:
        """Cost by name of a year of a stage [CNY/yr]."""
        values = self.problem.costs @ self.solution.values + self.problem.cost_offsets
        named = zip(self.problem.cost_names, self.problem.cost_stages, map(float, values), strict=True)
        return {name: value for name, year, value in named if year == stage}

    @property
    def objective(self) -> float:
        """Cost of the year [CNY/yr]."""
        return float(self.problem.cost @ self.solution.values + self.problem.offset)

    def nudged(self, family: str, member: str, by: float, number: int = 0) -> Solved:
        """The same problem with the right-hand side of one row raised, solved again.

        `number` counts the rows of the member in order of time.
        """
        row = self._places("rows", family, member)[number]
        lower, upper = self.problem.row_lower.copy(), self.problem.row_upper.copy()
        lower[row] += by
        upper[row] += by
        return solved(self.assembled, problem=replace(self.problem, row_lower=lower, row_upper=upper))

    def _places(self, kind: str, family: str, member: str | None) -> np.ndarray:
        index = getattr(self.problem, kind)
        places = index.of(family)
        members = sorted({index.members[index.member[p]] for p in places})
        if member is None and len(members) == 1:
            member = members[0]
        if member not in members:
            raise KeyError(f"no {kind} {family}[{member}]; there are {members} and families {index.families}")
        places = [p for p in places if index.members[index.member[p]] == member]
        return np.array(sorted(places, key=lambda p: (index.block[p], index.number[p])))

    def _of(self, kind: str, family: str, member: str | None, values: np.ndarray) -> np.ndarray:
        return values[self._places(kind, family, member)]


def solved(assembled: Assembled, profile: Profile | None = None, problem: Problem | None = None) -> Solved:
    """Solve an assembled problem (or a variant of it) and certify the answer."""
    problem = assembled.problem if problem is None else problem
    solution = solve(problem, profile or read_profile("simplex"))
    certificate = certify(problem, solution.values, solution.row_duals)
    assert certificate.primal_residual < 1e-6, certificate
    assert certificate.dual_residual < 1e-6, certificate
    # A year that costs nothing has no relative gap to speak of: a hundredth of a yuan is none.
    assert abs(certificate.primal_objective - certificate.dual_objective) < max(
        0.01, 1e-6 * abs(certificate.primal_objective)
    ), certificate
    return Solved(assembled, problem, solution, certificate)


def hourly_inflow(**by_station: Sequence[float]) -> Callable[[System], None]:
    """A change of what was made ready: the inflow of stations hour by hour [m3/s]."""

    def change(system: System) -> None:
        system.series["hydro/inflow"] = pd.DataFrame({n: np.asarray(v, dtype=float) for n, v in by_station.items()})

    return change
