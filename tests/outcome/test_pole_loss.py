"""A pole lost, by hand."""

import pytest

from outcome.systems import result_of
from qhenergy.outcome.pole_loss import pole_loss

STAGE = 2025


def system(grid, **reserve):
    """Hour 0: 40 of wind and 60 of coal for a line of 100; hour 1: 60 of coal for a line that is asked 60."""
    small = grid(2, 0).add("wind", existing=40, series=[1, 0])
    small.add("thermal", existing=100, minimum_output=0.4, unit_size=50).curve("curve", [1, 0.6])
    small.add("send_out", capacity=100, schedule="curve", curve="curve").group("ready", "coal").group("all", "coal")
    if reserve:
        small.add("reserves", direction="down", size="largest_pole", send_out="dc", **reserve)
        small.target("reserve", "watched")
    return small


def test_a_pole_by_hand(grid):
    """Proves: half of what is sent is lost, what can be lowered answers, the rest must be shed.

    Hour 0: 100 sent, 50 lost, 50 remain, the other pole is full. Wind can be lowered by 40: 10 to shed.
    Hour 1: 60 sent, 30 lost, the other pole could take 20 of them; no wind: 30 to shed.
    If it were broken, half the rating (50) would be lost in hour 1, or coal would answer too.
    """
    small = system(grid, group="breeze", share=0.5, duration=0).group("breeze", "wind")
    found = pole_loss(result_of(small.solve()), "dc", STAGE)
    hours = found.hours
    assert found.share == 0.5
    assert found.clauses == ("reserve", "", "")
    assert hours["lost"].tolist() == pytest.approx([50, 30])
    assert hours["remains"].tolist() == pytest.approx([50, 30])
    assert hours["taken"].tolist() == pytest.approx([0, 20])
    assert hours["down"].tolist() == pytest.approx([40, 0])
    assert hours["shed"].tolist() == pytest.approx([10, 30])
    assert found.worst(1)["sent"].tolist() == pytest.approx([60])


def test_share_of_a_pole_and_the_largest_unit(grid):
    """Proves: a third of the line is lost where that is asked for; the largest unit is a unit, not the whole plant.

    If it were broken, half would be lost, and 100 MW instead of 50.
    """
    found = pole_loss(result_of(system(grid).solve()), "dc", STAGE, share=0.3)
    assert found.hours["lost"].tolist() == pytest.approx([30, 18])
    assert found.hours["remains"].tolist() == pytest.approx([70, 42])
    assert found.unit == 50
    assert found.clauses == ("", "", "")


def test_up_for_the_largest_unit(grid):
    """Proves: what could be raised is set against the unit that the clause names.

    Cells of 20 MW can change by 40 at most, from charging to discharging: at least 10 of 50 are short.
    If it were broken, nothing would be short: coal, which is no part of the group, could give 40.
    """
    small = system(grid).group("quick", "cells").add("batteries", existing=20, duration=1)
    small.add("reserves", clause="unit", direction="up", group="quick", size="largest_unit", amount=50, duration=0.25)
    small.target("unit", "watched")
    hours = pole_loss(result_of(small.solve()), "dc", STAGE).hours
    assert (hours["up"] <= 40 + 1e-6).all()
    assert (hours["short_up"] >= 10 - 1e-6).all()


def test_strength_at_the_line(grid):
    """Proves: strength is read from the room of a watched clause: coal on line times its rating.

    Coal gives 60 in both hours, at least 60 MW and at most 100 turn at 1.2 MVA a MW; 100 and 60 lean on them.
    If it were broken, the factor of the clause would be in it: half as much.
    """
    small = system(grid).add("synchronous_machines", technology="coal", rating=1.2)
    small.add("short_circuit_ratios", send_out="dc", factor=2).target("strength", "watched")
    result = result_of(small.solve())
    found = pole_loss(result, "dc", STAGE)
    online = result.column("thermal/online")["coal"].to_numpy()
    assert found.clauses[2] == "strength"
    assert found.hours["strength"].tolist() == pytest.approx((1.2 * online).tolist())
    assert found.hours["leaning"].tolist() == pytest.approx((found.hours["sent"] / (1.2 * online)).tolist())
