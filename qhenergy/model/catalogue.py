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
        made |= {module.TABLE.name: module.TABLE for module in self.clauses}
        made[target_set.TABLE.name] = target_set.TABLE
        return list(made.values())


BUILT_IN = Catalogue(technologies.BUILT_IN, policy.BUILT_IN)
TABLES = BUILT_IN.tables


def with_extra(files: Sequence[Path]) -> Catalogue:
    """The built-in catalogue with the user's own files.

    A file that declares `KIND` is a clause, any other a technology.

    Raises:
        InputError: a file is missing, cannot be imported, or is neither.
    """
    more: list[ModuleType] = []
    faults: list[Fault] = []
    for path in files:
        if not path.is_file():
            faults.append(Fault("case, extra", f'"{path}"', "a Python file"))
            continue
        spec = importlib.util.spec_from_file_location(f"qhenergy_extra_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:  # whatever the user's own file does wrong is a fault of the input
            faults.append(Fault(str(path), f"{type(error).__name__}: {error}", "a module that can be imported"))
            continue
        if not hasattr(module, "operate") and not hasattr(module, "write"):
            faults.append(Fault(str(path), "neither operate nor write", "a technology or clause file"))
        sys.modules[spec.name] = module
        more.append(module)
    if faults:
        raise InputError(faults, "extra files")
    return Catalogue(
        (*technologies.BUILT_IN, *(m for m in more if not hasattr(m, "KIND"))),
        (*policy.BUILT_IN, *(m for m in more if hasattr(m, "KIND"))),
    )
