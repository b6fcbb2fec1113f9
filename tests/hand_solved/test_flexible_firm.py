"""What loads on call, and vehicles that give back, are worth to reserve and to adequacy."""

import pytest
from outcome.systems import result_of
from small_loads import plant

from qhenergy.outcome.standby import reserve_room


def on_call(grid, strictness, existing=30.0, **clause):
    """50 MW in two hours, of 50 MW of coal and of gas at 300 CNY/MWh with half as minimum; 20 MW are to stand by.

    Half of a load of 40 and of 10 MW may be called off, at 250 CNY/MWh.
    """
    small = grid(2, [50, 50]).add("thermal", existing=50).group("ready", "coal", "gas", "flexible")
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=200, minimum_output=0.5)
    small.add("fuels").add("fuels", fuel="gas", price=30)
    plant(small, [40, 10], existing=existing, calls=4380, call_hours=2, call_price=250, lower_share=0.5)
    row = {"size": "fixed", "amount": 20, "direction": "up", **clause}
    return small.add("reserves", **row).target("reserve", strictness)


@pytest.mark.parametrize(("enrolled", "ready"), [(30, [20, 5]), (8, [8, 5])])
def test_load_on_call_stands_by(grid, enrolled, ready):
    """Proves: what is enrolled stands by, no more than the part of the load that can be switched off.

    Of 40 and 10 MW half can go: 20 and 5, or 8 and 5 where 8 are enrolled. What is left of the 20 that are asked is gas
    on line at its minimum, n: it gives n/2 in place of coal, 200 CNY/MWh dearer, and n stand by in all. Watched, coal
    gives all 50 and the room is what is ready less 20.
    If it were broken, 30 would stand by in both hours (10,000 CNY), or nothing (14,000).
    """
    solved = on_call(grid, "hard", enrolled).solve()
    assert solved.column("reserve/ready") == pytest.approx(ready)
    assert solved.objective == pytest.approx(4380 * sum(5000 + 100 * (20 - r) for r in ready))
    result = result_of(on_call(grid, "watched", enrolled).solve())
    assert reserve_room(result, result.clauses[0], 2025) == pytest.approx([r - 20 for r in ready])


@pytest.mark.parametrize(("duration", "stands"), [(2, True), (3, False)])
def test_calls_last_so_long(grid, duration, stands):
    """Proves: a clause that asks for longer than a call lasts is not answered by it.

    Calls of two hours: 20 and 5 MW stand by for two hours, none for three, when gas has to stand by with all 20.
    If it were broken, both would cost 11,500 CNY for the two hours.
    """
    solved = on_call(grid, "hard", duration=duration).solve()
    assert solved.has("columns", "reserve/ready") == stands
    assert solved.objective == pytest.approx(4380 * (11_500 if stands else 14_000))


def test_what_is_curtailed_stands_by_no_more(grid):
    """Proves: what a load gives up already cannot be called a second time.

    Without coal all is gas at 300 CNY/MWh, and the load on call at 250 gives up its 20 and 5 MW. Of loads alone nothing
    is left for the 20 MW.
    If it were broken, 20 and 5 would still stand by, and the room were 0 and -15.
    """
    small = on_call(grid, "watched")
    small.rows["thermal"][0]["existing"] = 0
    small.rows["groups"] = []
    small.group("ready", "flexible")
    solved = small.solve()
    assert solved.column("flexible_demand/curtailed") == pytest.approx([20, 5])
    result = result_of(solved)
    assert reserve_room(result, result.clauses[0], 2025) == pytest.approx([-20, -20])


@pytest.mark.parametrize(("hours", "built"), [(2, 62), (4, 66)])
def test_loads_count_for_adequacy_by_their_credit(grid, hours, built):
    """Proves: an enrolled load counts by its credit, less where a call is shorter than the credit asks.

    50 MW of demand and a margin of a half: 75 to be firm, of which 10 enrolled count 80 %, 8 MW, and a vehicle's 10
    that may be 4 hours behind 50 %, 5 MW. With calls of two hours where four are asked, 4 and 5. Gas counts in full.
    If it were broken, 75 would be built, or 62 for both.
    """
    small = grid(1, 50).add("thermal", asset="gas", technology="gas", existing=0, room=200)
    small.cost("gas", investment=1000)
    plant(small, 40, existing=10, calls=10, call_hours=2)
    plant(small, 5, asset="vehicle", technology="v2g", existing=10, window=24, behind=4, raise_ratio=1, return_ratio=1)
    for technology, credit in (("gas", 1.0), ("flexible", 0.8), ("v2g", 0.5)):
        small.add("capacity_credits", technology=technology, credit=credit, hours=hours if technology != "gas" else 0)
    solved = small.add("adequacy", margin=0.5).target("firm").solve()
    assert solved.column("capacity/built", "gas") == pytest.approx([built])
