"""Proves that the command sets a past year beside its record, and refuses a year without one."""

import json

import pytest
from faults.workplace import ended, qhenergy
from outcome.systems import past_year, result_of

from qhenergy.outcome import store


def test_backcast_of_a_past_year(tmp_path) -> None:
    """Proves that the command prints the record beside the result, as tables and as JSON."""
    store.write(result_of(past_year(tmp_path / "small").solve()), tmp_path / "past")
    shown = qhenergy("backcast", tmp_path / "past")
    ended(shown, 0)
    assert "as modelled and as published" in shown.stdout
    told = qhenergy("backcast", tmp_path / "past", "--json")
    ended(told, 0)
    made = json.loads(told.stdout)
    assert set(made) == {"title", "rows", "notes"}
    level = next(row for row in made["rows"] if row["quantity"] == "level")
    assert level["modelled"] == pytest.approx(105, abs=1e-3)
    assert level["published"] == 107
    assert level["share [-]"] is None
    assert [note["item"] for note in made["notes"]] == ["always"]


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_backcast_of_a_year_nobody_published(ran, more) -> None:
    result = qhenergy("backcast", ran.result, *more)
    ended(result, 2)
    assert "no published figure of 2025" in result.stderr
