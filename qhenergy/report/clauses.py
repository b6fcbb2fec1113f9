"""How the rows of the target board are worded."""

from __future__ import annotations

from qhenergy import policy
from qhenergy.outcome.board import ClauseRow
from qhenergy.report.names import SENSE
from qhenergy.report.words import Words, figures, same

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


#: States of clauses that ask nothing of the case.
IDLE = ("nothing to measure", "not in force")
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


def found_at(row: ClauseRow) -> Words:
    """Document and line a clause is printed in."""
    if not row.document:
        return same("")
    if not row.line:
        return same(row.document)
    return Words(f"{row.document}, line {row.line}", f"{row.document}，第{row.line}行")
