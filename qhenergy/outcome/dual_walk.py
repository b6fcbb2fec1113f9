"""From an hour with a MWh too many, or too few, to the limits that hold it there: a walk over the duals.

Let A, c, y be matrix, costs and row duals, d = c - A'y. A MWh that is too many in a row (a *node*) can be taken up by
every column of the row: raised or lowered by 1/|A[r,k]|. That move is

    barred   by the bound of the column it is at, and by every limit it runs against; relieving one of them by one
             unit earns its dual times the coefficient of the move, w = |d[k]|/|A[r,k]| or |A[m,k]*y[m]|/|A[r,k]|
    too dear if d[k] says that it costs
    free     otherwise: then what it does to other nodes is looked at there, in units of one MWh at the start

All nodes reached by free moves are the *reach* of the MWh: energy is worth no more anywhere in it. The limits around
it are the cut that holds the energy in, as the full arcs of a minimum cut hold a flow: relieving one of them lets
energy out, and relieving a limit that is not around the reach does not. A MWh that is missing is walked the same way
with the signs turned: reached is what would have to give it, and the limits are those of what could give more.

A cause weighs what relieving one unit of it earns at best (the largest w of its limits), so that plants cut in two
weigh what they weighed in one; within a cause the limits share in proportion to w. Bounds of zero are no limits, since
nobody can relieve them, but for levels of stores: an empty store is one. Where two limits bind at once the duals name
one of them: the walk passes a bound whose dual is zero. Every dual is that of its own hour: where a rolling schedule
hands over from step to step the walk goes on wherever no bound and no limit stops it.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.outcome.binding_limits import (
    LINKS,
    NOBODY,
    NODES,
    PRICE,
    RIVER,
    WATER,
    Limit,
    is_level,
    is_loss,
    limit_of,
)
from qhenergy.outcome.reach import Edges, best_of_reach
from qhenergy.outcome.result import Result

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
#: Duals below this are what a solver leaves [CNY/MWh].
CRUMB = 1e-2
#: How near to its bound a column counts as at it: absolutely and of its size, and of its range, since an interior
#: point comes near only.
NEAR, NEAR_OF_RANGE = 1e-6, 1e-4
#: How much of the value it moves a column between two bounds may gain or lose: duals of two steps of a rolling
#: schedule differ, those of one solution do not.
JUMP = 0.1
#: A column in more nodes than this is of the plan, not of an hour.
MANY = 64
#: Share of the value of what is missing that must come from a node for it to be looked at: water that passes several
#: stations is worth little of its value at any one.
MOST = 0.5
#: What a line that asks no more weighs if nothing else does.
TOKEN = 1e-9

Shares = dict[Limit, float]


class Walk:
    """The matrix of a result with its duals, walked from all hours at once.

    A *place* is a node or link with a sign: a unit too many on its left side, or one too few. All places are walked
    together: `reach.best_of_reach` gives every place the best weight of each limit around its reach.
    """

    def __init__(self, result: Result, missing: bool, worth: dict[str, float] | None = None) -> None:
        """Walk.

        Args:
            result: of a fixed fleet, chained.
            missing: whether MWh are missing, not left over.
            worth: for a walk of what is left over: what one more MWh over a line is worth [CNY/MWh].
        """
        p = result.problem
        self._missing = missing
        weight = float(result.hours["weight"].iloc[0])
        self._dual: Array = result.row_duals / weight
        matrix = sp.csc_matrix(p.matrix)
        self._pointers = matrix.indptr
        self._rows: Places = matrix.indices.astype(np.int64)
        self._entries: Array = matrix.data
        self._column: Places = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
        self._reduced: Array = p.cost / weight - matrix.T @ self._dual
        span = np.where(np.isfinite(p.upper - p.lower), p.upper - p.lower, 0.0)
        near = NEAR * (1.0 + np.abs(result.values)) + NEAR_OF_RANGE * span
        self._at = {1: (result.values >= p.upper - near) | p.whole, -1: (result.values <= p.lower + near) | p.whole}
        self._floor, self._whole = p.lower > 0, p.whole
        columns, rows = p.columns, p.rows
        self._kind = _flag(rows.families, NODES, 0, LINKS, 1)[rows.family]
        self._river = np.array([f in RIVER for f in rows.families], dtype=bool)[rows.family]
        self._schedule = np.array([f == "send_out/schedule" for f in rows.families], dtype=bool)[rows.family]
        self._level = np.array([is_level(f) for f in columns.families], dtype=bool)[columns.family]
        # A loss that is paid for supplies nobody, nor does what another line is sent.
        idle = np.array([is_loss(f) or f == "send_out/sent" for f in columns.families], dtype=bool)[columns.family]
        self._idle = idle if missing else np.zeros(len(columns), dtype=bool)
        self.limits: list[Limit] = []
        self._number: dict[Limit, int] = {}
        names = {c.name for c in result.clauses}
        self._limit_of_row = self._labels(rows, names)
        self._limit_of_column = self._labels(columns, names)
        self._key = np.unique([limit.name for limit in self.limits], return_inverse=True)[1]
        self._worth = np.array([(worth or {}).get(limit.name, 0.0) for limit in self.limits])
        self._price = self._add(Limit(PRICE, "", ""))
        self._bars: dict[int, tuple[Places, Places, Array]] = {}
        self._barred: dict[int, Flags] = {}
        self._free: dict[int, Flags] = {}
        self._dear: dict[int, Flags] = {}
        for way in (1, -1):
            self._moves(way)
        self._best = self._walk()

    def _add(self, limit: Limit) -> int:
        if limit not in self._number:
            self._number[limit] = len(self.limits)
            self.limits.append(limit)
        return self._number[limit]

    def _labels(self, index: object, names: set[str]) -> Places:
        """Number of the limit that each row, or the bound of each column, is."""
        family, member = index.family.astype(np.int64), index.member.astype(np.int64)  # type: ignore[attr-defined]
        code = family * (len(index.members) + 1) + member  # type: ignore[attr-defined]
        known, places = np.unique(code, return_inverse=True)
        made = []
        for value in known.tolist():
            f, m = divmod(value, len(index.members) + 1)  # type: ignore[attr-defined]
            made.append(self._add(limit_of(index.families[f], index.members[m], names)))  # type: ignore[attr-defined]
        return np.array(made or [0], dtype=np.int64)[places]

    def _moves(self, way: int) -> None:
        """What stops every column from being raised (1) or lowered (-1), and what relieving it earns."""
        rows, column = self._rows, self._column
        real = self._floor | (self._level & self._missing) if way < 0 else np.ones(len(self._reduced), dtype=bool)
        at, earned = self._at[way], -way * self._reduced
        # A column held by its own bound goes nowhere whatever else is relieved: the bound alone is the limit.
        held = at & real & (earned > CRUMB) & ~self._whole
        parts = [(np.flatnonzero(held), self._limit_of_column[held], earned[held])]
        lost = -self._dual[rows] * way * self._entries
        curve = self._schedule[rows] & (not self._missing)
        bars = np.flatnonzero((self._kind[rows] == 2) & ~held[column] & ((lost > CRUMB) | curve))
        limit, k = self._limit_of_row[rows[bars]], column[bars]
        # A line asked for one MWh more saves what one costs elsewhere, less what this one costs.
        saved = np.maximum(self._worth[limit] - lost[bars], TOKEN)
        # Of a plant that is at its bound, its times and starts hold nothing that the bound does not hold as well.
        own = (at & real & ~self._whole)[k] & (self._key[limit] == self._key[self._limit_of_column[k]])
        limit = np.where(own, self._limit_of_column[k], limit)
        parts.append((k, limit, np.where(curve[bars], saved, lost[bars])))
        # A unit runs or does not: the links it holds are its least output.
        units = np.flatnonzero((self._kind[rows] < 2) & self._whole[column])
        parts.append((column[units], self._limit_of_column[column[units]], np.abs(lost[units])))
        k, limit, earns = (np.concatenate(values) for values in zip(*parts, strict=True))
        order = np.argsort(k, kind="stable")
        self._bars[way] = k[order], limit[order], earns[order]
        barred = np.zeros(len(held), dtype=bool)
        barred[k] = True
        inside = self._kind[rows] < 2
        moved = np.zeros(len(held))
        np.maximum.at(moved, column[inside], np.abs(self._dual[rows] * self._entries)[inside])
        between = ~at & ~self._at[-way]
        torn = between & (np.abs(earned) > CRUMB + JUMP * moved)
        dear = ~at & ~between & (earned < -CRUMB)
        touched = np.bincount(column[inside], minlength=len(held))
        # Of two limits that bind at once the duals name one: a bound that earns nothing is passed, but for zero.
        stopped = at & (~real | self._whole)
        self._barred[way], self._dear[way] = barred, dear
        self._free[way] = ~stopped & ~barred & ~dear & ~torn & (touched <= MANY)

    def _walk(self) -> Array:
        """Best weight of each limit around the reach of every place: places x limits."""
        chosen = np.flatnonzero(self._kind[self._rows] < 2)
        row, column, entry = self._rows[chosen], self._column[chosen], self._entries[chosen]
        self._place_of = np.full(len(self._kind), -1, dtype=np.int64)
        nodes = np.unique(row)
        self._place_of[nodes] = np.arange(len(nodes))
        alone = np.bincount(column[self._kind[row] == 0], minlength=len(self._reduced)) == 1
        places, limits, earns, edges = [], [], [], []
        for way in (1, -1):
            place = 2 * self._place_of[row] + (way * entry < 0)
            usable = ~self._idle[column]
            starts, ends = (np.searchsorted(self._bars[way][0], column, side=s) for s in ("left", "right"))
            count = np.where(usable, ends - starts, 0)
            which = np.repeat(starts - np.cumsum(count) + count, count) + np.arange(count.sum())
            places.append(np.repeat(place, count))
            limits.append(self._bars[way][1][which])
            earns.append(self._bars[way][2][which] / np.repeat(np.abs(entry), count))
            if self._missing:
                dearer = usable & (self._dear[way] & ~self._barred[way] & alone)[column]
                places.append(place[dearer])
                limits.append(np.full(dearer.sum(), self._price))
                earns.append(np.full(dearer.sum(), np.inf))
            edges.append(self._edges(way, row, column, entry, place, usable & self._free[way][column]))
        if self._missing:
            wet = nodes[self._river[nodes]]
            family = [Limit(WATER, self.limits[i].name, "hydro/inflow") for i in self._limit_of_row[wet].tolist()]
            numbers = np.array([self._add(limit) for limit in family], dtype=np.int64)
            for sign in (0, 1):
                places.append(2 * self._place_of[wet] + sign)
                limits.append(numbers)
                earns.append(np.abs(self._dual[wet]))
        joined = Edges(*(np.concatenate(values) for values in zip(*edges, strict=True)))
        found = np.concatenate(places), np.concatenate(limits), np.concatenate(earns)
        return best_of_reach(2 * len(nodes), len(self.limits), joined, *found, self._shares_of_value(nodes, joined))

    def _shares_of_value(self, nodes: Places, edges: Edges) -> Array | None:
        """Of what is missing: one over what a unit at each place is worth; None of what is left over, worth nothing.

        Free moves keep the value of what is missing, not its amount, so that weights are shares of it; a link has the
        unit of the node that it is reached from.
        """
        if not self._missing:
            return None
        value = np.repeat(np.abs(self._dual[nodes]), 2)
        node = np.repeat(self._kind[nodes] == 0, 2)
        unit = np.where(node & (value > CRUMB), 1.0 / np.maximum(value, CRUMB), 0.0)
        into = node[edges.start] & ~node[edges.end]
        np.maximum.at(unit, edges.end[into], unit[edges.start[into]] * edges.factor[into])
        return unit

    def _edges(
        self, way: int, row: Places, column: Places, entry: Array, place: Places, free: Flags
    ) -> tuple[Places, Places, Array]:
        """Free moves from place to place: from, to, and units that arrive of one."""
        made: list[tuple[Places, Places, Array]] = []
        here = np.flatnonzero(free)
        for offset in range(1, MANY):
            pairs = here[here + offset < len(column)]
            pairs = pairs[column[pairs] == column[pairs + offset]]
            if not len(pairs):
                break
            for a, b in ((pairs, pairs + offset), (pairs + offset, pairs)):
                change = way * entry[b]
                per = 1.0 / np.abs(entry[a])
                gain = self._dual[row[b]] * change * per
                value = np.maximum(np.where(place[a] % 2 == 1, 1.0, -1.0) * self._dual[row[a]], 0.0)
                # Of what is missing, a node that most of its value would have to come from is looked at. Of what is
                # left over, a node where it is worth no more than where it came from. Of both, a link that loses.
                link = self._kind[row[b]] == 1
                part = (gain < -CRUMB) & (gain <= -MOST * np.abs(self._dual[row[a]]))
                if not self._missing:
                    part = (gain >= -CRUMB) & (gain <= value + CRUMB)
                on = np.where(link, gain < -CRUMB, part)
                a, b, change = a[on], b[on], change[on]
                made.append((place[a], 2 * self._place_of[row[b]] + (change > 0), np.abs(change) * per[on]))
        none = np.zeros(0, dtype=np.int64)
        made.append((none, none, np.zeros(0)))
        return tuple(np.concatenate(values) for values in zip(*made, strict=True))  # type: ignore[return-value]

    def shares(self, column: int) -> Shares:
        """Causes of what a column could give more (its potential, or what a line is asked) and does not; sum 1."""
        k, limits, earns = self._bars[1]
        at = slice(*np.searchsorted(k, [column, column + 1]))
        own = {
            self.limits[limit]: w
            for limit, w in zip(limits[at].tolist(), earns[at].tolist(), strict=True)
            if self.limits[limit].family != "send_out/schedule"
        }
        if own:
            return _shared(own)
        touched = range(self._pointers[column], self._pointers[column + 1])
        hits = [(self._rows[e], self._entries[e]) for e in touched if self._kind[self._rows[e]] < 2]
        found: dict[Limit, float] = {}
        for row, change in hits:
            best = self._best[2 * self._place_of[row] + (change > 0)]
            weights = {self.limits[i]: float(best[i]) for i in np.flatnonzero(best).tolist()}
            for limit, share in _shared(weights).items():
                found[limit] = found.get(limit, 0.0) + share * abs(change) / sum(abs(c) for _, c in hits)
        return found or {Limit(PRICE if self._missing else NOBODY, "", ""): 1.0}


def _flag(names: list[str], zeros: tuple[str, ...], zero: int, ones: tuple[str, ...], one: int) -> NDArray[np.int8]:
    """A number for each name: by the list it stands in, 2 for none."""
    return np.array([zero if n in zeros else one if n in ones else 2 for n in names], dtype=np.int8)


def _shared(weights: dict[Limit, float]) -> Shares:
    """Shares that sum to one: causes by their best limit, limits within a cause in proportion."""
    endless = {limit: 1.0 for limit, w in weights.items() if np.isinf(w)}
    weights = endless or weights
    best: dict[str, float] = {}
    total: dict[str, float] = {}
    for limit, w in weights.items():
        best[limit.cause] = max(best.get(limit.cause, 0.0), w)
        total[limit.cause] = total.get(limit.cause, 0.0) + w
    whole = sum(best.values())
    return {limit: best[limit.cause] / whole * w / total[limit.cause] for limit, w in weights.items()}
