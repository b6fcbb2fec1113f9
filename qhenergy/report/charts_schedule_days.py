"""Charts of single days and of the loss of a pole, for the page of a schedule."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from qhenergy.outcome.indicators import date
from qhenergy.outcome.schedule_description import Description
from qhenergy.report.charts import ALARM, HOUR_MS, INK, Chart, Series, date_axis, figure, moment, small
from qhenergy.report.charts_hours import LEAST, MW, STACK
from qhenergy.report.charts_schedule import MEGAWATT
from qhenergy.report.names import Names
from qhenergy.report.words import Words, number, same

#: Roles that are drawn below the line.
DOWN_ROLES = ("charging", "pumping", "heating", "conversion", "own_use", "export")


def pole(made: Description, key: str) -> Chart:
    """What a lost pole leaves too much of, and what answers, sorted by what is lost."""
    hours = made.pole.hours
    order = np.lexsort((hours["down"].to_numpy(), -hours["lost"].to_numpy()))
    weights = hours["weight"].to_numpy()[order]
    share = (np.cumsum(weights) - 0.5 * weights) / weights.sum()
    drawn, series = (
        figure(MEGAWATT, Words("share of the hours, largest loss first", "占小时数（按损失由大到小）")),
        Series(),
    )
    drawn.update_xaxes(tickformat=".0%", range=[0, 1])
    for column, name, colour, look in (
        ("lost", Words("lost with a pole", "单极损失功率"), INK, {"mode": "lines", "line": {"color": INK, "width": 2}}),
        ("down", Words("can be lowered", "可下调出力"), "#298c81", {"mode": "markers"}),
        ("shed", Words("to shed", "需切机"), ALARM, {"mode": "markers"}),
    ):
        if look["mode"] == "markers":
            look["marker"] = {"color": colour, "size": 3}
        drawn.add_trace(
            go.Scatter(
                x=small(share), y=small(hours[column].to_numpy()[order]), name=name.chart(),
                legendgroup=series.group(name, colour), hovertemplate=MW, **look,
            )
        )  # fmt: skip
    drawn.update_yaxes(rangemode="tozero")
    title = Words("One pole lost, in every hour", "逐时单极闭锁")
    alt = Words("Power lost, what could be lowered and what must be shed, by hour", "逐时损失功率、可下调与需切机")
    return Chart(f"{key}-pole", drawn, title, alt, None, tuple(series.entries))


def day(made: Description, number_of_day: int, key: str) -> Chart:
    """What runs on one of the worst days, stacked, with demand and what the line is asked."""
    table, names = made.dispatch[number_of_day], Names(made.inputs)
    hours = made.hours.loc[table.index]
    drawn, series = figure(MEGAWATT, hovermode="x unified"), Series()
    start = moment(int(hours["hour_of_year"].iloc[0]))
    least = LEAST * float(table.abs().to_numpy().max(initial=0.0))

    def line(values: NDArray[np.float64], name: Words, colour: str, **look: object) -> None:
        drawn.add_trace(
            go.Scatter(
                x0=start, dx=HOUR_MS, y=small(values), name=name.chart(), mode="lines",
                legendgroup=series.group(name, colour), hovertemplate=MW, **look,
            )
        )  # fmt: skip

    def rank(key: tuple[str, str]) -> tuple[int, int, int]:
        kind = names.kind(key[1])
        supplies = ("generation", "discharging", "import", "unserved")
        first = supplies.index(key[0]) if key[0] in supplies else len(supplies)
        return (first, STACK.index(kind) if kind in STACK else len(STACK), names.order(key[1]))

    for role, technology in sorted(table.columns, key=rank):
        values, colour = table[role, technology].to_numpy(), names.colour(technology)
        if role in ("demand", "send_out", "transfer", "flexible") or np.abs(values).max(initial=0.0) < least:
            continue
        behind = {"charging": Words("charge", "充电"), "discharging": Words("discharge", "放电")}.get(role)
        name = names.technology(technology) + (Words(f": {behind.en}", f"：{behind.zh}") if behind else "")
        stack = "down" if role in DOWN_ROLES else "up"
        line(values, name, colour, stackgroup=stack, fillcolor=colour, line={"width": 0.3, "color": INK})
    demand = -table["demand", "demand"].to_numpy()
    line(demand, Words("demand", "省内负荷"), INK, line={"color": INK, "width": 2})
    both, asked = Words("demand + sent", "负荷＋外送"), Words("demand + asked", "负荷＋要求外送")
    line(demand + hours["sent"].to_numpy(), both, "#1f4e8c", line={"color": "#1f4e8c", "width": 2})
    line(demand + hours["asked"].to_numpy(), asked, ALARM, line={"color": ALARM, "width": 2, "dash": "dash"})
    date_axis(drawn, 24)
    missed = number(float(hours["missed"].sum()))
    title = same(date(number_of_day % 365)) + Words(f": {missed} MWh missed", f"：缺{missed}兆瓦时")
    alt = Words("Stacked hourly power by technology on one day", "一日逐时各类电源出力堆积图")
    return Chart(f"{key}-day-{number_of_day}", drawn, title, alt, None, tuple(series.entries), height=320)
