"""Land that plants cover."""

import pytest

from qhenergy.ground.faults import InputError


def fields(grid, strictness="hard", penalty=0.0, group="plants", needs=True, **land):
    """PV of 10 MW that stands and 200 to build at 100 CNY/MW a year, roofs at 500; 160 MW of sun-hours are asked."""
    small = grid(1, 160).cost("pv", investment=1000).cost("roofs", investment=5000)
    small.add("solar", existing=10, room=200, series=[1])
    small.add("solar", asset="roofs", technology="roofs", room=200, series=[1]).group("plants", "pv", "roofs")
    small.add("land_needs", technology="roofs", land=0)
    if needs:
        small.add("land_needs", technology="pv", land=0.02)
    return small.group("ground", "pv").add("land_uses", group=group, **land).target("land", strictness, penalty)


def test_land_limits_what_covers_it(grid):
    """Proves: what stands and what is added cover the usable part of the land that is left; roofs cover none.

    0.5 * (10 - 3 - 2) = 2.5 km2 at 0.02 km2/MW are 125 MW of PV, 115 of them new; 35 MW go to roofs. A km2 more is
    50 MW for 100 instead of 500 a year.
    If it were broken, PV would be 150 (no limit), 60 (roofs count) or 135 (what stands does not).
    """
    solved = fields(grid, area=10, redline=3, excluded=2, usable=0.5).solve()
    assert solved.column("capacity/built", "sun") == pytest.approx([115])
    assert solved.column("capacity/built", "roofs") == pytest.approx([35])
    assert solved.objective == pytest.approx(115 * 100 + 35 * 500)
    assert solved.dual("land_use/requirement", "land") == pytest.approx(-50 * 400)


def test_land_of_a_zone(grid):
    """Proves: a clause about a zone counts the plants that stand there.

    1 km2 in a are 50 MW, the other 110 stand in b; both are a corridor away from demand in b.
    If it were broken, 50 MW would stand in both together, and demand go short.
    """
    small = grid(1).zone("a", 0).zone("b", 160).cost("pv", investment=1000).add("corridors", existing=500)
    small.add("solar", asset="near", zone="a", room=200, series=[1])
    small.add("solar", asset="far", zone="b", room=110, series=[1]).group("plants", "pv")
    small.add("land_needs", technology="pv", land=0.02).add("land_uses", zone="a", area=1).target("land")
    solved = small.solve()
    assert solved.column("capacity/built", "near") == pytest.approx([50])
    assert solved.column("demand/unserved", "b") == pytest.approx([0])


def test_land_in_printed_units(grid):
    """Proves: 20 km2/GW are 0.02 km2/MW, and ha are hundredths of km2.

    As the first test, with the tables in other units.
    If it were broken, a table in km2/GW would be a thousand times too large.
    """
    small = fields(grid, area=10, redline=3, excluded=2, usable=0.5)
    small.units = {("land_needs", "land"): "km2/GW", ("land_uses", "area"): "hectare", ("land_uses", "usable"): "%"}
    assert small.solve().column("capacity/built", "sun") == pytest.approx([115])


def test_watched(grid):
    """Proves: watched, what is covered is measured and nothing held down.

    160 MW of PV cover 3.2 km2 of 2.5.
    If it were broken, roofs would be built, or 2.5 be reported.
    """
    solved = fields(grid, "watched", area=10, redline=3, excluded=2, usable=0.5).solve()
    assert solved.column("land_use/achieved") == pytest.approx([3.2])
    assert solved.objective == pytest.approx(150 * 100)
    assert not solved.has("rows", "land_use/requirement")


def test_refused(grid):
    """Proves: a technology whose need of land is not known, and more excluded than there is, are refused together.

    If it were broken, such a plant would cover nothing, or land be negative.
    """
    with pytest.raises(InputError) as refused:
        fields(grid, needs=False, area=4, redline=3, excluded=2).solve()
    assert 'technology "pv" of the group' in str(refused.value)
    assert "-1 km2 left" in str(refused.value)
