"""Proves that every fault of a table of portfolios is told at once, and what a table without one is read as."""

import math

import pytest
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.studies.portfolio import registered
from qhenergy.studies.portfolio_problem import footing
from qhenergy.studies.portfolio_table import read_portfolios, room_asked, scope_of

HEAD = "portfolio,asset,technology,group,zone,capacity [MW],least [MW],most [MW],energy [MWh],duration [h],within,year"


@pytest.fixture
def system(tmp_path):
    """Cells of 2 h, cells of 1 to 6 h, a cavern that is not open yet, and a coal plant."""
    small = Small(tmp_path / "small", 2).zone("z", 10).zone("y", 10).add("thermal", existing=100)
    small.add("batteries", asset="short", technology="cells", room=100, duration=2)
    small.add("batteries", asset="far", technology="cells", zone="y", room=50, duration=2)
    small.add("batteries", asset="sized", technology="free", room=100, minimum_duration=1, maximum_duration=6)
    small.add("compressed_air", room=30, duration=5, earliest_year=2030)
    return small.group("stores", "cells", "free", "caes").system()


def told(system, tmp_path, *rows, head=HEAD):
    """What is said of a file of these rows."""
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assets = registered(system)
    with pytest.raises(InputError) as caught:
        read_portfolios(system, assets, scope_of(system, assets), path)
    return [str(fault) for fault in caught.value.faults]


def made(system, tmp_path, *rows):
    """Portfolios of a file, by key."""
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    assets = registered(system)
    return {p.name: p for p in read_portfolios(system, assets, scope_of(system, assets), path)}


def test_all_faults_at_once(system, tmp_path):
    said = told(
        system,
        tmp_path,
        "a,,cels,,,10,,,,,,",
        "a,,cells,,x,10,,,,,,",
        "b,short,cells,,,10,,,,,,",
        "b,short,,,,10,5,,,,,",
        "c,short,,,,,9,5,,,,",
        "c,sized,,,,10,,,20,2,,",
        "d,short,,,,10,,,,3,,",
        "d,sized,,,,10,,,100,,,",
        "e,short,,,,10,,,,,,2030",
        "f,short,,,,10,,,,,,",
        "f,short,,,,20,,,,,,",
        "g,,cells,,,400,,,,,data,",
        "h,,,store,,10,,,,,,",
    )
    expected = [
        'row 2: found technology "cels"',
        'row 3: found zone "x"',
        "row 4: found asset and technology",
        "row 5: found a capacity, and limits",
        "row 6: found least 0.9 above most 0.5",
        "row 7: found an energy and a duration",
        "row 8: found a duration of 3 h; expected 2 to 2 h",
        "row 9: found a duration of 10 h; expected 1 to 6 h",
        "row 10: found year 2030; expected a stage of the case: 2025",
        'row 12: found "short" of f, which is said in mine.csv, row 11 already',
        "row 13: found 40 [10^4 kW]; expected at most 15, the room of the data",
        'row 14: found group "store"',
    ]
    assert len(said) == len(expected)
    for sentence, words in zip(said, expected, strict=True):
        assert words in sentence
    assert 'Did you mean "cells"?' in said[0]


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        (("a,short,-1",), "portfolio,asset,capacity [MW]", "at least 0 [MW]"),
        (("a,short,1",), "portfolio,asset,capacity", "no unit in the header"),
        (("a,short,1",), "portfolio,asset,size [MW]", 'column "size"'),
        ((), "portfolio,asset,capacity [MW]", "no row"),
        (("a,short,any",), "portfolio,asset,within", 'found "any"'),
    ],
)
def test_faults_of_cells(system, tmp_path, rows, head, said):
    assert said in told(system, tmp_path, *rows, head=head)[0]


def test_what_is_there_without_being_said(system, tmp_path):
    """Proves: nothing and anything are always among them; a line without a subject is about all storage."""
    found = made(system, tmp_path, "a,,cells,,,10,,,,,,")
    assert list(found) == ["none", "a", "optimum"]
    assert set(found["none"].lines[0].assets) == {"short", "far", "sized", "cavern"}
    assert (found["none"].lines[0].most, found["optimum"].lines[0].most) == (0.0, math.inf)
    assert found["a"].title.en == "a"
    own = made(system, tmp_path, "none,,,,,0,,,,,,", "optimum,,,,,,,,,,data,")
    assert list(own) == ["none", "optimum"]
    assert own["optimum"].lines[0].within_data


def test_room_is_opened_for_what_is_asked(system, tmp_path):
    """Proves: a plant before its year gets the room a line asks for; lines of few assets open what others count on.

    130 MW of `stores` within a cavern of 30: short, far and sized have 250. 300 of cells: 150 more for each of two.
    """
    found = made(system, tmp_path, "a,cavern,,,,30,,,,,,", "b,,,stores,,280,,,,,,", "c,,cells,,,300,,,,,,")
    assets = registered(system)
    lines = [line for portfolio in found.values() for line in portfolio.lines]
    room = room_asked(assets, 2025, lines)
    assert {name: room[name] for name in ("cavern", "short", "far", "sized")} == {
        "cavern": 30, "short": 250, "far": 200, "sized": 100,
    }  # fmt: skip
    made_ready = footing(system, assets, scope_of(system, assets), list(found.values()))
    after = registered(made_ready.system)
    assert after["cavern"].room[2025] == 30
    assert made_ready.data_room["cavern"] == 0


def test_what_waits_for_its_lead_time_still_does(tmp_path):
    """Proves: a plant is opened before the lead time of its technology, and its like that nobody asks for is not."""
    small = Small(tmp_path / "small", 2, lead_times={"caes": 8}).zone("z", 10).add("thermal", existing=100)
    small.add("compressed_air", room=30, duration=5).add("compressed_air", asset="other", room=30, duration=5)
    system = small.system()
    found = made(system, tmp_path, "a,cavern,,,,20,,,,,,")
    assets = registered(system)
    assert assets["cavern"].room[2025] == 0
    after = registered(footing(system, assets, scope_of(system, assets), list(found.values())).system)
    assert (after["cavern"].room[2025], after["other"].room[2025]) == (30, 0)


def test_a_plant_that_cannot_stand_is_told(tmp_path):
    """Proves: room does not help a basin above a dam that comes later."""
    small = Small(tmp_path / "small", 2).zone("z", 10).add("thermal", existing=100)
    small.station("dam", existing=10, in_service_year=2030)
    small.add("pumped_storage", room=0, lower_station="dam", head=100)
    system = small.system()
    found = made(system, tmp_path, "a,basin,,,,20,,,,,,")
    assets = registered(system)
    with pytest.raises(InputError, match="no more can stand in 2025"):
        footing(system, assets, scope_of(system, assets), list(found.values()))


def test_a_scope_that_is_no_group(tmp_path):
    small = Small(tmp_path / "small", 2, {"portfolios": {"scope": "store"}}).zone("z", 10).add("thermal", existing=100)
    system = small.add("batteries", room=10, duration=2).group("stores", "cells").system()
    with pytest.raises(InputError, match='Did you mean "stores"'):
        scope_of(system, registered(system))


def test_steps_of_a_case_rise(tmp_path):
    small = Small(tmp_path / "small", 2, {"portfolios": {"durations": [4.0, 2.0]}}).zone("z", 10)
    with pytest.raises(InputError, match="numbers that rise"):
        small.system()
