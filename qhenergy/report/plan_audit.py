"""The audit of a portfolio as it is printed: shortfalls, how it runs, what it adds to the cost, the repair."""

from __future__ import annotations

from rich.console import Console

from qhenergy.outcome.plan_audit import Cost, PlanAudit
from qhenergy.report import sheets, sheets_energy
from qhenergy.report.clauses import STATUS, asked, unit
from qhenergy.report.console import show_sheet
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.view import View
from qhenergy.report.words import Words, figures, number, same

#: Costs are printed in 10^8 CNY.
MONEY = 1e8
HEAD = (
    Words("money", "实际成本"),
    Words("not delivered", "未交付"),
    Words("clauses missed", "条款未达标"),
    Words("sum", "合计"),
)


def show(found: PlanAudit, console: Console, language: str = "en") -> None:
    """Print an audit."""
    view = View(found.result)
    show_sheet(_clauses(found), console, language)
    for stage in view.stages:
        for sheet in (
            sheets.capacity(view, stage),
            sheets_energy.generation(view, stage),
            sheets_energy.balance(view, stage),
            sheets_energy.send_out(view, stage),
            sheets_energy.emissions(view, stage),
        ):
            if sheet is not None:
                show_sheet(sheet, console, language)
    show_sheet(sheets.costs(view), console, language)
    show_sheet(_steps(found, view), console, language)
    if found.repair.cost is None:
        head = Words("No repair: no capacities to add let every clause hold.", "无修复方案。").pick(language)
        console.print(f"\n{head}\n{found.repair.reason}", markup=False, highlight=False, soft_wrap=True)
    else:
        show_sheet(_repair(found, view), console, language)
    folders = [f"portfolio: {found.folder}"]
    folders += [f"repaired: {found.repair.folder}"] if found.repair.folder else []
    console.print("\n" + "\n".join(folders), markup=False, highlight=False, soft_wrap=True)


def _clauses(found: PlanAudit) -> Sheet:
    rows = [
        Row(
            same(row.clause),
            (
                same(asked(row)),
                same(figures(row.achieved, 5) if row.achieved is not None else "-"),
                same(figures(max(-row.slack, 0.0)) if row.slack is not None else "-"),
                unit(row),
                STATUS[row.status],
            ),
            "apart" if row.status == "missed" else "",
        )
        for row in found.clauses()
    ]
    head = (Words("clause", "条款"), Words("asked", "要求"), Words("achieved", "实现"), Words("missing", "缺口"),
            Words("unit", "单位"), same(""))  # fmt: skip
    title = Words(f"What {found.source} is short of", f"{found.source} 的缺口")
    note = Words("Every hard clause may be missed, at a price far above what plants or energy cost.",
                 "所有硬约束均可按极高价格未达标。")  # fmt: skip
    return Sheet(title, head, rows, words=0, note=note)


def _steps(found: PlanAudit, view: View) -> Sheet:
    rows = [Row(Words("Portfolio", "方案"), (same(""), *_money(found.cost)), "group")]
    for step in found.steps:
        names = ", ".join(view.names.technology(name).en for name in step.names)
        chinese = "、".join(view.names.technology(name).zh for name in step.names)
        capacity = f"{number(step.fixed / 10, 1)} > {number(step.free / 10, 1)}"
        rows.append(Row(Words(names, chinese), (same(capacity), *_money(step.adds)), ""))
    rows.append(Row(Words("Least cost", "最小成本"), (same(""), *_money(found.least)), "sum"))
    head = (Words("released", "放开"), Words("10^4 kW", "万千瓦"), *HEAD)
    note = Words(
        "10^8 CNY a year. Technologies are released one after the other, largest difference of capacity first; each "
        "row is what is saved then, and the rows sum to the difference. Another order shares it out differently. "
        "At least cost clauses may be missed at the same price.",
        "亿元/年。按容量差由大到小逐一放开，各行之和等于总差额；顺序不同则分摊不同。",
    )
    title = Words("What each deviation from least cost adds", "各偏差对成本的影响")
    return Sheet(title, head, rows, words=0, note=note)


def _repair(found: PlanAudit, view: View) -> Sheet:
    repair = found.repair
    rows = []
    for change in repair.changes.to_dict("records"):
        technology = view.names.technology(change["technology"])
        place = technology + same(", ") + view.names.zone(change["zone"])
        cells = (f"{change['capacity [MW]'] / 10:+,.2f}", f"{change['energy [MWh]'] / 10:+,.2f}")
        rows.append(Row(place, tuple(map(same, cells)), ""))
    assert repair.cost is not None
    extra = repair.cost - found.cost
    word = {"add": "capacities may only be more", "any": "capacities may be anything"}[repair.kind]
    title = Words(f"The cheapest repair ({word})", "最便宜的修复方案")
    note = Words(
        f"All clauses met. Extra money {figures(extra.money / MONEY)} * 10^8 CNY a year; what is not delivered "
        f"changes by {figures(extra.undelivered / MONEY)}.",
        f"全部条款达标；实际成本增加 {figures(extra.money / MONEY)} 亿元/年，未交付项变化 "
        f"{figures(extra.undelivered / MONEY)}。",
    )
    head = (Words("to add", "增加"), Words("10^4 kW", "万千瓦"), Words("10^4 kWh", "万千瓦时"))
    return Sheet(title, head, rows, words=0, note=note)


def _money(cost: Cost) -> tuple[Words, ...]:
    return tuple(same(figures(part / MONEY)) for part in (cost.money, cost.undelivered, cost.clauses, cost.total))
