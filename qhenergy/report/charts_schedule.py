"""Charts of a schedule: hour by day, durations, causes by month, make-up, curtailment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from qhenergy.outcome.binding_limits import CAUSES as ORDER
from qhenergy.outcome.schedule_description import Description
from qhenergy.report.charts import (
    HOUR_MS,
    INK,
    MONTH_TICKS,
    MONTHS,
    QUIET,
    Chart,
    Series,
    colours,
    figure,
    moment,
    small,
)
from qhenergy.report.charts_hours import MW, POINTS
from qhenergy.report.names import GREY, PALETTE, Names
from qhenergy.report.schedule_words import CAUSES, COLOURS, GWH, origin_name
from qhenergy.report.words import Words, same

MEGAWATT = Words("MW", "兆瓦 (MW)")
GIGAWATTHOURS = Words("GWh", "吉瓦时 (GWh)")


def _heat(made: Description, key: str, column: str, title: Words, unit: Words, note: Words, scale: list) -> Chart:
    """A column of the hours by hour of the day and day of the year."""
    hours = made.hours
    days = np.arange(int(hours["hour_of_year"].min()) // 24, int(hours["hour_of_year"].max()) // 24 + 1)
    table = np.full((24, len(days)), np.nan)
    at = hours["hour_of_year"].to_numpy()
    table[at % 24, at // 24 - days[0]] = hours[column].to_numpy()
    top = float(np.nanmax(table)) if column == "missed" else made.capacity
    drawn = figure(y_title=Words("hour of the day", "时刻"))
    drawn.add_trace(
        go.Heatmap(
            z=small(table),
            x=[moment(24 * int(d) + 12) for d in days],
            y=list(range(24)),
            zmin=0.0,
            zmax=max(top, 1.0),
            colorscale=scale,
            colorbar={"title": {"text": unit.chart()}, "thickness": 12, "outlinewidth": 0, "tickformat": ",.0f"},
            hovertemplate=Words(
                "%{x|%-d %b} %{y}:00<br>%{z:,.0f} MW<extra></extra>",
                "%{x|%-m月%-d日} %{y}时<br>%{z:,.0f} 兆瓦<extra></extra>",
            ).chart(),
            hoverongaps=False,
        )
    )
    ticks = MONTH_TICKS if len(days) > 62 else Words("%-d %b", "%-m月%-d日").chart()
    drawn.update_xaxes(type="date", tickformat=ticks, showgrid=False)
    if len(days) > 62:
        drawn.update_xaxes(dtick="M1", ticklabelmode="period")
    elif len(days) < 15:
        drawn.update_xaxes(dtick=24 * HOUR_MS, tick0=moment(12))
    drawn.update_yaxes(dtick=6, showgrid=False, range=[-0.5, 23.5])
    alt = Words(f"Heat map, hour of the day by day of the year: {title.en}", f"时刻×日期热力图：{title.zh}")
    return Chart(key, drawn, title, alt, note, height=300)


def delivered(made: Description, key: str) -> Chart:
    """Heat map of what is sent."""
    note = Words(
        "Power at the sending end, Beijing time; the scale ends at the rating.",
        "送端功率，北京时间；色标止于额定功率。",
    )
    return _heat(
        made, f"{key}-sent", "sent", Words("Delivered", "外送功率"), MEGAWATT, note, _scale("#f2f5fa", "#1f4e8c")
    )


def shortfall(made: Description, key: str) -> Chart:
    """Heat map of what is missed."""
    note = Words("Asked and not sent; white: nothing.", "要求而未送出的功率；白色表示无缺额。")
    scale = [[0.0, "#f7f7f7"], [1e-6, "#fde0c5"], [0.4, "#eb7f4b"], [1.0, "#8c1515"]]
    return _heat(made, f"{key}-missed", "missed", Words("Shortfall", "缺额功率"), MEGAWATT, note, scale)


def _scale(low: str, high: str) -> list[list[float | str]]:
    return [[0.0, low], [1.0, high]]


def durations(made: Sequence[Description]) -> Chart:
    """Asked and sent, sorted, of every curve."""
    drawn = figure(MEGAWATT, Words("share of the hours", "占小时数"), xaxis_tickformat=".0%")
    series, palette = Series(), colours(d.name for d in made)
    for d in made:
        for column, word, look in (
            ("asked", Words("asked", "要求"), {"width": 1.4, "dash": "dot"}),
            ("sent", Words("sent", "外送"), {"width": 2.2}),
        ):
            name = word if len(made) == 1 else same(d.name) + Words(f": {word.en}", f"：{word.zh}")
            colour = INK if len(made) == 1 and column == "asked" else palette[d.name]
            at, curve = _sorted(d.hours[column].to_numpy(), d.hours["weight"].to_numpy())
            drawn.add_trace(
                go.Scatter(
                    x=small(at), y=small(curve), mode="lines", name=name.chart(), line={"color": colour, **look},
                    legendgroup=series.group(name, colour), hovertemplate="%{x:.0%}: " + MW,
                )
            )  # fmt: skip
    drawn.update_yaxes(rangemode="tozero")
    return Chart(
        "durations",
        drawn,
        Words("Duration of what is asked and sent", "要求与外送功率持续曲线"),
        Words("Power sorted from the highest, by curve", "各曲线功率由高到低排序"),
        legend=tuple(series.entries),
    )


def _sorted(values: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """A duration curve at so many points: shares of the time, and values from the highest."""
    order = np.argsort(-values)
    share = (np.cumsum(weights[order]) - 0.5 * weights[order]) / weights.sum()
    at = np.linspace(0.0, 1.0, POINTS)
    return at, np.interp(at, share, values[order])


def overlay(made: Sequence[Description]) -> Chart:
    """A mean day of each month of every curve, what is sent; of one curve what is asked as well."""
    drawn, series, palette = figure(MEGAWATT), Series(), colours(d.name for d in made)
    shown = list(dict.fromkeys(m for d in made for m in d.months.index))
    for d in made:
        parts = [("sent", Words("sent", "外送"), {"color": palette[d.name], "width": 2.5})]
        if len(made) == 1:
            parts.append(("asked", Words("asked", "要求"), {"color": INK, "width": 1.2, "dash": "dot"}))
        for column, word, look in parts:
            name = word if len(made) == 1 else same(d.name)
            days = d.hours.groupby(["month", "hour_of_day"])[column].mean().unstack("hour_of_day")
            days = days.reindex(index=shown, columns=range(24))
            values = np.column_stack([days.to_numpy(), days[23], np.full(len(shown), np.nan)]).ravel()
            at = np.concatenate([i + np.append(np.arange(25), 25.0) / 25.0 for i in range(len(shown))])
            drawn.add_scatter(
                x=small(at), y=small(values), mode="lines", name=name.chart(), line={**look, "shape": "hv"},
                customdata=[f"{h:02d}:00" for h in (*range(24), 24, 24)] * len(shown),
                legendgroup=series.group(name, look["color"]), hovertemplate="%{customdata} " + MW,
            )  # fmt: skip
    drawn.update_xaxes(
        tickvals=[i + 0.5 for i in range(len(shown))],
        ticktext=[MONTHS[int(m) - 1].chart() for m in shown],
        range=[-0.02, len(shown)],
        showgrid=False,
    )
    drawn.update_yaxes(rangemode="tozero")
    title = Words("A mean day of each month", "各月平均日")
    alt = Words("Lines of power on a mean day of each month", "各月平均日功率曲线")
    return Chart("mean-days", drawn, title, alt, None, tuple(series.entries))


def causes(made: Description, table: pd.DataFrame, key: str, title: Words) -> Chart | None:
    """Energy by month and cause, stacked; nothing where there is none."""
    by_month = made.by_month(table)
    if by_month.empty or not by_month.to_numpy().sum():
        return None
    drawn, series = figure(GIGAWATTHOURS, barmode="stack"), Series()
    labels = [MONTHS[int(m) - 1].chart() for m in by_month.index]
    for cause in (c for c in ORDER if c in by_month):
        name, colour = CAUSES[cause], COLOURS[cause]
        drawn.add_trace(
            go.Bar(
                x=labels, y=small(by_month[cause] / GWH), name=name.chart(), marker_color=colour,
                legendgroup=series.group(name, colour), hovertemplate="%{x}: %{y:,.2f} GWh",
            )
        )  # fmt: skip
    alt = Words(f"{title.en}: stacked bars by month", f"{title.zh}：分月堆积条形图")
    return Chart(key, drawn, title, alt, None, tuple(series.entries))


def origins(made: Description, key: str) -> Chart | None:
    """What the sent energy of every month is made of."""
    table = made.origins
    if table.empty:
        return None
    names = Names(made.inputs)
    drawn, series = (
        figure(Words("share of what is sent", "占外送电量"), barmode="stack", yaxis_tickformat=".0%"),
        Series(),
    )
    shares = table.div(table.sum(axis=1), axis=0)
    order = sorted(shares.columns, key=lambda o: (o not in made.clean_origins, names.order(str(o))))
    for i, origin in enumerate(order):
        if shares[origin].max() < 1e-3:
            continue
        colour = names.colour(str(origin))
        colour = PALETTE[i % len(PALETTE)] if colour == GREY else colour
        name = origin_name(made, str(origin))
        drawn.add_trace(
            go.Bar(
                x=[MONTHS[int(m) - 1].chart() for m in shares.index], y=small(shares[origin]), name=name.chart(),
                marker_color=colour, legendgroup=series.group(name, colour), hovertemplate="%{y:.1%}",
            )
        )  # fmt: skip
    drawn.update_yaxes(range=[0, 1])
    title = Words("What the sent energy is made of", "外送电量构成")
    note = Words(
        "Proportional mixing: all that comes into a zone in an hour is mixed, over corridors too, and a store gives "
        "what it was charged with.",
        "按比例混合：各区每小时全部来电均匀混合，经通道传递；储能按其充入电量的构成放出。",
    )
    alt = Words("Stacked shares of origins by month", "分月来源占比堆积图")
    return Chart(f"{key}-origins", drawn, title, alt, note, tuple(series.entries))


def clean_map(made: Description, key: str) -> Chart:
    """Mean clean share by month and hour of the day."""
    hours = made.hours.assign(weighted=made.hours["clean"] * made.hours["sent"])
    sums = hours.groupby(["month", "hour_of_day"])[["weighted", "sent"]].sum()
    share = (sums["weighted"] / sums["sent"]).where(sums["sent"] > 0).unstack("hour_of_day").reindex(columns=range(24))
    drawn = figure(x_title=Words("hour of the day", "时刻"))
    drawn.add_trace(
        go.Heatmap(
            z=small(100 * share.to_numpy()), x=list(range(24)),
            y=[MONTHS[int(m) - 1].chart() for m in share.index], zmin=0, zmax=100,
            colorscale=[[0.0, "#6b6b6b"], [0.5, "#e6e0b0"], [1.0, "#1b6b3a"]], xgap=1, ygap=1,
            colorbar={"title": {"text": "%"}, "thickness": 12, "outlinewidth": 0}, hoverongaps=False,
            hovertemplate="%{y} %{x}:00<br>%{z:.0f} %<extra></extra>",
        )
    )  # fmt: skip
    drawn.update_yaxes(autorange="reversed", showgrid=False)
    drawn.update_xaxes(showgrid=False, dtick=3)
    title = Words("Clean share of what is sent", "外送电量清洁占比")
    alt = Words("Heat map of the clean share by month and hour", "清洁占比月份×时刻热力图")
    return Chart(f"{key}-clean", drawn, title, alt, height=max(120 + 22 * len(share), 240))


def without(made: Description, key: str) -> Chart | None:
    """Curtailment with and without the line, by technology; nothing where it was not run without."""
    if made.without is None or made.without.empty:
        return None
    names = Names(made.inputs)
    drawn, series = figure(GIGAWATTHOURS, barmode="group"), Series()
    labels = [names.technology(str(t)).chart() for t in made.without.index]
    looks = (("with", Words("with the line", "有外送"), "#1f4e8c"), ("without", Words("without it", "无外送"), QUIET))
    for column, name, colour in looks:
        drawn.add_bar(
            x=labels, y=small(made.without[column] / GWH), name=name.chart(), marker_color=colour,
            legendgroup=series.group(name, colour), hovertemplate="%{y:,.1f} GWh",
        )  # fmt: skip
    title = Words("Curtailment with and without the line", "有无外送的弃电量")
    return Chart(f"{key}-without", drawn, title, title, None, tuple(series.entries), height=280)
