"""A year in shorter steps costs what it costs in hours, where nothing changes within an hour and nothing forgets."""

import numpy as np
import pytest
from hypothesis import given
from outcome.systems import result_of
from small_system import Small, hourly_inflow

from properties.random_system import cascade, mixed, mixed_systems, rivers
from qhenergy.outcome import store
from qhenergy.outcome.audit import audit
from qhenergy.outcome.balances import water_summary
from qhenergy.report import page

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
