"""Charts of the river: levels through the year, and releases and values of water station by station."""

from __future__ import annotations

import numpy as np
import pandas as pd
from plotly.subplots import make_subplots

from qhenergy.data.reservoir import curve_of
from qhenergy.outcome import cascade
from qhenergy.report.charts import HOUR_MS, MONTHS, Chart, Series, colours, date_axis, figure, moment, small
from qhenergy.report.sheets_river import averaged, cost_of
from qhenergy.report.view import View
from qhenergy.report.words import Words, same

#: A reservoir without a curve is drawn from this share of all live storage: ponds of a day are noise.
LEAST_STORAGE = 0.01
#: Height of one of several small charts [px], and of what stands around them.
PANEL, FRAME = 120, 70
#: Least end of a colour scale [m3/s or CNY/m3].
LEAST_SCALE = 0.01
#: Points a year is drawn with.
POINTS = 365


def levels(view: View, stage: int) -> Chart | None:
    """Levels of the reservoirs through the year, one small chart each, in river order; a line a water year."""
    held = cascade.held(view.result, stage)
    shown = [str(i) for i in held if _is_drawn(view, str(i), held)]
    if not shown:
        return None
    heights, fills = cascade.heights(view.result, held), cascade.fills(view.result, held)
    made = make_subplots(rows=len(shown), cols=1, shared_xaxes=True)
    made.update_layout(figure().layout)
    series, years = Series(), view.result.case.water.years
    case = view.result.case
    year = held.index.to_numpy() // case.year_steps
    palette = colours(range(len(years)))
    for row, station in enumerate(shown, start=1):
        known = station in heights.columns
        values = heights[station] if known else fills[station]
        for number, water_year in enumerate(years):
            # A year that comes twice needs a number, and then all need one.
            place = Words(f"{number + 1}: ", f"{number + 1}：") if len(set(years)) < len(years) else same("")
            name = place + view.names.of("water_years", water_year)
            line = _thinned(values[year == number], case.year_steps)
            made.add_scatter(
                row=row,
                col=1,
                x0=moment(int(line.index[0]) // case.time.steps_per_hour),
                dx=round(HOUR_MS * case.time.step) * _step(line),
                y=small(line),
                mode="lines",
                name=name.chart(),
                line={"color": palette[number], "width": 1.8},
                legendgroup=series.group(name, palette[number]),
                hovertemplate="%{y:,.1f} m" if known else "%{y:.0%}",
            )
        unit = Words("m", "m") if known else Words("share", "占比")
        # The name of a panel stands in its own upper part, where no line can meet it.
        top = 1.0 - (row - 1) / len(shown)
        made.update_yaxes(
            row=row, col=1, title_text=unit.chart(), nticks=4, domain=[top - 0.95 / len(shown), top - 0.2 / len(shown)]
        )
        if not known:
            made.update_yaxes(row=row, col=1, range=[-0.04, 1.04], tickformat=".0%")
        made.add_annotation(
            text=view.station(station).chart(),
            x=0,
            y=top,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="top",
            showarrow=False,
            font={"size": 13},
        )
    made.update_xaxes(**_axis("xaxis"))
    made.update_yaxes(**_axis("yaxis"))
    made.update_layout(hovermode="x unified")
    date_axis(made, min(len(held) // case.time.steps_per_hour, case.year_hours))
    return Chart(
        f"reservoirs-{stage}",
        made,
        Words("Levels of the reservoirs through the year", "水库全年水位过程") + view.of_stage(stage),
        Words("Small charts of reservoir levels over the year, in river order", "各水库全年水位过程小图，自上而下排列"),
        Words(
            "Means of days: metres above sea where the storage curve is known, else share of live storage; ponds "
            f"below {LEAST_STORAGE:.0%} of all live storage are left out.",
            f"日平均值：有库容曲线者为海拔水位（m），其余为兴利库容占比；小于总兴利库容{LEAST_STORAGE:.0%}的水库未画出。",
        ),
        tuple(series.entries) if len(years) > 1 else (),
        height=FRAME + PANEL * len(shown),
    )


def _is_drawn(view: View, station: str, held: pd.DataFrame) -> bool:
    size = view.result.inputs["hydro_stations"]["live_storage"].reindex(held.columns)
    return curve_of(view.result.inputs, station) is not None or bool(size[station] > LEAST_STORAGE * size.sum())


def _axis(which: str) -> dict[str, object]:
    """The look of an axis of the report, for the axes that a grid of charts has of its own."""
    look = figure().layout[which].to_plotly_json()
    return {key: value for key, value in look.items() if key != "title"}


def _thinned(values: pd.Series, year_steps: int) -> pd.Series:
    """Means of as many runs of hours as are seen, days for a year, by first hour of each in its own year.

    Not one hour of each: that of midnight would show a pond of a day as always empty or always full.
    """
    step = max(len(values) // POINTS, 1)
    first = values.index.to_numpy() % year_steps // step * step
    return values.groupby(first).mean()


def _step(line: pd.Series) -> int:
    return int(line.index[1] - line.index[0]) if len(line) > 1 else 1


def releases(view: View, stage: int) -> Chart | None:
    """Mean release of every station and month, down the river."""
    return _map(
        view,
        stage,
        "release [m3/s]",
        "releases",
        Words("Releases down the river", "梯级各站逐月出流"),
        Words("Heat map of mean release by station and month", "各站各月平均出流热力图"),
        Words("m³/s", "m³/s"),
        ",.0f",
        "Blues",
        Words(
            "What passes the dam, through turbines and beside them; mean of the month.",
            "过坝流量（发电与弃水）月平均。",
        ),
    )


def values(view: View, stage: int) -> Chart | None:
    """What water is worth at every station and month, down the river."""
    cost = cost_of(view)
    return _map(
        view,
        stage,
        "value [CNY/m3]",
        "water-values",
        Words("Value of water down the river", "梯级各站逐月水价值"),
        Words("Heat map of the value of water by station and month", "各站各月水价值热力图"),
        Words("CNY/m³", "元/m³"),
        ",.3f",
        "YlOrRd",
        Words(
            f"Fall of the {cost.en} when one more m³ flows in; it holds what the water earns at all stations below.",
            f"入流增加1 m³时{cost.zh}的减少，含下游各站的收益。",
        ),
    )


def _map(
    view: View,
    stage: int,
    column: str,
    key: str,
    title: Words,
    alt: Words,
    unit: Words,
    digits: str,
    scale: str,
    note: Words,
) -> Chart | None:
    if view.months.empty:
        return None
    table = view.by_month(stage, column)
    if table.empty:
        return None
    made = figure()
    shown = Words("%{y}, %{x}<br>%{z:" + digits + "} ", "%{y} %{x}<br>%{z:" + digits + "} ") + unit
    made.add_heatmap(
        z=small(table),
        x=[MONTHS[m - 1].chart() for m in table.columns],
        y=[view.station(str(s)).chart() for s in table.index],
        zmin=min(float(np.nanmin(table.to_numpy())), 0.0),
        # Where nothing flows or is worth anything the scale would go below zero.
        zmax=max(float(np.nanmax(table.to_numpy())), LEAST_SCALE),
        colorscale=scale,
        xgap=1,
        ygap=1,
        colorbar={"title": {"text": unit.chart()}, "thickness": 12, "outlinewidth": 0},
        hovertemplate=(shown + "<extra></extra>").chart(),
        hoverongaps=False,
    )
    made.update_yaxes(autorange="reversed", showgrid=False)
    made.update_xaxes(showgrid=False, type="category")
    return Chart(
        f"{key}-{stage}",
        made,
        title + view.of_stage(stage),
        alt,
        note + averaged(view),
        height=max(FRAME + 40 + 24 * len(table), 240),
    )
