"""Remedies of a clash: clauses, rooms, limits and deliveries, each in the amount that is enough and no more."""

import csv
import re
from dataclasses import replace

import pytest
from small_system import MADE_UP, Small

from qhenergy.data.case import parse_case
from qhenergy.data.inputs import read_inputs
from qhenergy.ground.faults import NoSolutionError
from qhenergy.model.assemble import assemble, read_system
from qhenergy.model.catalogue import with_extra
from qhenergy.report.explanation import as_dict, text
from qhenergy.report.names import Names
from qhenergy.solving.elastic import Elastic
from qhenergy.solving.explain import explain
from qhenergy.solving.highs import solve
from qhenergy.solving.levers import levers, relaxed
from qhenergy.solving.profile import read_profile

SIMPLEX = read_profile("simplex")


def wind_farm(grid, room=500, retirable="no"):
    """Wind to build, coal of 100 MW that stands, one MW of demand that may be missed."""
    small = grid(1).zone(demand=1, unserved_price=1).add("wind", room=room, series=[1])
    small.add("thermal", existing=100, retirable=retirable)
    return small.group("wind", "wind").group("coal", "coal").group("all", "wind", "coal")


def total(small, clause, sense, capacity, group="wind"):
    """Add a hard capacity clause."""
    small.add("capacity_totals", clause=clause, group=group, sense=sense, capacity=capacity)
    return small.target(clause)


def explained(small, **options):
    """The assembled system and its explanation."""
    assembled = assemble(small.system(), workers=1)
    return assembled, explain(assembled, SIMPLEX, **options)


def feasible(problem):
    """Whether a problem has a solution."""
    try:
        solve(problem, SIMPLEX)
    except NoSolutionError:
        return False
    return True


def given(problem, remedy, factor):
    """The problem with every change of a remedy made, times a factor."""
    for change in remedy.changes:
        problem = relaxed(problem, change.lever, [factor * part for part in change.parts])
    return problem


def check_exact(assembled, found):
    """What is said is enough, and one per cent less is not."""
    assert found.remedies
    for remedy in found.remedies:
        assert feasible(given(assembled.problem, remedy, 1 + 1e-7)), remedy
        assert not feasible(given(assembled.problem, remedy, 0.99)), remedy


def amounts(found):
    """What each lever gives alone, by kind and name [inside unit]."""
    return {(c.lever.kind, c.lever.name): c.amount for r in found.remedies for c in r.changes if len(r.changes) == 1}


def named(found):
    """The names of the clauses of each clash."""
    return [{lever.name for lever in clash.clauses} for clash in found.clashes]


def test_room_mends_a_share(grid):
    """Proves: what a candidate lacks in room is a remedy, in the amount that its datum has to change by.

    90 % wind beside 100 MW of coal that stays: 900 MW of wind, 100 have room. 800 MW more room, 8 times what stands in
    the table; or the share asks 80 MW less of 200, a share of 50 %, 80/180 of what it asks, which comes first.
    If it were broken, the room would be 80 (what the clause lacks), or not be found; with 792 it cannot hold.
    """
    small = wind_farm(grid, room=100).add("capacity_shares", group="wind", share=0.9).target("clean")
    assembled, found = explained(small)
    assert named(found) == [{"clean"}]
    assert amounts(found) == pytest.approx({("clause", "clean"): 80, ("room", "wind"): 800})
    assert [r.relative for r in found.remedies] == pytest.approx([80 / 180, 8])
    assert found.remedies[0].changes[0].left == pytest.approx(0.5)
    check_exact(assembled, found)
    (part,) = [p for r in as_dict(found)["remedies"] for c in r["changes"] for p in c["parts"] if "/" in p["address"]]
    assert part == {"address": "wind/wind/room", "amount": pytest.approx(80)}
    for more, holds in ((800.001, True), (792, False)):
        small.case = {"change": {"wind/wind/room [MW]": 100 + more}}
        assert feasible(assemble(small.system(), workers=1).problem) is holds


def test_rooms_of_one_technology_give_together(grid):
    """Proves: room that may be at one place or another of a technology is one lever, and what it gives adds up.

    Two wind farms with room for 40 and 60 MW, 150 asked: 50 MW more at either.
    If it were broken, two remedies of 50 MW would be told, or one of 100.
    """
    small = (
        grid(1)
        .zone(demand=1)
        .add("wind", room=40, series=[1])
        .add("wind", asset="far", room=60, series=[1])
        .group("wind", "wind")
    )
    assembled, found = explained(total(small, "much", ">=", 150))
    assert amounts(found) == pytest.approx({("clause", "much"): 50, ("room", "wind"): 50})
    assert "room for 5 10^4 kW more wind" in text(found, Names(assembled.system.inputs))
    check_exact(assembled, found)


def test_smallest_clash_is_named(grid):
    """Proves: of a clash of two and one of three, that of two is named and proven smallest, whatever the order.

    Wind <= 60 stands before wind >= 100, all <= 150 and coal >= 100: leaving out one after another would drop the
    first, since the other three clash as well, and name those three.
    If it were broken, three would be named. Left at 60 MW of wind all else holds; at less than 50 nothing does not.
    """
    small = total(wind_farm(grid, retirable="yes"), "little", "<=", 60)
    total(total(total(small, "much", ">=", 100), "all", "<=", 150, "all"), "coal", ">=", 100, "coal")
    assembled, found = explained(small)
    assert named(found)[0] == {"little", "much"}
    assert all(clash.smallest for clash in found.clashes)
    # 100 -> 50 of wind lets both hold; no other clause alone.
    assert amounts(found) == pytest.approx({("clause", "much"): 50})
    check_exact(assembled, found)


def test_two_clashes_need_a_pair(grid):
    """Proves: clashes that share no clause are found one after the other, and mended by a clause of each.

    Wind >= 100 and <= 60, coal >= 100 and <= 80 (retirable): 40 and 20 MW. The least in relation is 40/100 + 20/100.
    If it were broken, one clash would be named, or a single clause be said to mend both.
    """
    small = total(total(wind_farm(grid, retirable="yes"), "wind_much", ">=", 100), "wind_little", "<=", 60)
    total(total(small, "coal_much", ">=", 100, "coal"), "coal_little", "<=", 80, "coal")
    assembled, found = explained(small)
    assert sorted(map(sorted, named(found))) == [["coal_little", "coal_much"], ["wind_little", "wind_much"]]
    best = found.remedies[0]
    assert {c.lever.name: c.amount for c in best.changes} == pytest.approx({"wind_much": 40, "coal_much": 20})
    assert best.relative == pytest.approx(0.6)
    assert len(found.hopeless) == 4
    check_exact(assembled, found)
    assert "Nothing mends it alone" in text(found, Names(assembled.system.inputs))


def test_how_much_more_could_be_asked(grid):
    """Proves: where all can hold, the room of each clause is told, the tightest first.

    Wind >= 50 of 500 that have room: 450 more, 9 times. All <= 560 with 100 of coal that stay: wind may fall to 50, so
    410 less, 410/560. What is equal has no room.
    If it were broken, a clash would be told, or the rooms be those of each clause alone (460 for `all`).
    """
    small = total(total(wind_farm(grid), "wind", ">=", 50), "all", "<=", 560, "all")
    assembled, found = explained(total(small, "coal", "=", 100, "coal"))
    assert (found.verdict, found.clashes, found.remedies) == ("holds", (), ())
    rooms = {room.change.lever.name: room.change for room in found.rooms}
    assert list(rooms) == ["all", "wind"]
    assert (rooms["all"].amount, rooms["all"].left) == pytest.approx((410, 150))
    # Wind may only grow while all stay at or below 560.
    assert (rooms["wind"].amount, rooms["wind"].left) == pytest.approx((410, 460))
    said = text(found, Names(assembled.system.inputs))
    assert "All hard clauses can hold" in said
    assert "41 10^4 kW, to 15 10^4 kW" in said


def test_deliveries_and_room_where_all_must_be_served(grid):
    """Proves: with all energy to be delivered, what cannot be served is told as energy and as room that is missing.

    100 MW of demand, coal 60 + 30 MW of room: 10 MW more room, or 10 * 8760 MWh less demand. Left alone the case holds.
    If it were broken, the energy would be that of one hour or the room 40.
    """
    small = grid(2).zone(demand=100).add("thermal", existing=60, room=30)
    assert explained(small)[1].verdict == "holds"
    assembled, found = explained(small, delivered=True)
    assert (found.verdict, found.clashes) == ("system", ())
    assert amounts(found) == pytest.approx({("room", "coal"): 10, ("delivery", "z"): 10 * 8760})
    said = text(found, Names(assembled.system.inputs))
    assert "demand of z less by 0.876 10^8 kWh (10 %)" in said
    assert "room for 1 10^4 kW more coal" in said


def test_send_out_energy_or_room(grid):
    """Proves: the yearly energy of a send-out line is a lever beside a clause and room.

    70 MW * 8760 h asked of a line, 50 MW of wind have room beside the demand: 20 MW more, or 20 * 8760 MWh less.
    If it were broken, the line would be said to lack the whole of its energy, or no remedy be found.
    """
    small = grid(2).zone(demand=1).add("wind", room=51, series=[1, 1])
    small.add("send_out", capacity=100, schedule="energy", yearly_energy=70 * 8760)
    found = explained(small, delivered=True)[1]
    got = amounts(found)
    assert got["delivery", "dc"] == pytest.approx(20 * 8760)
    assert got["room", "wind"] == pytest.approx(20)
    assert {c.lever.size for r in found.remedies for c in r.changes if c.lever.name == "dc"} == {70 * 8760}


def test_limit_of_a_section(grid):
    """Proves: a limit that holds in every hour gives one amount, that of its worst hour.

    80, then 100 MW of demand behind a section of 60: 40 MW more, or 20 + 40 MW over half a year each of energy.
    If it were broken, the section would give 60, the sum, or 30, the mean.
    """
    small = grid(2).zone("a").zone("b", [80, 100]).add("thermal", zone="a", existing=500)
    small.add("corridors", existing=200).add("sections", section="gate", limit=60)
    small.add("section_members", section="gate", corridor="road", direction=1)
    assembled, found = explained(small, delivered=True)
    assert amounts(found) == pytest.approx({("limit", "gate"): 40, ("delivery", "b"): 60 * 4380})
    assert "limit of section gate higher by 4 10^4 kW" in text(found, Names(assembled.system.inputs))


def test_limit_of_a_tie(grid):
    """Proves: a tie that is there half the time has to be as much larger as its availability is smaller.

    30 MW of demand, a tie of 20 MW, half of it in the second hour: 20 missing there, that is 40 MW of the tie.
    If it were broken, it would be 20.
    """
    small = grid(2).zone(demand=30).add("ac_ties", import_limit=20, availability_series=[1, 0.5])
    assembled, found = explained(small, delivered=True)
    assert amounts(found)["limit", "tie"] == pytest.approx(40)
    check_exact(replace(assembled, problem=pinned(assembled)), replace(found, remedies=tuple(of_kind(found, "limit"))))


def of_kind(found, kind):
    """Remedies of one lever of a kind."""
    return [r for r in found.remedies if [c.lever.kind for c in r.changes] == [kind]]


def pinned(assembled):
    """The problem in which nothing may stay unserved."""
    upper = assembled.problem.upper.copy()
    upper[assembled.problem.columns.of("demand/unserved")] = 0.0
    return replace(assembled.problem, upper=upper)


def test_release_that_the_inflow_cannot_feed(grid):
    """Proves: where no clause is at fault, a limit of the river is named that is.

    20 m3/s asked of an inflow of 10, beside a clause that holds.
    If it were broken, nothing would be found, or the clause be blamed.
    """
    small = total(wind_farm(grid), "fine", ">=", 50).station(inflow=10, existing=10).rule("dam", minimum_release=20)
    assembled, found = explained(small)
    assert (found.verdict, found.clashes) == ("system", ())
    assert amounts(found) == pytest.approx({("limit", "dam"): 10})
    said = text(found, Names(assembled.system.inputs))
    assert "least release of an hour of station dam lower by 10 m3/s (50 %)" in said
    assert "fine" not in said
    check_exact(assembled, found)


FIRM = '''"""Wind that stands must make so much in every hour."""

from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE
from qhenergy.policy.hourly import hourly_requirements, write_hours

KIND = "firm_wind"
TITLE = ("firm wind", "风电")
TABLE = Table(
    "firm_winds",
    "power of wind in every hour",
    (text("clause", "key"), integer("year", "since"), number("power", "power", "asked"), *PROVENANCE),
)


def operate(window, clauses):
    """Ask it of every hour."""
    made = window.model.component("wind/output")
    rooms = [(c, lambda t, c=c: made["wind", t] - float(c.row["power"])) for c in clauses if c.applies(window.stage)]
    write_hours(window, KIND, "MW", rooms)


def write(plan, clauses):
    """What is asked."""
    return hourly_requirements(plan, clauses, "10^4 kW", 10.0, lambda c, y: True)
'''


def test_clause_about_every_hour(grid, tmp_path):
    """Proves: a clause about every hour clashes and gives by what its worst hour lacks.

    Wind <= 60 MW at 50 % and 100 %, 45 MW asked of every hour: 15 MW less in the worst, or 30 MW more wind.
    If it were broken, it would not be found (it has no row of the year), or give 15 + 0, or the limit give 15.
    """
    small = grid(2).zone(demand=100).add("wind", room=500, series=[0.5, 1]).group("wind", "wind")
    assembled = assemble(with_clause(total(small, "little", "<=", 60), tmp_path, FIRM, "firm", 45), workers=1)
    found = explain(assembled, SIMPLEX)
    assert named(found) == [{"firm", "little"}]
    assert amounts(found) == pytest.approx({("clause", "firm"): 15, ("clause", "little"): 30})
    said = text(found, Names(assembled.system.inputs))
    assert "firm asks 1.5 10^4 kW in its worst hour less" in said
    assert "firm (firm_wind in every hour, 2025)" in said
    check_exact(assembled, found)


def with_clause(small: Small, folder, source, clause, power):
    """The system with a clause file of one's own and one row of its table."""
    (folder / "own.py").write_text(source, encoding="utf-8")
    catalogue = with_extra([folder / "own.py"])
    small.target(clause)
    inputs = small.write()
    with (inputs / "firm_winds.csv").open("w", newline="", encoding="utf-8") as file:
        row = {"clause": clause, "year": 2025, "power [MW]": power, **MADE_UP}
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    content = {"title": "small", "inputs": "small", "base_year": 2020, "targets": {"set": "set"}}
    content["time"] = {"kind": "hours", "hours": small.hours, "window_hours": small.hours}
    return read_system(read_inputs(inputs, catalogue.tables), parse_case(content, "x.toml"), [folder / "own.py"])


def test_words_name_unit_document_line_and_quote(grid):
    """Proves: a clash is told with what is asked, in printed units, and where it is printed.

    If it were broken, a reader could not find the clause in the plan.
    """
    small = wind_farm(grid, room=80)
    small.add("capacity_totals", clause="much", group="wind", sense=">=", capacity=100, rule="R01", document="Plan",
              line="12", quote="wind of 100 MW").target("much")  # fmt: skip
    assembled, found = explained(small)
    said = text(found, Names(assembled.system.inputs))
    assert "much (capacity_total >= 10 10^4 kW, 2025): Plan, 12" in said
    assert 'R01: "wind of 100 MW"' in said
    assert "much asks less by 2 10^4 kW: at least 8 10^4 kW instead of 10 (20 %)" in said
    assert re.search(r"2\. room for 2 10\^4 kW more wind \(25 %\)", said)


def test_duals_never_rule_out_a_remedy(grid):
    """Proves: whatever mends a clash alone has a dual, and gives no less than the dual promises.

    If it were broken, screening by duals would hide remedies.
    """
    small = total(total(wind_farm(grid, room=90), "much", ">=", 150), "little", "<=", 120)
    assembled = assemble(small.system(), workers=1)
    elastic = Elastic(assembled.problem, levers(assembled), SIMPLEX)
    clauses = [i for i, lever in enumerate(elastic.levers) if lever.kind == "clause"]
    first = elastic.least(dict.fromkeys(clauses, 1.0))
    for i, _ in enumerate(elastic.levers):
        alone = elastic.least({i: 1.0})
        if alone is not None:
            assert first.slopes[i] > 0
            assert alone.shares[i] >= first.total / first.slopes[i] - 1e-9
