"""The tables of fleets in other years and at other prices: ranking, regret, what fails and when."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from qhenergy.outcome.regret import Regret
from qhenergy.outcome.robustness import COUNTS, FUEL, LEADS, YEAR, Robustness, Scenario
from qhenergy.report.clauses import UNITS
from qhenergy.report.names import STRICTNESS, Names
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import WAN_KW, WAN_T, YI_CNY, YI_KWH
from qhenergy.report.words import Words, figures, number, same

#: What a portfolio is called.
Label = Callable[[str], Words]
PORTFOLIO, SCENARIO = Words("portfolio", "方案"), Words("scenario", "情景")
MONEY = Words("10^8 CNY/yr", "亿元/年")
#: Most rows of a table of failures; the CSV has all.
MOST = 60
COUNTED = {
    "delivered": Words("paid, and what is not delivered at its price", "实际费用与未交付惩罚"),
    "paid": Words("what is paid alone", "仅实际费用"),
    "all": Words("missed clauses at their price as well", "另计条款未达标惩罚"),
}
OVER = {
    "years": Words("weather and water years", "气象年与水文年"),
    "prices": Words("base year at other prices", "基准年价格变动"),
}


def scenario_name(s: Scenario, names: Names) -> Words:
    """A scenario in words."""
    if s.kind == FUEL:
        return Words(f"fuel × {s.factor:g}", f"燃料价格×{s.factor:g}")
    if s.subject:
        known = names.kind(s.subject) != ""
        what = names.technology(s.subject) if known else names.of("group_names", s.subject)
        return what + f" × {s.factor:g}"
    water = names.water_years(s.water.split("+"))
    made = Words(f"{s.weather}, {water.en}", f"{s.weather}，{water.zh}")
    return made + Words(" (base)", "（基准）") if s.base else made


def scenarios_of(found: Robustness, over: str) -> tuple[Scenario, ...]:
    """The scenarios a table is over: `years` or `prices`."""
    return found.years if over == "years" else found.prices


def choices(found: Robustness, label: Label = same) -> Sheet:
    """Which fleet is chosen by which rule, over which scenarios and by which costs."""
    sheet = Sheet(
        Words("Which portfolio to choose", "方案选择"),
        (
            Words("over", "情景范围"),
            Words("costs counted", "计入费用"),
            Words("least maximum regret", "最大后悔值最小"),
            Words("least mean regret", "平均后悔值最小"),
            Words("concordance", "排序一致性"),
        ),
        words=3,
        note=Words(
            "Regret: cost less the least cost of the scenario (Savage). The first line leads; a portfolio that misses "
            "a clause saves what keeping it would cost. Concordance: Kendall's W of the rankings, 1 where all agree. "
            "Several names tie.",
            "后悔值：方案费用减去该情景最低费用（Savage准则）。以首行为准；未达标方案节省了达标所需费用。"
            "排序一致性为Kendall W，1表示各情景排序相同。并列者同时列出。",
        ),
    )
    for over in OVER:
        for counts in COUNTS:
            made = found.regret(counts, scenarios_of(found, over))
            cells = [COUNTED[counts], _joined(made.least_maximum, label), _joined(made.least_mean, label)]
            sheet.rows.append(Row(OVER[over], [*cells, number(made.concordance, 2)]))
    return sheet


def _joined(fleets: tuple[str, ...], label: Label) -> Words:
    words = [label(name) for name in fleets]
    return Words(", ".join(w.en for w in words) or "–", "、".join(w.zh for w in words) or "–")


def ranking(found: Robustness, over: str = "years", label: Label = same) -> Sheet:
    """Ranks of every fleet with their spread, its regret, and whether its base year costs what was planned."""
    scenarios = scenarios_of(found, over)
    made, base = found.regret(LEADS, scenarios), found.regret(LEADS, (found.base,))
    sheet = Sheet(
        Words("Ranking and its spread: ", "排序及其变动：") + OVER[over],
        (
            PORTFOLIO,
            Words("in the base year", "基准年名次"),
            Words("best", "最好"),
            Words("worst", "最差"),
            Words("mean", "平均"),
            Words("first", "居首次数"),
            Words("of", "情景数"),
            Words("maximum regret", "最大后悔值"),
            Words("mean regret", "平均后悔值"),
            Words("clauses missed in", "未达标情景数"),
            Words("off the plan %", "偏离规划%"),
        ),
        note=Words(
            "Regret in 10^8 CNY/yr, what is not delivered at its price. Clauses missed in: so many scenarios, those "
            "without an answer among them. Off the plan: the base year run again with the planned capacities, against "
            "what the plan came to; 0 within the audited gap.",
            "后悔值单位为亿元/年，含未交付惩罚。未达标情景数含无解情景。偏离规划：以规划装机重新运行基准年所得费用与规划结果之差；在审核间隙内计为0。",
        ),
    )
    for fleet, row in made.spread.iterrows():
        name = str(fleet)
        drift = 100 * found.drift(name) if found.drifts(name) else 0.0
        cells = [
            number(base.rank.iat[list(base.rank.index).index(name), 0]) if base.rank.shape[1] else "–",
            *(number(row[word]) for word in ("best", "worst")),
            number(row["mean rank"], 1),
            number(row["first"]),
            number(made.rank.shape[1]),
            *(number(row[word] / YI_CNY, 2) for word in ("maximum", "mean")),
            number(sum(not found.keeps(name, s.name) for s in scenarios)),
            figures(drift),
        ]
        chosen = name in (*made.least_maximum, *made.least_mean)
        sheet.rows.append(Row(label(name), cells, "sum" if chosen else ""))
    return sheet


def regrets(found: Robustness, names: Names, over: str = "years", counts: str = LEADS, label: Label = same) -> Sheet:
    """Regret and rank of every fleet in every scenario."""
    scenarios = scenarios_of(found, over)
    made = found.regret(counts, scenarios)
    return _by_scenario(
        Words("Regret (rank) [10^8 CNY/yr]: ", "后悔值（名次，亿元/年）：") + OVER[over],
        COUNTED[counts],
        scenarios,
        made,
        names,
        label,
        lambda fleet, s: f"{number(made.regret.at[fleet, s] / YI_CNY, 2)} ({made.rank.at[fleet, s]})",
    )


def costs(found: Robustness, names: Names, over: str = "years", counts: str = LEADS, label: Label = same) -> Sheet:
    """Cost of every fleet in every scenario."""
    scenarios = scenarios_of(found, over)
    made = found.regret(counts, scenarios)
    return _by_scenario(
        Words("Cost [10^8 CNY/yr]: ", "费用（亿元/年）：") + OVER[over],
        COUNTED[counts],
        scenarios,
        made,
        names,
        label,
        lambda fleet, s: number(made.costs.at[fleet, s] / YI_CNY, 2),
    )


def _by_scenario(
    title: Words,
    note: Words,
    scenarios: tuple[Scenario, ...],
    made: Regret,
    names: Names,
    label: Label,
    cell: Callable[[str, str], str],
) -> Sheet:
    shown = [s for s in scenarios if s.name in made.costs.columns]
    sheet = Sheet(title, (PORTFOLIO, *(scenario_name(s, names) for s in shown)), note=_counted(note))
    for fleet in made.costs.index:
        sheet.rows.append(Row(label(str(fleet)), [cell(str(fleet), s.name) for s in shown]))
    return sheet


def _counted(what: Words) -> Words:
    return Words(f"Counted: {what.en}. A dash: no answer.", f"计入：{what.zh}。短横线：无解。")


def failures(found: Robustness, names: Names, label: Label = same) -> Sheet | None:
    """Demand that is not served, by date, the most first; None if all is served everywhere."""
    table = found.failures()
    if table.empty:
        return None
    left = max(len(table) - MOST, 0)
    note = Words(
        "A day of a representative period stands for so many days of the year; the date is its own.",
        "代表时段的一天代表全年若干天；日期为该日本身的日期。",
    )
    if left:
        note += Words(f" {left} more rows in unserved.csv.", f" 另有{left}行见unserved.csv。")
    sheet = Sheet(
        Words("Adequacy failures by date", "分日期供电缺口"),
        (
            PORTFOLIO,
            SCENARIO,
            Words("date", "日期"),
            Words("zone", "分区"),
            Words("10^4 kWh/yr", "万千瓦时/年"),
            Words("largest 10^4 kW", "最大缺口（万千瓦）"),
            Words("days", "代表天数"),
        ),
        words=3,
        note=note,
    )
    place = {s.name: s for s in found.scenarios}
    several = table["stage"].nunique() > 1
    for row in table.sort_values("energy [MWh/yr]", ascending=False, kind="stable").head(MOST).to_dict("records"):
        when = f"{row['stage']}-{row['date']}" if several else row["date"]
        cells = [scenario_name(place[row["scenario"]], names), when, names.zone(row["zone"])]
        sizes = [row["energy [MWh/yr]"] / WAN_KW, row["largest [MW]"] / WAN_KW]
        sheet.rows.append(Row(label(row["portfolio"]), [*cells, *(figures(v) for v in sizes), number(row["days"], 1)]))
    return sheet


def clauses(found: Robustness, names: Names, label: Label = same) -> Sheet | None:
    """Clauses that are missed, with what was asked; None if all are met everywhere."""
    table = found.clauses()
    if table.empty:
        return None
    sheet = Sheet(
        Words("Clauses that are missed", "未达标条款"),
        (
            PORTFOLIO,
            SCENARIO,
            Words("clause", "条款"),
            Words("strictness", "约束方式"),
            Words("unit", "单位"),
            Words("required", "要求"),
            Words("achieved", "实现"),
            Words("priced at 10^8 CNY/yr", "惩罚（亿元/年）"),
        ),
        words=4,
        note=Words(
            "A hard clause has a price only so that missing it is the last resort; it is no cost that anybody pays.",
            "硬约束的惩罚价格仅使未达标成为最后手段，并非实际费用。",
        ),
    )
    place = {s.name: s for s in found.scenarios}
    for row in table.to_dict("records"):
        cells = [
            scenario_name(place[row["scenario"]], names),
            row["clause"],
            STRICTNESS[row["strictness"]],
            Words(row["unit"], UNITS.get(row["unit"], row["unit"])),
            *(figures(row[word], 5) for word in ("required", "achieved")),
            number(row["cost [CNY/yr]"] / YI_CNY, 2),
        ]
        sheet.rows.append(Row(label(row["portfolio"]), cells))
    return sheet


def years(found: Robustness, fleet: str, names: Names, label: Label = same) -> Sheet:
    """How one fleet runs through the years: costs in their parts, failures, curtailment, CO2, water, lines."""
    sheet = Sheet(
        label(fleet) + Words(": how it runs", "：运行情况"),
        (
            SCENARIO,
            Words("paid 10^8 CNY", "实际费用（亿元）"),
            Words("not delivered 10^8 CNY", "未交付（亿元）"),
            Words("clauses missed 10^8 CNY", "条款未达标（亿元）"),
            Words("unserved 10^8 kWh", "未供电量（亿千瓦时）"),
            Words("curtailed %", "弃电率%"),
            Words("CO2 10^4 t", "二氧化碳（万吨）"),
            Words("hydropower 10^8 kWh", "水电（亿千瓦时）"),
            Words("sent out 10^8 kWh", "外送（亿千瓦时）"),
            Words("missed of lines 10^8 kWh", "外送缺额（亿千瓦时）"),
        ),
    )
    table = found.table()
    table = table[table["portfolio"] == fleet].set_index("scenario")
    for s in found.scenarios:
        if s.kind == YEAR or s.base:
            sheet.rows.append(Row(scenario_name(s, names), _year(table.loc[s.name])))
    return sheet


def _year(row: pd.Series) -> list[str]:
    parts = ("paid", "not delivered", "clauses missed")
    return [
        *(number(row[f"{part} [CNY/yr]"] / YI_CNY, 2) for part in parts),
        number(row["unserved [MWh/yr]"] / YI_KWH, 3),
        number(100 * row["curtailed [-]"], 1),
        number(row["CO2 [t/yr]"] / WAN_T, 1),
        number(row["hydro [MWh/yr]"] / YI_KWH, 1),
        number(row["sent [MWh/yr]"] / YI_KWH, 1),
        number(row["missed of lines [MWh/yr]"] / YI_KWH, 3),
    ]
