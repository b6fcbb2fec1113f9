"""Industrial hydrogen: what it asks, where it comes from, what it costs not to serve it."""

import pytest

from qhenergy.ground.faults import InputError
from qhenergy.ground.units import HYDROGEN_MWH_PER_T as PER_T

YEAR = 8760


def works(grid, tonnes, *, stack=100, duration=10, prices=(0, 100), **row):
    """Two hours of power for nothing and at 100 CNY/MWh; electrolysers of one half; a works asking t/h evenly."""
    small = grid(2, None).zone(demand=0).add("wind", existing=1000, series=[1 - p / 100 for p in prices])
    small.add("thermal", existing=1000).add("electrolysers", existing=stack, efficiency=0.5)
    small.add("hydrogen_stores", existing=1, duration=duration)
    return small.add("hydrogen_demands", **{"yearly": tonnes * YEAR, **row})


@pytest.mark.parametrize(("stack", "duration", "coal"), [(1000, 1e4, 0), (1000, 20, 26.66), (100, 1e4, 33.32)])
def test_demand_is_met_from_the_cheapest_hours_through_the_store(grid, stack, duration, coal):
    """Proves: hydrogen for both hours is made in the one of wind, as far as electrolyser and store allow.

    1 t/h is 33.33 MWh an hour: 133.32 MWh of wind in hour 0 serve both. A store of 20 MWh leaves 13.33 to make in hour
    1, of 26.66 MWh of coal; an electrolyser of 100 MW makes 50 in hour 0 and leaves 16.66, of 33.32.
    If it were broken, coal would make 66.66 (nothing carried over) or the efficiency be forgotten: 13.33 and 16.66.
    """
    solved = works(grid, 1.0, stack=stack, duration=duration).solve()
    assert solved.column("hydrogen_demand/served") == pytest.approx([1, 1])
    assert solved.column("thermal/output").sum() == pytest.approx(coal, abs=1e-6)
    assert solved.objective == pytest.approx(4380 * 100 * coal, abs=1e-3)


@pytest.mark.parametrize(("price", "served"), [(7000, 2), (6600, 1)])
def test_unserved_at_its_price(grid, price, served):
    """Proves: hydrogen dearer to make than not to serve is not served, and paid at its price.

    Without a store a tonne in hour 1 takes 66.66 MWh of coal: 6,666 CNY.
    If it were broken, the price would be one of a MWh, and nothing or everything be served in both cases.
    """
    solved = works(grid, 1.0, stack=1000, duration=0.1, unserved_price=price).solve()
    small_store = 0.1 / PER_T
    assert solved.column("hydrogen_demand/served").sum() == pytest.approx(served, abs=2 * small_store)
    missed = solved.costs["unserved hydrogen/works"]
    assert missed == pytest.approx(4380 * price * (2 - served), rel=0.01, abs=1e-3)


def test_a_shape_spreads_the_year(grid):
    """Proves: the shape of the table says when hydrogen is asked, and the year is kept.

    17,520 t in a year of two hours that stand for 4,380 each are 4 t in all: 1 and 3 by the shape.
    If it were broken, 2 and 2 would be asked (evenly), or 4 of every hour.
    """
    small = works(grid, 2.0, stack=1000, duration=0.1, prices=(0, 0), shape="late")
    for month in range(1, 13):
        small.add("demand_shapes", shape="late", month=month, **{f"hour_{h}": 1 + 2 * (h % 2) for h in range(24)})
    assert small.solve().column("hydrogen_demand/served") == pytest.approx([1, 3], rel=0.01)


def test_a_later_row_asks_nothing_yet(grid):
    """Proves: a demand asks from its first year on.

    If it were broken, coal would run for a works that is not there.
    """
    solved = works(grid, 1.0, first_year=2026).solve()
    assert not solved.has("columns", "hydrogen_demand/served")
    assert solved.objective == pytest.approx(0, abs=1e-6)


def test_every_fault_is_said_at_once(grid):
    """Proves: a demand whose store cannot stand is refused, each by its name, and a later one is not.

    If it were broken, hydrogen would go unserved without a word.
    """
    small = works(grid, 1.0).add("hydrogen_stores", asset="plan", existing=0, duration=1)
    for name, first in (("one", 2020), ("two", 2025), ("later", 2030)):
        small.add("hydrogen_demands", demand=name, store="plan", yearly=1, first_year=first)
    with pytest.raises(InputError) as error:
        small.solve()
    assert [f.where for f in error.value.faults] == ["hydrogen_demands.csv (one)", "hydrogen_demands.csv (two)"]
