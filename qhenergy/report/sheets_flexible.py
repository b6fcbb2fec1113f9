"""The table of flexible demand that console and page share."""

from __future__ import annotations

from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import WAN_KW, YI_KWH
from qhenergy.report.view import LEAST_MW, View
from qhenergy.report.words import Words, number

SHARE = Words("share", "占比")


def flexible(view: View, stage: int) -> Sheet | None:
    """Loads that were enrolled and how they were used, by technology; None if there are none."""
    table = view.flexible[(view.flexible["stage"] == stage) & (view.flexible["capacity [MW]"] > LEAST_MW)]
    if table.empty:
        return None
    sheet = Sheet(
        Words(f"Flexible demand, {stage} [10^4 kW, 10^8 kWh/yr]", f"{stage}年灵活负荷（万千瓦、亿千瓦时）"),
        (
            Words("load", "负荷"),
            Words("enrolled", "可调功率"),
            Words("baseline", "基线电量"),
            Words("shifted", "转移电量"),
            Words("curtailed", "削减电量"),
            Words("given back", "反送电量"),
            Words("calls", "调用次数"),
        ),
        note=Words(
            "enrolled: power that can be moved; baseline: energy of the loads of which something is enrolled; calls: "
            "mean of the year, over the enrolled power that can be called.",
            "可调功率为已纳入调节的功率；基线电量为相应负荷全年用电；调用次数为可调用功率的全年平均。",
        ),
    )
    for technology, rows in table.groupby("technology", sort=False):
        on_call = rows[rows["calls [1/yr]"] > 0]
        power = on_call["capacity [MW]"].sum()
        calls = (on_call["calls [1/yr]"] * on_call["capacity [MW]"]).sum() / power if power else 0.0
        cells = [
            number(rows["capacity [MW]"].sum() / WAN_KW, 1),
            *(
                number(rows[f"{word} [MWh/yr]"].sum() / YI_KWH, 2)
                for word in ("baseline", "shifted", "curtailed", "returned")
            ),
            number(calls, 1) if calls else "",
        ]
        sheet.rows.append(Row(view.names.technology(str(technology)), cells))
    return sheet


def by_sector(view: View, stage: int) -> Sheet | None:
    """How much of each sector flexible loads are; None where no load names one."""
    table = view.flexible_by_sector[view.flexible_by_sector["stage"] == stage]
    if table.empty:
        return None
    sheet = Sheet(
        Words(f"Flexible loads in their sectors, {stage} [10^8 kWh/yr]", f"{stage}年灵活负荷占行业用电（亿千瓦时）"),
        (Words("sector", "行业"), Words("zone", "分区"), Words("takes", "用电"), Words("flexible", "灵活"), SHARE),
        note=Words(
            "flexible: baseline of the loads of which something may be enrolled; both without a growth scenario.",
            "灵活：可纳入调节的负荷的基线电量；均不含增长情景。",
        ),
    )
    for row in table.to_dict("records"):
        energies = [number(row[f"{word} [MWh/yr]"] / YI_KWH, 2) for word in ("sector_energy", "flexible")]
        cells = [view.names.zone(str(row["zone"])), *energies, f"{row['share [-]']:.0%}"]
        sheet.rows.append(Row(view.names.of("demand_sectors", str(row["sector"])), cells))
    return sheet


def siting(view: View, stage: int) -> Sheet | None:
    """What runs at a site beyond its baseline; None if nothing moves."""
    table = view.siting[view.siting["stage"] == stage]
    table = table[table[["arrived [MWh/yr]", "left [MWh/yr]"]].max(axis=1) > LEAST_MW]
    if table.empty:
        return None
    sheet = Sheet(
        Words(f"Loads in another zone, {stage} [10^8 kWh/yr]", f"{stage}年负荷跨区迁移（亿千瓦时）"),
        (Words("site", "地点"), Words("arrived", "迁入"), Words("left", "迁出")),
    )
    for row in table.to_dict("records"):
        cells = [number(row[f"{word} [MWh/yr]"] / YI_KWH, 2) for word in ("arrived", "left")]
        sheet.rows.append(Row(view.asset(row["asset"]), cells))
    return sheet
