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


@pytest.mark.parametrize(("ratio", "coal"), [(0.5, 35), (1, 30), (2, 20), (4, 0)])
def test_charging_has_a_rating_of_its_own(grid, ratio, coal):
    """Proves: charging power is the ratio times the power of discharging, which stays what it is.

    Free wind in one hour only: 10 MW charge 10 * ratio MWh in it, and give at most 10 MW in each of four hours.
    If it were broken, coal would be 30 for every ratio, or 40 - 5 * 4 = 20 at a ratio of 0.5 (taken for discharging).
    """
    small = grid(8, [0] * 4 + [10] * 4).add("wind", existing=1000, series=[1] + [0] * 7)
    small.add("thermal", existing=1000).add("batteries", existing=10, duration=4, charge_ratio=ratio)
    assert small.solve().objective == pytest.approx(1095 * coal * 100, abs=1e-3)


def test_self_discharge_takes_its_share_every_hour(grid):
    """Proves: what is held loses its share in every hour, also in the hour it is charged before.

    10 MW in four hours at a tenth: 10 * (1 + 0.9 + 0.81 + 0.729) = 34.39 MWh at noon. Given at once: 10 of 30.951, 10
    of 18.8559, the 7.97031 that are left.
    If it were broken, 40 (no loss), 10 + 10 + 10 + 4.39 (no loss while discharging) or 24.8 would be given.
    """
    solved = evening(grid, 10, existing=10, duration=8, self_discharge=0.1).solve()
    assert solved.column("battery/discharge")[4:] == pytest.approx([10, 10, 7.97031, 0])
    assert solved.objective == pytest.approx(1095 * (40 - 27.97031) * 100)


def test_cycles_of_a_year_are_limited(grid):
    """Proves: what leaves the cells in a year is at most the cycles times their usable energy.

    The eight hours are the year 1,095 times; 547.5 cycles are one every other time. Half of 0.8 * 40 MWh leave the
    cells, 0.9 of it reaches the grid: 14.4 MWh.
    If it were broken, 28.8 (no limit, or no weight), 16 (cycles at the terminals) or 18 MWh (depth forgotten).
    """
    row = {"existing": 10, "duration": 4, "depth": 0.8, "discharge_efficiency": 0.9}
    solved = evening(grid, 10, **row, yearly_cycles=547.5).solve()
    assert solved.objective == pytest.approx(1095 * (40 - 14.4) * 100)
    assert solved.dual("battery/cycle_limit") == pytest.approx([-0.9 * 100])
    assert evening(grid, 10, **row).solve().objective == pytest.approx(1095 * (40 - 28.8) * 100)


def test_more_is_built_where_cycles_are_few(grid):
    """Proves: the limit of cycles grows with what the plan builds.

    40 MWh a day at half a cycle a day ask 80 MWh, 20 MW of 4 h at 100 + 4 * 50 CNY a MW and year.
    If it were broken, 10 MW would be enough.
    """
    small = evening(grid, 10, room=100, duration=4, yearly_cycles=547.5)
    solved = small.cost("cells", investment=1000, energy_investment=500).solve()
    assert solved.column("capacity/built") == pytest.approx([20])
    assert solved.objective == pytest.approx(20 * 300)


def test_ageing_is_paid_by_the_cycle(grid):
    """Proves: the wear of cycles has a name of its own, and is paid on what is discharged, once.

    0.8 of 40 MWh at 7 CNY/MWh beside 3 CNY/MWh of variable O&M. At 101 CNY/MWh coal is cheaper.
    If it were broken, 280 would be paid (in the cells), 504 (both ways), or 320 under variable O&M.
    """
    row = {"existing": 10, "duration": 4, "discharge_efficiency": 0.8}
    solved = evening(grid, 10, **row, cycle_cost=7).cost("cells", variable_om=3).solve()
    assert solved.costs["cycle ageing/cells"] == pytest.approx(1095 * 32 * 7)
    assert solved.costs["variable O&M/cells"] == pytest.approx(1095 * 32 * 3)
    idle = evening(grid, 10, **row, cycle_cost=101).solve()
    assert idle.objective == pytest.approx(1095 * 40 * 100)
    assert "cycle ageing/cells" not in evening(grid, 10, **row).solve().costs


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ({"existing": 10}, 23.6196),
        ({"existing": 0, "committed": 10, "committed_year": 2023}, 32.4),
        ({"existing": 5, "committed": 5, "committed_year": 2023}, 28.0098),
        ({"existing": 0, "committed": 10}, 23.6196),
    ],
)
def test_cells_that_stand_have_aged(grid, row, held):
    """Proves: what exists has aged since the base year, what is committed since its own, on what was left of it.

    40 MWh that lose a tenth a year: 0.9^5 of it from 2020 to 2025, 0.9^2 from 2023.
    If it were broken, 40 (no age), 36 (one year), 20 (a tenth of the nameplate every year) would be held.
    """
    solved = evening(grid, 10, duration=4, fade=0.1, **row).solve()
    assert solved.objective == pytest.approx(1095 * (40 - held) * 100)


def test_new_cells_stand_beside_aged_ones(grid):
    """Proves: what is built is new in its year and paid when new; what stands beside it has aged.

    10 MW of 2 h hold 20 * 0.9^5 = 11.8098 MWh; the rest of 40 MWh asks 14.0951 MW of 2 h at 100 + 2 * 50 CNY a year.
    If it were broken, 10 MW would be built (nothing ages) or 23.87 (all of it does).
    """
    small = evening(grid, 10, existing=10, room=100, duration=2, fade=0.1)
    solved = small.cost("cells", investment=1000, energy_investment=500).solve()
    assert solved.column("capacity/energy") == pytest.approx([40])
    assert solved.column("capacity/built") == pytest.approx([14.0951])
    assert solved.objective == pytest.approx(14.0951 * 200)


def test_aged_cells_retire_as_aged(grid):
    """Proves: with half of what exists half of what it can still hold goes.

    Of 10 MW of 4 h, 5 MW are retired for their fixed cost: half of 40 * 0.9^5 MWh stay.
    If it were broken, 3.62 MWh would stay (retired as if new).
    """
    small = grid(8, [0] * 7 + [5]).add("wind", existing=1000, series=[1] * 4 + [0] * 4).add("thermal", existing=1000)
    small.add("batteries", existing=10, retirable="yes", duration=4, fade=0.1)
    solved = small.cost("cells", fixed_om=100).solve()
    assert solved.column("capacity/retired") == pytest.approx([5])
    assert solved.column("capacity/energy") == pytest.approx([11.8098])


def test_cells_are_built_again_over_the_stages(grid):
    """Proves: over stages cells fade by the year they were built in, are paid while they last, and are then replaced.

    40 MWh and 10 MW are needed in 2025, 2030 and 2035; cells lose a tenth a year and last ten. 2025: 40 MWh. 2030:
    0.59049 of them are left, 16.3804 MWh are added at the 8 h a MW may hold. 2035: those of 2025 are gone, 0.59049 of
    the others are left, 30.3275 MWh and 7.95245 MW are added. An MWh costs 50, 40 and 30 CNY a year by its own year.
    If it were broken, 2030 would add nothing (no fade) or 2035 16.38 again (no end of life); coal would run if all that
    was ever built counted against the room of 13 MW; 8,911 would be paid at the prices of each stage instead of 9,421.
    """
    small = evening(grid, 10, room=13, minimum_duration=1, maximum_duration=8, fade=0.1)
    for year, energy in ((2025, 500), (2030, 400), (2035, 300)):
        small.cost("cells", year=year, investment=1000, energy_investment=energy)
    small.add("demand", zone="z", year=2035, energy=5 * 8760, shape="z")
    small.cost("coal", lifetime=40).cost("wind", lifetime=40)
    small.case["stages"] = [2025, 2030, 2035]
    found = small.solve()
    energy, power = [40, 16.380400, 30.327538], [10, 2.04755, 7.95245]
    assert found.column("capacity/energy_built") == pytest.approx(energy)
    assert found.column("capacity/built") == pytest.approx(power)
    assert found.column("capacity/energy") == pytest.approx([40, 40, 40])
    paid = 2 * 50 * energy[0] + 2 * 40 * energy[1] + 30 * energy[2] + 100 * (2 * power[0] + 2 * power[1] + power[2])
    assert sum(found.costs_of(y)["investment/cells"] for y in (2025, 2030, 2035)) == pytest.approx(paid)
