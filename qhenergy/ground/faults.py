"""What can go wrong, said so that the reader knows what to do.

QhenergyError                 anything this program refuses; carries its exit code
├── InputError        exit 2  faults of tables, cases, profiles or options, all at once
├── NoSolutionError   exit 3  the problem is infeasible or unbounded
└── SolverError       exit 4  the solver gave up: time limit, unknown status, failed audit
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input, as four sentences' worth of fact.

    Attributes:
        where: file, row and column, as the user would look for it.
        found: what stands there.
        expected: what was expected there.
        remedy: what to do about it; may be empty.
    """

    where: str
    found: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        """The fault as one line."""
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.where}: found {self.found}; expected {self.expected}.{tail}"


class QhenergyError(Exception):
    """Anything this program refuses to do, with the exit code of the command line."""

    exit_code = 1


class InputError(QhenergyError):
    """All faults of one reading of the input."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault], subject: str = "the input") -> None:
        self.faults = list(faults)
        self.subject = subject
        count = len(self.faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in {subject}:\n{lines}")

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Fault], str]]:
        """Made again from its faults where it comes back from another process, not from its message."""
        return type(self), (self.faults, self.subject)


class NoSolutionError(QhenergyError):
    """The problem has no solution, or no finite one."""

    exit_code = 3


class SolverError(QhenergyError):
    """The solver stopped without a proven optimum, or its answer failed the audit."""

    exit_code = 4


def nearest(word: str, known: Iterable[str]) -> str:
    """A `Did you mean ...?` for a misspelt word, or the empty string."""
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'Did you mean "{match[0]}"?' if match else ""


def listed(words: Iterable[str], limit: int = 12) -> str:
    """Words as a short comma list, the tail counted."""
    words = list(words)
    shown = ", ".join(words[:limit])
    return shown if len(words) <= limit else f"{shown} and {len(words) - limit} more"
