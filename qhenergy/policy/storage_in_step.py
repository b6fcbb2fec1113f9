"""Storage in step (R15): what is stored grows with what sun and wind are added.

    storage_in_step/requirement
        sum(installed[a,y], a in storage and zone)
        - ratio[c]*sum(installed[a,y] - existing[a], a in renewables and zone) >= 0   [MW]

    ratio = power of a storage target / (planned renewables - existing renewables), where it is not given

The plans print no ratio, so that of their own totals is used: `planned` is a row of capacity_totals.csv, of which
the technologies that are not among the renewables keep what stands and is committed, and the rest is what the
renewables are planned to be. What is measured is how far storage is ahead; where no renewables are added, none
is asked. It is printed in GW, in which the crumbs of a solver are no lag. Storage may stand anywhere in the zone, and
in the whole system where no zone is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qhenergy.algebra.plan import Plan
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "storage_in_step"
TITLE = ("storage in step with renewables", "储能与新能源同步")
TABLE = Table(
    "storage_steps",
    "storage that is to grow with renewables",
    (
        text("clause", "key"),
        reference("zone", "zones", "zone it is asked in; the whole system if blank", default=""),
        reference("storage", "groups", "stores that count"),
        reference("renewables", "groups", "technologies whose growth is followed"),
        integer("year", "first year in force", low=1950, high=2100),
        number("ratio", "share", "power of storage per power added", default=None, high=10),
        reference("target", "storage_targets", "power of storage planned, for a ratio that is blank", default=""),
        reference("planned", "capacity_totals", "capacity planned, for a ratio that is blank", default=""),
        *PROVENANCE,
    ),
)


def ratio(plan: Plan, clause: Clause, stage: int) -> float:
    """Power of storage per power of renewables added, given or that of the totals of the plan.

    Raises:
        InputError: neither is there, the totals are of something else, or plan no renewables to be added.
    """
    row = clause.row
    if not np.isnan(row["ratio"]):
        return float(row["ratio"])
    faults = list(_faults(plan, clause))
    if faults:
        raise InputError(faults, str(plan.inputs.folder))
    total = plan.inputs["capacity_totals"].loc[row["planned"]]
    renewables = plan.in_group(row["renewables"])
    others = set(plan.in_group(total["group"])) - set(renewables)
    planned = float(total["capacity"]) - sum(plan.assets[a].fixed[stage] for a in others)
    growth = planned - sum(plan.assets[a].existing for a in renewables)
    if growth <= 0:
        found = f'"{row["planned"]}" leaves the renewables {planned:g} MW, of which all stand'
        fault = Fault(f"{TABLE.name}.csv, row {clause.name}", found, "more than stands", "Fill the column ratio.")
        raise InputError([fault], str(plan.inputs.folder))
    return float(plan.inputs["storage_targets"].at[row["target"], "power"]) / growth


def _faults(plan: Plan, clause: Clause) -> Iterator[Fault]:
    """What is wrong with the totals that a ratio is to be made from."""
    row, where = clause.row, f"{TABLE.name}.csv, row {clause.name}"
    if not (row["target"] and row["planned"]):
        expected = "a ratio, or a target and a planned total to make it from"
        yield Fault(where, "neither ratio nor both of target and planned", expected, "Fill the column ratio.")
        return
    stored = plan.inputs["storage_targets"].at[row["target"], "group"]
    if stored != row["storage"]:
        expected = f'the group of "{row["target"]}", {stored}: its power is of that group'
        yield Fault(where, f'storage "{row["storage"]}"', expected, "Name that group, or fill the column ratio.")
    total = plan.inputs["capacity_totals"].loc[row["planned"]]
    if total["zone"] or total["sense"] == "<=":
        found = f'planned "{row["planned"]}", which is of one zone or no least total'
        yield Fault(where, found, "a least total of the whole system", "Name another one, or fill the column ratio.")
    if not set(plan.inputs.members(row["renewables"])) <= set(plan.inputs.members(total["group"])):
        expected = f'technologies of "{total["group"]}", which the total is of'
        yield Fault(where, f'renewables "{row["renewables"]}"', expected, "Name another group, or fill ratio.")


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force; see `ratio` for what it refuses."""
    demands = []
    for c in clauses:
        zone, renewables = c.row["zone"], plan.in_group(c.row["renewables"], c.row["zone"])
        existing = sum(plan.assets[a].existing for a in renewables)
        for y in plan.case.stages:
            if c.applies(y):
                added = plan.group_capacity(c.row["renewables"], y, zone) - existing
                ahead = plan.group_capacity(c.row["storage"], y, zone) - ratio(plan, c, y) * added
                asked = Requirement(c, y, ">=", 0.0, "GW", 1000.0, has_base=False, measured=bool(renewables))
                demands.append(Demand(asked, ahead))
    return write_requirements(plan, KIND, "MW", demands)
