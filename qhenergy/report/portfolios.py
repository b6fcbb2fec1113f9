"""Storage portfolios as they are printed: side by side, what their storage is firm for, what more would be worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path

from rich.console import Console

from qhenergy.data.inputs import Inputs
from qhenergy.outcome.portfolios import Benchmark, PortfolioOutcome, ValuePoint
from qhenergy.report.console import show_sheet
from qhenergy.report.names import Names
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.words import Words, figures, number, same

#: Costs are printed in 10^8 CNY, power in 10^4 kW, energy in 10^4 kWh, CO2 in 10^4 t.
MONEY, POWER, MASS = 1e8, 10.0, 1e4
_POWER = Words("10^4 kW", "万千瓦")


def show(found: Benchmark, inputs: Inputs, folder: Path, console: Console, language: str = "en") -> None:
    """Print a benchmark.

    Args:
        found: the benchmark.
        inputs: tables of its case.
        folder: where its results are.
        console: where to.
        language: of names.
    """
    names = Names(inputs)
    for sheet in sheets(found, names):
        show_sheet(sheet, console, language)
    for outcome in found.outcomes:
        if not outcome.solved:
            console.print(f"{outcome.name}: {outcome.reason}", markup=False, highlight=False, soft_wrap=True)
    word = Words("results", "结果").pick(language)
    console.print(f"\n{word}: {folder}", markup=False, highlight=False, soft_wrap=True)


def sheets(found: Benchmark, names: Names) -> list[Sheet]:
    """The tables of a benchmark that have a row."""
    made = [
        _side_by_side(found),
        _storage(found, names),
        _credit(found, names),
        _substitution(found, names),
        _values(
            found.values,
            names,
            Words("Marginal value of storage against its capacity", "储能边际价值与容量"),
            _POWER,
            lambda p: number(p.capacity / POWER, 1),
        ),
        _values(
            found.durations,
            names,
            Words("Marginal value of storage against its duration", "储能边际价值与时长"),
            Words("h", "小时"),
            lambda p: number(p.hours, 0),
        ),
    ]
    return [sheet for sheet in made if sheet.rows]


def _title(outcome: PortfolioOutcome) -> Words:
    return Words(outcome.title, outcome.title_zh)


def _side_by_side(found: Benchmark) -> Sheet:
    # Keys are short enough to stand beside the figures; names are in the next table.
    rows = []
    for o in found.outcomes:
        if not o.solved:
            rows.append(Row(same(o.name), (Words("no plan", "无解"), *[same("–")] * 8), "apart"))
            continue
        met, asked = o.targets_met
        credit = found.credit_of(o.name)
        cells = (
            figures(o.objective / MONEY, 5),
            figures(found.saving(o) / MONEY),
            number(o.capacity / POWER, 1),
            number(o.energy / POWER, 0),
            number(100 * o.curtailed / o.offered if o.offered else 0.0, 2),
            number(o.emissions / MASS, 0),
            number(credit.firm / POWER if credit else math.nan, 1),
            number(100 * credit.credit if credit else math.nan, 0),
            f"{met}/{asked}",
        )
        rows.append(Row(same(o.name), tuple(map(same, cells)), "group" if o.name == found.baseline else ""))
    head = (
        Words("portfolio", "组合"),
        Words("10^8 CNY", "亿元"),
        Words("saving", "节约"),
        _POWER,
        Words("10^4 kWh", "万千瓦时"),
        Words("curt. %", "弃电%"),
        Words("10^4 t CO2", "万吨CO2"),
        Words("firm", "可信容量"),
        Words("credit %", "置信度%"),
        Words("targets", "达标"),
    )
    base = found.of(found.baseline)
    note = Words(
        f"Cost of a year with what is not delivered at its price; saving beside {base.title}; new storage; share of "
        "sun and wind curtailed; firm capacity is the load that it lets its fleet carry at equal reliability; targets "
        "met, those that are only watched included.",
        f"年成本含未交付项计价；节约相对于“{base.title_zh}”；均为新增储能；可信容量为同等可靠性下可多带的负荷；"
        "达标数含仅观察的条款。",
    )
    return Sheet(Words("Storage portfolios on the same footing", "储能组合同口径对比"), head, rows, note=note)


def _storage(found: Benchmark, names: Names) -> Sheet:
    rows = []
    for o in found.outcomes:
        by: dict[str, tuple[float, float]] = {}
        for part in o.storage:
            power, energy = by.get(part.technology, (0.0, 0.0))
            stored = 0.0 if math.isnan(part.energy) else part.energy
            by[part.technology] = (power + part.capacity, energy + stored)
        rows.append(Row(same(f"{o.name}: ") + _title(o), (same(""), same("")), "group"))
        for technology, (power, energy) in by.items():
            cells = (number(power / POWER, 1), number(energy / POWER, 0))
            rows.append(Row(names.technology(technology), tuple(map(same, cells)), "part"))
    head = (Words("portfolio", "组合"), _POWER, Words("10^4 kWh", "万千瓦时"))
    return Sheet(Words("New storage of each", "各组合的新增储能"), head, rows)


def _credit(found: Benchmark, names: Names) -> Sheet:
    rows = []
    for s in found.credit_steps:
        if s.reason:
            cells = (number(s.capacity / POWER, 1), "–", "–", "–")
        else:
            firm = s.carried - s.carried_without
            shares = (number(100 * share, 0) for share in (s.credit, s.marginal))
            cells = (number(s.capacity / POWER, 1), number(firm / POWER, 1), *shares)
        rows.append(Row(names.technology(s.technology), tuple(map(same, cells))))
    head = (
        Words("technology", "技术"),
        _POWER,
        Words("firm", "可信容量"),
        Words("credit %", "置信度%"),
        Words("of the next %", "边际%"),
    )
    title = Words("Capacity credit of each technology alone", "各技术单独的容量置信度")
    base = found.of(found.baseline)
    note = Words(f"On top of the fleet of {base.title}.", f"在“{base.title_zh}”的机组之上。")
    return Sheet(title, head, rows, note=note)


def _substitution(found: Benchmark, names: Names) -> Sheet:
    rows = [
        Row(
            names.technology(s.technology),
            (same(number(s.capacity / POWER, 1)), names.technology(s.other), same(number(s.needed / POWER, 1))),
        )
        for s in found.substitutions
    ]
    head = (Words("technology", "技术"), _POWER, Words("other", "替代技术"), Words("as firm", "等可靠容量"))
    title = Words("What carries the same load", "同等可靠性下的替代")
    return Sheet(title, head, rows)


def _values(
    points: Iterable[ValuePoint], names: Names, title: Words, unit: Words, at: Callable[[ValuePoint], str]
) -> Sheet:
    rows = []
    for p in points:
        cells = (at(p), number(p.value, 1), number(p.own_cost, 1), number(p.value - p.own_cost, 1))
        rows.append(Row(names.technology(p.technology), tuple(map(same, cells))))
    head = (
        Words("technology", "技术"),
        unit,
        Words("CNY/kW/yr", "元/千瓦/年"),
        Words("own cost", "自身成本"),
        Words("net", "净值"),
    )
    note = Words(
        "What another kW saves a year; it pays where that is above its own cost.",
        "每增加1千瓦每年节约的系统成本；高于自身成本即有利。",
    )
    return Sheet(title, head, rows, note=note)
