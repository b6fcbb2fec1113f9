"""Ties to neighbours that buy and sell at a price.

ac_tie/import   import[n,t] <= availability[n,t]*import_limit[n]   [MW]
ac_tie/export   export[n,t] <= availability[n,t]*export_limit[n]   [MW]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import Import
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, reference, text

TIES = Table(
    "ac_ties",
    "the lines to one neighbour from one zone",
    (
        text("tie", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        reference("zone", "zones", "zone at this end"),
        text("neighbour", "who is at the other end"),
        number("import_limit", "power", "most that comes in", high=1e5),
        number("export_limit", "power", "most that goes out", high=1e5),
        number("import_price", "money per energy", "paid for what comes in", low=-1e5, high=1e5),
        number("export_price", "money per energy", "got for what goes out", low=-1e5, high=1e5),
        number("emission", "mass per energy", "CO2 of what comes in", high=5),
        integer("earliest_year", "first year in service", default=None, low=1950, high=2100),
        text("availability_series", "column of series.csv; always available if blank", default=""),
    ),
)

TABLES = (TIES,)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Availability of every tie."""
    rows = hours.inputs["ac_ties"]
    return {
        "ac_tie/availability": pd.DataFrame(
            {
                tie: hours.direct(r.availability_series, f"ac_ties.csv, row {tie}")
                if r.availability_series
                else np.ones(hours.count)
                for tie, r in rows.iterrows()
            }
        )
    }


def operate(window: Window) -> None:
    """Write exchange both ways with its money and emissions."""
    rows = window.inputs["ac_ties"]
    ties = [str(n) for n, r in rows.iterrows() if not r["earliest_year"] > window.stage]
    if not ties:
        return
    availability = window.series("ac_tie/availability")
    for word, sign, role in (("import", 1.0, "import"), ("export", -1.0, "export")):
        flow = window.limited(
            f"ac_tie/{word}",
            ties,
            "MW",
            f"power {word}ed",
            lambda n, t: availability[n][t],
            lambda n, word=word: float(rows.at[n, f"{word}_limit"]),
        )
        for n in ties:
            energy = sum(flow[n, t] for t in window.hours)
            window.join(rows.at[n, "zone"], f"ac_tie/{word}", flow, n, sign, role, f"ac_{word}")
            name = "imports" if word == "import" else "exports"
            window.cost(f"{name}/{n}", sign * rows.at[n, f"{word}_price"] * energy)
            if word == "import":
                _account(window, n, flow, energy, float(rows.at[n, "emission"]))


def _account(window: Window, tie: str, flow: Any, energy: Any, emission: float) -> None:
    """Say what comes in and the CO2 it brings."""
    window.imports.append(Import("ac_tie/import", tie, emission))
    if emission:
        for name in ("co2", "co2_import"):
            window.account(name, emission * energy, lambda t: emission * flow[tie, t])
