"""Synchronous condensers: rating that costs, and draws power in every hour."""

import pytest


def test_loss_of_what_stands_is_drawn_in_every_hour(grid):
    """Proves: a condenser that stands draws its share of the rating beside the demand.

    100 MVA at 2 % draw 2 MW beside 10 and 20 MW of demand; coal at 100 CNY/MWh: 12 + 22 MW.
    If it were broken, 3,000 would be paid in two hours instead of 3,400.
    """
    small = grid(2, [10, 20]).add("thermal", existing=100).add("condensers", existing=100, loss=0.02)
    solved = small.solve()
    assert solved.column("condenser/loss") == pytest.approx([2, 2])
    assert solved.objective == pytest.approx(4380 * 3400)


def test_loss_follows_what_the_plan_builds(grid):
    """Proves: rating that a clause asks for is built, paid like any asset, and draws its loss.

    40 stand and 60 MVA are built at 100 CNY/MVA a year; 100 MVA at 5 % draw 5 MW of coal at 100 CNY/MWh.
    If it were broken, 2 or 3 MW would be drawn (what stands, or what is new, draws nothing).
    """
    small = grid(1, 10).add("thermal", existing=100).add("condensers", existing=40, room=200, loss=0.05)
    small.cost("condenser", investment=1000).group("condensers", "condenser")
    small.add("capacity_totals", group="condensers", sense=">=", capacity=100).target("total")
    solved = small.solve()
    assert solved.column("condenser/loss") == pytest.approx([5])
    assert solved.objective == pytest.approx(60 * 100 + 8760 * 1500)


def test_none_is_built_where_nothing_asks_for_it(grid):
    """Proves: a candidate that nothing asks for is not built, and one without a loss has no column.

    If it were broken, 10 MW of demand would cost more than 8,760,000.
    """
    small = grid(1, 10).add("thermal", existing=100).add("condensers", room=200, loss=0.05)
    small.add("condensers", asset="still", existing=50)
    solved = small.cost("condenser", investment=1000).solve()
    assert solved.column("condenser/loss", "condenser") == pytest.approx([0])
    assert "still" not in solved.problem.columns.members
    assert solved.objective == pytest.approx(8760 * 1000)
