"""Plants behind send-out lines."""

import pytest

from qhenergy.ground.faults import InputError


def sending(grid, strictness="hard", penalty=0.0, year=2010, other=2040, **clause):
    """A line of 100 MW that sends nothing begins in z, beside 30 MW of wind; more costs 10 CNY/MW a year."""
    small = grid(1, 0).zone("y", 0).cost("wind", investment=100).cost("pv", investment=50).curve("none", [0])
    for line, since, power in (("dc", year, 100), ("late", other, 60)):
        small.add("send_out", line=line, capacity=power, schedule="curve", curve="none", in_service_year=since)
    small.add("wind", existing=30, room=500, series=[0]).group("clean", "wind", "pv")
    small.add("solar", zone="y", existing=10, room=20, series=[0])
    return small.add("line_backings", **clause).target("backing", strictness, penalty)


@pytest.mark.parametrize(("other", "built"), [(2040, 120), (2020, 210)])
def test_plants_of_the_zone_stand_behind_its_lines(grid, other, built):
    """Proves: the lines in service in the stage add up, and the plants of their zone count, what stands as well.

    1.5 * 100 MW less 30: 120 built; with the line of 60 MW as well, 210.
    If it were broken, 210 would be built for a line of 2040, 150 if nothing that stands counted, 110 with PV of y.
    """
    solved = sending(grid, other=other, ratio=1.5).solve()
    assert solved.column("capacity/built", "wind") == pytest.approx([built])
    assert solved.objective == pytest.approx(10 * built)
    assert solved.dual("line_backing/requirement", "backing") == pytest.approx(10)


def test_plants_of_further_zones(grid):
    """Proves: further zones count where they are named.

    150 MW less 30 in z and 10 in y: 20 MW of PV in y at 5 a year, 90 of wind.
    If it were broken, 120 MW of wind would be built.
    """
    solved = sending(grid, ratio=1.5, zones="z | y").solve()
    assert solved.column("capacity/built", "sun") == pytest.approx([20])
    assert solved.column("capacity/built", "wind") == pytest.approx([90])


def test_watched_and_nothing_to_measure(grid):
    """Proves: watched, what stands is measured; where no line begins in the stage there is nothing to measure.

    If it were broken, wind would be built, or a zone without a line would count as backed.
    """
    watched = sending(grid, "watched", ratio=1.5).solve()
    assert watched.column("line_backing/achieved") == pytest.approx([30])
    assert watched.objective == pytest.approx(0)
    none = sending(grid, year=2030, ratio=1.5).solve()
    assert [r.measured for r in none.assembled.requirements] == [False]
    assert not none.has("rows", "line_backing/requirement")


def test_a_zone_there_is_not_is_refused(grid):
    """Proves: every zone of the list is looked for.

    If it were broken, a zone misspelt would count as one without plants.
    """
    with pytest.raises(InputError) as refused:
        sending(grid, ratio=1, zones="z | yy").solve()
    assert 'zone "yy"' in str(refused.value)
