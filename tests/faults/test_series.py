"""Proves that hourly series given directly are refused when they do not fit the hours of the case."""

import pytest

from faults.workplace import HOURS, Workplace, Wrong, check_refused, check_says_what_to_do, wrong
from qhenergy.studies.expansion import make_ready


def _lengthen(hours: int, asked: int):
    def spoil(place: Workplace) -> None:
        head, *rows = place.cells("series")
        place.write("series", [head, *([str(t), *rows[t % HOURS][1:]] for t in range(hours))])
        place.section("time", f'kind = "hours"\nhours = {asked}')

    return spoil


def _neither(place: Workplace) -> None:
    place.cell("wind", 2, "series", "")


def _both(place: Workplace) -> None:
    place.write(
        "sites",
        [
            ["site", "zone", "latitude [deg]", "longitude [deg]", "altitude [m]", "source", "confidence"],
            ["hill", "north", "37", "96", "3000", "made-up", "low"],
        ],
    )
    place.cell("wind", 2, "site", "hill")


def _neither_and_both(place: Workplace) -> None:
    _both(place)
    place.cell("solar", 2, "series", "")


ALL = [
    wrong(
        "a gap",
        lambda p: p.cell("series", 12, "wind_north", ""),
        ('series.csv, row 12 (10), "wind_north"', "an empty cell", "a number"),
    ),
    wrong(
        "text",
        lambda p: p.cell("series", 12, "wind_north", "calm"),
        ('series.csv, row 12 (10), "wind_north"', '"calm"', "a number"),
    ),
    wrong(
        "an hour left out",
        lambda p: p.without_rows("series", 12),
        ("two-zones/series.csv", "47 hours", "48 hours. Give 48 rows, one per hour."),
    ),
    wrong(
        "an hour that is another",
        lambda p: p.cell("series", HOURS + 1, "hour", str(HOURS)),
        ("series.csv", "47", ""),
    ),
    wrong(
        "an hour twice",
        lambda p: p.cell("series", 12, "hour", "9"),
        ("series.csv, row 12", "the key 9 a second time", "each key once"),
    ),
    wrong(
        "a leap year",
        _lengthen(8784, 8760),
        ("two-zones/series.csv", "8784 hours", "8760 hours. This is the length of a leap year"),
    ),
    wrong("a year where days are asked", _lengthen(96, 48), ("two-zones/series.csv", "96 hours", "48 hours")),
    wrong(
        "below zero",
        lambda p: p.cell("series", 12, "wind_north", "-0.1"),
        ('series.csv, series "wind_north", hour 10', "-0.1", "0 to 1"),
    ),
    wrong(
        "above one",
        lambda p: p.cell("series", 12, "wind_north", "40"),
        ('series.csv, series "wind_north", hour 10', "40", "0 to 1. Is it in percent?"),
    ),
    wrong(
        "without its unit",
        lambda p: p.header("series", "wind_north", "wind_north"),
        ('series.csv, "wind_north"', "no unit", '"wind_north [-]"'),
    ),
    wrong(
        "in a unit of power",
        lambda p: p.header("series", "wind_north", "wind_north [MW]"),
        ('series.csv, "wind_north"', 'unit "MW"', "a unit of share"),
    ),
    wrong(
        "no such column",
        lambda p: p.cell("wind", 2, "series", "wind_nroth"),
        ("wind.csv, row wind-north", 'series "wind_nroth"', 'Did you mean "wind_north"?'),
    ),
    wrong("neither site nor series", _neither, ("wind.csv, row wind-north", 'site ""', "exactly one of the two")),
    wrong("site and series", _both, ("wind.csv, row wind-north", 'site "hill"', "exactly one of the two")),
    wrong(
        "neither in one table, both in another",
        _neither_and_both,
        ("wind.csv, row wind-north", 'site "hill"', "exactly one of the two"),
        ("solar.csv, row pv-south", 'site ""', "exactly one of the two"),
    ),
    wrong(
        "two series out of bounds",
        lambda p: (p.cell("series", 12, "wind_north", "2"), p.cell("series", 14, "pv_south", "-1")),
        ('series "wind_north", hour 10', "2", "0 to 1"),
        ('series "pv_south", hour 12', "-1", "0 to 1"),
    ),
]
NAMES = [case.name for case in ALL]


@pytest.mark.parametrize("case", ALL, ids=NAMES)
def test_refused_in_one_message(place: Workplace, case: Wrong, capfd) -> None:
    check_refused(place, case, capfd)


@pytest.mark.parametrize("case", ALL, ids=NAMES)
def test_says_what_to_do(place: Workplace, case: Wrong) -> None:
    check_says_what_to_do(place, case)


def test_order_of_rows_does_not_matter(place: Workplace) -> None:
    """Proves that a series belongs to its hours. Were it not, a sorted file would be another system."""
    straight = make_ready(place.case).system.series["wind/availability"]["wind-north"].tolist()
    head, *rows = place.cells("series")
    place.write("series", [head, *reversed(rows)])
    assert make_ready(place.case).system.series["wind/availability"]["wind-north"].tolist() == straight
