"""What portfolios do beside a baseline, worked out of two results."""

import json

import numpy as np
import pytest
from pandas.testing import assert_frame_equal
from small_system import Small

from outcome.systems import result_of
from qhenergy.outcome.portfolio_measures import Measures, joined, measured
from qhenergy.outcome.summary import as_json


def lined(folder, cells):
    """Sun in the first of two hours, 30 MW asked in both, coal, a line that asks 40 MW in both, and cells."""
    small = Small(folder, 2).zone(demand=30).add("solar", existing=100, series=[1, 0]).add("thermal", existing=60)
    small.curve("flat", [0.4]).add("send_out", capacity=100, schedule="curve", curve="flat", loss=0.1)
    small.cost("cells", investment=1000, fixed_om=5)
    small.add("co2_prices", price=10).target("price")
    return small.add("batteries", existing=cells, duration=1)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Measures of the system without cells and with 10 MW of them."""
    folder = tmp_path_factory.mktemp("measures")
    none, ten = (result_of(lined(folder / str(mw), mw).solve()) for mw in (0, 10))
    return none, ten, joined([measured("none", none, none), measured("ten", none, ten)])


def test_they_add_up(both):
    """Proves: savings of a portfolio add up to the difference of its objective, flows of an asset to zero.

    If it were broken, a cause would be lost, or the baseline save something beside itself.
    """
    none, ten, found = both
    saved = found.savings.groupby("portfolio")["saving [CNY/yr]"].sum()
    assert saved["none"] == 0
    assert saved["ten"] == pytest.approx(none.objective - ten.objective, rel=1e-12)
    assert found.streams.groupby(["portfolio", "asset"])["value [CNY/yr]"].sum().to_numpy() == pytest.approx(
        0, abs=1e-3
    )
    assert set(found.assets["asset"]) == {"cells"} == set(found.use["asset"])


def test_lines_and_clauses_are_set_beside_the_baseline(both):
    """Proves: what a portfolio delivers more, and what a clause measures more, is told as a change.

    Without cells coal leaves 30 MW of 40 to the line in the second hour; with 10 MW of them it gets all. Sent are
    10 MW * 4,380 h more, received nine tenths. No CO2 changes: coal runs full in that hour either way.
    If it were broken, the line would be told by what it sends, or the baseline's number be lost.
    """
    _, _, found = both
    line = found.of("ten").lines.iloc[0]
    assert line["missing more [MWh/yr]"] == pytest.approx(-43_800)
    assert line["received more [MWh/yr]"] == pytest.approx(0.9 * 43_800)
    assert line["missing [MWh/yr]"] == pytest.approx(0, abs=1e-6)
    assert found.of("none").lines["missing [MWh/yr]"].to_numpy() == pytest.approx([43_800])
    effects = found.of("ten").effects.set_index("measure")
    assert effects.at["renewable energy used", "change"] == pytest.approx(43_800)
    (clause,) = found.of("ten").clauses.to_dict("records")
    assert (clause["clause"], clause["status_after"]) == ("price", "paid")
    assert clause["change"] == pytest.approx(0, abs=1e-6)
    assert np.isnan(clause["required"])


def test_they_are_read_as_they_were_written(both):
    """Proves: frames go through JSON unchanged, numbers that are none included; frames of nothing join as well.

    If it were broken, a resumed study would have words where there are numbers, and its sums would fail.
    """
    *_, found = both
    again = Measures.of_dict(json.loads(as_json(found.as_dict())))
    for name, table in found.tables().items():
        assert_frame_equal(again.tables()[name], table, check_dtype=False)
        numbers = [c for c in table.columns if "[" in c]
        assert all(again.tables()[name][column].dtype.kind == "f" for column in numbers)
    assert len(joined([found.of("none"), again.of("ten")]).savings) == len(found.savings)
