"""Why energy is curtailed: known answers by hand, sums, and limits relieved and solved again."""

import pytest

from outcome.systems import result_of
from qhenergy.outcome.curtailment_causes import curtailed, curtailment_causes

STAGE = 2025


def causes(result, hour=None):
    """Energy by (cause, limit) [MWh], of one hour or all."""
    table = curtailment_causes(result, STAGE)
    # The parts of an hour sum to the whole, whatever the causes are.
    whole = curtailed(result, STAGE).sum(axis=1)
    parts = table.groupby("hour")["energy [MWh]"].sum()
    assert parts.to_numpy() == pytest.approx(whole[parts.index].to_numpy())
    assert whole.sum() == pytest.approx(parts.sum())
    if hour is not None:
        table = table[table["hour"] == hour]
    return table.groupby(["cause", "limit"])["energy [MWh]"].sum().to_dict()


def left(small, hour=0):
    """What is curtailed in an hour of a system solved anew [MWh]."""
    return float(curtailed(result_of(small.solve()), STAGE).sum(axis=1).iloc[hour])


def with_line(grid, power=0.5, **line):
    """100 MW of sun in hour 0 and none in hour 1; a line of 100 MW that asks half of it; coal."""
    small = grid(2, 0).add("solar", existing=100, series=[1, 0]).add("thermal", existing=200)
    small.curve("flat", [power])
    return small.add("send_out", capacity=100, schedule="curve", curve="flat", **line)


def test_line_at_its_curve(grid):
    """Proves: sun beyond what the line asks is curtailed by the curve; asking 10 MW more curtails 10 less.

    100 MW of sun, 50 asked: 50 curtailed. If it were broken, nobody would need it, or coal be named (it is off).
    """
    assert causes(result_of(with_line(grid).solve())) == pytest.approx({("curve", "dc"): 50})
    assert left(with_line(grid, power=0.6)) == pytest.approx(40)


def test_coal_that_is_off_is_no_limit(grid):
    """Proves: relieving what is not blamed moves nothing: coal of twice the capacity leaves 50 curtailed."""
    small = with_line(grid)
    small.rows["thermal"][0]["existing"] = 400
    assert left(small) == pytest.approx(50)


def two_places(grid, road=30.0, sun=100.0):
    """Sun in a, demand of 60 and coal in b, a road between."""
    small = grid(1).zone("a", 0).zone("b", 60)
    small.add("solar", zone="a", existing=sun, series=[1]).add("thermal", zone="b", existing=100)
    return small.add("corridors", existing=road)


def test_full_corridor(grid):
    """Proves: sun behind a full corridor is curtailed by it, whatever lies beyond; 10 MW more of it move 10 MWh.

    100 offered, 30 pass, 70 curtailed; beyond it 30 MW of coal run. If it were broken, nobody would need it.
    """
    assert causes(result_of(two_places(grid).solve())) == pytest.approx({("section", "road"): 70})
    assert left(two_places(grid, road=40)) == pytest.approx(60)


def test_corridor_that_has_room_is_not_named(grid):
    """Proves: with a corridor of 80 MW the demand of 60 is served and the rest is nobody's: not the corridor's.

    If it were broken, 40 MWh would be the corridor's. Relieved to 90 MW it moves nothing.
    """
    assert causes(result_of(two_places(grid, road=80).solve())) == pytest.approx({("nobody", ""): 40})
    assert left(two_places(grid, road=90)) == pytest.approx(40)


def test_section_over_a_corridor(grid):
    """Proves: a section that binds before its corridor is named, by its own key."""
    small = two_places(grid, road=80).add("sections", section="cut", limit=30)
    small.add("section_members", section="cut", corridor="road", direction=1)
    assert causes(result_of(small.solve())) == pytest.approx({("section", "cut"): 70})


def with_store(grid, power=20.0, duration=1.0):
    """100 MW of sun in hours 0 and 1, demand of 50 in all four hours, cells and coal."""
    small = grid(4, 50).add("solar", existing=100, series=[1, 1, 0, 0]).add("thermal", existing=100)
    return small.add("batteries", existing=power, duration=duration)


def test_full_store(grid):
    """Proves: a store that is full by hour 1 is the cause in hour 0 too, though it may still have room then.

    200 offered, 100 used, 20 stored: 80 curtailed, all by the store. Energy of 10 MWh more takes 10 MWh.
    If it were broken, hour 0 would have no cause in a solution that charges in hour 1.
    """
    found = causes(result_of(with_store(grid).solve()))
    assert found == pytest.approx({("store", "cells"): 80})
    more = result_of(with_store(grid, duration=1.5).solve())
    assert curtailed(more, STAGE).sum().sum() == pytest.approx(70)


def test_store_at_its_charging_power(grid):
    """Proves: charging power is a limit of the store: 10 MW for eight hours take 20 MWh of 100, and 22 if 11 MW."""
    small = with_store(grid, power=10, duration=8)
    assert causes(result_of(small.solve())) == pytest.approx({("store", "cells"): 80})
    assert curtailed(result_of(with_store(grid, power=11, duration=8).solve()), STAGE).sum().sum() == pytest.approx(78)


def with_minimum(grid, least=0.4):
    """Demand of 60; sun of 80 in hour 0; coal of 100 that must run at night and is dear to start."""
    small = grid(2, 60).add("solar", existing=80, series=[1, 0])
    return small.add("thermal", existing=60, minimum_output=least, start_cost=1e5)


def test_coal_at_minimum(grid):
    """Proves: coal kept on line over noon by the cost of its starts is the cause.

    60 MW on line at 0.4 give 24 MW; sun gives 36 of 80: 44 curtailed. At 0.3 it gives 18: 38 curtailed.
    If it were broken, nobody would need the sun.
    """
    assert causes(result_of(with_minimum(grid).solve())) == pytest.approx({("minimum", "coal"): 44})
    assert left(with_minimum(grid, least=0.3)) == pytest.approx(38)


def test_clause_that_keeps_coal_on_line(grid):
    """Proves: coal that a reserve keeps on line is the reserve's, by its name, not the least output's.

    30 MW of reserve from coal: 50 on line give 20, sun 10 of 30 less. If it were broken, `minimum` would be named.
    """
    small = grid(1, 60).add("solar", existing=80, series=[1]).add("thermal", existing=100, minimum_output=0.4)
    small.group("ready", "coal").add("reserves", amount=30).target("reserve")
    result = result_of(small.solve())
    assert causes(result) == pytest.approx({("reserve", "reserve"): 40})
    small.rows["reserves"][0]["amount"] = 15
    assert left(small) == pytest.approx(30)


def test_clause_on_the_plant(grid):
    """Proves: a clause that holds the sun itself is named, though its zone could use the energy.

    Sun may lean on 60 MVA of coal at 0.5 MW a MVA: 30 of 80 MW; demand of 60 takes 30 of coal.
    If it were broken, the causes of the zone would be looked for, where nothing is curtailed for want of demand.
    """
    small = grid(1, 60).add("solar", existing=80, series=[1]).add("thermal", existing=60, minimum_output=0.5)
    small.add("synchronous_machines", technology="coal", rating=1).group("sun", "pv")
    small.add("short_circuit_ratios", group="sun", zones="z", factor=0.5).target("strength")
    result = result_of(small.solve())
    found = causes(result)
    assert found == pytest.approx({("clause", "strength"): 50})


def test_full_reservoir_and_pumps(grid):
    """Proves: pumps at their rating are the store's: 10 MW of them, 40 of demand, 100 of sun."""
    small = grid(2, 40).add("solar", existing=100, series=[1, 0]).add("thermal", existing=100)
    small.add("pumped_storage", existing=10, duration=6)
    assert causes(result_of(small.solve())) == pytest.approx({("store", "basin"): 50})


def test_two_causes_by_what_each_earns(grid):
    """Proves: two limits share by what one unit of each earns.

    a: sun of 100, cells of 10 MWh (full), a road of 30 MW to b where coal costs 100; in hour 1 coal of a costs 50.
    One more MW of road earns 100, one more MWh of cells 50: of 60 curtailed the road has 40, the cells 20.
    If it were broken, each would have 30, or the road all.
    """
    small = mix(grid)
    found = causes(result_of(small.solve()), hour=0)
    assert found == pytest.approx({("section", "road"): 40, ("store", "cells"): 20})


def test_both_of_two_causes_move_what_is_curtailed(grid):
    """Proves: relieving either of the two by 5 takes 5 MWh."""
    assert left(mix(grid)) == pytest.approx(60)
    assert left(mix(grid, road=35)) == pytest.approx(55)
    assert left(mix(grid, cells=15)) == pytest.approx(55)


def test_a_plant_in_two_weighs_what_it_weighed_in_one(grid):
    """Proves: two stores of 5 MW share what one of 10 had. If it were broken, stores would have 30 of 60."""
    small = mix(grid, cells=5).add("batteries", asset="twin", zone="a", existing=5, duration=1)
    found = causes(result_of(small.solve()), hour=0)
    assert found == pytest.approx({("section", "road"): 40, ("store", "cells"): 10, ("store", "twin"): 10})


def mix(grid, road=30.0, cells=10.0):
    """A road at its limit and cells that are full, in the same hour."""
    small = grid(2).zone("a", [0, 40]).zone("b", [60, 0]).add("solar", zone="a", existing=100, series=[1, 0])
    small.add("fuels").add("fuels", fuel="cheap", price=5)
    small.add("thermal", zone="b", existing=100)
    small.add("thermal", asset="near", technology="near", fuel="cheap", zone="a", existing=100)
    small.add("batteries", zone="a", existing=cells, duration=1)
    return small.add("corridors", existing=road)
