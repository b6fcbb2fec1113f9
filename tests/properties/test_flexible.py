"""What loads do beside their baseline keeps their energy and never costs anything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_loads import plant, tie
from small_system import Small

from properties.random_system import HOURS, balances, numbers


@st.composite
def loads(draw):
    """Prices of an hour and a load of any kinds."""
    window = draw(st.sampled_from([2, 3, 6]))
    row = {
        "existing": draw(numbers(0.5, 20)),
        "window": window,
        "window_start": draw(st.integers(0, window - 1)),
        "raise_ratio": draw(numbers(0.1, 2)),
        "lower_share": draw(numbers(0.1, 1)),
        "efficiency": draw(numbers(0.7, 1)),
        "shift_cost": draw(numbers(0, 50)),
    }
    if draw(st.booleans()):
        row |= {"behind": draw(numbers(0, 2)), "ahead": draw(numbers(0, 2))}
    if draw(st.booleans()):
        row |= {"calls": draw(numbers(0, 3000)), "call_hours": draw(st.integers(1, 3)), "call_price": 120}
    if draw(st.booleans()):
        row |= {"return_ratio": draw(numbers(0.1, 1)), "return_efficiency": draw(numbers(0.6, 1))}
    if draw(st.booleans()):
        row |= {"ramp": draw(numbers(0.1, 1)), "full_hours": draw(numbers(1, 3)), "rest": draw(st.integers(1, 3))}
    return {
        "prices": draw(st.lists(numbers(50, 900), min_size=HOURS, max_size=HOURS)),
        "base": draw(st.lists(numbers(1, 20), min_size=HOURS, max_size=HOURS)),
        "in_demand": draw(st.sampled_from(["yes", "no"])),
        "cut": draw(st.sampled_from([1, 2, 3, 6])),
        "row": row,
    }


def system(folder, drawn, cut=None, **row):
    """A zone of 30 MW over a tie, and the load."""
    small = Small(folder, HOURS, case={"time": {"window_hours": cut or drawn["cut"]}}).zone("z", 30)
    tie(small, drawn["prices"])
    return plant(small, drawn["base"], in_demand=drawn["in_demand"], **(drawn["row"] | row))


@given(loads())
def test_energy_is_kept_over_every_window(tmp_path_factory, drawn):
    """Proves: over every window what is lowered and given back is made up, at its efficiencies, wherever the
    year is cut; the balance of the zone holds; a load is never less than nothing.

    If it were broken, energy would appear or vanish by moving a load.
    """
    solved = system(tmp_path_factory.getbasetemp() / "loads", drawn).solve()
    row = drawn["row"]
    lowered, raised = solved.column("flexible_demand/lowered"), solved.column("flexible_demand/raised")
    left = lowered - row["efficiency"] * raised
    if "return_ratio" in row:
        left = left + solved.column("flexible_demand/returned") / row["return_efficiency"]
    windows = np.roll(left, -row["window_start"]).reshape(-1, row["window"])
    assert windows.sum(axis=1) == pytest.approx(np.zeros(len(windows)), abs=1e-6)
    less = lowered + (solved.column("flexible_demand/curtailed") if "calls" in row else 0.0)
    assert (less <= row["lower_share"] * np.array(drawn["base"]) + 1e-6).all()
    for zone, missing in balances(solved).items():
        assert missing == pytest.approx(np.zeros(HOURS), abs=1e-6), zone


@given(loads())
def test_flexibility_never_raises_cost(tmp_path_factory, drawn):
    """Proves: a load that may move costs no more than one that may not, half as much of it lies in between, and
    where the year is cut for the computer changes nothing.

    If it were broken, an offer would be an obligation, or be better at a boundary.
    """
    folder = tmp_path_factory.getbasetemp() / "loads"
    full = system(folder, drawn).solve().objective
    half = system(folder, drawn, existing=drawn["row"]["existing"] / 2).solve().objective
    none = system(folder, drawn, existing=0).solve().objective
    slack = 1e-6 * abs(none)
    assert full <= half + slack
    assert half <= none + slack
    assert system(folder, drawn, cut=HOURS).solve().objective == pytest.approx(full, rel=1e-8)
