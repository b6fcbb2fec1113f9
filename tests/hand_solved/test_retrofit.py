"""Retrofits: a plant that replaces another, with a lower minimum or with capture of its CO2."""

import pytest
from outcome.systems import result_of

from qhenergy.ground.faults import InputError
from qhenergy.outcome import measures


def plant(grid, demand, case=None, **row):
    """A hundred MW of coal at 100 CNY/MWh that stay unless replaced."""
    row = {"existing": 100, "retirable": "yes", "replaced_only": "yes", **row}
    return grid(len(demand), demand, case=case or {}).add("thermal", **row)


def retrofit(small, name="flex", **row):
    """Up to a hundred MW that replace the coal."""
    return small.add("thermal", **{"asset": name, "technology": name, "room": 100, "replaces": "coal", **row})


@pytest.mark.parametrize(("investment", "built"), [(1.30e6, 100), (1.33e6, 0)])
def test_flexibility_is_bought_when_the_saved_curtailment_pays(grid, investment, built):
    """Proves: a lower minimum is bought exactly when the wind it lets in is worth it; the old unit goes for it.

    100 MW of wind in hour 0 only; coal is needed in hour 1 and too dear to start, so it stays on at its minimum: 50 MW
    before, 20 after. A MW saves 0.3 * 4,380 * 100 = 131,400 CNY a year, ten of those are 1,314,000.
    If it were broken, the retrofit would stand beside the old unit, or be bought at both prices or none.
    """
    small = plant(grid, [100, 100], minimum_output=0.5, start_cost=1000).add("wind", existing=100, series=[1, 0])
    retrofit(small, minimum_output=0.2, start_cost=1000).cost("flex", investment=investment, fixed_om=7)
    solved = small.cost("coal", fixed_om=7).solve()
    assert solved.column("capacity/retired", "coal") == pytest.approx([built])
    assert solved.column("capacity/installed", "flex") == pytest.approx([built])
    least = 20 if built else 50
    assert solved.column("wind/output") == pytest.approx([100 - least, 0])
    assert solved.objective == pytest.approx(4380 * (100 + least) * 100 + 700 + built * investment / 10)


@pytest.mark.parametrize(("kept", "old"), [("yes", 0), ("no", 0)])
def test_replacements_share_what_is_retired(grid, kept, old):
    """Proves: all that replaces a plant together is at most what is retired of it.

    Two retrofits of 60 MW of room for 100 MW of coal that are ten times as dear: 60 and 40 MW, and of 120 MW asked 20
    are missing.
    If it were broken, each would be held to the 100 alone (120 MW, nothing missing) or the old unit would stay.
    """
    small = plant(grid, [120], replaced_only=kept, efficiency=0.1)
    retrofit(small, "first", room=60).cost("first", investment=10)
    retrofit(small, "second", room=60).cost("second", investment=20)
    solved = small.solve()
    assert solved.column("demand/unserved") == pytest.approx([20])
    assert solved.column("capacity/installed", "coal") == pytest.approx([old], abs=1e-6)
    assert solved.column("capacity/built", "first") == pytest.approx([60])
    assert solved.column("capacity/built", "second") == pytest.approx([40])


@pytest.mark.parametrize(("kept", "retired"), [("yes", 0), ("no", 40)])
def test_what_must_be_replaced_does_not_go_for_nothing(grid, kept, retired):
    """Proves: `replaced_only` keeps a plant that is not needed and that nothing replaces; else it goes.

    60 of 100 MW are needed, each costs 7 CNY a year.
    If it were broken, 40 MW would go and take the heat of a city with them, or none ever.
    """
    small = plant(grid, [60], replaced_only=kept).cost("coal", fixed_om=7)
    solved = small.solve()
    assert solved.column("capacity/retired") == pytest.approx([retired])
    assert solved.costs["fixed O&M/coal"] == pytest.approx(7 * (100 - retired))


def test_a_committed_retrofit_retires_its_plant(grid):
    """Proves: what is decided already takes the place of the old unit as what is built does.

    30 MW are committed: 70 MW of the old unit stay.
    If it were broken, 130 MW would stand.
    """
    solved = retrofit(plant(grid, [130]), room=0, committed=30, committed_year=2024).solve()
    assert solved.column("capacity/installed", "coal") == pytest.approx([70])
    assert solved.column("demand/unserved") == pytest.approx([30])


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"retirable": "no"}, {}, "cannot be retired"),
        ({"existing": 0, "room": 10}, {}, "has no existing capacity"),
        ({}, {"zone": "far"}, 'of zone "z", in zone "far"'),
        ({}, {"replaces": "flex"}, "a replacement"),
    ],
)
def test_what_cannot_be_replaced_is_refused(grid, old, new, found):
    """Proves: a retrofit of what cannot go, of nothing, elsewhere or of itself is a fault; one never open is none.

    If it were broken, the retrofit would silently never be built, or stand in another zone.
    """
    with pytest.raises(InputError, match=found):
        retrofit(plant(grid, [50], **old), **new).zone("far").solve()
    retrofit(plant(grid, [50], **old), **{**new, "room": 0}).zone("far").solve()


@pytest.mark.parametrize(("price", "built"), [(56.5, 0), (57.0, 100)])
def test_capture_pays_at_its_break_even(grid, price, built):
    """Proves: only what is not captured is emitted and priced, and the measure of emissions says the same.

    Before 100 CNY and 1 t/MWh. After, at 0.30 instead of 0.36: 120 CNY of fuel, 20 of transport and storage, 10 of
    876,000 CNY/MW, and 1.2 t of which a tenth is left. 150 + 0.12*p = 100 + p at 56.82 CNY/t.
    If it were broken, all 1.2 t would be paid (never worth it), or nothing of them (worth it at 50); the measure would
    say 1,051,200 t or none.
    """
    small = retrofit(plant(grid, [100]), "ccs", efficiency=0.3, capture=0.9)
    small.cost("ccs", investment=876_000, variable_om=20).add("co2_prices", price=price).target("price")
    solved = small.solve()
    assert solved.column("capacity/installed", "ccs") == pytest.approx([built])
    tonnes = 876_000 * (0.12 if built else 1)
    assert solved.costs["CO2 price/price"] == pytest.approx(price * tonnes)
    assert measures.emissions(result_of(solved))["emission [t/yr]"].sum() == pytest.approx(tonnes)


def test_captured_co2_is_under_the_cap(grid):
    """Proves: a cap counts what reaches the air.

    40 MW of 100 may be old coal at 1 t/MWh if the rest is at 0.12: x + 0.12*(100 - x) = 47.2 t an hour.
    If it were broken, the cap could not be met (1.2 t/MWh), or all would be retrofitted.
    """
    small = retrofit(plant(grid, [100]), "ccs", efficiency=0.3, capture=0.9).cost("ccs", variable_om=20)
    small.add("co2_caps", cap=8760 * 47.2).target("cap")
    solved = small.solve()
    assert solved.column("thermal/output", "coal") == pytest.approx([40])
    assert solved.column("thermal/output", "ccs") == pytest.approx([60])
    assert measures.emissions(result_of(solved))["emission [t/yr]"].sum() == pytest.approx(8760 * 47.2)
