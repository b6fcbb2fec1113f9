"""The target board: achieved, slack, status and shadow price of every clause."""

import pytest

from outcome.systems import result_of
from qhenergy.outcome.board import board, board_table
from qhenergy.policy import domestic_first, hourly


def rows_of(small):
    return {row.clause: row for row in board(result_of(small.solve()))}


@pytest.fixture
def sunny(grid):
    """100 MW of demand, 200 MW of coal, sun that may be built at 1000 CNY/MW/yr and costs nothing to run."""
    small = grid(2, 100).add("solar", room=1000, series=[0.5, 0.5]).add("thermal", existing=200)
    return small.cost("pv", investment=10_000_000).group("sun", "pv").group("all", "pv", "coal")


def test_binding_capacity_and_its_shadow_price(sunny):
    """Proves: 100 MW asked are built and not more; the price per 10^4 kW is what ten more MW cost.

    A MW of sun costs 10^6 CNY a year and saves 0.5 * 8760 * 100 CNY of coal: 562 000 net, 5.62e6 per 10^4 kW.
    If it were broken, the unit would be per MW.
    """
    sunny.add("capacity_totals", group="sun", sense=">=", capacity=100).target("total")
    row = rows_of(sunny)["total"]
    assert (row.required, row.unit, row.status) == (pytest.approx(10), "10^4 kW", "binding")
    assert row.achieved == pytest.approx(10)
    assert row.slack == pytest.approx(0, abs=1e-6)
    assert row.shadow_price == pytest.approx(10 * (1e6 - 0.5 * 8760 * 100))
    assert row.shadow_price_unit == "CNY/yr per 10^4 kW"


def test_shadow_price_of_a_share_is_what_one_more_percent_costs(sunny):
    """Proves: the dual of a share carries its base: raising it by 0.1 % changes the cost by a tenth of the price."""

    def solved(share):
        sunny.rows["capacity_shares"] = []
        sunny.add("capacity_shares", group="sun", of_group="all", share=share)
        return sunny.solve()

    sunny.target("clean")
    low, high = solved(0.300), solved(0.301)
    row = board(result_of(low))[0]
    assert row.unit == "%"
    assert row.achieved == pytest.approx(30)
    assert 0.1 * row.shadow_price == pytest.approx(high.objective - low.objective, rel=5e-3)


def test_met_with_room_and_ceiling(sunny):
    """Proves: slack is positive on the good side of either sense, and what does not bind costs nothing."""
    sunny.add("capacity_totals", clause="floor", group="all", sense=">=", capacity=150).target("floor")
    sunny.add("capacity_totals", clause="top", group="all", sense="<=", capacity=900).target("top")
    rows = rows_of(sunny)
    assert rows["floor"].status == rows["top"].status == "met with room"
    assert rows["floor"].slack == pytest.approx(5)
    assert rows["top"].slack == pytest.approx(70)
    assert rows["floor"].shadow_price == pytest.approx(0, abs=1e-6)


def test_priced_and_missed(sunny):
    """Proves: a priced clause that is cheaper to miss is missed, at its penalty."""
    sunny.add("capacity_totals", group="sun", sense=">=", capacity=100).target("total", "priced", 1000)
    row = rows_of(sunny)["total"]
    assert row.status == "missed"
    assert row.slack == pytest.approx(-10)
    assert row.shadow_price == pytest.approx(10 * 1000)


def test_watched_clauses_have_no_price(sunny):
    """Proves: a watched clause tells whether it is met and costs nothing."""
    sunny.add("capacity_totals", clause="met", group="all", sense=">=", capacity=150).target("met", "watched")
    sunny.add("capacity_totals", clause="missed", group="sun", sense=">=", capacity=10).target("missed", "watched")
    rows = rows_of(sunny)
    assert (rows["met"].status, rows["missed"].status) == ("watched: met", "watched: missed")
    assert rows["met"].shadow_price is rows["missed"].shadow_price is None


def test_clauses_of_later_years_are_not_in_force(sunny):
    """Proves: a clause of 2030 stands on the board of 2025, without numbers."""
    sunny.add("capacity_totals", group="sun", sense=">=", capacity=100, year=2030, document="paper", line="7").target(
        "total"
    )
    row = rows_of(sunny)["total"]
    assert (row.status, row.required, row.achieved) == ("not in force", None, None)
    assert (row.document, row.line) == ("paper", "7")


@pytest.mark.parametrize(
    ("strictness", "status", "price"), [("hard", "paid", 50e4), ("watched", "watched: not paid", None)]
)
def test_a_price_on_co2_shows_emissions(grid, strictness, status, price):
    """Proves: 100 MW of coal at a tonne a MWh emit 87.6 * 10^4 t; the price is told per 10^4 t."""
    small = grid(2, 100).add("thermal", existing=200).add("co2_prices", price=50).target("price", strictness)
    row = rows_of(small)["price"]
    assert (row.sense, row.unit, row.status) == ("price", "10^4 t", status)
    assert row.achieved == pytest.approx(87.6)
    assert row.shadow_price == price or row.shadow_price == pytest.approx(price)


def test_the_table_has_every_clause_of_the_case(two_zones):
    """Proves: one row for each clause, with its wording."""
    table = board_table(two_zones)
    assert sorted(table["clause"]) == sorted(c.name for c in two_zones.clauses)
    assert table["quote"].str.len().gt(0).all()


def test_hours_of_no_concern_are_not_looked_at(grid, monkeypatch):
    """Proves: the tightest hour of a clause about every hour is one that it concerns.

    A line is asked to send in the first hour only; the clause, made to leave 5 MW there, has room.
    If it were broken, the second hour would count as one without any room (binding).
    """

    def roomy(window, kind, unit, asked):
        more = [(c, lambda t, room=room: None if room(t) is None else 5.0 + room(t)) for c, room in asked]
        hourly.write_hours(window, kind, unit, more)

    monkeypatch.setattr(domestic_first, "write_hours", roomy)
    small = grid(2, 10).add("thermal", existing=20).curve("first", [1, 0]).add("domestic_first").target("home")
    row = rows_of(small.add("send_out", capacity=5, schedule="curve", curve="first"))["home"]
    assert (row.status, row.achieved, row.hours_missed) == ("met with room", pytest.approx(0.5), 0)
