"""Where the built-in data, cases and solver profiles are, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from qhenergy.ground.faults import Fault, InputError, listed, nearest

FOLDERS = ("inputs", "cases", "solvers")


def root() -> Path:
    """The folder that holds `inputs/`, `cases/` and `solvers/`."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "builtin"
    return installed if installed.is_dir() else package.parent


def find(kind: str, name: str, beside: Path | None = None, suffix: str = "") -> Path:
    """The user's folder or file of that name, or else the built-in one.

    Args:
        kind: `inputs`, `cases` or `solvers`.
        name: as the case names it: a path, or a bare name.
        beside: folder of the case file; a path is taken relative to it, and a bare name is looked
            for in a folder `kind` next to it.
        suffix: what a bare name lacks, such as `.toml`.

    Raises:
        InputError: there is none; names the ones there are.
    """
    tried = []
    if beside is not None:
        tried += [beside / name, beside.parent / kind / f"{name}{suffix}"]
    tried.append(root() / kind / f"{name}{suffix}")

    def fits(path: Path) -> bool:
        return path.is_file() if suffix else path.is_dir()

    for path in tried:
        if fits(path):
            return path.resolve()
    # What lies beside the case is a path of anything; names are known in folders of the kind only.
    known = [t.parent for t in tried if t.parent.name == kind]
    there = sorted({p.name.removesuffix(suffix) for folder in known for p in folder.glob(f"*{suffix}") if fits(p)})
    remedy = nearest(name, there) or "Correct the name in the case, or give a path."
    raise InputError([Fault(kind, f'no "{name}"', f"a path, or one of {listed(there)}", remedy)], kind)
