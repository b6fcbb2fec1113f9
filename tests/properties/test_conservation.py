"""Energy and water are conserved, and where a year is cut into windows changes nothing."""

import numpy as np
import pytest
from hypothesis import given
from small_system import hourly_inflow

from properties.random_system import balances, cascade, mixed, mixed_systems, rivers, water_left


def inflow(drawn):
    """The drawn inflow as a change of what was made ready."""
    return hourly_inflow(**{f"s{i}": values for i, values in enumerate(drawn["inflow"])})


@given(mixed_systems())
def test_energy_is_conserved_in_every_zone_and_hour(tmp_path_factory, drawn):
    """Proves: what joins a zone adds up to its demand in every hour, recomputed from returned values.

    If it were broken, energy would appear or vanish at a boundary, a converter or a line.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    flow = hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])
    for zone, left in balances(mixed(folder, drawn).solve(flow)).items():
        assert left == pytest.approx(np.zeros(len(left)), abs=1e-6), zone


@given(mixed_systems())
def test_windows_of_a_mixed_system_give_the_year(tmp_path_factory, drawn):
    """Proves: everything but the energy of small hydro (which a window closes) is the same in one window or many.

    If it were broken, a ramp, a level or a delay would be free at a boundary.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    flow = hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])
    found = []
    for window in (6, drawn["window"]):
        small = mixed(folder, drawn, window)
        del small.rows["small_hydro"], small.rows["small_hydro_energy"]
        found.append(small.solve(flow).objective)
    assert found[1] == pytest.approx(found[0], rel=1e-8)


@given(rivers())
def test_water_is_conserved_whatever_the_windows(tmp_path_factory, drawn):
    """Proves: every station's water adds up in every hour, and cutting the year into windows gives the same cost.

    If it were broken, water would be lost or made at a boundary, at a confluence, or by the fraction of a delay.
    """
    folder = tmp_path_factory.getbasetemp() / "river"
    one = cascade(folder, drawn, 6).solve(inflow(drawn))
    cut = cascade(folder, drawn, drawn["window"]).solve(inflow(drawn))
    for solved in (one, cut):
        for station, left in water_left(solved, drawn).items():
            assert left == pytest.approx(np.zeros(len(left)), abs=1e-8), station
    assert cut.objective == pytest.approx(one.objective, rel=1e-8)


@given(rivers())
def test_no_water_is_lost_over_the_year(tmp_path_factory, drawn):
    """Proves: over a cyclic year the outlet releases exactly what flowed in anywhere above it.

    If it were broken, water on its way at the end of the year would be missing or counted twice.
    """
    folder = tmp_path_factory.getbasetemp() / "river"
    solved = cascade(folder, drawn, drawn["window"]).solve(inflow(drawn))
    out = solved.column("hydro/turbined", "s0") + solved.column("hydro/spilled", "s0")
    assert out.sum() == pytest.approx(np.sum(drawn["inflow"]), abs=1e-6)
