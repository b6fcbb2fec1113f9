"""Charts of fleets in other years: weather x water matrices, the spread of ranks, regret."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from qhenergy.outcome.robustness import LEADS, YEAR, Robustness
from qhenergy.report.charts import GRID, INK, QUIET, Chart, figure, small, wrapped
from qhenergy.report.names import Names
from qhenergy.report.sheets import YI_CNY, YI_KWH
from qhenergy.report.sheets_robustness import OVER, Label, scenario_name, scenarios_of
from qhenergy.report.words import Words, same

#: From good to bad.
SCALE = [[0.0, "#f7f7f7"], [0.5, "#eb7f4b"], [1.0, "#8c1515"]]
#: Column of the table of runs, title, unit, inside units per printed one.
MATRICES = {
    "unserved [MWh/yr]": (Words("Unserved energy", "未供电量"), Words("10⁸ kWh", "亿千瓦时"), YI_KWH),
    "cost [CNY/yr]": (
        Words("Cost with what is not delivered", "含未交付费用"),
        Words("10⁸ CNY/yr", "亿元/年"),
        YI_CNY,
    ),
}


def matrices(found: Robustness, names: Names, label: Label = same) -> list[Chart]:
    """Weather x water years of every fleet: unserved energy, and cost; one scale for all fleets."""
    return [_matrix(found, names, fleet, column, label(fleet)) for fleet in found.fleets for column in MATRICES]


def _matrix(found: Robustness, names: Names, fleet: str, column: str, name: Words) -> Chart:
    what, unit, size = MATRICES[column]
    table = found.table()
    every = table.loc[table["kind"] == YEAR, column].dropna() / size
    unserved = column.startswith("unserved")
    least = 0.0 if unserved else float(every.min())
    digits = 3 if unserved else 1
    rows = found.matrix(fleet, column)
    drawn = figure(Words("weather", "气象年"), Words("water year", "水文年"))
    drawn.add_trace(
        go.Heatmap(
            z=small(rows.to_numpy(dtype=float) / size),
            x=[names.water_years([str(year)]).chart() for year in rows.columns],
            y=[str(seed) for seed in rows.index],
            zmin=least,
            # A scale of nothing at all has an end all the same.
            zmax=max(float(every.max()), least + 1e-2),
            colorscale=SCALE,
            xgap=2,
            ygap=2,
            texttemplate=f"%{{z:,.{digits}f}}",
            hovertemplate=f"%{{y}}, %{{x}}: %{{z:,.{digits}f}}<extra></extra>",
            hoverongaps=False,
            colorbar={"title": {"text": unit.chart()}, "thickness": 12, "outlinewidth": 0},
        )
    )
    # Seeds are names, not numbers with others in between.
    drawn.update_yaxes(type="category", autorange="reversed", showgrid=False)
    drawn.update_xaxes(type="category", showgrid=False)
    title = name + Words(f": {what.en.lower()}", f"：{what.zh}")
    key = f"robust-{found.fleets.index(fleet)}-{list(MATRICES).index(column)}"
    alt = Words(f"Heat map, weather by water year: {title.en}", f"气象年×水文年热力图：{title.zh}")
    return Chart(key, drawn, title, alt, height=max(120 + 34 * len(rows), 200))


def ranks(found: Robustness, over: str = "years", label: Label = same) -> Chart | None:
    """From the best to the worst rank of every fleet, with the mean and the rank of the base year."""
    made = found.regret(LEADS, scenarios_of(found, over))
    if made.rank.shape[1] == 0:
        return None
    base = found.regret(LEADS, (found.base,)).rank
    order = list(made.spread.sort_values(["mean rank", "maximum"], kind="stable").index)
    drawn = figure(x_title=Words("rank, 1 the cheapest", "名次（1为费用最低）"))
    names = [wrapped(label(fleet)) for fleet in order]
    x, y = [], []
    for fleet, name in zip(order, names, strict=True):
        x += [made.spread.at[fleet, "best"], made.spread.at[fleet, "worst"], None]
        y += [name, name, None]
    line = {"color": QUIET, "width": 8}
    span, mean, own = Words("best to worst", "最好至最差"), Words("mean", "平均"), Words("base year", "基准年")
    drawn.add_trace(go.Scatter(x=x, y=y, mode="lines", line=line, name=span.chart(), legendgroup="0", hoverinfo="skip"))
    marks = [(mean, made.spread["mean rank"], "diamond", "1")]
    if base.shape[1]:
        marks.append((own, base.iloc[:, 0], "circle-open", "2"))
    for word, values, symbol, group in marks:
        drawn.add_trace(
            go.Scatter(
                x=small([values[fleet] for fleet in order]), y=names, mode="markers", name=word.chart(),
                marker={"symbol": symbol, "size": 11, "color": INK}, legendgroup=group, hovertemplate="%{x:.1f}",
            )
        )  # fmt: skip
    drawn.update_yaxes(autorange="reversed", gridcolor=GRID)
    drawn.update_xaxes(dtick=1, range=[0.5, len(order) + 0.5])
    return Chart(
        f"robust-ranks-{over}",
        drawn,
        Words("Spread of ranks: ", "名次变动：") + OVER[over],
        Words("Best, worst, mean and base-year rank of every portfolio", "各方案最好、最差、平均与基准年名次"),
        legend=((span, QUIET), *((word, INK) for word, *_ in marks)),
        height=max(120 + 30 * len(order), 220),
    )


def regret(found: Robustness, names: Names, over: str = "years", label: Label = same) -> Chart | None:
    """Regret of every fleet in every scenario."""
    scenarios = scenarios_of(found, over)
    made = found.regret(LEADS, scenarios)
    values = made.regret.to_numpy(dtype=float) / YI_CNY
    if values.size == 0:
        return None
    values = np.where(np.isfinite(values), values, math.nan)
    shown = [s for s in scenarios if s.name in made.regret.columns]
    drawn = figure()
    drawn.add_trace(
        go.Heatmap(
            z=small(values),
            x=[scenario_name(s, names).chart() for s in shown],
            y=[wrapped(label(str(fleet))) for fleet in made.regret.index],
            zmin=0.0,
            zmax=max(float(np.nanmax(values, initial=0.0)), 1e-6),
            colorscale=SCALE,
            xgap=2,
            ygap=2,
            texttemplate="%{z:,.2f}",
            hovertemplate="%{y}<br>%{x}: %{z:,.2f}<extra></extra>",
            hoverongaps=False,
            colorbar={"title": {"text": Words("10⁸ CNY/yr", "亿元/年").chart()}, "thickness": 12, "outlinewidth": 0},
        )
    )
    drawn.update_yaxes(autorange="reversed", showgrid=False)
    drawn.update_xaxes(type="category", showgrid=False)
    return Chart(
        f"robust-regret-{over}",
        drawn,
        Words("Regret: ", "后悔值：") + OVER[over],
        Words("Heat map of regret by portfolio and scenario", "分方案分情景后悔值热力图"),
        Words(
            "Cost less the least cost of the scenario; white: the best choice.", "费用减去该情景最低费用；白色为最优。"
        ),
        height=max(140 + 32 * len(made.regret), 240),
    )
