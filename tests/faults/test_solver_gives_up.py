"""Proves that what is not a proven and audited optimum is not written: exit code 4."""

from dataclasses import replace

import pytest

from faults.workplace import Workplace, ended
from qhenergy.outcome import audit
from qhenergy.solving import highs


def _given_up(place: Workplace) -> str:
    before = place.everything()
    result = place.run()
    said = ended(result, 4)
    assert "Nothing was written." in said
    assert result.stdout == ""
    assert place.everything() == before
    return said


def test_time_limit(place: Workplace) -> None:
    place.section("solver", 'profile = "simplex"\ntime_limit = 1e-9')
    assert "time" in _given_up(place)


def test_time_limit_as_an_option(place: Workplace) -> None:
    place.section("solver", 'profile = "simplex"\noptions = { time_limit = 1e-9, presolve = "off" }')
    assert "simplex: time limit reached" in _given_up(place)


def test_iteration_limit(place: Workplace) -> None:
    place.section("solver", 'profile = "simplex"\noptions = { simplex_iteration_limit = 3, presolve = "off" }')
    assert "simplex: iteration limit reached" in _given_up(place)


def test_every_attempt_is_told_of(place: Workplace) -> None:
    place.section(
        "solver",
        'profile = "ipx"\noptions = { simplex_iteration_limit = 3, ipm_iteration_limit = 1, presolve = "off" }',
    )
    said = _given_up(place)
    assert "ipx: iteration limit reached" in said
    assert "simplex: iteration limit reached" in said


@pytest.mark.parametrize("what", ["values", "row_duals"])
def test_an_answer_that_fails_the_audit(place: Workplace, monkeypatch, what) -> None:
    """The solver claims an optimum and hands over something else."""
    made = highs._solution

    def spoilt(*words):
        solution = made(*words)
        return replace(solution, **{what: getattr(solution, what) * 1.01 + 1.0})

    monkeypatch.setattr(highs, "_solution", spoilt)
    said = _given_up(place)
    assert "refused" in said
    assert "relative gap" in said


def test_a_limit_of_the_audit_bites(place: Workplace, monkeypatch) -> None:
    """Were the audit made but not heeded, this would end with 0."""
    monkeypatch.setattr(audit, "ENERGY_MWH", -1.0)
    assert "Energy:" in _given_up(place)
