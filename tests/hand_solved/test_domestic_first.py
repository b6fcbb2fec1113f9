"""Nothing is unserved at home while a line is asked to send."""

import pytest

from qhenergy.ground.faults import NoSolutionError
from qhenergy.outcome.board import board
from qhenergy.outcome.result import solved as result_of


def system(grid, strictness="hard", penalty=0.0, **line):
    """12 MW of coal for 10 and 14 MW at home and a line that wants 5 and 0; a MWh it misses costs twice one at home."""
    small = grid(2, [10, 14]).add("thermal", existing=12).curve("morning", [1, 0])
    row = {"capacity": 5, "schedule": "curve", "curve": "morning", "shortfall_price": 20_000, **line}
    small.add("send_out", **row).add("domestic_first")
    return small.target("home", strictness, penalty)


def board_of(solved):
    """The board of a small system."""
    return board(result_of(solved.assembled, solved.solution, 0.0, 0.0))


def test_home_is_served_first(grid):
    """Proves: while the line is asked to send, it misses what is needed at home; when it is not, home may go without.

    Hour 1: 10 at home, 2 of 5 on the line. Hour 2: 12 of 14 at home.
    If it were broken, the line would get its 5 and 3 would be unserved in the first hour, or the second hour would
    have no solution.
    """
    solved = system(grid).solve()
    assert solved.column("demand/unserved") == pytest.approx([0, 2])
    assert solved.column("send_out/sent") == pytest.approx([2, 0])
    assert solved.dual("domestic_first/hourly") == pytest.approx([4380 * 10_000])


def test_priced_and_watched(grid):
    """Proves: priced, a MWh unserved costs its penalty in that hour only; watched, it is counted exactly.

    At 5,000 a MWh the line still pays more (20,000 against 15,000).
    If it were broken, the second hour would pay as well, or the room would be nothing.
    """
    priced = system(grid, "priced", 5_000).solve()
    assert priced.column("demand/unserved") == pytest.approx([3, 2])
    assert priced.costs["clauses missed/home"] == pytest.approx(4380 * 3 * 5_000)
    watched = system(grid, "watched").solve()
    assert watched.column("domestic_first/room")[0] == pytest.approx(-3)
    [row] = board_of(watched)
    assert (row.status, row.achieved, row.hours_missed) == ("watched: missed", pytest.approx(-0.3), 4380)


def test_a_line_by_energy_asks_by_its_least_output(grid):
    """Proves: a line that may not go below 1 MW is always asked to send: 11 MW at home are then the most.

    14 MW in the second hour have no solution; without a least output no hour is of concern and there is nothing
    to measure.
    If it were broken, both would be solved with 2 MWh unserved and reported as met.
    """
    by_energy = {"schedule": "energy", "curve": "", "yearly_energy": 0}
    with pytest.raises(NoSolutionError):
        system(grid, minimum_output=0.2, **by_energy).solve()
    solved = system(grid, **by_energy).solve()
    assert solved.column("demand/unserved") == pytest.approx([0, 2])
    assert [row.status for row in board_of(solved)] == ["nothing to measure"]


def test_the_tightest_hour_is_one_of_concern(grid):
    """Proves: the board looks at hours in which a line is asked to send, and at no other.

    With 2 MW on the line all is served in the first hour; the second is 2 MW short and of no concern.
    If it were broken, 4,380 hours would be missed.
    """
    [row] = board_of(system(grid, "watched", capacity=2).solve())
    assert (row.status, row.achieved, row.hours_missed) == ("watched: met", 0, 0)
