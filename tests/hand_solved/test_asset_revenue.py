"""What assets earn at the dual prices: arbitrage, reserve, firm capacity, and what is a number and no column."""

from dataclasses import replace

import numpy as np
import pytest
from outcome.systems import result_of
from small_system import YEAR, solved

from qhenergy.model.assemble import assemble
from qhenergy.model.extend import NewRow, with_rows
from qhenergy.outcome.asset_profit import profits
from qhenergy.outcome.asset_revenue import VALUE, revenue

STAGE = 2025


def earned(result, asset, stage=STAGE):
    """Values of an asset by stream [CNY/yr]."""
    table = revenue(result)
    part = table[(table["asset"] == asset) & (table["stage"] == stage)]
    return dict(zip(part["stream"], part[VALUE], strict=True))


def of(result, asset, stage=STAGE):
    """The row of an asset in the table of profits."""
    table = profits(result)
    return table[(table["asset"] == asset) & (table["stage"] == stage)].iloc[0]


def day(grid, **cells):
    """Two cheap hours at 100 CNY/MWh and two dear ones at 300, and cells of two hours that lose a fifth."""
    small = grid(4, [50, 50, 150, 150]).add("thermal", existing=100)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=1000)
    small.add("fuels").add("fuels", fuel="gas", price=30)
    row = {"duration": 2, "discharge_efficiency": 0.8, **cells}
    return small.add("batteries", **row)


def test_arbitrage_of_a_day_of_two_prices(grid):
    """Proves: a store that stands earns what the two prices leave, and breaks even at ten times its yearly margin.

    10 MW take 20 MWh at 100 and give 16 at 300: 4,800 - 2,000 = 2,800 a day of four hours, 2,190 of them a year:
    6,132,000. Wear at 2 CNY/MWh of 35,040 MWh is 70,080, fixed O&M 100,000: 5,961,920 are left, 596,192 a MW and, over
    ten years without interest, 5,961.92 CNY/kW, or 2,980.96 CNY/kWh of two hours. It is the worth of what stands.
    If it were broken, the loss would not be paid (9,000 of revenue), or a kilowatt-hour cost as much as a kilowatt.
    """
    result = result_of(day(grid, existing=10, cycle_cost=2).cost("cells", fixed_om=10_000).solve())
    row = of(result, "cells")
    assert row["revenue energy [CNY/yr]"] == pytest.approx(6_132_000)
    assert row["running [CNY/yr]"] == pytest.approx(70_080)
    assert row["profit [CNY/yr]"] == pytest.approx(5_961_920)
    assert row["standing [CNY/yr]"] == pytest.approx(5_961_920)
    assert row["break-even [CNY/kW]"] == pytest.approx(5_961.92)
    assert row["break-even [CNY/kWh]"] == pytest.approx(2_980.96)
    assert row["pays"]


def test_what_is_built_freely_pays_exactly(grid):
    """Proves: cells that the plan sizes are built as far as they pay, and then break even at their own price.

    Coal of 100 MW leaves 50 to charge in each cheap hour, so that 50 MW are built at 1,000 CNY/kW and 100 CNY/kWh:
    120,000 CNY/MW a year. 40 MWh are given in each dear hour at 300: 2,190 * 24,000 = 52.56e6 a year. Costs are 6e6;
    the rest, 46.56e6, pays for charging: 219,000 MWh at 212.6 CNY/MWh, not at 100.
    If it were broken, charging would be paid at the cost of coal and the cells would earn 24.66e6 too much.
    """
    small = day(grid, room=1000).cost("cells", investment=1e6, energy_investment=1e5)
    result = result_of(small.solve())
    row = of(result, "cells")
    assert row["capacity [MW]"] == pytest.approx(50)
    assert row["revenue energy [CNY/yr]"] == pytest.approx(6e6)
    assert row["profit [CNY/yr]"] == pytest.approx(0, abs=1)
    assert row["break-even [CNY/kW]"] == pytest.approx(1200)
    assert row["break-even [CNY/kWh]"] == pytest.approx(600)


def test_room_that_is_used_up_has_a_worth(grid):
    """Proves: cells that may not grow further earn more than they cost, and what is more is the worth of the room.

    20 MW of room: 12,264,000 earned, 100,000 a MW paid: 10,264,000.
    If it were broken, the profit would be that of what stands, or none.
    """
    result = result_of(day(grid, room=20).cost("cells", investment=1e6).solve())
    assert earned(result, "cells") == pytest.approx(
        {"energy": 12_264_000, "investment": -2_000_000, "limits": -10_264_000}
    )


@pytest.mark.parametrize("both", [False, True])
def test_what_a_portfolio_imposes_earns_nothing_by_it(grid, both):
    """Proves: capacity that is asked for is paid by its markets alone, and its loss is the rent of being asked for.

    Cells of 40,000 CNY/kW cost 4,000,000 CNY/MW a year and earn 613,200: 10 MW of them lose 33,868,000, whether the
    row names one asset or the sum of two.
    If it were broken, what asks for them would be told as a revenue of 33,868,000, and they would break even.
    """
    small = day(grid, room=50).cost("cells", investment=4e7)
    if both:
        small.add("batteries", asset="more", technology="cells", room=50, duration=2, discharge_efficiency=0.8)
    assembled = assemble(small.system(), workers=1)
    columns = assembled.problem.columns.of("capacity/built")
    stored = [i for i in columns if assembled.problem.columns.members[assembled.problem.columns.member[i]] != "coal"]
    row = NewRow("cells", STAGE, np.array(stored), np.ones(len(stored)), 10.0, 10.0)
    problem = with_rows(assembled.problem, "portfolio/new", "MW", "", [row])
    result = result_of(solved(replace(assembled, problem=problem)))
    table = profits(result)
    table = table[table["technology"] == "cells"]
    assert table["profit [CNY/yr]"].sum() == pytest.approx(-33_868_000)
    assert table["limits [CNY/yr]"].sum() == pytest.approx(-33_868_000)
    assert table["break-even [CNY/kW]"].to_numpy() == pytest.approx(6_132)
    assert not table["pays"].any()
    assert revenue(result).groupby("asset")[VALUE].sum().to_numpy() == pytest.approx(0, abs=1e-3)


def test_interest_and_end_of_life_are_inverted(grid):
    """Proves: the break-even investment pays its annuity and lays by for its end.

    613,200 CNY/MW a year at 5 % over 20 years: annuity 0.08024259, sinking fund 0.03024259. An end of 200,000 takes
    6,048.5 a year: 607,151.5 / 0.08024259 = 7,566,449 CNY/MW.
    If it were broken, the end would be left out (7,641,826), or paid like an investment (7,441,826).
    """
    small = day(grid, existing=10).cost("cells", end_of_life=2e5, lifetime=20, discount_rate=0.05)
    assert of(result_of(small.solve()), "cells")["break-even [CNY/kW]"] == pytest.approx(7566.449, rel=1e-6)


@pytest.mark.parametrize("hours", [0, 1])
def test_reserve_is_a_revenue_of_its_own(grid, hours):
    """Proves: cells built to stand by earn what they cost by the clause that asks for them, all of it.

    10 MW are asked; cells of 100 CNY/MW a year are the only ones that may.
    If it were broken, the revenue would stay in the rows that back the standby, and be nobody's.
    """
    small = grid(1, 50).add("thermal", existing=100).group("ready", "cells").cost("cells", investment=1000)
    small.add("batteries", room=100, duration=2).add("reserves", amount=10, duration=hours)
    result = result_of(small.target("reserve").solve())
    assert earned(result, "cells") == pytest.approx({"reserve/reserve": 1000, "investment": -1000})
    assert of(result, "cells")["revenue reserve [CNY/yr]"] == pytest.approx(1000)


@pytest.mark.parametrize("hours", [0, 1])
def test_reserve_of_cells_that_stand_is_at_the_price_of_the_last(grid, hours):
    """Proves: a capacity that is a number earns reserve as one that is a column does.

    10 MW are asked, 4 stand and 6 are built at 100 CNY/MW a year: 400 for those that stand, their worth.
    If it were broken, cells that stand would earn nothing, since what they add is a number in the row.
    """
    small = grid(1, 50).add("thermal", existing=100).group("ready", "cells", "more").cost("more", investment=1000)
    small.add("batteries", existing=4, duration=2).add("reserves", amount=10, duration=hours)
    small.add("batteries", asset="more", technology="more", room=100, duration=2)
    result = result_of(small.target("reserve").solve())
    assert earned(result, "cells") == pytest.approx({"reserve/reserve": 400, "standing capacity": -400})
    assert earned(result, "more") == pytest.approx({"reserve/reserve": 600, "investment": -600})


def test_firm_capacity_is_paid_by_its_credit(grid):
    """Proves: what stands and what is built earn the price of firm capacity on what is counted of them.

    40 MW are asked. Coal of 30 counts nine tenths, cells of 20 MW and 2 h an eighth (2 of 4 hours, a quarter), gas at
    100 CNY/MW a year a half: 40 - 27 - 2.5 = 10.5 firm of gas, 21 MW, at 200 a firm MW.
    If it were broken, coal and cells would earn nothing, as numbers, or be paid for all of their capacity.
    """
    small = grid(1).zone(demand=[40.0], unserved_price=0).add("thermal", existing=30)
    small.add("thermal", asset="gas", technology="gas", existing=0, room=200).cost("gas", investment=1000)
    small.add("batteries", existing=20, duration=2)
    for technology, credit, hours in (("coal", 0.9, 0), ("cells", 0.25, 4), ("gas", 0.5, 0)):
        small.add("capacity_credits", technology=technology, credit=credit, hours=hours)
    result = result_of(small.add("adequacy").target("firm").solve())
    assert earned(result, "coal")["adequacy/firm"] == pytest.approx(27 * 200)
    assert earned(result, "cells")["adequacy/firm"] == pytest.approx(2.5 * 200)
    assert earned(result, "gas")["adequacy/firm"] == pytest.approx(10.5 * 200)
    assert of(result, "gas")["profit [CNY/yr]"] == pytest.approx(0, abs=1e-6)
    assert of(result, "cells")["revenue capacity [CNY/yr]"] == pytest.approx(500)


def test_a_target_of_storage_pays_all_that_counts(grid):
    """Proves: a target pays storage that stands as well as what is built for it, each by its capacity.

    30 MW are asked, 10 stand, 20 are built at 100 CNY/MW a year: 1,000 and 2,000.
    If it were broken, what stands would be left out.
    """
    small = grid(1, 50).add("thermal", existing=100).group("stores", "cells", "more").cost("more", investment=1000)
    small.add("batteries", existing=10, duration=2).add("storage_targets", power=30)
    small.add("batteries", asset="more", technology="more", room=100, duration=2)
    result = result_of(small.target("stores").solve())
    assert earned(result, "cells")["new_storage/stores"] == pytest.approx(1000)
    assert earned(result, "more") == pytest.approx({"new_storage/stores": 2000, "investment": -2000})
    assert of(result, "more")["revenue targets [CNY/yr]"] == pytest.approx(2000)


def test_a_corridor_earns_the_difference_of_prices(grid):
    """Proves: what a corridor takes at one price it gives at another, less what is lost on the way.

    10 MW at 100 in a, 9 arrive in b at 300: 8,760 * (2,700 - 1,000) = 14,892,000.
    If it were broken, it would earn 17,520,000 (no loss), or pay nothing for what it takes.
    """
    small = (
        grid(1)
        .zone("a", 5)
        .zone("b", 50)
        .add("thermal", zone="a", existing=100)
        .add("corridors", existing=10, loss=0.1)
    )
    small.add("thermal", asset="gas", technology="gas", fuel="gas", zone="b", existing=100)
    small.add("fuels").add("fuels", fuel="gas", price=30)
    assert earned(result_of(small.solve()), "road")["energy"] == pytest.approx(YEAR * 1700)


def test_water_is_bought_and_sold_at_its_worth(grid):
    """Proves: a station owns its inflow, and the one below buys what it passes on.

    10 m3/s through both stations make 10 MW each at 100 CNY/MWh. Above, a m3/s is worth 200, below 100: the upper sells
    for 100 what is worth 100 to the lower, earns 100 by energy, and its inflow is worth 200; the lower keeps nothing.
    If it were broken, the lower would earn all of its energy and the upper's inflow be worth half.
    """
    small = grid(1, 50).add("thermal", existing=100)
    small.station("upper", 10, order=1, downstream="lower", existing=50).station("lower", 0, order=2, existing=50)
    result = result_of(small.solve())
    money = YEAR * 10 * 100
    upper, lower = earned(result, "upper"), earned(result, "lower")
    assert upper == pytest.approx({"water": money, "energy": money, "inflow": -2 * money})
    assert lower == pytest.approx({"water": -money, "energy": money})


def test_cycles_that_are_limited_are_the_stores_own(grid):
    """Proves: the meter of a store's cycles belongs to it: what the limit is worth is worth of the store.

    Half of the cycles of the day of two prices: 10 MWh taken and 8 given a day, 3,066,000 a year.
    If it were broken, the meter would be nobody's and the store be paid for its cycles by a stream of that name.
    """
    result = result_of(day(grid, existing=10, yearly_cycles=1095).solve())
    assert earned(result, "cells") == pytest.approx({"energy": 3_066_000, "standing capacity": -3_066_000})


def test_stages_recover_a_cost_together(grid):
    """Proves: values are those of a year of each stage, and an asset that serves two recovers its cost over both.

    Sun of 10 MW by room, at 600 a kW, a tenth of it paid a year in both stages: 60,000 a MW. Coal at 10 CNY/MWh lets
    it earn 87,600 a MW in 2025; in 2030 a tenth is asked and what is left over makes the price nothing. Weights are 5/6
    and 1/6: 5/6 * 87,600 - 60,000 = 13,000 a MW are the worth of the room.
    If it were broken, revenues would be 73,000 a MW in the first year (weighted), or the sun be told not to pay.
    """
    small = grid(1, 10.0, case={"stages": [2025, 2030], "horizon": {"discount_rate": 0, "years": [5, 1]}})
    small.add("demand", zone="z", year=2030, energy=1 * YEAR, shape="z").add("thermal", existing=100)
    small.add("fuels", fuel="coal", price=1).cost("coal", lifetime=40).add("solar", room=10, series=[1])
    result = result_of(small.cost("pv", investment=600_000).solve())
    early, late = earned(result, "sun", 2025), earned(result, "sun", 2030)
    assert early["energy"] == pytest.approx(876_000)
    assert early["investment"] == late["investment"] == pytest.approx(-600_000)
    weights = result.case.stage_weights
    assert sum(weights[2025] * v for v in early.values()) + sum(weights[2030] * v for v in late.values()) == (
        pytest.approx(0, abs=1e-3)
    )
    assert of(result, "sun", 2030)["profit [CNY/yr]"] < 0
    assert of(result, "sun", 2030)["pays"]


def test_a_connection_is_paid_for_what_its_members_do_not_bring(grid):
    """Proves: what a plant brings to the limit of its connection is its own; beyond that it pays the connection.

    100 MW of wind bring half, the gate 10: 60 MWh an hour at 100. 50 of them are the wind's own, 10 are the gate's.
    If it were broken, all 6,000 an hour would go for the limit, and nobody be paid for it.
    """
    small = grid(1, 100).add("wind", existing=100, series=[1]).add("thermal", existing=100)
    small.add("grid_connections", existing=10, share=0.5).add("connection_members", asset="wind")
    result = result_of(small.solve())
    assert earned(result, "wind")["energy"] == pytest.approx(YEAR * 6000)
    assert earned(result, "wind")["network"] == pytest.approx(-YEAR * 1000)
    assert earned(result, "gate")["network"] == pytest.approx(YEAR * 1000)


def test_whole_units_are_the_assets_own(grid):
    """Proves: what whole units bind is worth of their plant; its revenue is that of the numbers fixed.

    Of 15 MW of wind one pump of 10 MW takes 10, since it takes all or nothing; 10 MWh replace those of a tie at 100
    CNY/MWh: 4,380,000 a year. What is left of the wind makes it worth nothing.
    If it were broken, its units would be nobody's and pay the plant, or be paid by it, under their own name.
    """
    small = grid(2, [0, 20], case={"commitment": "whole"}).add("wind", existing=15, series=[1, 0])
    small.add("ac_ties", import_limit=100, import_price=100, availability_series=[0, 1])
    result = result_of(small.add("pumped_storage", existing=20).add("unit_commitments", asset="basin").solve())
    found = earned(result, "basin")
    assert set(found) <= {"energy", "standing capacity", "limits"}
    assert sum(found.values()) == pytest.approx(0, abs=1e-3)
    assert found["energy"] == pytest.approx(4380 * 1000)
