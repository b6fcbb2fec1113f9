"""The tables of a result that console and page share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.report.names import PENALTIES, cost_group
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.view import LEAST_MW, View
from qhenergy.report.words import Words, number

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
    """Costs by name: groups with what is in them, then their sum, then penalties apart."""
    table = view.costs
    column = "cost [CNY/yr]"
    sheet = Sheet(
        Words("Costs of a year [10^8 CNY/yr]", "年费用（亿元/年）"),
        (Words("cost", "费用"), Words("10^8 CNY/yr", "亿元/年")),
    )
    paid = table[~table["group"].isin(PENALTIES)]
    limit = SMALL_COST * float(paid[column].abs().sum())
    for group, rows in paid[paid[column].abs() > LEAST_COST].groupby("group", sort=False):
        sheet.rows.append(Row(cost_group(str(group)), [_money(rows[column].sum())], "group"))
        sheet.rows += _cost_parts(view, rows[rows["part"] != ""], limit)
    sheet.rows.append(Row(TOTAL, [_money(paid[column].sum())], "sum"))
    for group, rows in table[table["group"].isin(PENALTIES)].groupby("group", sort=False):
        word = cost_group(str(group)) + Words(" (penalty)", "（惩罚项）")
        sheet.rows.append(Row(word, [_money(rows[column].sum())], "apart"))
    return sheet


def _cost_parts(view: View, rows: pd.DataFrame, limit: float) -> list[Row]:
    """What is in a group of costs, largest first, small ones together; nothing if all are small."""
    rows = rows.sort_values("cost [CNY/yr]", key=np.abs, ascending=False).to_dict("records")
    large = [row for row in rows if abs(row["cost [CNY/yr]"]) >= limit]
    small = [row for row in rows[len(large) :] if abs(row["cost [CNY/yr]"]) > LEAST_COST]
    made = [Row(view.names.cost_part(r["group"], r["part"]), [_money(r["cost [CNY/yr]"])], "part") for r in large]
    if large and abs(sum(r["cost [CNY/yr]"] for r in small)) >= 0.005 * YI_CNY:
        word = Words(f"other ({len(small)})", f"其他（{len(small)}项）")
        made.append(Row(word, [_money(sum(r["cost [CNY/yr]"] for r in small))], "part"))
    return made


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
