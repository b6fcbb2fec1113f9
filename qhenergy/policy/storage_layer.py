"""Layers of storage (R14): power of the stores that shift over one time, each layer more than none.

    storage_layer/requirement   sum(installed[a,y], a of the cycle) >= power[c]   [MW]

The cycle is a word of the row of a store: short for a day, medium for a week or more, long for the year. The cascade
is one long store, whatever the cycle a single reservoir is modelled with: stations count with their turbines if they
have a live storage, hubs with their units and pumps.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "storage_layer"
TITLE = ("layer of storage", "储能分层")
TABLE = Table(
    "storage_layers",
    "a power of the stores of one cycle",
    (
        text("clause", "key"),
        text("cycle", "over what time the stores shift", choices=("short", "medium", "long")),
        integer("year", "first year in force", low=1950, high=2100),
        number("power", "power", "least power, more than none", low=1e-3, high=1e6),
        *PROVENANCE,
    ),
)


def layer(plan: Plan, cycle: str) -> list[str]:
    """Stores of a cycle; a station without live storage runs as the river does and is none."""
    stations, of_table = plan.inputs["hydro_stations"], plan.assets.of_table
    reservoirs = [a for a in of_table("hydro_stations") if stations.at[a, "live_storage"] > 0]
    cascade = dict.fromkeys([*reservoirs, *of_table("hydro_hubs")], "long")
    others = {a: word for a, word in plan.having("cycle").items() if a not in stations.index}
    return [a for a, word in {**others, **cascade}.items() if word == cycle]


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: no store of the system has the cycle.
    """
    demands, faults = [], []
    for c in clauses:
        stores = layer(plan, c.row["cycle"])
        for y in plan.case.stages:
            if c.applies(y):
                asked = Requirement(c, y, ">=", float(c.row["power"]), "10^4 kW", 10.0, has_base=False)
                demands.append(Demand(asked, pyo.quicksum(plan.installed(a, y) for a in stores)))
        if not stores and any(c.applies(y) for y in plan.case.stages):
            found, remedy = f'no store with cycle "{c.row["cycle"]}"', "Add one, or take the clause out."
            faults.append(Fault(f"{TABLE.name}.csv, row {c.name}", found, "at least one", remedy))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    return write_requirements(plan, KIND, "MW", demands)
