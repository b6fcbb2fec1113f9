"""A better curve and firm levels as they are printed."""

import io

import numpy as np
from rich.console import Console

from qhenergy.outcome.better_curve import Binding, Firm, Found
from qhenergy.report.better_curve import show, show_firm, steps

DAY = [200.0] * 8 + [6000.0] * 10 + [200.0] * 6
LIMIT = Binding("store", "battery/level", "cells", "MWh", 12.5, 3)


def found(**changed) -> Found:
    """A curve of two seasons."""
    curve = np.array([DAY, [1000.0] * 24])
    values = {
        "line": "dc", "aim": "cost", "rating": 8000.0, "seasons": (tuple(range(5, 11)), (11, 12, 1, 2, 3, 4)),
        "curve": curve, "free": curve, "wanted": None, "value": 2.5e8, "bound": 2.4e8, "gap": 0.01,
        "size_is": "costs of operation", "proven": False, "ended": "time limit", "cost": 2.5e8, "reference": 1e8,
        "energy": 9e6, "sent": 8.9e6, "missed": 1e5, "binding": (LIMIT,), "notes": ("What is missed is paid.",),
    }  # fmt: skip
    return Found(**{**values, **changed})


def printed(show_it, of, language="en") -> str:
    """What is printed."""
    console = Console(file=io.StringIO(), width=160)
    show_it(of, console, language)
    return console.file.getvalue()


def test_a_day_is_told_by_its_steps():
    """Proves: the hour of each step and its power in 10^4 kW; quarter-hours in minutes.

    If it were broken, 24 numbers would be printed, or 8 slots of 96 be called 8 o'clock.
    """
    assert steps(DAY, 24) == "00:00 20.0, 08:00 600.0, 18:00 20.0"
    assert steps([0.0] * 33 + [10.0] * 63, 96) == "00:00 0.0, 08:15 1.0"


def test_value_bound_and_gap_are_printed():
    """Proves: what is proven of the curve stands beside it, in both languages, with what binds.

    If it were broken, a curve would be printed as the best one without its bound.
    """
    said = printed(show, found())
    for words in ("5-6-7-8-9-10", "08:00 600.0", "2.5000", "2.4000", "1.000", "no", "time limit", "battery/level cells",
                  "12.5", "What is missed is paid."):  # fmt: skip
        assert words in said
    assert "储能" in printed(show, found(), "zh")
    assert "below the wanted curve" in printed(show, found(aim="nearest", below=3e5))


def test_firm_levels_are_printed_with_their_bound():
    """Proves: level, bound, hours and cost of each share.

    If it were broken, the bound would be left out.
    """
    firm = Firm("dc", (18, 22, 1460.0), 0.95, 3000.0, 3200.0, 73.0, 2e8, (LIMIT,))
    said = printed(show_firm, [firm])
    for words in ("95 %", "18-22 h", "300.0", "320.0", "73", "2.00"):
        assert words in said


def test_a_frame_for_a_chart():
    """Proves: a row for every slot of every season, and the table of a curve by month in parts of the rating.

    If it were broken, the months of a season would have no curve.
    """
    made = found()
    assert len(made.frame) == 48
    assert made.frame["power [MW]"].iloc[8] == 6000
    assert list(made.by_month.index) == list(range(1, 13))
    assert made.by_month.loc[5].iloc[8] == 0.75
