"""What storage is, how it is used, what storing costs, and what it changes."""

import numpy as np
import pytest
from outcome.systems import result_of
from small_system import Small

from qhenergy.outcome import storage_effect
from qhenergy.outcome.storage_use import depths, use
from qhenergy.outcome.storages import storage_assets, storage_technologies, storages


def day(grid, **cells):
    """Two cheap hours at 100 CNY/MWh and two dear ones at 300, and cells of two hours that lose a fifth."""
    small = grid(4, [50, 50, 150, 150]).add("thermal", existing=100)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=1000)
    small.add("fuels").add("fuels", fuel="gas", price=30)
    row = {"existing": 10, "duration": 2, "discharge_efficiency": 0.8, **cells}
    return small.add("batteries", **row)


def of(result, asset="cells", **options):
    """The row of a store."""
    table = use(result, **options)
    return table[table["asset"] == asset].iloc[0]


def test_energy_cycles_prices_and_levelised_cost(grid):
    """Proves: energy, losses, cycles and costs of a year of 2,190 days of four hours.

    20 MWh are taken at 100 and 16 given at 300 a day: 43,800 and 35,040 MWh, 8,760 lost. The cells draw 20 of 20 MWh a
    day. 10 MW give for 3,504 full-load hours. Annuity of 1,000 CNY/kW and 100 CNY/kWh a tenth: 1.2e6; fixed O&M 1e5,
    wear 70,080. Charging 4.38e6: 5,750,080 over 35,040 are 164.10 CNY/MWh, 39.10 without charging.
    If it were broken, cycles would be 1,752 (at the terminals), or the levelised cost 131.28 (over what is charged).
    """
    small = day(grid, cycle_cost=2).cost("cells", investment=1e6, energy_investment=1e5, fixed_om=1e4)
    row = of(result_of(small.solve()))
    found = {name: row[name] for name in row.index if "/" in name and name not in ("power [MW]",)}
    assert found == pytest.approx(
        {
            "charged [MWh/yr]": 43_800,
            "discharged [MWh/yr]": 35_040,
            "lost [MWh/yr]": 8_760,
            "cycles [1/yr]": 2_190,
            "full-load [h/yr]": 3_504,
            "paid [CNY/MWh]": 100,
            "received [CNY/MWh]": 300,
            "yearly cost [CNY/yr]": 1_370_080,
            "charging [CNY/yr]": 4_380_000,
            "LCOS [CNY/MWh]": 5_750_080 / 35_040,
            "LCOS without charging [CNY/MWh]": 1_370_080 / 35_040,
        }
    )
    assert row["lasts [yr]"] == 10


def test_wear_is_told_of_cycles_that_are_limited(grid):
    """Proves: cycles are told over those allowed, at most all, so that cells last their lifetime.

    2,190 of 4,380 cycles a year are half; of 1,095 all are used.
    If it were broken, the cells would last for 20 years, or 5.
    """
    row = of(result_of(day(grid, yearly_cycles=4380).solve()))
    assert (row["wear [-]"], row["lasts [yr]"]) == pytest.approx((0.5, 10))
    row = of(result_of(day(grid, yearly_cycles=1095).solve()))
    assert (row["wear [-]"], row["lasts [yr]"]) == pytest.approx((1, 10))


def test_depth_in_tenths_of_what_is_usable(grid):
    """Proves: levels 10, 20, 10 and 0 of 20 MWh usable are half full twice, full once, empty once.

    25 MWh at a depth of 0.8 are 20 MWh.
    If it were broken, the full hour would be in the ninth tenth (of all the energy).
    """
    result = result_of(day(grid, duration=2.5, depth=0.8, discharge_efficiency=1).solve())
    table = depths(result).set_index("tenth")["share [-]"]
    assert table.sum() == pytest.approx(1)
    assert table[table > 0].to_dict() == pytest.approx({1: 0.25, 6: 0.5, 10: 0.25})


def test_what_fills_a_store_is_part_of_it(grid):
    """Proves: electrolysers are of their tank: their power charges it, their cost is in that of storing.

    Wind in the first of two hours; 10 MW of electrolysis at 0.5 give 5 MW of a turbine of efficiency 1 in the second.
    Half is lost. Electrolysers cost 100 and the turbine 300 CNY/MW a year: 1,000 + 1,500.
    If it were broken, 1,500 would be paid, and nothing be charged.
    """
    small = grid(2, [0, 50]).add("wind", existing=10, series=[1, 0]).add("thermal", existing=100)
    small.add("hydrogen_stores", existing=5, duration=1).add("electrolysers", existing=10, efficiency=0.5)
    small.cost("electrolyser", investment=1000).cost("hydrogen", investment=3000)
    result = result_of(small.solve())
    assert storage_assets(result) == ["tank", "stack"]
    assert storage_technologies(result) == {"hydrogen", "electrolyser"}
    row = of(result, "tank")
    assert row["charged [MWh/yr]"] == pytest.approx(4380 * 10)
    assert row["lost [MWh/yr]"] == pytest.approx(4380 * 5)
    assert row["yearly cost [CNY/yr]"] == pytest.approx(2500)
    assert row["paid [CNY/MWh]"] == pytest.approx(0)


def test_a_group_says_what_is_storage(grid):
    """Proves: where groups.csv names storage, that is storage; another group may be asked for, an unknown one not.

    If it were broken, concentrating solar power would be counted in or out whatever the group says.
    """
    small = day(grid).add("csp", existing=10, store=2, series=[1, 1, 0, 0])
    assert [s.asset for s in storages(result_of(small.solve()))] == ["cells"]
    result = result_of(small.group("storage", "cells").group("with_csp", "cells", "csp").solve())
    assert storage_assets(result) == ["cells"]
    assert set(storage_assets(result, "with_csp")) == {"cells", "tower"}
    assert of(result, "tower", group="with_csp")["discharged [MWh/yr]"] > 0
    with pytest.raises(KeyError, match="with_cps"):
        storages(result, "with_cps")


def test_pumps_of_the_river_take_and_natural_water_comes_with_theirs(grid):
    """Proves: a hub that pumps is storage; what it takes is told, and neither losses nor cycles.

    Wind of 10 MW in the first of two hours lifts 10 m3/s of what the upper station passed.
    If it were broken, the hub would not be counted, or lose all it takes.
    """
    small = grid(2, [0, 20]).add("wind", existing=10, series=[1, 0]).add("thermal", existing=100)
    small.station("upper", order=1, downstream="lower", existing=20, live_storage=1)
    small.station("lower", order=2, existing=0.001, live_storage=1, initial_fill=0.5, final_fill=0.5)
    small.rows["hydro_stations"][0] |= {"initial_fill": 0.5, "final_fill": 0.5}
    row = of(result_of(small.add("hydro_hubs", existing=10, mode="pump").solve()), "hub")
    assert row["charged [MWh/yr]"] == pytest.approx(4380 * 10)
    assert row["discharged [MWh/yr]"] == 0
    assert np.isnan(row["lost [MWh/yr]"])
    assert np.isnan(row["cycles [1/yr]"])


def test_what_storage_recovers(tmp_path):
    """Proves: energy of the sun that is used more, CO2 that is not let out, and what a clause achieves in both.

    100 MW of sun, 50 of them used, and 80 with 30 MW of cells: 131,400 MWh, and as many tonnes of coal's.
    If it were broken, what is offered would count, or the first result's board be shown twice.
    """
    results = []
    for name, mw in (("none", 0), ("cells", 30)):
        small = Small(tmp_path / name, 2).zone(demand=50).add("solar", existing=100, series=[1, 0])
        small.add("batteries", existing=mw, duration=1).add("thermal", existing=100)
        small.group("variable", "pv").add("curtailment_ceilings", ceiling=0.3).target("ceiling", "watched")
        results.append(result_of(small.solve()))
    table = storage_effect.effect(*results).set_index("measure")["change"]
    assert table["renewable energy used"] == pytest.approx(4380 * 30)
    assert table["curtailed"] == pytest.approx(-4380 * 30)
    assert table["curtailment"] == pytest.approx(-0.3)
    assert table["CO2"] == pytest.approx(-4380 * 30)
    (clause,) = storage_effect.clauses(*results).to_dict("records")
    assert (clause["before"], clause["after"]) == pytest.approx((50, 20))
    assert (clause["status before"], clause["status after"]) == ("watched: missed", "watched: met")
