"""Flexible demand: shifted, modulated, curtailed, given back."""

import numpy as np
import pytest
from small_loads import net, plant, priced
from small_system import STAGE, YEAR

from qhenergy.ground.faults import InputError
from qhenergy.outcome.flexible import flexible
from qhenergy.outcome.result import solved as result_of
from qhenergy.periods.chronology import Chronology, Span
from qhenergy.report import sheets_flexible
from qhenergy.report.view import View


def test_a_shift_is_worth_the_difference_of_prices(grid):
    """Proves: 4 of 10 MW move from the hour at 300 to the one at 100 CNY/MWh: a saving of 200 each, no more.

    10 * (100 + 300) - 4 * 200 = 3,200 for two hours, 4,380 times a year.
    If it were broken, energy would vanish (2,800) or be paid twice (4,400).
    """
    small = plant(priced(grid, [100, 300]), 10, existing=4, window=2, raise_ratio=1)
    solved = small.solve()
    assert net(solved) == pytest.approx([4, -4])
    assert solved.objective == pytest.approx(4380 * 3200)


def test_energy_is_kept_within_its_window(grid):
    """Proves: nothing is owed at the end of a window; prices of another window do not matter.

    Windows of two hours at 100, 200 | 50, 300: 100 and 250 saved for each of 5 MW.
    If it were broken, all would move to the hour at 50: 150 + 250 with the raise of 5, or more.
    """
    prices = [100, 200, 50, 300]
    solved = plant(priced(grid, prices), 10, existing=5, window=2, raise_ratio=2).solve()
    assert solved.column("flexible_demand/owed")[[1, 3]] == pytest.approx([0, 0])
    assert solved.objective == pytest.approx(2190 * (10 * sum(prices) - 5 * 100 - 5 * 250))


def test_a_window_of_hours_may_run_over_windows_of_the_model(grid):
    """Proves: where the year is cut for the computer does not cut the window of a shift.

    Four hours to shift in, windows of the model of one: 6 MW move from 300 to 100.
    If it were broken, nothing could move (8,000).
    """
    small = priced(grid, [200, 300, 100, 200], case={"time": {"window_hours": 1}})
    solved = plant(small, 10, existing=6, window=4, raise_ratio=1).solve()
    assert solved.objective == pytest.approx(2190 * (8000 - 6 * 200))


def test_window_may_begin_at_any_hour(grid):
    """Proves: windows of two hours from hour 1 on are hours 1 and 2, and 3 and 0 around the year.

    At 300, 100, 200, 500: 4 MW save 100 between 1 and 2 and 200 between 3 and 0.
    If it were broken, the windows would be 0, 1 and 2, 3 (200 + 300 saved).
    """
    prices = [300, 100, 200, 500]
    for window in (1, 4):
        small = priced(grid, prices, case={"time": {"window_hours": window}})
        solved = plant(small, 10, existing=4, window=2, window_start=1, raise_ratio=1).solve()
        assert solved.objective == pytest.approx(2190 * (11_000 - 4 * 300))


def test_capacity_to_shift_is_built_where_it_pays(grid):
    """Proves: the plan weighs the annuity of control against what shifting saves; the load bounds it.

    Shifting 1 MW saves 200 an hour pair, 876,000 a year; the annuity is 100,000. All 6 MW of the load are enrolled.
    If it were broken, more than the load would be lowered, 10 of the zone, or nothing built.
    """
    small = plant(priced(grid, [100, 300]), 6, room=50, window=2, raise_ratio=1)
    solved = small.cost("flexible", investment=1e6).solve()
    assert solved.column("capacity/built") == pytest.approx([6])
    assert solved.objective == pytest.approx(4380 * (4000 - 6 * 200) + 6 * 1e5)


def test_heat_store_takes_ahead_and_loses(grid):
    """Proves: a load that may only take ahead, and of what it takes ahead only 80 % counts, pays for the rest.

    Two hours at capacity 4 hold 8 MWh at most; lowered 4 in the last hour needs 5 taken ahead at 100.
    If it were broken, 4 would be taken ahead, or energy owed and made up at 100 after the hour at 300.
    """
    small = plant(
        priced(grid, [100, 300, 100, 400]),
        10,
        existing=4,
        window=4,
        raise_ratio=2,
        behind=0,
        ahead=2,
        efficiency=0.8,
    )
    solved = small.solve()
    assert net(solved) == pytest.approx([5, -4, 5, -4])
    assert solved.objective == pytest.approx(2190 * (9000 - 4 * 700 + 10 * 100))


def test_store_of_a_load_is_limited(grid):
    """Proves: no more is owed than so many hours at capacity.

    4 MW of control, a quarter of an hour behind: 1 MWh moves from 300 to 100 an hour later.
    If it were broken, 4 would move.
    """
    solved = plant(priced(grid, [300, 100]), 10, existing=4, window=2, raise_ratio=1, behind=0.25, ahead=0).solve()
    assert net(solved) == pytest.approx([-1, 1])


def test_price_of_shifting(grid):
    """Proves: what is lowered is paid; a difference of 200 is not worth 201 and is worth 199.

    If it were broken, the price would not be paid, or twice.
    """
    for price, cost in ((201, 4000), (199, 4000 - 4)):
        small = plant(priced(grid, [100, 300]), 10, existing=4, window=2, raise_ratio=1, shift_cost=price)
        assert small.solve().objective == pytest.approx(4380 * cost)


def test_load_beside_the_demand(grid):
    """Proves: a load that is not part of the demand joins the balance, and may be unserved at the zone's price.

    Demand 10 and a load of 5 over a tie of 12 MW at 100: 3 unserved at 10,000.
    If it were broken, the load would be free (1,000 an hour), or the case without an answer.
    """
    small = grid(1, 10).add("ac_ties", import_limit=12, import_price=100)
    solved = plant(small, 5, in_demand="no", window=2, raise_ratio=1).solve()
    assert solved.objective == pytest.approx(YEAR * (12 * 100 + 3 * 10_000))
    assert solved.column("flexible_demand/base") == pytest.approx([5])


def test_number_of_calls_binds(grid):
    """Proves: one call of two hours a day of four; it goes where it saves most, and the price of a call is paid.

    Hours at 500, 600, 100, 900 CNY/MWh; 3 MW at 200 for hours 0 and 1 save 700, hour 3 and (around the year) 0 save
    1,000 MW-hours' worth: 3 * (700 + 300) saved.
    If it were broken, three hours would be curtailed (1,400 saved each MW) or the call last one hour (700).
    """
    prices = [500, 600, 100, 900]
    small = plant(priced(grid, prices), 10, existing=3, calls=YEAR / 4, call_hours=2, call_price=200)
    solved = small.solve()
    assert solved.column("flexible_demand/curtailed") == pytest.approx([3, 0, 0, 3])
    assert solved.objective == pytest.approx(2190 * (10 * sum(prices) - 3 * (300 + 700)))
    assert solved.dual("flexible_demand/calls")[0] == pytest.approx(-2190 / 2190 * 400)


def test_season_of_calls(grid):
    """Proves: nothing is called outside the months given.

    Two hours, in months 1 and 7, both at 500; calls in 11 to 2 only, at 100: 3 MW saved 400 in one hour.
    If it were broken, hour 1 would be curtailed too.
    """
    small = plant(
        priced(grid, [500, 500]), 10, existing=3, calls=YEAR, call_hours=1, call_price=100,
        first_call_month=11, last_call_month=2,
    )  # fmt: skip

    def calendar(system):
        system.month = np.array([1, 7])

    assert small.solve(calendar).column("flexible_demand/curtailed") == pytest.approx([3, 0])


def test_production_floor_of_a_year(grid):
    """Proves: a load that modulates gives up no more energy of the year than its floor leaves.

    Base 10 in four hours, floor 95 %: 2 MWh of 40 may be given up, in the dearest hour. The band allows 5.
    If it were broken, 5 would be lowered in all four hours, or the floor be of an hour.
    """
    prices = [100, 300, 200, 150]
    solved = plant(priced(grid, prices), 10, existing=5, floor=0.95).solve()
    assert solved.column("flexible_demand/lowered") == pytest.approx([0, 2, 0, 0])
    assert solved.objective == pytest.approx(2190 * (10 * 750 - 2 * 300))


def test_band_with_ramp(grid):
    """Proves: the deviation changes by no more than its ramp an hour, up and down, also around the year.

    A band of 4 with 1 MW an hour; energy costs 100 but for 500 in hour 2, and lowering has a price of 210: it earns
    290 in hour 2 and loses 110 in any other. By 1: 290; by 2, with 1 on either side: 580 - 220 = 360; by 3: 870 -
    5 * 110 = 320.
    If it were broken, hour 2 would be lowered by 4 alone.
    """
    small = plant(priced(grid, [100, 100, 500, 100]), 10, existing=4, floor=0.1, ramp=0.25, shift_cost=210)
    solved = small.solve()
    assert solved.column("flexible_demand/lowered") == pytest.approx([0, 1, 2, 1])


def test_rest_after_lowering(grid):
    """Proves: after one full hour of lowering two hours of rest follow.

    Six hours at 300 but for 400 in hours 1 and 2: in any three hours one full hour of 4 MW.
    The best is two full hours: one of 1 and 2 at 400 and another three hours away at 300.
    If it were broken, all six hours would be lowered, or hours 1 and 2 both.
    """
    prices = [300, 400, 400, 300, 300, 300]
    solved = plant(priced(grid, prices), 10, existing=4, floor=0, full_hours=1, rest=2).solve()
    lowered = solved.column("flexible_demand/lowered")
    assert lowered.sum() == pytest.approx(8)
    assert all(sum(lowered[(t + k) % 6] for k in range(3)) <= 4 + 1e-9 for t in range(6))
    assert solved.objective == pytest.approx(2190 / 1.5 * (10 * 2000 - 4 * 700))


def test_vehicles_give_back(grid):
    """Proves: what vehicles give back is owed over the efficiency, and made up within the window while plugged in.

    Charging of 2 MW flat; 1 MW returned at 900 with 80 % there and back at a cost of 50: 1.25 made up at 100, since
    in the hour at 50 nobody is plugged in. Beside it 2 MW of charging move from 900 to 100.
    If it were broken, the hour at 50 would be used, or the 0.25 lost not be charged.
    """
    prices = [100, 900, 50]
    small = priced(grid, prices)
    small.case["time"] = {"window_hours": 3}
    plant(
        small, 2, existing=2, window=3, raise_ratio=4, return_ratio=0.5, return_efficiency=0.8,
        return_cost=50, plugged="plug",
    )  # fmt: skip
    for month in range(1, 13):
        small.add("demand_shapes", shape="plug", month=month, **{f"hour_{h}": float(h % 3 < 2) for h in range(24)})
    solved = small.solve()
    assert solved.column("flexible_demand/returned") == pytest.approx([0, 1, 0])
    assert solved.column("flexible_demand/raised") == pytest.approx([3.25, 0, 0])
    saved = 2 * 800 + 1 * 900 - 50 - 1.25 * 100
    assert solved.objective == pytest.approx(2920 * (10 * 1050 - saved))


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({}, "no window, floor or calls"),
        ({"calls": 3}, "one of calls and call_hours"),
        ({"window": 2}, "a window without raise_ratio"),
        ({"floor": 0.5, "rest": 2}, "one of full_hours and rest"),
        ({"floor": 0.5, "return_ratio": 1}, "return_ratio without a window"),
    ],
)
def test_kinds_that_do_not_go_together(grid, row, found):
    """Proves: a row that says in no way how a load is flexible, or half of it, is refused.

    If it were broken, a load could be lowered for nothing, or never be made up.
    """
    with pytest.raises(InputError, match=found):
        plant(grid(2, 10), 5, existing=1, **row).solve()


def test_energy_by_year(grid):
    """Proves: before its first year there is no load, between two years its energy lies on the line.

    If it were broken, a load of 2030 would stand in 2025.
    """
    small = plant(priced(grid, [100, 300]), 10, existing=4, window=2, raise_ratio=1)
    small.rows["flexible_energy"][0]["year"] = STAGE + 5
    assert not small.solve().has("columns", "flexible_demand/lowered")
    small.add("flexible_energy", asset="plant", year=STAGE - 5, energy=0, shape="of-plant")
    small.rows["flexible_loads"][0]["existing"] = 20
    assert net(small.solve()) == pytest.approx([5, -5])


def test_what_is_measured_of_loads(grid):
    """Proves: what a year shifted, curtailed and called is counted net, weighted, by load; sheets print it.

    4 MW move in every second hour: 4 * 4,380 MWh; 3 MW on call for one hour of every two at 250.
    If it were broken, what is raised and lowered at once would count, or the hours of the year would not.
    """
    small = plant(priced(grid, [100, 300]), 10, existing=4, window=2, raise_ratio=1)
    plant(small, 10, asset="pool", existing=3, calls=YEAR / 4, call_hours=1, call_price=250, level="county")
    solved = small.solve()
    result = result_of(solved.assembled, solved.solution, 0.0, 0.0)
    table = flexible(result).set_index("asset")
    assert table.at["plant", "shifted [MWh/yr]"] == pytest.approx(4 * 4380)
    assert table.at["pool", "curtailed [MWh/yr]"] == pytest.approx(3 * 2190)
    assert table.at["pool", "calls [1/yr]"] == pytest.approx(YEAR / 4)
    assert table["baseline [MWh/yr]"].to_list() == pytest.approx([10 * YEAR] * 2)
    assert len(sheets_flexible.flexible(View(result), STAGE).rows) == 1
    assert sheets_flexible.siting(View(result), STAGE) is None


def three_periods(system):
    """Real periods A, B, A of two hours; A and B are modelled, A stands for two of them."""
    spans = (Span(0, STAGE, np.arange(0, 2), 2.0), Span(1, STAGE, np.arange(2, 4), 1.0))
    system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 1, 0]))


def test_nothing_is_shifted_out_of_a_representative_period(grid):
    """Proves: a window longer than a representative period closes with it, as a short store does.

    A at 100 and 300 twice, B at 200 and 600: 4 MW save 200 in each A and 400 in B.
    If it were broken, B would be served from A, or be paid the difference of A.
    """
    prices = [100, 300, 200, 600, 100, 300]
    solved = plant(priced(grid, prices), 10, existing=4, window=6, raise_ratio=1).solve(three_periods)
    assert solved.objective == pytest.approx(2 * (4000 - 800) + 8000 - 1600)


def test_calls_are_counted_with_the_weight_of_their_period(grid):
    """Proves: a call in a period that stands for two counts twice: three calls are one of B and both of A.

    If it were broken, a call would be left for the hour at 200.
    """
    prices = [100, 300, 200, 600, 100, 300]
    solved = plant(priced(grid, prices), 10, existing=4, calls=3, call_hours=1).solve(three_periods)
    assert solved.column("flexible_demand/curtailed") == pytest.approx([0, 4, 0, 4])


def test_load_without_a_baseline_is_refused(grid):
    """Proves: a load of which flexible_energy.csv says nothing is a fault.

    If it were broken, it would never move, and nobody be told.
    """
    small = plant(priced(grid, [100, 300]), 10, existing=4, window=2, raise_ratio=1)
    small.add("flexible_loads", asset="forgotten", window=2, raise_ratio=1)
    with pytest.raises(InputError, match="forgotten"):
        small.solve()
