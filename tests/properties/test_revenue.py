"""What assets earn adds up, and pays for what is built."""

import numpy as np
import pytest
from hypothesis import given
from outcome.systems import result_of
from small_system import hourly_inflow

from properties.random_system import mixed, mixed_systems
from qhenergy.outcome import measures
from qhenergy.outcome.asset_profit import profits
from qhenergy.outcome.asset_revenue import COST, VALUE, revenue


def solved_system(tmp_path_factory, drawn):
    """A drawn system of two zones with all kinds of sources, reserve and firm capacity asked for, solved."""
    small = mixed(tmp_path_factory.getbasetemp() / "revenue", drawn)
    for table in ("wind", "pumped_storage", "corridors"):
        # Room enough that what is built lies between its bounds.
        small.rows[table][0]["room"] = 100_000
    small.group("ready", "coal", "cells", "pumped", "csp", "hydro").group("stores", "cells", "pumped")
    small.add("reserves", amount=3, duration=1).target("reserve")
    small.add("storage_targets", power=12).target("stores")
    for technology, credit, hours in (("coal", 0.9, 0), ("wind", 0.1, 0), ("cells", 1, 4), ("pumped", 1, 4)):
        small.add("capacity_credits", technology=technology, credit=credit, hours=hours)
    small.add("adequacy", margin=0.05).target("firm", "priced", 5e6)
    return result_of(small.solve(hourly_inflow(upper=drawn["inflow"][0], lower=drawn["inflow"][1])))


@given(mixed_systems())
def test_what_is_built_freely_recovers_its_cost(tmp_path_factory, drawn):
    """Proves: an asset built strictly between its bounds earns its yearly cost at the dual prices, to 1e-4 of it.

    What stood before is worth as much a MW and no cost; it is taken off.
    If it were broken, a stream would be lost or paid twice, or a cost be missing.
    """
    result = solved_system(tmp_path_factory, drawn)
    capacity = measures.capacity(result).set_index("asset")
    table = profits(result).set_index("asset")
    built = [name for name in ("wind", "basin", "road") if capacity.at[name, "added [MW]"] > 1e-3]
    assert built
    for name in built:
        row = table.loc[name]
        cost = sum(row[f"{word} [CNY/yr]"] for word in ("investment", "fixed O&M", "running"))
        assert cost > 0
        assert row["profit [CNY/yr]"] - row["standing [CNY/yr]"] == pytest.approx(0, abs=1e-4 * cost), name
        assert row["pays"]


@given(mixed_systems())
def test_revenues_costs_and_rents_add_up(tmp_path_factory, drawn):
    """Proves: values of every asset add up to zero, and costs of assets are those of the year by name.

    If it were broken, a row or a bound would be left out, or a cost be charged to nobody.
    """
    result = solved_system(tmp_path_factory, drawn)
    table = revenue(result)
    size = table[VALUE].abs().groupby(table["asset"]).sum()
    left = table.groupby("asset")[VALUE].sum()
    assert np.all(left.abs() <= 1e-9 * size + 1e-3), left
    named = measures.cost_groups(result).set_index("group")["cost [CNY/yr]"]
    paid = -table[table["kind"] == COST].groupby("stream")[VALUE].sum()
    for group in ("investment", "fixed O&M", "variable O&M", "fuel", "starts"):
        assert paid.get(group, 0.0) == pytest.approx(named.get(group, 0.0), rel=1e-9, abs=1e-3), group
