"""Firm capacity over the highest load of a season."""

import pytest

from qhenergy.ground.faults import InputError


def fleet(grid, strictness="hard", penalty=0.0, demand=(10, 40, 20, 30), margin=0.2, **clause):
    """Coal of 30 MW that counts 90 %, gas at 100 CNY/MW a year that counts half; demand costs nothing to miss."""
    small = grid(4).zone(demand=list(demand), unserved_price=0).add("thermal", existing=30)
    small.add("thermal", asset="gas", technology="gas", existing=0, room=200).cost("gas", investment=1000)
    small.add("capacity_credits", technology="coal", credit=0.9, dry_credit=0.6)
    small.add("capacity_credits", technology="gas", credit=0.5)
    return small.add("adequacy", margin=margin, **clause).target("firm", strictness, penalty)


@pytest.mark.parametrize(("first", "last", "built"), [(0, 23, 42), (2, 3, 18), (3, 0, 18), (2, 2, 0)])
def test_peak_is_that_of_the_hours_named(grid, first, last, built):
    """Proves: the highest load is looked for in the hours of the row alone, also over midnight.

    1.2 * 40 less 27 of coal, over a half: 42 MW. Without hour 1 the peak is 30: (36 - 27) / 0.5 = 18. Hour 2: none.
    If it were broken, 42 would be built for all of them, or 10.5 (credit of gas left out) or 36 (that of coal).
    """
    solved = fleet(grid, first_hour=first, last_hour=last).solve()
    assert solved.column("capacity/built", "gas") == pytest.approx([built], abs=1e-9)
    assert solved.objective == pytest.approx(100 * built, abs=1e-6)
    if built:
        # One more MW that counts is two of gas.
        assert solved.dual("adequacy/requirement", "firm") == pytest.approx(200)


def test_dry_year_has_credits_of_its_own(grid):
    """Proves: a row about a dry year takes the second credit, and the first where there is no second.

    1.2 * 40 less 0.6 * 30 is 30: 60 MW of gas, whose half stays a half.
    If it were broken, 42 would be built as in a normal year.
    """
    assert fleet(grid, water="dry").solve().column("capacity/built", "gas") == pytest.approx([60])


def test_peak_is_that_of_the_year_not_of_what_is_modelled(grid):
    """Proves: the peak is taken from all hours of the year where one day stands for them all.

    One hour of the year has 80 MW instead of 40: (80 - 27) / 0.5 = 106 MW of gas.
    If it were broken, 26 would be built: the peak of the mean day.
    """
    small = fleet(grid, margin=0)
    small.hours = 8760
    small.case = {"time": {"kind": "weeks", "periods": 1, "period_hours": 24, "extremes": []}}

    def double(system):
        system.series["demand/2025"].iloc[24 * 200 + 1] *= 2

    assert small.solve(double).column("capacity/built", "gas") == pytest.approx([106])


def test_lines_and_ties_count_by_their_share(grid):
    """Proves: a share of what a line is to send in the hour adds to the load, a share of a tie to what is firm.

    Hour 1 has 40 of demand and half of 0.2 * 100 to send, hour 2 has 20 and half of 100: 70 is the peak. Of the tie of
    50 MW a tenth counts: (70 - 27 - 5) / 0.5 = 76 MW.
    If it were broken, 26 (line left out), 166 (sent in full), 46 (peak of demand alone) or 86 (no tie).
    """
    small = fleet(grid, margin=0, send_out=0.5, ties=0.1).curve("steps", [0, 0.2, 1, 0])
    small.add("send_out", capacity=100, schedule="curve", curve="steps", shortfall_price=0)
    small.add("ac_ties", import_limit=50, import_price=1000)
    assert small.solve().column("capacity/built", "gas") == pytest.approx([76])


def test_zone_counts_its_own_and_its_corridors(grid):
    """Proves: a row about a zone has its demand, its plants, and the corridors that end in it, built or not.

    50 MW in b, 20 of its own coal in full, 10 of the road that stands: 20 MW more of road at 50, not of coal at 100.
    If it were broken, nothing would be built (plants of a count) or 70 (neither coal nor road counts).
    """
    small = grid(1).zone("a", 5, 0).zone("b", 50, 0).cost("line", investment=500).cost("coal", investment=1000)
    small.add("thermal", asset="far", zone="a", existing=90)
    small.add("thermal", asset="near", zone="b", existing=20, room=100)
    small.add("corridors", existing=10, room=100)
    for technology in ("coal", "line"):
        small.add("capacity_credits", technology=technology, credit=1)
    small.add("adequacy", zone="b").target("firm")
    solved = small.solve()
    assert solved.column("capacity/built", "road") == pytest.approx([20])
    assert solved.objective == pytest.approx(20 * 50)
    small.rows["adequacy"][0]["zone"] = ""
    # All 55 MW of the system are covered by 110 of coal; a road makes no power.
    assert small.solve().objective == pytest.approx(0)


@pytest.mark.parametrize(("hours", "firm"), [(0, 9), (1, 9), (2, 9), (4, 4.5), (8, 2.25)])
def test_store_counts_what_it_can_hold(grid, hours, firm):
    """Proves: a store counts the output that its energy lasts for, and no more than its power.

    10 MW for two hours with a credit of 90 %; for four hours 5 MW, for eight 2.5.
    If it were broken, 9 would count for eight hours, or 18 for one.
    """
    small = grid(1).zone(demand=1, unserved_price=0).add("batteries", existing=10, duration=2)
    small.add("capacity_credits", technology="cells", credit=0.9, hours=hours)
    solved = small.add("adequacy").target("firm", "watched").solve()
    assert solved.column("adequacy/achieved") == pytest.approx([firm])


@pytest.mark.parametrize(("energy_price", "power", "energy"), [(100, 10, 80), (300, 20, 40)])
def test_store_whose_duration_is_chosen_counts_by_the_chord(grid, energy_price, power, energy):
    """Proves: the chord counts a store of the least and of the most duration for what it is.

    Two to eight hours, four asked: 2 h count half, 8 h in full. 10 MW firm are 10 MW and 80 MWh where energy costs
    10 CNY/MWh a year (1,800 against 2,400), 20 MW and 40 MWh where it costs 30 (3,200 against 3,400).
    If it were broken, 10 MW and 20 MWh would do (energy does not count), or 5 MW and 40 MWh (energy alone does).
    """
    small = grid(1).zone(demand=10, unserved_price=0).cost("cells", investment=1000, energy_investment=energy_price)
    small.add("batteries", room=100, minimum_duration=2, maximum_duration=8)
    small.add("capacity_credits", technology="cells", credit=1, hours=4)
    solved = small.add("adequacy").target("firm").solve()
    assert solved.column("capacity/built") == pytest.approx([power])
    assert solved.column("capacity/energy_built") == pytest.approx([energy])


def test_priced_and_watched(grid):
    """Proves: priced, a MW that is missing costs its penalty; watched, the clause is measured and nothing built.

    21 MW are missing at 150 CNY a year, less than 200 for two MW of gas.
    If it were broken, gas would be built at 150, or 27 MW of firm coal would not be reported.
    """
    priced = fleet(grid, "priced", 150).solve()
    assert priced.costs["clauses missed/firm"] == pytest.approx(21 * 150)
    assert fleet(grid, "priced", 250).solve().objective == pytest.approx(42 * 100)
    watched = fleet(grid, "watched").solve()
    assert watched.objective == pytest.approx(0)
    assert watched.column("adequacy/achieved") == pytest.approx([27])
    assert watched.assembled.requirements[0].required == pytest.approx(48)


def test_what_cannot_be_measured_is_said(grid):
    """Proves: a set of credits that there is not is refused; a season without any hour has nothing to measure.

    If it were broken, a misspelt set would count nothing, and a season outside the case would be met.
    """
    with pytest.raises(InputError, match='credits "credit"'):
        fleet(grid, credits="credit").solve()
    solved = fleet(grid, first_month=6, last_month=9).solve()
    assert not solved.assembled.requirements[0].measured
    assert solved.objective == pytest.approx(0)
