"""Head that follows the level: the tangent, the curve it comes to, and what is refused."""

import numpy as np
import pytest
from small_system import FLOW_HOUR, HEAD

from qhenergy.ground.faults import InputError, SolverError
from qhenergy.model.assemble import assemble
from qhenergy.outcome.audit import audit
from qhenergy.outcome.heads import head_errors, point, pull
from qhenergy.outcome.result import solved
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import read_profile
from qhenergy.studies.heads import settled

#: Live storage of the dam of these tests [m3/s-hours].
STORAGE = 100


def dam(grid, hours, demand, *, fills=(1, 0), water=None, **station):
    """A dam that makes one MW of one m3/s when it is empty and two when it is full; the head rises evenly."""
    case = {"water": {"head": "curve", "head_tolerance": 1e-3, **(water or {})}}
    small = grid(hours, demand, case=case | station.pop("case", {}))
    small.station(
        existing=300,
        live_storage=STORAGE * FLOW_HOUR,
        initial_fill=fills[0],
        final_fill=fills[1],
        tailwater=0,
        **station,
    )
    for full in (0, 1):
        small.add("reservoir_curves", station="dam", level=HEAD * (1 + full), volume=full * STORAGE * FLOW_HOUR)
    return small.add("thermal", existing=1000)


def settle(small):
    """The result of a small system, its heads settled, and the errors of all passes."""
    lines = []

    def once(system):
        assembled = assemble(system)
        result = solved(assembled, solve(assembled.problem, read_profile("simplex")), 0.0, 0.0)
        return result, audit(result, heads=False)

    result, _ = settled(small.system(), once, lambda stage, line: lines.append(line))
    return result, lines


def test_power_at_the_level_of_the_hour(grid):
    """Proves: power is flow times the height at the end of its hour.

    100 m3/s-hours are let down in one hour to the bottom, at one MW each: coal makes 50 of 150.
    If it were broken, it would be 100 less (height of the start of the year: 2 MW each).
    """
    result, _ = settle(dam(grid, 1, 150))
    assert result.objective == pytest.approx(8760 * 50 * 100, rel=1e-6)
    assert result.column("hydro/power")["dam"].to_numpy() == pytest.approx([100], rel=1e-4)


def test_water_is_kept_for_its_height(grid):
    """Proves: the passes come to the optimum of the curve, not of one tangent.

    Water of 100 over two hours at one price: q in the first gives q*(2 - q/100), the rest 100 - q at the
    bottom; 100 + q - q^2/100 is largest at q = 50: 125 MWh.
    If it were broken, all would go in one hour: 100 MWh (the tangent is bang-bang).
    """
    result, lines = settle(dam(grid, 2, [300, 300], water={"head_passes": 30}))
    made = result.column("hydro/power")["dam"].sum()
    assert made == pytest.approx(125, abs=0.05)
    assert result.column("hydro/turbined")["dam"].iloc[0] == pytest.approx(50, abs=2)
    assert pull(result) < 0.1
    assert len(lines) > 3
    assert audit(result).passed


def test_error_against_the_curve(grid):
    """Proves: what is said to be the error is the tangent's power less height times flow, counted by hand.

    If it were broken, a loop could stop anywhere.
    """
    result, _ = settle(dam(grid, 2, [300, 300], water={"head_passes": 30}))
    flow = result.column("hydro/turbined")["dam"].to_numpy()
    level = result.column("hydro/level")["dam"].to_numpy() / FLOW_HOUR
    by_hand = np.abs(result.column("hydro/power")["dam"].to_numpy() - flow * (1 + level / STORAGE))
    errors = head_errors(result).set_index("asset")
    assert errors.at["dam", "largest [MW]"] == pytest.approx(by_hand.max(), abs=1e-6)
    assert errors.at["dam", "error [MWh/yr]"] == pytest.approx(4380 * by_hand.sum(), abs=1e-3)
    assert errors.at["dam", "share [-]"] <= 1e-3


def test_what_has_not_converged_is_refused(grid):
    """Proves: with too few passes there is no result, and the sentence says whose head, how far off, what to do.

    If it were broken, a swinging tangent would be reported as an optimum.
    """
    with pytest.raises(SolverError, match=r"head of dam has not converged: after 3 passes .*at most 0\.100%.*Raise"):
        settle(dam(grid, 2, [300, 300], water={"head_passes": 3}))


def test_an_audit_of_a_head_that_is_off_fails(grid):
    """Proves: a result whose power is not that of its levels does not pass.

    The first pass, at the height of the full reservoir, says 2 MW of a m3/s that gives one.
    If it were broken, `qhenergy audit` would pass a result of one pass.
    """
    assembled = assemble(dam(grid, 1, 150).system())
    result = solved(assembled, solve(assembled.problem, read_profile("simplex")), 0.0, 0.0)
    found = audit(result)
    assert found.head_error == pytest.approx(1)
    assert not found.passed
    assert "Head: power of dam is off its curve" in found.faults[0]


def test_constant_head_is_the_default(grid):
    """Proves: without head = "curve" a curve changes nothing: one MW of one m3/s at any level.

    If it were broken, coal would make 50 less or more.
    """
    small = dam(grid, 1, 150, water={"head": "constant"}, head=1.5 * HEAD)
    assert small.solve().objective == pytest.approx(0, abs=1e-3)


def test_extra_units_work_at_the_height_of_their_dam(grid):
    """Proves: turbines of a hub at the dam follow its level, too.

    50 of the 100 m3/s go through them at the bottom, one MW each: coal makes 50 of 150.
    If it were broken, they would make their rated 3 MW of one m3/s.
    """
    small = dam(grid, 1, 150)
    small.rows["hydro_stations"][0]["existing"] = 50
    small.add(
        "hydro_hubs",
        asset="more",
        technology="more",
        zone="z",
        existing=500,
        mode="turbine",
        upper="dam",
        head=3 * HEAD,
        turbine_efficiency=1,
    )
    result, _ = settle(small)
    assert result.objective == pytest.approx(8760 * 50 * 100, rel=1e-3)


def test_in_representative_periods_the_height_is_the_mean_of_the_real_ones(grid):
    """Proves: an hour that stands for several real ones turbines at the mean of their heights.

    Three representative days for a year; a reservoir that is carried from the wet half to the dry one.
    If it were broken, the height of one real day would stand for all.
    """
    days = {"time": {"kind": "weeks", "periods": 3, "period_hours": 24, "extremes": []}}
    small = dam(grid, 8760, 100, fills=(0.5, 0.5), water={"head_passes": 30}, case=days, inflow=0.0)
    for row in small.rows["hydro_inflow"]:
        row["inflow"] = 0.03 if row["month"] <= 6 else 0.01
    result, _ = settle(small)
    found = point(result)
    starts = result.column("hydro/level_at_period")["dam"].to_numpy()
    level = result.column("hydro/level")["dam"].to_numpy()
    for position, span in enumerate(result.spans.spans):
        begin = starts[result.spans.sequence == position]
        by_hand = np.mean([1 + (b + level[result.of_span(span)]) / (STORAGE * FLOW_HOUR) for b in begin], axis=0)
        heights = found["hydro/head_height"]["dam"].to_numpy()[result.of_span(span)] / HEAD
        assert heights == pytest.approx(by_hand, rel=1e-6)


def test_heads_where_nothing_has_a_curve_are_refused(grid):
    """Proves: asking for heads by the curve in a system without a curve is a fault of the case.

    If it were broken, the loop would look for a point of no turbine and end in a KeyError.
    """
    small = grid(1, 10, case={"water": {"head": "curve"}}).station(inflow=5, existing=10)
    with pytest.raises(InputError, match=r"water\.head.*no standing station.*Fill reservoir_curves"):
        assemble(small.system())


def test_levels_that_pull_at_the_radius_are_not_accepted(grid, monkeypatch):
    """Proves: an answer whose levels would go further if they could is not taken, however well the tangent fits.

    The pull is set to all of the water's worth.
    If it were broken, a short step would always end the search.
    """
    monkeypatch.setattr("qhenergy.studies.heads.pull", lambda result: 1.0)
    with pytest.raises(SolverError, match=r"pull at the step they are held to by 100\.0%"):
        settle(dam(grid, 1, 150, water={"head_passes": 3}))
