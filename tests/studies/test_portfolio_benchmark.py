"""All that is told of portfolios: measures, stacks and other years, and that a study goes on inside each of them.

50 MW of demand through two hours; sun of 80 MW in the first, water of 10 MW all the time, coal at 100 CNY/MWh. In the
dry year there is half of the water. A MW of cells costs 100,000 a year and saves 438,000.
"""

import json

import pytest
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.studies import portfolio_benchmark
from qhenergy.studies.portfolios import Asked, Study

HEAD = "portfolio,technology,capacity [MW]"
ROWS = ("ten,cells,10", "twenty,cells,20")
YEARS = {"weather": [2025], "water": ["normal", "dry"], "fuel": [2.0], "costs": {"cells": [0.5]}}


@pytest.fixture
def grid(tmp_path):
    """The system of the module."""
    (tmp_path / "small.toml").touch()
    small = Small(tmp_path / "small", 2, {"robustness": YEARS}).zone("z", 50).add("thermal", existing=100)
    small.add("solar", existing=80, series=[1, 0]).station(inflow=10, existing=20)
    small.add("water_years", water_year="normal", factor=1).add("water_years", water_year="dry", factor=0.5)
    small.add("batteries", technology="cells", room=50, duration=2)
    return small.cost("cells", investment=1_000_000)


@pytest.fixture
def made(ready, grid, tmp_path):
    """A study without credits and curves."""

    def make(say=lambda *_: None, folder="results", **asked):
        table = tmp_path / "mine.csv"
        table.write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")
        asked = {"credit": False, "curves": False, "workers": 1, **asked}
        return Study(ready(grid), Asked(table, **asked), tmp_path / folder, say)

    return make


def test_the_whole_answer(made):
    """Proves: every portfolio is set beside the baseline and run through the years of the case; all is written.

    Ten MW of cells move 10 MW of sun: coal makes 43,800 MWh less, at 100 CNY 4,380,000, for 1,000,000. In the dry year
    coal makes 5 MW * 4,380 h more; 10 MW where the model chose 40 MW of cells, which 5 MW less of spare sun fill to 35.
    At half the price of cells twenty of them cost 1,000,000 less.
    If it were broken, other years would be planned anew, and the model's choice have other cells in the dry one.
    """
    study = made()
    found = study.run()
    savings = found.measures.of("ten").savings.groupby("cause")["saving [CNY/yr]"].sum()
    assert savings["storage"] == pytest.approx(-1_000_000)
    assert savings["fuel and running"] == pytest.approx(4_380_000)
    for o in found.outcomes:
        total = found.measures.of(o.name).savings["saving [CNY/yr]"].sum()
        assert total == pytest.approx(found.saving(o), abs=1e-3)
    costs = found.robustness.costs()
    more = (costs["2025-dry"] - costs["2025-normal"]).to_dict()
    assert more == pytest.approx({**dict.fromkeys(("none", "ten", "twenty"), 5 * 438_000), "optimum": 10 * 438_000})
    assert costs.at["twenty", "costs-cells-0.5"] == pytest.approx(costs.at["twenty", "2025-normal"] - 1_000_000)
    assert not any(found.robustness.drifts(o.name) for o in found.outcomes)
    written = {path.name for path in study.folder.iterdir()}
    assert written >= {"portfolios.csv", "portfolios.json", "savings.csv", "assets.csv", "use.csv", "robustness"}
    data = json.loads((study.folder / "portfolios.json").read_text(encoding="utf-8"))
    assert data["measures"]["savings"]["columns"][:3] == ["portfolio", "cause", "item"]
    assert data["robustness"]["portfolios"].keys() == {o.name for o in found.outcomes}


def test_parts_may_be_left_out(made, grid):
    """Proves: what is not asked for is not there; other years are asked for by the case, or against it.

    If it were broken, a study that is asked for plans alone would take hours more.
    """
    bare = made(measures=False, stacks=False, robustness=False).run()
    assert (bare.measures, bare.stacks, bare.robustness) == (None, (), None)
    grid.case = {}
    assert made(folder="no-section").run().robustness is None
    grid.case = {"robustness": {"water": ["wettest"]}}
    with pytest.raises(InputError, match="wettest"):
        made().run()


@pytest.mark.parametrize("at", ["measured", "run"])
def test_a_study_stopped_in_a_part_goes_on_there(made, at):
    """Proves: a study killed while it measures, or in other years, solves and measures nothing again.

    If it were broken, the second study would plan the portfolios again, or give another answer.
    """
    said = []

    def stopping(stage, line):
        if stage == at and line.startswith("2 of"):
            raise KeyboardInterrupt

    expected = made(folder="whole").run()
    with pytest.raises(KeyboardInterrupt):
        made(stopping).run()
    found = made(lambda *words: said.append(words)).run()
    assert [line for stage, line in said if stage == "solved"] == []
    again = [line for stage, line in said if stage == "measured"]
    assert [line.split(":")[0] for line in again] == (["1 of 2", "2 of 2"] if at == "measured" else [])
    runs = [line.split(" of")[0] for stage, line in said if stage == "run"]
    assert runs == [str(i) for i in range(3 if at == "run" else 1, 13)]
    assert found.table().equals(expected.table())
    assert found.robustness.costs().equals(expected.robustness.costs())
    for name, table in found.measures.tables().items():
        assert table.equals(expected.measures.tables()[name])


def test_nothing_is_read_twice(made, monkeypatch):
    """Proves: a second run of the same study works out nothing, and gives the same."""
    first = made().run()
    monkeypatch.setattr(portfolio_benchmark, "measured", None)
    assert made().run().table().equals(first.table())
