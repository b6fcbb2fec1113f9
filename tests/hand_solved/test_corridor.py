"""Corridors and sections between zones."""

import pytest

from qhenergy.ground.faults import InputError


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


def raised(grid, investment, room=500, **section):
    """A section of 30 MW under a corridor of 80; more costs `investment` per MW and 100 km, of which there are 200."""
    small = north_south(grid, existing=80).cost("works", investment=investment, fixed_om=3)
    small.add("sections", section="cut", limit=30, technology="works", room=room, length=200, **section)
    return small.add("section_members", section="cut", corridor="road", direction=1)


#: What a MW over the section saves in a year: coal at 100 CNY/MWh.
SAVED = 8760 * 100


@pytest.mark.parametrize(("dearer", "built"), [(-1, 50), (1, 0)])
@pytest.mark.parametrize("reverse", [False, True])
def test_section_is_raised_when_that_is_worth_it(grid, dearer, built, reverse):
    """Proves: a limit grows both ways at the annuity and fixed cost of its lines, up to what the corridor carries.

    A MW costs 2 * (investment / 10 + 3) a year and saves 876,000: at an investment of 4,379,970 both are equal. A
    CNY/MW less and the 50 MW to the corridor's 80 are bought, a CNY/MW more and none is.
    If it were broken, 60 MW would be bought (to the 90 asked), none (a limit that moves one way only), or the turn come
    at 8,759,970 (length forgotten) or 4,380,000 (fixed cost forgotten).
    """
    small = raised(grid, SAVED / 2 * 10 - 30 + dearer)
    small.rows["section_members"][0]["direction"] = -1 if reverse else 1
    solved = small.solve()
    assert solved.column("capacity/built", "cut") == pytest.approx([built])
    assert solved.column("corridor/forward") == pytest.approx([30 + built])
    assert solved.objective == pytest.approx(SAVED * (60 - built) + built * (SAVED + 0.2 * dearer))


def test_what_stands_of_a_section_costs_nothing_more(grid):
    """Proves: only what is added is paid, since the corridors through a section pay for themselves; room ends it.

    20 of the 50 MW worth adding have room: 20 * 2 * (1000 / 10 + 3).
    If it were broken, fixed cost would be 300 (of 50 MW) or 50 MW be added.
    """
    solved = raised(grid, 1000, room=20).solve()
    assert solved.costs["investment/works"] == pytest.approx(20 * 200)
    assert solved.costs["fixed O&M/works"] == pytest.approx(20 * 6)
    assert solved.objective == pytest.approx(SAVED * 40 + 20 * 206)


def test_section_is_raised_from_its_year(grid):
    """Proves: what raises a section has an earliest year as all candidates do.

    If it were broken, 50 MW would be added before 2026.
    """
    solved = raised(grid, 1000, earliest_year=2026).solve()
    assert solved.column("corridor/forward") == pytest.approx([30])


def test_a_section_that_cannot_be_priced_is_refused(grid):
    """Proves: room without technology or length is refused, and so is the key of a corridor.

    If it were broken, the limit would rise for nothing, or the corridor be the section.
    """
    small = north_south(grid, existing=80).add("sections", section="cut", limit=30, room=5)
    small.add("sections", section="road", limit=30, room=5, technology="line", length=1)
    with pytest.raises(InputError) as refused:
        small.solve()
    assert "sections.csv (cut): found room without technology or length" in str(refused.value)
    assert "sections.csv (road): found the key of an asset of corridors.csv" in str(refused.value)


def test_a_past_year_raises_no_section(grid):
    """Proves: with the fleet of the record nothing is added to a section, and a change of its room is refused.

    If it were broken, 50 MW would be added to the past.
    """
    small = raised(grid, 1000)
    small.case = {"fleet": "history", "base_year": 2024}
    for year in (2024, 2025):
        small.add("fleet_history", asset="coal", year=year, capacity=100)
        small.add("fleet_history", asset="wind", year=year, capacity=200)
    assert small.solve().column("corridor/forward") == pytest.approx([30])
    small.case["change"] = {"sections/cut/room [MW]": 7}
    with pytest.raises(InputError) as refused:
        small.solve()
    assert 'room changed in a case with fleet = "history"' in str(refused.value)
