"""Fuels of limited supply: a year, a day, an hour, and stores between them."""

import numpy as np
import pytest

from hand_solved.test_chronology import three_periods
from qhenergy.ground.faults import InputError


def peakers(grid, demand, price=10.0, **options):
    """100 MW of gas at 0.5 (two MWh of gas a MWh, 7.2 GJ), and coal at 100 CNY/MWh beside it."""
    small = grid(len(demand), demand, **options).add("thermal", existing=100).add("fuels")
    small.add("fuels", fuel="gas", price=price)
    return small.add("thermal", asset="peaker", technology="peaker", fuel="gas", efficiency=0.5, existing=100)


def test_a_fuel_without_a_row_is_unlimited(grid):
    """Proves: without a row nothing is limited and nothing is written.

    10 MW at 72 CNY/MWh.
    If it were broken, coal would run at 100, or rows would stand for nothing.
    """
    solved = peakers(grid, [10, 10]).solve()
    assert solved.objective == pytest.approx(8760 * 720)
    assert not solved.has("rows", "fuel_supply/balance")


@pytest.mark.parametrize("supplies", [{2025: 87_600}, {2020: 0, 2030: 175_200}, {2030: 87_600}])
def test_supply_of_a_year_and_its_shadow_price(grid, supplies):
    """Proves: all that is burnt in a year is at most its supply, between years of the table on a line.

    87,600 MWh of gas make 5 of the 10 MW asked. One MWh more makes half a MWh at 72 instead of 100: worth 14 CNY.
    If it were broken, gas would serve all (limit of what is generated: 720) or coal 7.5; the price would be 28 or 7,8.
    """
    small = peakers(grid, [10, 10])
    for year, yearly in supplies.items():
        small.add("fuel_supplies", year=year, yearly=yearly)
    solved = small.solve()
    assert solved.column("thermal/output", "peaker").sum() == pytest.approx(10)
    assert solved.objective == pytest.approx(8760 * (5 * 72 + 5 * 100))
    assert solved.dual("fuel_supply/yearly", "gas") == pytest.approx([-14])


def test_no_supply_is_none(grid):
    """Proves: a supply of nothing stops the plants in every hour, said as bounds.

    If it were broken, an interior point would have no interior, or gas would run.
    """
    solved = peakers(grid, [10, 10]).add("fuel_supplies", yearly=0).solve()
    assert solved.column("thermal/output", "peaker") == pytest.approx([0, 0])
    assert solved.problem.upper[solved.problem.columns.of("fuel_supply/delivered")] == pytest.approx([0, 0])


@pytest.mark.parametrize(("limits", "gas"), [({"hourly": 8}, [4, 4]), ({"daily": 24 * 6}, [0, 6])])
def test_limits_of_an_hour_and_of_a_day(grid, limits, gas):
    """Proves: the hour is limited hour by hour, the day as a whole and by the part of it that is modelled.

    8 MWh an hour make 4 MW. 144 MWh a day are 12 in two hours: 6 MWh of gas power, all in the hour coal cannot serve.
    If it were broken, a whole day of gas would be burnt in two hours, or the day be cut into 3 MW an hour.
    """
    small = peakers(grid, [10, 106] if "daily" in limits else [10, 10]).add("fuel_supplies", **limits)
    solved = small.solve()
    assert solved.column("thermal/output", "peaker") == pytest.approx(gas)
    assert solved.column("demand/unserved") == pytest.approx([0, 0])


@pytest.mark.parametrize(("daily", "coal"), [(240, 0), (180, 30)])
@pytest.mark.parametrize("window", [20, 48])
def test_a_day_runs_across_windows(grid, daily, coal, window):
    """Proves: the limit of a day is of its 24 hours, wherever windows are cut.

    10 MW from noon to midnight are 240 MWh of gas a day; of 180 MWh a quarter is missing, which coal makes.
    If it were broken, the four hours after a cut at 20 would get 40 of their 80 MWh, and coal make 20 a day.
    """
    time = {"window_hours": window}
    demand = [0.0] * 12 + [10.0] * 12
    small = grid(48, None, case={"time": time}).zone(demand=demand).add("thermal", existing=100).add("fuels")
    small.add("fuels", fuel="gas").add("fuel_supplies", daily=daily)
    small.add("thermal", asset="peaker", technology="peaker", fuel="gas", efficiency=0.5, existing=100)
    solved = small.solve()
    assert solved.objective == pytest.approx(365 * ((120 - coal) * 72 + coal * 100))


def summer_and_winter(system):
    """Two hours of July, two of January."""
    system.month = np.array([7, 7, 1, 1])


@pytest.mark.parametrize(
    ("row", "coal", "lost"),
    [
        (None, 20, 0),
        ({}, 0, 0),
        ({"volume": 30}, 5, 0),
        ({"injection": 10}, 10, 0),
        ({"withdrawal": 12}, 8, 0),
        ({"efficiency": 0.5}, 10, 20),
        ({"loss": 0.5}, 12.5, 25),
        ({"first_year": 2026}, 20, 0),
    ],
)
def test_a_store_carries_summer_gas_into_winter(grid, row, coal, lost):
    """Proves: a store burns in winter what was delivered in summer, within its volume and both its rates.

    20 MWh of gas an hour in July, none in January, when 10 MW are asked: 40 MWh of gas, or coal. Half a loss an hour
    leaves 5 + 10 of 20 + 20 MWh for the first hour of January. What is lost is paid at 3.6 CNY a MWh.
    If it were broken, gas would burn in January without a store, the loss be for nothing, or coal make all 20.
    """
    small = peakers(grid, [0, 0, 10, 10], price=1.0, case={"time": {"window_hours": 2}})
    small.add("fuel_supplies", hourly=20).add("fuel_supply_months", month=1, share=0)
    if row is not None:
        small.add("fuel_stores", **{"volume": 100, **row})
    solved = small.solve(summer_and_winter)
    assert solved.column("thermal/output", "coal").sum() == pytest.approx(coal, abs=1e-6)
    assert solved.costs.get("fuel/gas", 0) == pytest.approx(2190 * 3.6 * lost, abs=1e-3)
    assert solved.objective == pytest.approx(2190 * (coal * 100 + (20 - coal) * 7.2 + lost * 3.6))


@pytest.mark.parametrize(("volume", "coal"), [(100, 20), (30, 25)])
def test_gas_is_carried_over_real_periods(grid, volume, coal):
    """Proves: the store carries gas from one real period to the next in their order.

    A, in July, puts 20 MWh by and stands for two; B, in January, asks 40 MWh of power: 20 of them from 40 MWh of gas. A
    store of 30 brings 15.
    If it were broken, coal would make 40 (closed periods), 30 (A counted once), or 20 with the small store.
    """
    small = peakers(grid, [0, 0, 20, 20, 0, 0], price=1.0).add("fuel_supplies", hourly=10)
    small.add("fuel_supply_months", month=1, share=0).add("fuel_stores", volume=volume)

    def calendar(system):
        three_periods(system)
        system.month = np.array([7, 7, 1, 1, 7, 7])

    assert small.solve(calendar).objective == pytest.approx(coal * 100 + (40 - coal) * 7.2, abs=1e-6)


def test_store_of_an_unlimited_fuel_is_refused(grid):
    """Proves: a store that would have nothing to do is a fault.

    If it were broken, it would stand there and promise winter gas that is not short.
    """
    with pytest.raises(InputError, match="whose supply is unlimited"):
        peakers(grid, [10, 10]).add("fuel_stores", volume=10).solve()
