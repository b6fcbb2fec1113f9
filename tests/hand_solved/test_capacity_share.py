"""Share of one group in the capacity of another."""

import pytest


def fleet(grid, strictness="hard", penalty=0.0, retirable="no"):
    """Coal of 100 MW and wind to build at 100 CNY/MW a year; wind is to be 60 % of both."""
    small = grid(1, 10).add("thermal", existing=100, retirable=retirable).cost("coal", fixed_om=0)
    small.add("wind", room=500, series=[0]).cost("wind", investment=1000)
    small.group("clean", "wind").group("all", "wind", "coal").add("capacity_shares", share=0.6)
    return small.target("clean", strictness, penalty)


def test_share_of_a_total_that_grows_with_it(grid):
    """Proves: what is built counts in the numerator and in the base.

    w >= 0.6 * (w + 100): w = 150, 15,000 a year beside 10 MW of coal.
    If it were broken, 60 MW would be built (share of what stands), or 167 (of coal over 0.6).
    """
    solved = fleet(grid).solve()
    assert solved.column("capacity/built") == pytest.approx([150])
    assert solved.objective == pytest.approx(15_000 + 8760 * 10 * 100)
    # One MW more asked is 1 / (1 - 0.6) MW more wind.
    assert solved.dual("capacity_share/requirement", "clean") == pytest.approx(250)


def test_retiring_raises_the_share(grid):
    """Proves: the base is what stands in the stage, so that retiring coal counts.

    10 MW of coal are needed: w >= 0.6 * (w + 10): w = 15.
    If it were broken, 150 would be built (base of the base year).
    """
    assert fleet(grid, retirable="yes").solve().column("capacity/built") == pytest.approx([15])


@pytest.mark.parametrize(("penalty", "built", "cost"), [(300, 150, 15_000), (200, 0, 60 * 200)])
def test_priced_share(grid, penalty, built, cost):
    """Proves: a MW missed is a MW of the clean group short of the share, at its price.

    A MW built closes 0.4 MW of the gap of 60: it pays at a penalty above 100 / 0.4 = 250.
    If it were broken, it would turn at 100.
    """
    solved = fleet(grid, "priced", penalty).solve()
    assert solved.column("capacity/built") == pytest.approx([built])
    assert solved.objective == pytest.approx(cost + 8760 * 1000)


def test_watched_share(grid):
    """Proves: a watched share reports numerator and base.

    If it were broken, wind would be built or the base would be missing from the board.
    """
    solved = fleet(grid, "watched").solve()
    assert solved.column("capacity/built") == pytest.approx([0])
    assert solved.column("capacity_share/achieved") == pytest.approx([0])
    assert solved.column("capacity_share/base") == pytest.approx([100])
    assert not solved.has("rows", "capacity_share/requirement")
