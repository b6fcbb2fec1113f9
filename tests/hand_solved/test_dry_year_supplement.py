"""Supplement of dry years: more is let down than nature gives, out of wetter years."""

import pytest
from small_system import FLOW_HOUR

from qhenergy.ground.faults import InputError, NoSolutionError
from qhenergy.outcome.board import board
from qhenergy.outcome.result import solved as result_of

#: One of four hours of the run counts for so many of the year.
WEIGHT = 8760 / 4


def lake(grid, volume, strictness="hard", years=("wet", "dry"), window=2):
    """Two years of two hours each: 20 and 10 m3/s flow into a large lake, 20 MW are asked all the time."""
    small = grid(2, 20, case={"water": {"year": list(years)}, "time": {"window_hours": window}})
    small.station(inflow=10, existing=50, live_storage=1).add("thermal", existing=100)
    small.rows["water_years"] = [{"water_year": "wet", "factor": 2}, {"water_year": "dry", "factor": 1}]
    small.add("dry_year_supplements", clause="dry-rule", station="dam", water_year="dry", year=2025, volume=volume)
    return small.target("dry-rule", strictness)


#: Volume of one m3/s for two hours, told for a year of 8760 [hm3].
OF_A_YEAR = FLOW_HOUR * 8760


@pytest.mark.parametrize("window", [4, 2, 1])
def test_the_dry_year_gives_more_than_nature(grid, window):
    """Proves: in the dry year the release is the natural flow and the supplement, told for one dry year.

    5 m3/s more than the 10 that flow in: 15 in the dry year, 15 in the wet one; coal is the same in any split.
    If it were broken, it would be 12.5 (half of the supplement: both years counted), or less.
    """
    solved = lake(grid, 5 * OF_A_YEAR, window=window).solve()
    released = solved.column("hydro/turbined") + solved.column("hydro/spilled")
    assert released[2:].mean() >= 15 - 1e-6
    assert released.mean() == pytest.approx(15)
    assert solved.objective == pytest.approx(8760 * 5 * 100)


def test_more_than_is_kept_costs(grid):
    """Proves: a supplement beyond what replaces coal spills in the dry year and is missed in the wet one.

    12 m3/s: 22 in the dry year, of which 20 are asked, 8 in the wet one: coal makes 12 there, 6 on average.
    If it were broken, coal would make 5 on average.
    """
    assert lake(grid, 12 * OF_A_YEAR).solve().objective == pytest.approx(8760 * 6 * 100)


def test_a_year_that_ends_as_it_began_cannot_give(grid):
    """Proves: in one dry year on its own there is nothing to give.

    If it were broken, water would come from nowhere.
    """
    with pytest.raises(NoSolutionError):
        lake(grid, OF_A_YEAR, years=("dry",)).solve()


def test_without_a_dry_year_there_is_nothing_to_measure(grid):
    """Proves: in wet years the clause asks nothing, enforced or not.

    If it were broken, it would be infeasible, or count as met.
    """
    solved = lake(grid, 5 * OF_A_YEAR, years=("wet", "wet")).solve()
    (row,) = board(result_of(solved.assembled, solved.solution, 0.0, 0.0))
    assert row.status == "nothing to measure"


@pytest.mark.parametrize("absent", [{"zone": ""}, {"existing": 0}, {"in_service_year": 2035}])
def test_a_station_that_does_not_stand_is_refused(grid, absent):
    """Proves: a supplement by a station outside the system, or not there yet, is refused with its place.

    If it were broken, the clause would be short of its volume for want of a station, or the program would stop.
    """
    small = lake(grid, 5 * OF_A_YEAR)
    small.rows["hydro_stations"][0] |= absent
    said = 'dry_year_supplements.csv, row dry-rule: found station "dam"; expected a station of the system that stands'
    with pytest.raises(InputError, match=said):
        small.solve()
