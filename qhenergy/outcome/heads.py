"""Heads of reservoirs in a result: what the tangent of the power says, and what the curve says.

    power by the curve = 9.81e-3 * efficiency * (level(held) - tailwater) * turbined   [MW]

In a representative period an hour stands for several real ones: the height is the mean of theirs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome.hourly import period_starts
from qhenergy.outcome.result import Result
from qhenergy.technologies.hydro import variable_heads
from qhenergy.technologies.hydro_head import POINT, height, power_per_flow_height

Array = NDArray[np.float64]
#: Step of the slope of a storage curve [hm3].
STEP = 1.0


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
        By name, modelled hours x stations; nothing if no station has a variable head.
    """
    parts: dict[str, dict[str, Array]] = {name: {} for name in POINT}
    stations = sorted({i for stage in result.case.stages for i in variable_heads(result.inputs, stage)})
    for station in stations:
        columns = {name: np.zeros(len(result.hours)) for name in POINT}
        turbined = result.column("hydro/turbined")[station].to_numpy()
        for stage in result.case.stages:
            if station not in variable_heads(result.inputs, stage):
                continue
            for span, water in zip(result.spans.of_stage(stage), held(result, stage, station), strict=True):
                hours = result.of_span(span)
                above = height(result.inputs, station, water + STEP)
                below = height(result.inputs, station, water - STEP)
                values = (
                    height(result.inputs, station, water).mean(axis=0),
                    ((above - below) / (2.0 * STEP)).mean(axis=0),
                    turbined[hours],
                    water.mean(axis=0),
                )
                for name, value in zip(POINT, values, strict=True):
                    columns[name][hours] = value
        for name in POINT:
            parts[name][station] = columns[name]
    return {name: pd.DataFrame(columns) for name, columns in parts.items()} if stations else {}


def head_errors(result: Result) -> pd.DataFrame:
    """Energy of stations with a variable head by the tangent it was solved with, and by the curve.

    Returns:
        Columns stage, station, tangent, curve [MWh/yr], error [MWh/yr] (the sum of the sizes of all
        hourly differences), share [-] of the energy by the curve, largest [MW] of any hour, lowest,
        highest height [m]; no row if the head is constant.
    """
    rows = []
    if result.case.water.head == "constant" or not result.has("hydro/power"):
        return pd.DataFrame(columns=["stage", "station", *ERROR_COLUMNS])
    power, found = result.column("hydro/power"), point(result)
    turbined = result.column("hydro/turbined")
    for stage in result.case.stages:
        hours, weights = result.of_stage(stage), result.weights(stage)
        for station in variable_heads(result.inputs, stage):
            heights = found["hydro/head_height"][station].to_numpy()[hours]
            flow = turbined[station].to_numpy()[hours]
            curve = power_per_flow_height(result.inputs, station) * heights * flow
            tangent = power[station].to_numpy()[hours]
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
            rows.append({"stage": stage, "station": station, **dict(zip(ERROR_COLUMNS, numbers, strict=True))})
    return pd.DataFrame(rows)


ERROR_COLUMNS = (
    "tangent [MWh/yr]",
    "curve [MWh/yr]",
    "error [MWh/yr]",
    "share [-]",
    "largest [MW]",
    "lowest [m]",
    "highest [m]",
)
