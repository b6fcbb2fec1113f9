"""A year beside its published record, with numbers by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_system import FLOW_HOUR, Small

from outcome.systems import past_year, recorded, result_of
from qhenergy.outcome.backcast import backcast, monthly, notes
from qhenergy.outcome.result import Result
from qhenergy.outcome.tables import main_tables

YEAR = 2025
HOURS = 8760
JANUARY, FEBRUARY = 31 * 24, 28 * 24


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return result_of(past_year(tmp_path_factory.mktemp("year") / "small").solve())


def row(result: Result, quantity: str, subject: str, first: int, last: int) -> dict[str, object]:
    table = backcast(result)
    found = table[(table["quantity"] == quantity) & (table["subject"] == subject)]
    (made,) = found[(found["first_month"] == first) & (found["last_month"] == last)].to_dict("records")
    return made


def test_generation_of_months(year: Result) -> None:
    """January: 30 MW less 20 of wind is 10 MW of coal for 744 h; from February wind serves all."""
    made = row(year, "generation", "thermal", 1, 2)
    assert made["modelled"] == pytest.approx(10 * JANUARY, rel=1e-6)
    assert made["difference"] == pytest.approx(10 * JANUARY - 40_000, rel=1e-6)
    assert made["share [-]"] == pytest.approx((10 * JANUARY - 40_000) / 40_000, rel=1e-6)
    assert row(year, "generation", "thermal", 3, 3)["modelled"] == pytest.approx(0, abs=1e-3)
    assert row(year, "generation", "thermal", 1, 12)["modelled"] == pytest.approx(10 * JANUARY, rel=1e-6)
    assert row(year, "generation", "breeze", 2, 2)["modelled"] == pytest.approx(30 * FEBRUARY, rel=1e-6)
    assert row(year, "generation", "nobody", 1, 1)["modelled"] == 0
    assert len(backcast(year)) == 5 + 2 + 2, "the row of 2024 is not of this year"


def test_utilisation_of_months(year: Result) -> None:
    """All 20 MW are used in January; from February 30 of 40."""
    made = row(year, "utilisation", "breeze", 1, 1)
    assert made["modelled"] == pytest.approx(1, abs=1e-6)
    assert made["difference"] == pytest.approx(0.1, abs=1e-6)
    assert np.isnan(made["share [-]"])
    used, offered = 20 * JANUARY + 30 * (HOURS - JANUARY), 20 * JANUARY + 40 * (HOURS - JANUARY)
    assert row(year, "utilisation", "breeze", 1, 12)["modelled"] == pytest.approx(used / offered, rel=1e-6)


def test_mean_level_of_a_month(year: Result) -> None:
    """20 hm3 live above 50 hm3 dead are 70 of the 50 to 90 hm3 between 100 and 110 m: 105 m."""
    made = row(year, "level", "dam", 1, 1)
    assert made["modelled"] == pytest.approx(105, abs=1e-4)
    assert made["difference"] == pytest.approx(-2, abs=1e-4)
    assert made["unit"] == "m"


def test_level_follows_the_water(tmp_path: Path) -> None:
    """Filled by 1 m3/s all year and held by what it must end with, the level of January and December differ."""
    small = Small(tmp_path / "small", HOURS, case={"time": {"window_hours": 2190}})
    small.zone(demand=[1.0] * 24).add("thermal", existing=100, zone="z")
    gain = HOURS * FLOW_HOUR
    small.station("dam", 1, live_storage=40, initial_fill=0, final_fill=gain / 40, existing=1)
    found = result_of(recorded(small).add("wind", existing=0, series=[1.0] * HOURS).solve())
    # Mean of the volumes at the ends of the 744 hours of January, of 4 hm3 a metre.
    mean = FLOW_HOUR * (JANUARY + 1) / 2
    assert row(found, "level", "dam", 1, 1)["modelled"] == pytest.approx(100 + mean / 4, abs=1e-4)


def test_representative_days_count_where_they_stand(by_days: Result) -> None:
    """The months of a constant add up to the year, and each has its days."""
    hours = len(by_days.weights(YEAR))
    sums = monthly(by_days, YEAR, np.ones(hours))
    assert sums.sum() == pytest.approx(HOURS)
    assert sums[0] == pytest.approx(JANUARY, rel=1e-9)
    assert sums[1] == pytest.approx(FEBRUARY, rel=1e-9)
    power = by_days.column("thermal/output")["coal"].to_numpy()
    assert monthly(by_days, YEAR, power).sum() == pytest.approx(by_days.weights(YEAR) @ power)
    # Two columns at once are the same as one after the other.
    both = monthly(by_days, YEAR, np.column_stack([power, 2 * power]))
    assert both[:, 1] == pytest.approx(2 * monthly(by_days, YEAR, power))


def test_a_few_hours_have_no_months(grid: Callable[..., Small]) -> None:
    """Two days that stand for the year say nothing of January."""
    small = grid(48, 30).add("thermal", existing=100).add("wind", existing=1, series=[1.0] * 48)
    made = recorded(small.station("dam", 0, live_storage=40, initial_fill=0.5))
    assert backcast(result_of(made.solve())).empty


def test_nothing_published(two_zones: Result) -> None:
    """Proves: a year nobody published has no row, no table and no notes."""
    assert backcast(two_zones).empty
    assert "backcast" not in main_tables(two_zones)
    assert notes(two_zones, YEAR).empty


def test_notes_of_the_year(year: Result) -> None:
    """Proves: a note without a year is of every year, one of another year is not shown."""
    assert list(notes(year, YEAR).index) == ["always"]
    assert "backcast" in main_tables(year)
