"""Small hydro as a remainder: capacity with the energy of a month, free to move within a window.

    small_hydro/output   output[a,t] <= capacity[a]                                            [MW]
    small_hydro/energy   h*sum(output[a,t], t) <= h*sum(factor[a,t], t) * capacity[a]          [MWh]

`h` is the length of a step [h], `factor` the capacity factor of the month times how wet the year is, at most one.

The stations are many and their ponds small, so what the month brings can be moved by hours and days,
not by months.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.standby import DOWN
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference
from qhenergy.technologies.hydro import month_factors

ASSETS = Table("small_hydro", "the small stations of one zone together", ASSET)
ENERGY = Table(
    "small_hydro_energy",
    "what small stations give in a month of a normal year",
    (
        reference("asset", "small_hydro", "asset"),
        integer("month", "month", low=1, high=12),
        number("capacity_factor", "share", "mean output over capacity", high=1),
    ),
    keys=2,
)

TABLES = (ASSETS, ENERGY)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Mean output over capacity that the water of the year allows, hours x assets."""
    table = hours.inputs["small_hydro_energy"]["capacity_factor"]
    assets = [str(a) for a in hours.inputs["small_hydro"].index]
    missing = [
        Fault("small_hydro_energy.csv", f'no row for "{a}", month {m}', "12 months for every asset", "Add the row.")
        for a in assets
        for m in range(1, 13)
        if (a, m) not in table.index
    ]
    if missing:
        raise InputError(missing, str(hours.inputs.folder))
    frames = []
    for year in hours.case.water.years:
        wetness = month_factors(hours, year) if year in hours.inputs["water_years"].index else np.ones(12)
        factors = {a: wetness * np.array([table[a, m] for m in range(1, 13)]) for a in assets}
        frames.append(pd.DataFrame({a: np.minimum(factors[a][hours.month - 1], 1.0) for a in assets}))
    return {"small_hydro/availability": pd.concat(frames, ignore_index=True)}


def register(plan: Plan) -> None:
    """Register the remainders."""
    plan.assets.add_table("small_hydro", plan.inputs["small_hydro"])


def operate(window: Window) -> None:
    """Write output and the energy of the window."""
    assets = window.in_service("small_hydro")
    if not assets:
        return
    factor = window.series("small_hydro/availability")
    output = window.limited("small_hydro/output", assets, "MW", "output to the grid", lambda a, t: 1.0)
    hours, h = window.hours, window.step
    window.rows(
        "small_hydro/energy",
        assets,
        "MWh",
        "h*sum(output[a,t], t) <= h*sum(factor[a,t], t) * capacity[a]",
        lambda a, _: h * sum(output[a, t] for t in hours) - h * sum(factor[a]) * window.capacity(a) <= 0,
        numbers=[0],
    )
    for a in assets:
        window.turn(a, lambda t, a=a: output[a, t])
        window.stand_by(a, DOWN, ("small_hydro/output", a, 1.0))
        asset = window.assets[a]
        window.join(asset.zone, "small_hydro/output", output, a, 1.0, "generation", asset.technology)
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * sum(output[a, t] for t in hours))
