"""Which fleet to choose where nobody knows the year: ranks, regret, and how far the ranking holds.

    regret[p,s] = cost[p,s] - min(cost[q,s], q)

is what a fleet costs more in a scenario than the one that would have been best for it (Savage 1951, The Theory of
Statistical Decision). The fleet of least maximum regret is the cautious choice; that of least mean regret is also the
one of least mean cost, scenarios counting equally.

    W = 12 * S / (m^2 * (n^3 - n) - m * T)

is Kendall's coefficient of concordance of m rankings of n fleets (Kendall and Babington Smith 1939, The Problem of m
Rankings): S the squared deviations of the rank sums from their mean, T the sum of t^3 - t over all groups of t fleets
that tie; ties have the mean of their ranks. 1: the same ranking in every scenario; 0: none.

Costs that differ by no more than the audit leaves open are the same, so that ties are ties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome.audit import RELATIVE_GAP

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Regret:
    """What a table of costs says of a choice.

    Attributes:
        costs: fleets x scenarios [CNY/yr]; infinite where there is no answer. Scenarios in which no fleet has one are
            left out.
        regret: fleets x scenarios [CNY/yr].
        rank: fleets x scenarios, 1 the cheapest; fleets that tie have the same rank, and the next one counts them.
        spread: fleets x (best, worst, mean rank; first: in how many scenarios it is the cheapest or ties with it;
            maximum, mean: of its regret [CNY/yr]).
        least_maximum, least_mean: fleets of least maximum and least mean regret, all that tie.
        concordance: see W of the module [-]; NaN of one fleet, or where all tie everywhere.
    """

    costs: pd.DataFrame
    regret: pd.DataFrame
    rank: pd.DataFrame
    spread: pd.DataFrame
    least_maximum: tuple[str, ...]
    least_mean: tuple[str, ...]
    concordance: float


def regret(costs: pd.DataFrame, tolerance: float = RELATIVE_GAP) -> Regret:
    """Ranks, regret and choice.

    Args:
        costs: fleets x scenarios [CNY/yr], infinite where a fleet has no answer.
        tolerance: costs that differ by no more than this share of the largest of a scenario are the same.
    """
    costs = costs.loc[:, np.isfinite(costs.to_numpy(dtype=float)).any(axis=0)]
    values = costs.to_numpy(dtype=float)
    open_ = tolerance * np.abs(np.where(np.isfinite(values), values, 0.0)).max(axis=0, initial=0.0)
    # How much more one costs than another: fleets x others x scenarios; those without an answer tie.
    with np.errstate(invalid="ignore"):
        more = np.nan_to_num(values[:, None] - values[None, :], nan=0.0, posinf=np.inf, neginf=-np.inf)
    dearer = more > open_
    ranks = 1 + dearer.sum(axis=1)
    least = values.min(axis=0, initial=np.inf)
    lost = values - least
    lost = np.where(lost > open_, lost, 0.0)
    rank, missed = (pd.DataFrame(table, index=costs.index, columns=costs.columns) for table in (ranks, lost))
    maximum, mean = missed.max(axis=1), missed.mean(axis=1)
    spread = pd.DataFrame(
        {
            "best": rank.min(axis=1),
            "worst": rank.max(axis=1),
            "mean rank": rank.mean(axis=1),
            "first": (rank == 1).sum(axis=1),
            "maximum": maximum,
            "mean": mean,
        }
    )
    widest = float(open_.max(initial=0.0))
    return Regret(costs, missed, rank, spread, _least(maximum, widest), _least(mean, widest), _concordance(dearer))


def _least(values: pd.Series, tolerance: float) -> tuple[str, ...]:
    """All fleets whose regret is least, but for what is open."""
    if values.empty or not np.isfinite(values.min()):
        return ()
    return tuple(str(name) for name in values.index[values <= values.min() + tolerance])


def _concordance(dearer: NDArray[np.bool_]) -> float:
    """Kendall's W of pairwise comparisons, fleets x others x scenarios; see the module."""
    n, _, m = dearer.shape
    ties = (~dearer & ~dearer.swapaxes(0, 1)).sum(axis=1)
    middle = 1 + dearer.sum(axis=1) + (ties - 1) / 2
    sums = middle.sum(axis=1)
    # Each of t fleets that tie counts t of them, itself among them: sum(t^2 - 1) over them is t^3 - t.
    tied = float((ties.astype(float) ** 2 - 1).sum())
    whole = m**2 * (n**3 - n) - m * tied
    return float(12 * ((sums - sums.mean()) ** 2).sum() / whole) if whole > 0 else float("nan")
