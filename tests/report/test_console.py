"""Proves that the console shows everything, fits its width, and is plain text on a pipe."""

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from qhenergy.outcome.audit import audit
from qhenergy.outcome.result import Result
from qhenergy.outcome.summary import summary
from qhenergy.report import console, sheets_energy
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.view import View
from qhenergy.report.words import Words, figures, number


def shown(result: Result, width: int, language: str = "en") -> str:
    out = io.StringIO()
    console.show(result, Console(file=out, width=width), language)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_fit_and_carry_no_codes(two_zones: Result, width: int, language: str) -> None:
    text = shown(two_zones, width, language)
    assert "\x1b" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_everything_is_said_and_the_board_comes_last(two_zones: Result) -> None:
    text = shown(two_zones, 100)
    parts = [
        "Costs",
        "Capacity by technology",
        "Generation, ",
        "Storage, ",
        "Send-out, ",
        "CO2, ",
        "Target board",
        "solved",
        "audit",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    for clause in summary(two_zones)["clauses"]:
        block = text[text.index(clause["id"]) :].split("\n\n")[0]
        assert clause["status"] in block
        assert f"achieved {figures(clause['achieved'], 5)}" in block
        assert f"line {clause['source']['line']}" in block
        assert "shadow price" in block
        assert clause["unit"] in block


def test_costs_add_up(two_zones: Result) -> None:
    summed = summary(two_zones)
    text = shown(two_zones, 80)
    costs = text[text.index("Costs") : text.index("Capacity by technology")]
    found = float(re.search(r"^total\s+([\d.,]+)", costs, re.MULTILINE)[1].replace(",", ""))
    penalties = [v for k, v in summed["costs"].items() if k in ("unserved energy", "send-out shortfall")]
    assert found == pytest.approx((summed["objective"] - sum(penalties)) / 1e8, abs=0.006)
    groups = [float(n) for n in re.findall(r"^[A-Z][^\n]*?(-?\d+\.\d\d)\s*$", costs, re.MULTILINE) if n]
    assert sum(groups) == pytest.approx(found, abs=0.03)


def test_capacity_is_that_of_the_summary(two_zones: Result) -> None:
    text = shown(two_zones, 100)
    for technology in ("wind", "pv_fixed"):
        name = two_zones.inputs["technologies"].at[technology, "name_en"]
        total = sum(zone["total"] for zone in summary(two_zones)["capacity_mw"][technology].values())
        rows = text[text.index("Capacity by technology") :]
        assert re.search(rf"^{re.escape(name)}\s.*\s{number(total)}\s*$", rows, re.MULTILINE)


def test_chinese_names(two_zones: Result) -> None:
    text = shown(two_zones, 80, "zh")
    for words in ("年费用", "目标对照", "影子价格", *two_zones.inputs["zones"]["name_zh"]):
        assert words in text


@pytest.mark.parametrize(("language", "head", "classes"), [("en", "class", {"medium"}), ("zh", "类别", {"中时"})])
def test_stores_have_their_class(two_zones: Result, language: str, head: str, classes: set[str]) -> None:
    """The cycle a store is meant for stands beside its technology, in every row."""
    view = View(two_zones)
    sheet = sheets_energy.storage(view, view.stages[0])
    assert sheet.head[1].pick(language) == head
    said = {row.cells[0].pick(language) for row in sheet.rows}
    assert said
    assert said >= classes
    assert all(word in shown(two_zones, 100, language) for word in said)


def test_next_to_nothing(bare: Result) -> None:
    text = shown(bare, 80)
    assert "Send-out," not in text
    assert "Storage," not in text
    assert "audit      passed" in text


def test_audit_says_what_is_allowed(two_zones: Result) -> None:
    out = io.StringIO()
    found = audit(two_zones)
    console.show_audit(found, Console(file=out, width=80))
    assert "primal residual" in out.getvalue()
    assert "[hm3]" in out.getvalue()
    assert out.getvalue().rstrip().endswith("passed")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_wide_table_is_printed_in_parts(width):
    """Proves: where numbers do not fit side by side they follow below, each part with the names of the rows.

    If it were broken, the first column would be squeezed to nothing, or numbers be cut.
    """
    names = [f"pumped storage {i}" for i in range(8)]
    head = [Words("of", "在"), *(Words(name, name) for name in names)]
    rows = [Row(name, [f"{1000 * i + k:,}.25" for k in range(8)]) for i, name in enumerate(names)]
    out = Console(width=width, file=io.StringIO())
    console.show_sheet(Sheet(Words("Wide", "宽"), head, rows), out)
    text = out.file.getvalue()
    assert all(cell in text for row in rows for cell in row.cells)
    lines = [line for line in text.splitlines() if line.startswith("pumped storage 3")]
    assert len(lines) == {60: 4, 80: 3, 200: 1}[width]
