"""What is found of prices and costs of clauses is the same when the result is read back."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from outcome.systems import two_zone_days

from qhenergy.outcome import store
from qhenergy.outcome.board import board
from qhenergy.outcome.summary import summary
from qhenergy.outcome.tables import main_tables
from qhenergy.report import page
from qhenergy.solving.profile import read_profile
from qhenergy.studies import clause_prices, expansion


@pytest.fixture(scope="module")
def found():
    """Two zones with the intervals of their prices and the costs of their clauses."""
    result, profile = two_zone_days(), read_profile("simplex")
    expansion.add_price_ranges(result, profile)
    clause_prices.price(result, profile)
    return result


def test_prices_come_back(found, tmp_path):
    """Proves: basis, intervals (an endless one among them) and costs are equal, and all that is told of them is."""
    back = store.read(store.write(found, tmp_path))
    assert np.array_equal(back.basis.columns, found.basis.columns)
    assert np.array_equal(back.basis.rows, found.basis.rows)
    assert back.price_ranges == found.price_ranges
    assert any(r.low == -np.inf for r in back.price_ranges)
    assert back.clause_costs == found.clause_costs
    assert board(back) == board(found)
    assert summary(back) == summary(found)
    for name in ("clauses", "clause_costs"):
        pd.testing.assert_frame_equal(main_tables(back)[name], main_tables(found)[name])
    assert page.text(back) == page.text(found)


def test_a_result_without_a_vertex_has_no_prices(found, tmp_path):
    """Proves: a file without basis and intervals is read; its board says nothing of them."""
    folder = store.write(replace(found, basis=None, price_ranges=[]), tmp_path)
    (folder / "clause_costs.json").unlink(missing_ok=True)
    back = store.read(folder)
    assert (back.basis, back.price_ranges, back.clause_costs) == (None, [], None)
    assert all((row.price_note, row.price_low, row.cost) == ("", None, None) for row in board(back))


def test_the_summary_tells_prices_and_costs(found):
    """Proves: programs find interval, unit and cost beside the dual of each clause, and the cost of all together."""
    summed = summary(found)
    by_name = {c["id"]: c for c in summed["clauses"]}
    total, share = by_name["clean-2025"], by_name["clean-share-2025"]
    assert total["dual_holds"]["low"] < total["required"] < total["dual_holds"]["high"]
    assert (total["dual_holds"]["unit"], share["dual_holds"]["unit"]) == ("10^4 kW", "MW")
    assert share["cost"] == 0
    assert 0 < total["cost"] < summed["all_clauses"]["cost"]


def test_the_page_tells_prices_and_costs(found):
    """Proves: both languages name the interval and the cost of a clause, and that costs do not add up."""
    text = page.text(found)
    for words in ("holds from 123.", "适用于123.", "cost of the clause", "条款成本", "do not add up", "不可相加"):
        assert words in text
