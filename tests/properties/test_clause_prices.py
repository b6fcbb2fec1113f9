"""Costs of clauses and intervals of prices, where nobody worked them out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcome.systems import result_of
from small_system import hourly_inflow, solved

from properties.random_system import mixed, mixed_systems, numbers
from qhenergy.ground.faults import NoSolutionError
from qhenergy.solving.clause_rows import yearly_row
from qhenergy.solving.price_ranges import price_ranges
from qhenergy.solving.profile import read_profile
from qhenergy.studies import clause_prices

PROFILE = read_profile("simplex")
NAMES = ("total", "clean", "stores", "cap", "ceiling")
TIGHT = st.lists(numbers(0, 1), min_size=4, max_size=4)


def asked(folder, drawn, tight, strictness):
    """The random system under five clauses, each with its strictness and penalty."""
    small = mixed(folder, drawn)
    small.group("clean", "wind", "pv", "hydro").group("all", "wind", "pv", "hydro", "coal")
    small.group("coal", "coal").group("stores", "pumped").group("variable", "wind", "pv")
    total, share, power, cap = tight
    small.add("capacity_totals", group="clean", sense=">=", capacity=117 + 100 * total)
    small.add("capacity_shares", share=0.5 + 0.5 * share).add("storage_targets", power=20 * power)
    small.add("co2_caps", cap=(1 - cap) * 60 * 8760).add("curtailment_ceilings", ceiling=1 - 0.05 * share)
    for name in NAMES:
        small.target(name, *strictness.get(name, ("hard", 0.0)))
    return small.solve(hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1]))


def looked(small):
    """The result with the intervals of its prices and the costs of its clauses."""
    result = result_of(small)
    answer = (result.problem, result.values, result.row_duals, result.basis)
    result.price_ranges = price_ranges(*answer, result.requirements, PROFILE)
    clause_prices.price(result, PROFILE)
    return result


@given(mixed_systems(), TIGHT)
@settings(max_examples=3)
def test_leaving_a_clause_out_is_watching_it(tmp_path_factory, drawn, tight):
    """Proves: freeing the rows of a clause costs what the case costs that only watches it, and all together likewise.

    If it were broken, a row of a clause would stay, or one of the system would go with it.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    result = looked(asked(folder, drawn, tight, {}))
    slack = 1e-8 * abs(result.objective)
    for found in result.clause_costs.clauses:
        watched = asked(folder, drawn, tight, {found.clause: ("watched", 0.0)})
        assert found.cost == pytest.approx(result.objective - watched.objective, abs=slack), found
    none = asked(folder, drawn, tight, dict.fromkeys(NAMES, ("watched", 0.0)))
    assert result.clause_costs.together.cost == pytest.approx(result.objective - none.objective, abs=slack)


@given(mixed_systems(), TIGHT)
@settings(max_examples=3)
def test_costs_are_bounded_by_each_other_and_by_prices(tmp_path_factory, drawn, tight):
    """Proves: no clause earns money, all together cost at least as much as each, and a clause as much as its price
    over the whole interval to its loose side.

    Over that interval the cost falls along the price, and it can only fall further when the clause is left out.
    If it were broken, intervals would reach too far, or costs would be of another clause.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    result = looked(asked(folder, drawn, tight, {}))
    slack = 1e-8 * abs(result.objective)
    assert {c.clause for c in result.clause_costs.clauses} == set(NAMES)
    for found in result.clause_costs.clauses:
        assert 0 <= found.cost <= result.clause_costs.together.cost + slack
        (held,) = (r for r in result.price_ranges if r.clause == found.clause)
        (sense,) = (r.sense for r in result.requirements if r.clause.name == found.clause)
        price, way = (held.down, held.low) if sense == ">=" else (held.up, held.high)
        if price and np.isfinite(way):
            assert found.cost >= price * -way - slack if sense == ">=" else found.cost >= -price * way - slack


@given(mixed_systems(), TIGHT)
@settings(max_examples=3)
def test_cost_follows_the_price_to_the_end_of_its_interval_and_no_further(tmp_path_factory, drawn, tight):
    """Proves: inside an interval a moved target costs the price times the move, beyond it more than that.

    If it were broken, the end would be that of a basis, or of another row.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    small = asked(folder, drawn, tight, {})
    result = looked(small)
    problem = small.problem
    slack = 1e-8 * abs(result.objective)

    def cost(row, by):
        lower, upper = problem.row_lower.copy(), problem.row_upper.copy()
        lower[row] += by
        upper[row] += by
        return solved(small.assembled, problem=replace(problem, row_lower=lower, row_upper=upper)).objective

    seen = 0
    for held, requirement in zip(result.price_ranges, result.requirements, strict=True):
        assert held.note in ("", "price not unique")
        row = yearly_row(problem, requirement)
        for price, end in ((held.down, held.low), (held.up, held.high)):
            if not np.isfinite(end) or not np.isfinite(price) or not end:
                continue
            for share in (0.4, 1.0):
                moved = cost(row, share * end) - result.objective
                assert moved == pytest.approx(price * share * end, rel=1e-6, abs=slack), held
            seen += 1
            beyond = 1.5 * end
            try:
                moved = cost(row, beyond) - result.objective
            except NoSolutionError:
                # Nothing meets a target so far away; that is dear enough.
                continue
            assert moved > price * beyond + 1e-12 * abs(result.objective), held
    assert seen >= 3


@given(mixed_systems(), TIGHT)
@settings(max_examples=3)
def test_a_penalty_above_the_price_is_as_good_as_hard(tmp_path_factory, drawn, tight):
    """Proves: a priced clause whose penalty is above what the hard one costs at the margin is kept, at the same cost.

    Below the price for asking less it is missed, and the year costs less.
    If it were broken, penalties would be of another unit, or counted once where they count twice.
    """
    folder = tmp_path_factory.getbasetemp() / "mixed"
    small = asked(folder, drawn, tight, {})
    result = looked(small)
    prices = {r.clause.name: float(result.row_duals[yearly_row(small.problem, r)]) for r in result.requirements}
    slack = 1e-8 * abs(result.objective)
    firm = asked(folder, drawn, tight, {name: ("priced", 2 * abs(price) + 1) for name, price in prices.items()})
    assert firm.objective == pytest.approx(result.objective, abs=slack)
    for held, requirement in zip(result.price_ranges, result.requirements, strict=True):
        assert firm.costs[f"clauses missed/{held.clause}"] == pytest.approx(0, abs=slack)
        saved = held.down if requirement.sense == ">=" else -held.up
        if 1 < saved < np.inf:
            loose = asked(folder, drawn, tight, {held.clause: ("priced", 0.5 * saved)})
            assert loose.costs[f"clauses missed/{held.clause}"] > 0
            assert loose.objective < result.objective
