"""Proves that a result is written whole or not at all, and that a folder that cannot hold it is refused first."""

import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pandas as pd
import pytest

from faults.workplace import Workplace, ended, faults_in, qhenergy
from qhenergy.studies import expansion

Usage = namedtuple("Usage", "total used free")


def _is_file(place: Workplace) -> Path:
    """The results folder is a file."""
    path = place.folder / "taken"
    path.write_text("mine", encoding="utf-8")
    return path


def _below_file(place: Workplace) -> Path:
    """It lies below a file."""
    return _is_file(place) / "below"


def _of_case_is_file(place: Workplace) -> Path:
    """The case's own folder in it is a file."""
    path = place.folder / "other"
    path.mkdir()
    (path / place.case.stem).write_text("mine", encoding="utf-8")
    return path


@pytest.mark.parametrize("where", [_is_file, _below_file, _of_case_is_file])
def test_a_folder_that_cannot_be_one(place: Workplace, where) -> None:
    results = where(place)
    before = place.everything()
    said = ended(qhenergy("run", place.case, "--results", results), 2)
    (fault,) = faults_in(said)
    assert results.name in fault["where"]
    assert fault["found"] == "a file where a folder should be"
    assert "Nothing was written." in fault["expected"]
    assert "built" not in said, "it was refused after the work, not before"
    assert place.everything() == before


def test_no_room_is_seen_before_the_work(place: Workplace, monkeypatch) -> None:
    before = place.everything()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 10**6, 10**6))
    said = ended(place.run(), 2)
    (fault,) = faults_in(said)
    assert fault["found"] == "1 MB of free disk space"
    assert "at least 10 MB" in fault["expected"]
    assert "built" not in said
    assert place.everything() == before


#: What fails, and at which of its calls: the first file, a file when others are there already, the last step.
STEPS = [("os.fsync", 1), ("os.fsync", 2), ("pandas.DataFrame.to_csv", -1), ("pathlib.Path.rename", 1)]


def _fail(monkeypatch, place: Workplace, step: str, at: int, error: BaseException) -> list[str]:
    """Let the so-many-th call of a step that concerns the results fail; tells what was hidden there by then."""
    name = step.rsplit(".", 1)[1]
    holder = {"fsync": os, "to_csv": pd.DataFrame, "rename": Path}[name]
    made = getattr(holder, name)
    count, seen = 0, []

    def failing(*words, **options):
        nonlocal count
        into = str(words[1]) if name == "to_csv" and len(words) > 1 else str(options.get("path_or_buf", ""))
        if name == "to_csv" and str(place.folder) not in into:
            return made(*words, **options)
        count += 1
        if at < 0 or count == at:
            seen.extend(sorted(set(place.everything())))
            raise error
        return made(*words, **options)

    monkeypatch.setattr(holder, name, failing)
    return seen


@pytest.mark.parametrize(("step", "at", "fresh"), [*((*step, False) for step in STEPS), (*STEPS[1], True)])
def test_a_full_disk_half_way_leaves_nothing(place: Workplace, monkeypatch, step, at, fresh) -> None:
    if fresh:
        shutil.rmtree(place.results)
    before = place.everything()
    seen = _fail(monkeypatch, place, step, at, OSError(errno.ENOSPC, "No space left on device"))
    said = ended(place.run(), 2)
    (fault,) = faults_in(said)
    assert fault["found"] == "no space left on the disk"
    assert "Nothing was written." in fault["expected"]
    assert len(seen) > len(before), "the write had not begun: this proves nothing"
    assert place.everything() == before


@pytest.mark.parametrize(("step", "at"), [STEPS[1], STEPS[3]])
def test_ctrl_c_while_writing_leaves_nothing(place: Workplace, monkeypatch, step, at) -> None:
    before = place.everything()
    seen = _fail(monkeypatch, place, step, at, KeyboardInterrupt())
    said = ended(place.run(), 130)
    assert "Nothing was written" in said
    assert len(seen) > len(before)
    assert place.everything() == before


def test_results_of_earlier_runs_stay(place: Workplace) -> None:
    before = place.everything()
    expansion.run(place.case, place.results)
    first = place.everything()
    expansion.run(place.case, place.results)
    second = place.everything()
    assert before.items() <= first.items() <= second.items()
    assert sum(name.endswith("result.h5") for name in second) == 2
    assert not [name for name in second if "/." in name], "something hidden is left"


def test_a_report_that_cannot_be_written(place: Workplace) -> None:
    expansion.run(place.case, place.results)
    before = place.everything()
    result = qhenergy("report", place.results / place.case.stem, "--to", _is_file(place) / "report.html")
    (fault,) = faults_in(ended(result, 2))
    assert "report.html" in fault["where"]
    assert before.items() <= place.everything().items()


def test_profiles_that_cannot_be_written(place: Workplace) -> None:
    result = qhenergy("profiles", place.case, "--to", _is_file(place) / "profiles")
    (fault,) = faults_in(ended(result, 2))
    assert "taken" in fault["where"]


def test_a_dictionary_that_cannot_be_written(place: Workplace) -> None:
    result = qhenergy("dictionary", "--to", _is_file(place) / "dictionary.md")
    (fault,) = faults_in(ended(result, 2))
    assert "dictionary.md" in fault["where"]


def test_no_copy_below_a_file(place: Workplace) -> None:
    (fault,) = faults_in(ended(qhenergy("init", _is_file(place) / "mine"), 2))
    assert "mine" in fault["where"]
    assert "Errno" not in fault["found"], fault


@pytest.mark.parametrize("words", [["summary"], ["summary", "--json"], ["audit"], ["report"]])
@pytest.mark.parametrize("what", ["nothing there", "an empty folder", "no HDF5", "cut short"])
def test_a_result_that_is_none(place: Workplace, words, what) -> None:
    path = place.folder / "broken"
    if what != "nothing there":
        path.mkdir()
    if what == "no HDF5":
        (path / "result.h5").write_bytes(b"not one")
    if what == "cut short":
        (path / "result.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(200))
    before = place.everything()
    result = qhenergy(*words, path)
    (fault,) = faults_in(ended(result, 2))
    assert "broken" in fault["where"]
    assert result.stdout == ""
    assert place.everything() == before
