"""Portfolios of storage on the same footing, solved by hand.

10 MW of demand through two hours that stand for 4,380 h each. Sun gives 30 MW in the first; coal at 100 CNY/MWh. A
store without losses moves a MW of sun to the second hour, and saves 438,000 CNY a year; it costs 100,000 a year
(`cells`) or 200,000 (`flow`).
"""

import pytest
from small_system import Small

from qhenergy.ground.faults import InputError, SolverError
from qhenergy.outcome import store
from qhenergy.outcome.audit import audit
from qhenergy.outcome.portfolios import PortfolioOutcome
from qhenergy.studies import portfolios as study_of
from qhenergy.studies.portfolios import Asked, Study

SAVES, CELLS, FLOW = 438_000, 100_000, 200_000
COAL = 10 * 4380 * 100
HEAD = "portfolio,asset,technology,capacity [MW],least [MW],most [MW],energy [MWh],within"
ROWS = (
    "four,,cells,4,,,,",
    "same,near,,4,,,,",
    "dear,,flow,4,,,,",
    "both,,cells,2,,,,",
    "both,,flow,3,,,,",
    "much,,cells,80,,,,",
)


@pytest.fixture
def grid(tmp_path):
    """The system of the module."""
    small = Small(tmp_path / "small", 2).zone("z", 10).add("thermal", existing=100)
    small.add("solar", existing=30, series=[1, 0])
    small.add("batteries", asset="near", technology="cells", room=50, duration=2)
    small.add("batteries", asset="flow", technology="flow", room=50, duration=4)
    return small.cost("cells", investment=10 * CELLS).cost("flow", investment=10 * FLOW)


@pytest.fixture
def made(ready, grid, tmp_path):
    """A study of a table of these rows."""

    def make(*rows, folder="results", workers=1, **asked):
        table = tmp_path / "mine.csv"
        table.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        return Study(ready(grid), Asked(table, workers=workers, **asked), tmp_path / folder)

    return make


def test_portfolios_cost_what_they_cost(made):
    """Proves: each portfolio has what its lines say and nothing else new, and costs that.

    Nothing new: coal through the second hour, 4.38e6. Four MW of cells save 4 * (438,000 - 100,000); of flow
    4 * (438,000 - 200,000); two and three MW of both. 80 MW have 30 of room opened, move 10, and cost 8e6. The model
    builds 10 MW of cells.
    If it were broken, the cells would be in the portfolio of flow as well, and cost less.
    """
    found = made(*ROWS).run()
    costs = {o.name: o.objective for o in found.outcomes}
    assert costs == pytest.approx(
        {
            "none": COAL,
            "four": COAL - 4 * (SAVES - CELLS),
            "same": COAL - 4 * (SAVES - CELLS),
            "dear": COAL - 4 * (SAVES - FLOW),
            "both": COAL - 2 * (SAVES - CELLS) - 3 * (SAVES - FLOW),
            "much": 80 * CELLS,
            "optimum": 10 * CELLS,
        }
    )
    new = {o.name: {s.technology: (s.capacity, s.energy) for s in o.storage} for o in found.outcomes}
    assert new["none"] == {}
    assert new["both"] == {"cells": pytest.approx((2, 4)), "flow": pytest.approx((3, 12))}
    assert new["optimum"] == {"cells": pytest.approx((10, 20))}
    assert found.saving(found.of("dear")) == pytest.approx(4 * (SAVES - FLOW))
    curtailed = {o.name: o.curtailed for o in found.outcomes}
    assert curtailed["none"] == pytest.approx(20 * 4380)
    assert curtailed["four"] == pytest.approx(16 * 4380)
    table = found.table().set_index("portfolio")
    assert table.at["four", "new [MWh]"] == pytest.approx(8)


def test_two_portfolios_that_are_one_tie_and_nothing_beats_the_choice(made):
    """Proves: the same storage said as an asset or as a technology costs the same, and no portfolio costs less than
    the model's choice.

    If it were broken, `four` and `same` would differ by what a line leaves free.
    """
    found = made(*ROWS).run()
    assert found.of("four").objective == pytest.approx(found.of("same").objective, rel=1e-9)
    best = found.of("optimum").objective
    assert all(o.objective >= best * (1 - 1e-9) for o in found.outcomes)


def test_a_choice_that_is_beaten_is_an_error(made, monkeypatch):
    """Proves: a portfolio cheaper than the model's choice stops the study; a choice that a table limits may be."""
    found = made(*ROWS).run()
    beaten = [o if o.name != "four" else PortfolioOutcome("four", "", "", {"fuel/coal": 1.0}) for o in found.outcomes]
    with pytest.raises(SolverError, match="four costs"):
        study_of._check_order(beaten)
    limited = made("four,,cells,4,,,,", "optimum,,,,,2,,").run()
    assert limited.of("optimum").objective > limited.of("four").objective


def test_the_model_chooses_between_limits(made):
    """Proves: between a least and a most the model takes what is cheapest; energy is what was asked.

    Up to 3 MW of cells: 3. At least 12 MW: 12, two of which are idle. 4 MW of flow of 4 h hold 16 MWh, and may be
    asked for by their energy.
    """
    found = made("up,,cells,,,3,,", "down,,cells,,12,,,", "full,,flow,,,,16,").run()
    assert found.of("up").capacity == pytest.approx(3)
    assert found.of("down").capacity == pytest.approx(12)
    assert (found.of("full").capacity, found.of("full").energy) == pytest.approx((4, 16))


def test_a_line_keeps_to_the_room_of_the_data(made, grid):
    """Proves: what is opened for one portfolio is not for one that keeps to the data, and is for the model's choice.

    A free cavern that the data open in 2030: 5 MW of it for `later`. The model's choice takes them, beside 5 MW of
    cells; `today` has none of it.
    """
    grid.add("compressed_air", duration=2, room=20, earliest_year=2030)
    found = made("later,cavern,,5,,,,", "today,,,,,,,data").run()
    best = {s.technology: s.capacity for s in found.of("optimum").storage}
    assert best["caes"] == pytest.approx(5)
    assert best["cells"] == pytest.approx(5)
    assert [s.technology for s in found.of("today").storage] == ["cells"]


def test_results_are_whole_and_audited(made):
    """Proves: each portfolio is a result as any other, under a title of its own, and passes its audit read back."""
    study = made(*ROWS[:1])
    found = study.run()
    for outcome in found.outcomes:
        result = store.read(outcome.folder)
        assert audit(result).passed
        assert result.objective == pytest.approx(outcome.objective)
        assert result.case.title.startswith("small: ")
    assert study.result("four").objective == pytest.approx(found.of("four").objective)


def test_a_portfolio_without_a_plan_is_told(made, grid):
    """Proves: one that a clause forbids is told with the clause, and the others are solved."""
    grid.group("stores", "cells", "flow").target("few")
    grid.add("capacity_totals", clause="few", group="stores", sense="<=", capacity=5)
    found = made("much,,cells,8,,,,", "four,,cells,4,,,,").run()
    lost = found.of("much")
    assert not lost.solved
    assert "infeasible" in lost.reason
    assert found.of("four").objective == pytest.approx(COAL - 4 * (SAVES - CELLS))
    assert found.of("four").targets_met == (1, 1)


def test_a_stopped_study_goes_on_where_it_was(made, monkeypatch):
    """Proves: what is written when it is stopped is not solved again, nor is a result of which nothing was told yet.

    If it were broken, the second study would solve all portfolios, or none.
    """
    expected = made(*ROWS, folder="whole").run()
    solved = []
    written = Study._written

    def stopping(self, job, answer):
        if len(solved) == 3:
            raise KeyboardInterrupt
        solved.append(job.name)
        return written(self, job, answer)

    monkeypatch.setattr(Study, "_written", stopping)
    with pytest.raises(KeyboardInterrupt):
        made(*ROWS, folder="stopped").run()
    monkeypatch.setattr(Study, "_written", lambda *a: (solved.append(a[1].name), written(*a))[1])
    again = made(*ROWS, folder="stopped")
    (again.folder / "outcomes" / "none.json").unlink()
    found = again.run()
    assert sorted(solved) == sorted(o.name for o in expected.outcomes)
    assert found.table().equals(expected.table())
    solved.clear()
    assert made(*ROWS, folder="stopped").run().table().equals(expected.table())
    assert solved == []


def test_several_at_once_are_what_one_by_one_is(made):
    """Proves: portfolios solved in other processes are those solved here."""
    alone, together = made(*ROWS[:2]).run(), made(*ROWS[:2], folder="two", workers=2).run()
    for one, other in zip(alone.outcomes, together.outcomes, strict=True):
        assert one.objective == pytest.approx(other.objective, rel=1e-9)


def test_only_what_is_asked_for_is_solved(made):
    """Proves: a few portfolios are solved beside baseline and choice, and are found when all are asked for."""
    few = made(*ROWS, names=("four",))
    assert [o.name for o in few.run().outcomes] == ["none", "four", "optimum"]
    every = made(*ROWS)
    assert every.folder == few.folder
    assert len(every.run().outcomes) == 7
    with pytest.raises(InputError, match='Did you mean "four"'):
        made(*ROWS, names=("fore",))


def test_refusals(made, grid):
    """Proves: several stages are refused, and a technology that is no storage."""
    grid.case = {"stages": [2025, 2030]}
    grid.add("demand", zone="z", year=2030, energy=87600, shape="z")
    with pytest.raises(InputError, match="one stage"):
        made(*ROWS)
    grid.case = {"portfolios": {"credit": ["cell"], "credit_mw": [1.0]}}
    with pytest.raises(InputError, match='Did you mean "cells"'):
        made(*ROWS)
