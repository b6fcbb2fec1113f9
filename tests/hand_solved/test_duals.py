"""A dual is the change of yearly cost when the right-hand side rises by one."""

import pytest


def system(grid):
    """A store, a river with a least release, a capped coal plant, a clean share, a curve: rows of every floor."""
    small = grid(4, [81.7, 123.1, 97.3, 58.9], case={"time": {"window_hours": 2}})
    small.add("wind", existing=47.3, room=100, series=[0.83, 0.31, 0.17, 0.71]).cost("wind", investment=3.1e7)
    small.add("thermal", existing=91.7, minimum_output=0.43, start_cost=71, ramp=0.37, minimum_up=2, minimum_down=2)
    small.add("batteries", existing=9.1, duration=2, charge_efficiency=0.95, discharge_efficiency=0.9)
    small.station(inflow=11.3, existing=19.7, live_storage=0.05).rule("dam", minimum_release=8.3)
    small.curve("flat", [0.29]).add("send_out", capacity=53, schedule="curve", curve="flat", shortfall_price=700)
    small.group("clean", "wind").group("all", "wind", "coal").add("capacity_shares", share=0.57).target("clean")
    return small.add("co2_caps", cap=44.3 * 8760).target("cap")


ROWS = [
    ("balance/energy", "z", 0),
    ("balance/energy", "z", 1),
    ("balance/energy", "z", 3),
    ("battery/energy_balance", "cells", 1),
    ("hydro/water_balance", "dam", 2),
    ("hydro/minimum_release", "dam", 3),
    ("thermal/commitment", "coal", 1),
    ("send_out/schedule", "dc", 2),
    ("wind/output_limit", "wind", 1),
    ("capacity/balance", "wind", 0),
    ("capacity_share/requirement", "clean", 0),
    ("co2_cap/requirement", "cap", 0),
    ("meter/co2_cap_reading", "cap", 1),
]


@pytest.mark.parametrize(("family", "member", "number"), ROWS)
def test_dual_is_what_a_nudge_costs(grid, family, member, number):
    """Proves: raising a right-hand side by a little changes the optimal cost by its dual times as much.

    Where the cost has a kink at this side the dual lies between the changes either way.
    If it were broken, duals would be per hour instead of per year, scaled, or of the wrong sign.
    """
    solved = system(grid).solve()
    step = 1e-4
    dual = solved.dual(family, member)[number]
    up = (solved.nudged(family, member, step, number).objective - solved.objective) / step
    down = (solved.objective - solved.nudged(family, member, -step, number).objective) / step
    rounding = 1e-9 * abs(solved.objective) / step
    assert down - rounding <= dual <= up + rounding
    assert up == pytest.approx(down, abs=2 * rounding + 1e-3 * abs(dual)), "a kink: choose other numbers"


def test_some_of_these_duals_are_not_zero(grid):
    """Proves: the nudges above mean something.

    If it were broken, a system in which nothing binds would pass them all.
    """
    solved = system(grid).solve()
    bites = [row for row in ROWS if abs(solved.dual(row[0], row[1])[row[2]]) > 1]
    assert len(bites) >= 9, bites


def test_price_of_the_marginal_plant(grid):
    """Proves: the dual of a balance is the marginal price times the hours that the hour stands for.

    Coal at 100 is marginal in hour 0, unserved energy at 10,000 in hour 1: 4,380 hours each.
    If it were broken, the dual would be 100, or -438,000.
    """
    solved = grid(2, [50, 150]).add("thermal", existing=100).solve()
    assert solved.dual("balance/energy", "z") == pytest.approx([438_000, 43_800_000])
