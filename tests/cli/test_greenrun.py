"""Proves that `qhenergy greenrun` writes its tables, certificates and page, goes on, and refuses what is no length."""

import csv

from faults.workplace import ended, faults_in, qhenergy


def test_greenrun_writes_and_goes_on(tmp_path) -> None:
    words = ("greenrun", "two-zones", "--days", "1,2", "--group", "coal", "--results", tmp_path)
    result = qhenergy(*words)
    ended(result, 0)
    for word in ("Least cost against days", "cheapest", "holds", "greenrun.html"):
        assert word in result.stdout
    [folder] = (tmp_path / "two-zones").iterdir()
    assert folder.name.startswith("greenrun-")
    written = {path.name for path in folder.iterdir()}
    assert written >= {"greenrun.csv", "greenrun.json", "capacities.csv", "greenrun.html", "points", "runs"}
    with (folder / "greenrun.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["days"] for row in rows] == ["1", "2"]
    assert [row["certified"] for row in rows] == ["True", "True"]
    costs = [float(row["cost [CNY/yr]"]) for row in rows]
    assert 0 <= costs[0] <= costs[1]
    again = qhenergy(*words)
    ended(again, 0)
    assert "solving" not in again.stderr
    assert [f.name for f in (tmp_path / "two-zones").iterdir()] == [folder.name]


def test_greenrun_refuses(tmp_path) -> None:
    wrong = qhenergy("greenrun", "two-zones", "--days", "soon", "--start", "02-30", "--results", tmp_path)
    assert [fault["where"] for fault in faults_in(ended(wrong, 2))] == ["--days", "--start"]
    nobody = qhenergy("greenrun", "two-zones", "--days", "1", "--group", "cole", "--results", tmp_path)
    ended(nobody, 2)
    assert "coal" in nobody.stderr
    assert list(tmp_path.iterdir()) == []
