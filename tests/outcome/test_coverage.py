"""Proves that a rule shows what stands for it: strictness in a case, the board in a result, and what is not there."""

from dataclasses import replace

import pytest
from report.test_page import parsed
from small_system import Small

from outcome.systems import result_of
from qhenergy.ground.faults import InputError
from qhenergy.outcome.coverage import IN_MODEL, NOT_ROW, NOWHERE, OFF, as_dict, counts, of_case, of_result
from qhenergy.outcome.result import Result
from qhenergy.report import page, page_rules

ANSWERS = [
    ("R01", "clause", "policy:co2_cap"),
    ("R01", "switch", "case:water.year | case:targets.set"),
    ("R02", "technology", "technology:thermal | technology:battery"),
    ("R02", "input", "table:zones.altitude | table:zones.name_en"),
    ("R03", "input", "table:zones | table:zones.unserved_price | table:zones/z"),
    ("R03", "not_yet", ""),
    ("R04", "clause", "clause:ceiling | policy:co2_prise"),
    ("R05", "clause", "policy:co2_price"),
    ("R06", "not_for_this_model", ""),
    ("R07", "indicator", "indicator:curtailment"),
    ("R08", "input", "table:znoes | table:zones.prise | table:zones/y"),
    ("R08", "indicator", "indicator:curtailmant"),
    ("R08", "switch", "case:water.yaer"),
    ("R08", "technology", "technology:thremal"),
    ("R09", "clause", "clause:loose | clause:ceiling"),
]


def system(folder) -> Small:
    """Coal for 10 MW over two hours: 10 t/h, 87 600 t in the year, all of them allowed; two caps cite one rule."""
    small = Small(folder, 2).zone(demand=10.0).add("thermal", existing=20)
    small.add("co2_caps", clause="tight", cap=87_600, rule="R01", document="plan", line="7", quote="原文")
    small.add("co2_caps", clause="loose", cap=10, rule="R01, R09").add("co2_caps", clause="other", cap=1)
    small.add("curtailment_ceilings", clause="ceiling", ceiling=0.1).group("variable", "wind")
    for i in range(1, 10):
        small.add("rules", rule=f"R0{i}", name=f"rule-{i}", title_en=f"Rule {i}", title_zh=f"第{i}条")
        small.add("rule_quotes", rule=f"R0{i}", number=1, document="plan", line=str(i), quote="原文")
    for rule, way, addresses in ANSWERS:
        reason = {"reason": "because", "reason_zh": "因为"} if not addresses else {}
        small.add("rule_answers", rule=rule, way=way, represented_as=addresses, how="so", how_zh="如此", **reason)
    return small.target("tight").target("loose", "watched")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return result_of(system(tmp_path_factory.mktemp("rules") / "small").solve())


def states(covered) -> dict[str, dict[str, str]]:
    return {rule.rule: {s.item: s.status for a in rule.answers for s in a.states} for rule in covered}


def test_a_case_shows_what_its_target_set_says(result: Result) -> None:
    """Clauses of a kind show if they cite the rule, and those only; what is not in the set is off."""
    found = states(of_case(result.inputs, result.case))
    assert found["R01"] == {"tight": "hard", "loose": "watched", "water.year": "normal", "targets.set": "set"}
    assert found["R02"] == {
        "thermal": IN_MODEL,
        "battery": NOT_ROW,
        "zones.csv, altitude": NOT_ROW,
        "zones.csv, name_en": NOT_ROW,
    }
    assert found["R03"] == {"zones.csv": "1", "zones.csv, unserved_price": "1", "zones.csv, z": "1"}
    assert found["R04"] == {"ceiling": OFF, "policy:co2_prise": NOWHERE}
    assert found["R05"] == {"policy:co2_price": NOWHERE}, "a kind of which no clause cites the rule answers nothing"
    assert found["R07"] == {"curtailment": "reported"}
    assert found["R09"] == {"loose": "watched", "ceiling": OFF}


def test_a_result_shows_its_board(result: Result) -> None:
    """The cap that is used up binds, and the one of 10 t is missed by what it does not allow."""
    found = states(of_result(result))
    assert found["R01"]["tight"] == "binding"
    assert found["R01"]["loose"] == "watched: missed"
    assert found["R09"] == {"loose": "watched: missed", "ceiling": OFF}


def test_every_kind_of_address_may_lead_nowhere(result: Result) -> None:
    found = states(of_result(result))["R08"]
    assert len(found) == 6
    assert set(found.values()) == {NOWHERE}


def test_each_rule_counts_once_and_only_by_what_stands(result: Result) -> None:
    """R01 and R09 by clauses, R03 not yet though a table answers too, R06 and R07; four others have no answer."""
    covered = of_result(result)
    assert counts(covered) == {"clause": 2, "indicator": 1, "not_for_this_model": 1, "not_yet": 1, "": 4}
    assert [rule.rule for rule in covered if not rule.chief] == ["R02", "R04", "R05", "R08"]
    made = as_dict(covered)
    documented = {line.split()[0] for line in (as_dict.__doc__ or "").splitlines()[1:] if line.strip()}
    assert set(made) == documented
    assert (made["total"], made["accounted"]) == (9, 5)
    assert made["rules"][0]["quotes"] == [{"document": "plan", "line": "1", "quote": "原文"}]


def test_a_data_set_without_rules_is_told_so(two_zones: Result) -> None:
    with pytest.raises(InputError, match="no rule of any plan"):
        of_result(two_zones)


def test_a_result_from_before_there_were_rules_still_has_a_page(two_zones: Result) -> None:
    """Proves that the page does not ask a stored result for tables it cannot have."""
    frames = {name: frame for name, frame in two_zones.inputs.frames.items() if not name.startswith("rule")}
    old = replace(two_zones, inputs=replace(two_zones.inputs, frames=frames))
    ids = {a["id"] for _, a in parsed(page.text(old)).tags if "id" in a}
    assert "capacity" in ids
    assert "rules" not in ids


def test_the_page_links_rules_to_the_board(result: Result) -> None:
    """Every clause of the case is linked to its row; one that is off has no row to link to."""
    whole = parsed(page.text(result))
    ids = [a["id"] for _, a in whole.tags if "id" in a]
    targets = [str(a["href"])[1:] for t, a in whole.tags if t == "a" and str(a["href"]).startswith("#clause-")]
    assert len(ids) == len(set(ids))
    assert targets == ["clause-tight", "clause-loose", "clause-loose"]
    assert set(targets) <= set(ids)
    row = next(r for r in whole.rows if r[0].startswith("R01"))
    assert "tight binding" in row[2]
    assert "loose watched: missed" in row[2]
    assert "5 of 9 accounted for: 2 clauses, 1 indicator, 1 not for this model, 1 not yet" in page.text(result)
    assert "9条中5条有着落" in page_rules.table(of_result(result))
