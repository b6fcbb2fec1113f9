"""The most that may be added to a group from one stage to the next."""

import pytest
from outcome.systems import result_of

from qhenergy.outcome.board import board


def pathway(grid, demand=(10, 10)):
    """One zone with a demand in two stages of one year each, undiscounted."""
    small = grid(1, demand[0], case={"stages": [2025, 2030], "horizon": {"discount_rate": 0, "years": [1, 1]}})
    return small.add("demand", zone="z", year=2030, energy=demand[1] * 8760, shape="z")


@pytest.mark.parametrize(("per_year", "built"), [(2, [10, 0]), (1, [5, 5]), (0.6, [3, 3])])
def test_growth_is_limited_by_the_years_between(grid, per_year, built):
    """Proves: what is built for a stage is at most the yearly limit times the years since the stage before.

    10 MW of free wind save coal; five years from 2020 to 2025 and from there to 2030.
    If it were broken, 10 MW would be built at once, or 1 MW in each stage (years not counted).
    """
    small = pathway(grid).add("thermal", existing=10).add("wind", room=10, series=[1]).cost("coal", lifetime=40)
    small.group("new", "wind").add("growth_limits", per_year=per_year).target("growth")
    assert small.solve().column("capacity/built", "wind") == pytest.approx(built)


def test_what_is_committed_counts_as_growth(grid):
    """Proves: decided additions use up the limit of the stage they come in, and no other.

    2 MW a year are 10 from 2020 to 2025, of which 4 are committed in 2023.
    If it were broken, 10 MW would be built in 2025, or 6 in 2030 as well.
    """
    small = pathway(grid, (30, 30)).add("thermal", existing=30).cost("coal", lifetime=40)
    small.add("wind", room=50, committed=4, committed_year=2023, series=[1]).cost("wind", lifetime=40)
    small.group("new", "wind").add("growth_limits", per_year=2).target("growth")
    assert small.solve().column("capacity/built", "wind") == pytest.approx([6, 10])


def test_watched_growth_is_measured_in_its_zone(grid):
    """Proves: a watched limit enforces nothing and tells what was added in its zone, stage by stage.

    10 MW of free wind here and 10 there serve 10 MW each from 2025 on; the limit of 1 MW a year is about here.
    If it were broken, 5 MW would be built, 20 MW counted, or 10 in 2030 as well.
    """
    small = pathway(grid).zone("far", 10).add("wind", room=10, series=[1]).cost("wind", lifetime=40)
    small.add("demand", zone="far", year=2030, energy=10 * 8760, shape="far")
    small.add("wind", asset="there", zone="far", room=10, series=[1]).group("new", "wind")
    solved = small.add("growth_limits", zone="z", per_year=1).target("growth", "watched").solve()
    rows = {row.stage: row for row in board(result_of(solved))}
    assert [rows[y].achieved for y in (2025, 2030)] == pytest.approx([1, 0])
    assert [rows[y].required for y in (2025, 2030)] == pytest.approx([0.5, 0.5])
    assert [rows[y].status for y in (2025, 2030)] == ["watched: missed", "watched: met"]
