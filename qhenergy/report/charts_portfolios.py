"""Charts of storage portfolios: savings by cause, what storage earns, credit and value against size and duration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from qhenergy.outcome.portfolios import Benchmark
from qhenergy.outcome.saving import CAUSES
from qhenergy.outcome.storage_worth import ValuePoint
from qhenergy.report.charts import ALARM, GRID, INK, QUIET, Chart, Series, figure, small, wrapped
from qhenergy.report.names import Names
from qhenergy.report.sheets import WAN_KW, YI_CNY
from qhenergy.report.sheets_portfolio_measures import REVENUE, earnings, new_kinds
from qhenergy.report.sheets_portfolios import CAUSE, LEAST_MW, shown, title_of
from qhenergy.report.words import SEPARATOR, Words

COLOURS = {
    "storage": "#51588e",
    "fuel and running": "#6b6b6b",
    "curtailment": "#f2b705",
    "generating capacity": "#5b7f3a",
    "network": "#298c81",
    "exchange": "#c9b79c",
    "receipts": "#88419d",
    "CO2 price": "#d95f0e",
    "not delivered": ALARM,
    "other": QUIET,
}
STREAMS = {"energy": "#235ebc", "capacity": "#298c81", "reserve": "#88419d", "targets": "#b59b00", "other": QUIET}
MONEY, PER_KW = Words("10⁸ CNY/yr", "亿元/年"), Words("CNY/kW/yr", "元/千瓦·年")
POWER = Words("new capacity, 10⁴ kW", "新增容量（万千瓦）")
SUM = Words("sum", "合计")
#: Longest line of a label; height of a line of it, of a bar beside that, and of what is around the bars [px].
WIDTH, LINE, BAR, AROUND = 30, 15, 12, 90


def causes(found: Benchmark) -> Chart | None:
    """What every portfolio saves by cause: bars to the right save, to the left cost, a mark for the sum."""
    if found.measures is None:
        return None
    table = found.measures.savings
    table = table.groupby(["portfolio", "cause"])["saving [CNY/yr]"].sum().unstack(fill_value=0.0) / YI_CNY
    order = [o.name for o in shown(found) if o.solved and o.name != found.baseline]
    if not order:
        return None
    table, label = table.loc[order], title_of(found)
    places = [wrapped(label(name), WIDTH) for name in order]
    drawn, series = figure(x_title=MONEY, barmode="relative", bargap=0.3), Series()
    least = 0.002 * float(table.abs().sum(axis=1).max())
    for cause in (c for c in CAUSES if c in table.columns and table[c].abs().max() > least):
        _bar(drawn, places, table[cause].to_numpy(), CAUSE[cause], COLOURS[cause], series)
    _marks(drawn, places, table.sum(axis=1).to_numpy(), SUM, series)
    base = label(found.baseline)
    return Chart(
        "portfolio-causes",
        drawn,
        Words(f"What each saves beside '{base.en}', by cause", f"相对“{base.zh}”的分原因节约"),
        Words("Stacked bars of saving by cause for every portfolio", "各方案分原因节约堆积条形图"),
        Words("Right of zero saves, left of zero costs more.", "零轴右侧为节约，左侧为增加费用。"),
        tuple(series.entries),
        height=_height(places),
    )


def built(found: Benchmark, names: Names) -> Chart | None:
    """New storage of every portfolio by technology."""
    mixes = {o.name: o.mix() for o in shown(found) if o.capacity >= LEAST_MW}
    if not mixes:
        return None
    label = title_of(found)
    places = [wrapped(label(name), WIDTH) for name in mixes]
    drawn, series = figure(x_title=POWER, barmode="stack", bargap=0.3), Series()
    for technology in sorted({t for mix in mixes.values() for t in mix}, key=names.order):
        power = [mix.get(technology, (0.0, 0.0))[0] for mix in mixes.values()]
        if max(power) >= LEAST_MW:
            name, colour = names.technology(technology), names.colour(technology)
            _bar(drawn, places, np.array(power) / WAN_KW, name, colour, series)
    return Chart(
        "portfolio-built",
        drawn,
        Words("What each builds", "各方案新增储能"),
        Words("Stacked bars of new storage by technology", "分技术新增储能堆积条形图"),
        legend=tuple(series.entries),
        height=_height(places),
    )


def _bar(drawn: go.Figure, places: Sequence[str], values: Any, name: Words, colour: str, series: Series) -> None:
    drawn.add_bar(
        y=list(places),
        x=small(values),
        orientation="h",
        marker={"color": colour, "line": {"width": 0}},
        legendgroup=series.group(name, colour),
        hovertemplate=(name + ": %{x:,.2f}<extra></extra>").chart(),
    )
    _listed(drawn, places)


def _marks(drawn: go.Figure, places: Sequence[str], values: Any, name: Words, series: Series) -> None:
    drawn.add_trace(
        go.Scatter(
            y=list(places),
            x=small(values),
            mode="markers",
            marker={"symbol": "diamond", "size": 10, "color": "#ffffff", "line": {"color": INK, "width": 2}},
            legendgroup=series.group(name, INK),
            hovertemplate=(name + ": %{x:,.2f}<extra></extra>").chart(),
        )
    )


def _listed(drawn: go.Figure, places: Sequence[str]) -> None:
    """Bars from above in their order, also where some have no value."""
    drawn.update_yaxes(
        categoryorder="array", categoryarray=list(places), range=[len(places) - 0.5, -0.5], gridcolor=GRID
    )


def _height(places: Sequence[str]) -> int:
    """Room for bars with labels of several lines."""
    lines = max(part.count("<br>") + 1 for place in places for part in place.split(SEPARATOR))
    return AROUND + (BAR + LINE * lines) * len(places)


def earned(found: Benchmark, names: Names) -> Chart | None:
    """What a kW of new storage earns in every portfolio, by what it is paid for, against what it costs a year."""
    if found.measures is None:
        return None
    table = earnings(found.measures)
    order = [o.name for o in shown(found)]
    table = table.sort_values("portfolio", key=lambda column: column.map(order.index), kind="stable")
    if table.empty:
        return None
    # The key keeps a label short where its portfolio has several technologies.
    places = [
        wrapped(names.technology(str(row.technology)) + f" ({row.portfolio})", WIDTH)
        for row in table.itertuples()
    ]  # fmt: skip
    drawn, series = figure(x_title=PER_KW, barmode="relative", bargap=0.3), Series()
    for word, name in REVENUE.items():
        if table[word].abs().max() >= 0.05:
            _bar(drawn, places, table[word].to_numpy(), name, STREAMS[word], series)
    _marks(drawn, places, table["cost"].to_numpy(), Words("yearly cost", "年成本"), series)
    return Chart(
        "portfolio-earned",
        drawn,
        Words("What a kW of new storage earns, against its yearly cost", "每千瓦新增储能的收益与年成本"),
        Words("Stacked bars of revenue by purpose with a mark for the cost", "分用途收益堆积条形图与年成本标记"),
        Words(
            "It pays where the bars reach the mark; charging is paid for.", "条形达到标记即可收回成本；已扣除充电费用。"
        ),
        tuple(series.entries),
        height=_height(places),
    )


def stacks(found: Benchmark) -> Chart | None:
    """What portfolios save, and what each of their lines is due of it."""
    order = [o.name for o in shown(found)]
    made = sorted((s for s in found.stacks if not s.reason), key=lambda stack: order.index(stack.name))
    if not made:
        return None
    label = title_of(found)
    drawn, series = figure(x_title=MONEY, barmode="relative", bargap=0.3), Series()
    places = [wrapped(label(stack.name), WIDTH) for stack in made]
    most = max(len(stack.shares) for stack in made)
    shades = ("#235ebc", "#7fa8e0", "#298c81", "#8fc7bf")
    for i in range(most):
        values = [stack.shares[i].share / YI_CNY if i < len(stack.shares) else np.nan for stack in made]
        _bar(drawn, places, values, Words(f"line {i + 1}", f"组成{i + 1}"), shades[i % len(shades)], series)
    _marks(drawn, places, [stack.saving / YI_CNY for stack in made], SUM, series)
    return Chart(
        "portfolio-stacks",
        drawn,
        Words("What each line is due of what its portfolio saves", "各组成部分分摊的节约"),
        Words("Stacked bars of Shapley shares", "Shapley分摊堆积条形图"),
        Words("Lines in the order of the table below.", "组成顺序同下表。"),
        tuple(series.entries),
        height=_height(places),
    )


def credit(found: Benchmark, names: Names) -> Chart | None:
    """Capacity credit of technologies against their capacity: of all of it, and of the next MW."""
    steps = [s for s in found.credit_steps if not s.reason]
    if not steps:
        return None
    drawn, series = figure(Words("capacity credit, %", "容量置信度（%）"), POWER), Series()
    for technology in dict.fromkeys(s.technology for s in steps):
        own = [s for s in steps if s.technology == technology]
        name, colour = names.technology(technology), names.colour(technology)
        x = [s.capacity / WAN_KW for s in own]
        for values, dash in (([s.credit for s in own], "solid"), ([s.marginal for s in own], "dot")):
            _line(drawn, x, [100 * v for v in values], name, colour, dash, series)
    drawn.update_yaxes(rangemode="tozero")
    return Chart(
        "portfolio-credit",
        drawn,
        Words("Capacity credit against capacity", "容量置信度随容量的变化"),
        Words("Lines of capacity credit falling with capacity", "容量置信度随容量下降曲线"),
        Words("Dotted: of the next MW.", "点线为边际置信度。"),
        tuple(series.entries),
    )


def value(found: Benchmark, names: Names) -> Chart | None:
    """Marginal value against capacity."""
    return _values(
        "portfolio-value",
        found.values,
        names,
        Words("Marginal value against capacity", "边际价值随容量的变化"),
        POWER,
        lambda p: p.capacity / WAN_KW,
    )


def duration(found: Benchmark, names: Names) -> Chart | None:
    """Marginal value against duration."""
    made = _values(
        "portfolio-duration",
        found.durations,
        names,
        Words("Marginal value against duration", "边际价值随时长的变化"),
        Words("duration, h", "时长（小时）"),
        lambda p: p.hours,
    )
    if made is not None:
        hours = [p.hours for p in found.durations]
        made.figure.update_xaxes(type="log", tickvals=hours, ticktext=[f"{h:g}" for h in hours])
    return made


def _values(
    key: str, points: Iterable[ValuePoint], names: Names, title: Words, x_title: Words, at: Any
) -> Chart | None:
    known = [p for p in points if not p.reason]
    if not known:
        return None
    drawn, series = figure(PER_KW, x_title), Series()
    for technology in dict.fromkeys(p.technology for p in known):
        own = [p for p in known if p.technology == technology]
        name, colour, x = names.technology(technology), names.colour(technology), [at(p) for p in own]
        _line(drawn, x, [p.value for p in own], name, colour, "solid", series)
        _line(drawn, x, [p.own_cost for p in own], name, colour, "dot", series)
    return Chart(
        key,
        drawn,
        title,
        Words(f"{title.en}, with what another kW costs", f"{title.zh}及其自身成本"),
        Words(
            "Dotted: what another kW costs a year. It pays while its value is above.",
            "点线为每千瓦年成本；边际价值高于点线即可收回成本。",
        ),
        tuple(series.entries),
    )


def _line(
    drawn: go.Figure, x: Sequence[float], y: Sequence[float], name: Words, colour: str, dash: str, series: Series
) -> None:
    drawn.add_trace(
        go.Scatter(
            x=list(x),
            y=small(y),
            mode="lines+markers" if dash == "solid" else "lines",
            line={"color": colour, "dash": dash, "width": 2},
            legendgroup=series.group(name, colour),
            hovertemplate=(name + ": %{y:,.1f}<extra></extra>").chart(),
        )
    )


def depth(found: Benchmark, names: Names) -> Chart | None:
    """How full stores are: share of hours by tenth of what they can hold, all stores of a technology together."""
    if found.measures is None:
        return None
    new = new_kinds(found.measures)
    table, use = found.measures.depths, found.measures.use
    weights = use.set_index(["portfolio", "asset"])["energy [MWh]"]
    table = table.assign(
        energy=[weights.get((p, a), 0.0) for p, a in zip(table["portfolio"], table["asset"], strict=True)]
    )
    order = {o.name: i for i, o in enumerate(shown(found))}
    rows, places = [], []
    for (portfolio, technology), part in sorted(
        table.groupby(["portfolio", "technology"], sort=False), key=lambda pair: order.get(pair[0][0], len(order))
    ):
        shares = part.assign(w=part["share [-]"] * part["energy"]).groupby("tenth")["w"].sum()
        if (portfolio, technology) in new and shares.sum() > 0:
            rows.append(100 * shares.reindex(range(1, 11), fill_value=0.0).to_numpy() / shares.sum())
            places.append(wrapped(names.technology(technology) + f" ({portfolio})", WIDTH))
    if not rows:
        return None
    drawn = figure(x_title=Words("level, % of what it holds", "储能水平（%）"))
    drawn.add_trace(
        go.Heatmap(
            z=small(rows),
            x=[f"{10 * i}–{10 * i + 10}" for i in range(10)],
            y=places,
            colorscale=[[0.0, "#f7f9fb"], [1.0, "#235ebc"]],
            xgap=1,
            ygap=1,
            hovertemplate="%{y}<br>%{x} %: %{z:.0f} %<extra></extra>",
            colorbar={"title": {"text": Words("% of hours", "小时占比%").chart()}, "thickness": 12, "outlinewidth": 0},
        )
    )
    _listed(drawn, places)
    drawn.update_xaxes(type="category", showgrid=False)
    return Chart(
        "portfolio-depth",
        drawn,
        Words("How full stores are through the year", "储能水平分布"),
        Words("Heat map of hours by level of stores", "储能水平的小时分布热力图"),
        height=_height(places),
    )
