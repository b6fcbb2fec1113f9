"""What `qhenergy cascade` makes: tables on the console, CSV beside the result, and one page of the river.

The page of a whole result shows the same river as one of its sections.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from rich.console import Console

from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome import cascade
from qhenergy.outcome.result import Result
from qhenergy.outcome.summary import as_json
from qhenergy.report import charts_river, console, markup, sheets_river
from qhenergy.report.markup import Section
from qhenergy.report.sheet import Sheet
from qhenergy.report.view import View
from qhenergy.report.words import Words, check_language

PAGE, STATIONS, MONTHS = "cascade.html", "cascade_stations.csv", "cascade_months.csv"


def show(result: Result, folder: Path, out: Console, language: str = "en", as_data: bool = False) -> None:
    """Print the river of a result and write its page and tables.

    Args:
        result: the result.
        folder: where the page and the tables go.
        out: console.
        language: `en` or `zh`, the one shown first; the page holds both.
        as_data: print JSON instead of tables.

    Raises:
        InputError: no station stands, a language the report does not speak, or a file that cannot be written.
    """
    check_language(language)
    if not cascade.has_river(result):
        remedy = "Run a case whose hydro_stations.csv has a station with a zone and capacity."
        raise InputError([Fault(str(folder), "no station of a river", "at least one", remedy)], "the result")
    view = View(result)
    _write(text(view, language), folder / PAGE)
    _write(_csv(view.stations), folder / STATIONS)
    _write(_csv(view.months), folder / MONTHS)
    if as_data:
        # Not through rich: nothing may wrap or colour what another program reads.
        sys.stdout.write(as_json(cascade.as_dict(result)) + "\n")
        return
    for stage in view.stages:
        for sheet in _sheets(view, stage):
            console.show_sheet(sheet, out, language)
    out.print(f"\ncascade: {folder / PAGE}\ntables: {folder / STATIONS}, {MONTHS}", highlight=False, soft_wrap=True)


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, float_format="%.10g", lineterminator="\n")


def _write(content: str, path: Path) -> None:
    try:
        markup.write(content, path)
    except OSError as error:
        reason = error.strerror or str(error)
        fault = Fault(str(path), reason, "a file that can be written", "Free it, or copy the result elsewhere.")
        raise InputError([fault], "the river of the result") from None


def _sheets(view: View, stage: int) -> list[Sheet]:
    made = (
        sheets_river.stations(view, stage),
        sheets_river.balance(view, stage),
        sheets_river.values(view, stage),
        sheets_river.heads(view, stage),
    )
    return [sheet for sheet in made if sheet is not None]


def text(view: View, language: str = "en") -> str:
    """The page of the river as HTML."""
    case, stages = view.result.case, view.stages
    title = Words(f"River: {case.title}", f"梯级：{case.title_zh or case.title}")
    years = view.names.water_years(case.water.years)
    source = Words(
        f"Data set {view.result.inputs.folder.name}, water year {years.en}, target set {case.targets.set or '–'}.",
        f"数据集{view.result.inputs.folder.name}，来水年型{years.zh}，目标集{case.targets.set or '–'}。",
    )
    sections = [
        Section(
            "stations",
            Words("Stations", "电站"),
            Words("Stations", "电站"),
            _tables([sheets_river.stations(view, s) for s in stages]),
        ),
        Section(
            "levels",
            Words("Levels", "水位"),
            Words("Levels", "水位"),
            markup.charts([charts_river.levels(view, s) for s in stages], wide=True),
        ),
        Section("months", Words("Releases and values of water", "出流与水价值"), Words("Months", "逐月"), _maps(view)),
        Section(
            "balance",
            Words("Water balance", "水量平衡"),
            Words("Balance", "平衡"),
            _tables([sheets_river.balance(view, s) for s in stages]),
        ),
        Section(
            "heads",
            Words("Head", "水头"),
            Words("Head", "水头"),
            _tables([sheets_river.heads(view, s) for s in stages]),
        ),
    ]
    foot = Words(
        f"qhenergy {view.result.versions['qhenergy']}, {view.result.created}",
        f"qhenergy {view.result.versions['qhenergy']}，{view.result.created}",
    )
    return markup.page(title, markup.paragraph(source, "quiet"), sections, foot, language)


def section(view: View) -> Section:
    """The river as one section of the page of a result."""
    stages = view.stages
    content = (
        markup.charts([charts_river.levels(view, s) for s in stages], wide=True)
        + _maps(view)
        + "".join(
            _tables([f(view, s)])
            for s in stages
            for f in (sheets_river.stations, sheets_river.balance, sheets_river.heads)
        )
    )
    return Section("water", Words("River", "梯级水电"), Words("River", "梯级"), content)


def _maps(view: View) -> str:
    stages = view.stages
    drawn = markup.charts([c(view, s) for s in stages for c in (charts_river.releases, charts_river.values)])
    table = _tables([sheets_river.values(view, s) for s in stages])
    return drawn + (markup.details(Words("values as a table", "水价值表"), table) if table else "")


def _tables(made: list[Sheet | None]) -> str:
    return "".join(markup.table(sheet) for sheet in made if sheet is not None)
