"""Proves that the page of the river, and its tables, say what the river is: curves, hubs, heads, water years."""

import io

import pytest
from outcome.systems import result_of
from rich.cells import cell_len
from rich.console import Console
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.outcome.result import Result
from qhenergy.report import page, page_cascade
from qhenergy.report.view import View
from qhenergy.report.words import Words
from report.test_page import parsed, strings, values


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A wet and a dry year of a day: two reservoirs, one with a curve and a head that follows it, pumps, a pond."""
    small = Small(
        tmp_path_factory.mktemp("river") / "small", 24, case={"water": {"year": ["wet", "dry"], "head": "curve"}}
    )
    small.zone("z", [20.0] * 12 + [150.0] * 12)
    small.add("water_years", water_year="wet", name_en="wet year", name_zh="丰水年", factor=1.5).add(
        "water_years", water_year="dry", factor=0.5
    )
    small.station(
        "upper", 50, order=1, downstream="pond", travel_time=1.5, existing=90, live_storage=2, head=100, tailwater=2500
    )
    small.station("pond", 1, order=2, downstream="lower", travel_time=1, existing=40, live_storage=0.01, head=50)
    small.station("lower", 5, order=3, existing=60, live_storage=0.5, head=80)
    for level, volume in ((2595, 5), (2605, 7)):
        small.add("reservoir_curves", station="upper", level=level, volume=volume)
    hub = {"asset": "lift", "technology": "hub", "zone": "z", "existing": 10, "mode": "reversible", "upper": "upper"}
    small.add("hydro_hubs", head=100, **hub)
    return result_of(small.add("thermal", existing=300).solve())


@pytest.fixture(scope="module")
def text(river: Result) -> str:
    return page_cascade.text(View(river))


def shown(result: Result, folder, language: str = "en", width: int = 100) -> str:
    out = io.StringIO()
    page_cascade.show(result, folder, Console(file=out, width=width), language)
    return out.getvalue()


def test_page_is_whole_and_speaks_both_languages(text: str) -> None:
    whole = parsed(text)
    ids = [a["id"] for _, a in whole.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {"stations", "levels", "months", "balance", "heads"} <= set(ids)
    assert {f"chart-{key}-2025" for key in ("reservoirs", "releases", "water-values")} <= set(ids)
    for words in (
        "Levels of the reservoirs",
        "水库全年水位过程",
        "Water of a year",
        "水量平衡",
        "mean of 2 water years",
    ):
        assert words in text
    assert not [a for t, a in whole.tags if "src" in a or t == "link"]


def test_levels_are_metres_or_shares_with_a_line_a_year(text: str) -> None:
    """If years were drawn one after the other, the second would stand beyond December."""
    levels, releases, worth = parsed(text).charts
    # Two reservoirs (the pond is too small) and two years.
    assert len(levels["data"]) == 4
    upper, lower = values(levels["data"][0]["y"]), values(levels["data"][2]["y"])
    assert ((upper > 2590) & (upper < 2610)).all()
    assert ((lower >= -1e-6) & (lower <= 1 + 1e-6)).all()
    assert {trace["x0"][:10] for trace in levels["data"]} == {"2025-01-01"}
    assert levels["layout"]["yaxis"]["title"]["text"] == "m"
    for chart in (releases, worth):
        assert chart["data"][0]["y"] == ["upper", "pond", "lower"]
        assert len(chart["data"][0]["x"]) == 1
    assert any("CNY/m³" in s and "元/m³" in s for s in strings(worth))


def test_water_years_have_their_names_and_their_own_cost(text: str, river: Result, by_days: Result) -> None:
    """If keys were shown, a Chinese reader would read them in English; a value is of the year the water flows in."""
    levels = parsed(text).charts[0]
    assert {trace["name"] for trace in levels["data"]} == {Words("wet year", "丰水年").chart(), "dry"}
    assert "water year wet year, dry, target set" in text
    assert "来水年型丰水年、dry，" in text
    assert "丰水年、dry" in page.text(river)
    assert text.count("Fall of the cost of that water year") == 2
    assert "Fall of the yearly cost" in page_cascade.text(View(by_days))


def test_balance_names_the_rule_of_handing_over(text: str, by_days: Result) -> None:
    assert "as much is on its way at the start as at the end" in text
    assert "arrives at the start of the next period of its kind" in page_cascade.text(View(by_days))


def test_report_shows_the_same_river(river: Result, bare: Result) -> None:
    whole = parsed(page.text(river))
    ids = {a["id"] for _, a in whole.tags if "id" in a}
    assert {"water", "chart-reservoirs-2025", "chart-releases-2025", "chart-water-values-2025"} <= ids
    assert whole.row("lift")
    assert "chart-releases-2025" not in {a.get("id") for _, a in parsed(page.text(bare)).tags}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("which", ["river", "by_days", "two_zones"])
def test_console_fits_a_hundred_columns(which: str, language: str, request, tmp_path) -> None:
    said = shown(request.getfixturevalue(which), tmp_path, language)
    lines = [line for line in said.splitlines() if str(tmp_path) not in line]
    assert max(cell_len(line) for line in lines) <= 100
    assert "\x1b" not in said
    assert "nan" not in said


def test_console_has_stations_balance_values_and_heads(river: Result, tmp_path) -> None:
    said = shown(river, tmp_path)
    parts = ["Stations of the river", "  lift", "Water of a year", "on its way", "Value of water", "Head that follows"]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)
    assert {path.name for path in tmp_path.iterdir()} == {"cascade.html", "cascade_stations.csv", "cascade_months.csv"}


def test_a_result_without_a_river_is_refused_and_writes_nothing(bare: Result, tmp_path) -> None:
    with pytest.raises(InputError, match="no station of a river"):
        shown(bare, tmp_path)
    assert list(tmp_path.iterdir()) == []
