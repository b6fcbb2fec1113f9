"""What each part of a whole is due: the mean of what it adds, over all orders in which the parts may come.

    share[i] = sum(s! * (n - s - 1)! / n! * (cost[S and i] - cost[S]), S without i, s = |S|)

(Shapley 1953, A value for n-person games, doi:10.1515/9781400881970-018.) Shares add up to the cost with all parts less
that without any. Parts that do the same get the same, and one that changes nothing in any company gets nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import factorial


def subsets(parts: list[str]) -> Iterator[frozenset[str]]:
    """Every subset of some parts, the empty one first and all of them last."""
    for size in range(len(parts) + 1):
        yield from map(frozenset, combinations(parts, size))


def shapley(costs: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Share of each part in what all of them change.

    Args:
        costs: cost with every subset of the parts, the empty one included.

    Returns:
        Share by part, in the unit of the costs; negative where a part saves.

    Raises:
        ValueError: a subset has no cost.
    """
    parts = sorted(max(costs, key=len, default=frozenset()))
    missing = [subset for subset in subsets(parts) if subset not in costs]
    if missing:
        raise ValueError(f"no cost of {sorted(missing[0]) or 'nothing'}")
    count = len(parts)
    shares = dict.fromkeys(parts, 0.0)
    for subset in subsets(parts):
        others = [part for part in parts if part not in subset]
        for part in others:
            weight = factorial(len(subset)) * factorial(len(others) - 1) / factorial(count)
            shares[part] += weight * (costs[subset | {part}] - costs[subset])
    return shares
