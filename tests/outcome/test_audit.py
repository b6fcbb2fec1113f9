"""The audit proves good answers and finds bad ones."""

from dataclasses import replace

import numpy as np
import pytest

from outcome.systems import result_of
from qhenergy.outcome.audit import audit
from qhenergy.solving.profile import read_profile


@pytest.mark.parametrize("name", ["two_zones", "by_days"])
def test_a_solution_passes(name, request):
    """Proves: an optimum passes every check."""
    found = audit(request.getfixturevalue(name))
    assert found.passed
    assert found.faults == []
    assert found.relative_gap <= 1e-6


@pytest.mark.parametrize(
    ("family", "by", "word"),
    [
        ("wind/output", 0.5, "Energy: north in hour 0 of 2025"),
        ("hydro/spilled", 0.1, "Water: "),
        ("capacity/installed", 1.0, "primal"),
    ],
)
def test_a_changed_value_fails(two_zones, family, by, word):
    """Proves: a value that is off fails the audit, and the sentence says where."""
    values = two_zones.values.copy()
    values[two_zones.problem.columns.of(family)[0]] += by
    found = audit(replace(two_zones, values=values))
    assert not found.passed
    assert any(word in sentence for sentence in found.faults), found.faults


def test_a_changed_dual_fails(two_zones):
    """Proves: a dual that is off opens the gap or leaves a reduced cost that points the wrong way."""
    duals = two_zones.row_duals.copy()
    duals[two_zones.problem.rows.of("balance/energy")] *= 1.1
    found = audit(replace(two_zones, row_duals=duals))
    assert not found.passed


def test_a_number_that_is_none_fails(two_zones):
    """Proves: NaN does not slip through comparisons."""
    values = two_zones.values.copy()
    values[0] = np.nan
    assert not audit(replace(two_zones, values=values)).passed


def test_a_level_off_between_two_days_fails(by_days):
    """Proves: the chain of real days is part of the audit."""
    values = by_days.values.copy()
    values[by_days.problem.columns.of("hydro/level_at_period")[100]] += 1.0
    found = audit(replace(by_days, values=values))
    assert any("after period" in sentence for sentence in found.faults), found.faults


def test_whole_units_are_audited_at_their_numbers(grid):
    """Proves: with whole units the duals are those of the problem with the units fixed, and they prove it.

    Units of 60 MW with a minimum of 50 %: 100 MW ask for two.
    """
    small = grid(2, 100, case={"commitment": "whole"})
    small.add("thermal", existing=180, unit_size=60, minimum_output=0.5, start_cost=10)
    result = result_of(small.solve(profile=read_profile("mip")))
    assert result.column("thermal/units")["coal"].tolist() == pytest.approx([2, 2])
    assert audit(result).passed
