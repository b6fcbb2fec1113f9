"""Demand by sector: who takes the electricity of a zone, and how that grows in a scenario.

demand.csv says what a zone takes in a year and in which shape; sector_demand.csv says what the named sectors take
of it, each in a shape of its own. One sector, the rest, has no rows: it takes what the others leave, hour by hour, so
that all sectors together are demand.csv. A scenario multiplies what a sector takes:

    energy[z,s,y] = factor[scenario,s,y] * given[z,s,y]   [MWh/yr]
    given[z,rest,y] = total[z,y] - sum(given[z,s,y], s named)

Energies and factors are linear between the years given. A factor is one where a scenario does not speak of a sector.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text

SECTORS = Table(
    "demand_sectors",
    "a sector that takes electricity",
    (
        text("sector", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        text("takes", "its rows of sector_demand.csv, or what all others leave", choices=("rows", "rest")),
        text(
            "energy_intensive", "whether caps of energy-intensive demand count it", default="no", choices=("yes", "no")
        ),
    ),
)

SECTOR_DEMAND = Table(
    "sector_demand",
    "what a sector takes in a zone and year, part of the demand of the zone",
    (
        reference("sector", "demand_sectors", "sector"),
        reference("zone", "zones", "zone"),
        integer("year", "year", low=1950, high=2100),
        number("energy", "energy", "consumption of the year", high=1e10),
        reference("shape", "demand_shapes", "hourly shape"),
    ),
    keys=3,
)

SCENARIOS = Table(
    "demand_scenarios",
    "how much more or less a sector takes in a scenario",
    (
        text("scenario", "key"),
        reference("sector", "demand_sectors", "sector"),
        integer("year", "year; before the first and after the last one the nearest holds", low=1950, high=2100),
        number("factor", "share", "what it takes over what it takes in no scenario", high=100),
    ),
    keys=3,
)

TABLES = (SECTORS, SECTOR_DEMAND, SCENARIOS)


def rest(inputs: Inputs) -> str:
    """The sector that takes what the others leave; nothing where no sector is told apart."""
    takes = inputs[SECTORS.name]["takes"]
    return next((str(sector) for sector, word in takes.items() if word == "rest"), "")


def named(inputs: Inputs) -> list[str]:
    """Sectors with rows of their own, in the order of the table."""
    takes = inputs[SECTORS.name]["takes"]
    return [str(sector) for sector, word in takes.items() if word == "rows"]


def intensive(inputs: Inputs) -> list[str]:
    """Sectors that are energy-intensive, in the order of the table."""
    return [str(sector) for sector, word in inputs[SECTORS.name]["energy_intensive"].items() if word == "yes"]


def total(inputs: Inputs, zone: str, year: int) -> float:
    """What a zone takes in a year when no scenario changes it [MWh]; zero for one without demand."""
    demand = inputs["demand"]
    if zone not in demand.index.get_level_values(0):
        return 0.0
    return _between(demand.loc[zone]["energy"], year)


def given(inputs: Inputs, sector: str, zone: str, year: int) -> float:
    """What a sector takes in a zone and year when no scenario changes it [MWh]."""
    if sector == rest(inputs):
        return total(inputs, zone, year) - sum(given(inputs, s, zone, year) for s in named(inputs))
    rows = rows_of(inputs, sector, zone)
    return _between(rows["energy"], year) if len(rows) else 0.0


def rows_of(inputs: Inputs, sector: str, zone: str) -> pd.DataFrame:
    """Rows of sector_demand.csv by year, in order; none if the zone has none of the sector."""
    return _under(inputs[SECTOR_DEMAND.name], sector, zone)


def factor(inputs: Inputs, case: Case, sector: str, year: int) -> float:
    """What the scenario of the case multiplies the demand of a sector by in a year [-]."""
    rows = _under(inputs[SCENARIOS.name], case.demand.scenario, sector)
    return _between(rows["factor"], year) if len(rows) else 1.0


def energy(inputs: Inputs, case: Case, sector: str, year: int) -> float:
    """What a sector takes in all zones in a year, by the scenario of the case [MWh]."""
    of_zones = sum(given(inputs, sector, str(zone), year) for zone in inputs["zones"].index)
    return factor(inputs, case, sector, year) * of_zones


def _under(table: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Rows below two keys by the third, a year, in order."""
    index = table.index
    rows = table[(index.get_level_values(0) == first) & (index.get_level_values(1) == second)]
    return rows.droplevel([0, 1]).sort_index()


def _between(values: pd.Series, year: int) -> float:
    values = values.sort_index()
    return float(np.interp(year, values.index.to_numpy(dtype=float), values.to_numpy(dtype=float)))


def faults(inputs: Inputs, case: Case) -> Iterator[Fault]:
    """What is wrong with the sectors of a case: scenario, the rest, years, shapes, more than a zone takes."""
    sectors, scenario = inputs[SECTORS.name], case.demand.scenario
    known = list(dict.fromkeys(inputs[SCENARIOS.name].index.get_level_values(0)))
    if scenario and scenario not in known:
        expected = f"one of {listed(known)}" if known else f"no scenario: {SCENARIOS.name}.csv has none"
        remedy = nearest(scenario, known) or f"Correct the case, or add rows to {SCENARIOS.name}.csv."
        yield Fault("case, demand.scenario", f'"{scenario}"', expected, remedy)
    if sectors.empty:
        return
    leftover = [str(s) for s, word in sectors["takes"].items() if word == "rest"]
    if len(leftover) != 1:
        found = f"{len(leftover)} sectors that take the rest{': ' if leftover else ''}{listed(leftover)}"
        yield Fault(f"{SECTORS.name}.csv", found, "one: what the others leave is somebody's", "Correct `takes`.")
    demand, table = inputs["demand"], inputs[SECTOR_DEMAND.name]
    zones = set(demand.index.get_level_values(0))
    for sector, zone in dict.fromkeys(table.index.droplevel(2)):
        where = f"{SECTOR_DEMAND.name}.csv, row {sector},{zone}"
        if sector in leftover:
            yield Fault(
                where, "energy of the sector that takes the rest", "no row", "Delete the row, or correct `takes`."
            )
        if zone not in zones:
            yield Fault(
                where, f'zone "{zone}", which has no demand', "a zone of demand.csv", "Add its total, or correct it."
            )
        years = rows_of(inputs, sector, zone).index
        for stage in case.stages:
            if not years.min() <= stage <= years.max():
                found, expected = f"years {years.min():g} to {years.max():g}", f"years around the stage {stage}"
                yield Fault(where, found, expected, "Add a row for the stage.")
    for stage in case.stages:
        for zone in sorted(zones):
            taken, all_of_it = sum(given(inputs, s, zone, stage) for s in named(inputs)), total(inputs, zone, stage)
            if taken > all_of_it * (1 + 1e-9):
                found = f"sectors that take {taken:,.0f} MWh of {zone} in {stage}"
                expected = f"at most the {all_of_it:,.0f} MWh of demand.csv"
                yield Fault(f"{SECTOR_DEMAND.name}.csv", found, expected, "Take less, or raise demand.csv.")
