"""From an hour with a MWh too many, or too few, to the limits that hold it there: a walk over the duals.

Let A, c, y be matrix, costs and row duals, d = c - A'y. A MWh that is too many in a row (a *node*) can be taken up by
every column of the row: raised or lowered by 1/|A[r,k]|. That move is

    barred   by the bound of the column it is at, and by every limit it runs against; relieving one of them by one
             unit earns its dual times the coefficient of the move, w = |d[k]|/|A[r,k]| or |A[m,k]*y[m]|/|A[r,k]|
    too dear if d[k] says that it costs
    free     otherwise: then what it does to other nodes is looked at there, in units of one MWh at the start

All nodes reached by free moves are the *reach* of the MWh: energy is worth no more anywhere in it. The limits around
it are the cut that holds the energy in, as the full arcs of a minimum cut hold a flow: relieving one of them lets energy
out, and relieving a limit that is not around the reach does not. A MWh that is missing is walked the same way with the
signs turned: reached is what would have to give it, and the limits are those of what could give more.

A cause weighs what relieving one unit of it earns at best (the largest w of its limits), so that plants cut in two
weigh what they weighed in one; within a cause the limits share in proportion to w. Bounds of zero are no limits, since
nobody can relieve them, but for levels of stores: an empty store is one. Where two limits bind at once the duals name
one of them: the walk passes a bound whose dual is zero. Every dual is that of its own hour: where a rolling schedule
hands over from step to step the walk goes on wherever no bound and no limit stops it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
from qhenergy.outcome.result import Result

Array = NDArray[np.float64]
#: Duals below this are what a solver leaves [CNY/MWh].
CRUMB = 1e-2
#: How near to its bound a column counts as at it, of its size and absolutely.
NEAR = 1e-6
#: A column in more nodes than this is of the plan, not of an hour.
MANY = 64

Shares = dict[Limit, float]


@dataclass
class _Move:
    """What one column does when it is raised (or lowered) by one unit.

    Attributes:
        free: whether nothing stops it.
        dear: what it costs [CNY per unit]; zero if not too dear.
        bars: limits it runs against with what relieving each earns.
        hits: other nodes and links it changes, with the change.
    """

    free: bool
    dear: float
    bars: list[tuple[Limit, float]]
    hits: list[tuple[int, float]]


class Walk:
    """The matrix of a result, made ready for walks from many hours."""

    def __init__(self, result: Result, missing: bool, worth: dict[str, float] | None = None) -> None:
        """Get ready.

        Args:
            result: of a fixed fleet, chained.
            missing: whether MWh are missing, not left over.
            worth: for a walk of what is left over: what one more MWh over a line is worth [CNY/MWh].
        """
        p = result.problem
        self._missing, self._worth = missing, worth or {}
        self._weight = float(result.hours["weight"].iloc[0])
        self._rows: sp.csr_matrix = p.matrix
        self._columns: sp.csc_matrix = p.matrix.tocsc()
        self.dual: Array = result.row_duals / self._weight
        self.reduced: Array = p.cost / self._weight - self._columns.T @ self.dual
        self.values: Array = result.values
        near = NEAR * (1.0 + np.abs(self.values))
        self._at_upper = (self.values >= p.upper - near) | p.whole
        self._at_lower = (self.values <= p.lower + near) | p.whole
        self._lower = p.lower
        self._whole = p.whole
        self._names = {c.name for c in result.clauses}
        self._row, self._column = p.rows, p.columns
        kind = np.array([0 if f in NODES else 1 if f in LINKS else 2 for f in p.rows.families] or [2], dtype=np.int8)
        self._kind = kind[p.rows.family]
        self._river = np.array([f in RIVER for f in p.rows.families] or [False])[p.rows.family]
        self._schedule = np.array([f == "send_out/schedule" for f in p.rows.families] or [False])[p.rows.family]
        families = p.columns.families
        self._loss = np.array([is_loss(f) for f in families])[p.columns.family]
        self._level = np.array([is_level(f) for f in families])[p.columns.family]
        self._sent = np.array([f == "send_out/sent" for f in families])[p.columns.family]
        self._moves: dict[tuple[int, int], _Move] = {}
        self._found: dict[tuple[int, int], Shares] = {}

    def shares(self, column: int) -> Shares:
        """Causes of what a column could give more (its potential, or what a line is asked) and does not; sum 1."""
        move = self.move(column, 1)
        if bars := self._merged((limit, w) for limit, w in move.bars if limit.family != "send_out/schedule"):
            return _shared(bars)
        found: dict[Limit, float] = {}
        key = tuple((row, 1 if change > 0 else -1) for row, change in move.hits)
        for place, (_, change) in zip(key, move.hits, strict=True):
            if place not in self._found:
                self._found[place] = self._from(place)
            for limit, share in self._found[place].items():
                found[limit] = found.get(limit, 0.0) + share * abs(change) / sum(abs(c) for _, c in move.hits)
        return found or {Limit(PRICE if self._missing else NOBODY, "", ""): 1.0}

    def _from(self, start: tuple[int, int]) -> Shares:
        """Walk from one node: breadth first, every node once, with what arrives there of one unit of the start."""
        amount = {start: 1.0}
        line, bars, curves = [start], [], {}
        for row, sign in line:
            here = amount[row, sign]
            if self._river[row] and self._missing:
                bars.append((Limit(WATER, self._member(self._row, row), "hydro/inflow"), here * abs(self.dual[row])))
            for column, entry in self._entries(row):
                way, per = -1 if sign * entry > 0 else 1, here / abs(entry)
                if self._missing and (self._loss[column] or self._sent[column]):
                    continue
                move = self.move(column, way)
                if self._missing and move.dear and not move.bars and len(self._nodes(column)) == 1:
                    return {Limit(PRICE, "", ""): 1.0}
                for limit, w in move.bars:
                    if limit.family == "send_out/schedule":
                        curves[limit] = max(curves.get(limit, 0.0), per)
                    bars.append((limit, w * per))
                if not move.free:
                    continue
                for other, change in move.hits:
                    gain = self.dual[other] * change / abs(entry)
                    if other != row and self._goes_on(other, gain, sign * self.dual[row]):
                        place = (other, 1 if change > 0 else -1)
                        if place not in amount:
                            amount[place] = per * abs(change)
                            line.append(place)
        merged = self._merged(bars)
        # A line that asks no more is a limit even where its curve costs nothing at any hour.
        return _shared(merged or dict.fromkeys(curves, 1.0))

    def _goes_on(self, row: int, gain: float, value: float) -> bool:
        """Whether what a move does to a row is to be looked at there.

        Of what is missing, whatever takes from a node or link. Of what is left over, a node where it is worth no more
        than where it came from, and a link that loses by it.
        """
        if self._missing or self._kind[row] == 1:
            return gain < -CRUMB
        return -CRUMB <= gain <= max(value, 0.0) + CRUMB

    def move(self, column: int, way: int) -> _Move:
        """What raising (1) or lowering (-1) a column by one unit does."""
        if (column, way) not in self._moves:
            self._moves[column, way] = self._move(column, way)
        return self._moves[column, way]

    def _move(self, column: int, way: int) -> _Move:
        start, end = self._columns.indptr[column : column + 2]
        rows, entries = self._columns.indices[start:end], self._columns.data[start:end]
        changes = way * entries
        bars: list[tuple[Limit, float]] = []
        stopped = bool(self._at_upper[column] if way > 0 else self._at_lower[column])
        earned = -way * self.reduced[column]
        real = way > 0 or self._lower[column] > 0 or (self._level[column] and self._missing)
        if stopped and real and earned > CRUMB and not self._whole[column]:
            bars.append((self._limit(self._column, column), float(earned)))
        hits = []
        # A column held by its own bound goes nowhere whatever else is relieved: the bound alone is the limit.
        held = bool(bars)
        for row, change in zip(rows.tolist(), changes.tolist(), strict=True):
            if self._kind[row] < 2:
                hits.append((row, change))
                continue
            if held:
                continue
            lost = -self.dual[row] * change
            if self._schedule[row] and not self._missing:
                limit = self._limit(self._row, row)
                bars.append((limit, max(self._worth.get(limit.name, 0.0) - lost, 0.0)))
            elif lost > CRUMB:
                bars.append((self._limit(self._row, row), float(lost)))
        if self._whole[column]:
            # A unit runs or does not: the links it holds are its least output.
            bars += [(self._limit(self._column, column), abs(self.dual[r] * c)) for r, c in hits]
        dear = 0.0 if stopped else max(float(way * self.reduced[column]), 0.0)
        dear = dear if dear > CRUMB else 0.0
        # Of two limits that bind at once the duals name one: the walk passes a bound that earns nothing, but for zero.
        stopped = stopped and (not real or self._whole[column])
        hits = hits if len(hits) <= MANY else []
        return _Move(not stopped and not bars and not dear, dear, bars, hits)

    def _entries(self, row: int) -> Iterable[tuple[int, float]]:
        start, end = self._rows.indptr[row : row + 2]
        return zip(self._rows.indices[start:end].tolist(), self._rows.data[start:end].tolist(), strict=True)

    def _nodes(self, column: int) -> list[int]:
        start, end = self._columns.indptr[column : column + 2]
        return [r for r in self._columns.indices[start:end].tolist() if self._kind[r] == 0]

    def _member(self, index: object, place: int) -> str:
        return str(index.members[index.member[place]])  # type: ignore[attr-defined]

    def _limit(self, index: object, place: int) -> Limit:
        family = str(index.families[index.family[place]])  # type: ignore[attr-defined]
        return limit_of(family, self._member(index, place), self._names)

    @staticmethod
    def _merged(bars: Iterable[tuple[Limit, float]]) -> dict[Limit, float]:
        """The largest weight of every limit."""
        made: dict[Limit, float] = {}
        for limit, weight in bars:
            if weight > CRUMB:
                made[limit] = max(made.get(limit, 0.0), weight)
        return made


def _shared(weights: dict[Limit, float]) -> Shares:
    """Shares that sum to one: causes by their best limit, limits within a cause in proportion."""
    best: dict[str, float] = {}
    total: dict[str, float] = {}
    for limit, w in weights.items():
        best[limit.cause] = max(best.get(limit.cause, 0.0), w)
        total[limit.cause] = total.get(limit.cause, 0.0) + w
    whole = sum(best.values())
    return {limit: best[limit.cause] / whole * w / total[limit.cause] for limit, w in weights.items()}
