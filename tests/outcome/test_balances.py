"""Energy and water counted again from data and labelled values."""

from dataclasses import replace

import numpy as np
import pytest
from small_system import FLOW_HOUR, HEAD

from outcome.systems import result_of
from qhenergy.outcome import balances
from qhenergy.outcome.audit import audit


def changed(result, family, member, hour, by):
    """The result with one value of a family of the hours changed."""
    index = result.problem.columns
    at = index.of(family)
    window = result.hours["window"].to_numpy()[hour]
    number = hour - result.of_span(result.spans.spans[window]).start
    found = [
        p
        for p in at
        if index.members[index.member[p]] == member
        and index.blocks[index.block[p]] == f"window {window}"
        and index.number[p] == number
    ]
    values = result.values.copy()
    values[found[0]] += by
    return replace(result, values=values)


@pytest.mark.parametrize("name", ["two_zones", "by_days"])
def test_a_solution_loses_no_energy_and_no_water(name, request):
    """Proves: balances counted apart from the matrix close in every hour, and from one real day to the next."""
    result = request.getfixturevalue(name)
    assert np.abs(balances.energy_imbalance(result).to_numpy()).max() < 1e-6
    assert np.abs(balances.water_imbalance(result).to_numpy()).max() < 1e-9
    assert balances.period_imbalance(result)["imbalance [hm3]"].abs().max() == pytest.approx(0, abs=1e-9) or (
        result.spans.chained and balances.period_imbalance(result).empty
    )


def test_energy_out_of_nothing_is_found_where_it_is(two_zones):
    """Proves: one MW more of wind in one hour is one MWh too much in its zone and hour, and nowhere else."""
    error = balances.energy_imbalance(changed(two_zones, "wind/output", "wind-north", 30, 1.0))
    assert error.at[30, "north"] == pytest.approx(1.0)
    assert np.abs(error.drop(index=30).to_numpy()).max() < 1e-6
    assert error.at[30, "south"] == pytest.approx(0, abs=1e-6)


def test_water_out_of_nothing_is_found_up_and_down_the_river(two_zones):
    """Proves: one m3/s more released above is missing there at once and too much below an hour later.

    The last hour of the first window hands over to the second window.
    If it were broken, water would be lost at the boundary of a window.
    """
    error = balances.water_imbalance(changed(two_zones, "hydro/spilled", "upper", 19, 1.0))
    assert error.at[19, "upper"] == pytest.approx(FLOW_HOUR)
    assert error.at[20, "lower"] == pytest.approx(-FLOW_HOUR)
    assert np.abs(error.drop(index=[19, 20]).to_numpy()).max() < 1e-9


def test_water_at_the_end_of_the_year_arrives_at_its_start(two_zones):
    """Proves: a chained year closes for water on its way."""
    error = balances.water_imbalance(changed(two_zones, "hydro/spilled", "upper", 47, 1.0))
    assert error.at[0, "lower"] == pytest.approx(-FLOW_HOUR)


def test_parts_of_an_hour_and_stations_left_out(by_days):
    """Proves: water that takes 2.5 hours past a station not built yet arrives half and half, within its day.

    Hour 23 of the first day wraps to hours 1 and 2 of the same day.
    If it were broken, it would arrive after 1.5 hours (station counted) or in the next day.
    """
    error = balances.water_imbalance(changed(by_days, "hydro/spilled", "upper", 23, 1.0))
    assert error.at[1, "lower"] == pytest.approx(-FLOW_HOUR / 2)
    assert error.at[2, "lower"] == pytest.approx(-FLOW_HOUR / 2)
    assert error.at[24, "lower"] == pytest.approx(0, abs=1e-9)


def test_inflow_of_a_station_left_out_reaches_the_next(by_days):
    """Proves: the 3 m3/s of the station not built yet are counted below: 1 + 3 of its own, all year."""
    table = balances.water_summary(by_days).set_index("station")
    year = FLOW_HOUR * 8760
    assert table.at["lower", "inflow [hm3/yr]"] == pytest.approx(4 * year, rel=1e-6)
    assert table.at["upper", "inflow [hm3/yr]"] == pytest.approx(20 * year, rel=1e-6)


@pytest.mark.parametrize("name", ["two_zones", "by_days"])
def test_the_water_of_a_year_adds_up(name, request):
    """Proves: in = out + change at every station, and what is released above arrives below."""
    table = balances.water_summary(request.getfixturevalue(name)).set_index("station")
    into = table["inflow [hm3/yr]"] + table["arriving [hm3/yr]"]
    out = -table["turbined [hm3/yr]"] - table["spilled [hm3/yr]"]
    assert into.to_numpy() == pytest.approx((out + table["change [hm3/yr]"]).to_numpy(), abs=1e-6)
    assert table.at["lower", "arriving [hm3/yr]"] == pytest.approx(out["upper"])


@pytest.mark.parametrize("travel", [1.5, 0, 3, 5.5])
def test_water_on_its_way_by_hand(grid, travel):
    """Proves: with 10 m3/s released all year and 1.5 hours to go, 15 m3/s-hours are on their way at its end.

    A way longer than the four modelled hours goes round them more than once.
    """
    small = grid(4, 5).station("up", 10, order=1, downstream="down", travel_time=travel, existing=1)
    small.station("down", order=2, existing=1).add("thermal", existing=50)
    table = balances.water_summary(result_of(small.solve())).set_index("station")
    assert table.at["up", "on_its_way [hm3]"] == pytest.approx(10 * travel * FLOW_HOUR)
    assert table.at["down", "on_its_way [hm3]"] == 0


def test_a_level_that_jumps_between_two_days_is_found(by_days):
    """Proves: the chain of real periods is counted again: the start of day 100 raised by one hm3 misses twice."""
    index = by_days.problem.columns
    at = index.of("hydro/level_at_period")
    place = at[(index.number[at] == 100) & (index.member[at] == index.members.index("upper"))]
    values = by_days.values.copy()
    values[place] += 1.0
    table = balances.period_imbalance(replace(by_days, values=values))
    errors = table.set_index("period")["imbalance [hm3]"]
    assert errors[99] == pytest.approx(1.0)
    assert errors[100] == pytest.approx(-1.0)
    assert errors.drop([99, 100]).abs().max() < 1e-9


def test_given_levels_hold_at_both_ends_of_the_year(grid):
    """Proves: a reservoir with given fills starts there, so the first hour balances against it."""
    small = grid(2, [0, 20]).station(inflow=10, existing=50, live_storage=1, initial_fill=0.5, final_fill=0.5)
    result = result_of(small.add("thermal", existing=100).solve())
    rivers = balances.water(result, 2025)
    assert rivers.before[0, 0] == pytest.approx(0.5)
    assert rivers.level[-1, 0] == pytest.approx(0.5)
    assert np.abs(rivers.imbalance).max() < 1e-9


def lifted(grid):
    """Two reservoirs with a hub of each kind, a canal and an open loop; two windows of an hour."""
    small = grid(2, [10, 40], case={"time": {"window_hours": 1}}).zone("far")
    small.add("thermal", existing=100).add("wind", existing=40, series=[1, 0])
    own = {"zone": "far", "existing": 1, "live_storage": 1}
    small.station("upper", 5, order=1, downstream="lower", travel_time=1, **own).station("lower", 0, order=2, **own)
    small.add("hydro_hubs", asset="both", existing=10, mode="reversible", pump_efficiency=0.8)
    small.add("hydro_hubs", asset="units", existing=20, mode="turbine")
    small.add("pumped_storage", existing=10, lower_station="lower", head=HEAD, discharge_efficiency=0.5)
    return small.add("withdrawals", station="lower", yearly_volume=3 * 8760 * FLOW_HOUR, shortage_price=1e8)


def test_pumped_and_withdrawn_water_by_hand(grid):
    """Proves: pumps, basins and canals stand in columns of their own, with the sign of what the station gains.

    In hour 0 30 MW of wind are to spare: 10 lift 8 m3/s, 10 go up into the basin, of which 5 MWh come back for the
    water of 10. In hour 1 the hub and the units turbine all of it with the 5 m3/s that flow in in both hours. The canal
    takes 3 m3/s in both hours.
    If it were broken, the upper station would have 8 m3/s less or the lower one 8 more, or the basin would lose 5.
    """
    solved = lifted(grid).solve()
    table = balances.water_summary(result_of(solved)).set_index("station")
    each = 4380 * FLOW_HOUR
    assert solved.column("hydro_hub/pumped") == pytest.approx([8, 0])
    assert solved.column("pumped_storage/charge") == pytest.approx([10, 0])
    assert table["pumped [hm3/yr]"].to_dict() == pytest.approx({"upper": 8 * each, "lower": -8 * each})
    assert table["withdrawn [hm3/yr]"].to_dict() == pytest.approx({"upper": 0, "lower": -6 * each})
    assert table.at["upper", "inflow [hm3/yr]"] == pytest.approx(10 * each)
    out = table["turbined [hm3/yr]"] + table["spilled [hm3/yr]"]
    assert out.to_dict() == pytest.approx({"upper": -18 * each, "lower": -4 * each})
    assert table["arriving [hm3/yr]"].to_dict() == pytest.approx({"upper": 0, "lower": 18 * each})
    assert table["change [hm3/yr]"].abs().max() == pytest.approx(0, abs=1e-9)
    assert table["imbalance [hm3/yr]"].abs().max() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("family", "member", "hour", "errors"),
    [
        ("hydro_hub/pumped", "both", 0, {(0, "upper"): -1, (0, "lower"): 1}),
        ("hydro_hub/turbined", "units", 0, {(0, "upper"): 1, (1, "lower"): -1}),
        ("hydro_hub/turbined", "both", 1, {(1, "upper"): 1, (0, "lower"): -1}),
        ("withdrawal/taken", "canal", 1, {(1, "lower"): 1}),
        ("pumped_storage/charge", "basin", 0, {(0, "lower"): 1}),
        ("pumped_storage/discharge", "basin", 1, {(1, "lower"): -2}),
    ],
)
def test_a_value_off_beside_the_river_is_found_where_it_is(grid, family, member, hour, errors):
    """Proves: one m3/s more pumped, turbined by a hub, taken or lifted is a fault of the audit at its station and hour.

    Water of a hub is on its way for an hour, into the next window, and from the last into the first.
    If it were broken, the audit would pass water that no column of hydro_stations accounts for.
    """
    result = changed(result_of(lifted(grid).solve()), family, member, hour, 1.0)
    error = balances.water_imbalance(result)
    expected = error * 0.0
    for (at, station), flow in errors.items():
        expected.loc[at, station] = flow * FLOW_HOUR
    assert error.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)
    found = audit(result)
    assert not found.passed
    assert found.water_imbalance_hm3 == pytest.approx(max(map(abs, errors.values())) * FLOW_HOUR)
    assert any(sentence.startswith("Water: ") for sentence in found.faults), found.faults


def test_a_system_without_a_river_has_no_water(grid):
    """Proves: no station, no water tables."""
    result = result_of(grid(2, 50).add("thermal", existing=100).solve())
    assert balances.water_imbalance(result).empty
    assert balances.water_summary(result).empty
