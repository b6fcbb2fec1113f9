"""Indicators beside figures made by hand."""

import json

import numpy as np
import pytest
from small_system import STAGE, YEAR

from outcome.systems import result_of
from qhenergy.outcome.indicators import clean_mix, flows, indicators, longest_run
from qhenergy.outcome.summary import as_json, summary
from qhenergy.periods.chronology import Chronology, Span


def windy(grid, blows, hours=96, **options):
    """10 MW; wind on the days it blows, coal at 100 on the others, a tie with CO2 that is dearer than coal."""
    small = grid(hours, 10, case={"time": {"window_hours": 24}}).add("thermal", existing=10)
    small.add("wind", existing=10, series=np.repeat(blows, 24).tolist())
    return small.add("ac_ties", import_limit=10, import_price=200, emission=0.5, **options)


def test_longest_run_and_its_first_day(grid):
    """Proves: the run is the longest one, in hours and whole days, and is named by its first day.

    Wind on the 2nd, 3rd and 4th of four days, but for the last hour of the 4th.
    If it were broken, it would be 72 hours, or begin on the 1st.
    """
    small = windy(grid, [0, 1, 1, 1])
    small.series["of_wind"][95] = 0.5
    found = indicators(result_of(small.solve()), STAGE).without_fossil
    assert (found.hours, found.days) == (71, 2)
    assert (found.first_hour, found.first_day) == ("01-02 00:00", "01-02")


def test_imports_end_the_strict_run_only(grid):
    """Proves: hours that live on the tie are without fossil generation, and not without fossil power.

    There is no coal; on the first day the tie stands in.
    If it were broken, both runs would be of four days or of three.
    """
    small = windy(grid, [0, 1, 1, 1])
    del small.rows["thermal"]
    found = indicators(result_of(small.solve()), STAGE)
    assert (found.without_fossil.days, found.without_fossil_imports.days) == (4, 3)
    assert found.import_share == pytest.approx(0.25)
    assert found.clean_generation == pytest.approx(1)
    assert found.clean_consumption == pytest.approx(0.75)
    assert found.emission == pytest.approx(YEAR / 4 * 10 * 0.5)
    assert found.intensity == pytest.approx(0.125)


def test_run_over_the_real_periods_and_over_new_year(grid):
    """Proves: representative days are laid out in their real order, and a whole year is a circle.

    Day A (no fossil) stands for all days but the 10 to 12 January, which B stands for: the run begins on 13 January
    and ends with 9 January, 362 days.
    If it were broken, it would be one day (as modelled) or 353 (to the end of December).
    """
    small = windy(grid, [1] * 365, hours=8760)

    def two_days(system):
        weights = (362.0, 3.0)
        spans = tuple(Span(i, STAGE, np.arange(24 * i, 24 * i + 24), w) for i, w in enumerate(weights))
        sequence = np.zeros(365, dtype=np.int64)
        sequence[9:12] = 1
        system.chronology = Chronology(spans, chained=False, sequence=sequence)

    result = result_of(small.solve(two_days))
    holds = np.repeat([True, False], 24)
    found = longest_run(result, STAGE, holds)
    assert (found.days, found.first_day, found.hours) == (362, "01-13", 362 * 24)
    assert longest_run(result, STAGE, ~holds).first_day == "01-10"
    assert longest_run(result, STAGE, np.zeros(48, dtype=bool)).first_day == ""


def test_what_a_store_gives_is_as_clean_as_what_it_took(grid):
    """Proves: the mix of an hour, with a store that is filled by an hour of half wind and half coal.

    Hour 1: 20 MW for 10 of demand and 10 into the store, 10 of wind and 10 of coal: half clean, and so is the store.
    Hour 2: 10 MW from the store: half clean. Consumption is half clean, and so is what is generated.
    If it were broken, the second hour would be clean (1: 0.75 in all) or not (0.25).
    """
    small = grid(2, 10).add("wind", existing=10, series=[1, 0]).add("thermal", existing=10)
    small.add("batteries", existing=10, duration=1)
    result = result_of(small.solve())
    result.values[result.problem.columns.of("thermal/output")] = [10, 0]
    for family, values in (("battery/charge", [10, 0]), ("battery/discharge", [0, 10])):
        result.values[result.problem.columns.of(family)] = values
    assert clean_mix(flows(result, STAGE), result.weights(STAGE)) == pytest.approx([0.5, 0.5])
    assert indicators(result, STAGE).clean_consumption == pytest.approx(0.5)


def test_export_is_as_clean_as_its_hours(grid):
    """Proves: what is sent out has the mix of the hours in which it is sent, not that of the year.

    Wind in the first hour, in which the line sends 10; coal in the second, in which it sends nothing.
    If it were broken, both would be two thirds.
    """
    small = grid(2, 10).add("wind", existing=20, series=[1, 0]).add("thermal", existing=10).curve("first", [1, 0])
    small.add("send_out", capacity=10, schedule="curve", curve="first")
    found = indicators(result_of(small.solve()), STAGE)
    assert (found.clean_export, found.clean_consumption) == (pytest.approx(1), pytest.approx(0.5))
    assert found.clean_generation == pytest.approx(2 / 3)


def test_cost_and_prices(grid):
    """Proves: average cost leaves penalties out and counts what is sent; the flat load pays the mean of the hours.

    Coal at 100 serves 10 in the first hour and 5 on the line; of 30 in the second 16 are served, 14 unserved at 10,000.
    Energy 10 + 5 + 16 = 31 at 100. Prices 100 and 10,000: by load (10 * 100 + 30 * 10,000) / 40 = 7,525, flat 5,050.
    If it were broken, the average cost would be 4,616 (penalties) or 119 (what is sent does not count).
    """
    small = grid(2, [10, 30]).add("thermal", existing=16).curve("first", [1, 0])
    small.add("send_out", capacity=5, schedule="curve", curve="first", shortfall_price=5_000)
    found = indicators(result_of(small.solve()), STAGE)
    assert found.average_cost == pytest.approx(100)
    assert found.zone_prices["z"] == (pytest.approx(7525), pytest.approx(5050))
    assert (found.price, found.flat_price) == (pytest.approx(7525), pytest.approx(5050))


def test_flexible_share(grid):
    """Proves: the group `flexible` over all that generates or is flexible, now and in the base year; none without it.

    10 MW of cells and 30 of coal stand, 10 of cells are committed: a quarter, then 20 of 50.
    If it were broken, stores would be missing below the line (10 of 30).
    """
    small = grid(2, 10).add("thermal", existing=30).group("flexible", "cells").group("generation", "coal")
    small.add("batteries", existing=10, committed=10, committed_year=2022, duration=2)
    found = indicators(result_of(small.solve()), STAGE)
    assert (found.flexible_base, found.flexible) == (pytest.approx(0.25), pytest.approx(0.4))
    del small.rows["groups"]
    assert np.isnan(indicators(result_of(small.solve()), STAGE).flexible)


def test_the_summary_has_them(two_zones):
    """Proves: the summary holds the figures under their names, as JSON."""
    made = json.loads(as_json(summary(two_zones)))["indicators"]
    assert made["stage"] == two_zones.case.stages[0]
    assert set(made["without_fossil"]) == {"hours", "days", "first_hour", "first_day"}
    assert made["zone_prices"].keys() == set(two_zones.inputs["zones"].index)
    assert made["flexible"] is None
