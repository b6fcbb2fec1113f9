"""Demand: the energy a zone takes every hour, by sector, and the part of it that cannot be served.

    demand/unserved   unserved[z,t] <= demand[z,t]   [MWh/h]

Unserved energy is paid at the zone's price and reported apart from the other costs; it is no sector's.

Where sectors are told apart (see `data.sectors`), each named one has a series of its own, and the rest takes what
they leave of the zone, hour by hour:

    demand[z,t] = total[z,t] + sum((factor[s] - 1) * given[z,s,t], s in sectors)
    given[z,rest,t] = total[z,t] - sum(given[z,s,t], s named) >= 0

so that without a scenario, all factors one, demand is the calibrated total of demand.csv and nothing else. Of a
year in representative periods every series is scaled to its own energy, and the rest is what is left: in a zone
where named sectors take nearly all it may fall below zero in some of their hours, and the zone's total still holds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.hours import Hours
from qhenergy.algebra.window import Window
from qhenergy.data import sectors
from qhenergy.data.tables import DEMAND, DEMAND_SHAPES, HOURS_OF_DAY
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table
from qhenergy.profiles.calendar import HOURS, by_month_and_hour
from qhenergy.profiles.demand import hourly

TABLES: tuple[Table, ...] = (DEMAND, DEMAND_SHAPES, *sectors.TABLES)
#: Below this share of a zone's mean demand a rest under zero is rounding of the data.
ROUNDING = 1e-6


def series(hours: Hours) -> dict[str, pd.DataFrame]:
    """Demand of every zone and stage, and of every named sector in it [MWh/h]; hours x zones.

    Raises:
        InputError: years, shapes or sectors that do not make a demand, all of them at once.
    """
    inputs, case = hours.inputs, hours.case
    faults = list(sectors.faults(inputs, case)) + list(_shape_faults(hours)) + list(_year_faults(hours))
    if faults:
        raise InputError(faults, str(inputs.folder))
    made: dict[str, pd.DataFrame] = {}
    zones = [str(zone) for zone in inputs["zones"].index]
    for stage in case.stages:
        total = pd.DataFrame({zone: _total(hours, zone, stage) for zone in zones})
        given = {
            sector: pd.DataFrame({zone: _given(hours, sector, zone, stage) for zone in zones})
            for sector in sectors.named(inputs)
        }
        left = total - sum(given.values())
        faults += _overdrawn(total, left, stage)
        factors = {sector: sectors.factor(inputs, case, sector, stage) for sector in given}
        grown = total + sum((factors[sector] - 1.0) * frame for sector, frame in given.items())
        if rest := sectors.rest(inputs):
            grown += (sectors.factor(inputs, case, rest, stage) - 1.0) * left
        made[f"demand/{stage}"] = grown
        made |= {f"sector_demand/{sector}/{stage}": factors[sector] * frame for sector, frame in given.items()}
    if faults:
        raise InputError(faults, str(inputs.folder))
    return made


def _overdrawn(total: pd.DataFrame, left: pd.DataFrame, stage: int) -> list[Fault]:
    """Zones of which sectors take more in an hour than there is: there the rest would be below zero."""
    faults = []
    for zone in total.columns:
        least = float(left[zone].min())
        if least < -ROUNDING * float(total[zone].mean()):
            hour = int(left[zone].argmin())
            found = f"sectors that take {-least:,.1f} MW more than {zone} has in hour {hour} of {stage}"
            expected = f"at most its {total[zone].iloc[hour]:,.1f} MW, by demand.csv and its shape"
            faults.append(Fault("sector_demand.csv", found, expected, "Take less, or another shape."))
    return faults


def _rows(hours: Hours) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Totals and sectors with rows: where they stand, zone, rows by year in order."""
    demand = hours.inputs["demand"]
    for zone in dict.fromkeys(demand.index.get_level_values(0)):
        yield f"demand.csv ({zone})", str(zone), demand.loc[zone].sort_index()
    table = hours.inputs["sector_demand"]
    for sector, zone in dict.fromkeys(table.index.droplevel(2)):
        where = f"sector_demand.csv ({sector}, {zone})"
        yield where, str(zone), sectors.rows_of(hours.inputs, str(sector), str(zone))


def _year_faults(hours: Hours) -> Iterator[Fault]:
    demand = hours.inputs["demand"]
    for zone in dict.fromkeys(demand.index.get_level_values(0)):
        years = demand.loc[zone].index
        for stage in hours.case.stages:
            if not years.min() <= stage <= years.max():
                found, expected = f"years {years.min():.0f} to {years.max():.0f}", f"years around the stage {stage}"
                yield Fault(f"demand.csv ({zone})", found, expected, "Add a row for the stage.")


def _shape_faults(hours: Hours) -> Iterator[Fault]:
    """Shapes without a month, or with nothing in the hours of the case; of those in use."""
    used = {
        _shape_name(rows, stage) for _, _, rows in _rows(hours) for stage in hours.case.stages if _some(rows, stage)
    }
    for shape in sorted(used):
        rows = hours.inputs["demand_shapes"].loc[shape]
        missing = sorted(set(range(1, 13)) - set(rows.index))
        yield from (
            Fault(f"demand_shapes.csv ({shape})", f"no month {m}", "12 months", "Add the row.") for m in missing
        )
        if not missing and not by_month_and_hour(rows[list(HOURS_OF_DAY)])[: hours.count].any():
            where, found = f"demand_shapes.csv ({shape})", f"zero in all of the {hours.count} hours of the case"
            yield Fault(where, found, "a number above zero in one of them", "Fill the hours with demand.")


def _shape_name(rows: pd.DataFrame, stage: int) -> str:
    """The shape of the year that is nearest."""
    years = rows.index.to_numpy(dtype=float)
    return str(rows["shape"].iloc[int(np.abs(years - stage).argmin())])


def _some(rows: pd.DataFrame, stage: int) -> bool:
    """Whether there is any demand in a stage."""
    return bool(np.interp(stage, rows.index.to_numpy(dtype=float), rows["energy"].to_numpy(dtype=float)) > 0)


def _total(hours: Hours, zone: str, stage: int) -> NDArray[np.float64]:
    demand = hours.inputs["demand"]
    if zone not in demand.index.get_level_values(0):
        return np.zeros(hours.count)
    return _hourly(hours, demand.loc[zone].sort_index(), sectors.total(hours.inputs, zone, stage), stage)


def _given(hours: Hours, sector: str, zone: str, stage: int) -> NDArray[np.float64]:
    rows = sectors.rows_of(hours.inputs, sector, zone)
    return _hourly(hours, rows, sectors.given(hours.inputs, sector, zone, stage), stage)


def _hourly(hours: Hours, rows: pd.DataFrame, energy: float, stage: int) -> NDArray[np.float64]:
    """Energy of a year in the shape of its rows."""
    if energy == 0:
        return np.zeros(hours.count)
    shapes = hours.inputs["demand_shapes"].loc[_shape_name(rows, stage)][list(HOURS_OF_DAY)]
    values = hourly(shapes, energy).to_numpy()[: hours.count]
    # A year that a few hours stand for has the energy of the year as well.
    made: NDArray[np.float64] = values * (energy / values.sum()) * (hours.count / HOURS)
    return made


def operate(window: Window) -> None:
    """Write the unserved part, set the right-hand side of the balances, say what each sector takes."""
    demand = window.series(f"demand/{window.stage}")
    zones = [z for z in demand if any(v > 0 for v in demand[z])]
    unserved = window.columns(
        "demand/unserved",
        zones,
        "MW",
        "demand that is not served",
        upper=lambda z, t: demand[z][t],
    )
    price = window.inputs["zones"]["unserved_price"]
    for zone, values in demand.items():
        window.demand(zone, values, _taken(window, zone, values))
    for zone in zones:
        window.join(zone, "demand/unserved", unserved, zone, 1.0, "unserved", "unserved")
        window.cost("unserved energy", float(price[zone]) * sum(unserved[zone, t] for t in window.hours))


def _taken(window: Window, zone: str, values: list[float]) -> dict[str, list[float]]:
    """What each sector takes of a zone; nothing where sectors are not told apart."""
    taken: dict[str, list[float]] = {}
    for sector in sectors.named(window.inputs):
        part = window.series(f"sector_demand/{sector}/{window.stage}")[zone]
        if any(part):
            taken[sector] = part
    if rest := sectors.rest(window.inputs):
        taken[rest] = (np.array(values) - sum(np.array(part) for part in taken.values())).tolist()
    return taken
