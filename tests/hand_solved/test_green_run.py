"""Days in a row without fossil power."""

import numpy as np
import pytest
from small_system import STAGE, YEAR

from qhenergy.ground.faults import InputError
from qhenergy.periods.chronology import Chronology, Span


def fleet(
    grid, days=1, first_month=1, first_day=2, imports="clean", hours=72, strictness="hard", penalty=0.0, clean=10
):
    """10 MW; coal at 100, and ties at 200 with CO2 and at 300 without, CNY/MWh; windows of a day."""
    small = grid(hours, 10, case={"time": {"window_hours": 24}}).add("thermal", existing=10).group("fossil", "coal")
    small.add("ac_ties", tie="dirty", import_limit=10, import_price=200, emission=0.6)
    small.add("ac_ties", tie="clean", import_limit=clean, import_price=300)
    run = {"days": days, "first_month": first_month, "first_day": first_day, "imports": imports}
    return small.add("green_runs", **run).target("run", strictness, penalty)


def coal_by_day(solved):
    """Mean output of coal on each modelled day [MW]."""
    return solved.column("thermal/output", "coal").reshape(-1, 24).mean(axis=1)


@pytest.mark.parametrize(("imports", "price"), [("allowed", 200), ("clean", 300), ("none", 10_000)])
def test_imports_that_count_as_fossil(grid, imports, price):
    """Proves: on the day of the run coal stands still, and what comes in is anything, clean only, or nothing.

    Two days of coal at 100; the day between by the tie with CO2, by the one without, or unserved at 10,000.
    If it were broken, a run without fossil imports would cost 200 a MWh (not looked at), or one that allows
    them 10,000.
    """
    solved = fleet(grid, imports=imports).solve()
    assert coal_by_day(solved) == pytest.approx([10, 0, 10])
    assert solved.objective == pytest.approx(YEAR * 10 * (100 + price + 100) / 3)


@pytest.mark.parametrize(
    ("days", "first_month", "first_day", "coal"),
    [(2, 1, 2, [10, 0, 0]), (2, 12, 31, [0, 10, 10]), (365, 5, 1, [0, 0, 0]), (3, 1, 3, [10, 10, 0])],
)
def test_days_of_the_run(grid, days, first_month, first_day, coal):
    """Proves: the run begins on its day, lasts its days, and goes on over New Year; days not modelled ask nothing.

    Three days are modelled, 1 to 3 January.
    If it were broken, a run of 31 December and 1 January would leave coal on (10, 10, 10).
    """
    solved = fleet(grid, days, first_month, first_day).solve()
    assert coal_by_day(solved) == pytest.approx(coal)


def two_for_three(system):
    """Periods of two days: the first stands for itself and for the third, the second for itself."""
    weights = (2 * 48 / 168 * YEAR / 96 * 7 / 6, 48 / 168 * YEAR / 96 * 7 / 6 * 2)
    spans = tuple(Span(i, STAGE, np.arange(48 * i, 48 * i + 48), w) for i, w in enumerate(weights))
    system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 1, 0]))


@pytest.mark.parametrize(
    ("first_day", "days", "coal"),
    [(6, 1, [10, 0, 10, 10]), (2, 1, [10, 0, 10, 10]), (4, 2, [0, 10, 10, 0]), (1, 2, [0, 0, 10, 10])],
)
def test_a_representative_hour_is_green_if_a_real_one_it_stands_for_is(grid, first_day, days, coal):
    """Proves: a run of real days binds the hours that stand for those days, wherever they are in the calendar.

    Six real days in periods of two: 1 and 2, 3 and 4, 5 and 6 January; the first stands for the third. A run on
    the 6th is the second day of the first period; one on the 4th and 5th is the second day of the second period
    and the first day of the first.
    If it were broken and the dates of modelled days counted, a run on the 6th would bind nothing (10, 10, 10, 10).
    """
    solved = fleet(grid, days, 1, first_day, hours=168).solve(two_for_three)
    assert coal_by_day(solved) == pytest.approx(coal)


def test_a_day_that_no_hour_stands_for_has_nothing_to_measure(grid):
    """Proves: the day left over after the last whole period asks nothing, and the clause says so.

    Seven days in periods of two leave the 7th over.
    If it were broken, the run would be reported as met.
    """
    solved = fleet(grid, 1, 1, 7, hours=168).solve(two_for_three)
    assert coal_by_day(solved) == pytest.approx([10] * 4)
    assert [r.measured for r in solved.assembled.requirements] == [False]
    assert not solved.has("rows", "green_run/requirement")
    assert [r.measured for r in fleet(grid, 1, 1, 6, hours=168).solve(two_for_three).assembled.requirements] == [True]


def test_priced_and_watched(grid):
    """Proves: fossil power of the run, fossil imports included, is priced per MWh, or counted only.

    A day of 24 hours of 8760 / 72 each and 10 MW: at 50 CNY/MWh coal stays on.
    If it were broken, the clean tie would run, or the day would count with the weight of an hour.
    """
    priced = fleet(grid, strictness="priced", penalty=50).solve()
    assert coal_by_day(priced) == pytest.approx([10, 10, 10])
    assert priced.costs["clauses missed/run"] == pytest.approx(YEAR / 3 * 10 * 50)
    watched = fleet(grid, strictness="watched").solve()
    assert watched.objective == pytest.approx(YEAR * 1000)
    assert watched.column("green_run/achieved") == pytest.approx([YEAR / 3 * 10])


def test_price_of_an_hour_of_the_run(grid):
    """Proves: a hard run is said hour by hour: a MWh of the tie with CO2 saves 100 a MWh, of coal 200.

    What is still is coal and the tie in one row; its dual is what the better of the two would save.
    If it were broken, there would be no hourly row, or a price of 100 * weight.
    """
    solved = fleet(grid, clean=20).solve()
    assert solved.dual("green_run/still", "run") == pytest.approx([-200 * YEAR / 72] * 24)


def test_a_day_the_month_does_not_have_is_refused(grid):
    """Proves: 31 April and 29 February are no days of the model year; both are named at once.

    If it were broken, they would be 1 May and 1 March without a word.
    """
    small = fleet(grid, 1, 4, 31)
    small.add("green_runs", clause="leap", days=1, first_month=2, first_day=29).target("leap")
    with pytest.raises(InputError, match="2 faults") as refusal:
        small.solve()
    assert "day 31 of month 4" in str(refusal.value)
