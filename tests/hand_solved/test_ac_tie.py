"""Ties to neighbours."""

import pytest


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
