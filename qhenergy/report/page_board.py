"""The target board of the page, and what stands outside the run: watched clauses and projects left out."""

from __future__ import annotations

import html

from qhenergy.outcome.board import ClauseRow
from qhenergy.report import clauses, markup
from qhenergy.report.markup import Markup
from qhenergy.report.names import STRICTNESS
from qhenergy.report.page_rules import clause_id
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.view import View
from qhenergy.report.words import Words, figures, named, same


def board(view: View, rows: list[ClauseRow]) -> str:
    """The board as a table; the wording of the plan opens on demand."""
    if not rows:
        return markup.paragraph(Words("The case has no target set.", "本算例没有目标集。"))
    several, costs = len(view.stages) > 1, view.result.clause_costs
    sheet = Sheet(
        Words("What each clause asks and what came of it", "各条款要求与结果"),
        (
            Words("clause and source", "条款与出处"),
            Words("strictness", "约束方式"),
            *([Words("year", "年份")] if several else []),
            Words("status", "状态"),
            Words("required", "要求"),
            Words("achieved", "实现"),
            Words("slack", "余量"),
            Words("unit", "单位"),
            Words("shadow price", "影子价格"),
            *([Words("cost of the clause", "条款成本")] if costs else []),
        ),
        words=3 if several else 2,
        note=Words(
            "slack: room left, negative if missed. Shadow price: change of yearly cost when the requirement rises by "
            "one unit, with the targets between which it holds. A watched clause is reported and not enforced.",
            "余量：距要求的差额，负值为未达标。影子价格：要求提高一个单位时年费用的变化，并注明其适用的目标值区间。"
            "仅观察的条款只报告、不约束。",
        ),
    )
    seen: set[str] = set()
    for row in rows:
        # Of a clause in several stages the first row is the one that others point at.
        mark = "" if row.clause in seen else f' id="{html.escape(clause_id(row.clause))}"'
        seen.add(row.clause)
        sheet.rows.append(
            Row(
                Markup(_clause(row, mark)),
                [
                    STRICTNESS[row.strictness],
                    *([str(row.stage)] if several else []),
                    Markup(
                        f'<span class="status {clauses.tone(row.status)}">{clauses.STATUS[row.status].html()}</span>'
                    ),
                    clauses.asked(row),
                    "" if row.achieved is None else figures(row.achieved, 5),
                    "" if row.slack is None else figures(row.slack),
                    clauses.unit(row),
                    _price(row),
                    *([clauses.cost(row)] if costs else []),
                ],
            )
        )
    below = "".join(markup.paragraph(words, "note") for words in clauses.together(costs)) if costs else ""
    return markup.table(sheet, stacks=True) + below


def _price(row: ClauseRow) -> Markup:
    """Shadow price, and below it where it holds."""
    lines = "".join(f'<div class="quiet">{words.html()}</div>' for words in clauses.holds(row))
    price = clauses.price(row).html()
    return Markup(f'<div class="price">{price}{lines}</div>' if lines else price)


def _clause(row: ClauseRow, mark: str) -> str:
    quote = f"<blockquote>{html.escape(row.quote)}</blockquote>" if row.quote else ""
    source = (
        f'<div class="quiet">{clauses.found_at(row).html()}{f" · {html.escape(row.rule)}" if row.rule else ""}</div>'
    )
    return (
        f'<span class="key"{mark}>{html.escape(row.clause)}</span> '
        f'<span class="quiet">{clauses.kind(row).html()}</span>'
        + source
        + (markup.details(Words("wording of the plan", "规划原文"), quote, "quote") if quote else "")
    )


def outside(view: View, rows: list[ClauseRow]) -> str:
    """What this run does not hold the system to, and what it leaves out."""
    return _watched(rows) + _left_out(view)


def _watched(rows: list[ClauseRow]) -> str:
    if not rows:
        return ""
    missed = [row for row in rows if row.status == "watched: missed"]
    loose = {row.clause for row in rows if row.strictness == "watched"}
    text = Words(
        f"{len(loose)} clauses are watched only: the plan did not have to meet them, and "
        f"{len({row.clause for row in missed})} of them are missed.",
        f"{len(loose)}项条款仅作观察，规划不必满足；其中{len({row.clause for row in missed})}项未达标。",
    )
    if not loose:
        return markup.paragraph(Words("Every clause of the target set is enforced.", "目标集中的条款全部作为约束。"))
    items = "".join(
        f"<li><span class='key'>{html.escape(row.clause)}</span> {clauses.kind(row).html()}: "
        f"{html.escape(clauses.asked(row))}, {Words('achieved', '实现').html()} "
        f"{figures(row.achieved if row.achieved is not None else float('nan'), 5)} [{clauses.unit(row).html()}]</li>"
        for row in missed
    )
    return markup.paragraph(text) + (f"<ul>{items}</ul>" if items else "")


def _left_out(view: View) -> str:
    projects = view.result.inputs["projects"]
    if projects.empty:
        return ""
    absent = projects[projects["represented_as"] == ""]
    text = Words(
        f"Of {len(projects)} projects the plans name, {len(projects) - len(absent)} are represented in the data and "
        f"{len(absent)} are not.",
        f"规划列名项目{len(projects)}个，其中{len(projects) - len(absent)}个在数据中有对应，{len(absent)}个没有。",
    )
    sheet = Sheet(
        Words("Projects that are not represented", "未计入的项目"),
        (
            Words("project", "项目"),
            Words("kind", "类别"),
            Words("status in the plan", "规划状态"),
            Words("why", "原因"),
        ),
        words=3,
    )
    for key, row in absent.iterrows():
        sheet.rows.append(Row(named(row, str(key)), [str(row["kind"]), str(row["status_in_plan"]), str(row["reason"])]))
    counts = absent["kind"].value_counts()
    kinds = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    return (
        markup.paragraph(text)
        + markup.paragraph(same(kinds), "quiet")
        + markup.details(Words("list of these projects", "项目清单"), markup.table(sheet, stacks=True))
    )
