"""What every asset earns at the dual prices, and what it pays: an identity of linear programming, asset by asset.

With y the duals of the rows A x = or <= b, c the costs of the columns and d = c - A'y their reduced costs, for the
columns x of one asset

    sum(c x) = sum(y * (A x)) + sum(d x)                                                              [CNY/yr]

holds for any y and x. Rows that hold columns of the asset alone are its own; by complementary slackness their y * (A x)
is y * b, the worth of what stands and of limits of its own. Rows shared with others are where it is paid: y * (A x) is
its *revenue*, told apart by what the rows are about. All terms on one side, an asset has

    revenue   y * (A x) of shared rows: energy at the price of the zone (what charges a store or is lost is in it, and
              negative), capacity and reserve by the clause that asks for them, water at its worth, network, ...
    cost      - c x by the group of the cost
    rent      the rest, with the other sign: `standing capacity` is what existing and committed capacity is worth a
              year, `limits` what room that is used up, bounds and other limits of its own are worth, and what a
              capacity that a portfolio imposes gains or loses

and they add up to zero, over the stages with their weights. An asset built freely between its bounds, of which nothing
stood before, has no rents: in an optimum it earns what it costs (Boiteux 1960, Peak-load pricing).

Numbers instead of columns: where the plan cannot change a capacity, its limits are bounds of the hourly columns, and
d x is the worth of what stands. Its fixed O&M and annuity are constants; they are among the costs, and the worth is net
of them. What it adds to shared rows stands in their right-hand sides; `fixed_parts` tells for which rows this is
counted. Costs and revenues are those of a year of a stage: duals of the weighted objective are divided by the weight
of the stage of the row, or of the column. With whole numbers, duals are those of the problem in which these are fixed;
then an asset may be built and earn less than it costs.

The inflow of a station, and what its reservoir holds when the year begins, is its own; its worth is the rent `inflow`.
What arrives from elsewhere it buys at the worth of water, and what it passes on it sells.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy import policy
from qhenergy.model.problem import Index, stages_of
from qhenergy.outcome.columns_of_assets import Owners, owners
from qhenergy.outcome.fixed_parts import fixed_costs, fixed_shares
from qhenergy.outcome.result import Result

VALUE = "value [CNY/yr]"
COLUMNS = ["stage", "asset", "table", "technology", "zone", "kind", "stream", VALUE]
REVENUE, COST, RENT = "revenue", "cost", "rent"
STANDING, LIMITS, INFLOW, ENERGY, WATER = "standing capacity", "limits", "inflow", "energy", "water"
#: Streams of rows by the word before the slash, and rows that are shared whoever stands in them.
STREAMS = {
    "balance": ENERGY,
    "hydro": WATER,
    "hydrogen": "hydrogen",
    "heat": "heat",
    "fuel_supply": "fuel",
    "liquid_fuel": "fuel",
    "section": "network",
    "grid_connection": "network",
    "thermal": "retrofit",
}
WATER_ROWS = ("hydro/water_balance", "hydro/flow_balance")
ALWAYS_SHARED = ("balance/energy", *WATER_ROWS)
#: Word before the slash of rows by which somebody imposes capacities: nobody pays what they are worth.
IMPOSED = "portfolio"
#: Rows by which what stands makes capacity.
CAPACITY_ROWS = ("capacity/balance", "capacity/usable_energy")


def revenue(result: Result) -> pd.DataFrame:
    """What every asset earns and pays; see the module.

    Returns:
        Columns stage, asset, table, technology, zone, kind (`revenue`, `cost` or `rent`), stream, value [CNY/yr] of a
        year of the stage; what an asset has nothing of has no row. The values of an asset add up to zero over all
        stages with their weights.
    """
    whose = owners(result)
    if not whose.assets:
        return pd.DataFrame(columns=COLUMNS)
    parts = [*_rows(result, whose), *_inflow(result), *_bounds(result, whose)]
    parts += [*_costs(result, whose), *_constants(result)]
    table = pd.DataFrame(parts, columns=["stage", "asset", "kind", "stream", VALUE])
    table = table.groupby(["stage", "asset", "kind", "stream"], sort=False, as_index=False)[VALUE].sum()
    for word in ("table", "technology", "zone"):
        table[word] = [getattr(result.assets[str(name)], word) for name in table["asset"]]
    order = {name: i for i, name in enumerate(whose.assets)}
    kinds = {kind: i for i, kind in enumerate((REVENUE, COST, RENT))}
    place = pd.DataFrame({"s": table["stage"], "a": table["asset"].map(order), "k": table["kind"].map(kinds)})
    table = table.loc[place.sort_values(["s", "a", "k"], kind="stable").index, COLUMNS]
    return table[table[VALUE] != 0.0].reset_index(drop=True)


def stream(result: Result, family: str, member: str) -> str:
    """What shared rows of a family are about: energy, water, a clause as `kind/clause`, or the family itself."""
    prefix, _, word = family.partition("/")
    kinds = {module.KIND for module in policy.BUILT_IN} | {clause.kind for clause in result.clauses}
    if prefix == "meter":
        about = word.removesuffix("_reading")
        clause = next((k for k in sorted(kinds, key=len, reverse=True) if _about(about, k)), "")
        prefix = clause or about.partition("/")[0]
    if prefix in kinds:
        named = any(c.name == member and c.kind == prefix for c in result.clauses)
        return f"{prefix}/{member}" if named else prefix
    return STREAMS.get(prefix, prefix)


def _about(meter: str, kind: str) -> bool:
    """Whether a meter is one of a kind of clause."""
    return meter == kind or meter.startswith((f"{kind}_", f"{kind}/"))


Entry = tuple[int, str, str, str, float]


def _rows(result: Result, whose: Owners) -> Iterator[Entry]:
    """Revenue of shared rows, and the worth of an asset's own ones."""
    problem = result.problem
    streams, of_row = _streams(result, whose)
    stages, at, years = _stages(result, problem.rows)
    matrix = problem.matrix.tocoo()
    owned = whose.column[matrix.col] >= 0
    row, column = matrix.row[owned], matrix.col[owned]
    value = (result.row_duals / years)[row] * matrix.data[owned] * result.values[column]
    code = (whose.column[column] * len(streams) + of_row[row]) * len(stages) + at[row]
    sums = np.bincount(code, value, minlength=len(whose.assets) * len(streams) * len(stages))
    for place in np.flatnonzero(sums):
        asset, rest = divmod(int(place), len(streams) * len(stages))
        kind, word = streams[rest // len(stages)]
        yield stages[rest % len(stages)], whose.assets[asset], kind, word, float(sums[place])


def _streams(result: Result, whose: Owners) -> tuple[list[tuple[str, str]], NDArray[np.int64]]:
    """Kinds and streams, and which of them each row is."""
    index = result.problem.rows
    imposed = np.array([family.partition("/")[0] == IMPOSED for family in index.families])[index.family]
    own = ((whose.row >= 0) & ~_of(index, ALWAYS_SHARED)) | imposed
    standing = _of(index, CAPACITY_ROWS)
    pairs, at = np.unique(index.family.astype(np.int64) * len(index.members) + index.member, return_inverse=True)
    known = {(RENT, STANDING): 0, (RENT, LIMITS): 1}
    of_pair = []
    for pair in pairs:
        word = stream(result, index.families[pair // len(index.members)], index.members[pair % len(index.members)])
        of_pair.append(known.setdefault((REVENUE, word), len(known)))
    # Of what the plan cannot change, a right-hand side is what stands; that of a rule of water is the rule's.
    decided = np.array([[a.decided(y) for y in result.case.stages] for a in result.assets.by_name.values()])
    _, stage, _ = _stages(result, index)
    wet = np.array([STREAMS.get(family.partition("/")[0]) == WATER for family in index.families])
    fixed = decided[whose.row, stage] & ~wet[index.family] & ~imposed
    worth = np.where(standing | fixed, known[RENT, STANDING], known[RENT, LIMITS])
    return list(known), np.where(own, worth, np.array(of_pair, dtype=np.int64)[at])


def _of(index: Index, families: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which rows are of some families."""
    return np.isin(index.family, [i for i, family in enumerate(index.families) if family in families])


def _inflow(result: Result) -> Iterator[Entry]:
    """The worth of inflow, which a station need not buy."""
    index, sides = result.problem.rows, result.problem.row_lower
    stages, at, years = _stages(result, index)
    for family in WATER_ROWS:
        rows = index.of(family)
        for member in np.unique(index.member[rows]):
            for stage in range(len(stages)):
                own = rows[(index.member[rows] == member) & (at[rows] == stage)]
                worth = float((result.row_duals / years)[own] @ sides[own])
                yield stages[stage], index.members[member], RENT, INFLOW, worth
                yield stages[stage], index.members[member], REVENUE, WATER, -worth


def _bounds(result: Result, whose: Owners) -> Iterator[Entry]:
    """The worth of bounds of columns."""
    problem = result.problem
    stages, at, years = _stages(result, problem.columns)
    reduced = (problem.cost - problem.matrix.T @ result.row_duals) / years
    owned = np.flatnonzero(whose.column >= 0)
    code = whose.column[owned] * len(stages) + at[owned]
    sums = np.bincount(code, reduced[owned] * result.values[owned], minlength=len(whose.assets) * len(stages))
    for place in np.flatnonzero(sums):
        asset, stage = whose.assets[place // len(stages)], stages[place % len(stages)]
        yield stage, asset, RENT, STANDING if result.assets[asset].decided(stage) else LIMITS, float(sums[place])


def _costs(result: Result, whose: Owners) -> Iterator[Entry]:
    """Costs of columns by group of the cost."""
    problem = result.problem
    stage, names = problem.cost_stages, problem.cost_names
    costs = problem.costs.tocoo()
    owned = whose.column[costs.col] >= 0
    value = -costs.data[owned] * result.values[costs.col[owned]]
    code = whose.column[costs.col[owned]] * len(names) + costs.row[owned]
    sums = np.bincount(code, value, minlength=len(whose.assets) * len(names))
    for place in np.flatnonzero(sums):
        name = place % len(names)
        group = names[name].partition("/")[0]
        yield int(stage[name]), whose.assets[place // len(names)], COST, group, float(sums[place])


def _constants(result: Result) -> Iterator[Entry]:
    """Costs and revenues of numbers that stand where others have columns; the worth of what stands is net of them."""
    for stage, asset, group, cost in fixed_costs(result):
        yield stage, asset, COST, group, -cost
        yield stage, asset, RENT, STANDING, cost
    index = result.problem.rows
    stages, at, years = _stages(result, index)
    for row, asset, amount in fixed_shares(result):
        value = float(result.row_duals[row] / years[row]) * amount
        word = stream(result, index.families[index.family[row]], index.members[index.member[row]])
        yield stages[at[row]], asset, REVENUE, word, value
        yield stages[at[row]], asset, RENT, STANDING, -value


def _stages(result: Result, index: Index) -> tuple[list[int], NDArray[np.int64], NDArray[np.float64]]:
    """The stages, the place in them of each row or column, and the weight of that stage in the objective."""
    stages = list(result.case.stages)
    weights = np.array([result.case.stage_weights[y] for y in stages])
    at = np.searchsorted(stages, stages_of(index, result.spans, stages))
    return stages, at, weights[at]
