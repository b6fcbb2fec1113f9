"""The value of a portfolio shared among its lines, solved by hand.

The system of `test_portfolios`: 10 MW of a store without losses save 438,000 CNY a MW and year, more of it nothing;
`cells` cost 100,000 a MW and year, `flow` 200,000.
"""

import math

import pytest
from small_system import Small

from qhenergy.studies.portfolios import Asked, Study

SAVES, CELLS, FLOW = 438_000, 100_000, 200_000
HEAD = "portfolio,asset,technology,capacity [MW],least [MW],most [MW],duration [h],within"
BOTH = ("both,,cells,8,,,,", "both,,flow,6,,,,")


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
    """A study of a table of these rows, of which only plans and stacks are asked."""

    def make(*rows, say=lambda *_: None, **asked):
        table = tmp_path / "mine.csv"
        table.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        asked = {"credit": False, "curves": False, "measures": False, "workers": 1, **asked}
        return Study(ready(grid), Asked(table, **asked), tmp_path / "results", say)

    return make


def test_two_lines_that_do_the_same_share_what_both_save(made):
    """Proves: shares are the means of what a line saves first and last, and add up to what the portfolio saves.

    8 MW of cells alone save 8 * 338,000 = 2,704,000; 6 of flow 6 * 238,000 = 1,428,000. Both serve all 10 MW:
    4,380,000 less 800,000 and 1,200,000 is 2,380,000. Cells come to (2,704,000 + 2,380,000 - 1,428,000) / 2 =
    1,828,000, flow to (1,428,000 + 2,380,000 - 2,704,000) / 2 = 552,000.
    If it were broken, each would have what it saves alone, 1,752,000 too much in sum.
    """
    found = made(*BOTH).run()
    (stack,) = found.stacks
    assert stack.name == "both"
    assert {s.line: s.share for s in stack.shares} == pytest.approx({"cells": 1_828_000, "flow": 552_000})
    assert {s.line: s.alone for s in stack.shares} == pytest.approx({"cells": 2_704_000, "flow": 1_428_000})
    assert {s.line: s.last for s in stack.shares} == pytest.approx({"cells": 952_000, "flow": -324_000})
    assert sum(s.share for s in stack.shares) == pytest.approx(found.saving(found.of("both")), rel=1e-12)
    assert stack.saving == pytest.approx(2_380_000)


def test_what_is_planned_already_is_not_planned_again(made):
    """Proves: a subset that is a portfolio of its own, or was part of another, is taken from there.

    `cells 8` is a portfolio, nothing new is the baseline; `flow 6` is part of `both` and of `also`. Left to solve:
    `flow 6` and `cells 2`.
    If it were broken, six subsets would be solved, and again when the study is run again.
    """
    rows = (*BOTH, "eight,,cells,8,,,,", "also,,cells,2,,,,", "also,,flow,6,,,,")
    said = []
    found = made(*rows, say=lambda *words: said.append(words)).run()
    solved = [line.split(": ")[1] for stage, line in said if stage == "solved" and "stack/" in line]
    assert sorted(solved) == ["stack/cells-2", "stack/flow-6"]
    assert [s.name for s in found.stacks] == ["both", "also"]
    said.clear()
    again = made(*rows, say=lambda *words: said.append(words)).run()
    assert [stage for stage, _ in said if stage == "solved"] == []
    assert again.stacks == found.stacks


def test_lines_that_leave_a_choice_are_not_shared_out(made, grid):
    """Proves: limits, single lines and more than four lines have no stack; a subset without a plan is told.

    Four MW of some store are asked for by a clause, which two MW of either do not make.
    """
    grid.group("stores", "cells", "flow").target("some")
    grid.add("capacity_totals", clause="some", group="stores", sense=">=", capacity=4)
    rows = ("free,,cells,,,3,,", "free,,flow,4,,,,", "one,,cells,4,,,,", "two,,cells,2,,,,", "two,,flow,2,,,,")
    found = made(*rows).run()
    (stack,) = found.stacks
    assert (stack.name, stack.shares) == ("two", ())
    assert "cells alone" in stack.reason
    assert math.isnan(stack.saving)
