"""Thermal plants: fuel, minimum output, starts, times, ramps, whole units."""

import pytest


def coal(grid, demand, case=None, **row):
    """A hundred MW of coal alone against `demand`; what it cannot serve costs 10,000."""
    return grid(len(demand), demand, case=case or {}).add("thermal", **{"existing": 100, **row})


def test_fuel_is_heat_times_price(grid):
    """Proves: fuel cost is 3.6 GJ / efficiency * price per MWh, and variable O&M comes on top.

    3.6 / 0.4 = 9 GJ/MWh at 10 CNY/GJ and 5 CNY/MWh: 95 CNY/MWh for 60 MW.
    If it were broken, a MWh would cost 41 (multiplied by the efficiency), 30 (3.6 forgotten) or 90.
    """
    solved = coal(grid, [60], efficiency=0.4).cost("coal", variable_om=5).solve()
    assert solved.costs["fuel/coal"] == pytest.approx(8760 * 60 * 90)
    assert solved.costs["variable O&M/coal"] == pytest.approx(8760 * 60 * 5)
    assert solved.objective == pytest.approx(8760 * 60 * 95)


def test_availability_derates_the_capacity(grid):
    """Proves: at most availability * capacity runs.

    90 of 100 MW run against 100: 10 unserved.
    If it were broken, nothing would be unserved.
    """
    assert coal(grid, [100], availability=0.9).solve().column("demand/unserved") == pytest.approx([10])


def test_minimum_output_forces_stops_and_starts_cost(grid):
    """Proves: running units stay above their minimum, so capacity must stop, and coming back costs a start a year.

    100 then 20 MW at a minimum of a half: 60 MW stop in hour 1 and start in hour 0, at 30 CNY/MW.
    If it were broken, starts would be 0 (no minimum, or the turn of the year left open) or 80 (all that is not output).
    """
    solved = coal(grid, [100, 20], minimum_output=0.5, start_cost=30).solve()
    assert solved.column("thermal/started") == pytest.approx([60, 0])
    assert solved.column("thermal/online") == pytest.approx([100, 40])
    assert solved.costs["starts/coal"] == pytest.approx(4380 * 60 * 30)
    assert solved.objective == pytest.approx(4380 * (120 * 100 + 1800))


def test_minimum_output_can_make_a_zone_go_short(grid):
    """Proves: a minimum output binds upwards: what runs cannot run lower.

    100 then 20 MW; starts at 50,000 CNY/MW cost more than unserved energy at 10,000: what runs, runs both hours,
    so at most 40 MW online, 60 unserved in hour 0.
    If it were broken, nothing would be unserved.
    """
    solved = coal(grid, [100, 20], minimum_output=0.5, start_cost=50_000).solve()
    assert solved.column("demand/unserved") == pytest.approx([60, 0])


@pytest.mark.parametrize("window", [4, 2, 1])
@pytest.mark.parametrize(
    ("times", "unserved"),
    [
        ({}, 0),
        ({"minimum_down": 2}, 100),
        ({"minimum_down": 1}, 0),
        ({"minimum_up": 2}, 200),
        ({"minimum_up": 1}, 0),
    ],
)
def test_minimum_times(grid, times, unserved, window):
    """Proves: what stops stays off, what starts stays on, also over boundaries of windows and of the year.

    100, 0, 100, 0 MW at a minimum output of one: with two hours off, only one of the two runs; with two hours on none,
    since nothing may run in the hours without demand.
    If it were broken, nothing would be unserved, or an hour (minimum of one) would already bind.
    """
    case = {"time": {"window_hours": window}}
    solved = coal(grid, [100, 0, 100, 0], case, minimum_output=1, **times).solve()
    assert solved.column("demand/unserved").sum() == pytest.approx(unserved, abs=1e-6)


def test_minimum_time_of_a_fraction_is_rounded_up(grid):
    """Proves: an hour and a half on means two whole hours on.

    As above with minimum_up = 1.5: nothing can run, 200 unserved.
    If it were broken, the time would be cut to one hour and nothing would be unserved.
    """
    solved = coal(grid, [100, 0, 100, 0], minimum_output=1, minimum_up=1.5).solve()
    assert solved.column("demand/unserved").sum() == pytest.approx(200)


@pytest.mark.parametrize("window", [2, 1])
def test_minimum_time_longer_than_the_modelled_year(grid, window):
    """Proves: a minimum time that is longer than all modelled hours keeps units from changing at all.

    50 then 100 MW, minimum output 0.5, five hours on and off in a year of two: 100 MW stay online, nothing unserved.
    If it were broken, there would be no answer, or online capacity would be counted twice.
    """
    case = {"time": {"window_hours": window}}
    solved = coal(grid, [50, 100], case, minimum_output=0.5, minimum_up=5, minimum_down=5, start_cost=1).solve()
    assert solved.column("thermal/online") == pytest.approx([100, 100])
    assert solved.objective == pytest.approx(4380 * 150 * 100)


@pytest.mark.parametrize("times", [{}, {"minimum_up": 2, "minimum_down": 2}])
@pytest.mark.parametrize(("demand", "unserved"), [([50, 100], [0, 40]), ([100, 50], [40, 0])])
def test_ramps(grid, demand, unserved, times):
    """Proves: output of running units rises and falls by at most ramp * online.

    From 50 MW 10 % of 100 MW online reach 60 MW; the year is cyclic, so the way down is as long.
    If it were broken, nothing would be unserved (no ramp, or units that start and stop in one hour to get round it),
    or 45 (ramp of the output instead of what is online).
    """
    assert coal(grid, demand, ramp=0.1, **times).solve().column("demand/unserved") == pytest.approx(unserved)


def test_starting_units_jump_to_their_minimum(grid):
    """Proves: a starting unit may jump to its minimum output though its ramp is lower, and a stopping one from it.

    0 then 60 MW, minimum 0.6, ramp 0.1: 100 MW start, and stop again.
    If it were broken, 50 would be unserved (ramp only).
    """
    solved = coal(grid, [0, 60], minimum_output=0.6, ramp=0.1, start_cost=1).solve()
    assert solved.column("thermal/started") == pytest.approx([0, 100])
    assert solved.objective == pytest.approx(4380 * (60 * 100 + 100))


def test_whole_units(grid):
    """Proves: with whole commitment units run or stand, with linear commitment any part of one runs.

    30 MW asked of units of 40 MW at a minimum of 0.9: a whole unit gives at least 36, so none runs.
    If it were broken, the 30 MW would be served in both.
    """
    row = {"existing": 120, "unit_size": 40, "minimum_output": 0.9}
    linear = coal(grid, [30], **row).solve()
    whole = coal(grid, [30], {"commitment": "whole"}, **row).solve()
    assert linear.objective == pytest.approx(8760 * 30 * 100)
    assert whole.column("demand/unserved") == pytest.approx([30])
    two = coal(grid, [75], {"commitment": "whole"}, **row).solve()
    assert two.column("thermal/units") == pytest.approx([2])
    assert two.objective == pytest.approx(8760 * 75 * 100)


def test_whole_units_are_derated_not_lost(grid):
    """Proves: availability takes its share of every unit, it does not take whole units away.

    One unit of 100 MW, available at 0.9, serves 50 MW.
    If it were broken, no whole unit would fit under 90 MW and all 50 would be unserved.
    """
    solved = coal(grid, [50], {"commitment": "whole"}, unit_size=100, availability=0.9).solve()
    assert solved.objective == pytest.approx(8760 * 50 * 100)


@pytest.mark.parametrize(("existing", "running", "served"), [(99.0, 1, 75), (110.0, 2, 75), (79.9999, 1, 75)])
def test_a_given_plant_has_equal_units(grid, existing, running, served):
    """Proves: a capacity that is no whole number of units is as many equal ones as it takes, and none is lost.

    Units of 80 or 100 MW, 75 MW asked of 99, 110 or 79.9999 MW: one of 99, two of 55, one of 79.9999.
    If it were broken, no unit of 100 or 80 would fit, and only one in 110: all, all, or a part of 75 would be missed.
    """
    size = 100 if existing > 80 else 80
    row = {"existing": existing, "unit_size": size, "minimum_output": 0.5}
    solved = coal(grid, [75], {"commitment": "whole"}, **row).solve()
    assert solved.column("thermal/units") == pytest.approx([running])
    assert solved.column("thermal/output") == pytest.approx([served])


def test_what_is_not_needed_is_retired(grid):
    """Proves: retiring saves the fixed cost, as far as demand allows.

    100 MW stand, 60 are needed, 7 CNY/MW a year each.
    If it were broken, 700 would be paid (nothing retired) or demand would go short.
    """
    solved = coal(grid, [60], retirable="yes").cost("coal", fixed_om=7).solve()
    assert solved.column("capacity/retired") == pytest.approx([40])
    assert solved.costs["fixed O&M/coal"] == pytest.approx(420)
    assert solved.column("demand/unserved") == pytest.approx([0])


def test_capacity_that_is_built_may_run(grid):
    """Proves: built capacity is available capacity, derated.

    10 MW missing at an availability of 0.8 ask 12.5 MW built.
    If it were broken, 10 MW or 8 MW would be built.
    """
    solved = coal(grid, [90], availability=0.8, room=50).cost("coal", investment=1e6).solve()
    assert solved.column("capacity/built") == pytest.approx([12.5])
    assert solved.objective == pytest.approx(8760 * 90 * 100 + 12.5 * 1e5)


@pytest.mark.parametrize(("stage", "built"), [(2025, 0), (2026, 30)])
def test_firm_candidate_waits_for_its_year(grid, stage, built):
    """Proves: a firm plant on heat that costs nothing may be built from its first year on, and not before (R13).

    30 MW asked, at 10,000 CNY/MWh if missed, and 50 MW of room from 2026.
    If it were broken, research would serve the plan of 2025, or nothing that of 2026.
    """
    small = grid(1, 30, case={"stages": [stage]}).add("fuels", fuel="ground", price=0, emission=0)
    small.add("demand", zone="z", year=2026, energy=30 * 8760, shape="z")
    small.add("thermal", asset="rock", technology="rock", fuel="ground", efficiency=0.12, room=50, earliest_year=2026)
    solved = small.cost("rock", investment=1e6).solve()
    assert solved.column("demand/unserved") == pytest.approx([30 - built])
    assert solved.costs.get("investment/rock", 0) == pytest.approx(built * 1e5)
    assert solved.costs.get("fuel/rock", 0) == pytest.approx(0)
