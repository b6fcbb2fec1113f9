"""Demand and what of it is not served."""

import pytest


def test_what_cannot_be_served_is_paid(grid):
    """Proves: demand above all capacity is unserved at the zone's price, each hour counts as its share of a year.

    Hour 0 asks 100 of 80 MW, hour 1 asks 50: 130 MWh of coal at 100 and 20 MWh unserved at 10,000.
    If it were broken, the cost would be 150 * 100 = 15,000 (unserved free), or 213,000 unweighted.
    """
    solved = grid(2, [100, 50]).add("thermal", existing=80).solve()
    assert solved.column("demand/unserved") == pytest.approx([20, 0])
    assert solved.objective == pytest.approx(4380 * (130 * 100 + 20 * 10_000))
    assert solved.costs["unserved energy"] == pytest.approx(4380 * 200_000)


def test_price_of_every_zone_is_its_own(grid):
    """Proves: each zone pays its own price for what it misses.

    Zone a misses 10 at 7,000 and zone b 30 at 3,000 CNY/MWh: 160,000 an hour.
    If it were broken, the cost would be 280,000 or 120,000 (one price for both), or 240,000 (prices swapped).
    """
    solved = grid(1).zone("a", 10, 7000).zone("b", 30, 3000).solve()
    assert solved.objective == pytest.approx(8760 * 160_000)
    assert solved.dual("balance/energy", "a") == pytest.approx(8760 * 7000)


def test_hours_add_up_to_the_energy_of_the_year(grid):
    """Proves: the shape is scaled so that weighted hours add up to the yearly energy, also where a year is cut short.

    Mean 40 MW over 3 hours in the proportion 1 : 2 : 3 is 20, 40 and 60 MW.
    If it were broken (scaled over the 24 hours of the shape), the balance would not have 20, 40, 60.
    """
    solved = grid(3, [20, 40, 60]).add("thermal", existing=100).solve()
    assert solved.column("thermal/output") == pytest.approx([20, 40, 60])
    assert solved.objective == pytest.approx(40 * 8760 * 100)


def test_demand_between_two_years_is_interpolated(grid):
    """Proves: the energy of a stage lies on the line between the years given.

    10 MW in 2020 and 30 MW in 2030 is 20 MW in 2025, all unserved: 200,000 an hour.
    If it were broken, the cost would be 100,000 or 300,000 an hour (the nearest year).
    """
    small = grid(1, 30)
    small.rows["demand"][0]["year"] = 2030
    small.add("demand", zone="z", year=2020, energy=10 * 8760, shape="z")
    assert small.solve().objective == pytest.approx(8760 * 200_000)


def test_zone_with_a_demand_of_nothing(grid):
    """Proves: a yearly energy of zero is a demand of zero in every hour.

    Zone b asks nothing; zone a misses 10 at 7,000.
    If it were broken, zero over zero would stand on the right-hand side of zone b.
    """
    small = grid(1).zone("a", 10, 7000).zone("b", 20, 3000)
    small.rows["demand"][1]["energy"] = 0
    solved = small.solve()
    assert solved.objective == pytest.approx(8760 * 70_000)


def test_zone_without_anything(grid):
    """Proves: a zone where nothing stands and nothing is asked is a zone like any other.

    Zone a misses 10 at 7,000; zone b is empty.
    If it were broken, the balance 0 = 0 of zone b would end the run.
    """
    solved = grid(1).zone("a", 10, 7000).zone("b", 0).solve()
    assert solved.objective == pytest.approx(8760 * 70_000)
