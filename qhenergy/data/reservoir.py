"""A reservoir: the levels given for its year, and how high the water stands when it holds so much.

    volume(level) is linear between the rows of reservoir_curves.csv
    live = volume(level) - volume(lowest level of the curve)   [hm3]

The lowest row of a curve is the dead level and the highest the normal level, so that live storage counts from
the one and ends at the other, as the model's levels do.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError

Numbers = NDArray[np.float64]
#: How far live storage and what lies between the ends of the curve may be apart, as a share of the former.
ROUNDING = 0.01


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


def given_levels(stations: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Levels given for the start and the end of the year [hm3]; where one is blank the year ends as it began.

    Args:
        stations: rows of hydro_stations.csv.

    Returns:
        Two levels by station, without those of which neither is given.
    """
    start = stations["initial_fill"].fillna(stations["final_fill"]) * stations["live_storage"]
    final = stations["final_fill"].fillna(stations["initial_fill"]) * stations["live_storage"]
    return start.dropna().to_dict(), final.dropna().to_dict()


def curve_faults(inputs: Inputs) -> list[Fault]:
    """Curves that do not hold the live storage of their station, and levels that their curve does not reach."""
    rows, faults = inputs["hydro_stations"], []
    for station in dict.fromkeys(str(i) for i, _ in inputs["reservoir_curves"].index):
        levels, volumes = _needed(inputs, station)
        live, held = float(rows.at[station, "live_storage"]), float(volumes[-1] - volumes[0])
        if live > 0 and abs(held - live) > ROUNDING * live:
            found = f"{held:g} hm3 between the lowest and the highest level"
            expected = f"the live storage of hydro_stations.csv, {live:g} hm3, within {ROUNDING:.0%}"
            remedy = "Give the curve from the dead to the normal level, or correct live_storage."
            faults.append(Fault(f"reservoir_curves.csv ({station})", found, expected, remedy))
        limits = inputs["hydro_rules"]["maximum_level"].dropna()
        for (_, month), level in limits[limits.index.get_level_values(0) == station].items():
            if not levels[0] <= level <= levels[-1]:
                expected = f"{levels[0]:g} to {levels[-1]:g} m, the levels of its curve"
                remedy = "Correct the level, or the curve in reservoir_curves.csv."
                faults.append(
                    Fault(
                        f"hydro_rules.csv ({station}, {month:.0f})", f"a maximum level of {level:g} m", expected, remedy
                    )
                )
    return faults


def _needed(inputs: Inputs, station: str) -> tuple[Numbers, Numbers]:
    curve = curve_of(inputs, station)
    if curve is None:
        where, expected = "reservoir_curves.csv", f'rows of "{station}"'
        raise InputError([Fault(where, "none", expected, "Add its levels and volumes.")], str(inputs.folder))
    return curve
