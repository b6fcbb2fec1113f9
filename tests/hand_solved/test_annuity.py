"""Yearly payment of an investment."""

import pytest

from qhenergy.algebra.plan import annuity_factor, sinking_fund_factor


@pytest.mark.parametrize(
    ("rate", "years", "payment"), [(0.1, 2, 1.21 / 2.1), (0.0, 25, 0.04), (0.05, 1, 1.05), (0.055, 25, 0.07454935)]
)
def test_annuity_by_hand(rate, years, payment):
    """Proves: the payments of all years, discounted, add up to the investment.

    Two years at 10 %: a/1.1 + a/1.21 = 1, a = 1.21/2.1 = 0.57619; without interest one over the years.
    If it were broken, 0.5 (no interest), 0.6 (1/n + r), 0.52381 (paid at the start of the year).
    """
    factor = annuity_factor(rate, years)
    assert factor == pytest.approx(payment, rel=1e-6)
    assert sum(factor / (1 + rate) ** n for n in range(1, years + 1)) == pytest.approx(1)


def test_annuity_reaches_the_objective(grid):
    """Proves: investment enters the objective as its annuity, once a year, not once an hour.

    50 MW of PV at 2,100,000 CNY/MW over two years at 10 %: 50 * 1,210,000.
    If it were broken, 52,500,000 (no interest) or 105,000,000 (whole investment).
    """
    small = grid(3, 50).add("solar", room=50, series=[1, 1, 1])
    solved = small.cost("pv", investment=2.1e6, lifetime=2, discount_rate=0.1).solve()
    assert solved.costs["investment/pv"] == pytest.approx(60_500_000)


def test_cost_of_a_year_between_two(grid):
    """Proves: costs are those of the stage, on the line between the years given.

    1,000 CNY/MW in 2020 and 2,000 in 2030 are 1,500 in 2025, a tenth a year.
    If it were broken, 100 or 200 would be paid a MW.
    """
    small = grid(1, 10).add("solar", room=10, series=[1])
    small.cost("pv", year=2020, investment=1000).cost("pv", year=2030, investment=2000)
    assert small.solve().costs["investment/pv"] == pytest.approx(10 * 150)


@pytest.mark.parametrize(("rate", "years", "payment"), [(0.1, 2, 1 / 2.1), (0.0, 25, 0.04), (0.05, 1, 1.0)])
def test_sinking_fund_by_hand(rate, years, payment):
    """Proves: the payments of all years with their interest come to one when the life ends.

    Two years at 10 %: s*1.1 + s = 1, s = 1/2.1 = 0.47619; what is due after one year is paid then.
    If it were broken, 0.57619 (the annuity, as if paid when built), 0.5 (no interest) or 0.43290 (paid in advance).
    """
    factor = sinking_fund_factor(rate, years)
    assert factor == pytest.approx(payment, rel=1e-6)
    assert sum(factor * (1 + rate) ** (years - n) for n in range(1, years + 1)) == pytest.approx(1)


def test_end_of_life_reaches_the_objective(grid):
    """Proves: the end of life is laid by for what is built or committed, beside its annuity; not for what stood.

    50 MW to serve: 10 stood, 15 are committed, 25 are built. Six years at 10 %, 1.1^6 = 1.771561: 1,771,561 of annuity
    for 7,715,610 and, of 771,561 at the end, 100,000 a year for 40 MW.
    If it were broken, 93,578,050 (of all 50 MW), 70,862,440 (left out) or 77,948,684 (added to the investment).
    """
    small = grid(1, 50).add("solar", existing=10, committed=15, committed_year=2024, room=50, series=[1])
    solved = small.cost("pv", investment=7_715_610, end_of_life=771_561, lifetime=6, discount_rate=0.1).solve()
    assert solved.costs["investment/pv"] == pytest.approx(40 * (1_771_561 + 100_000))
