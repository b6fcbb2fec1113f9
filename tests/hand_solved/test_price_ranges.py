"""In which interval of its target a shadow price holds, and the two prices of a kink."""

from dataclasses import replace

import highspy
import numpy as np
import pytest
from outcome.systems import result_of
from small_system import solved

from qhenergy.model.assemble import assemble
from qhenergy.outcome.board import board
from qhenergy.solving.clause_rows import yearly_row
from qhenergy.solving.highs import _model, solve
from qhenergy.solving.price_ranges import price_ranges
from qhenergy.solving.profile import read_profile

PROFILE = read_profile("simplex")
INF = float("inf")


def looked(small, profile=PROFILE):
    """A solved system as a result that knows where its prices hold."""
    result = result_of(small)
    answer = (result.problem, result.values, result.row_duals, result.basis)
    result.price_ranges = price_ranges(*answer, result.requirements, profile)
    return result


def two_sites(grid, capacity, sense=">=", strictness="hard", penalty=0.0, far=3000.0):
    """30 MW stand; 40 MW more cost 100 CNY/MW a year, the next 200 MW cost `far` over ten. No wind, no sun."""
    small = grid(1).add("wind", existing=30, room=40, series=[0]).add("solar", room=200, series=[0])
    small.cost("wind", investment=1000).cost("pv", investment=far).group("clean", "wind", "pv")
    small.zone(demand=1, unserved_price=0)
    small.add("capacity_totals", group="clean", sense=sense, capacity=capacity)
    return small.target("total", strictness, penalty).solve()


@pytest.mark.parametrize(
    ("capacity", "price", "low", "high"), [(50, 100, 30, 70), (69, 100, 30, 70), (100, 300, 70, 270), (20, 0, -INF, 30)]
)
def test_price_holds_up_to_the_next_site(grid, capacity, price, low, high):
    """Proves: the price of the site that is being built holds from what stands before it to what it has room for.

    30 MW are free, 40 MW cost 100, 200 MW cost 300: pieces end at 30, 70 and 270 MW.
    If it were broken, the interval would be of what is built (0 to 40), in MW instead of 10^4 kW, or turned round.
    """
    (row,) = board(looked(two_sites(grid, capacity)))
    assert row.shadow_price == pytest.approx(10 * price, abs=1e-6)
    assert (row.price_low, row.price_high) == (pytest.approx(low / 10), pytest.approx(high / 10))
    assert (row.price_unit, row.price_note, row.price_below, row.price_above) == ("10^4 kW", "", None, None)


@pytest.mark.parametrize(
    ("capacity", "below", "above", "low", "high"),
    [(30, 0, 100, -INF, 70), (70, 100, 300, 30, 270), (270, 300, INF, 70, 270)],
)
def test_a_kink_has_two_prices(grid, capacity, below, above, low, high):
    """Proves: where one site is full and the next is dearer, lowering and raising have prices of their own.

    At 70 MW one MW less saves 100, one MW more costs 300; at 270 MW there is no more.
    If it were broken, one of both would be told as the price, with an interval without length.
    """
    (row,) = board(looked(two_sites(grid, capacity)))
    assert row.price_note == "price not unique"
    assert row.price_below == pytest.approx(10 * below, abs=1e-6)
    assert row.price_above == pytest.approx(10 * above)
    assert (row.price_low, row.price_high) == (pytest.approx(low / 10), pytest.approx(high / 10))


def test_two_sites_of_one_price_are_one_piece(grid):
    """Proves: the interval does not end where the basis changes and the price does not.

    The second 200 MW cost 100 as well: from 30 to 270 MW.
    If it were broken, a ratio test at the basis would end it at 70 MW or at 230.
    """
    (row,) = board(looked(two_sites(grid, 60, far=1000.0)))
    assert (row.price_low, row.price_high) == (pytest.approx(3), pytest.approx(27))


@pytest.mark.parametrize("sense", [">=", "="])
def test_either_sense_is_moved_the_same_way(grid, sense):
    """Proves: an exact target is moved as one side.

    If it were broken, a row with two sides would keep one of them, and nothing could move.
    """
    (row,) = board(looked(two_sites(grid, 50, sense)))
    assert (row.price_low, row.price_high) == (pytest.approx(3), pytest.approx(7))


def test_at_most(grid):
    """Proves: a target that holds down has a price below zero, up to what would be built without it.

    160 MW are worth building at 100 each against 10,000 an hour of unserved energy; 30 MW stand.
    If it were broken, the price would be positive, or the interval would end at the room of 230 MW.
    """
    small = grid(1, 160).add("wind", existing=30, room=200, series=[1]).cost("wind", investment=1000)
    small.group("clean", "wind").add("capacity_totals", group="clean", sense="<=", capacity=100).target("total")
    (row,) = board(looked(small.solve()))
    assert row.shadow_price == pytest.approx(-10 * (8760 * 10_000 - 100))
    assert (row.price_low, row.price_high) == (pytest.approx(3), pytest.approx(16))


def test_a_priced_clause_has_the_price_of_missing_it(grid):
    """Proves: what is missed at 200 CNY/MW is missed without end, and not before the cheap site is full.

    If it were broken, the interval would end at 270 MW, where a hard clause would.
    """
    (row,) = board(looked(two_sites(grid, 100, strictness="priced", penalty=200)))
    assert row.shadow_price == pytest.approx(10 * 200)
    assert (row.price_low, row.price_high) == (pytest.approx(7), INF)


def half_clean(grid):
    """Half of all capacity clean: 60 MW of coal stand, 30 of wind, 40 more at 100 CNY/MW a year."""
    small = grid(1).add("wind", existing=30, room=40, series=[0]).add("thermal", existing=60)
    small.cost("wind", investment=1000).group("clean", "wind").group("all", "wind", "coal")
    small.zone(demand=1, unserved_price=0).add("capacity_shares", share=0.5)
    return small.target("clean").solve()


def test_a_share_tells_by_how_much_its_row_moves(grid):
    """Proves: the row of a share is clean - 0.5 (clean + coal) >= 0; one MW on its right asks two MW clean.

    60 MW of wind; the row can move by -15 MW (30 clean) and by 5 MW (70 clean) at 200 CNY a MW.
    If it were broken, these would stand as per cent: 48.5 to 50.5.
    """
    small = half_clean(grid)
    result = looked(small)
    (row,) = board(result)
    assert (row.unit, row.price_unit) == ("%", "MW")
    assert (row.price_low, row.price_high) == (pytest.approx(-15), pytest.approx(5))
    for by, cost in ((-14, -2800), (4, 800), (-16, -3000)):
        nudged = small.nudged("capacity_share/requirement", "clean", by)
        assert nudged.objective - small.objective == pytest.approx(cost), by


@pytest.mark.parametrize("capacity", [50, 100])
def test_cost_follows_the_price_inside_and_leaves_it_outside(grid, capacity):
    """Proves: the cost of a moved target is the price times the move inside the interval, and dearer beyond it.

    If it were broken, an interval too long would promise a price that does not hold, one too short would hide it.
    """
    small = two_sites(grid, capacity)
    (found,) = looked(small).price_ranges
    row = ("capacity_total/requirement", "total")
    for share in (0.3, 0.999):
        for end in (found.low, found.high):
            moved = small.nudged(*row, share * end).objective - small.objective
            assert moved == pytest.approx(found.up * share * end)
    assert small.nudged(*row, found.low - 1).objective - small.objective > found.up * (found.low - 1) + 50
    if found.high < 100:
        assert small.nudged(*row, found.high + 1).objective - small.objective > found.up * (found.high + 1) + 50


def test_hours_have_no_interval(grid):
    """Proves: a clause that is said hour by hour has a price and no interval, and a word why.

    If it were broken, its yearly row alone would be moved, which the hours hold still.
    """
    small = grid(2, 10).add("thermal", existing=10).group("coal", "coal")
    small.add("coal_off_seasons", first_month=1, last_month=1).target("season")
    (row,) = board(looked(small.solve()))
    assert row.price_note == "no interval: asked of every hour"
    assert (row.price_low, row.price_high) == (None, None)


def test_an_interior_solution_has_none(grid):
    """Proves: without a vertex nothing is promised.

    If it were broken, prices between those of a kink would be told as prices.
    """
    small = two_sites(grid, 50)
    interior = solve(small.problem, read_profile("ipx"))
    assert interior.basis is None
    (row,) = board(looked(replace(small, solution=interior)))
    assert row.price_note == "no interval: interior solution"
    assert row.price_low is None


def test_whole_numbers_are_held(grid):
    """Proves: with whole units the price and its interval are of the problem with these fixed, and it says so.

    One unit of 40 MW runs for 36 MW of demand; wind costs as before: 30 to 70 MW.
    If it were broken, HiGHS would be given whole numbers and no basis, and the note would miss.
    """
    small = grid(1, 36, case={"commitment": "whole"}).add("wind", existing=30, room=40, series=[0])
    small.cost("wind", investment=1000).group("clean", "wind")
    small.add("thermal", existing=40, unit_size=40, minimum_output=0.9)
    small.add("capacity_totals", group="clean", sense=">=", capacity=50).target("total")
    found = solved(assemble(small.system(), workers=1), read_profile("mip"))
    (row,) = board(looked(found, read_profile("mip")))
    assert (row.price_low, row.price_high) == (pytest.approx(3), pytest.approx(7))
    assert row.price_note == "whole numbers fixed"


def test_the_interval_holds_that_of_the_solver(grid):
    """Proves: what HiGHS finds by a ratio test at its basis lies inside the interval, and is it where prices differ.

    If it were broken, rows would be mixed up, or the scaling of bounds would not be taken back.
    """
    small = two_sites(grid, 50)
    result = looked(small)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(_model(small.problem, PROFILE))
    solver.run()
    _, ranging = solver.getRanging()
    row = yearly_row(small.problem, result.requirements[0])
    ends = [np.array(part.value_)[row] / PROFILE.power_scale for part in (ranging.row_bound_dn, ranging.row_bound_up)]
    assert ends == [pytest.approx(30), pytest.approx(70)]
    (found,) = result.price_ranges
    assert (50 + found.low, 50 + found.high) == (pytest.approx(ends[0]), pytest.approx(ends[1]))
