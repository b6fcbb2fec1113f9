"""Commands that show a stored result."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qhenergy.cli.app import Json, Language, ResultPath, command, located, out
from qhenergy.ground.faults import SolverError


@command
def summary(
    result: ResultPath,
    json_: Json = False,
    language: Language = "en",
) -> None:
    """Show a stored result again."""
    from qhenergy.outcome import store
    from qhenergy.outcome.summary import as_json
    from qhenergy.outcome.summary import summary as make
    from qhenergy.report import console

    found = store.read(located(result))
    if json_:
        # Not through rich: nothing may wrap or colour what another program reads.
        sys.stdout.write(as_json(make(found)) + "\n")
    else:
        console.show(found, out, language)


@command
def audit(result: ResultPath) -> None:
    """Recompute residuals, duality gap and balances of a stored result from its arrays."""
    from qhenergy.outcome import store
    from qhenergy.outcome.audit import audit as make
    from qhenergy.report import console

    found = make(store.read(located(result)))
    console.show_audit(found, out)
    if not found.passed:
        raise SolverError("The audit fails: " + "; ".join(found.faults))


@command
def report(
    result: ResultPath,
    to: Annotated[Path | None, typer.Option(help="where to write it; report.html in the result by default")] = None,
    language: Language = "en",
) -> None:
    """Write the report of a stored result again."""
    from qhenergy.outcome import store
    from qhenergy.report import page

    path = to or located(result) / "report.html"
    page.write(store.read(located(result)), path, language)
    out.print(str(path), highlight=False, soft_wrap=True)


@command
def cascade(
    result: ResultPath,
    json_: Json = False,
    language: Language = "en",
) -> None:
    """Show the river of a stored result station by station, and write its page and tables beside it."""
    from qhenergy.outcome import store
    from qhenergy.report import page_cascade

    folder = located(result)
    page_cascade.show(store.read(folder), folder, out, language, json_)


@command
def backcast(
    result: ResultPath,
    json_: Json = False,
    language: Language = "en",
) -> None:
    """Set a result of a past year beside what was published of that year, and say what differs."""
    from qhenergy.outcome import store
    from qhenergy.outcome.backcast import as_dict
    from qhenergy.outcome.summary import as_json
    from qhenergy.report import console

    found = store.read(located(result))
    if json_:
        made = as_dict(found)
        console.refuse_unpublished(found, not made["rows"])
        sys.stdout.write(as_json(made) + "\n")
    else:
        console.show_backcast(found, out, language)


@command
def trace(
    datum: Annotated[str, typer.Argument(help="address of a datum: table/key/column")],
    result: ResultPath,
) -> None:
    """Follow a datum from its source to the columns, rows and costs of a result it stands in."""
    from qhenergy.outcome import store
    from qhenergy.report import tracing

    tracing.show(datum, store.read(located(result)), out)
