"""Rolling dispatch by hand: what a step does not see, and what the guide tells it."""

import numpy as np
import pytest
from small_system import STAGE
from small_system import solved as solved_small

from qhenergy.model.given_start import given_start
from qhenergy.outcome.result import solved
from qhenergy.solving.profile import read_profile
from qhenergy.solving.rolling import Guide, Rolling, Sight
from qhenergy.solving.solution import Progress
from qhenergy.studies.guide import Yearly, guide_of

#: Three windows of four hours; an hour stands for 730 of them.
WINDOWED = {"time": {"window_hours": 4}}
WEIGHT = 8760 / 12


def rolled(small, told=True, sight=None):
    """Cost of the modelled hours as a rolling dispatch finds it [CNY], and the dispatch."""
    small.case |= WINDOWED
    whole = small.solve()
    system = whole.assembled.system
    yearly = Yearly(solved(whole.assembled, whole.solution, 0.0, 0.0), STAGE)
    problem, _ = given_start(whole.problem, system.chronology, yearly.before(system.case), [])
    guide = guide_of(yearly, problem, system.chronology, system.case)
    if not told:
        nothing = np.zeros(len(problem.rows))
        guide = Guide({}, nothing, nothing == 0)
    fixed = np.full(len(problem.columns), np.nan)
    rolling = Rolling(problem, system.chronology, fixed, guide, sight or Sight(1, 0))
    profile, steps = read_profile("simplex"), []
    for number in range(rolling.count):
        steps.append(rolling.solve(number, profile, Progress()))
        rolling.take(steps[-1])
    problem, found = rolling.close(steps, profile, Progress())
    return (float(problem.cost @ found.values) + problem.offset) / WEIGHT, found


def spare_then_short(grid):
    """10 MW of demand; wind of 20 MW for four hours, then of 10 MW, then none; a store of 40 MWh, coal at 100."""
    small = grid(12, 10.0).add("wind", existing=20, series=[1] * 4 + [0.5] * 4 + [0] * 4)
    small.add("thermal", existing=100)
    return small.add("batteries", existing=10, duration=4, cycle="long")


def test_a_step_keeps_for_later_what_the_yearly_run_kept(grid):
    """Proves: the level of the yearly run at the end of a step's sight, at its worth, carries energy beyond it.

    40 MWh of spare wind in the first window serve the last; no coal is burnt, as with the whole year in view.
    If it were broken, as it is without the guide, the first step would let the wind go and 40 MWh of coal cost 4000.
    """
    assert rolled(spare_then_short(grid))[0] == pytest.approx(0.0, abs=1e-6)
    assert rolled(spare_then_short(grid), told=False)[0] == pytest.approx(4000.0)


def test_looking_ahead_sees_the_same(grid):
    """Proves: a step that sees the last window keeps the energy for it without being told.

    If it were broken, coal would cost 4000.
    """
    assert rolled(spare_then_short(grid), told=False, sight=Sight(1, 2))[0] == pytest.approx(0.0, abs=1e-6)


def one_cycle(grid, unserved_price):
    """In every window 10 MWh of wind to spare in its first hour, none in its last; 10 MW of coal; one cycle a run.

    In the last hour of all 20 MW are asked, of which coal serves half.
    """
    small = grid(12, [10.0] * 11 + [20.0]).add("wind", existing=20, series=[1, 0.5, 0.5, 0] * 3)
    small.rows["zones"][0]["unserved_price"] = unserved_price
    small.add("thermal", existing=10)
    return small.add("batteries", existing=10, duration=1, cycle="short", yearly_cycles=WEIGHT)


def test_a_quantity_of_the_year_is_spent_where_it_is_worth_most(grid):
    """Proves: a row of the year has its price in every step, and what is left of it is all that a step may use.

    The one cycle serves the last hour of all: coal makes 10 MWh at the end of each window, 3000.
    If it were broken, as it is without the guide, the first step would spend the cycle to save 1000, and 10 MWh would
    be missed at the end at 5000 each: 2000 + 50 000; or nothing, were the cycle spent three times: 1000.
    """
    assert rolled(one_cycle(grid, 5000.0))[0] == pytest.approx(3000.0)
    assert rolled(one_cycle(grid, 5000.0), told=False)[0] == pytest.approx(52_000.0)


def test_what_a_row_of_the_year_is_missed_by_is_told(grid):
    """Proves: a spent quantity may be overdrawn where demand would be missed at more, and it is said by how much.

    Without the guide the first step spends the cycle; the last draws 10 MWh more, since 100 000 a MWh is above what a
    budget counts at least, and 10 MWh count 730 times: 7300. Coal makes 10 MWh in the second window and 10 in the last.
    If it were broken, the last step would have no solution, or nothing would be told.
    """
    cost, found = rolled(one_cycle(grid, 1e5), told=False)
    assert list(found.unheld.values()) == [pytest.approx(7300.0)]
    assert cost == pytest.approx(2000.0)


def test_the_first_state_is_given(grid):
    """Proves: what a row of the first hour says of the last becomes a number, and the rows of all others stay.

    A store of 40 MWh that is full before the first hour serves four hours of 10 MW, and the year may end empty.
    If it were broken, the four hours would burn 40 MWh of coal for 4000, as they do where the year is a circle.
    """
    small = grid(12, [10.0] * 4 + [0.0] * 8).add("thermal", existing=100)
    small.add("batteries", existing=10, duration=4, cycle="long").case |= WINDOWED
    whole = small.solve()
    assert whole.objective / WEIGHT == pytest.approx(4000.0)
    spans = whole.assembled.system.chronology
    problem, told = given_start(whole.problem, spans, lambda family, member, ahead: 40.0, [])
    assert ("battery/level", small.rows["batteries"][0]["asset"], 1, 40.0) in told
    found = solved_small(whole.assembled, problem=problem)
    assert found.objective / WEIGHT == pytest.approx(0.0, abs=1e-6)
