"""Results of several stages: what is weighted, what is of a year, and that every report takes them."""

import io

import pytest
from rich.console import Console
from small_system import Small

from outcome.systems import result_of
from qhenergy.outcome import measures, store
from qhenergy.outcome.audit import audit
from qhenergy.outcome.comparison import Comparison, side
from qhenergy.outcome.summary import as_json, summary
from qhenergy.outcome.tables import main_tables
from qhenergy.report import console, page, sheets_compare


@pytest.fixture(scope="module")
def pathway(tmp_path_factory):
    """Ten and twenty MW in 2025 and 2030, wind asked for in 2030, at a rate of a tenth."""
    case = {"stages": [2025, 2030], "horizon": {"discount_rate": 0.1}}
    small = Small(tmp_path_factory.mktemp("pathway") / "small", 4, case=case).zone(demand=10)
    small.add("demand", zone="z", year=2030, energy=20 * 8760, shape="z").cost("coal", lifetime=40)
    small.add("thermal", existing=100).add("wind", room=100, series=[1, 0, 1, 0]).cost("wind", investment=1e7)
    small.group("wind", "wind").add("capacity_totals", group="wind", sense=">=", capacity=10, year=2030)
    return result_of(small.target("total").solve())


def test_costs_of_stages_come_to_the_objective(pathway):
    """Proves: the costs of the stages with their weights are the costs by name, and these the objective.

    If it were broken, the sum would be that of two years.
    """
    each = measures.costs_by_stage(pathway)
    weights = each["stage"].map(pathway.case.stage_weights)
    assert (each["cost [CNY/yr]"] * weights).sum() == pytest.approx(pathway.objective)
    assert measures.costs(pathway)["cost [CNY/yr]"].sum() == pytest.approx(pathway.objective)
    assert sum(pathway.case.stage_weights.values()) == pytest.approx(1)


def test_summary_and_tables(pathway):
    """Proves: the summary has costs under their year and the horizon; the audit holds."""
    told = summary(pathway)
    assert told["costs_by_stage"]["2030"]["investment/wind"] == pytest.approx(1e7)
    assert told["horizon"]["2025"]["years"] == 5
    assert told["indicators"]["2025"]["average_cost"] == pytest.approx(100)
    assert "costs_by_stage" in as_json(told)
    assert {"stages", "costs_by_stage"} <= main_tables(pathway).keys()
    assert audit(pathway).passed


def test_it_is_stored_and_read_back(pathway, tmp_path):
    """Proves: weights and stages of costs come back; a page and the console print them."""
    folder = store.write(pathway, tmp_path, audit(pathway))
    back = store.read(folder)
    assert back.objective == pytest.approx(pathway.objective)
    assert back.problem.cost_stages.tolist() == pathway.problem.cost_stages.tolist()
    out = io.StringIO()
    console.show(back, Console(file=out, width=160), "en")
    assert "Stages, discounted at 10.0% a year" in out.getvalue()
    assert "Capacity by stage" in out.getvalue()
    page.write(back, tmp_path / "report.html", "zh")
    assert "规划阶段" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_it_is_compared(pathway):
    """Proves: a comparison has the costs of each stage, and the weighted sum apart."""
    made = Comparison([side("a", pathway), side("b", pathway)])
    costs = next(s for s in sheets_compare.sections(made) if s.title.en.startswith("Costs"))
    heads = [row.head.en for row in costs.rows]
    assert "total 2025" in heads
    assert "total 2030" in heads
    assert "with penalties, all stages weighted" in heads
