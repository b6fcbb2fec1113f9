"""Chronology: which hours are modelled, what each stands for, and what comes before what.

A span is a run of consecutive hours that becomes one window. Where a chained year is modelled in shorter steps,
every hour spoken of here is a step: spans count them, and a weight is the real hours that one of them stands for,
so that a power summed over the steps with their weights is energy. In a *chained* chronology the end of
one span is the start of the next, and the last hands over to the first. In a *representative* one a
span stands for several real periods, each span is closed in itself, and `sequence` says which span
stands for which real period, so that long stores can be chained over all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Span:
    """A run of consecutive hours.

    Attributes:
        index: position in the chronology.
        stage: year planned for.
        hours: indices of the hours in the year [h], or of the shorter steps, consecutive.
        weight: how many real hours each of them stands for; of hours that is how many real runs of the same length.
    """

    index: int
    stage: int
    hours: NDArray[np.int64]
    weight: float

    def __len__(self) -> int:
        """Number of hours."""
        return len(self.hours)


@dataclass(frozen=True)
class Chronology:
    """All spans of a case.

    Attributes:
        spans: in order of time within each stage.
        chained: whether the end of a span is the start of the next.
        sequence: for each real period of a year, the index *within a stage* of the span that stands
            for it; in a chained chronology simply 0, 1, 2, ...
        first_hours: hour of the run at which each real period of a representative chronology begins; where
            several years follow each other, the hours beyond the last whole period of each are left out.
    """

    spans: tuple[Span, ...]
    chained: bool
    sequence: NDArray[np.int64]
    first_hours: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        """Real periods of which nothing else is said follow each other from the first hour."""
        if not self.chained and not len(self.first_hours):
            object.__setattr__(self, "first_hours", np.arange(len(self.sequence)) * len(self.spans[0]))

    def of_stage(self, stage: int) -> tuple[Span, ...]:
        """Spans of one stage."""
        return tuple(span for span in self.spans if span.stage == stage)

    def standing_for(self, stage: int, real: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
        """Modelled hours of a stage that stand for any real hour of some.

        An hour of a representative period stands for the same hour of every real period its span stands for,
        so that it is among them if one of those is. Hours beyond the last whole period have none to stand for
        them.

        Args:
            stage: year planned for.
            real: whether each real hour is meant, shape (hours of the run,).

        Returns:
            For each span of the stage, whether each of its hours is meant.
        """
        spans = self.of_stage(stage)
        if self.chained:
            return [real[span.hours] for span in spans]
        meant = [np.zeros(len(span), dtype=bool) for span in spans]
        for first, k in zip(self.first_hours, self.sequence, strict=True):
            meant[k] |= real[first : first + len(spans[k])]
        return meant

    def before(self, span: Span, hour: int) -> tuple[Span, int]:
        """The place of an hour that may lie before the start of a span.

        Args:
            span: where one stands.
            hour: hour counted from the start of the span; negative if before it.

        Returns:
            The span that holds the hour and the hour counted from that span's start. In a
            representative chronology this is the same span, entered again from its end: what is
            on its way across the boundary of a period is handed to the next period of the same
            kind. Before the first hour of a chained chronology stands its last.
        """
        if hour >= 0:
            return span, hour
        if not self.chained:
            return span, hour % len(span)
        siblings = self.of_stage(span.stage)
        position = span.index - siblings[0].index
        while hour < 0:
            position = (position - 1) % len(siblings)
            hour += len(siblings[position])
        return siblings[position], hour


def whole_year(stages: tuple[int, ...], hours: int, window_hours: int, year_hours: int | None = None) -> Chronology:
    """All hours, cut into windows that hand over to each other.

    Args:
        stages: years planned for.
        hours: how many hours there are, or shorter steps.
        window_hours: length of a window in as many; a remainder shorter than half of it joins the last one.
        year_hours: how many hours a year has, if `hours` stand for more than themselves.

    Returns:
        A chained chronology; sum of weights times hours, or steps, is `year_hours` in each stage.
    """
    starts = list(range(0, hours, window_hours))
    if len(starts) > 1 and hours - starts[-1] < window_hours / 2:
        starts.pop()
    weight = (year_hours or hours) / hours
    spans = []
    for stage in stages:
        for start, end in zip(starts, [*starts[1:], hours], strict=True):
            spans.append(Span(len(spans), stage, np.arange(start, end), weight))
    return Chronology(tuple(spans), chained=True, sequence=np.arange(len(starts)))
