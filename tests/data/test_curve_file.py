"""Curves that are read: every kind of file becomes the power of each step of the model year."""

import builtins
from datetime import datetime, time

import numpy as np
import pytest
from curve_files import HOURS, NEW_YEAR, QUARTERS, days, series, stamps, workbook, write

from qhenergy.data.curve_file import read_curve
from qhenergy.data.day_types import day_of_year, of_year
from qhenergy.ground.faults import InputError

RATED = 8000.0
YEAR = of_year(2025, {NEW_YEAR.date(): "holiday"})
RAMP = list(range(24))


def of(month: int, day: int, hour: int, per_hour: int = 1) -> int:
    """Step of the model year."""
    return (day_of_year(month, day) * 24 + hour) * per_hour


@pytest.fixture
def read(tmp_path):
    """Read a curve from rows."""

    def make(rows, step=60, **options):
        return read_curve(write(tmp_path / "mine.csv", rows), RATED, step, **options)

    return make


def test_months(read):
    """Proves: hour h of a day of month m has the value of row m and column h.

    If it were broken, February would begin a day early, or hours be those of UTC.
    """
    found = read(days("month", {m: [100 * m + h for h in RAMP] for m in range(1, 13)}))
    assert (found.kind, found.name, found.title, len(found.values)) == ("month", "mine", "mine", 8760)
    assert found.values[[0, of(1, 31, 23), of(2, 1, 0), of(12, 31, 23)]] == pytest.approx([100, 123, 200, 1223])
    assert found.energy == pytest.approx(found.values.sum())
    assert found.source == "file mine.csv"


def test_seasons_of_four_names_and_of_given_months(read):
    """Proves: the four seasons have their usual months, and a column `months` may say others.

    If it were broken, 31 May would be summer, or the wet season end in August.
    """
    words = ["spring", "summer", "秋季", "Winter"]
    found = read(days("season", {s: [i + 1] * 24 for i, s in enumerate(words)}))
    places = [of(2, 28, 5), of(3, 1, 0), of(5, 31, 23), of(6, 1, 0), of(11, 30, 0), of(12, 1, 0)]
    assert found.values[places] == pytest.approx([4, 1, 1, 2, 3, 4])
    rows = {"wet,6-9": [1] * 24, "dry,10-5": [2] * 24}
    assert read(days("season,months", rows)).values[[of(5, 31, 0), of(6, 1, 0), of(9, 30, 0)]] == pytest.approx(
        [2, 1, 1]
    )


def test_kinds_of_days_by_quarter_hours(read):
    """Proves: workdays, weekends and holidays have the days of the calendar, and quarter-hours are averaged.

    1 January 2025 is a holiday, the 2nd a Thursday, the 4th a Saturday. On a workday the quarters of the first hour
    are 0, 1, 2 and 3.
    If it were broken, the first hour of the 2nd would be 0 (the first quarter) or 6 (their sum).
    """
    rows = {"workday": range(96), "weekend": [500] * 96, "holiday": [700] * 96}
    text = days("day_type", rows, names=QUARTERS)
    found = read(text, calendar=YEAR)
    assert found.values[[0, of(1, 2, 0), of(1, 4, 3), of(1, 6, 1)]] == pytest.approx([700, 1.5, 500, 5.5])
    assert found.notes == (
        "Weekdays and holidays are those of 2025.",
        f"Steps of 15 min are averaged over 60 min; the curve moves inside {found.kind and 24 * 260} of them.",
    )
    fine = read(text, 15, calendar=YEAR)
    assert len(fine.values) == 35040
    assert fine.values[of(1, 2, 0, 4) : of(1, 2, 0, 4) + 4] == pytest.approx([0, 1, 2, 3])


def test_holidays_without_a_row_are_weekends_and_months_stand_beside(read):
    """Proves: a file of workdays and weekends by month is read, and what is taken for holidays is said."""
    rows = {f"{m},{t}": [100 * m + (t == "weekend")] * 24 for m in range(1, 13) for t in ("workday", "weekend")}
    found = read(days("month,day_type", rows), calendar=YEAR)
    assert found.values[[0, of(1, 2, 0), of(3, 1, 0)]] == pytest.approx([101, 100, 301])
    assert found.notes[0] == "The file has no row for holidays: they have the curve of weekends."


@pytest.mark.parametrize(
    ("unit", "value"),
    [("[MW]", 4000), ("[10^4 kW]", 400), ("[p.u.]", 0.5), ("[%]", 50), ("[GW]", 4), ("[万千瓦]", 400)],
)
@pytest.mark.parametrize("place", ["header", "line", "column"])
def test_units(read, unit, value, place):
    """Proves: half the rating is 4000 MW in every unit, wherever the file says it.

    If it were broken, 400 of 10^4 kW would be 400 MW.
    """
    head, row = [*HOURS], [value] * 24
    if place == "header":
        rows = [[f"{h} {unit}" for h in head], row]
    elif place == "line":
        rows = [["unit", unit], head, row]
    else:
        rows = [[*head, "unit"], [*row, unit]]
    found = read(rows)
    assert found.kind == "day"
    assert found.values == pytest.approx(np.full(8760, 4000))
    assert found.per_unit == pytest.approx(np.full(8760, 0.5))


def test_year_of_hours_and_of_quarter_hours(read):
    """Proves: a year is taken as it stands; an hour is repeated for the quarters and quarters are averaged."""
    hours = np.arange(8760) % 5000
    assert read(series(hours)).values == pytest.approx(hours)
    assert read(series(hours), 15).values[4:9] == pytest.approx([1, 1, 1, 1, 2])
    quarters = read(series(np.arange(35040) % 4000))
    assert quarters.values[:2] == pytest.approx([1.5, 5.5])
    assert "averaged over 60 min" in quarters.notes[0]
    assert read(series(hours), 30).values[:4] == pytest.approx([0, 0, 1, 1])
    with pytest.raises(ValueError, match="do not make an hour"):
        read(series(hours), 7)


@pytest.mark.parametrize(
    ("times", "zone"),
    [
        (stamps(), ""),
        (stamps(), " [UTC+8]"),
        (stamps(end="+08:00"), ""),
        (stamps(first=datetime(2024, 12, 31, 16)), " [UTC]"),
        (stamps(first=datetime(2024, 12, 31, 16), end="Z"), ""),
        ([t.replace("-", "/") for t in stamps()], ""),
    ],
)
def test_stamps_of_beijing(read, times, zone):
    """Proves: stamps of the same hours in any zone are the same hours.

    If it were broken, a file in UTC would be eight hours off.
    """
    assert read(series(np.arange(8760) % 100, times, zone=zone)).values == pytest.approx(np.arange(8760) % 100)


def test_year_of_another_zone_is_turned(read):
    """Proves: a calendar year of UTC begins at 08:00 in Beijing, and its last hours become the first ones; it is said.

    If it were broken, the value of 00:00 UTC would stand at 00:00.
    """
    found = read(series(range(8760), stamps(end="+00:00"), header="value [kW]"))
    assert 1000 * found.values[[8, 0, 7, 8759]] == pytest.approx([0, 8752, 8759, 8751])
    assert found.notes[0] == "Stamps are converted from UTC+0 to Beijing time (UTC+8)."
    assert "last hours are taken for the first" in found.notes[1]
    line = [["time zone", "UTC"], *series(range(8760), stamps(), header="value [kW]")]
    assert read(line).values == pytest.approx(found.values)


def test_maintenance(read):
    """Proves: the line asks for nothing on days and weeks of maintenance, ends included, and says for how long.

    Week 15 of 2025 is 7 to 13 April; 1 to 2 May are two days: 9 * 24 h.
    If it were broken, the last day would be missing (192 h).
    """
    lines = [["maintenance", "W15"], ["maintenance", "2025-05-01", "05-02"]]
    found = read([*lines, *days("month", {m: [100] * 24 for m in range(1, 13)})], calendar=YEAR)
    assert found.maintenance.sum() == 9 * 24
    assert found.maintenance[[of(4, 7, 0), of(4, 13, 23), of(4, 14, 0), of(5, 2, 23)]].tolist() == [1, 1, 0, 1]
    assert found.values[found.maintenance].max() == 0
    assert found.values[~found.maintenance].min() == 100
    assert found.notes[-1] == "In 216 h of maintenance the line asks for nothing."
    marks = ["yes" if 24 <= i < 48 else "" for i in range(8760)]
    rows = [["value [MW]", "maintenance"], *zip([5] * 8760, marks, strict=True)]
    found = read(rows)
    assert found.values[22:50].tolist() == [5, 5, *[0] * 24, 5, 5]
    assert len(read(rows, 15).maintenance) == 35040


def test_title_source_and_other_encodings(tmp_path):
    """Proves: a file of GB 18030 and one with a byte order mark are read, and what they say of themselves is kept."""
    rows = [
        ["标题", "晚高峰"],
        ["来源", "函"],
        ["单位", "万千瓦"],
        *days("月份", {m: [8] * 24 for m in range(1, 13)}, ""),
    ]
    for encoding in ("gb18030", "utf-8-sig", "utf-8"):
        found = read_curve(write(tmp_path / "a.csv", rows, encoding), RATED)
        assert (found.title, found.source, found.values[0]) == ("晚高峰", "函", 80)


def test_workbook(tmp_path):
    """Proves: the first sheet of a workbook is read: times, numbers and percentages as Excel keeps them.

    If it were broken, 50 % of a cell shown so would be 0.5 %.
    """
    pytest.importorskip("openpyxl")
    rows = [["time", "value [MW]"], *((s, float(i % 50)) for i, s in enumerate(map(datetime.fromisoformat, stamps())))]
    found = read_curve(workbook(tmp_path / "a.xlsx", rows, second="remarks"), RATED)
    assert found.values == pytest.approx(np.arange(8760) % 50)
    assert found.notes == ('Read from the first sheet, "Sheet"; 1 more were not read.',)
    table = [[time(h) for h in range(24)], [0.5] * 24]
    found = read_curve(workbook(tmp_path / "b.xlsx", [["unit", "%"], *table], percent="all"), RATED)
    assert found.values == pytest.approx(np.full(8760, 4000))


def test_workbook_without_its_reader(tmp_path, monkeypatch):
    """Proves: where openpyxl is not installed, the sentence says what to install."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK")
    real = builtins.__import__

    def without(name, *rest):
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"openpyxl is not installed.*pip install qhenergy\[excel\]"):
        read_curve(path, RATED)
