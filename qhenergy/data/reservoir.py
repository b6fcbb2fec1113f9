"""The storage curve of a reservoir: how high the water stands when the reservoir holds so much.

    volume(level) is linear between the rows of reservoir_curves.csv
    live = volume(level) - volume(lowest level of the curve)   [hm3]

The lowest row of a curve is the dead level, so that live storage counts from it, as the model's levels do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError

Numbers = NDArray[np.float64]


def curve_of(inputs: Inputs, station: str) -> tuple[Numbers, Numbers] | None:
    """The storage curve of a station, from the lowest level up.

    Args:
        inputs: holds the table `reservoir_curves`.
        station: key of hydro_stations.csv.

    Returns:
        Levels [m] and total volumes [hm3], both rising; None if the station has no row.

    Raises:
        InputError: a curve of one row, or one whose volume does not rise with its level.
    """
    table = inputs["reservoir_curves"]
    if station not in table.index.get_level_values(0):
        return None
    rows = table.loc[station].sort_index()
    levels, volumes = rows.index.to_numpy(dtype=float), rows["volume"].to_numpy(dtype=float)
    where = f"reservoir_curves.csv ({station})"
    faults = []
    if len(levels) < 2:
        faults.append(Fault(where, "one row", "two or more", "Add the volume at another level."))
    for i in np.flatnonzero(np.diff(volumes) <= 0):
        found = f"{volumes[i + 1]:g} hm3 at {levels[i + 1]:g} m, and {volumes[i]:g} hm3 at {levels[i]:g} m"
        faults.append(Fault(where, found, "more volume at a higher level", "Correct one of the two rows."))
    if faults:
        raise InputError(faults, str(inputs.folder))
    return levels, volumes


def level_at(inputs: Inputs, station: str, live_hm3: ArrayLike) -> Numbers:
    """Height of the water at a live volume; beyond the ends of the curve, that of its end.

    Args:
        inputs: holds the table `reservoir_curves`.
        station: key of hydro_stations.csv with a curve.
        live_hm3: volume above dead storage, of any shape [hm3].

    Returns:
        Level above sea, of the same shape [m].

    Raises:
        InputError: the station has no curve, or a wrong one.
    """
    levels, volumes = _needed(inputs, station)
    return np.asarray(np.interp(np.asarray(live_hm3, dtype=float) + volumes[0], volumes, levels))


def live_at(inputs: Inputs, station: str, level_m: ArrayLike) -> Numbers:
    """Volume above dead storage at a level [hm3]; the inverse of `level_at`."""
    levels, volumes = _needed(inputs, station)
    return np.asarray(np.interp(np.asarray(level_m, dtype=float), levels, volumes) - volumes[0])


def rise_at(inputs: Inputs, station: str, live_hm3: ArrayLike) -> Numbers:
    """Rise of the level per volume [m/hm3] at a live volume: that of its piece of the curve, above it at a row.

    At and beyond the upper end it is that of the last piece, below the lower end that of the first.
    """
    levels, volumes = _needed(inputs, station)
    pieces = np.diff(levels) / np.diff(volumes)
    at = np.searchsorted(volumes, np.asarray(live_hm3, dtype=float) + volumes[0], side="right") - 1
    return np.asarray(pieces[np.clip(at, 0, len(pieces) - 1)])


def _needed(inputs: Inputs, station: str) -> tuple[Numbers, Numbers]:
    curve = curve_of(inputs, station)
    if curve is None:
        where, expected = "reservoir_curves.csv", f'rows of "{station}"'
        raise InputError([Fault(where, "none", expected, "Add its levels and volumes.")], str(inputs.folder))
    return curve
