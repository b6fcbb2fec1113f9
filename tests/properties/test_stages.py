"""Stages: what foresight is worth, what empty and equal stages change, and that every stage keeps its energy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcome.systems import result_of
from small_system import Small, hourly_inflow

from properties.random_system import HOURS, mixed, mixed_systems, numbers, shapes
from qhenergy.model.size import expected
from qhenergy.outcome.audit import audit
from qhenergy.solving.profile import read_profile
from qhenergy.studies.expansion import Ready, solve_ready

FIRST, SECOND, THIRD = 2025, 2030, 2035


@st.composite
def pathways(draw: st.DrawFn) -> dict[str, object]:
    """What `pathway` builds from: demand by stage, prices that fall or rise, lives that end within the horizon."""
    return {
        "demand": draw(st.lists(numbers(20, 100), min_size=HOURS, max_size=HOURS)),
        "growth": [draw(numbers(0.2, 3)) for _ in range(2)],
        "wind": draw(shapes()),
        "prices": [draw(numbers(5, 30)) for _ in range(3)],
        "cells": [draw(numbers(1, 8)) for _ in range(3)],
        "life": draw(st.sampled_from([5, 10, 12, 25])),
        "fade": draw(numbers(0, 0.05)),
        "leaving": draw(numbers(0, 20)),
        "rate": draw(numbers(0, 0.12)),
    }


def pathway(folder, drawn, stages=(FIRST, SECOND, THIRD), **case) -> Small:
    """One zone with wind and batteries to build, coal that ages and may be retired, and unserved energy at 2,000."""
    case = {"stages": list(stages), "horizon": {"discount_rate": drawn["rate"]}, **case}
    small = Small(folder, HOURS, case=case).zone("z", drawn["demand"], 2000)
    energy, shape = small.rows["demand"][0]["energy"], "z"
    for year, growth in zip((SECOND, THIRD), drawn["growth"], strict=True):
        small.add("demand", zone="z", year=year, energy=energy * growth, shape=shape)
    small.add("thermal", existing=60, room=100, retirable="yes").cost("coal", fixed_om=50_000, lifetime=40)
    small.cost("coal", year=THIRD, investment=4e6, lifetime=30)
    small.add("retirements", year=2028, capacity=drawn["leaving"])
    small.add("wind", existing=10, room=150, series=drawn["wind"])
    small.add("batteries", existing=5, room=40, duration=2, fade=drawn["fade"])
    for year, wind, cells in zip((FIRST, SECOND, THIRD), drawn["prices"], drawn["cells"], strict=True):
        small.cost("wind", year=year, investment=wind * 1e6, lifetime=drawn["life"])
        small.cost("cells", year=year, investment=cells * 1e6, lifetime=drawn["life"])
    return small


@settings(max_examples=4)
@given(pathways())
def test_foresight_is_never_dearer_than_myopia(tmp_path_factory, drawn):
    """Proves: stages decided one by one cost at least what they cost together, by the same weights; both are audited.

    If it were broken, the stages of a myopic plan would not pay, or not hold, what they are given.
    """
    folder = tmp_path_factory.getbasetemp() / "sight"
    perfect = result_of(pathway(folder, drawn).solve())
    system = pathway(folder, drawn, foresight="myopic").system()
    ready = Ready(folder, system, read_profile("simplex"), expected(system))
    myopic, found = solve_ready(ready)
    assert found.passed, found.faults
    checked = audit(perfect)
    assert checked.passed, checked.faults
    assert myopic.objective >= perfect.objective - 1e-6 * abs(perfect.objective)


@settings(max_examples=3)
@given(pathways())
def test_a_myopic_first_stage_is_the_single_stage(tmp_path_factory, drawn):
    """Proves: what comes later changes nothing in the first stage of a myopic pathway.

    If it were broken, a stage would know of those after it.
    """
    folder = tmp_path_factory.getbasetemp() / "first"
    alone = pathway(folder, drawn, (FIRST,)).solve()
    system = pathway(folder, drawn, foresight="myopic").system()
    myopic, _ = solve_ready(Ready(folder, system, read_profile("simplex"), expected(system)))
    paid = myopic.problem.costs @ myopic.values + myopic.problem.cost_offsets
    assert paid[myopic.problem.cost_stages == FIRST].sum() == pytest.approx(alone.objective, rel=1e-7, abs=1)


@settings(max_examples=3)
@given(pathways())
def test_an_empty_later_stage_changes_nothing(tmp_path_factory, drawn):
    """Proves: with foresight, a later stage without demand, which nothing built before reaches, leaves the first alone.

    What lived longer would be paid in the empty stage as well: that is no flaw but the price of building it.
    If it were broken, the first stage would pay for the second, or build for it.
    """
    folder = tmp_path_factory.getbasetemp() / "empty"
    drawn = {**drawn, "life": 5, "growth": [0, 0]}
    alone = pathway(folder, drawn, (FIRST,))
    both = pathway(folder, drawn, (FIRST, SECOND))
    for small in (alone, both):
        small.rows["thermal"][0]["room"] = 0
    assert sum(both.solve().costs_of(FIRST).values()) == pytest.approx(alone.solve().objective, rel=1e-7, abs=1)


@settings(max_examples=3)
@given(mixed_systems(), numbers(0, 0.2))
def test_a_stage_split_in_two_changes_nothing(tmp_path_factory, drawn, rate):
    """Proves: a stage of two years costs what two stages of one year each with the same data cost together.

    If it were broken, capital would be paid once, or twice in a stage, or weights would not add up.
    """
    folder = tmp_path_factory.getbasetemp() / "split"

    def cost(stages, years):
        small = mixed(folder, drawn)
        small.case |= {"stages": stages, "horizon": {"discount_rate": rate, "years": years}}
        for row in list(small.rows["demand"]):
            small.add("demand", **{**row, "year": FIRST + 1})
        return small.solve(hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])).objective

    assert cost([FIRST, FIRST + 1], [1, 1]) == pytest.approx(cost([FIRST], [2]), rel=1e-7, abs=1)
