"""Where every rule of the plan documents stands: what answers it, and what has become of that in a case or a result.

An answer (see `data.rules`) names addresses. Each is looked up here, in the catalogue of the program, the tables
of the data set and the keys of a case. An answer of which one address leads nowhere, or to what the data set has
no row of, is shown as such and does not count.

    clause       strictness in the target set of the case, or `off`; of a result the status of the board
    technology   `in the model`, or `no row` where the data set has nothing of it
    table        number of rows; of a column, those that have something in it
    indicator    `reported`: every result measures it
    case         what the case says
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from types import ModuleType
from typing import Any

import pandas as pd
from pydantic import BaseModel

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.data.rules import ABSENT, ADDRESSES, ANSWERS, JOINED, QUOTES, RULES, WAYS
from qhenergy.ground.faults import Fault, InputError
from qhenergy.model.catalogue import BUILT_IN, Catalogue
from qhenergy.outcome import hourly, measures, sector_costs, sectors
from qhenergy.outcome.board import ClauseRow, board
from qhenergy.outcome.indicators import Indicators
from qhenergy.outcome.result import Result
from qhenergy.policy.clause import Clause
from qhenergy.policy.target_set import chosen

#: Measures that answers may name: tables of a result, and the figures of a stage.
INDICATORS = {
    "cost_by_name": measures.costs,
    "curtailment": measures.curtailment,
    "unserved_energy": measures.unserved,
    "zonal_price": hourly.prices,
    "demand_by_sector": sectors.demand,
    "prices_by_sector": sectors.prices,
    "costs_by_sector": sector_costs.costs,
    **{figure.name: Indicators for figure in fields(Indicators)},
}
NOWHERE = "leads nowhere"
NOT_ROW = "no row"
IN_MODEL = "in the model"
REPORTED = "reported"
OFF = "off"
AS_SET = "as the target set says"


@dataclass(frozen=True)
class State:
    """What an address leads to.

    Attributes:
        address: as the answer names it.
        item: key of the clause, name of the technology, table, indicator, or key of the case.
        status: see the module; number of rows as digits, value of a key of the case as it is.
        clause: key of the clause if it is one of the case, so that its row of the board can be found.
    """

    address: str
    item: str
    status: str
    clause: str = ""


@dataclass(frozen=True)
class Answer:
    """One way in which a rule is represented; see the columns of `data.rules.ANSWERS`."""

    way: str
    how: str
    how_zh: str
    reason: str
    reason_zh: str
    states: tuple[State, ...]

    @property
    def stands(self) -> bool:
        """Whether everything it names is there; what is not represented names nothing."""
        missing = (NOWHERE, NOT_ROW)
        return self.way in ABSENT or (bool(self.states) and all(s.status not in missing for s in self.states))


@dataclass(frozen=True)
class Quote:
    """A sentence of a plan and where it stands."""

    document: str
    line: str
    quote: str


@dataclass(frozen=True)
class Covered:
    """A rule with its sentences and its answers, the weightiest answer first."""

    rule: str
    name: str
    title_en: str
    title_zh: str
    quotes: tuple[Quote, ...]
    answers: tuple[Answer, ...]

    @property
    def chief(self) -> str:
        """The way that counts in a summary: `not_yet` if that is one, else the weightiest; empty if none stands."""
        ways = [answer.way for answer in self.answers if answer.stands]
        if "not_yet" in ways:
            return "not_yet"
        return min(ways, key=WAYS.index, default="")


def cited(cell: object) -> list[str]:
    """Rules that a cell names, such as `R05, R32`."""
    return re.findall(r"R\d+", str(cell))


def of_case(inputs: Inputs, case: Case, catalogue: Catalogue = BUILT_IN) -> list[Covered]:
    """Where every rule stands in a case that is not solved.

    Raises:
        InputError: the data set has no rules, or the target set is at fault.
    """
    clauses = chosen(inputs, case, catalogue.clauses)
    return _covered(inputs, case, catalogue, lambda key: _strictness(clauses, key))


def of_result(result: Result, catalogue: Catalogue = BUILT_IN) -> list[Covered]:
    """Where every rule stands in a result.

    Raises:
        InputError: its data set has no rules.
    """
    rows: dict[str, list[ClauseRow]] = {}
    for row in board(result):
        rows.setdefault(row.clause, []).append(row)
    return _covered(result.inputs, result.case, catalogue, lambda key: "; ".join(r.status for r in rows.get(key, [])))


def has_rules(inputs: Inputs) -> bool:
    """Whether a data set tells of rules at all; one stored by an earlier version has no such table."""
    return RULES.name in inputs.frames and not inputs[RULES.name].empty


def _strictness(clauses: Sequence[Clause], key: str) -> str:
    return next((c.strictness for c in clauses if c.name == key), "")


def _covered(inputs: Inputs, case: Case, catalogue: Catalogue, status: Callable[[str], str]) -> list[Covered]:
    if not has_rules(inputs):
        expected = f"rows of {RULES.name}, {QUOTES.name} and {ANSWERS.name}"
        remedy = "Add the tables, or take a case of a data set that has them."
        raise InputError([Fault(f"{RULES.name}.csv", "no rule of any plan", expected, remedy)], str(inputs.folder))
    look = _Look(inputs, case, catalogue, status)
    made = []
    for key, row in inputs[RULES.name].iterrows():
        rule = str(key)
        quotes = tuple(
            Quote(str(q["document"]), str(q["line"]), str(q["quote"])) for q in _of(inputs[QUOTES.name], rule)
        )
        answers = [
            Answer(
                str(a[ANSWERS.key_names[1]]),
                *(str(a[word]) for word in ("how", "how_zh", "reason", "reason_zh")),
                tuple(s for address in _split(a["represented_as"]) for s in look(address, rule)),
            )
            for a in _of(inputs[ANSWERS.name], rule)
        ]
        answers.sort(key=lambda answer: WAYS.index(answer.way))
        titles = (str(row["name"]), str(row["title_en"]), str(row["title_zh"]))
        made.append(Covered(rule, *titles, quotes, tuple(answers)))
    return made


def _of(frame: pd.DataFrame, rule: str) -> list[dict[str, Any]]:
    """Rows of a rule in the order of their second key."""
    return frame.reset_index().query("rule == @rule").to_dict("records")


def _split(addresses: object) -> list[str]:
    return [part for part in (word.strip() for word in str(addresses).split(JOINED.strip())) if part]


@dataclass
class _Look:
    """Looks addresses up for one case."""

    inputs: Inputs
    case: Case
    catalogue: Catalogue
    status: Callable[[str], str]

    def __call__(self, address: str, rule: str) -> list[State]:
        kind, _, name = address.partition(":")
        found = getattr(self, f"_{kind}")(name, rule) if kind in ADDRESSES else {}
        if not found:
            return [State(address, address, NOWHERE)]
        of_clauses = kind in ("policy", "clause")
        return [
            State(address, item, status or OFF, item if of_clauses and status else "") for item, status in found.items()
        ]

    def _rows(self, table: str) -> pd.DataFrame:
        """Rows of a table; none if the result was stored before there was such a table."""
        return self.inputs.frames.get(table, pd.DataFrame())

    def _policy(self, kind: str, rule: str) -> dict[str, str]:
        """Clauses of a kind that cite the rule; one that nobody cites answers nothing."""
        rows = [self._rows(m.TABLE.name) for m in self.catalogue.clauses if kind == m.KIND]
        return {
            str(key): self.status(str(key))
            for table in rows
            for key, row in table.iterrows()
            if rule in cited(row.get("rule", ""))
        }

    def _clause(self, key: str, _: str) -> dict[str, str]:
        known = any(key in self._rows(m.TABLE.name).index for m in self.catalogue.clauses)
        return {key: self.status(key)} if known else {}

    def _technology(self, name: str, _: str) -> dict[str, str]:
        module = next((m for m in self.catalogue.technologies if _name(m) == name), None)
        return {} if module is None else {name: IN_MODEL if self._filled(module) else NOT_ROW}

    def _filled(self, module: ModuleType) -> bool:
        tables = getattr(module, "TABLES", ())
        return not tables or any(not self._rows(table.name).empty for table in tables)

    def _table(self, name: str, _: str) -> dict[str, str]:
        """A table, a column of it (`table.column`) or a row (`table/key`)."""
        name, _, key = name.partition("/")
        name, _, word = name.partition(".")
        if name not in self.inputs.declared or (word and word not in self._columns(name)):
            return {}
        frame = self._rows(name)
        if key:
            return {f"{name}.csv, {key}": "1"} if key in map(str, frame.index.get_level_values(0)) else {}
        rows = len(frame)
        if word:
            blank = self.inputs.declared[name].column(word).blank
            cells = frame.reset_index()[word]
            rows = int((cells.notna() & (cells != blank)).sum())
        return {f"{name}.csv{word and ', '}{word}": str(rows) if rows else NOT_ROW}

    def _columns(self, table: str) -> list[str]:
        return [column.name for column in self.inputs.declared[table].all_columns]

    def _indicator(self, name: str, _: str) -> dict[str, str]:
        return {name: REPORTED} if name in INDICATORS else {}

    def _case(self, key: str, _: str) -> dict[str, str]:
        value: Any = self.case
        for word in key.split("."):
            if not isinstance(value, BaseModel) or word not in type(value).model_fields:
                return {}
            value = getattr(value, word)
        return {key: _said(value)}


def _name(module: ModuleType) -> str:
    return module.__name__.rsplit(".", 1)[-1]


def _said(value: object) -> str:
    """A value of a case in short."""
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items()) or AS_SET
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value) or "none"


def counts(covered: Sequence[Covered]) -> dict[str, int]:
    """How many rules each way answers, each rule counted once; those without an answer under the empty word."""
    found = Counter(rule.chief for rule in covered)
    return {way: found[way] for way in (*WAYS, "") if found[way]}


def as_dict(covered: Sequence[Covered]) -> dict[str, Any]:
    """The coverage for programs that read it.

    rules      each with rule, name, title_en, title_zh, counted_as, quotes and answers
    total      number of rules
    accounted  of them, those that have an answer or a reason
    counts     rules by the way that counts
    """
    found = counts(covered)
    return {
        "rules": [
            {
                **{word: getattr(rule, word) for word in ("rule", "name", "title_en", "title_zh")},
                "counted_as": rule.chief,
                "quotes": [vars(quote) for quote in rule.quotes],
                "answers": [
                    {**vars(a), "stands": a.stands, "states": [vars(state) for state in a.states]} for a in rule.answers
                ],
            }
            for rule in covered
        ],
        "total": len(covered),
        "accounted": len(covered) - found.get("", 0),
        "counts": {way: n for way, n in found.items() if way},
    }
