"""Pieces of a page: tables, sections, and the file that holds them all and asks for nothing from outside."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from plotly.offline import get_plotlyjs

from qhenergy.report.charts import Chart
from qhenergy.report.sheet import Cell, Sheet
from qhenergy.report.words import Words, check_language, escaped

#: A browser that honours it loads nothing, from anywhere.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def shown(cell: Cell) -> str:
    """A cell as HTML."""
    if isinstance(cell, Words):
        return cell.html()
    return cell if isinstance(cell, Markup) else escaped(cell)


def _class(look: str) -> str:
    """A class attribute, or nothing."""
    return f' class="{look}"' if look else ""


def table(sheet: Sheet, stacks: bool = False, look: str = "") -> str:
    """A sheet as HTML.

    Args:
        sheet: the table.
        stacks: whether a row becomes a block on a narrow screen, instead of the table scrolling.
        look: a further class of the table.
    """
    classes = " ".join(word for word in ("stacks" if stacks else "", look) if word)

    def cell(place: int, content: Cell) -> str:
        label, look = sheet.head[place + 1], "n" if place >= sheet.words else ""
        names = f' data-en="{html.escape(label.en)}" data-zh="{html.escape(label.zh)}"' if stacks else ""
        return f"<td{_class(look)}{names}>{shown(content)}</td>"

    heads = "".join(
        f'<th scope="col"{_class("n" if i > sheet.words else "")}>{name.html()}</th>'
        for i, name in enumerate(sheet.head)
    )
    body = "".join(
        f'<tr{_class(row.look)}><th scope="row">{shown(row.head)}</th>'
        + "".join(cell(i, content) for i, content in enumerate(row.cells))
        + "</tr>"
        for row in sheet.rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table{_class(classes)}>'
        f"<caption>{sheet.title.html()}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
        + (paragraph(sheet.note, "note") if sheet.note else "")
    )


def charts(made: Sequence[Chart | None], wide: bool = False) -> str:
    """Charts side by side, or below each other; those that have nothing to show are left out."""
    present = [chart.html() for chart in made if chart is not None]
    return f"<div{_class('charts wide' if wide else 'charts')}>{''.join(present)}</div>" if present else ""


def details(summary: Words, content: str, look: str = "") -> str:
    """Content that opens on demand."""
    return f"<details{_class(look)}><summary>{summary.html()}</summary>{content}</details>"


def paragraph(text: Words, look: str = "") -> str:
    """A paragraph."""
    return f"<p{_class(look)}>{text.html()}</p>"


@dataclass(frozen=True)
class Section:
    """A part of the page with its place in the list of contents; `short` is its name there."""

    key: str
    title: Words
    short: Words
    content: str


def page(title: Words, head: str, sections: Sequence[Section], foot: Words, language: str) -> str:
    """The whole file.

    Args:
        title: of the page.
        head: what stands below the title.
        sections: the parts; those without content are left out.
        foot: last line.
        language: the one shown first.

    Raises:
        InputError: a language the report does not speak.
    """
    check_language(language)
    files = resources.files("qhenergy.report")
    present = [s for s in sections if s.content]
    contents = "".join(f'<li><a href="#{s.key}">{s.short.html()}</a></li>' for s in present)
    body = "".join(
        f'<section id="{s.key}" aria-labelledby="{s.key}-title">'
        f'<h2 id="{s.key}-title">{s.title.html()}</h2>{s.content}</section>'
        for s in present
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}" data-language="{language}" '
        f'data-title-en="{html.escape(title.en)}" data-title-zh="{html.escape(title.zh)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title.pick(language))}</title>"
        f"<style>{(files / 'page.css').read_text(encoding='utf-8')}</style></head><body>"
        f"<header><div><h1>{title.html()}</h1>{head}</div></header>"
        '<nav aria-label="contents"><div><ul>' + contents + "</ul>"
        '<div class="languages"><button type="button" value="en">English</button>'
        '<button type="button" value="zh">中文</button></div></div></nav>'
        f"<main>{body}<footer>{foot.html()}</footer></main>"
        f"<script>{get_plotlyjs()}</script>"
        f"<script>{(files / 'page.js').read_text(encoding='utf-8')}</script></body></html>\n"
    )


def write(text: str, path: Path) -> None:
    """Write a file under a temporary name and rename it, so that a half-written one is never seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
