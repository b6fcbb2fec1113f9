"""Clean matching: contracted clean energy covers what a load uses, hour by hour, month by month, or over the year.

    clean_matching/generated_is generated[g,t] = sum(given[x,t], x in group and zone)                       [MW]
    clean_matching/room_is     room[c,t] = what the hour has less what the clause asks of it                [MW]
    clean_matching/hourly      room[c,t] + missing[c,t] >= 0                                                [MW]
    clean_matching/balance_is  balance[c,m,y] = supply[c,m,y] - share[c]*used[c,m,y]                        [MWh]
    clean_matching/monthly     missed[c,m,y] + balance[c,m,y] >= 0                                          [MWh]
    clean_matching/requirement sum(missed[c,m,y], m) <= 0, or supply[c,y] >= share[c]*used[c,y]             [MWh]

    supply[c,t] = sum(contracted[k] * given[x,t], x of contract k of c)
    room[c,t] = supply[c,t] - share[c]*used[c,t]

A contract is a share of what a group of technologies generates, in one zone or all, or of all that one asset gives
and takes: a store of the load's own is named, so that charging adds to what has to be covered and discharging
covers. Whatever the hour, a store thus holds clean energy only. What a load uses is its baseline and what it
deviates (`Window.uses`), or what the column of its name takes: an electrolyser, a boiler. A month is that of the
modelled hours; what is too much in one does not count in another. That the energy reaches the load is left to
the balances; that it is sold once is seen to: no asset may be contracted for more than all of it by the clauses
that are enforced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.periods.chronology import Span
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements
from qhenergy.policy.hourly import hourly_requirements, write_hours

KIND = "clean_matching"
TITLE = ("clean supply matched to a load", "清洁电量匹配")
TABLE = Table(
    "clean_matchings",
    "a load that contracted clean energy covers",
    (
        text("clause", "key"),
        text("load", "key of a flexible load, or of an asset that takes energy"),
        text("per", "within what time it is covered", choices=("hour", "month", "year")),
        number("share", "share", "of what the load uses, to be covered", default=1, high=1),
        integer("year", "first year in force", low=1950, high=2100),
        *PROVENANCE,
    ),
)
CONTRACTS = Table(
    "clean_contracts",
    "clean energy that a load has contracted",
    (
        reference("clause", "clean_matchings", "whose contract it is"),
        integer("number", "number of the contract", low=1, high=999),
        reference("group", "groups", "technologies whose generation is contracted", default=""),
        reference("zone", "zones", "zone they stand in; all if blank", default=""),
        text("asset", "an asset instead of a group; a store of the load's own as well", default=""),
        number("contracted", "share", "share of it", default=1, high=1),
    ),
    keys=2,
)
TABLES = (CONTRACTS,)
MONTHS = range(1, 13)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Write the hours of clauses about every hour, and meter the others."""
    in_force = [c for c in clauses if c.applies(window.stage)]
    hourly = []
    generated = _write_generated(window, in_force)
    for c in in_force:
        load, share = str(c.row["load"]), float(c.row["share"])
        taking = _taking(window, load)
        if not taking:
            continue
        parts = list(_parts(window, c.name, generated))

        def supply(t: int, parts: Any = parts) -> Any:
            return pyo.quicksum(factor * variable[member, t] for factor, variable, member in parts)

        def used(t: int, taking: Any = taking) -> Any:
            return pyo.quicksum(by_hour(t) for by_hour in taking)

        def room(t: int, supply: Any = supply, used: Any = used, share: float = share) -> Any:
            return supply(t) - share * used(t)

        if c.row["per"] == "hour":
            hourly.append((c, room))
        elif c.row["per"] == "month":
            for month in sorted(set(window.month)):
                balance = pyo.quicksum(room(t) for t in window.hours if window.month[t] == month)
                window.meter(f"{KIND}_balance", of_month(c.name, month), "MWh", balance, signed=True)
        else:
            window.meter(f"{KIND}_supply", c.name, "MWh", pyo.quicksum(map(supply, window.hours)), signed=True)
            window.meter(f"{KIND}_used", c.name, "MWh", pyo.quicksum(map(used, window.hours)), signed=True)
    write_hours(window, KIND, "MW", hourly)


def of_month(clause: str, month: int) -> str:
    """Member of the families of months."""
    return f"{clause} {month:02d}"


def _taking(window: Window, load: str) -> list[Any]:
    """What a load uses, hour -> MWh, in parts."""
    if load in window.uses:
        return list(window.uses[load])
    columns = [j for j in window.joins if j.member == load and j.coefficient < 0]
    return [lambda t, j=j: -j.coefficient * window.model.component(j.family)[j.member, t] for j in columns]


def _write_generated(window: Window, clauses: Sequence[Clause]) -> Any:
    """What groups generate in their zones, once for all clauses that have contracted of it."""
    rows = [row for c in clauses for row in _contracts(window.inputs["clean_contracts"], c.name) if row["group"]]
    places = {_place(row): row for row in rows}
    joins = {
        place: [
            j
            for j in window.joins
            if j.role == "generation"
            and j.technology in set(window.inputs.members(row["group"]))
            and (not row["zone"] or j.zone == row["zone"])
        ]
        for place, row in places.items()
    }
    generated = window.columns(f"{KIND}/generated", places, "MW", "what a group generates in a zone", lower=None)
    window.rows(
        f"{KIND}/generated_is",
        places,
        "MW",
        "generated[g,t] = sum(given[x,t], x in group and zone)",
        lambda g, t: (
            generated[g, t]
            - pyo.quicksum(j.coefficient * window.model.component(j.family)[j.member, t] for j in joins[g])
            == 0
        ),
    )
    return generated


def _place(row: Any) -> str:
    return f"{row['group']} {row['zone'] or 'everywhere'}"


def _parts(window: Window, clause: str, generated: Any) -> Iterator[tuple[float, Any, str]]:
    """Columns that the contracts of a clause rest on: factor, variable, member."""
    for row in _contracts(window.inputs["clean_contracts"], clause):
        share = float(row["contracted"])
        if row["group"]:
            yield share, generated, _place(row)
        for join in window.joins:
            if row["asset"] and join.asset == row["asset"]:
                yield share * join.coefficient, window.model.component(join.family), join.member


def _contracts(rows: Any, clause: str) -> list[Any]:
    return [row for (c, _), row in rows.iterrows() if c == clause]


def _faults(plan: Plan, clauses: Sequence[Clause]) -> Iterator[Fault]:
    """Clauses about what is not there, and contracts that cannot be or sell twice."""
    known, rows = plan.assets.by_name, plan.inputs["clean_contracts"]
    sold: dict[str, float] = {}
    for c in clauses:
        if c.row["load"] not in known:
            expected = "a flexible load or an asset of the system"
            remedy = "Correct the load, or switch the clause off."
            yield Fault(f"{TABLE.name}.csv, row {c.name}", f'load "{c.row["load"]}"', expected, remedy)
        contracts = _contracts(rows, c.name)
        if not contracts:
            remedy = "Add what is contracted to clean_contracts.csv, or switch the clause off."
            yield Fault(f"{TABLE.name}.csv, row {c.name}", "no contract", "one or more", remedy)
        for row in contracts:
            where = f"clean_contracts.csv ({c.name}, {row.name[1]:g})"
            if bool(row["group"]) == bool(row["asset"]):
                yield Fault(where, "both or neither of group and asset", "one of the two", "Blank or fill one.")
                continue
            if row["asset"] and row["asset"] not in known:
                yield Fault(where, f'asset "{row["asset"]}"', "an asset of the system", "Correct the key.")
                continue
            members = [row["asset"]] if row["asset"] else plan.in_group(row["group"], row["zone"])
            if not members:
                yield Fault(where, "a group of which nothing stands there", "one with assets", "Correct group or zone.")
            for a in members if c.strictness != "watched" else ():
                sold[a] = sold.get(a, 0.0) + float(row["contracted"])
    for a, share in sold.items():
        if share > 1.0 + 1e-9:
            remedy = "Lower the shares, or switch a clause off."
            yield Fault("clean_contracts.csv", f"{share:.0%} of {a} contracted", "at most all of it", remedy)


def _uses(plan: Plan, clause: Clause, stage: int) -> bool:
    """Whether the load can use anything in a stage."""
    load = str(clause.row["load"])
    baseline = plan.series.get(f"flexible_demand/{stage}")
    if baseline is not None and load in baseline.columns and bool((baseline[load] > 0).any()):
        return True
    return plan.assets.possible(load, stage)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a load or asset that is not there, a clause without a contract, or one asset sold twice.
    """
    in_force = [c for c in clauses if any(c.applies(y) for y in plan.case.stages)]
    faults = list(_faults(plan, in_force))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    missed = _write_months(plan, [c for c in in_force if c.row["per"] == "month"])
    demands = []
    for c in in_force:
        for y in plan.case.stages:
            if not c.applies(y) or c.row["per"] == "hour":
                continue
            measured = _uses(plan, c, y)
            if c.row["per"] == "month":
                made = Requirement(c, y, "<=", 0.0, "10^8 kWh", 1e5, has_base=False, measured=measured)
                months = [of_month(c.name, m) for m in MONTHS]
                demands.append(Demand(made, pyo.quicksum(missed[m, y] for m in months) if measured else 0.0))
            else:
                made = Requirement(c, y, ">=", float(c.row["share"]), "%", 0.01, has_base=True, measured=measured)
                parts = [plan.yearly(f"{KIND}_{w}", c.name, y) if measured else 0.0 for w in ("supply", "used")]
                demands.append(Demand(made, *parts))
    hourly = [c for c in in_force if c.row["per"] == "hour"]
    asked = hourly_requirements(plan, hourly, "10^4 kW", 10.0, lambda c, y: _uses(plan, c, y))
    return asked + write_requirements(plan, KIND, "MWh", demands)


def _write_months(plan: Plan, clauses: Sequence[Clause]) -> Any:
    """What every month leaves, and what it misses; what is watched is measured from what it leaves."""
    by_member = {of_month(c.name, m): (c, m) for c in clauses for m in MONTHS}
    balance = plan.columns(f"{KIND}/balance", by_member, "MWh", "what a month leaves of the supply", lower=None)
    missed = plan.columns(f"{KIND}/missed", by_member, "MWh", "what a month misses")

    def left(member: str, y: int) -> Any:
        c, month = by_member[member]
        if not c.applies(y) or not _uses(plan, c, y):
            return SKIP

        def having(span: Span) -> bool:
            return any(plan.month[h] == month for h in span.hours)

        return balance[member, y] - plan.yearly(f"{KIND}_balance", member, y, having) == 0

    plan.rows(
        f"{KIND}/balance_is",
        by_member,
        "MWh",
        "balance[c,m,y] = supply[c,m,y] - share[c]*used[c,m,y]",
        left,
    )
    plan.rows(
        f"{KIND}/monthly",
        by_member,
        "MWh",
        "missed[c,m,y] + balance[c,m,y] >= 0",
        lambda n, y: (
            missed[n, y] + balance[n, y] >= 0
            if by_member[n][0].applies(y) and _uses(plan, by_member[n][0], y)
            else SKIP
        ),
    )
    return missed
