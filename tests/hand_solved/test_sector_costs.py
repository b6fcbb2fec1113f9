"""What a MWh costs each sector: at the margin and on average, adding up to the costs of the year."""

import pytest

from qhenergy.outcome import sector_costs
from qhenergy.outcome.indicators import indicators
from qhenergy.outcome.result import solved as result_of

YEAR = 8760
RUNNING, STANDING = sector_costs.RUNNING_COST, sector_costs.STANDING_COST


def works(grid, demand, existing=80.0):
    """A smelter takes 40 MW in both hours, the town the rest; coal at 100 CNY/MWh and 13 CNY/kW a year standing."""
    small = grid(2, demand).add("thermal", existing=existing).cost("coal", fixed_om=13_000)
    small.add("demand_sectors", sector="smelter", energy_intensive="yes")
    small.add("demand_sectors", sector="town", takes="rest")
    for month in range(1, 13):
        small.add("demand_shapes", shape="flat", month=month, **{f"hour_{h}": 1 for h in range(24)})
    return small.add("sector_demand", sector="smelter", energy=40 * YEAR, shape="flat")


def result(small):
    """The result of a small system."""
    solved = small.solve()
    return result_of(solved.assembled, solved.solution, 0.0, 0.0)


def of(found):
    """Costs by sector, as a table of sectors."""
    return sector_costs.by_sector(found).set_index("sector")


def test_standing_costs_go_by_energy_and_by_peak(grid):
    """Proves: running costs go by energy; standing ones by energy as far as the load factor, for the rest by peak.

    100 and 50 MW, coal of 80: a fifth of the first hour is missed, by both in proportion. Served are 32 and 40 of the
    smelter, 48 and 10 of the town, 130 in all; the load factor is 65/80 = 0.8125. The smelter's share of standing
    costs is 0.8125 * 72/130 + 0.1875 * 32/80 = 0.525. Standing are 80 MW * 13,000 = 1,040,000.
    If it were broken, the share were 72/130 = 0.554 (energy alone), 0.4 (peak alone) or 80/150 (unserved counted).
    """
    table = of(result(works(grid, [100, 50])))
    assert table["energy [MWh/yr]"].to_dict() == pytest.approx({"smelter": 4380 * 72, "town": 4380 * 58})
    assert table[RUNNING].to_dict() == pytest.approx({"smelter": 4380 * 7200, "town": 4380 * 5800})
    assert table[STANDING].to_dict() == pytest.approx({"smelter": 0.525 * 1_040_000, "town": 0.475 * 1_040_000})
    smelter = 100 + 546_000 / (4380 * 72)
    assert table[sector_costs.AVERAGE]["smelter"] == pytest.approx(smelter)


def test_peak_is_what_sun_and_wind_leave(grid):
    """Proves: the peak is the hour with the highest load that sun and wind leave, not the highest load.

    60 and 80 MW, wind gives 70 in the second hour: 60 and 10 are left, so that the first is the peak. The load factor
    is 70 of 60, taken as 1: all goes by energy, 80 of 140. 100 and 45 MW with wind of 20 in the first hour: 80 and 45
    are left, the peak is the first hour and 100 are taken in it; the load factor is 0.725, the smelter's share
    0.725 * 80/145 + 0.275 * 40/100.
    If it were broken, the peak of the first were 80 and the share 0.875 * 80/140 + 0.125 * 40/80 = 0.5625; that of the
    second, had wind been taken off what is taken as well, would count 80 in the peak.
    """
    small = works(grid, [60, 80], 100).add("wind", existing=70, series=[0, 1])
    assert of(result(small))[STANDING]["smelter"] == pytest.approx(80 / 140 * 1_300_000)
    small = works(grid, [100, 45], 100).add("wind", existing=20, series=[1, 0])
    share = 0.725 * 80 / 145 + 0.275 * 0.4
    assert of(result(small))[STANDING]["smelter"] == pytest.approx(share * 1_300_000)


def test_all_takers_bear_all_costs(grid):
    """Proves: sectors, loads beside them and send-out bear all costs but penalties, at the mean of the indicator.

    100 and 50 MW of sectors and a line that sends 20 in both hours, coal of 200: served are 120 and 70, the line
    40 of 190. The load factor is 95/120, the line's share of standing costs 95/120 * 40/190 + 25/120 * 20/120.
    If it were broken, the sectors would pay for what leaves the province, or penalties would be shared out.
    """
    small = works(grid, [100, 50], 200).curve("flat", [0.2])
    found = result(small.add("send_out", capacity=100, schedule="curve", curve="flat"))
    table = of(found)
    share = 95 / 120 * 40 / 190 + 25 / 120 * 20 / 120
    assert table[STANDING][sector_costs.SENT] == pytest.approx(share * 2_600_000)
    assert table[[RUNNING, STANDING]].to_numpy().sum() == pytest.approx(4380 * 190 * 100 + 2_600_000)
    mean = (table[sector_costs.AVERAGE] * table["energy [MWh/yr]"]).sum() / table["energy [MWh/yr]"].sum()
    assert mean == pytest.approx(indicators(found, 2025).average_cost)


def test_margin_of_a_sector_in_each_zone(grid):
    """Proves: the marginal price of a sector in a zone is that of the zone in the sector's hours there.

    In z the first hour is short at 10,000 and the second costs 100: 5,050 for the flat smelter, 8,585.71 for the town
    with its 60 and 10. In another zone the town takes 30 at 100.
    If it were broken, the town would have one price in both zones: (600,000 + 1,000 + 6,000)/130 = 4,669.
    """
    small = works(grid, [100, 50]).zone("far", 30)
    small.add("thermal", asset="far-coal", technology="far_coal", zone="far", existing=40)
    found = result(small)
    price = sector_costs.costs(found).set_index(["sector", "zone"])["price [CNY/MWh]"]
    in_z = (60 * 10_000 + 10 * 100) / 70
    assert price.to_dict() == pytest.approx({("smelter", "z"): 5050, ("town", "z"): in_z, ("town", "far"): 100})
