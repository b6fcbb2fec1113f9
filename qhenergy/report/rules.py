"""How the rules of the plans are worded, and the table of them on the console."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from qhenergy.outcome.coverage import (
    AS_SET,
    IN_MODEL,
    NOT_ROW,
    NOWHERE,
    OFF,
    REPORTED,
    Answer,
    Covered,
    Quote,
    State,
    as_dict,
    counts,
)
from qhenergy.outcome.summary import as_json
from qhenergy.report import clauses
from qhenergy.report.names import STRICTNESS
from qhenergy.report.words import Words, same

TITLE = Words("Rules of the plans", "规划条文")
WAYS = {
    "clause": Words("clause", "条款"),
    "technology": Words("technology", "技术"),
    "switch": Words("switch", "情景开关"),
    "input": Words("data", "数据"),
    "indicator": Words("indicator", "指标"),
    "not_for_this_model": Words("not for this model", "不属本模型"),
    "not_yet": Words("not yet", "尚未实现"),
    "": Words("no answer", "没有对应"),
}
COUNTED = {
    "clause": Words("clauses", "条款"),
    "technology": Words("technologies", "技术"),
    "switch": Words("switches", "情景开关"),
    "input": Words("data", "数据"),
    "indicator": Words("indicators", "指标"),
}
STATUS = {
    **clauses.STATUS,
    **STRICTNESS,
    OFF: Words("off", "未启用"),
    IN_MODEL: Words("in the model", "已建模"),
    NOT_ROW: Words("no row in the data", "数据中没有"),
    REPORTED: Words("reported", "已统计"),
    AS_SET: Words(AS_SET, "按目标集"),
    NOWHERE: Words("leads nowhere", "地址不存在"),
}


def summed(covered: Sequence[Covered]) -> Words:
    """How many rules are accounted for, and by what."""
    found = counts(covered)
    left = found.pop("", 0)
    parts = [(n, COUNTED.get(way, WAYS[way]) if n > 1 else WAYS[way]) for way, n in found.items()]
    total = len(covered)
    return Words(
        f"{total - left} of {total} accounted for: " + ", ".join(f"{n} {word.en}" for n, word in parts),
        f"{total}条中{total - left}条有着落：" + "，".join(f"{word.zh}{n}条" for n, word in parts),
    )


def found_at(quote: Quote) -> Words:
    """Document and line of a quote."""
    return Words(f"{quote.document}, line {quote.line}", f"{quote.document}，第{quote.line}行")


def how(answer: Answer) -> Words:
    """How a rule is represented, or what is meant by it and why it is not."""
    zh = answer.how_zh or answer.how
    if not answer.reason:
        return Words(answer.how, zh)
    return Words(f"{answer.how} {answer.reason}".strip(), f"{zh}{answer.reason_zh or answer.reason}")


def status(state: State) -> Words:
    """What an address leads to."""
    if state.address.startswith("case:") and state.status not in (AS_SET, NOWHERE):
        return same(state.status)
    if state.status.isdigit():
        return Words(f"{state.status} rows", f"{state.status}行")
    words = [STATUS.get(word, same(word)) for word in state.status.split("; ")]
    return Words("; ".join(w.en for w in words), "；".join(w.zh for w in words))


def tone(state: State) -> str:
    """How a status is to be seen: `good`, `warn`, `bad` or `off`."""
    if state.status == NOWHERE:
        return "bad"
    if state.clause and state.status not in STRICTNESS:
        return clauses.tone(state.status.split("; ")[0])
    return "off" if state.status in (OFF, NOT_ROW, "watched") else "good"


def show(covered: Sequence[Covered], title: Words, console: Console, language: str, as_data: bool = False) -> None:
    """Print where every rule stands.

    Args:
        covered: the rules.
        title: of the case.
        console: where to.
        language: `en` or `zh`.
        as_data: print JSON instead.
    """
    if as_data:
        # Not through rich: nothing may wrap or colour what another program reads.
        sys.stdout.write(as_json(as_dict(covered)) + "\n")
        return
    console.print(Text(f"{TITLE.pick(language)}: {title.pick(language)}", "bold"))
    for rule in covered:
        console.print()
        _show_rule(rule, console, language)
    console.print()
    console.print(Text(summed(covered).pick(language), "bold"))


def _show_rule(rule: Covered, console: Console, language: str) -> None:
    head = Table.grid(expand=True, padding=(0, 2, 0, 0))
    head.add_column(overflow="fold")
    head.add_column(justify="right", no_wrap=True)
    title = Words(rule.title_en, rule.title_zh).pick(language)
    chief = Text(WAYS[rule.chief].pick(language), "" if rule.chief else "bold red")
    head.add_row(Text(f"{rule.rule} {title}", "bold"), chief)
    console.print(head)
    for quote in rule.quotes:
        console.print(Padding(Text(quote.quote), (0, 0, 0, 4)))
        console.print(Padding(Text(found_at(quote).pick(language), "dim"), (0, 0, 0, 4)))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for answer in rule.answers:
        table.add_row(Text(WAYS[answer.way].pick(language)), Text(how(answer).pick(language)))
        for state in answer.states:
            line = Text(f"{state.item}: ").append(status(state).pick(language), _STYLE[tone(state)])
            table.add_row("", line)
    console.print(Padding(table, (0, 0, 0, 4)))


_STYLE = {"good": "green", "warn": "yellow", "bad": "bold red", "off": "dim"}
