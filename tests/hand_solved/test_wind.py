"""Wind farms."""

import pytest


def test_wind_gives_way_to_what_is_cheaper_to_run(grid):
    """Proves: variable O&M of wind enters the merit order.

    Wind at 120 stands behind coal at 100 CNY/MWh: 30 MW of coal, then 20 MW of wind.
    If it were broken (wind always first), the cost would be 40 * 120 + 10 * 100 = 5,800 or 1,000 (O&M lost).
    """
    small = grid(1, 50).add("wind", existing=40, series=[1]).add("thermal", existing=30)
    solved = small.cost("wind", variable_om=120).solve()
    assert solved.column("wind/output") == pytest.approx([20])
    assert solved.costs["variable O&M/wind"] == pytest.approx(8760 * 2400)
    assert solved.objective == pytest.approx(8760 * (3000 + 2400))


def test_each_farm_follows_its_own_wind(grid):
    """Proves: series belong to their farm, whatever the order of rows.

    West blows 1 then 0, east 0 then 0.5, 100 MW each against 80: 80, then 50; coal makes 30.
    If it were broken (series swapped or shared), coal would make 80, 30 + 80 or 0.
    """
    small = grid(2, 80).add("thermal", existing=100)
    small.add("wind", asset="west", existing=100, series=[1, 0]).add(
        "wind", asset="east", existing=100, series=[0, 0.5]
    )
    solved = small.solve()
    assert solved.column("wind/output", "west") == pytest.approx([80, 0])
    assert solved.column("wind/output", "east") == pytest.approx([0, 50])
    assert solved.objective == pytest.approx(4380 * 30 * 100)
