"""Proves that results stand side by side with what differs, by numbers known before they are solved."""

import io
from dataclasses import replace

import numpy as np
import pytest
from report.test_page import parsed, values
from rich.cells import cell_len
from rich.console import Console
from small_system import Small

from outcome.systems import result_of
from qhenergy.outcome.comparison import SECTIONS, Comparison, side
from qhenergy.report import page_compare
from qhenergy.report.words import Words


def coal(folder, demand: float, cap: float | None = None) -> Small:
    """Coal of 20 MW at 100 CNY/MWh and a tonne a MWh; CO2 may have a cap [t]."""
    small = Small(folder, 2).zone(demand=demand).add("thermal", existing=20)
    if cap is not None:
        small.add("co2_caps", clause="cap", cap=cap, rule="R50", document="plan", line="1", quote="原文").target("cap")
    return small


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A: 10 MW all year. B: 12 MW. C: 24 MW, of which 4 MW are not served. D: 10 MW with a cap of as much CO2."""
    folder = tmp_path_factory.mktemp("sides")
    systems = {
        "ten": coal(folder / "a", 10),
        "twelve": coal(folder / "b", 12),
        "more": coal(folder / "c", 24),
        "capped": coal(folder / "d", 10, 87_600),
    }
    return Comparison(tuple(side(name, result_of(small.solve())) for name, small in systems.items()))


def test_differences_are_those_worked_out_by_hand(made: Comparison) -> None:
    """2 MW more for 8760 h are 17 520 MWh, 1 752 000 CNY and 17 520 t; 4 MW not served cost 10 000 CNY/MWh."""
    fuel = made.values.loc[("cost", "fuel/coal", "CNY/yr", 2025)]
    assert fuel.to_numpy() == pytest.approx([8.76e6, 10.512e6, 17.52e6, 8.76e6])
    assert made.differences.loc[("cost", "total", "CNY/yr", 2025)].to_numpy() == pytest.approx([1.752e6, 8.76e6, 0])
    penalties = 4 * 8760 * 10_000
    more = made.differences.loc[("cost", "objective", "CNY/yr", 2025)]
    assert more.to_numpy() == pytest.approx([1.752e6, 8.76e6 + penalties, 0])
    assert made.differences.loc[("emissions", "coal", "t/yr", 2025), "twelve"] == pytest.approx(17_520)
    assert made.differences.loc[("generation", "total", "MWh/yr", 2025), "twelve"] == pytest.approx(17_520)
    assert made.values.loc[("unserved", "total", "MWh/yr", 2025)].to_numpy() == pytest.approx([0, 0, 35_040, 0])
    assert made.differences.loc[("capacity", "coal", "MW", 2025)].to_numpy() == pytest.approx([0, 0, 0])


def test_a_clause_that_a_case_lacks_is_blank_and_not_zero(made: Comparison) -> None:
    achieved = made.of("clause").loc[("cap", "10^4 t", 2025)]
    assert achieved["capped"] == pytest.approx(8.76)
    assert np.isnan(achieved[["ten", "twelve", "more"]].to_numpy(dtype=float)).all()
    assert [row and row.status for row in made.clause("cap", 2025)] == [None, None, None, "binding"]


def test_table_has_every_section_once_and_words_of_clauses(made: Comparison) -> None:
    table = made.table()
    assert set(made.values.index.get_level_values("section")) <= set(SECTIONS)
    assert not table.duplicated(["section", "item", "unit", "stage"]).any()
    status = table[table["section"] == "clause status"].iloc[0]
    assert (status["item"], status["capped"]) == ("cap", "binding")
    assert list(table.columns[4:]) == [*made.names, *(f"difference {name}" for name in made.names[1:])]


def test_page_has_both_languages_and_every_result(made: Comparison, tmp_path) -> None:
    page_compare.write(made, tmp_path / "new", Words("Side by side", "并列"), "zh", ["lost"])
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["compare.csv", "compare.html"]
    text = (tmp_path / "new" / "compare.html").read_text(encoding="utf-8")
    whole = parsed(text)
    assert 'data-language="zh"' in text[:300]
    for words in ("Side by side", "并列", "无解：lost。", "Without a solution: lost.", "chart-costs", "chart-capacity"):
        assert words in text
    assert whole.row("with penalties")[0] == "0.09"
    assert whole.row("with penalties")[1].split() == ["0.11", "+0.02"]
    assert whole.row("cap")[1:4] == ["–", "–", "–"]
    assert whole.row("cap")[4] == "≤ 8.76; 8.76; hard: binding"
    fuel = next(c for c in whole.charts if "fuel" in str(c).lower())["data"][0]
    assert len(fuel["y"]) == 4
    assert values(fuel["x"]) == pytest.approx([0.0876, 0.10512, 0.1752, 0.0876])


@pytest.mark.parametrize("width", [60, 100])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_console_cuts_wide_tables_and_keeps_the_first_result(made: Comparison, width: int, language: str) -> None:
    """Twelve results do not fit a line: the tables are cut, every one has A, and no number is."""
    many = Comparison(tuple(replace(s, name=f"{s.name}-{i}") for i, s in enumerate(made.sides * 3)))
    out = io.StringIO()
    page_compare.show(many, Console(file=out, width=width), language)
    text = out.getvalue()
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    heads = [line.split() for line in text.splitlines() if line.split()[:1] == ["A"] and len(line.split()) > 1]
    of_numbers = [head for head in heads if set(head) <= set("ABCDEFGHIJKL")]
    assert {letter for head in of_numbers for letter in head} == set("ABCDEFGHIJKL")
