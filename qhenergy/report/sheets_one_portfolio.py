"""The tables of one portfolio beside the baseline: its storage, savings item by item, assets, targets."""

from __future__ import annotations

import pandas as pd

from qhenergy.outcome.asset_profit import PAYS, REVENUES
from qhenergy.outcome.portfolio_measures import FULL
from qhenergy.outcome.portfolios import Benchmark, PortfolioOutcome
from qhenergy.report.clauses import STATUS, UNITS
from qhenergy.report.names import Names
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import WAN_KW, YI_CNY
from qhenergy.report.sheets_portfolio_measures import NO, REVENUE, SAME, YES
from qhenergy.report.sheets_portfolios import CAUSE, ENERGY, KW, LEAST_MW, POWER, TECHNOLOGY
from qhenergy.report.words import Words, figures, number, same

#: Less than this is not printed of a saving [CNY/yr].
LEAST = 0.005 * YI_CNY


def new_storage(o: PortfolioOutcome, names: Names) -> Sheet | None:
    """New storage of a portfolio by technology and zone; None if it has none."""
    if o.capacity < LEAST_MW:
        return None
    head = (TECHNOLOGY, Words("zone", "分区"), POWER, ENERGY)
    sheet = Sheet(Words("New storage", "新增储能"), head, words=1)
    for part in (part for part in o.storage if part.capacity >= LEAST_MW):
        cells = [names.zone(part.zone), number(part.capacity / WAN_KW, 1), number(part.energy / WAN_KW)]
        sheet.rows.append(Row(names.technology(part.technology), cells))
    return sheet


def savings_of(found: Benchmark, name: str, names: Names) -> Sheet | None:
    """Saving of a portfolio by cause, and by what it is in."""
    assert found.measures is not None
    own = found.measures.savings[found.measures.savings["portfolio"] == name]
    sheet = Sheet(
        Words("Saving by cause [10^8 CNY/yr]", "分原因节约（亿元/年）"),
        (
            Words("cause", "原因"),
            Words("baseline", "基准方案"),
            Words("portfolio", "本方案"),
            Words("saving", "节约"),
        ),
    )
    numbers = ["before [CNY/yr]", "after [CNY/yr]", "saving [CNY/yr]"]
    for cause, part in own.groupby("cause", sort=False):
        if part["saving [CNY/yr]"].abs().max() < LEAST:
            continue
        sheet.rows.append(Row(CAUSE[str(cause)], _money(part[numbers].sum()), "group"))
        for row in part.to_dict("records"):
            if abs(row["saving [CNY/yr]"]) >= LEAST:
                group, _, rest = str(row["item"]).partition("/")
                words = names.cost_part(group, rest) if rest else names.technology(group)
                sheet.rows.append(Row(words, _money(pd.Series(row)[numbers]), "part"))
    sheet.rows.append(Row(Words("sum", "合计"), _money(own[numbers].sum()), "sum"))
    return sheet


def _money(values: pd.Series) -> list[str]:
    return [number(float(v) / YI_CNY, 2) for v in values]


def assets_of(found: Benchmark, name: str, names: Names) -> Sheet | None:
    """What every asset of storage of a portfolio earns and pays."""
    assert found.measures is not None
    own = found.measures.assets[found.measures.assets["portfolio"] == name]
    own = own[own["capacity [MW]"] >= LEAST_MW]
    if own.empty:
        return None
    sheet = Sheet(
        Words("Storage, asset by asset [CNY/kW/yr]", "分项储能收支（元/千瓦·年）"),
        (
            TECHNOLOGY,
            Words("zone", "分区"),
            Words("pays", "可收回"),
            POWER,
            *(REVENUE[word] for word in REVENUES),
            Words("yearly cost", "年成本"),
            Words("CNY/kW", "元/千瓦"),
            Words("break-even", "盈亏平衡"),
        ),
        words=2,
        note=Words("Capacity that stood before is told at the price of new.", "既有容量亦按新建造价计。"),
    )
    for row in own.to_dict("records"):
        kilowatts = row["capacity [MW]"] * KW
        earned = [row[f"revenue {word} [CNY/yr]"] / kilowatts for word in REVENUES]
        cost = row[FULL] / kilowatts
        pays = sum(earned) - cost >= -PAYS * abs(cost)
        cells = [names.zone(row["zone"]), YES if pays else NO, number(row["capacity [MW]"] / WAN_KW, 2)]
        cells += [number(v) for v in (*earned, cost, row["price [CNY/kW]"], row["break-even [CNY/kW]"])]
        sheet.rows.append(Row(names.of(row["table"], row["asset"]), cells))
    return sheet


def clauses_of(found: Benchmark, name: str) -> Sheet | None:
    """What a portfolio achieves of every clause, beside the baseline."""
    assert found.measures is not None
    own = found.measures.clauses[found.measures.clauses["portfolio"] == name]
    own = own[own["after"].notna() | own["before"].notna()]
    if own.empty:
        return None
    sheet = Sheet(
        Words("Targets", "目标"),
        (
            Words("clause", "条款"),
            Words("unit", "单位"),
            Words("status", "状态"),
            Words("required", "要求"),
            Words("baseline", "基准方案"),
            Words("portfolio", "本方案"),
            Words("change", "变化"),
        ),
        words=2,
    )
    for row in own.to_dict("records"):
        small = abs(row["change"]) <= SAME * max(abs(row["after"]), abs(row["before"]))
        cells = [
            Words(row["unit"], UNITS.get(row["unit"], row["unit"])),
            STATUS.get(row["status_after"], same("–")),
            *(figures(row[word], 5) for word in ("required", "before", "after")),
            "0" if small else figures(row["change"]),
        ]
        sheet.rows.append(Row(same(row["clause"]), cells, "apart" if row["status_after"] == "missed" else ""))
    return sheet
