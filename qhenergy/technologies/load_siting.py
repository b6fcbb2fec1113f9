"""Siting: the baseline of a load, or part of it, stands or runs in another zone of its pool.

    load_siting/arrival_limit  moved[s,t] <= capacity[s]                            [MW]
    load_siting/kept           sum(moved[s,t], s in pool) = 0                       [MW]
    load_siting/placed_is      moved[s,t] = placed[s,y]*profile[pool,t]             [MW]
    load_siting/all_placed     sum(placed[s,y], s in pool) = 0                      [MW]

A site with a load gives away up to a share of its baseline; every site takes up to its capacity, which is what it
costs to be ready for more: halls, cooling, lines of data. Where a pool moves by the hour (`hourly`), as work
between data centres, what leaves one site arrives at another in the same hour. Where it is placed for the year
(`yearly`) the plan decides a mean power, and every hour has its part of it in the shape of all baselines of the
pool. What shifts in time at a site shifts what is there then (see `algebra.flexible`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.family import PLAN, Address
from qhenergy.algebra.flexible import MOVED
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.profiles.calendar import HOURS
from qhenergy.technologies.flexible_demand import energy_of

SITES = Table(
    "load_sites",
    "a place where a load may run",
    (
        *ASSET,
        text("pool", "sites with the same word share their loads"),
        text("siting", "whether load moves by the hour or is placed for the year", choices=("hourly", "yearly")),
        reference("load", "flexible_loads", "load that stands here by its baseline", default=""),
        number("share", "share", "most of its baseline that may leave", default=1, high=1),
    ),
)

TABLES = (SITES,)


def register(plan: Plan) -> None:
    """Register the sites.

    Raises:
        InputError: a pool of one site, of two ways of siting, or a site in another zone than its load.
    """
    rows, loads = plan.inputs["load_sites"], plan.inputs["flexible_loads"]
    faults = list(_faults(rows, loads))
    if faults:
        raise InputError(faults, "load_sites.csv")
    plan.assets.add_table("load_sites", rows)


def _faults(rows: Any, loads: Any) -> Iterator[Fault]:
    for pool, own in rows.groupby("pool"):
        if len(own) < 2:
            yield Fault(f"load_sites.csv (pool {pool})", "one site", "two or more", "Add where it may go.")
        if own["siting"].nunique() > 1:
            yield Fault(f"load_sites.csv (pool {pool})", "hourly and yearly", "one way for a pool", "Split the pool.")
    for s, row in rows.iterrows():
        if row["load"] and loads.at[row["load"], "zone"] != row["zone"]:
            found, expected = f'zone "{row["zone"]}"', f'zone "{loads.at[row["load"], "zone"]}" of its load'
            yield Fault(f"load_sites.csv ({s})", found, expected, "A site has the zone of the load that stands there.")
    twice = rows["load"][(rows["load"] != "") & rows["load"].duplicated()]
    for s, load in twice.items():
        yield Fault(f"load_sites.csv ({s})", f'load "{load}" once more', "each load at one site", "Blank one of them.")


def _members(rows: Any, siting: str) -> dict[str, list[str]]:
    """Sites by pool of a way of siting."""
    return {str(p): list(map(str, own.index)) for p, own in rows[rows["siting"] == siting].groupby("pool")}


def plan(plan: Plan) -> None:
    """Decide where the loads of a pool are placed for the year."""
    rows = plan.inputs["load_sites"]
    open_ = [any(plan.assets.possible(str(s), y) for y in plan.case.stages) for s in rows.index]
    pools = _members(rows[rows["pool"].isin(rows["pool"][open_])], "yearly")
    placed = plan.columns(
        "load_siting/placed",
        [s for own in pools.values() for s in own],
        "MW",
        "mean power placed at a site beyond its baseline",
        lower=None,
    )
    plan.rows(
        "load_siting/all_placed",
        list(pools),
        "MW",
        "sum(placed[s,y], s in pool) = 0",
        lambda p, y: pyo.quicksum(placed[s, y] for s in pools[p]) == 0,
    )


def operate(window: Window) -> None:
    """Move loads between the sites of a pool."""
    rows = window.inputs["load_sites"]
    base = window.series(f"flexible_demand/{window.stage}")
    standing = set(window.in_service("load_sites"))
    # A pool that nothing can arrive in has nothing to move.
    rows = rows[rows["pool"].isin(rows["pool"][[s in standing for s in rows.index]])]
    sites = list(map(str, rows.index))
    zero = [0.0] * len(window.hours)
    own = {s: base.get(str(rows.at[s, "load"]), zero) if rows.at[s, "load"] else zero for s in sites}
    limits = {s: window.capacity(s) if s in standing else 0.0 for s in sites}
    moved = window.columns(
        "load_siting/moved",
        sites,
        "MW",
        "load that runs at a site beyond its baseline",
        lower=lambda s, t: -rows.at[s, "share"] * own[s][t],
        upper=lambda s, t: float(limits[s]) if isinstance(limits[s], (int, float)) else None,
    )
    window.rows(
        "load_siting/arrival_limit",
        [s for s in sites if not isinstance(limits[s], (int, float))],
        "MW",
        "moved[s,t] <= capacity[s]",
        lambda s, t: moved[s, t] - limits[s] <= 0,
    )
    hourly, yearly = _members(rows, "hourly"), _members(rows, "yearly")
    window.rows(
        "load_siting/kept",
        list(hourly),
        "MW",
        "sum(moved[s,t], s in pool) = 0",
        lambda p, t: pyo.quicksum(moved[s, t] for s in hourly[p]) == 0,
    )
    pool_of = {s: p for p, members in yearly.items() for s in members}
    energy = {p: sum(_energy(window, str(rows.at[s, "load"])) for s in members) for p, members in yearly.items()}

    def placed(s: str, t: int) -> Any:
        pool = pool_of[s]
        if not energy[pool]:
            return moved[s, t] == 0
        profile = sum(own[m][t] for m in yearly[pool]) * HOURS / energy[pool]
        decided = window.port(Address(PLAN, "load_siting/placed", s, window.stage))
        return moved[s, t] - profile * decided == 0 if profile > 0 else SKIP

    window.rows(
        "load_siting/placed_is",
        list(pool_of),
        "MW",
        "moved[s,t] = placed[s,y]*profile[pool,t]",
        placed,
    )
    for s in sites:
        asset, load = window.assets[s], str(rows.at[s, "load"])
        window.join(asset.zone, "load_siting/moved", moved, s, -1.0, "flexible", asset.technology)
        window.uses.setdefault(load or s, []).append(lambda t, s=s: moved[s, t])
        if load:
            window.feed(MOVED, load, lambda t, s=s: moved[s, t])


def _energy(window: Window, load: str) -> float:
    return energy_of(window.inputs["flexible_energy"], load, window.stage) if load else 0.0
