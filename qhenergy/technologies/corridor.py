"""Corridors between zones, and sections that several corridors share.

    corridor/forward_limit   forward[c,t] <= capacity[c]    [MW]
    corridor/backward_limit  backward[c,t] <= capacity[c]   [MW]
    section/forward          sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) <= limit[s] + installed[s,y]    [MW]
    section/backward         sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) >= -limit[s] - installed[s,y]   [MW]

What is sent leaves its zone whole and arrives less the loss. Investment of a corridor technology is
per power and 100 km.

A section with room can be raised (R30): `installed` is what is added to its limit, at the cost of its technology and
the length of the lines that raise it. The corridors through it pay for themselves, so that what stands of the limit
costs nothing more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET, UNIT_SIZE
from qhenergy.ground.faults import Fault, InputError
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
        UNIT_SIZE,
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
        number("limit", "power", "most that passes in either direction as it stands", high=1e5),
        reference("technology", "technologies", "technology of what raises it, for a section with room", default=""),
        number("room", "power", "most that may be added to the limit", default=0, high=1e5),
        integer("earliest_year", "first year what raises it may be in service", default=None, low=1950, high=2100),
        number("length", "length", "length of the lines that raise it", default=None, low=1, high=5000),
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
    _register_sections(plan)


def _register_sections(plan: Plan) -> None:
    """Register what may be added to the limits of sections.

    Raises:
        InputError: a section with room does not say of what technology or how long, or has the key of an asset.
    """
    rows = plan.inputs["sections"]
    rows = rows[rows["room"] > 0]
    faults = []
    for s, row in rows.iterrows():
        where = f"sections.csv ({s})"
        if not row["technology"] or pd.isna(row["length"]):
            expected = "the technology and the length of the lines that raise it"
            faults.append(Fault(where, "room without technology or length", expected, "Fill both, or blank room."))
        elif plan.inputs["costs"].index.get_level_values(0).isin([row["technology"]]).sum() == 0:
            found, expected = f'technology "{row["technology"]}"', "rows for it in costs.csv"
            faults.append(Fault(where, found, expected, "Add a row to costs.csv for a year or more."))
        if s in plan.assets.by_name:
            faults.append(
                Fault(where, f"the key of an asset of {plan.assets[str(s)].table}.csv", "another key", "Rename it.")
            )
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    added = {"existing": 0.0, "committed": 0.0, "committed_year": np.nan, "zone": ""}
    plan.assets.add_table("sections", rows.assign(**added), cost_factor=rows["length"] / 100.0)


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
    given, raised = window.inputs["sections"]["limit"].to_dict(), set(window.in_service("sections"))
    limit = {s: given[s] + (window.capacity(s) if s in raised else 0.0) for s in given}
    sections = [s for s, members in crossing.items() if members]

    def passing(section: str, t: int) -> Any:
        return sum(d * (forward[c, t] - backward[c, t]) for c, d in crossing[section])

    window.rows(
        "section/forward",
        sections,
        "MW",
        "sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) <= limit[s] + installed[s,y]",
        lambda s, t: passing(s, t) <= limit[s],
    )
    window.rows(
        "section/backward",
        sections,
        "MW",
        "sum(direction[s,c]*(forward[c,t] - backward[c,t]), c) >= -limit[s] - installed[s,y]",
        lambda s, t: passing(s, t) >= -limit[s],
    )
