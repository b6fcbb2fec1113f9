"""Whole units of hydro stations: forbidden zones, least output, starts."""

import pytest
from small_system import FLOW_HOUR

from qhenergy.algebra.units import bands
from qhenergy.ground.faults import InputError

WHOLE = {"case": {"commitment": "whole"}}


@pytest.mark.parametrize(
    ("size", "asked", "coal"), [(20, 10, 4), (20, 5, 0), (20, 6, 0), (20, 12, 0), (20, 11, 5), (10, 10, 0), (10, 5, 0)]
)
def test_a_forbidden_zone_makes_a_station_run_at_its_edge(grid, size, asked, coal):
    """Proves: a unit of 20 MW that may not stay from 30 to 60 % gives up to 6 MW, or 12 and more.

    10 MW asked: it runs at its edge, 6 MW, and coal gives 4. Two units of 10 MW give it together: one of them all.
    If it were broken, coal would give 0 (no zone), or 10 (a unit in no band stands), or 4 of two units as well.
    """
    small = grid(1, asked, **WHOLE).station(inflow=asked, existing=20).add("thermal", existing=100)
    small.add("unit_commitments", unit_size=size).add("hydro_forbidden_zones", lower=0.3, upper=0.6)
    assert small.solve().objective == pytest.approx(8760 * coal * 100, abs=1e-3)


@pytest.mark.parametrize(("up", "starts", "coal"), [(1, 300, 400), (2, 0, 1200)])
def test_a_start_pays_where_the_hours_on_line_do(grid, up, starts, coal):
    """Proves: a unit of 10 MW gives 4 at least, a start of it costs 300, and it stays on as long as it must.

    2, 8, 2 MW asked and water for all: one start for the 8 MW saves 800 of coal; the 2 MW are too little for a unit.
    If it has to stay a second hour there is nowhere to put 4 MW, and coal gives all 12.
    If it were broken, coal would give nothing (no least output), or starts be 30 (by the unit) or 600 (both units).
    """
    small = grid(3, [2, 8, 2], **WHOLE).station(inflow=10, existing=20, live_storage=100 * FLOW_HOUR)
    small.add("unit_commitments", minimum_output=0.4, start_cost=30, minimum_up=up)
    solved = small.add("thermal", existing=100, asset="old", technology="old").solve()
    assert solved.costs.get("starts/hydro", 0.0) == pytest.approx(2920 * starts)
    assert solved.costs["fuel/old"] == pytest.approx(2920 * coal)


def test_a_quarter_of_an_hour_pays_a_start_once(grid):
    """Proves: in steps of 15 minutes a start costs what it costs, and a time on line of an hour is four steps.

    Two hours, 8 MW asked in the second: one start of 300 a run, 4,380 times a year.
    If it were broken, starts would be paid by the quarter, 75.
    """
    case = {"commitment": "whole", "time": {"step_minutes": 15}}
    small = grid(2, [0, 8], case=case).station(inflow=10, existing=10, live_storage=100 * FLOW_HOUR)
    small.add("unit_commitments", minimum_output=0.4, start_cost=30, minimum_up=1, minimum_down=1)
    solved = small.add("thermal", existing=100).solve()
    assert solved.costs["starts/hydro"] == pytest.approx(4380 * 300)
    assert solved.objective == pytest.approx(4380 * 300)
    assert solved.column("hydro_units/running") == pytest.approx([0] * 4 + [1] * 4)


def test_linear_commitment_has_no_units(grid):
    """Proves: where units are not whole there is neither a column nor a row of them, and a zone binds nothing.

    If it were broken, a linear case would change with data that speak of whole units only.
    """
    small = grid(1, 10).station(inflow=10, existing=20).add("unit_commitments", unit_size=20, minimum_output=0.9)
    solved = small.add("hydro_forbidden_zones", lower=0.3, upper=0.6).add("thermal", existing=100).solve()
    assert not any(name.startswith("hydro_units") for name in solved.problem.columns.families)
    assert solved.objective == pytest.approx(0.0, abs=1e-3)


def test_bands_are_what_zones_leave():
    """Proves: two zones leave three bands; a zone that the least output cuts leaves none below it.

    If it were broken, a least output within a zone would allow a band that ends before it begins.
    """
    assert bands(0.0, ((0.6, 0.7), (0.2, 0.4))) == ((0.0, 0.2), (0.4, 0.6), (0.7, 1.0))
    assert bands(0.3, ((0.2, 0.4),)) == ((0.4, 1.0),)
    assert bands(0.5, ((0.2, 0.4),)) == ((0.5, 1.0),)


@pytest.mark.parametrize(
    ("asset", "zones", "words"),
    [
        ("damm", [], "a plant of csp.csv"),
        ("dam", [("dam", 0.6, 0.3)], "above its begin"),
        ("dam", [("dam", 0.3, 0.6), ("dam", 0.5, 0.7)], "do not meet"),
        ("tower", [("dam", 0.3, 0.6)], "without units"),
    ],
)
def test_units_that_cannot_be_are_refused(grid, asset, zones, words):
    """Proves: a row for no plant, and a zone that is none, get their sentence.

    If it were broken, a mistyped station would have no minimum, and nobody would see it.
    """
    small = grid(1, 10, **WHOLE).station(inflow=10, existing=20).add("csp", existing=1, series=[1])
    small.add("unit_commitments", asset=asset)
    for number, (station, lower, upper) in enumerate(zones, start=1):
        small.add("hydro_forbidden_zones", station=station, number=number, lower=lower, upper=upper)
    with pytest.raises(InputError, match=words):
        small.solve()
