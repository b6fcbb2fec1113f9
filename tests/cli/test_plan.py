"""Proves that `qhenergy plan` tells where every rule stands, of a case and of a result, in both languages."""

import json
import shutil

import pytest
from faults.workplace import Workplace, ended, faults_in, qhenergy

from qhenergy.outcome import coverage
from qhenergy.studies import expansion

RULES = {
    "rules": ["rule,name,title_en,title_zh", "R01,first,First rule,第一条", "R02,second,Second rule,第二条"],
    "rule_quotes": ["rule,number,document,line,quote", "R01,1,plan,12,清洁能源", "R02,1,plan,13,储能"],
    "rule_answers": [
        "rule,way,represented_as,how,how_zh,reason,reason_zh",
        "R01,clause,clause:clean-2025,Clean capacity has a floor.,清洁装机有下限。,,",
        "R02,not_yet,,Storage in step.,储能同步。,It comes later.,以后加入。",
    ],
}


@pytest.fixture
def place(tmp_path) -> Workplace:
    """The two zones with two rules of a plan."""
    made = Workplace.new(tmp_path)
    for name, (head, *rows) in RULES.items():
        lines = [f"{head},source,confidence", *(f"{row},made-up,low" for row in rows)]
        made.path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def test_plan_of_the_built_in_case_has_every_rule() -> None:
    """The case of the province by default; nothing is solved."""
    result = qhenergy("plan", "--json")
    ended(result, 0)
    found = json.loads(result.stdout)
    documented = {line.split()[0] for line in (coverage.as_dict.__doc__ or "").splitlines()[1:] if line.strip()}
    assert set(found) == documented
    assert [rule["rule"] for rule in found["rules"]] == [f"R{i:02d}" for i in range(1, 56)]
    assert "not_yet" not in found["counts"]
    assert found["accounted"] == sum(found["counts"].values()) == 55


def test_plan_of_a_case_says_how_strict(place: Workplace) -> None:
    result = qhenergy("plan", place.case)
    ended(result, 0)
    for words in ("R01 First rule", "清洁能源", "plan, line 12", "clean-2025: hard", "It comes later."):
        assert words in result.stdout
    assert result.stdout.rstrip().endswith("2 of 2 accounted for: 1 clause, 1 not yet")
    place.section("targets", 'set = "all"\nclauses = { clean-2025 = "off" }')
    assert "clean-2025: off" in qhenergy("plan", place.case).stdout


def test_plan_of_a_result_says_what_came_of_it(place: Workplace) -> None:
    """1250 MW of clean capacity are asked and bind; a folder of results stands for its newest."""
    _, folder = expansion.run(place.case, place.results)
    for path in (folder, folder / "result.h5", folder.parent):
        result = qhenergy("plan", path)
        ended(result, 0)
        assert "clean-2025: binding" in result.stdout


def test_plan_in_chinese(place: Workplace) -> None:
    result = qhenergy("plan", place.case, "--language", "zh")
    ended(result, 0)
    for words in ("规划条文", "R01 第一条", "第12行", "clean-2025: 硬约束", "储能同步。以后加入。"):
        assert words in result.stdout
    assert result.stdout.rstrip().endswith("2条中2条有着落：条款1条，尚未实现1条")


def test_plan_of_a_system_without_rules() -> None:
    (fault,) = faults_in(ended(qhenergy("plan", "two-zones"), 2))
    assert fault["found"] == "no rule of any plan"


def test_plan_of_what_is_not_there(tmp_path) -> None:
    (fault,) = faults_in(ended(qhenergy("plan", "plan-2052"), 2))
    assert 'Did you mean "plan-2025"?' in fault["expected"]
    (fault,) = faults_in(ended(qhenergy("plan", tmp_path), 2))
    assert "no result.h5" in fault["found"]


@pytest.mark.parametrize(
    ("table", "line", "column", "cell", "found"),
    [
        ("rule_answers", 2, "rule", "R03", 'rule "R03"'),
        ("rule_answers", 2, "way", "claus", '"claus"'),
        ("rule_quotes", 2, "quote", "", "an empty cell"),
    ],
)
def test_rules_at_fault_are_refused(place: Workplace, table, line, column, cell, found) -> None:
    place.cell(table, line, column, cell)
    (fault,) = faults_in(ended(qhenergy("plan", place.case), 2))
    assert fault["found"].startswith(found)


def test_the_folder_of_a_case_name_is_taken_for_results(place: Workplace, monkeypatch) -> None:
    """Proves that results written under the name of a case are found by it, as other commands find them."""
    _, folder = expansion.run(place.case, place.results)
    shutil.copytree(folder, place.folder / "here" / "mine" / folder.name)
    monkeypatch.chdir(place.folder / "here")
    assert "clean-2025: binding" in qhenergy("plan", "mine").stdout
