"""Total capacity of a group."""

import pytest


def fleet(grid, sense, capacity, strictness="hard", penalty=0.0, **clause):
    """Wind, 30 MW standing and room for 200, at 100 CNY/MW a year, without wind blowing; 10 MW of PV stand."""
    small = grid(1).add("wind", existing=30, room=200, series=[0]).add("solar", existing=10, series=[0])
    small.cost("wind", investment=1000).group("clean", "wind", "pv").zone(demand=1, unserved_price=0)
    small.add("capacity_totals", group="clean", sense=sense, capacity=capacity, **clause)
    return small.target("total", strictness, penalty)


def test_at_least_counts_what_stands(grid):
    """Proves: existing capacity of every technology of the group counts, the rest is built.

    100 MW asked, 30 + 10 stand: 60 built, 6,000 a year.
    If it were broken, 10,000 (what stands does not count) or 7,000 (PV does not).
    """
    solved = fleet(grid, ">=", 100).solve()
    assert solved.column("capacity/built") == pytest.approx([60])
    assert solved.objective == pytest.approx(6000)
    assert solved.dual("capacity_total/requirement", "total") == pytest.approx(100)


def worth_building(grid, sense, capacity, **options):
    """As above, but wind blows and saves unserved energy: without the clause all 160 MW of demand are met."""
    small = grid(1, 160).add("wind", existing=30, room=200, series=[1]).cost("wind", investment=1000)
    small.group("clean", "wind").add("capacity_totals", group="clean", sense=sense, capacity=capacity)
    return small.target("total", **options)


@pytest.mark.parametrize(("sense", "built"), [("<=", 70), (">=", 130), ("=", 70)])
def test_sense(grid, sense, built):
    """Proves: at most and exactly hold capacity down, at least does not.

    130 MW are worth building beside 30; a total of 100 leaves 70.
    If it were broken, all three would build the same.
    """
    assert worth_building(grid, sense, 100).solve().column("capacity/built") == pytest.approx([built])


def test_exactly_also_builds_what_nobody_needs(grid):
    """Proves: exactly binds from below as well.

    100 MW asked where no wind blows: 60 built.
    If it were broken, nothing would be built.
    """
    assert fleet(grid, "=", 100).solve().objective == pytest.approx(6000)


@pytest.mark.parametrize(("penalty", "built", "cost"), [(150, 60, 6000), (50, 0, 3000)])
def test_priced_is_missed_when_missing_is_cheaper(grid, penalty, built, cost):
    """Proves: a priced clause costs its penalty per MW missed, and is kept where keeping is cheaper.

    60 MW at 100 CNY/MW a year against a penalty of 150, then 50.
    If it were broken, it would be built at any penalty (hard) or at none (watched).
    """
    solved = fleet(grid, ">=", 100, "priced", penalty).solve()
    assert solved.column("capacity/built") == pytest.approx([built])
    assert solved.objective == pytest.approx(cost)
    assert solved.costs["clauses missed/total"] == pytest.approx(cost if not built else 0)


def test_priced_at_most_is_exceeded_at_the_price(grid):
    """Proves: what is too much is priced as what is missing is.

    60 MW more than the total of 100 save 10,000 an hour each and pay 50 a year.
    If it were broken, the clause would hold (hard) or the excess would be free.
    """
    solved = worth_building(grid, "<=", 100, strictness="priced", penalty=50).solve()
    assert solved.column("capacity_total/over") == pytest.approx([60])
    assert solved.objective == pytest.approx(130 * 100 + 60 * 50)


def test_watched_is_measured_and_not_enforced(grid):
    """Proves: a watched clause reports what is achieved and has no requirement row.

    40 MW stand, nothing is built.
    If it were broken, 6,000 would be paid, or 40 would not be reported.
    """
    solved = fleet(grid, ">=", 100, "watched").solve()
    assert solved.objective == pytest.approx(0)
    assert solved.column("capacity_total/achieved") == pytest.approx([40])
    assert not solved.has("rows", "capacity_total/requirement")
    assert len(solved.assembled.requirements) == 1


@pytest.mark.parametrize(("year", "cost"), [(2024, 6000), (2025, 6000), (2026, 0)])
def test_clause_is_in_force_from_its_year(grid, year, cost):
    """Proves: a clause of an earlier year still holds, one of a later year not yet.

    If it were broken, 6,000 would be paid for 2026, or nothing for 2024.
    """
    assert fleet(grid, ">=", 100, year=year).solve().objective == pytest.approx(cost)


def test_zone_restricts_what_counts(grid):
    """Proves: a clause about a zone counts the capacity of that zone alone.

    100 MW in a, where 30 stand and building costs 100; 50 MW stand in b: 70 built in a.
    If it were broken, 20 would be built (b counts).
    """
    small = grid(1).zone("a", 0).zone("b", 1, 0).cost("wind", investment=1000).group("clean", "wind")
    small.add("wind", asset="here", zone="a", existing=30, room=200, series=[0])
    small.add("wind", asset="there", zone="b", existing=50, room=200, series=[0])
    small.add("capacity_totals", group="clean", zone="a", sense=">=", capacity=100).target("total")
    solved = small.solve()
    assert solved.column("capacity/built", "here") == pytest.approx([70])
    assert solved.objective == pytest.approx(7000)
