"""An explanation in words, and as JSON: which clauses clash, what mends it, or how far they are from clashing."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from qhenergy.policy.clause import Requirement
from qhenergy.report.names import Names
from qhenergy.report.words import figures
from qhenergy.solving.explain import Change, Clash, Explanation, Remedy, Room
from qhenergy.solving.levers import Lever

NOT_THE_CLAUSES = (
    "Not the clauses: even with every clause free to give, no operation satisfies the rows of the system. "
    "Look for releases that the inflow cannot feed, or must-run output without a way out."
)
MEASURE = "(per cent: what is given over what is asked, or over what the limit is; the least comes first)"
#: How the limit of a column is spoken of.
LIMITS = {
    "limit": "limit of section",
    "least_capacity": "the capacity of the portfolio for",
    "existing": "capacity of corridor",
    "import_limit": "import limit of tie",
    "export_limit": "export limit of tie",
    "minimum_release": "least release of an hour of station",
    "maximum_release": "largest release of an hour of station",
    "minimum_mean_release": "least mean release of a month of station",
    "maximum_mean_release": "largest mean release of a month of station",
}


def short(found: Explanation) -> str:
    """What a run says that has no solution: the clashes, what each clause would have to give alone."""
    if found.verdict == "system":
        return NOT_THE_CLAUSES
    if found.verdict == "holds":
        return "With every clause free to give nothing has to: the problem is at the edge of the solver's tolerance."
    lines = _clashes(found, alone=True)
    if not found.remedies or len(found.remedies[0].changes) > 1:
        lines.append("No clause alone mends it; least of all together, as a share of what each asks:")
        together = found.remedies[0] if found.remedies else found.least
        for change in together.changes if together else ():
            lines.append(f"  {change.lever.name} gives {_amount(change)}")
    lines.append("`qhenergy explain` of the case looks for other ways, such as more room.")
    return "\n".join(lines)


def text(found: Explanation, names: Names) -> str:
    """The whole explanation."""
    lines = []
    if found.delivered:
        lines.append("Asked: that all demand is served and all send-out delivered, whatever it costs.")
    if found.whole:
        lines.append("Units that run whole or not at all were taken as any amount.")
    if found.verdict == "holds":
        lines.append("All hard clauses can hold together.")
        lines += _rooms(found.rooms)
    elif found.verdict == "system" and not (found.remedies or found.least):
        lines.append(NOT_THE_CLAUSES)
    elif found.verdict == "system":
        lines.append("Not the clauses: it cannot hold even with every clause free to give.")
    lines += _clashes(found, alone=False)
    lines += _remedies(found, names)
    return "\n".join(lines)


def show(found: Explanation, names: Names, console: Console) -> None:
    """Print an explanation."""
    console.print(text(found, names), markup=False, highlight=False, soft_wrap=True)


def _clashes(found: Explanation, alone: bool) -> list[str]:
    """The clashes; behind each clause what it would have to give alone, or else its wording in the plan."""
    return [
        line
        for place, clash in enumerate(found.clashes)
        for line in _clash(clash, place == 0, found if alone else None)
    ]


def _clash(clash: Clash, first: bool, alone: Explanation | None) -> list[str]:
    count = len(clash.clauses)
    also = "" if first else "Besides, when the clause above that gives most is left out: "
    if count == 1:
        head = "This clause asks for more than the system can give, whatever the other clauses say:"
    else:
        proof = "" if clash.smallest else " (not proven to be the fewest)"
        head = f"These {count} clauses clash; without any one of them the others can hold{proof}:"
    lines = [also + (head if first else head[0].lower() + head[1:])]
    for lever in clash.clauses:
        lines.append(f"  {_clause(lever)}")
        lines += [f"    {words}" for words in ([_amount_alone(lever, alone)] if alone else _wording(lever))]
    return lines


def _wording(lever: Lever) -> list[str]:
    """What the plan says, with the rule it is read as; nothing where no document says it."""
    row = lever.requirement.clause.row if lever.requirement else {}
    rule = f"{row['rule']}: " if row.get("rule", "") else ""
    return [f'{rule}"{row["quote"]}"'] if str(row.get("quote", "")) else []


def _amount_alone(lever: Lever, found: Explanation) -> str:
    """What a clause would have to give alone."""
    for remedy in found.remedies:
        if len(remedy.changes) == 1 and remedy.changes[0].lever is lever:
            return f"alone it would have to give {_amount(remedy.changes[0])}"
    return "however far it gives alone, the others cannot all hold"


def _remedies(found: Explanation, names: Names) -> list[str]:
    lines: list[str] = []
    if found.remedies:
        pairs = len(found.remedies[0].changes) > 1
        head = "Nothing mends it alone. What would together" if pairs else "Any one of these would mend it"
        lines.append(f"{head} {MEASURE}:")
        for place, remedy in enumerate(found.remedies, 1):
            lines += _remedy(remedy, names, f"{place}.")
    if found.least:
        lines.append(f"Neither one change nor two mend it. The least of all that would together {MEASURE}:")
        lines += _remedy(found.least, names, "-")
    if found.hopeless:
        said = ", ".join(lever.name for lever in found.hopeless)
        lines.append(f"However far it gives alone, this is not enough: {said}.")
    if found.untried:
        said = ", ".join(dict.fromkeys(_limit(lever, names) for lever in found.untried))
        lines.append(f"Not tried, since more would have to be given: {said}.")
    return lines


def _remedy(remedy: Remedy, names: Names, mark: str) -> list[str]:
    said = " and ".join(_change(change, names) for change in remedy.changes)
    lines = [f"  {mark} {said} ({_share(remedy.relative)})"]
    for change in remedy.changes:
        parts = [
            f"{give.address} +{figures(part / change.lever.scale)}"
            for give, part in zip(change.lever.gives, change.parts, strict=True)
            if change.lever.kind == "room" and part > 1e-6 * change.amount
        ]
        if len(change.lever.gives) > 1 and parts:
            lines.append(f"     for instance {', '.join(parts)} [{change.lever.unit}]")
    return lines


def _change(change: Change, names: Names) -> str:
    """A change as something to do."""
    lever, amount = change.lever, _amount(change)
    asked = lever.requirement
    if lever.kind == "room":
        return f"room for {amount} more {names.technology(lever.name).en}"
    if lever.kind == "delivery":
        return f"{_limit(lever, names)} less by {amount}"
    if lever.kind == "limit":
        less = lever.column.startswith(("minimum", "least"))
        return f"{_limit(lever, names)} {'lower' if less else 'higher'} by {amount}"
    assert asked is not None
    if asked.by_hour:
        return f"{lever.name} asks {amount} less"
    word = "asks less" if asked.sense == ">=" or _falls(change, asked) else "allows more"
    return f"{lever.name} {word} by {amount}{_left(change, asked)}"


def _falls(change: Change, asked: Requirement) -> bool:
    return asked.sense == "=" and change.left is not None and change.left < asked.required


def _left(change: Change, asked: Requirement) -> str:
    if change.left is None:
        return ""
    word = {">=": "at least", "<=": "at most", "=": "exactly"}[asked.sense]
    return f": {word} {figures(change.left / asked.scale)} {asked.unit} instead of {_number(asked)}"


def _limit(lever: Lever, names: Names) -> str:
    if lever.kind == "room":
        return f"room for {names.technology(lever.name).en}"
    if lever.table == "demand":
        return f"demand of {names.zone(lever.name).en}"
    if lever.table == "send_out" and lever.kind == "delivery":
        return f"energy sent over {names.of('send_out', lever.name).en}"
    if lever.table == "portfolio":
        return f"{LIMITS[lever.column]} {lever.name}"
    table = "hydro_stations" if lever.table == "hydro_rules" else lever.table
    return f"{LIMITS.get(lever.column, lever.column)} {names.of(table, lever.name).en}"


def _share(relative: float) -> str:
    return f"{figures(100 * relative, 3)} %"


def _amount(change: Change) -> str:
    lever, asked = change.lever, change.lever.requirement
    said = f"{figures(change.amount / lever.scale)} {lever.unit}"
    if asked is None:
        return said
    if asked.has_base:
        return f"{said} of what its share is measured in"
    return f"{said} in its worst hour" if asked.by_hour else said


def _number(asked: Requirement) -> str:
    return f"{asked.required / asked.scale:,.6g}"


def _clause(lever: Lever) -> str:
    """A clause with what it asks and where that is printed."""
    asked = lever.requirement
    assert asked is not None
    row = asked.clause.row
    printed = "in every hour" if asked.by_hour else f"{asked.sense} {_number(asked)} {asked.unit}"
    place = ", ".join(str(row[c]) for c in ("document", "line") if str(row.get(c, "")))
    return f"{asked.clause.name} ({asked.clause.kind} {printed}, {asked.stage})" + (f": {place}" if place else "")


def _rooms(rooms: tuple[Room, ...]) -> list[str]:
    lines = ["How much more each could ask, all others as they are, the tightest first:"] if rooms else []
    for room in rooms:
        lines.append(f"  {_clause(room.change.lever)}")
        asked = room.change.lever.requirement
        if room.unlimited or asked is None:
            lines.append(f"    more than {_amount(room.change)}")
        else:
            to = "" if room.change.left is None else f", to {figures(room.change.left / asked.scale)} {asked.unit}"
            lines.append(f"    {_amount(room.change)}{to} ({_share(room.change.relative)})")
    return lines


def as_dict(found: Explanation) -> dict[str, Any]:
    """An explanation as JSON has it; amounts in the printed unit that stands beside them."""
    return {
        "verdict": found.verdict,
        "delivered": found.delivered,
        "clashes": [
            {"smallest": clash.smallest, "clauses": [_of_clause(lever) for lever in clash.clauses]}
            for clash in found.clashes
        ],
        "remedies": [_of_remedy(remedy) for remedy in found.remedies],
        "least": _of_remedy(found.least) if found.least else None,
        "hopeless": [lever.name for lever in found.hopeless],
        "untried": [f"{lever.table}/{lever.name}/{lever.column}" for lever in found.untried],
        "rooms": [{**_of_change(room.change), "unlimited": room.unlimited} for room in found.rooms],
        "questions": found.questions,
    }


def _of_clause(lever: Lever) -> dict[str, Any]:
    asked = lever.requirement
    assert asked is not None
    row = asked.clause.row
    return {
        "id": asked.clause.name,
        "kind": asked.clause.kind,
        "stage": asked.stage,
        "sense": asked.sense,
        "required": asked.required / asked.scale,
        "unit": asked.unit,
        "every_hour": asked.by_hour,
        "source": {name: str(row.get(name, "")) for name in ("rule", "document", "line", "quote")},
    }


def _of_remedy(remedy: Remedy) -> dict[str, Any]:
    return {"relative": remedy.relative, "changes": [_of_change(change) for change in remedy.changes]}


def _of_change(change: Change) -> dict[str, Any]:
    lever = change.lever
    scale = lever.requirement.scale if lever.requirement else lever.scale
    return {
        "kind": lever.kind,
        "name": lever.name,
        "table": lever.table,
        "amount": change.amount / lever.scale,
        "unit": lever.unit,
        "relative": change.relative,
        "left": None if change.left is None else change.left / scale,
        "parts": [
            {"address": give.address, "amount": part / lever.scale}
            for give, part in zip(lever.gives, change.parts, strict=True)
            if part > 0
        ],
    }
