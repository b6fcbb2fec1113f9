"""Spring rule: the mean release of a season over the mean natural flow."""

import numpy as np
import pandas as pd
import pytest

from qhenergy.data.case import Case
from qhenergy.ground.faults import InputError
from qhenergy.outcome.board import board
from qhenergy.outcome.result import solved as result_of
from qhenergy.periods.chronology import Span
from qhenergy.policy.clause import Clause
from qhenergy.policy.spring_release import season

WEIGHT = 8760 / 48
SECOND_DAY = {"first_month": 1, "first_day": 2, "last_month": 1, "last_day": 2}


def lake(grid, strictness="hard", share=0.5, *, window=48, penalty=0.0, days=SECOND_DAY):
    """Two days, 1 and 2 January: 10 m3/s flow into a large lake, 20 MW are asked on the first day only."""
    small = grid(48, 10, case={"time": {"window_hours": window}})
    small.station(inflow=10, existing=30, live_storage=100).add("thermal", existing=100)
    small.add("spring_releases", clause="spring", station="dam", year=2025, share=share, **days)
    return small.target("spring", strictness, penalty)


def first_day_only(system):
    """Demand on the first day only."""
    system.series["demand/2025"] = pd.DataFrame({"z": [20.0] * 24 + [0.0] * 24})


@pytest.mark.parametrize("window", [48, 24, 5])
def test_the_season_gets_its_share(grid, window):
    """Proves: the mean release of the season is the share of the mean natural flow, however the hours are cut.

    Half of 10 m3/s on the second day, 120 m3/s-hours nobody asks for then: coal makes 120 of 480 on the first.
    If it were broken, coal would make none (season missed) or 240 (share of the hours of the season twice).
    """
    solved = lake(grid, window=window).solve(first_day_only)
    released = solved.column("hydro/turbined") + solved.column("hydro/spilled")
    assert released[24:].mean() == pytest.approx(5)
    assert solved.objective == pytest.approx(WEIGHT * 120 * 100)


def test_price_of_the_spring_rule(grid):
    """Proves: one m3/s more in the season costs 24 m3/s-hours of coal at 100 CNY/MWh, as often as they stand for.

    If it were broken, it would be 100 (a single hour) or 48 hours' worth.
    """
    small = lake(grid)
    solved = small.solve(first_day_only)
    assert solved.dual("spring_release/requirement") == pytest.approx([WEIGHT * 24 * 100])
    row = board(result_of(solved.assembled, solved.solution, 0.0, 0.0))[0]
    assert (row.required, row.achieved, row.unit) == (pytest.approx(5), pytest.approx(5), "m3/s")


def test_watched_and_priced(grid):
    """Proves: watched it is measured only; priced below what it costs it is missed at its penalty.

    Nothing is released on the second day; 5 m3/s missed at 1000 CNY each.
    If it were broken, coal would run.
    """
    assert lake(grid, "watched").solve(first_day_only).objective == pytest.approx(0, abs=1e-3)
    assert lake(grid, "priced", penalty=1000).solve(first_day_only).objective == pytest.approx(5000)


def test_natural_flow_is_that_of_all_stations_above(grid):
    """Proves: the share is of the inflow at the named station, that above it included, below it left out.

    10 and 20 m3/s above, 40 below: at the middle station natural flow is 30, half of it 15.
    If it were broken, it would be 10 (local inflow) or 35 (all stations).
    """
    small = lake(grid, "watched").station("middle", 20, order=2, downstream="last", existing=30)
    small.station("last", 40, order=3, existing=30)
    small.rows["hydro_stations"][0] |= {"downstream": "middle", "order": 1}
    small.rows["spring_releases"][0]["station"] = "middle"
    (asked,) = small.solve(first_day_only).assembled.requirements
    assert asked.required == pytest.approx(15)


def test_a_season_may_run_over_new_year():
    """Proves: first and last day belong to the season, also from 31 December to 1 January.

    If it were broken, such a season would be empty or hold 364 days.
    """
    row = pd.Series({"first_month": 12, "first_day": 31, "last_month": 1, "last_day": 1})
    clause = Clause("spring", "spring_release", "hard", 0.0, row)

    case = Case(title="year", inputs="none")
    assert season(Span(0, 2025, np.arange(8760), 1.0), case, clause) == [*range(24), *range(8736, 8760)]


def test_a_season_that_is_not_modelled(grid):
    """Proves: without an hour of the season a watched rule has nothing to measure, an enforced one is refused.

    If it were broken, the rule would count as met, or divide by nothing.
    """
    march = {"first_month": 3, "first_day": 21, "last_month": 4, "last_day": 30}
    solved = lake(grid, "watched", days=march).solve(first_day_only)
    (row,) = board(result_of(solved.assembled, solved.solution, 0.0, 0.0))
    assert (row.status, row.achieved) == ("nothing to measure", None)
    with pytest.raises(InputError, match=r"no modelled hour in its season.*Ask for more periods"):
        lake(grid, days=march).solve(first_day_only)


@pytest.mark.parametrize("absent", [{"zone": ""}, {"existing": 0}, {"in_service_year": 2035}])
@pytest.mark.parametrize("strictness", ["hard", "watched"])
def test_a_station_that_does_not_stand_is_refused(grid, strictness, absent):
    """Proves: a rule about the release of a station outside the system, or not there yet, is refused.

    If it were broken, nothing would be released of a natural flow of nothing: met, at no cost.
    """
    small = lake(grid, strictness)
    small.rows["hydro_stations"][0] |= absent
    said = 'spring_releases.csv, row spring: found station "dam"; expected a station of the system that stands in 2025'
    with pytest.raises(InputError, match=said + ". Name another one"):
        small.solve(first_day_only)


def test_a_rule_of_later_years_needs_no_station_today(grid):
    """Proves: a rule not yet in force may name a station that comes with it.

    If it were broken, every case before that year would be refused.
    """
    small = lake(grid)
    small.rows["hydro_stations"][0] |= {"in_service_year": 2035}
    small.rows["spring_releases"][0] |= {"year": 2035}
    assert small.solve(first_day_only).objective == pytest.approx(WEIGHT * 480 * 100)
