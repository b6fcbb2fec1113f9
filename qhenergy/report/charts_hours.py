"""Charts of the hours: dispatch, what is sent out, and prices."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from qhenergy.report.charts import (
    ALARM,
    HOUR_MS,
    INK,
    MONTHS,
    Chart,
    Series,
    colours,
    date_axis,
    figure,
    moment,
    small,
)
from qhenergy.report.view import View
from qhenergy.report.weeks import Week
from qhenergy.report.words import Words

#: From the bottom of the stack upwards: what runs steadily, then water, then sun and wind.
STACK = ("thermal", "small_hydro", "hydro", "hydro_hub", "csp", "wind", "solar")
#: Points that a curve over the year is drawn with.
POINTS = 250
#: What never reaches this share of the highest demand is not drawn.
LEAST = 1e-4
MW = "%{y:,.0f} MW"


def dispatch(view: View, stage: int, week: Week) -> Chart:
    """What runs hour by hour, stacked, with demand and what is sent out as lines."""
    roles = view.dispatch(stage)
    made = figure(y_title=Words("MW", "兆瓦 (MW)"), hovermode="x unified")
    series = Series()
    start, places = moment(week.first_hour), week.places
    least = LEAST * float(np.abs(view.total(stage, "demand")).max(initial=0.0))

    def line(values: NDArray[np.float64], name: Words, colour: str, **look: object) -> None:
        made.add_trace(
            go.Scatter(
                x0=start,
                dx=round(HOUR_MS * view.result.case.time.step),
                y=small(values[places]),
                name=name.chart(),
                mode="lines",
                legendgroup=series.group(name, colour),
                hovertemplate=MW,
                **look,
            )
        )

    def area(values: NDArray[np.float64], name: Words, colour: str, stack: str) -> None:
        if np.abs(values[places]).max(initial=0.0) < least:
            return
        line(values, name, colour, stackgroup=stack, fillcolor=colour, line={"width": 0.3, "color": INK})

    def rank(technology: str) -> tuple[int, int]:
        kind = view.names.kind(technology)
        return (STACK.index(kind) if kind in STACK else len(STACK), view.names.order(technology))

    generating = sorted((t for role, t in roles if role == "generation"), key=rank)
    for technology in generating:
        area(roles["generation", technology], view.names.technology(technology), view.names.colour(technology), "up")
    for role, word in (("discharging", Words("discharge", "放电")), ("import", None), ("unserved", None)):
        for technology in sorted((t for r, t in roles if r == role), key=view.names.order):
            name = view.names.technology(technology) + (Words(f": {word.en}", f"：{word.zh}") if word else "")
            area(roles[role, technology], name, view.names.colour(technology), "up")
    for role, word in (
        ("charging", Words("charge", "充电")),
        ("heating", Words("electric heat", "电加热")),
        ("pumping", Words("pumping", "抽水")),
        ("conversion", Words("to heat and fuel", "制热与制燃料")),
        ("own_use", Words("own use", "自耗电")),
        ("export", None),
    ):
        for technology in sorted((t for r, t in roles if r == role), key=view.names.order):
            name = view.names.technology(technology) + (Words(f": {word.en}", f"：{word.zh}") if word else "")
            area(roles[role, technology], name, view.names.colour(technology), "down")
    demand, sent = -view.total(stage, "demand"), -view.total(stage, "send_out")
    line(demand, Words("demand", "省内负荷"), INK, line={"color": INK, "width": 2})
    if sent.max(initial=0.0) > 0:
        both = Words("demand + send-out", "负荷＋外送")
        line(demand + sent, both, ALARM, line={"color": ALARM, "width": 2, "dash": "dash"})
    date_axis(made, len(places) // view.result.case.time.steps_per_hour)
    return Chart(
        f"dispatch-{stage}-{week.key}",
        made,
        week.title + view.of_stage(stage),
        Words(
            "Stacked areas of hourly power by technology over one week, with demand and send-out as lines",
            "一周逐时各类电源出力堆积图，线为负荷与外送",
        ),
        week.why,
        tuple(series.entries),
        height=400,
    )


def send_out(view: View, stage: int) -> Chart | None:
    """A mean day of each modelled month: what is sent, beside what the curve asks."""
    table = view.send_out_days(stage)
    if table.empty:
        return None
    made, series = figure(y_title=Words("MW", "兆瓦 (MW)"), hovermode="x"), Series()
    lines = list(dict.fromkeys(table["line"]))
    palette = colours(lines)
    months = sorted(set(table["month"]))
    for line in lines:
        rows = table[table["line"] == line].set_index(["month", "hour_of_day"])
        for column, word, look in (
            ("sent [MW]", Words(": sent", "：送出"), {"color": palette[line], "width": 3}),
            ("asked [MW]", Words(": asked by the curve", "：曲线要求"), {"color": INK, "width": 1.2, "dash": "dot"}),
        ):
            if rows[column].isna().all():
                continue
            days = rows[column].unstack("hour_of_day").reindex(index=months, columns=range(24))
            # A day ends where its last hour does, and no line runs from one month to the next.
            values = np.column_stack([days.to_numpy(), days[23], np.full(len(months), np.nan)]).ravel()
            at = np.concatenate([i + np.append(np.arange(25), 25.0) / 25.0 for i in range(len(months))])
            hours = [f"{h:02d}:00" for h in (*range(24), 24, 24)] * len(months)
            name = view.line(line) + word
            made.add_scatter(
                x=small(at),
                y=small(values),
                customdata=hours,
                mode="lines",
                name=name.chart(),
                line={**look, "shape": "hv"},
                legendgroup=series.group(name, look["color"]),
                hovertemplate="%{customdata} " + MW,
            )
    made.update_xaxes(
        tickvals=[i + 0.5 for i in range(len(months))],
        ticktext=[MONTHS[m - 1].chart() for m in months],
        range=[-0.02, len(months)],
        showgrid=False,
    )
    made.update_yaxes(rangemode="tozero")
    return Chart(
        f"send-out-{stage}",
        made,
        Words("Sent out and asked for: a mean day of each month", "外送与要求曲线：各月平均日") + view.of_stage(stage),
        Words("Lines of power sent and power asked for, a mean day of each month", "各月平均日外送功率与要求曲线"),
        Words(
            "Power at the sending end, hours 0 to 24 of each month that has modelled hours.",
            "送端功率；各月0至24时，仅列有模拟时段的月份。",
        ),
        tuple(series.entries),
    )


def price_map(view: View, stage: int) -> Chart:
    """Mean price by month and hour of the day, zones weighted by their demand."""
    table = view.price_map(stage).dropna(how="all")
    top = float(np.nanquantile(table.to_numpy(), 0.98))
    made = figure(x_title=Words("hour of the day", "时刻"))
    made.add_trace(
        go.Heatmap(
            z=small(table.to_numpy()),
            x=list(range(24)),
            y=[MONTHS[m - 1].chart() for m in table.index],
            zmin=0.0,
            zmax=max(top, 1.0),
            colorscale="YlOrRd",
            xgap=1,
            ygap=1,
            colorbar={"title": {"text": Words("CNY/MWh", "元/MWh").chart()}, "thickness": 12, "outlinewidth": 0},
            hovertemplate=Words(
                "%{y}, %{x}:00<br>%{z:,.0f} CNY/MWh<extra></extra>", "%{y} %{x}时<br>%{z:,.0f} 元/兆瓦时<extra></extra>"
            ).chart(),
            hoverongaps=False,
        )
    )
    made.update_yaxes(autorange="reversed", showgrid=False)
    made.update_xaxes(showgrid=False, dtick=3)
    return Chart(
        f"price-map-{stage}",
        made,
        Words("Price by month and hour", "各月各时刻边际电价") + view.of_stage(stage),
        Words("Heat map of mean price by month and hour of the day", "月份与时刻的平均边际电价热力图"),
        Words(
            "Cost of one more MWh of demand, zones weighted by demand. Months without a modelled hour are left "
            "out; the colour scale ends at the 98th percentile.",
            "增加1兆瓦时负荷的系统成本，各区按负荷加权。仅列有模拟时段的月份；色标止于98%分位。",
        ),
        height=max(120 + 22 * len(table), 240),
    )


def price_duration(view: View, stage: int) -> Chart:
    """Prices of every zone, sorted from the highest."""
    prices, weight = view.price_table(stage), view.result.weights(stage)
    made = figure(
        y_title=Words("CNY/MWh", "元/兆瓦时"), x_title=Words("share of the year", "占全年时间"), xaxis_tickformat=".0%"
    )
    series = Series()
    palette = colours(prices.columns)
    lowest, highest = 0.0, 0.0
    for zone in prices.columns:
        order = np.argsort(-prices[zone].to_numpy())
        share = np.cumsum(weight[order]) / weight.sum()
        values = prices[zone].to_numpy()[order]
        at = np.linspace(0.0, 1.0, POINTS)
        curve = np.interp(at, share, values)
        lowest, highest = min(lowest, curve.min()), max(highest, float(np.interp(0.01, at, curve)))
        name = view.names.zone(zone)
        made.add_trace(
            go.Scatter(
                x=small(at),
                y=small(curve),
                mode="lines",
                name=name.chart(),
                line={"color": palette[zone], "width": 1.8},
                legendgroup=series.group(name, palette[zone]),
                hovertemplate="%{x:.0%}: %{y:,.0f}",
            )
        )
    made.update_yaxes(range=[lowest - 0.03 * (highest - lowest), 1.1 * max(highest, 1.0)])
    return Chart(
        f"price-duration-{stage}",
        made,
        Words("Price duration by zone", "各区电价持续曲线") + view.of_stage(stage),
        Words("Lines of price sorted from the highest, by zone", "各区边际电价由高到低排序曲线"),
        Words("The axis ends at what 1 % of the hours exceed.", "纵轴上限为1%小时数超过的值。"),
        tuple(series.entries),
    )
