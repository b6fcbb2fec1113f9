"""Send-out lines: on a curve, or with the energy of a year."""

import pytest

from qhenergy.ground.faults import InputError


def test_curve_is_sent_or_paid(grid):
    """Proves: with a curve, what is not sent of it is a shortfall at its price.

    A line of 100 MW at 0.5 then 1.0, coal of 80 MW: 20 MWh short at 1,000.
    If it were broken, the cost would be 13,000 (shortfall free), 8,000 + ... (capped at the coal), or infeasible.
    """
    small = grid(2, 0).add("thermal", existing=80).curve("steps", [0.5, 1])
    solved = small.add("send_out", capacity=100, schedule="curve", curve="steps").solve()
    assert solved.column("send_out/sent") == pytest.approx([50, 80])
    assert solved.costs["send-out shortfall"] == pytest.approx(4380 * 20 * 1000)
    assert solved.objective == pytest.approx(4380 * (13_000 + 20_000))


def test_shortfall_stands_behind_own_demand(grid):
    """Proves: the dearer of demand and line is served first.

    50 MW asked at 10,000, 50 MW of curve at 1,000, coal of 60: 40 MWh of the curve are missed.
    If it were broken, demand would go short.
    """
    small = grid(1, 50).add("thermal", existing=60).curve("flat", [0.5])
    solved = small.add("send_out", capacity=100, schedule="curve", curve="flat").solve()
    assert solved.column("demand/unserved") == pytest.approx([0])
    assert solved.column("send_out/shortfall") == pytest.approx([40])


def by_energy(grid, energy, **row):
    """Wind of 60 MW in hour 0 only beside 200 MW of coal; a line of 100 MW that sends `energy` MWh an hour on mean."""
    small = grid(2, 0).add("wind", existing=60, series=[1, 0]).add("thermal", existing=200)
    return small.add("send_out", capacity=100, schedule="energy", yearly_energy=energy * 8760, **row)


@pytest.mark.parametrize(
    ("energy", "least", "coal"), [(30, 0, 0), (30, 0.2, 20), (40, 0, 20), (80, 0, 100), (100, 0, 140)]
)
def test_yearly_energy_is_sent_when_it_is_cheap(grid, energy, least, coal):
    """Proves: the energy of the year is free to choose its hours between the minimum output and the capacity.

    Mean 30 MW is 60 MWh in two hours: all wind; a minimum of 20 MW asks 20 MWh of coal in hour 1; mean 40: 80 MWh.
    If it were broken, coal would be 30 at a mean of 30 (constant power), or 0 at a minimum of 20.
    """
    solved = by_energy(grid, energy, minimum_output=least).solve()
    assert solved.objective == pytest.approx(4380 * coal * 100, abs=1e-3)


def test_missing_energy_of_the_year_is_paid(grid):
    """Proves: a yearly energy beyond the capacity is missed at its price, once a year.

    Mean 110 of 100 MW: 10 * 8,760 MWh at 1,000.
    If it were broken, the problem would be infeasible, or the missing energy free or weighted twice.
    """
    solved = by_energy(grid, 110).solve()
    assert solved.costs["send-out shortfall"] == pytest.approx(10 * 8760 * 1000)
    assert solved.column("send_out/missing") == pytest.approx([87_600])


def test_energy_of_the_year_is_counted_over_all_windows(grid):
    """Proves: the energy of a year is one sum over windows.

    Mean 30 MW in two windows of an hour: all 60 MWh in the first.
    If it were broken, each window would send 30, coal 30.
    """
    small = by_energy(grid, 30)
    small.case = {"time": {"window_hours": 1}}
    assert small.solve().objective == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ("year", "scenario", "investment", "fixed"),
    [(2021, None, 0, 300), (2022, None, 1e4, 300), (2026, None, 0, 0), (2026, 2024, 1e4, 300), (2021, 2026, 0, 0)],
)
def test_line_stands_from_its_year_and_is_paid_if_it_came_after_the_base_year(grid, year, scenario, investment, fixed):
    """Proves: a line counts from its first full year, which a scenario may move, and is paid if it came since 2020.

    A line of 2021 stood at the end of 2020. 100 MW at 900 CNY/MW and 100 at the end of ten years, 3 CNY/MW a year.
    If it were broken, a line of 2026 would be paid in 2025, or that of 2021 invested anew.
    """
    small = grid(1, 0).add("thermal", existing=200).cost("dc", investment=900, end_of_life=100, fixed_om=3)
    small.curve("flat", [1]).add("send_out", capacity=100, schedule="curve", curve="flat", in_service_year=year)
    if scenario:
        small.case = {"send_out": {"scenario": "other"}}
        small.add("send_out_scenarios", scenario="other", line="dc", in_service_year=scenario)
    solved = small.solve()
    assert solved.costs.get("investment/dc", 0) == pytest.approx(investment)
    assert solved.costs.get("fixed O&M/dc", 0) == pytest.approx(fixed)
    assert solved.objective == pytest.approx(investment + fixed + (8760 * 100 * 100 if fixed else 0))


def two_lines(grid, second, lag=None, scenario=None):
    """A line of 2025 and one that needs it, which comes in `second`."""
    small = grid(1, 0).curve("none", [0])
    for line, year, first in (("dc", 2025, ""), ("next", second, "dc")):
        row = {"lag": lag} if lag and first else {}
        small.add("send_out", line=line, in_service_year=year, prerequisite=first, capacity=1, schedule="curve",
                  curve="none", **row)  # fmt: skip
    if scenario:
        small.case = {"send_out": {"scenario": "other"}}
        for line, year in scenario.items():
            small.add("send_out_scenarios", scenario="other", line=line, in_service_year=year)
    return small


@pytest.mark.parametrize(("second", "lag"), [(2026, None), (2030, 5), (2031, 5)])
def test_a_line_after_the_one_it_needs_is_accepted(grid, second, lag):
    """Proves: a line may come the lag after the one it needs, a year if none is given, or later.

    If it were broken, the exact lag would be refused.
    """
    two_lines(grid, second, lag).system()


@pytest.mark.parametrize(
    ("second", "lag", "scenario", "words"),
    [
        (2025, None, None, "in service in 2025; expected 2026 or later: 1 years after dc, which comes in 2025"),
        (2029, 5, None, "2030 or later: 5 years after dc"),
        (2030, 5, {"dc": 2028}, 'in service in 2030 in scenario "other"'),
        (2030, 5, {"dc": 2028, "next": 2032}, "2033 or later"),
    ],
)
def test_a_line_before_the_one_it_needs_is_refused(grid, second, lag, scenario, words):
    """Proves: the years of the scenario are checked when a case is made ready, even of lines after its stage.

    If it were broken, the third line could stand before the second, or only the default years be looked at.
    """
    with pytest.raises(InputError) as refused:
        two_lines(grid, second, lag, scenario).system()
    assert "send_out.csv (next)" in str(refused.value)
    assert words in str(refused.value)


def test_lines_of_a_scenario_that_keeps_the_order_are_accepted(grid):
    """Proves: a scenario that moves both lines is judged by its own years.

    If it were broken, the default years (2025 and 2026, where five years are asked) would refuse it.
    """
    two_lines(grid, 2026, 5, {"dc": 2028, "next": 2033}).system()
