"""Where the rules of the plans stand in a case, without solving it, or in a stored result."""

from __future__ import annotations

from pathlib import Path

from qhenergy.data.case import Case, read_case
from qhenergy.outcome import coverage, store
from qhenergy.outcome.coverage import Covered
from qhenergy.report.words import Words
from qhenergy.studies.expansion import case_file, read_tables


def of_case(path: Path) -> tuple[list[Covered], Words]:
    """The rules in a case, and its title.

    Args:
        path: the case file, or the name of a built-in case.

    Raises:
        InputError: faults of the case or its tables, or a data set without rules.
    """
    path = case_file(path)
    case = read_case(path)
    inputs, catalogue, _ = read_tables(case, path.parent)
    return coverage.of_case(inputs, case, catalogue), _title(case)


def of_result(folder: Path) -> tuple[list[Covered], Words]:
    """The rules in a stored result, and the title of its case.

    Raises:
        InputError: no result, or a data set without rules.
    """
    result = store.read(folder)
    return coverage.of_result(result), _title(result.case)


def _title(case: Case) -> Words:
    return Words(case.title, case.title_zh or case.title)
