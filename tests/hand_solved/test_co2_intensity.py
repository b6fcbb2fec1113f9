"""CO2 for a MWh consumed."""

import pytest


def fleet(grid, intensity, strictness="hard", gas=20, **zone):
    """10 MW; coal at 100 CNY and 1 t a MWh, gas at 150 and 0.5 t."""
    small = grid(2, case={"time": {"window_hours": 1}}).zone(demand=10, **zone).add("thermal", existing=20)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=gas)
    small.add("fuels").add("fuels", fuel="gas", price=15, emission=0.05)
    return small.add("co2_intensities", intensity=intensity).target("intensity", strictness)


def test_emissions_over_consumption(grid):
    """Proves: 0.8 t for each of 10 MWh are 8 t: 4 MW of gas for coal.

    If it were broken, coal alone would run (1,000).
    """
    solved = fleet(grid, 0.8).solve()
    assert solved.objective == pytest.approx(8760 * 1200)
    assert solved.column("co2_intensity/base") == pytest.approx([87_600])
    assert solved.dual("co2_intensity/requirement") == pytest.approx([-100])


def test_what_is_sent_out_is_not_consumed(grid):
    """Proves: the CO2 of what a line sends weighs on what is consumed at home.

    10 MW at home and 10 on the line: 1.5 t for each MWh at home are 15 t for 20 MW: 10 of gas, 10 of coal.
    If it were broken, 30 t would be allowed and coal alone would run (2,000).
    """
    small = fleet(grid, 1.5).curve("flat", [1]).add("send_out", capacity=10, schedule="curve", curve="flat")
    assert small.solve().objective == pytest.approx(8760 * 2500)


def test_what_is_not_served_is_not_consumed(grid):
    """Proves: leaving demand unserved does not make room for CO2.

    Coal alone, at 1 t, cannot keep to 0.8 t for what it serves: nothing is served, at 150 a MWh.
    If it were broken, coal would serve 8 of 10 MW (800 + 300).
    """
    solved = fleet(grid, 0.8, gas=0, unserved_price=150).solve()
    assert solved.objective == pytest.approx(8760 * 1500)


def test_watched(grid):
    """Proves: watched, emissions and consumption are counted and nothing is enforced.

    If it were broken, gas would run.
    """
    watched = fleet(grid, 0.8, "watched").solve()
    assert watched.objective == pytest.approx(8760 * 1000)
    assert watched.column("co2_intensity/achieved") == pytest.approx([87_600])
