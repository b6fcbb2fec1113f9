"""Proves that demand by sector is shown, summed up and read back; and that nothing is where none is told apart."""

import io
from pathlib import Path

import pandas as pd
import pytest
from outcome.systems import result_of
from rich.console import Console
from small_system import Small

from qhenergy.outcome import sectors, store
from qhenergy.outcome.result import Result
from qhenergy.outcome.summary import summary
from qhenergy.outcome.tables import main_tables
from qhenergy.report import console, page, profiles_page, sheets_demand
from qhenergy.report.view import View


def works(folder: Path) -> Small:
    """A smelter of 40 MW and a town that takes the rest of 50 and 80 MW in turn; another zone without a smelter."""
    small = Small(folder, 24).zone(demand=[50.0] * 12 + [80.0] * 12).zone("far", 10.0)
    small.add("thermal", existing=200).add("thermal", asset="far-coal", zone="far", existing=20)
    small.add("demand_sectors", sector="smelter", name_en="Smelter", name_zh="冶炼", energy_intensive="yes")
    small.add("demand_sectors", sector="town", name_en="Town", name_zh="城镇", takes="rest")
    return small.add("sector_demand", sector="smelter", energy=40 * 8760, shape="far", note="")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return result_of(works(tmp_path_factory.mktemp("works") / "small").solve())


def test_console_and_page_show_who_takes_what(result: Result) -> None:
    out = io.StringIO()
    console.show(result, Console(file=out, width=100), "en")
    assert "Demand by sector, 2025" in out.getvalue()
    html = page.text(result)
    for words in ("Demand by sector and zone, 2025", "分行业分区用电", "Smelter", "城镇", "平均成本", "100.0 / 100.0"):
        assert words in html


def test_the_table_adds_up(result: Result) -> None:
    """Proves: 40 of a mean of 65 MW and of 10 in the other zone; shares and sums by zone are those of the year."""
    sheet = sheets_demand.by_sector(View(result), 2025)
    assert sheet is not None
    assert [row.cells[:2] for row in sheet.rows] == [
        ["3.50", "53.3%"],
        ["3.07", "46.7%"],
        ["3.50", "53.3%"],
        ["6.57", "100.0%"],
    ]
    zones = sheets_demand.matrix(View(result), 2025)
    assert zones is not None
    assert [row.cells for row in zones.rows] == [["3.5", "", "3.5"], ["2.2", "0.9", "3.1"], ["5.7", "0.9", "6.6"]]


def test_summary_and_tables_have_it(result: Result) -> None:
    found = summary(result)
    assert found["demand_mwh"] == {
        "smelter": {"z": pytest.approx(40 * 8760)},
        "town": {"z": pytest.approx(25 * 8760), "far": pytest.approx(10 * 8760)},
    }
    assert found["sector_prices"]["smelter"] == pytest.approx(100)
    assert found["sector_costs"] == pytest.approx({"smelter": 100, "town": 100})
    assert {"demand_by_sector", "prices_by_sector", "costs_by_sector"} <= set(main_tables(result))


def test_it_comes_back_from_the_file(result: Result, tmp_path: Path) -> None:
    back = store.read(store.write(result, tmp_path / "results"))
    pd.testing.assert_frame_equal(sectors.demand(back), sectors.demand(result))
    pd.testing.assert_frame_equal(sectors.prices(back), sectors.prices(result))


def test_nothing_where_nothing_is_told_apart(bare: Result) -> None:
    assert sectors.demand(bare).empty
    assert sheets_demand.by_sector(View(bare), 2025) is None
    assert sheets_demand.matrix(View(bare), 2025) is None
    assert sheets_demand.cost_matrix(View(bare), 2025) is None
    assert "demand_by_sector" not in main_tables(bare)
    assert summary(bare)["demand_mwh"] == {}


def test_profiles_show_sectors_and_what_they_rest_on(tmp_path: Path) -> None:
    """Proves: the page draws all sectors together, the rest included, and says of each shape what it rests on."""
    system = works(tmp_path / "small").system()
    profiles_page.show(system, tmp_path / "out", Console(file=io.StringIO(), width=80))
    assert (tmp_path / "out" / "sector_demand_smelter_2025.csv").is_file()
    html = (tmp_path / "out" / "profiles.html").read_text(encoding="utf-8")
    assert "Demand by sector" in html
    [row] = profiles_page.shapes(system).rows
    assert [cell.en for cell in row.cells] == ["far", "low", ""]
