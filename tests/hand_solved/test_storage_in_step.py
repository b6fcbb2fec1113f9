"""Storage that grows with renewables."""

import pytest

from qhenergy.ground.faults import InputError


def growing(grid, strictness="hard", penalty=0.0, hydro=0, build=">=", asked=100, **clause):
    """Wind of 20 MW that must grow to `asked` beside hydro that stands; 1 CNY/MW a year for cells."""
    small = grid(1, 0).add("wind", existing=20, room=500, series=[0]).cost("cells", investment=10)
    small.add("batteries", room=500, duration=2, existing=0).group("stores", "cells").group("renewables", "wind")
    small.group("clean", "wind", "small_hydro").add(
        "capacity_totals", group="clean", sense=build, capacity=asked + hydro
    )
    if hydro:
        small.add("small_hydro", committed=hydro, committed_year=2023)
        for month in range(1, 13):
            small.add("small_hydro_energy", asset="brooks", month=month, capacity_factor=0)
    small.add("storage_targets", power=24).add("storage_steps", **clause)
    return small.target("total").target("step", strictness, penalty)


def test_ratio_given(grid):
    """Proves: storage follows what is added, not what stands.

    80 MW of wind are added to 20: a ratio of 0.25 asks for 20 MW of cells.
    If it were broken, 25 MW (of all wind) or none would be built.
    """
    solved = growing(grid, ratio=0.25).solve()
    assert solved.column("capacity/built", "cells") == pytest.approx([20])
    assert solved.objective == pytest.approx(20)
    assert solved.dual("storage_in_step/requirement", "step") == pytest.approx(1)


@pytest.mark.parametrize("hydro", [0, 60])
def test_ratio_of_the_totals_of_the_plan(grid, hydro):
    """Proves: without a ratio it is the storage target over the planned growth, committed hydro taken out of the total.

    24 MW of storage for 100 - 20 = 80 MW of wind are 0.3; a total that holds 60 MW of committed hydro as well leaves
    the same 80. All 80 are built: 24 MW of cells.
    If it were broken, the ratio would be 0.24 (existing wind counts) and cells 19.2, or 24/140 and 13.7 (hydro counts).
    """
    solved = growing(grid, hydro=hydro, target="stores", planned="total").solve()
    assert solved.column("capacity/built", "cells") == pytest.approx([24])


def test_zone_restricts_both(grid):
    """Proves: a clause about a zone counts renewables and stores of that zone alone, in any place of it.

    50 MW of wind are added in a and 30 in b, each held to its zone by a total; 0.5 asks for 25 MW of cells in a. Cells
    of b, cheaper by their place, do not count.
    If it were broken, 40 MW would be built, or 25 of those in b.
    """
    small = grid(1).zone("a", 0).zone("b", 0).cost("cells", investment=10).cost("far", investment=1)
    for name, wind in (("a", 50), ("b", 30)):
        small.add("wind", asset=f"wind-{name}", zone=name, room=500, series=[0])
        small.add("capacity_totals", clause=f"total-{name}", group="renewables", zone=name, sense=">=", capacity=wind)
        small.target(f"total-{name}")
    small.add("batteries", asset="near", zone="a", room=500, duration=2)
    small.add("batteries", asset="far", zone="b", technology="far", room=500, duration=2)
    small.group("stores", "cells", "far").group("renewables", "wind")
    solved = small.add("storage_steps", zone="a", ratio=0.5).target("step").solve()
    assert solved.column("capacity/built", "near") == pytest.approx([25])
    assert solved.column("capacity/built", "far") == pytest.approx([0])


def test_watched_and_priced(grid):
    """Proves: watched, the lag is measured and nothing built; priced, it is paid where that is cheaper than cells.

    0.25 * 80 = 20 MW behind; at a penalty of 0.5 CNY/MW against 1 of the cells it stays behind.
    If it were broken, cells would be built, or the lag be 0.
    """
    watched = growing(grid, "watched", ratio=0.25).solve()
    assert watched.column("storage_in_step/achieved") == pytest.approx([-20])
    assert not watched.has("rows", "storage_in_step/requirement")
    priced = growing(grid, "priced", 0.5, ratio=0.25).solve()
    assert priced.objective == pytest.approx(10)
    assert priced.costs["clauses missed/step"] == pytest.approx(10)


def test_nothing_to_measure_where_no_renewables_can_be(grid):
    """Proves: a zone without any renewables has nothing to be in step with, which is not the same as being in step.

    If it were broken, the board would show the clause as met.
    """
    small = growing(grid, "hard", ratio=0.25, zone="empty").zone("empty", 0)
    solved = small.solve()
    assert [r.measured for r in solved.assembled.requirements if r.clause.name == "step"] == [False]
    assert not solved.has("rows", "storage_in_step/requirement")


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ({}, "neither ratio nor both"),
        ({"target": "stores"}, "neither ratio nor both"),
        ({"target": "stores", "planned": "total", "storage": "renewables"}, 'storage "renewables"'),
        ({"target": "stores", "planned": "total", "renewables": "stores"}, 'renewables "stores"'),
        ({"target": "stores", "planned": "total", "build": "<="}, "no least total"),
        ({"target": "stores", "planned": "total", "asked": 15}, "of which all stand"),
    ],
)
def test_a_ratio_that_cannot_be_made_is_refused(grid, clause, words):
    """Proves: without a ratio there must be a target of the same stores and a least total that holds the renewables.

    If it were broken, a ratio of something else, a negative one or none would be asked for.
    """
    with pytest.raises(InputError) as refused:
        growing(grid, **clause).solve()
    assert words in str(refused.value)
