"""Portfolios as they are printed."""

import io
import math

import pytest
from rich.console import Console
from small_system import Small

from qhenergy.outcome.portfolios import Benchmark, NewStorage, PortfolioOutcome, TargetMet
from qhenergy.outcome.storage_worth import CreditStep, PortfolioCredit, Substitution, ValuePoint
from qhenergy.report import page_portfolios as words


@pytest.fixture
def printed(tmp_path):
    """What is printed of a benchmark of three portfolios, one of which has no plan."""

    def made(language):
        small = Small(tmp_path / "small", 1).zone("z", 1).add("batteries", room=1, duration=2)
        target = TargetMet("stores", "watched", "watched: met", 10.0, 12.0, "10^4 kW")
        none = PortfolioOutcome("none", "Nothing", "无", {"fuel/coal": 5e8})
        some = PortfolioOutcome(
            "some", "Some cells", "一些电池", {"fuel/coal": 3e8, "unserved energy": 1e8}, 10.0,
            (NewStorage("cells", "z", 200.0, 400.0),), 100.0, 25.0, 2e4, 0.0, (target,),
        )  # fmt: skip
        lost = PortfolioOutcome("lost", "Too much", "过多", {}, reason="The clauses clash.")
        found = Benchmark(
            "A case", "算例", 2025, "none", "2025-01-01T00:00:00+08:00", (none, some, lost),
            (PortfolioCredit("some", 200.0, 150.0, 100.0),),
            (CreditStep("cells", 100.0, 50.0, 0.0, 0.25), CreditStep("cells", 900.0, math.nan, 0.0, math.nan, "no")),
            (Substitution("cells", 100.0, "flow", 50.0),),
            (ValuePoint("cells", 100.0, 73.0, 23.0, 1e9),),
            (ValuePoint("cells", 100.0, 146.0, 37.0, 1e9, 4.0, 0.0, 36.5),),
        )  # fmt: skip
        out = Console(file=io.StringIO(), width=120)
        words.show(found, small.system().inputs, tmp_path, out, language)
        return out.file.getvalue()

    return made


def test_every_table_has_its_figures(printed):
    """Proves: cost, saving, credit, substitution and values are printed in the units of their heads."""
    said = printed("en")
    lines = [line.split() for line in said.splitlines()]
    for line in (
        "some 1 4.00 1.00 20.0 25.00 5.0 25 1/1",
        "lost – no plan – – – – – –",
        "cells 10.0 5.0",
        "cells 50 (25) –",
        "cells 23 73",
        "cells 4 146 37 109",
    ):
        assert line.split() in lines, line
    assert "lost: The clauses clash." in said


def test_in_chinese(printed):
    """Proves: titles, heads and notes are there in Chinese."""
    said = printed("zh")
    for word in ("储能组合同口径对比", "一些电池", "容量置信度", "储能边际价值", "无解", "亿元"):
        assert word in said
