"""Small hydro that leaves."""

import pytest

from qhenergy.ground.faults import InputError


def brooks(grid, strictness="hard", penalty=0.0, retirable="yes", demand=10, **clause):
    """Ten MW of small hydro, half used on mean, beside coal at 100 CNY/MWh; two hours."""
    small = grid(2, demand).add("thermal", existing=100).add("small_hydro", existing=10, retirable=retirable)
    for month in range(1, 13):
        small.add("small_hydro_energy", asset="brooks", month=month, capacity_factor=0.5)
    return small.add("small_hydro_exits", **clause).target("exit", strictness, penalty)


@pytest.mark.parametrize("clause", [{"power": 4}, {"share": 0.4}])
def test_what_leaves_takes_its_energy(grid, clause):
    """Proves: capacity leaves by power or by share, and the energy of the month with it.

    4 of 10 MW leave: 6 MW at 0.5 give 6 MWh in two hours; coal makes 14 of 20. One MW more that leaves costs 0.5 MWh
    of every hour, 8760 * 0.5 * 100.
    If it were broken, coal would make 10 (nothing leaves, or the energy stays) or 18 (four stay).
    """
    solved = brooks(grid, **clause).solve()
    assert solved.column("capacity/retired", "brooks") == pytest.approx([4])
    assert solved.objective == pytest.approx(4380 * 14 * 100)
    assert solved.dual("small_hydro_exit/requirement", "exit") == pytest.approx(8760 * 0.5 * 100)


def test_two_rows_hold_the_larger(grid):
    """Proves: rows say what has left in all, so that those of one asset do not add up.

    4 MW and 3 MW: 4 leave. A row of 2030 is not in force.
    If it were broken, 7 or 9 would leave.
    """
    small = brooks(grid, power=4).add("small_hydro_exits", clause="second", power=3).target("second")
    small.add("small_hydro_exits", clause="later", power=9, year=2030).target("later")
    assert small.solve().column("capacity/retired", "brooks") == pytest.approx([4])


def test_watched_and_priced(grid):
    """Proves: watched, nothing leaves and that is measured; priced, it leaves where staying is worth less.

    A MW is worth 438,000 a year: it stays at a penalty of 400,000 and leaves at 500,000.
    If it were broken, 4 MW would leave where watched, or none at any penalty.
    """
    watched = brooks(grid, "watched", power=4).solve()
    assert watched.column("small_hydro_exit/achieved") == pytest.approx([0])
    assert watched.objective == pytest.approx(4380 * 10 * 100)
    assert brooks(grid, "priced", 4e5, power=4).solve().column("capacity/retired") == pytest.approx([0])
    assert brooks(grid, "priced", 5e5, power=4).solve().column("capacity/retired") == pytest.approx([4])


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ({"power": 4, "retirable": "no"}, "may not retire"),
        ({"power": 4, "share": 0.4}, "both power and share"),
        ({}, "neither power nor share"),
        ({"power": 11}, "11 MW to leave"),
    ],
)
@pytest.mark.parametrize("strictness", ["hard", "watched"])
def test_what_cannot_leave_is_refused(grid, clause, words, strictness):
    """Proves: an asset that may not retire, more than stands, and two or no figures are refused, however strict.

    If it were broken, a watched row would be missed for ever, and a hard one have no solution.
    """
    with pytest.raises(InputError) as refused:
        brooks(grid, strictness, **clause).solve()
    assert words in str(refused.value)
