"""The page of a schedule: can a curve be delivered, with what, at what cost, what fails first; several beside."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from rich.console import Console
from rich.text import Text

from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.next_capacity import NextCapacity
from qhenergy.outcome.schedule_description import Description
from qhenergy.outcome.schedule_verdict import Verdict
from qhenergy.report import charts_schedule as charts
from qhenergy.report import charts_schedule_days as days_of
from qhenergy.report import console, markup
from qhenergy.report import sheets_schedule as sheets
from qhenergy.report.markup import Section
from qhenergy.report.names import Names
from qhenergy.report.schedule_words import headline
from qhenergy.report.sheets_next import answer, next_capacities
from qhenergy.report.sheets_verdict import verdicts
from qhenergy.report.words import Words, check_language, same

PAGE = "schedule.html"
WHY_MISSED = Words("What binds where the line misses", "缺额受限对象")
WHY_CURTAILED = Words("What binds where energy is curtailed", "弃电受限对象")


def write(
    made: Sequence[Description],
    checks: Sequence[Verdict],
    path: Path,
    language: str = "en",
    nexts: Sequence[NextCapacity | None] = (),
) -> None:
    """Write the page of one curve, or of several side by side.

    Args:
        made: of one line, in the order they are shown.
        checks: how each was checked, in the same order; none if they were not.
        path: of the file.
        language: `en` or `zh`, the one shown first; the page holds both.
        nexts: what more of each asset would repair, in the same order; None where it was not asked.

    Raises:
        InputError: a language the report does not speak, or a file that cannot be written.
    """
    try:
        markup.write(text(made, checks, language, nexts), path)
    except OSError as error:
        fault = Fault(str(path), error.strerror or str(error), "a file that can be written", "Free it.")
        raise InputError([fault], "the page of the schedule") from None


def text(
    made: Sequence[Description],
    checks: Sequence[Verdict],
    language: str = "en",
    nexts: Sequence[NextCapacity | None] = (),
) -> str:
    """The page as HTML."""
    several = len(made) > 1
    name = Names(made[0].inputs).of("send_out", made[0].line)
    stages = sorted({d.stage for d in made})
    title = Words(
        f"Send-out schedule: {name.en}, {', '.join(map(str, stages))}",
        f"外送曲线校核：{name.zh}，{'、'.join(f'{stage}年' for stage in stages)}",
    )
    head = "".join(_head(d, several) for d in made)
    sections = []
    if several:
        sections.append(
            Section(
                "comparison",
                Words("Curves side by side", "曲线对比"),
                Words("Comparison", "对比"),
                markup.table(sheets.comparison(made)) + markup.charts([charts.durations(made), charts.overlay(made)]),
            )
        )
    for i, d in enumerate(made):
        before = same(f"{d.name}: ") if several else same("")
        sections += _sections(d, f"c{i + 1}", before, several)
        if i < len(nexts) and (found := nexts[i]) is not None:
            sections.append(_next(d, found, f"c{i + 1}", before))
    if checks:
        table = verdicts(checks)
        sections.append(Section("checks", table.title, table.title, markup.table(table)))
    return markup.page(title, head, sections, same(made[-1].created), language)


def _head(made: Description, several: bool) -> str:
    """The answer in a few sentences."""
    before = f"<h3>{same(made.name).html()}</h3>" if several else ""
    first, *others = headline(made)
    return before + f"<p><b>{first.html()}</b></p>" + "".join(markup.paragraph(w) for w in others)


def _sections(made: Description, key: str, before: Words, several: bool) -> list[Section]:
    """The parts about one curve."""

    def section(word: str, title: Words, short: Words, content: str) -> Section:
        return Section(f"{key}-{word}", before + title, before + short if word == "delivery" else short, content)

    def tabled(table: sheets.Sheet | None) -> str:
        return markup.table(table) if table is not None else ""

    missed = charts.causes(made, made.missed, f"{key}-why", Words("Missed energy by cause", "分月缺额与原因"))
    left = charts.causes(made, made.curtailed, f"{key}-left", Words("Curtailed energy by cause", "分月弃电与原因"))
    alone = "" if several else markup.table(sheets.comparison([made]))
    days = [days_of.day(made, int(d), key) for d in made.days["day"]]
    both = [] if several else [charts.durations([made]), charts.overlay([made])]
    return [
        section(
            "delivery",
            Words("What is delivered and missed", "外送与缺额"),
            Words("Delivery", "外送"),
            markup.charts([charts.delivered(made, key), charts.shortfall(made, key)], wide=True)
            + markup.charts([*both, missed])
            + markup.table(sheets.months(made))
            + tabled(sheets.limits(made, made.missed, WHY_MISSED))
            + alone,
        ),
        section(
            "days",
            Words("The worst days", "最差十日"),
            Words("Worst days", "最差日"),
            markup.table(sheets.worst_days(made)) + markup.charts(days),
        ),
        section(
            "curtailment",
            Words("Why energy is curtailed", "弃电原因"),
            Words("Curtailment", "弃电"),
            markup.charts([left, charts.without(made, key)])
            + tabled(sheets.limits(made, made.curtailed, WHY_CURTAILED)),
        ),
        section(
            "content",
            Words("Green content of the line", "外送电量绿色含量"),
            Words("Green content", "绿色含量"),
            markup.charts([charts.origins(made, key), charts.clean_map(made, key)]),
        ),
        section(
            "pole",
            Words("One pole lost", "单极闭锁"),
            Words("Pole lost", "单极闭锁"),
            markup.charts([days_of.pole(made, key)], wide=True) + markup.table(sheets.pole_hours(made)),
        ),
    ]


def _next(made: Description, found: NextCapacity, key: str, before: Words) -> Section:
    """What more of each asset would repair."""
    title = Words("What the next MW would repair", "新增设施的补缺作用")
    content = markup.paragraph(answer(found, made)) + markup.table(next_capacities(found, made))
    return Section(f"{key}-next", before + title, Words("Next MW", "新增设施"), content)


def show(
    made: Sequence[Description],
    checks: Sequence[Verdict],
    out: Console,
    language: str = "en",
    nexts: Sequence[NextCapacity | None] = (),
) -> None:
    """Print the answer: sentences and tables of every curve, then all side by side.

    Raises:
        InputError: a language the report does not speak.
    """
    check_language(language)
    for d, found in zip_longest(made, nexts):
        out.print()
        out.print(Text(d.name, "bold"))
        for i, words in enumerate(headline(d)):
            out.print(Text(words.pick(language), "bold" if not i else ""))
        for sheet in (
            sheets.months(d),
            sheets.limits(d, d.missed, WHY_MISSED),
            sheets.worst_days(d),
            sheets.limits(d, d.curtailed, WHY_CURTAILED),
        ):
            if sheet is not None:
                console.show_sheet(sheet, out, language)
        if found is not None:
            out.print(Text(answer(found, d).pick(language), "bold"))
            console.show_sheet(next_capacities(found, d), out, language)
    console.show_sheet(sheets.comparison(made), out, language)
    if checks:
        console.show_sheet(verdicts(checks), out, language)
