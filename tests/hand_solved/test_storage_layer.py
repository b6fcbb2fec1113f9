"""Layers of storage: short, medium and long cycles."""

import pytest

from qhenergy.ground.faults import InputError


def layers(grid, cycle, power, strictness="hard", reservoir=50):
    """20 MW of cells, 30 of pumped storage, a reservoir of 40 MW and a hub of 8; more costs 10 CNY/MW a year."""
    small = grid(1, 0).cost("cells", investment=100).cost("pumped", investment=100).cost("hub", investment=100)
    small.add("batteries", existing=20, room=500, duration=2)
    small.add("pumped_storage", existing=30, room=500)
    small.station("upper", 1, existing=40, live_storage=reservoir, cycle="short", order=1, downstream="lower")
    small.station("lower", 1, existing=25, order=2)
    small.add("hydro_hubs", existing=8, room=500, mode="turbine", upper="upper")
    return small.add("storage_layers", cycle=cycle, power=power).target("layer", strictness)


@pytest.mark.parametrize(("cycle", "stands"), [("short", 20), ("medium", 30), ("long", 48)])
def test_every_layer_counts_its_own(grid, cycle, stands):
    """Proves: short counts cells, medium pumped storage, long the hub and the reservoir, though that cycles day by day.

    100 MW are asked of one layer: what is missing is built at 10 CNY/MW a year.
    If it were broken, the long layer would hold 73 (the station without a reservoir), 40 (no hub) or 8 (no reservoir),
    and the short one 60.
    """
    solved = layers(grid, cycle, 100).solve()
    assert solved.objective == pytest.approx(10 * (100 - stands))


def test_watched_layer(grid):
    """Proves: a watched layer is measured exactly and nothing is built.

    If it were broken, 520 would be paid.
    """
    solved = layers(grid, "long", 100, "watched").solve()
    assert solved.column("storage_layer/achieved") == pytest.approx([48])
    assert solved.objective == pytest.approx(0)
    assert not solved.has("rows", "storage_layer/requirement")


def test_a_layer_of_nothing_is_refused(grid):
    """Proves: a layer that no store of the system belongs to is refused.

    If it were broken, a hard clause would have no solution and say nothing of why.
    """
    small = grid(1, 0).add("batteries", existing=20, duration=2).add("storage_layers", cycle="medium", power=1)
    with pytest.raises(InputError) as refused:
        small.target("layer").solve()
    assert 'no store with cycle "medium"' in str(refused.value)
