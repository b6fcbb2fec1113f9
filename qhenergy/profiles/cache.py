"""Computed frames kept on disk under a hash of everything they were computed from.

The cache may be deleted at any time. `QHENERGY_CACHE` names another folder for it, or, set to `off`, switches
it off.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from platformdirs import user_cache_path

VARIABLE = "QHENERGY_CACHE"
UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    RuntimeError,  # NotImplementedError of zipfile among them
    zipfile.BadZipFile,
    zlib.error,
)


def folder() -> Path | None:
    """Where cached frames lie, or None if the cache is switched off."""
    setting = os.environ.get(VARIABLE, "")
    if setting.lower() == "off":
        return None
    return Path(setting) if setting else user_cache_path("qhenergy", appauthor=False)


def key(version: str, *inputs: object) -> str:
    """Hash of a computation: its version and the bytes of its inputs.

    Args:
        version: names the function and changes whenever its numbers would.
        *inputs: str, bool, int, float, None, arrays, pandas frames, series and indexes, dataclasses, mappings
            and sequences of these.

    Returns:
        64 hexadecimal digits.

    Raises:
        TypeError: an input of another type, whose bytes are not defined.
    """
    digest = hashlib.sha256()
    _feed(digest, version)
    for part in inputs:
        _feed(digest, part)
    return digest.hexdigest()


def frame(version: str, inputs: tuple[object, ...], build: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A frame from the cache, or computed and kept.

    Args:
        version: as in `key`.
        inputs: everything the frame depends on.
        build: computes the frame.

    Returns:
        What `build` returns, columns and index included.
    """
    return frames(version, inputs, lambda: {"frame": build()})["frame"]


def frames(
    version: str, inputs: tuple[object, ...], build: Callable[[], dict[str, pd.DataFrame]]
) -> dict[str, pd.DataFrame]:
    """Several frames from the cache, or computed and kept together.

    A file that cannot be read is taken as absent and written anew; a folder that cannot be written costs only
    the saving.

    Args:
        version: as in `key`.
        inputs: everything the frames depend on.
        build: computes the frames.

    Returns:
        What `build` returns.
    """
    home = folder()
    if home is None:
        return build()
    path = home / f"{key(version, *inputs)}.npz"
    kept = _read(path)
    if kept is None:
        kept = build()
        with contextlib.suppress(OSError):
            _write(path, kept)
    return kept


def _read(path: Path) -> dict[str, pd.DataFrame] | None:
    try:
        # Opened here, because np.load leaves a broken file open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            names = [str(name) for name in stored["names"]]
            out = {}
            for i, name in enumerate(names):
                index, columns = (_index(stored, f"{i}.{axis}") for axis in ("index", "columns"))
                out[name] = pd.DataFrame(stored[f"{i}.values"], index=index, columns=columns)
            return out
    except UNREADABLE:
        return None


def _write(path: Path, kept: Mapping[str, pd.DataFrame]) -> None:
    """Write to a temporary name and rename: a half-written file is never found under the final name."""
    arrays: dict[str, np.ndarray] = {"names": np.array(list(kept), dtype=str)}
    for i, table in enumerate(kept.values()):
        arrays[f"{i}.values"] = table.to_numpy(dtype=float)
        arrays[f"{i}.index"] = _plain(table.index)
        arrays[f"{i}.columns"] = _plain(table.columns)
        arrays[f"{i}.index_name"] = np.array(table.index.name or "", dtype=str)
        arrays[f"{i}.columns_name"] = np.array(table.columns.name or "", dtype=str)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez_compressed(stream, **arrays)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _plain(index: pd.Index) -> np.ndarray:
    """An index as an array that needs no pickling: numbers stay numbers, everything else becomes text."""
    values = index.to_numpy()
    return values if values.dtype.kind in "iuf" else np.array([str(v) for v in values], dtype=str)


def _index(stored: Mapping[str, np.ndarray], name: str) -> pd.Index:
    values, label = stored[name], str(stored[f"{name}_name"]) or None
    if values.dtype.kind == "i" and np.array_equal(values, np.arange(len(values))):
        return pd.RangeIndex(len(values), name=label)
    return pd.Index(values if values.dtype.kind in "iuf" else [str(v) for v in values], name=label)


def _feed(digest: hashlib._Hash, part: object) -> None:
    """Add one input; its type and length go in first, so that neighbouring inputs cannot run together."""
    if isinstance(part, pd.DataFrame):
        _feed(digest, ("frame", part.index, part.columns, *(part.iloc[:, i] for i in range(part.shape[1]))))
    elif isinstance(part, pd.Series):
        _feed(digest, ("series", part.to_numpy()))
    elif isinstance(part, pd.Index):
        _feed(digest, ("index", str(part.name), np.asarray([str(value) for value in part])))
    elif isinstance(part, np.ndarray):
        if part.dtype.kind in "OTSU":
            part = np.asarray([str(value) for value in part.ravel()], dtype=str).reshape(part.shape)
        digest.update(f"array:{part.dtype.str}:{part.shape};".encode())
        digest.update(np.ascontiguousarray(part).tobytes())
    elif is_dataclass(part) and not isinstance(part, type):
        _feed(digest, (type(part).__name__, {f.name: getattr(part, f.name) for f in fields(part)}))
    elif isinstance(part, Mapping):
        _feed(digest, tuple(item for name in sorted(part) for item in (name, part[name])))
    elif isinstance(part, (tuple, list)):
        digest.update(f"sequence:{len(part)};".encode())
        for item in part:
            _feed(digest, item)
    elif part is None or isinstance(part, (str, bool, int, float, np.generic)):
        plain = part.item() if isinstance(part, np.generic) else part
        text = repr(plain).encode()
        digest.update(f"{type(plain).__name__}:{len(text)};".encode() + text)
    else:
        raise TypeError(f"no bytes are defined for an input of type {type(part).__name__}")
