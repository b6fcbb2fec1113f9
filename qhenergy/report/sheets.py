"""The tables of a result that console and page share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.outcome.measures import ENERGY
from qhenergy.report.names import PENALTIES, cost_group
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.view import LEAST_MW, View
from qhenergy.report.words import Words, figures, number, same

#: Inside units per printed one: 10^4 kW in MW, 10^8 kWh in MWh, 10^8 CNY in CNY, 10^4 t in t.
WAN_KW, YI_KWH, YI_CNY, WAN_T = 10.0, 1e5, 1e8, 1e4
WAN_KW_UNIT, YI_KWH_UNIT = Words("10^4 kW", "万千瓦"), Words("10^8 kWh", "亿千瓦时")
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
        Words("Costs of a year [10^8 CNY/yr]", "年费用（亿元/年）"), (Words("cost", "费用"), Words("10^8 CNY/yr", "亿元/年"))
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
    small = rows[len(large) :]
    made = [Row(view.names.cost_part(r["group"], r["part"]), [_money(r["cost [CNY/yr]"])], "part") for r in large]
    if large and small:
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


def generation(view: View, stage: int) -> Sheet:
    """Generation by technology, with curtailment and full-load hours beside published ones."""
    sheet = Sheet(
        Words(f"Generation, {stage}", f"{stage}年发电量"),
        (
            Words("technology", "技术"),
            YI_KWH_UNIT,
            Words("share", "占比"),
            Words("curtailed", "弃电率"),
            Words("hours", "利用小时"),
            Words("published", "公布值"),
        ),
        note=Words(
            "hours: generation over capacity at the end of the year; published: lowest to highest year of the same "
            "kind of plant. 10^8 kWh = 0.1 TWh.",
            "利用小时为发电量除以年末装机；公布值为同类电源各年的最低至最高。",
        ),
    )
    table = view.full_load_hours[view.full_load_hours["stage"] == stage].set_index("technology")
    left = view.curtailment[view.curtailment["stage"] == stage].set_index("technology")["share [-]"]
    total = float(table["generation [MWh/yr]"].sum())
    digits = _energy_digits(total)
    for technology in sorted(table.index, key=view.names.order):
        row = table.loc[technology]
        made = row["generation [MWh/yr]"]
        cells = [
            number(made / YI_KWH, digits),
            f"{made / total:.1%}" if total else "–",
            f"{left[technology]:.1%}" if technology in left.index else "",
            number(row["full_load_hours [h/yr]"]),
            published_range(view, row["kind"]),
        ]
        sheet.rows.append(Row(view.names.technology(technology), cells))
    sheet.rows.append(Row(TOTAL, [number(total / YI_KWH, digits), "100.0%", *_all_curtailed(view, stage), "", ""], "sum"))
    return sheet


def _energy_digits(largest: float) -> int:
    """Decimals of energies in 10^8 kWh: one for a province, more for something small."""
    return 1 if largest >= 100 * YI_KWH else 2


def _all_curtailed(view: View, stage: int) -> list[str]:
    table = view.curtailment[view.curtailment["stage"] == stage]
    offered = float(table["offered [MWh/yr]"].sum())
    return [f"{table['curtailed [MWh/yr]'].sum() / offered:.1%}" if offered else ""]


def published_range(view: View, kind: str) -> str:
    """Lowest and highest published full-load hours of a kind of plant."""
    values = view.published.loc[view.published["technology_kind"] == kind, "full_load_hours"]
    if values.empty:
        return ""
    low, high = number(values.min()), number(values.max())
    return low if low == high else f"{low}–{high}"


#: What makes up the balance of the system in a year, in the order it is printed.
BALANCE = {
    "generation": Words("generation", "发电"),
    "discharging": Words("storage discharge", "储能放电"),
    "import": Words("imports over AC ties", "交流联络线购入"),
    "unserved": Words("unserved", "未供电量"),
    "demand": Words("demand", "用电量"),
    "send_out": Words("send-out", "直流外送"),
    "export": Words("exports over AC ties", "交流联络线售出"),
    "charging": Words("storage charge", "储能充电"),
    "transfer": Words("losses between zones", "区间输电损耗"),
}


def balance(view: View, stage: int) -> Sheet:
    """Where energy comes from and where it goes; the rows add up to zero."""
    sheet = Sheet(
        Words(f"Balance of the system, {stage} [10^8 kWh/yr]", f"{stage}年系统电量平衡（亿千瓦时）"),
        (Words("supply +, use -", "来源为正，去向为负"), YI_KWH_UNIT, same("TWh")),
    )
    energy = view.energy[view.energy["stage"] == stage].groupby("role")[ENERGY].sum()
    digits = _energy_digits(energy.abs().max())
    for role in sorted(energy.index, key=lambda r: list(BALANCE).index(r) if r in BALANCE else len(BALANCE)):
        value = float(energy[role])
        sheet.rows.append(Row(BALANCE.get(role, same(role)), [number(value / YI_KWH, digits), number(value / 1e6, digits + 1)]))
    return sheet


def storage(view: View, stage: int) -> Sheet | None:
    """Electric stores and how they were used; None if none stands."""
    table = view.storage[(view.storage["stage"] == stage) & (view.storage["power [MW]"] > LEAST_MW)]
    if table.empty:
        return None
    sheet = Sheet(
        Words(
            f"Storage, {stage} [10^4 kW, 10^4 kWh; 10^8 kWh/yr]",
            f"{stage}年储能（万千瓦、万千瓦时；充放电量为亿千瓦时）",
        ),
        (
            Words("technology", "技术"),
            Words("power", "功率"),
            Words("energy", "容量"),
            Words("hours", "时长"),
            Words("charged", "充电量"),
            Words("discharged", "放电量"),
            Words("cycles", "年循环"),
        ),
    )
    for technology, rows in table.groupby("technology", sort=False):
        power, held = rows["power [MW]"].sum(), rows["energy [MWh]"].sum()
        out = rows["discharged [MWh/yr]"].sum()
        cells = [
            number(power / WAN_KW, 1),
            number(held / WAN_KW, 1),
            number(held / power, 1),
            number(rows["charged [MWh/yr]"].sum() / YI_KWH, 2),
            number(out / YI_KWH, 2),
            number(out / held if held else np.nan),
        ]
        sheet.rows.append(Row(view.names.technology(str(technology)), cells))
    return sheet


def send_out(view: View, stage: int) -> Sheet | None:
    """What send-out lines delivered beside what was asked; None if none stands."""
    if view.send_out.empty:
        return None
    digits = _energy_digits(view.send_out["sent [MWh/yr]"].max())
    sheet = Sheet(
        Words(f"Send-out, {stage} [10^8 kWh/yr]", f"{stage}年直流外送（亿千瓦时）"),
        (
            Words("line", "线路"),
            Words("10^4 kW", "万千瓦"),
            Words("asked", "要求"),
            Words("sent", "送出"),
            Words("received", "受端接收"),
            Words("missing", "缺额"),
            Words("hours", "利用小时"),
        ),
        note=Words("asked and sent at the sending end", "要求与送出均指送端"),
    )
    for row in view.send_out[view.send_out["stage"] == stage].to_dict("records"):
        energies = [row[f"{w} [MWh/yr]"] / YI_KWH for w in ("asked", "sent", "received", "missing")]
        cells = [number(row["capacity [MW]"] / WAN_KW), *(number(e, digits) for e in energies), number(row["utilisation [h/yr]"])]
        sheet.rows.append(Row(view.line(row["line"]), cells))
    return sheet


def emissions(view: View, stage: int) -> Sheet | None:
    """CO2 by technology; None if nothing emits."""
    table = view.emissions[(view.emissions["stage"] == stage) & (view.emissions["emission [t/yr]"] > 0.5)]
    if table.empty:
        return None
    sheet = Sheet(
        Words(f"CO2, {stage} [10^4 t/yr]", f"{stage}年二氧化碳排放（万吨）"),
        (Words("technology", "技术"), Words("10^4 t", "万吨")),
    )
    for row in table.to_dict("records"):
        name = view.names.technology(row["technology"])
        sheet.rows.append(Row(name, [figures(row["emission [t/yr]"] / WAN_T)]))
    sheet.rows.append(Row(TOTAL, [figures(table["emission [t/yr]"].sum() / WAN_T)], "sum"))
    return sheet


def corridors(view: View, stage: int) -> Sheet | None:
    """Lines between zones and how far they are used; None if there are none."""
    if view.corridors.empty:
        return None
    sheet = Sheet(
        Words(f"Lines between zones, {stage}", f"{stage}年区间通道"),
        (
            Words("corridor", "通道"),
            Words(f"{view.base_year} MW", f"{view.base_year}年 MW"),
            Words(f"{stage} MW", f"{stage}年 MW"),
            Words("forward 10^8 kWh", "正向 亿千瓦时"),
            Words("backward 10^8 kWh", "反向 亿千瓦时"),
            Words("use", "利用率"),
            Words("full h/yr", "满载小时"),
        ),
        note=Words("forward is from the zone named first", "正向自名称在前的分区起"),
    )
    base = view.capacity[view.capacity["stage"] == stage].set_index("asset")["base [MW]"]
    for row in view.corridors[view.corridors["stage"] == stage].to_dict("records"):
        cells = [
            number(base[row["corridor"]]),
            number(row["capacity [MW]"]),
            number(row["forward [MWh/yr]"] / YI_KWH, 1),
            number(row["backward [MWh/yr]"] / YI_KWH, 1),
            f"{row['utilisation [-]']:.0%}" if row["capacity [MW]"] > 0 else "–",
            number(row["full [h/yr]"]),
        ]
        sheet.rows.append(Row(view.asset(row["corridor"]), cells))
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
