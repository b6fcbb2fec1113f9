"""What a line misses and why: known answers by hand, sums, and limits relieved and solved again."""

import numpy as np
import pytest

from outcome.systems import result_of
from qhenergy.ground.faults import InputError
from qhenergy.outcome import delivery
from qhenergy.outcome.delivery import hours_of_line, missed_causes

STAGE = 2025


def causes(result, hour=None):
    """Missed energy by (cause, limit) [MWh]."""
    table, hours = missed_causes(result, "dc", STAGE), hours_of_line(result, "dc", STAGE)
    parts = table.groupby("hour")["energy [MWh]"].sum()
    # The parts of an hour sum to the whole, whatever the causes are.
    assert parts.to_numpy() == pytest.approx(hours.loc[parts.index, "missed"].to_numpy())
    assert parts.sum() == pytest.approx(hours["missed"].sum())
    if hour is not None:
        table = table[table["hour"] == hour]
    return table.groupby(["cause", "limit"])["energy [MWh]"].sum().to_dict()


def short(small):
    """What is missed in all modelled hours of a system solved anew [MWh]."""
    return float(hours_of_line(result_of(small.solve()), "dc", STAGE)["missed"].sum())


def line(small, values, **row):
    """A line of 100 MW on a curve."""
    return small.curve("curve", values).add("send_out", capacity=100, schedule="curve", curve="curve", **row)


def sunny(grid, sun=60.0):
    """Sun of 60 MW in hour 0 and none in hour 1; the line asks 50 in both."""
    return line(grid(2, 0).add("solar", existing=sun, series=[1, 0.5]), [0.8, 0.8])


def test_not_enough_sun(grid):
    """Proves: what lacks sun lacks it: 80 asked, 60 and 30 there, 20 and 50 missed; a tenth more sun gives 6 and 3.

    If it were broken, the price would be named, since nothing else supplies.
    """
    assert causes(result_of(sunny(grid).solve())) == pytest.approx({("weather", "sun"): 70})
    assert short(sunny(grid, sun=66)) == pytest.approx(61)


def behind(grid, road=30.0):
    """A line of b behind a road of 30 MW from a, where coal is idle."""
    small = grid(1).zone("a", 0).zone("b", 0).add("thermal", zone="a", existing=200)
    return line(small.add("corridors", existing=road), [0.7], zone="b")


def test_full_corridor(grid):
    """Proves: a corridor that is full is the cause, not the plants behind it: 70 asked, 30 pass. 5 MW more carry 5.

    If it were broken, capacity would be named, though 170 MW of coal are idle.
    """
    assert causes(result_of(behind(grid).solve())) == pytest.approx({("section", "road"): 40})
    assert short(behind(grid, road=35)) == pytest.approx(35)


def test_plants_at_full_output(grid):
    """Proves: coal at full output is capacity; relieving it by 10 MW moves 10."""
    small = line(grid(1, 0).add("thermal", existing=50), [0.7])
    assert causes(result_of(small.solve())) == pytest.approx({("capacity", "coal"): 20})
    small.rows["thermal"][0]["existing"] = 60
    assert short(small) == pytest.approx(10)


def test_dear_plants_at_full_output(grid):
    """Proves: coal at 900 of a shortfall at 1,000 is capacity still, of little weight: 100 CNY a MW.

    If it were broken, a plant most of whose value is fuel would not be looked at, and the price be named.
    """
    small = grid(1, 0).add("thermal", existing=50).add("fuels", price=90)
    found = causes(result_of(line(small, [0.7]).solve()))
    assert found == pytest.approx({("capacity", "coal"): 20})


def test_full_plants_that_had_to_start(grid):
    """Proves: coal at full output for one hour of two is capacity, though its starts have duals too.

    If it were broken, `minimum` would share for the rows of starts and times, which hold no more than the rating does.
    """
    small = grid(3, 0).add("thermal", existing=50, start_cost=200, minimum_up=2, minimum_down=2)
    found = causes(result_of(line(small, [0.0, 0.7, 0.7]).solve()))
    assert found == pytest.approx({("capacity", "coal"): 40})


def test_price_alone(grid):
    """Proves: coal at 100 with room, a shortfall at 60: nothing binds, the cause is the price.

    If it were broken, capacity or sun would be named; relieving them (200 MW more coal) moves nothing.
    """
    small = line(grid(1, 0).add("thermal", existing=100), [0.7], shortfall_price=60)
    assert causes(result_of(small.solve())) == pytest.approx({("price", ""): 70})
    small.rows["thermal"][0]["existing"] = 300
    assert short(small) == pytest.approx(70)


def stored(grid, power=50.0, duration=0.8):
    """Sun of 200 MW in hour 0, the line asks 50 in hour 1 only; cells of 50 MW and 40 MWh."""
    small = grid(2, 0).add("solar", existing=200, series=[1, 0])
    small.add("batteries", existing=power, duration=duration)
    return line(small, [0, 0.5])


def test_empty_store(grid):
    """Proves: cells that hold too little are the store's, though it is also night: 40 of 50 delivered.

    The sun of hour 1 is worth as much, and there is none: both share. Cells of 45 MWh deliver 45.
    If it were broken, the cause would be the weather alone.
    """
    found = causes(result_of(stored(grid).solve()), hour=1)
    assert found == pytest.approx({("store", "cells"): 5, ("weather", "sun"): 5})
    assert short(stored(grid, duration=0.9)) == pytest.approx(5)


def test_store_at_its_power(grid):
    """Proves: discharging power binds as well: 40 MW for ten hours deliver 40 of 50; 45 MW deliver 45."""
    found = causes(result_of(stored(grid, power=40, duration=10).solve()), hour=1)
    assert found[("store", "cells")] == pytest.approx(5)
    assert short(stored(grid, power=45, duration=10)) == pytest.approx(5)


def test_water_that_is_given_out(grid):
    """Proves: a reservoir with 30 m3/s-hours for 50 is water: 20 missed; inflow of 10 more delivers 10."""

    def river(inflow):
        small = grid(2, 0).station(inflow=inflow, existing=100, live_storage=1.0)
        return line(small, [0.25, 0.25])

    assert causes(result_of(river(15).solve())) == pytest.approx({("water", "dam"): 20})
    assert short(river(20)) == pytest.approx(10)


def poled(grid, strictness="hard"):
    """Coal that may not fall below a minimum; the loss of half the line asks that much reserve down."""
    small = grid(1, 0).add("thermal", existing=100, minimum_output=0.7, unit_size=100)
    small.group("ready", "coal").add(
        "reserves", direction="down", size="largest_pole", send_out="dc", share=0.5, pole_of="sent"
    )
    return line(small.target("reserve", strictness), [0.9])


def test_reserve_for_a_pole(grid):
    """Proves: a reserve that holds the line itself is the reserve's, by its name.

    Coal on line x gives up to x and could be lowered to 0.7 x; sending s asks 0.5 s <= s - 0.7 x with s <= x: s = 0.
    All 90 are missed. If it were broken, coal would be named, which has room.
    """
    assert causes(result_of(poled(grid).solve())) == pytest.approx({("reserve", "reserve"): 90})
    assert short(poled(grid, strictness="watched")) == pytest.approx(0)


def test_clean_export_clause(grid):
    """Proves: a clause that allows clean energy only is named: 20 of wind for 70 asked, coal idle.

    If it were broken, the price or capacity of coal would be named.
    """
    small = grid(1, 0).add("wind", existing=20, series=[1]).add("thermal", existing=100).group("clean", "wind")
    small = line(small.add("clean_exports"), [0.7]).target("export")
    found = causes(result_of(small.solve()))
    assert found == pytest.approx({("clause", "export"): 50})


def test_units_that_are_not_on_line(grid):
    """Proves: coal that cannot ramp is the minimum's: 20 MW an hour from 0, 60 asked in one hour of three."""
    small = grid(3, 0).add("thermal", existing=100, ramp=0.2, minimum_output=0.0)
    small = line(small, [0, 0.6, 0])
    found = causes(result_of(small.solve()))
    assert {cause for cause, _ in found} == {"minimum"}


def test_hours_of_a_line_by_hand(grid):
    """Proves: asked, sent, missed, received, cost and price of an hour.

    Coal of 60 at 100; 50 and 80 asked; 20 missed at 1,000. Loss 10 %.
    If it were broken, costs would be 4380 times as large, or received without the loss.
    """
    small = line(grid(2, 0).add("thermal", existing=60), [0.5, 0.8], loss=0.1)
    result = result_of(small.solve())
    hours = hours_of_line(result, "dc", STAGE)
    assert hours["asked"].tolist() == pytest.approx([50, 80])
    assert hours["missed"].tolist() == pytest.approx([0, 20])
    assert hours["received"].tolist() == pytest.approx([45, 54])
    assert hours["cost"].tolist() == pytest.approx([100, 1000])
    assert hours["price"].tolist() == pytest.approx([100, 1000])
    assert delivery.utilisation(result, "dc", hours) == pytest.approx(4380 * 1.1)
    assert delivery.mean_cost(hours) == pytest.approx((50 * 100 + 60 * 1000) / 110)
    month = delivery.months(hours).loc[1]
    assert month[["asked", "sent", "missed", "hours", "largest"]].tolist() == pytest.approx(
        [4380 * 130, 4380 * 110, 4380 * 20, 4380, 20]
    )


def test_firm_power_by_hand(grid):
    """Proves: firm power at 75 % of four hours is the third best, at 100 % the worst; peak hours are those given."""
    small = grid(4, 0).add("wind", existing=100, series=[0.4, 0.1, 0.3, 0.2])
    small = line(small, [1, 1, 1, 1]).add("receiving_peaks", line="dc", month=1, first_hour=3, last_hour=1)
    result = result_of(small.solve())
    hours = hours_of_line(result, "dc", STAGE)
    every = np.ones(4, dtype=bool)
    assert delivery.firm_power(hours, every, (0.75, 1.0)) == pytest.approx({0.75: 20, 1.0: 10})
    peak = delivery.at_peak(result, "dc", hours)
    assert peak.tolist() == [True, True, False, True]
    assert delivery.firm_power(hours, peak, (1.0,)) == pytest.approx({1.0: 10})


def test_worst_days_by_hand(grid):
    """Proves: days come by what they miss, then by the least margin.

    Three days of coal of 50 MW, 20 asked; the second asks 60 in an hour and misses 10, the third 40: 10 MW are left.
    If it were broken, the first day would come before the third, or unused units count only while on line.
    """
    small = grid(72, [0.0] * 24).add("thermal", existing=50).curve("curve", [0.2])
    small.add("send_out", capacity=100, schedule="curve", curve="curve")

    def change(system):
        frame = system.series["send_out/curve"]
        frame.loc[30, "dc"] = 0.6
        frame.loc[60, "dc"] = 0.4

    days = delivery.worst_days(result_of(small.solve(change)), "dc", STAGE, 3)
    assert days["day"].tolist() == [1, 2, 0]
    assert days["missed"].tolist() == pytest.approx([10, 0, 0])
    assert days["margin"].tolist() == pytest.approx([0, 10, 30])
    assert days[["first", "last"]].iloc[0].tolist() == [24, 47]


def test_curtailment_with_and_without_the_line(grid):
    """Proves: the line of 80 saves 30 + 30 of 60 and 30 of sun; two results of one fleet are compared."""
    with_line = result_of(sunny(grid).solve())
    small = sunny(grid)
    small.rows["send_out"][0]["in_service_year"] = 2030
    without = result_of(small.solve())
    table = delivery.curtailment_difference(with_line, without, STAGE)
    assert table.loc["pv"].tolist() == pytest.approx([0, 4380 * 90, -4380 * 90])


def test_a_line_that_is_not_there_is_refused(grid):
    """Proves: a line nobody knows is refused with the lines there are."""
    with pytest.raises(InputError, match="dc"):
        hours_of_line(result_of(sunny(grid).solve()), "ac", STAGE)
