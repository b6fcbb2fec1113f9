"""What the next MW of every store, line and plant would repair of what a line misses, and save, to first order.

Let A, y be matrix and duals of the rows and d the reduced costs of the columns of a fixed fleet. A MW more of an asset,
with its energy at its duration, moves every limit that leans on its capacity. What it saves in a year is the sum of

    rows     -more * y            more: by how much the right-hand side rises with a MW
    bounds   -more * min(d, 0)    of columns at their upper bound

less the fixed cost of the MW; the investment is not counted. `more` is read from the same problem built once more with
capacities as columns: the entries of `capacity/installed` are all there is that leans on it, whatever the technology
or clause, with opposite sign. Rows `<column>_limit` of that problem are the bounds of this one. Limits of sections
have no such column and are rows of their own.

Of every dual y the part z is told apart that is owed to the shortfall. A node, where energy is balanced, is *short* if
its dual is about the price p of the shortfall: more than half of it, since no supply costs as much, and not much more,
or somebody else is in want; z = y there, and 0 at other nodes. That need not be in an hour with a miss: a store that
lacks energy in the evening is short at noon. A column between its bounds takes from a limit what it gives to the nodes,

    sum(A[r,k] * z[r], r) = 0

which gives z of the limits it stands in, however many costs lie between. What a limit that binds repairs is

    rows     more * |z| / p                      [MWh/MW/yr]
    bounds   more * sum(A[r,k] * z[r], r) / p    [MWh/MW/yr], of column k

and the rest of its saving is what it saves less what it repairs at its price: negative if what supplies it costs.

Duals hold for a small step, those of a rolling schedule within its step. What is repaired in an hour with a miss is at
most what is missed in it, and in the year at most what is missed in all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.family import PLAN, window_name
from qhenergy.model.problem import Index, Problem
from qhenergy.outcome.binding_limits import NODES
from qhenergy.outcome.delivery import hours_of_line
from qhenergy.outcome.result import Result

Array = NDArray[np.float64]
Places = NDArray[np.int64]
#: Rows whose right-hand side is the limit of a member that is no asset: by how much it rises with a MW.
OTHERS = {"section/forward": 1.0, "section/backward": -1.0}
#: Between which shares of the price of the shortfall the dual of a row says that it is short.
LEAST, MOST = 0.5, 1.1
#: A limit whose unit is worth less than this does not bind [CNY/MWh].
BINDS = 1.0
#: How near to its bound a column counts as at it, absolutely and of its size.
NEAR = 1e-6
#: How many limits may stand one behind the other between a capacity and a node.
LINKED = 4
#: Less than this is nothing [MWh/MW/yr], [CNY/MW/yr].
CRUMB = 1e-6
INSTALLED = "capacity/installed"
#: Tables of stores and of lines; what is in any other is a plant.
STORES = ("batteries", "pumped_storage", "compressed_air", "heat_stores", "hydrogen_stores")
LINES = ("corridors", "sections", "grid_connections", "heat_ties")
STORE, LINE, PLANT = "store", "line", "plant"


@dataclass(frozen=True)
class Leaning:
    """Which limits of a problem lean on which capacity, one entry for each pair.

    Attributes:
        names: keys of assets and sections.
        name: which of them.
        place: position of the row, or of the column whose upper bound it is.
        bound: whether it is a bound.
        more: by how much the limit rises with a MW [unit of the limit per MW].
        fixed_cost: of each of `names` [CNY/MW/yr].
        left_out: families that lean on a capacity and have no counterpart, so that they are not counted.
    """

    names: list[str]
    name: Places
    place: Places
    bound: NDArray[np.bool_]
    more: Array
    fixed_cost: Array
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Confirmed:
    """What came of the year with more of one asset, solved anew.

    Attributes:
        name: which.
        repaired: less missed by the line [MWh/yr].
        saved: all that is saved but for the price of what is repaired, fixed cost of the asset paid [CNY/yr].
        folder: of the result.
    """

    name: str
    repaired: float
    saved: float
    folder: str


@dataclass(frozen=True)
class NextCapacity:
    """What more of each asset would repair and save.

    Attributes:
        curve: name of the curve.
        size: how much more [MW].
        missed: by the line [MWh/yr].
        price: of its shortfall [CNY/MWh].
        table: by asset or section, the best first: table, kind (`store`, `line` or `plant`), repaired [MWh/yr] by
            `size`, capped by what is missed, and saved [CNY/yr], all else that `size` saves, fixed cost paid.
        left_out: families that are not counted.
        confirmed: of those that were solved anew, the first of the table first; none if nothing helps.
    """

    curve: str
    size: float
    missed: float
    price: float
    table: pd.DataFrame
    left_out: tuple[str, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()

    @property
    def candidates(self) -> list[str]:
        """What would repair something to first order, the best first; none if nothing is missed."""
        if self.missed <= 0:
            return []
        return [str(name) for name in self.table.index[self.table["repaired"] > CRUMB]]

    @property
    def best(self) -> Confirmed | None:
        """What repaired most of all that was solved anew."""
        return max(self.confirmed, key=lambda anew: anew.repaired, default=None)


def leaning(problem: Problem, opened: Problem) -> Leaning:
    """Which limits of a fixed fleet lean on which capacity.

    Args:
        problem: of the fixed fleet, in one stage.
        opened: the same with capacities as columns.
    """
    columns = opened.columns
    at = columns.of(INSTALLED)
    names = [columns.members[m] for m in columns.member[at]]
    entries = sp.coo_matrix(opened.matrix[:, at])
    rows = entries.row.astype(np.int64)
    planned = opened.rows.block[rows] == opened.rows.blocks.index(PLAN)
    own = np.array([family.startswith("capacity/") for family in opened.rows.families], dtype=bool)
    kept = ~(planned & own[opened.rows.family[rows]])
    rows, name, more = rows[kept], entries.col[kept].astype(np.int64), -entries.data[kept]
    place, _ = _same(opened.rows, rows, problem.rows, "")
    limits = np.flatnonzero(place < 0)
    place[limits], left = _same(opened.rows, rows[limits], problem.columns, "_limit")
    bound = np.zeros(len(rows), dtype=bool)
    bound[limits] = True
    found = place >= 0
    fixed_cost = np.asarray(opened.cost[at], dtype=float)
    others = [(problem.rows.of(family), sign) for family, sign in OTHERS.items()]
    extra = np.concatenate([p for p, _ in others])
    signs = np.concatenate([np.full(len(p), sign) for p, sign in others])
    members, number = np.unique(problem.rows.member[extra], return_inverse=True)
    return Leaning(
        names=[*names, *(problem.rows.members[m] for m in members)],
        name=np.concatenate([name[found], len(names) + number]),
        place=np.concatenate([place[found], extra]),
        bound=np.concatenate([bound[found], np.zeros(len(extra), dtype=bool)]),
        more=np.concatenate([more[found], signs]),
        fixed_cost=np.concatenate([fixed_cost, np.zeros(len(members))]),
        left_out=tuple(sorted(left)),
    )


def _same(index: Index, rows: Places, other: Index, suffix: str) -> tuple[Places, set[str]]:
    """Where rows stand among others of the same label, their family without a suffix; -1 where nowhere.

    Returns:
        The positions, and the families of those that stand nowhere.
    """

    def codes(words: list[str], others: list[str]) -> Places:
        places = {word: i for i, word in enumerate(others)}
        return np.array([places.get(word, -1) for word in words], dtype=np.int64)

    plain = [f.removesuffix(suffix) if f.endswith(suffix) else "" for f in index.families]
    parts = (
        codes(index.blocks, other.blocks)[index.block[rows]],
        codes(plain, other.families)[index.family[rows]],
        codes(index.members, other.members)[index.member[rows]],
        index.number[rows].astype(np.int64),
    )
    sizes = (len(other.families), len(other.members), int(max(other.number.max(), index.number.max())) + 1)

    def key(block: Places, family: Places, member: Places, number: Places) -> Places:
        return ((block * sizes[0] + family) * sizes[1] + member) * sizes[2] + number

    known = key(
        other.block.astype(np.int64),
        other.family.astype(np.int64),
        other.member.astype(np.int64),
        other.number.astype(np.int64),
    )
    order = np.argsort(known)
    wanted = key(*parts)
    near = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(order) - 1)]
    found = (known[near] == wanted) & np.all([part >= 0 for part in parts], axis=0)
    return np.where(found, near, -1), {index.families[f] for f in np.unique(index.family[rows[~found]])}


def next_capacity(result: Result, leans: Leaning, line: str, size: float, name: str = "") -> NextCapacity:
    """What more of each asset would repair and save.

    Args:
        result: of a fixed fleet in one stage, with the line on a curve.
        leans: of its problem.
        line: key of send_out.csv.
        size: how much more [MW].
        name: of the curve.

    Raises:
        InputError: no such line, or one without a curve.
    """
    hours = hours_of_line(result, line, result.case.stages[0])
    missed = (hours["weight"] * hours["missed"]).to_numpy()
    price = float(result.inputs["send_out"].at[line, "shortfall_price"])
    saved, repairs, hour = _worth(result, leans, price)
    energy = np.zeros((len(leans.names), len(missed) + 1))
    np.add.at(energy, (leans.name, hour), repairs)
    value = np.bincount(leans.name, saved, len(leans.names)) - leans.fixed_cost
    rest = value - price * energy.sum(axis=1)
    # In an hour without a miss a store takes what it gives in another.
    most = np.append(np.where(missed > 0, missed, np.inf), np.inf)
    repaired = np.minimum(np.minimum(size * energy, most).sum(axis=1), missed.sum())
    assets = result.assets.by_name
    tables = [assets[n].table if n in assets else "sections" for n in leans.names]
    made = pd.DataFrame(
        {"table": tables, "kind": [_kind(t) for t in tables], "repaired": repaired, "saved": size * rest},
        index=pd.Index(leans.names, name="asset"),
    )
    made = made[(made["repaired"] > CRUMB) | (np.bincount(leans.name, np.abs(saved), len(made)) > CRUMB)]
    order = np.lexsort((-made["saved"], -made["repaired"].round(3)))
    return NextCapacity(name, size, float(missed.sum()), price, made.iloc[order], leans.left_out)


def _kind(table: str) -> str:
    return STORE if table in STORES else LINE if table in LINES else PLANT


def _worth(result: Result, leans: Leaning, price: float) -> tuple[Array, Array, Places]:
    """What a MW saves [CNY/MW/yr] and repairs [MWh/MW/yr] at every limit, and in which row of the hours.

    The row is one more than there are for what has no hour.
    """
    problem, dual = result.problem, result.row_duals
    matrix = sp.csc_matrix(problem.matrix)
    hour, weight = _hours(result, problem.rows, "row")
    owed = _owed(result, matrix, np.abs(dual) / weight, price)
    hour_of_column, weight_of_column = _hours(result, problem.columns, "column")
    # To raise a right-hand side by one adds its dual to the cost, to raise an upper bound its reduced cost.
    reduced = np.minimum(problem.cost - matrix.T @ dual, 0.0)
    place, bound = leans.place, leans.bound
    row, column = np.where(bound, 0, place), np.where(bound, place, 0)
    unit = np.where(bound, reduced[column], dual[row])
    supplied = np.where(bound, np.maximum(matrix.T @ owed, 0.0)[column], np.abs(owed[row]))
    binds = np.abs(unit) > BINDS * np.where(bound, weight_of_column[column], weight[row])
    saved = -unit * leans.more
    repairs = np.where(binds & (saved > 0), supplied * np.abs(leans.more) / price, 0.0)
    return saved, repairs, np.where(bound, hour_of_column[column], hour[row])


def _owed(result: Result, matrix: sp.csc_matrix, worth: Array, price: float) -> Array:
    """The part of every dual that is owed to the shortfall, see the module."""
    problem, dual, values = result.problem, result.row_duals, result.values
    node = np.array([family in NODES for family in problem.rows.families], dtype=bool)[problem.rows.family]
    owed = np.where(node & (worth > LEAST * price) & (worth < MOST * price), dual, 0.0)
    near = NEAR * (1.0 + np.abs(values))
    between = (values > problem.lower + near) & (values < problem.upper - near) & ~problem.whole
    row, column = matrix.indices, np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    chosen = np.flatnonzero(between[column] & ~node[row] & (worth[row] > BINDS))
    row, column, entry = row[chosen], column[chosen], matrix.data[chosen]
    sign = np.sign(dual)
    for _ in range(LINKED):
        given = (matrix.T @ owed)[column] - entry * owed[row]
        found = np.zeros(len(owed))
        np.maximum.at(found, row, -given / entry * sign[row])
        owed = np.where(node, owed, sign * found)
    return owed


def _hours(result: Result, index: Index, kind: str) -> tuple[Places, Array]:
    """Row of the hours of every row or column, and what a unit in it weighs: MWh are not by the hour."""
    spans = result.spans.spans
    starts = np.cumsum([0, *(len(span) for span in spans)])
    of = {window_name(span.index): i for i, span in enumerate(spans)}
    window = np.array([of.get(name, -1) for name in index.blocks], dtype=np.int64)[index.block]
    inside = window >= 0
    hour = np.where(inside, starts[window] + index.number, starts[-1])
    weights = np.append(result.hours["weight"].to_numpy(), 1.0)
    energy = np.array([result.problem.families[kind, f].unit == "MWh" for f in index.families], dtype=bool)
    return hour, weights[hour] / np.where(inside & energy[index.family], result.case.time.step, 1.0)
