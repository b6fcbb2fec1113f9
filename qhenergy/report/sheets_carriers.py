"""The tables of hydrogen and heat that console and page share: what was made, used, sold and stored, and its cost."""

from __future__ import annotations

import pandas as pd

from qhenergy.ground.units import HYDROGEN_MWH_PER_T
from qhenergy.outcome import carriers
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import WAN_T, YI_CNY
from qhenergy.report.view import View
from qhenergy.report.words import Words, number, same

#: What a part is to its balance, in the order it is printed.
ROLES = {
    "electrolysis": Words("electrolysis", "电解制氢"),
    "turbine": Words("burnt in turbines", "氢能发电"),
    "industry": Words("industry", "工业用氢"),
    "fuel": Words("liquid fuel", "制液体燃料"),
    "export": Words("sold beyond the system", "外输"),
    "electric": Words("electric heat", "电供热"),
    "geothermal": Words("heat of the ground", "地热供热"),
    "chp": Words("heat of power plants", "热电联产供热"),
    "other": Words("stoves and boilers not modelled", "未建模的炉灶与锅炉"),
    "discharging": Words("out of heat stores", "储热放热"),
    "charging": Words("into heat stores", "储热蓄热"),
    "unserved": Words("unserved", "未供"),
    "demand": Words("asked", "需求"),
}
#: Below this an amount is what rounding left [MWh/yr].
LEAST_MWH = 0.5
GWH = 1e3


def hydrogen(view: View, stage: int) -> Sheet | None:
    """Hydrogen of a year, by what made and took it; None if none flows."""
    title = Words(f"Hydrogen, {stage} [10^4 t, GWh per year]", f"{stage}年氢能（万吨、百万千瓦时/年）")
    return _table(view, stage, "hydrogen", title, (Words("10^4 t", "万吨"), HYDROGEN_MWH_PER_T * WAN_T))


def heat(view: View, stage: int) -> Sheet | None:
    """Heat of a year, by what gave and took it; None if none is asked."""
    title = Words(f"Heat, {stage} [10^4 GJ, GWh per year]", f"{stage}年供热（万吉焦、百万千瓦时/年）")
    return _table(view, stage, "heat", title, (Words("10^4 GJ", "万吉焦"), 1e4 / 3.6))


def _table(view: View, stage: int, balance: str, title: Words, printed: tuple[Words, float]) -> Sheet | None:
    table = carriers.year(view.result)
    table = table[(table["stage"] == stage) & (table["balance"] == balance)]
    if not (table["amount"].abs() > LEAST_MWH).any():
        return None
    unit, scale = printed
    sheet = Sheet(
        title,
        (Words("made +, used -", "来源为正，去向为负"), Words("by", "方式"), unit, same("GWh"), Words("cost", "费用")),
        words=1,
        note=Words(
            "cost: 10^8 CNY a year of what made or took it, its electricity apart; receipts are negative. What does "
            "not add up to zero stayed in stores or was lost there.",
            "费用为制取或使用环节的年费用（亿元），不含电费，收入为负；合计不为零的部分为储存变化与损失。",
        ),
    )
    order = {role: place for place, role in enumerate(ROLES)}
    groups = table.groupby(["role", "technology"], sort=False)
    seen: set[str] = set()
    for role, technology in sorted(groups.groups, key=lambda k: order.get(k[0], len(order))):
        rows = groups.get_group((role, technology))
        amount = float(rows["amount"].sum())
        if abs(amount) <= LEAST_MWH:
            continue
        known = technology in view.result.inputs["technologies"].index
        name = view.names.technology(technology) if known else same("")
        keys = {str(technology), *map(str, rows["column"])} - seen
        seen |= keys
        cells = [name, number(amount / scale, 2), number(amount / GWH, 1), _cost(view, balance, keys)]
        sheet.rows.append(Row(ROLES.get(role, same(role)), cells))
    return sheet


def _cost(view: View, balance: str, keys: set[str]) -> str:
    """Cost of technologies, or of rows of tables of this balance, in 10^8 CNY; nothing where there is none."""
    table: pd.DataFrame = view.costs
    whose = {"unserved heat", "other heat"} if balance == "heat" else {"unserved hydrogen", "hydrogen exports"}
    own = set(view.result.inputs["technologies"].index)
    mine = table["part"].isin(keys) & (table["group"].isin(whose) | table["part"].isin(own))
    return number(float(table.loc[mine, "cost [CNY/yr]"].sum()) / YI_CNY, 2) if mine.any() else ""
