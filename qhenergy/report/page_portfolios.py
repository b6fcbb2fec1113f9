"""What `qhenergy portfolios` shows: the answer, portfolios side by side, why they cost what they do, and what holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.portfolios import Benchmark, PortfolioOutcome
from qhenergy.report import charts_portfolios as charts
from qhenergy.report import console, markup, page_robustness
from qhenergy.report import sheets_one_portfolio as one
from qhenergy.report import sheets_portfolio_measures as measures
from qhenergy.report import sheets_portfolios as sheets
from qhenergy.report.markup import Section
from qhenergy.report.names import Names
from qhenergy.report.portfolio_words import answer
from qhenergy.report.sheet import Sheet
from qhenergy.report.sheets_portfolios import title_of
from qhenergy.report.words import Words, check_language, named, same

PAGE = "portfolios.html"
#: Key of the part about one portfolio; numbers, since a key may be anything.
DETAIL = "detail-"


def write(found: Benchmark, inputs: Inputs, path: Path, language: str = "en") -> None:
    """Write the page.

    Raises:
        InputError: a language the report does not speak, or a file that cannot be written.
    """
    try:
        markup.write(text(found, inputs, language), path)
    except OSError as error:
        fault = Fault(str(path), error.strerror or str(error), "a file that can be written", "Free it.")
        raise InputError([fault], "the page of the study") from None


def text(found: Benchmark, inputs: Inputs, language: str = "en") -> str:
    """The page as HTML."""
    names = Names(inputs)
    title = Words(f"Storage portfolios: {found.title}", f"储能方案比选：{found.title_zh}")
    first, *others = answer(found, names) or [title]
    head = f"<p><b>{first.html()}</b></p>" + "".join(markup.paragraph(words) for words in others)
    return markup.page(title, head, sections(found, inputs, names), same(found.created), language)


def sections(found: Benchmark, inputs: Inputs, names: Names) -> list[Section]:
    """The parts of the page; those of which nothing was asked are empty."""
    label, line = title_of(found), line_name(inputs, names)
    made = [
        Section(
            "comparison",
            Words("Portfolios side by side", "方案对比"),
            Words("Comparison", "对比"),
            markup.table(sheets.side_by_side(found))
            + markup.charts([charts.causes(found), charts.built(found, names)])
            + _tables(sheets.causes(found)),
        ),
        Section(
            "worth",
            Words("What storage earns, and what each line is worth", "储能收益与价值构成"),
            Words("Value", "价值"),
            markup.charts([charts.earned(found, names), charts.stacks(found)])
            + _tables(measures.worth(found, names), _rows(sheets.stacks(found, line))),
        ),
        Section(
            "credit",
            Words("What is firm", "容量置信度"),
            Words("Capacity credit", "置信度"),
            markup.charts([charts.credit(found, names)])
            + _tables(_rows(sheets.credits_(found, names)), _rows(sheets.substitutions(found, names))),
        ),
        Section(
            "marginal",
            Words("What more would be worth", "边际价值"),
            Words("Marginal value", "边际价值"),
            markup.charts([charts.value(found, names), charts.duration(found, names)])
            + _tables(_rows(sheets.values(found, names)), _rows(sheets.durations(found, names))),
        ),
        Section(
            "use",
            Words("How stores are used", "储能运行"),
            Words("Use", "运行"),
            _tables(measures.use(found, names)) + markup.charts([charts.depth(found, names)]),
        ),
        Section(
            "effects",
            Words("What changes in the grid", "对系统的影响"),
            Words("Grid", "系统"),
            _tables(measures.effects(found), measures.lines(found, names)),
        ),
        Section("targets", Words("Targets", "目标"), Words("Targets", "目标"), _targets(measures.targets(found))),
    ]
    if found.robustness is not None:
        made += page_robustness.sections(found.robustness, inputs, label)
    details = "".join(markup.details(label(o.name), _detail(found, o, names)) for o in sheets.shown(found))
    made.append(Section("details", Words("Portfolio by portfolio", "分方案明细"), Words("Details", "明细"), details))
    return made


def line_name(inputs: Inputs, names: Names) -> Callable[[str], Words]:
    """What a line of a portfolio is called: `cells/north` is a technology and a zone."""

    def name(line: str) -> Words:
        subject, _, zone = line.partition("/")
        words = _subject(inputs, names, subject)
        return words + Words(", ", "，") + names.zone(zone) if zone else words

    return name


def _subject(inputs: Inputs, names: Names, key: str) -> Words:
    """Name of a technology, a group, or an asset of whatever table."""
    for table in ("technologies", "group_names"):
        if key in inputs[table].index:
            return names.of(table, key)
    for frame in inputs.frames.values():
        if "technology" in frame.columns and "zone" in frame.columns and key in frame.index:
            return named(frame.loc[key], key)
    return same(key)


def _rows(sheet: Sheet) -> Sheet | None:
    """A table that has a row."""
    return sheet if sheet.rows else None


def _tables(*made: Sheet | None) -> str:
    present = "".join(f"<div>{markup.table(sheet)}</div>" for sheet in made if sheet is not None)
    return f'<div class="tables">{present}</div>' if present else ""


def _targets(made: list[Sheet]) -> str:
    """Targets that tell portfolios apart, and the others on demand."""
    return "".join(
        markup.details(sheet.title, markup.table(sheet)) if sheet.title == measures.OTHERS else markup.table(sheet)
        for sheet in made
    )


def _detail(found: Benchmark, o: PortfolioOutcome, names: Names) -> str:
    """All tables of one portfolio, or why it has no plan."""
    if not o.solved:
        return "".join(markup.paragraph(same(line)) for line in o.reason.splitlines())
    content = _tables(one.new_storage(o, names))
    if found.measures is not None:
        content += _tables(
            one.savings_of(found, o.name, names) if o.name != found.baseline else None,
            one.assets_of(found, o.name, names),
            one.clauses_of(found, o.name),
        )
    folder = o.folder.name if o.folder else ""
    return content + markup.paragraph(
        Words(f"Result: runs/{o.name}/{folder}", f"结果：runs/{o.name}/{folder}"), "quiet"
    )


def tables(found: Benchmark, inputs: Inputs) -> list[Sheet]:
    """The tables that a console shows, as wide as one is; the page has the others."""
    names = Names(inputs)
    made = [
        sheets.side_by_side(found, short=True),
        sheets.causes(found, short=True),
        sheets.storage(found, names),
        measures.worth(found, names, short=True),
        sheets.stacks(found, line_name(inputs, names)),
        sheets.credits_(found, names),
        sheets.substitutions(found, names),
        sheets.values(found, names),
        sheets.durations(found, names),
    ]
    if found.robustness is not None:
        made += page_robustness.tables(found.robustness, inputs, title_of(found))[:1]
    return [sheet for sheet in made if sheet is not None and sheet.rows]


def show(found: Benchmark, inputs: Inputs, folder: Path, out: Console, language: str = "en") -> None:
    """Print a benchmark: the answer, then its tables.

    Args:
        found: the benchmark.
        inputs: tables of its case.
        folder: where its results are.
        out: where to.
        language: of names.

    Raises:
        InputError: a language the report does not speak.
    """
    check_language(language)
    for i, words in enumerate(answer(found, Names(inputs))):
        out.print(Text(words.pick(language), "bold" if not i else ""))
    for sheet in tables(found, inputs):
        console.show_sheet(sheet, out, language)
    for o in found.outcomes:
        if not o.solved:
            out.print(f"{o.name}: {o.reason}", markup=False, highlight=False, soft_wrap=True)
    for word, path in ((Words("results", "结果"), folder), (Words("report", "报告"), folder / PAGE)):
        out.print(f"{word.pick(language)}: {path}", markup=False, highlight=False, soft_wrap=True)
