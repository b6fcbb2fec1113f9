"""Photovoltaic plants: fixed, tracking and distributed.

    solar/output_limit   output[a,t] <= factor[a,t] * capacity[a]   [MW]

`factor` is the alternating-current output per capacity that the sun allows (pvlib); what is not
used of it is curtailed.
"""

from __future__ import annotations

import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.variable import operate_variable
from qhenergy.algebra.window import Window
from qhenergy.data.asset import ASSET
from qhenergy.ground.table import Table, number, reference, text
from qhenergy.profiles import solar
from qhenergy.profiles.weather import Weather

ASSETS = Table(
    "solar",
    "photovoltaic capacity of one kind in one zone",
    (
        *ASSET,
        reference("site", "sites", "site whose weather it has", default=""),
        text("series", "column of series.csv, instead of a site", default=""),
    ),
)

DESIGNS = Table(
    "pv_designs",
    "how the plants of one photovoltaic technology are built",
    (
        reference("technology", "technologies", "technology"),
        text("mounting", "how modules are mounted", choices=("fixed", "single_axis")),
        number("tilt", "angle", "tilt of fixed modules; latitude if blank", default=None, high=90),
        number("azimuth", "angle", "azimuth of modules, or of the axis, clockwise from north", high=360),
        number("dc_ac_ratio", "share", "module over inverter capacity", low=0.5, high=3),
        number("ground_cover", "share", "module over ground area, for shading between rows", low=0.01, high=1),
        number("temperature_coefficient", "per kelvin", "change of power with temperature", low=-0.02, high=0),
        number("loss", "share", "all losses that the model of the plant does not have", high=0.9),
    ),
)

TABLES = (ASSETS, DESIGNS)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Output per capacity of every plant."""
    designs = hours.inputs["pv_designs"]
    technology = hours.inputs["solar"]["technology"]

    def compute(weather: Weather, site: str, asset: str) -> pd.Series:
        row = designs.loc[technology[asset]]
        tilt = None if pd.isna(row["tilt"]) else float(row["tilt"])
        design = solar.SolarDesign(
            mounting=row["mounting"],
            tilt=tilt,
            azimuth=row["azimuth"],
            dc_ac_ratio=row["dc_ac_ratio"],
            ground_cover=row["ground_cover"],
            temperature_coefficient=row["temperature_coefficient"],
            loss=row["loss"],
        )
        return solar.capacity_factor(weather, site, design)

    return {"solar/availability": hours.of_assets("solar", compute, f"{solar.VERSION}:{designs.to_csv()}")}


def register(plan: Plan) -> None:
    """Register the plants."""
    plan.assets.add_table("solar", plan.inputs["solar"])


def operate(window: Window) -> None:
    """Write output up to what the sun allows."""
    operate_variable(window, "solar")
