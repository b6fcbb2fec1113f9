"""A solved system, and where its result was written."""

from pathlib import Path

import pytest
from outcome.systems import cascade, result_of, two_zone_days

from qhenergy.outcome import store
from qhenergy.outcome.result import Result


@pytest.fixture(scope="session", params=["two_zones", "by_days"])
def written(request, tmp_path_factory) -> tuple[Result, Path]:
    """A result and its folder: chained windows of two zones, and representative days of a river."""
    folder = tmp_path_factory.mktemp(request.param)
    result = two_zone_days() if request.param == "two_zones" else result_of(cascade(folder / "inputs").solve())
    return result, store.write(result, folder / "results" / request.param)
