"""What `qhenergy math` shows: every family of columns and rows, and one row of each as the matrix has it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from qhenergy.algebra.compile import Compiled
from qhenergy.model.assemble import System, compile_one, compile_plan, window_series

#: Hours of the window that is written to show its rows.
SAMPLE_HOURS = 24
#: Terms of a row that are printed before the rest is counted.
SHOWN_TERMS = 6


@dataclass(frozen=True)
class FamilyLine:
    """A family as it is shown.

    Attributes:
        block: `plan` or `window`.
        kind: `column` or `row`.
        name, unit, algebra, source: of its declaration.
        members: how many members it has.
        example: one row printed from the compiled matrix; empty for columns.
    """

    block: str
    kind: str
    name: str
    unit: str
    algebra: str
    source: str
    members: int
    example: str


def families(system: System) -> list[FamilyLine]:
    """Every family of the plan and of a window of the case; nothing is solved."""
    assets, plan, _ = compile_plan(system)
    series = window_series(system)
    found: dict[tuple[str, str], FamilyLine] = {}
    # The first and the last window of a year can have rows of their own.
    for span in (system.chronology.spans[0], system.chronology.spans[-1]):
        length = min(SAMPLE_HOURS, len(span))
        parts = {name: by_span[span.index].iloc[:length] for name, by_span in series.items()}
        window = compile_one(system, assets, replace(span, hours=span.hours[:length]), parts)
        for line in _lines(window, "window"):
            found.setdefault((line.kind, line.name), line)
    return [*_lines(plan, "plan"), *found.values()]


def _lines(block: Compiled, word: str) -> list[FamilyLine]:
    lines = []
    for family in block.families.values():
        labels = block.rows if family.kind == "row" else block.columns
        if family.name not in labels.families:
            continue
        positions = np.flatnonzero(labels.family == labels.families.index(family.name))
        if not len(positions):
            continue
        example = row_text(block, int(positions[len(positions) // 2])) if family.kind == "row" else ""
        members = len(np.unique(labels.member[positions]))
        lines.append(
            FamilyLine(word, family.kind, family.name, family.unit, family.algebra, family.source, members, example)
        )
    return lines


def row_text(block: Compiled, row: int) -> str:
    """A row of the matrix in words: its label, terms and right-hand side."""
    start, end = block.matrix.indptr[row], block.matrix.indptr[row + 1]
    terms = [
        f"{value:+.6g} {_column_text(block, int(column))}"
        for column, value in zip(block.matrix.indices[start:end], block.matrix.data[start:end], strict=True)
        if value
    ]
    shown = " ".join(terms[:SHOWN_TERMS])
    if len(terms) > SHOWN_TERMS:
        shown += f" ... ({len(terms) - SHOWN_TERMS} more terms)"
    lower, upper = block.row_lower[row], block.row_upper[row]
    side = f"= {upper:.6g}" if lower == upper else (f"<= {upper:.6g}" if np.isfinite(upper) else f">= {lower:.6g}")
    labels = block.rows
    member, number = labels.members[labels.member[row]], labels.number[row]
    return f"[{member},{number}]  {shown} {side}"


def _column_text(block: Compiled, column: int) -> str:
    labels = block.columns
    if column < len(labels):
        name = labels.families[labels.family[column]]
        return f"{name}[{labels.members[labels.member[column]]},{labels.number[column]}]"
    port = block.ports[column - len(labels)]
    return f"{port.family}[{port.member},{port.number}]@{port.block}"


def show(system: System, console: Console) -> None:
    """Print the families of a case."""
    lines = families(system)
    for block, title in (("plan", "Plan: once a stage"), ("window", "Window: every hour")):
        for kind, word in (("column", "columns"), ("row", "rows")):
            chosen = [line for line in lines if line.block == block and line.kind == kind]
            if not chosen:
                continue
            console.print(f"\n[bold]{title}, {word}[/bold]")
            for line in chosen:
                head = f"{line.name}  [{line.unit}]  {line.members} member{'s' if line.members != 1 else ''}"
                console.print(head, markup=False, highlight=False, style="cyan")
                _indented(console, line.algebra)
                if line.example:
                    _indented(console, f"e.g. {line.example}", style="dim")
                if line.source:
                    _indented(console, f"source: {line.source}", style="dim")


def _indented(console: Console, text: str, style: str = "") -> None:
    console.print(Padding(Text(text, style=style), (0, 0, 0, 4)))
