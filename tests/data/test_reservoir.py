"""The storage curve of a reservoir: level and live volume, there and back."""

from pathlib import Path

import numpy as np
import pytest
from small_system import Small

from qhenergy.data.inputs import Inputs, read_inputs
from qhenergy.data.reservoir import curve_of, given_levels, level_at, live_at, rise_at
from qhenergy.ground.faults import InputError
from qhenergy.model.catalogue import TABLES


def with_curve(folder: Path, *points: tuple[float, float]) -> Inputs:
    """A system with one dam and these points of level [m] and volume [hm3], in any order."""
    small = Small(folder, 1).zone("z", 1).station("dam", existing=1)
    for level, volume in points:
        small.add("reservoir_curves", station="dam", level=level, volume=volume)
    return read_inputs(small.write(), TABLES)


def test_level_and_live_volume(tmp_path):
    """Proves: between rows level and volume follow a line, and live storage counts from the lowest row.

    If it were broken, levels would stand against another zero than the model's.
    """
    inputs = with_curve(tmp_path, (110, 90), (100, 50), (120, 190))
    levels, volumes = curve_of(inputs, "dam")
    assert levels.tolist() == [100, 110, 120]
    assert volumes.tolist() == [50, 90, 190]
    # 90 live is 140 in all, half way between 90 and 190.
    assert level_at(inputs, "dam", [0, 40, 90, 140]).tolist() == [100, 110, 115, 120]
    assert live_at(inputs, "dam", [[100, 105], [110, 115]]).tolist() == [[0, 20], [40, 90]]
    assert float(level_at(inputs, "dam", 90)) == 115


def test_beyond_the_curve(tmp_path):
    """Proves: below the lowest and above the highest row the end of the curve holds."""
    inputs = with_curve(tmp_path, (100, 50), (110, 90))
    assert level_at(inputs, "dam", [-5, 60]).tolist() == [100, 110]
    assert live_at(inputs, "dam", [90, 130]).tolist() == [0, 40]


def test_faults_of_a_curve(tmp_path):
    """Proves: a station without curve, a curve of one row and one that does not rise are named."""
    assert curve_of(with_curve(tmp_path), "dam") is None
    with pytest.raises(InputError, match=r'found none; expected rows of "dam"'):
        level_at(with_curve(tmp_path), "dam", 1)
    with pytest.raises(InputError, match=r"reservoir_curves.csv \(dam\): found one row; expected two or more"):
        live_at(with_curve(tmp_path, (100, 50)), "dam", 1)
    with pytest.raises(InputError, match=r"50 hm3 at 110 m, and 50 hm3 at 100 m; expected more volume"):
        curve_of(with_curve(tmp_path, (100, 50), (110, 50)), "dam")


def test_the_built_in_curve_is_that_of_the_stations_table():
    """Proves: the top of every built-in curve is its dead volume plus the live storage of the station."""
    inputs = read_inputs(Path(__file__).resolve().parents[2] / "inputs" / "qinghai", TABLES)
    for station in dict.fromkeys(inputs["reservoir_curves"].index.get_level_values(0)):
        _, volumes = curve_of(inputs, station)
        np.testing.assert_allclose(volumes[-1] - volumes[0], inputs["hydro_stations"].at[station, "live_storage"])


def test_rise_of_the_level_is_that_of_its_piece(tmp_path):
    """Proves: one piece rises by 10 m in 40 hm3, the other by 10 m in 100; both ends have their own piece's rise.

    If it were broken, a full or an empty reservoir would seem half as steep as it is.
    """
    inputs = with_curve(tmp_path, (100, 50), (110, 90), (120, 190))
    assert rise_at(inputs, "dam", [0, 20, 39.9, 40, 90, 140, 200]) == pytest.approx([0.25] * 3 + [0.1] * 4)


def test_one_given_level_stands_for_both(tmp_path):
    """Proves: a year ends as it began where one level is blank; with none given there is none."""
    small = Small(tmp_path, 1).zone("z", 1)
    for name, fills in (("both", (0.2, 0.4)), ("first", (0.2, "")), ("last", ("", 0.4)), ("none", ("", ""))):
        small.station(name, existing=1, live_storage=10, initial_fill=fills[0], final_fill=fills[1])
    start, final = given_levels(read_inputs(small.write(), TABLES)["hydro_stations"])
    assert start == {"both": 2, "first": 2, "last": 4}
    assert final == {"both": 4, "first": 2, "last": 4}
