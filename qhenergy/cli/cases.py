"""Commands that run cases: solve, tell what clauses cost, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qhenergy.cli.app import CaseFile, Language, ResultPath, Results, command, err, located, out

if TYPE_CHECKING:
    from qhenergy.outcome.result import Result


@command
def run(
    case: CaseFile,
    results: Results = Path("results"),
    again: Annotated[bool, typer.Option("--again", help="solve also variants that have a result already")] = False,
    language: Language = "en",
    price_clauses: Annotated[
        bool, typer.Option("--price-clauses", help="then solve once more without each clause, to tell its cost")
    ] = False,
) -> None:
    """Plan a case: read, build, solve, audit, store, and show the target board; of variants, compare all."""
    from qhenergy.cli.progress import Progress
    from qhenergy.report import console, page
    from qhenergy.studies import clause_prices, expansion, variants

    if variants.plan(case, results):
        _run_variants(case, results, again, price_clauses, language)
        return
    with Progress(err) as progress:
        result, folder = expansion.run(case, results, progress)
        progress("report", "report.html")
        page.write(result, folder / "report.html", language)
    if price_clauses and clause_prices.to_price(result):
        result = _priced(folder, "", language)
    console.show(result, out, language)
    out.print(f"\nresult: {folder}\nreport: {folder / 'report.html'}", highlight=False, soft_wrap=True)


def _run_variants(case: Path, results: Path, again: bool, price: bool, language: str) -> None:
    from qhenergy.cli.progress import Progress
    from qhenergy.outcome import store
    from qhenergy.outcome.comparison import Comparison
    from qhenergy.report import page, page_compare
    from qhenergy.studies import clause_prices, variants

    def finish(result: Any, folder: Path) -> None:
        if not (folder / "report.html").exists():
            progress("report", str(folder / "report.html"))
            page.write(result, folder / "report.html", language)

    with Progress(err) as progress:
        done = variants.run(case, results, progress, again, finish)
    for folder in done.folders if price else ():
        if clause_prices.to_price(store.read(folder)):
            _priced(folder, "", language)
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
def price_clauses(
    result: ResultPath,
    profile: Annotated[str, typer.Option(help="solver profile; that of the result by default")] = "",
    language: Language = "en",
) -> None:
    """Tell what each clause of a stored result costs: solve once more without it; what is known is skipped."""
    from qhenergy.report import console

    folder = located(result)
    console.show_board(_priced(folder, profile, language), out, language)
    out.print(f"\nreport: {folder / 'report.html'}", highlight=False, soft_wrap=True)


def _priced(folder: Path, profile: str, language: str) -> Result:
    """A stored result with the costs of its clauses, its report written again; a stop keeps what was found."""
    from qhenergy.cli.progress import Progress
    from qhenergy.report import page
    from qhenergy.studies import clause_prices

    try:
        with Progress(err) as progress:
            found = clause_prices.price_stored(folder, progress, profile)
            progress("report", "report.html")
            page.write(found, folder / "report.html", language)
    except KeyboardInterrupt:
        err.print(
            f"Stopped. The result and the costs found so far are kept. To go on: qhenergy price-clauses {folder}",
            highlight=False,
            soft_wrap=True,
        )
        raise typer.Exit(130) from None
    return found


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
