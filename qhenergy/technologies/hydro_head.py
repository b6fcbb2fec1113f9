"""Head that follows the level: power of stations whose reservoir rises and falls by much.

    hydro/power_limit   power[i,t] <= factor[i,t] * capacity[i]                                        [MW]
    hydro/head_power    power[i,t] = k[i] * (head0[i,t]*turbined[i,t]
                        + flow0[i,t]*slope0[i,t]*(held[i,t] - held0[i,t]))                             [MW]

    power = k * (level(held) - tailwater) * turbined, k = 9.81e-3 * efficiency, is not linear. It is written
    as its tangent at a point (held0, flow0): successive linearisation, solved again at the answer until
    the tangent and the curve agree. `head0` and `slope0` are height above the tailwater and rise of the
    level per volume at the point, read from the storage curve; `held` is the live water in the reservoir.

In a representative period an hour stands for several real ones with different levels: head and slope are
their means, which is exact, since all of them turbine the same flow; `held` is the mean as well. Before
there is a point the head is that of the level at the start of the year, and its slope is not counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from qhenergy.algebra.family import PLAN, Address
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
from qhenergy.data.reservoir import level_at
from qhenergy.ground.units import GRAVITY_MW
from qhenergy.technologies.hydro import heads_of

#: Series that hold the point of the tangent: height [m], rise per volume [m/hm3], flow [m3/s], volume [hm3].
POINT = ("hydro/head_height", "hydro/head_slope", "hydro/head_flow", "hydro/head_held")


def height(inputs: Inputs, station: str, held: Any) -> np.ndarray:
    """Height of a reservoir above the water below [m], at a live volume [hm3] of any shape."""
    return level_at(inputs, station, held) - float(inputs["hydro_stations"].at[station, "tailwater"])


def first_height(inputs: Inputs, station: str) -> float:
    """Height at the start of the year [m]; at half of the live storage where no fill is given."""
    row = inputs["hydro_stations"].loc[station]
    fills = [row[word] for word in ("initial_fill", "final_fill") if not np.isnan(row[word])]
    return float(height(inputs, station, (fills[0] if fills else 0.5) * row["live_storage"]))


def power_per_flow_height(inputs: Inputs, station: str) -> float:
    """Power of one m3/s falling one metre [MW]: k of the rows."""
    return GRAVITY_MW * float(inputs["hydro_stations"].at[station, "efficiency"])


def settle(window: Window) -> None:
    """Write the power of the stations with a variable head; the levels they need are written before."""
    stations = heads_of(window)
    if not stations:
        return
    inputs = window.inputs
    hours = len(window.hours)
    start = {i: [first_height(inputs, i)] * hours for i in stations}
    none = {i: [0.0] * hours for i in stations}
    given = [window.series(name) for name in POINT]
    head0, slope0, flow0, held0 = given if given[0] else (start, none, none, none)
    k = {i: power_per_flow_height(inputs, i) for i in stations}
    power = window.limited("hydro/power", stations, "MW", "output to the grid", lambda i, t: 1.0)
    turbined = window.model.component("hydro/turbined")

    def head_power(i: str, t: int) -> Any:
        tangent = head0[i][t] * turbined[i, t]
        gain = flow0[i][t] * slope0[i][t]
        if gain:
            tangent = tangent + gain * (held(window, i, t) - held0[i][t])
        return power[i, t] - k[i] * tangent == 0

    window.rows(
        "hydro/head_power",
        stations,
        "MW",
        "power[i,t] = k[i] * (head0[i,t]*turbined[i,t] + flow0[i,t]*slope0[i,t]*(held[i,t] - held0[i,t]))",
        head_power,
    )
    for i in stations:
        asset = window.assets[i]
        window.join(asset.zone, "hydro/power", power, i, 1.0, "generation", asset.technology)
        price = window.inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * sum(power[i, t] for t in window.hours))


def held(window: Window, station: str, hour: int) -> Any:
    """Live water in a reservoir at the end of an hour, the mean of the real hours it stands for [hm3]."""
    level = window.model.component("hydro/level")[station, hour]
    chronology = window.chronology
    carried = window.inputs["hydro_stations"].at[station, "cycle"] != "short"
    if chronology.chained or not carried:
        return level
    spans = chronology.of_stage(window.stage)
    sequence = chronology.sequence
    first = window.case.stages.index(window.stage) * len(sequence)
    periods = np.flatnonzero(sequence == window.span.index - spans[0].index)
    starts = [window.port(Address(PLAN, "hydro/level_at_period", station, first + int(p))) for p in periods]
    return level + pyo.quicksum(starts) / len(starts)
