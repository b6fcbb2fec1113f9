"""Proves that the compiled problem is the model that its docstrings print.

`scalar` writes the model a second time, as one plain Pyomo model over all hours, and both are set
beside each other for a small Qinghai with every technology and every clause:

* at a point drawn at random every row of one has the same slack as its row of the other, and so has every
  bound, and every named cost is the same: that can only be if the coefficients are;
* both come to the same least cost, each at a vertex of its own;
* the optimum of each meets all rows of the other at the same named costs.

If a term were missing, doubled, in the wrong hour, window, zone or unit, the row it belongs to would be
named here.

Rows pair up one to one but for these. A limit whose capacity is a number is a bound of the column in the
program and a row here. Meters, `achieved` and `base` of clauses, and the lowest, highest and last level of
a period are columns that one row each defines: here what they stand for is written out. For the same
reason the program has one floor and one ceiling for each real period of a carried store, and this model has
one for each hour of it; the tightest of those is the program's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from numpy.typing import NDArray
from scalar import Clock, System, build
from small_qinghai import write_small_qinghai

from qhenergy.data.case import parse_case
from qhenergy.data.inputs import read_inputs
from qhenergy.model.assemble import Assembled, assemble, read_system
from qhenergy.model.catalogue import TABLES
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.solving.highs import Solution, solve
from qhenergy.solving.profile import read_profile

ROOT = Path(__file__).parents[2]

#: Cases of which the optima are compared as well as rows, bounds and costs.
CASES: dict[str, dict] = {
    "two windows": {"time": {"kind": "hours", "hours": 48, "window_hours": 24}},
    "one window, dry, no coal in winter": {
        "time": {"kind": "hours", "hours": 48, "window_hours": 48},
        "water": {"year": "dry"},
        "send_out": {"scenario": "uhv2_slow"},
        "targets": {"set": "reference", "clauses": {"zero-carbon-system-2035": "hard"}},
        "change": {
            "coal_off_seasons/wet-season-coal-off/first_month": 11,
            "coal_off_seasons/wet-season-coal-off/last_month": 2,
            # Coal that stands still in winter cannot heat.
            **{
                f"heat_ties/coal-xining-{plant},{month}/share [-]": 0
                for plant in ("chp", "chp-flex")
                for month in (11, 12, 1, 2)
            },
        },
    },
    "winter and summer": {
        "time": {"kind": "year"},
        "targets": {"set": "reference", "clauses": {"clean-share-2025": "watched"}},
        # A loose tie: with more heat in winter nobody would want coal in summer.
        "change": {"heat_ties/coal-xining-chp,1/share [-]": 0.03, "heat_ties/coal-xining-chp-flex,1/share [-]": 0.02},
    },
}

#: Cases of which rows, bounds and costs alone are compared. Branch and cut stops within a gap, not at an
#: optimum of its own; and the others have no row of another kind.
ROWS_ALONE: dict[str, dict] = {
    "windows of 20 and 28 hours, 2027": {
        "stages": [2027],
        "time": {"kind": "hours", "hours": 48, "window_hours": 20},
        "demand": {"scenario": "high"},
        "targets": {
            "set": "reference",
            "clauses": {"local-share-as-2020": "hard", "energy-intensive-growth": "priced", "supply-haixi": "hard"},
        },
    },
    "an extreme period as well": {
        "time": {"kind": "year"},
        "demand": {"scenario": "low"},
        "targets": {
            "set": "reference",
            "clauses": {"local-share-as-2020": "priced", "energy-intensive-growth": "priced", "supply-haixi": "hard"},
        },
    },
    "a dry and a wet year, windows across both": {
        "time": {"kind": "hours", "hours": 24, "window_hours": 18},
        "water": {"year": ["dry", "wet"]},
    },
    "whole units": {"time": {"kind": "hours", "hours": 24, "window_hours": 12}, "commitment": "whole"},
}

#: Representative days, and which of them stands for each real day in turn; one that stands for a single
#: real day is an extreme one.
PERIODS = {
    "winter and summer": ((14, 195), (0, 1, 1, 0, 1)),
    "an extreme period as well": ((14, 195, 290), (0, 1, 1, 0, 1, 2)),
}

#: Clauses that change the plan in each case, so that the cases are worth their while.
BINDING = {
    "two windows": {"base-haixi-10gw", "wind-potential", "clean-share-2025", "battery-user-side", "exit"},
    "one window, dry, no coal in winter": {"wet-season-coal-off", "zero-carbon-system-2035", "wind-potential"},
    "winter and summer": {
        *("new-storage-2025", "wet-season-coal-off", "statistics-2023-wind"),
        *("curtailment-2025", "storage-in-step-haixi"),
    },
}

#: Rows that only say what a column of the program is.
DEFINING = ("_reading", "/measured", "/share_of", "_below", "_above", "_net")
DEFINED = ("/achieved", "/base", "_lowest", "_highest", "_change")

Label = tuple[str, str, int, int]


class Pair:
    """The same case twice, and where each column and row of one is in the other.

    Attributes:
        ours, scalar: the two.
        spans: windows of the program.
        columns, rows: positions in our matrix by (family, member, number, block); block 0 is the plan.
        twins: columns of the scalar model by position of ours.
    """

    def __init__(self, ours: Assembled, scalar: System, clock: Clock) -> None:
        self.ours, self.scalar = ours, scalar
        self.problem = ours.problem
        self.stage = ours.system.case.stages[0]
        self.spans = ours.system.chronology.spans
        self.starts = [clock.within(k)[0] for k in range(len(self.spans))]
        self.columns, self.rows = _positions(self.problem.columns), _positions(self.problem.rows)
        families = {label[0] for label in self.rows | self.columns}
        families |= {f"{label[0]}_limit" for label in self.columns}
        self._family = {family.replace("/", "_"): family for family in families}
        self.twins = {i: t for label, i in self.columns.items() if (t := self._twin(*label)) is not None}

    def _twin(self, family: str, member: str, number: int, block: int) -> object | None:
        word = family.split("/")[1]
        column = self.scalar.m.component(word if word in ("short", "over") else family.replace("/", "_"))
        if not isinstance(column, pyo.Var):
            return None
        if block:
            return column[member, self.starts[block - 1] + number]
        return column[(member, number) if family.endswith("_at_period") else member]

    def label(self, name: str, index: tuple) -> Label:
        """Our label of a row of the scalar model."""
        member, *where = index
        if name == "requirement":
            kind = next(r.clause.kind for r in self.ours.requirements if r.clause.name == member)
            return f"{kind}/requirement", member, self.stage, 0
        family = self._family[name]
        if name == "small_hydro_energy":
            return family, member, 0, where[0] + 1
        if name == "hydro_level_final":
            return family, member, len(self.spans[-1]) - 1, len(self.spans)
        if name.endswith("_begin"):
            return family, member, 0, 0
        if name.endswith(("_chain", "_floor", "_ceiling")):
            return family, member, where[0], 0
        if not where:
            return family, member, self.stage, 0
        block = int(np.searchsorted(self.starts, where[0], side="right"))
        return family, member, where[0] - self.starts[block - 1], block

    @cached_property
    def solution(self) -> Solution:
        """Our optimum, at a vertex."""
        return solve(self.problem, read_profile("simplex"))

    def scalar_slacks(self) -> dict[Label, float]:
        """How far each row of the scalar model keeps from its limit; the tightest of those with one label."""
        slacks: dict[Label, list[float]] = defaultdict(list)
        for row in self.scalar.m.component_objects(pyo.Constraint):
            for index, data in row.items():
                label = self.label(row.local_name, index if isinstance(index, tuple) else (index,))
                slack = data.uslack() if data.has_ub() else data.lslack()
                slacks[label].append(-abs(slack) if data.equality else slack)
        return {label: min(values) for label, values in slacks.items()}

    def complete(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of our columns with those that rows define."""
        values = values.copy()
        for (family, member, _, block), i in self.columns.items():
            for word, pick in (("lowest", min), ("highest", max), ("change", lambda levels: levels[-1])):
                if family.endswith(f"_{word}"):
                    level = family.removesuffix(f"_{word}")
                    hours = range(len(self.spans[block - 1]))
                    values[i] = pick([values[self.columns[level, member, t, block]] for t in hours])
        for meters in (True, False):
            for (family, member, number, block), i in self.columns.items():
                if meters and family.startswith("meter/"):
                    row = f"{family}_reading"
                elif not meters and family.endswith(("/achieved", "/base")):
                    row = family.replace("/achieved", "/measured").replace("/base", "/share_of")
                else:
                    continue
                k = self.rows[row, member, number, block]
                values[i] = 0.0
                values[i] = self.problem.row_lower[k] - (self.problem.matrix[[k]] @ values)[0]
        return values

    def tell_scalar(self, values: NDArray[np.float64]) -> None:
        """Give the scalar model the values of our columns."""
        for i, twin in self.twins.items():
            twin.set_value(float(values[i]), skip_validation=True)

    def told_by_scalar(self) -> NDArray[np.float64]:
        """Our columns with the values that the scalar model has."""
        values = np.zeros(len(self.problem.columns))
        for i, twin in self.twins.items():
            values[i] = twin.value
        return self.complete(values)

    def costs(self, values: NDArray[np.float64]) -> dict[str, float]:
        """Our named costs."""
        costs = self.problem.costs @ values + self.problem.cost_offsets
        return dict(zip(self.problem.cost_names, costs.tolist(), strict=True))

    def slacks(self, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How far our rows keep from their limits, and the size of what each adds up."""
        problem, bodies = self.problem, self.problem.matrix @ values
        return np.minimum(problem.row_upper - bodies, bodies - problem.row_lower), self.sizes(values)

    def sizes(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The size of what each of our rows adds up."""
        right = np.where(np.isfinite(self.problem.row_upper), self.problem.row_upper, self.problem.row_lower)
        return 1.0 + abs(right) + abs(self.problem.matrix) @ abs(values)


def _positions(index: object) -> dict[Label, int]:
    labels = zip(index.family, index.member, index.number, index.block, strict=True)
    return {(index.families[f], index.members[m], int(n), int(b)): i for i, (f, m, n, b) in enumerate(labels)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    here = tmp_path_factory.mktemp("reference")
    write_small_qinghai(ROOT / "inputs" / "qinghai", here / "small-qinghai")
    with pytest.MonkeyPatch.context() as patch:
        # The weather is generated for the first case and read by the others.
        patch.setenv("QHENERGY_CACHE", str(here / "cache"))
        yield here / "small-qinghai"


@pytest.fixture(scope="module", params=[*CASES, *ROWS_ALONE])
def pair(request: pytest.FixtureRequest, folder: Path) -> Iterator[Pair]:
    content = {
        "title": "a small Qinghai",
        "inputs": "small-qinghai",
        "targets": {"set": "reference"},
        "send_out": {"scenario": "uhv2_fast"},
    }
    case = parse_case(content | (CASES | ROWS_ALONE)[request.param], "case")
    inputs = read_inputs(folder, TABLES, case.change)
    system = read_system(inputs, case, [])
    days, sequence = PERIODS.get(request.param, ((), ()))
    if days:
        system = replace(system, chronology=_few_periods(case.stages[0], days, sequence))
    spans = system.chronology.spans
    hours = np.concatenate([s.hours for s in spans]).tolist()
    clock = Clock(
        hours=hours,
        year=[h // case.year_hours for h in hours],
        window=[k for k, s in enumerate(spans) for _ in s.hours],
        weight=_weights(days, sequence) if days else [8760 / len(hours) for _ in spans],
        month=pd.date_range("2025-01-01", periods=8760, freq="h").month[[h % case.year_hours for h in hours]].tolist(),
        hour_of_day=[h % case.year_hours % 24 for h in hours],
        sequence=list(sequence),
    )
    weather = {n: s for n, s in system.series.items() if n.split("/")[0] in ("solar", "wind", "csp", "hydro")}
    return Pair(assemble(system, workers=1), build(inputs, case, weather, clock), clock)


def _weights(days: tuple[int, ...], sequence: tuple[int, ...]) -> list[float]:
    return [365 * sequence.count(k) / len(sequence) for k in range(len(days))]


def _few_periods(stage: int, days: tuple[int, ...], sequence: tuple[int, ...]) -> Chronology:
    spans = tuple(
        Span(k, stage, np.arange(24 * day, 24 * day + 24), weight)
        for k, (day, weight) in enumerate(zip(days, _weights(days, sequence), strict=True))
    )
    return Chronology(spans, chained=False, sequence=np.array(sequence))


def test_every_row_and_every_named_cost_is_the_same_at_a_random_point(pair: Pair) -> None:
    problem = pair.problem
    values = pair.complete(np.random.default_rng(7).uniform(0.0, 1000.0, len(problem.columns)))
    pair.tell_scalar(values)
    slacks, sizes = pair.slacks(values)
    wrong, paired = [], set()
    for label, slack in pair.scalar_slacks().items():
        family, *rest = label
        if label in pair.rows:
            paired.add(label)
            ours, size = slacks[pair.rows[label]], sizes[pair.rows[label]]
        else:
            i = pair.columns[family.removesuffix("_limit"), *rest]
            ours, size = problem.upper[i] - values[i], 1.0 + values[i] + problem.upper[i]
        if abs(ours - slack) > 1e-9 * size:
            wrong.append(f"{label}: {ours} in the program, {slack} here")
    assert wrong == []
    alone = {label[0] for label in pair.rows.keys() - paired}
    assert {family for family in alone if not family.endswith(DEFINING)} == set()
    costs = pair.costs(values)
    size = sum(map(abs, costs.values()))
    for name in costs.keys() | pair.scalar.costs.keys():
        assert costs.get(name, 0.0) == pytest.approx(pair.scalar.cost(name), abs=1e-12 * size), name


def test_every_column_has_the_same_bounds(pair: Pair) -> None:
    limits, problem, wrong = pair.scalar_slacks(), pair.problem, []
    for label, i in pair.columns.items():
        family, *rest = label
        if i not in pair.twins:
            assert family.startswith("meter/") or family.endswith(DEFINED), family
            continue
        low, high = pair.twins[i].bounds
        assert pair.twins[i].is_integer() == problem.whole[i]
        if (f"{family}_limit", *rest) in limits:
            # The upper bound is a row here; the test of the rows compares it.
            high = problem.upper[i]
        if family.endswith("/level") and low is None:
            # A carried level has no bound of its own: floor and ceiling of every period bound it.
            continue
        ours = (problem.lower[i], problem.upper[i])
        theirs = (-np.inf if low is None else low, np.inf if high is None else high)
        if ours != pytest.approx(theirs, rel=1e-12):
            wrong.append(f"{label}: {ours} in the program, {theirs} here")
    assert wrong == []


@pytest.mark.parametrize("pair", CASES, indirect=True)
def test_the_least_cost_is_the_same_and_each_optimum_holds_in_the_other(pair: Pair) -> None:
    problem, scalar, ours = pair.problem, pair.scalar, pair.solution.values
    least = float(problem.cost @ ours + problem.offset)
    outcome = pyo.SolverFactory("appsi_highs").solve(scalar.m)
    assert outcome.solver.termination_condition == pyo.TerminationCondition.optimal
    assert pyo.value(scalar.m.cost) == pytest.approx(least, rel=1e-7)
    costs = pair.costs(ours)
    for name in costs.keys() | scalar.costs.keys():
        assert costs.get(name, 0.0) == pytest.approx(scalar.cost(name), abs=1e-6 * least), name
    theirs = pair.told_by_scalar()
    slacks, sizes = pair.slacks(theirs)
    worst = int((slacks / sizes).argmin())
    assert slacks[worst] > -1e-7 * sizes[worst], problem.rows.label(worst)
    assert (theirs >= problem.lower - 1e-6).all()
    assert (theirs <= problem.upper + 1e-6).all()
    assert float(problem.cost @ theirs + problem.offset) == pytest.approx(least, rel=1e-7)
    pair.tell_scalar(ours)
    sizes = dict(zip(pair.rows, pair.sizes(ours), strict=True))
    for label, slack in pair.scalar_slacks().items():
        assert slack > -1e-7 * sizes.get(label, 1e3), label


@pytest.mark.parametrize("pair", CASES, indirect=True)
def test_the_case_is_worth_comparing(pair: Pair, request: pytest.FixtureRequest) -> None:
    problem, solution = pair.problem, pair.solution
    name = request.node.callspec.params["pair"]
    stores = ("battery/charge", "pumped_storage/charge", "compressed_air/charge", "hydrogen/electrolysis")
    for family in ("capacity/built", "capacity/retired", *stores, "hydro_hub/pumped", "hydro_hub/turbined"):
        assert solution.values[problem.columns.of(family)].sum() > 100.0, family
    # In the dry case there is little to take that does not have to pass the dams.
    assert solution.values[problem.columns.of("withdrawal/taken")].sum() > 1.0
    assert abs(solution.row_duals[problem.rows.of("hydro_hub/prerequisite")]).max() > 1e-3
    priced = {
        member
        for (family, member, _, _), i in pair.rows.items()
        if family.endswith(("/requirement", "/still")) and abs(solution.row_duals[i]) > 1e-3
    }
    assert priced >= BINDING[name]
