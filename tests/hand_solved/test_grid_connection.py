"""Plants that share one way to the grid."""

import pytest

from qhenergy.ground.faults import InputError


def hybrid(grid, demand=(100, 20), **gate):
    """PV of 80 MW in hour 0 with a battery beside it; coal at 100 CNY/MWh serves the rest."""
    small = grid(2).zone(demand=demand).add("thermal", existing=200)
    small.add("solar", existing=80, series=[1, 0]).add("batteries", existing=50, duration=4)
    small.add("grid_connections", **gate)
    return small.add("connection_members", asset="sun").add("connection_members", asset="cells")


@pytest.mark.parametrize("gate", [{"existing": 50}, {"share": 50 / 130}, {"existing": 24, "share": 0.2}])
def test_members_pass_together(grid, gate):
    """Proves: what the plants give together stays below the limit; what one takes from another does not pass.

    50 MW of the 80 pass in hour 0, 20 of the others are charged behind the gate for hour 1: 50 MWh of coal.
    If it were broken, 40 MWh would be burnt (no limit) or 70 (what is charged passes the gate).
    """
    solved = hybrid(grid, **gate).solve()
    output, charge = solved.column("solar/output"), solved.column("battery/charge")
    assert output - charge + solved.column("battery/discharge") == pytest.approx([50, 20])
    assert solved.column("thermal/output") == pytest.approx([50, 0])


def test_limit_also_holds_for_what_is_taken(grid):
    """Proves: the members may not draw more from the grid than the connection holds.

    Wind of 150 MW stands in front of the gate, in hour 0 only, and 100 are used: 20 of the 50 left over pass the gate.
    If it were broken, 50 would be charged and coal would burn 50 instead of 80 in hour 1.
    """
    small = grid(2, 100).add("thermal", existing=200).add("wind", existing=150, series=[1, 0])
    small.add("batteries", existing=80, duration=4).add("grid_connections", existing=20)
    solved = small.add("connection_members", asset="cells").solve()
    assert solved.column("battery/charge") == pytest.approx([20, 0])
    assert solved.column("thermal/output") == pytest.approx([0, 80])


def test_candidate_is_built_where_it_is_worth_its_cost(grid):
    """Proves: a connection with room is built at the cost of its technology, against what is curtailed behind it.

    PV of 80 MW replaces coal at 100 CNY/MWh in one hour of 8,760: 876,000 a MW. The gate costs 500,000 a MW, then
    1,000,000.
    If it were broken, 80 would be passed for nothing, or nothing at either price.
    """
    for price, built in ((5e6, 80), (1e7, 0)):
        small = grid(1, 100).add("thermal", existing=200).add("solar", existing=80, series=[1])
        small.cost("gate", investment=price).add("grid_connections", room=500)
        solved = small.add("connection_members", asset="sun").solve()
        assert solved.column("capacity/built", "gate") == pytest.approx([built])
        assert solved.objective == pytest.approx(built * price / 10 + 8760 * 100 * (100 - built))


def test_share_follows_what_is_built(grid):
    """Proves: a share of members' capacity counts what the plan builds of them.

    PV costs 100,000 CNY/MW a year and half of it passes: 876,000 / 2 saved, so that 200 MW are built for 100.
    If it were broken, nothing would pass, since no PV stands yet.
    """
    small = grid(1, 100).add("thermal", existing=200).add("solar", room=500, series=[1])
    small.cost("pv", investment=1e6).add("grid_connections", share=0.5)
    solved = small.add("connection_members", asset="sun").solve()
    assert solved.column("capacity/built", "sun") == pytest.approx([200])


def test_member_that_cannot_be_behind_it_is_refused(grid):
    """Proves: a plant there is not, one of another zone and one behind two gates are all said at once.

    If it were broken, a misspelt plant would pass without a limit.
    """
    small = hybrid(grid, existing=50).zone("elsewhere", 1)
    small.add("wind", zone="elsewhere", existing=1, series=[1, 1])
    small.add("grid_connections", asset="other", existing=1).add("connection_members", connection="other", asset="sun")
    small.add("connection_members", asset="wind").add("connection_members", asset="suns")
    with pytest.raises(InputError) as refused:
        small.solve()
    found = " ".join(fault.found for fault in refused.value.faults)
    assert len(refused.value.faults) == 3
    assert '"suns"' in found
    assert 'zone "elsewhere"' in found
    assert 'behind "gate" as well' in found
