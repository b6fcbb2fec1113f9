"""Heat of a node: what serves it, how much electricity its grid carries, and what is left of old stoves."""

import pytest

from qhenergy.ground.faults import InputError

YEAR = 8760


def town(grid, heat=10.0, *, demand=(0, 0), coal=1000, **row):
    """A node that asks for so many MW of heat evenly, beside coal-fired electricity at 100 CNY/MWh."""
    small = grid(len(demand), None).zone(demand=list(demand)).add("thermal", existing=coal)
    return small.add("heat_nodes", **{"yearly": heat * YEAR, **row})


@pytest.mark.parametrize(("headroom", "electric"), [("", 10), (4, 4), (0, 0)])
def test_headroom_binds(grid, headroom, electric):
    """Proves: electric heat of a node stays within what its grid carries, boilers and pumps together.

    Two boilers of 6 MW for 10 of heat: a headroom of 4 serves 4, and 6 are missing at 1,000 CNY.
    If it were broken, 10 would be served (each heater within 4), or the headroom limit heat.
    """
    small = town(grid, headroom=headroom)
    small.add("electric_heaters", existing=6).add("electric_heaters", asset="second", existing=6)
    solved = small.solve()
    assert solved.column("electric_heat/taken", "boiler")[0] + solved.column("electric_heat/taken", "second")[
        0
    ] == pytest.approx(electric)
    assert solved.costs["unserved heat/town"] == pytest.approx(YEAR * 1000 * (10 - electric))
    assert solved.objective == pytest.approx(YEAR * (1000 * (10 - electric) + 100 * electric))


def test_headroom_is_of_electricity_not_of_heat(grid):
    """Proves: a heat pump of 3 heats 9 MW within a headroom of 3 MW, and another MW of headroom is worth 2,900 CNY.

    If it were broken, 3 MW would be heated and 7 missed.
    """
    small = town(grid, 12, headroom=3).add("electric_heaters", existing=10, efficiency=3)
    solved = small.solve()
    assert solved.costs["unserved heat/town"] == pytest.approx(YEAR * 1000 * 3)
    assert solved.dual("heat/headroom", "town") == pytest.approx([-(3 * 1000 - 100) * YEAR / 2] * 2)


@pytest.mark.parametrize(
    ("rows", "price", "other"),
    [({}, 50, 0), ({2025: 0.6}, 50, 6), ({2025: 0.6}, 150, 0), ({2020: 1.0, 2030: 0.2}, 50, 6), ({2030: 0.0}, 50, 0)],
)
def test_what_is_left_of_old_stoves(grid, rows, price, other):
    """Proves: heat from elsewhere serves up to its share of the year, on a line between years, if it is cheaper.

    10 MW, of which six tenths at 50 CNY; half way from 1.0 to 0.2 is six tenths, too. Above 100 CNY the boiler serves.
    If it were broken, all 10 would come from stoves at 50, or 2 with the row of 2030.
    """
    small = town(grid).add("electric_heaters", existing=20)
    for year, share in rows.items():
        small.add("heat_others", year=year, share=share, price=price)
    solved = small.solve()
    assert solved.objective == pytest.approx(YEAR * (other * price + (10 - other) * 100))


def test_heat_asked_later_is_not_asked_now(grid):
    """Proves: a node and what stands at it are no part of the system before its first year.

    If it were broken, coal would run, or a heater without a node write rows.
    """
    small = town(grid, first_year=2030).add("electric_heaters", existing=20).add("heat_stores", existing=5)
    small.add("geothermal_heat", existing=5).add("chp_heat", heat_per_power=1)
    solved = small.solve()
    assert solved.objective == pytest.approx(0, abs=1e-6)
    assert not solved.has("columns", "electric_heat/taken")
    assert not solved.has("columns", "heat_store/level")


def test_every_misplaced_row_is_said(grid):
    """Proves: heaters, wells, stores and plants in another zone than their node are refused by their names.

    If it were broken, heat would cross from zone to zone for nothing.
    """
    for table, word in (("electric_heaters", "boiler"), ("geothermal_heat", "well"), ("heat_stores", "pit")):
        small = town(grid).zone("far", 0).add(table, zone="far").add(table, asset="second", zone="far")
        with pytest.raises(InputError) as error:
            small.solve()
        assert [f.where for f in error.value.faults] == [f"{table}.csv ({a})" for a in (word, "second")]
    small = town(grid, zone="far").zone("far", 0).add("chp_heat", heat_per_power=1)
    with pytest.raises(InputError, match=r"chp_heat.csv \(coal\)"):
        small.solve()
