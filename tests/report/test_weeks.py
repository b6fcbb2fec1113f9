"""Proves which weeks a page shows."""

from pathlib import Path

from outcome.systems import result_of
from small_system import Small

from qhenergy.outcome.result import Result
from qhenergy.report import weeks
from qhenergy.report.view import View


def test_worst_week_is_the_one_that_goes_short(tmp_path: Path) -> None:
    """The wind fails in hour 200 of 400, so demand goes short in the second week; a remainder joins the last."""
    wind = [0.0 if t == 200 else 1.0 for t in range(400)]
    small = Small(tmp_path / "small", 400).zone(demand=60.0)
    small.add("thermal", existing=50).add("wind", existing=20, series=wind)
    view = View(result_of(small.solve()))
    picked = weeks.pick(view, 2025)
    assert [week.key for week in picked] == ["cold", "worst"]
    assert 200 in picked[-1].places
    assert "unserved" in picked[-1].why.en
    assert sorted(len(week.places) for week in picked) == [168, 232]


def test_one_run_is_shown_whole(two_zones: Result) -> None:
    (week,) = weeks.pick(View(two_zones), 2025)
    assert len(week.places) == 48


def test_representative_days_are_shown_once(by_days: Result) -> None:
    picked = weeks.pick(View(by_days), 2025)
    assert len({week.first_hour for week in picked}) == len(picked) <= 3
