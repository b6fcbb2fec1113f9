"""What all charts share: one look, both languages in every text, and no more data than a page needs."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
from numpy.typing import ArrayLike, NDArray

from qhenergy.report.names import PALETTE
from qhenergy.report.words import Words

FONT = '"Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Segoe UI", Arial, sans-serif'
INK, GRID, QUIET, ALARM = "#1c2330", "#dfe3e8", "#9aa3ae", "#b3261e"


@dataclass(frozen=True)
class Chart:
    """One chart of a page.

    Attributes:
        key: identifier within the page.
        figure: the plotly figure; its texts hold both languages.
        title, alt: what it shows, for the eye and for a reader that sees nothing.
        note: what to know when reading it.
        legend: name and colour of its series, for the legend below the title.
        height: [px].
    """

    key: str
    figure: go.Figure
    title: Words
    alt: Words
    note: Words | None = None
    legend: tuple[tuple[Words, str], ...] = ()
    height: int = 360

    def html(self) -> str:
        """The chart as a figure with caption, legend and data."""
        chips = "".join(
            f'<li><button type="button" data-series="{i}"><i style="background:{html.escape(colour)}"></i>'
            f"{name.html()}</button></li>"
            for i, (name, colour) in enumerate(self.legend)
        )
        return (
            f'<figure class="chart" id="chart-{html.escape(self.key)}">'
            f"<figcaption>{self.title.html()}</figcaption>"
            + (f'<ul class="legend">{chips}</ul>' if chips else "")
            + f'<div class="plot" role="img" style="height:{self.height}px" '
            f'data-label-en="{html.escape(self.alt.en)}" data-label-zh="{html.escape(self.alt.zh)}"></div>'
            + (f'<p class="note">{self.note.html()}</p>' if self.note else "")
            + f'<script type="application/json">{_json(self.figure)}</script></figure>'
        )


def _json(figure: go.Figure) -> str:
    """The figure as JSON that may stand inside a script element."""
    content = json.loads(pio.to_json(figure, validate=False))
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


@dataclass
class Series:
    """Traces that the legend switches together, in the order they are added."""

    entries: list[tuple[Words, str]] = field(default_factory=list)

    def group(self, name: Words, colour: str) -> str:
        """The legend group of a name; a new entry the first time it is asked for."""
        if (name, colour) not in self.entries:
            self.entries.append((name, colour))
        return str(self.entries.index((name, colour)))


def figure(y_title: Words | None = None, x_title: Words | None = None, **layout: Any) -> go.Figure:
    """An empty figure in the look of the report."""
    axis: dict[str, Any] = {
        "gridcolor": GRID,
        "zerolinecolor": QUIET,
        "zerolinewidth": 1,
        "automargin": True,
        "title_standoff": 8,
        "ticks": "",
        "exponentformat": "none",
        "separatethousands": True,
    }
    made = go.Figure(
        layout={
            "template": go.layout.Template(),
            "font": {"family": FONT, "size": 13, "color": INK},
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "margin": {"l": 8, "r": 12, "t": 30, "b": 8},
            "separators": ".,",
            "showlegend": False,
            "hoverlabel": {"font": {"family": FONT, "size": 12}, "namelength": -1},
            "xaxis": axis,
            "yaxis": axis,
        }
    )
    if y_title:
        made.update_yaxes(title_text=y_title.chart())
    if x_title:
        made.update_xaxes(title_text=x_title.chart())
    made.update_layout(**layout)
    return made


def small(values: ArrayLike) -> NDArray[np.float32]:
    """Values as a chart needs them: four bytes each."""
    return np.asarray(values, dtype=np.float32)


def wrapped(name: Words, width: int = 24) -> str:
    """A long name on several lines, for the labels of an axis."""
    lines, line = [], ""
    for piece in UNBROKEN.findall(name.zh):
        if line and printed_width(line + piece.rstrip()) > width:
            lines.append(line)
            line = ""
        line += piece
    return Words("<br>".join(textwrap.wrap(name.en, width)), "<br>".join([*lines, line])).chart()


#: What a line of Chinese is not broken inside: a Latin word or number, a character with what closes after it.
UNBROKEN = re.compile(r"[\x21-\x7e]+ *|.[）》”，。、：]?")


def printed_width(text: str) -> int:
    """Width of a text in Latin characters: a Chinese one takes two."""
    return sum(1 if ord(c) < 0x2E80 else 2 for c in text)


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for every name that has none in the data."""
    return {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(names)}


#: Formats of a date axis; the modelled year has no year of its own.
DAY_TICKS = Words("%-d %b", "%-m月%-d日").chart()
HOUR_HOVER = Words("%-d %b %H:00", "%-m月%-d日 %H时").chart()
MONTH_TICKS = Words("%b", "%-m月").chart()
#: First instant of the modelled year on a date axis: any year of 365 days.
YEAR_START = np.datetime64("2025-01-01T00", "h")
HOUR_MS = 3_600_000
MONTHS = tuple(
    Words(en, f"{i + 1}月")
    for i, en in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))
)


def moment(hour: int) -> str:
    """The hour of the modelled year as the chart writes a date."""
    return str(YEAR_START + np.timedelta64(int(hour), "h")) + ":00"


def date_axis(made: go.Figure, hours: int) -> None:
    """Make the x axis one of dates of the modelled year, told as finely as so many hours need."""
    ticks = HOUR_HOVER if hours < 96 else DAY_TICKS if hours < 1500 else MONTH_TICKS
    made.update_xaxes(type="date", tickformat=ticks, hoverformat=HOUR_HOVER)
