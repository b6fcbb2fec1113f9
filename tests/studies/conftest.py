"""A small system to study."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_system import Small

from qhenergy.model.size import expected
from qhenergy.solving.profile import read_profile
from qhenergy.studies.expansion import Ready


@pytest.fixture
def ready(tmp_path: Path) -> Callable[[Small], Ready]:
    """A small system as a study takes it."""

    def make(small: Small) -> Ready:
        system = small.system()
        return Ready(tmp_path / "small.toml", system, read_profile("simplex"), expected(system))

    return make
