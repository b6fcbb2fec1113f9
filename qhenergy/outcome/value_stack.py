"""What each line of a portfolio is worth to the whole: its Shapley share in what they save together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qhenergy.outcome.shapley import shapley


@dataclass(frozen=True)
class LineShare:
    """A line of a portfolio in what all its lines save.

    Attributes:
        line: its name: an asset, a technology or a group, and `/zone`.
        capacity: new [MW].
        share: Shapley share of the saving [CNY/yr]; negative where it costs.
        alone: what it saves where no other line is built [CNY/yr].
        last: what it saves where all others are built already [CNY/yr].
    """

    line: str
    capacity: float
    share: float
    alone: float
    last: float


@dataclass(frozen=True)
class ValueStack:
    """A portfolio shared among its lines.

    Attributes:
        name: key of the portfolio.
        without: cost of a year with none of its lines [CNY/yr].
        cost: with all of them [CNY/yr].
        shares: of the lines; they add up to `saving`.
        reason: why there are none.
    """

    name: str
    without: float
    cost: float
    shares: tuple[LineShare, ...] = ()
    reason: str = ""

    @property
    def saving(self) -> float:
        """What all lines save together [CNY/yr]."""
        return self.without - self.cost


def stacked(name: str, costs: Mapping[frozenset[str], float], capacities: Mapping[str, float]) -> ValueStack:
    """Share out what the lines of a portfolio save.

    Args:
        name: key of the portfolio.
        costs: of a year with every subset of its lines [CNY/yr]; not a number where there is no plan.
        capacities: new, by line [MW].
    """
    nothing, whole = frozenset[str](), frozenset(capacities)
    missing = [_said(lines) for lines, cost in costs.items() if math.isnan(cost)]
    if missing:
        return ValueStack(name, costs[nothing], costs[whole], reason=f"no plan with {'; '.join(missing)}")
    # Shares of a cost; what is told is a saving.
    shares = shapley(costs)
    made = tuple(
        LineShare(
            line,
            capacity,
            -shares[line],
            costs[nothing] - costs[frozenset({line})],
            costs[whole - {line}] - costs[whole],
        )
        for line, capacity in capacities.items()
    )
    return ValueStack(name, costs[nothing], costs[whole], made)


def _said(lines: Sequence[str] | frozenset[str]) -> str:
    return " and ".join(sorted(lines)) + " alone" if lines else "none of its lines"
