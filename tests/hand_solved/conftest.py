"""A small system to fill in."""

from collections.abc import Callable

import pytest
from small_system import Small


@pytest.fixture
def grid(tmp_path) -> Callable[..., Small]:
    """A small system of so many hours, with its one zone `z` if a demand is given."""

    def make(hours: int, demand=None, **options) -> Small:
        small = Small(tmp_path / "small", hours, **options)
        return small if demand is None else small.zone(demand=demand)

    return make
