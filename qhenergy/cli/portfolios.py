"""The command that sets portfolios of storage side by side."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qhenergy.cli.app import CaseFile, Json, Language, Results, command, err, out


@command
def portfolios(
    case: CaseFile,
    table: Annotated[Path | None, typer.Option(help="CSV file of portfolios; that of the case if none")] = None,
    portfolio: Annotated[list[str] | None, typer.Option(help="one of them; all if none is named")] = None,
    no_credit: Annotated[bool, typer.Option("--no-credit", help="leave out capacity credits")] = False,
    no_curves: Annotated[bool, typer.Option("--no-curves", help="leave out curves of marginal value")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="problems solved at once; all cores if none")] = None,
    results: Results = Path("results"),
    json_: Json = False,
    language: Language = "en",
) -> None:
    """Plan portfolios of storage on the same footing: cost, saving, capacity credit, and what more of each is worth."""
    from qhenergy.cli.progress import Progress
    from qhenergy.outcome.summary import as_json
    from qhenergy.report import portfolios as words
    from qhenergy.studies import portfolios as study

    asked = study.Asked(table, tuple(portfolio or ()), not no_credit, not no_curves, workers)
    try:
        with Progress(err) as progress:
            found, inputs, folder = study.run(case, asked, results, progress)
    except KeyboardInterrupt:
        err.print("Stopped. Every problem that was solved is kept; the same command goes on from there.")
        raise typer.Exit(130) from None
    if json_:
        sys.stdout.write(as_json(found.as_dict(folder)) + "\n")
    else:
        words.show(found, inputs, folder, out, language)
