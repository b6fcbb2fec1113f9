"""Reserve: what could be raised or lowered at once, for what may be lost."""

import numpy as np
import pytest
from outcome.systems import cascade, result_of
from small_system import FLOW_HOUR, YEAR

from qhenergy.ground.faults import InputError
from qhenergy.outcome.board import board
from qhenergy.outcome.standby import reserve_room


def room_of(solved):
    """What every hour leaves of the first clause [MW]."""
    result = result_of(solved)
    return reserve_room(result, result.clauses[0], 2025)


def poles(grid, **clause):
    """A line of 100 MW that sends all of it; coal at 100 with a minimum of 0.6, gas at 300 CNY/MWh without one."""
    small = grid(1, 0).add("thermal", existing=200, minimum_output=0.6).group("ready", "coal", "gas")
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=200)
    small.add("fuels").add("fuels", fuel="gas", price=30).curve("full", [1])
    small.add("send_out", capacity=100, schedule="curve", curve="full", shortfall_price=1e6)
    row = {"direction": "down", "size": "largest_pole", "send_out": "dc", **clause}
    return small.add("reserves", **row).target("reserve")


def test_loss_of_a_pole_asks_for_less_power_at_once(grid):
    """Proves: half of what the line sends must be there to lower, of units that keep their minimum.

    Coal c can fall by 0.4 c, gas by all of its 100 - c: 100 - 0.6 c >= 50 leaves c at 83.3. One MW more takes one
    MW of coal over 0.6 off, at 200 CNY/MWh.
    If it were broken, coal would give all 100 MW at 10,000 an hour, or nothing at 30,000 (whole line).
    """
    solved = poles(grid).solve()
    assert solved.column("thermal/output", "coal") == pytest.approx([250 / 3])
    assert solved.objective == pytest.approx(YEAR * (100 * 250 / 3 + 300 * 50 / 3))
    assert solved.dual("reserve/hourly") == pytest.approx([YEAR * 200 / 0.6])


@pytest.mark.parametrize(("pole_of", "room"), [("sent", 40 - 20), ("rating", 40 - 50)])
def test_the_pole_of_a_line_that_rests_may_be_that_of_its_rating(grid, pole_of, room):
    """Proves: a pole is a share of what is sent, or of the rating where the row says so.

    40 MW are sent, all of which gas could stop giving; half of them are lost, or half of the rating of 100.
    If it were broken, both would ask for the same.
    """
    small = poles(grid, pole_of=pole_of).curve("part", [0.4])
    small.rows["send_out"][0]["curve"] = "part"
    small.rows["thermal"][0]["existing"] = 0
    small.rows["target_sets"][0]["strictness"] = "watched"
    assert room_of(small.solve()) == pytest.approx([room])


def test_largest_unit_asks_for_more_power_at_once(grid):
    """Proves: the largest unit of the fleet is to be replaced, by units on line below what they can.

    Coal of 120 MW, in units of 100, and gas in units of 40 for 50 MW: coal could rise by 70, so that gas g runs at its
    minimum of half: 120 - (50 - g/2) + g/2 >= 100 with g = 30. 15 MW at 300 and 35 at 100 CNY/MWh.
    If it were broken, coal would give all 50 at 5,000 an hour (no reserve, or units of 40) instead of 8,000.
    """
    small = grid(1, 50).add("thermal", existing=120).group("ready", "coal", "gas")
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=200, minimum_output=0.5, unit_size=40)
    small.add("fuels").add("fuels", fuel="gas", price=30)
    small.add("reserves", size="largest_unit", amount=60).target("reserve")
    solved = small.solve()
    assert solved.column("thermal/online", "gas") == pytest.approx([30])
    assert solved.objective == pytest.approx(YEAR * 8000)


def cells(grid, sun, demand, strictness, **clause):
    """100 MW of batteries that hold 50 MWh, and 50 MW of sun in the first of three hours."""
    small = grid(3, demand).add("solar", existing=50, series=sun).group("ready", "cells")
    small.add("batteries", existing=100, duration=0.5).add("reserves", amount=10, **clause)
    return small.target("reserve", strictness)


@pytest.mark.parametrize(("hours", "room"), [(0, [140, 40, 90]), (0.25, [140, -10, -10]), (1, [40, -10, -10])])
def test_a_store_without_energy_has_no_reserve(grid, hours, room):
    """Proves: what a store could change counts as far as its level lasts.

    It charges 50 MW, gives them in the second hour, and is empty in the third; levels 50, 0, 0. In the first hour it
    could stop charging (50) and give 100: for a quarter of an hour, but for a whole one 50 in all. 10 are asked.
    If it were broken, 40 and 90 MW of room would be told of an empty store.
    """
    solved = cells(grid, [1, 0, 0], [0.0, 50.0, 0.0], "watched", duration=hours).solve()
    assert room_of(solved) == pytest.approx(room)
    assert not solved.has("columns", "reserve/backed")


@pytest.mark.parametrize(("hours", "kept"), [(0, 0), (0.5, 5), (1, 10)])
def test_energy_is_kept_for_the_reserve(grid, hours, kept):
    """Proves: where it is enforced, a store keeps what 10 MW take for so long, and demand goes without.

    Of 50 MWh that are demanded, 5 or 10 stay in the store, at 10,000 CNY/MWh.
    If it were broken, all demand would be met, or 10 MWh be kept for any duration.
    """
    solved = cells(grid, [1, 0, 0], [0.0, 50.0, 0.0], "hard", duration=hours).solve()
    assert solved.objective == pytest.approx(YEAR / 3 * 10_000 * kept)
    assert min(room_of(solved)) == pytest.approx(0, abs=1e-6) if kept else True


def test_a_full_store_takes_no_more(grid):
    """Proves: downwards, the room above the level counts.

    Level 50 of 50 after the first hour, 0 after the second, so that 50 MW fit for an hour in the last two.
    If it were broken, the full store would take 50 MW more, or the empty one 150 and 100.
    """
    solved = cells(grid, [1, 0, 0], [0.0, 50.0, 0.0], "watched", duration=1, direction="down").solve()
    assert room_of(solved) == pytest.approx([-10, 40, 40])


@pytest.mark.parametrize(("direction", "room"), [("up", [50, 0]), ("down", [30, 20])])
def test_wind_gives_what_is_curtailed_and_can_stop(grid, direction, room):
    """Proves: upwards the curtailed part counts, downwards the output.

    80 MW could be used of 30 demanded, then 20 of 40.
    If it were broken, capacity would be taken for what the wind allows: 70 and 80 MW up.
    """
    small = grid(2, [30.0, 40.0]).add("wind", existing=100, series=[0.8, 0.2]).group("ready", "wind")
    small.add("reserves", direction=direction, amount=1).target("reserve", "watched")
    assert room_of(small.solve()) == pytest.approx([r - 1 for r in room])


@pytest.mark.parametrize(
    ("direction", "storage", "hours", "room"),
    [("up", 0, 0, 0), ("up", 5, 1, 5), ("up", 5, 0.1, 40), ("down", 0, 1, 10)],
)
def test_hydro_is_backed_by_its_reservoir(grid, direction, storage, hours, room):
    """Proves: a station rises as far as the water lasts, one without a reservoir not at all; either can spill.

    10 m3/s make 10 MW of 50; 5 m3/s-hours are held all year. An hour of 40 MW more would take 40.
    If it were broken, 40 MW would be told of 5 MWh of water.
    """
    small = grid(1, 10).station(inflow=10, existing=50, live_storage=storage * FLOW_HOUR).group("ready", "hydro")
    if storage:
        small.rows["hydro_stations"][0] |= {"initial_fill": 1, "final_fill": 1}
    small.add("reserves", direction=direction, amount=1, duration=hours).target("reserve", "watched")
    assert room_of(small.solve()) == pytest.approx([room - 1])


@pytest.mark.parametrize(("direction", "room"), [("up", [20, 0]), ("down", [0, 20])])
def test_a_tower_is_backed_by_its_heat(grid, direction, room):
    """Proves: heat counts as the electricity it makes.

    40 MWh of heat, all the store holds, are kept from the first hour for 20 MW in the second, of 50.
    If it were broken, 40 MW (heat for electricity) or 50 (none asked for) would stand by in the first hour.
    """
    small = grid(2, [0.0, 20.0]).add("csp", existing=50, store=0.4, series=[1, 0]).group("ready", "csp")
    small.add("reserves", direction=direction, amount=1, duration=1).target("reserve", "watched")
    assert room_of(small.solve()) == pytest.approx([r - 1 for r in room])


@pytest.mark.parametrize(("direction", "room"), [("up", [30 + 15, 0]), ("down", [0, 15])])
def test_hydrogen_is_backed_by_its_tank_and_electrolysers_can_stop(grid, direction, room):
    """Proves: hydrogen counts as the electricity it makes, and electrolysis is power that can be set free.

    30 MWh of hydrogen, all the tank holds, are made of 30 MW for 15 MW in the second hour, of 60.
    If it were broken, 30 MW more would be told of the tank, or 15 less of the electrolysers.
    """
    small = grid(2, [0.0, 15.0]).add("solar", existing=40, series=[1, 0]).group("ready", "hydrogen", "electrolyser")
    small.add("hydrogen_stores", existing=60, duration=0.5, turbine_efficiency=0.5).add("electrolysers", existing=40)
    small.add("reserves", direction=direction, amount=1, duration=1).target("reserve", "watched")
    assert room_of(small.solve()) == pytest.approx([r - 1 for r in room])


@pytest.mark.parametrize(("direction", "room"), [("up", 20), ("down", 0)])
def test_pumps_of_the_river_can_stop(grid, direction, room):
    """Proves: a pump that lifts gives what it takes, and nothing downwards.

    20 m3/s are to be lifted in the hour, for 20 MW.
    If it were broken, it would give nothing, or its capacity of 30 MW.
    """
    water = {"existing": 5, "live_storage": 20 * FLOW_HOUR}
    small = grid(1, 0).station("upper", order=1, downstream="lower", initial_fill=0, final_fill=1, **water)
    small.station("lower", order=2, initial_fill=1, final_fill=0, **water).add("thermal", existing=100)
    small.add("hydro_hubs", mode="pump", existing=30).group("ready", "hub")
    small.add("reserves", direction=direction, amount=1, duration=1).target("reserve", "watched")
    assert room_of(small.solve()) == pytest.approx([room - 1])


def test_priced_and_watched_on_the_board(grid):
    """Proves: a reserve that is cheaper to miss is missed at its price, and the board tells hours and least room.

    Wind of 80 then 20 MW against 30 and 40: 50 and 0 MW up, 20 asked: missed by 20 in the second hour, at 1 CNY.
    If it were broken, the room of the hour would be the claim, 0, or the missing would cost nothing.
    """
    small = grid(2, [30.0, 40.0]).add("wind", existing=100, series=[0.8, 0.2]).group("ready", "wind")
    small.add("thermal", existing=20).add("reserves", amount=20).target("reserve", "priced", 1)
    solved = small.solve()
    row = board(result_of(solved))[0]
    assert (row.status, row.slack, row.hours_missed) == ("missed", pytest.approx(-2), pytest.approx(YEAR / 2))
    assert solved.costs["clauses missed/reserve"] == pytest.approx(YEAR / 2 * 20)


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("kind", ["weeks", "hours"])
def test_what_is_enforced_and_what_is_computed_are_the_same(tmp_path, direction, kind):
    """Proves: claims that are driven up come to what the parts and the returned values say, levels carried or chained.

    A reserve of 1,000 MW is missed in every hour, so that every claim goes as far as it can.
    If it were broken, levels would count from the start of a period, or from the mean of its starts.
    """
    small = cascade(tmp_path / "small").group("ready", "hydro", "wind", "coal", "cells")
    if kind == "hours":
        small.hours, small.case = 48, {}
        small.series = {name: values[:48] for name, values in small.series.items()}
    small.rows["hydro_stations"][0]["live_storage"] = 0.05
    small.add("reserves", amount=1000, direction=direction, duration=2).target("reserve", "priced", 1)
    solved = small.solve()
    room = solved.column("reserve/room")
    assert room_of(solved) == pytest.approx(room, abs=1e-5)
    assert len(set(np.round(room, 3))) > 3


def test_what_can_lose_nothing_is_refused(grid):
    """Proves: a pole of no line, a size of nothing and a group of nothing are faults, all at once.

    If it were broken, the clauses would be met by nothing.
    """
    small = grid(1, 10).add("wind", existing=100, series=[1]).group("ready", "wind").group("none", "cells")
    small.add("reserves", size="largest_pole").target("reserve")
    small.add("reserves", clause="nothing").target("nothing")
    small.add("reserves", clause="nobody", amount=1, group="none").target("nobody")
    with pytest.raises(InputError) as refused:
        small.solve()
    found = [fault.found for fault in refused.value.faults]
    assert found == ["a pole of no line", "a size of nothing in 2025", 'nothing of "none" in 2025']


def test_a_line_still_to_come_has_nothing_to_measure(grid):
    """Proves: before its line stands a clause about its pole measures nothing, and says so.

    If it were broken, it would be met.
    """
    small = poles(grid)
    small.rows["send_out"][0]["in_service_year"] = 2030
    assert board(result_of(small.solve()))[0].status == "nothing to measure"
