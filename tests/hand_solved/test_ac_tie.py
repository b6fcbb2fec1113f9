"""Ties to neighbours."""

import pytest

from qhenergy.ground.faults import InputError


def tie(grid, **row):
    """50 MW asked, coal at 100 CNY/MWh, a tie that buys and sells."""
    return grid(2, 50).add("thermal", existing=100).add("ac_ties", **row)


def test_import_replaces_what_is_dearer(grid):
    """Proves: imports cost their price up to their limit.

    30 MW at 80 and 20 MW of coal.
    If it were broken, the cost would be 5,000 (no import), 4,000 (no limit) or 2,000 (not paid).
    """
    solved = tie(grid, import_limit=30, import_price=80).solve()
    assert solved.costs["imports/tie"] == pytest.approx(8760 * 2400)
    assert solved.objective == pytest.approx(8760 * 4400)


def test_export_brings_its_price(grid):
    """Proves: exports earn their price, are made on top of demand, and stop at their limit.

    40 MW at 120 made from coal at 100: 90 MW of coal less 4,800.
    If it were broken, the cost would be 13,800 (paid instead of earned), 5,000 (none) or 4,000 (no limit: 50 MW).
    """
    solved = tie(grid, export_limit=40, export_price=120).solve()
    assert solved.costs["exports/tie"] == pytest.approx(-8760 * 4800)
    assert solved.objective == pytest.approx(8760 * 4200)


def test_availability_limits_both_ways(grid):
    """Proves: the availability of an hour scales both limits.

    Imports 30 * 0.5 in hour 0 and 0 in hour 1; exports of 20 at 200: 10 and 0.
    If it were broken, imports would be 30 in both hours, or exports would ignore it.
    """
    solved = tie(
        grid,
        import_limit=30,
        import_price=80,
        export_limit=20,
        export_price=200,
        availability_series=[0.5, 0],
    ).solve()
    assert solved.column("ac_tie/import") == pytest.approx([15, 0])
    assert solved.column("ac_tie/export") == pytest.approx([10, 0])


@pytest.mark.parametrize(("year", "imported"), [(2025, 30), (2026, 0)])
def test_tie_opens_in_its_year(grid, year, imported):
    """Proves: a tie takes part from its first year on.

    If it were broken, 2026 would import in 2025, or 2025 would not.
    """
    solved = tie(grid, import_limit=30, import_price=80, earliest_year=year).solve()
    assert solved.objective == pytest.approx(8760 * (imported * 80 + (50 - imported) * 100))


def test_imports_bring_their_emissions(grid):
    """Proves: CO2 of imports counts towards a price of CO2, that of exports is not given back.

    30 MW at 80 + 0.5 t * 20 and 20 MW of coal at 100 + 1 t * 20.
    If it were broken, CO2 would cost 400 (imports free) or 1,000 (as coal) an hour.
    """
    small = tie(grid, import_limit=30, import_price=80, emission=0.5)
    solved = small.add("co2_prices", price=20).target("price").solve()
    assert solved.costs["CO2 price/price"] == pytest.approx(8760 * (15 + 20) * 20)


def test_price_of_an_hour(grid):
    """Proves: a series multiplies both prices hour by hour, also above one and below zero.

    Imports of 30 at 80 * 0.5 = 40 in hour 0 and at 160 in hour 1, where coal at 100 is cheaper; exports of 20 at 120 *
    0.5 in hour 0, not worth coal, and at 240 in hour 1. At a factor of -1 what comes in is paid for: 30 at -80.
    If it were broken, both hours would import (80 < 100), or hour 1 export nothing.
    """
    prices = {"import_limit": 30, "import_price": 80, "export_limit": 20, "export_price": 120}
    solved = tie(grid, **prices, price_series=[0.5, 2]).solve()
    assert solved.column("ac_tie/import") == pytest.approx([30, 0])
    assert solved.column("ac_tie/export") == pytest.approx([0, 20])
    assert solved.costs["imports/tie"] == pytest.approx(4380 * 30 * 40)
    assert solved.costs["exports/tie"] == pytest.approx(-4380 * 20 * 240)
    solved = tie(grid, import_limit=30, import_price=80, price_series=[-1, 1]).solve()
    assert solved.costs["imports/tie"] == pytest.approx(0, abs=1e-3)
    assert solved.column("ac_tie/import") == pytest.approx([30, 30])


@pytest.mark.parametrize("window", [1, 2])
def test_energy_of_a_year(grid, window):
    """Proves: what comes in and goes out in a year has a limit, one over all windows, used where it is worth most.

    Coal is dearer than imports in both hours; they cost 40 and 80, and 20 MWh of the 60 may come: all in hour 0. A MWh
    more saves 60. Exports at 1,200 and 2,400: 10 MWh in hour 1.
    If it were broken, 60 MWh would come in, or 10 in each window.
    """
    row = {"import_limit": 30, "import_price": 80, "export_limit": 20, "export_price": 2400, "price_series": [0.5, 1]}
    small = tie(grid, **row, import_energy=4380 * 20, export_energy=4380 * 10)
    small.case = {"time": {"window_hours": window}}
    solved = small.solve()
    assert solved.column("ac_tie/import") == pytest.approx([20, 0])
    assert solved.column("ac_tie/export") == pytest.approx([0, 10])
    assert solved.dual("ac_tie/import_energy", "tie") == pytest.approx(-60)
    assert solved.dual("ac_tie/export_energy", "tie") == pytest.approx(-2300)


def test_energy_of_a_tie_that_is_not_there_yet(grid):
    """Proves: the limit of a tie that opens later is no row.

    If it were broken, the case could not be written.
    """
    small = tie(grid, import_limit=30, import_price=80, import_energy=100, earliest_year=2030)
    assert small.solve().objective == pytest.approx(8760 * 5000)


def test_a_price_is_no_share(grid):
    """Proves: a column of prices may leave zero to one, one that is a share as well may not; a price has bounds too.

    If it were broken, availability of 200 % would pass, or a price above one be refused.
    """
    small = tie(grid, import_limit=30, import_price=80, price_series=[0.5, 2], availability_series="price_of_tie")
    with pytest.raises(InputError) as refused:
        small.solve()
    assert 'series "price_of_tie", which is a price' in str(refused.value)
    with pytest.raises(InputError) as refused:
        tie(grid, import_limit=30, import_price=80, price_series=[0.5, 200]).solve()
    assert "-100 to 100" in str(refused.value)
