"""Corridors and sections between zones."""

import pytest


def north_south(grid, **row):
    """Free wind of 200 MW in a, 90 MW asked in b beside coal there."""
    small = grid(1).zone("a", 0).zone("b", 90).add("wind", zone="a", existing=200, series=[1])
    small.add("thermal", zone="b", existing=100)
    return small.add("corridor" + "s", **row)


@pytest.mark.parametrize("ends", [("a", "b"), ("b", "a")])
def test_what_is_sent_arrives_less_the_loss(grid, ends):
    """Proves: capacity limits what is sent, the loss is taken from what arrives, in either direction.

    50 MW sent, 45 arrive; coal makes 45.
    If it were broken, coal would make 40 (no loss), 34.4 (loss added to the sending end), 90 (one direction only).
    """
    solved = north_south(grid, existing=50, loss=0.1, from_zone=ends[0], to_zone=ends[1]).solve()
    way = "forward" if ends == ("a", "b") else "backward"
    assert solved.column(f"corridor/{way}") == pytest.approx([50])
    assert solved.column("wind/output") == pytest.approx([50])
    assert solved.objective == pytest.approx(8760 * 45 * 100)


def test_expansion_is_paid_by_length(grid):
    """Proves: investment and fixed cost of a corridor are per MW and 100 km, and expansion serves both directions.

    80 MW are worth adding to 20 (90 arrive of 100): 80 MW * 2 (200 km) * 1,000 / 10, fixed 100 MW * 2 * 3.
    If it were broken, investment would be 8,000 (length forgotten) or 14,000 (70 MW: no loss).
    """
    solved = north_south(grid, existing=20, room=500, loss=0.1, length=200)
    solved = solved.cost("line", investment=1000, fixed_om=3).solve()
    assert solved.column("capacity/built") == pytest.approx([80])
    assert solved.costs["investment/line"] == pytest.approx(16_000)
    assert solved.costs["fixed O&M/line"] == pytest.approx(600)
    assert solved.objective == pytest.approx(16_600)


@pytest.mark.parametrize("reverse", [False, True])
def test_section_limits_several_corridors_together(grid, reverse):
    """Proves: the flows of a section's members add up, each with its direction, against one limit either way.

    Two corridors of 50 MW, one declared from b to a, cross a section of 60 MW: coal makes 30.
    If it were broken, coal would make 0 (no section; or opposite signs that cancel), in one of the directions.
    """
    small = north_south(grid, corridor="east", existing=50)
    small.add("corridors", corridor="west", from_zone="b", to_zone="a", existing=50)
    small.add("sections", section="cut", limit=60)
    sign = -1 if reverse else 1
    small.add("section_members", section="cut", corridor="east", direction=sign)
    small.add("section_members", section="cut", corridor="west", direction=-sign)
    solved = small.solve()
    assert solved.objective == pytest.approx(8760 * 30 * 100)
    assert solved.dual("section/backward" if reverse else "section/forward", "cut") == pytest.approx(
        (1 if reverse else -1) * 8760 * 100
    )


def test_section_counts_net_flow_of_what_turns_back(grid):
    """Proves: a section limits the net of both directions, so that what flows back makes room.

    A limit of 0 with one corridor lets nothing net through: coal makes 90.
    If it were broken, coal would make 40.
    """
    small = north_south(grid, existing=50).add("sections", section="cut", limit=0)
    small.add("section_members", section="cut", corridor="road", direction=1)
    assert small.solve().objective == pytest.approx(8760 * 90 * 100)
