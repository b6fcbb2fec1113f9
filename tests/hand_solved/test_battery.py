"""Batteries of a fixed and of a free duration."""

import pytest


def evening(grid, demand, **row):
    """Free wind in the first half of eight hours, `demand` in the second, coal beside a battery."""
    small = grid(8, [0] * 4 + [demand] * 4).add("wind", existing=1000, series=[1] * 4 + [0] * 4)
    return small.add("thermal", existing=1000).add("batteries", **row)


@pytest.mark.parametrize(("duration", "coal"), [(2, 20), (4, 0)])
def test_duration_times_power_is_what_it_holds(grid, duration, coal):
    """Proves: a battery of 2 h gives 20 MWh at 10 MW, one of 4 h gives 40 MWh.

    Four hours of 10 MW ask 40 MWh.
    If it were broken, coal would be 0 for both (no level limit), or 30 and 30 (one hour only).
    """
    solved = evening(grid, 10, existing=10, duration=duration).solve()
    assert solved.objective == pytest.approx(1095 * coal * 100)


def test_depth_and_efficiencies(grid):
    """Proves: usable energy is depth * energy, counted inside the battery.

    10 MW of 4 h, depth 0.9, 0.8 out: 36 MWh held give 28.8 MWh; coal makes 40 - 28.8.
    If it were broken, coal would be 8 (depth forgotten), 4 (efficiency forgotten), 0 (divided).
    """
    solved = evening(grid, 10, existing=10, duration=4, depth=0.9, discharge_efficiency=0.8, charge_efficiency=0.9)
    assert solved.solve().objective == pytest.approx(1095 * 11.2 * 100)


def test_fixed_duration_is_paid_per_energy(grid):
    """Proves: what is built of a fixed duration is paid by power and by duration * energy price.

    10 MW of 4 h at 1,000 CNY/MW and 500 CNY/MWh, a tenth a year: 10 * (100 + 4 * 50).
    If it were broken, 1,000 (energy forgotten) or 1,500 (one hour) would be paid.
    """
    solved = evening(grid, 10, room=10, duration=4).cost("cells", investment=1000, energy_investment=500).solve()
    assert solved.costs["investment/cells"] == pytest.approx(3000)
    assert solved.objective == pytest.approx(3000)


@pytest.mark.parametrize(
    ("least", "most", "depth", "energy"), [(1, 8, 1, 40), (1, 8, 0.5, 80), (6, 8, 1, 60), (1, 3, 1, 40)]
)
def test_plan_chooses_the_duration(grid, least, most, depth, energy):
    """Proves: power and energy are chosen apart, between the least and the most duration.

    Four hours of 10 MW need 10 MW and 40 MWh, twice that at depth 0.5, at least 60 MWh from 6 h up; with at most 3 h
    the 40 MWh ask 13.3 MW. Energy costs 50, power 100 a year; all are cheaper than coal.
    If it were broken, energy would be 10 * most, or 3 h would leave 10 MWh to coal.
    """
    small = evening(grid, 10, room=100, minimum_duration=least, maximum_duration=most, depth=depth)
    solved = small.cost("cells", investment=1000, energy_investment=500).solve()
    power = max(10.0, energy / most)
    assert solved.column("capacity/energy") == pytest.approx([energy])
    assert solved.column("capacity/built") == pytest.approx([power])
    assert solved.objective == pytest.approx(100 * power + 50 * energy)
