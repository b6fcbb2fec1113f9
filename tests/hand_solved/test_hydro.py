"""The river: balances, reservoirs, travel times, releases, stations that do not stand yet."""

import numpy as np
import pandas as pd
import pytest
from small_system import FLOW_HOUR, HEAD, STAGE, hourly_inflow

from qhenergy.ground.faults import InputError
from qhenergy.periods.chronology import Chronology, Span


def test_run_of_river_spills_what_it_cannot_turbine(grid):
    """Proves: without a reservoir inflow is turbined or spilled in its hour, turbines up to the capacity.

    30 m3/s at one MW each, 20 MW of turbines, 50 MW asked: coal makes 30, 10 m3/s pass.
    If it were broken, coal would make 20 (no turbine limit) or 50 (no inflow).
    """
    solved = grid(1, 50).station(inflow=30, existing=20).add("thermal", existing=100).solve()
    assert solved.column("hydro/spilled") == pytest.approx([10])
    assert solved.objective == pytest.approx(8760 * 30 * 100)


def test_power_of_a_flow(grid):
    """Proves: power = 9.81e-3 * efficiency * head * flow, and variable O&M is paid per MWh.

    40 m3/s over 100 m at 0.9 is 35.316 MW; 10 CNY/MWh; coal makes the rest of 50.
    If it were broken, it would be 39.24 MW (efficiency forgotten), 43.6 (divided), 353.16 per mille.
    """
    small = grid(1, 50).station(inflow=40, existing=60, head=100, efficiency=0.9).add("thermal", existing=100)
    solved = small.cost("hydro", variable_om=10).solve()
    assert solved.costs["variable O&M/hydro"] == pytest.approx(8760 * 353.16)
    assert solved.objective == pytest.approx(8760 * (353.16 + 100 * (50 - 35.316)))


def test_one_megawatt_per_cubic_metre_is_nothing_special(grid):
    """Proves: a station that makes exactly one MW of one m3/s is a station like any other.

    30 m3/s make 30 MW; 20 of 50 are missed.
    If it were broken, the check that flows are converted would refuse a conversion by one.
    """
    solved = grid(1, 50).station(inflow=30, existing=50, head=1 / 9.81e-3).solve()
    assert solved.objective == pytest.approx(8760 * 20 * 10_000)


@pytest.mark.parametrize(("storage", "coal"), [(0, 10), (5, 5), (10, 0), (100, 0)])
def test_reservoir_moves_water_to_the_hour_that_asks(grid, storage, coal):
    """Proves: a reservoir carries water from hour to hour up to its live storage, and the year closes.

    10 m3/s all day, 20 MW asked in hour 1 only; `storage` is in m3/s-hours of 0.0036 hm3.
    If it were broken, coal would be 10 for all (no carrying) or 0 (level unlimited), or half of it (units).
    """
    small = grid(2, [0, 20]).station(inflow=10, existing=50, live_storage=storage * FLOW_HOUR)
    solved = small.add("thermal", existing=100).solve()
    assert solved.objective == pytest.approx(4380 * coal * 100)


def test_short_medium_and_long_reservoirs_are_one_in_a_chained_year(grid):
    """Proves: the cycle of a reservoir matters to representative periods only; windows of a year hand levels over.

    Two windows of an hour: water of hour 0 is used in hour 1 whatever the cycle.
    If it were broken, the short one would leave coal at 10.
    """
    for cycle in ("short", "medium", "long"):
        small = grid(2, [0, 20], case={"time": {"window_hours": 1}}).add("thermal", existing=100)
        small.station(inflow=10, existing=50, live_storage=1, cycle=cycle)
        assert small.solve().objective == pytest.approx(0, abs=1e-6), cycle


@pytest.mark.parametrize(
    ("fills", "turbined"),
    [
        ({}, 20),
        ({"initial_fill": 0.5, "final_fill": 0.5}, 20),
        ({"initial_fill": 1, "final_fill": 0.25}, 35),
        ({"initial_fill": 0.25, "final_fill": 1}, 5),
    ],
)
def test_given_fill_at_both_ends_of_the_year(grid, fills, turbined):
    """Proves: what the fill loses over the year is turbined on top of the inflow.

    20 m3/s-hours flow in; a storage of 20 m3/s-hours that ends 0.75 lower gives 15 more, 0.75 higher 15 less.
    If it were broken, 20 would be turbined in every case (cyclic), or 40 (end left free).
    """
    small = grid(2, [30, 30]).station(inflow=10, existing=100, live_storage=20 * FLOW_HOUR, **fills)
    solved = small.add("thermal", existing=100).solve()
    assert solved.column("hydro/turbined").sum() == pytest.approx(turbined)
    assert solved.objective == pytest.approx(4380 * (60 - turbined) * 100)


@pytest.mark.parametrize("fills", [{"initial_fill": 1}, {"final_fill": 0}])
def test_one_given_fill_makes_no_water(grid, fills):
    """Proves: with the fill of one end of the year given, the other end is the same: no water comes from nowhere.

    20 m3/s-hours flow in, so 20 are turbined.
    If it were broken, 40 would be turbined: a reservoir that starts full and may end empty, every year.
    """
    small = grid(2, [30, 30]).station(inflow=10, existing=100, live_storage=20 * FLOW_HOUR, **fills)
    solved = small.add("thermal", existing=100).solve()
    assert solved.column("hydro/turbined").sum() == pytest.approx(20)


def two_stations(grid, hours, pulse, travel, **options):
    """Water of the upper station (zone `up`, no demand) is turbined again below, where 100 MW are asked."""
    small = grid(hours, **options).zone("up", 0).zone("low", 100)
    small.station("upper", zone="up", existing=100, order=1, downstream="lower", travel_time=travel)
    small.station("lower", zone="low", existing=100, order=2)
    return small, hourly_inflow(upper=pulse, lower=[0] * hours)


@pytest.mark.parametrize(
    ("travel", "arrived"),
    [
        (0, [12, 0, 0, 0]),
        (1, [0, 12, 0, 0]),
        (1.5, [0, 6, 6, 0]),
        (0.25, [9, 3, 0, 0]),
        (3, [0, 0, 0, 12]),
    ],
)
@pytest.mark.parametrize("window", [4, 2, 1])
def test_water_arrives_after_its_travel_time(grid, travel, arrived, window):
    """Proves: released water arrives k + f hours later, (1-f) of it after k hours and f an hour later.

    A pulse of 12 m3/s in hour 0 through a run-of-river station; boundaries between windows change nothing.
    If it were broken, 1.5 h would arrive as [0, 12, 0, 0] (cut off), and boundaries would lose or delay it.
    """
    small, change = two_stations(grid, 4, [12, 0, 0, 0], travel, case={"time": {"window_hours": window}})
    solved = small.solve(change)
    below = solved.column("hydro/turbined", "lower") + solved.column("hydro/spilled", "lower")
    assert below == pytest.approx(np.array(arrived), abs=1e-9)
    assert solved.objective == pytest.approx(2190 * 10_000 * (400 - 12))


@pytest.mark.parametrize(
    ("window", "travel"), [(6, 2), (3, 2), (2, 2), (1, 2), (6, 1.5), (4, 1.5), (2, 1.5), (1, 1.5), (1, 4)]
)
def test_reservoir_above_a_reservoir(grid, window, travel):
    """Proves: water held above, on its way for hours, and held below again is used twice, wherever windows end.

    24 m3/s flow into the upper reservoir in hour 0; 24 MW are asked in zone `up` in hour 1 and 20 in `low` in hour 5,
    when all of it has come down. The lower reservoir holds 20 m3/s-hours, nothing in hour 0: what it cannot hold
    passes. With four hours to go the water is there in hour 5 itself.
    If it were broken, 24 MWh would be missed above (not held), or 20 below (lost on its way, at the end of a window, or
    not held below).
    """
    small = grid(6, case={"time": {"window_hours": window}})
    small.zone("up", [0, 24, 0, 0, 0, 0]).zone("low", [0, 0, 0, 0, 0, 20])
    row = {"live_storage": 24 * FLOW_HOUR, "existing": 100, "initial_fill": 0, "final_fill": 0}
    small.station("upper", zone="up", order=1, downstream="lower", travel_time=travel, **row)
    small.station("lower", zone="low", order=2, **{**row, "live_storage": 20 * FLOW_HOUR})
    solved = small.solve(hourly_inflow(upper=[24, 0, 0, 0, 0, 0], lower=[0] * 6))
    assert solved.objective == pytest.approx(0, abs=1e-6)
    assert solved.column("hydro/level", "upper") == pytest.approx(np.array([24, 0, 0, 0, 0, 0]) * FLOW_HOUR)
    below = solved.column("hydro/level", "lower") / FLOW_HOUR
    assert below[4] == pytest.approx(0 if travel == 4 else 20, abs=1e-6)
    assert solved.column("hydro/spilled", "lower").sum() == pytest.approx(4)


@pytest.mark.parametrize(("travel", "arrived"), [(1, [12, 0, 0]), (2.5, [0, 6, 6])])
def test_water_on_its_way_at_the_end_is_there_at_the_start(grid, travel, arrived):
    """Proves: the cyclic year hands water on its way over from its end to its start.

    A pulse in the last of three hours arrives in the first hours of the same year.
    If it were broken, the objective would miss 12 MWh: water lost at the turn of the year.
    """
    small, change = two_stations(grid, 3, [0, 0, 12], travel)
    solved = small.solve(change)
    assert solved.column("hydro/turbined", "lower") == pytest.approx(np.array(arrived), abs=1e-9)


@pytest.mark.parametrize("window", [2, 1])
def test_travel_longer_than_the_modelled_year(grid, window):
    """Proves: travel longer than all modelled hours goes round the cyclic year more than once.

    A pulse in hour 0 of two hours, five hours on its way, arrives in hour 1 (of a later round).
    If it were broken, there would be no answer, or it would arrive in hour 0.
    """
    small, change = two_stations(grid, 2, [12, 0], 5, case={"time": {"window_hours": window}})
    assert small.solve(change).column("hydro/turbined", "lower") == pytest.approx(np.array([0, 12]), abs=1e-9)


def test_tributaries_add_up(grid):
    """Proves: every station that points at another sends its water there, each with its own delay.

    8 m3/s an hour away and 5 m3/s at once, constant, and 2 of its own: 15.
    If it were broken, 10 or 7 would arrive (one of them forgotten).
    """
    small = grid(2, 100).station("left", 8, order=1, existing=1, downstream="low", travel_time=1)
    small.station("right", 5, order=2, existing=1, downstream="low").station("low", 2, order=3, existing=100)
    assert small.solve().column("hydro/turbined", "low") == pytest.approx([15, 15])


def test_least_release_is_kept_against_the_wish_to_store(grid):
    """Proves: turbined and spilled together stay above the minimum release.

    10 m3/s flow in, 20 MW asked in hour 1 only, 4 m3/s must pass in hour 0: 4 are lost, coal makes 4.
    If it were broken, coal would make 0, or the turbine alone would have to run.
    """
    small = grid(2, [0, 20]).station(inflow=10, existing=50, live_storage=1).rule("dam", minimum_release=4)
    solved = small.add("thermal", existing=100).solve()
    assert solved.objective == pytest.approx(4380 * 4 * 100)


def test_most_release_is_kept(grid):
    """Proves: turbined and spilled together stay below the maximum release.

    At most 15 of the 20 m3/s asked in hour 1 may pass, 5 pass in hour 0 for nothing: coal makes 5.
    If it were broken, coal would make 0.
    """
    small = grid(2, [0, 20]).station(inflow=10, existing=50, live_storage=1).rule("dam", maximum_release=15)
    solved = small.add("thermal", existing=100).solve()
    assert solved.objective == pytest.approx(4380 * 5 * 100)


def test_rules_follow_the_month(grid):
    """Proves: a release rule binds in its month alone.

    A minimum of 4 in month 2 only; hour 0 is in month 2, then in month 1.
    If it were broken, coal would make 4 in both cases or in none.
    """
    small = grid(2, [0, 20]).station(inflow=10, existing=50, live_storage=1).add("thermal", existing=100)
    small.add("hydro_rules", station="dam", month=2, minimum_release=4)

    def calendar(first, second):
        def change(system):
            system.month = np.array([first, second])

        return change

    assert small.solve(calendar(2, 1)).objective == pytest.approx(4380 * 400)
    assert small.solve(calendar(1, 2)).objective == pytest.approx(0, abs=1e-6)


def absent(grid, **row):
    """Upper, a station that comes in 2035, lower; an hour between each."""
    small = grid(4).zone("up", 0).zone("low", 100)
    small.station("upper", zone="up", existing=100, order=1, downstream="between", travel_time=1)
    row = {"zone": "low", "existing": 0, "committed": 100, "committed_year": 2035, **row}
    small.station("between", order=2, downstream="lower", travel_time=1, in_service_year=2035, **row)
    return small.station("lower", zone="low", existing=100, order=3)


def test_absent_station_passes_on_what_comes_from_above(grid):
    """Proves: a station that does not stand yet makes no power, and water passes it with both travel times.

    A pulse of 12 in hour 0 reaches the lower station in hour 2.
    If it were broken, it would come in hour 1 (one way forgotten), never, or be turbined twice.
    """
    change = hourly_inflow(upper=[12, 0, 0, 0], between=[0] * 4, lower=[0] * 4)
    solved = absent(grid).solve(change)
    assert solved.column("hydro/turbined", "lower") == pytest.approx(np.array([0, 0, 12, 0]), abs=1e-9)
    assert solved.objective == pytest.approx(2190 * 10_000 * (400 - 12))


def test_absent_station_passes_on_its_own_inflow(grid):
    """Proves: the local inflow of a station that does not stand yet counts as that of the next one.

    6 m3/s in hour 0 at the absent station are inflow of hour 0 below.
    If it were broken, the 6 MWh would be missing.
    """
    change = hourly_inflow(upper=[0] * 4, between=[6, 0, 0, 0], lower=[0] * 4)
    solved = absent(grid).solve(change)
    assert solved.column("hydro/turbined", "lower") == pytest.approx(np.array([6, 0, 0, 0]), abs=1e-9)


def test_station_outside_the_system_passes_water_on(grid):
    """Proves: a station without a zone counts in the river and nowhere else.

    As above, with the middle station standing but outside the system.
    If it were broken, its 100 MW would serve demand or hold the water back.
    """
    change = hourly_inflow(upper=[12, 0, 0, 0], between=[0] * 4, lower=[0] * 4)
    small = absent(grid, zone="", existing=100, committed=0)
    solved = small.solve(change)
    assert solved.column("hydro/turbined", "lower") == pytest.approx(np.array([0, 0, 12, 0]), abs=1e-9)


def test_more_turbines_are_built_where_water_is_spilled(grid):
    """Proves: turbines of the plan limit the flow by capacity over power per flow.

    40 m3/s at half a MW each are 20 MW; 5 stand; at 400,000 CNY/MW a year against 876,000 saved 15 are built.
    If it were broken, 35 (one MW per m3/s) or 0 would be built.
    """
    small = grid(1, 50).station(inflow=40, existing=5, room=100, head=HEAD / 2).add("thermal", existing=100)
    solved = small.cost("hydro", investment=4e6).solve()
    assert solved.column("capacity/built") == pytest.approx([15])
    assert solved.objective == pytest.approx(15 * 400_000 + 8760 * 30 * 100)


def test_river_in_a_circle_is_refused(grid):
    """Proves: stations that point at each other in a circle are a fault of the input.

    If it were broken, the walk down the river would not end.
    """
    small = grid(1, 10).station("one", 1, existing=1, downstream="two").station("two", 1, existing=1, downstream="one")
    with pytest.raises(InputError, match="circle"):
        small.solve()


def unbuilt(grid, price, **row):
    """A dam of up to 40 MW that may be built, with 20 m3/s-hours: 10 m3/s come, 20 MW are asked in hour 1."""
    small = grid(2, [0, 20]).cost("hydro", investment=10 * price).add("thermal", existing=100)
    return small.station(inflow=10, **{"room": 40, "live_storage": 20 * FLOW_HOUR, **row})


@pytest.mark.parametrize(("storage", "price", "built", "coal"), [(20, 1, 20, 0), (5, 1, 40, 5), (20, 9e6, 0, 20)])
def test_a_dam_holds_water_as_far_as_it_is_built(grid, storage, price, built, coal):
    """Proves: of a dam that may be built the reservoir is there in the measure of its capacity.

    20 MW turbine 20 m3/s in hour 1, 10 of them kept in hour 0: half the dam holds half of 20. Of a reservoir of 5
    all is wanted, so all of the dam is built. A dam that costs too much is not built at all.
    If it were broken, the dam of 5 would be of 15 MW.
    """
    solved = unbuilt(grid, price, live_storage=storage * FLOW_HOUR).solve()
    assert solved.column("capacity/built") == pytest.approx([built], abs=1e-6)
    assert solved.objective == pytest.approx(built * price + 4380 * coal * 100)


@pytest.mark.parametrize("cycle", ["short", "long"])
def test_a_dam_that_is_not_built_keeps_no_water_for_others(grid, cycle):
    """Proves: a dam too dear to build does not regulate the river for the station below it, over periods either.

    20 m3/s come in A and none in B of the periods A, B, A; the station below turbines 20 in each A and coal makes the
    40 of B.
    If it were broken, water of A would be kept for B and coal make less.
    """

    def periods(system):
        spans = (Span(0, STAGE, np.arange(0, 2), 2.0), Span(1, STAGE, np.arange(2, 4), 1.0))
        system.chronology = Chronology(spans, chained=False, sequence=np.array([0, 1, 0]))
        inflow = {"upper": [20.0, 20, 0, 0, 20, 20], "lower": [0.0] * 6}
        system.series["hydro/inflow"] = pd.DataFrame(inflow)

    small = grid(6, [10, 10, 20, 20, 10, 10]).cost("hydro", investment=9e7).add("thermal", existing=100)
    small.station("upper", order=1, downstream="lower", room=50, live_storage=100 * FLOW_HOUR, cycle=cycle)
    small.station("lower", order=2, existing=30)
    assert small.solve(periods).objective == pytest.approx(40 * 100)


def test_a_fill_given_for_a_dam_that_may_be_built_is_refused(grid):
    """Proves: a reservoir that is not there yet has no given level; blank, it ends the year as it began.

    If it were broken, a dam nobody builds would have to hold half of its water.
    """
    said = (
        r"hydro_stations.csv \(dam\): found a given fill, and no capacity that stands; expected .* Blank initial_fill"
    )
    with pytest.raises(InputError, match=said):
        unbuilt(grid, 1, initial_fill=0.5).solve()
    assert unbuilt(grid, 1, initial_fill=0, final_fill=0, existing=20, room=0).solve().objective == pytest.approx(
        0, abs=1e-6
    )
