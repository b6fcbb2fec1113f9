"""Results in files; the one door to h5py.

A result is a folder `<time>-<hash>` with `result.h5`, `summary.json` and CSV copies of the main tables. It is
made under a hidden name beside and renamed when it is whole, so that a half-written one is never seen;
what goes wrong on the way leaves nothing behind. What the file holds is told in `outcome.packing`.
What clauses cost is found later, clause by clause: `clause_costs.json` beside it is replaced whenever one
more is known.

Every dataset carries a checksum. The layout of the file has a number of its own: a file of another layout
is refused, one of another version of the program is not.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from qhenergy import __version__
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.audit import Audit
from qhenergy.outcome.clause_costs import ClauseCosts, from_dict
from qhenergy.outcome.packing import Tree, pack, unpack
from qhenergy.outcome.result import Result
from qhenergy.outcome.summary import as_json, summary
from qhenergy.outcome.tables import clause_tables, main_tables

FILE = "result.h5"
SUMMARY = "summary.json"
COSTS = "clause_costs.json"
#: Number of the layout of the file; rises when a reader of one could not read the other.
LAYOUT = 2
#: HDF5 of 2016 and later reads it; checksums cover names and attributes as well as data.
FORMAT = ("v110", "v110")
#: Entries of a compressed chunk.
CHUNK = 131_072
#: How tables are printed.
PRINTED: dict[str, Any] = {"index": False, "float_format": "%.10g"}
#: How every dataset is kept: compressed, with a checksum for each chunk.
CHECKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True, "fletcher32": True}


def content_hash(case: Case, inputs: Inputs) -> str:
    """Twelve hexadecimal digits of what a result is made from: case, tables and version."""
    digest = hashlib.sha256(f"{__version__}\n{case.model_dump_json()}\n".encode())
    for name in sorted(inputs.frames):
        digest.update(f"{name}\n{inputs[name].reset_index().to_csv(index=False)}".encode())
    return digest.hexdigest()[:12]


def check_room(folder: Path, megabytes: float) -> None:
    """See before a long solve that its result can be kept.

    Args:
        folder: where results are to be written; need not be there yet.
        megabytes: room needed [MB].

    Raises:
        InputError: nothing can be written there, or there is too little room.
    """
    there = folder.resolve()
    while not there.exists():
        there = there.parent
    try:
        # A file without a name: whoever stops us here leaves nothing behind.
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free / 1e6
    except OSError as error:
        raise _refused(folder, error) from None
    if free < megabytes:
        raise InputError(
            [Fault(str(folder), f"{free:.0f} MB of free disk space", f"at least {megabytes:.0f} MB")],
            "the results folder",
        )


def write(result: Result, folder: Path, found: Audit | None = None) -> Path:
    """Write a result to a new folder `<time>-<hash>`.

    Args:
        result: the result.
        folder: folder of the results of its case; made if it is not there.
        found: the audit, if it was made already.

    Returns:
        The new folder.

    Raises:
        InputError: the folder cannot be written to, or the disk is full; nothing is left behind.
    """
    summed = summary(result, found)
    tree = pack(result)
    digest = content_hash(result.case, result.inputs)
    tree.put_json("/summary", summed)
    tree.attributes["/"] = {
        "layout": LAYOUT,
        "qhenergy": __version__,
        "created": result.created,
        "hash": digest,
        "seed": result.case.weather.seed,
    }
    name = f"{datetime.fromisoformat(result.created):%Y%m%d-%H%M%S}-{digest}"
    try:
        with _made_whole(folder, name) as (hidden, final):
            _write_synced(hidden / FILE, _image(tree))
            _write_synced(hidden / SUMMARY, as_json(summed).encode())
            for stem, table in main_tables(result).items():
                table.to_csv(hidden / f"{stem}.csv", **PRINTED)
            if result.clause_costs is not None:
                keep_costs(result, hidden)
    except OSError as error:
        raise _refused(folder, error) from None
    return final


def keep_costs(result: Result, folder: Path) -> None:
    """Write what is known of the costs of clauses beside a stored result.

    Raises:
        InputError: the folder cannot be written to; what stood there is as it was.
    """
    if result.clause_costs is not None:
        _replace(folder / COSTS, as_json(result.clause_costs.as_dict()))


def renew(result: Result, folder: Path) -> None:
    """Write the summary and the tables that tell of costs of clauses once more.

    Raises:
        InputError: the folder cannot be written to.
    """
    _replace(folder / SUMMARY, as_json(summary(result)))
    for stem, table in clause_tables(result).items():
        if not table.empty:
            _replace(folder / f"{stem}.csv", table.to_csv(**PRINTED))


def _replace(path: Path, text: str) -> None:
    """Put a file in the place of another at once."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write_synced(part, text.encode())
        part.replace(path)
    except OSError as error:
        raise _refused(path.parent, error) from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _made_whole(folder: Path, name: str) -> Iterator[tuple[Path, Path]]:
    """A hidden folder that becomes the final one when everything in it is written."""
    made = [p for p in (folder, *folder.parents) if not p.exists()]
    hidden = folder / f".{name}.{os.getpid()}"
    final, count = folder / name, 1
    try:
        hidden.mkdir(parents=True)
        while final.exists():
            count += 1
            final = folder / f"{name}-{count}"
        yield hidden, final
        hidden.rename(final)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        for path in made:
            try:
                path.rmdir()
            except OSError:
                break
        raise


def _write_synced(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _refused(folder: Path, error: OSError) -> InputError:
    found = {
        errno.ENOSPC: "no space left on the disk",
        errno.EDQUOT: "the disk quota used up",
        errno.EFBIG: "a file larger than the disk takes",
        errno.EACCES: "no permission to write",
        errno.EPERM: "no permission to write",
        errno.EROFS: "a disk that can only be read",
        errno.ENOTDIR: "a file where a folder should be",
        errno.EEXIST: "a file where a folder should be",
    }.get(error.errno or 0, str(error))
    return InputError(
        [Fault(str(folder), found, "a folder that results can be written to", "Nothing was written.")],
        "the results folder",
    )


def _image(tree: Tree) -> bytes:
    """The HDF5 file as bytes; made in memory, where a full disk cannot break it."""
    with h5py.File("result", "w", driver="core", backing_store=False, libver=FORMAT) as file:
        for path, numbers in tree.numbers.items():
            _put(file, path, np.asarray(numbers))
        for path, words in tree.words.items():
            coded = [word.encode() for word in words]
            kind = h5py.string_dtype("utf-8", max(1, *map(len, coded)) if coded else 1)
            _put(file, path, np.array(coded, dtype=kind))
        for path, facts in tree.attributes.items():
            group = file.require_group(path)
            for name, value in facts.items():
                group.attrs[name] = value
        file.flush()
        return bytes(file.id.get_file_image())


def _put(file: h5py.File, path: str, data: np.ndarray) -> None:
    if data.size == 0:
        file.create_dataset(path, data=data, dtype=data.dtype)
        return
    chunks = (min(data.shape[0], max(CHUNK * 8 // data.dtype.itemsize, 1)), *data.shape[1:])
    file.create_dataset(path, data=data, dtype=data.dtype, chunks=chunks, **CHECKED)


def read(path: Path) -> Result:
    """Read a result back.

    Args:
        path: folder of the result, or its `result.h5`.

    Raises:
        InputError: there is none, it is damaged, or it has a layout of another version.
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise InputError([Fault(str(path), f"no {FILE}", "the folder of a result")], "the result")
    try:
        tree = _load(file)
    except Exception as error:  # a flipped byte may lead HDF5 anywhere
        raise _damaged(file, error) from None
    root = tree.attributes.get("/", {})
    if root.get("layout") != LAYOUT:
        layout, version = root.get("layout", "none"), root.get("qhenergy", "unknown")
        raise InputError(
            [
                Fault(
                    str(file),
                    f"layout {layout} (written by qhenergy {version})",
                    f"layout {LAYOUT}",
                    f"Read it with the version that wrote it; this is {__version__}.",
                )
            ],
            "the result",
        )
    try:
        result = unpack(tree)
    except Exception as error:  # what is missing or does not fit is damage as well
        raise _damaged(file, error) from None
    result.clause_costs = _costs(result, file.parent / COSTS)
    return result


def _costs(result: Result, file: Path) -> ClauseCosts | None:
    """The costs of clauses beside a result."""
    if not file.is_file():
        return None
    try:
        costs = from_dict(json.loads(file.read_text(encoding="utf-8")))
    except Exception as error:  # whatever is wrong with it, its numbers are not to be shown
        raise _damaged(file, error, "costs of clauses; delete the file to find them again") from None
    if not costs.belong(result.created, result.objective):
        expected = f"costs of clauses of the result of {result.created}"
        fault = Fault(str(file), f"those of a result of {costs.created}", expected, "Delete the file or put it back.")
        raise InputError([fault], "the result")
    return costs


def _load(path: Path) -> Tree:
    tree = Tree()

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Group):
            if item.attrs:
                tree.attributes[f"/{name}"] = dict(item.attrs)
        elif h5py.check_string_dtype(item.dtype) is not None:
            tree.words[f"/{name}"] = [word.decode() for word in item[()].tolist()]
        else:
            tree.numbers[f"/{name}"] = item[()]

    with h5py.File(path, "r") as file:
        tree.attributes["/"] = dict(file.attrs)
        file.visititems(visit)
    return tree


def _damaged(file: Path, error: Exception, expected: str = "a whole result") -> InputError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return InputError([Fault(str(file), f"a damaged file ({reason})", expected)], "the result")
