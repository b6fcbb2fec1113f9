"""Loads that run, or are placed, in another zone of their pool."""

import pytest
from small_loads import plant, tie

from qhenergy.ground.faults import InputError


def halls(grid, siting="hourly", power=(10, 10), **far):
    """A load in zone a at 100 and 300 CNY/MWh, room in zone b at 200 and 150."""
    small = grid(2, None).zone("a", 1).zone("b", 1)
    tie(small, [100, 300], tie="here", zone="a")
    tie(small, [200, 150], tie="there", zone="b")
    plant(small, power, zone="a", in_demand="no", window=2, raise_ratio=1)
    small.add("load_sites", asset="near", zone="a", load="plant", siting=siting, share=0.5)
    return small.add("load_sites", asset="far", zone="b", **{"siting": siting, "existing": 8, **far})


def test_load_runs_where_it_is_cheaper_in_the_hour(grid):
    """Proves: by the hour half of 10 MW moves in the hour in which the other zone is cheaper, and only then.

    Hour 0 stays at 100; in hour 1 5 MW run at 150 instead of 300. Demand of 1 in both zones beside it.
    If it were broken, load would vanish, 8 MW move, or hour 0 as well.
    """
    solved = halls(grid).solve()
    assert solved.column("load_siting/moved", "far") == pytest.approx([0, 5])
    assert solved.column("load_siting/moved", "near") == pytest.approx([0, -5])
    fixed = 100 + 300 + 200 + 150
    assert solved.objective == pytest.approx(4380 * (fixed + 10 * 400 - 5 * 150))


def test_load_is_placed_for_the_year(grid):
    """Proves: placed for the year, a load moves in all hours in its shape or in none.

    Baseline 4 and 16 MW, half of it elsewhere: 2 cost 100 more in hour 0, and 8, the most there is room for, save 150.
    If it were broken, hour 0 would stay where it is, or the same power would move in both.
    """
    solved = halls(grid, "yearly", (4, 16)).solve()
    assert solved.column("load_siting/moved", "far") == pytest.approx([2, 8])
    assert solved.column("load_siting/placed", "far") == pytest.approx([5])
    fixed = 100 + 300 + 200 + 150
    assert solved.objective == pytest.approx(4380 * (fixed + 4 * 100 + 16 * 300 + 200 - 1200))


def test_room_is_built_where_it_pays(grid):
    """Proves: what arrives needs capacity, which the plan builds: 5 MW save 150 in every other hour, 657,000 a MW.

    An annuity of 600,000 pays, one of 700,000 does not.
    If it were broken, load would arrive where nothing stands.
    """
    for annuity, built in ((6e5, 5), (7e5, 0)):
        small = halls(grid, existing=0, room=20).cost("hall", investment=10 * annuity)
        assert small.solve().column("capacity/built", "far") == pytest.approx([built], abs=1e-6)


def test_only_what_is_there_shifts_in_time(grid):
    """Proves: what has moved away cannot be lowered as well.

    In hour 1 the load of 10 moves to the other zone by half; at most the other half can be lowered, to be made
    up at 100. With 20 MW of control, 5 move in place and 5 in time.
    If it were broken, 10 would be lowered and 5 moved: a load of less than nothing.
    """
    small = halls(grid)
    small.rows["flexible_loads"][0]["existing"] = 20
    solved = small.solve()
    fixed = 100 + 300 + 200 + 150
    # All 10 of hour 1 in time: at 100 instead of 300, which is better than 150 elsewhere.
    assert solved.objective == pytest.approx(4380 * (fixed + 20 * 100))
    small.rows["flexible_loads"][0]["existing"] = 2
    solved = small.solve()
    assert solved.objective == pytest.approx(4380 * (fixed + 12 * 100 + 3 * 300 + 5 * 150))


@pytest.mark.parametrize(
    ("far", "found"),
    [
        ({"pool": "others"}, "one site"),
        ({"siting": "yearly"}, "hourly and yearly"),
        ({"load": "plant"}, "zone .a. of its load"),
    ],
)
def test_pools_that_cannot_be(grid, far, found):
    """Proves: a pool of one site, of two kinds, or a site apart from its load is refused.

    If it were broken, a load could move to nowhere.
    """
    small = halls(grid)
    small.rows["load_sites"][1].update(far)
    with pytest.raises(InputError, match=found):
        small.solve()
