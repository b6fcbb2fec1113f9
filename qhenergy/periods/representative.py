"""Representative periods: a few real weeks that stand for all of them.

Real periods are clustered by tsam (hierarchical, Ward); each cluster is represented by its medoid, a
real run of hours with its own place in the calendar, so that monthly rules stay meaningful. Extreme
periods stand for themselves. Every series is then scaled so that its weighted sum is that of the year.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import tsam
from numpy.typing import NDArray

from qhenergy.periods.chronology import Chronology, Span


@dataclass(frozen=True)
class Extreme:
    """A period that must stand for itself: where a feature's mean is highest or lowest."""

    name: str
    feature: str
    highest: bool


def representative(
    features: pd.DataFrame,
    weights: dict[str, float],
    stages: tuple[int, ...],
    periods: int,
    period_hours: int,
    extremes: tuple[Extreme, ...] = (),
    years: int = 1,
) -> Chronology:
    """Choose representative periods.

    Args:
        features: hours x features that periods are compared by, of one year.
        weights: weight of each feature in the comparison.
        stages: years planned for; all use the same periods.
        periods: how many, extreme ones included.
        period_hours: length of a period.
        extremes: periods that stand for themselves.
        years: how many years follow each other. Each has the same periods at its own hours, so that a dry
            year is not told by weeks of a wet one, and each counts for its part of one year.

    Returns:
        A representative chronology; hours beyond the last whole period are spread over all weights, so
        that the sum of weights times hours is the number of hours given.
    """
    count = len(features) // period_hours
    whole = features.iloc[: count * period_hours]
    blocks = whole.to_numpy().reshape(count, period_hours, -1)
    means = pd.DataFrame(blocks.mean(axis=1), columns=features.columns)
    chosen: dict[int, str] = {}
    for extreme in extremes:
        order = means[extreme.feature].sort_values(ascending=not extreme.highest, kind="stable").index
        # Two extremes may fall on one period; it stands for both.
        chosen.setdefault(int(order[0]), extreme.name)
    ordinary = [p for p in range(count) if p not in chosen]
    clusters = min(periods - len(chosen), len(ordinary))
    centres, assignment = _cluster(blocks[ordinary], list(features.columns), weights, clusters, period_hours)
    represented = sorted([*chosen, *(ordinary[c] for c in centres)])
    place = {period: i for i, period in enumerate(represented)}
    sequence = np.zeros(count, dtype=np.int64)
    for period in chosen:
        sequence[period] = place[period]
    for period, cluster in zip(ordinary, assignment, strict=True):
        sequence[period] = place[ordinary[centres[cluster]]]
    share = len(features) / (count * period_hours) / years
    counts = np.bincount(sequence, minlength=len(represented)) * share
    spans = []
    for stage in stages:
        for year in range(years):
            for period, weight in zip(represented, counts, strict=True):
                hours = year * len(features) + np.arange(period * period_hours, (period + 1) * period_hours)
                spans.append(Span(len(spans), stage, hours, float(weight)))
    sequence = np.concatenate([sequence + year * len(represented) for year in range(years)])
    first_hours = (len(features) * np.arange(years)[:, None] + period_hours * np.arange(count)[None, :]).ravel()
    return Chronology(tuple(spans), chained=False, sequence=sequence, first_hours=first_hours)


def _cluster(
    blocks: NDArray[np.float64], names: list[str], weights: dict[str, float], clusters: int, period_hours: int
) -> tuple[list[int], NDArray[np.int64]]:
    """Medoids and assignment of the ordinary periods."""
    if clusters >= len(blocks):
        return list(range(len(blocks))), np.arange(len(blocks))
    index = pd.date_range("2001-01-01", periods=len(blocks) * period_hours, freq="h")
    frame = pd.DataFrame(blocks.reshape(-1, blocks.shape[2]), index=index, columns=names)
    with warnings.catch_warnings():
        # tsam warns of its own rounding at the bounds of a series; the scaling below is ours.
        warnings.simplefilter("ignore")
        result = tsam.aggregate(
            frame,
            clusters,
            period_duration=period_hours,
            cluster=tsam.ClusterConfig(method="hierarchical", representation="medoid", include_period_sums=True),
            weights=weights,
            preserve_column_means=False,
        )
    return [int(c) for c in result.clustering.cluster_centers], np.asarray(result.cluster_assignments)


def scaled(
    values: NDArray[np.float64], chronology: Chronology, stage: int, limit: float | None, years: int = 1
) -> list[NDArray[np.float64]]:
    """Values of every span of a stage, scaled so that their weighted mean is that of all hours of its year.

    Args:
        values: hours x members of the whole year, or of several.
        chronology: which hours stand for it.
        stage: year planned for.
        limit: most a value can be (1 for an availability); None if there is none.
        years: how many years follow each other in the values.

    Returns:
        One array, hours of the span x members, for each span of the stage. In a chained chronology
        these are the values themselves. Where the limit leaves no room, a member keeps what it can.
    """
    spans = chronology.of_stage(stage)
    raw = [values[span.hours] for span in spans]
    if chronology.chained:
        return raw
    counts = np.bincount(chronology.sequence, minlength=len(spans))
    part = len(spans) // years
    length = len(values) // years
    made: list[NDArray[np.float64]] = []
    for year in range(years):
        own = slice(year * part, (year + 1) * part)
        mean = values[year * length : (year + 1) * length].mean(axis=0)
        made += _scaled_to(mean, raw[own], spans[own], counts[own], limit)
    return made


def _scaled_to(
    mean: NDArray[np.float64],
    raw: list[NDArray[np.float64]],
    spans: Sequence[Span],
    counts: NDArray[np.int64],
    limit: float | None,
) -> list[NDArray[np.float64]]:
    """Values of the spans of one year, scaled to a weighted mean."""
    # What stands for itself alone is kept as it is; the others make up the difference.
    movable = [i for i in range(len(spans)) if counts[i] > 1] or list(range(len(spans)))
    target = mean * sum(span.weight * len(span) for span in spans)
    for _ in range(50):
        total = sum(span.weight * block.sum(axis=0) for span, block in zip(spans, raw, strict=True))
        part = sum(spans[i].weight * raw[i].sum(axis=0) for i in movable)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(part > 0, (target - (total - part)) / part, 1.0)
        factor = np.maximum(factor, 0.0)
        for i in movable:
            raw[i] = raw[i] * factor if limit is None else np.minimum(raw[i] * factor, limit)
        if np.allclose(factor, 1.0, rtol=1e-12, atol=0):
            break
    return raw
