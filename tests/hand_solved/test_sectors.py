"""Demand by sector: who takes it, what its energy is worth, how it grows in a scenario."""

import pytest

from qhenergy.ground.faults import InputError
from qhenergy.outcome import sectors
from qhenergy.outcome.result import solved as result_of

YEAR = 8760


def works(grid, smelter=40.0, **case):
    """100 and 50 MW in two hours; a smelter takes 40 in both, the town what is left: 60 and 10. Coal has 80."""
    small = grid(2, [100, 50], **({"case": case} if case else {})).add("thermal", existing=80)
    small.add("demand_sectors", sector="smelter", energy_intensive="yes")
    small.add("demand_sectors", sector="town", takes="rest")
    for month in range(1, 13):
        small.add("demand_shapes", shape="flat", month=month, **{f"hour_{h}": 1 for h in range(24)})
    return small.add("sector_demand", sector="smelter", energy=smelter * YEAR, shape="flat")


def result(small):
    """The result of a small system."""
    solved = small.solve()
    return result_of(solved.assembled, solved.solution, 0.0, 0.0)


def test_the_rest_takes_what_sectors_leave(grid):
    """Proves: told apart or not, the zone takes the same in every hour; the rest is what the named sector leaves.

    20 MWh are missed in the first hour at 10,000, as without sectors: 150 MWh less 20 at 100 each.
    If it were broken, the smelter would come on top (140 and 90 MW) and 60 + 10 would be missed.
    """
    found = result(works(grid))
    assert found.objective == pytest.approx(4380 * (130 * 100 + 20 * 10_000))
    by_sector = sectors.hours_by_sector(found, 2025)
    assert by_sector["smelter"]["z"].tolist() == pytest.approx([40, 40])
    assert by_sector["town"]["z"].tolist() == pytest.approx([60, 10])
    energy = sectors.demand(found).set_index("sector")["energy [MWh/yr]"]
    assert energy.to_dict() == pytest.approx({"smelter": 40 * YEAR, "town": 35 * YEAR})


def test_windows_know_who_takes_what(grid):
    """Proves: a window tells other modules what each sector takes of each zone, the rest included.

    If it were broken, flexible demand that refers to the smelter would find 100 and 50, or nothing.
    """
    seen = {}

    def look(system):
        from qhenergy.technologies import demand

        operate = demand.operate

        def watched(window):
            operate(window)
            seen.update(window.taken["z"])

        system.catalogue.technologies[0].operate = watched
        system.undo = lambda: setattr(demand, "operate", operate)

    small = works(grid)
    systems = []
    try:
        small.solve(lambda system: (systems.append(system), look(system)))
    finally:
        systems[0].undo()
    assert {sector: list(values) for sector, values in seen.items()} == {
        "smelter": pytest.approx([40, 40]),
        "town": pytest.approx([60, 10]),
    }


@pytest.mark.parametrize(
    ("smelter", "town", "asked"), [(1.5, 1.0, [120, 70]), (1.0, 0.5, [70, 45]), (0.5, 2, [140, 40])]
)
def test_a_scenario_multiplies_what_a_sector_takes(grid, smelter, town, asked):
    """Proves: the factor of a sector changes that sector only, in its own shape, the rest's included.

    Half as much again of 40 is 60, beside 60 and 10; half of 60 and 10 beside 40; 20 beside 120 and 20.
    If it were broken, the total would stay 100 and 50 (the rest gives way), or be multiplied as a whole.
    """
    small = works(grid, demand={"scenario": "fast"})
    small.rows["thermal"][0]["existing"] = 500
    small.add("demand_scenarios", sector="smelter", factor=smelter).add("demand_scenarios", sector="town", factor=town)
    assert small.solve().column("thermal/output") == pytest.approx(asked)


def test_energies_and_factors_lie_between_their_years(grid):
    """Proves: energy and factor are linear between years, and a factor holds before its first year.

    20 MW in 2020 and 60 in 2030 is 40 in 2025; a factor of 1 in 2020 and 2 in 2030 is 1.5: 60 beside 60 and 10.
    If it were broken, the smelter would take 20 or 60 before the factor, or 40 or 80 after it.
    """
    small = works(grid, 20, demand={"scenario": "fast"})
    small.rows["thermal"][0]["existing"] = 500
    small.rows["sector_demand"][0]["year"] = 2020
    small.add("sector_demand", sector="smelter", year=2030, energy=60 * YEAR, shape="flat")
    small.add("demand_scenarios", sector="smelter", year=2020, factor=1)
    small.add("demand_scenarios", sector="smelter", year=2030, factor=2)
    assert small.solve().column("thermal/output") == pytest.approx([120, 70])
    small.rows["demand_scenarios"] = [r | {"year": r["year"] + 10} for r in small.rows["demand_scenarios"]]
    assert small.solve().column("thermal/output") == pytest.approx([100, 50])


def test_price_of_a_sector_is_that_of_its_hours(grid):
    """Proves: a sector pays the price of the hours in which it takes, and energy-intensive ones are shown together.

    The first hour costs 10,000 at the margin (unserved), the second 100. The smelter takes as much in both: 5,050; the
    town 60 and 10: 8,585.71.
    If it were broken, both would pay 6,700 (all demand), or 5,050 (the mean of the hours).
    """
    price = sectors.prices(result(works(grid))).set_index("sector")["price [CNY/MWh]"]
    assert price["smelter"] == pytest.approx((10_000 + 100) / 2)
    assert price["town"] == pytest.approx((60 * 10_000 + 10 * 100) / 70)
    assert price[sectors.INTENSIVE] == pytest.approx(price["smelter"])


def test_every_fault_of_the_sectors_at_once(grid):
    """Proves: a scenario there is not, two rests, a rest with energy, a year and a month missing are all told at once.

    If it were broken, the first fault would hide the others, or a sector without a year would take nothing.
    """
    small = works(grid, demand={"scenario": "fats"})
    small.add("demand_scenarios", sector="smelter", factor=2)
    small.add("demand_sectors", sector="village", takes="rest")
    small.add("sector_demand", sector="village", year=2030, energy=1, shape="flat")
    small.rows["demand_shapes"] = [r for r in small.rows["demand_shapes"] if (r["shape"], r["month"]) != ("flat", 7)]
    with pytest.raises(InputError) as error:
        small.system()
    faults = {(f.where, f.found): f for f in error.value.faults}
    assert set(faults) == {
        ("case, demand.scenario", '"fats"'),
        ("demand_sectors.csv", "2 sectors that take the rest: town, village"),
        ("sector_demand.csv, row village,z", "energy of the sector that takes the rest"),
        ("sector_demand.csv, row village,z", "years 2030 to 2030"),
        ("demand_shapes.csv (flat)", "no month 7"),
    }
    assert 'Did you mean "fast"?' in faults["case, demand.scenario", '"fats"'].remedy


def test_sectors_that_take_more_than_there_is(grid):
    """Proves: sectors above the energy of the year, or above one hour of the zone, are refused with the amount.

    90 of a mean of 75 MW is 131,400 MWh too much of the year and of the first hour as well; 60 fits the year, and is
    10 too much in the second hour.
    If it were broken, the rest would be negative and the zone would still take 100 and 50.
    """
    with pytest.raises(InputError, match="788,400 MWh of z in 2025"):
        works(grid, 90).system()
    with pytest.raises(InputError, match=r"take 10.0 MW more than z has in hour 1 of 2025"):
        works(grid, 60).system()
