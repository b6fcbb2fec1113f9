"""Audit of a portfolio: what is fixed, what is missed, what each deviation adds, and how it is mended."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from qhenergy.data.case import parse_case
from qhenergy.ground.faults import InputError
from qhenergy.outcome import measures, store
from qhenergy.outcome.audit import audit
from qhenergy.outcome.plan_audit import as_dict
from qhenergy.outcome.summary import as_json
from qhenergy.report import plan_audit as words
from qhenergy.studies import plan_audit

#: Cost of a MW of wind and of sun [CNY/yr], and of a MW of coal that runs all year at 100 CNY/MWh.
WIND, SUN, COAL = 50_000, 100_000, 876_000
#: Price of a MW of a clause missed.
MISSED = 1e7


def system(grid, wind_room=500, **coal):
    """100 MW of demand all year, 100 MW of coal that stands, wind and sun that always blow and shine to build."""
    small = grid(1).zone(demand=100).add("thermal", **{"existing": 100, **coal})
    small.add("wind", room=wind_room, series=[1]).add("solar", room=500, series=[1])
    small.cost("wind", investment=10 * WIND).cost("pv", investment=10 * SUN)
    return small.group("wind", "wind").group("pv", "pv").group("coal", "coal")


def total(small, clause, sense, capacity, group="wind"):
    """Add a hard capacity clause."""
    small.add("capacity_totals", clause=clause, group=group, sense=sense, capacity=capacity)
    return small.target(clause)


def audited(small, tmp_path: Path, text, **options):
    """The audit of a portfolio, given as the lines of its file."""
    return plan_audit.run(case_of(small, tmp_path), file_of(tmp_path, text), tmp_path / "results", **options)


def case_of(small, tmp_path: Path) -> Path:
    """A case file of a small system."""
    small.write()
    path = tmp_path / "mine.toml"
    targets = '[targets]\nset = "set"\n' if "target_sets" in small.rows else ""
    time = f'[time]\nkind = "hours"\nhours = {small.hours}\nwindow_hours = {small.hours}\n'
    head = 'title = "small"\ninputs = "small"\nbase_year = 2020\nstages = [2025]\n'
    path.write_text(f'{head}{time}{targets}[solver]\nprofile = "simplex"\n', encoding="utf-8")
    parse_case({"title": "small", "inputs": "small"}, "small.toml")
    return path


def file_of(tmp_path: Path, text) -> Path:
    """The file of a portfolio."""
    path = tmp_path / "portfolio.csv"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def capacity(result):
    """Capacity by asset [MW]."""
    return measures.total_capacity(result, 2025)


BOTH = ("asset,technology,capacity [10^4 kW]", "wind,,4", ",pv,5")


def test_what_is_short_of_and_how_it_runs(grid, tmp_path):
    """Proves: capacities are fixed, a clause that they miss is missed by the difference, and the year runs.

    Wind 40, sun 50, coal gives the other 10 MW: 2e6 + 5e6 + 8.76e6. Wind >= 70 is missed by 30 MW, sun >= 20 is not.
    If it were broken, wind would be 70 or 100 (its least cost), or there would be no answer.
    """
    small = total(total(system(grid), "much", ">=", 70), "sun", ">=", 20, "pv")
    found = audited(small, tmp_path, BOTH)
    assert capacity(found.result) == pytest.approx({"wind": 40, "sun": 50, "coal": 100})
    (missed, met) = found.clauses()
    assert (missed.clause, missed.status, missed.slack) == ("much", "missed", pytest.approx(-3))
    assert (met.clause, met.status, met.slack) == ("sun", "met with room", pytest.approx(3))
    assert found.cost.money == pytest.approx(40 * WIND + 50 * SUN + 10 * COAL)
    assert found.cost.clauses == pytest.approx(30 * MISSED)
    assert found.cost.undelivered == 0
    again = store.read(found.folder)
    assert audit(again).passed
    assert capacity(again)["wind"] == pytest.approx(40)


def test_what_deviations_add_sums_to_the_difference(grid, tmp_path):
    """Proves: technologies are released from the largest deviation down, and what they add sums to the difference.

    Least cost is 100 MW of wind, 5e6. Wind is 60 off and first: beside 50 MW of sun it becomes 70, as the clause asks
    (20 MW of it idle), 8.5e6: 7.26e6 saved, and 30 MW of the clause. Then the sun: 3.5e6.
    If it were broken, sun would come first (5e6 - 50 * 50000 saved), or the sum would not be 10.76e6.
    """
    found = audited(total(system(grid), "much", ">=", 70), tmp_path, BOTH)
    assert found.least.total == pytest.approx(100 * WIND)
    first, second = found.steps
    assert (first.names, first.fixed, first.free) == (("wind",), pytest.approx(40), pytest.approx(100))
    assert first.adds.money == pytest.approx(40 * WIND + 50 * SUN + 10 * COAL - 70 * WIND - 50 * SUN)
    assert first.adds.clauses == pytest.approx(30 * MISSED)
    assert second.names == ("pv",)
    assert second.adds.money == pytest.approx(70 * WIND + 50 * SUN - 100 * WIND)
    assert sum(s.adds.total for s in found.steps) == pytest.approx(found.cost.total - found.least.total)


def test_few_steps_release_the_rest_together(grid, tmp_path):
    """Proves: with one step, all technologies but the first are released together, and the sum stays the same.

    If it were broken, the sun would not be released, or twice.
    """
    found = audited(system(grid), tmp_path, (*BOTH, "coal,,10"), steps=1)
    assert [s.names for s in found.steps] == [("wind",), ("pv", "coal")]
    assert sum(s.adds.total for s in found.steps) == pytest.approx(found.cost.total - found.least.total)


def test_repair_adds_only(grid, tmp_path):
    """Proves: the repair meets all clauses at least cost, with nothing less than the portfolio says.

    Wind 40 -> 70 beside 50 MW of sun: 8.5e6, less than before, since coal is dearer.
    If anything is allowed: wind 100, no sun.
    If it were broken, `add` would take the sun away (5e6), or `any` keep it.
    """
    small = total(system(grid), "much", ">=", 70)
    found = audited(small, tmp_path, BOTH)
    changes = {r["technology"]: r["capacity [MW]"] for r in found.repair.changes.to_dict("records")}
    assert changes == pytest.approx({"wind": 30})
    assert found.repair.cost.money == pytest.approx(70 * WIND + 50 * SUN)
    assert found.repair.cost.clauses == 0
    found = audited(small, tmp_path, BOTH, repair="any")
    changes = {r["technology"]: r["capacity [MW]"] for r in found.repair.changes.to_dict("records")}
    assert changes == pytest.approx({"wind": 60, "pv": -50})
    assert found.repair.cost.money == pytest.approx(100 * WIND)


def test_no_repair_says_why(grid, tmp_path):
    """Proves: where adding cannot mend it, the reason is named, the portfolio's own figure among the remedies.

    Sun <= 30 and 50 in the portfolio: 20 MW too much.
    If it were broken, a repair with 30 MW would be told though capacities may only be more.
    """
    found = audited(total(system(grid), "little", "<=", 30, "pv"), tmp_path, BOTH)
    assert found.repair.cost is None
    assert "little allows more by 2 10^4 kW: at most 5 10^4 kW instead of 3" in found.repair.reason
    assert "the capacity of the portfolio for pv lower by 2 10^4 kW" in found.repair.reason
    assert audited(total(system(grid), "low", "<=", 30, "pv"), tmp_path, BOTH, repair="any").repair.cost is not None


def test_what_is_not_listed_stays_or_is_free(grid, tmp_path):
    """Proves: with `only`, what the file does not list stays as it is; else it is as least cost has it.

    5 MW of coal with room: 5 MW more, or 5 MW unserved all year. Releasing what is not listed is a step of its own.
    If it were broken, nothing would be unserved, or coal be built in both.
    """
    small = system(grid, existing=5, room=100).cost("coal", investment=10)
    free = audited(small, tmp_path, BOTH)
    assert capacity(free.result)["coal"] == pytest.approx(10)
    kept = audited(small, tmp_path, BOTH, only=True)
    assert capacity(kept.result)["coal"] == pytest.approx(5)
    assert kept.cost.undelivered == pytest.approx(5 * 8760 * 10_000)
    assert [s.names for s in kept.steps] == [("wind",), ("pv",), ("(not listed)",)]
    assert sum(s.adds.total for s in kept.steps) == pytest.approx(kept.cost.total - kept.least.total)


def test_room_is_widened_for_what_is_published(grid, tmp_path):
    """Proves: a capacity beyond the room, or below what stands, is taken as it is; least cost keeps to the data.

    Wind 40 of 30 that have room; coal of 100 that may not go published as 60. Least cost: 30 MW of wind, 70 of sun is
    7e6 + 1.5e6, coal standing at 100.
    If it were broken, it would be refused, or least cost have more than 30 MW of wind, or less than 100 of coal.
    """
    found = audited(system(grid, wind_room=30), tmp_path, (*BOTH, "coal,,6"))
    assert capacity(found.result) == pytest.approx({"wind": 40, "sun": 50, "coal": 60})
    assert found.least.total == pytest.approx(30 * WIND + 70 * SUN)
    assert {s.names[0]: s.free for s in found.steps} == pytest.approx({"wind": 30, "pv": 70, "coal": 100})


def test_lines_of_groups_and_zones_fix_the_sum(grid, tmp_path):
    """Proves: of a technology, or a group in a zone, the sum is fixed and how it is shared is free.

    50 MW of wind at two places, one of which blows half as much: all at the better. 20 MW of `variable` in zone far.
    If it were broken, both places would have 25 MW, or 50 MW each.
    """
    small = system(grid).add("wind", asset="calm", room=500, series=[0.5])
    found = audited(small, tmp_path, ("technology,zone,capacity [MW]", "wind,z,50"))
    assert capacity(found.result)["wind"] == pytest.approx(50)
    assert capacity(found.result)["calm"] == pytest.approx(0)
    found = audited(small.group("variable", "wind", "pv"), tmp_path, ("group,zone,capacity [MW]", "variable,z,50"))
    made = capacity(found.result)
    assert (made["wind"], made["calm"], made["sun"]) == pytest.approx((50, 0, 0))
    assert found.steps[0].names == ("variable",)


def test_energy_of_a_store_that_is_sized(grid, tmp_path):
    """Proves: stored energy is fixed where the plan sizes it, and has to fit where the duration is given.

    10 MW and 30 MWh of a battery sized between 1 and 6 hours; one of 2 h cannot have 30 MWh.
    If it were broken, energy would be 10 (least cost), and the second be taken.
    """
    small = system(grid).add("batteries", room=100, minimum_duration=1, maximum_duration=6)
    small.cost("cells", energy_investment=1000)
    lines = ("asset,capacity [MW],energy [MWh]", "cells,10,30")
    found = audited(small, tmp_path, lines)
    table = measures.capacity(found.result).set_index("asset")
    assert table.at["cells", "energy [MWh]"] == pytest.approx(30)
    small.rows["batteries"][0] |= {"duration": 2, "minimum_duration": "", "maximum_duration": ""}
    with pytest.raises(InputError, match="capacity times the duration"):
        audited(small, tmp_path, lines)


def test_steps_are_read_back(grid, tmp_path, monkeypatch):
    """Proves: a step that was solved before is not solved again, and one of another portfolio is.

    If it were broken, an audit that was stopped would begin anew, or an old answer be taken for another portfolio.
    """
    small = system(grid)
    first = audited(small, tmp_path, BOTH)
    solved, counted = plan_audit._Study.solved, []
    monkeypatch.setattr(plan_audit._Study, "solved", lambda self, p: (counted.append(1), solved(self, p))[1])
    assert audited(small, tmp_path, BOTH).steps == first.steps
    assert len(counted) == 2  # the portfolio and its repair
    other = audited(small, tmp_path, (BOTH[0], "wind,,4", ",pv,5.5"))
    assert other.steps[1].fixed == pytest.approx(55)
    assert len(counted) == 2 + 3  # least cost is the same


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("asset,capacity [MW]", "wnd,4"), ('row 2: found asset "wnd"', 'Did you mean "wind"?')),
        (("asset,capacity", "wind,4"), ("no unit in the header", "[MW]")),
        (("asset,capacity [MW]", "wind,-4"), ("at least 0 [MW]",)),
        (("asset,technology,capacity [MW]", "wind,,4", ",wind,5"), ("which row 2 fixes already",)),
        (("asset,technology,capacity [MW]", "wind,wind,4"), ("asset and technology",)),
        (("technology,zone,capacity [MW]", "wind,y,4"), ('zone "y"',)),
        (("technology,capacity [MW]", "coa,4"), ('technology "coa"', 'Did you mean "coal"?')),
        (("asset,size [MW]", "wind,4"), ('no column "capacity"',)),
        (("asset,capacity [MW]",), ("no row",)),
        (("asset,capacity [MW]", "plant,20"), ("between 5 and",)),
    ],
)
def test_faults_of_the_file_are_told(grid, tmp_path, lines, said):
    """Proves: every fault of a portfolio is told in the words of the house, before anything is solved.

    If it were broken, a misspelt asset would be free, or one listed twice be fixed at either.
    """
    small = system(grid).add("thermal", asset="plant", existing=0, committed=50, committed_year=2024)
    with pytest.raises(InputError) as caught:
        audited(small, tmp_path, lines)
    for word in said:
        assert word in str(caught.value)


def test_words(grid, tmp_path):
    """Proves: the console tells the shortfall, the steps and the repair.

    If it were broken, a table would be missing, or a cost be printed in CNY.
    """
    found = audited(total(system(grid), "much", ">=", 70), tmp_path, BOTH)
    console = Console(width=120, record=True, file=io.StringIO())
    words.show(found, console)
    said = console.export_text()
    for word in ("What portfolio.csv is short of", "much", "missed", "Least cost", "cheapest repair", "+3.00"):
        assert word in said, word
    assert '"money": 15760000' in as_json(as_dict(found))
