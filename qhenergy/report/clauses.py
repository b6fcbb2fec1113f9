"""How the rows of the target board are worded."""

from __future__ import annotations

import math

from qhenergy import policy
from qhenergy.outcome.board import IDLE, WHOLE, ClauseRow
from qhenergy.outcome.clause_costs import ClauseCosts
from qhenergy.report.names import SENSE
from qhenergy.report.words import Words, figures, same
from qhenergy.solving.solution import EVERY_HOUR, INTERIOR, KINK, NOT_FOUND, STOPPED

#: Notes of a price.
NOTES = {
    INTERIOR: Words(
        'no interval: interior solution; solver.profile = "vertex" gives one',
        '无适用区间：内点解；设solver.profile = "vertex"可得',
    ),
    EVERY_HOUR: Words("no interval: asked of every hour", "无适用区间：逐时条款"),
    STOPPED: Words("no interval: the search was stopped", "无适用区间：搜索已中止"),
    NOT_FOUND: Words("no interval: not found", "无适用区间：未求得"),
    KINK: Words("price not unique", "影子价格不唯一"),
    WHOLE: Words("whole numbers fixed", "整数变量已固定"),
}
STATUS = {
    "met with room": Words("met with room", "达标有余"),
    "binding": Words("binding", "恰好达标（起作用）"),
    "missed": Words("missed", "未达标"),
    "watched: met": Words("watched: met", "观察：达标"),
    "watched: missed": Words("watched: missed", "观察：未达标"),
    "paid": Words("paid", "已计费"),
    "watched: not paid": Words("watched: not paid", "观察：未计费"),
    "nothing to measure": Words("nothing to measure", "无可观测时段"),
    "not in force": Words("not in force", "尚未生效"),
}
KINDS = {module.KIND: Words(*module.TITLE) for module in policy.BUILT_IN}
UNITS = {"10^4 kW": "万千瓦", "10^8 kWh": "亿千瓦时", "10^4 t": "万吨", "10^8 m3": "亿立方米", "m3/s": "立方米每秒"}


#: A clause met with room has no price; an interior point leaves less than this [CNY/yr per unit].
LEFT_OVER = 100.0


def ordered(rows: list[ClauseRow]) -> list[ClauseRow]:
    """Rows of what is enforced, then of what is watched, then of what is not in force."""
    return sorted(rows, key=lambda row: (row.status in IDLE, row.strictness == "watched"))


def tone(status: str) -> str:
    """How a status is to be seen: `good`, `warn`, `bad` or `off`."""
    if status.startswith("watched") or status in ("paid", *IDLE):
        return "off"
    return {"met with room": "good", "binding": "warn"}.get(status, "bad")


def kind(row: ClauseRow) -> Words:
    """Kind of a clause in words; the name of its file for a kind of the user's own."""
    return KINDS.get(row.kind, same(row.kind.replace("_", " ")))


def unit(row: ClauseRow) -> Words:
    """Unit of what is required and achieved."""
    return Words(row.unit, UNITS.get(row.unit, row.unit))


def asked(row: ClauseRow) -> str:
    """What is required, with its sense; nothing for a clause that asks for nothing."""
    return "" if row.required is None else f"{SENSE[row.sense]} {figures(row.required, 5)}"


def price(row: ClauseRow) -> Words:
    """Shadow price with its unit, in 10^4 CNY where it is large; nothing where only the solver left something."""
    if row.shadow_price is None:
        return same("")
    slack = row.status == "met with room" and abs(row.shadow_price) < LEFT_OVER
    value = 0.0 if slack else row.shadow_price
    large = abs(value) >= 1e6
    printed = figures(value / 1e4 if large else value)
    return Words(
        f"{printed} {'×10^4 ' if large else ''}{row.shadow_price_unit}",
        f"{printed} {'万' if large else ''}元/年，每{unit(row).zh}",
    )


def holds(row: ClauseRow) -> list[Words]:
    """In which interval of its target the shadow price holds, the prices either side of a kink, and notes."""
    said: list[Words] = []
    if row.price_low is not None and row.price_high is not None:
        low, high = row.price_low, row.price_high
        measure = Words(row.price_unit, UNITS.get(row.price_unit, row.price_unit))
        share = row.price_unit != row.unit
        if row.price_below is not None and row.price_above is not None:
            said += _either_side(row, measure, share)
        elif not math.isfinite(low) and not math.isfinite(high):
            said.append(Words("holds for any target", "对任意目标值成立"))
        else:
            said.append(_interval(low, high, measure, share))
    return [NOTES.get(note, same(note)) for note in row.price_note.split("; ") if note] + said


def _interval(low: float, high: float, measure: Words, share: bool) -> Words:
    first, last = (figures(value, 5) for value in (low, high))
    if share:
        # The row of a share is in the unit of what it is a share of.
        first, last = (_moved(value) for value in (low, high))
    if not math.isfinite(low):
        said = Words(f"holds up to {last}", f"适用至{last}")
    elif not math.isfinite(high):
        said = Words(f"holds from {first}", f"自{first}起适用")
    else:
        said = Words(f"holds from {first} to {last}", f"适用于{first}至{last}")
    what = Words(", move of the row", "，约束行移动量") if share else same("")
    return said + Words(f" [{measure.en}{what.en}]", f" [{measure.zh}{what.zh}]")


def _moved(value: float) -> str:
    """By how much a row is moved, with its sign."""
    return f"{'+' if value > 0 else ''}{figures(value)}"


def _either_side(row: ClauseRow, measure: Words, share: bool) -> list[Words]:
    """The price below the target and that above it, with how far each holds."""
    below = Words("below it", "目标值以下"), Words("cannot be lowered", "不能再降低"), "down to"
    above = Words("above it", "目标值以上"), Words("cannot be raised", "不能再提高"), "up to"
    sides = (row.price_below, row.price_low, below), (row.price_above, row.price_high, above)
    said = []
    for value, end, (place, cannot, until) in sides:
        if value is None or end is None:
            continue
        if not math.isfinite(value):
            said.append(cannot)
            continue
        amount, reach = _money(value), _moved(end) if share else figures(end, 5)
        words = Words(f"{place.en}: {amount.en}", f"{place.zh}：{amount.zh}")
        if math.isfinite(end):
            words += Words(f", {until} {reach} [{measure.en}]", f"，至{reach} [{measure.zh}]")
        said.append(words)
    return said


def _money(value: float) -> Words:
    """A yearly cost, in 10^4 CNY where it is large."""
    large = abs(value) >= 1e6
    printed = figures(value / 1e4 if large else value)
    return Words(f"{printed} {'×10^4 ' if large else ''}CNY/yr", f"{printed} {'万' if large else ''}元/年")


def cost(row: ClauseRow) -> Words:
    """What the clause costs, or why that is not known; nothing where it was not looked for."""
    if row.cost is not None:
        return _money(row.cost)
    return Words(f"not priced: {row.cost_note}", f"未求得：{row.cost_note}") if row.cost_note else same("")


def together(costs: ClauseCosts) -> list[Words]:
    """What all clauses together cost, and how the costs are to be read."""
    said = []
    found = costs.together
    if found is not None and found.cost is not None:
        amount = _money(found.cost)
        said.append(Words(f"All enforced clauses together: {amount.en}.", f"全部约束条款合计：{amount.zh}。"))
    elif found is not None:
        said.append(Words("All enforced clauses together: not priced: ", "全部约束条款合计未求得：") + found.reason)
    gaps = max((c.tolerance or 0.0 for c in costs.clauses), default=0.0)
    most = Words(f" (at most {figures(gaps)} CNY/yr)", f"（至多{figures(gaps)}元/年）") if gaps >= 1 else same("")
    said.append(
        Words(
            "Cost of a clause: least yearly cost with it less that without it. Costs of clauses do not add up. "
            f"A cost within the gaps of both solutions{most.en} is 0.",
            f"条款成本：有该条款与无该条款时最小年费用之差；各条款成本不可相加。小于两次求解间隙之和{most.zh}者记为0。",
        )
    )
    return said


def found_at(row: ClauseRow) -> Words:
    """Document and line a clause is printed in."""
    if not row.document:
        return same("")
    if not row.line:
        return same(row.document)
    return Words(f"{row.document}, line {row.line}", f"{row.document}，第{row.line}行")
