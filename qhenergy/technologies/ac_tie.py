"""Ties to neighbours that buy and sell at a price.

ac_tie/import          import[n,t] <= availability[n,t]*import_limit[n]              [MW]
ac_tie/export          export[n,t] <= availability[n,t]*export_limit[n]              [MW]
ac_tie/import_energy   sum(weight[w] * import[n,t], t of y) <= import_energy[n]      [MWh]
ac_tie/export_energy   sum(weight[w] * export[n,t], t of y) <= export_energy[n]      [MWh]

Both prices of an hour are those of the row times `price_series`, a column of series.csv; where it is blank they are
the same all year. Availability and price are those of the neighbour and stay as they are in a representative period.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import Import
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
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
        text("price_series", "column of series.csv that multiplies both prices; 1 if blank", default=""),
        number("import_energy", "energy", "most that comes in in a year; any if blank", default=None, high=1e10),
        number("export_energy", "energy", "most that goes out in a year; any if blank", default=None, high=1e10),
    ),
)

TABLES = (TIES,)
#: Direction, which is the role of the join as well, and what it gives the zone.
DIRECTIONS = {"import": 1.0, "export": -1.0}


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Availability of every tie, and the price of an hour over that of its row where there is one."""
    rows = hours.inputs["ac_ties"]
    priced = {
        str(tie): hours.direct(r.price_series, f"ac_ties.csv, row {tie}", price=True)
        for tie, r in rows.iterrows()
        if r.price_series
    }
    return {
        "ac_tie/price": pd.DataFrame(priced),
        "ac_tie/availability": pd.DataFrame(
            {
                tie: hours.direct(r.availability_series, f"ac_ties.csv, row {tie}")
                if r.availability_series
                else np.ones(hours.count)
                for tie, r in rows.iterrows()
            }
        ),
    }


def _standing(inputs: Inputs, stage: int) -> list[str]:
    """Ties in service in a stage."""
    return [str(n) for n, r in inputs["ac_ties"].iterrows() if not r["earliest_year"] > stage]


def plan(plan: Plan) -> None:
    """Hold the exchange of a year where it is limited."""
    for word in DIRECTIONS:
        most = plan.inputs["ac_ties"][f"{word}_energy"].dropna().to_dict()

        def limit(n: str, y: int, word: str = word, most: dict[str, float] = most) -> Any:
            return plan.yearly(f"ac_{word}", n, y) <= most[n] if n in _standing(plan.inputs, y) else SKIP

        plan.rows(
            f"ac_tie/{word}_energy",
            most,
            "MWh",
            f"sum(weight[w] * {word}[n,t], t of y) <= {word}_energy[n]",
            limit,
        )


def operate(window: Window) -> None:
    """Write exchange both ways with its money and emissions."""
    rows = window.inputs["ac_ties"]
    ties = _standing(window.inputs, window.stage)
    if not ties:
        return
    availability, price = window.series("ac_tie/availability"), window.series("ac_tie/price")
    for word, sign in DIRECTIONS.items():
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
            worth = sum(price[n][t] * flow[n, t] for t in window.hours) if n in price else energy
            window.join(rows.at[n, "zone"], f"ac_tie/{word}", flow, n, sign, word, f"ac_{word}")
            name = "imports" if word == "import" else "exports"
            window.cost(f"{name}/{n}", sign * rows.at[n, f"{word}_price"] * worth)
            if not pd.isna(rows.at[n, f"{word}_energy"]):
                window.meter(f"ac_{word}", n, "MWh", energy)
            if word == "import":
                _account(window, n, flow, energy, float(rows.at[n, "emission"]))


def _account(window: Window, tie: str, flow: Any, energy: Any, emission: float) -> None:
    """Say what comes in and the CO2 it brings."""
    window.imports.append(Import("ac_tie/import", tie, emission))
    if emission:
        for name in ("co2", "co2_import"):
            window.account(name, emission * energy, lambda t: emission * flow[tie, t])
