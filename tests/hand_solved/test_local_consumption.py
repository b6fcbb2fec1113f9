"""A least share of clean energy that stays in the system."""

import pytest

from qhenergy.ground.faults import InputError, NoSolutionError
from qhenergy.outcome.board import board
from qhenergy.outcome.indicators import indicators
from qhenergy.outcome.result import solved as result_of


def system(grid, share, strictness="hard", penalty=0.0, **clause):
    """60 MW at home, a line that wants 50; free wind of 90 and 40 of coal at 100 CNY/MWh."""
    small = grid(1, 60).add("wind", existing=90, series=[1]).add("thermal", existing=40)
    small.curve("all", [1]).add("send_out", capacity=50, schedule="curve", curve="all", shortfall_price=5_000)
    small.group("clean", "wind").add("local_consumptions", share=share, **clause)
    return small.target("local", strictness, penalty)


def board_of(solved):
    """The board of a small system."""
    return board(result_of(solved.assembled, solved.solution, 0.0, 0.0))


def test_what_leaves_is_limited(grid):
    """Proves: of 90 MW of wind 80 % stay: the line gets 18 of its 50, and home takes wind; coal stands still.

    Nothing but the clause keeps the line from its 50: wind 90 and coal 20 would do at 2,000 an hour. What does not
    go out has no use beyond 60, so that 78 MW of wind are generated at most when 18 leave: then 80 % of g stay,
    g - s >= 0.8 g and g <= 60 + s give s = 15 of g = 75. More wind cannot be sent or used: the line misses 35.
    If it were broken, the line would miss nothing (no clause), or 32 (18 sent, share of what is offered).
    """
    solved = system(grid, 0.8).solve()
    assert solved.column("send_out/sent") == pytest.approx([15])
    assert solved.column("wind/output") == pytest.approx([75])
    assert solved.objective == pytest.approx(8760 * 35 * 5_000)


def test_coal_at_home_does_not_make_room(grid):
    """Proves: the share is of clean energy generated, whatever coal does: half of g stays at g = 90, s = 45.

    Home then takes 45 of wind and 15 of coal.
    If it were broken (share of all generation), 50 would be sent of 110.
    """
    solved = system(grid, 0.5).solve()
    assert solved.column("send_out/sent") == pytest.approx([45])
    assert solved.column("thermal/output") == pytest.approx([15])
    assert solved.objective == pytest.approx(8760 * (15 * 100 + 5 * 5_000))


def test_what_leaves_may_be_clean_in_part(grid):
    """Proves: with a clean share of one half only half of what is sent counts: 90 - 25 of 90 stay.

    If it were broken, the line would be held to 45 by a share of 50 %, or all 90 would stay.
    """
    solved = system(grid, 0.5, clean_share=0.5).solve()
    assert solved.column("send_out/sent") == pytest.approx([50])
    [row] = board_of(solved)
    assert row.achieved == pytest.approx(100 * 65 / 90)


def test_priced_and_watched(grid):
    """Proves: priced, a MWh short costs its penalty; watched, the share is counted exactly and nothing is asked.

    All 50 sent of 90: 40 stay, 44.4 % of 90. Of 80 % 32 MWh are missing, which at 10 CNY cost less than the line.
    If it were broken, the line would be held back at 10 CNY, or the watched share would be 36.4 % (of 110).
    """
    priced = system(grid, 0.8, "priced", 10).solve()
    assert priced.costs["clauses missed/local"] == pytest.approx(8760 * 32 * 10)
    [row] = board_of(system(grid, 0.8, "watched").solve())
    assert (row.status, row.achieved) == ("watched: missed", pytest.approx(100 * 40 / 90))


def test_the_indicator_goes_by_the_mix(grid):
    """Proves: the indicator shares out the mix of the hour: 90 of 110 MW are clean, of 60 at home 49.1, of 90 made.

    If it were broken, it would be the 44.4 % of the clause, which takes all that leaves for clean.
    """
    solved = system(grid, 0.8, "watched").solve()
    found = indicators(result_of(solved.assembled, solved.solution, 0.0, 0.0), 2025)
    assert found.local_consumption == pytest.approx(60 * 90 / 110 / 90)
    assert found.clean_used == pytest.approx(8760 * 60 * 90 / 110)
    assert found.clean_left == pytest.approx(8760 * 50 * 90 / 110)


def test_a_share_of_nothing_is_refused(grid):
    """Proves: a group of which nothing stands is refused, and a share that cannot be has no solution.

    If it were broken, 80 % of nothing would be met by nothing.
    """
    small = system(grid, 0.8)
    small.rows["local_consumptions"][0]["group"] = "none"
    with pytest.raises(InputError, match=r"local_consumptions.csv, row local.*of which nothing stands"):
        small.group("none", "csp").solve()
    forced = system(grid, 0.8)
    forced.rows["send_out"][0] |= {"minimum_output": 0.9, "schedule": "energy", "yearly_energy": 0, "curve": ""}
    with pytest.raises(NoSolutionError):
        forced.solve()
