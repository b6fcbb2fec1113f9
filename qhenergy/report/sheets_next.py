"""What more of each store, line and plant would repair of what a line misses, as a table."""

from __future__ import annotations

import pandas as pd

from qhenergy.outcome import next_capacity as outcome
from qhenergy.outcome.next_capacity import Confirmed, NextCapacity
from qhenergy.outcome.schedule_description import Description
from qhenergy.report.schedule_words import GWH, limit_name
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.words import Words, number

#: Assets of a kind that are shown.
SHOWN = 8
#: Printed unit of money: 10^4 CNY.
MONEY = 1e4
KINDS = {
    outcome.STORE: Words("stores", "储能"),
    outcome.LINE: Words("lines and sections", "线路与断面"),
    outcome.PLANT: Words("plants and loads", "电源与负荷"),
}


def next_capacities(made: NextCapacity, described: Description) -> Sheet:
    """The ranking by kind, the best first, and beside the best of all what it did when the year was solved anew."""
    size = f"{made.size:g}"
    sheet = Sheet(
        Words(f"What the next {size} MW would repair and save", f"各类设施新增{size}兆瓦的补缺电量与节约费用"),
        (
            Words("asset", "设施"),
            Words("repaired, GWh/yr", "补缺电量（吉瓦时/年）"),
            Words("% of missed", "占缺额（%）"),
            Words("saved besides, 10^4 CNY/yr", "其他节约（万元/年）"),
            Words("solved anew: repaired, GWh/yr", "重算：补缺电量（吉瓦时/年）"),
            Words("solved anew: saved besides", "重算：其他节约"),
        ),
        note=_note(made),
    )
    for kind, name in KINDS.items():
        part = made.table[made.table["kind"] == kind]
        if not part.empty:
            sheet.rows.append(Row(name, [""] * 5, "group"))
        for asset, row in part.head(SHOWN).iterrows():
            sheet.rows.append(_row(made, described, str(asset), row))
    return sheet


def _row(made: NextCapacity, described: Description, asset: str, row: pd.Series) -> Row:
    share = number(100 * row["repaired"] / made.missed, 1) if made.missed > 0 else "–"
    cells = [number(row["repaired"] / GWH, 3), share, number(row["saved"] / MONEY, 1)]
    anew = next((found for found in made.confirmed if found.name == asset), None)
    cells += [number(anew.repaired / GWH, 3), number(anew.saved / MONEY, 1)] if anew is not None else ["–", "–"]
    return Row(limit_name(described, asset), cells)


def answer(made: NextCapacity, described: Description) -> Words:
    """The best one in a sentence: what it would repair by the duals, and what it did."""
    if made.missed <= 0:
        return Words(
            "Nothing is missed, so nothing is to be repaired: the ranking is by what is saved.",
            "无缺额，无需补缺：按节约费用排序。",
        )
    if made.best is None:
        return Words(
            "No capacity by itself would repair what is missed, by the duals.",
            "按对偶值，单独增加任何一项设施均不能补缺。",
        )
    return _best(made, made.best, described)


def _best(made: NextCapacity, anew: Confirmed, described: Description) -> Words:
    if anew.repaired <= 0:
        names = [limit_name(described, found.name) for found in made.confirmed]
        return Words(
            f"{made.size:g} MW more of {', '.join(name.en for name in names)} repair nothing, found by solving the "
            "year anew: what the duals promise of one hour is missed in others.",
            f"{'、'.join(name.zh for name in names)}各增加{made.size:g}兆瓦，重算全年均未补缺："
            "对偶值所示某时段的补缺在其他时段失去。",
        )
    name, size = limit_name(described, anew.name), f"{made.size:g}"
    told = number(float(made.table.at[anew.name, "repaired"]) / GWH, 3)
    found, missed = number(anew.repaired / GWH, 3), number(made.missed / GWH, 3)
    return Words(
        f"{size} MW more of {name.en} repair {found} GWh of {missed} GWh missed, found by solving the year anew "
        f"(to first order {told} GWh).",
        f"{name.zh}增加{size}兆瓦，重算全年后补缺{found}吉瓦时（缺额{missed}吉瓦时；一阶估计{told}吉瓦时）。",
    )


def _note(made: NextCapacity) -> Words:
    note = Words(
        "To first order, from the duals; those of a rolling step hold within the step. A store grows with its energy "
        "at its duration. The price of the shortfall is not in what is saved besides; fixed cost is paid, investment "
        "not.",
        "一阶估计，依据对偶值；滚动各步的对偶值仅在该步内有效。储能按原时长同步增加容量。“其他节约”不含缺额价，"
        "已扣固定运维，未计投资。",
    )
    if not made.left_out:
        return note
    families = ", ".join(made.left_out)
    return note + Words(f" Not counted: {families}.", f"未计入：{families}。")
