"""The largest power a line can be counted on for, flat or in the evening."""

import pytest

from qhenergy.ground.faults import InputError
from qhenergy.model.assemble import assemble
from qhenergy.solving.profile import read_profile
from qhenergy.studies.firm import firm_levels
from qhenergy.studies.stepwise import Study


def fleet(grid, series, demand=0.0, **line):
    """Wind of 100 MW with a series, a line of 100 MW."""
    small = grid(len(series), demand).add("wind", existing=100, series=series).curve("flat", [0.5])
    return small.add("send_out", capacity=100, schedule="curve", curve="flat", **line)


def levels(small, shares, **options):
    """What a small system can be counted on for."""
    return firm_levels(Study(assemble(small.system(), workers=1), "dc", read_profile("simplex")), shares, **options)


def test_the_worst_hours_that_may_be_missed_are(grid):
    """Proves: with a quarter of the hours to leave out the second worst hour decides, with half the third.

    Wind of 100, 50, 25 and 10 MW: 10 at 100 %, 25 at 75 %, 50 at 50 %; 80 % leaves out no whole hour.
    If it were broken, 80 % would give 25 (part of an hour left out), or the bound be below the level.
    """
    all_, four_fifths, three, half = levels(fleet(grid, [1, 0.5, 0.25, 0.1]), (1, 0.8, 0.75, 0.5))
    assert [f.level for f in (all_, four_fifths, three, half)] == pytest.approx([10, 10, 25, 50])
    assert [f.missed for f in (all_, three, half)] == pytest.approx([0, 2190, 4380])
    assert all_.bound == pytest.approx(10)
    # A quarter of 4*F is missed where F - 25 + F - 10 = F, half of it where F - 50 more come to 2*F.
    assert three.bound == pytest.approx(35)
    assert half.bound == pytest.approx(85)


def test_evening_hours_alone(grid):
    """Proves: only the hours asked for are held, others send what they like; the hours may go through midnight.

    Wind 5 MW but 60 and 40 in hours 18 and 19, 30 in hour 23 and 20 in hour 0: 40 from 18 to 20, 20 from 23 to 1.
    If it were broken, 5 MW.
    """
    wind = [0.05] * 24
    for hour, power in ((18, 0.6), (19, 0.4), (23, 0.3), (0, 0.2)):
        wind[hour] = power
    small = fleet(grid, wind)
    (evening,) = levels(small, (1,), hours=(18, 20))
    (midnight,) = levels(small, (1,), hours=(23, 1))
    assert evening.level == pytest.approx(40)
    assert evening.hours == (18, 20, 2 * 365)
    assert midnight.level == pytest.approx(20)


def test_a_store_levels_the_evening(grid):
    """Proves: what a store shifts counts, and its room is named as what holds the level down.

    Wind of 100 MW in hour 17 only, a battery of 100 MW and 60 MWh: 30 MW in hours 18 and 19, a MWh more is half a MW.
    If it were broken, nothing would be left for the evening.
    """
    wind = [0.0] * 24
    wind[17] = 1.0
    small = fleet(grid, wind).add("batteries", existing=100, duration=0.6)
    (evening,) = levels(small, (1,), hours=(18, 20))
    assert evening.level == pytest.approx(30)
    assert any(b.kind == "store" and b.worth == pytest.approx(0.5) for b in evening.binding)


def test_with_whole_numbers_the_choice_is_exact(grid):
    """Proves: where a store ties hours together the search for whole numbers meets its bound.

    Wind 80, 0, 0, 80 MW, a battery of 100 MW and 40 MWh: all hours 20 MW; three of four: 40 in hour 1 or 2, left out
    the other, beside 40 stored of 80: 40 MW.
    If it were broken, the level would lie below its bound, or above what can be stored.
    """
    small = fleet(grid, [0.8, 0, 0, 0.8]).add("batteries", existing=100, duration=0.4)
    every, most = levels(small, (1, 0.75), exact=20)
    assert every.level == pytest.approx(20)
    assert (most.level, most.bound) == (pytest.approx(40), pytest.approx(40, rel=1e-4))


def test_the_cost_of_a_level_and_home_first(grid):
    """Proves: home is served first, and the cost is that of the level beyond what runs anyway.

    40 MW at home, wind 100 and 0 MW, coal of 60: 20 MW can be held; 20 MW of coal in hour 1, 4380 h at 100.
    If it were broken, 60 MW would be held and home go short, or home's coal be counted too.
    """
    small = fleet(grid, [1, 0], demand=40).add("thermal", existing=60)
    (level,) = levels(small, (1,))
    assert level.level == pytest.approx(20)
    assert level.cost == pytest.approx(4380 * 20 * 100, rel=1e-5)


def test_what_cannot_be_asked_is_refused(grid):
    """Proves: shares and hours out of range are said together.

    If it were broken, a share of 0 would give the rating.
    """
    with pytest.raises(InputError) as refused:
        levels(fleet(grid, [1]), (0, 1.1), hours=(18, 30))
    assert len(refused.value.faults) == 3
