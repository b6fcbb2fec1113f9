"""Hydrogen sold beyond the system: when it is worth it, and how much."""

import pytest

from qhenergy.ground.faults import InputError

#: Coal that a tonne takes at half efficiency [CNY].
COST = 6666.0


def gate(grid, price, **row):
    """Coal at 100 CNY/MWh, electrolysers of 1,000 MW at one half: a tonne of hydrogen costs 6,666 CNY to make."""
    small = grid(2, [10, 10]).add("thermal", existing=2000).add("electrolysers", existing=1000, efficiency=0.5)
    small.add("hydrogen_stores", existing=1, duration=1)
    return small.add("hydrogen_exports", **{"price": price, "hourly": 3, **row})


@pytest.mark.parametrize(("price", "sent"), [(COST - 1, 0), (COST + 1, 3)])
def test_export_pays_from_its_break_even_on(grid, price, sent):
    """Proves: hydrogen is sold when its price is above what it takes to make it, up to the limit of the hour.

    33.33 MWh at one half take 66.66 MWh of coal.
    If it were broken, the break-even would be 3,333 (efficiency forgotten) or 100 (a price of a MWh).
    """
    solved = gate(grid, price).solve()
    assert solved.column("hydrogen_export/sent") == pytest.approx([sent, sent], abs=1e-9)
    assert solved.costs["hydrogen exports/pipe"] == pytest.approx(-8760 * price * sent, abs=1e-3)
    assert solved.objective == pytest.approx(8760 * (1000 - (price - COST) * sent))


@pytest.mark.parametrize(("yearly", "sent"), [("", 6), (8760, 2), (0, 0)])
def test_limit_of_the_year(grid, yearly, sent):
    """Proves: the year is limited as a whole, each hour counted as often as it stands for; nothing is nothing.

    8,760 t a year are 2 t in two hours that stand for 4,380 each. A tonne more is worth price less cost: 100 CNY.
    If it were broken, 6 would be sent, or 8,760.
    """
    solved = gate(grid, COST + 100, yearly=yearly).solve()
    assert solved.column("hydrogen_export/sent").sum() == pytest.approx(sent, abs=1e-9)
    if sent == 2:
        assert solved.dual("hydrogen_export/yearly", "pipe") == pytest.approx([-100])


@pytest.mark.parametrize(("price", "sent"), [(COST + 999, 0), (COST + 1001, 3)])
def test_electricity_to_compress(grid, price, sent):
    """Proves: what compressors take comes from the zone of the store.

    10 MWh a tonne at 100 CNY make 1,000 more.
    If it were broken, a price of 7,665 would pay.
    """
    solved = gate(grid, price, electricity=10).solve()
    assert solved.column("hydrogen_export/sent") == pytest.approx([sent, sent], abs=1e-9)
    assert solved.column("thermal/output").sum() == pytest.approx(2 * (10 + sent * 76.66))


def test_not_before_its_year_and_not_out_of_nothing(grid):
    """Proves: a later row sells nothing yet; one whose store cannot stand is refused by its name.

    If it were broken, hydrogen would be sold that nobody can store, or nothing be sold without a word.
    """
    assert not gate(grid, 1e5, first_year=2026).solve().has("columns", "hydrogen_export/sent")
    small = gate(grid, 1e5, store="plan").add("hydrogen_stores", asset="plan", existing=0, duration=1)
    with pytest.raises(InputError, match=r"hydrogen_exports.csv \(pipe\)"):
        small.solve()
