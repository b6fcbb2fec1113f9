"""Wind farms.

    wind/output_limit   output[a,t] <= factor[a,t] * capacity[a]   [MW]

`factor` is the output per capacity that the wind allows (windpowerlib); what is not used of it is
curtailed.
"""

from __future__ import annotations

import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.variable import operate_variable
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.profiles import wind
from qhenergy.profiles.weather import Weather

ASSETS = Table(
    "wind",
    "wind capacity of one kind in one zone",
    (
        *ASSET,
        reference("site", "sites", "site whose weather it has", default=""),
        text("series", "column of series.csv, instead of a site", default=""),
    ),
)

DESIGNS = Table(
    "wind_designs",
    "which turbine the farms of one wind technology have",
    (
        reference("technology", "technologies", "technology"),
        text("turbine", "turbine type with a power curve in windpowerlib"),
        number("hub_height", "height", "height of the hub", low=10, high=250),
        number("roughness_length", "height", "roughness of the ground", low=1e-4, high=3),
        number("loss", "share", "wake, availability, electrical and icing losses", high=0.9),
    ),
)

TABLES = (ASSETS, DESIGNS)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Output per capacity of every farm."""
    designs = hours.inputs["wind_designs"]
    technology = hours.inputs["wind"]["technology"]

    def compute(weather: Weather, site: str, asset: str) -> pd.Series:
        row = designs.loc[technology[asset]]
        design = wind.WindDesign(
            turbine=row["turbine"],
            hub_height=row["hub_height"],
            roughness_length=row["roughness_length"],
            loss=row["loss"],
        )
        return wind.capacity_factor(weather, site, design)

    return {"wind/availability": hours.of_assets("wind", compute, f"{wind.VERSION}:{designs.to_csv()}")}


def register(plan: Plan) -> None:
    """Register the farms."""
    plan.assets.add_table("wind", plan.inputs["wind"])


def operate(window: Window) -> None:
    """Write output up to what the wind allows."""
    operate_variable(window, "wind")
