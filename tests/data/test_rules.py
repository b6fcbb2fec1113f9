"""Proves that every rule of the plan documents is answered in the model, by what is there and is tested."""

import re
from pathlib import Path

import pandas as pd
import pytest

from qhenergy import policy
from qhenergy.data.builtin import find
from qhenergy.data.case import read_case
from qhenergy.data.inputs import Inputs, read_inputs
from qhenergy.data.rules import ABSENT, ANSWERS, QUOTES, RULES
from qhenergy.model.catalogue import TABLES
from qhenergy.outcome.coverage import NOT_ROW, NOWHERE, Covered, cited, counts, of_case

#: The rules of the extraction, which is not part of this repository: number and name.
NAMES = re.findall(
    r"\S+",
    """
    wet-season-coal-off green-duration zero-carbon-system curtailment-allowed condensers-with-renewables wind-share
    csp-flexible gas-peakers coal-role renewables-support-grid three-lines-one-list sand-pv nuclear-hdr-research
    storage-layers storage-in-step cascade-hubs pumped-storage-services battery-three-sides multi-energy-base
    hydro-condenser-uprate ecological-flow small-hydro-exit yellow-river-release diversions-irrigation water-ceiling
    redline-exclusion inflow-scenarios qingyu-clean-only uhv-order east-west-section northwest-balancing
    strong-dc-strong-ac unified-dispatch domestic-first supply-security remote-microgrids local-consumption
    flexible-demand-vpp salt-lake-load green-aluminium hydrogen liquid-sunshine clean-heating electrification-ev
    zero-carbon-parks data-centres recycling power-market tariff-spot carbon-dual-control renewables-carbon-market
    energy-dual-control affordability weak-spots horizon-2035
    """,
)
EXPECTED = {f"R{i:02d}": name for i, name in enumerate(NAMES, 1)}
#: How many sentences each rule has in the extraction, in order; a quantity a clause asks for may be added.
SENTENCES = dict(zip(EXPECTED, map(int, "2221111231122212133132131223312111323221312322111332222"), strict=True))
HAND_SOLVED = Path(__file__).resolve().parents[1] / "hand_solved"


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(find("inputs", "qinghai"), TABLES)


@pytest.fixture(scope="module")
def covered(inputs: Inputs) -> dict[str, Covered]:
    case = read_case(find("cases", "plan-2025", suffix=".toml"))
    return {rule.rule: rule for rule in of_case(inputs, case)}


@pytest.fixture(scope="module")
def clause_rows(inputs: Inputs) -> list[tuple[str, str, pd.Series]]:
    """Every clause that cites a rule: kind, key, row."""
    rows = [(m.KIND, str(key), row) for m in policy.BUILT_IN for key, row in inputs[m.TABLE.name].iterrows()]
    return [(kind, key, row) for kind, key, row in rows if cited(row["rule"])]


def test_all_rules_are_there(inputs: Inputs) -> None:
    """Proves: the table has the 55 rules of the extraction under their names, each with all its sentences.

    If it were broken, a rule that nobody answers could be left out, and 54 of 54 would be accounted for.
    """
    assert len(EXPECTED) == 55
    assert inputs[RULES.name]["name"].to_dict() == EXPECTED
    left = dict(SENTENCES)
    for rule, quotes in inputs[QUOTES.name].reset_index().groupby("rule"):
        assert list(quotes["number"]) == list(range(1, len(quotes) + 1)), rule
        assert len(quotes) >= left.pop(str(rule))
    assert not left


@pytest.mark.parametrize("rule", EXPECTED)
def test_everything_a_rule_names_is_there(covered: dict[str, Covered], rule: str) -> None:
    """Proves: every address of an answer leads to what is there and has a row.

    If it were broken, a rule would count as answered by a clause that was renamed or never written.
    """
    states = [state for answer in covered[rule].answers for state in answer.states]
    assert not {state.address for state in states if state.status in (NOWHERE, NOT_ROW)}
    assert covered[rule].answers
    for answer in covered[rule].answers:
        assert answer.way in ABSENT or answer.states, f"{answer.way} names nothing"
        assert answer.how
        assert answer.how_zh
        assert (answer.way in ABSENT) == bool(answer.reason) == bool(answer.reason_zh)


def test_nothing_is_left_to_come(covered: dict[str, Covered]) -> None:
    """Proves: every rule has an answer that stands, and none is `not_yet`.

    If it were broken, work left undone could be declared as still to come.
    """
    assert all(rule.chief for rule in covered.values())
    assert "not_yet" not in counts(list(covered.values()))


def test_what_clauses_cite_is_what_the_rule_says(inputs: Inputs, clause_rows) -> None:
    """Proves: a clause that cites a rule carries one of its sentences, with its document and line.

    If it were broken, a clause could cite R01 beside a sentence about something else.
    """
    quotes = inputs[QUOTES.name].reset_index()
    assert len(clause_rows) >= 10
    for kind, key, row in clause_rows:
        of_rule = quotes[quotes["rule"].isin(cited(row["rule"]))]
        there = of_rule[(of_rule["document"] == row["document"]) & (of_rule["line"] == str(row["line"]))]
        assert len(there), f"{kind} {key}: {row['rule']} is not in {row['document']}, line {row['line']}"
        said = _plain(row["quote"])
        assert any(said in _plain(q) or _plain(q) in said for q in there["quote"]), f"{kind} {key}: {row['quote']}"


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_clause_that_cites_a_rule_answers_it(covered: dict[str, Covered], clause_rows) -> None:
    """Proves: what is written down of a rule names every clause that cites it.

    If it were broken, a new clause would not show beside its rule.
    """
    for kind, key, row in clause_rows:
        for rule in cited(row["rule"]):
            named = {s.item for a in covered[rule].answers if a.way == "clause" for s in a.states}
            assert key in named, f"{rule} does not name {kind} {key}"


def test_every_clause_that_answers_is_solved_by_hand(inputs: Inputs) -> None:
    """Proves: a kind of clause named by a rule has a file of hand-solved tests.

    If it were broken, a rule could be answered by algebra that nobody ever computed.
    """
    answers = inputs[ANSWERS.name].reset_index()
    named = {a for cell in answers["represented_as"] for a in cell.split(" | ") if a.startswith("policy:")}
    assert len(named) >= 20
    for address in named:
        path = HAND_SOLVED / f"test_{address.removeprefix('policy:')}.py"
        assert path.is_file(), address
        assert "def test_" in path.read_text(encoding="utf-8")


def test_lines_of_documents_are_numbers(inputs: Inputs) -> None:
    """Proves: every sentence says where it is printed, file and line.

    If it were broken, nobody could look a rule up.
    """
    for _, row in inputs[QUOTES.name].iterrows():
        assert re.fullmatch(r"\d+", row["line"])
        assert re.search(r"\(00[0-4]_[0-9a-f]{16}\.txt\)$", row["document"])
        assert re.search(r"[一-鿿]", row["quote"])
