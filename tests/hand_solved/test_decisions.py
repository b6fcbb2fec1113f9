"""What one problem decided of capacities, run through the hours of another."""

from dataclasses import replace

import numpy as np
import pytest
from small_system import STAGE, YEAR

from qhenergy.model.assemble import assemble
from qhenergy.model.decisions import decided, decisions
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import Attempt, Profile, read_profile

SIMPLEX = Profile(title="", attempt=(Attempt(name="simplex", options={"solver": "simplex"}),))


def windy(grid, share):
    """10 MW through two hours, wind at 1 CNY/MW/yr that blows in one of them with some share, coal for the rest."""
    small = grid(2, 10).add("wind", room=1000, series=[share, 0]).add("thermal", existing=100)
    return assemble(small.cost("wind", investment=10).system(), workers=1).problem


def test_a_fleet_of_one_weather_runs_in_another(grid):
    """Proves: capacity is what the first weather asked for, hours are those of the second.

    Wind of 0.5 asks for 20 MW. In a calm of 0.25 these give 5 of 10 MW, coal the other 5 and the 10 of the still hour:
    4,380 h * 15 MW * 100 CNY/MWh + 20 CNY. Wind sized for the calm would be 40 MW and leave 10 MW to coal.
    If it were broken, the cost would be 4,380,040 (sized anew) or 0 (nothing fixed, no hours).
    """
    first = windy(grid, 0.5)
    made = decisions(first, solve(first, SIMPLEX).values)
    assert made["capacity/built", "wind", STAGE] == pytest.approx(20)
    second = decided(windy(grid, 0.25), made)
    solution = solve(second, SIMPLEX)
    assert second.cost @ solution.values == pytest.approx(4380 * 15 * 100 + 20)


def test_crumbs_are_none_and_bounds_hold(grid):
    """Proves: a crumb is not built, and what is decided stays within what may be, whole units whole.

    If it were broken, 1e-5 MW would stand, 5,000 MW where 1,000 may, or 2.9999999 units.
    """
    problem = windy(grid, 0.5)
    (at,) = problem.columns.of("capacity/built")
    label = ("capacity/built", "wind", STAGE)
    assert decided(problem, {label: 1e-5}).upper[at] == 0.0
    assert decided(problem, {label: 5000.0}).lower[at] == pytest.approx(1000)
    assert np.isfinite(decided(problem, {label: 50.0}).upper[at])
    assert decided(problem, {}).upper[at] == 1000
    whole = replace(problem, whole=problem.whole | (np.arange(len(problem.whole)) == at))
    assert decided(whole, {label: 2.9999999}).lower[at] == decided(whole, {label: 2.9999999}).upper[at] == 3.0


def test_energy_of_a_crumb_of_power_is_a_crumb(grid):
    """Proves: what is not built stores nothing, so that a store of free duration stays within its durations.

    50 W of power are none; 200 Wh of energy would last longer than any.
    If it were broken, the fixed problem would have no solution.
    """
    small = grid(2, [10, 10]).add("thermal", existing=100)
    small.add("compressed_air", room=100, minimum_duration=2, maximum_duration=4)
    problem = assemble(small.system(), workers=1).problem
    made = {("capacity/built", "cavern", STAGE): 5e-5, ("capacity/energy_built", "cavern", STAGE): 2e-4}
    fixed = decided(problem, made)
    (at,) = problem.columns.of("capacity/energy_built")
    assert fixed.lower[at] == fixed.upper[at] == 0.0
    assert problem.cost @ solve(fixed, SIMPLEX).values == pytest.approx(YEAR * 10 * 100)


def test_a_store_at_its_longest_duration_still_fits_its_power(grid):
    """Proves: what is decided stays possible where power is at the end of its room and energy at the longest duration.

    20 MW of four hours hold 80 MWh: power may be 1e-6 less, 80 MWh take all of it. In the dark hour 20 of the 120 MW
    asked come from the store, 100 from coal: 4,380 h * 100 MW * 100 CNY/MWh.
    If it were broken, room of 1e-9 GW around the energy would be none to a solver, and it would find no solution.
    """
    small = grid(2, [50, 120]).add("thermal", existing=100).add("solar", existing=80, series=[1, 0])
    small.add("compressed_air", room=20, minimum_duration=1, maximum_duration=4)
    problem = assemble(small.system(), workers=1).problem
    made = {("capacity/built", "cavern", STAGE): 20.0, ("capacity/energy_built", "cavern", STAGE): 80.0}
    solution = solve(decided(problem, made), read_profile("simplex"))
    assert problem.cost @ solution.values == pytest.approx(4380 * 100 * 100, rel=1e-6)
