"""Results that reports are made of: everything there is, and next to nothing."""

import pytest
from outcome.systems import cascade, past_year, result_of, two_zone_days
from small_system import Small

from qhenergy.outcome.result import Result


@pytest.fixture(scope="session")
def two_zones() -> Result:
    """Wind, sun, a cascade, stores, coal, a corridor, a send-out line and three clauses that bind."""
    return two_zone_days()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One coal plant in one zone for a day: no water, no send-out, no store, no clause, nothing curtailed."""
    small = Small(tmp_path_factory.mktemp("bare") / "small", 24)
    return result_of(small.zone(demand=50.0).add("thermal", existing=100).solve())


@pytest.fixture(scope="session")
def by_days(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A river over a year in three representative days."""
    return result_of(cascade(tmp_path_factory.mktemp("days") / "small").solve())


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A year with a published record of generation, levels and utilisation."""
    return result_of(past_year(tmp_path_factory.mktemp("past") / "small").solve())
