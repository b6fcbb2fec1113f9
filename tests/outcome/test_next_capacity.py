"""What the next MW of stores, lines and plants repairs of a miss and saves: known answers, and solved again."""

import numpy as np
import pytest

from outcome.systems import result_of
from qhenergy.data.next_mw import opened, raised
from qhenergy.model.assemble import assemble, prepare
from qhenergy.model.catalogue import with_extra
from qhenergy.outcome.delivery import hours_of_line
from qhenergy.outcome.next_capacity import LINE, PLANT, STORE, leaning, next_capacity

STAGE = 2025


def found(small, size=1.0):
    """What a MW of each asset does to first order, for hours of weight one: (repaired, saved) by asset; and all."""
    result = result_of(small.solve())
    weight = float(result.hours["weight"].iloc[0])
    free = freed(result)
    leans = leaning(result.problem, free.problem)
    made = next_capacity(result, leans, "dc", size)
    assert made.left_out == ()
    table = made.table[["repaired", "saved"]] / weight
    return {str(n): (float(r), float(s)) for n, r, s in table.itertuples()}, made


def freed(result):
    """The problem of a result with capacities as columns."""
    return assemble(prepare(opened(result.inputs), result.case, with_extra(())), workers=1)


def missed(small):
    """What is missed in all modelled hours of a system solved anew [MWh], and its cost in hours of weight one."""
    result = result_of(small.solve())
    weight = float(result.hours["weight"].iloc[0])
    return float(hours_of_line(result, "dc", STAGE)["missed"].sum()), result.objective / weight


def line(small, values, **row):
    """A line of 100 MW on a curve."""
    return small.curve("curve", values).add("send_out", capacity=100, schedule="curve", curve="curve", **row)


def test_thermal_repairs_what_it_adds(grid):
    """Proves: 48 MW of coal at 100 miss 2 MW in hours 1 and 3, of a price of 1,000.

    A MW more sends 1 MWh in both at a cost of 100 each: 2 MWh repaired, -200 otherwise. 100 MW repair no more than 4.
    If it were broken, 1.8 MWh would be repaired (what is saved over the price), or 200 by 100 MW.
    """
    make = lambda: line(grid(4, 0).add("thermal", existing=48), [0.3, 0.5, 0.3, 0.5])  # noqa: E731
    table, made = found(make())
    assert table == {"coal": pytest.approx((2.0, -200.0))}
    assert made.candidates[0] == "coal"
    assert made.table.at["coal", "kind"] == PLANT
    assert found(make(), size=100.0)[0]["coal"][0] == pytest.approx(4.0)


def lacking(grid, power, energy):
    """Sun of 80 MW in two hours of four, the line asks 20, 20, 50, 50.

    Cells charge at twice their power and lose a fifth when they discharge.
    """
    small = grid(4, 0).add("solar", existing=80, series=[1, 1, 0, 0])
    small.add("batteries", existing=power, duration=energy / power, discharge_efficiency=0.8, charge_ratio=2)
    return line(small, [0.2, 0.2, 0.5, 0.5])


def test_cells_that_lack_power(grid):
    """Proves: cells of 10 MW with 100 MWh give 10 in hours 2 and 3, for which they hold 25. A MW gives 2 more.

    What it takes is sun left over, which is worth nothing; energy does not bind.
    If it were broken, the miss in one hour would be counted alone, or more energy would be worth something.
    """
    table, made = found(lacking(grid, 10.0, 100.0))
    assert table["cells"] == pytest.approx((2.0, 0.0), abs=1e-6)
    assert made.table.at["cells", "kind"] == STORE
    assert "sun" not in table or table["sun"][0] == pytest.approx(0.0)


def test_cells_that_lack_energy(grid):
    """Proves: cells of 50 MW with 20 MWh give 16 MWh in hours 2 and 3. A MW with its 0.4 MWh gives 0.32 more.

    The level is at its bound in hour 1, when nothing is missed.
    If it were broken, nothing would be repaired, since no limit of the cells binds in hours 2 and 3.
    """
    table, _ = found(lacking(grid, 50.0, 20.0))
    assert table["cells"] == pytest.approx((0.32, 0.0), abs=1e-6)


def test_corridor(grid):
    """Proves: a corridor of 30 MW that loses a tenth brings 27 of 50 asked. A MW more brings 0.9, and burns 100.

    Coal on the far side, of which there is enough, repairs nothing.
    If it were broken, 1 MWh would be repaired, or coal be named.
    """
    small = grid(1).zone("a", 0).zone("b", 0).add("thermal", zone="a", existing=200)
    small.add("corridors", existing=30, loss=0.1)
    table, made = found(line(small, [0.5], zone="b"))
    assert table == {"road": pytest.approx((0.9, -100.0))}
    assert made.table.at["road", "kind"] == LINE


def test_plant_behind_a_full_corridor(grid):
    """Proves: wind at nothing in front of coal at 100, behind a full corridor, saves 100 and repairs nothing.

    If it were broken, a tenth of a MWh would be repaired: what it saves in the hour of the miss over the price.
    """
    small = grid(1).zone("a", 0).zone("b", 0).add("thermal", zone="a", existing=200)
    small.add("wind", zone="a", existing=10, series=[1.0])
    table, made = found(line(small.add("corridors", existing=30), [0.5], zone="b"))
    assert table["wind"] == pytest.approx((0.0, 100.0))
    assert list(made.table.index) == ["road", "wind"]
    assert made.candidates[0] == "road"


def test_nothing_missed(grid):
    """Proves: where all is delivered nothing repairs anything, and what saves most is first.

    If it were broken, a best would be named for the year to be solved again.
    """
    small = grid(1, 0).add("thermal", existing=80).add("wind", existing=10, series=[0.5])
    table, made = found(line(small, [0.5]))
    assert made.candidates == []
    assert table == {"wind": pytest.approx((0.0, 50.0))}


def test_raised_and_solved_again(grid):
    """Proves: the small step is what a step is: systems with a MW more of each asset miss and cost what was told.

    If it were broken, a limit would be left out, counted twice, or scaled by another capacity.
    """

    def system():
        small = grid(24).zone("a", 5.0).zone("b", 20.0).add("thermal", zone="a", existing=60)
        sun = np.clip(np.sin((np.arange(24) - 6) / 12 * np.pi), 0, 1)
        small.add("solar", zone="b", existing=90, series=sun.tolist()).add("corridors", existing=40, loss=0.1)
        small.add("batteries", zone="b", existing=11, duration=2.5, charge_efficiency=0.9, discharge_efficiency=0.8)
        return line(small, [0.2] * 17 + [0.6] * 5 + [0.2] * 2, zone="b")

    table, _ = found(system(), size=0.01)
    before = missed(system())
    for row, name in (("thermal", "coal"), ("solar", "sun"), ("corridors", "road"), ("batteries", "cells")):
        small = system()
        small.rows[row][0]["existing"] += 0.01
        after = missed(small)
        repaired, saved = table.get(name, (0.0, 0.0))
        assert before[0] - after[0] == pytest.approx(repaired, abs=1e-6), name
        assert before[1] - after[1] - 1000 * (before[0] - after[0]) == pytest.approx(saved, abs=1e-3), name


def test_raised_section(grid):
    """Proves: the limit of a section, which is no asset, is ranked as any and raised in its own column.

    A section of 20 MW across the road lets 20 of 50 pass: a MW more repairs 1.
    If it were broken, sections would never be named, though they are what binds.
    """
    small = grid(1).zone("a", 0).zone("b", 0).add("thermal", zone="a", existing=200).add("corridors", existing=90)
    small.add("sections", section="cut", limit=20).add("section_members", section="cut", corridor="road", direction=1)
    small = line(small, [0.5], zone="b")
    table, _ = found(small)
    assert table == {"cut": pytest.approx((1.0, -100.0))}
    inputs = result_of(small.solve()).inputs
    assert raised(inputs, "cut", 100.0)["sections"].at["cut", "limit"] == pytest.approx(120.0)
    assert raised(inputs, "road", 100.0)["corridors"].at["road", "existing"] == pytest.approx(190.0)
    with pytest.raises(KeyError):
        raised(inputs, "nothing", 1.0)
