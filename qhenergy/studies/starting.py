"""Start one's own work: the built-in data, cases and solver profiles copied out for editing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from qhenergy.data.builtin import FOLDERS, root
from qhenergy.ground.faults import Fault, InputError


def copy(folder: Path) -> None:
    """Copy the built-in folders; all or nothing.

    Raises:
        InputError: the folder has something in it, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            [Fault(str(folder), "something already there", "a new or empty folder", "Choose another.")], "init"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made:
            for name in FOLDERS:
                shutil.copytree(root() / name, Path(made) / name)
            if folder.exists():
                folder.rmdir()
            shutil.copytree(made, folder)
    except OSError as error:
        raise InputError(
            [Fault(str(folder), error.strerror or str(error), "a folder that can be written", "Choose another.")],
            "init",
        ) from None
