"""How a schedule was checked, as a table: audit, independent checker, distance from a year that knows what comes."""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.outcome.schedule_verdict import Verdict
from qhenergy.report.sheet import Cell, Row, Sheet
from qhenergy.report.words import Words, number, same

#: What the checker calls its rules, in words.
RULES = {
    "rating": Words("above the rating", "超过额定功率"),
    "minimum_power": Words("below the least power", "低于最小功率"),
    "asked": Words("more than asked", "超过曲线要求"),
    "maintenance": Words("power in maintenance", "检修期有功率"),
    "ramp": Words("ramp", "爬坡率"),
    "largest_step": Words("height of a step", "单次阶跃幅度"),
    "allowed_levels": Words("level not allowed", "非允许功率档位"),
    "levels": Words("levels a day", "每日档位数"),
    "dwell": Words("time at a level", "档位持续时间"),
    "changes": Words("changes a day", "每日调整次数"),
    "reversal": Words("reversal too soon", "反向调整间隔"),
    "same_days": Words("days of a season differ", "同季各日不一致"),
    "balance": Words("balance", "功率平衡"),
    "domestic_first": Words("unserved at home while sending", "外送时省内缺电"),
    "clean": Words("not backed by clean energy", "清洁电量支撑不足"),
}


def verdicts(made: Sequence[Verdict]) -> Sheet:
    """The checks of every curve, a column for each."""
    sheet = Sheet(
        Words("How it was checked", "校核"),
        (Words("check", "项目"), *(same(v.name) for v in made)),
        words=len(made),
        note=Words(
            "The checker reads the stored curve and dispatch and knows no optimiser. Rules of steps are those of "
            "send_out_rules.csv, to be confirmed by the operator. Clean energy: what no clean plant or store could "
            "stand for at the very best.",
            "独立校核只读取存储的曲线与调度结果，不含优化器。阶梯规则见 send_out_rules.csv，待调度机构确认。"
            "清洁支撑：按最有利口径仍无清洁电源或储能可支撑的小时。",
        ),
    )
    sheet.rows.append(Row(Words("audit", "审计"), [_passed(v) for v in made]))
    sheet.rows.append(Row(Words("steps of the dispatch", "滚动步数"), [_steps(v) for v in made]))
    if any(v.distance is not None for v in made):
        title = Words("above the year that knows what comes", "较全年完美预见偏高")
        sheet.rows.append(Row(title, [_distance(v) for v in made]))
    for rule in dict.fromkeys(rule for v in made for rule in v.by_rule):
        sheet.rows.append(Row(RULES.get(rule, same(rule)), [_breaches(v, rule) for v in made]))
    if not any(v.breaches for v in made):
        nothing = Words("nothing found", "未发现违规")
        sheet.rows.append(Row(Words("independent checker", "独立校核"), [nothing] * len(made)))
    for label in dict.fromkeys(label for v in made for label in v.unheld):
        title = Words(f"row of the year not held: {label}", f"未满足的全年约束：{label}")
        sheet.rows.append(Row(title, [number(v.unheld[label], 1) if label in v.unheld else "–" for v in made]))
    return sheet


def _passed(verdict: Verdict) -> Cell:
    if not verdict.audit.passed:
        return same(" ".join(verdict.audit.faults))
    return Words(
        f"passed: energy to {verdict.audit.energy_imbalance_mwh:.0e} MWh, water to "
        f"{verdict.audit.water_imbalance_hm3:.0e} hm3",
        f"通过：电量误差{verdict.audit.energy_imbalance_mwh:.0e}兆瓦时，水量误差"
        f"{verdict.audit.water_imbalance_hm3:.0e}百万立方米",
    )


def _steps(verdict: Verdict) -> Cell:
    gap = f", gap {100 * verdict.whole_gap:.2f} %" if verdict.whole_gap else ""
    gap_zh = f"，整数间隙{100 * verdict.whole_gap:.2f}%" if verdict.whole_gap else ""
    return Words(
        f"{verdict.steps} in {verdict.seconds:,.0f} s{gap}", f"{verdict.steps}步，{verdict.seconds:,.0f}秒{gap_zh}"
    )


def _distance(verdict: Verdict) -> Cell:
    return "–" if verdict.distance is None else f"{100 * verdict.distance:.2f} %"


def _breaches(verdict: Verdict, rule: str) -> Cell:
    if rule not in verdict.by_rule:
        return "–"
    count, first = verdict.by_rule[rule]
    found = f"{first.found:,.4g} {first.unit}"
    return Words(
        f"{count} times; first {first.time}: {found}, limit {first.limit:,.4g}",
        f"{count}次；首次{first.time}：{found}，限值{first.limit:,.4g}",
    )
