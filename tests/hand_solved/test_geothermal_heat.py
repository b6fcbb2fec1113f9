"""Heat of the ground."""

import pytest

from hand_solved.test_heat import YEAR, town


@pytest.mark.parametrize(("row", "ground"), [({}, 6), ({"availability": 0.5}, 3), ({"existing": 20}, 10)])
def test_wells_serve_what_they_can(grid, row, ground):
    """Proves: wells serve up to their available capacity, the boiler the rest.

    If it were broken, 6 would be served at an availability of one half, or more than is asked.
    """
    small = town(grid).add("electric_heaters", existing=20).add("geothermal_heat", **{"existing": 6, **row})
    solved = small.solve()
    assert solved.column("geothermal_heat/given") == pytest.approx([ground, ground])
    assert solved.objective == pytest.approx(YEAR * 100 * (10 - ground))


@pytest.mark.parametrize(("electricity", "ground"), [(0.1, 10), (0.9, 0)])
def test_pumps_take_electricity(grid, electricity, ground):
    """Proves: pumps take electricity of the zone per heat, outside the headroom, and are weighed against a boiler.

    0.1 MWh and 20 CNY of O&M a MWh are less than 100; 0.9 MWh and 20 more.
    If it were broken, heat of the ground would be free, or O&M be paid on electricity.
    """
    small = town(grid, headroom=100).add("electric_heaters", existing=20)
    small.add("geothermal_heat", existing=20, electricity=electricity).cost("well", variable_om=20)
    solved = small.solve()
    assert solved.column("geothermal_heat/given") == pytest.approx([ground, ground], abs=1e-9)
    assert solved.column("thermal/output") == pytest.approx([10 - ground + electricity * ground] * 2)
