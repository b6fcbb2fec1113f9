"""Power of new-type storage, with the scope its group gives it."""

import pytest


def fleet(grid, *scope, strictness="hard", penalty=0.0):
    """A 2 h battery to build at 100 CNY/MW a year, a solar tower of 30 MW that stands; 100 MW asked."""
    small = (
        grid(1).zone(demand=1, unserved_price=0).add("batteries", room=500, duration=2).cost("cells", investment=1000)
    )
    small.add("csp", existing=30, series=[0]).group("stores", *scope)
    return small.add("storage_targets", power=100).target("stores", strictness, penalty)


@pytest.mark.parametrize(("scope", "built"), [(["cells"], 100), (["cells", "csp"], 70)])
def test_scope_is_the_group_of_the_row(grid, scope, built):
    """Proves: what counts is the group the row names, with the power of what stands.

    With the tower in scope 70 MW of batteries are built, without it 100.
    If it were broken, both would build the same, or 50 (energy counted instead of power).
    """
    solved = fleet(grid, *scope).solve()
    assert solved.column("capacity/built") == pytest.approx([built])
    assert solved.objective == pytest.approx(100 * built)


def test_priced_and_watched(grid):
    """Proves: below the annuity a penalty is paid instead, and a watched target only reported.

    100 MW at a penalty of 40: 4,000.
    If it were broken, 10,000 would be paid.
    """
    priced = fleet(grid, "cells", strictness="priced", penalty=40).solve()
    assert priced.objective == pytest.approx(4000)
    watched = fleet(grid, "cells", "csp", strictness="watched").solve()
    assert watched.objective == pytest.approx(0)
    assert watched.column("new_storage/achieved") == pytest.approx([30])
