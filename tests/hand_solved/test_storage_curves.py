"""Marginal value of storage against capacity and against duration.

Through 24 hours 10 MW of demand; sun of 30 MW in the first twelve; coal at 100 CNY/MWh. A MWh that is moved each day
saves 36,500 CNY a year.
"""

import pytest
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.model.size import expected
from qhenergy.solving.profile import read_profile
from qhenergy.studies.expansion import Ready
from qhenergy.studies.portfolios import Asked, Study
from qhenergy.studies.storage_curves import Curves

MWH = 36_500


@pytest.fixture
def study(tmp_path):
    """A study of the system of the module."""

    def make(**asked):
        small = Small(tmp_path / "small", 24, {"portfolios": asked}).zone("z", [10.0] * 24)
        small.add("thermal", existing=100).add("solar", existing=30, series=[1] * 12 + [0] * 12)
        small.add("batteries", asset="cells", technology="cells", room=50, duration=2)
        small.add("batteries", asset="free", technology="free", room=50, minimum_duration=1, maximum_duration=6)
        small.cost("cells", investment=100_000, energy_investment=50_000, fixed_om=3_000)
        small.cost("free", investment=200_000, energy_investment=40_000, fixed_om=1_000)
        system = small.system()
        ready = Ready(tmp_path / "small.toml", system, read_profile("simplex"), expected(system))
        return Study(ready, Asked(workers=1), tmp_path / "results")

    return make


def test_value_falls_with_capacity(study):
    """Proves: the value of a kW is what it saves, its own cost left out, and is nothing once all is moved.

    A MW of two hours moves 2 MWh a day: 73,000 CNY/MW a year, 73 CNY/kW, up to 60 MW, which move all 120 MWh; from
    there on nothing. It costs (100,000 + 2 * 50,000) / 10 + 3,000 = 23 CNY/kW.
    If it were broken, the value would be net of the 23, or of other units.
    """
    found = {p.capacity: p for p in Curves(study(curves=["cells"], curve_mw=[5.0, 20.0, 80.0])).by_capacity()}
    assert {mw: p.value for mw, p in found.items()} == pytest.approx({5: 73, 20: 73, 80: 0}, abs=1e-6)
    assert all(p.own_cost == pytest.approx(23) for p in found.values())
    assert found[5].cost == pytest.approx(120 * MWH + 5 * (23_000 - 2 * MWH))


def test_value_against_duration(study):
    """Proves: against duration, energy has a price until the night is bridged, and power from then on; durations go
    beyond those of the data.

    5 MW: each of the first twelve hours moves 5 MWh more, 36.5 CNY/kWh a year, and another kW without energy nothing.
    With 24 hours, energy is idle and another kW moves twelve hours: 438. Own cost of d hours: 21 + 4 d.
    If it were broken, six hours would be the longest, or the value at 4 h be 146 - 37.
    """
    asked = {"duration_of": "free", "duration_mw": 5.0, "durations": [2.0, 4.0, 8.0, 24.0]}
    found = {p.hours: p for p in Curves(study(**asked)).by_duration()}
    assert {h: p.value for h, p in found.items()} == pytest.approx({2: 73, 4: 146, 8: 292, 24: 438}, abs=1e-6)
    assert {h: p.energy_value for h, p in found.items()} == pytest.approx({2: 36.5, 4: 36.5, 8: 36.5, 24: 0}, abs=1e-6)
    assert found[24].power_value == pytest.approx(438)
    assert {h: p.own_cost for h, p in found.items()} == pytest.approx({h: 21 + 4 * h for h in (2, 4, 8, 24)})


def test_a_sized_store_has_the_duration_of_the_case(study):
    """Proves: against capacity, a store of free duration is valued at the one that is asked for.

    Four hours: 4 * 36.5 at 21 + 16 CNY/kW.
    If it were broken, its energy would be free, and the value that of six hours.
    """
    (found,) = Curves(study(curves=["free"], curve_mw=[5.0], credit_hours=4.0)).by_capacity()
    assert (found.value, found.own_cost, found.hours) == (pytest.approx(146), pytest.approx(37), 4)


def test_a_duration_that_is_given_is_refused(study):
    """Proves: only a technology whose duration is free has a curve against it.

    If it were broken, the curve would be flat, or a fault of the program.
    """
    with pytest.raises(InputError, match="a technology whose duration is free: free"):
        Curves(study(duration_of="cells", durations=[2.0])).by_duration()


def test_the_whole_study_has_all_of_it_and_reads_it_back(study, monkeypatch):
    """Proves: a benchmark holds portfolios, credits and curves, and a second one of the same solves nothing.

    If it were broken, one of them would be missing, or be worked out once more.
    """
    asked = {
        "credit": ["cells"], "credit_mw": [5.0], "curves": ["cells", "free"], "curve_mw": [5.0],
        "duration_of": "free", "durations": [2.0],
    }  # fmt: skip
    made = study(**asked)
    found = made.run()
    assert [o.name for o in found.outcomes] == ["none", "optimum"]
    assert [len(t) for t in (found.credits, found.credit_steps, found.substitutions)] == [1, 1, 0]
    assert [len(t) for t in (found.values, found.durations)] == [2, 1]
    assert (made.folder / "portfolios.json").is_file()
    monkeypatch.setattr("qhenergy.studies.portfolios.solve_all", lambda jobs, *_: [pytest.fail(j.name) for j in jobs])
    again = study(**asked).run()
    assert (again.credit_steps, again.durations) == (found.credit_steps, found.durations)
