"""A comparison of results: tables on the console, one page, and one CSV file."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.comparison import OBJECTIVE, TOTAL, Comparison
from qhenergy.outcome.measures import PENALTIES
from qhenergy.report import charts, console, markup, sheets_compare
from qhenergy.report.charts import Chart, Series, figure, small, wrapped
from qhenergy.report.markup import Markup, Section
from qhenergy.report.names import Names, cost_group
from qhenergy.report.sheet import Cell, Row, Sheet
from qhenergy.report.sheets import LEAST_COST, WAN_KW, YI_CNY
from qhenergy.report.view import LEAST_MW
from qhenergy.report.words import Words, check_language, same

PAGE, TABLE = "compare.html", "compare.csv"


def write(made: Comparison, folder: Path, title: Words, language: str = "en", failed: Sequence[str] = ()) -> None:
    """Write the page and the table of a comparison.

    Args:
        made: the comparison.
        folder: where to; made if it is not there.
        title: of the page.
        language: `en` or `zh`, the one shown first; the page holds both.
        failed: names of variants that have no result.

    Raises:
        InputError: a language the report does not speak, or a file that cannot be written.
    """
    content = {
        PAGE: text(made, title, language, failed),
        TABLE: made.table().to_csv(index=False, float_format="%.10g", lineterminator="\n"),
    }
    for name, part in content.items():
        try:
            markup.write(part, folder / name)
        except OSError as error:
            reason = error.strerror or str(error)
            fault = Fault(str(folder / name), reason, "a file that can be written", "Free it, or choose another place.")
            raise InputError([fault], "the comparison") from None


def show(made: Comparison, out: Console, language: str = "en", failed: Sequence[str] = ()) -> None:
    """Print a comparison: which result is which, then every measure, a column for each."""
    check_language(language)
    console.show_sheet(sheets_compare.key(made), out, language)
    for sheet in sheets_compare.sections(made):
        for part in _fitting(sheet, out.width, language):
            console.show_sheet(part, out, language)
    _show_board(made, out, language)
    if failed:
        out.print()
        out.print(Text(sheets_compare.failures(failed).pick(language), "bold red"))


def _fitting(sheet: Sheet, width: int, language: str) -> list[Sheet]:
    """A sheet cut into ones that fit the width, each with the first result and some of the others."""
    rows = [[sheet.head[0], *sheet.head[1:]], *([row.head, *row.cells] for row in sheet.rows)]
    head, first, *others = (max(cell_len(_said(row[i], language)) + 2 for row in rows) for i in range(len(rows[0])))
    parts: list[list[int]] = [[]]
    for place, wide in enumerate(others, 1):
        used = min(head, console.HEAD + 2) + first + sum(others[i - 1] for i in parts[-1])
        if parts[-1] and used + wide > width:
            parts.append([])
        parts[-1].append(place)
    made = []
    for part in parts:
        columns = [0, *part]
        cut = [Row(row.head, [row.cells[i] for i in columns], row.look) for row in sheet.rows]
        made.append(Sheet(sheet.title, [sheet.head[0], *(sheet.head[i + 1] for i in columns)], cut, sheet.words))
    return made


def _show_board(made: Comparison, out: Console, language: str) -> None:
    """Clauses one below the other: what came of one in each result needs more than a narrow column."""
    sheet = sheets_compare.board(made)
    if sheet is None:
        return
    out.print()
    out.print(Text(sheet.title.pick(language), "bold"))
    for row in sheet.rows:
        unit, *cells = (_said(cell, language) for cell in row.cells)
        out.print(Text(f"{_said(row.head, language)} [{unit}]"))
        grid = Table.grid(padding=(0, 2, 0, 0))
        for cell, name in _alike(cells):
            grid.add_row("   ", Text(name, "bold"), Text(cell))
        out.print(grid)


def _alike(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Cells that differ, each with the letters of the results that have it."""
    letters: dict[str, list[str]] = {}
    for i, cell in enumerate(cells):
        letters.setdefault(cell, []).append(sheets_compare.letter(i))
    return [(cell, " ".join(names)) for cell, names in letters.items()]


def _said(cell: Cell, language: str) -> str:
    return cell.pick(language) if isinstance(cell, Words) else cell


def text(made: Comparison, title: Words, language: str = "en", failed: Sequence[str] = ()) -> str:
    """The page of a comparison as HTML."""
    board = sheets_compare.board(made)
    lead = Words(
        "Every column is a result; small figures are differences from A.",
        "每列为一个结果；小号数字为与A之差。",
    )
    head = markup.paragraph(lead) + (markup.paragraph(sheets_compare.failures(failed), "bad") if failed else "")
    tables = "".join(f"<div>{markup.table(sheet)}</div>" for sheet in sheets_compare.sections(made, _beside))
    sections = [
        Section(
            "results",
            Words("Results compared", "对照的结果"),
            Words("Results", "结果"),
            markup.table(sheets_compare.key(made), stacks=True),
        ),
        Section(
            "charts",
            Words("Costs and capacity", "费用与装机"),
            Words("Charts", "图"),
            markup.charts([_costs(made), _capacity(made)]),
        ),
        Section(
            "measures", Words("Measures", "各项指标"), Words("Measures", "指标"), f'<div class="tables">{tables}</div>'
        ),
        Section(
            "targets",
            Words("Target board", "目标对照"),
            Words("Targets", "目标"),
            markup.table(_words(board), look="compare") if board else "",
        ),
    ]
    last = max(side.created for side in made.sides)
    return markup.page(title, head, sections, same(last), language)


def _beside(value: str, difference: str) -> Cell:
    return Markup(
        f"{html.escape(value)} <small>{html.escape(difference)}</small>" if difference else html.escape(value)
    )


def _words(sheet: Sheet) -> Sheet:
    """The board with all its columns as words."""
    return Sheet(sheet.title, sheet.head, sheet.rows, len(sheet.head) - 1, sheet.note)


def _labels(made: Comparison) -> list[str]:
    return [wrapped(same(f"{sheets_compare.letter(i)} {name}")) for i, name in enumerate(made.names)]


def _costs(made: Comparison) -> Chart:
    """Costs by group, a bar for each result."""
    names = Names(made.sides[0].inputs)
    table = sheets_compare.grouped(made.of("cost")).groupby("item", sort=False).sum()
    table = table.drop([TOTAL, OBJECTIVE])
    colours = charts.colours(item for item in table.index if item not in PENALTIES)
    parts = [
        (cost_group(item), colours.get(item) or names.cost_colour(item, ""), values / YI_CNY)
        for item, values in table.iterrows()
        if values.abs().max() > LEAST_COST
    ]
    return _bars(made, "costs", Words("Yearly cost by name", "年费用构成"), Words("10⁸ CNY/yr", "亿元/年"), parts)


def _capacity(made: Comparison) -> Chart:
    """Capacity by technology, a bar for each result."""
    names = Names(made.sides[0].inputs)
    table = made.of("capacity").groupby("item", sort=False).sum().drop(TOTAL, errors="ignore")
    order = sorted(table.index, key=names.order)
    parts = [
        (names.technology(item), names.colour(item), table.loc[item] / WAN_KW)
        for item in order
        if table.loc[item].max() > LEAST_MW
    ]
    return _bars(made, "capacity", Words("Capacity by technology", "各类装机"), Words("10⁴ kW", "万千瓦"), parts)


def _bars(made: Comparison, key: str, title: Words, unit: Words, parts: Sequence[tuple]) -> Chart:
    labels = _labels(made)
    drawn, series = figure(x_title=unit, barmode="relative", bargap=0.35), Series()
    for name, colour, values in parts:
        drawn.add_bar(
            y=labels,
            x=small(values),
            orientation="h",
            marker={"color": colour},
            legendgroup=series.group(name, colour),
            hovertemplate=(
                name + Words(": ", "：") + Words("%{x:,.1f} ", "%{x:,.1f} ") + unit + "<extra></extra>"
            ).chart(),
        )
    drawn.update_yaxes(categoryorder="array", categoryarray=labels[::-1])
    alt = Words(f"{title.en}: a stacked bar for each result", f"{title.zh}：每个结果一条堆积条形")
    return Chart(key, drawn, title, alt, None, tuple(series.entries), height=90 + 48 * len(labels))
