"""Heat that comes with the electricity of a thermal plant."""

import pytest

from hand_solved.test_heat import YEAR, town


@pytest.mark.parametrize(("ratio", "demand", "heat"), [(1.0, 4, 4), (2.0, 4, 8), (5.0, 4, 10)])
def test_heat_comes_with_output(grid, ratio, demand, heat):
    """Proves: a plant gives up to its ratio of heat with what it generates for others, never more than is asked.

    4 MW of demand bring 4 at a ratio of one. Missed heat at 15 CNY is too cheap to generate for heat alone.
    If it were broken, 10 would come with any output.
    """
    small = town(grid, demand=(demand, demand), unserved_price=15).add("chp_heat", heat_per_power=ratio)
    solved = small.solve()
    assert solved.column("chp_heat/given") == pytest.approx([heat, heat])
    assert solved.objective == pytest.approx(YEAR * (100 * demand + 15 * (10 - heat)))


@pytest.mark.parametrize(("demand", "boiler"), [(10, 0), (4, 3)])
def test_a_boiler_makes_the_plant_run_for_it(grid, demand, boiler):
    """Proves: heat and electricity are found together: a boiler runs the plant that gives heat with its power.

    With 4 MW of demand and a ratio of one, b of boiler asks 4 + b of output, which gives 4 + b of heat: 2b + 4 = 10.
    If it were broken, the boiler would give 6 on top of 4.
    """
    small = town(grid, demand=(demand, demand)).add("chp_heat", heat_per_power=1).add("electric_heaters", existing=50)
    solved = small.solve()
    assert solved.column("electric_heat/taken") == pytest.approx([boiler, boiler], abs=1e-9)
    assert solved.column("thermal/output") == pytest.approx([demand + boiler] * 2)
