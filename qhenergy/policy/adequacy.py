"""Adequacy: firm capacity above the highest load of a season, in the system or in one zone (R33, R35).

    adequacy/requirement   sum(credit[c,a] * counted[c,a,y], a) >= (1 + margin[c]) * peak[c,y]   [MW]

`peak` is the highest load among the hours of the year in the months and hours of the row: the demand of the
zone, or of all zones, and the share of the row of what send-out lines are to send in that hour (their curve;
the mean power of the year for a line without one). It is taken from all hours of the year, not from those that are
modelled, and is a number. Sun and wind count on the side of supply, by their credit, so that the load is not
netted of them a second time.

`credit` is the share of a technology's capacity that can be counted on, in a normal or in a dry year; a
technology without a row counts nothing. `counted` is the capacity or, where the credit names hours h that the
store must last, the output it holds for so long: min(capacity, energy/h). Where the plan chooses the duration d
between d1 and d2 the minimum is no linear function; its chord is, and is never above it:

    counted = alpha*capacity + beta*energy,  equal to min(1, d/h)*capacity at d1 and at d2

A flexible load counts with the power enrolled of it, times min(1, d/h) for calls of d hours; one without calls, such
as a vehicle that gives back, has d hours it may be behind. Its credit says how much of that answers at the peak.

A zone also counts the corridors that end in it, in full or by the credit of their technology; the whole system
does not, since a corridor makes no power. Of the ties to neighbours a share of their import limit counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError, listed
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements
from qhenergy.policy.wet_season_coal_off import in_season

KIND = "adequacy"
TITLE = ("firm capacity over the peak", "电力保供充裕度")
HOURS_OF_YEAR = 8760
TABLE = Table(
    "adequacy",
    "how much firm capacity there must be over the highest load of a season",
    (
        text("clause", "key"),
        reference("zone", "zones", "zone that must stand on its own; the whole system if blank", default=""),
        integer("year", "first year in force", low=1950, high=2100),
        integer("first_month", "first month of the season", default=1, low=1, high=12),
        integer("last_month", "last month of the season", default=12, low=1, high=12),
        integer("first_hour", "first hour of the day that counts", default=0, high=23),
        integer("last_hour", "last hour of the day that counts", default=23, high=23),
        number("margin", "share", "firm capacity over the peak, less one", high=2),
        text("credits", "set of capacity_credits.csv"),
        text("water", "year the credits of hydro are for", choices=("normal", "dry")),
        number("send_out", "share", "of what lines are to send that counts as load", default=0, high=1),
        number("ties", "share", "of the import limit of ties that counts as firm", default=0, high=1),
        *PROVENANCE,
    ),
)
CREDITS = Table(
    "capacity_credits",
    "how much of a technology's capacity can be counted on",
    (
        text("credits", "key of the set"),
        reference("technology", "technologies", "technology"),
        number("credit", "share", "of capacity that counts", high=1),
        number("dry_credit", "share", "the same in a dry year; as in a normal one if blank", default=None, high=1),
        number("hours", "time", "how long a store must last at that output", default=0, high=1000),
    ),
    keys=2,
)
TABLES = (CREDITS,)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a clause names a set of credits that there is not.
    """
    known = list(dict.fromkeys(plan.inputs[CREDITS.name].index.get_level_values(0)))
    faults = [
        Fault(
            f"{TABLE.name}.csv, row {c.name}",
            f'credits "{c.row["credits"]}"',
            f"a set of {CREDITS.name}.csv: {listed(known) or 'it has none'}",
            "Correct the name, or add rows for its technologies.",
        )
        for c in clauses
        if c.row["credits"] not in known
    ]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    demands = []
    for c in clauses:
        for y in plan.case.stages:
            if c.applies(y):
                highest = peak(plan, c, y)
                required = (1.0 + float(c.row["margin"])) * (highest or 0.0)
                asked = Requirement(c, y, ">=", required, "10^4 kW", 10.0, has_base=False, measured=highest is not None)
                demands.append(Demand(asked, firm_capacity(plan, c, y)))
    return write_requirements(plan, KIND, "MW", demands)


def peak(plan: Plan, clause: Clause, stage: int) -> float | None:
    """Highest load among the hours a clause is about [MW]; None if the year has no such hour."""
    row = clause.row
    months, hours = (int(row["first_month"]), int(row["last_month"])), (int(row["first_hour"]), int(row["last_hour"]))
    concerned = np.array(
        [
            in_season(month, *months) and in_season(hour, *hours)
            for month, hour in zip(plan.month, plan.hour_of_day, strict=True)
        ],
        dtype=bool,
    )
    if not concerned.any():
        return None
    demand = plan.series[f"demand/{stage}"]
    zones = [row["zone"]] if row["zone"] else list(demand.columns)
    load: NDArray[np.float64] = demand[zones].to_numpy(dtype=float).sum(axis=1)
    lines = plan.inputs["send_out"]
    for line in plan.lines_out(stage):
        if lines.at[line, "zone"] in zones:
            load = load + float(row["send_out"]) * _to_send(plan, line)
    return float(load[concerned].max())


def _to_send(plan: Plan, line: str) -> Any:
    """What a line is to send in every hour, or its mean over the year where the hours are free [MW]."""
    row = plan.inputs["send_out"].loc[line]
    curves = plan.series.get("send_out/curve")
    if curves is not None and line in curves.columns:
        return curves[line].to_numpy(dtype=float) * float(row["capacity"])
    return float(row["yearly_energy"]) / HOURS_OF_YEAR


def firm_capacity(plan: Plan, clause: Clause, stage: int) -> Any:
    """What a clause can count on in a stage [MW]: a number or a linear expression."""
    row = clause.row
    rows = plan.inputs[CREDITS.name].loc[row["credits"]]
    credit = rows["credit"]
    if row["water"] == "dry":
        credit = rows["dry_credit"].fillna(credit)
    zone = str(row["zone"])
    corridors = plan.inputs["corridors"]
    terms = []
    for asset in plan.assets.by_name.values():
        if asset.technology not in rows.index:
            continue
        if asset.table == "corridors":
            counts = bool(zone) and zone in (asset.zone, corridors.at[asset.name, "to_zone"])
        else:
            counts = not zone or asset.zone == zone
        if counts and plan.assets.possible(asset.name, stage):
            hours = float(rows.at[asset.technology, "hours"])
            terms.append(float(credit[asset.technology]) * _lasting(plan, asset.name, stage, hours))
    for _, tie in plan.inputs["ac_ties"].iterrows():
        if (not zone or tie["zone"] == zone) and not tie["earliest_year"] > stage:
            terms.append(float(row["ties"]) * float(tie["import_limit"]))
    return pyo.quicksum(terms)


def _lasting(plan: Plan, name: str, stage: int, hours: float) -> Any:
    """Output an asset can hold for some hours [MW]; its capacity if it stores nothing, or if none are asked."""
    asset, limits = plan.assets[name], plan.sized(name)
    if hours and asset.table == "flexible_loads":
        row = plan.inputs["flexible_loads"].loc[name]
        lasting = [float(row[word]) for word in ("call_hours", "behind") if not np.isnan(row[word])]
        return min(1.0, lasting[0] / hours) * plan.installed(name, stage) if lasting else 0.0
    if not hours or (limits is None and not asset.energy_hours):
        return plan.installed(name, stage)
    if limits is not None:
        (least, most), (low, high) = limits, (min(1.0, d / hours) for d in limits)
        beta = (high - low) / (most - least) if most > least else 0.0
        return (low - beta * least) * plan.installed(name, stage) + beta * plan.energy(name, stage)
    if asset.energy_hours > hours:
        return plan.installed(name, stage)
    return plan.energy(name, stage) / hours
