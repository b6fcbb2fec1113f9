"""Ranges near the least cost, where nobody worked them out by hand."""

import pytest
from hypothesis import given, settings
from near_sources import study

from properties.random_system import mixed, mixed_systems
from qhenergy.outcome.near_optimal import COST_SAME
from qhenergy.solving.near_optimal import LEAST, MOST

SLACKS = (0.01, 0.05, 0.2)


@given(mixed_systems())
@settings(max_examples=3)
def test_ranges_nest_and_hold_the_least_cost(tmp_path_factory, drawn):
    """Proves: a range lies in that of every larger slack, between its bounds, and holds the least-cost plan; every plan
    costs at least the least and at most its slack more; every end is proven.

    If it were broken, a plan would be told within a slack that it is not, or a bound would cut off a plan.
    """
    folder = tmp_path_factory.mktemp("near")
    found = study(mixed(folder / "mixed", drawn), folder, SLACKS, plans=2).run()
    least = found.least_cost.cost
    for plan in found.plans:
        assert least * (1 - COST_SAME) <= plan.cost <= least * (1 + plan.slack + COST_SAME)
    assert {s.name for s in found.subjects} == {"wind", "coal", "pumped", "line"}
    for subject in found.subjects:
        power = found.least_cost.of(subject.assets)
        inner = (power, power)
        for slack in SLACKS:
            low, high = (found.end(subject, which, slack) for which in (LEAST, MOST))
            assert low.proven
            assert high.proven
            assert low.value <= inner[0]
            assert high.value >= inner[1]
            for plan in found.within(slack):
                assert low.bound - low.tolerance <= plan.of(subject.assets) <= high.bound + high.tolerance
            inner = (low.value, high.value)
    taken = found.different()
    assert [distance for _, distance in taken] == pytest.approx(sorted((d for _, d in taken), reverse=True))
