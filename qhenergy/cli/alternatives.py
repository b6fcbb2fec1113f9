"""The command that looks for other plans near the least cost."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qhenergy.cli.app import CaseFile, Json, Language, Results, command, err, out


@command
def alternatives(
    case: CaseFile,
    slack: Annotated[str, typer.Option(help="shares of the least cost, with commas between them")] = "1%,3%,5%",
    group: Annotated[list[str] | None, typer.Option(help="a group of groups.csv to ask for as well")] = None,
    only: Annotated[str, typer.Option(help="storage: technologies that store electricity alone")] = "",
    plans: Annotated[int, typer.Option(help="how many plans unlike each other are looked for")] = 4,
    workers: Annotated[
        int | None, typer.Option(help="problems solved at once; as many as there are cores if none")
    ] = None,
    results: Results = Path("results"),
    json_: Json = False,
    language: Language = "en",
) -> None:
    """Least and most of each technology within a slack of the least cost, and a few plans as unlike as can be."""
    from qhenergy.cli.progress import Progress
    from qhenergy.outcome.summary import as_json
    from qhenergy.report import page_alternatives
    from qhenergy.studies import alternatives as study

    asked = study.asked_for(slack, group or [], only, plans, workers)
    try:
        with Progress(err) as progress:
            found, inputs, folder = study.run(case, asked, results, progress)
    except KeyboardInterrupt:
        err.print("Stopped. Every plan that was solved is kept; the same command goes on from there.")
        raise typer.Exit(130) from None
    if json_:
        sys.stdout.write(as_json(found.as_dict()) + "\n")
    else:
        page_alternatives.show(found, inputs, folder, out, language)
