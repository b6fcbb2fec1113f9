"""One stored result of two-zones, made by the command line itself in a process of its own."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from qhenergy.data.builtin import root as built_in


@dataclass(frozen=True)
class Ran:
    """A run as a user sees it.

    Attributes:
        folder: where it was started.
        out, err: what it said.
    """

    folder: Path
    out: str
    err: str

    @property
    def result(self) -> Path:
        """The folder of the result."""
        (found,) = (self.folder / "results" / "two-zones").iterdir()
        return found


def process(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`python -m qhenergy` with these words."""
    return subprocess.run(
        [sys.executable, "-m", "qhenergy", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error"},
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def ran(tmp_path_factory) -> Ran:
    """`qhenergy run` of the built-in two-zones, from a folder that has nothing to do with it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    done = process("run", built_in() / "cases" / "two-zones.toml", cwd=folder)
    assert done.returncode == 0, done.stderr[-600:]
    return Ran(folder, done.stdout, done.stderr)


@pytest.fixture
def copied(ran, tmp_path) -> Path:
    """A copy of the result that may be spoilt."""
    return Path(shutil.copytree(ran.result, tmp_path / "copied"))
