"""The river station by station: flows and energy by hand, water values by nudging, months of real hours."""

from dataclasses import replace

import numpy as np
import pytest
from small_system import FLOW_HOUR, HEAD, hourly_inflow

from outcome.systems import result_of
from qhenergy.outcome import cascade, hourly

#: m3 that make a MWh at one MW for one m3/s.
PER_MWH = 3600.0


def hub(small, name, mode, **row):
    """Units between `up` and the station below it, of one MW for one m3/s."""
    made = {"technology": "hub", "zone": "z", "mode": mode, "upper": "up", "head": HEAD}
    return small.add("hydro_hubs", asset=name, **{**made, "turbine_efficiency": 1, "pump_efficiency": 1, **row})


def two_stations(grid, hours, demand, **upper):
    """30 m3/s from above, 10 more below after an hour and a half; one MW for one m3/s; coal at 100 CNY/MWh."""
    small = grid(hours, demand).station("up", 30, order=1, downstream="down", travel_time=1.5, **upper)
    return small.station("down", 10, order=2, existing=50).add("thermal", existing=500)


def rows(result):
    """The table of stations by station and hub."""
    return cascade.stations(result).set_index(["station", "hub"])


def test_the_year_of_two_stations_by_hand(grid):
    """Proves: 30 m3/s make 20 MW above, where 10 pass the turbines, and 40 m3/s make 40 MW below."""
    table = rows(result_of(two_stations(grid, 4, 200, existing=20).solve()))
    up, down = table.loc[("up", "")], table.loc[("down", "")]
    assert (up["local_inflow [m3/s]"], up["inflow [m3/s]"], up["release [m3/s]"]) == pytest.approx((30, 30, 30))
    assert (down["local_inflow [m3/s]"], down["inflow [m3/s]"]) == pytest.approx((10, 40))
    assert (up["generation [MWh/yr]"], down["generation [MWh/yr]"]) == pytest.approx((8760 * 20, 8760 * 40))
    assert (up["full_load_hours [h/yr]"], down["full_load_hours [h/yr]"]) == pytest.approx((8760, 8760 * 0.8))
    year = 8760 * FLOW_HOUR
    assert (up["turbined [hm3/yr]"], up["spilled [hm3/yr]"]) == pytest.approx((20 * year, 10 * year))
    assert up["on_its_way [hm3]"] == pytest.approx(45 * FLOW_HOUR)
    assert down["on_its_way [hm3]"] == 0
    assert np.isnan(up["lowest [hm3]"])


def test_values_add_up_down_the_river_by_hand(grid):
    """Proves: a m3 above saves coal at both stations, one below at its own, and full turbines are worth nothing.

    100 CNY/MWh and a m3 makes 1/3600 MWh. Above, where 20 MW are full, one more m3 earns below only.
    If it were broken, it would be off by 8760 / 4 (weight), by a million (hm3), or negative.
    """
    free = rows(result_of(two_stations(grid, 4, 200, existing=40).solve()))["value [CNY/m3]"]
    assert free["up", ""] == pytest.approx(200 / PER_MWH)
    assert free["down", ""] == pytest.approx(100 / PER_MWH)
    result = result_of(two_stations(grid, 4, 200, existing=20).solve())
    assert rows(result)["value [CNY/m3]"]["up", ""] == pytest.approx(100 / PER_MWH)
    drops = cascade.months(result).set_index("station")["drop [CNY/MWh]"]
    assert drops["up"] == pytest.approx(0, abs=1e-6)
    assert drops["down"] == pytest.approx(100)


@pytest.mark.parametrize("storage", [0, 20 * FLOW_HOUR])
@pytest.mark.parametrize(("station", "hour"), [("up", 0), ("up", 3), ("down", 2), ("down", 5)])
def test_value_is_what_a_little_more_inflow_saves(grid, station, hour, storage):
    """Proves: cost falls by value times volume times weight, for a reservoir and for a run of river.

    Dear coal runs in some hours only, so that hours differ.
    """
    flows = {"up": [31.0, 22, 13, 44, 35, 26], "down": [5.0, 4, 3, 2, 1, 0]}

    def solved(inflow):
        small = two_stations(grid, 6, [60, 130, 45, 170, 80, 95], existing=40, live_storage=storage)
        small.rows["thermal"] = []
        small.add("thermal", existing=33).add("thermal", asset="dear", existing=500, efficiency=0.18)
        return small.solve(hourly_inflow(**inflow))

    base = solved(flows)
    by = 0.01
    more = {i: [v + by * (i == station and t == hour) for t, v in enumerate(values)] for i, values in flows.items()}
    saved = base.objective - solved(more).objective
    value = cascade.water_values(result_of(base)).at[hour, station]
    assert value > 0
    assert saved == pytest.approx(value * PER_MWH * by * 8760 / 6, rel=1e-5)


def test_hub_units_stand_at_their_dam_and_in_its_sum(grid):
    """Proves: 20 MW of more units at a dam of 20 MW use all of 30 m3/s, and its row holds both."""
    result = result_of(hub(two_stations(grid, 4, 200, existing=20), "more", "turbine", existing=20).solve())
    table = rows(result)
    assert table.at[("up", ""), "capacity [MW]"] == pytest.approx(40)
    assert table.at[("up", ""), "generation [MWh/yr]"] == pytest.approx(8760 * 30)
    assert table.at[("up", ""), "full_load_hours [h/yr]"] == pytest.approx(8760 * 30 / 40)
    own = table.loc[("up", "more")]
    assert own["mode"] == "turbine"
    assert own["generation [MWh/yr]"] == pytest.approx(own["turbined [hm3/yr]"] / FLOW_HOUR)
    assert 8760 * 10 - 1 <= own["generation [MWh/yr]"] <= 8760 * 20 + 1
    assert list(table.index) == [("up", ""), ("up", "more"), ("down", "")]


def test_pumps_lift_water_that_is_turbined_again(grid):
    """Proves: with sun in half of the hours, pumps of 10 MW at 80 % lift 8 m3/s then, and the balance says so.

    Sun makes 100 in hours 0 and 1, nothing is asked; 100 is asked in hours 2 and 3, where pumping would lose.
    """
    small = grid(4, [0, 0, 100, 100]).station("up", 0, order=1, downstream="down", existing=40, live_storage=1)
    small.station("down", 0, order=2, existing=1, live_storage=1).add("thermal", existing=500)
    hub(small, "pumps", "pump", existing=10, pump_efficiency=0.8).add("solar", existing=100, series=[1, 1, 0, 0])
    table = rows(result_of(small.solve()))
    pumps, up, down = table.loc[("up", "pumps")], table.loc[("up", "")], table.loc[("down", "")]
    lifted = 2 * 8 * FLOW_HOUR * 8760 / 4
    assert pumps["pumped [hm3/yr]"] == pytest.approx(lifted)
    assert pumps["pumping [MWh/yr]"] == pytest.approx(2 * 10 * 8760 / 4)
    assert (up["pumped [hm3/yr]"], down["pumped [hm3/yr]"]) == pytest.approx((lifted, -lifted))
    assert up["capacity [MW]"] == 40
    assert up["generation [MWh/yr]"] == pytest.approx(0.8 * pumps["pumping [MWh/yr]"])
    assert np.isnan(pumps["generation [MWh/yr]"])


def test_levels_where_the_curve_is_known_and_where_not(grid):
    """Proves: a reservoir that rises by half of 1 hm3 on a curve of 10 m rises 5 m; without a curve there is no level.

    If it were broken, levels would count from total volume (dead storage of 2 hm3 forgotten).
    """
    flow = 0.5 / FLOW_HOUR
    small = grid(2, [0, 2 * flow]).station("up", flow, order=1, existing=1000, live_storage=1, initial_fill=0.2)
    small.add("reservoir_curves", station="up", level=100, volume=2)
    small.add("reservoir_curves", station="up", level=110, volume=3).add("thermal", existing=1000)
    small.station("pond", 1, order=2, existing=1, live_storage=1, initial_fill=0.5)
    table = rows(result_of(small.solve()))
    up, pond = table.loc[("up", "")], table.loc[("pond", "")]
    assert (up["lowest [m]"], up["highest [m]"]) == pytest.approx((102, 107))
    assert (up["lowest [hm3]"], up["highest [hm3]"], up["fill [-]"]) == pytest.approx((0.2, 0.7, 0.45))
    assert np.isnan(pond["lowest [m]"])
    assert pond["highest [hm3]"] >= pond["lowest [hm3]"] >= 0


def test_a_head_that_follows_the_level_gives_the_energy_of_its_power(grid):
    """Proves: generation is that of the power of the tangent, not of turbined water times a constant."""
    small = grid(2, 100, case={"water": {"head": "curve"}})
    small.station("up", 10, order=1, existing=50, live_storage=1, initial_fill=0.5, tailwater=5000, efficiency=0.9)
    small.add("reservoir_curves", station="up", level=5100, volume=2)
    small.add("reservoir_curves", station="up", level=5110, volume=3).add("thermal", existing=1000)
    solved = small.solve()
    made = rows(result_of(solved)).loc[("up", "")]
    assert made["generation [MWh/yr]"] == pytest.approx(4380 * solved.column("hydro/power").sum())
    assert made["generation [MWh/yr]"] == pytest.approx(8760 * 9.81e-3 * 0.9 * 105 * 10)
    assert len(cascade.as_dict(result_of(solved))["heads"]) == 1


def test_months_are_of_the_real_days(by_days):
    """Proves: three modelled days make twelve months, whose mean is the year, with the levels of the real days."""
    table = cascade.months(by_days)
    lengths = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) / 365
    year = rows(by_days)
    for station in ("upper", "lower"):
        own = table[table["station"] == station].set_index("month")
        assert list(own.index) == list(range(1, 13))
        assert lengths @ own["release [m3/s]"] == pytest.approx(year.at[(station, ""), "release [m3/s]"])
        assert lengths @ own["value [CNY/m3]"] == pytest.approx(year.at[(station, ""), "value [CNY/m3]"])
    levels = hourly.levels(by_days, "hydro/level")
    march = levels[(levels["member"] == "upper") & levels["hour_of_year"].between(59 * 24, 90 * 24 - 1)]
    found = table.set_index(["station", "month"]).at[("upper", 3), "level [hm3]"]
    assert found == pytest.approx(march["level [hm3]"].mean())


def test_a_month_of_several_water_years_is_their_mean(grid):
    """Proves: a wet and a dry year of ten hours: January is the mean of both, and both stand in the hours."""
    small = grid(10, 200, case={"water": {"year": ["wet", "dry"]}})
    small.add("water_years", water_year="wet", factor=1.5).add("water_years", water_year="dry", factor=0.5)
    result = result_of(small.station("up", 30, existing=60, live_storage=1).add("thermal", existing=500).solve())
    (month,) = cascade.months(result).to_dict("records")
    assert month["inflow [m3/s]"] == pytest.approx(30)
    assert month["value [CNY/m3]"] == pytest.approx(100 / PER_MWH)
    assert list(cascade.held(result, 2025).index) == list(range(20))


def test_water_values_do_not_depend_on_the_weight_of_an_hour(grid):
    """Proves: the same four hours standing for half as much of the year have the same water value."""
    result = result_of(two_stations(grid, 4, 200, existing=40).solve())
    spans = replace(result.spans, spans=tuple(replace(s, weight=s.weight / 2) for s in result.spans.spans))
    half = replace(result, spans=spans, row_duals=result.row_duals / 2)
    assert cascade.water_values(half).to_numpy() == pytest.approx(cascade.water_values(result).to_numpy())


def test_no_river(grid):
    """Proves: without a station there is no table, and no error."""
    result = result_of(grid(2, 50).add("thermal", existing=100).solve())
    assert not cascade.has_river(result)
    assert cascade.stations(result).empty
    assert cascade.months(result).empty
    assert cascade.as_dict(result) == {"stations": [], "balance": [], "months": [], "heads": []}
