"""Proves that `qhenergy alternatives` writes ranges, plans and page, goes on, speaks JSON, and refuses."""

import csv
import json

from faults.workplace import ended, faults_in, qhenergy

WORDS = ("alternatives", "two-zones", "--slack", "1%,5%", "--plans", "2", "--workers", "1", "--group", "clean")


def test_alternatives_writes_and_goes_on(tmp_path) -> None:
    result = qhenergy(*WORDS, "--results", tmp_path)
    ended(result, 0)
    for word in ("Least and most capacity", "What ends the ranges", "unlike each other", "known without solving"):
        assert word in result.stdout
    [folder] = (tmp_path / "two-zones").iterdir()
    assert folder.name.startswith("alternatives-")
    written = {path.name for path in folder.iterdir()}
    assert written == {"ranges.csv", "plans.csv", "costs.csv", "alternatives.json", "alternatives.html", "plans"}
    with (folder / "ranges.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for narrow, wide in zip(rows[::2], rows[1::2], strict=True):
        assert narrow["name"] == wide["name"]
        powers = [float(wide["least [MW]"]), float(narrow["least [MW]"]), float(narrow["least_cost [MW]"])]
        powers += [float(narrow["most [MW]"]), float(wide["most [MW]"])]
        assert powers == sorted(powers)
        assert {narrow["least_proven"], narrow["most_proven"], wide["least_proven"]} == {"True"}
    again = qhenergy(*WORDS, "--results", tmp_path, "--json")
    ended(again, 0)
    assert "solving" not in again.stderr
    assert json.loads(again.stdout)["slacks"] == [0.01, 0.05]
    assert [f.name for f in (tmp_path / "two-zones").iterdir()] == [folder.name]


def test_alternatives_refuses(tmp_path) -> None:
    wrong = qhenergy("alternatives", "two-zones", "--slack", "3", "--only", "wind", "--results", tmp_path)
    assert [fault["where"] for fault in faults_in(ended(wrong, 2))] == ["--slack", "--only"]
    nobody = qhenergy("alternatives", "two-zones", "--group", "cleam", "--results", tmp_path)
    assert "clean" in ended(nobody, 2)
    assert list(tmp_path.iterdir()) == []
