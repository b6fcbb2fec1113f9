from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qhenergy.profiles import cache


@dataclass(frozen=True)
class Setting:
    """Stands for a design."""

    name: str
    value: float


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


class Builder:
    """Builds a frame and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> pd.DataFrame:
        self.calls += 1
        return pd.DataFrame(
            np.random.default_rng(1).random((8760, 2)),
            index=pd.RangeIndex(8760, name="hour"),
            columns=pd.Index(["a", "b"], name="site"),
        )


def test_the_second_call_reads_and_returns_the_same(home: Path) -> None:
    """Proves: equal inputs compute once; values, index, columns and their names come back."""
    build = Builder()
    first = cache.frame("test 1", (Setting("x", 1.0), 3), build)
    second = cache.frame("test 1", (Setting("x", 1.0), 3), build)
    assert build.calls == 1
    pd.testing.assert_frame_equal(first, second)
    assert len(list(home.iterdir())) == 1


def test_any_other_input_or_version_computes_anew(home: Path) -> None:
    """Proves: version, a changed digit, a changed label and a changed order all miss."""
    table = pd.DataFrame({"a": [1.0, 2.0]}, index=["p", "q"])
    keys = {
        cache.key("test 1", table),
        cache.key("test 2", table),
        cache.key("test 1", table + 1e-12),
        cache.key("test 1", table.rename(index={"q": "r"})),
        cache.key("test 1", table[::-1]),
        cache.key("test 1", table, None),
        cache.key("test 1", "ab", "c"),
        cache.key("test 1", "a", "bc"),
        cache.key("test 1", {"b": 1, "a": Setting("x", 2.0)}),
        cache.key("test 1", {"b": 1, "a": Setting("x", 2.5)}),
    }
    assert len(keys) == 10
    assert cache.key("test 1", {"a": 1, "b": 2}) == cache.key("test 1", {"b": 2, "a": 1})
    with pytest.raises(TypeError, match="object"):
        cache.key("test 1", object())


@pytest.mark.parametrize("damage", ["truncate", "garbage", "empty", "flip"])
def test_a_damaged_file_is_rebuilt(home: Path, damage: str) -> None:
    """Proves: whatever happened to the file, the result is right and the file whole again."""
    build = Builder()
    whole = cache.frame("test 1", (1,), build)
    (path,) = home.iterdir()
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 0xFF
    wrecked = {"truncate": data[: len(data) // 2], "garbage": b"not a zip", "empty": b"", "flip": data}
    path.write_bytes(bytes(wrecked[damage]))
    pd.testing.assert_frame_equal(cache.frame("test 1", (1,), build), whole)
    assert build.calls == 2
    cache.frame("test 1", (1,), build)
    assert build.calls == 2
    assert [p.suffix for p in home.iterdir()] == [".npz"]


def test_the_cache_can_be_switched_off(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: `off` neither reads nor writes."""
    monkeypatch.setenv(cache.VARIABLE, "off")
    build = Builder()
    for _ in range(2):
        cache.frame("test 1", (1,), build)
    assert build.calls == 2
    assert not home.exists()


def test_a_folder_that_cannot_be_written_costs_only_the_saving(home: Path) -> None:
    """Proves: a file in the folder's place does not stop the computation."""
    home.write_text("in the way")
    assert len(cache.frame("test 1", (1,), Builder())) == 8760
