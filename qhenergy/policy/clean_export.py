"""Clean export: in every hour what a line is sent is backed by clean energy at its sending end (R28).

    clean_export/zone     clean generation[z,t] + arriving[z,t] + drawn[z,t] >= charged[z,t] + leaving[z,t]
                          + pumped[z,t] + sum(backed[l,t], l of z)                                        [MW]
    clean_export/<flow>_part  clean[c,t] <= flow[c,t], each way of a corridor                             [MW]
    clean_export/charged_part charged[x,t] <= charge[x,t]                                                 [MW]
    clean_export/drawn_part   drawn[s,t] <= discharge[s,t]                                                [MW]
    clean_export/account  stored[s,t] <= keep[s]^h*stored[s,t-1] + h*(into[s]*charged[s,t] + natural[s,t]
                          - out[s]*drawn[s,t])                                                            [MWh]
    clean_export/held     stored[s,t] <= level[s,t]                                                       [MWh]
    clean_export/room_is  room[c,t] = what the hour has less what the clause asks of it: backed - sent    [MW]
    clean_export/hourly   room[c,t] + missing[c,t] >= 0                                                   [MW]

`h` is the length of a step [h]. Beside the energy runs a book of its clean part. Generation of the clean group enters
it, coal, gas and imports do not; a corridor and a store carry no more of it than they carry at all, lose the same
share, and a store never holds more clean energy than energy (`held`), so that what was charged from fossil power
cannot come out clean. What is not written down is used at home. The book of each store is apart: stores of one zone
have unlike losses, and one account for all of them would have to lose at the worst rate to claim nothing that is not
there.

All is on the safe side. Pumps of the river and heaters without an account of their own may run on clean energy only,
since what they lift comes back as clean generation; the salt of a CSP plant with a heater has an account that the
sun fills as well. A store whose level is carried over real periods starts each period without anything clean and
is held to its level above the lowest of the period, which is the least it can really hold. Where a corridor runs
both ways in one hour the book could swap clean for fossil; an optimiser has a reason to only where energy is
worth nothing, and the board, which counts the account again from what flows net, shows it.

The columns exist for clauses that are hard or priced. A watched clause has none: the board measures it after the
solution, by the book that backs most (see `outcome.clean_account`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.joins import Join, Vessel
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Requirement
from qhenergy.policy.hourly import hourly_requirements, write_hours

KIND = "clean_export"
TITLE = ("clean export, hour by hour", "外送电量逐时清洁")
#: Uses whose energy comes back as generation.
RETURNED = ("pumping", "heating")
TABLE = Table(
    "clean_exports",
    "a line that may be sent clean energy only, in every hour",
    (
        text("clause", "key"),
        reference("send_out_line", "send_out", "line"),
        reference("group", "groups", "technologies whose generation is clean"),
        integer("year", "first year in force", low=1950, high=2100),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Write the book of clean energy for the lines that clauses bind."""
    lines = {j.asset: j for j in window.joins if j.role == "send_out"}
    bound = [
        c for c in clauses if c.strictness != "watched" and c.applies(window.stage) and c.row["send_out_line"] in lines
    ]
    if not bound:
        return
    technologies = set(window.inputs.members(bound[0].row["group"]))
    asked = list(dict.fromkeys(str(c.row["send_out_line"]) for c in bound))
    backed = window.columns("clean_export/backed", asked, "MW", "clean energy that backs the line")
    book = _Book(window)
    for join in window.joins:
        column = window.model.component(join.family)
        if join.asset in book.own_account:
            continue
        if (join.role == "generation" and join.technology in technologies) or join.role in RETURNED:
            book.add(join.zone, join.coefficient, column, join.member)
    for line in asked:
        book.add(lines[line].zone, -1.0, backed, line)
    _write_flows(window, book)
    _write_vessels(window, book, technologies)
    zones = [z for z, terms in book.terms.items() if terms]
    window.rows(
        "clean_export/zone",
        zones,
        "MW",
        "clean generation[z,t] + arriving[z,t] + drawn[z,t] >= charged[z,t] + leaving[z,t] "
        "+ pumped[z,t] + sum(backed[l,t], l of z)",
        lambda z, t: pyo.quicksum(k * x[m, t] for k, x, m in book.terms[z]) >= 0,
    )

    def room(join: Join) -> Any:
        sent = window.model.component(join.family)
        return lambda t: backed[join.asset, t] + join.coefficient * sent[join.member, t]

    write_hours(window, KIND, "MW", [(c, room(lines[c.row["send_out_line"]])) for c in bound])


class _Book:
    """What gives clean energy to each zone and takes it, as terms of columns."""

    def __init__(self, window: Window) -> None:
        self.terms: dict[str, list[tuple[float, Any, str]]] = {}
        #: assets whose generation and heating is told by the account of their store
        self.own_account = {v.asset for v in window.vessels}

    def add(self, zone: str, coefficient: float, column: Any, member: str) -> None:
        """Let a column give to a zone, or take from it if the coefficient is negative."""
        self.terms.setdefault(zone, []).append((coefficient, column, member))


def _write_flows(window: Window, book: _Book) -> None:
    """The clean part of what corridors carry, with their losses."""
    joins: dict[str, list[Join]] = {}
    for join in window.joins:
        if join.role == "transfer":
            joins.setdefault(join.family, []).append(join)
    for family, ends in joins.items():
        flow = family.rsplit("/", 1)[-1]
        members = list(dict.fromkeys(j.member for j in ends))
        whole = window.model.component(family)
        clean = window.columns(f"clean_export/{flow}", members, "MW", f"clean part of what is sent {flow}")
        window.rows(
            f"clean_export/{flow}_part",
            members,
            "MW",
            "clean[c,t] <= flow[c,t], each way of a corridor",
            lambda c, t, clean=clean, whole=whole: clean[c, t] - whole[c, t] <= 0,
        )
        for j in ends:
            book.add(j.zone, j.coefficient, clean, j.member)


def _write_vessels(window: Window, book: _Book, technologies: set[str]) -> None:
    """The account of clean energy of every store."""
    by_name: dict[str, Vessel] = {v.asset: v for v in window.vessels}
    parts = {m: (f, rate) for v in window.vessels for f, m, rate in v.charging}
    charged = window.columns("clean_export/charged", parts, "MW", "clean part of what a store takes")
    drawn = window.columns("clean_export/drawn", by_name, "MW", "clean part of what a store gives")
    stored = window.columns("clean_export/stored", by_name, "MWh", "clean part of what a store holds")

    def column(family: str, member: str, t: int) -> Any:
        return window.model.component(family)[member, t]

    window.rows(
        "clean_export/charged_part",
        parts,
        "MW",
        "charged[x,t] <= charge[x,t]",
        lambda x, t: charged[x, t] - column(parts[x][0], x, t) <= 0,
    )
    window.rows(
        "clean_export/drawn_part",
        by_name,
        "MW",
        "drawn[s,t] <= discharge[s,t]",
        lambda s, t: drawn[s, t] - pyo.quicksum(column(f, m, t) for f, m, _ in by_name[s].discharging) <= 0,
    )

    def lowest(s: str) -> Any:
        """Column of the lowest level of the period of a store that is carried over real ones; None for others."""
        family = window.model.component(f"{by_name[s].level}_lowest")
        return family[s, 0] if family is not None and (s, 0) in family else None

    h = window.step

    def account(s: str, t: int) -> Any:
        vessel = by_name[s]
        fresh = t == 0 and lowest(s) is not None
        before = 0.0 if fresh else window.at("clean_export/stored", stored, s, t - 1)
        gained = pyo.quicksum(rate * charged[m, t] for _, m, rate in vessel.charging)
        if window.assets[s].technology in technologies:
            gained += pyo.quicksum(rate * column(f, m, t) for f, m, rate in vessel.natural)
        # Discharging columns of one store have one rate: there is one turbine or inverter.
        drained = h * vessel.discharging[0][2] * drawn[s, t]
        return stored[s, t] - vessel.keep**h * before - h * gained + drained <= 0

    def held(s: str, t: int) -> Any:
        least = lowest(s)
        level = column(by_name[s].level, s, t)
        return stored[s, t] - level + (0.0 if least is None else least) <= 0

    window.rows(
        "clean_export/account",
        by_name,
        "MWh",
        "stored[s,t] <= keep[s]^h*stored[s,t-1] + h*(into[s]*charged[s,t] + natural[s,t] - out[s]*drawn[s,t])",
        account,
    )
    window.rows("clean_export/held", by_name, "MWh", "stored[s,t] <= level[s,t]", held)
    for v in window.vessels:
        for _, m, _ in v.charging:
            book.add(v.zone, -1.0, charged, m)
        book.add(v.zone, 1.0, drawn, v.asset)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Say what is asked of every hour.

    Raises:
        InputError: the clauses of the case name more than one clean group: lines that draw on the same plants
            must share one book.
    """
    groups = list(dict.fromkeys(str(c.row["group"]) for c in clauses))
    if len(groups) > 1:
        found, expected = " and ".join(f'group "{g}"' for g in groups), "one group for all lines of a case"
        fault = Fault(f"{TABLE.name}.csv", found, expected, "Name one group, or switch clauses off.")
        raise InputError([fault], str(plan.inputs.folder))
    return hourly_requirements(plan, clauses, "10^4 kW", 10.0, lambda c, y: c.row["send_out_line"] in plan.lines_out(y))
