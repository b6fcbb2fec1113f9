"""Charts of the system: what stands, what it costs, what is left unused, how far it is used."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from qhenergy.report.charts import ALARM, INK, QUIET, Chart, Series, figure, small, wrapped
from qhenergy.report.names import cost_group
from qhenergy.report.sheets import LEAST_COST
from qhenergy.report.view import View
from qhenergy.report.words import Words, same

#: Capacity is drawn in the unit Chinese statistics print it in [MW].
WAN_KW = 10.0
CAPACITY_AXIS = Words("10⁴ kW (1 = 10 MW)", "万千瓦")
CAPACITY_HOVER = Words("%{x:,.1f} ×10⁴ kW", "%{x:,.1f} 万千瓦")
YI = 1e8
LINE = {"color": INK, "width": 0.5}
#: Below this a capacity is not drawn [MW].
LEAST = 0.05
#: Below this share of all costs a cost has no piece of its own in a bar.
TINY = 2e-4


def _bars(
    made: go.Figure,
    labels: list[str],
    values: pd.Series,
    group: str,
    marker: dict[str, Any],
    hover: Words,
    stack: str = "",
) -> None:
    # A bar of no length would still show its outline.
    places = [i for i, value in enumerate(values) if value]
    marker = {k: [v[i] for i in places] if isinstance(v, list) else v for k, v in marker.items()}
    made.add_bar(
        y=[labels[i] for i in places],
        x=small(values.iloc[places]),
        orientation="h",
        marker={"line": LINE, **marker},
        legendgroup=group,
        hovertemplate=(hover + "<extra></extra>").chart(),
        offsetgroup=stack or None,
    )


def _order(made: go.Figure, labels: list[str]) -> None:
    """Name the bars from below."""
    made.update_yaxes(categoryorder="array", categoryarray=labels)


def capacity_by_technology(view: View) -> Chart:
    """What is kept, committed, added and retired of each technology, a bar for every stage."""
    plants = view.plants
    most = plants.groupby("technology")[["base [MW]", "total [MW]"]].sum().max(axis=1)
    names = [t for t in reversed(view.technologies) if most[t] > LEAST]
    shades = [view.names.colour(t) for t in names]
    labels = [wrapped(view.names.technology(t)) for t in names]
    made, series = figure(x_title=CAPACITY_AXIS, barmode="stack", bargap=0.3), Series()
    hatch = {"fgcolor": "#ffffff", "size": 6, "solidity": 0.3}
    striped = f"repeating-linear-gradient(135deg,{QUIET} 0 3px,#fff 3px 5px)"
    dotted = f"radial-gradient(#fff 1.2px,{QUIET} 1.4px) 0 0/5px 5px"
    parts: tuple[tuple[Words, str, str, dict[str, Any]], ...] = (
        (Words("existing, kept", "现有并保留"), "kept [MW]", QUIET, {"color": shades}),
        (
            Words("committed", "已定新增"),
            "committed [MW]",
            dotted,
            {"color": shades, "pattern": {"shape": ".", **hatch}},
        ),
        (
            Words("added by the plan", "规划新增"),
            "added [MW]",
            striped,
            {"color": shades, "pattern": {"shape": "/", **hatch}},
        ),
        (
            Words("retired", "退役"),
            "retired [MW]",
            "#ffffff",
            {"color": "#ffffff", "line": {"color": ALARM, "width": 1}},
        ),
    )
    for stage in reversed(view.stages):
        table = plants[plants["stage"] == stage].groupby("technology").sum(numeric_only=True).reindex(names)
        table["kept [MW]"] = table["base [MW]"] - table["retired [MW]"]
        table = table.where(table > LEAST, 0.0)
        for name, column, chip, marker in parts:
            if not table[column].any():
                continue
            hover = Words(f"{stage} {name.en}: ", f"{stage}年{name.zh}：") + CAPACITY_HOVER
            _bars(made, labels, table[column] / WAN_KW, series.group(name, chip), marker, hover, str(stage))
    _order(made, labels)
    return Chart(
        "capacity-technology",
        made,
        Words("Capacity by technology", "各类电源与储能装机"),
        Words(
            "Bars of capacity by technology, split into what is kept, committed, added and retired",
            "各类电源与储能装机条形图，分保留、已定新增、规划新增与退役",
        ),
        _years_note(view.stages),
        tuple(series.entries),
        height=90 + (14 * len(view.stages) + 17) * len(names),
    )


def _years_note(years: tuple[int, ...]) -> Words | None:
    if len(years) < 2:
        return None
    listed = ", ".join(map(str, years))
    return Words(f"From the top of each group: {listed}.", f"各组自上而下：{listed}年。")


def capacity_by_zone(view: View) -> Chart:
    """What stands in each zone in the base year and in every stage, by technology."""
    plants, stages = view.plants, view.stages
    made, series = figure(x_title=CAPACITY_AXIS, barmode="stack", bargap=0.25), Series()
    zones = [z for z in reversed(view.zones) if (plants["zone"] == z).any()]
    labels = [view.names.zone(z).chart() for z in zones]
    years = [(view.base_year, stages[0], "base [MW]"), *((stage, stage, "total [MW]") for stage in stages)]
    for year, stage, column in reversed(years):
        table = plants[plants["stage"] == stage].pivot_table(
            index="zone", columns="technology", values=column, aggfunc="sum", fill_value=0.0
        )
        for technology in view.technologies:
            if table[technology].max() < LEAST:
                continue
            name, colour = view.names.technology(technology), view.names.colour(technology)
            marker = {"color": colour, "opacity": 0.55 if year == view.base_year else 1.0}
            hover = Words(f"{year} {name.en}: ", f"{year}年{name.zh}：") + CAPACITY_HOVER
            values = table[technology].reindex(zones, fill_value=0.0)
            values = values.where(values > LEAST, 0.0) / WAN_KW
            _bars(made, labels, values, series.group(name, colour), marker, hover, str(year))
    _order(made, labels)
    note = _years_note((view.base_year, *stages))
    return Chart(
        "capacity-zone",
        made,
        Words("Capacity by zone, before and after", "分区装机：规划前后"),
        Words("Stacked bars of capacity by zone and technology", "各区分电源类型的装机堆积条形图"),
        note + Words(" The base year is paler.", "基准年颜色较浅。") if note else None,
        tuple(series.entries),
        height=90 + (16 * len(years) + 14) * len(zones),
    )


def costs(view: View) -> Chart:
    """Costs by group, with what each technology has in them; penalties in the colour of alarm."""
    table = view.costs.rename(columns={"cost [CNY/yr]": "cost"})
    table = table[table["cost"].abs() > max(TINY * table["cost"].abs().sum(), LEAST_COST)]
    made, series = figure(x_title=Words("10⁸ CNY/yr", "亿元/年"), barmode="relative", bargap=0.3), Series()
    labels = {g: wrapped(cost_group(g), 16) for g in dict.fromkeys(table["group"])}
    for (group, part), rows in table.groupby(["group", "part"], sort=False):
        name = view.names.cost_part(group, part)
        colour = view.names.cost_colour(group, part)
        hover = name + Words(": %{x:,.2f} ×10⁸ CNY/yr", "：%{x:,.2f} 亿元/年")
        _bars(made, [labels[group]], rows["cost"] / YI, series.group(name, colour), {"color": colour}, hover)
    _order(made, list(reversed(labels.values())))
    return Chart(
        "costs",
        made,
        Words("Yearly cost by name", "年费用构成"),
        Words("Stacked bars of yearly cost by kind of cost and technology", "按费用类别与技术的年费用堆积条形图"),
        Words("Receipts are below zero; pieces too small to see are left out.", "负值为收入；过小的项未画出。"),
        tuple(series.entries),
        height=100 + 32 * len(labels),
    )


def curtailment(view: View, stage: int) -> Chart | None:
    """What sun and wind offered, used and left."""
    table = view.curtailment
    table = table[(table["stage"] == stage) & (table["offered [MWh/yr]"] > 0)].iloc[::-1]
    if table.empty:
        return None
    made, series = (
        figure(x_title=Words("10⁸ kWh/yr (1 = 0.1 TWh)", "亿千瓦时/年"), barmode="stack", bargap=0.35),
        Series(),
    )
    pairs = zip(table["technology"], table["share [-]"], strict=True)
    labels = [wrapped(view.names.technology(t) + f" · {share:.1%}", 24) for t, share in pairs]
    shades = [view.names.colour(t) for t in table["technology"]]
    for name, column, colour, chip in (
        (Words("used", "利用"), "used [MWh/yr]", shades, QUIET),
        (Words("curtailed", "弃电"), "curtailed [MWh/yr]", ALARM, ALARM),
    ):
        hover = name + Words(": %{x:,.2f} ×10⁸ kWh", "：%{x:,.2f} 亿千瓦时")
        _bars(made, labels, table[column] / 1e5, series.group(name, chip), {"color": colour}, hover)
    _order(made, labels)
    return Chart(
        f"curtailment-{stage}",
        made,
        Words("Sun and wind: used and curtailed", "新能源利用与弃电") + view.of_stage(stage),
        Words("Bars of energy used and curtailed by technology", "各类新能源利用与弃电条形图"),
        Words("The share curtailed stands behind each name.", "名称后为弃电率。"),
        tuple(series.entries),
        height=90 + 38 * len(labels),
    )


def full_load_hours(view: View, stage: int) -> Chart:
    """Full-load hours of each technology beside what statistics print of its kind."""
    table = view.full_load_hours
    table = table[table["stage"] == stage].iloc[::-1]
    names = [view.names.technology(t) for t in table["technology"]]
    labels = [wrapped(name) for name in names]
    made, series = figure(x_title=Words("h/yr", "小时/年"), bargap=0.35), Series()
    shades = [view.names.colour(t) for t in table["technology"]]
    here = Words("this run", "本次计算")
    hover = here + Words(": %{x:,.0f} h", "：%{x:,.0f} 小时")
    _bars(made, labels, table["full_load_hours [h/yr]"], series.group(here, QUIET), {"color": shades}, hover)
    published = view.published
    points = [
        (label, row.full_load_hours, int(row.year))
        for label, kind in zip(labels, table["kind"], strict=True)
        for row in published[published["technology_kind"] == kind].itertuples()
    ]
    if points:
        name = Words("published, one mark a year", "公布值（每年一点）")
        made.add_scatter(
            y=[p[0] for p in points],
            x=small([p[1] for p in points]),
            customdata=[p[2] for p in points],
            mode="markers",
            marker={"symbol": "diamond", "size": 9, "color": "#ffffff", "line": {"color": INK, "width": 1.5}},
            legendgroup=series.group(name, "#ffffff"),
            hovertemplate=Words(
                "%{customdata}: %{x:,.0f} h<extra></extra>", "%{customdata}年：%{x:,.0f} 小时<extra></extra>"
            ).chart(),
        )
    made.update_xaxes(rangemode="tozero")
    _order(made, labels)
    return Chart(
        f"full-load-hours-{stage}",
        made,
        Words("Full-load hours beside published ones", "利用小时数与公布值对照") + view.of_stage(stage),
        Words(
            "Bars of full-load hours by technology, published values as diamonds",
            "各类电源利用小时条形图，菱形为公布值",
        ),
        Words(
            "Generation over capacity at the end of the year, after curtailment; a published figure is of its kind "
            "of plant.",
            "发电量除以年末装机（弃电后）；公布值为同类电源的统计值。",
        ),
        tuple(series.entries),
        height=90 + 32 * len(labels),
    )


def corridors(view: View, stage: int) -> Chart | None:
    """How far the lines between zones are used: mean power each way, and the capacity."""
    table = view.corridors
    if table.empty:
        return None
    table = table[(table["stage"] == stage) & (table["capacity [MW]"] > LEAST)].iloc[::-1]
    labels = [
        wrapped(view.asset(c) + f" · {share:.0%}", 26)
        for c, share in zip(table["corridor"], table["utilisation [-]"], strict=True)
    ]
    made, series = figure(x_title=Words("MW", "兆瓦 (MW)"), barmode="relative", bargap=0.35), Series()
    for name, column, sign, colour in (
        (Words("mean power forward", "正向平均功率"), "forward [MWh/yr]", 1, "#235ebc"),
        (Words("mean power backward", "反向平均功率"), "backward [MWh/yr]", -1, "#d95f0e"),
    ):
        values = sign * table[column] / view.result.weights(stage).sum()
        _bars(made, labels, values, series.group(name, colour), {"color": colour}, name + same(": %{x:,.0f} MW"))
    name = Words("capacity", "容量")
    for sign in (1, -1):
        made.add_scatter(
            y=labels,
            x=small(sign * table["capacity [MW]"]),
            mode="markers",
            marker={"symbol": "line-ns", "size": 16, "line": {"color": INK, "width": 2}},
            legendgroup=series.group(name, INK),
            hovertemplate=(name + same(": %{x:,.0f} MW<extra></extra>")).chart(),
        )
    _order(made, labels)
    return Chart(
        f"corridors-{stage}",
        made,
        Words("Lines between zones: mean power and capacity", "区间通道：平均功率与容量") + view.of_stage(stage),
        Words("Bars of mean power each way, capacity marked", "各通道双向平均功率条形图，竖线为容量"),
        Words(
            "Forward is from the zone named first; behind the name stands the use of the capacity over the year.",
            "正向自名称在前的分区起；名称后为全年利用率。",
        ),
        tuple(series.entries),
        height=110 + 38 * len(labels),
    )
