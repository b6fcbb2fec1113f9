"""The tables of the energy of a year that console and page share."""

from __future__ import annotations

import numpy as np

from qhenergy.data.inputs import Inputs
from qhenergy.outcome.measures import ENERGY
from qhenergy.report.names import STORE_CLASSES
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import TOTAL, WAN_KW, WAN_T, YI_KWH, YI_KWH_UNIT
from qhenergy.report.view import LEAST_MW, View
from qhenergy.report.words import Words, number, same


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
            published_range(view.result.inputs, row["kind"]),
        ]
        sheet.rows.append(Row(view.names.technology(technology), cells))
    sheet.rows.append(
        Row(TOTAL, [number(total / YI_KWH, digits), "100.0%", *_all_curtailed(view, stage), "", ""], "sum")
    )
    return sheet


def _energy_digits(largest: float) -> int:
    """Decimals of energies in 10^8 kWh: one for a province, more for something small."""
    return 1 if largest >= 100 * YI_KWH else 2


def _all_curtailed(view: View, stage: int) -> list[str]:
    table = view.curtailment[view.curtailment["stage"] == stage]
    offered = float(table["offered [MWh/yr]"].sum())
    return [f"{table['curtailed [MWh/yr]'].sum() / offered:.1%}" if offered else ""]


def published_range(inputs: Inputs, kind: str) -> str:
    """Lowest and highest published full-load hours of a kind of plant."""
    values = inputs["published"].loc[inputs["published"]["technology_kind"] == kind, "full_load_hours"]
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
    "flexible": Words("flexible demand, net", "灵活负荷净变化"),
    "send_out": Words("send-out", "直流外送"),
    "export": Words("exports over AC ties", "交流联络线售出"),
    "charging": Words("storage charge", "储能充电"),
    "heating": Words("electric heat for CSP stores", "光热储热电加热"),
    "conversion": Words("electricity to heat and fuel", "电制热与电制燃料"),
    "own_use": Words("own use of condensers", "调相机自耗电"),
    "pumping": Words("pumping into reservoirs of the river", "梯级抽水"),
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
        sheet.rows.append(
            Row(BALANCE.get(role, same(role)), [number(value / YI_KWH, digits), number(value / 1e6, digits + 1)])
        )
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
            Words("class", "类别"),
            Words("power", "功率"),
            Words("energy", "容量"),
            Words("hours", "时长"),
            Words("charged", "充电量"),
            Words("discharged", "放电量"),
            Words("cycles", "年循环"),
        ),
        words=1,
    )
    for (technology, kind), rows in table.groupby(["technology", "class"], sort=False):
        power, held = rows["power [MW]"].sum(), rows["energy [MWh]"].sum()
        out = rows["discharged [MWh/yr]"].sum()
        cells = [
            STORE_CLASSES[str(kind)],
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
            Words("largest", "最大功率"),
            Words("hours at full power", "满功率小时"),
        ),
        note=Words("asked, sent and largest at the sending end; largest in 10^4 kW", "要求、送出与最大功率均指送端"),
    )
    for row in view.send_out[view.send_out["stage"] == stage].to_dict("records"):
        energies = [row[f"{w} [MWh/yr]"] / YI_KWH for w in ("asked", "sent", "received", "missing")]
        cells = [
            number(row["capacity [MW]"] / WAN_KW),
            *(number(e, digits) for e in energies),
            number(row["utilisation [h/yr]"]),
            number(row["largest [MW]"] / WAN_KW),
            number(row["full [h/yr]"]),
        ]
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
        sheet.rows.append(Row(name, [number(row["emission [t/yr]"] / WAN_T, 1)]))
    sheet.rows.append(Row(TOTAL, [number(table["emission [t/yr]"].sum() / WAN_T, 1)], "sum"))
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
            f"{row['utilisation [-]']:.0%}" if row["utilisation [-]"] > 0 else "–",
            number(row["full [h/yr]"]),
        ]
        sheet.rows.append(Row(view.asset(row["corridor"]), cells))
    return sheet
