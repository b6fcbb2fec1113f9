"""A result: the problem, its answer, and everything a report needs, whether just solved or read back.

Values and duals stay flat arrays in the order of the problem. `column` and `row_dual` bring them back
under the name of their family, as frames whose rows are

    modelled hours   for a family of the hours; `Result.hours` says where each lies and what it weighs
    windows          for a family with one number a window, such as `meter/sent`
    numbers          for a family of the plan: stages, or real periods

and whose columns are the members. NaN stands where there is no such column or row.
"""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy import __version__
from qhenergy.algebra.assets import Assets
from qhenergy.algebra.family import window_name
from qhenergy.algebra.joins import Feed, Flow, Join, Potential, Vessel
from qhenergy.algebra.standby import Standby
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import nearest
from qhenergy.model.problem import Index, Problem, stages_of
from qhenergy.outcome.clause_costs import ClauseCosts
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.policy.clause import Clause, Requirement
from qhenergy.solving.solution import Basis, PriceRange, Solution

if TYPE_CHECKING:
    from qhenergy.model.assemble import Assembled

#: Packages whose version may change a number.
PACKAGES = ("numpy", "scipy", "pandas", "pyomo", "highspy", "h5py", "tsam", "pvlib", "windpowerlib")


@dataclass
class Result:
    """A solved case.

    Attributes:
        case, inputs: what was asked, and the tables it was made from.
        problem: the matrix with its labels.
        values: one per column [inside units].
        row_duals: one per row: change of the objective when its right-hand side rises by one [CNY/yr per unit];
            `row_dual` tells that of the cost of a year of the stage the row belongs to, the price of that year.
        spans: which hours are modelled.
        month, hour_of_day: calendar of the hours of the year, shape (hours of the year,).
        assets: the register of the plan.
        clauses: clauses of the case, those that are not in force yet included.
        requirements: what the clauses in force ask.
        joins, flows, feeds, potentials, vessels, standbys: by stage, what takes part in the balances of zones, of
            the river and of hydrogen and heat, uses sun and wind, fills and empties stores, and could be raised or
            lowered at once.
        series: hourly series, modelled hours x members, rows as in `hours`.
        solve: columns, rows, nonzeros, build_seconds, solve_seconds, peak_memory_mb, solver, status,
            attempts, gap, expected (the sizes announced before the build), profile (of the solver).
        versions: of this program and of what it rests on.
        created: local time of the solution, ISO 8601.
        log: what the solver printed.
        basis: of the vertex; None for an interior solution.
        price_ranges: where the shadow prices of clauses hold; empty if it was not looked for.
        clause_costs: what the clauses cost, as far as it was looked for.
    """

    case: Case
    inputs: Inputs
    problem: Problem
    values: NDArray[np.float64]
    row_duals: NDArray[np.float64]
    spans: Chronology
    month: NDArray[np.int64]
    hour_of_day: NDArray[np.int64]
    assets: Assets
    clauses: list[Clause]
    requirements: list[Requirement]
    joins: dict[int, list[Join]]
    flows: dict[int, list[Flow]]
    feeds: dict[int, list[Feed]]
    potentials: dict[int, list[Potential]]
    standbys: dict[int, list[Standby]]
    vessels: dict[int, list[Vessel]]
    series: dict[str, pd.DataFrame]
    solve: dict[str, Any]
    versions: dict[str, str]
    created: str
    log: str
    basis: Basis | None = None
    price_ranges: list[PriceRange] = field(default_factory=list)
    clause_costs: ClauseCosts | None = None

    @property
    def objective(self) -> float:
        """Cost of a year, stages with their weights, constant part included [CNY/yr]."""
        return float(self.problem.cost @ self.values) + self.problem.offset

    @cached_property
    def hours(self) -> pd.DataFrame:
        """The modelled hours: stage, window, hour_of_year, weight, month, hour_of_day.

        Of a year in shorter steps each row is a step: `hour_of_year` counts steps, `weight` is the hours it stands for.
        """
        spans = self.spans.spans
        lengths = [len(span) for span in spans]
        of_year = np.concatenate([span.hours for span in spans])
        return pd.DataFrame(
            {
                "stage": np.repeat([span.stage for span in spans], lengths),
                "window": np.repeat([span.index for span in spans], lengths),
                "hour_of_year": of_year,
                "weight": np.repeat([span.weight for span in spans], lengths),
                "month": self.month[of_year],
                "hour_of_day": self.hour_of_day[of_year],
            },
            index=pd.RangeIndex(sum(lengths), name="hour"),
        )

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Row of `hours` at which each window begins, and the number of rows; shape (windows + 1,)."""
        return np.cumsum([0, *(len(span) for span in self.spans.spans)])

    @cached_property
    def _window_of_block(self) -> NDArray[np.int64]:
        """Window of each block of the problem; -1 for the plan."""
        windows = {window_name(span.index): i for i, span in enumerate(self.spans.spans)}
        return np.array([windows.get(name, -1) for name in self.problem.columns.blocks])

    @cached_property
    def _yearly_duals(self) -> NDArray[np.float64]:
        """Duals in prices of a year of the stage of each row: without its weight in the objective."""
        weights = self.case.stage_weights
        if len(weights) == 1:
            return self.row_duals
        stages = stages_of(self.problem.rows, self.spans, self.case.stages)
        return self.row_duals / np.vectorize(weights.get, otypes=[float])(stages)

    @cached_property
    def before_first(self) -> dict[tuple[str, str], dict[int, float]]:
        """What columns were before the first hour, by hours before it, where the year began in a given state.

        Empty where it is a circle, and its last hour comes before the first.
        """
        made: dict[tuple[str, str], dict[int, float]] = {}
        for family, member, ahead, value in self.solve.get("rolling", {}).get("before", ()):
            made.setdefault((family, member), {})[ahead] = value
        return made

    def of_stage(self, stage: int) -> slice:
        """The rows of `hours` that belong to a stage."""
        spans = self.spans.of_stage(stage)
        return slice(int(self._starts[spans[0].index]), int(self._starts[spans[-1].index + 1]))

    def of_span(self, span: Span) -> slice:
        """The rows of `hours` that belong to a span."""
        return slice(int(self._starts[span.index]), int(self._starts[span.index + 1]))

    def weights(self, stage: int) -> NDArray[np.float64]:
        """How many hours of the year each modelled hour of a stage stands for."""
        weights: NDArray[np.float64] = self.hours["weight"].to_numpy()[self.of_stage(stage)]
        return weights

    def has(self, family: str) -> bool:
        """Whether the problem has any column of a family."""
        return len(self.problem.columns.of(family)) > 0

    def column(self, family: str) -> pd.DataFrame:
        """Values of a family of columns; see the module for the shape.

        Raises:
            KeyError: no block declares the family.
        """
        return self._frame(self.problem.columns, self.values, family, "column")

    def row_dual(self, family: str) -> pd.DataFrame:
        """Duals of a family of rows [CNY per unit of the row and year of its stage]; see the module for the shape.

        Raises:
            KeyError: no block declares the family.
        """
        return self._frame(self.problem.rows, self._yearly_duals, family, "row")

    def row_places(self, family: str) -> pd.DataFrame:
        """Positions of a family of rows in the problem, as floats; NaN where there is no row, no column without any."""
        rows = self.problem.rows
        return (
            self._frame(rows, np.arange(len(rows), dtype=float), family, "row")
            if len(rows.of(family))
            else pd.DataFrame()
        )

    def hourly_dual(self, family: str) -> pd.DataFrame:
        """Duals of a family of rows by modelled hour, also where its only rows are of first hours of windows."""
        frame = self.row_dual(family)
        if frame.index.name == "window":
            frame = frame.set_axis(self._starts[frame.index.to_numpy()]).reindex(self.hours.index)
        return frame

    def unit(self, family: str) -> str:
        """Inside unit of a family of columns."""
        return self.problem.families["column", family].unit

    def _frame(self, index: Index, data: NDArray[np.float64], family: str, kind: str) -> pd.DataFrame:
        at = index.of(family)
        if not len(at) and (kind, family) not in self.problem.families:
            known = [name for k, name in self.problem.families if k == kind]
            raise KeyError(f'no family of {kind}s "{family}". {nearest(family, known)}')
        codes, members = pd.factorize(index.member[at])
        names = pd.Index([index.members[m] for m in members], name="member", dtype=object)
        window, number = self._window_of_block[index.block[at]], index.number[at]
        rows, labels = self._rows(window, number, family)
        table = np.full((len(labels), len(names)), np.nan)
        table[rows, codes] = data[at]
        return pd.DataFrame(table, index=labels, columns=names)

    def _rows(
        self, window: NDArray[np.int64], number: NDArray[np.int32], family: str
    ) -> tuple[NDArray[np.int64], pd.Index]:
        """Row of the frame for each entry, and the labels of the rows."""
        in_plan = window < 0
        if in_plan.any():
            if not in_plan.all():
                raise ValueError(f"family {family} belongs to the plan and to windows")
            rows, labels = pd.factorize(number, sort=True)
            return rows, pd.Index(labels, name="number")
        spans = len(self.spans.spans)
        if len(number) and not number.any() and len(self.hours) > spans:
            return window, pd.RangeIndex(spans, name="window")
        return self._starts[window] + number, self.hours.index


def solved(
    assembled: Assembled,
    solution: Solution,
    build_seconds: float,
    peak_memory_mb: float,
    expected: dict[str, Any] | None = None,
) -> Result:
    """The result of an assembled case and its solution.

    Args:
        assembled: what was handed to the solver.
        solution: what it gave back.
        build_seconds: time from data to matrix [s].
        peak_memory_mb: most memory the process held [MB].
        expected: sizes announced before the build.
    """
    system, problem = assembled.system, assembled.problem
    rows, columns = problem.matrix.shape
    return Result(
        case=system.case,
        inputs=system.inputs,
        problem=problem,
        values=solution.values,
        row_duals=solution.row_duals,
        spans=system.chronology,
        month=system.month,
        hour_of_day=system.hour_of_day,
        assets=assembled.assets,
        clauses=system.clauses,
        requirements=assembled.requirements,
        joins=assembled.joins,
        flows=assembled.flows,
        feeds=assembled.feeds,
        potentials=assembled.potentials,
        standbys=assembled.standbys,
        vessels=assembled.vessels,
        series={name: _by_hour(frame) for name, frame in assembled.series.items()},
        solve={
            "columns": columns,
            "rows": rows,
            "nonzeros": int(problem.matrix.nnz),
            "build_seconds": float(build_seconds),
            "solve_seconds": float(solution.seconds),
            "peak_memory_mb": float(peak_memory_mb),
            "solver": solution.solver,
            "status": solution.status,
            "attempts": [asdict(attempt) for attempt in solution.attempts],
            "gap": float(solution.gap),
            "expected": expected or {},
        },
        versions=versions(),
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        log=solution.log,
        basis=solution.basis,
    )


def _by_hour(frame: pd.DataFrame) -> pd.DataFrame:
    """A series of all spans with the rows of `Result.hours`."""
    return frame.set_axis(pd.RangeIndex(len(frame), name="hour")).rename_axis(columns=None)


def versions() -> dict[str, str]:
    """Versions of this program, of Python, and of the packages whose version may change a number."""
    found = {"qhenergy": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
