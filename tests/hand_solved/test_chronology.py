"""Representative periods: levels chained over real periods, weights, boundaries."""

import numpy as np
import pytest
from small_system import FLOW_HOUR, STAGE, hourly_inflow

from qhenergy.periods.chronology import Chronology, Span, whole_year


def three_periods(system):
    """Real periods A, B, A of two hours; A and B are modelled, A stands for two of them."""
    spans = (Span(0, STAGE, np.arange(0, 2), 2.0), Span(1, STAGE, np.arange(2, 4), 1.0))
    system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 1, 0]))


def store(grid, table="batteries", **row):
    """20 MW of wind and 10 MW of demand in A; no wind and 20 MW of demand in B; coal at 100 CNY/MWh."""
    small = grid(6, [10, 10, 20, 20, 10, 10]).add("wind", existing=20, series=[1, 1, 0, 0, 1, 1])
    small.add("thermal", existing=100)
    return small.add(table, **{"existing": 20, "cycle": "medium", "duration": 2, **row})


@pytest.mark.parametrize(
    ("row", "coal"),
    [
        ({}, 0),
        ({"duration": 1.5}, 10),
        ({"cycle": "long"}, 0),
        ({"cycle": "short"}, 40),
        ({"depth": 0.75}, 10),
        ({"existing": 10, "duration": 4}, 20),
    ],
)
def test_level_is_chained_over_real_periods(grid, row, coal):
    """Proves: a store that is not short carries energy from period to period in their real order.

    Each A has 20 MWh to spare, B lacks 40: full at the start of B with 40, half full at its end of A. A store of 30 MWh
    brings 30 of them, a short one nothing, 10 MW bring 20 in the two hours of B.
    If it were broken, coal would make 40 (closed periods), or 0 with 30 MWh (ceiling only within a period), or 20
    (A counted once).
    """
    assert store(grid, **row).solve(three_periods).objective == pytest.approx(coal * 100, abs=1e-6)


@pytest.mark.parametrize(("duration", "coal"), [(2, 0), (1.5, 10)])
def test_pumped_storage_is_chained_too(grid, duration, coal):
    """Proves: the same of pumped storage.

    If it were broken, coal would make 40.
    """
    small = store(grid, "pumped_storage", duration=duration)
    assert small.solve(three_periods).objective == pytest.approx(coal * 100, abs=1e-6)


def test_losses_of_a_carried_store(grid):
    """Proves: what is carried loses its share in every hour of every real period; the floor is on the safe side.

    A store of 64 MWh that keeps half in an hour. A charges 10 and 10: 5 + 10 = 15 at its end, and a quarter of what it
    began with. The year begins with 15 (B leaves nothing), so B begins with 15 / 4 + 15 = 18.75. The floor lets B go
    below its start by what two hours would leave of it, 18.75 / 4 = 4.6875: that in its first hour, and in its second
    what the loss has given back, half of it: 7.03125 in all. (To the hour it would be 9.375.)
    If it were broken, 40 (no loss), 7.5 (the first A forgotten, exact floor) or 9.375 would be given.
    """
    small = store(grid, existing=32, self_discharge=0.5)
    assert small.solve(three_periods).objective == pytest.approx((40 - 7.03125) * 100)


def test_plan_sizes_a_carried_store(grid):
    """Proves: the ceiling over real periods follows the energy the plan chooses.

    40 MWh at 5 CNY and 20 MW at 7 CNY a year are cheaper than 40 MWh of coal.
    If it were broken, 20 MWh would be enough (ceiling within a period).
    """
    small = store(grid, existing=0, room=100, duration="", minimum_duration=1, maximum_duration=10)
    solved = small.cost("cells", investment=70, energy_investment=50).solve(three_periods)
    assert solved.column("capacity/energy") == pytest.approx([40])
    assert solved.objective == pytest.approx(20 * 7 + 40 * 5)


def dam(grid, hours=6, demand=(10, 10, 20, 20, 10, 10), storage=20, **row):
    """20 m3/s in A, nothing in B, demand as above; `storage` in m3/s-hours."""
    small = grid(hours, list(demand)).add("thermal", existing=100)
    return small.station(existing=100, live_storage=storage * FLOW_HOUR, **row)


INFLOW = hourly_inflow(dam=[20, 20, 0, 0, 20, 20])


def both(*changes):
    """Several changes of what was made ready."""

    def change(system):
        for one in changes:
            one(system)

    return change


@pytest.mark.parametrize(
    ("row", "coal"), [({"storage": 40}, 0), ({"storage": 30}, 10), ({"storage": 40, "cycle": "short"}, 40)]
)
def test_reservoir_is_chained_over_real_periods(grid, row, coal):
    """Proves: a long reservoir carries water over real periods, a short one ends each as it began it.

    As the store above.
    If it were broken, coal would make 40, or nothing with 30.
    """
    solved = dam(grid, **row).solve(both(INFLOW, three_periods))
    assert solved.objective == pytest.approx(coal * 100, abs=1e-6)


@pytest.mark.parametrize(
    ("fills", "coal"),
    [
        ({"initial_fill": 0.5, "final_fill": 0.5}, 0),
        ({"initial_fill": 0.25, "final_fill": 0.25}, 20),
        ({"initial_fill": 1, "final_fill": 0.25}, 10),
        ({"initial_fill": 0.25, "final_fill": 1}, 30),
    ],
)
def test_given_fill_over_real_periods(grid, fills, coal):
    """Proves: start and end of the year are given levels; what is between goes through real periods.

    40 m3/s-hours of storage; both A do the same, c, and B gives g. From 20 to 20: g = 2c = 40. From 10 to 10: g = 2c
    and 10 + c - g >= 0: g = 20. From 40 to 10: full, it takes no more, c = 0, g = 30. From 10 to 40: c = 20, g = 10.
    If it were broken, fills would bind within each modelled period, or not at all.
    """
    solved = dam(grid, storage=40, **fills).solve(both(INFLOW, three_periods))
    assert solved.objective == pytest.approx(coal * 100, abs=1e-6)


def one_by_one(system):
    """Every real period stands for itself: three spans that are the year."""
    spans = tuple(Span(i, STAGE, np.arange(2 * i, 2 * i + 2), 1.0) for i in range(3))
    system.chronology = Chronology(spans, chained=False, sequence=np.arange(3))


def chained(system):
    """The same hours as a chain of windows."""
    whole = whole_year((STAGE,), 6, 2)
    system.chronology = whole


@pytest.mark.parametrize(
    "fills",
    [
        {},
        {"initial_fill": 0.5, "final_fill": 0.25},
        {"initial_fill": 1},
        {"final_fill": 0},
        {"final_fill": 0.5},
    ],
)
def test_periods_that_stand_for_themselves_are_the_chained_year(grid, fills):
    """Proves: chaining levels over real periods gives the answer of the year itself where each stands for itself.

    If it were broken, one of both would make water at an end of the year that is not given.
    """
    small = dam(grid, storage=25, **fills)
    a = small.solve(both(INFLOW, chained)).objective
    b = small.solve(both(INFLOW, one_by_one)).objective
    assert a == pytest.approx(b, abs=1e-6)


def test_short_reservoir_with_a_given_fill_makes_no_water(grid):
    """Proves: a short reservoir closes every representative period, whatever its fill at the start of the year.

    A has 40 m3/s-hours for its 20 MWh, B has none for its 40: coal makes 40, also with a full reservoir on 1 January.
    If it were broken, the first period would begin full and end empty, or the last would have its final fill alone.
    """
    flow = hourly_inflow(dam=[5, 5, 0, 0, 5, 5])
    plain = dam(grid, storage=20, cycle="short").solve(both(flow, three_periods)).objective
    assert plain == pytest.approx((2 * 10 + 40) * 100)
    given = dam(grid, storage=20, cycle="short", initial_fill=1, final_fill=1).solve(both(flow, three_periods))
    assert given.objective == pytest.approx(plain)


def test_weights_count_costs_and_meters(grid):
    """Proves: costs and yearly sums count a period as often as it stands for a real one.

    A runs coal at 10 and 10, B at 20 and 20: (2 * 20 + 40) MWh at 100 CNY and one tonne each.
    If it were broken, 60 MWh (each once) would count in one of the two.
    """
    small = grid(6, [10, 10, 20, 20, 10, 10]).add("thermal", existing=100)
    solved = small.add("co2_caps", cap=1e6).target("cap", "watched").solve(three_periods)
    assert solved.objective == pytest.approx(8000)
    assert solved.column("co2_cap/achieved") == pytest.approx([80])


def test_water_on_its_way_stays_with_its_kind_of_period(grid):
    """Proves: water that leaves at the end of a representative period arrives at the start of the next of its kind.

    A pulse of 12 in the last hour of A, an hour on its way, arrives in the first hour of A: 2 * 12 MWh a year.
    If it were broken, it would arrive in B, or be lost.
    """
    small = grid(6).zone("up", 0).zone("low", [100] * 6)
    small.station("upper", zone="up", existing=100, order=1, downstream="lower", travel_time=1)
    small.station("lower", zone="low", existing=100, order=2)
    flow = hourly_inflow(upper=[0, 12, 0, 0, 0, 12], lower=[0] * 6)
    solved = small.solve(both(flow, three_periods))
    assert solved.column("hydro/turbined", "lower") == pytest.approx(np.array([12, 0, 0, 0]), abs=1e-9)
    assert solved.objective == pytest.approx((600 - 24) * 10_000)


def test_windows_of_a_year_are_the_year(grid):
    """Proves: a store, a river and a committed plant cross the boundaries of windows as if there were none.

    Cut into windows of 6, 3, 2 and 1 hours.
    If it were broken, an hour before a window would be taken for free, or levels would close.
    """
    found = []
    for window in (6, 3, 2, 1):
        small = grid(6, [13, 9, 21, 20, 11, 8], case={"time": {"window_hours": window}})
        small.add("thermal", existing=18, minimum_output=0.4, start_cost=500, ramp=0.3, minimum_up=3, minimum_down=2)
        small.add("batteries", existing=3, duration=2, charge_efficiency=0.9, discharge_efficiency=0.9)
        small.station(order=1, downstream="below", travel_time=1.5, existing=5, live_storage=12 * FLOW_HOUR)
        small.station("below", order=2, existing=5)
        flow = hourly_inflow(dam=[3, 3, 0, 1, 5, 2], below=[0, 1, 0, 0, 0, 0])
        found.append(small.solve(flow).objective)
    assert found == pytest.approx([found[0]] * 4)


def test_remainder_of_a_year_joins_its_last_window():
    """Proves: windows cover every hour once; a short remainder joins the last window, a long one is its own.

    10 hours by 4: 4, 4, 2 (half is long enough); 9 hours by 4: 4, 5.
    If it were broken, hours would be lost or counted twice.
    """
    for hours, lengths in ((10, [4, 4, 2]), (9, [4, 5]), (3, [3]), (8, [4, 4])):
        spans = whole_year((STAGE,), hours, 4, 8760).spans
        assert [len(s) for s in spans] == lengths
        assert np.concatenate([s.hours for s in spans]).tolist() == list(range(hours))
        assert sum(s.weight * len(s) for s in spans) == pytest.approx(8760)


def test_hour_before_a_span():
    """Proves: an hour before a span lies in the span before it, however many spans back, round the year if it closes.

    Spans of 4, 4 and 2 hours.
    If it were broken, hours would be counted from the wrong end.
    """
    year = whole_year((STAGE,), 10, 4)
    first, second, last = year.spans
    assert year.before(second, 2) == (second, 2)
    assert year.before(second, -1) == (first, 3)
    assert year.before(last, -5) == (first, 3)
    assert year.before(first, -1) == (last, 1)
    assert year.before(first, -3) == (second, 3)
    assert year.before(first, -10) == (first, 0)
    assert year.before(second, -21) == (first, 3)
