"""What all commands share: the app, its consoles, their arguments, and how a refusal ends.

Exit codes: 0 done, 1 a fault of the program, 2 faults of the input, 3 no solution (for `explain`: the clauses
clash, and which is said), 4 the solver gave up or the audit failed, 130 stopped by the user.
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
from qhenergy.ground.faults import Fault, InputError, QhenergyError

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
Results = Annotated[Path, typer.Option(help="folder that results are written to")]
Json = Annotated[bool, typer.Option("--json", help="print JSON instead of tables")]
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

    return app.command(name=function.__name__.rstrip("_").replace("_", "-"))(guarded)


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
