"""Several water years one after the other: what is carried between them, and what each counts."""

import numpy as np
import pytest
from outcome.systems import result_of
from small_system import FLOW_HOUR

from qhenergy.ground.faults import InputError
from qhenergy.outcome.balances import period_imbalance, water_imbalance, water_summary
from qhenergy.profiles.calendar import month_means

YEARS = {"wet": 1.5, "dry": 0.5, "flood": 2, "normal": 1}


def lake(grid, *years, storage=100, window=None, demand=20, inflow=20, **row):
    """Years of two hours with 20 m3/s in a normal one, 20 MW asked, a reservoir of m3/s-hours, coal."""
    time = {"time": {"window_hours": window or 2 * len(years)}}
    small = grid(2, demand, case={"water": {"year": list(years)}, **time}).add("thermal", existing=100)
    for name, factor in YEARS.items():
        small.add("water_years", water_year=name, factor=factor)
    return small.station(inflow=inflow, existing=100, live_storage=storage * FLOW_HOUR, **row)


@pytest.mark.parametrize("window", [4, 3, 2, 1])
@pytest.mark.parametrize(("storage", "coal"), [(100, 0), (20, 0), (12, 8), (0, 20)])
def test_a_wet_year_helps_a_dry_one(grid, storage, coal, window):
    """Proves: a reservoir carries water from a wet year to the dry one after it, up to its live storage.

    30 m3/s in the two hours of the wet year, 10 in those of the dry one: 20 m3/s-hours to spare, 20 missing. Each of
    the four hours counts 8760 / 4 times. Windows, also one that holds hours of both years, change nothing.
    If it were broken, coal would make 20 whatever the storage (years closed in themselves), and each hour count 4380.
    """
    solved = lake(grid, "wet", "dry", storage=storage, window=window).solve()
    assert solved.objective == pytest.approx(2190 * coal * 100, abs=1e-3)


@pytest.mark.parametrize(
    ("years", "coal"), [(("wet", "dry"), 0), (("dry", "wet"), 20), (("dry", "wet", "dry"), 20), (("normal", "dry"), 20)]
)
def test_years_come_in_their_order(grid, years, coal):
    """Proves: with an empty reservoir at both ends only what a year has left helps the years after it.

    The dry year lacks 20 m3/s-hours of 40; the wet one has 20 to spare.
    If it were broken, (dry, wet) would cost as little as (wet, dry), and each of three years would end empty: 40.
    """
    solved = lake(grid, *years, initial_fill=0, final_fill=0).solve()
    assert solved.objective == pytest.approx(8760 / (2 * len(years)) * coal * 100, abs=1e-3)


@pytest.mark.parametrize(("storage", "coal"), [(100, 0), (40, 0), (30, 10), (15, 25), (0, 40)])
def test_consecutive_dry_years(grid, storage, coal):
    """Proves: what a flood leaves lasts over as many dry years as the reservoir holds.

    40 m3/s in the two hours of the flood, 40 m3/s-hours more than asked; two dry years lack 20 each.
    If it were broken, 20 would be missed with the largest reservoir (water for the next year only).
    """
    solved = lake(grid, "flood", "dry", "dry", storage=storage).solve()
    assert solved.objective == pytest.approx(1460 * coal * 100, abs=1e-3)


@pytest.mark.parametrize("years", [2, 3])
@pytest.mark.parametrize("window", [1, 3])
def test_equal_years_cost_what_one_of_them_costs(grid, years, window):
    """Proves: costs of several years are those of a mean one: all parts of the system count each year once.

    Wind, a battery, a pumped storage to build, a line that sends energy out, a canal, small hydro, a mean release and
    a CO2 price, in years of three hours.
    If it were broken, one of the costs by name would be two or three times as large, or a half or a third.
    """

    def costs(count):
        case = {"water": {"year": ["normal"] * count}, "time": {"window_hours": window}}
        small = grid(3, [40, 60, 50], case=case).cost("coal", fixed_om=1000, variable_om=5)
        small.folder = small.folder.with_name(f"years-{count}")
        small.add("thermal", existing=30, start_cost=20, minimum_output=0.3)
        small.add("wind", existing=20, room=30, series=[1, 0.2, 0.5]).cost("wind", investment=2e6, variable_om=3)
        small.add("pumped_storage", room=20).cost("pumped", investment=1e6, variable_om=1)
        small.add("batteries", existing=5, duration=2, discharge_efficiency=0.9)
        small.station(inflow=8, existing=20, live_storage=9 * FLOW_HOUR, travel_time=1).cost("hydro", variable_om=2)
        small.rule("dam", minimum_mean_release=6, minimum_release=2)
        small.add("withdrawals", yearly_volume=4 * 8760 * FLOW_HOUR, shortage_price=2e4)
        small.add("small_hydro", existing=5).cost("small_hydro", variable_om=1)
        for month in range(1, 13):
            small.add("small_hydro_energy", asset="brooks", month=month, capacity_factor=0.4)
        small.add("send_out", capacity=10, schedule="energy", yearly_energy=5 * 8760)
        small.add("co2_prices", price=30).target("price")
        return small.solve().costs

    one, several = costs(1), costs(years)
    assert sum(several.values()) == pytest.approx(sum(one.values()), rel=1e-9)
    for name, value in one.items():
        assert several[name] == pytest.approx(value, rel=1e-6, abs=1), name


def test_months_that_are_known_stand_for_the_factor_of_the_year(grid):
    """Proves: a month of water_year_months has its own factor, the others that of the year; other years are theirs.

    A dry year (0.5) with twice the inflow in March and none in October, then a wet one (1.5): the means of months are
    10, but 40 and 0, then 30 throughout; small hydro of 0.4 in a normal year follows the same factors.
    If it were broken, March would have 10 or 20 (both factors), or the wet year would have a March of 40.
    """
    small = grid(8760, 20, case={"water": {"year": ["dry", "wet"]}}).station(inflow=20, existing=100)
    small.add("water_years", water_year="dry", factor=0.5).add("water_years", water_year="wet", factor=1.5)
    small.add("water_year_months", water_year="dry", month=3, factor=2)
    small.add("water_year_months", water_year="dry", month=10, factor=0)
    small.add("small_hydro", existing=10)
    for month in range(1, 13):
        small.add("small_hydro_energy", asset="brooks", month=month, capacity_factor=0.4)
    series = small.system().series
    inflow = series["hydro/inflow"]["dam"].to_numpy()
    months = np.full(12, 10.0)
    months[[2, 9]] = 40, 0
    assert month_means(inflow[:8760]) == pytest.approx(months, abs=1e-6)
    assert month_means(inflow[8760:]) == pytest.approx(np.full(12, 30.0))
    output = series["small_hydro/availability"]["brooks"].to_numpy()
    assert month_means(output[:8760]) == pytest.approx(months * 0.4 / 20)
    assert month_means(output[8760:]) == pytest.approx(np.full(12, 0.6))


def test_power_of_a_year_whose_months_are_known(grid):
    """Proves: the factor of the month is that of the modelled inflow, and of small hydro's energy.

    A dry year whose months all have 0.75: 15 of 20 m3/s; small hydro gives 0.75 * 0.4 of 10 MW: coal makes 32 of 50.
    If it were broken, coal would make 38 (the factor of the year) or 42.5 (both).
    """
    small = grid(2, 50, case={"water": {"year": "dry"}}).station(inflow=20, existing=100).add("thermal", existing=100)
    small.add("small_hydro", existing=10).add("water_years", water_year="dry", factor=0.5)
    for month in range(1, 13):
        small.add("water_year_months", water_year="dry", month=month, factor=0.75)
        small.add("small_hydro_energy", asset="brooks", month=month, capacity_factor=0.4)
    assert small.solve().objective == pytest.approx(8760 * (50 - 15 - 3) * 100)


@pytest.mark.parametrize(("limit", "coal"), [(None, 0), (25, 10), (20, 20)])
def test_a_mean_of_a_month_is_that_of_each_year(grid, limit, coal):
    """Proves: January of one year and January of the next have a mean each.

    30 m3/s flow in the wet year, when wind serves the 20 MW that are asked, and 10 in the dry one, when 30 MW are
    asked: 60 m3/s-hours of the 80 that there are. A mean of 25 lets 50 pass in the dry year: coal makes 10.
    If it were broken, the mean would be that of both years, 20 whatever is done, and coal would make 0.
    """
    small = lake(grid, "wet", "dry").add("wind", existing=20, series=[1, 1])
    if limit:
        small.rule("dam", maximum_mean_release=limit)

    def change(system):
        system.series["wind/availability"].iloc[2:] = 0.0
        system.series["demand/2025"].iloc[2:] = 30.0

    solved = small.solve(change)
    assert solved.objective == pytest.approx(2190 * coal * 100, abs=1e-3)


def test_representative_weeks_of_two_years(grid):
    """Proves: periods of two years stand for one together, and levels go through the periods of both in turn.

    104 weeks stand behind five of them; their weights add up to 8760 hours. 30 m3/s and 10 m3/s are 20 on the mean,
    for a reservoir that carries the half of a year: 20 MW are served without coal.
    If it were broken, weights would add up to 17520 hours, water be lost between the years, or coal make 5 MW.
    """
    case = {
        "water": {"year": ["wet", "dry"]},
        "time": {"kind": "weeks", "periods": 5, "period_hours": 168, "extremes": []},
    }
    small = grid(8760, 20, case=case).add("thermal", existing=100)
    for name, factor in YEARS.items():
        small.add("water_years", water_year=name, factor=factor)
    solved = small.station(inflow=20, existing=100, live_storage=10 * 9000 * FLOW_HOUR, cycle="long").solve()
    chronology = solved.assembled.system.chronology
    assert sum(s.weight * len(s) for s in chronology.spans) == pytest.approx(8760)
    assert len(chronology.sequence) == 104
    # The second year begins at its own first hour, not 24 hours early for the day beyond 52 weeks.
    assert chronology.first_hours[[0, 51, 52, 103]].tolist() == [0, 8568, 8760, 17328]
    assert {s.hours[0] // 8760 for s in chronology.spans} == {0, 1}
    level = solved.column("hydro/level_at_period")
    assert len(level) == 104
    assert level[52] - level[0] == pytest.approx(10 * 8736 * FLOW_HOUR, rel=1e-6)
    assert solved.objective == pytest.approx(0, abs=1)
    result = result_of(solved)
    assert np.abs(water_imbalance(result).to_numpy()).max() < 1e-9
    assert period_imbalance(result)["imbalance [hm3]"].abs().max() < 1e-6
    assert water_summary(result)["inflow [hm3/yr]"].item() == pytest.approx(20 * 8760 * FLOW_HOUR, rel=1e-9)


@pytest.mark.parametrize("years", ["dryy", ["wet", "dryy"]])
def test_a_water_year_nobody_gave_is_refused(grid, years):
    """Proves: every water year of the case is one of water_years.csv.

    If it were broken, the year would run without water, or without the year.
    """
    small = lake(grid, "wet")
    small.case["water"]["year"] = years
    said = r'case, water.year: found "dryy"; expected one of .*wet.*. Did you mean "dry"\?'
    with pytest.raises(InputError, match=said):
        small.solve()
