"""Tables of a schedule: curves side by side, months by cause, worst days, curtailment, the loss of a pole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from qhenergy.outcome.indicators import date
from qhenergy.outcome.schedule_description import Description
from qhenergy.report.charts import MONTHS
from qhenergy.report.schedule_words import CAUSES, GWH, cause_at, limit_name, moment
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.words import Words, number, same

#: Limits that a table of causes names.
LIMITS = 12


def comparison(made: Sequence[Description]) -> Sheet:
    """What every curve comes to, a column for each."""

    def share(part: float, whole: float, digits: int = 2) -> str:
        return number(100 * part / whole, digits) if whole > 0 else "–"

    def curtailed(d: Description) -> float:
        return float(d.by_cause(d.curtailed).sum())

    def firm(found: dict[float, float], at: float) -> str:
        return number(found[at]) if at in found else "–"

    measures: list[tuple[Words, Callable[[Description], str]]] = [
        (Words("delivered in full, h", "足额执行小时数"), lambda d: number(d.delivered_hours)),
        (Words("asked, GWh", "要求电量（吉瓦时）"), lambda d: number(d.energy("asked") / GWH, 1)),
        (Words("sent, GWh", "外送电量（吉瓦时）"), lambda d: number(d.energy("sent") / GWH, 1)),
        (Words("missed, GWh", "缺额电量（吉瓦时）"), lambda d: number(d.energy("missed") / GWH, 2)),
        (Words("missed, % of asked", "缺额占比（%）"), lambda d: share(d.energy("missed"), d.energy("asked"))),
        (Words("largest miss, MW", "最大缺额（兆瓦）"), lambda d: number(float(d.hours["missed"].max()))),
        (Words("hours at rated power, h", "利用小时数"), lambda d: number(d.utilisation)),
        (Words("clean share of what is sent, %", "外送清洁占比（%）"), lambda d: number(100 * d.clean, 1)),
        (Words("marginal cost delivered, CNY/MWh", "边际供电成本（元/兆瓦时）"), lambda d: number(d.cost, 1)),
        (
            Words("firm at the receiving end, 95 % of hours, MW", "受端95%保证出力（兆瓦）"),
            lambda d: firm(d.firm, 0.95),
        ),
        (
            Words("the same at its peak hours, 95 %, MW", "受端高峰95%保证出力（兆瓦）"),
            lambda d: firm(d.firm_peak, 0.95),
        ),
        (Words("the same at its peak hours, all, MW", "受端高峰最低出力（兆瓦）"), lambda d: firm(d.firm_peak, 1.0)),
        (Words("curtailed, GWh", "弃电量（吉瓦时）"), lambda d: number(curtailed(d) / GWH, 1)),
        (Words("curtailed, % of offered", "弃电率（%）"), lambda d: share(curtailed(d), d.offered, 1)),
        (
            Words("curtailed without the line, GWh", "无外送时弃电量（吉瓦时）"),
            lambda d: number(float(d.without["without"].sum()) / GWH, 1) if d.without is not None else "–",
        ),
        (Words("unserved at home, GWh", "省内缺电量（吉瓦时）"), lambda d: number(d.unserved[0] / GWH, 2)),
        (Words("of it while the line sends, GWh", "其中外送时段（吉瓦时）"), lambda d: number(d.unserved[1] / GWH, 2)),
        (
            Words("pole lost: most to shed, MW", "单极闭锁最大切机量（兆瓦）"),
            lambda d: number(float(d.pole.hours["shed"].max())),
        ),
    ]
    sheet = Sheet(
        Words("What every curve comes to", "各曲线对比") if len(made) > 1 else Words("What it comes to", "主要结果"),
        (Words("measure", "指标"), *(same(d.name) for d in made)),
        note=Words(
            "Power and energy at the sending end unless the receiving end is named. Peak hours of the receiving "
            "province are those of receiving_peaks.csv. Hours are in Beijing time.",
            "除注明受端外均为送端值；受端高峰时段见 receiving_peaks.csv；时刻为北京时间。",
        ),
    )
    sheet.rows = [Row(name, [value(d) for d in made]) for name, value in measures]
    return sheet


def months(made: Description) -> Sheet:
    """Delivery of every month, and what is missed by cause [GWh]."""
    causes = made.by_month(made.missed)
    order = list(made.by_cause(made.missed).index)
    sheet = Sheet(
        Words("Delivered and missed by month and cause [GWh]", "分月外送、缺额与原因（吉瓦时）"),
        (
            Words("month", "月份"),
            Words("asked", "要求"),
            Words("sent", "外送"),
            Words("missed", "缺额"),
            Words("hours missed", "缺额小时"),
            Words("largest MW", "最大（兆瓦）"),
            *(CAUSES[str(c)] for c in order),
        ),
    )

    def row(head: Words, part: pd.Series, by_cause: pd.Series | None, look: str = "") -> Row:
        numbers = [number(part["asked"] / GWH, 1), number(part["sent"] / GWH, 1), number(part["missed"] / GWH, 2)]
        shares = [number(by_cause[c] / GWH, 2) for c in order] if by_cause is not None else []
        return Row(head, [*numbers, number(part["hours"]), number(part["largest"]), *shares], look)

    for month, part in made.months.iterrows():
        sheet.rows.append(row(MONTHS[int(month) - 1], part, causes.loc[month] if order else None))
    total = made.months.sum()
    total["largest"] = made.months["largest"].max()
    sheet.rows.append(row(Words("year", "全年"), total, causes.sum() if order else None, "sum"))
    return sheet


def limits(made: Description, table: pd.DataFrame, title: Words) -> Sheet | None:
    """What binds, by cause and limit, the largest first; nothing where nothing is missed."""
    found = made.by_limit(table)
    if found.empty:
        return None
    sheet = Sheet(
        title,
        (Words("cause", "原因"), Words("what binds", "受限对象"), Words("GWh", "吉瓦时"), Words("share %", "占比%")),
        words=1,
    )
    for (cause, limit), energy in found.head(LIMITS).items():
        share = number(100 * energy / found.sum(), 1)
        sheet.rows.append(Row(CAUSES[str(cause)], [limit_name(made, str(limit)), number(energy / GWH, 2), share]))
    rest = float(found.iloc[LIMITS:].sum())
    if rest:
        share = number(100 * rest / found.sum(), 1)
        sheet.rows.append(Row(Words("others", "其余"), ["", number(rest / GWH, 2), share]))
    return sheet


def worst_days(made: Description) -> Sheet:
    """The ten worst days."""
    sheet = Sheet(
        Words("The worst days", "最差十日"),
        (
            Words("day", "日期"),
            Words("cause of its largest miss", "最大缺额原因"),
            Words("missed MWh", "缺额（兆瓦时）"),
            Words("largest MW", "最大（兆瓦）"),
            Words("least margin MW", "最小裕度（兆瓦）"),
        ),
        words=1,
        note=Words(
            "By what they miss, then by the least margin: all that could still be raised in the system, units that are "
            "off and stores with energy for an hour included.",
            "先按缺额、再按最小裕度排序；裕度为全系统尚可增加的出力，含停机机组与可持续1小时的储能。",
        ),
    )
    for row in made.days.itertuples():
        hours = made.hours.loc[int(row.first) : int(row.last), "missed"]
        why = cause_at(made, int(hours.idxmax())) if hours.max() > 0 else same("–")
        cells = [why, number(row.missed), number(row.largest), number(row.margin)]
        sheet.rows.append(Row(same(date(int(row.day) % 365)), cells))
    return sheet


def pole_hours(made: Description) -> Sheet:
    """The worst hours for the loss of a pole [MW]."""
    pole = made.pole
    sheet = Sheet(
        Words("One pole lost: the worst hours [MW]", "单极闭锁：最不利时刻（兆瓦）"),
        (
            Words("hour", "时刻"),
            Words("sent", "外送"),
            Words("lost", "损失"),
            Words("remains", "剩余"),
            Words("other pole could take", "另一极可转带"),
            Words("can be lowered", "可下调"),
            Words("to shed", "需切机"),
            Words("can be raised", "可上调"),
            Words("short of the largest unit", "最大机组缺额"),
            Words("strength MVA", "系统强度（兆伏安）"),
            Words("MW per MVA", "兆瓦/兆伏安"),
        ),
        note=Words(
            f"A pole carries {number(100 * pole.share)} % of what is sent. Largest unit: {number(pole.unit)} MW. "
            f"Terms of the clauses: {', '.join(c for c in pole.clauses if c) or 'none'}. The strength of the grid is "
            "a proxy: the rating of machines that turn.",
            f"单极承担外送功率的{number(100 * pole.share)}%；最大机组{number(pole.unit)}兆瓦。"
            f"所依条款：{'、'.join(c for c in pole.clauses if c) or '无'}。系统强度为近似指标：旋转机组额定容量。",
        ),
    )
    for hour, row in pole.worst().iterrows():
        names = ("sent", "lost", "remains", "taken", "down", "shed", "up", "short_up", "strength")
        cells = [number(float(row[n])) for n in names] + [number(float(row["leaning"]), 2)]
        sheet.rows.append(Row(same(moment(made, int(hour))), cells))
    return sheet
