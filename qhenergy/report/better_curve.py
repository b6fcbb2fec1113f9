"""A better curve as it is printed: the curve by season, what it costs and sends, how sure it is, what binds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from rich.console import Console

from qhenergy.outcome.better_curve import Binding, Firm, Found
from qhenergy.report.console import show_sheet
from qhenergy.report.sheet import Cell, Row, Sheet
from qhenergy.report.words import Words, figures, number, same

#: Printed units: 10^4 kW, 10^8 kWh and 10^8 CNY.
POWER, ENERGY, MONEY = 10.0, 1e5, 1e8
#: Powers that differ by less are one step [MW].
STEP = 0.5
AIMS = {
    "cost": Words("the cheapest", "费用最低"),
    "energy": Words("the one that sends most", "送电量最大"),
    "nearest": Words("the nearest that can be held", "最接近的可执行曲线"),
}
KINDS = {
    "corridor": Words("section or corridor", "断面或通道"),
    "store": Words("store", "储能"),
    "water": Words("water", "水库"),
    "clause": Words("clause", "政策条款"),
    "capacity": Words("capacity", "装机容量"),
    "line": Words("rating of the line", "直流额定功率"),
    "demand": Words("what is asked", "要求"),
    "plant": Words("plant", "电站"),
}


def show(found: Found, console: Console, language: str = "en") -> None:
    """Print a curve that was found."""
    show_sheet(_curve(found), console, language)
    show_sheet(_figures(found), console, language)
    if found.binding:
        show_sheet(binding(found.binding, unit_of(found.aim)), console, language)
    for note in found.notes:
        console.print(note, markup=False, highlight=False, soft_wrap=True)


def show_firm(levels: Sequence[Firm], console: Console, language: str = "en") -> None:
    """Print levels that a line can be counted on for."""
    rows = [
        Row(
            same(f"{100 * f.share:g} %"),
            (
                same(_hours(f)),
                number(f.level / POWER, 1),
                number(f.bound / POWER, 1),
                number(f.missed, 0),
                number(f.cost / MONEY, 2),
            ),
        )
        for f in levels
    ]
    head = (
        Words("hours", "时段"),
        Words("level [10^4 kW]", "可保证功率 [10^4 kW]"),
        Words("not above [10^4 kW]", "上界 [10^4 kW]"),
        Words("missed [h/yr]", "未达小时 [h/yr]"),
        Words("cost [10^8 CNY/yr]", "增加费用 [10^8 CNY/yr]"),
    )
    title = Words(f"Firm power of {levels[0].line}", f"{levels[0].line} 可保证功率")
    show_sheet(Sheet(title, (Words("share of hours", "时段占比"), *head), rows, words=1), console, language)
    for f in levels:
        if f.binding:
            show_sheet(binding(f.binding, Words("MW of level", "MW")), console, language)


def unit_of(aim: str) -> Words:
    """What a unit more of a limit betters."""
    return Words("CNY/yr", "元/年") if aim == "cost" else Words("MWh/yr", "MWh/年")


def binding(limits: Sequence[Binding], unit: Words) -> Sheet:
    """What binds, and what a unit more of it is worth."""
    rows = [
        Row(same(f"{b.family} {b.member}"), (KINDS[b.kind], same(b.unit), same(figures(b.worth)), number(b.rows, 0)))
        for b in limits
    ]
    head = (
        Words("kind", "类别"),
        Words("unit", "单位"),
        Words(f"a unit more betters by [{unit.en}]", f"每增加一单位改善 [{unit.zh}]"),
        Words("rows that bind", "起约束行数"),
    )
    return Sheet(Words("What holds it", "起约束作用的因素"), (Words("limit", "约束"), *head), rows, words=2)


def steps(day: Sequence[float], slots: int) -> str:
    """A day's curve in words: `00:00 120, 08:00 480`, powers in 10^4 kW."""
    starts = [0] + [i for i, (a, b) in enumerate(pairwise(day), 1) if abs(a - b) > STEP]
    minutes = [round(i * 1440 / slots) for i in starts]
    return ", ".join(f"{m // 60:02d}:{m % 60:02d} {day[i] / POWER:.1f}" for i, m in zip(starts, minutes, strict=True))


def _curve(found: Found) -> Sheet:
    slots = found.curve.shape[1]
    rows = [
        Row(
            same("-".join(map(str, months))),
            (same(steps(day.tolist(), slots)), number(float(np.mean(day)) / POWER, 1)),
        )
        for months, day in zip(found.seasons, found.curve, strict=True)
    ]
    title = Words(f"Curve of {found.line}: {AIMS[found.aim].en}", f"{found.line} 曲线：{AIMS[found.aim].zh}")
    head = (
        Words("from hour (Beijing time) power [10^4 kW]", "起始时刻（北京时间）功率 [10^4 kW]"),
        Words("mean [10^4 kW]", "均值 [10^4 kW]"),
    )
    return Sheet(title, (Words("months", "月份"), *head), rows, words=1)


def _figures(found: Found) -> Sheet:
    scale, unit = (MONEY, "10^8 CNY/yr") if found.aim == "cost" else (ENERGY, "10^8 kWh/yr")
    lines: list[tuple[Words, Cell]] = [
        (Words("asked for [10^8 kWh/yr]", "曲线电量 [10^8 kWh/yr]"), number(found.energy / ENERGY, 2)),
        (Words("sent [10^8 kWh/yr]", "送出电量 [10^8 kWh/yr]"), number(found.sent / ENERGY, 2)),
        (Words("missed [10^8 kWh/yr]", "欠送电量 [10^8 kWh/yr]"), number(found.missed / ENERGY, 3)),
        (Words("cost of the year [10^8 CNY/yr]", "年费用 [10^8 CNY/yr]"), number(found.cost / MONEY, 3)),
        (
            Words("beyond a line that sends what it likes [10^8 CNY/yr]", "较自由送电增加 [10^8 CNY/yr]"),
            number((found.cost - found.reference) / MONEY, 3),
        ),
        (Words(f"value found [{unit}]", f"所得值 [{unit}]"), number(found.value / scale, 4)),
        (Words(f"none is better than [{unit}]", f"界 [{unit}]"), number(found.bound / scale, 4)),
        (Words(f"gap [% of {found.size_is}]", "间隙 [%]"), number(100 * found.gap, 3)),
        (Words("within the gap asked for", "达到要求间隙"), Words("yes", "是") if found.proven else Words("no", "否")),
        (Words("dispatches", "调度求解次数"), number(len(found.iterations), 0)),
        (Words("ended by", "结束原因"), same(found.ended)),
    ]
    if found.aim == "nearest":
        lines[5:5] = [
            (
                Words("below the wanted curve [10^8 kWh/yr]", "低于原曲线 [10^8 kWh/yr]"),
                number(found.below / ENERGY, 3),
            ),
            (Words("above it [10^8 kWh/yr]", "高于原曲线 [10^8 kWh/yr]"), number(found.above / ENERGY, 3)),
            (Words("farthest [10^4 kW]", "最大偏差 [10^4 kW]"), number(found.farthest / POWER, 1)),
        ]
    rows = [Row(name, (value,)) for name, value in lines]
    return Sheet(Words("What it comes to", "结果"), (same(""), Words("value", "数值")), rows)


def _hours(level: Firm) -> str:
    first, last, hours = level.hours
    return f"{hours:,.0f} h" if first == last else f"{first:02d}-{last:02d} h"
