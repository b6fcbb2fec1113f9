"""Corridors between zones, and sections that several corridors share.

    corridor/forward_limit   forward[c,t] <= capacity[c]    [MW]
    corridor/backward_limit  backward[c,t] <= capacity[c]   [MW]
    section/forward          sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) <= limit[s]     [MW]
    section/backward         sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) >= -limit[s]    [MW]

What is sent leaves its zone whole and arrives less the loss. Investment of a corridor technology is
per power and 100 km.
"""

from __future__ import annotations

from typing import Any

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table, integer, number, reference, text

_CAPACITY = {c.name: c for c in ASSET}

CORRIDORS = Table(
    "corridors",
    "the lines between two zones together",
    (
        text("corridor", "key"),
        _CAPACITY["name_en"],
        _CAPACITY["name_zh"],
        _CAPACITY["technology"],
        reference("from_zone", "zones", "zone at one end; forward is from here"),
        reference("to_zone", "zones", "zone at the other end"),
        _CAPACITY["existing"],
        _CAPACITY["committed"],
        _CAPACITY["committed_year"],
        _CAPACITY["room"],
        _CAPACITY["earliest_year"],
        number("length", "length", "length of the lines", low=1, high=5000),
        number("loss", "share", "of the power sent", high=0.5),
    ),
)

SECTIONS = Table(
    "sections",
    "a limit that several corridors share",
    (
        text("section", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        number("limit", "power", "most that passes in either direction", high=1e5),
    ),
)

MEMBERS = Table(
    "section_members",
    "a corridor that crosses a section",
    (
        reference("section", "sections", "section"),
        reference("corridor", "corridors", "corridor"),
        integer("direction", "1 if forward counts as positive, -1 if backward does", low=-1, high=1),
    ),
    keys=2,
)

TABLES = (CORRIDORS, SECTIONS, MEMBERS)


def register(plan: Plan) -> None:
    """Register the corridors; their cost grows with their length."""
    rows = plan.inputs["corridors"]
    plan.assets.add_table("corridors", rows, cost_factor=rows["length"] / 100.0)


def operate(window: Window) -> None:
    """Write flows both ways and the sections they share."""
    rows = window.inputs["corridors"]
    corridors = window.in_service("corridors")
    forward = window.limited("corridor/forward", corridors, "MW", "sent from from_zone", lambda c, t: 1.0)
    backward = window.limited("corridor/backward", corridors, "MW", "sent from to_zone", lambda c, t: 1.0)
    for c in corridors:
        start, end, kept = rows.at[c, "from_zone"], rows.at[c, "to_zone"], 1.0 - rows.at[c, "loss"]
        technology = rows.at[c, "technology"]
        for family, flow, sending, receiving in (
            ("corridor/forward", forward, start, end),
            ("corridor/backward", backward, end, start),
        ):
            window.join(sending, family, flow, c, -1.0, "transfer", technology)
            window.join(receiving, family, flow, c, kept, "transfer", technology)
    _write_sections(window, corridors, forward, backward)


def _write_sections(window: Window, corridors: list[str], forward: Any, backward: Any) -> None:
    members = window.inputs["section_members"]["direction"].to_dict()
    crossing = {
        s: [(c, d) for (section, c), d in members.items() if section == s and c in corridors]
        for s in window.inputs["sections"].index
    }
    limit = window.inputs["sections"]["limit"].to_dict()
    sections = [s for s, members in crossing.items() if members]

    def passing(section: str, t: int) -> Any:
        return sum(d * (forward[c, t] - backward[c, t]) for c, d in crossing[section])

    window.rows(
        "section/forward",
        sections,
        "MW",
        "sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) <= limit[s]",
        lambda s, t: passing(s, t) <= limit[s],
    )
    window.rows(
        "section/backward",
        sections,
        "MW",
        "sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) >= -limit[s]",
        lambda s, t: passing(s, t) >= -limit[s],
    )
