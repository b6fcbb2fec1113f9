"""Photovoltaic plants."""

import pytest


def test_output_stays_below_what_the_sun_allows(grid):
    """Proves: output <= factor * capacity, the rest is curtailed without cost.

    100 MW at 0, 0.5 and 1 against 60 MW: 0 + 50 + 60, coal makes 60 + 10.
    If it were broken, coal would make 0 (no factor) or 30 (mean factor); surplus could not be left (infeasible).
    """
    solved = grid(3, 60).add("solar", existing=100, series=[0, 0.5, 1]).add("thermal", existing=100).solve()
    assert solved.column("solar/output") == pytest.approx([0, 50, 60])
    assert solved.objective == pytest.approx(2920 * 70 * 100)


def test_builds_until_the_next_megawatt_no_longer_pays(grid):
    """Proves: capacity of the plan limits every hour, and is built while it saves more than its annuity.

    Factors 1 and 0.5 against 50 MW: up to 50 MW built saves 1.5 MWh of coal, then 0.5 MWh, of each pair of hours;
    that is 657,000, then 219,000 CNY/MW a year. At 400,000 CNY/MW a year exactly 50 MW are built.
    If it were broken, it would build 0, 100 or all of its room (500).
    """
    small = grid(2, 50).add("solar", room=500, series=[1, 0.5]).add("thermal", existing=100)
    solved = small.cost("pv", investment=4e6).solve()
    assert solved.column("capacity/built") == pytest.approx([50])
    assert solved.objective == pytest.approx(50 * 400_000 + 4380 * 25 * 100)
    # The last megawatt is worth its price: what the limits of both hours give adds up to the annuity.
    assert -(solved.dual("solar/output_limit") @ [1, 0.5]) == pytest.approx(400_000)


def test_room_committed_and_earliest_year(grid):
    """Proves: committed capacity counts from its year and is paid, room opens with the earliest year.

    Existing 10; committed 20 for 2024 counts, committed 40 for 2026 does not; room 5 opens in 2025, room 7 in 2026.
    Unserved: 100 - (30 + 5) and 100 - 10 on two plants: 100 - 45 in one zone.
    If it were broken, what is not served would be 15 (2026 counted), 8 or 65.
    """
    small = grid(1, 100)
    small.add(
        "solar", asset="near", existing=10, committed=20, committed_year=2024, room=5, earliest_year=2025, series=[1]
    )
    small.add(
        "solar", asset="far", existing=10, committed=40, committed_year=2026, room=7, earliest_year=2026, series=[1]
    )
    solved = small.cost("pv", investment=1000, fixed_om=3).solve()
    assert solved.column("demand/unserved") == pytest.approx([55])
    # 20 committed and 5 built are paid at 100 a year each; all 45 MW in service cost 3 each.
    assert solved.costs["investment/pv"] == pytest.approx(25 * 100)
    assert solved.costs["fixed O&M/pv"] == pytest.approx(45 * 3)
