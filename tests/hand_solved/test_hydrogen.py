"""Hydrogen: electrolysers, tank or cavern, turbine."""

import pytest
from small_system import solved as solve

from hand_solved.test_chronology import three_periods
from qhenergy.ground.faults import InputError
from qhenergy.model.assemble import assemble, read_system


def chain(grid, store=None, maker=None, wind=40, **options):
    """Wind in hour 0 only against 20 MW in hour 1: electrolyser of 20 MW at 0.7, turbine of 20 MW at 0.5, coal."""
    small = grid(2, [0, 20], **options).add("wind", existing=wind, series=[1, 0]).add("thermal", existing=100)
    small.add("hydrogen_stores", **{"existing": 20, "turbine_efficiency": 0.5, "duration": 2, **(store or {})})
    return small.add("electrolysers", **{"existing": 20, "efficiency": 0.7, **(maker or {})})


@pytest.mark.parametrize(
    ("store", "maker", "given"),
    [
        ({}, {}, 7),
        ({}, {"existing": 10}, 3.5),
        ({"duration": 0.5}, {}, 5),
        ({"duration": 0.5, "depth": 0.8}, {}, 4),
        ({"self_discharge": 0.1}, {}, 6.3),
        ({"existing": 4, "duration": 10}, {}, 4),
        ({"container": "cavern"}, {"efficiency": 1}, 10),
    ],
)
def test_efficiencies_multiply_and_each_part_limits(grid, store, maker, given):
    """Proves: the chain gives electricity * electrolyser * turbine; each of the three parts has its limit.

    20 MWh make 14 MWh of hydrogen, and 7 of electricity; a tank of 10 MWh (of hydrogen) gives 5, at four fifths of its
    depth 4; a tenth lost in the hour leaves 6.3; a turbine of 4 MW gives 4.
    If it were broken, 14 or 10 (an efficiency forgotten), 10 of the small tank (counted as electricity) would be given.
    """
    solved = chain(grid, store, maker).solve()
    assert solved.column("hydrogen/output")[1] == pytest.approx(given)
    assert solved.objective == pytest.approx(4380 * (20 - given) * 100, abs=1e-3)


def test_plan_sizes_the_three_parts_apart(grid):
    """Proves: electrolyser, tank and turbine are built and paid each by its own rating.

    20 MW of turbine at 100 CNY a year ask 40 MWh of hydrogen at 20, and those 50 MW of electrolyser at 0.8 and 30.
    If it were broken, the tank would hold 20 MWh, or the electrolyser have 40 or 20 MW.
    """
    small = chain(
        grid,
        {"existing": 0, "room": 100, "duration": "", "minimum_duration": 0.1, "maximum_duration": 500},
        {"existing": 0, "room": 100, "efficiency": 0.8},
        wind=1000,
    )
    small.cost("hydrogen", investment=1000, energy_investment=200).cost("electrolyser", investment=300)
    solved = small.solve()
    assert solved.column("capacity/built", "tank") == pytest.approx([20])
    assert solved.column("capacity/energy") == pytest.approx([40])
    assert solved.column("capacity/built", "stack") == pytest.approx([50])
    assert solved.objective == pytest.approx(20 * 100 + 40 * 20 + 50 * 30)


def test_variable_cost_of_both_ends(grid):
    """Proves: variable O&M is paid on what the electrolyser takes and on what the turbine gives, each by its name.

    20 MWh taken at 3 CNY, 7 given at 2.
    If it were broken, the one would be paid on 14 MWh of hydrogen or not at all.
    """
    solved = chain(grid).cost("hydrogen", variable_om=2).cost("electrolyser", variable_om=3).solve()
    assert solved.costs["variable O&M/electrolyser"] == pytest.approx(4380 * 60)
    assert solved.costs["variable O&M/hydrogen"] == pytest.approx(4380 * 14)


@pytest.mark.parametrize(
    ("row", "coal"), [({}, 20), ({"cycle": "short"}, 40), ({"duration": 0.75}, 32.5), ({"turbine_efficiency": 1}, 0)]
)
def test_hydrogen_is_carried_over_real_periods(grid, row, coal):
    """Proves: hydrogen made in one real period is burnt in a later one, in the real order, unless its class is short.

    Two periods of wind spare 20 MWh each, the one between them lacks 40. At 0.5 the 40 MWh of hydrogen give 20; a tank
    of 15 MWh brings 7.5 over.
    If it were broken, coal would make 40 (closed periods), 30 (one period of wind only), or 20 with the small tank.
    """
    small = grid(6, [10, 10, 20, 20, 10, 10]).add("wind", existing=20, series=[1, 1, 0, 0, 1, 1])
    small.add("thermal", existing=100).add("electrolysers", existing=10)
    small.add("hydrogen_stores", **{"existing": 20, "turbine_efficiency": 0.5, "duration": 2, **row})
    assert small.solve(three_periods).objective == pytest.approx(coal * 100, abs=1e-6)


PLANT = '''"""A plant that uses 3 MWh of hydrogen an hour, whatever happens."""


def operate(window):
    window.feed("hydrogen", "tank", lambda hour: -3.0)
'''


def test_whatever_uses_hydrogen_joins_the_balance(grid, tmp_path):
    """Proves: a file of somebody's own takes hydrogen from a store without a line changed here.

    It uses 3 MWh in each hour: of the 14 made in hour 0, 8 are left for the turbine, which makes 4 of them.
    If it were broken, the turbine would give 7 (the use is not in the balance) or 5.5 (in one hour only).
    """
    file = tmp_path / "plant.py"
    file.write_text(PLANT, encoding="utf-8")
    system = chain(grid).system()
    system = read_system(system.inputs, system.case, [file])
    solved = solve(assemble(system, workers=1))
    assert solved.column("hydrogen/output").sum() == pytest.approx(4)
    assert solved.objective == pytest.approx(4380 * 16 * 100)


def test_whole_electrolysers_have_a_minimum(grid):
    """Proves: a whole electrolyser runs at its minimum or not at all; a linear one takes what there is.

    3 MW of wind: linear, 1.5 MWh come back. Whole, of at least 5 MW: coal adds 2 MWh, and 2.5 come back.
    If it were broken, 18.5 MWh of coal would be enough for both.
    """
    parts = {"store": {"turbine_efficiency": 0.5}, "maker": {"existing": 10, "efficiency": 1, "minimum_output": 0.5}}
    assert chain(grid, **parts, wind=3).solve().objective == pytest.approx(4380 * 18.5 * 100)
    whole = chain(grid, **parts, wind=3, case={"commitment": "whole"}).solve()
    assert whole.objective == pytest.approx(4380 * 19.5 * 100)
    assert whole.column("hydrogen/electrolysis") == pytest.approx([5, 0])


def test_an_electrolyser_stands_beside_its_store(grid):
    """Proves: hydrogen is not carried between zones without anybody saying so.

    If it were broken, a zone without wind could burn the hydrogen of another one for nothing.
    """
    small = chain(grid, maker={"zone": "far"}).zone("far", 0)
    with pytest.raises(InputError, match="hydrogen is not carried between zones"):
        small.solve()


@pytest.mark.parametrize(("ramp", "made", "coal"), [("", 20, 0), (0.25, 5, 15), (0.1, 2, 18), (1, 20, 0)])
def test_a_ramp_holds_electrolysers_back(grid, ramp, made, coal):
    """Proves: electrolysers change their power by their ramp an hour; a chained year comes round to its start.

    Wind in hours 0 and 1 of four, 20 MW asked in hour 3; a quarter of the hydrogen comes back, so that none is made of
    coal. At 0.1 of 40 MW an hour the best is 4, 4, 0, 0: 2 MWh; at 0.25 it is 10 and 10: 5.
    If it were broken, all 20 would be made at 0.1, too.
    """
    small = grid(4, [0, 0, 0, 20]).add("wind", existing=40, series=[1, 1, 0, 0]).add("thermal", existing=100)
    small.add("hydrogen_stores", existing=20, turbine_efficiency=0.25, duration=10)
    small.add("electrolysers", existing=40, ramp=ramp)
    solved = small.solve()
    assert solved.column("hydrogen/output").sum() == pytest.approx(made)
    assert solved.objective == pytest.approx(2190 * 100 * coal, abs=1e-3)


@pytest.mark.parametrize(("start", "minimum", "cost"), [(0, 0.5, 0), (100, 0.5, 500), (10, 0.5, 100), (100, 0, 0)])
@pytest.mark.parametrize("commitment", ["linear", "whole"])
def test_part_load_is_weighed_against_a_start(grid, start, minimum, cost, commitment):
    """Proves: what runs stays at its minimum through an hour of coal, or starts again, whichever is cheaper.

    10 MW of hydrogen in hours 0 and 2 of three, without a store: none is asked in hour 1, but may be sold for nothing.
    Staying on at half takes 5 MWh of coal, 500 CNY; starting 10 MW again costs 100 at 10 CNY and 1,000 at 100. The year
    comes round to its start, so that hour 2 hands over to hour 0.
    If it were broken, the minimum would bind nothing (0), or a start be paid where nothing had stood still.
    """
    small = grid(3, None, case={"commitment": commitment}).zone(demand=0)
    small.add("wind", existing=100, series=[1, 0, 1]).add("thermal", existing=100)
    small.add("electrolysers", existing=10, minimum_output=minimum, start_cost=start)
    small.add("hydrogen_stores", existing=1e-3, turbine_efficiency=0.1, duration=0.1).add("hydrogen_exports", price=0)
    for month in range(1, 13):
        small.add("demand_shapes", shape="ends", month=month, **{f"hour_{h}": float(h % 3 != 1) for h in range(24)})
    small.add("hydrogen_demands", yearly=8760 * 2 / 3 * 10 / 33.33, shape="ends", unserved_price=1e5)
    assert small.solve().objective == pytest.approx(2920 * cost, rel=1e-3, abs=1)
