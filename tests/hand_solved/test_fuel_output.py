"""Output of liquid fuel that a plan asks for."""

import pytest

from hand_solved.test_liquid_fuel import POWER, chain
from qhenergy.ground.faults import InputError


@pytest.mark.parametrize(("strictness", "penalty", "tonnes"), [("hard", 0, 5), ("watched", 0, 0), ("priced", 2000, 5)])
def test_output_of_a_year(grid, strictness, penalty, tonnes):
    """Proves: the year asks for tonnes; watched it asks for nothing, and priced it is bought off where that is cheaper.

    43,800 t in 8,760 h are 5 an hour: half of 153.32 MWh of coal less demand. A tonne costs 1,433 CNY and 280 of CO2.
    If it were broken, 43,800 MWh would be asked (1 t/h), or a watched clause enforced.
    """
    small = chain(grid, capture=0, minimum_output=0, bought_price=200).add("fuel_outputs", output=43_800)
    solved = small.target("fuel", strictness, penalty).solve()
    assert solved.column("liquid_fuel/made").sum() / 5 == pytest.approx(2 * tonnes, abs=1e-9)
    assert solved.column("fuel_output/achieved") == pytest.approx([8760 * tonnes], abs=1e-6)
    if strictness == "hard":
        assert solved.dual("fuel_output/requirement") == pytest.approx([POWER * 10 + 280])


def test_bought_off_at_a_price(grid):
    """Proves: a tonne dearer than the price of missing it is not made.

    If it were broken, 5 t/h would be made at 1,713 CNY a tonne instead of missed at 1,000.
    """
    small = chain(grid, capture=0, minimum_output=0, bought_price=200).add("fuel_outputs", output=43_800)
    solved = small.target("fuel", "priced", 1000).solve()
    assert solved.column("liquid_fuel/made") == pytest.approx([0, 0], abs=1e-9)
    assert solved.costs["clauses missed/fuel"] == pytest.approx(43_800 * 1000)


def test_without_a_plant(grid):
    """Proves: where no plant can stand, a clause that binds is refused, and one that is watched has nothing to measure.

    If it were broken, it would count as met, or the case be infeasible without a word.
    """

    def small():
        return chain(grid, existing=0).add("fuel_outputs", output=1)

    with pytest.raises(InputError, match=r"fuel_outputs.csv \(fuel\)"):
        small().target("fuel").solve()
    assert [r.measured for r in small().target("fuel", "watched").solve().assembled.requirements] == [False]
