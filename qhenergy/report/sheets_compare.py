"""The tables of a comparison that console and page share: a column for each result, A being what others differ from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from qhenergy.outcome.board import ClauseRow
from qhenergy.outcome.comparison import OBJECTIVE, TOTAL, Comparison
from qhenergy.outcome.measures import PENALTIES
from qhenergy.report import clauses
from qhenergy.report.names import SENSE, STRICTNESS, Names, cost_group
from qhenergy.report.sheet import Cell, Row, Sheet
from qhenergy.report.sheets import LEAST_COST, WAN_KW, WAN_T, YI_CNY, YI_KWH
from qhenergy.report.view import LEAST_MW
from qhenergy.report.words import Words, figures, number, same

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: What a table says of a value and of its difference from the first result.
Pair = Callable[[str, str], Cell]


def plain(value: str, difference: str) -> Cell:
    """A value with its difference from the first result behind it, where there is one."""
    return f"{value} ({difference})" if difference else value


def letter(place: int) -> str:
    """What the result of that place is called in the head of a column."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def key(made: Comparison) -> Sheet:
    """Which letter is which result, and of what case."""
    head = (
        same(""),
        Words("result", "结果"),
        Words("target set", "目标集"),
        Words("send-out scenario", "外送情景"),
        Words("water year", "来水年型"),
        Words("data changed", "改动数据"),
    )
    sheet = Sheet(Words("Results compared", "对照的结果"), head, words=len(head) - 1)
    for i, side in enumerate(made.sides):
        case = side.case
        changed = ", ".join(f"{address} = {value}" for address, value in case.change.items())
        switched = ", ".join(f"{clause} {word}" for clause, word in case.targets.clauses.items())
        target = f"{case.targets.set or '–'}{f' ({switched})' if switched else ''}"
        years = Names(side.inputs).water_years(case.water.years)
        cells = [same(side.name), target, case.send_out.scenario or "–", years, changed or "–"]
        sheet.rows.append(Row(letter(i), cells))
    return sheet


def sections(made: Comparison, pair: Pair = plain) -> list[Sheet]:
    """Costs, capacity, storage, generation, curtailment, emissions and unserved energy; what all lack is left out."""
    names = Names(made.sides[0].inputs)
    parts = (
        ("cost", "CNY/yr", Words("Costs of a year [10^8 CNY/yr]", "年费用（亿元/年）"), YI_CNY, 2, LEAST_COST),
        ("capacity", "MW", Words("Capacity [10^4 kW]", "装机（万千瓦）"), WAN_KW, 1, LEAST_MW),
        ("storage", "MW", Words("Power of stores [10^4 kW]", "储能功率（万千瓦）"), WAN_KW, 1, LEAST_MW),
        ("storage", "MWh", Words("Energy of stores [10^4 kWh]", "储能电量（万千瓦时）"), WAN_KW, 1, LEAST_MW),
        ("generation", "MWh/yr", Words("Generation [10^8 kWh]", "发电量（亿千瓦时）"), YI_KWH, 1, 1.0),
        ("curtailment", "MWh/yr", Words("Curtailed [10^8 kWh]", "弃电量（亿千瓦时）"), YI_KWH, 2, 1.0),
        ("emissions", "t/yr", Words("CO2 [10^4 t]", "二氧化碳（万吨）"), WAN_T, 1, 1.0),
        ("unserved", "MWh/yr", Words("Unserved [10^8 kWh]", "未供电量（亿千瓦时）"), YI_KWH, 3, 1e-3),
    )
    sheets = []
    for section, unit, title, scale, digits, least in parts:
        table = made.of(section)
        table = table[table.index.get_level_values("unit") == unit]
        if section == "cost":
            table = grouped(table)
        sheet = Sheet(title, (Words("", ""), *(same(letter(i)) for i in range(len(made.sides)))))
        several = len({stage for _, _, stage in table.index}) > 1
        for (item, _, stage), values in table.iterrows():
            if values.abs().max() > least:
                name = _name(names, section, str(item))
                if several:
                    name += Words(", all stages weighted", "（各阶段加权）") if item == OBJECTIVE else f" {stage}"
                sheet.rows.append(Row(name, _cells(values, scale, digits, pair), _look(section, str(item))))
        if sheet.rows:
            sheets.append(sheet)
    return sheets


def grouped(table: pd.DataFrame) -> pd.DataFrame:
    """Named costs by group, their sum, then penalties and the objective with them."""
    items = table.index.get_level_values("item")
    group = [item if item in (TOTAL, OBJECTIVE) else item.partition("/")[0] for item in items]
    keys = [group, *(table.index.get_level_values(word) for word in ("unit", "stage"))]
    summed = table.groupby(keys, sort=False).sum().rename_axis(table.index.names)
    place = {TOTAL: 1, OBJECTIVE: 3, **dict.fromkeys(PENALTIES, 2)}
    return summed.loc[sorted(summed.index, key=lambda key: place.get(key[0], 0))]


def _look(section: str, item: str) -> str:
    if item in (TOTAL, OBJECTIVE):
        return "sum"
    return "apart" if section == "cost" and item in PENALTIES else ""


def _name(names: Names, section: str, item: str) -> Words:
    if item == TOTAL:
        return Words("total", "合计")
    if item == OBJECTIVE:
        return Words("with penalties", "含惩罚项")
    if section == "cost":
        return cost_group(item)
    if section == "unserved":
        return names.zone(item)
    return names.of("ac_ties", item) if section == "emissions" and not names.kind(item) else names.technology(item)


def _cells(values: pd.Series, scale: float, digits: int, pair: Pair) -> list[Cell]:
    first = values.iloc[0]
    made: list[Cell] = [number(first / scale, digits)]
    for value in values.iloc[1:]:
        difference = number((value - first) / scale, digits)
        moved = float(difference.replace(",", "")) != 0
        made.append(pair(number(value / scale, digits), _signed(difference) if moved else ""))
    return made


def _signed(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"


def board(made: Comparison, pair: Pair = plain) -> Sheet | None:
    """Every clause of any of the cases: what it asks, and what came of it in each; nothing where there is none."""
    table = made.of("clause")
    if table.empty:
        return None
    sheet = Sheet(
        Words("Target board", "目标对照"),
        (Words("clause", "条款"), Words("unit", "单位"), *(same(letter(i)) for i in range(len(made.sides)))),
        words=1,
        note=Words(
            "What is asked, where it is enforced, then what was achieved and its status. A dash: not in the case.",
            "依次为要求（作为约束时）、实现值与状态。短横线表示该算例没有此条款。",
        ),
    )
    several = len({stage for _, _, stage in table.index}) > 1
    for clause, _, stage in table.index:
        rows = made.clause(clause, stage)
        known = next(row for row in rows if row)
        head = f"{clause} {stage}" if several else str(clause)
        sheet.rows.append(Row(head, [clauses.unit(known), *(_on_board(row) for row in rows)]))
    return sheet


def _on_board(row: ClauseRow | None) -> Words:
    if row is None:
        return same("–")
    status, strict = clauses.STATUS[row.status], STRICTNESS[row.strictness]
    if row.strictness != "watched" and row.status in ("binding", "met with room", "missed"):
        status = Words(f"{strict.en}: {status.en}", f"{strict.zh}：{status.zh}")
    asked = ""
    if row.required is not None and row.strictness != "watched":
        asked = f"{SENSE[row.sense]} {figures(row.required, 5)}; "
    value = "" if row.achieved is None or np.isnan(row.achieved) else f"{figures(row.achieved, 5)}; "
    return Words(f"{asked}{value}{status.en}", f"{asked}{value}{status.zh}")


def failures(failed: Sequence[str]) -> Words:
    """Which variants have no result."""
    listed = ", ".join(failed)
    return Words(f"Without a solution: {listed}.", f"无解：{listed}。")
