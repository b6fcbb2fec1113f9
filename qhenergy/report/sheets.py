"""The tables of a result that console and page share."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from qhenergy.outcome import measures
from qhenergy.report.names import PENALTIES, cost_group
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.view import LEAST_MW, View
from qhenergy.report.words import Words, number, same

#: Inside units per printed one: 10^4 kW in MW, 10^8 kWh in MWh, 10^8 CNY in CNY, 10^4 t in t.
WAN_KW, YI_KWH, YI_CNY, WAN_T = 10.0, 1e5, 1e8, 1e4
YI_KWH_UNIT = Words("10^8 kWh", "亿千瓦时")
TOTAL = Words("total", "合计")
#: A cost below this share of all costs is summed with its like as `other`.
SMALL_COST = 0.002
#: Below this a cost is what rounding left [CNY/yr].
LEAST_COST = 1.0
CAPACITY_COLUMNS = ("base [MW]", "committed [MW]", "added [MW]", "retired [MW]", "total [MW]")


def costs(view: View) -> Sheet:
    """Costs by name: groups with what is in them, then their sum, then penalties apart.

    Of several stages: what they come to with their weights, and a year of each.
    """
    table, column, several = view.costs, "cost [CNY/yr]", len(view.stages) > 1
    columns = [column, *(view.stages if several else ())]
    unit = Words("weighted", "加权") if several else Words("10^8 CNY/yr", "亿元/年")
    sheet = Sheet(
        Words("Costs of a year [10^8 CNY/yr]", "年费用（亿元/年）"),
        (Words("cost", "费用"), unit, *(Words(str(y), f"{y}年") for y in columns[1:])),
    )

    def cells(rows: pd.DataFrame) -> list[str]:
        return [_money(rows[c].sum()) for c in columns]

    paid = table[~table["group"].isin(PENALTIES)]
    limit = SMALL_COST * float(paid[column].abs().sum())
    for group, rows in paid[paid[column].abs() > LEAST_COST].groupby("group", sort=False):
        sheet.rows.append(Row(cost_group(str(group)), cells(rows), "group"))
        sheet.rows += _cost_parts(view, rows[rows["part"] != ""], limit, cells)
    sheet.rows.append(Row(TOTAL, cells(paid), "sum"))
    for group, rows in table[table["group"].isin(PENALTIES)].groupby("group", sort=False):
        word = cost_group(str(group)) + Words(" (penalty)", "（惩罚项）")
        sheet.rows.append(Row(word, cells(rows), "apart"))
    return sheet


def _cost_parts(view: View, rows: pd.DataFrame, limit: float, cells: Callable[[pd.DataFrame], list[str]]) -> list[Row]:
    """What is in a group of costs, largest first, small ones together; nothing if all are small."""
    size = rows["cost [CNY/yr]"].abs()
    rows = rows.loc[size.sort_values(ascending=False, kind="stable").index]
    large = rows[rows["cost [CNY/yr]"].abs() >= limit]
    small = rows[(rows["cost [CNY/yr]"].abs() < limit) & (rows["cost [CNY/yr]"].abs() > LEAST_COST)]
    made = [
        Row(view.names.cost_part(str(row["group"]), str(row["part"])), cells(rows.loc[[i]]), "part")
        for i, row in large.iterrows()
    ]
    if len(large) and abs(small["cost [CNY/yr]"].sum()) >= 0.005 * YI_CNY:
        word = Words(f"other ({len(small)})", f"其他（{len(small)}项）")
        made.append(Row(word, cells(small), "part"))
    return made


def stages(view: View) -> Sheet | None:
    """What each stage stands for, and what a year of it costs; nothing for a single one."""
    if len(view.stages) < 2:
        return None
    table = measures.horizon(view.result)
    rate = view.result.case.horizon.discount_rate
    sheet = Sheet(
        Words(f"Stages, discounted at {rate:.1%} a year", f"规划阶段（年折现率{rate:.1%}）"),
        (
            Words("stage", "阶段"),
            Words("years", "代表年数"),
            Words("weight [%]", "权重[%]"),
            Words("cost [10^8 CNY/yr]", "年费用[亿元/年]"),
            Words("penalties [10^8 CNY/yr]", "惩罚项[亿元/年]"),
            Words("value [10^8 CNY]", "现值[亿元]"),
        ),
        note=Words(
            f"Value: all years, discounted to {view.stages[0]}. Capital is an annuity in every stage it stands in; "
            "what outlives the last stage is not charged beyond it.",
            f"现值：各代表年折现至{view.stages[0]}年。投资按在役阶段计年金，末期之后的年份不计。",
        ),
    )
    for row in table.to_dict("records"):
        paid, penalties = row["cost [CNY/yr]"], row["penalties [CNY/yr]"]
        cells = [number(row["years"]), number(100 * row["weight [-]"], 1), _money(paid), _money(penalties)]
        sheet.rows.append(Row(same(str(int(row["stage"]))), [*cells, _money(row["value [CNY]"])]))
    weights = table["weight [-]"]
    level = [_money(float(weights @ table[c])) for c in ("cost [CNY/yr]", "penalties [CNY/yr]")]
    cells = [number(table["years"].sum()), number(100.0, 1), *level, _money(table["value [CNY]"].sum())]
    sheet.rows.append(Row(TOTAL, cells, "sum"))
    return sheet


def pathway(view: View) -> Sheet | None:
    """Capacity by technology in the base year and in every stage; nothing for a single one."""
    if len(view.stages) < 2:
        return None
    table = view.plants.pivot_table(
        index="technology", columns="stage", values="total [MW]", aggfunc="sum", fill_value=0.0
    )
    base = view.plants[view.plants["stage"] == view.stages[0]].groupby("technology")["base [MW]"].sum()
    table.insert(0, view.base_year, base)
    sheet = Sheet(
        Words("Capacity by stage [10^4 kW]", "分阶段装机（万千瓦）"),
        (Words("technology", "技术"), *(Words(str(y), f"{y}年") for y in table.columns)),
    )
    digits = 0 if table.to_numpy().max() >= 1e4 else 1
    for technology in view.technologies:
        if technology in table.index and table.loc[technology].max() > LEAST_MW:
            cells = [number(v / WAN_KW, digits) for v in table.loc[technology]]
            sheet.rows.append(Row(view.names.technology(technology), cells))
    sheet.rows.append(Row(TOTAL, [number(v / WAN_KW, digits) for v in table.sum()], "sum"))
    return sheet


def _money(value: float) -> str:
    return number(value / YI_CNY, 2)


def capacity(view: View, stage: int, by: str = "technology") -> Sheet:
    """Capacity by technology or by zone: base year, committed, added, retired, and what stands."""
    of_zone = by == "zone"
    what = Words("zone", "分区") if of_zone else Words("technology", "分类型")
    title = Words(f"Capacity by {what.en}, {stage} [10^4 kW]", f"{stage}年{what.zh}装机（万千瓦）")
    sheet = Sheet(
        title,
        (
            what if of_zone else Words("technology", "技术"),
            Words(str(view.base_year), f"{view.base_year}年"),
            Words("committed", "已定新增"),
            Words("added", "规划新增"),
            Words("retired", "退役"),
            Words(str(stage), f"{stage}年"),
            Words(f"{stage} [MW]", f"{stage}年[MW]"),
        ),
    )
    table = view.plants[view.plants["stage"] == stage].groupby(by)[list(CAPACITY_COLUMNS)].sum()
    # Statistics print whole 10^4 kW; a small system needs the decimal.
    digits = 0 if table["total [MW]"].max() >= 1e4 else 1
    keys = view.zones if of_zone else view.technologies
    for key in keys:
        if key in table.index and table.loc[key].abs().max() > LEAST_MW:
            name = view.names.zone(key) if of_zone else view.names.technology(key)
            sheet.rows.append(Row(name, _capacities(table.loc[key], digits)))
    sheet.rows.append(Row(TOTAL, _capacities(table.sum(), digits), "sum"))
    return sheet


def _capacities(row: pd.Series, digits: int) -> list[str]:
    printed = [number(row[column] / WAN_KW, digits) if row[column] > LEAST_MW else "" for column in CAPACITY_COLUMNS]
    return [*printed, number(row["total [MW]"])]


def capacity_matrix(view: View, stage: int) -> Sheet:
    """What stands in a stage, technologies by zones."""
    table = view.plants[view.plants["stage"] == stage].pivot_table(
        index="technology", columns="zone", values="total [MW]", aggfunc="sum", fill_value=0.0
    )
    zones = [z for z in view.zones if z in table.columns]
    sheet = Sheet(
        Words(f"Capacity by technology and zone, {stage} [10^4 kW]", f"{stage}年分技术分区装机（万千瓦）"),
        (Words("technology", "技术"), *(view.names.zone(z) for z in zones)),
    )
    for technology in view.technologies:
        values = table.loc[technology, zones]
        if values.max() > LEAST_MW:
            cells = [number(v / WAN_KW, 1) if v > LEAST_MW else "" for v in values]
            sheet.rows.append(Row(view.names.technology(technology), cells))
    sheet.rows.append(Row(TOTAL, [number(v / WAN_KW, 1) for v in table[zones].sum()], "sum"))
    return sheet


def places(view: View, stage: int) -> Sheet:
    """Where the capacity of each technology stands."""
    sheet = Sheet(
        Words(f"Where it stands, {stage} [10^4 kW]", f"{stage}年装机分布（万千瓦）"),
        (Words("technology", "技术"), Words("zones", "分区")),
        words=1,
    )
    table = view.plants[view.plants["stage"] == stage].groupby(["technology", "zone"])["total [MW]"].sum()
    digits = 0 if table.max() >= 1e4 else 1
    for technology in view.technologies:
        of_zone = table[technology][lambda mw: mw > LEAST_MW].sort_values(ascending=False)
        parts = [(view.names.zone(str(z)), number(mw / WAN_KW, digits)) for z, mw in of_zone.items()]
        if parts:
            where = Words(", ".join(f"{z.en} {n}" for z, n in parts), "，".join(f"{z.zh} {n}" for z, n in parts))
            sheet.rows.append(Row(view.names.technology(technology), [where]))
    return sheet
