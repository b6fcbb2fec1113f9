"""The command line. Every command reads, does one thing, and ends with a documented exit code.

Exit codes: 0 done, 1 a fault of the program, 2 faults of the input, 3 no solution, 4 the solver gave up
or the audit failed, 130 stopped by the user.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from qhenergy import __version__
from qhenergy.ground.faults import Fault, InputError, QhenergyError, SolverError

app = typer.Typer(
    name="qhenergy",
    help="Least-cost capacity expansion and hourly dispatch of a provincial power system.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Where nobody sees the end of a line, tables get the width they are made for.
out = Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 100)
err = Console(stderr=True)

CaseFile = Annotated[Path, typer.Argument(help="case file (TOML), or the name of a built-in case")]
ResultPath = Annotated[Path, typer.Argument(help="result folder, or result.h5 in it; a case folder means its newest")]

Language = Annotated[str, typer.Option(help="language of names and report: en or zh")]


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Register a command whose refusals become a sentence and an exit code, never a traceback."""

    @functools.wraps(function)
    def guarded(*args: Any, **options: Any) -> None:
        try:
            if "language" in options:
                from qhenergy.report.words import check_language

                check_language(options["language"])
            function(*args, **options)
        except QhenergyError as error:
            _refuse(error)
        except OSError as error:
            where = str(error.filename or "writing")
            fault = Fault(where, error.strerror or str(error), "a place that can be written", "Choose another.")
            _refuse(InputError([fault], "what was to be written"))
        except KeyboardInterrupt:
            err.print("Stopped. Nothing was written; results of earlier runs are as they were.")
            raise typer.Exit(130) from None

    return app.command(name=function.__name__.rstrip("_"))(guarded)


def _refuse(error: QhenergyError) -> NoReturn:
    err.print(str(error), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(error.exit_code) from None


def located(path: Path) -> Path:
    """The result folder meant: itself, that of its `result.h5`, or the newest in a case's folder."""
    if path.is_file():
        return path.parent
    if not (path / "result.h5").exists():
        inside = sorted(path.glob("*/result.h5"), key=lambda p: p.stat().st_mtime)
        if inside:
            return inside[-1].parent
    return path


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="print the version and end")] = False) -> None:
    if version:
        out.print(f"qhenergy {__version__}", highlight=False)
        raise typer.Exit


@command
def run(
    case: CaseFile,
    results: Annotated[Path, typer.Option(help="folder that results are written to")] = Path("results"),
    again: Annotated[bool, typer.Option("--again", help="solve also variants that have a result already")] = False,
    language: Language = "en",
) -> None:
    """Plan a case: read, build, solve, audit, store, and show the target board; of variants, compare all."""
    from qhenergy.cli.progress import Progress
    from qhenergy.report import console, page
    from qhenergy.studies import expansion, variants

    if variants.plan(case, results):
        _run_variants(case, results, again, language)
        return
    with Progress(err) as progress:
        result, folder = expansion.run(case, results, progress)
        progress("report", "report.html")
        page.write(result, folder / "report.html", language)
    console.show(result, out, language)
    out.print(f"\nresult: {folder}\nreport: {folder / 'report.html'}", highlight=False, soft_wrap=True)


def _run_variants(case: Path, results: Path, again: bool, language: str) -> None:
    from qhenergy.cli.progress import Progress
    from qhenergy.outcome.comparison import Comparison
    from qhenergy.report import page, page_compare
    from qhenergy.studies import variants

    def finish(result: Any, folder: Path) -> None:
        if not (folder / "report.html").exists():
            progress("report", str(folder / "report.html"))
            page.write(result, folder / "report.html", language)

    with Progress(err) as progress:
        done = variants.run(case, results, progress, again, finish)
    if done.sides:
        made = Comparison(done.sides)
        page_compare.write(made, done.folder, done.title, language, list(done.failed))
        page_compare.show(made, out, language, list(done.failed))
        for name, folder in zip(made.names, done.folders, strict=True):
            out.print(f"{name}: {folder}", highlight=False, markup=False, soft_wrap=True)
        out.print(f"comparison: {done.folder / page_compare.PAGE}", highlight=False, markup=False, soft_wrap=True)
    for name, error in done.failed.items():
        err.print(f"variant {name}: {error}", markup=False, highlight=False, soft_wrap=True)
    for error in done.failed.values():
        raise typer.Exit(error.exit_code)


@command
def compare(
    results: Annotated[list[Path], typer.Argument(metavar="RESULT RESULT ...", help="result folders, two or more")],
    to: Annotated[Path, typer.Option(help="folder that compare.html and compare.csv are written to")] = Path(),
    language: Language = "en",
) -> None:
    """Set stored results side by side: costs, capacity, energy, targets, and what differs from the first."""
    from qhenergy.report import page_compare
    from qhenergy.report.words import Words
    from qhenergy.studies import variants

    made = variants.stored([located(path) for path in results])
    listed = ", ".join(made.names)
    page_compare.write(made, to, Words(f"Comparison: {listed}", f"对照：{listed}"), language)
    page_compare.show(made, out, language)
    out.print(f"\ncomparison: {to / page_compare.PAGE}", highlight=False, markup=False, soft_wrap=True)


@command
def check(case: CaseFile) -> None:
    """Read a case and everything it needs, and say what would be run; nothing is solved."""
    from qhenergy.report import readiness
    from qhenergy.studies import expansion, variants

    variants.plan(case, Path("results"))
    ready = expansion.make_ready(case)
    readiness.show(ready.system, ready.size, ready.profile, out)


@command
def summary(
    result: ResultPath,
    json_: Annotated[bool, typer.Option("--json", help="print JSON instead of tables")] = False,
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
def backcast(
    result: ResultPath,
    json_: Annotated[bool, typer.Option("--json", help="print JSON instead of tables")] = False,
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
    json_: Annotated[bool, typer.Option("--json", help="print JSON instead of tables")] = False,
    language: Language = "en",
) -> None:
    """Show the river of a stored result station by station, and write its page and tables beside it."""
    from qhenergy.outcome import store
    from qhenergy.report import page_cascade

    folder = located(result)
    page_cascade.show(store.read(folder), folder, out, language, json_)


@command
def plan(
    of: Annotated[Path, typer.Argument(metavar="[CASE|RESULT]", help="case, or result folder")] = Path("plan-2025"),
    json_: Annotated[bool, typer.Option("--json", help="print JSON instead of tables")] = False,
    language: Language = "en",
) -> None:
    """Show every rule of the plans: its wording, what stands for it, and its status in a case or a result."""
    from qhenergy.report import rules
    from qhenergy.studies import coverage

    # A folder of results may have the name of a built-in case; a case file ends in .toml.
    is_result = of.suffix != ".toml" and of.exists()
    found, title = coverage.of_result(located(of)) if is_result else coverage.of_case(of)
    rules.show(found, title, out, language, json_)


@command
def math(case: CaseFile) -> None:
    """Print every family of columns and rows of a case: algebra, unit, source, and one row as it is."""
    from qhenergy.report import formulation
    from qhenergy.studies import expansion

    formulation.show(expansion.make_ready(case).system, out)


@command
def trace(
    datum: Annotated[str, typer.Argument(help="address of a datum: table/key/column")],
    result: ResultPath,
) -> None:
    """Follow a datum from its source to the columns, rows and costs of a result it stands in."""
    from qhenergy.outcome import store
    from qhenergy.report import tracing

    tracing.show(datum, store.read(located(result)), out)


@command
def profiles(
    case: CaseFile,
    to: Annotated[Path, typer.Option(help="folder to write to")] = Path("profiles"),
    language: Language = "en",
) -> None:
    """Write and plot the hourly profiles of a case, with full-load hours beside published ones."""
    from qhenergy.report import profiles_page
    from qhenergy.studies import expansion

    profiles_page.show(expansion.make_ready(case).system, to, out, language)


@command
def dictionary(
    inputs: Annotated[str, typer.Argument(help="built-in system, or a folder of tables")] = "",
    to: Annotated[Path | None, typer.Option(help="file to write to; the console by default")] = None,
) -> None:
    """Print the data dictionary: every table and column with meaning, unit and bounds."""
    from qhenergy.report import data_dictionary

    text = data_dictionary.text(inputs)
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text, encoding="utf-8")


@command
def init(folder: Annotated[Path, typer.Argument(help="new folder")]) -> None:
    """Copy the built-in data, cases and solver profiles to a folder for editing."""
    from qhenergy.studies import starting

    starting.copy(folder)
    out.print(f"{folder}: inputs, cases and solvers to edit. Next:", highlight=False, soft_wrap=True)
    out.print(f"  qhenergy run {folder / 'cases' / 'quickstart.toml'}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    app()
