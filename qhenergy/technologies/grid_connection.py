"""Grid connections: plants that share one way to the grid, as a hybrid of PV and CSP or a base (R07, R19).

    grid_connection/output    sum(coefficient[x]*x[t], x of members[c]) <= limit[c]    [MW]
    grid_connection/intake    sum(coefficient[x]*x[t], x of members[c]) >= -limit[c]   [MW]

    limit[c] = capacity[c] + share[c]*sum(capacity[a], a of members[c])

What the members exchange with their zone, generation and discharge less charging, pumping and heating, passes the
connection together: PV may feed the salt heater or the battery beside it whatever the connection holds. The limit
is a power that stands, may be added to at the cost of the connection's technology, or is a share of what the
members' capacity is. Rows are written once all have joined; a connection without members in service has none.
A connection that no member can draw from has no row of intake.
"""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.joins import Join
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError, nearest
from qhenergy.ground.table import Table, number, reference, text

CONNECTIONS = Table(
    "grid_connections",
    "what several plants together may give to their zone, or take from it",
    (
        *ASSET,
        number("share", "share", "of the members' capacity, beside what stands and may be added", default=0, high=1),
    ),
)

MEMBERS = Table(
    "connection_members",
    "a plant behind a grid connection",
    (
        reference("connection", "grid_connections", "connection"),
        text("asset", "plant or store behind it, in the same zone"),
    ),
    keys=2,
)

TABLES = (CONNECTIONS, MEMBERS)


def register(plan: Plan) -> None:
    """Register the connections; one that is a share of its members only costs and builds nothing."""
    plan.assets.add_table("grid_connections", plan.inputs["grid_connections"])


def plan(plan: Plan) -> None:
    """Check that the members are plants of the connection's zone, each behind one connection.

    Raises:
        InputError: a member is no asset, stands in another zone, or is behind two connections.
    """
    zone = plan.inputs["grid_connections"]["zone"]
    known = plan.assets.by_name
    faults, seen = [], {}
    for connection, asset in plan.inputs["connection_members"].index:
        where = f"connection_members.csv, row {connection},{asset}"
        if asset not in known:
            faults.append(
                Fault(where, f'asset "{asset}"', "the key of a plant or store", nearest(asset, known) or "Correct it.")
            )
        elif known[asset].zone != zone[connection]:
            found = f'"{asset}" in zone "{known[asset].zone}"'
            remedy = "Name a plant of that zone, or move the connection."
            faults.append(Fault(where, found, f'a plant of zone "{zone[connection]}"', remedy))
        elif asset in seen:
            found = f'"{asset}" behind "{seen[asset]}" as well'
            faults.append(Fault(where, found, "one connection for each plant", "Delete one of the two rows."))
        seen[asset] = connection
    if faults:
        raise InputError(faults, "connection_members.csv")


def members(window: Window) -> dict[str, list[str]]:
    """Members of every connection."""
    made: dict[str, list[str]] = {}
    for connection, asset in window.inputs["connection_members"].index:
        made.setdefault(str(connection), []).append(str(asset))
    return made


def settle(window: Window) -> None:
    """Write what the members of every connection may exchange together."""
    rows, behind = window.inputs["grid_connections"], members(window)
    joined: dict[str, list[Join]] = {}
    for join in window.joins:
        joined.setdefault(join.asset, []).append(join)
    passing = {c: [j for a in assets for j in joined.get(a, [])] for c, assets in behind.items()}
    used = [c for c, joins in passing.items() if joins]
    share = rows["share"].to_dict()

    def limit(c: str) -> Any:
        of_members = pyo.quicksum(window.capacity(a) for a in behind[c]) if share[c] else 0.0
        return share[c] * of_members + window.capacity(c)

    limits = {c: limit(c) for c in used}

    def exchanged(c: str, t: int) -> Any:
        return pyo.quicksum(j.coefficient * window.model.component(j.family)[j.member, t] for j in passing[c])

    window.rows(
        "grid_connection/output",
        used,
        "MW",
        "sum(coefficient[x]*x[t], x of members[c]) <= limit[c]",
        lambda c, t: exchanged(c, t) - limits[c] <= 0,
    )
    window.rows(
        "grid_connection/intake",
        [c for c in used if any(j.coefficient < 0 for j in passing[c])],
        "MW",
        "sum(coefficient[x]*x[t], x of members[c]) >= -limit[c]",
        lambda c, t: exchanged(c, t) + limits[c] >= 0,
    )
