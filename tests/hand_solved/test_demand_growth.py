"""A cap on the growth of energy-intensive demand."""

import pytest

from qhenergy.ground.faults import InputError
from qhenergy.outcome.board import board
from qhenergy.outcome.result import solved as result_of

YEAR = 8760


def works(grid, rate, strictness="hard", penalty=0.0, **case):
    """100 MW in all, of which a smelter took 20 in 2020 and takes 30 in 2025, and a mill takes 10 in both; coal."""
    small = grid(1, 100, **({"case": case} if case else {})).add("thermal", existing=100)
    small.add("demand_sectors", sector="smelter", energy_intensive="yes")
    small.add("demand_sectors", sector="mill").add("demand_sectors", sector="town", takes="rest")
    for sector, year, power in (("smelter", 2020, 20), ("smelter", 2025, 30), ("mill", 2020, 10), ("mill", 2025, 10)):
        small.add("sector_demand", sector=sector, year=year, energy=power * YEAR)
    small.add("demand", zone="z", year=2020, energy=100 * YEAR, shape="z")
    return small.add("demand_growth_caps", rate=rate).target("growth", strictness, penalty)


def board_of(solved):
    """The board of a small system."""
    return board(result_of(solved.assembled, solved.solution, 0.0, 0.0))


def test_growth_is_measured_over_all_years_since(grid):
    """Proves: 20 to 30 MW is 150 % of 2020; at 9 % a year 153.9 % are allowed in the fifth year, and it is met.

    If it were broken, 109 % would be allowed (one year), 145 % (simple interest), or the mill would count: 133 %.
    """
    [row] = board_of(works(grid, 0.09).solve())
    assert (row.achieved, row.required) == (pytest.approx(150), pytest.approx(100 * 1.09**5))
    assert row.status == "met with room"


def test_a_hard_cap_refuses_the_demand(grid):
    """Proves: at 8 % a year (146.9 %) the demand of the case contradicts the clause, and the refusal says both.

    20 MW are 175,200 MWh, which may become 257,426; 30 MW are 262,800.
    If it were broken, the case would be solved, or the solver would say that there is no solution and not why.
    """
    with pytest.raises(InputError, match=r"take 262,800 MWh in 2025; expected at most 257,426 MWh: 175,200 in 2020"):
        works(grid, 0.08).solve()


def test_priced_and_watched(grid):
    """Proves: priced, what is above 146.9 % of 20 MW costs its penalty; watched, it is told as missed.

    0.6134 MW too much in every hour at 7 CNY.
    If it were broken, 10 MW would be paid for (all growth), or nothing.
    """
    priced = works(grid, 0.08, "priced", 7).solve()
    assert priced.costs["clauses missed/growth"] == pytest.approx(YEAR * (30 - 20 * 1.08**5) * 7)
    [row] = board_of(works(grid, 0.08, "watched").solve())
    assert (row.status, row.achieved) == ("watched: missed", pytest.approx(150))


def test_the_scenario_counts(grid):
    """Proves: a scenario in which the smelter takes 0.9 of it in 2025 is 135 % of 2020, and meets 8 % a year.

    If it were broken, the cap would be held against the tables, and refuse.
    """
    small = works(grid, 0.08, demand={"scenario": "slow"})
    small.add("demand_scenarios", scenario="slow", sector="smelter", year=2020, factor=1)
    small.add("demand_scenarios", scenario="slow", sector="smelter", year=2025, factor=0.9)
    [row] = board_of(small.solve())
    assert row.achieved == pytest.approx(135)


def test_what_cannot_be_measured_is_refused(grid):
    """Proves: a cap without any energy-intensive sector, and one that grows from a year without data, are refused.

    If it were broken, growth of nothing would be met, or that since 2010 would be measured from 2020.
    """
    small = works(grid, 0.08)
    small.rows["demand_sectors"][0]["energy_intensive"] = "no"
    with pytest.raises(InputError, match=r"no sector that is energy-intensive"):
        small.solve()
    small = works(grid, 0.08)
    small.rows["demand_growth_caps"][0]["from_year"] = 2010
    with pytest.raises(InputError, match=r"from_year 2010, of which sector_demand\.csv says nothing for smelter"):
        small.solve()
