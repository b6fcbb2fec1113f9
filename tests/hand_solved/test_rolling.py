"""Rolling dispatch by hand: what a step does not see, and what the guide tells it."""

import numpy as np
import pytest
from small_loads import plant, tie
from small_system import FLOW_HOUR, STAGE
from small_system import solved as solved_small

from qhenergy.model.given_start import given_start, open_end
from qhenergy.outcome.result import solved
from qhenergy.solving.guided import Guide
from qhenergy.solving.profile import read_profile
from qhenergy.solving.rolling import Rolling, Sight
from qhenergy.solving.solution import Progress
from qhenergy.studies.guide import Yearly, guide_of
from qhenergy.studies.year_dispatch import _fixed

#: Three windows of four hours; an hour stands for 730 of them.
WINDOWED = {"time": {"window_hours": 4}}
WEIGHT = 8760 / 12


def rolled(small, told=True, sight=None, crumb=0.0):
    """Cost of the modelled hours as a rolling dispatch finds it [CNY], and the dispatch."""
    small.case |= WINDOWED
    whole = small.solve()
    system = whole.assembled.system
    yearly = Yearly(solved(whole.assembled, whole.solution, 0.0, 0.0), STAGE)
    circle = open_end(whole.problem, [f"{family}_final" for family in yearly.levels])
    problem, _ = given_start(circle, system.chronology, yearly.before(system.case))
    guide = guide_of(yearly, problem, system.chronology, system.case)
    if not told:
        guide = Guide({}, np.full(len(problem.rows), crumb), np.ones(len(problem.rows), dtype=bool))
    rolling = Rolling(problem, circle, system.chronology, _fixed(problem, yearly), guide, sight or Sight(1, 0))
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


def test_the_last_step_looks_into_the_first_window_again(grid):
    """Proves: the end of the year is seen like any other: what it keeps is what the beginning lives on.

    No wind in the first window, spare wind in the last: a store that begins with 40 MWh ends with them.
    If it were broken, the last step, which sees no use of it, would let the wind go, or change what the first decided.
    """
    small = grid(12, 10.0).add("wind", existing=20, series=[0] * 4 + [0.5] * 4 + [1] * 4)
    small.add("thermal", existing=100).add("batteries", existing=10, duration=4, cycle="long")
    cost, found = rolled(small, told=False, sight=Sight(1, 1))
    assert cost == pytest.approx(0.0, abs=1e-6)
    levels = found.values[small.solve().problem.columns.of("battery/level")]
    assert levels[3::4] == pytest.approx([0.0, 0.0, 40.0], abs=1e-6)


def test_a_fill_given_at_both_ends_is_kept_at_the_end(grid):
    """Proves: a level that the end of the year does not hand over to its beginning has its target at the end as well.

    A reservoir of 40 m3/s-hours that is full at both ends, no inflow; 10 MW by coal at 100 in every hour: 12 000.
    If it were broken, the last step would see a first window that is full anyway, and spend 40 MWh: 8000.
    """
    small = grid(12, 10.0).add("thermal", existing=100)
    small.station(existing=10, live_storage=40 * FLOW_HOUR, cycle="long", initial_fill=1, final_fill=1)
    assert rolled(small, sight=Sight(1, 1))[0] == pytest.approx(12_000.0)


def test_what_is_held_is_worth_what_it_saves(grid):
    """Proves: in a chained year a level is worth what later rows, and one given for the end of the year, pay for it.

    The same reservoir: a unit more at the end of any window saves the coal it stands for, 100 a MWh.
    If it were broken (sign of the dual, or the last row left out), it would be worth nothing.
    """
    small = grid(12, 10.0).add("thermal", existing=100)
    small.station(existing=10, live_storage=40 * FLOW_HOUR, cycle="long", initial_fill=1, final_fill=1)
    small.case |= WINDOWED
    whole = small.solve()
    yearly = Yearly(solved(whole.assembled, whole.solution, 0.0, 0.0), STAGE)
    system = whole.assembled.system
    guide = guide_of(yearly, whole.problem, system.chronology, system.case)
    worth = [target.worth for targets in guide.targets.values() for target in targets]
    assert worth == pytest.approx([WEIGHT * 100 / FLOW_HOUR] * 3)


def test_no_window_is_seen_again_that_is_looked_back_on(grid):
    """Proves: where a year is short, what a kept window follows is not decided anew in it.

    Two windows: the second begins where the first ended, so that it does not see the first again.
    If it were broken, the 40 MWh that coal never made would serve the second window: cost 0.
    """
    small = grid(8, 10.0).add("thermal", existing=100).add("batteries", existing=10, duration=4, cycle="long")
    cost, _ = rolled(small, told=False, sight=Sight(1, 1))
    assert cost * WEIGHT / (8760 / 8) == pytest.approx(8000.0)


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


def test_a_crumb_of_a_price_is_none(grid):
    """Proves: a row whose price an interior point left at next to nothing is not overdrawn for next to nothing.

    The cycle is spent in the first window as without a price, and 10 MWh are missed at the end: 2000 + 50 000.
    If it were broken, the cycle would be overdrawn in every window: 1000.
    """
    cost, found = rolled(one_cycle(grid, 5000.0), told=False, crumb=-1e-9)
    assert cost == pytest.approx(52_000.0)
    assert not found.unheld


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
    problem, told = given_start(whole.problem, spans, lambda family, member, ahead: 40.0)
    assert ("battery/level", small.rows["batteries"][0]["asset"], 1, 40.0) in told
    found = solved_small(whole.assembled, problem=problem)
    assert found.objective / WEIGHT == pytest.approx(0.0, abs=1e-6)


def test_what_lies_before_reaches_past_a_short_window(grid):
    """Proves: rows of a second window that look back beyond the first one are given what came before the year as well.

    A unit of 10 MW started in the hour before the first and runs three hours at least: hours 0 and 1 of windows of one
    hour, 10 MWh each at 100, though wind serves all.
    If it were broken, the row of hour 1 would speak of the last hour of the year, and the unit would stop then: 1000.
    """
    small = grid(6, 10.0).add("wind", existing=10, series=[1] * 6)
    small.add("thermal", existing=10, unit_size=10, minimum_output=1, minimum_up=3)
    small.case |= {"time": {"window_hours": 1}}
    whole = small.solve()
    spans = whole.assembled.system.chronology

    def before(family, member, ahead):
        return 10.0 if ahead == 1 and family in ("thermal/online", "thermal/output", "thermal/started") else 0.0

    problem, _ = given_start(whole.problem, spans, before)
    found = solved_small(whole.assembled, problem=problem)
    assert found.objective / (8760 / 6) == pytest.approx(2000.0)


def test_what_is_placed_for_the_year_stays_where_it_is(grid):
    """Proves: a column of the plan that hours follow has in every step the value of the yearly run.

    Of a load of 4 and 16 MW by turns half is placed where it is dearer by 100 in one hour and cheaper by 150 in the
    other: a pair of hours costs 750 for other demand, 400 + 4800 less 1000.
    If it were broken, the load would run where its baseline is: 5950 a pair.
    """
    small = grid(12).zone("a", 1).zone("b", 1)
    tie(small, [100, 300] * 6, tie="here", zone="a")
    tie(small, [200, 150] * 6, tie="there", zone="b")
    plant(small, [4, 16], zone="a", in_demand="no", window=2, raise_ratio=1)
    small.add("load_sites", asset="near", zone="a", load="plant", siting="yearly", share=0.5)
    small.add("load_sites", asset="far", zone="b", siting="yearly", existing=8)
    assert rolled(small)[0] == pytest.approx(6 * 4950.0)


def test_what_happens_once_is_shared_by_the_steps_of_an_hour(grid):
    """Proves: of a start in an hour of the yearly run each quarter-hour has a quarter, and of what runs all of it.

    20 MW start in the last hour. Parts of units are no starts of whole ones: these have none before the first hour.
    If it were broken, 80 MW would have started, and no more than 20 run.
    """
    small = grid(12, [0.0] * 11 + [20.0]).add("thermal", existing=20, minimum_output=1)
    small.case |= WINDOWED
    whole = small.solve()
    case = whole.assembled.system.case
    yearly = Yearly(solved(whole.assembled, whole.solution, 0.0, 0.0), STAGE)
    quarters = case.model_copy(update={"time": case.time.model_copy(update={"step_minutes": 15})})
    before = yearly.before(quarters)
    assert [before("thermal/started", "coal", ahead) for ahead in (1, 4, 5)] == pytest.approx([5.0, 5.0, 0.0])
    assert before("thermal/online", "coal", 4) == pytest.approx(20.0)
    assert yearly.before(quarters.model_copy(update={"commitment": "whole"}))("thermal/started", "coal", 1) == 0.0
