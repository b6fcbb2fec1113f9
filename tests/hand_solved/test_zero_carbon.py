"""A system that emits next to nothing."""

import pytest


def fleet(grid, strictness="hard", penalty=0.0, clean=10, **clause):
    """10 MW: coal at 100 CNY and 1 t a MWh, gas at 150 and 0.5 t, ties at 400 and 0.2 t, and at 600 and none."""
    small = grid(2, 10, case={"time": {"window_hours": 1}}).add("thermal", existing=10)
    small.add("thermal", asset="gas", technology="gas", fuel="gas", existing=10)
    small.add("fuels").add("fuels", fuel="gas", price=15, emission=0.05)
    small.add("ac_ties", import_limit=10, import_price=400, emission=0.2)
    small.add("ac_ties", tie="clean", import_limit=clean, import_price=600)
    return small.add("zero_carbon", **clause).target("zero", strictness, penalty)


@pytest.mark.parametrize(
    ("clause", "cost"),
    [
        ({}, 6000),
        ({"import_factor": 0}, 4000),
        ({"import_factor": 0.3}, 100_000),
        ({"residual": 2 * 8760}, 4000),
        ({"residual": 2 * 8760, "import_factor": 0.3}, 36_000),
    ],
)
def test_what_remains(grid, clause, cost):
    """Proves: plants and imports together keep to the residual, imports by the factor of the clause where it has one.

    Nothing remains: the clean tie at 600. Imports at no factor: the cheaper tie. At 0.3 t nothing may come in, all
    is unserved at 10,000. 2 t an hour: the tie of 0.2 t. 2 t with imports at 0.3 t: a tonne saves
    (10,000 - 400) / 0.3 = 32,000 CNY by imports and (10,000 - 150) / 0.5 = 19,700 by gas, so 6.667 MW are imported
    and 3.333 unserved: 36,000.
    If it were broken, the first would be 4,000 (imports not counted), the second 6,000 (factor of the clause
    not taken).
    """
    assert fleet(grid, **clause).solve().objective == pytest.approx(8760 * cost)


def test_nothing_is_said_hour_by_hour(grid):
    """Proves: a hard clause that leaves nothing forbids what emits in every hour; one that leaves some does not.

    A tonne more in an hour is worth most at the tie: (600 - 400) / 0.2 = 1,000 CNY, 4,380 times a year; at coal it is
    (600 - 100) / 1, at gas 900.
    If it were broken, an interior point would look for an interior in a sum of nothing.
    """
    solved = fleet(grid, clean=20).solve()
    assert solved.dual("zero_carbon/still") == pytest.approx([-4380 * 1000] * 2)
    assert solved.column("thermal/output", "coal") == pytest.approx([0, 0])
    assert not fleet(grid, residual=2 * 8760).solve().has("rows", "zero_carbon/still")
    assert not fleet(grid, "watched").solve().has("rows", "zero_carbon/still")


def test_what_does_not_emit_stays(grid):
    """Proves: a plant whose fuel leaves no CO2 may run: it is emissions that are counted, not fuels.

    Gas without emissions at 150.
    If it were broken, the clean tie would run (6,000).
    """
    small = fleet(grid)
    small.rows["fuels"][1]["emission"] = 0
    assert small.solve().objective == pytest.approx(8760 * 1500)


def test_priced_and_watched(grid):
    """Proves: what is emitted beyond the residual is paid per tonne, or counted.

    At 120 CNY a tonne: coal costs 100 + 120, gas 150 + 60.
    If it were broken, coal would run (not priced) or the clean tie (hard).
    """
    priced = fleet(grid, "priced", 120).solve()
    assert priced.objective == pytest.approx(8760 * 2100)
    watched = fleet(grid, "watched").solve()
    assert watched.objective == pytest.approx(8760 * 1000)
    assert watched.column("zero_carbon/achieved") == pytest.approx([10 * 8760])
