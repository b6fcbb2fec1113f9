"""A result is the same when it is read back, and a file that is not whole is refused."""

import errno
import json
import os
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from qhenergy.ground.faults import InputError
from qhenergy.outcome import store
from qhenergy.outcome.audit import audit
from qhenergy.outcome.board import board
from qhenergy.outcome.summary import as_json, summary
from qhenergy.outcome.tables import main_tables


def test_arrays_come_back_as_they_were(written):
    """Proves: values, duals, bounds, matrix, costs and labels are equal to the last bit."""
    result, folder = written
    back = store.read(folder)
    assert np.array_equal(back.values, result.values)
    assert np.array_equal(back.row_duals, result.row_duals)
    for name in ("lower", "upper", "row_lower", "row_upper", "whole", "cost_offsets"):
        assert np.array_equal(getattr(back.problem, name), getattr(result.problem, name)), name
    for name in ("matrix", "costs"):
        mine, theirs = getattr(back.problem, name), getattr(result.problem, name)
        assert mine.shape == theirs.shape
        assert (mine != theirs).nnz == 0
    for kind in ("columns", "rows"):
        mine, theirs = getattr(back.problem, kind), getattr(result.problem, kind)
        for part in fields(mine):
            assert np.array_equal(getattr(mine, part.name), getattr(theirs, part.name)), (kind, part.name)
    assert back.problem.families == result.problem.families
    assert back.problem.cost_names == result.problem.cost_names


def test_what_it_was_made_from_comes_back(written):
    """Proves: case, tables with their declarations, hours, series, assets, clauses and joins are equal."""
    result, folder = written
    back = store.read(folder)
    assert back.case == result.case
    assert back.inputs.declared == result.inputs.declared
    for name, frame in result.inputs.frames.items():
        pd.testing.assert_frame_equal(back.inputs[name], frame)
    for name, frame in result.series.items():
        pd.testing.assert_frame_equal(
            back.series[name], frame, check_column_type=False
        )  # words may be kept in two ways
    pd.testing.assert_frame_equal(back.hours, result.hours)
    assert np.array_equal(back.spans.sequence, result.spans.sequence)
    assert back.spans.chained == result.spans.chained
    assert back.assets == result.assets
    assert (back.joins, back.potentials) == (result.joins, result.potentials)
    assert back.standbys == result.standbys
    assert (back.solve, back.versions, back.created, back.log) == (
        result.solve,
        result.versions,
        result.created,
        result.log,
    )
    for mine, theirs in zip(back.requirements, result.requirements, strict=True):
        assert replace(mine, clause=None) == replace(theirs, clause=None)
        pd.testing.assert_series_equal(mine.clause.row, theirs.clause.row)


def test_everything_told_of_it_is_the_same(written):
    """Proves: summary, board, audit and all tables of the result read back are those of the one solved."""
    result, folder = written
    back = store.read(folder)
    assert summary(back) == summary(result)
    assert board(back) == board(result)
    assert audit(back) == audit(result)
    for name, table in main_tables(result).items():
        pd.testing.assert_frame_equal(main_tables(back)[name], table)


def test_the_folder_holds_the_file_the_summary_and_tables(written):
    """Proves: the summary is JSON of the result, and the tables are UTF-8 CSV with units in their headers."""
    result, folder = written
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8")) == json.loads(as_json(summary(result)))
    costs = pd.read_csv(folder / "costs.csv")
    assert costs["cost [CNY/yr]"].sum() == pytest.approx(result.objective)
    assert (folder / "dispatch.csv").is_file()
    assert not list(folder.parent.glob(".*"))


def test_a_family_is_found_under_its_name(written):
    """Proves: values stand in the file under the name of their family, with unit and algebra."""
    result, folder = written
    with h5py.File(folder / "result.h5") as file:
        group = file["columns/hydro/turbined"]
        assert group.attrs["unit"] == "m3/s"
        assert np.array_equal(group["value"][()], result.values[result.problem.columns.of("hydro/turbined")])
        assert "balance/energy" in file["rows"]
        assert "demand" in file["rows/balance/energy"].attrs["algebra"]


def test_the_hash_is_that_of_the_content(written):
    """Proves: the same case and data have the same hash; another seed or another number has another."""
    result, folder = written
    case, inputs = result.case, result.inputs
    assert folder.name.endswith(store.content_hash(case, inputs))
    other = case.model_copy(update={"weather": case.weather.model_copy(update={"seed": 1})})
    assert store.content_hash(other, inputs) != store.content_hash(case, inputs)
    zones = inputs["zones"].assign(unserved_price=1.0)
    changed = replace(inputs, frames={**inputs.frames, "zones": zones})
    assert store.content_hash(case, changed) != store.content_hash(case, inputs)


def test_a_second_result_of_the_same_second_stands_beside_the_first(written, tmp_path):
    """Proves: no result overwrites another."""
    result, _ = written
    first, second = store.write(result, tmp_path), store.write(result, tmp_path)
    assert first != second
    assert store.read(second).objective == store.read(first).objective


def test_damage_is_refused_or_harmless(written, tmp_path):
    """Proves: a flipped bit anywhere in the file is either refused or changes nothing."""
    result, folder = written
    whole = (folder / "result.h5").read_bytes()
    path, told = tmp_path / "result.h5", summary(result)
    places = np.random.default_rng(7).integers(0, len(whole), 12)
    refused = 0
    for place in places:
        content = bytearray(whole)
        content[place] ^= 0x10
        path.write_bytes(content)
        try:
            back = store.read(path)
        except InputError:
            refused += 1
        else:
            assert np.array_equal(back.values, result.values)
            assert summary(back) == told
    assert refused > len(places) / 2


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.5, 0.99])
def test_a_file_cut_short_is_refused(written, tmp_path, keep):
    """Proves: half a file is told from a whole one."""
    content = (written[1] / "result.h5").read_bytes()
    (tmp_path / "result.h5").write_bytes(content[: int(keep * len(content))])
    with pytest.raises(InputError, match="damaged"):
        store.read(tmp_path)


def test_a_file_of_another_layout_is_refused_with_its_version(written, tmp_path):
    """Proves: a file of a later layout says what wrote it."""
    path = tmp_path / "result.h5"
    path.write_bytes((written[1] / "result.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        file.attrs["layout"] = 99
        file.attrs["qhenergy"] = "9.0"
    with pytest.raises(InputError, match=r"layout 99 \(written by qhenergy 9.0\)"):
        store.read(path)


def test_something_else_is_refused(tmp_path):
    """Proves: a missing file, another file and another HDF5 file are each refused in words."""
    with pytest.raises(InputError, match=r"no result\.h5"):
        store.read(tmp_path)
    (tmp_path / "result.h5").write_text("hello")
    with pytest.raises(InputError, match="damaged"):
        store.read(tmp_path)
    with h5py.File(tmp_path / "result.h5", "w") as file:
        file["numbers"] = np.arange(3)
    with pytest.raises(InputError, match="layout none"):
        store.read(tmp_path)


def contents(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_a_file_in_the_way_is_told(written, tmp_path):
    """Proves: where a file stands instead of a folder nothing is written, before and after a solve."""
    (tmp_path / "results").write_text("a file")
    for attempt in (
        lambda: store.check_room(tmp_path / "results" / "case", 1),
        lambda: store.write(written[0], tmp_path / "results" / "case"),
    ):
        with pytest.raises(InputError, match="a file where a folder should be") as caught:
            attempt()
        assert caught.value.exit_code == 2
    assert contents(tmp_path) == ["results"]


def test_a_folder_that_may_not_be_written_is_told(written, tmp_path, monkeypatch):
    """Proves: a refusal of the system becomes a sentence, and nothing is left; folders and files are refused."""

    def refuse(*args, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    for attempt in (
        lambda: store.check_room(tmp_path / "results", 1),
        lambda: store.write(written[0], tmp_path / "results"),
    ):
        with pytest.raises(InputError, match="no permission to write"):
            attempt()
    assert contents(tmp_path) == []


@pytest.mark.parametrize("most", [1_000, 100_000])
def test_no_room_leaves_nothing_behind(written, tmp_path, most):
    """Proves: a file that cannot grow further becomes a sentence, and no part of the folder stays.

    The limit of the size of files stands for a full disk.
    """
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
    try:
        with pytest.raises(InputError, match="Nothing was written"):
            store.write(written[0], tmp_path / "results" / "case")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert contents(tmp_path) == []


def test_a_stop_in_the_middle_leaves_nothing_behind(written, tmp_path, monkeypatch):
    """Proves: Ctrl-C while tables are written leaves no half-written folder, hidden or not."""

    def stop(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_csv", stop)
    monkeypatch.setattr(store, "content_hash", lambda *_: "0")
    with pytest.raises(KeyboardInterrupt):
        store.write(written[0], tmp_path / "results")
    assert contents(tmp_path) == []


def test_too_little_room_is_told_before_a_solve(tmp_path):
    """Proves: the room asked for is compared with what is free, and the check leaves nothing behind."""
    store.check_room(tmp_path / "results" / "case", 1)
    with pytest.raises(InputError, match="MB of free disk space"):
        store.check_room(tmp_path / "results", 1e12)
    assert contents(tmp_path) == []
