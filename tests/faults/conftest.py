"""A place to do wrong things in."""

import tempfile

import pytest

from faults.workplace import Workplace


@pytest.fixture
def place(tmp_path, monkeypatch) -> Workplace:
    """A fresh workplace; temporary files of the program would lie in it and be seen."""
    made = Workplace.new(tmp_path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path)
    return made
