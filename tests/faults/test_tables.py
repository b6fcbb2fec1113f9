"""Proves that a table at fault is refused with every fault of the reading, each with its place and what to do."""

import pytest

from faults.workplace import Workplace, Wrong, check_refused, check_says_what_to_do, wrong
from qhenergy.ground.units import factor
from qhenergy.studies.expansion import make_ready

ROUNDABOUT = [
    ["site", "zone", "latitude [deg]", "longitude [deg]", "altitude [m]", "source", "confidence"],
    ["hill", "north", "37", "96", "3000", "made-up", "low"],
]
CLIMATE = [
    "site",
    "month",
    "ghi [kWh/m2/day]",
    "dni [kWh/m2/day]",
    "air_temperature [degC]",
    "wind_speed_10m [m/s]",
    "wind_speed_100m [m/s]",
    "weibull_shape [-]",
    "pressure [Pa]",
    "source",
    "confidence",
]


def _at_site(place: Workplace, months: range) -> None:
    """The wind farm at a site with a climate of these months."""
    place.write("sites", ROUNDABOUT)
    row = ["4", "5", "3", "4", "6", "2", "70000", "made-up", "low"]
    place.write("climate", [CLIMATE, *(["hill", str(m), *row] for m in months)])
    place.cell("wind", 2, "site", "hill")
    place.cell("wind", 2, "series", "")
    place.section("weather", "cache = false")


def _circle(place: Workplace) -> None:
    place.cell("hydro_stations", 3, "downstream", "upper")


def _raw(table: str, content: bytes):
    return lambda place: place.path(table).write_bytes(content)


def _several(place: Workplace) -> None:
    place.cell("wind", 2, "existing", "-5")
    place.cell("solar", 2, "zone", "")
    place.without_column("fuels", "price")
    place.header("thermal", "existing", "existing [kg]")
    place.again("water_years")


def _references(place: Workplace) -> None:
    place.cell("wind", 2, "zone", "nroth")
    place.cell("solar", 2, "source", "made-up | nobody")
    place.cell("demand", 3, "shape", "evenign")
    place.cell("groups", 2, "technology", "wnid")


def _blank_line(place: Workplace) -> None:
    lines = place.path("hydro_inflow").read_text(encoding="utf-8").splitlines()
    lines.insert(3, "")
    lines[8] = lines[8].replace(lines[8].split(",")[2], "much", 1)
    place.path("hydro_inflow").write_text("\n".join(lines) + "\n", encoding="utf-8")


FILES = [
    wrong("missing file", lambda p: p.path("demand").unlink(), ("demand.csv", "no such file", "a file in two-zones")),
    wrong("empty file", _raw("wind", b""), ("wind.csv", "an empty file", "a header row")),
    wrong("no row", lambda p: p.write("zones", p.cells("zones")[:1]), ("zones.csv", "no row", "at least one row")),
    wrong("not UTF-8", _raw("fuels", "fuel,year\n西北区,2025\n".encode("gbk")), ("fuels.csv", "utf-8", "UTF-8 text")),
    wrong(
        "stray file",
        lambda p: p.write("wnid", [["a"], ["b"]]),
        ("wnid.csv", "a file no table has the name of", 'Did you mean "wind"?'),
    ),
]
COLUMNS = [
    wrong(
        "missing column",
        lambda p: p.without_column("wind", "existing"),
        ("wind.csv", 'no column "existing"', '"existing [MW]"'),
    ),
    wrong(
        "misspelt column",
        lambda p: p.header("wind", "existing", "exsiting [MW]"),
        ("wind.csv", 'no column "existing"', 'Did you mean "exsiting"?'),
        ("wind.csv", 'column "exsiting"', 'Did you mean "existing"?'),
    ),
    wrong(
        "extra column",
        lambda p: p.column("wind", "colour", "blue"),
        ("wind.csv", 'column "colour"', "only asset, name_en"),
    ),
    wrong(
        "column twice in two units",
        lambda p: p.column("wind", "existing [GW]", "1"),
        ("wind.csv", 'column "existing" twice', "each column once"),
    ),
    wrong(
        "column twice as it is",
        lambda p: p.column("wind", "existing [MW]", "1"),
        ("wind.csv", 'column "existing" twice', "each column once"),
    ),
    wrong(
        "text column twice as it is",
        lambda p: p.column("wind", "zone", "south"),
        ("wind.csv", 'column "zone" twice', "each column once"),
    ),
    wrong(
        "wrong unit",
        lambda p: p.header("wind", "existing", "existing [kg]"),
        ('wind.csv, "existing"', 'unit "kg" is not a unit of power (such as MW)', "a unit of power"),
    ),
    wrong(
        "unknown unit",
        lambda p: p.header("wind", "existing", "existing [megawurst]"),
        ('wind.csv, "existing"', 'unit "megawurst" is not known', "a unit of power"),
    ),
    wrong(
        "missing unit",
        lambda p: p.header("wind", "existing", "existing"),
        ('wind.csv, "existing"', "no unit", '"existing [MW]"'),
    ),
    wrong(
        "unit of words",
        lambda p: p.header("wind", "zone", "zone [MW]"),
        ('wind.csv, "zone"', "unit [MW]", "no unit"),
    ),
]
CELLS = [
    wrong(
        "text in a number",
        lambda p: p.cell("wind", 2, "existing", "much"),
        ('wind.csv, row 2 (wind-north), "existing"', '"much"', "a number"),
    ),
    wrong(
        "thousands separator",
        lambda p: p.cell("wind", 2, "existing", "1,200"),
        ('wind.csv, row 2 (wind-north), "existing"', '"1,200"', "a number"),
    ),
    wrong(
        "underscore in a number",
        lambda p: p.cell("wind", 2, "existing", "1_0"),
        ('wind.csv, row 2 (wind-north), "existing"', '"1_0"', "a number"),
    ),
    wrong(
        "not a number",
        lambda p: p.cell("wind", 2, "existing", "nan"),
        ('wind.csv, row 2 (wind-north), "existing"', '"nan"', "a finite number"),
    ),
    wrong(
        "infinite",
        lambda p: p.cell("demand_shapes", 3, "hour_5", "inf"),
        ('demand_shapes.csv, row 3 (evening), "hour_5"', '"inf"', "a finite number"),
    ),
    wrong(
        "negative capacity",
        lambda p: p.cell("wind", 2, "existing", "-5"),
        ('wind.csv, row 2 (wind-north), "existing"', "-5", "at least 0 [MW]"),
    ),
    wrong(
        "too large",
        lambda p: p.cell("wind", 2, "existing", "60000"),
        ('wind.csv, row 2 (wind-north), "existing"', "60000", "at most 50000 [MW]. Was it entered in another unit?"),
    ),
    wrong(
        "empty cell of a number",
        lambda p: p.cell("wind", 2, "existing", ""),
        ('wind.csv, row 2 (wind-north), "existing"', "an empty cell", "a number"),
    ),
    wrong(
        "empty cell of a word",
        lambda p: p.cell("wind", 2, "zone", " "),
        ('wind.csv, row 2 (wind-north), "zone"', "an empty cell", "zone"),
    ),
    wrong(
        "empty source",
        lambda p: p.cell("wind", 2, "source", ""),
        ('wind.csv, row 2 (wind-north), "source"', "an empty cell", "sources.csv"),
    ),
    wrong(
        "a word that is no choice",
        lambda p: p.cell("wind", 2, "confidence", "hihg"),
        ('wind.csv, row 2 (wind-north), "confidence"', '"hihg"', 'one of high, medium, low. Did you mean "high"?'),
    ),
    wrong(
        "half a year",
        lambda p: p.cell("costs", 2, "year", "2025.5"),
        ('costs.csv, row 2 (wind), "year"', "2025.5", "a whole number"),
    ),
    wrong(
        "duplicate key",
        lambda p: p.again("wind"),
        ("wind.csv, row 3", "the key wind-north a second time", "each key once"),
    ),
    wrong(
        "duplicate key of two columns",
        lambda p: p.again("costs"),
        ("costs.csv, row 11", "the key wind, 2025 a second time", "each key once"),
    ),
    wrong(
        "a row with a cell too many",
        lambda p: p.edit("zones", lambda rows: rows[1].append("more")),
        ("zones.csv, row 2", "", ""),
    ),
    wrong(
        "a row cut short",
        lambda p: p.edit("hydro_inflow", lambda rows: rows[3].__delitem__(slice(2, None))),
        ('hydro_inflow.csv, row 4 (upper), "inflow"', "an empty cell", "a number"),
        ('hydro_inflow.csv, row 4 (upper), "source"', "an empty cell", "sources.csv"),
        ('hydro_inflow.csv, row 4 (upper), "confidence"', "an empty cell", "how sure"),
    ),
    wrong(
        "below a blank line, the row as an editor counts it",
        _blank_line,
        ('hydro_inflow.csv, row 9 (upper), "inflow"', '"much"', "a number"),
    ),
]
REFERENCES = [
    wrong(
        "unknown zone",
        lambda p: p.cell("wind", 2, "zone", "nroth"),
        ("wind.csv, row 2 (wind-north)", 'zone "nroth", which is not in zones.csv', 'Did you mean "north"?'),
    ),
    wrong(
        "unknown technology",
        lambda p: p.cell("wind", 2, "technology", "wnid"),
        ("wind.csv, row 2 (wind-north)", 'technology "wnid", which is not in technologies.csv', 'Did you mean "wind"?'),
    ),
    wrong(
        "unknown site",
        lambda p: (_at_site(p, range(1, 13)), p.cell("wind", 2, "site", "hlil")),
        ("wind.csv, row 2 (wind-north)", 'site "hlil", which is not in sites.csv', 'Did you mean "hill"?'),
    ),
    wrong(
        "unknown source",
        lambda p: p.cell("wind", 2, "source", "mad-up"),
        ("wind.csv, row 2 (wind-north)", 'source "mad-up", which is not in sources.csv', 'Did you mean "made-up"?'),
    ),
    wrong(
        "unknown fuel",
        lambda p: p.cell("thermal", 2, "fuel", "caol"),
        ("thermal.csv, row 2 (coal-north)", 'fuel "caol", which is not in fuels.csv', 'Did you mean "coal"?'),
    ),
    wrong(
        "unknown curve",
        lambda p: p.cell("send_out", 2, "curve", "two-levle"),
        (
            "send_out.csv, row 2 (dc-south)",
            'curve "two-levle", which is not in send_out_curves.csv',
            'Did you mean "two-level"?',
        ),
    ),
    wrong(
        "unknown station",
        lambda p: p.cell("hydro_inflow", 3, "station", "uper"),
        (
            "hydro_inflow.csv, row 3 (uper)",
            'station "uper", which is not in hydro_stations.csv',
            'Did you mean "upper"?',
        ),
    ),
    wrong(
        "technology without costs",
        lambda p: p.without_rows("costs", 2),
        ("wind.csv", 'technology "wind"', "rows for it in costs.csv"),
    ),
    wrong("circle in the river", _circle, ("hydro_stations.csv", "a circle: upper, lower, upper", "a river that ends")),
]
MONTHS = [
    wrong(
        "month missing in a demand shape",
        lambda p: p.without_rows("demand_shapes", 4, 8),
        ("demand_shapes.csv (evening)", "no month 3", "12 months"),
        ("demand_shapes.csv (evening)", "no month 7", "12 months"),
    ),
    wrong(
        "months missing in a climate",
        lambda p: _at_site(p, range(1, 11)),
        ("climate.csv", 'no row for site "hill", month 11', "12 months"),
        ("climate.csv", 'no row for site "hill", month 12', "12 months"),
    ),
    wrong(
        "month missing in a send-out curve",
        lambda p: p.without_rows("send_out_curves", 4),
        ("send_out_curves.csv", "month 3", "12 months"),
    ),
    wrong(
        "month missing in the inflow",
        lambda p: p.without_rows("hydro_inflow", 4),
        ("hydro_inflow.csv (upper)", "no month 3", "12 months"),
    ),
]
SEVERAL = [
    wrong(
        "five tables at fault",
        _several,
        ('wind.csv, row 2 (wind-north), "existing"', "-5", "at least 0"),
        ('solar.csv, row 2 (pv-south), "zone"', "an empty cell", "zone"),
        ("fuels.csv", 'no column "price"', '"price [CNY/GJ]"'),
        ('thermal.csv, "existing"', 'unit "kg"', "a unit of power"),
        ("water_years.csv, row 5", "the key wet a second time", "each key once"),
    ),
    wrong(
        "four references at fault",
        _references,
        ("wind.csv, row 2", 'zone "nroth"', "zones.csv"),
        ("solar.csv, row 2", 'source "nobody"', "sources.csv"),
        ("demand.csv, row 3", 'shape "evenign"', "demand_shapes.csv"),
        ("groups.csv, row 2", 'technology "wnid"', "technologies.csv"),
    ),
]
ALL = [*FILES, *COLUMNS, *CELLS, *REFERENCES, *MONTHS, *SEVERAL]
NAMES = [case.name for case in ALL]


@pytest.mark.parametrize("case", ALL, ids=NAMES)
def test_refused_in_one_message(place: Workplace, case: Wrong, capfd) -> None:
    check_refused(place, case, capfd)


@pytest.mark.parametrize("case", ALL, ids=NAMES)
def test_says_what_to_do(place: Workplace, case: Wrong) -> None:
    check_says_what_to_do(place, case)


def test_the_spoilt_place_was_whole(place: Workplace) -> None:
    """Were it not, every refusal above could be for another reason."""
    assert make_ready(place.case).size.columns > 1000


@pytest.mark.parametrize("unit", ["K", "degF"])
def test_temperature_with_another_zero_is_not_a_factor(unit: str) -> None:
    """A reading in kelvin is no multiple of one in degrees Celsius; a factor would make nonsense of it."""
    with pytest.raises(ValueError, match="temperature"):
        factor(unit, "temperature")
