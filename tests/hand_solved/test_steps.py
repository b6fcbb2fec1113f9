"""Steps shorter than an hour: one hour in four quarters, each of which stands for 2,190 hours of the year."""

import numpy as np
import pandas as pd
import pytest
from small_system import FLOW_HOUR, STAGE

from qhenergy.ground.faults import InputError

#: Real hours that a quarter of the only hour stands for.
QUARTER = 2190


def quarters(hours=1, **time):
    """Keys of a case in steps of 15 minutes."""
    return {"case": {"time": {"step_minutes": 15, "window_hours": hours, **time}}}


def by_step(**series):
    """A change of what was made ready: series step by step, `demand` and others by name with __ for the slash."""

    def change(system):
        for name, values in series.items():
            name = f"demand/{STAGE}" if name == "demand" else name.replace("__", "/")
            values = values if isinstance(values, dict) else {"z": values}
            system.series[name] = pd.DataFrame({k: np.asarray(v, dtype=float) for k, v in values.items()})

    return change


def test_a_store_holds_a_quarter_of_an_hour_of_its_power(grid):
    """Proves: 10 MW charged for a quarter are 2.5 MWh, of which a quarter keeps 0.6561^(1/4) = 0.9.

    Free wind in the first quarter, 10 MW asked in the third: 2.5 * 0.9 * 0.9 = 2.025 MWh, 8.1 MW for the quarter.
    Coal makes the 1.9 MW that are left.
    If it were broken, coal would make 0 (10 MWh held), 8.9 (the loss of an hour each time) or 7.98 (both sides hours).
    """
    small = grid(1, 1, **quarters()).add("wind", existing=10, series=[1]).add("thermal", existing=100)
    small.add("batteries", existing=10, duration=4, self_discharge=0.3439)
    solved = small.solve(by_step(demand=[0, 0, 10, 0], wind__availability={"wind": [1, 0, 0, 0]}))
    assert solved.column("battery/level") == pytest.approx([2.5, 2.25, 0, 0])
    assert solved.column("thermal/output") == pytest.approx([0, 0, 1.9, 0])
    assert solved.objective == pytest.approx(QUARTER * 1.9 * 100)


def test_a_ramp_of_an_hour_is_four_of_a_quarter(grid):
    """Proves: units of 100 MW that change by 40 % an hour change by 10 MW a quarter, up and down.

    20, 40, 20, 20 MW asked: 30 can be reached from 20 and left again, 10 MW of a quarter are not served.
    If it were broken, nothing would be missed (40 MW a step), or 40 MW missed twice (2.5 MW a step).
    """
    small = grid(1, 1, **quarters()).add("thermal", existing=100, ramp=0.4)
    solved = small.solve(by_step(demand=[20, 40, 20, 20]))
    assert solved.column("thermal/output") == pytest.approx([20, 30, 20, 20])
    assert solved.costs["unserved energy"] == pytest.approx(QUARTER * 10 * 10_000)


@pytest.mark.parametrize(("least", "given"), [(0.25, [0, 10, 4, 0]), (0.5, [0, 4, 4, 0]), (0.6, [0, 0, 0, 0])])
def test_minimum_up_time_in_quarters_and_the_cost_of_a_start(grid, least, given):
    """Proves: half an hour on line is two quarters, 0.6 of an hour are three; a start is paid once, not by its length.

    Units that give all they have on line, 0, 10, 4, 0 MW asked: what must stay for a second quarter is the 4 MW
    alone, for a third nothing. A start costs 40 CNY/MW, and the hour is there 8,760 times.
    If it were broken, all three would give 0, 10, 4, 0 (hours rounded up to one step), or the starts of 10 MW cost
    400 * 2,190 (by the hour).
    """
    small = grid(1, 1, **quarters()).add("thermal", existing=100, minimum_output=1, minimum_up=least, start_cost=40)
    solved = small.solve(by_step(demand=[0, 10, 4, 0]))
    assert solved.column("thermal/output") == pytest.approx(given, abs=1e-6)
    starts = solved.costs["starts/coal"] if max(given) else 0.0
    assert starts == pytest.approx(8760 * 40 * max(given))


@pytest.mark.parametrize(("hours", "lower"), [(0.5, [0, 0, 20, 0]), (0.375, [0, 10, 10, 0]), (0, [20, 0, 0, 0])])
def test_water_takes_its_quarters_to_the_next_station(grid, hours, lower):
    """Proves: half an hour of travel is two quarters, three eighths one and a half: half each.

    20 m3/s flow in at the upper station in the first quarter and make 20 MW there; the lower one makes what arrives.
    If it were broken, half an hour would split the water between the first two quarters.
    """
    small = grid(1, 1, **quarters())
    small.station("upper", order=1, downstream="lower", travel_time=hours, existing=30)
    small.station("lower", order=2, existing=30)
    asked = np.array([20, 0, 0, 0]) + np.array(lower)
    solved = small.solve(by_step(demand=asked, hydro__inflow={"upper": [20, 0, 0, 0], "lower": [0] * 4}))
    assert solved.column("hydro/turbined", "lower") == pytest.approx(lower, abs=1e-6)
    assert solved.objective == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("volume", "missed"), [(5, 0), (2, 12)])
def test_a_reservoir_counts_the_water_of_a_quarter(grid, volume, missed):
    """Proves: 20 m3/s for a quarter are 5 m3/s-hours of 0.0036 hm3.

    They flow in in the first quarter and are asked in the second. A pond of 2 m3/s-hours keeps 8 of 20 m3/s.
    If it were broken, the pond of 5 would keep 5 of 20 (hours), missing 15.
    """
    small = grid(1, 1, **quarters()).station("dam", existing=30, live_storage=volume * FLOW_HOUR)
    solved = small.solve(by_step(demand=[0, 20, 0, 0], hydro__inflow={"dam": [20, 0, 0, 0]}))
    assert solved.costs["unserved energy"] == pytest.approx(QUARTER * missed * 10_000)


def test_a_heat_store_of_a_tower(grid):
    """Proves: heat collected for a quarter and the ramp of a turbine are those of a quarter.

    A ramp of 0.6 an hour is 1.5 MW a quarter of 10 MW: 1.5, 3, 1.5 MW between quarters without any. These are 1.5 MWh,
    at 0.5 of 3 MWh of heat, out of the 20 MW that the field gives in the first quarter.
    If it were broken, 6 MW could be reached in a step, or 12 MWh of heat would be held.
    """
    small = grid(1, 1, **quarters()).add("csp", existing=10, store=10, ramp=0.6, solar_multiple=1, series=[1])
    solved = small.solve(by_step(demand=[0, 10, 10, 10], csp__field_heat={"tower": [1, 0, 0, 0]}))
    assert solved.column("csp/output") == pytest.approx([0, 1.5, 3, 1.5])
    assert solved.column("csp/heat")[0] == pytest.approx(3)


def test_the_field_of_a_tower_gives_the_heat_of_a_quarter(grid):
    """Proves: 4 MW of heat for a quarter are 1 MWh, at 0.5 half a MWh of electricity: 2 MW for the next quarter.

    If it were broken, 8 MW could be given (heat of an hour), or half a MW (electricity of an hour).
    """
    small = grid(1, 1, **quarters()).add("csp", existing=10, store=10, ramp=4, solar_multiple=1, series=[1])
    solved = small.solve(by_step(demand=[0, 10, 0, 0], csp__field_heat={"tower": [0.2, 0, 0, 0]}))
    assert solved.column("csp/output") == pytest.approx([0, 2, 0, 0])


@pytest.mark.parametrize("minutes", [60, 30, 15])
def test_a_limit_of_a_day_is_one_of_a_day(grid, minutes):
    """Proves: 120 MWh of fuel a day are 120 MWh whatever the steps.

    10 MW all day need 240 MWh at an efficiency of one: half is not served.
    If it were broken, steps of 15 minutes would burn 30 (a quarter counted as an hour) or 480 MWh.
    """
    small = grid(24, 10, case={"time": {"step_minutes": minutes}})
    small.add("fuels", fuel="gas", year=STAGE, price=0, emission=0).add("fuel_supplies", daily=120)
    small.add("thermal", existing=100, fuel="gas", efficiency=1)
    assert small.solve().costs["unserved energy"] == pytest.approx(365 * 120 * 10_000)


def test_a_call_lasts_its_hours_and_is_counted_once(grid):
    """Proves: a call of an hour curtails four quarters, and one call a run of the hours is one.

    Two hours: 10 MW lack in the first and in the third quarter of the second. One call serves the first hour at 100
    CNY/MWh; a quarter of 10 MW is left. The two hours are there 4,380 times, and so often may be called.
    If it were broken, three more calls would serve the rest (a call counted by its step), or a call end after a
    quarter, and 30 MW would be left.
    """
    small = grid(2, 10, **quarters(2)).add("thermal", existing=10, efficiency=1)
    small.add("flexible_loads", existing=10, calls=4380, call_hours=1, call_price=100)
    small.add("flexible_energy", energy=10 * 8760, shape="z")
    solved = small.solve(by_step(demand=[20] * 4 + [10, 10, 20, 10]))
    assert solved.column("flexible_demand/curtailed") == pytest.approx([10] * 4 + [0] * 4)
    assert solved.costs["unserved energy"] == pytest.approx(QUARTER / 2 * 10 * 10_000)
    assert solved.costs["flexible demand/flexible"] == pytest.approx(QUARTER / 2 * 40 * 100)


def test_what_is_owed_is_energy(grid):
    """Proves: 10 MW lowered for a quarter owe 2.5 MWh; an eighth of an hour behind allows 5 MW for one.

    12 MW asked in the second quarter and 4 in the third of a load of 8; coal gives 8.
    If it were broken, 1.25 MW could be lowered (hours), and 2.75 be missing.
    """
    small = grid(2, 8, **quarters(2)).add("thermal", existing=8)
    small.add("flexible_loads", existing=10, window=2, raise_ratio=1, behind=0.125)
    small.add("flexible_energy", energy=8 * 8760, shape="z")
    solved = small.solve(by_step(demand=[8, 12, 4] + [8] * 5))
    assert solved.column("flexible_demand/owed") == pytest.approx([0, 1] + [0] * 6, abs=1e-6)
    assert solved.costs.get("unserved energy", 0.0) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ({"step_minutes": 20}, "one of 60, 30, 15"),
        ({"step_minutes": 15, "kind": "weeks"}, "all hours in a chain"),
    ],
)
def test_steps_that_cannot_be_are_refused(grid, time, words):
    """Proves: a step divides the hour, and representative weeks are of hours; both are said in a sentence.

    If it were broken, 20 minutes would be taken, or weeks be picked by quarters as if they were hours.
    """
    with pytest.raises(InputError, match=words):
        grid(1, 1, case={"time": time}).system()


def test_the_book_of_clean_energy_counts_quarters(grid):
    """Proves: what a store holds of wind backs a line for a quarter as what it holds at all does, losses and all.

    Wind of the first quarter leaves 2.025 MWh for the third, as above: 8.1 of the 10 MW that the curve asks are
    clean, and coal may not give the rest.
    If it were broken, 2.025 MW would be backed (a quarter drawn as an hour), or 10 (charged as an hour).
    """
    small = grid(1, 0, **quarters()).add("wind", existing=10, series=[1]).add("thermal", existing=100)
    small.add("batteries", existing=10, duration=4, self_discharge=0.3439).group("clean", "wind")
    small.curve("late", [1]).add("send_out", capacity=10, schedule="curve", curve="late")
    small.add("clean_exports").target("export")
    series = {"wind__availability": {"wind": [1, 0, 0, 0]}, "send_out__curve": {"dc": [0, 0, 1, 0]}}
    solved = small.solve(by_step(**series))
    assert solved.column("send_out/sent") == pytest.approx([0, 0, 8.1, 0])
    assert solved.costs["send-out shortfall"] == pytest.approx(QUARTER * 1.9 * 1000)
