"""Small hydro: the energy of a window, free within it."""

import pytest


def brooks(grid, factor, **options):
    """Ten MW of small hydro beside coal; the energy of every month is `factor` of the capacity."""
    small = grid(2, [0, 10], **options).add("thermal", existing=100).add("small_hydro", existing=10)
    for month in range(1, 13):
        small.add("small_hydro_energy", asset="brooks", month=month, capacity_factor=factor)
    return small


@pytest.mark.parametrize(("window", "coal"), [(2, 2), (1, 6)])
def test_energy_moves_within_a_window_only(grid, window, coal):
    """Proves: the energy of a window is the sum of its hours, and does not leave the window.

    0.4 of 10 MW over two hours is 8 MWh, all used in hour 1; in windows of an hour it is 4 MWh.
    If it were broken, coal would be 0 (no energy limit) or 2 for both.
    """
    solved = brooks(grid, 0.4, case={"time": {"window_hours": window}}).solve()
    assert solved.objective == pytest.approx(4380 * coal * 100)


@pytest.mark.parametrize(("wetness", "coal"), [(0.5, 6), (5, 0)])
def test_water_year_scales_energy_up_to_the_capacity(grid, wetness, coal):
    """Proves: the factor of the water year multiplies the energy, which never exceeds the capacity.

    0.4 * 0.5 over two hours is 4 MWh; 0.4 * 5 = 2 is cut to 1, so that hour 1 has its 10 MW.
    If it were broken, coal would be 2 for both.
    """
    small = brooks(grid, 0.4, case={"water": {"year": "other"}})
    small.add("water_years", water_year="other", factor=wetness)
    assert small.solve().objective == pytest.approx(4380 * coal * 100)


def test_wet_year_does_not_lift_the_energy_above_the_capacity(grid):
    """Proves: the monthly factor is cut at one before it is summed.

    Two windows of an hour; 0.8 * 2 = 1.6 is cut to 1: demand of 15 in both hours is served by 10 each.
    If it were broken the energy row would not bind; the output limit must then still hold: coal 5 + 5.
    """
    small = brooks(grid, 0.8, case={"water": {"year": "other"}})
    small.add("water_years", water_year="other", factor=2)
    small.rows["demand"].clear()
    small.rows["demand_shapes"].clear()
    small.rows["zones"].clear()
    solved = small.zone(demand=15).solve()
    assert solved.objective == pytest.approx(4380 * 10 * 100)
    assert solved.problem.row_upper[solved.problem.rows.of("small_hydro/energy")] == pytest.approx([20])
