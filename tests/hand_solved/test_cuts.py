"""Cuts: below the cost of every curve, at the cost of their own."""

import numpy as np
import pytest
from small_system import solved

from qhenergy.data.curve_rules import CurveRules
from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.assemble import assemble
from qhenergy.solving.cuts import Oracle, as_rows
from qhenergy.solving.profile import read_profile
from qhenergy.solving.slots import held, missing, slots_of
from qhenergy.solving.step_model import step_model

YEAR = (tuple(range(1, 13)),)


def made(grid):
    """Wind in two hours of four, 30 MW of coal, a battery of 20 MW and 20 MWh, a line of 100 MW."""
    small = grid(4, 0).add("wind", existing=100, series=[1, 0.5, 0, 0]).add("thermal", existing=30)
    small.add("batteries", existing=20, duration=1).curve("flat", [0.5])
    small.add("send_out", capacity=100, schedule="curve", curve="flat", shortfall_price=1000)
    assembled = assemble(small.system(), workers=1)
    return assembled, slots_of(assembled, "dc", YEAR)


def test_a_cut_is_below_every_curve_and_touches_its_own(grid):
    """Proves: constant + slope @ x is no more than the dispatched cost of any curve, and is it at its own.

    A flat pattern of 35 to 100 MW: at 35 MW hours 2 and 3 take 50 MWh of coal and 20 of the store; a MW more in one of
    them is a MW of coal in 2190 h, in the hours of wind nothing.
    If it were broken, slopes twice as steep would cut off curves that are cheaper than the cut says.
    """
    assembled, slots = made(grid)
    model = step_model(CurveRules(100.0, minimum=35.0, changes_a_day=0), 1, 24)
    oracle = Oracle(assembled.problem, slots, model, read_profile("simplex"), limit=False)
    point = oracle.solve(np.zeros(len(model.lower)))
    assert point.curve == pytest.approx([35] * 24)
    assert point.value == pytest.approx(2190 * 50 * 100)
    assert point.cut.constant + point.cut.slope @ point.curve == pytest.approx(point.value)
    assert point.cut.slope == pytest.approx([0, 0, 219_000, 219_000, *[0] * 20])
    random = np.random.default_rng(1)
    for _ in range(12):
        curve = 30 + 10 * random.random(24)
        cost = solved(assembled, problem=slots.at(assembled.problem, curve)).objective
        assert point.cut.constant + point.cut.slope @ curve <= cost + 1e-3


def test_a_limit_cuts_off_what_cannot_be_and_nothing_else(grid):
    """Proves: where nothing may be missed the cut of what is missed holds for every curve that can be.

    Flat 60 MW: hours 2 and 3 lack 30 each of which the store has 20 in all: 40 MWh a day, 2190 times.
    If it were broken, curves that can be would be cut off, or the flat one not.
    """
    assembled, slots = made(grid)
    model = step_model(CurveRules(100.0, minimum=60.0, changes_a_day=0), 1, 24)
    strict = held(assembled.problem, slots)
    with pytest.raises(NoSolutionError):
        Oracle(strict, slots, model, read_profile("simplex"), limit=True).solve(np.zeros(len(model.lower)))
    lacking = Oracle(missing(assembled.problem, slots), slots, model, read_profile("simplex"), limit=True)
    point = lacking.solve(np.zeros(len(model.lower)))
    assert point.value == pytest.approx(2190 * 40)
    assert point.cut.constant + point.cut.slope @ np.full(24, 60.0) == pytest.approx(2190 * 40)
    for curve in ([100, 50, 30, 30], [80, 50, 50, 30], [80, 50, 40, 40], [0, 0, 0, 0]):
        x = np.concatenate([curve, np.zeros(20)])
        assert solved(assembled, problem=slots.at(strict, x)).objective >= 0
        assert point.cut.constant + point.cut.slope @ x <= 1e-6
    matrix, side = as_rows([point.cut], 100.0, 0.0, 1.0)
    assert matrix[:, :-1] @ np.full(24, 0.6) > side
