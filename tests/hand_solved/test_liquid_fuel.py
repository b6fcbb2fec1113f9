"""Liquid fuel: what a tonne takes, its minimum and ramp, and its CO2 that is credited once."""

import pytest

from qhenergy.ground.faults import InputError

#: Coal-fired MWh that 10 t of fuel an hour take: 2 t of hydrogen at one half, and 1 MWh a tonne.
POWER = 2 * 33.33 / 0.5 + 10


def chain(grid, demand=(10, 10), *, wind=0, blows=(1, 1), capture=0.9, stores=None, **row):
    """Coal of 100 CNY/MWh and 1 t/MWh with capture; a plant of 50 MW of fuel, 10 t/h, that takes 14 t/h of CO2."""
    small = grid(2, list(demand)).add("thermal", existing=1000, capture=capture)
    small.add("wind", existing=wind, series=blows)
    small.add("hydrogen_stores", **{"existing": 1e-4, "turbine_efficiency": 0.1, "duration": 0.1, **(stores or {})})
    small.add("electrolysers", existing=1000, efficiency=0.5)
    return small.add("liquid_fuel_plants", **{"existing": 50, "electricity": 1, "minimum_output": 1, **row})


def test_what_a_tonne_takes(grid):
    """Proves: hydrogen by its heating value, electricity of the zone and bought CO2, each per tonne of fuel.

    10 t/h take 133.32 + 10 MWh beside the 10 of demand, and 14 t of CO2 at 200 CNY.
    If it were broken, 50 t of fuel would be made of 50 MW, or hydrogen be counted in tonnes: 14 MWh in all.
    """
    solved = chain(grid, capture=0, bought_price=200).solve()
    assert solved.column("thermal/output") == pytest.approx([10 + POWER] * 2)
    assert solved.costs["CO2 feed/synthesis"] == pytest.approx(8760 * 2800)
    assert solved.objective == pytest.approx(8760 * (2800 + 100 * (10 + POWER)))


@pytest.mark.parametrize(
    ("row", "emitted", "bought"),
    [
        ({"credit": "fuel"}, 0.1 * (10 + POWER) + 14, 0),
        ({"credit": "power"}, 0.1 * (10 + POWER), 0),
        ({"credit": "fuel", "co2_zone": "far", "bought_price": 1}, 0.1 * (10 + POWER), 14),
    ],
)
def test_captured_co2_is_credited_once(grid, row, emitted, bought):
    """Proves: CO2 that a plant captured is not emitted, unless the fuel takes the credit: then it is, once.

    Coal emits a tenth of its 153.32 t; 14 t go into the fuel. Where the fuel has the credit they count as emitted,
    where the plant keeps it they do not. Bought CO2 is in no account.
    If it were broken, 15.3 t would be counted with the credit of the fuel, too (credited twice), or 43 (charged twice).
    """
    small = chain(grid, **row).zone("far", 0).add("co2_caps", cap=0).target("cap", "watched")
    solved = small.solve()
    assert solved.column("co2_cap/achieved") == pytest.approx([8760 * emitted])
    assert solved.column("liquid_fuel/bought") == pytest.approx([bought, bought])


@pytest.mark.parametrize(("demand", "captured"), [((10, 10), [9, 9]), ((20, 5), [14, 4.5])])
def test_no_more_than_is_captured_in_the_hour(grid, demand, captured):
    """Proves: CO2 is taken hour by hour from what the zone captures, the rest is bought.

    Wind makes the hydrogen and is all used; coal serves demand: 9 t of 14 are captured at 10 MW. Another MWh of coal
    would cost 100 and save 90.
    If it were broken, all 14 would be captured, or the mean of both hours be taken.
    """
    small = chain(grid, demand, wind=POWER, bought_price=100)
    solved = small.solve()
    assert solved.column("liquid_fuel/captured") == pytest.approx(captured, rel=1e-4)
    assert solved.column("liquid_fuel/bought") == pytest.approx([14 - c for c in captured], rel=1e-4)


@pytest.mark.parametrize(
    ("row", "made"), [({"minimum_output": 0}, [50, 0]), ({"minimum_output": 0.4}, [50, 20]), ({"ramp": 0.1}, [5, 0])]
)
def test_minimum_and_ramp(grid, row, made):
    """Proves: a plant runs at its minimum in every hour, and changes by no more than its ramp.

    Wind blows in hour 0 only: a tonne sold at 500 CNY takes 140 of CO2, and 1,433 of coal in hour 1.
    If it were broken, nothing would be made in hour 1, or 50 in hour 0 in all cases.
    """
    row = {"minimum_output": 0, "price": 500, "bought_price": 100, **row}
    solved = chain(grid, wind=1000, blows=(1, 0), capture=0, **row).solve()
    assert solved.column("liquid_fuel/made") == pytest.approx(made, abs=1e-3)


def test_a_plant_stands_beside_its_store(grid):
    """Proves: a plant in another zone, or beside a store that cannot stand, is refused by its name.

    If it were broken, hydrogen would be carried for nothing, or a plant be built that never runs.
    """
    small = chain(grid, zone="far").zone("far", 0)
    with pytest.raises(InputError, match=r"liquid_fuel_plants.csv \(synthesis\).*not carried"):
        small.solve()
    with pytest.raises(InputError, match="which cannot stand in 2025"):
        chain(grid, stores={"existing": 0}).solve()
