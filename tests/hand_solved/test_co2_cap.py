"""A yearly cap of CO2."""

import pytest


def fleet(grid, cap, strictness="hard", penalty=0.0):
    """Coal at 100 CNY and 1 t, gas at 150 CNY and 0.5 t, a tie at 400 CNY and 0.2 t a MWh; `cap` t an hour on mean."""
    small = grid(2, 10, case={"time": {"window_hours": 1}}).add("thermal", existing=10)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=10)
    small.add("fuels").add("fuels", fuel="gas", price=15, emission=0.05)
    small.add("ac_ties", import_limit=10, import_price=400, emission=0.2)
    return small.add("co2_caps", cap=cap * 8760).target("cap", strictness, penalty).solve()


@pytest.mark.parametrize(("cap", "cost"), [(20, 1000), (10, 1000), (8, 1200), (5, 1500), (3.5, 2750)])
def test_cap_is_met_at_least_cost(grid, cap, cost):
    """Proves: emissions of the year, imports included, stay below the cap, by the cheapest change first.

    8 t: 4 MW of gas for coal at 50 for 0.5 t; 5 t: all gas; 3.5 t: 5 MW of imports for gas at 250 for 0.3 t.
    If it were broken, imports would count as clean (3.5 t: 2,250) or each window would have the cap of a year.
    """
    assert fleet(grid, cap).objective == pytest.approx(8760 * cost)


def test_dual_is_the_price_of_a_tonne(grid):
    """Proves: the dual of the cap is what one tonne more saves: 50 CNY for 0.5 t.

    If it were broken, it would be weighted by hours, or of the wrong sign.
    """
    assert fleet(grid, 8).dual("co2_cap/requirement", "cap") == pytest.approx(-100)


def test_priced_and_watched(grid):
    """Proves: a priced cap is exceeded where a tonne's penalty is below what it costs to avoid; watched is counted.

    8 t asked, 10 emitted: 2 t at 60 CNY are cheaper than 100 CNY/t by gas.
    If it were broken, gas would run (1,200).
    """
    priced = fleet(grid, 8, "priced", 60)
    assert priced.objective == pytest.approx(8760 * (1000 + 120))
    watched = fleet(grid, 8, "watched")
    assert watched.objective == pytest.approx(8760 * 1000)
    assert watched.column("co2_cap/achieved") == pytest.approx([10 * 8760])
