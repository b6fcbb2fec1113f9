"""Commands about what a case is made of; nothing is solved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qhenergy.cli.app import CaseFile, Json, Language, command, located, out


@command
def check(case: CaseFile) -> None:
    """Read a case and everything it needs, and say what would be run; nothing is solved."""
    from qhenergy.report import readiness
    from qhenergy.studies import expansion, variants

    variants.plan(case, Path("results"))
    ready = expansion.make_ready(case)
    readiness.show(ready.system, ready.size, ready.profile, out)


@command
def plan(
    of: Annotated[Path, typer.Argument(metavar="[CASE|RESULT]", help="case, or result folder")] = Path("plan-2025"),
    json_: Json = False,
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
def math(case: CaseFile) -> None:
    """Print every family of columns and rows of a case: algebra, unit, source, and one row as it is."""
    from qhenergy.report import formulation
    from qhenergy.studies import expansion

    formulation.show(expansion.make_ready(case).system, out)


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
