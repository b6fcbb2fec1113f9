"""Commands that solve a case many times to answer a question."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qhenergy.cli.app import CaseFile, Json, Language, Results, command, err, located, out
from qhenergy.ground.faults import NoSolutionError


@command
def explain(
    case: CaseFile,
    json_: Annotated[bool, typer.Option("--json", help="print JSON instead of words")] = False,
    delivered: Annotated[
        bool, typer.Option("--delivered", help="ask as well that all demand is served and all send-out delivered")
    ] = False,
) -> None:
    """Say whether the clauses of a case clash, which, and what would mend it; exit code 3 if they do."""
    from qhenergy.cli.progress import Progress
    from qhenergy.outcome.summary import as_json
    from qhenergy.report import explanation
    from qhenergy.studies import explaining

    with Progress(err) as progress:
        found, names = explaining.run(case, delivered, progress)
    if json_:
        sys.stdout.write(as_json(explanation.as_dict(found)) + "\n")
    else:
        explanation.show(found, names, out)
    if found.verdict != "holds":
        raise typer.Exit(NoSolutionError.exit_code)


@command
def plan_audit(
    case: CaseFile,
    capacities: Annotated[Path, typer.Option(help="CSV file of the portfolio")],
    only: Annotated[bool, typer.Option("--only", help="what the file does not list stays as it is")] = False,
    repair: Annotated[str, typer.Option(help="what the repair may do to capacities: add or any")] = "add",
    steps: Annotated[int, typer.Option(help="technologies released one by one; the rest together")] = 4,
    results: Results = Path("results"),
    json_: Json = False,
    language: Language = "en",
) -> None:
    """Say what a portfolio of capacities is short of, how it runs, what it adds to the cost, and how to mend it."""
    from qhenergy.cli.progress import Progress
    from qhenergy.outcome.plan_audit import as_dict
    from qhenergy.outcome.summary import as_json
    from qhenergy.report import plan_audit as words
    from qhenergy.studies import plan_audit as study

    with Progress(err) as progress:
        found = study.run(case, capacities, results, only, repair, steps, progress)
    if json_:
        sys.stdout.write(as_json(as_dict(found)) + "\n")
    else:
        words.show(found, out, language)


@command
def greenrun(
    case: CaseFile,
    days: Annotated[str, typer.Option(help="lengths of the run, with commas between them")] = "7,15,31",
    start: Annotated[list[str] | None, typer.Option(help="first day as MM-DD; where it is cheapest if none")] = None,
    tries: Annotated[int, typer.Option(help="most runs that are solved for a length in the search")] = 6,
    group: Annotated[str, typer.Option(help="group of plants that stand still")] = "fossil",
    imports: Annotated[str, typer.Option(help="what may come in: none, clean or allowed")] = "clean",
    results: Results = Path("results"),
    language: Language = "en",
) -> None:
    """Least cost against the days in a row without fossil power, with the capacities that change and a certificate."""
    from qhenergy.cli.progress import Progress
    from qhenergy.report import page_greenrun
    from qhenergy.studies import greenrun as study

    asked = study.asked_for(days, start or [], tries, group, imports)
    try:
        with Progress(err) as progress:
            found, inputs, folder = study.run(case, asked, results, progress)
    except KeyboardInterrupt:
        err.print("Stopped. Every run that was solved is kept; the same command goes on from there.")
        raise typer.Exit(130) from None
    page_greenrun.show(found, inputs, folder, out, language)


@command
def schedule(
    case: Annotated[Path, typer.Argument(metavar="{case|result}", help="case file or name, or folder of a result")],
    line: Annotated[str, typer.Option(help="key of the send-out line; that of the case if none")] = "",
    curve: Annotated[list[str] | None, typer.Option(help="CSV or Excel file, or name of a typical curve")] = None,
    year: Annotated[int | None, typer.Option(help="stage whose fleet is meant; the last of the plan if none")] = None,
    step: Annotated[int | None, typer.Option(help="minutes of a step: 60, 30 or 15")] = None,
    commitment: Annotated[str, typer.Option(help="linear, or whole units")] = "",
    keep: Annotated[int | None, typer.Option(help="hours that each step of the rolling dispatch decides")] = None,
    ahead: Annotated[int | None, typer.Option(help="hours that it looks beyond them")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="leave out the year with nothing asked of the line")] = False,
    foresight: Annotated[
        bool, typer.Option("--foresight", help="say how far rolling is at most from the year decided at once")
    ] = False,
    optimise: Annotated[str, typer.Option(help="seek the best stepwise curve: 'steps=3 dwell=4h energy>=36TWh'")] = "",
    firm: Annotated[bool, typer.Option("--firm", help="seek the largest flat and evening levels")] = False,
    more: Annotated[
        float, typer.Option("--next", help="say what so many MW more of each asset would repair; solve the best anew")
    ] = 0.0,
    results: Results = Path("results"),
    language: Language = "en",
) -> None:
    """Say whether a line can keep a curve all year, with what, at what cost, and what fails first."""
    from qhenergy.cli.progress import Progress
    from qhenergy.report import better_curve, page_schedule
    from qhenergy.studies import schedule as study

    asked = study.Asked(
        line, tuple(curve or ()), year, step, commitment, keep, ahead, not alone, foresight, optimise, firm, more
    )
    source = located(case) if case.is_dir() or case.suffix == ".h5" else case
    try:
        with Progress(err) as progress:
            runs, better, folder = study.run(source, asked, results, progress)
            made, verdicts = [run.description for run in runs], [run.verdict for run in runs]
            nexts = [run.next for run in runs]
            progress("report", str(folder / page_schedule.PAGE))
            page_schedule.write(made, verdicts, folder / page_schedule.PAGE, language, nexts)
    except KeyboardInterrupt:
        err.print("Stopped. Every step that was solved is kept; the same command goes on from there.")
        raise typer.Exit(130) from None
    page_schedule.show(made, verdicts, out, language, nexts)
    for name, found in better.found.items():
        out.print(f"\n{name}", style="bold", markup=False, highlight=False)
        better_curve.show(found, out, language)
    if better.firm:
        better_curve.show_firm(better.firm, out, language)
    for verdict in verdicts:
        out.print(f"{verdict.name}: {verdict.folder}", highlight=False, markup=False, soft_wrap=True)
    out.print(f"report: {folder / page_schedule.PAGE}", highlight=False, markup=False, soft_wrap=True)
