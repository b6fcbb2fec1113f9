"""Proves that tables of the river at fault are refused, each with its place and what to do."""

import pytest

from faults.workplace import Workplace, Wrong, check_refused, check_says_what_to_do, wrong
from qhenergy.studies.expansion import make_ready

#: What every row ends with.
END = {"source": "made-up", "confidence": "low"}
HUB = {
    "asset": "hub",
    "technology": "pumped_storage",
    "zone": "north",
    "existing [MW]": "20",
    "mode": "reversible",
    "upper": "upper",
    "lower": "lower",
    "head [m]": "60",
}
CANAL = {"withdrawal": "canal", "station": "upper", "first_year": "2000", "yearly_volume [10^6 m3]": "50"}
SHARE = {"withdrawal": "canal", "month": "1", "share [%]": "100"}
FACTOR = {"water_year": "dry", "month": "1", "factor [-]": "0.5"}
POINTS = [{"station": "upper", "level [m]": str(h), "volume [10^6 m3]": str(v)} for h, v in ((100, 60), (120, 100))]


def _table(place: Workplace, name: str, *rows: dict[str, str]) -> None:
    """Write a table from rows of the same columns."""
    rows = [{**row, **END} for row in rows]
    place.write(name, [list(rows[0]), *(list(row.values()) for row in rows)])


def _write(name: str, *rows: dict[str, str]):
    return lambda place: _table(place, name, *rows)


def _canal(place: Workplace, *shares: dict[str, str]) -> None:
    _table(place, "withdrawals", CANAL)
    _table(place, "withdrawal_months", *shares)


def _open_loop(station: str, head: str, loss: str = "0"):
    def spoil(place: Workplace) -> None:
        place.column("pumped_storage", "lower_station", station)
        place.column("pumped_storage", "head [m]", head)
        place.cell("pumped_storage", 2, "self_discharge", loss)

    return spoil


def _level(station: str, *points: dict[str, str]):
    def spoil(place: Workplace) -> None:
        place.column("hydro_rules", "maximum_level [m]", "115")
        place.edit("hydro_rules", lambda rows: [row.__setitem__(0, station) for row in rows[1:]])
        if points:
            _table(place, "reservoir_curves", *points)

    return spoil


def _hub_outside(place: Workplace) -> None:
    place.cell("hydro_stations", 2, "zone", "")
    _table(place, "hydro_hubs", HUB)


TABLES = [
    wrong(
        "hub at an unknown dam",
        _write("hydro_hubs", {**HUB, "upper": "uper"}),
        ("hydro_hubs.csv, row 2 (hub)", 'upper "uper", which is not in hydro_stations.csv', 'Did you mean "upper"?'),
    ),
    wrong(
        "hub of an unknown mode",
        _write("hydro_hubs", {**HUB, "mode": "reversable"}),
        ('hydro_hubs.csv, row 2 (hub), "mode"', '"reversable"', 'Did you mean "reversible"?'),
    ),
    wrong(
        "hub without a head",
        _write("hydro_hubs", {**HUB, "head [m]": ""}),
        ('hydro_hubs.csv, row 2 (hub), "head"', "an empty cell", "a number"),
    ),
    wrong(
        "hub whose lower station is not below",
        _write("hydro_hubs", {**HUB, "lower": "upper"}),
        ("hydro_hubs.csv, row hub", 'lower "upper"', "lower, the next station below"),
    ),
    wrong(
        "hub with nothing below",
        _write("hydro_hubs", {**HUB, "upper": "lower", "lower": ""}),
        ("hydro_hubs.csv, row hub", "no station below", "a station below the upper one"),
    ),
    wrong(
        "hub at a station outside the system",
        _hub_outside,
        ("hydro_hubs.csv, row hub", 'upper "upper"', "a station that stands"),
    ),
    wrong(
        "canal at an unknown station",
        _write("withdrawals", {**CANAL, "station": "loewr"}),
        (
            "withdrawals.csv, row 2 (canal)",
            'station "loewr", which is not in hydro_stations.csv',
            'Did you mean "lower"?',
        ),
    ),
    wrong(
        "canal that gives water",
        _write("withdrawals", {**CANAL, "yearly_volume [10^6 m3]": "-1"}),
        ('withdrawals.csv, row 2 (canal), "yearly_volume"', "-1", "at least 0"),
    ),
    wrong(
        "months of an unknown canal",
        lambda p: _canal(p, {**SHARE, "withdrawal": "canla"}),
        (
            "withdrawal_months.csv, row 2 (canla)",
            'withdrawal "canla", which is not in withdrawals.csv',
            'Did you mean "canal"?',
        ),
    ),
    wrong(
        "a thirteenth month",
        lambda p: _canal(p, {**SHARE, "month": "13"}),
        ('withdrawal_months.csv, row 2 (canal), "month"', "13", "at most 12"),
    ),
    wrong(
        "shares short of a year",
        lambda p: _canal(p, {**SHARE, "share [%]": "60"}, {**SHARE, "month": "7", "share [%]": "30"}),
        ("withdrawal_months.csv (canal)", "shares that add up to 0.9", "1 over the year"),
    ),
    wrong(
        "months of an unknown water year",
        _write("water_year_months", {**FACTOR, "water_year": "dyr"}),
        ("water_year_months.csv", 'water_year "dyr", which is not in water_years.csv', 'Did you mean "dry"?'),
    ),
    wrong(
        "a month of a water year twice",
        _write("water_year_months", FACTOR, FACTOR),
        ("water_year_months.csv, row 3", "the key dry, 1 a second time", "each key once"),
    ),
    wrong(
        "open loop at an unknown station",
        _open_loop("uppr", "300"),
        (
            "pumped_storage.csv, row 2 (psh-south)",
            'lower_station "uppr", which is not in hydro_stations.csv',
            'Did you mean "upper"?',
        ),
    ),
    wrong(
        "open loop without a head, and with a loss",
        _open_loop("upper", "", "0.1"),
        ("pumped_storage.csv, row psh-south", "a lower station and no head", "the head between the basins"),
        ("pumped_storage.csv, row psh-south", "a self-discharge of 0.001 an hour", "none: water of the river"),
    ),
    wrong(
        "level of a reservoir without a curve",
        _level("upper"),
        ("reservoir_curves.csv", "none", 'rows of "upper"'),
    ),
    wrong(
        "level of a reservoir with a curve of one row",
        _level("upper", POINTS[0]),
        ("reservoir_curves.csv (upper)", "one row", "two or more"),
    ),
    wrong(
        "curve of a reservoir that does not rise",
        _level("upper", POINTS[0], {**POINTS[1], "volume [10^6 m3]": "60"}),
        ("reservoir_curves.csv (upper)", "60 hm3 at 120 m, and 60 hm3 at 100 m", "more volume at a higher level"),
    ),
    wrong(
        "level of a station without a reservoir",
        _level("lower"),
        *(
            (f"hydro_rules.csv (lower, {month})", "a maximum level", "none, for a station without a reservoir")
            for month in range(1, 13)
        ),
    ),
    wrong(
        "one of several water years unknown",
        lambda p: p.section("water", 'year = ["wet", "drry"]'),
        ("case, water.year", '"drry"', 'one of wet, normal, dry. Did you mean "dry"?'),
    ),
    wrong(
        "no water year at all",
        lambda p: p.section("water", "year = []"),
        ('mine.toml, "water.year"', "[]", "a water year, or several in brackets"),
    ),
]


@pytest.mark.parametrize("case", TABLES, ids=[case.name for case in TABLES])
def test_refused_in_one_message(place: Workplace, case: Wrong, capfd) -> None:
    check_refused(place, case, capfd)


@pytest.mark.parametrize("case", TABLES, ids=[case.name for case in TABLES])
def test_says_what_to_do(place: Workplace, case: Wrong) -> None:
    check_says_what_to_do(place, case)


def test_the_spoilt_tables_were_whole(place: Workplace) -> None:
    """Were they not, every refusal above could be for another reason."""
    _table(place, "hydro_hubs", HUB)
    _canal(place, SHARE)
    _table(place, "water_year_months", FACTOR)
    _open_loop("upper", "300")(place)
    _level("upper", *POINTS)(place)
    place.section("water", 'year = ["wet", "dry"]')
    assert make_ready(place.case).size.columns > 1000
