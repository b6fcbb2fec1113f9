"""Head that follows the level: power of stations whose reservoir rises and falls by much.

    hydro/power_limit   power[i,t] <= factor[i,t] * capacity[i]                                        [MW]
    hydro/mean_of_starts  start[i] = sum(level_at_period[i,p], p of the window) / number of p            [hm3]
    hydro/head_power    power[a,t] = k[a] * (head0[a,t]*turbined[a,t]
                        + flow0[a,t]*slope0[a,t]*(held[i,t] - held0[a,t]))                             [MW]

    hydro/trust_low     held[i,t] >= held0[i,t] - radius[i,t]                                          [hm3]
    hydro/trust_high    held[i,t] <= held0[i,t] + radius[i,t]                                          [hm3]

    power = k * (level(held) - tailwater) * turbined, k = 9.81e-3 * efficiency, is not linear; a is a station
    or extra units at its dam (`hydro_hub`), i the station whose reservoir it is. It is written
    as its tangent at a point (held0, flow0): successive linearisation, solved again at the answer until
    the tangent and the curve agree. `head0` and `slope0` are height above the tailwater and rise of the
    level per volume at the point, read from the storage curve; `held` is the live water in the reservoir.

A tangent is true near its point only: where passes swing, the levels of the next one stay within a radius of
the point (Palacios-Gomez, Lasdon and Engquist 1982, doi:10.1287/mnsc.28.10.1106).

In a representative period an hour stands for several real ones with different levels: head and slope are
their means, which is exact, since all of them turbine the same flow; `held` is the mean as well. Before
there is a point the head is that of the level at the start of the year, and its slope is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from qhenergy.algebra.family import PLAN, Address
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
from qhenergy.data.reservoir import level_at
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.units import GRAVITY_MW
from qhenergy.technologies.hydro import heads_of, support, variable_heads

#: Series that hold the point of the tangent: height [m], rise per volume [m/hm3], flow [m3/s], volume [hm3].
POINT = ("hydro/head_height", "hydro/head_slope", "hydro/head_flow", "hydro/head_held")
#: Power that the slope must be worth between a full and an empty reservoir to be written [MW]: solvers drop
#: coefficients that are all but nothing, and a large volume times nothing is something.
LEAST = 1e-2
#: Series of how far levels may go from the point [hm3]; none in the first passes.
RADIUS = "hydro/head_radius"


@dataclass(frozen=True)
class Units:
    """Turbines whose head follows the level of a reservoir.

    Attributes:
        asset: the station, or the hub of extra units at it.
        station: whose reservoir it is.
        family: columns of their flow.
        k: power of one m3/s falling one metre through them [MW].
    """

    asset: str
    station: str
    family: str
    k: float


def units_of(inputs: Inputs, stage: int) -> list[Units]:
    """All turbines of a stage whose head follows a level: stations with a curve, and extra units at their dams."""
    stations, hubs = inputs["hydro_stations"], inputs["hydro_hubs"]
    variable = variable_heads(inputs, stage)
    made = [Units(i, i, "hydro/turbined", GRAVITY_MW * float(stations.at[i, "efficiency"])) for i in variable]
    for h, row in hubs[hubs["mode"] == "turbine"].iterrows():
        if row["upper"] in variable:
            k = GRAVITY_MW * float(row["turbine_efficiency"])
            made.append(Units(str(h), str(row["upper"]), "hydro_hub/turbined", k))
    return made


def height(inputs: Inputs, station: str, held: Any) -> np.ndarray:
    """Height of a reservoir above the water below [m], at a live volume [hm3] of any shape."""
    return level_at(inputs, station, held) - float(inputs["hydro_stations"].at[station, "tailwater"])


def first_height(inputs: Inputs, station: str) -> float:
    """Height at the start of the year [m]; at half of the live storage where no fill is given."""
    row = inputs["hydro_stations"].loc[station]
    fills = [row[word] for word in ("initial_fill", "final_fill") if not np.isnan(row[word])]
    return float(height(inputs, station, (fills[0] if fills else 0.5) * row["live_storage"]))


def register(plan: Plan) -> None:
    """Nothing to register; heads are asked for where one can follow a level.

    Raises:
        InputError: the case asks for heads by the curve, and no station has what that takes.
    """
    if plan.case.water.head == "constant" or any(units_of(plan.inputs, y) for y in plan.case.stages):
        return
    found = 'head = "curve", but no standing station has a reservoir, a curve and a tailwater'
    expected, remedy = "one at least", 'Fill reservoir_curves.csv and `tailwater`, or set head = "constant".'
    raise InputError([Fault("case, water.head", found, expected, remedy)], "the case")


def settle(window: Window) -> None:
    """Write the power of the turbines with a variable head; the levels they need are written before."""
    if not heads_of(window):
        return
    inputs, there = window.inputs, {*window.in_service("hydro_stations"), *window.in_service("hydro_hubs")}
    units = {u.asset: u for u in units_of(inputs, window.stage) if u.asset in there}
    hours = len(window.hours)
    first = {a: [first_height(inputs, u.station)] * hours for a, u in units.items()}
    none = {a: [0.0] * hours for a in units}
    given = [window.series(name) for name in POINT]
    head0, slope0, flow0, held0 = given if given[0] else (first, none, none, none)
    power = window.limited("hydro/power", list(units), "MW", "output to the grid", lambda a, t: 1.0)
    flow = {a: window.model.component(u.family) for a, u in units.items()}
    level = window.model.component("hydro/level")
    stations = dict.fromkeys(u.station for u in units.values())
    carried = [i for i in stations if given[0] and not window.chronology.chained and is_carried(inputs, i)]
    start = _mean_starts(window, carried)
    live = inputs["hydro_stations"]["live_storage"].to_dict()

    def held(i: str, t: int) -> Any:
        return level[i, t] + (start[i, 0] if i in carried else 0.0)

    def head_power(a: str, t: int) -> Any:
        tangent = head0[a][t] * flow[a][a, t]
        gain = flow0[a][t] * slope0[a][t]
        if gain * units[a].k * live[units[a].station] > LEAST:
            tangent = tangent + gain * (held(units[a].station, t) - held0[a][t])
        return power[a, t] - units[a].k * tangent == 0

    window.rows(
        "hydro/head_power",
        units,
        "MW",
        "power[a,t] = k[a] * (head0[a,t]*turbined[a,t] + flow0[a,t]*slope0[a,t]*(held[i,t] - held0[a,t]))",
        head_power,
    )
    radius = {i: values for i, values in window.series(RADIUS).items() if i in stations}
    window.rows(
        "hydro/trust_low",
        radius,
        "hm3",
        "held[i,t] >= held0[i,t] - radius[i,t]",
        lambda i, t: held(i, t) >= held0[i][t] - radius[i][t],
    )
    window.rows(
        "hydro/trust_high",
        radius,
        "hm3",
        "held[i,t] <= held0[i,t] + radius[i,t]",
        lambda i, t: held(i, t) <= held0[i][t] + radius[i][t],
    )
    for a in units:
        asset, station = window.assets[a], units[a].station
        support(window, a, station, "hydro/power", 1.0, units[a].k * first_height(inputs, station))
        window.join(asset.zone, "hydro/power", power, a, 1.0, "generation", asset.technology)
        price = inputs.cost(asset.technology, window.stage, "variable_om")
        window.cost(f"variable O&M/{asset.technology}", price * sum(power[a, t] for t in window.hours))


def is_carried(inputs: Inputs, station: str) -> bool:
    """Whether the level of a reservoir is carried from one real period to the next."""
    return bool(inputs["hydro_stations"].at[station, "cycle"] != "short")


def _mean_starts(window: Window, stations: list[str]) -> Any:
    """Columns with the mean level at the start of the real periods that a representative one stands for."""
    chronology = window.chronology
    start = window.columns(
        "hydro/mean_start", stations, "hm3", "level at the start, mean of the real periods", numbers=[0]
    )
    position = window.span.index - chronology.of_stage(window.stage)[0].index
    periods = np.flatnonzero(chronology.sequence == position).tolist()
    first = window.case.stages.index(window.stage) * len(chronology.sequence)

    def mean(i: str, _: int) -> Any:
        ports = [window.port(Address(PLAN, "hydro/level_at_period", i, first + p)) for p in periods]
        return start[i, 0] - pyo.quicksum(ports) / len(ports) == 0

    window.rows(
        "hydro/mean_of_starts",
        stations,
        "hm3",
        "start[i] = sum(level_at_period[i,p], p of the window) / number of p",
        mean,
        numbers=[0],
    )
    return start
