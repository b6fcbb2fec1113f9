"""Hydrogen sold beyond the system, at a price and within limits of the hour and the year (R41).

    hydrogen_export/sent     sent[x,t] <= hourly[x]                                    [t/h]
    hydrogen_export/yearly   sum(weight[w] * sent[x,t], t of y) <= yearly[x]           [t]

Receipts are negative costs. Hydrogen leaves its store in MWh of lower heating value, 33.33 a tonne; electricity that
compressors or liquefaction take per tonne comes from the zone of the store. A limit of nothing in a year is said hour
by hour as well.
"""

from __future__ import annotations

import math

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.joins import Feed
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.ground.units import HYDROGEN_MWH_PER_T
from qhenergy.technologies.hydrogen import absent_stores

EXPORTS = Table(
    "hydrogen_exports",
    "hydrogen that may be sold beyond the system out of one store",
    (
        text("export", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        reference("store", "hydrogen_stores", "store it leaves"),
        integer("first_year", "first year hydrogen may be sold", low=1950, high=2100),
        number("price", "money per mass", "paid for it at the gate of the store", high=1e6),
        number("hourly", "mass", "most in an hour", high=1e5),
        number("yearly", "mass", "most in a year; no limit if blank", default=None, high=1e8),
        number("electricity", "energy per mass", "taken to compress or liquefy it", default=0, high=50),
    ),
)

TABLES = (EXPORTS,)


def register(plan: Plan) -> None:
    """Refuse exports out of nothing.

    Raises:
        InputError: the store of an export cannot stand in a stage in which hydrogen may be sold.
    """
    faults = list(absent_stores(plan, "hydrogen_exports"))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def plan(plan: Plan) -> None:
    """Hold what is sold in a year where it is limited."""
    rows = plan.inputs["hydrogen_exports"]
    most = rows["yearly"].dropna().to_dict()
    plan.rows(
        "hydrogen_export/yearly",
        most,
        "t",
        "sum(weight[w] * sent[x,t], t of y) <= yearly[x]",
        lambda x, y: plan.yearly("hydrogen_sent", x, y) <= most[x] if rows.at[x, "first_year"] <= y else SKIP,
    )


def operate(window: Window) -> None:
    """Sell hydrogen out of the stores."""
    rows = window.inputs["hydrogen_exports"]
    selling = [str(x) for x in rows.index[rows["first_year"] <= window.stage]]
    most = {x: 0.0 if rows.at[x, "yearly"] == 0 else float(rows.at[x, "hourly"]) for x in selling}
    sent = window.columns("hydrogen_export/sent", selling, "t/h", "hydrogen sold", upper=lambda x, t: most[x])
    for x in selling:
        store, amount = str(rows.at[x, "store"]), sum(sent[x, t] for t in window.hours)
        window.pour(Feed("hydrogen", store, "hydrogen_export/sent", x, -HYDROGEN_MWH_PER_T, "export", "export"))
        window.cost(f"hydrogen exports/{x}", -float(rows.at[x, "price"]) * amount)
        if rows.at[x, "electricity"] > 0:
            per, zone = -float(rows.at[x, "electricity"]), window.assets[store].zone
            window.join(zone, "hydrogen_export/sent", sent, x, per, "conversion", "hydrogen_export", store, "t/h")
        if not math.isnan(rows.at[x, "yearly"]):
            window.meter("hydrogen_sent", x, "t", amount)
