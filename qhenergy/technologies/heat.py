"""Heat of towns and districts: nodes below a zone whose heat is to be served in every hour (R43).

    heat/balance    sum(flow[n,x,t], x fed into n) = demand[n,t]                      [MWh/h]
    heat/headroom   sum(electricity[h,t], h electric of n) <= headroom[n]             [MW]

and bounds: other[n,t] <= share[n,y]*demand[n,t], unserved[n,t] <= demand[n,t]        [MWh/h]

    demand[n,t] = yearly[n] * shape[n,t] / sum(shape[n,s], s of the year)

What is fed into a node is an open list: boilers and heat pumps (`electric_heat`), warm ground (`geothermal_heat`),
heat drawn from power plants (`chp_heat`) and stores (`heat_store`) are files of their own. Electricity of boilers and
pumps is asked of the zone beside its demand, so that a node is heat that demand.csv does not know of as electricity.
The headroom is what the grid of the node carries for heating: supply decides how much turns to electricity.

`other` is heat of stoves and boilers that are not modelled, at a price and up to a share of demand; the share by year
is the path of conversion, and nought when the last of them goes. What they emit is not the power system's and in no
account. Heat that nothing serves is paid at the price of the node.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.joins import Feed
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
from qhenergy.data.tables import HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.profiles.demand import spread

NODES = Table(
    "heat_nodes",
    "a town or district whose heat is to be served",
    (
        text("node", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        reference("zone", "zones", "zone whose electricity it takes"),
        integer("first_year", "first year its heat is part of the system", low=1950, high=2100),
        number("yearly", "energy", "heat asked in a year", high=1e9),
        reference("shape", "demand_shapes", "how it is spread over the year; evenly if blank", default=""),
        number("headroom", "power", "most electricity for heating that its grid carries; any if blank", default=None),
        number("unserved_price", "money per energy", "price of heat that nothing serves", high=1e6),
    ),
)

OTHERS = Table(
    "heat_others",
    "heat that stoves and boilers outside of the model may still give a node; none where it has no row",
    (
        reference("node", "heat_nodes", "node"),
        integer("year", "year; between years on a straight line", low=1950, high=2100),
        number("share", "share", "most, of the demand of any hour", high=1),
        number("price", "money per energy", "price of it, fuel and all", high=1e5),
    ),
    keys=2,
)

TABLES = (NODES, OTHERS)


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Heat asked by every node [MWh/h], hours of a year x nodes.

    Raises:
        InputError: a shape that is no shape of a year.
    """
    columns, faults = {}, []
    for name, row in hours.inputs["heat_nodes"].iterrows():
        shape = hours.inputs["demand_shapes"].loc[row["shape"]][list(HOURS_OF_DAY)] if row["shape"] else None
        try:
            columns[str(name)] = spread(shape, float(row["yearly"]), hours.count)
        except ValueError as error:
            remedy = "Correct demand_shapes.csv, or name another shape."
            where = f"heat_nodes.csv ({name})"
            faults.append(Fault(where, f'shape "{row["shape"]}": {error}', "a shape of the year", remedy))
    if faults:
        raise InputError(faults, str(hours.inputs.folder))
    return {"heat/demand": pd.DataFrame(columns)} if columns else {}


def in_service(inputs: Inputs, stage: int) -> list[str]:
    """Nodes whose heat is part of the system in a stage."""
    rows = inputs["heat_nodes"]
    return [str(n) for n in rows.index[rows["first_year"] <= stage]]


def misplaced(inputs: Inputs, table: str, zone: pd.Series | None = None) -> list[Fault]:
    """Rows of a table with a node that stand in another zone than it; `zone` by key where the table has none."""
    rows, zones = inputs[table], inputs["heat_nodes"]["zone"]
    stands = rows["zone"] if zone is None else zone
    return [
        Fault(
            f"{table}.csv ({a})",
            f'zone "{stands[a]}", but its node lies in "{zones[node]}"',
            "both in one zone",
            "Correct the zone, or name a node of it.",
        )
        for a, node in rows["node"].items()
        if stands[a] != zones[node]
    ]


def _other(inputs: Inputs, node: str, stage: int, item: str) -> float:
    """Share or price of other heat in a stage; nothing where the node has no row."""
    rows = inputs["heat_others"]
    if node not in rows.index.get_level_values(0):
        return 0.0
    told = rows.loc[node][item].sort_index()
    return float(np.interp(stage, told.index.to_numpy(dtype=float), told.to_numpy(dtype=float)))


def operate(window: Window) -> None:
    """Write heat from elsewhere and heat that nothing serves."""
    inputs, demand = window.inputs, window.series("heat/demand")
    nodes = in_service(inputs, window.stage)
    share = {n: _other(inputs, n, window.stage, "share") for n in nodes}
    unserved = window.columns(
        "heat/unserved", nodes, "MWh/h", "heat that nothing serves", upper=lambda n, t: demand[n][t]
    )
    old = [n for n in nodes if share[n] > 0]
    other = window.columns(
        "heat/other", old, "MWh/h", "heat from outside of the model", upper=lambda n, t: share[n] * demand[n][t]
    )
    for n in nodes:
        window.pour(Feed("heat", n, "heat/unserved", n, 1.0, "unserved", "unserved"))
        missed = sum(unserved[n, t] for t in window.hours)
        window.cost(f"unserved heat/{n}", float(inputs["heat_nodes"].at[n, "unserved_price"]) * missed)
    for n in old:
        window.pour(Feed("heat", n, "heat/other", n, 1.0, "other", "other"))
        price = _other(inputs, n, window.stage, "price")
        window.cost(f"other heat/{n}", price * sum(other[n, t] for t in window.hours))


def settle(window: Window) -> None:
    """Write the balance and the headroom of the nodes, once everything that gives heat has said so."""
    nodes, demand = in_service(window.inputs, window.stage), window.series("heat/demand")
    window.rows(
        "heat/balance",
        nodes,
        "MWh/h",
        "sum(flow[n,x,t], x fed into n) = demand[n,t]",
        lambda n, t: window.fed("heat", n, t) == demand[n][t],
    )
    headroom = window.inputs["heat_nodes"]["headroom"].dropna().to_dict()
    electric = {n: [f for f in window.feeds if (f.balance, f.member, f.role) == ("heat", n, "electric")] for n in nodes}

    def taken(n: str, t: int) -> Any:
        return sum(window.model.component(f.family)[f.column, t] for f in electric[n])

    window.rows(
        "heat/headroom",
        [n for n in nodes if n in headroom and electric[n]],
        "MW",
        "sum(electricity[h,t], h electric of n) <= headroom[n]",
        lambda n, t: taken(n, t) <= headroom[n],
    )
