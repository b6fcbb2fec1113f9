"""Proves that `qhenergy cascade` prints the river, as tables or as JSON, and writes its page and tables."""

import csv
import json

import pytest
from faults.workplace import ended, faults_in, qhenergy

from qhenergy.outcome import cascade as outcome

WRITTEN = {"cascade.html", "cascade_stations.csv", "cascade_months.csv"}


def test_cascade_prints_and_writes(copied) -> None:
    before = {path.name for path in copied.iterdir()}
    result = qhenergy("cascade", copied)
    ended(result, 0)
    for word in ("Upper dam", "Lower dam", "on its way", "Value of water", "cascade.html"):
        assert word in result.stdout
    assert {path.name for path in copied.iterdir()} == before | WRITTEN
    with (copied / "cascade_stations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["station"] for row in rows] == ["upper", "lower"]
    assert float(rows[0]["capacity [MW]"]) == 90


def test_cascade_as_json(copied) -> None:
    result = qhenergy("cascade", copied, "--json")
    ended(result, 0)
    found = json.loads(result.stdout)
    documented = {line.split()[0] for line in (outcome.as_dict.__doc__ or "").splitlines()[1:] if line.strip()}
    assert set(found) == documented
    assert [row["station"] for row in found["stations"]] == ["upper", "lower"]
    assert found["heads"] == []
    assert {path.name for path in copied.iterdir()} >= WRITTEN


def test_cascade_in_chinese(copied) -> None:
    result = qhenergy("cascade", copied, "--language", "zh")
    ended(result, 0)
    assert "上库" in result.stdout
    assert 'data-language="zh"' in (copied / "cascade.html").read_text(encoding="utf-8")[:300]


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_cascade_that_cannot_be_written_says_which(copied, name) -> None:
    (copied / name).mkdir()
    (fault,) = faults_in(ended(qhenergy("cascade", copied), 2))
    assert name in fault["where"]
    assert not list(copied.glob("*.part"))
