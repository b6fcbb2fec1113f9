"""What a run shows first: costs, capacity, energy, the target board, and how the answer was found.

Everything is printed to a given rich console; on a pipe or in a file it is plain text.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome import audit as limits
from qhenergy.outcome.audit import Audit, audit
from qhenergy.outcome.board import ClauseRow, board
from qhenergy.outcome.result import Result
from qhenergy.report import (
    sheets,
    sheets_backcast,
    sheets_carriers,
    sheets_demand,
    sheets_energy,
    sheets_flexible,
    sheets_indicators,
)
from qhenergy.report.clauses import STATUS, asked, cost, found_at, holds, ordered, price, together, tone, unit
from qhenergy.report.names import STRICTNESS
from qhenergy.report.sheet import Cell, Sheet
from qhenergy.report.view import View
from qhenergy.report.words import Words, check_language, figures

#: Most the first column of a table takes.
HEAD = 36
#: Least of a column of words before a table is printed in parts, and what is between two columns.
LEAST, GAP = 16, 2
STYLE = {"group": "bold", "sum": "bold", "apart": "red", "part": "dim"}
TONE = {"good": "green", "warn": "yellow", "bad": "bold red", "off": "dim"}


def show(result: Result, console: Console, language: str = "en", found: Audit | None = None) -> None:
    """Print the tables of a result.

    Args:
        result: the result.
        console: where to.
        language: of the words, `en` or `zh`.
        found: its audit, if it was made already.

    Raises:
        InputError: a language the report does not speak.
    """
    check_language(language)
    view = View(result)
    _show_title(view, console, language)
    for sheet in (sheets.stages(view), sheets.costs(view), sheets.pathway(view)):
        if sheet is not None:
            show_sheet(sheet, console, language)
    for stage in view.stages:
        for sheet in (
            sheets.capacity(view, stage),
            sheets.capacity(view, stage, "zone"),
            sheets.places(view, stage),
            sheets_energy.generation(view, stage),
            sheets_energy.balance(view, stage),
            sheets_demand.by_sector(view, stage),
            sheets_energy.storage(view, stage),
            sheets_flexible.flexible(view, stage),
            sheets_flexible.siting(view, stage),
            sheets_energy.send_out(view, stage),
            sheets_energy.emissions(view, stage),
            sheets_carriers.hydrogen(view, stage),
            sheets_carriers.heat(view, stage),
            sheets_indicators.table(view, stage),
        ):
            if sheet is not None:
                show_sheet(sheet, console, language)
    show_board(result, console, language)
    _show_solve(result, console)
    _show_audit_line(found or audit(result), console)


def show_backcast(result: Result, console: Console, language: str = "en") -> None:
    """Print a result beside the published record of its years: the year, what explains it, the months.

    Raises:
        InputError: nothing is published of any year of the result, or a language the report does not speak.
    """
    check_language(language)
    view = View(result)
    refuse_unpublished(result, view.backcast.empty)
    _show_title(view, console, language)
    for stage in view.stages:
        year, why = sheets_backcast.year(view, stage), sheets_backcast.explanations(view, stage)
        for sheet in (year, why, *sheets_backcast.of_months(view, stage)):
            if sheet is not None:
                show_sheet(sheet, console, language)


def refuse_unpublished(result: Result, empty: bool) -> None:
    """Refuse a result of which there is nothing to compare.

    Raises:
        InputError: it says which years, and which tables would hold the record.
    """
    if empty:
        found = f"no published figure of {', '.join(map(str, result.case.stages))} to set beside it"
        expected = "rows of published_generation, published_levels or published_utilisation, and a case of whole years"
        remedy = "Take a result of a past year, or add its record to the inputs."
        raise InputError([Fault("the result", found, expected, remedy)], "the result")


def show_audit(found: Audit, console: Console) -> None:
    """Print an audit: what was found beside what is allowed."""
    table = _table(("check", "found", "allowed", ""), 0)
    for name, value, limit in _checks(found):
        passed = value <= limit
        table.add_row(
            Text(name), f"{value:.2e}", f"{limit:.0e}", Text("ok" if passed else "FAILS", "" if passed else "bold red")
        )
    console.print(table)
    for fault in found.faults:
        console.print(fault, style="red", markup=False, highlight=False, soft_wrap=True)
    console.print("passed" if found.passed else "NOT passed", style="bold", highlight=False)


def _checks(found: Audit) -> tuple[tuple[str, float, float], ...]:
    carriers = found.carrier_imbalance_mwh
    return (
        ("primal residual", found.primal_residual, limits.PRIMAL_RESIDUAL),
        ("dual residual", found.dual_residual, limits.DUAL_RESIDUAL),
        ("relative gap", found.relative_gap, limits.RELATIVE_GAP),
        ("energy imbalance of an hour [MWh]", found.energy_imbalance_mwh, limits.ENERGY_MWH),
        ("water imbalance of an hour [hm3]", found.water_imbalance_hm3, limits.WATER_HM3),
        *([("hydrogen and heat of an hour [MWh]", carriers, limits.ENERGY_MWH)] if carriers is not None else []),
        *([("power off the curve of the head [-]", found.head_error, found.head_limit)] if found.head_limit else []),
    )


def _show_title(view: View, console: Console, language: str) -> None:
    case = view.result.case
    title = Words(case.title, case.title_zh or case.title).pick(language)
    console.print(Text(title, "bold"))
    facts = [
        case.inputs,
        ", ".join(map(str, view.stages)),
        f"{len(view.result.hours) * case.time.step:,.0f} h = {len(view.result.spans.spans)} windows",
        case.targets.set or "no target set",
        view.result.created,
    ]
    console.print("  ".join(facts), markup=False, highlight=False)


def _table(head: tuple[str, ...], words: int) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False)
    table.add_column(head[0], max_width=HEAD, overflow="fold", header_style="dim")
    for place, name in enumerate(head[1:]):
        number = place >= words
        table.add_column(
            name, justify="right" if number else "left", no_wrap=number, overflow="fold", header_style="dim"
        )
    return table


def _parts(lines: list[list[str]], words: int, width: int) -> list[list[int]]:
    """Columns of a table in parts that fit side by side, each with the first column; numbers are not broken."""
    widest = [max(map(cell_len, cells)) for cells in zip(*lines, strict=True)]
    least = [min(wide, LEAST) if place <= words else wide for place, wide in enumerate(widest)]
    parts, used = [[0]], least[0]
    for place, wide in list(enumerate(least))[1:]:
        if used + wide + GAP > width and len(parts[-1]) > 1:
            parts.append([0])
            used = least[0]
        parts[-1].append(place)
        used += wide + GAP
    return parts


def show_sheet(sheet: Sheet, console: Console, language: str = "en") -> None:
    """Print one table."""

    def said(cell: Cell) -> str:
        return cell.pick(language) if isinstance(cell, Words) else cell

    names = [said(name) for name in sheet.head]
    rows = [
        [f"  {said(row.head)}" if row.look == "part" else said(row.head), *map(said, row.cells)] for row in sheet.rows
    ]
    console.print()
    console.print(Text(sheet.title.pick(language), "bold"))
    for places in _parts([names, *rows], sheet.words, console.width):
        table = _table(tuple(names[i] for i in places), sum(0 < i <= sheet.words for i in places))
        for cells, row in zip(rows, sheet.rows, strict=True):
            table.add_row(*(Text(cells[i]) for i in places), style=STYLE.get(row.look))
        console.print(table)
    if sheet.note:
        console.print(Text(sheet.note.pick(language), "dim"))


def show_board(result: Result, console: Console, language: str = "en") -> None:
    """Print the target board, and what all clauses together cost where it is known."""
    rows = ordered(board(result))
    console.print()
    console.print(Text(Words("Target board", "目标对照").pick(language), "bold"))
    for row in rows:
        head = Table.grid(expand=True)
        head.add_column(overflow="fold")
        head.add_column(justify="right", no_wrap=True)
        stage = f" {row.stage}" if len({r.stage for r in rows}) > 1 else ""
        name = f"{row.clause}{stage} ({STRICTNESS[row.strictness].pick(language)})"
        head.add_row(Text(name, "bold"), Text(STATUS[row.status].pick(language), TONE[tone(row.status)]))
        console.print(head)
        for line in _lines(row, language):
            console.print(Padding(Text(line), (0, 0, 0, 4)))
    if result.clause_costs is not None:
        for words in together(result.clause_costs):
            console.print(Text(words.pick(language), "dim"))


def _lines(row: ClauseRow, language: str) -> list[str]:
    """What a clause asks and what came of it, what it costs, and where it is printed."""
    pick: Callable[[Words], str] = lambda words: words.pick(language)  # noqa: E731
    numbers = [asked(row)] if asked(row) else []
    if row.achieved is not None:
        numbers.append(f"{pick(Words('achieved', '实现'))} {figures(row.achieved, 5)}")
    if row.slack is not None:
        numbers.append(f"{pick(Words('slack', '余量'))} {figures(row.slack)}")
    if row.unit:
        numbers.append(f"[{pick(unit(row))}]")
    lines = ["   ".join(numbers)]
    if row.shadow_price is not None:
        word = Words("price", "价格") if row.sense == "price" else Words("shadow price", "影子价格")
        lines.append(f"{pick(word)} {pick(price(row))}")
    lines += [pick(words) for words in holds(row)]
    if pick(cost(row)):
        lines.append(f"{pick(Words('cost of the clause', '条款成本'))} {pick(cost(row))}")
    lines.append(found_at(row).pick(language))
    return [line for line in lines if line]


def _show_solve(result: Result, console: Console) -> None:
    solve = result.solve
    console.print(
        f"\nsolved     {solve['columns']:,} columns, {solve['rows']:,} rows, {solve['nonzeros']:,} nonzeros; "
        f"built in {solve['build_seconds']:.1f} s, solved in {solve['solve_seconds']:.1f} s, "
        f"{solve['peak_memory_mb']:,.0f} MB; {solve['solver']}: {solve['status']}",
        markup=False,
        highlight=False,
    )


def _show_audit_line(found: Audit, console: Console) -> None:
    numbers = ", ".join(f"{name} {value:.1e}" for name, value, _ in _checks(found))
    word = "passed" if found.passed else "FAILS"
    console.print(Text(f"audit      {word}: {numbers}", "" if found.passed else "bold red"))
    for fault in found.faults:
        console.print(Text(f"           {fault}", "red"))
