"""Solved systems that tests of results share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_system import Small

from outcome.systems import cascade, result_of, two_zone_days
from qhenergy.outcome.result import Result


@pytest.fixture
def grid(tmp_path: Path) -> Callable[..., Small]:
    """A small system of so many hours, with its one zone `z` if a demand is given."""

    def make(hours: int, demand: object = None, **options: object) -> Small:
        small = Small(tmp_path / "small", hours, **options)
        return small if demand is None else small.zone(demand=demand)

    return make


@pytest.fixture(scope="session")
def two_zones() -> Result:
    """The built-in case of two zones and two days, in windows of unequal length."""
    return two_zone_days()


@pytest.fixture(scope="session")
def by_days(tmp_path_factory) -> Result:
    """The cascade in three representative days."""
    return result_of(cascade(tmp_path_factory.mktemp("days") / "small").solve())
