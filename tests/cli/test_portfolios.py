"""Proves that `qhenergy portfolios` prints and writes its tables, goes on, and refuses what is no portfolio."""

import json

import pytest
from faults.workplace import Workplace, ended, faults_in, qhenergy

ROWS = (
    "portfolio,name_en,name_zh,technology,capacity [10^4 kW]",
    "twenty,Twenty,二十,battery_2h,20",
    "thirty,Thirty,三十,battery_2h,30",
)
ASKED = 'credit = ["battery_2h"]\ncredit_mw = [100.0]\ncurves = ["battery_2h"]\ncurve_mw = [100.0]'


@pytest.fixture
def place(tmp_path) -> Workplace:
    """The two zones, with a table of portfolios beside the case."""
    made = Workplace.new(tmp_path)
    (made.case.parent / "mine.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    made.section("targets", 'set = ""')
    made.section("portfolios", f'table = "mine.csv"\n{ASKED}')
    return made


def test_portfolios_are_printed_and_found_again(place: Workplace) -> None:
    words = ("portfolios", place.case, "--results", place.results, "--workers", "1")
    result = qhenergy(*words)
    ended(result, 0)
    for word in ("on the same footing", "Twenty", "Capacity credit of each", "Marginal value", "results:"):
        assert word in result.stdout
    [folder] = (place.results / "mine").glob("portfolios-*")
    assert {path.name for path in folder.iterdir()} >= {"portfolios.csv", "portfolios.json", "runs", "outcomes"}
    assert {path.name for path in (folder / "runs").iterdir()} == {"none", "twenty", "thirty", "optimum"}
    again = qhenergy(*words, "--language", "zh", "--portfolio", "twenty")
    ended(again, 0)
    assert "solved" not in again.stderr.replace("solved before", "")
    assert "二十" in again.stdout
    assert "三十" not in again.stdout


def test_json_has_all_of_it(place: Workplace) -> None:
    options = ("--results", place.results, "--workers", "1", "--json", "--no-curves", "--no-credit")
    result = qhenergy("portfolios", place.case, *options)
    ended(result, 0)
    found = json.loads(result.stdout)
    assert [o["name"] for o in found["outcomes"]] == ["none", "twenty", "thirty", "optimum"]
    assert found["outcomes"][1]["folder"].startswith("runs/twenty/")
    assert (found["credits"], found["values"]) == ([], [])


def test_faults_are_told_before_anything_is_solved(place: Workplace) -> None:
    wrong = place.folder / "wrong.csv"
    wrong.write_text("portfolio,technology,capacity [MW]\na,batery_2h,1\nb,battery_2h,-1\n", encoding="utf-8")
    result = qhenergy("portfolios", place.case, "--table", wrong, "--results", place.results)
    assert "at least 0 [MW]" in faults_in(ended(result, 2))[0]["expected"]
    wrong.write_text("portfolio,technology,capacity [MW]\na,batery_2h,1\nb,battery_4h,1\n", encoding="utf-8")
    result = qhenergy("portfolios", place.case, "--table", wrong, "--results", place.results)
    assert len(faults_in(ended(result, 2))) == 2
    result = qhenergy("portfolios", place.case, "--portfolio", "forty", "--results", place.results)
    assert faults_in(ended(result, 2))[0]["where"] == "--portfolio"
    assert not list((place.results / "mine").glob("portfolios-*"))
