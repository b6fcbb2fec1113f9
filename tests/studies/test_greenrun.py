"""Least cost against the days in a row without fossil power, on ten days solved by hand.

10 MW; coal at 100 CNY/MWh. On day d the wind gives `WIND[d]` MW, and what it does not give comes in a run over a
tie without CO2 at 600, so that a day of a run costs 500 more for each MW of coal it does without: an hour
counts 36.5 times, a day 876 hours.
"""

import io
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console
from small_system import Small

from qhenergy.ground.faults import InputError
from qhenergy.outcome import store
from qhenergy.outcome.frontier import Step
from qhenergy.outcome.green_certificate import certificate
from qhenergy.outcome.indicators import date
from qhenergy.policy.green_run import hours_of_run
from qhenergy.report import page_greenrun
from qhenergy.studies.green_search import Solved, bound, candidates
from qhenergy.studies.greenrun import Asked, Study, asked_for

WIND = (0, 4, 9, 9, 5, 10, 10, 6, 1, 2)
COAL = tuple(10 - w for w in WIND)
#: What a MW of coal that stands still for a day of ten costs a year [CNY/yr].
MW_DAY = 500 * 876


@pytest.fixture
def ten_days(tmp_path):
    """The system of the module, in windows of a day."""
    small = Small(tmp_path / "small", 240, {"time": {"window_hours": 24}}).zone(demand=10)
    small.add("thermal", existing=12).group("fossil", "coal")
    small.add("wind", existing=10, series=np.repeat(WIND, 24) / 10)
    return small.add("ac_ties", import_limit=20, import_price=600)


def cheapest_by_hand(days):
    """First day (from 0) and extra cost of the cheapest run of a length."""
    sums = {first: sum(COAL[first : first + days]) for first in range(10 - days + 1)}
    first = min(sums, key=lambda f: sums[f])
    return first, sums[first] * MW_DAY


def study(ready, small, folder, days, **asked):
    """A study of a small system."""
    return Study(ready(small), Asked(days, tries=asked.pop("tries", 99), **asked), folder)


def test_the_cheapest_start_is_found_and_proven(ready, ten_days, tmp_path):
    """Proves: of 1 to 5 days, the run begins where the coal it does without is least, and the search says so.

    Coal by day is 10 6 1 1 5 0 0 4 9 8. One day and two begin on the 6th (no coal: nothing more); three on the 6th
    (0 0 4: 4); four on the 4th (1 5 0 0: 6); five on the 3rd (1 1 5 0 0: 7).
    If it were broken, three days would begin on the 5th (5 0 0), or a run would go on over the end of what is
    modelled.
    """
    found = study(ready, ten_days, tmp_path, (1, 2, 3, 4, 5)).run()
    assert [cheapest_by_hand(d) for d in (2, 3, 4, 5)] == [
        (5, 0), (5, 4 * MW_DAY), (3, 6 * MW_DAY), (2, 7 * MW_DAY),
    ]  # fmt: skip
    table = found.table().set_index("days")
    for days in (1, 2, 3, 4, 5):
        assert table.at[days, "more [CNY/yr]"] == pytest.approx(cheapest_by_hand(days)[1], abs=10)
        assert table.at[days, "status"] == "cheapest"
    assert list(table.loc[[3, 4, 5], "first_day"]) == ["01-06", "01-04", "01-03"]
    assert table["certified"].all()


def test_rents_spare_solves(ready, ten_days, tmp_path):
    """Proves: a run shares most of its hours with its neighbours, and what is known of one bounds the other.

    Seven days have four places to begin. Coal by day tells their cost; days given back are worth what coal
    at full power, 12 MW, would save: 500 a MWh.
    If it were broken, a bound would lie above a cost, and the search would pass over the cheapest.
    """
    made = study(ready, ten_days, tmp_path, (7,))
    made.run()
    runs = candidates(made.case, made.chronology, made.stage, 7)
    costs = {c.first_days[0]: sum(COAL[c.first_days[0] : c.first_days[0] + 7]) * MW_DAY for c in runs}
    base = made._known[0].cost
    for s in made._known:
        for c in runs:
            assert bound(c.hours, [s]) <= base + costs[c.first_days[0]] + 10
    first = next(s for s in made._known if s.hours[24 * 2])
    given_back = int((first.hours & ~runs[0].hours).sum())
    expected = first.cost - given_back * 12 * 500 * 36.5
    assert bound(runs[0].hours, [first]) == pytest.approx(expected)


def test_tries_cap_the_search_and_the_answer_says_so(ready, ten_days, tmp_path):
    """Proves: with one try a length of three days is answered by the hint, the run with the least coal in the plan
    without a run; it is not called the cheapest unless proven, and has a lower bound that holds.

    If it were broken, a search cut short would claim to be exact.
    """
    found = study(ready, ten_days, tmp_path, (3,), tries=1).run()
    [step] = found.steps
    assert (step.tried, step.candidates, step.status) == (1, 8, "cheapest of 1 tried")
    assert found.base.cost <= step.lower <= step.point.cost


def test_the_frontier_rises_even_where_the_search_is_cut_short(ready, ten_days, tmp_path, monkeypatch):
    """Proves: a longer run that is cheaper than what was found of a shorter one answers for it.

    The hint is turned round, so that the first try of two days is the dearest: the 1st and 2nd, 16 MW-days. Five
    days on the 3rd cost 7.
    If it were broken, two days would cost more than five.
    """
    made = study(ready, ten_days, tmp_path, (2, 5), tries=1)
    base = made.point(candidates_of_nothing(made))
    monkeypatch.setattr(made, "point", wrong_way_round(made, base))
    table = made.run().table()
    assert table["cost [CNY/yr]"].is_monotonic_increasing
    assert table["lower_bound [CNY/yr]"].is_monotonic_increasing
    assert list(table["days_of_run"]) == [5, 5]


def candidates_of_nothing(made):
    """The plan without a run, as a candidate."""
    one = candidates(made.case, made.chronology, made.stage, 1)[0]
    return replace(one, days=0, first_days=(0,), hours=np.zeros_like(one.hours))


def wrong_way_round(made, base):
    """A `point` that makes the search of two days begin at the worst place."""
    solve = Study.point

    def point(candidate):
        found = solve(made, candidate)
        if not candidate.days:
            # Coal looks cheapest to do without where there is most of it; for five days it is told as it is.
            return replace(found, fossil=[-v for v in found.fossil])
        if candidate.days == 5:
            return solve(made, candidates(made.case, made.chronology, made.stage, 5, (2,))[0])
        return found

    return point


def test_given_days(ready, ten_days, tmp_path):
    """Proves: runs from a given day are solved as given: 2 and 3 days from 2 January do without 6 + 1 (+ 1) MW-days.

    If it were broken, the cheapest day would be taken.
    """
    found = study(ready, ten_days, tmp_path, (2, 3), starts=(1,)).run()
    assert [s.status for s in found.steps] == ["given day"] * 2
    assert found.table()["more [CNY/yr]"].tolist() == pytest.approx([7 * MW_DAY, 8 * MW_DAY], abs=10)


def test_capacity_that_a_run_changes(ready, ten_days, tmp_path):
    """Proves: what is built for a run is shown against the plan without one.

    Without the tie, the 3rd needs 1 MW more: 2 MW of a steady wind that gives half, at 1e6 CNY/MW a year, saves 1 MW of
    coal on every day that has any. Unserved, that MW would cost 10,000 * 876.
    If it were broken, the change would be that of another run, or nothing.
    """
    del ten_days.rows["ac_ties"]
    ten_days.add("wind", asset="more", room=100, series=[0.5] * 240).cost("wind", investment=1e7)
    found = study(ready, ten_days, tmp_path, (1,), starts=(2,)).run()
    changes = found.changes().set_index("technology")["change [MW]"]
    assert changes["wind"] == pytest.approx(2)
    assert changes["coal"] == pytest.approx(0)
    assert found.table()["more [CNY/yr]"].iloc[0] == pytest.approx(2e6 - (2 * 0.5 * 8760 - saved_by_hand()) * 100)


def saved_by_hand():
    """MWh of the year that 1 MW more of wind in every hour cannot save, since there is no coal to save."""
    return sum(876 for c in COAL if c == 0)


def test_certificate_names_the_worst_hour_and_sees_what_was_tampered_with(ready, ten_days, tmp_path):
    """Proves: margins are counted from the stored values; coal that runs in the run, or power from nowhere, is seen.

    Three days from the 6th: wind gives 10, 10 and 6 of 10, the tie the rest; nothing is curtailed and nothing
    spare, but for the hour in which 2 MW of wind are taken away from use.
    If it were broken, the certificate would repeat what the model says of itself.
    """
    made = study(ready, ten_days, tmp_path, (3,))
    [step] = made.run().steps
    assert step.certificate.passed
    hours = step.certificate.hours
    assert hours["clean_used"].tolist() == pytest.approx([10] * 72)
    assert hours["margin"].tolist() == pytest.approx([0] * 72, abs=1e-6)
    assert (hours["moment"].iloc[0], len(hours)) == ("01-06 00:00", 72)
    [folder] = (made.folder / "runs" / step.point.name).glob("*")
    run = hours_of_run(made.case, 24 * step.point.first_day, 3)

    def tampered(family, hour, by):
        result = store.read(folder)
        at = result.problem.columns.of(family)
        block = result.problem.columns.blocks.index(f"window {hour // 24}")
        [i] = [
            p for p in at if result.problem.columns.block[p] == block and result.problem.columns.number[p] == hour % 24
        ]
        result.values[i] += by
        return certificate(result, made.stage, run, "fossil", "clean")

    coal = tampered("thermal/output", 5 * 24 + 3, 2.0)
    assert not coal.passed
    assert "2.000 MW at 01-06 03:00" in coal.faults[0]
    wind = tampered("wind/output", 6 * 24, -2.0)
    assert [f for f in wind.faults if "differ by 2.000 MW at 01-07 00:00" in f]
    assert tampered("thermal/output", 0, 2.0).faults, "the audit sees what lies outside the run"
    assert certificate(store.read(folder), made.stage, np.roll(run, -24), "fossil", "clean").faults


def test_a_stopped_study_goes_on_where_it_was(ready, ten_days, tmp_path, monkeypatch):
    """Proves: what is solved when it is stopped is not solved again, and the answer is that of a study in one piece.

    If it were broken, the second study would solve all runs, or none.
    """
    whole = study(ready, ten_days, tmp_path / "whole", (3, 4))
    expected = whole.run().table()
    total = len(list((whole.folder / "points").glob("*.json")))
    solved: list[str] = []
    solve = Study._solve

    def stopping(self, candidate, name, keep=False):
        if len(solved) == 3:
            raise KeyboardInterrupt
        solved.append(name)
        return solve(self, candidate, name, keep)

    monkeypatch.setattr(Study, "_solve", stopping)
    with pytest.raises(KeyboardInterrupt):
        study(ready, ten_days, tmp_path / "stopped", (3, 4)).run()
    monkeypatch.setattr(Study, "_solve", lambda *a, **o: (solved.append(a[2]), solve(*a, **o))[1])
    again = study(ready, ten_days, tmp_path / "stopped", (3, 4))
    assert len(list((again.folder / "points").glob("*.json"))) == 3
    made = again.run().table()
    assert len(solved) == len(set(solved)) == total
    assert made.equals(expected)
    assert (again.folder / "greenrun.csv").is_file()
    solved.clear()
    assert study(ready, ten_days, tmp_path / "stopped", (3, 4)).run().table().equals(expected)
    assert solved == []


def test_another_case_does_not_take_up_these_points(ready, ten_days, tmp_path):
    """Proves: the folder is that of the data and of what runs do without.

    If it were broken, a changed price would be answered with the old cost.
    """
    made = study(ready, ten_days, tmp_path, (1,)).folder
    assert study(ready, ten_days, tmp_path, (1,), imports="none").folder != made
    ten_days.rows["ac_ties"][0]["import_price"] = 601
    assert study(ready, ten_days, tmp_path, (1,)).folder != made


def test_refusals(ready, ten_days, tmp_path):
    """Proves: what cannot be read or run is refused with all its faults."""
    with pytest.raises(InputError, match="5 faults"):
        asked_for("7,x", ["13-01", "02-30"], 0, "fossil", "some")
    assert asked_for("31,7", ["06-01"], 3, "fossil", "clean") == Asked((7, 31), (151,), 3, "fossil", "clean")
    with pytest.raises(InputError, match="nobody"):
        study(ready, ten_days, tmp_path, (1,), group="nobody")
    with pytest.raises(InputError, match="--days 11"):
        study(ready, ten_days, tmp_path, (11,)).run()


def test_sets_that_hold_another_are_left_out():
    """Proves: bounds follow sets: a set inside costs no more, one that gives hours back no less than the rents.

    If it were broken, a set of another length would bound nothing.
    """
    hours = np.array([True, True, False, False])
    known = [Solved(hours, 100.0, np.array([7.0, 9.0, 0.0, 0.0]))]
    assert bound(np.array([True, True, True, False]), known) == 100
    assert bound(np.array([False, True, True, False]), known) == 93
    assert bound(~hours, known) == 84
    assert date(151) == "06-01"


def test_the_page_and_the_console_say_what_was_found(ready, ten_days, tmp_path):
    """Proves: the page holds costs, certificate and worst hour, in both languages; a length without a solution is said.

    If it were broken, a table would be empty or of another study.
    """
    made = study(ready, ten_days, tmp_path, (3,))
    found = made.run()
    lost = Step(4, None, float("inf"), 2, 2, given=False, proven=True)
    found = replace(found, steps=[*found.steps, lost])
    out = Console(file=io.StringIO(), width=160)
    page_greenrun.show(found, made.ready.system.inputs, made.folder, out)
    printed = out.file.getvalue()
    assert "no solution" in printed
    assert "01-06 + 3" in printed
    page = (made.folder / "greenrun.html").read_text(encoding="utf-8")
    for word in ("01-06 + 3", "费用最低", "holds", "Green runs: small"):
        assert word in page
