"""Whether the clauses of a case clash, which, and what mends it; the case is built once and not planned."""

from __future__ import annotations

from pathlib import Path

from qhenergy.model.assemble import assemble
from qhenergy.report.names import Names
from qhenergy.solving.explain import Explanation, explain
from qhenergy.studies.expansion import Say, make_ready


def run(path: Path, delivered: bool = False, say: Say = lambda *_: None) -> tuple[Explanation, Names]:
    """Explain a case.

    Args:
        path: the case file, or the name of a built-in case.
        delivered: whether all demand must be served and all send-out delivered, whatever its price.
        say: is told what is going on.

    Returns:
        The explanation, and the names of what it speaks of. Where heads follow the level, the explanation is of
        the first pass, in which power does not depend on it.

    Raises:
        InputError: faults of the input.
    """
    ready = make_ready(path, say)
    assembled = assemble(ready.system, progress=lambda line: say("building", line))
    rows, columns = assembled.problem.matrix.shape
    say("built", f"{columns:,} columns, {rows:,} rows")
    found = explain(assembled, ready.profile, delivered=delivered, say=lambda line: say("explaining", line))
    return found, Names(ready.system.inputs)
