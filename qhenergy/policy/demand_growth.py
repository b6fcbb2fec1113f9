"""Growth of energy-intensive demand (R52): at most so much a year since a given one.

    demand_growth/requirement   taken[y] <= (1 + rate)^(y - from_year) * taken[from_year]   [MWh]

    taken[y] = sum(energy[z,s,y], z in zones, s in energy-intensive sectors)

Both sides are data of sector_demand.csv and of the demand scenario of the case (see `data.sectors`): nothing the plan
decides changes them. So a hard clause that is missed is refused as a contradiction of the data instead of being
handed to the solver; priced, what is too much is paid for; watched, it is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.data import sectors
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "demand_growth"
TITLE = ("growth of energy-intensive demand", "高耗能用电增长上限")
TABLE = Table(
    "demand_growth_caps",
    "a cap on the growth of energy-intensive demand",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        integer("from_year", "year it grows from", low=1950, high=2100),
        number("rate", "share per year", "most it may grow a year", low=-1, high=1),
        *PROVENANCE,
    ),
)


def _faults(plan: Plan, clause: Clause, heavy: Sequence[str]) -> list[Fault]:
    """Why growth cannot be measured: nothing is energy-intensive, or its tables do not reach back."""
    where, year = f"{TABLE.name}.csv, row {clause.name}", int(clause.row["from_year"])
    if not heavy:
        remedy = "Mark them, or switch the clause off."
        found, expected = (
            "no sector that is energy-intensive",
            "sectors of demand_sectors.csv with energy_intensive = yes",
        )
        return [Fault(where, found, expected, remedy)]
    table = plan.inputs[sectors.SECTOR_DEMAND.name]
    faults = []
    for sector in heavy:
        years = table[table.index.get_level_values(0) == sector].index.get_level_values(2)
        if sector != sectors.rest(plan.inputs) and (not len(years) or years.min() > year):
            found = f"from_year {year}, of which sector_demand.csv says nothing for {sector}"
            faults.append(Fault(where, found, "a year of sector_demand.csv", "Add rows, or grow from a later year."))
    return faults


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: growth cannot be measured, or a hard clause is missed by the demand of the case.
    """
    inputs, case = plan.inputs, plan.case
    heavy = sectors.intensive(inputs)
    faults: list[Fault] = []
    demands = []
    for c in clauses:
        if not any(c.applies(y) for y in case.stages):
            continue
        found = _faults(plan, c, heavy)
        faults += found
        if found:
            continue
        first = int(c.row["from_year"])
        base = sum(sectors.energy(inputs, case, s, first) for s in heavy)
        for y in case.stages:
            if not c.applies(y):
                continue
            most = (1.0 + float(c.row["rate"])) ** (y - first)
            taken = sum(sectors.energy(inputs, case, s, y) for s in heavy)
            if c.strictness == "hard" and taken > most * base * (1 + 1e-9):
                faults.append(
                    Fault(
                        f"{TABLE.name}.csv, row {c.name}",
                        f"energy-intensive sectors that take {taken:,.0f} MWh in {y}",
                        f"at most {most * base:,.0f} MWh: {base:,.0f} in {first}, and {c.row['rate']:.2%} a year more",
                        "Choose another demand scenario, or let the clause be priced or watched.",
                    )
                )
                continue
            asked = Requirement(c, y, "<=", most, "%", 0.01, has_base=True, measured=base > 0)
            demands.append(Demand(asked, taken, base))
    if faults:
        raise InputError(faults, str(inputs.folder))
    return write_requirements(plan, KIND, "MWh", demands)
