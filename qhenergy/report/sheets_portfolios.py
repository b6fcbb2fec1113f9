"""The tables of storage portfolios: side by side, savings by cause, what is firm, what more would be worth."""

from __future__ import annotations

import math
from collections.abc import Callable

from qhenergy.outcome.portfolios import Benchmark, PortfolioOutcome
from qhenergy.outcome.robustness import LEADS
from qhenergy.outcome.saving import CAUSES
from qhenergy.report.names import Names
from qhenergy.report.sheet import Cell, Row, Sheet
from qhenergy.report.sheets import WAN_KW, WAN_T, YI_CNY
from qhenergy.report.words import Words, figures, number, same

PORTFOLIO, KEY, MONEY = Words("portfolio", "方案"), Words("key", "键名"), Words("10^8 CNY/yr", "亿元/年")
POWER, ENERGY = Words("10^4 kW", "万千瓦"), Words("10^4 kWh", "万千瓦时")
PER_KW = Words("CNY/kW/yr", "元/千瓦·年")
TECHNOLOGY, OWN_COST = Words("technology", "技术"), Words("own cost", "自身成本")
VALUE = Words(
    "What another kW saves a year; it pays where that is above its own cost.",
    "每增加1千瓦每年节约的系统费用；高于自身成本即有利。",
)
#: A column of a table of portfolios: its head, and what it says of one.
Column = tuple[Words, Callable[[PortfolioOutcome], Cell]]
#: Less than this is not listed [MW]: an interior point leaves crumbs.
LEAST_MW = 1.0
#: CNY a year and MW per CNY a year and kW.
KW = 1000.0
#: Causes of `outcome.saving` in words.
CAUSE = {
    "storage": Words("storage", "储能"),
    "fuel and running": Words("fuel and running", "燃料与运行"),
    "curtailment": Words("curtailment", "减少弃电"),
    "generating capacity": Words("capacity", "减少发电装机"),
    "network": Words("network", "减少电网投资"),
    "exchange": Words("exchange", "省间购售电"),
    "receipts": Words("receipts", "其他收入"),
    "CO2 price": Words("CO2 price", "碳价"),
    "not delivered": Words("not delivered", "未交付"),
    "other": Words("other", "其他"),
}


def title_of(found: Benchmark) -> Callable[[str], Words]:
    """What each portfolio is called, by its key."""
    known = {o.name: Words(o.title, o.title_zh) for o in found.outcomes}
    return lambda name: known.get(name, same(name))


def shown(found: Benchmark) -> list[PortfolioOutcome]:
    """Portfolios as tables list them: the cheapest first, those without a plan last."""
    return [o for _, o in found.ranking()] + [o for o in found.outcomes if not o.solved]


def side_by_side(found: Benchmark, short: bool = False) -> Sheet:
    """Main figures of every portfolio, the cheapest first.

    Args:
        found: the benchmark.
        short: whether it is for a console, where keys leave room for figures; names are in `storage`.
    """
    label, columns, rows = title_of(found), _columns(found, short), []
    for o in shown(found):
        cells: list[Cell]
        if o.solved:
            look, cells = "group" if o.name == found.baseline else "", [cell(o) for _, cell in columns]
        else:
            look, cells = "apart", ["–", Words("no plan", "无解"), *["–"] * (len(columns) - 2)]
            cells = cells if short else [*cells[:-1], o.name]
        rows.append(Row(same(o.name) if short else label(o.name), cells, look))
    base = label(found.baseline)
    note = Words(
        f"Cost of a year with what is not delivered at its price; saving beside '{base.en}', in bold; capacity, energy "
        "and credit are those of new storage. Firm [10^4 kW]: the load it lets its fleet carry at equal reliability. "
        "Targets met, those that are only watched included. Regret: the largest over all years [10^8 CNY/yr]. Equal "
        "ranks tie within the proven gaps.",
        f"年费用含未交付惩罚；节约相对于“{base.zh}”（粗体）；容量、电量与置信度均指新增储能。"
        "可信容量（万千瓦）：同等可靠性下可多承担的负荷。达标数含仅观察的条款。后悔值为各年份中的最大值（亿元/年）。名次相同表示在已证明的间隙内并列。",
    )
    head = (PORTFOLIO, *(name for name, _ in columns))
    return Sheet(Words("Storage portfolios on the same footing", "储能组合同口径对比"), head, rows, note=note)


def _columns(found: Benchmark, short: bool) -> list[Column]:
    """What is told of each portfolio that has a plan."""
    ranks = {o.name: rank for rank, o in found.ranking()}
    made: list[Column] = [
        (Words("rank", "名次"), lambda o: number(ranks[o.name])),
        (MONEY, lambda o: number(o.objective / YI_CNY, 2)),
        (Words("saving", "节约"), lambda o: number(found.saving(o) / YI_CNY, 2)),
    ]
    if not short:
        made.append((Words("CNY per new kW", "元/新增千瓦"), lambda o: number(_per_kw(found, o))))
    made.append((POWER, lambda o: number(o.capacity / WAN_KW, 1)))
    if not short:
        made.append((ENERGY, lambda o: _energy(o.energy)))
        made.append((Words("10^4 t CO2", "万吨CO2"), lambda o: number(o.emissions / WAN_T)))
    made.append((Words("curtailed %", "弃电率%"), lambda o: number(_share(o.curtailed, o.offered), 2)))
    if not short and any(o.unserved >= 1 for o in found.outcomes):
        made.append((Words("unserved 10^4 kWh", "未供电量（万千瓦时）"), lambda o: number(o.unserved / WAN_KW)))
    if found.credits:
        made.append((Words("firm", "可信容量"), lambda o: _firm(found, o.name)[0]))
        made.append((Words("credit %", "置信度%"), lambda o: _firm(found, o.name)[1]))
    made.append((Words("targets", "达标"), lambda o: "{}/{}".format(*o.targets_met)))
    if found.robustness:
        most = found.robustness.regret(LEADS).spread["maximum"]
        made.append((Words("regret", "后悔值"), lambda o: number(most.get(o.name, math.nan) / YI_CNY, 2)))
    if not short:
        made.append((KEY, lambda o: same(o.name)))
    return made


def _share(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _energy(megawatt_hours: float) -> str:
    """Stored energy; a dash for what stores none of its own."""
    return number(megawatt_hours / WAN_KW) if megawatt_hours else "–"


def _per_kw(found: Benchmark, o: PortfolioOutcome) -> float:
    """What a kW of new storage saves [CNY/kW/yr]."""
    return found.saving(o) / (o.capacity * KW) if o.capacity >= 1 else math.nan


def _firm(found: Benchmark, name: str) -> tuple[str, str]:
    credit = found.credit_of(name)
    if credit is None or credit.capacity < LEAST_MW:
        return "–", "–"
    return number(credit.firm / WAN_KW, 1), number(100 * credit.credit)


def causes(found: Benchmark, short: bool = False) -> Sheet | None:
    """What every portfolio saves beside the baseline, by cause; None if it was not asked for.

    Args:
        found: the benchmark.
        short: whether portfolios stand under their keys.
    """
    if found.measures is None:
        return None
    label, table = title_of(found), found.measures.savings
    table = table.groupby(["portfolio", "cause"])["saving [CNY/yr]"].sum().unstack(fill_value=0.0) / YI_CNY
    present = [c for c in CAUSES if c in table.columns and table[c].abs().max() >= 0.005]
    base = label(found.baseline)
    sheet = Sheet(
        Words("Saving by cause [10^8 CNY/yr]", "分原因节约（亿元/年）"),
        (PORTFOLIO, *(CAUSE[c] for c in present), Words("sum", "合计")),
        note=Words(
            f"Beside '{base.en}'; negative: costs more. Causes add up to the difference of the costs. Of sun and wind, "
            "fixed costs of what is curtailed are told apart from those of what is used.",
            f"相对于“{base.zh}”；负值表示费用增加；各项之和等于费用之差。风光固定费用按弃电与利用电量分摊。",
        ),
    )
    for o in shown(found):
        if o.solved and o.name != found.baseline:
            row = table.loc[o.name]
            head = same(o.name) if short else label(o.name)
            sheet.rows.append(Row(head, [*(number(row[c], 2) for c in present), number(row.sum(), 2)]))
    return sheet


def storage(found: Benchmark, names: Names) -> Sheet:
    """New storage of every portfolio by technology, under its key and name."""
    head = (PORTFOLIO, POWER, ENERGY)
    sheet = Sheet(Words("New storage of each", "各方案的新增储能"), head)
    for o in shown(found):
        mix = o.mix()
        sheet.rows.append(Row(same(f"{o.name}: ") + title_of(found)(o.name), ["", ""], "group"))
        for technology, (power, energy) in mix.items():
            if power < LEAST_MW:
                continue
            cells = [number(power / WAN_KW, 1), _energy(energy)]
            sheet.rows.append(Row(names.technology(technology), cells, "part"))
    return sheet


def stacks(found: Benchmark, name: Callable[[str], Words]) -> Sheet:
    """Portfolios shared among their lines.

    Args:
        found: the benchmark.
        name: what a line is called.
    """
    label = title_of(found)
    sheet = Sheet(
        Words("What each line of a portfolio is worth to the whole", "各组成部分对系统的价值"),
        (
            PORTFOLIO,
            POWER,
            Words("share 10^8 CNY/yr", "分摊（亿元/年）"),
            PER_KW,
            Words("alone", "单独建设"),
            Words("built last", "最后建设"),
        ),
        note=Words(
            "Saving beside the same grid with none of the lines; negative: costs more. Shares are Shapley values, the "
            "mean of what a line adds over all orders, and add up to the saving of the portfolio exactly. Built last "
            "below alone: the lines do part of the same work; above: they complete each other.",
            "相对于不建各组成部分的系统；负值表示费用增加。分摊采用Shapley值，即各建设次序下边际贡献的平均，合计恰等于方案节约。"
            "最后建设低于单独建设表示作用重叠，高于则表示互补。",
        ),
    )
    order = [o.name for o in shown(found)]
    for stack in sorted(found.stacks, key=lambda stack: order.index(stack.name)):
        if stack.reason:
            sheet.rows.append(Row(label(stack.name), ["–"] * 5, "group"))
            continue
        new = sum(s.capacity for s in stack.shares)
        for s in (None, *stack.shares):
            power, share = (new, stack.saving) if s is None else (s.capacity, s.share)
            cells = [number(power / WAN_KW, 1), number(share / YI_CNY, 2), number(share / power / KW)]
            cells += ["", ""] if s is None else [number(v / YI_CNY, 2) for v in (s.alone, s.last)]
            sheet.rows.append(Row(label(stack.name) if s is None else name(s.line), cells, "part" if s else "group"))
    return sheet


def credits_(found: Benchmark, names: Names) -> Sheet:
    """Capacity credit of technologies alone, at rising capacity, and that of the next MW."""
    base = title_of(found)(found.baseline)
    made = {(s.technology, s.capacity): "–" if s.reason else _credit(s.credit, s.marginal) for s in found.credit_steps}
    sizes = sorted({capacity for _, capacity in made})
    sheet = Sheet(
        Words("Capacity credit of each technology alone (of the next MW) [%]", "各技术单独的容量置信度（边际，%）"),
        (TECHNOLOGY, *(_sized(capacity) for capacity in sizes)),
        note=Words(f"On top of the fleet of '{base.en}'.", f"以“{base.zh}”的机组为基础。"),
    )
    for technology in dict.fromkeys(t for t, _ in made):
        cells = [made.get((technology, capacity), "") for capacity in sizes]
        sheet.rows.append(Row(names.technology(technology), cells))
    return sheet


def _credit(credit: float, marginal: float) -> str:
    return f"{number(100 * credit)} ({number(100 * marginal)})"


def _sized(megawatts: float) -> Words:
    """A capacity as the head of a column."""
    size = figures(megawatts / WAN_KW, 3)
    return Words(f"{size} × 10^4 kW", f"{size}万千瓦")


def substitutions(found: Benchmark, names: Names) -> Sheet:
    """How much of each technology carries what another does: a matrix."""
    given = {s.technology: s.capacity for s in found.substitutions}
    others = list(dict.fromkeys(s.other for s in found.substitutions))
    needed = {(s.technology, s.other): s.needed for s in found.substitutions}
    sheet = Sheet(
        Words("What carries the same load [10^4 kW]", "同等可靠性下的替代（万千瓦）"),
        (TECHNOLOGY, POWER, *(names.technology(other) for other in others)),
        note=Words(
            "Read along a row: so much of the other technologies carries the load that the first one does. A dash: "
            "none does.",
            "按行读：其他技术需要多少容量才能承担相同负荷。短横线表示无法替代。",
        ),
    )
    for technology, capacity in given.items():
        cells = ["" if other == technology else _needed(needed.get((technology, other), math.nan)) for other in others]
        sheet.rows.append(Row(names.technology(technology), [number(capacity / WAN_KW, 1), *cells]))
    return sheet


def _needed(megawatts: float) -> str:
    return number(megawatts / WAN_KW, 1)


def values(found: Benchmark, names: Names) -> Sheet:
    """Marginal value against capacity."""
    made = {(p.technology, p.capacity): p for p in found.values}
    sizes = sorted({capacity for _, capacity in made})
    sheet = Sheet(
        Words("Marginal value of storage against its capacity [CNY/kW/yr]", "储能边际价值与容量（元/千瓦·年）"),
        (TECHNOLOGY, OWN_COST, *(_sized(capacity) for capacity in sizes)),
        note=VALUE,
    )
    for technology in dict.fromkeys(p.technology for p in found.values):
        points = [made.get((technology, capacity)) for capacity in sizes]
        own = next((p.own_cost for p in points if p is not None and not p.reason), math.nan)
        cells = [number(p.value) if p is not None else "" for p in points]
        sheet.rows.append(Row(names.technology(technology), [number(own), *cells]))
    return sheet


def durations(found: Benchmark, names: Names) -> Sheet:
    """Marginal value against duration."""
    sheet = Sheet(
        Words("Marginal value of storage against its duration [CNY/kW/yr]", "储能边际价值与时长（元/千瓦·年）"),
        (TECHNOLOGY, Words("h", "小时"), Words("value", "价值"), OWN_COST, Words("net", "净值")),
        note=VALUE,
    )
    for p in found.durations:
        cells = [number(p.hours), *(number(v) for v in (p.value, p.own_cost, p.value - p.own_cost))]
        sheet.rows.append(Row(names.technology(p.technology), cells))
    return sheet
