"""What a clause costs: the year with it less the year without it."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from outcome.systems import result_of

from hand_solved.test_co2_price import fleet
from hand_solved.test_wet_season_coal_off import fleet as in_season
from qhenergy.ground.faults import InputError
from qhenergy.outcome import store
from qhenergy.outcome.board import board
from qhenergy.outcome.clause_costs import ClauseCost
from qhenergy.solving import highs
from qhenergy.solving.profile import read_profile
from qhenergy.studies import clause_prices

PROFILE = read_profile("simplex")


def priced(small):
    """A solved system as a result that knows what its clauses cost."""
    result = result_of(small)
    clause_prices.price(result, PROFILE)
    return result


def costs_of(result):
    return {c.clause: c.cost for c in result.clause_costs.clauses}


def two_sites(grid, *asked, strictness="hard", penalty=0.0):
    """30 MW stand; 40 MW more cost 100 CNY/MW a year, the next 200 MW cost 300. One clause for each target asked."""
    small = grid(1).add("wind", existing=30, room=40, series=[0]).add("solar", room=200, series=[0])
    small.cost("wind", investment=1000).cost("pv", investment=3000).group("clean", "wind", "pv")
    small.zone(demand=1, unserved_price=0)
    for number, capacity in enumerate(asked):
        small.add("capacity_totals", clause=f"total-{number}", group="clean", sense=">=", capacity=capacity)
        small.target(f"total-{number}", strictness, penalty)
    return small.solve()


@pytest.mark.parametrize(("capacity", "cost"), [(100, 4000 + 9000), (50, 2000), (20, 0)])
def test_cost_is_what_would_not_be_spent(grid, capacity, cost):
    """Proves: without the clause nothing is built, so its cost is all that was built for it; none if it is met anyway.

    100 MW: 40 at 100 and 30 at 300. 50 MW: 20 at 100. 20 MW stand.
    If it were broken, the cost would be the price times what is asked (30,000), or of the wrong sign.
    """
    result = priced(two_sites(grid, capacity))
    assert costs_of(result) == {"total-0": pytest.approx(cost, abs=1e-6)}
    assert result.clause_costs.together is None
    assert board(result)[0].cost == pytest.approx(cost, abs=1e-6)


def test_costs_do_not_add_up(grid):
    """Proves: of two clauses that ask for the same neither costs anything, and both together cost all.

    If it were broken, all together would be told as 0 or as 26,000.
    """
    result = priced(two_sites(grid, 100, 100))
    assert costs_of(result) == {"total-0": 0, "total-1": 0}
    assert result.clause_costs.together.cost == pytest.approx(13_000)


def test_the_tighter_of_two_costs_what_it_asks_beyond_the_other(grid):
    """Proves: only the rows of the clause itself are freed.

    100 MW beside 70 MW: the 30 MW at 300 between them.
    If it were broken, all clauses of a kind would be freed at once: 13,000.
    """
    assert costs_of(priced(two_sites(grid, 100, 70))) == {"total-0": pytest.approx(9000), "total-1": 0}


def test_penalties_are_part_of_the_cost(grid):
    """Proves: a priced clause costs what it is kept for and what missing it costs.

    100 MW asked at a penalty of 200: 40 MW built at 100, 30 MW missed.
    If it were broken, the penalties would be left out: 4,000.
    """
    result = priced(two_sites(grid, 100, strictness="priced", penalty=200))
    assert costs_of(result) == {"total-0": pytest.approx(4000 + 6000)}


@pytest.mark.parametrize(("price", "cost"), [(80, 0), (120, 10 * 50)])
def test_a_price_of_co2_costs_what_is_run_otherwise(grid, price, cost):
    """Proves: of a price on CO2 the payment is no cost; what the dearer plant costs more is.

    At 120 CNY/t gas at 150 runs instead of coal at 100: 50 CNY/MWh for 10 MW. At 80 coal runs as without it.
    If it were broken, 1,100 CNY an hour (with 600 of payment), or 800 where nothing changes.
    """
    assert costs_of(priced(fleet(grid, price))) == {"price": pytest.approx(8760 * cost, abs=1e-3)}


def test_hours_are_freed_with_the_year(grid):
    """Proves: a clause that is said hour by hour as well is left out altogether.

    Coal at 100 stands still in two of four hours and gas at 300 runs: 200 CNY/MWh for 10 MW in half of the year.
    If it were broken, the hours would still hold: 0.
    """
    result = priced(in_season(grid, 6, 10))
    assert costs_of(result) == {"season": pytest.approx(8760 / 2 * 10 * 200)}


def test_what_has_no_price_is_not_solved_for(grid, monkeypatch):
    """Proves: a clause that is met anyway costs nothing, and no solution is needed to know it.

    20 MW asked where 30 MW stand; 50 MW asked beside it.
    If it were broken, two solutions would be made, or the clause that binds would be taken for idle.
    """
    solve, calls = clause_prices.solve, []
    monkeypatch.setattr(clause_prices, "solve", lambda *words: (calls.append(words), solve(*words))[1])
    found = priced(two_sites(grid, 20, 50)).clause_costs
    idle, binding = found.clauses
    assert (idle.cost, idle.solver) == (0, "the result itself")
    assert binding.cost == found.together.cost == pytest.approx(2000)
    assert len(calls) == 2


def test_watched_and_later_clauses_are_not_priced(grid):
    """Proves: what is not enforced has no cost.

    If it were broken, each would take a solution and be told as costing 0.
    """
    small = grid(1).add("wind", existing=30, room=40, series=[0]).cost("wind", investment=1000).group("clean", "wind")
    small.zone(demand=1, unserved_price=0)
    for name, year, strictness in (("now", 2025, "hard"), ("later", 2030, "hard"), ("seen", 2025, "watched")):
        small.add("capacity_totals", clause=name, group="clean", sense=">=", capacity=40, year=year)
        small.target(name, strictness)
    assert costs_of(priced(small.solve())) == {"now": pytest.approx(1000)}


def test_what_has_no_end_without_the_clause_is_not_priced(grid):
    """Proves: a problem that a clause alone holds is told as not priced, and the other clauses are priced.

    Wind without a limit earns 5 CNY/MW a year; at most 100 MW may stand, at least 60 must.
    If it were broken, the search would end at the first clause, or minus infinity would be told.
    """
    small = grid(1).add("wind", existing=30, room=200, series=[0]).cost("wind", investment=1000).group("clean", "wind")
    small.zone(demand=1, unserved_price=0)
    for name, sense, capacity in (("top", "<=", 100), ("floor", ">=", 60)):
        small.add("capacity_totals", clause=name, group="clean", sense=sense, capacity=capacity).target(name)
    found = small.solve()
    problem = found.problem
    (built,) = problem.columns.of("capacity/built")
    costs = problem.costs.tolil()
    costs[:, built] = 0
    costs[problem.cost_names.index("investment/wind"), built] = -5
    upper = problem.upper.copy()
    upper[built] = np.inf
    problem = replace(problem, costs=sp.csr_matrix(costs), upper=upper)
    result = replace(
        result_of(replace(found, solution=highs.solve(problem, PROFILE))),
        problem=problem,
    )
    clause_prices.price(result, PROFILE)
    top, floor = result.clause_costs.clauses
    assert (top.cost, top.reason) == (None, "The problem is unbounded (simplex).")
    assert floor.cost == 0
    assert board(result)[0].cost_note == top.reason


@pytest.fixture
def stored(grid, tmp_path):
    """20 MW of wind, 10 of sun, 5 of stores that nobody needs, each asked by a clause; 100, 300, 200 CNY/MW."""
    small = (
        grid(1).add("wind", room=40, series=[0]).add("solar", room=40, series=[0]).add("batteries", room=40, duration=1)
    )
    small.cost("wind", investment=1000).cost("pv", investment=3000).cost("cells", investment=2000)
    small.zone(demand=1, unserved_price=0)
    for name, capacity in (("wind", 20), ("pv", 10), ("cells", 5)):
        small.group(name, name).add("capacity_totals", clause=name, group=name, sense=">=", capacity=capacity)
        small.target(name)
    return store.write(result_of(small.solve()), tmp_path / "results")


def test_a_search_that_was_stopped_goes_on(stored, monkeypatch):
    """Proves: Ctrl-C keeps what was found, and the next search skips it.

    Three clauses, stopped in the second; then the second, the third and all together are looked for.
    If it were broken, nothing would be kept, or four solutions would follow.
    """
    solve, calls = clause_prices.solve, []

    def stopped(*words):
        calls.append(words)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return solve(*words)

    monkeypatch.setattr(clause_prices, "solve", stopped)
    with pytest.raises(KeyboardInterrupt):
        clause_prices.price_stored(stored)
    assert costs_of(store.read(stored)) == {"wind": pytest.approx(2000)}
    assert "2000" in (stored / "clause_costs.csv").read_text()
    calls[:] = [None] * 2
    said = []
    clause_prices.price_stored(stored, lambda stage, line: said.append((stage, line)))
    assert len(calls) == 2 + 3
    assert ("pricing", "2 of 3 clauses: pv") in said
    found = store.read(stored)
    assert list(costs_of(found)) == ["wind", "pv", "cells"]
    assert costs_of(found) == pytest.approx({"wind": 2000, "pv": 3000, "cells": 1000})
    assert found.clause_costs.together.cost == pytest.approx(6000)
    clause_prices.price_stored(stored)
    assert len(calls) == 2 + 3


def test_costs_of_another_result_are_refused(stored):
    """Proves: a file that was put beside another result, or is not whole, is not shown as this one's.

    If it were broken, costs of another case would stand on the board.
    """
    clause_prices.price_stored(stored)
    file = stored / "clause_costs.json"
    whole = file.read_text()
    for spoilt, word in (
        (whole.replace('"objective": 6', '"objective": 2'), "those of a result"),
        (whole[:-9], "damag"),
    ):
        assert spoilt != whole
        file.write_text(spoilt)
        with pytest.raises(InputError, match=word):
            store.read(stored)


def test_a_disk_that_is_full_leaves_the_costs_as_they_were(stored, monkeypatch):
    """Proves: costs are put in place of older ones at once or not at all.

    If it were broken, half a file would be left, and all costs would be lost.
    """
    clause_prices.price_stored(stored)
    before = {p.name: p.read_bytes() for p in stored.iterdir()}
    result = store.read(stored)
    result.clause_costs = result.clause_costs.having(ClauseCost("wind", 1.0), ["wind"])

    def refuse(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(InputError, match="no space"):
        store.keep_costs(result, stored)
    assert {p.name: p.read_bytes() for p in stored.iterdir()} == before


def test_a_solution_that_does_not_prove_itself_is_refused(grid, monkeypatch):
    """Proves: the audit's limits hold for every solution; what fails them is not priced.

    If it were broken, a cost would be told of a solution with a gap of one per cent.
    """
    small = two_sites(grid, 100)
    result = result_of(small)
    proper, made = clause_prices.certify, []

    def loose(*words):
        made.append(proper(*words))
        return made[-1] if len(made) == 1 else replace(made[-1], relative_gap=0.01)

    monkeypatch.setattr(clause_prices, "certify", loose)
    clause_prices.price(result, PROFILE)
    (found,) = result.clause_costs.clauses
    assert found.cost is None
    assert "refused: The relative gap is 1.0e-02, above 1e-06." in found.reason
