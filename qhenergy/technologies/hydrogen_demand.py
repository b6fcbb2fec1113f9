"""Hydrogen that industry takes: an amount of the year from one store, spread over its hours.

    hydrogen_demand/served   served[d,t] <= asked[d,t]   [t/h]

    asked[d,t] = yearly[d] * shape[d,t] / sum(shape[d,s], s of the year)

Hydrogen is asked in tonnes and taken from its store in MWh of lower heating value, 33.33 a tonne. What is asked and
not served is paid at a price of its own, as unserved electricity is. A row asks from its first year on: demand that
grows is a further row from a later year. Hydrogen is not carried between zones, so a demand that a store far away is
to serve is an export of that store (`hydrogen_export`).
"""

from __future__ import annotations

import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import Feed
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.tables import HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.ground.units import HYDROGEN_MWH_PER_T
from qhenergy.profiles.demand import spread
from qhenergy.technologies.hydrogen import absent_stores

DEMANDS = Table(
    "hydrogen_demands",
    "hydrogen that industry takes from a store in a year",
    (
        text("demand", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        reference("store", "hydrogen_stores", "store it takes from"),
        integer("first_year", "first year it takes hydrogen", low=1950, high=2100),
        number("yearly", "mass", "hydrogen asked in a year", high=1e8),
        reference("shape", "demand_shapes", "how it is spread over the year; evenly if blank", default=""),
        number("unserved_price", "money per mass", "price of hydrogen asked and not served", high=1e8),
    ),
)

TABLES = (DEMANDS,)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Hydrogen asked by every demand [t/h], hours of a year x demands.

    Raises:
        InputError: a shape that is no shape of a year.
    """
    columns, faults = {}, []
    for name, row in hours.inputs["hydrogen_demands"].iterrows():
        shape = hours.inputs["demand_shapes"].loc[row["shape"]][list(HOURS_OF_DAY)] if row["shape"] else None
        try:
            columns[str(name)] = spread(shape, float(row["yearly"]), hours.count)
        except ValueError as error:
            remedy = "Correct demand_shapes.csv, or name another shape."
            where = f"hydrogen_demands.csv ({name})"
            faults.append(Fault(where, f'shape "{row["shape"]}": {error}', "a shape of the year", remedy))
    if faults:
        raise InputError(faults, str(hours.inputs.folder))
    return {"hydrogen_demand/asked": pd.DataFrame(columns)} if columns else {}


def register(plan: Plan) -> None:
    """Refuse demands that no store could serve.

    Raises:
        InputError: the store of a demand cannot stand in a stage in which hydrogen is asked.
    """
    faults = list(absent_stores(plan, "hydrogen_demands"))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def operate(window: Window) -> None:
    """Take hydrogen from the stores, and pay for what is not served."""
    rows, asked = window.inputs["hydrogen_demands"], window.series("hydrogen_demand/asked")
    taking = [d for d in asked if rows.at[d, "first_year"] <= window.stage]
    served = window.columns(
        "hydrogen_demand/served", taking, "t/h", "hydrogen that industry is given", upper=lambda d, t: asked[d][t]
    )
    for d in taking:
        part = (-HYDROGEN_MWH_PER_T, "industry", "industry")
        window.pour(Feed("hydrogen", str(rows.at[d, "store"]), "hydrogen_demand/served", d, *part))
        missed = sum(asked[d]) - sum(served[d, t] for t in window.hours)
        window.cost(f"unserved hydrogen/{d}", float(rows.at[d, "unserved_price"]) * missed)
