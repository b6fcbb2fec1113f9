"""Flexible loads as part of the sectors whose demand they are."""

import pytest
from small_loads import plant, priced

from qhenergy.ground.faults import InputError
from qhenergy.outcome.flexible import by_sector
from qhenergy.outcome.result import solved as result_of
from qhenergy.report import sheets_flexible
from qhenergy.report.view import View

YEAR = 8760


def works(grid, load=10.0, **row):
    """60 MW in two hours, 20 of a smelter, 10 of a mill, the rest of the town; a load may shift 4 MW of its own."""
    small = priced(grid, [100, 300], 60)
    for sector, takes in (("smelter", "rows"), ("mill", "rows"), ("town", "rest")):
        small.add("demand_sectors", sector=sector, takes=takes)
    for month in range(1, 13):
        small.add("demand_shapes", shape="flat", month=month, **{f"hour_{h}": 1 for h in range(24)})
    small.add("sector_demand", sector="smelter", energy=20 * YEAR, shape="flat")
    small.add("sector_demand", sector="mill", energy=10 * YEAR, shape="flat")
    return plant(small, load, existing=4, window=2, raise_ratio=1, **row)


def faults_of(small):
    """What is refused: found and expected."""
    with pytest.raises(InputError) as error:
        small.solve()
    return [(fault.found, fault.expected) for fault in error.value.faults]


def test_share_of_a_sector_that_is_flexible(grid):
    """Proves: a load counts in its sector and zone; of two sectors together it counts by what they take.

    10 of the smelter's 20 MW are half. Of smelter and mill, 20 and 10, a load of 12 is 8 and 4: two fifths of both.
    The town takes the 30 that are left.
    If it were broken, the load of both would be 12 of 20 and of 10, or the share that of the zone (10 of 60).
    """
    solved = works(grid, 10, sector="smelter").solve()
    result = result_of(solved.assembled, solved.solution, 0.0, 0.0)
    [found] = by_sector(result).to_dict("records")
    assert (found["sector"], found["zone"], found["share [-]"]) == ("smelter", "z", pytest.approx(0.5))
    [row] = sheets_flexible.by_sector(View(result), 2025).rows
    assert list(row.cells)[1:] == ["1.75", "0.88", "50%"]
    solved = works(grid, 12, sector="smelter | mill").solve()
    table = by_sector(result_of(solved.assembled, solved.solution, 0.0, 0.0)).set_index("sector")
    assert table["flexible [MWh/yr]"].to_dict() == pytest.approx({"smelter": 8 * YEAR, "mill": 4 * YEAR})
    assert table["share [-]"].to_dict() == pytest.approx({"smelter": 0.4, "mill": 0.4})


def test_more_than_a_sector_takes_is_refused(grid):
    """Proves: loads that are together more than their sector takes in the zone are refused with both amounts.

    15 and 10 MW of a smelter that takes 20: 219,000 against 175,200 MWh. Each alone would do.
    If it were broken, more would be shifted than there is.
    """
    small = works(grid, 15, sector="smelter")
    plant(small, 10, asset="second", existing=1, window=2, raise_ratio=1, sector="smelter")
    assert faults_of(small) == [
        ("flexible loads of 219,000 MWh of smelter in z in 2025", "at most the 175,200 MWh it takes there")
    ]


def test_what_cannot_be_enrolled_is_no_fault(grid):
    """Proves: a load of which nothing stands or may be built is not measured against its sector.

    25 MW of the 20 of a smelter, nothing enrolled.
    If it were broken, a load that is to come later would stop a plan of an earlier year.
    """
    small = works(grid, 25, sector="smelter")
    small.rows["flexible_loads"][0]["existing"] = 0
    small.solve()


def test_sectors_that_a_load_cannot_be_of(grid):
    """Proves: a sector there is not, and one of a load that is no part of the demand, are refused.

    If it were broken, a misspelt sector would say nothing of any, and a load beside would be counted within.
    """
    small = works(grid, 5, sector="smelters")
    plant(small, 5, asset="second", existing=1, window=2, raise_ratio=1, in_demand="no", sector="mill")
    assert [found for found, _ in faults_of(small)] == ['sector "smelters"', "a sector of a load beside the demand"]
