"""Power of demand response, by level and zone."""

import pytest
from small_loads import plant

from qhenergy.ground.faults import InputError


def pools(grid, **clause):
    """A demand of 60 and 100 MW in zone a and 50 in b; loads of 20 MW, one of a park, one of a county, annuity 10."""
    small = grid(2).zone("a", [60, 100]).zone("b", 50)
    small.add("thermal", zone="a", existing=200).add("thermal", asset="there", zone="b", existing=100)
    offer = {"room": 50, "calls": 0, "call_hours": 1, "technology": "control"}
    plant(small, 20, asset="park", zone="a", level="park", **offer)
    plant(small, 20, asset="county", zone="b", level="county", in_demand="no", existing=2, **offer)
    small.cost("control", investment=100)
    return small.add("response_powers", **clause).target("response")


@pytest.mark.parametrize(
    ("clause", "park", "county"),
    [
        ({"level": "park", "power": 7}, 7, 2),
        ({"zone": "b", "share": 0.1}, 0, 7),
        ({"level": "county", "power": 9}, 0, 9),
    ],
)
def test_level_and_zone_say_what_counts(grid, clause, park, county):
    """Proves: a level or a zone counts its own loads, what stands as well; loads beside the demand are in the peak.

    Zone b: 50 and a load of 20 beside it: 10 % of 70 are 7 MW.
    If it were broken, 5 would be asked of zone b, or the other load be built.
    """
    solved = pools(grid, **clause).solve()
    assert solved.column("capacity/installed", "park") == pytest.approx([park])
    assert solved.column("capacity/installed", "county") == pytest.approx([county])


def test_share_of_the_peak_of_the_system(grid):
    """Proves: without a zone the peak is that of all zones in the same hour: 100 + 50 + 20 in hour 1.

    10 % are 17 MW, of which 2 stand: 15 built at 10 CNY/MW/yr.
    If it were broken, the peak would be 130 or 150.
    """
    solved = pools(grid, share=0.1).solve()
    assert solved.costs["investment/control"] == pytest.approx(150)


def test_size_limit_of_a_pool(grid):
    """Proves: at most so much may be pooled, where more would pay.

    Curtailing at will saves 100 CNY/MWh; the pool may have 5 MW.
    If it were broken, 20 MW would be built.
    """
    small = pools(grid, level="park", sense="<=", power=5)
    small.rows["flexible_loads"][0].update(calls=8760)
    assert small.solve().column("capacity/installed", "park") == pytest.approx([5])


@pytest.mark.parametrize(
    ("clause", "found"),
    [({}, "neither"), ({"power": 1, "share": 0.1}, "both"), ({"level": "province", "power": 1}, "no such")],
)
def test_what_is_refused(grid, clause, found):
    """Proves: two things or none asked for, or of loads that are not there, is refused.

    If it were broken, nothing would be asked, and met.
    """
    with pytest.raises(InputError, match=found):
        pools(grid, **clause).solve()
