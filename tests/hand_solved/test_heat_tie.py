"""Plants that must run for the heat they give."""

import numpy as np
import pytest

from qhenergy.ground.faults import InputError


def winter(system):
    """The two hours lie in January and in July."""
    system.month = np.array([1, 7])


def city(grid, share=0.6, month=1, **row):
    """80 MW in January and in July; 100 MW of wind for nothing, 100 MW of coal at 100 CNY/MWh that heats a city."""
    small = grid(2, 80).add("wind", existing=100, series=[1, 1]).add("thermal", **{"existing": 100, **row})
    return small.add("heat_ties", month=month, share=share)


@pytest.mark.parametrize(
    ("row", "output"),
    [
        ({}, [60, 0]),
        ({"month": 7}, [0, 60]),
        ({"month": 4}, [0, 0]),
        ({"share": 0}, [0, 0]),
        ({"existing": 50}, [30, 0]),
    ],
)
def test_heat_forces_coal_in_its_month(grid, row, output):
    """Proves: in a month with a row the plant gives at least its share of capacity, and wind is left unused.

    60 of 100 MW in January, at 100 CNY/MWh for 4,380 hours, though there is wind enough for all.
    If it were broken, coal would stand still ([0, 0]), run all year ([60, 60]) or at its share of demand ([48, 0]).
    """
    solved = city(grid, **row).solve(winter)
    assert solved.column("thermal/output") == pytest.approx(output)
    assert solved.objective == pytest.approx(4380 * 100 * sum(output))


@pytest.mark.parametrize(("investment", "built"), [(1.74e6, 100), (1.76e6, 0)])
def test_retrofit_that_decouples_heat(grid, investment, built):
    """Proves: the tie follows the capacity in service; a retrofit is bought when the coal it saves pays for it.

    Tied at 0.6 before and at 0.2 after, a MW saves 0.4 * 4,380 * 100 = 175,200 CNY a year: ten of those are 1,752,000.
    If it were broken, the retrofit would save all 0.6 (2,628,000: bought at both) or nothing (bought at none).
    """
    small = city(grid, retirable="yes", replaced_only="yes")
    small.add("thermal", asset="flex", technology="flex", room=100, replaces="coal")
    small.add("heat_ties", asset="flex", share=0.2).cost("flex", investment=investment)
    solved = small.solve(winter)
    assert solved.column("capacity/installed", "coal") == pytest.approx([100 - built])
    assert solved.column("capacity/installed", "flex") == pytest.approx([built])
    saved = 40 if built else 0
    assert solved.objective == pytest.approx(4380 * 100 * (60 - saved) + built * investment / 10)


def test_share_above_availability_is_refused(grid):
    """Proves: a tie that outages would break is a fault of the data, with its place.

    If it were broken, the case would be infeasible, and nobody would know why.
    """
    with pytest.raises(InputError, match=r"heat_ties.csv \(coal, 1\).*0.95"):
        city(grid, share=0.97, availability=0.95).solve(winter)


@pytest.mark.parametrize(
    ("month", "strictness", "share", "refused"),
    [(6, "hard", 0.5, True), (6, "watched", 0.5, False), (6, "hard", 0, False), (1, "hard", 0.5, False)],
)
def test_no_tie_in_a_season_that_stands_still(grid, month, strictness, share, refused):
    """Proves: a hard season in which coal stands still refuses a tie in one of its months, and nothing else.

    If it were broken, the two would meet as an infeasible row in June.
    """
    small = city(grid, share=share, month=month).group("coal", "coal")
    small.add("coal_off_seasons", first_month=6, last_month=9).target("season", strictness)
    if refused:
        with pytest.raises(InputError, match=r"heat_ties.csv \(coal, 6\)"):
            small.solve(winter)
    else:
        small.solve(winter)
