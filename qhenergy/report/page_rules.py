"""The rules of the plans on the page: wording, how each is represented, and its status, linked to the board."""

from __future__ import annotations

import html
from collections.abc import Sequence

from qhenergy.outcome.coverage import Answer, Covered, State, has_rules, of_result
from qhenergy.report import markup, rules
from qhenergy.report.markup import Markup
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.view import View
from qhenergy.report.words import Words

HEAD = (
    Words("rule and source", "条文与出处"),
    Words("how it is represented", "如何体现"),
    Words("status", "状态"),
)


def clause_id(key: str) -> str:
    """Identifier of a clause's row on the target board."""
    return f"clause-{key}"


def content(view: View) -> str:
    """The section; nothing where the data set tells of no rules."""
    return table(of_result(view.result)) if has_rules(view.result.inputs) else ""


def table(covered: Sequence[Covered]) -> str:
    """The rules as a table; the wording of the plans opens on demand."""
    sheet = Sheet(
        Words("What the plans ask in words, and what answers it here", "规划文字要求及其在模型中的对应"),
        HEAD,
        words=len(HEAD) - 1,
        note=Words(
            "A clause shows its status on the target board. `Off`: it is in the data and not in the target set.",
            "条款状态即目标对照中的状态；“未启用”指数据中有、目标集中没有。",
        ),
    )
    for rule in covered:
        answers = "".join(_answer(a) for a in rule.answers) or f"<p>{rules.WAYS[''].html()}</p>"
        states = "".join(_state(s) for a in rule.answers for s in a.states)
        sheet.rows.append(Row(Markup(_rule(rule)), [Markup(answers), Markup(states)]))
    return markup.paragraph(rules.summed(covered)) + markup.table(sheet, stacks=True, look="rules")


def _rule(rule: Covered) -> str:
    places = "".join(f'<div class="quiet">{rules.found_at(quote).html()}</div>' for quote in rule.quotes)
    quotes = "".join(f"<blockquote>{html.escape(quote.quote)}</blockquote>" for quote in rule.quotes)
    title = Words(rule.title_en, rule.title_zh)
    return (
        f'<span class="key">{html.escape(rule.rule)}</span> {title.html()}'
        f'<div class="quiet">{html.escape(rule.name)}</div>'
        + markup.details(Words("wording of the plans", "规划原文"), quotes + places, "quote")
    )


def _answer(answer: Answer) -> str:
    return f'<p><span class="way">{rules.WAYS[answer.way].html()}</span> {rules.how(answer).html()}</p>'


def _state(state: State) -> str:
    item = html.escape(state.item)
    if state.clause:
        item = f'<a href="#{html.escape(clause_id(state.clause))}">{item}</a>'
    return f'<p>{item} <span class="status {rules.tone(state)}">{rules.status(state).html()}</span></p>'
