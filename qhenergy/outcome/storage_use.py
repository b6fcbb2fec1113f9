"""How stores are used and what storing costs: energy, losses, cycles, depth, prices, levelised cost, replacement.

    cycles    = sum(drawn from the store) / (depth * energy)                                             [1/yr]
    LCOS      = (annuity + fixed O&M + variable O&M + wear + cost of charging) / energy given         [CNY/MWh]
    wear      = cycles / yearly_cycles                                                                      [-]
    lasts     = lifetime / max(1, wear)                                                                    [yr]

The levelised cost of storage is that of Schmidt et al. 2019 (doi:10.1016/j.joule.2018.12.008), in its annuity form;
charging costs what it takes at the price of its zone, hour by hour. The annuity is that of all capacity at the prices
of the stage, that of what stood before included: it says what storing costs, not what the plan had to decide. A full
cycle draws the usable energy, as in `algebra.store`; where a table limits yearly cycles, the limit times the lifetime
is the number of cycles the cells last. Costs of what fills a store, such as electrolysers, are costs of the store.

Depth is what is held, in tenths of the usable energy, absolute over all real hours. A CSP plant holds heat: what it
is charged with is electricity, what it gives is all of its output, the sun's part included, and no losses are told of
it, nor of pumps of the river, which lift natural water.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome import measures
from qhenergy.outcome.asset_revenue import COST, VALUE, revenue
from qhenergy.outcome.carriers import year
from qhenergy.outcome.fixed_parts import FIXED_OM, INVESTMENT, payments
from qhenergy.outcome.hourly import levels, prices
from qhenergy.outcome.measures import HANDED_ON, NEGLIGIBLE
from qhenergy.outcome.result import Result
from qhenergy.outcome.storages import CRUMB, GROUP, Storage, joins_of, storages, vessel_of

Hours = NDArray[np.float64]
KEYS = ["stage", "asset", "table", "technology", "zone"]
#: Parts that the depth of a store is told in.
TENTHS = 10


def use(result: Result, group: str = GROUP) -> pd.DataFrame:
    """Use and cost of every store that has any capacity.

    Args:
        result: the result.
        group: of groups.csv that is storage.

    Returns:
        Columns stage, asset, table, technology, zone, power [MW], energy [MWh] usable, charged, discharged and lost
        [MWh/yr], cycles [1/yr], full-load [h/yr] of discharging, paid and received [CNY/MWh] on the mean, yearly cost
        and cost of charging [CNY/yr], LCOS and LCOS without charging [CNY/MWh], wear [-] (cycles over those allowed a
        year), lasts [yr]. NaN where there is none.
    """
    zones, running, capacity, rows = _Prices(result), _running(result), measures.capacity(result), []
    for stage in result.case.stages:
        stood = capacity[capacity["stage"] == stage].set_index("asset")
        for storage in storages(result, group):
            if stood.at[storage.asset, "total [MW]"] > CRUMB:
                cost = _yearly_cost(result, storage, stage, stood, running)
                rows.append(_used(result, storage, stage, stood, zones.of(storage.zone, stage), cost))
    names = [
        *("power [MW]", "energy [MWh]", "charged [MWh/yr]", "discharged [MWh/yr]", "lost [MWh/yr]", "cycles [1/yr]"),
        *("full-load [h/yr]", "paid [CNY/MWh]", "received [CNY/MWh]", "yearly cost [CNY/yr]", "charging [CNY/yr]"),
        *("LCOS [CNY/MWh]", "LCOS without charging [CNY/MWh]", "wear [-]", "lasts [yr]"),
    ]
    return pd.DataFrame(rows, columns=[*KEYS, *names])


def _used(
    result: Result, storage: Storage, stage: int, stood: pd.DataFrame, price: Hours, cost: float
) -> tuple[object, ...]:
    """The row of a store; see `use`."""
    power, usable = float(stood.at[storage.asset, "total [MW]"]), usable_energy(result, storage, stage, stood)
    flow = _Flow.of(result, storage, stage)
    weights = result.weights(stage)
    charged, discharged = float(weights @ flow.charged), float(weights @ flow.discharged)
    spent, earned = float(weights * price @ flow.charged), float(weights * price @ flow.discharged)
    cycles = _over(float(weights @ flow.drawn), usable)
    return (
        *(stage, storage.asset, storage.table, storage.technology, storage.zone, power, usable),
        *(charged, discharged, _lost(result, storage, stage, charged, discharged), cycles, discharged / power),
        *(_over(spent, charged), _over(earned, discharged), cost, spent),
        *(_over(cost + spent, discharged), _over(cost, discharged), *_wear(result, storage, stage, cycles)),
    )


def _over(part: float, whole: float) -> float:
    """A quotient; NaN where there is next to nothing to divide by."""
    return part / whole if whole > NEGLIGIBLE else float("nan")


@dataclass(frozen=True)
class _Flow:
    """What a store takes and gives in the hours of a stage [MW], and what leaves its level for it [MWh/h]."""

    charged: Hours
    discharged: Hours
    drawn: Hours

    @classmethod
    def of(cls, result: Result, storage: Storage, stage: int) -> _Flow:
        hours = result.of_stage(stage)
        nothing = np.zeros(hours.stop - hours.start)

        def column(family: str, member: str) -> Hours:
            return np.nan_to_num(result.column(family)[member].to_numpy()[hours])

        charged, discharged, drawn = nothing, nothing, nothing
        for join in joins_of(result, storage, stage):
            power = join.coefficient * column(join.family, join.member)
            charged, discharged = (
                (charged - power, discharged) if join.coefficient < 0 else (charged, discharged + power)
            )
        vessel = vessel_of(result, storage.asset, stage)
        for family, member, rate in vessel.discharging if vessel else ():
            drawn = drawn + rate * column(family, member)
        return cls(charged, discharged, drawn)


class _Prices:
    """Prices of zones in the hours of a stage [CNY/MWh]."""

    def __init__(self, result: Result) -> None:
        table = prices(result)
        self._by_place = {
            (int(stage), str(zone)): part["price [CNY/MWh]"].to_numpy()
            for (stage, zone), part in table.groupby(["stage", "zone"], sort=False)
        }

    def of(self, zone: str, stage: int) -> Hours:
        return self._by_place[stage, zone]


def usable_energy(result: Result, storage: Storage, stage: int, stood: pd.DataFrame) -> float:
    """Energy that a store can hold between empty and full [MWh]; of a CSP plant heat, NaN of pumps of the river.

    Args:
        result: the result.
        storage: the store.
        stage: year.
        stood: rows of `measures.capacity` of the stage, by asset.
    """
    rows = result.inputs[storage.table]
    if {"store", "turbine_efficiency"} <= set(rows.columns):
        held = float(rows.at[storage.asset, "store"]) / float(rows.at[storage.asset, "turbine_efficiency"])
        return held * float(stood.at[storage.asset, "total [MW]"])
    depth = float(rows.at[storage.asset, "depth"]) if "depth" in rows.columns else 1.0
    return depth * float(stood.at[storage.asset, "energy [MWh]"])


def _lost(result: Result, storage: Storage, stage: int, charged: float, discharged: float) -> float:
    """What was charged and neither given nor handed on [MWh/yr]; NaN where nature fills as well."""
    vessel = vessel_of(result, storage.asset, stage)
    if vessel is None or vessel.natural:
        return float("nan")
    flows = year(result)
    own = (flows["stage"] == stage) & (flows["balance"] == "hydrogen") & (flows["member"] == storage.asset)
    handed = -float(flows.loc[own & flows["role"].isin(HANDED_ON), "amount"].sum())
    return charged - discharged - handed


def _yearly_cost(result: Result, storage: Storage, stage: int, stood: pd.DataFrame, running: pd.Series) -> float:
    """Annuity of all capacity, fixed O&M, variable O&M, starts and wear [CNY/yr]."""
    total = 0.0
    for name in storage.parts:
        asset, power = result.assets[name], float(stood.at[name, "total [MW]"])
        # What is paid for is the energy when new.
        energy = asset.energy_hours * power if asset.energy_hours else float(stood.at[name, "energy [MWh]"])
        per_power, per_energy = payments(result, asset, stage)
        fixed_om = result.inputs.cost(asset.technology, stage, "fixed_om") * asset.cost_factor
        total += (per_power + fixed_om) * power + per_energy * float(np.nan_to_num(energy))
        total += float(running.get((stage, name), 0.0))
    return total


def _running(result: Result) -> pd.Series:
    """Costs of every asset and stage that are neither investment nor fixed O&M [CNY/yr]."""
    table = revenue(result)
    table = table[(table["kind"] == COST) & ~table["stream"].isin((INVESTMENT, FIXED_OM))]
    return -table.groupby(["stage", "asset"])[VALUE].sum()


def _wear(result: Result, storage: Storage, stage: int, cycles: float) -> tuple[float, float]:
    """Cycles over those a table allows [-], NaN if it allows any, and years until the store is replaced."""
    rows = result.inputs[storage.table]
    limit = float(rows.at[storage.asset, "yearly_cycles"]) if "yearly_cycles" in rows.columns else float("nan")
    wear = _over(cycles, limit)
    return wear, result.inputs.cost(storage.technology, stage, "lifetime") / max(1.0, float(np.nan_to_num(wear)))


def depths(result: Result, group: str = GROUP) -> pd.DataFrame:
    """How deep stores are used: the share of hours in which they hold so many tenths of their usable energy.

    Returns:
        Columns stage, asset, technology, zone, tenth (1 is nearly empty, 10 nearly full), share [-] of the hours; the
        shares of a store add up to one. A store without any energy, or without a level of its own, has no row.
    """
    rows, capacity = [], measures.capacity(result)
    held = {family: levels(result, family) for family in _level_families(result)}
    for stage in result.case.stages:
        stood = capacity[capacity["stage"] == stage].set_index("asset")
        for storage in storages(result, group):
            vessel, usable = vessel_of(result, storage.asset, stage), usable_energy(result, storage, stage, stood)
            if vessel is None or not usable > CRUMB:
                continue
            table = held[vessel.level]
            own = table.loc[(table["stage"] == stage) & (table["member"] == storage.asset)].iloc[:, -1].to_numpy()
            # Rounding must not put what is just full of a tenth into the one below.
            tenth = np.clip(np.floor(np.round(own / usable * TENTHS, 6)), 0, TENTHS - 1).astype(int)
            shares = np.bincount(tenth, minlength=TENTHS) / len(own)
            place = (stage, storage.asset, storage.technology, storage.zone)
            rows += [(*place, i + 1, float(share)) for i, share in enumerate(shares)]
    return pd.DataFrame(rows, columns=["stage", "asset", "technology", "zone", "tenth", "share [-]"])


def _level_families(result: Result) -> set[str]:
    return {vessel.level for stage in result.case.stages for vessel in result.vessels[stage]}
