"""Hubs: reversible units, pumps and more units between two reservoirs of the river."""

from dataclasses import replace

import numpy as np
import pytest
from small_system import FLOW_HOUR, hourly_inflow
from small_system import solved as solve

from qhenergy.ground.faults import InputError, NoSolutionError


def two_dams(grid, hours, demand, travel=0, upper=None, lower=None, **options):
    """Two reservoirs of 100 m3/s-hours, one below the other, dry, whose own turbines serve nobody (zone `far`)."""
    small = grid(hours, demand, **options).zone("far")
    own = {"zone": "far", "existing": 1, "live_storage": 100 * FLOW_HOUR}
    small.station("upper", order=1, downstream="lower", travel_time=travel, **{**own, **(upper or {})})
    return small.station("lower", order=2, **{**own, **(lower or {})})


def day_and_night(grid, mode, surplus=18, **options):
    """Surplus wind by day, 20 MW asked by night, coal, and a hub."""
    small = two_dams(grid, 2, [10, 20], **options).add("thermal", existing=100)
    return small.add("wind", existing=surplus + 10, series=[1, 0]), {"mode": mode}


def test_reversible_unit_shifts_energy_by_its_round_trip(grid):
    """Proves: what is pumped by day comes back at night, each way with its efficiency, and no water is lost.

    18 MW pump 18 * 0.8 = 14.4 m3/s; they make 14.4 * 0.9 = 12.96 MW; coal makes 7.04. The upper reservoir is 14.4
    m3/s-hours fuller after the day, the lower one as much emptier.
    If it were broken, coal would make 2 (no loss), 5.6 (pumping alone loses), 3.8 (it gains), or a level would stand.
    """
    small, row = day_and_night(grid, "reversible")
    solved = small.add("hydro_hubs", existing=30, turbine_efficiency=0.9, pump_efficiency=0.8, **row).solve()
    assert solved.column("hydro_hub/pumped") == pytest.approx([14.4, 0])
    assert solved.column("hydro_hub/turbined") == pytest.approx([0, 14.4])
    assert solved.objective == pytest.approx(4380 * 7.04 * 100)
    for station, sign in (("upper", 1), ("lower", -1)):
        day, night = solved.column("hydro/level", station)
        assert day - night == pytest.approx(sign * 14.4 * FLOW_HOUR)


@pytest.mark.parametrize(("reservoir", "coal"), [({"lower": {"live_storage": 5 * FLOW_HOUR}}, 15), ({}, 2)])
def test_water_of_both_reservoirs_limits_what_is_shifted(grid, reservoir, coal):
    """Proves: no more is pumped than the lower reservoir holds, and no more than there is surplus.

    5 m3/s-hours bring 5 MWh of the 20; with enough water the surplus of 18 MW does.
    If it were broken, coal would make 2 in both cases: a pump that lifts water nobody misses.
    """
    small, row = day_and_night(grid, "reversible", **reservoir)
    assert small.add("hydro_hubs", existing=30, **row).solve().objective == pytest.approx(4380 * coal * 100)


@pytest.mark.parametrize(("capacity", "can"), [(20, True), (19, False)])
def test_units_share_their_capacity(grid, capacity, can):
    """Proves: pumping 10 MW and turbining 10 MW in one hour takes 20 MW of reversible units.

    No price makes that worth while, so both are asked for by their bounds.
    If it were broken, 10 MW of units would do both.
    """
    small = two_dams(grid, 1, 10).add("thermal", existing=100)
    solved = small.add("hydro_hubs", existing=capacity, mode="reversible").solve()
    problem, lower = solved.problem, solved.problem.lower.copy()
    for family in ("hydro_hub/pumped", "hydro_hub/turbined"):
        lower[problem.columns.of(family)] = 10
    if can:
        assert solve(problem=replace(problem, lower=lower), assembled=solved.assembled).objective > 0
    else:
        with pytest.raises(NoSolutionError):
            solve(problem=replace(problem, lower=lower), assembled=solved.assembled)


def test_water_that_goes_round_is_not_let_down(grid):
    """Proves: an ecological flow is met by water that stays below, not by what a pump brings back up.

    Nothing flows in above, 10 m3/s must pass the upper dam: there is no answer, whatever the hub lifts.
    If it were broken, the hub would lift 10 and let them down again.
    """
    small = two_dams(grid, 1, 10, upper={"live_storage": 0}).rule("upper", minimum_release=10)
    small.add("thermal", existing=110).add("hydro_hubs", existing=20, mode="reversible")
    with pytest.raises(NoSolutionError):
        small.solve()


def test_a_cap_of_the_mean_is_of_what_stays_below(grid):
    """Proves: the mean release of a month may be lower than what a reversible hub turbines.

    The hub lifts 10 m3/s by day and turbines them at night; nothing stays below, so a mean of nothing is kept.
    If it were broken, a mean of 0 would shut the hub: coal would make 10 at night.
    """
    small = two_dams(grid, 2, [0, 10]).rule("upper", maximum_mean_release=0)
    small.add("wind", existing=10, series=[1, 0]).add("thermal", existing=100)
    small.add("hydro_hubs", existing=10, mode="reversible")
    assert small.solve().objective == pytest.approx(0, abs=1e-3)


def test_pump_gives_water_to_the_station_above(grid):
    """Proves: a pump makes no power of its own; the turbines of the station above do.

    18 MW lift 14.4 m3/s, of which the upper station makes 14.4 MW at night: coal makes 5.6.
    If it were broken, coal would make 20 (water that does not arrive), or 2 (a pump without loss).
    """
    small, row = day_and_night(grid, "pump", upper={"zone": "z", "existing": 100})
    solved = small.add("hydro_hubs", existing=30, pump_efficiency=0.8, **row).solve()
    assert not solved.has("columns", "hydro_hub/turbined")
    assert solved.column("hydro/turbined", "upper") == pytest.approx([0, 14.4])
    assert solved.objective == pytest.approx(4380 * 5.6 * 100)


def test_more_units_turbine_what_was_spilled(grid):
    """Proves: units of mode `turbine` are more turbines at the dam: the water below stays what it was.

    20 m3/s, of which 5 MW of turbines and 10 MW of more units make 5 + 9; 5 pass beside them; 20 come down.
    If it were broken, coal would make 45 (no units) or 36 (full head twice), and 5 or 30 would come down.
    """
    small = two_dams(grid, 1, 50, upper={"zone": "z", "existing": 5, "live_storage": 0}, lower={"live_storage": 0})
    small.add("thermal", existing=100).add("hydro_hubs", existing=9, turbine_efficiency=0.9, mode="turbine")
    solved = small.solve(hourly_inflow(upper=[20], lower=[0]))
    assert solved.column("hydro_hub/turbined") == pytest.approx([10])
    assert solved.column("hydro/spilled", "upper") == pytest.approx([5])
    assert solved.column("hydro/spilled", "lower") == pytest.approx([20])
    assert not solved.has("columns", "hydro_hub/pumped")
    assert solved.objective == pytest.approx(8760 * (50 - 5 - 9) * 100)


@pytest.mark.parametrize("window", [4, 2, 1])
def test_what_a_hub_turbines_travels_like_all_releases(grid, window):
    """Proves: water of a hub joins the station below after the travel time of the reach, across windows too.

    A pulse of 12 m3/s in hour 2 makes 12 MW at once, and 6 MW each in hours 3 and 0 below, 1.5 hours later.
    If it were broken, 12 MW would come in hour 2 (at once), or 12 MWh would be missing.
    """
    dry = {"live_storage": 0}
    small = two_dams(grid, 4, 100, 1.5, dry, {**dry, "zone": "z", "existing": 100}, case=cut(window))
    small.add("hydro_hubs", existing=50, mode="turbine")
    solved = small.solve(hourly_inflow(upper=[0, 0, 12, 0], lower=[0] * 4))
    assert solved.column("hydro/turbined", "lower") == pytest.approx(np.array([6, 0, 0, 6]), abs=1e-9)
    assert solved.objective == pytest.approx(2190 * 10_000 * (400 - 24))


def cut(window):
    """A case in windows of so many hours."""
    return {"time": {"window_hours": window}}


@pytest.mark.parametrize("window", [4, 2, 1])
def test_what_is_pumped_is_there_at_once(grid, window):
    """Proves: pumped water leaves the lower reservoir and is in the upper one in the same hour, whatever the reach.

    Three hours down, none up. In hour 0 12 MW lift 12 m3/s, which are asked again in hour 1, and are back below in
    hour 4, which is the next hour 0.
    If it were broken, coal would make 12: the water would still be on its way up.
    """
    small = two_dams(grid, 4, [0, 12, 0, 0], 3, case=cut(window)).add("thermal", existing=100)
    small.add("wind", existing=12, series=[1, 0, 0, 0]).add("hydro_hubs", existing=12, mode="reversible")
    solved = small.solve()
    assert solved.objective == pytest.approx(0, abs=1e-6)
    assert solved.column("hydro_hub/pumped") == pytest.approx(np.array([12, 0, 0, 0]), abs=1e-9)
    level = solved.column("hydro/level", "lower")
    assert level == pytest.approx(np.array([level[0]] * 4), abs=1e-9)


def test_cost_of_a_candidate(grid):
    """Proves: what is built pays annuity and fixed O&M per MW, and variable O&M per MWh it gives.

    20 MW are built against 20 MW of coal at night, which cost 438,000 CNY/yr per MW.
    If it were broken, 1,752,000 would be paid for 10 CNY/MWh (pumping too), or nothing would be built.
    """
    small, row = day_and_night(grid, "reversible", surplus=30)
    small.cost("hub", investment=1e6, fixed_om=50_000, variable_om=10)
    solved = small.add("hydro_hubs", room=50, **row).solve()
    assert solved.column("capacity/built", "hub") == pytest.approx([20])
    assert solved.costs["investment/hub"] == pytest.approx(20 * 100_000)
    assert solved.costs["fixed O&M/hub"] == pytest.approx(20 * 50_000)
    assert solved.costs["variable O&M/hub"] == pytest.approx(4380 * 20 * 10)
    assert solved.objective == pytest.approx(20 * 150_000 + 4380 * 200)


@pytest.mark.parametrize(("prerequisite", "dam"), [("upper", 40), ("", 20)])
def test_hub_grows_with_the_dam_it_needs(grid, prerequisite, dam):
    """Proves: of a hub with 50 MW of room at a dam of 100 MW, half a MW may be built per MW of the dam.

    20 MW of the hub need 40 MW of the dam, at 30,000 CNY/MW a year. Without the tie they need the water that 20 MW of
    the dam hold, of the 100 m3/s-hours that 100 MW do.
    If it were broken, none of the dam would be built, or 20 MW (one for one).
    """
    small, row = day_and_night(grid, "reversible", surplus=30, upper={"existing": 0, "room": 100})
    small.cost("hub", investment=1e6).cost("hydro", investment=3e5)
    solved = small.add("hydro_hubs", room=50, prerequisite=prerequisite, **row).solve()
    assert solved.column("capacity/built", "hub") == pytest.approx([20])
    assert solved.column("capacity/built", "upper") == pytest.approx([dam], abs=1e-6)
    assert solved.objective == pytest.approx(20 * 100_000 + dam * 30_000)


def test_units_of_a_hub_that_stand_need_no_more_of_the_dam(grid):
    """Proves: the dam limits what is added to a hub, not what it has.

    Of 20 MW wanted 8 stand, 12 are added at half a MW per MW of the dam: 24 MW of it.
    If it were broken, 40 MW of the dam would be built, or a hub of 8 MW without a dam would have no answer.
    """
    small, row = day_and_night(grid, "reversible", surplus=30, upper={"existing": 0, "room": 100})
    small.cost("hub", investment=1e6).cost("hydro", investment=3e5)
    solved = small.add("hydro_hubs", existing=8, room=50, prerequisite="upper", **row).solve()
    assert solved.column("capacity/built", "hub") == pytest.approx([12])
    assert solved.column("capacity/built", "upper") == pytest.approx([24])


@pytest.mark.parametrize("late", ["upper", "lower", "prerequisite", "none"])
@pytest.mark.parametrize("named", ["lower", ""])
def test_no_hub_before_both_of_its_reservoirs(grid, late, named):
    """Proves: a hub whose upper or lower reservoir, or dam, comes after the year is not there yet.

    Surplus of 20 MW by day; the hub would make all of the 20 MWh of the night. With the lower station absent there
    is a third one below it, from which nobody may pump instead.
    If it were broken, coal would make 0 in all cases, or 20 also where all dams stand.
    """
    rows = {s: {"in_service_year": 2035} for s in ("upper", "lower") if s == late}
    small, row = day_and_night(grid, "reversible", surplus=20, **rows)
    small.rows["hydro_stations"][1]["downstream"] = "third"
    small.station("third", zone="far", existing=1, order=3, live_storage=1)
    small.station("other", zone="far", existing=1, order=4, in_service_year=2035 if late == "prerequisite" else 2000)
    solved = small.add("hydro_hubs", existing=30, lower=named, prerequisite="other", **row).solve()
    coal = 0 if late == "none" else 20
    assert solved.has("columns", "hydro_hub/pumped") == (late == "none")
    assert solved.objective == pytest.approx(4380 * coal * 100, abs=1e-6)


@pytest.mark.parametrize("mode", ["turbine", "reversible", "pump"])
@pytest.mark.parametrize(
    ("row", "stations", "said"),
    [
        (
            {"lower": "third"},
            {},
            r'hydro_hubs.csv, row hub: found lower "third"; expected lower, the next station below.* Correct `lower`',
        ),
        (
            {"upper": "third", "lower": "upper"},
            {},
            r'hydro_hubs.csv, row hub: found lower "upper"; expected a station below the upper one.* Correct `lower`',
        ),
        (
            {},
            {"upper": {"zone": ""}},
            r'hydro_hubs.csv, row hub: found upper "upper"; expected a station that stands.* Name a station',
        ),
        (
            {},
            {"upper": {"existing": 0}},
            r'hydro_hubs.csv, row hub: found upper "upper"; expected a station that stands.* Name a station',
        ),
    ],
)
def test_a_hub_that_is_not_between_two_reservoirs_is_refused(grid, mode, row, stations, said):
    """Proves: `lower` is the next station below that stands, and `upper` stands itself.

    If it were broken, a hub would pump past a dam, or make power of water that no balance misses: 20 MW for nothing.
    """
    small = two_dams(grid, 2, [10, 20], **stations)
    small.rows["hydro_stations"][1]["downstream"] = "third"
    small.station("third", zone="far", existing=1, order=3, live_storage=1)
    small.add("hydro_hubs", existing=30, mode=mode, **row)
    with pytest.raises(InputError, match=said):
        small.solve()


@pytest.mark.parametrize("mode", ["reversible", "pump"])
def test_a_pump_needs_water_below(grid, mode):
    """Proves: nothing can be pumped up to a station below which none stands; more units may stand there.

    If it were broken, 20 m3/s would be lifted out of nowhere.
    """
    small = two_dams(grid, 1, 20).add("hydro_hubs", existing=30, mode=mode, upper="lower")
    with pytest.raises(InputError, match="row hub: found no station below; expected a station below the upper one"):
        small.solve()
    turbines = two_dams(grid, 1, 20, lower={"live_storage": 0})
    turbines.folder = turbines.folder.with_name("turbines")
    turbines.add("hydro_hubs", existing=30, mode="turbine", upper="lower")
    solved = turbines.solve(hourly_inflow(upper=[0], lower=[15]))
    assert solved.objective == pytest.approx(8760 * 5 * 10_000)


@pytest.mark.parametrize(("dam", "built"), [({"existing": 0}, 0), ({"existing": 7}, 20)])
def test_a_hub_does_not_grow_without_the_dam_it_needs(grid, dam, built):
    """Proves: a dam that has no capacity and can have none holds the hub at what it has; one that stands frees it.

    Of 20 MW wanted at night none can be built without the dam, and coal makes 20.
    If it were broken, 20 MW of the hub would be built in both cases: a dam nobody may build asks for nothing.
    """
    small, row = day_and_night(grid, "reversible", surplus=30)
    small.station("dam", zone="far", order=3, **dam).cost("hub", investment=1e6)
    solved = small.add("hydro_hubs", room=50, prerequisite="dam", **row).solve()
    assert solved.column("capacity/built", "hub") == pytest.approx([built], abs=1e-6)
    assert solved.objective == pytest.approx(built * 100_000 + 4380 * (20 - built) * 100)


def test_a_hub_that_needs_a_dam_outside_the_system_is_refused(grid):
    """Proves: a dam outside the system, whose building the plan cannot see, is no prerequisite; all faults at once.

    If it were broken, the hub would be built whatever becomes of the dam, or only the first row would be named.
    """
    small, row = day_and_night(grid, "reversible", surplus=30)
    small.station("dam", zone="", order=3, existing=1)
    small.add("hydro_hubs", room=50, prerequisite="dam", **row).add(
        "hydro_hubs", asset="far", room=5, upper="dam", **row
    )
    with pytest.raises(InputError) as refused:
        small.solve()
    said = [str(fault) for fault in refused.value.faults]
    assert [fault[: fault.index(";")] for fault in said] == [
        'hydro_hubs.csv, row hub: found prerequisite "dam"',
        'hydro_hubs.csv, row far: found upper "dam"',
    ]
    assert "expected a station inside the system. Give the station a zone" in said[0]
