"""The reach of every place of a graph, and the best that stands around it.

A place reaches what its edges lead to, and on. An edge has a factor: how many units arrive of one. Amounts are told by
one potential for all places that hang together: what arrives at a place of one unit at another is the ratio of theirs.
Where two ways lose unlike shares of what they carry, the one with fewer edges counts. Shares of weights need no more
than ratios, so that the unit of the potential drops out.

Places that reach each other have one reach. The best weight of each limit around the reach of a place is the largest
of its own and of those of the places it leads to; taken in an order in which what is led to comes first, every edge is
looked at once, however many places are walked from.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

Array = NDArray[np.float64]
Places = NDArray[np.int64]


class Edges(NamedTuple):
    """Edges of a graph: from, to, and units that arrive of one."""

    start: Places
    end: Places
    factor: Array


def best_of_reach(
    places: int, limits: int, edges: Edges, place: Places, limit: Places, weight: Array, unit: Array | None = None
) -> Array:
    """Best weight of each limit around the reach of every place.

    Args:
        places, limits: how many there are.
        edges: of the graph.
        place, limit, weight: limits that stand at a place, with what relieving each earns per unit there.
        unit: what a unit at each place counts; amounts by the potential if None.

    Returns:
        Places x limits, as single precision; rows in the unit of their own potential, none comparable with another.
    """
    unit = _potential(places, edges) if unit is None else unit
    graph = sp.csr_matrix((np.ones(len(edges.start), dtype=np.int8), (edges.start, edges.end)), shape=(places, places))
    count, group = connected_components(graph, directed=True, connection="strong")
    best = np.zeros((count, limits), dtype=np.float32)
    # A weight per unit here is worth as many units there as arrive here of one there.
    place, limit, weight = (values[unit[place] > 0] for values in (place, limit, weight))
    np.maximum.at(best, (group[place], limit), (weight * unit[place]).astype(np.float32))
    across = group[edges.start] != group[edges.end]
    pairs = np.unique(np.stack([group[edges.start][across], group[edges.end][across]], axis=1), axis=0)
    leads = sp.csr_matrix((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    for here in _last_first(leads):
        after = leads.indices[leads.indptr[here] : leads.indptr[here + 1]]
        if len(after):
            np.maximum(best[here], best[after].max(axis=0), out=best[here])
    return best[group]


def _potential(places: int, edges: Edges) -> Array:
    """Units at every place of one unit at the first of those it hangs together with."""
    both = np.concatenate([edges.start, edges.end]), np.concatenate([edges.end, edges.start])
    ratio = np.concatenate([edges.factor, 1.0 / edges.factor])
    order = np.argsort(both[0], kind="stable")
    ends, ratios = both[1][order].tolist(), ratio[order].tolist()
    begin = np.searchsorted(both[0][order], np.arange(places + 1)).tolist()
    unit = [0.0] * places
    for root in range(places):
        if unit[root]:
            continue
        unit[root] = 1.0
        line = [root]
        for here in line:
            for e in range(begin[here], begin[here + 1]):
                if not unit[ends[e]]:
                    unit[ends[e]] = unit[here] * ratios[e]
                    line.append(ends[e])
    return np.array(unit)


def _last_first(leads: sp.csr_matrix) -> list[int]:
    """Groups of a graph without circles, each behind all that it leads to."""
    left = np.diff(leads.indptr).tolist()
    back = leads.tocsc()
    line = [i for i, n in enumerate(left) if not n]
    for here in line:
        for before in back.indices[back.indptr[here] : back.indptr[here + 1]].tolist():
            left[before] -= 1
            if not left[before]:
                line.append(before)
    return line
