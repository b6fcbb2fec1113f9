"""Savings by cause that add up to the difference of two costs, and shares of parts in them."""

import pytest
from outcome.systems import result_of
from small_system import Small

from qhenergy.outcome.saving import CAUSES, causes, saving, saving_by_cause
from qhenergy.outcome.shapley import shapley, subsets
from qhenergy.outcome.storages import storage_technologies


def sunny(folder, cells, sun=100.0):
    """Sun in the first of two hours, 50 MW asked in both, coal at 100 CNY/MWh, and cells of an hour."""
    small = Small(folder, 2).zone(demand=50).add("solar", existing=sun, series=[1, 0]).add("thermal", existing=100)
    small.cost("pv", fixed_om=1000).cost("cells", fixed_om=500).cost("coal", fixed_om=100, variable_om=1)
    return small.add("batteries", existing=cells, duration=1)


def items(table):
    """Savings by cause and item."""
    return {(row.cause, row.item): row[-1] for row in table.itertuples(index=False)}


def test_savings_by_cause_add_up(tmp_path):
    """Proves: each cause saves what its costs fall by, and all of them what the objective falls by.

    Sun of 100 MW costs 100,000 a year. Without cells 50 MWh of 100 are curtailed, with 30 MW of cells 20: 50,000 and
    20,000 are paid for what is curtailed, 50,000 and 80,000 for what is used. Coal gives 30 MWh less an hour, at 101
    CNY/MWh with its variable O&M: 4,380 * 3,030 = 13,271,400. Cells cost 15,000.
    If it were broken, curtailment would save 100,000 (all of R), variable O&M be forgotten, or the sum be another.
    """
    before, after = (result_of(sunny(tmp_path / name, mw).solve()) for name, mw in (("none", 0), ("cells", 30)))
    found = items(saving(before, after))
    assert found == pytest.approx(
        {
            ("storage", "cells"): -15_000,
            ("fuel and running", "coal"): 13_271_400,
            ("curtailment", "pv"): 30_000,
            ("generating capacity", "pv"): -30_000,
            ("generating capacity", "coal"): 0,
        }
    )
    assert saving_by_cause(before, after).sum() == pytest.approx(before.objective - after.objective, rel=1e-12)


def test_capacity_that_is_not_needed_is_saved(tmp_path):
    """Proves: less capacity of sun with the same energy used saves its cost, part of it as curtailment avoided.

    80 MW of sun with 30 MW of cells curtail nothing: 50,000 of curtailment less. 80,000 are paid for what is used.
    If it were broken, curtailment would save 20,000, the cost of the 20 MW left out.
    """
    before = result_of(sunny(tmp_path / "none", 0).solve())
    after = result_of(sunny(tmp_path / "cells", 30, sun=80).solve())
    found = items(saving(before, after))
    assert found["curtailment", "pv"] == pytest.approx(50_000)
    assert found["generating capacity", "pv"] == pytest.approx(-30_000)


def test_every_name_has_a_cause(tmp_path):
    """Proves: lines, ties, penalties, payments and what is of no kind go where they belong, and nothing is lost.

    If it were broken, a cost would be missing from the sum, or a corridor be told as capacity that generates.
    """
    small = Small(tmp_path, 2).zone("a", [50, 80]).zone("b", 30).add("thermal", zone="a", existing=60, start_cost=10)
    small.cost("line", investment=1000, fixed_om=5).cost("dc", fixed_om=1).cost("coal", fixed_om=7)
    small.add("corridors", existing=10, room=10).curve("full", [1])
    small.add("ac_ties", zone="b", import_limit=5, import_price=300)
    small.add("send_out", zone="b", capacity=30, schedule="curve", curve="full")
    small.add("co2_prices", price=10).target("price")
    result = result_of(small.solve())
    table = causes(result, storage_technologies(result))
    assert table["cost [CNY/yr]"].sum() == pytest.approx(result.objective, rel=1e-12)
    cause = {row.item: row.cause for row in table.itertuples()}
    assert cause["line"] == cause["dc"] == "network"
    assert cause["imports/tie"] == "exchange"
    assert cause["unserved energy"] == cause["send-out shortfall"] == "not delivered"
    assert cause["CO2 price/price"] == "CO2 price"
    assert set(table["cause"]) <= set(CAUSES)


def test_stages_that_differ_are_refused(tmp_path):
    """Proves: results of other stages, or that count them otherwise, are not compared.

    If it were broken, a difference of years would be told as a saving.
    """
    one = result_of(sunny(tmp_path / "one", 0).solve())
    small = sunny(tmp_path / "two", 0)
    small.case = {"stages": [2025, 2030]}
    small.add("demand", zone="z", year=2030, energy=50 * 8760, shape="z").cost("x")
    with pytest.raises(ValueError, match="one case"):
        saving(one, result_of(small.solve()))


def test_shares_of_two_that_do_part_of_the_same():
    """Proves: each part is due the mean of what it saves first and second.

    100 without, 70 with a, 80 with b, 60 with both: a saves 30 first and 20 second, b 20 and 10: 25 and 15 of 40.
    If it were broken, a would be due 30 (first) or 20 (last), and the sum be 50 or 30.
    """
    costs = {frozenset(): 100.0, frozenset("a"): 70.0, frozenset("b"): 80.0, frozenset("ab"): 60.0}
    assert shapley(costs) == pytest.approx({"a": -25, "b": -15})


def test_shares_of_gloves():
    """Proves: three parts are shared out by all six orders.

    A left glove l and two right ones; a pair is worth 6. l makes the pair in four of six orders, each right one in one:
    4, 1 and 1.
    If it were broken, all would get 2 (equal shares), or l 6 (the last one takes all).
    """
    costs = {s: -6.0 if "l" in s and len(s) > 1 else 0.0 for s in subsets(["l", "r", "s"])}
    assert shapley(costs) == pytest.approx({"l": -4, "r": -1, "s": -1})


def test_a_missing_subset_is_refused():
    """Proves: shares are not made up where a cost is not known.

    If it were broken, the part would be due nothing.
    """
    with pytest.raises(ValueError, match="b"):
        shapley({frozenset(): 1.0, frozenset("a"): 1.0, frozenset("ab"): 1.0})
