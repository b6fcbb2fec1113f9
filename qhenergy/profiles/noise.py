"""Correlated Gaussian noise in time and between sites."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter

EARTH_RADIUS_KM = 6371.0


def distances(sites: pd.DataFrame) -> NDArray[np.float64]:
    """Great-circle distances between sites.

    Args:
        sites: columns latitude and longitude [deg].

    Returns:
        Shape (n, n) [km].
    """
    latitude, longitude = np.radians(sites["latitude"].to_numpy()), np.radians(sites["longitude"].to_numpy())
    half = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))


def between_sites(
    rng: np.random.Generator, distance: NDArray[np.float64], length: float, steps: int
) -> NDArray[np.float64]:
    """White noise in time, correlated between sites by exp(-distance / length).

    Args:
        rng: source of randomness.
        distance: shape (n, n) [km].
        length: decorrelation length [km].
        steps: number of time steps.

    Returns:
        Standard normal values, shape (steps, n).
    """
    # The eigenvalue root, unlike Cholesky's, also takes two sites at one place.
    level, vectors = np.linalg.eigh(np.exp(-distance / length))
    root = vectors * np.sqrt(np.clip(level, 0.0, None))
    return rng.standard_normal((steps, len(distance))) @ root.T


def persistent(white: NDArray[np.float64], coefficient: float) -> NDArray[np.float64]:
    """A stationary first-order autoregressive process with unit variance: x[t] = a x[t-1] + sqrt(1-a^2) e[t].

    Args:
        white: standard normal values, shape (steps, n).
        coefficient: lag-1 autocorrelation a, 0 <= a < 1.

    Returns:
        Shape (steps, n), each column with mean 0 and variance 1 in expectation.
    """
    gain = np.sqrt(1.0 - coefficient**2)
    start = (1.0 - gain) * white[:1]
    return lfilter([gain], [1.0, -coefficient], white, axis=0, zi=start)[0]
