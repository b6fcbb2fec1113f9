"""The tables of the river that console and page share."""

from __future__ import annotations

import math

import pandas as pd

from qhenergy.data.river import river
from qhenergy.report.charts import MONTHS
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import YI_KWH
from qhenergy.report.view import LEAST_MW, View
from qhenergy.report.words import Words, figures, number

#: Columns of the balance as they are printed; a row adds up to its change of volume.
PARTS = {
    "inflow": Words("inflow", "区间来水"),
    "arriving": Words("from above", "上游来水"),
    "turbined": Words("turbined", "发电"),
    "spilled": Words("spilled", "弃水"),
    "pumped": Words("pumped", "抽水"),
    "withdrawn": Words("withdrawn", "取水"),
    "change": Words("change", "蓄变"),
}


def stations(view: View, stage: int) -> Sheet | None:
    """The year of every station, hub units below the dam they stand at; None without a river."""
    table = view.stations
    if table.empty:
        return None
    sheet = Sheet(
        Words(f"Stations of the river, {stage}", f"{stage}年梯级电站"),
        (
            Words("station", "电站"),
            Words("MW", "装机MW"),
            Words("in m3/s", "入流m3/s"),
            Words("out m3/s", "出流m3/s"),
            Words("10^8 kWh", "亿千瓦时"),
            Words("hours", "小时"),
            Words("spill hm3", "弃水hm3"),
            Words("level", "水位"),
            Words("fill", "蓄满率"),
        ),
        note=Words(
            "In order down the river. In and out: means of the year; in is local inflow and what arrives from above. "
            "A station holds its hub units, which stand below it; what they pump with is negative. Level: lowest to "
            "highest, above sea where the storage curve is known, else live storage; fill is the mean share of live "
            "storage.",
            "自上而下排列。入流（区间来水与上游来水）、出流为年平均；电站数据含其扩机与枢纽机组，后者另列于下，抽水用电为负。"
            "水位为最低至最高，无库容曲线者列兴利蓄水量；蓄满率为年平均。1 hm3为百万m3。",
        ),
    )
    for row in table[table["stage"] == stage].to_dict("records"):
        if not row["hub"]:
            sheet.rows.append(Row(view.station(row["station"]), _station(row)))
        elif row["capacity [MW]"] > LEAST_MW:
            sheet.rows.append(Row(view.asset(row["hub"]), _hub(row), "part"))
    return sheet


def _station(row: dict) -> list[str]:
    return [
        number(row["capacity [MW]"]),
        number(row["inflow [m3/s]"], _digits(row["inflow [m3/s]"])),
        number(row["release [m3/s]"], _digits(row["release [m3/s]"])),
        _energy(row["generation [MWh/yr]"]),
        number(row["full_load_hours [h/yr]"]),
        number(row["spilled [hm3/yr]"]),
        _range(row),
        "" if math.isnan(row["fill [-]"]) else f"{row['fill [-]']:.0%}",
    ]


def _hub(row: dict) -> list[str]:
    """A hub gives energy, takes some, or both."""
    energies = [row["generation [MWh/yr]"], -row["pumping [MWh/yr]"]]
    energy = " / ".join(_energy(e) for e in energies if not math.isnan(e))
    hours = row["full_load_hours [h/yr]"]
    return [number(row["capacity [MW]"]), "", "", energy, "" if math.isnan(hours) else number(hours), "", "", ""]


def _energy(mwh: float) -> str:
    return number(mwh / YI_KWH, 2)


def _digits(flow: float) -> int:
    """Decimals of a flow: a brook needs one."""
    return 0 if flow >= 100 else 1


def _range(row: dict) -> str:
    """Lowest to highest level [m], or live storage [hm3]; nothing without a reservoir."""
    if not math.isnan(row["lowest [m]"]):
        low, high = (f"{row[f'{word} [m]']:.1f}" for word in ("lowest", "highest"))
        return f"{low}–{high} m"
    if math.isnan(row["lowest [hm3]"]):
        return ""
    high_hm3 = row["highest [hm3]"]
    low, high = (number(row[f"{word} [hm3]"], 0 if high_hm3 >= 100 else 1) for word in ("lowest", "highest"))
    return f"{low}–{high} hm3"


def balance(view: View, stage: int) -> Sheet | None:
    """The water of a year at every station, with what is on its way; None without a river."""
    if view.water.empty:
        return None
    table = view.water[view.water["stage"] == stage]
    sheet = Sheet(
        Words(f"Water of a year, {stage} [hm3]", f"{stage}年水量平衡（hm3，即百万m3）"),
        (Words("station", "电站"), *PARTS.values(), Words("on its way", "在途水量")),
        note=handed_over(view),
    )
    columns = [f"{part} [hm3/yr]" for part in PARTS]
    digits = 0 if table[columns].abs().max().max() >= 1000 else 2
    for row in table.to_dict("records"):
        cells = [*(_volume(row[c], digits) for c in columns), _volume(row["on_its_way [hm3]"], max(digits, 1))]
        sheet.rows.append(Row(view.station(row["station"]), cells))
    sheet.rows.append(_whole(view, stage, table, digits))
    return sheet


def _whole(view: View, stage: int, table: pd.DataFrame, digits: int) -> Row:
    """The river as one: what passes from station to station is inside, what passes the last ones leaves."""
    cascade = river(view.result.inputs["hydro_stations"], stage)
    last = table[[cascade.below(station) is None for station in table["station"]]]
    leaving = {"turbined": last, "spilled": last}
    sums = {part: leaving.get(part, table)[f"{part} [hm3/yr]"].sum() for part in PARTS if part != "arriving"}
    cells = [number(sums[part], digits) if part in sums else "" for part in PARTS]
    way = number(table["on_its_way [hm3]"].sum(), max(digits, 1))
    return Row(Words("river, to its end", "全梯级（至出口）"), [*cells, way], "sum")


def _volume(value: float, digits: int) -> str:
    """A volume; nothing where it rounds to nothing."""
    return "" if abs(value) < 0.5 * 10.0**-digits else number(value, digits)


def handed_over(view: View) -> Words:
    """The rule by which water on its way crosses the boundary of a window, in one sentence."""
    sums = Words(
        "Positive where the station gains: a row adds up to its change of volume. ",
        "电站得水为正，各行之和为蓄变量。",
    )
    if view.result.spans.chained:
        return sums + Words(
            "Water on its way at the end of a window arrives in the next one, and that of the last window (shown) "
            "in the first, so that as much is on its way at the start as at the end.",
            "时窗末的在途水量计入下一时窗，末时窗的在途水量（如表）计入首时窗，期初与期末在途水量相等。",
        )
    return sums + Words(
        "Water on its way at the end of a representative period arrives at the start of the next period of its kind; "
        "shown is the mean at the ends of all real periods.",
        "代表时段末的在途水量计入下一个同类时段之初；表列为各实际时段末的平均值。",
    )


def values(view: View, stage: int) -> Sheet | None:
    """What one more m3 is worth at every station in every month; None without a river."""
    if view.months.empty:
        return None
    table, cost = view.by_month(stage, "value [CNY/m3]"), cost_of(view)
    sheet = Sheet(
        Words(f"Value of water by month, {stage} [CNY/m3]", f"{stage}年各月水价值（元/m3）"),
        (Words("station", "电站"), *(MONTHS[m - 1] for m in table.columns)),
        note=Words(
            f"Fall of the {cost.en} when one more m3 flows in: what it earns here and at all stations below.",
            f"入流增加1 m3时{cost.zh}的减少：含本站及下游各站的收益。",
        )
        + averaged(view),
    )
    for station, row in table.iterrows():
        sheet.rows.append(Row(view.station(str(station)), [number(v, 3) for v in row]))
    return sheet


def cost_of(view: View) -> Words:
    """Which cost falls by the value of water: that of one of several water years is not weighed by its share."""
    several = len(view.result.case.water.years) > 1
    return Words("cost of that water year", "该水文年费用") if several else Words("yearly cost", "年费用")


def averaged(view: View) -> Words:
    """What a month is the mean of, where that is not plain."""
    count = len(view.result.case.water.years)
    made = Words("", "")
    if not view.result.spans.chained:
        made += Words(
            " Months are of the real periods, each with the hours that stand for it.",
            "各月按实际时段统计，每个时段取其代表时段的数值。",
        )
    if count > 1:
        made += Words(f" A month is the mean of {count} water years.", f"各月为{count}个水文年的平均。")
    return made


def heads(view: View, stage: int) -> Sheet | None:
    """Energy by the tangent that was solved with and by the storage curve; None at constant head."""
    table = view.heads
    if table.empty:
        return None
    sheet = Sheet(
        Words(f"Head that follows the level, {stage} [10^8 kWh; m]", f"{stage}年变水头误差（亿千瓦时；m）"),
        (
            Words("station", "电站"),
            Words("tangent", "切线电量"),
            Words("curve", "曲线电量"),
            Words("error", "误差"),
            Words("largest MW", "最大误差 MW"),
            Words("head m", "水头 m"),
        ),
        note=Words(
            "Power was solved as its tangent; the error is the sum of the sizes of all hourly differences to the "
            "storage curve, over the energy by the curve.",
            "出力按切线求解；误差为逐时与库容曲线之差的绝对值之和占曲线电量的比例。",
        ),
    )
    for row in table[table["stage"] == stage].to_dict("records"):
        cells = [
            _energy(row["tangent [MWh/yr]"]),
            _energy(row["curve [MWh/yr]"]),
            f"{row['share [-]']:.3%}",
            figures(row["largest [MW]"], 3),
            f"{row['lowest [m]']:.1f}–{row['highest [m]']:.1f}",
        ]
        sheet.rows.append(Row(view.asset(row["asset"]), cells))
    return sheet
