"""Water taken from the river: diversions and irrigation (R24), before it reaches the turbines below.

    withdrawal/taken   taken[w,t] <= asked[w,t]   [m3/s]

    asked[w,t] = yearly_volume[w] * share[w,month] over the hours of the month

Water asked and not taken is missed at the shortage price, as unserved demand is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.river import river
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.ground.units import HM3_PER_FLOW_HOUR
from qhenergy.profiles import calendar

WITHDRAWALS = Table(
    "withdrawals",
    "water that a diversion or an irrigation district takes from the reservoir or reach of a station",
    (
        text("withdrawal", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        reference("station", "hydro_stations", "station above whose dam it is taken"),
        integer("first_year", "first year it takes water", low=1900, high=2100),
        number("yearly_volume", "volume", "asked in a year; nothing is known and nothing taken if blank", default=None),
        number("shortage_price", "money per volume", "price of water asked and not taken", default=1e6, high=1e9),
        text("status", "how far it is", default=""),
    ),
)

MONTHS = Table(
    "withdrawal_months",
    "how a withdrawal is spread over the year; even where it has no row",
    (
        reference("withdrawal", "withdrawals", "withdrawal"),
        integer("month", "month", low=1, high=12),
        number("share", "share", "of the yearly volume", high=1),
    ),
    keys=2,
)

TABLES = (WITHDRAWALS, MONTHS)
#: How far the shares of a year may be from adding up to one.
ROUNDING = 1e-3


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Water asked by every withdrawal whose volume is known [m3/s], hours of a year x withdrawals."""
    rows, shares = hours.inputs["withdrawals"], hours.inputs["withdrawal_months"]["share"]
    known = rows[rows["yearly_volume"].notna()]
    lengths = 24.0 * np.array(calendar.MONTH_DAYS)
    columns, faults = {}, []
    for name, row in known.iterrows():
        given = name in shares.index.get_level_values(0)
        part = np.array([shares.get((name, m), 0.0) for m in range(1, 13)]) if given else lengths / lengths.sum()
        if abs(part.sum() - 1.0) > ROUNDING:
            found = f"shares that add up to {part.sum():.4g}"
            faults.append(Fault(f"withdrawal_months.csv ({name})", found, "1 over the year", "Correct the shares."))
        flow = float(row["yearly_volume"]) * part / lengths / HM3_PER_FLOW_HOUR
        columns[str(name)] = flow[hours.month - 1]
    if faults:
        raise InputError(faults, str(hours.inputs.folder))
    return {"withdrawal/asked": pd.DataFrame(columns)} if columns else {}


def register(plan: Plan) -> None:
    """Refuse withdrawals that would take nothing; one whose station comes later takes from the next below.

    Raises:
        InputError: neither the station of a withdrawal nor any below it stands in a year it asks for water.
    """
    faults = []
    for stage in plan.case.stages:
        cascade = river(plan.inputs["hydro_stations"], stage)
        for w, row in plan.inputs["withdrawals"].iterrows():
            asks = row["first_year"] <= stage and row["yearly_volume"] > 0
            if asks and not cascade.receiver(str(row["station"])):
                found, expected = f'station "{row["station"]}"', f"one that stands in {stage}, or one above it"
                remedy = "Name another station, correct first_year, or blank yearly_volume."
                faults.append(Fault(f"withdrawals.csv, row {w}", found, expected, remedy))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def operate(window: Window) -> None:
    """Take water from the stations, and pay for what is missed."""
    rows, asked = window.inputs["withdrawals"], window.series("withdrawal/asked")
    if rows.empty:
        return
    cascade = river(window.inputs["hydro_stations"], window.stage)
    station = {w: cascade.receiver(str(rows.at[w, "station"])) for w in asked}
    taking = [w for w in asked if rows.at[w, "first_year"] <= window.stage and station[w]]
    taken = window.columns(
        "withdrawal/taken", taking, "m3/s", "water taken from the river", upper=lambda w, t: asked[w][t]
    )
    for w in taking:
        window.flow(station[w], "withdrawal/taken", w, -1.0, "withdrawn")
        missed = sum(asked[w]) - sum(taken[w, t] for t in window.hours)
        window.cost("water missed/withdrawals", rows.at[w, "shortage_price"] * HM3_PER_FLOW_HOUR * missed)
