"""What is shown of fleets in other years: figures, names and dates of what was found, in both languages."""

import json
from io import StringIO

import pytest
from rich.console import Console

from qhenergy.outcome.fleet_year import FleetYear, Missed, SentOut, Unserved
from qhenergy.outcome.robustness import Robustness, Run, Scenario
from qhenergy.outcome.summary import as_json
from qhenergy.report import charts_robustness, console, page_robustness, sheets_robustness
from qhenergy.report.markup import page
from qhenergy.report.names import Names
from qhenergy.report.words import Words, same

SCENARIOS = (
    Scenario("2025-normal", "year", "2025", "normal", base=True),
    Scenario("2025-dry", "year", "2025", "dry"),
    Scenario("7-normal", "year", "7", "normal"),
    Scenario("7-dry", "year", "7", "dry"),
    Scenario("fuel-1.2", "fuel", "2025", "normal", "fuel", 1.2),
    Scenario("costs-clean-0.7", "costs", "2025", "normal", "clean", 0.7),
)
FLEETS = ("cells <1>", "none")


def year(paid, unserved=0.0, missed=0.0):
    """A year that costs so much [10^8 CNY], with energy not served and a clause missed at 10^8 CNY each."""
    costs = {"fuel/coal_usc": paid * 1e8, "unserved energy": unserved * 1e8, "clauses missed/clean-2025": missed * 1e8}
    short = (Unserved(2025, "01-14", "north", 2000.0, 150.0, 7.0),) if unserved else ()
    clause = (Missed("clean-2025", 2025, "hard", 60.0, 55.5, "%", missed * 1e8),) if missed else ()
    return FleetYear(costs, short, clause, (SentOut("dc", 9e5, 8.5e5, 1e4),), 2e6, 1e5, 3e4, 4e5, 1.0)


@pytest.fixture
def found():
    """Two fleets: one dear and safe, one cheap that fails in dry years; in the last of them it has no answer."""
    paid = {"cells <1>": (10, 12, 10, 12, 11, 9), "none": (8, 9, 8, None, 12, 8)}
    runs = []
    for fleet, costs in paid.items():
        for s, cost in zip(SCENARIOS, costs, strict=True):
            fails = fleet == "none" and s.water == "dry"
            made = None if cost is None else year(cost, 4.0 * fails, 2.0 * fails)
            runs.append(Run(fleet, s.name, made, "" if made else "The problem is infeasible."))
    planned = {"cells <1>": {"fuel/coal_usc": 10e8}, "none": {"fuel/coal_usc": 7.9e8}}
    return Robustness("small", "小", FLEETS, SCENARIOS, tuple(runs), planned, "2025-01-01T00:00:00")


def test_tables_say_what_was_found(found, two_zones):
    """Proves: regret, rank, drift, dates and missed clauses are those of the runs, under names of the data.

    Without cells the dry year costs 9 + 4 = 13 against 12: regret 1; cells regret 2 in the normal one. A clause missed
    at 2 is told beside it; only with its price the regret is 3.
    If it were broken, what is not delivered would be left out (9 is cheaper than 12), or the price of a clause lead.
    """
    names = Names(two_zones.inputs)
    rows = {row.head.en: row.cells for row in sheets_robustness.regrets(found, names).rows}
    assert rows["cells <1>"] == ["2.00 (2)", "0.00 (1)", "2.00 (2)", "0.00 (1)"]
    assert rows["none"] == ["0.00 (1)", "1.00 (2)", "0.00 (1)", "– (2)"]
    priced = sheets_robustness.regrets(found, names, counts="all").rows[1].cells
    assert priced[1] == "3.00 (2)"
    choice = sheets_robustness.choices(found).rows[0].cells
    assert [cell.en for cell in choice[1:3]] == ["cells <1>", "cells <1>"]
    ranking = {row.head.en: row.cells for row in sheets_robustness.ranking(found).rows}
    assert ranking["none"] == ["1", "1", "2", "1.5", "2", "4", "–", "–", "2", "1.266"]
    assert ranking["cells <1>"][-1] == "0"
    (failed,) = sheets_robustness.failures(found, names).rows
    assert [failed.cells[1], *failed.cells[3:]] == ["01-14", "200", "15", "7.0"]
    (missed,) = sheets_robustness.clauses(found, names).rows
    assert list(missed.cells[4:]) == ["60", "55.5", "2.00"]
    assert sheets_robustness.years(found, "none", names).rows[1].cells[:3] == ["9.00", "4.00", "2.00"]
    head = sheets_robustness.costs(found, names, "prices").head
    assert [w.en for w in head[1:]] == ["2025, normal (base)", "fuel × 1.2", "clean × 0.7"]


def test_matrices_have_the_years_in_their_places(found, two_zones):
    """Proves: a heat map has weather down and water across, an empty cell where there is no answer.

    If it were broken, years would be mirrored, or a year without an answer look like one without a failure.
    """
    charts = charts_robustness.matrices(found, Names(two_zones.inputs))
    assert [c.key for c in charts] == ["robust-0-0", "robust-0-1", "robust-1-0", "robust-1-1"]
    heat = charts[2].figure.data[0]
    assert list(heat.y) == ["2025", "7"]
    assert heat.z[0].tolist() == pytest.approx([0.0, 0.02])
    assert heat.z[1][1] != heat.z[1][1]
    assert charts[3].figure.data[0].z[0].tolist() == pytest.approx([8, 13])
    ranks = charts_robustness.ranks(found).figure
    assert list(ranks.data[1].x) == pytest.approx([1.5, 1.5])


def test_page_and_console_are_whole(found, two_zones):
    """Proves: every section and table is there in both languages, names escaped, and the data are valid JSON.

    If it were broken, a name would be read as HTML, or an infinite regret end the writing.
    """
    sections = page_robustness.sections(found, two_zones.inputs, lambda name: Words(name, f"方案{name}"))
    text = page(same("x"), "", sections, same(""), "zh")
    assert [s.key for s in sections] == ["robust-choice", "robust-years", "robust-failures", "robust-prices"]
    assert "cells <1>" not in text.split("<script")[0]
    assert "方案cells &lt;1&gt;" in text
    out = Console(file=StringIO(), width=200)
    for sheet in page_robustness.tables(found, two_zones.inputs):
        console.show_sheet(sheet, out, "zh")
    assert "后悔值" in out.file.getvalue()
    data = json.loads(as_json(found.as_dict()))
    assert data["regret"]["years"]["delivered"]["least_maximum"] == ["cells <1>"]
    assert data["portfolios"]["none"]["scenarios"]["7-dry"] == {"reason": "The problem is infeasible."}


def test_nothing_fails_and_no_ranges(found, two_zones):
    """Proves: where all is served and kept the page says so, and a case without ranges has no section of prices.

    If it were broken, an empty table would leave open whether it was looked for.
    """
    years = SCENARIOS[:4]
    runs = tuple(Run(f, s.name, year(10)) for f in FLEETS for s in years)
    calm = Robustness("small", "小", FLEETS, years, runs, found.planned, "")
    sections = {s.key: s.content for s in page_robustness.sections(calm, two_zones.inputs)}
    assert "All demand is served" in sections["robust-failures"]
    assert sections["robust-prices"] == ""
    assert sheets_robustness.failures(calm, Names(two_zones.inputs)) is None
    assert calm.regret().least_maximum == FLEETS
