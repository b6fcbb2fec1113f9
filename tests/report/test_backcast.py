"""Proves that console and page set a year beside its record, in both languages, with what explains the rest."""

import io
import re

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console

from qhenergy.ground.faults import InputError
from qhenergy.outcome.result import Result
from qhenergy.report import console, page, sheets_backcast
from qhenergy.report.sheets_backcast import months, of_months, year
from qhenergy.report.view import View
from qhenergy.report.words import Words
from report.test_page import Parsed, parsed, values


def printed(result: Result, width: int = 100, language: str = "en") -> str:
    out = io.StringIO()
    console.show_backcast(result, Console(file=out, width=width), language)
    return out.getvalue()


@pytest.fixture(scope="module")
def whole(past: Result) -> Parsed:
    return parsed(page.text(past))


def test_months_have_names() -> None:
    assert months(1, 12) == Words("year", "全年")
    assert months(1, 2) == Words("Jan–Feb", "1–2月")
    assert months(12, 12) == Words("Dec", "12月")


def test_the_year_and_the_mean_of_its_months(past: Result) -> None:
    """7,440 MWh of coal in January against 40,000 to February and 30,000 in March; 10^8 kWh are 100,000 MWh."""
    rows = {(row.head.en, row.cells[0].en): row.cells[1:] for row in year(View(past), 2025).rows}
    assert rows["thermal: generation [10^8 kWh]", "year, all units"] == ["0.1", "3.0", "-2.9", "-98%"]
    # Three months: 7,440 and 70,000 MWh over three, absolute differences 62,560 over three.
    assert rows["thermal: generation [10^8 kWh]", "mean of months, all units"] == ["0.0", "0.2", "0.2", ""]
    assert rows["dam: mean level [m]", "mean of months"] == ["105.00", "104.50", "2.50", ""]
    assert rows["breeze: utilisation [%]", "year"][1] == "80.0"


def test_representative_periods_are_named(past: Result, by_days: Result) -> None:
    assert "3 for 365" in sheets_backcast._spans(View(by_days)).en
    assert sheets_backcast._spans(View(past)).en == ""


def test_every_published_month_has_a_row(past: Result) -> None:
    sheets = {sheet.title.en: sheet for sheet in of_months(View(past), 2025)}
    assert list(sheets) == [
        "thermal: generation by month, 2025 [10^8 kWh]",
        "breeze: generation by month, 2025 [10^8 kWh]",
        "nobody: generation by month, 2025 [10^8 kWh]",
        "dam: mean level by month, 2025 [m]",
        "breeze: utilisation by month, 2025 [%]",
    ]
    assert [row.head.en for row in sheets["thermal: generation by month, 2025 [10^8 kWh]"].rows] == ["Jan–Feb", "Mar"]
    assert all(len(row.cells) == len(s.head) - 1 for s in sheets.values() for row in s.rows)


def test_page_has_the_section_and_its_charts(whole: Parsed) -> None:
    ids = {a["id"] for _, a in whole.tags if "id" in a}
    assert {"backcast", "chart-backcast-2025-generation-thermal", "chart-backcast-2025-level-dam"} <= ids
    levels = next(c for c in whole.charts if [t.get("mode") for t in c["data"]] == ["lines+markers"] * 2)
    modelled, published = (values(trace["y"]) for trace in levels["data"])
    np.testing.assert_allclose(modelled, [105, 105], atol=1e-3)
    np.testing.assert_allclose(published, [107, 102])
    assert ["d", "e", "low"] in whole.rows


def test_nothing_published_is_no_section(two_zones: Result) -> None:
    assert "backcast" not in {a.get("id") for _, a in parsed(page.text(two_zones)).tags}
    with pytest.raises(InputError, match="no published figure of 2025 to set beside it; expected rows of published_"):
        printed(two_zones)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_console_fits_and_is_plain(past: Result, language: str) -> None:
    text = printed(past, 80, language)
    assert "\x1b" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    for words in ("as modelled", "What differs") if language == "en" else ("模型与公布值", "差异及原因", "释"):
        assert words in text


def test_console_has_the_numbers(past: Result) -> None:
    text = printed(past)
    assert re.search(r"^Jan\s+105\.00\s+107\.00\s+-2\.00\s*$", text, re.MULTILINE)
