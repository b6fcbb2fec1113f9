"""A year in shorter steps costs what it costs in hours, where nothing changes within an hour and nothing forgets."""

import tomllib

import numpy as np
import pytest
from hypothesis import given
from outcome.systems import result_of
from small_system import Small, hourly_inflow

from properties.random_system import cascade, mixed, mixed_systems, rivers
from qhenergy.data.builtin import find
from qhenergy.data.case import parse_case
from qhenergy.data.inputs import read_inputs
from qhenergy.model.assemble import assemble, read_system
from qhenergy.model.catalogue import TABLES
from qhenergy.outcome import store
from qhenergy.outcome.audit import audit
from qhenergy.outcome.balances import water_summary
from qhenergy.outcome.result import solved
from qhenergy.report import page
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import read_profile

MINUTES = (60, 30, 15)


def stepped(small: Small, minutes: int) -> Small:
    """The system in steps of so many minutes."""
    small.case["time"] = {**small.case.get("time", {}), "step_minutes": minutes}
    return small


def inflow(by_station, minutes):
    """A change of what was made ready: inflow by station of hours, repeated to steps."""
    return hourly_inflow(**{name: np.repeat(values, 60 // minutes) for name, values in by_station.items()})


@given(mixed_systems())
def test_a_mixed_system_costs_the_same_in_any_steps(tmp_path_factory, drawn):
    """Proves: sources, stores, lines, starts, small hydro and whole hours of travel cost the same at 15, 30, 60 min.

    Averages over an hour of a solution in quarters are a solution in hours, and the other way round.
    If it were broken, something would be counted by the step that is paid by the hour, or by the hour that is paid
    by the start.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed-steps"
    drawn = {**drawn, "travel": float(round(drawn["travel"]))}
    costs = []
    for minutes in MINUTES:
        small = stepped(mixed(folder, drawn), minutes)
        # What a ramp allows in an hour it allows a quarter of in a quarter: here none binds.
        small.rows["csp"][0] |= {"heat_loss": 0, "ramp": 4}
        small.rows["thermal"][0]["ramp"] = 4
        flow = inflow({"upper": drawn["inflow"][0], "lower": drawn["inflow"][1]}, minutes)
        result = result_of(small.solve(flow))
        found = audit(result)
        assert found.passed, found.faults
        costs.append(result.objective)
    assert costs == pytest.approx([costs[0]] * 3, rel=1e-9, abs=1e-3)


@given(rivers())
def test_a_river_costs_the_same_in_any_steps(tmp_path_factory, drawn):
    """Proves: a tree of stations with reservoirs and whole hours of travel costs the same, and its water adds up.

    If it were broken, a level would count the water of a step as that of an hour, or a release arrive too early.
    """
    folder = tmp_path_factory.getbasetemp() / "river-steps"
    drawn = {**drawn, "travel": [float(round(hours)) for hours in drawn["travel"]]}
    costs, turned = [], []
    for minutes in MINUTES:
        flow = inflow({f"s{i}": values for i, values in enumerate(drawn["inflow"])}, minutes)
        result = result_of(stepped(cascade(folder, drawn, drawn["window"]), minutes).solve(flow))
        found = audit(result)
        assert found.passed, found.faults
        costs.append(result.objective)
        summary = water_summary(result)
        turned.append(float(summary["inflow [hm3/yr]"].sum()))
        flows = [f"{word} [hm3/yr]" for word in ("inflow", "arriving", "turbined", "spilled", "pumped", "withdrawn")]
        left = summary[flows].sum(axis=1) - summary["change [hm3/yr]"]
        assert left.to_numpy() == pytest.approx(np.zeros(len(left)), abs=1e-6)
    assert costs == pytest.approx([costs[0]] * 3, rel=1e-9, abs=1e-3)
    assert turned == pytest.approx([turned[0]] * 3)


def _two_zones(minutes, **more):
    """The result of the built-in case of two zones in such steps, its coal fast enough for any of them."""
    content = tomllib.loads(find("cases", "two-zones", suffix=".toml").read_text(encoding="utf-8"))
    content["time"]["step_minutes"] = minutes
    case = parse_case({**content, "change": {"thermal/coal-north/ramp [%/h]": 400}, **more}, "two-zones.toml")
    inputs = read_inputs(find("inputs", "two-zones"), TABLES, case.change)
    assembled = assemble(read_system(inputs, case, []), workers=1)
    return solved(assembled, solve(assembled.problem, read_profile("simplex")), 0.5, 100.0)


@pytest.mark.parametrize("minutes", MINUTES[1:])
def test_two_zones_cost_the_same_in_any_steps(minutes):
    """Proves: the built-in case of two zones without clauses costs the same, its four hours on line included.

    With all of its clauses it passes its audit; reserves are asked at the end of every step, and may cost more there.
    If it were broken, what the case has and the small systems have not would be counted by the step.
    """
    costs = [_two_zones(m, targets={"set": ""}).objective for m in (60, minutes)]
    assert costs[1] == pytest.approx(costs[0], rel=1e-9)
    found = audit(_two_zones(minutes))
    assert found.passed, found.faults


@pytest.mark.parametrize("minutes", MINUTES)
def test_a_result_in_steps_is_audited_kept_read_and_told(tmp_path, minutes):
    """Proves: a result in quarters passes its audit, is read back as it was written, and has its page.

    Windows of two hours over a river, a store and a line; its energies are those of the hours.
    If it were broken, the audit would count a quarter as an hour, or a page look for a week of 168 steps.
    """
    small = Small(tmp_path / "inputs", 24, case={"time": {"window_hours": 2}}).zone("z", [20.0] * 12 + [60.0] * 12)
    small.station("upper", 20, order=1, downstream="lower", travel_time=1, existing=40, live_storage=2)
    small.station("lower", 1, order=2, existing=30, live_storage=0.5)
    small.add("wind", existing=30, series=[t % 5 / 5 for t in range(24)])
    small.add("batteries", existing=5, duration=2, discharge_efficiency=0.9).add("thermal", existing=100)
    small.curve("day", [0.2, 0.4]).add("send_out", capacity=20, schedule="curve", curve="day")
    result = result_of(stepped(small, minutes).solve())
    assert result.weights(2025).sum() == pytest.approx(8760)
    assert audit(result).passed
    again = store.read(store.write(result, tmp_path / "results"))
    assert again.objective == pytest.approx(result.objective)
    assert len(again.hours) == 24 * 60 // minutes
    assert audit(again).passed
    assert "<html" in page.text(again)


@pytest.mark.parametrize("minutes", MINUTES)
def test_chains_of_hydrogen_heat_fuel_and_loads_cost_the_same_in_any_steps(tmp_path, minutes):
    """Proves: tanks, heat stores, fuel stores, hubs, basins of an open loop and loads that shift cost the same.

    The cost in hours is computed beside that in steps; the energy, the water, the hydrogen and the heat add up.
    If it were broken, one of the balances would take the power of a step for its energy.
    """
    of_hours = _chains(tmp_path / "hours").solve().objective
    result = result_of(stepped(_chains(tmp_path / "steps"), minutes).solve())
    found = audit(result)
    assert found.passed, found.faults
    assert found.carrier_imbalance_mwh is not None
    assert of_hours > 1e6
    assert result.objective == pytest.approx(of_hours, rel=1e-9)


def _chains(folder):
    prices = [100, 400, 50, 300, 200, 350]
    small = Small(folder, 6, case={"time": {"window_hours": 2}}).zone("z", [30, 60, 45, 80, 50, 70])
    small.add("ac_ties", import_limit=60, import_price=200, price_series=[p / 200 for p in prices], emission=0.1)
    small.add("wind", existing=60, series=[0.9, 0.1, 0.8, 0.2, 0.6, 0.0])
    small.add("hydrogen_stores", existing=10, duration=4, turbine_efficiency=0.5).add(
        "electrolysers", existing=20, efficiency=0.7, start_cost=20, minimum_output=0.2
    )
    small.add("hydrogen_demands", yearly=0.05 * 8760)
    small.add("heat_nodes", yearly=12 * 8760).add("electric_heaters", existing=30)
    small.add("heat_stores", existing=10, duration=2)
    small.add("fuels", fuel="gas", year=2025, price=30, emission=0.05)
    small.add("fuel_supplies", yearly=10 * 8760, hourly=15).add("fuel_stores", volume=20)
    small.add("thermal", asset="engine", technology="engine", fuel="gas", efficiency=0.5, existing=40, ramp=4)
    small.station("upper", 10, order=1, downstream="lower", travel_time=1, existing=20, live_storage=0.2)
    small.station("lower", 2, order=2, existing=20, live_storage=0.1)
    small.add("hydro_hubs", mode="reversible", existing=5, turbine_efficiency=0.9, pump_efficiency=0.9)
    small.add("pumped_storage", existing=5, lower_station="lower", head=100, charge_efficiency=0.9)
    small.add("flexible_loads", existing=6, window=3, raise_ratio=1, shift_cost=5)
    return small.add("flexible_energy", energy=20 * 8760, shape="z")
