"""What `qhenergy greenrun` shows: the frontier as a table, its charts, and the hours of every run."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from rich.console import Console

from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.frontier import Frontier, Step
from qhenergy.outcome.indicators import date
from qhenergy.report import console, markup
from qhenergy.report.charts import ALARM, INK, QUIET, Chart, figure, small
from qhenergy.report.markup import Section
from qhenergy.report.names import Names
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import YI_CNY
from qhenergy.report.words import Words, check_language, number, same

PAGE = "greenrun.html"
DAYS = Words("days in a row without fossil power", "连续无化石电力天数")
MONEY = Words("10^8 CNY/yr", "亿元/年")
#: A change of capacity below this is what a solver leaves [MW].
LEAST_CHANGE = 0.5
IMPORTS = {
    "allowed": Words("anything may be imported", "购入不限"),
    "clean": Words("only what has no CO2 may be imported", "仅可购入无碳电力"),
    "none": Words("nothing may be imported", "不得购入"),
}


def show(made: Frontier, inputs: Inputs, folder: Path, out: Console, language: str = "en") -> None:
    """Print a frontier and write its page.

    Raises:
        InputError: a language the report does not speak, or a page that cannot be written.
    """
    check_language(language)
    path = folder / PAGE
    try:
        markup.write(text(made, inputs, language), path)
    except OSError as error:
        fault = Fault(str(path), error.strerror or str(error), "a file that can be written", "Free it.")
        raise InputError([fault], "the page of the study") from None
    for sheet in (frontier(made), changes(made, Names(inputs)), hours(made)):
        console.show_sheet(sheet, out, language)
    out.print(f"\ngreen runs: {path}\ntables: {folder}", highlight=False, soft_wrap=True)


def text(made: Frontier, inputs: Inputs, language: str = "en") -> str:
    """The page as HTML."""
    names = Names(inputs)
    title = Words(f"Green runs: {made.title}", f"连续绿电：{made.title_zh}")
    group = names.of("group_names", made.group)
    head = Words(
        f"Least cost against the days in a row without {group.en} ({made.group}); {IMPORTS[made.imports].en}.",
        f"连续无“{group.zh}”（{made.group}）天数与最低费用；{IMPORTS[made.imports].zh}。",
    )
    drawn = [cost_chart(made), change_chart(made, names), margin_chart(made)]
    sections = [
        Section(
            "frontier",
            Words("Cost of a longer run", "延长天数的费用"),
            Words("Cost", "费用"),
            markup.charts(drawn[:2]) + markup.table(frontier(made)),
        ),
        Section(
            "capacity",
            Words("Capacity that changes", "装机变化"),
            Words("Capacity", "装机"),
            markup.table(changes(made, names)),
        ),
        Section(
            "certificates",
            Words("Certificates, hour by hour", "逐时核验"),
            Words("Certificates", "核验"),
            markup.charts(drawn[2:], wide=True) + markup.table(hours(made)),
        ),
    ]
    return markup.page(title, markup.paragraph(head, "quiet"), sections, same(made.created), language)


def status(step: Step) -> Words:
    """How sure an answer is, in words."""
    words = {
        "given day": Words("given day", "给定日期"),
        "cheapest": Words("cheapest", "费用最低"),
        "no solution": Words("no solution", "无解"),
    }
    tried = Words(f"cheapest of {step.tried} tried", f"已试{step.tried}种中最低")
    return words.get(step.status, tried)


def frontier(made: Frontier) -> Sheet:
    """Cost of every length, what is proven of it, and whether it holds."""
    sheet = Sheet(
        Words("Least cost against days without fossil power", "无化石电力天数与最低费用"),
        (
            Words("days", "天数"),
            Words("run", "运行区间"),
            Words("found", "搜索结果"),
            Words("certificate", "核验"),
            MONEY,
            Words("more", "增加"),
            Words("more %", "增幅%"),
            Words("at least", "下界"),
            Words("unserved MWh", "未供电量 MWh"),
        ),
        words=3,
        note=Words(
            "at least: no run of the length costs less. A length may be answered by a longer run that is cheaper than "
            "what was found of its own. Sets of hours are tried, not days: first days that share all hours are one.",
            "下界：该天数的任何区间费用均不低于此值。若更长区间更便宜，则以其作为该天数的答案。搜索按小时集合进行，小时集合相同的起始日视为同一方案。",
        ),
    )
    base = made.base.cost
    sheet.rows.append(Row(same("0"), ["", "", "", number(base / YI_CNY, 2), "", "", "", ""]))
    for step in made.steps:
        point, found = step.point, step.certificate
        if point is None:
            sheet.rows.append(Row(same(step.days), ["", status(step), "", "–", "", "", "–", ""]))
            continue
        holds = found is not None and found.passed
        sheet.rows.append(
            Row(
                same(step.days),
                [
                    f"{date(point.first_day)} + {point.days}",
                    status(step),
                    Words("holds", "通过") if holds else Words("FAILS", "未通过"),
                    number(point.cost / YI_CNY, 2),
                    number((point.cost - base) / YI_CNY, 2),
                    number(100 * (point.cost - base) / abs(base), 2),
                    number(step.lower / YI_CNY, 2),
                    number(found.unserved if found else math.nan),
                ],
            )
        )
    return sheet


def changes(made: Frontier, names: Names) -> Sheet:
    """Capacity by technology against the plan without a run."""
    table = made.changes()
    steps = [s for s in made.steps if s.point]
    sheet = Sheet(
        Words("Change of capacity against the plan without a run [MW]", "相对无区间方案的装机变化（MW）"),
        (
            Words("technology", "技术"),
            Words("without", "无区间方案"),
            *(Words(f"{s.days} d, {date(s.point.first_day)}", f"{s.days}天，{date(s.point.first_day)}") for s in steps),
        ),
    )
    for technology, rows in table.groupby("technology", sort=False):
        change = rows["change [MW]"].to_numpy()
        if np.abs(change).max() > LEAST_CHANGE:
            cells = [number(rows["without [MW]"].iloc[0]), *(number(c) for c in change)]
            sheet.rows.append(Row(names.technology(str(technology)), cells))
    return sheet


def hours(made: Frontier) -> Sheet:
    """The worst hour of every run, as its certificate has it."""
    sheet = Sheet(
        Words("The hour with the least clean power left [MW]", "剩余清洁电力最少的小时（MW）"),
        (
            Words("days", "天数"),
            Words("hour", "时刻"),
            Words("demand", "用电"),
            Words("sent", "外送"),
            Words("clean used", "清洁供电"),
            Words("curtailed", "弃电"),
            Words("spare turbines", "水机备用"),
            Words("spare stores", "储能备用"),
            Words("fossil", "化石"),
            Words("unserved", "未供"),
        ),
        words=1,
        note=Words(
            "Counted again from the stored values. Spare turbines: capacity less output; whether there is water for "
            "it is not asked.",
            "由存储结果重新核算。备用为装机减出力，不考虑是否有水。",
        ),
    )
    for step in made.steps:
        if step.certificate is not None and len(step.certificate.hours):
            worst = step.certificate.worst
            power = [worst["demand"], worst["send_out"] + worst["export"], worst["clean_used"], worst["curtailed"]]
            power += [worst["spare_turbine"], worst["spare_store"], worst["fossil"] + worst["fossil_import"]]
            cells = [str(worst["moment"]), *(number(p) for p in [*power, worst["unserved"]])]
            sheet.rows.append(Row(same(step.days), cells))
    return sheet


def _solved(made: Frontier) -> list[Step]:
    return [step for step in made.steps if step.point is not None]


def cost_chart(made: Frontier) -> Chart | None:
    """Cost of the year against the days, with what is proven of it."""
    steps = _solved(made)
    if not steps:
        return None
    drawn = figure(Words("more than without a run, 10^8 CNY/yr", "增加费用（亿元/年）"), DAYS)
    base, days = made.base.cost, [s.days for s in steps]
    lines = (
        (Words("found", "已求得"), [s.point.cost for s in steps], INK, "solid", "lines+markers"),
        (Words("lower bound", "下界"), [s.lower for s in steps], QUIET, "dot", "lines+markers"),
    )
    for i, (name, costs, colour, dash, mode) in enumerate(lines):
        values = small((np.array(costs) - base) / YI_CNY)
        drawn.add_trace(
            go.Scatter(
                x=days, y=values, name=name.chart(), mode=mode, legendgroup=str(i),
                line={"color": colour, "dash": dash},
            )
        )  # fmt: skip
    return Chart(
        "green-cost",
        drawn,
        Words("Cost of days without fossil power", "无化石电力天数的费用"),
        Words("Extra yearly cost against the length of the run", "延长天数与增加费用"),
        legend=tuple((name, colour) for name, _, colour, _, _ in lines),
    )


def change_chart(made: Frontier, names: Names) -> Chart | None:
    """Change of capacity by technology, stacked, against the days."""
    table = made.changes()
    if table.empty:
        return None
    table["label"] = [f"{d} d, {f}" for d, f in zip(table["days"], table["first_day"], strict=True)]
    drawn = figure(Words("change of capacity, MW", "装机变化（MW）"), barmode="relative")
    legend = []
    for technology, rows in table.groupby("technology", sort=False):
        if rows["change [MW]"].abs().max() > LEAST_CHANGE:
            name, colour = names.technology(str(technology)), names.colour(str(technology))
            drawn.add_trace(
                go.Bar(
                    x=rows["label"].tolist(), y=small(rows["change [MW]"]), name=name.chart(),
                    marker_color=colour, legendgroup=str(len(legend)),
                )
            )  # fmt: skip
            legend.append((name, colour))
    if not legend:
        return None
    return Chart(
        "green-capacity",
        drawn,
        Words("Capacity that changes", "装机变化"),
        Words("Change of capacity by technology and length", "分技术分天数的装机变化"),
        legend=tuple(legend),
    )


def margin_chart(made: Frontier) -> Chart | None:
    """Clean power left unused in every hour of the longest run, and what was not served."""
    steps = [s for s in _solved(made) if s.certificate is not None and len(s.certificate.hours)]
    if not steps:
        return None
    step = max(steps, key=lambda s: s.days)
    table: pd.DataFrame = step.certificate.hours
    drawn = figure(Words("MW", "MW"), Words("hour of the run", "区间小时"))
    parts = (
        ("curtailed", Words("curtailed sun and wind", "弃风弃光"), "#f9d002"),
        ("spare_turbine", Words("spare turbines", "水机备用"), "#298c81"),
        ("spare_store", Words("spare stores", "储能备用"), "#88419d"),
        ("unserved", Words("unserved", "未供电力"), ALARM),
    )
    for i, (column, name, colour) in enumerate(parts):
        stack = {} if column == "unserved" else {"stackgroup": "margin"}
        drawn.add_trace(
            go.Scatter(
                x=list(range(len(table))), y=small(table[column]), name=name.chart(), mode="lines",
                line={"width": 1, "color": colour}, text=table["moment"].tolist(), legendgroup=str(i), **stack,
            )
        )  # fmt: skip
    return Chart(
        "green-margin",
        drawn,
        Words(f"Clean power left, {step.days} days", f"{step.days}天区间的剩余清洁电力"),
        Words("Margin by hour of the longest run", "最长区间逐时裕度"),
        legend=tuple((name, colour) for _, name, colour in parts),
    )
