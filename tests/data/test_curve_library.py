"""The library of typical curves, and curves by name."""

import shutil

import numpy as np
import pytest

from qhenergy.data.builtin import root
from qhenergy.data.curve_file import read_curve
from qhenergy.data.curve_library import curve_of, find_curve, library
from qhenergy.data.inputs import read_inputs
from qhenergy.ground.faults import InputError
from qhenergy.model.catalogue import TABLES
from qhenergy.studies import starting

FOLDER = root() / "inputs" / "qinghai"
NAMES = ["flat", "two-level", "three-level", "midday-heavy", "evening-peak"]


@pytest.fixture(scope="module")
def inputs():
    return read_inputs(FOLDER, TABLES)


def test_index_says_what_the_files_hold(inputs):
    """Proves: the energy of each curve on 8 GW is what its file comes to, and every row has its source.

    If it were broken, the printed energy would be that of another curve.
    """
    table = library(FOLDER)
    assert list(table.index) == NAMES
    assert {p.stem for p in (FOLDER / "send_out_curves").glob("*.csv")} == {*NAMES, "index"}
    assert set(table["confidence"]) == {"low"}
    for name, row in table.iterrows():
        curve = read_curve(find_curve(name, FOLDER), 8000)
        assert curve.energy == pytest.approx(row["energy_of_8_gw"])
        assert curve.energy == pytest.approx(8000 * row["full_load_hours"], rel=1e-5)
        assert set(row["source"].split(" | ")) <= set(inputs["sources"].index)
        assert row["title_en"] != row["title_zh"] != ""
        assert curve.per_unit.max() <= 1
        assert curve.per_unit.min() >= 0.1


def test_shapes_of_the_library():
    """Proves: a curve has the levels of its name, noon is the most of one and the evening that of another."""
    day = {name: read_curve(find_curve(name, FOLDER), 1).values[:24] for name in NAMES}
    assert [len(set(day[n])) for n in NAMES[:3]] == [1, 2, 3]
    assert np.argmax(day["midday-heavy"]) == 11
    assert np.flatnonzero(day["evening-peak"] == 1).tolist() == [17, 18, 19, 20, 21]


def test_curve_by_name_path_and_table(inputs, tmp_path):
    """Proves: a bare name is one of the library or of the table, a path is a file; titles come from the index."""
    found = curve_of("evening-peak", inputs, "qing-yu")
    assert (found.title, found.title_zh) == ("Evening peak of the receiving side", "受端晚高峰")
    assert found.source == "derived | recalled; confidence low"
    assert found.values.max() == 8000
    table = curve_of("qing-yu-two-level", inputs, "qing-yu", 15)
    assert table.values[:41:40] == pytest.approx([0.25 * 8000, 0.68 * 8000])
    assert table.kind == "month"
    path = tmp_path / "flat.csv"
    path.write_text("value [p.u.]\n" + "0.5\n" * 8760, encoding="utf-8")
    mine = curve_of(path, inputs, "qing-yu")
    assert (mine.title, mine.values[0]) == ("flat", 4000)


def test_unknown_names(inputs, tmp_path):
    """Proves: a misspelt curve or line names those there are."""
    with pytest.raises(InputError, match=r'no "evenin-peak".*one of evening-peak, flat.*Did you mean "evening-peak"'):
        curve_of("evenin-peak", inputs, "qing-yu")
    with pytest.raises(InputError, match=r'found "qing-yi".*Did you mean "qing-yu"'):
        curve_of("flat", inputs, "qing-yi")
    assert library(tmp_path).empty
    assert find_curve("flat", tmp_path) == (FOLDER / "send_out_curves" / "flat.csv").resolve()


def test_library_goes_along(tmp_path):
    """Proves: the copy for editing has the library, is read as before, and its own curve goes before the built-in.

    If it were broken, `send_out_curves` would be refused as a table, or an edited curve be ignored.
    """
    starting.copy(tmp_path / "mine")
    folder = tmp_path / "mine" / "inputs" / "qinghai"
    assert len(library(folder)) == 5
    assert read_inputs(folder, TABLES).folder == folder
    edited = folder / "send_out_curves" / "flat.csv"
    assert find_curve("flat", folder) == edited.resolve()
    shutil.move(edited, edited.with_name("flatter.csv"))
    with pytest.raises(InputError, match=r"no file flat\.csv"):
        library(folder)
