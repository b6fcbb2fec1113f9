"""A price of CO2."""

import pytest


def fleet(grid, price, strictness="hard", **clause):
    """Coal at 100 CNY and 1 t, gas at 150 CNY and 0.5 t a MWh, 10 MW each against 10 MW."""
    small = grid(2, 10).add("thermal", existing=10)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=10)
    small.add("fuels").add("fuels", fuel="gas", price=15, emission=0.05)
    small.add("co2_prices", price=price, **clause)
    return small.target("price", strictness, 1.0 if strictness == "priced" else 0.0).solve()


@pytest.mark.parametrize(("price", "cost"), [(0, 1000), (80, 1800), (120, 2100)])
def test_price_turns_the_merit_order(grid, price, cost):
    """Proves: every tonne costs its price; at more than 100 CNY/t gas comes first.

    100 + p against 150 + 0.5 p for 10 MW.
    If it were broken, coal would run at 120 (2,200), or emissions would be charged per GJ (0.1).
    """
    assert fleet(grid, price).objective == pytest.approx(8760 * cost)


def test_cost_has_its_name(grid):
    """Proves: what CO2 costs stands under its own name, apart from fuel.

    80 CNY/t for 10 t an hour.
    If it were broken, fuel would hold 1,800.
    """
    costs = fleet(grid, 80).costs
    assert costs["CO2 price/price"] == pytest.approx(8760 * 800)
    assert costs["fuel/coal"] == pytest.approx(8760 * 1000)


@pytest.mark.parametrize(
    ("strictness", "year", "paid"),
    [("hard", 2025, 800), ("priced", 2025, 800), ("watched", 2025, 0), ("hard", 2026, 0)],
)
def test_strictness_and_year(grid, strictness, year, paid):
    """Proves: hard and priced are paid, watched is not, nor a price of a later year.

    If it were broken, a watched price would cost 800 an hour.
    """
    assert fleet(grid, 80, strictness, year=year).objective == pytest.approx(8760 * (1000 + paid))
