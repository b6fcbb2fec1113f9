"""Heads of reservoirs in a result: what the tangent of the power says, and what the curve says.

    power by the curve = 9.81e-3 * efficiency * (level(held) - tailwater) * turbined   [MW]

In a representative period an hour stands for several real ones: the height is the mean of theirs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.data.reservoir import rise_at
from qhenergy.outcome.hourly import period_starts
from qhenergy.outcome.result import Result
from qhenergy.technologies.hydro_head import POINT, Units, height, units_of

Array = NDArray[np.float64]


def held(result: Result, stage: int, station: str) -> list[Array]:
    """Live water at the end of every modelled hour in each of the real hours it stands for.

    Returns:
        One array for each window of the stage, real periods x hours [hm3]; one period in a chained year.
    """
    level = result.column("hydro/level")[station].to_numpy()
    starts = period_starts(result, "hydro/level", stage)
    made = []
    spans = result.spans.of_stage(stage)
    for position, span in enumerate(spans):
        inside = level[result.of_span(span)]
        if station in starts.columns:
            begin = starts[station].to_numpy()[result.spans.sequence == position]
            made.append(begin[:, None] + inside[None, :])
        else:
            made.append(inside[None, :])
    return made


def point(result: Result) -> dict[str, pd.DataFrame]:
    """Where the result stands, as the point of the next tangent; see `hydro_head.POINT`.

    Returns:
        By name, modelled hours x turbines; nothing if no head is variable.
    """
    parts: dict[str, dict[str, Array]] = {name: {} for name in POINT}
    for stage in result.case.stages:
        for units in standing_units(result, stage):
            flow = result.column(units.family)[units.asset].to_numpy()
            for span, water in zip(result.spans.of_stage(stage), held(result, stage, units.station), strict=True):
                hours = result.of_span(span)
                values = (
                    height(result.inputs, units.station, water).mean(axis=0),
                    rise_at(result.inputs, units.station, water).mean(axis=0),
                    flow[hours],
                    water.mean(axis=0),
                )
                for name, value in zip(POINT, values, strict=True):
                    parts[name].setdefault(units.asset, np.zeros(len(result.hours)))[hours] = value
    return {name: pd.DataFrame(columns) for name, columns in parts.items() if columns}


def standing_units(result: Result, stage: int) -> list[Units]:
    """Turbines of a stage whose head follows a level and that may have any capacity."""
    return [u for u in units_of(result.inputs, stage) if result.assets.possible(u.asset, stage)]


def hourly_errors(result: Result, stage: int) -> dict[str, tuple[Array, Array, Array]]:
    """Power by the tangent, power by the curve [MW] and height [m] of every turbine in the hours of a stage."""
    if result.case.water.head == "constant" or not result.has("hydro/power"):
        return {}
    power, found, hours = result.column("hydro/power"), point(result), result.of_stage(stage)
    made = {}
    for units in standing_units(result, stage):
        heights = found["hydro/head_height"][units.asset].to_numpy()[hours]
        curve = units.k * heights * found["hydro/head_flow"][units.asset].to_numpy()[hours]
        made[units.asset] = (power[units.asset].to_numpy()[hours], curve, heights)
    return made


def head_errors(result: Result) -> pd.DataFrame:
    """Energy of turbines with a variable head by the tangent it was solved with, and by the curve.

    Returns:
        Columns stage, asset, station, tangent, curve [MWh/yr], error [MWh/yr] (the sum of the sizes of all
        hourly differences), share [-] of the energy by the curve, largest [MW] of any hour, lowest,
        highest height [m]; no row if the head is constant.
    """
    rows = []
    for stage in result.case.stages:
        weights = result.weights(stage)
        station = {u.asset: u.station for u in standing_units(result, stage)}
        for asset, (tangent, curve, heights) in hourly_errors(result, stage).items():
            error, energy = float(weights @ np.abs(tangent - curve)), float(weights @ curve)
            numbers = (
                float(weights @ tangent),
                energy,
                error,
                error / energy if energy else 0.0,
                float(np.abs(tangent - curve).max()),
                float(heights.min()),
                float(heights.max()),
            )
            place = {"stage": stage, "asset": asset, "station": station[asset]}
            rows.append(place | dict(zip(ERROR_COLUMNS, numbers, strict=True)))
    return pd.DataFrame(rows, columns=["stage", "asset", "station", *ERROR_COLUMNS])


def pull(result: Result) -> float:
    """How hard levels pull at the radius they were held in: largest dual of it over that of the water [-].

    Water of a station is worth what its balance says; where the radius binds, that is not what it would be
    worth if the next pass could go further. Zero without a radius.
    """
    largest = 0.0
    for family in ("hydro/trust_low", "hydro/trust_high"):
        if ("row", family) not in result.problem.families:
            continue
        duals, water = result.row_dual(family).abs(), result.row_dual("hydro/water_balance").abs()
        for station in duals.columns:
            worth = float(water[station].max())
            largest = max(largest, float(duals[station].max()) / worth if worth else 0.0)
    return largest


def cost_by_curve(result: Result) -> float:
    """Cost of the year if what the tangent promised beyond the curve had to be bought at the price of its hour.

    Returns:
        Objective plus price times missing energy [CNY/yr]; the price is that of the last MWh.
    """
    cost = result.objective
    prices = result.row_dual("balance/energy")
    for stage in result.case.stages:
        hours = result.of_stage(stage)
        for asset, (tangent, curve, _) in hourly_errors(result, stage).items():
            cost += float(prices[result.assets[asset].zone].to_numpy()[hours] @ (tangent - curve))
    return cost


ERROR_COLUMNS = (
    "tangent [MWh/yr]",
    "curve [MWh/yr]",
    "error [MWh/yr]",
    "share [-]",
    "largest [MW]",
    "lowest [m]",
    "highest [m]",
)
