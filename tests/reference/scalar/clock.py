"""The modelled hours, what is read between the years of a table, and what is stretched to the sum of a year."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Clock:
    """The modelled hours, one after the other.

    Attributes:
        hours: modelled hours, counted through all years of the run.
        year: which year of the run each lies in.
        window: which run of hours each belongs to.
        weight: what an hour of each window stands for.
        month, hour_of_day: calendar of each modelled hour.
        sequence: for representative periods, which window stands for each real period; else empty.
    """

    hours: list[int]
    year: list[int]
    window: list[int]
    weight: list[float]
    month: list[int]
    hour_of_day: list[int]
    sequence: list[int] = field(default_factory=list)

    @property
    def all(self) -> range:
        """Positions of the modelled hours."""
        return range(len(self.hours))

    def within(self, k: int) -> list[int]:
        """Positions of the hours of a window."""
        return [h for h in self.all if self.window[h] == k]

    def opens(self, h: int) -> bool:
        """Whether an hour is the first of its window."""
        return h == 0 or self.window[h - 1] != self.window[h]

    def back(self, h: int, by: int) -> int:
        """The hour so many hours before; the year, or a representative period, is a circle."""
        if not self.sequence:
            return (h - by) % len(self.hours)
        own = self.within(self.window[h])
        return own[(h - own[0] - by) % len(own)]

    def omega(self, h: int) -> float:
        """Real hours that a modelled hour stands for."""
        return self.weight[self.window[h]]


def yearly_value(rows: pd.DataFrame, year: int, column: str) -> float:
    """A value between the years of a table, on a straight line."""
    points = sorted((int(y), float(v)) for y, v in rows[column].items())
    if year <= points[0][0]:
        return points[0][1]
    for (a, low), (b, high) in pairwise(points):
        if year <= b:
            return low + (high - low) * (year - a) / (b - a)
    return points[-1][1]


def stretched(values: np.ndarray, clock: Clock, limit: float | None) -> np.ndarray:
    """A member's modelled hours, times the one factor that gives the sum of its year.

    A period that stands for itself alone is an extreme one and keeps what it has.

    Args:
        values: of the whole year.
        clock: which hours are modelled.
        limit: most a value can be, or None.
    """
    part = values[clock.hours].copy()
    if not clock.sequence:
        return part
    weights = np.array([clock.omega(h) for h in clock.all])
    moves = np.array([clock.sequence.count(k) > 1 for k in clock.window])
    if not (part * moves).any():
        return part

    def times(factor: float) -> np.ndarray:
        return np.where(moves, np.minimum(part * factor, math.inf if limit is None else limit), part)

    low, high = 0.0, 1e3
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if (weights * times(middle)).sum() < values.sum() else (low, middle)
    return times(high)
