"""Capacity credit of stores against a peak of known width.

A day of 24 hours: 60 MW of demand, and a peak of 100 MW through four of them; coal of 100 MW. `cells` last two hours,
`flow` four; neither loses anything. With nothing new the fleet carries no load beyond its demand.
"""

import numpy as np
import pytest
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.model.size import expected
from qhenergy.solving.profile import read_profile
from qhenergy.studies.capacity_credit import Credits
from qhenergy.studies.expansion import Ready
from qhenergy.studies.portfolios import Asked, Study

DAY = [60.0] * 17 + [100.0] * 4 + [60.0] * 3
STEPS = {"credit": ["cells", "flow"], "credit_mw": [40.0, 80.0]}


@pytest.fixture
def small(tmp_path):
    """The system of the module."""

    def make(**portfolios):
        made = Small(tmp_path / "small", 24, {"portfolios": {**STEPS, **portfolios}}).zone("z", DAY)
        made.add("thermal", existing=100)
        made.add("batteries", asset="cells", technology="cells", room=200, duration=2)
        return made.add("batteries", asset="flow", technology="flow", room=200, duration=4)

    return make


def study(small, tmp_path, *rows):
    """A study of a small system with a table of these rows."""
    table = tmp_path / "mine.csv"
    table.write_text("\n".join(["portfolio,technology,capacity [MW]", *rows]) + "\n", encoding="utf-8")
    system = small.system()
    ready = Ready(tmp_path / "small.toml", system, read_profile("simplex"), expected(system))
    return Study(ready, Asked(table, workers=1), tmp_path / "results")


def steps_of(made):
    """What steps of technologies carry, by technology and capacity."""
    made.outcomes()
    return {(s.technology, s.capacity): s for s in Credits(made).of_technologies()}


def test_credit_is_hours_over_the_width_of_the_peak(small, tmp_path):
    """Proves: 40 MW of two hours spread 80 MWh over four hours of peak and carry 20 MW, half of their capacity; of four
    hours they carry all of it until charging has no room.

    A load of L takes 4 L from the store, and leaves 20 hours * (40 - L) to fill it: at most 33.3 MW, whatever is
    built. 80 MW of cells carry those, 42 %, as 40 MW of flow do, 83 %; neither then has any use for one more.
    If it were broken, credit would not fall with more of the same, or a store of two hours count as firm.
    """
    found = steps_of(study(small(), tmp_path, "none,,0"))
    most = 800 / 24
    carried = {key: s.carried for key, s in found.items()}
    assert carried == pytest.approx(
        {("cells", 40): 20, ("cells", 80): most, ("flow", 40): most, ("flow", 80): most}, abs=1e-5
    )
    assert found["cells", 40].credit == pytest.approx(0.5)
    assert found["cells", 80].credit == pytest.approx(most / 80)
    assert {key: s.marginal for key, s in found.items()} == pytest.approx(
        {("cells", 40): 0.5, ("cells", 80): 0, ("flow", 40): 0, ("flow", 80): 0}, abs=1e-6
    )
    assert all(s.carried_without == pytest.approx(0, abs=1e-6) for s in found.values())


def test_the_price_of_a_step_lies_between_the_steps(small, tmp_path):
    """Proves: what the dual says of the next MW is what the next step shows: not less than the mean of what follows,
    not more than that of what came before.

    10 and 20 MW of cells carry 5 and 10: the dual at 10 is 0.5, and so is (10 - 5) / 10.
    If it were broken, the dual would have another unit or sign.
    """
    found = steps_of(study(small(credit_mw=[10.0, 20.0, 80.0]), tmp_path, "none,,0"))
    first, second, last = (found["cells", mw] for mw in (10, 20, 80))
    assert first.marginal == pytest.approx((second.carried - first.carried) / 10)
    assert last.marginal <= (last.carried - second.carried) / 60 <= second.marginal


def test_one_technology_in_place_of_another(small, tmp_path):
    """Proves: the least of one that carries what so much of the other does.

    40 MW of cells carry 20 MW, for which flow needs 20. 40 MW of flow carry 33.3, for which cells need 66.7.
    If it were broken, as many MW of either would do.
    """
    made = study(small(), tmp_path, "none,,0")
    made.outcomes()
    credits_ = Credits(made)
    found = {s.technology: s for s in credits_.substitutions(credits_.of_technologies())}
    assert (found["cells"].other, found["cells"].needed) == ("flow", pytest.approx(20, abs=0.01))
    assert (found["flow"].other, found["flow"].needed) == ("cells", pytest.approx(2 * 800 / 24, abs=0.01))


def test_credit_of_a_portfolio_is_that_of_its_own_fleet(small, tmp_path):
    """Proves: a portfolio is set beside its own fleet without its new storage; the same is its firm equivalent.

    Cells of 20 MW and flow of 10: 40 and 40 MWh over four hours are 20 MW of 30. 20 MW of coal more would do as well.
    If it were broken, the credit would be one, or that of one of the two.
    """
    made = study(small(), tmp_path, "two,cells,20", "two,flow,10")
    found = next(c for c in Credits(made).of_portfolios(made.outcomes()) if c.name == "two")
    assert (found.firm, found.credit) == (pytest.approx(20), pytest.approx(2 / 3))
    firm = Small(tmp_path / "firm", 24, {"portfolios": STEPS}).zone("z", DAY).add("thermal", existing=120)
    firm.add("batteries", asset="cells", technology="cells", room=200, duration=2)
    firm.add("batteries", asset="flow", technology="flow", room=200, duration=4)
    (tmp_path / "other").mkdir()
    step = steps_of(study(firm, tmp_path / "other", "none,,0"))["cells", 40]
    assert step.carried_without == pytest.approx(found.carried)


def test_load_is_shared_as_zones_peak(tmp_path):
    """Proves: the flat load is shared over zones as their highest demand, and where it cannot go limits it.

    `a` peaks at 100 MW and has no more; `b` at 50 of 80. 20 MW of four hours in `a` carry 2/3 of the load: 30 MW.
    If it were broken, the load would go to `b`, where there is room, and the store be worth nothing.
    """
    made = Small(tmp_path / "small", 24, {"portfolios": {"credit": ["flow"], "credit_mw": [20.0]}})
    made.zone("a", DAY).zone("b", [50.0] * 24)
    made.add("thermal", asset="one", zone="a", existing=100).add("thermal", asset="two", zone="b", existing=80)
    made.add("batteries", asset="flow", technology="flow", zone="a", room=200, duration=4)
    (step,) = steps_of(study(made, tmp_path, "none,,0")).values()
    assert (step.carried, step.carried_without) == (pytest.approx(30), pytest.approx(0, abs=1e-6))


def test_load_goes_to_the_zones_that_are_named(tmp_path):
    """Proves: zones that the case names share the load alone, and a store helps there and nowhere else.

    In `b` alone: 30 MW without a store, and the 20 MW of `a` change nothing without a road.
    If it were broken, the load would be in `a` as well, and the credit be 1.5.
    """
    asked = {"credit": ["flow"], "credit_mw": [20.0], "load_zones": ["b"]}
    made = Small(tmp_path / "small", 24, {"portfolios": asked}).zone("a", DAY).zone("b", [50.0] * 24)
    made.add("thermal", asset="one", zone="a", existing=100).add("thermal", asset="two", zone="b", existing=80)
    made.add("batteries", asset="flow", technology="flow", zone="a", room=200, duration=4)
    (step,) = steps_of(study(made, tmp_path, "none,,0")).values()
    assert (step.carried, step.carried_without) == (pytest.approx(30), pytest.approx(30))
    made.case = {"portfolios": {**asked, "load_zones": ["c"]}}
    with pytest.raises(InputError, match="zones with demand: a, b"):
        steps_of(study(made, tmp_path, "none,,0"))


def test_clauses_on_capacity_are_decided_already(small, tmp_path):
    """Proves: a fleet that a clause asked to have a store is set beside itself without the store all the same.

    At least 20 MW of cells: the portfolio has them, 40 MWh over four hours, 10 MW firm. A cap on CO2, of one tonne for
    each MWh of today's demand, is about hours and still binds: no load more.
    If it were broken, the fleet without the store would have no answer.
    """
    made = small().group("stores", "cells").target("asked")
    made.add("storage_targets", clause="asked", group="stores", power=20)
    found = study(made, tmp_path, "some,cells,20")
    credit = next(c for c in Credits(found).of_portfolios(found.outcomes()) if c.name == "some")
    assert credit.reason == ""
    assert (credit.carried_without, credit.carried) == (pytest.approx(0, abs=1e-6), pytest.approx(10))
    capped = made.target("cap").add("co2_caps", clause="cap", cap=1600 * 365)
    found = study(capped, tmp_path, "some,cells,20")
    credit = next(c for c in Credits(found).of_portfolios(found.outcomes()) if c.name == "some")
    assert credit.carried == pytest.approx(0, abs=1e-4)


def test_some_energy_may_be_unserved(small, tmp_path):
    """Proves: with 1 % of demand unserved both fleets carry more, and the credit is that of the same reliability.

    1 % of 1,600 MWh a day are 16: over four hours 4 MW without a store, 24 with 40 MW of cells.
    If it were broken, the energy would be counted in modelled hours, or for one of the two only.
    """
    step = steps_of(study(small(unserved=0.01), tmp_path, "none,,0"))["cells", 40]
    assert step.carried_without == pytest.approx(4)
    assert step.carried == pytest.approx(24)
    assert step.marginal == pytest.approx(0.5)


def test_no_hour_lacks_more_than_was_planned(small, tmp_path):
    """Proves: what a line is short of stays what it was planned to be, so that a load is not carried at its expense.

    A line is to have 20 MW all day; in the peak there is none for it, and it was planned so. Charging 40 MW of cells
    leaves 100 - 60 - 20 - L in 20 hours for 4 L: L <= 16.7, less than the 20 that cells could carry.
    If it were broken, the line would be left short in other hours, and the load be 20.
    """
    made = small()
    made.curve("all", [1.0]).add("send_out", schedule="curve", curve="all", capacity=20, yearly_energy=20 * 8760)
    step = steps_of(study(made, tmp_path, "none,,0"))["cells", 40]
    assert step.carried_without == pytest.approx(0, abs=1e-6)
    assert step.carried == pytest.approx(400 / 24)


def test_a_fleet_that_is_short_carries_less_than_none(small, tmp_path):
    """Proves: the load may be less than none, so that a store that only serves the demand has its credit as well.

    Coal of 90 MW: ten short in the peak. 20 MW of four hours serve them and ten more.
    If it were broken, the fleet without the store would have no answer, or carry nothing.
    """
    made = small(credit_mw=[20.0])
    made.rows["thermal"][0]["existing"] = 90
    step = steps_of(study(made, tmp_path, "none,,0"))["flow", 20]
    assert (step.carried_without, step.carried) == (pytest.approx(-10), pytest.approx(10))
    assert step.credit == pytest.approx(1)


def test_a_store_of_free_duration_has_the_one_asked_for(small, tmp_path):
    """Proves: a sized store has the duration of the case, and is not as large as costs nothing here.

    40 MW of three hours spread over four: 30 MW.
    If it were broken, it would last its six hours and carry 33.3.
    """
    made = small(credit=["free"], credit_mw=[40.0], credit_hours=3.0)
    made.add("batteries", asset="free", technology="free", room=100, minimum_duration=1, maximum_duration=6)
    step = steps_of(study(made, tmp_path, "none,,0"))["free", 40]
    assert step.carried == pytest.approx(30)


def test_credits_are_read_back(small, tmp_path, monkeypatch):
    """Proves: a load that was found is not looked for again, and one of another share unserved is.

    If it were broken, a study that was stopped would begin anew, or answer with another reliability.
    """
    made = study(small(), tmp_path, "none,,0")
    first = steps_of(made)
    names = []
    solve_all = Study.solve_all

    def counting(self, jobs):
        names.extend(job.name for job in jobs)
        return solve_all(self, jobs)

    monkeypatch.setattr(Study, "solve_all", counting)
    assert steps_of(study(small(), tmp_path, "none,,0")) == first
    assert names == []
    steps_of(study(small(unserved=0.01), tmp_path, "none,,0"))
    assert len(names) == 5
    assert not np.isnan(first["flow", 40].marginal)
