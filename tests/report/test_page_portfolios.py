"""What is shown of storage portfolios: the answer is what was found, in both languages, for any part that is asked."""

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.model.size import expected
from qhenergy.report import charts_portfolios, page_portfolios, sheets_portfolio_measures, sheets_portfolios
from qhenergy.report.names import Names
from qhenergy.report.portfolio_words import answer, best
from qhenergy.report.words import SEPARATOR
from qhenergy.solving.profile import read_profile
from qhenergy.studies.expansion import Ready
from qhenergy.studies.portfolios import Asked, Study

ROWS = (
    "portfolio,technology,capacity [MW],name_en,name_zh",
    "ten,cells,10,Ten <of> cells,十兆瓦<电池>",
    "both,cells,10,Both,两者",
    "both,flow,10,,",
    "much,cells,70,Much,过多",
)
YEARS = {"weather": [2025], "water": ["normal", "dry"], "fuel": [2.0], "costs": {"cells": [0.5]}}
ASKED = {
    "credit": ["cells", "flow"],
    "credit_mw": [5.0, 20.0],
    "curves": ["cells"],
    "curve_mw": [5.0, 40.0],
    "duration_of": "caes",
    "duration_mw": 5.0,
    "durations": [1.0, 4.0],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Sun by day, 80 MW asked at night of which 100 MW of coal and 10 of water give all but what a line takes."""
    folder: Path = tmp_path_factory.mktemp("portfolios")
    (folder / "small.toml").touch()
    small = Small(folder / "small", 2, {"robustness": YEARS, "portfolios": ASKED}).zone("z", [50, 80])
    small.add("thermal", existing=100).add("solar", existing=80, room=10, series=[1, 0]).station(inflow=10, existing=20)
    small.add("water_years", water_year="normal", factor=1).add("water_years", water_year="dry", factor=0.5)
    small.add("batteries", asset="near", technology="cells", room=50, duration=2)
    small.add("batteries", asset="flow", technology="flow", room=50, duration=4)
    small.add("compressed_air", room=20, minimum_duration=1, maximum_duration=4)
    small.cost("cells", investment=1_000_000).cost("flow", investment=2_000_000)
    small.curve("flat", [0.4]).add("send_out", capacity=100, schedule="curve", curve="flat", loss=0.1)
    small.group("all", "cells", "flow").group("storage", "cells", "flow", "caes")
    small.target("cap").add("capacity_totals", clause="cap", group="all", sense="<=", capacity=60)
    system = small.system()
    table = folder / "mine.csv"
    table.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    ready = Ready(folder / "small.toml", system, read_profile("simplex"), expected(system))
    return Study(ready, Asked(table, workers=1), folder / "results").run(), system.inputs


def test_the_answer_is_what_was_found(made):
    """Proves: the sentences name the cheapest given portfolio, its saving, and the portfolio without a plan.

    If it were broken, the model's own choice would be told as the cheapest that somebody gave.
    """
    found, inputs = made
    said = answer(found, Names(inputs))
    assert best(found).name == "ten"
    saved = found.saving(found.of("ten")) / 1e8
    assert said[0].en.startswith("Of 2 given portfolios, 'Ten <of> cells' costs least: ")
    assert f"{saved:.2f} × 10^8 CNY/yr" in said[0].en
    assert f"{saved:.2f}亿元/年" in said[0].zh
    words = " ".join(w.en for w in said)
    assert "Without a plan: Much (The problem is infeasible" in words
    regret = found.robustness.regret()
    assert regret.least_maximum == ("optimum",)
    assert "least maximum regret is that of The model's choice" in words
    assert "Capacity credit from 0.5 to 2 × 10^4 kW: cells 100 → 100 %" in words


def test_a_baseline_that_nothing_beats_is_told(made):
    """Proves: where every portfolio costs more than the baseline, the answer says so and by how much."""
    found, inputs = made
    dearer = replace(found, baseline="optimum")
    first = answer(dearer, Names(inputs))[0]
    assert "none of them pays for itself" in first.en
    assert "无一方案可收回成本" in first.zh


def test_tables_are_those_of_the_benchmark(made):
    """Proves: ranks, savings, causes and shares of the tables are those that were found, and add up as printed.

    If it were broken, a portfolio without a plan would have a rank, or the sum of the causes be another saving.
    """
    found, inputs = made
    rows = {row.head.en: row for row in sheets_portfolios.side_by_side(found).rows}
    assert rows["Ten <of> cells"].cells[:2] == ["2", f"{found.of('ten').objective / 1e8:.2f}"]
    assert (rows["Much"].look, rows["Much"].cells[1].en) == ("apart", "no plan")
    assert (rows["Much"].cells[-1], rows["Both"].cells[-1].en) == ("much", "both")
    assert len({len(row.cells) for row in rows.values()}) == 1
    (causes,) = [row for row in sheets_portfolios.causes(found).rows if row.head.en == "Both"]
    assert float(causes.cells[-1]) == pytest.approx(found.saving(found.of("both")) / 1e8, abs=0.005)
    stack = sheets_portfolios.stacks(found, page_portfolios.line_name(inputs, Names(inputs)))
    assert [row.look for row in stack.rows] == ["group", "part", "part"]
    earned = sheets_portfolio_measures.earnings(found.measures).set_index(["portfolio", "technology"])
    assert bool(earned.at[("ten", "cells"), "pays"])
    assert not earned.at[("both", "flow"), "pays"]
    assert earned.at[("ten", "cells"), "cost"] == pytest.approx(100)


def test_charts_are_of_the_same_numbers(made):
    """Proves: bars of causes add up to the mark of the sum, and every series of the legend can be switched.

    If it were broken, a cause would be drawn twice, or a chip switch nothing.
    """
    found, inputs = made
    names = Names(inputs)
    chart = charts_portfolios.causes(found)
    *bars, mark = chart.figure.data
    assert sum(bar.x for bar in bars) == pytest.approx(mark.x, abs=1e-3)
    every = [chart, charts_portfolios.built(found, names), charts_portfolios.earned(found, names)]
    every += [charts_portfolios.stacks(found), charts_portfolios.credit(found, names)]
    every += [charts_portfolios.value(found, names), charts_portfolios.duration(found, names)]
    for drawn in every:
        groups = {trace.legendgroup for trace in drawn.figure.data}
        assert groups == {str(i) for i in range(len(drawn.legend))}
    assert charts_portfolios.depth(found, names).figure.data[0].z.sum(axis=1) == pytest.approx(100)


def test_page_is_whole(made):
    """Proves: identifiers are unique, nothing is loaded from outside, both languages are there, names break nothing.

    If it were broken, a link would lead elsewhere, or a name be read as HTML.
    """
    found, inputs = made
    text = page_portfolios.text(found, inputs, "zh")
    body = text[: text.index("</main>")]
    ids = re.findall(r' id="([^"]+)"', body)
    assert len(ids) == len(set(ids))
    assert {
        "comparison",
        "worth",
        "credit",
        "marginal",
        "use",
        "effects",
        "targets",
        "robust-choice",
        "details",
    } <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', body)) <= set(ids)
    assert not re.findall(r'(?:src|href)="(?!#)', body)
    assert "<of>" not in body.replace("\\u003cof>", "")
    assert "Ten &lt;of&gt; cells" in body
    assert "十兆瓦&lt;电池&gt;" in body
    assert text.startswith('<!DOCTYPE html>\n<html lang="zh-CN"')
    assert SEPARATOR in body
    # A text that stands in one language alone is a name, a number, a unit or a reason.
    english = re.findall(r'<span lang="en">', body)
    assert len(english) == len(re.findall(r'<span lang="zh">', body)) > 100


def test_parts_that_were_not_asked_for_are_left_out(made):
    """Proves: a benchmark of plans alone has a page of a comparison and details, and tables that have rows."""
    found, inputs = made
    bare = replace(
        found, measures=None, stacks=(), credits=(), credit_steps=(), substitutions=(), values=(), durations=(),
        robustness=None,
    )  # fmt: skip
    text = page_portfolios.text(bare, inputs)
    assert re.findall(r'<section id="([^"]+)"', text) == ["comparison", "details"]
    assert len(page_portfolios.tables(bare, inputs)) == 2


def test_console(made, tmp_path):
    """Proves: the answer and the tables are printed in either language; a third one is refused."""
    found, inputs = made
    out = Console(file=StringIO(), width=160)
    page_portfolios.show(found, inputs, tmp_path, out, "zh")
    text = out.file.getvalue()
    for word in ("个给定方案中", "储能组合同口径对比", "分原因节约", "方案选择", "portfolios.html"):
        assert word in text
    assert "much: The problem is infeasible" in text
    with pytest.raises(InputError, match="fr"):
        page_portfolios.show(found, inputs, tmp_path, out, "fr")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="page of the study"):
        page_portfolios.write(found, inputs, tmp_path / "file" / "page.html")
