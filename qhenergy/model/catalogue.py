"""Everything the program knows to read: built-in technologies and clauses, and the user's own."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from qhenergy import policy, technologies
from qhenergy.data.tables import COMMON
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table
from qhenergy.policy import target_set


@dataclass(frozen=True)
class Catalogue:
    """The modules of a case.

    Attributes:
        technologies, clauses: modules, in the order they are written.
    """

    technologies: tuple[ModuleType, ...]
    clauses: tuple[ModuleType, ...]

    @property
    def tables(self) -> list[Table]:
        """Declarations of all tables, each once."""
        made: dict[str, Table] = {table.name: table for table in COMMON}
        for module in self.technologies:
            made |= {table.name: table for table in getattr(module, "TABLES", ())}
        for module in self.clauses:
            made |= {table.name: table for table in (module.TABLE, *getattr(module, "TABLES", ()))}
        made[target_set.TABLE.name] = target_set.TABLE
        return list(made.values())


#: What makes a file a clause; see `qhenergy.policy`.
CLAUSE_PARTS = {
    "KIND": "KIND, the name of the kind",
    "TABLE": "TABLE, the declaration of its table",
    "write": "write(plan, clauses), the rows of the plan",
}

BUILT_IN = Catalogue(technologies.BUILT_IN, policy.BUILT_IN)
TABLES = BUILT_IN.tables


def with_extra(files: Sequence[Path]) -> Catalogue:
    """The built-in catalogue with the user's own files.

    A file that declares `KIND` is a clause, any other a technology.

    Raises:
        InputError: a file is missing, cannot be imported, is neither, or lacks a part.
    """
    more: list[ModuleType] = []
    faults: list[Fault] = []
    for path in files:
        module = _imported(path, faults)
        if module is not None:
            _check_parts(module, str(path), faults)
            more.append(module)
    if faults:
        raise InputError(faults, "extra files")
    return Catalogue(
        (*technologies.BUILT_IN, *(m for m in more if not hasattr(m, "KIND"))),
        (*policy.BUILT_IN, *(m for m in more if hasattr(m, "KIND"))),
    )


def _imported(path: Path, faults: list[Fault]) -> ModuleType | None:
    """The module of a file; None, with a fault, if it is none or fails."""
    if not path.is_file():
        remedy = "Correct `extra` in the case; paths are relative to the case."
        faults.append(Fault("case, extra", f'"{path}", which is not there', "a Python file", remedy))
        return None
    if path.suffix != ".py":
        remedy = "Rename it to end in .py, or take it out of `extra`."
        faults.append(Fault(str(path), f'a file of kind "{path.suffix}"', "a Python file", remedy))
        return None
    spec = importlib.util.spec_from_file_location(f"qhenergy_extra_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever the user's own file does wrong is a fault of the input, an exit too
        found = f"{type(error).__name__}: {error}"
        remedy = f"Make `python {path.name}` run without an error."
        faults.append(Fault(str(path), found, "a module that can be imported", remedy))
        return None
    sys.modules[spec.name] = module
    return module


def _check_parts(module: ModuleType, where: str, faults: list[Fault]) -> None:
    """Refuse a file that is neither a technology nor a clause, or lacks a part of one."""
    if not any(hasattr(module, name) for name in ("operate", *CLAUSE_PARTS)):
        remedy = "Define operate(window) for a technology, or KIND, TABLE and write for a clause."
        faults.append(Fault(where, "neither operate nor write", "a technology or clause file", remedy))
    elif any(hasattr(module, name) for name in CLAUSE_PARTS):
        for name, what in CLAUSE_PARTS.items():
            if not hasattr(module, name):
                remedy = f"Define {name}, as the files of qhenergy/policy do."
                faults.append(Fault(where, f"a clause without {name}", what, remedy))
