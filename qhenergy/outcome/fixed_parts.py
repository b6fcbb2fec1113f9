"""What capacities that are numbers add to costs and to the right-hand sides of rows they share.

A capacity that the plan cannot change has no column. Its fixed O&M, and the annuity of what was committed, are
constants of the cost. What it adds to a shared row stands in its right-hand side, among what others add. It is told
apart here as the row's own file writes it, for

    adequacy/measured                       credit * capacity, or the output it holds for the hours asked
    new_storage, capacity_total,            capacity of what the group counts; of a share that of its base as well
    capacity_share, storage_in_step
    reserve/room_is                         share of the capacity that stands by without backing
    grid_connection/output, .../intake      share of the capacity of its members, and that of the connection

Clauses of other kinds count fixed capacities too; what these earn by them is not told apart, and no revenue of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from qhenergy.algebra.assets import Asset
from qhenergy.algebra.plan import annuity_factor, yearly_payment
from qhenergy.outcome.result import Result
from qhenergy.policy import adequacy, capacity_share, capacity_total, new_storage, reserve, storage_in_step
from qhenergy.policy.clause import Clause

INVESTMENT, FIXED_OM = "investment", "fixed O&M"
#: Column of the group whose capacity a clause measures, and of that of its base.
GROUPS = {new_storage.KIND: "group", capacity_total.KIND: "group", capacity_share.KIND: "group"}
GROUPS |= {storage_in_step.KIND: "storage"}
BASES = {capacity_share.KIND: "of_group"}


def payments(result: Result, asset: Asset, year: int) -> tuple[float, float]:
    """Yearly payment for what is built in a year, per power [CNY/MW/yr] and per stored energy [CNY/MWh/yr]."""
    cost = result.inputs.cost
    annuity = annuity_factor(cost(asset.technology, year, "discount_rate"), cost(asset.technology, year, "lifetime"))
    power = yearly_payment(result.inputs, asset.technology, year) * asset.cost_factor
    return power, annuity * cost(asset.technology, year, "energy_investment")


def fixed_costs(result: Result) -> Iterator[tuple[int, str, str, float]]:
    """Costs that no column has: stage, asset, group of the cost, cost [CNY/yr] of a year of the stage."""
    for asset in result.assets.by_name.values():
        since = next((y for y in result.case.stages if asset.committed(y) > 0), None)
        for stage in result.case.stages:
            committed = max(asset.committed(stage), 0.0)
            if committed and since is not None:
                power, energy = payments(result, asset, since)
                yield stage, asset.name, INVESTMENT, (power + energy * asset.energy_hours) * committed
            if asset.decided(stage) and asset.fixed[stage]:
                fixed_om = result.inputs.cost(asset.technology, stage, "fixed_om") * asset.cost_factor
                yield stage, asset.name, FIXED_OM, fixed_om * asset.fixed[stage]


def fixed_shares(result: Result) -> Iterator[tuple[int, str, float]]:
    """What numbers would add to the left-hand sides of shared rows, were they columns.

    Returns:
        Row, asset and amount [unit of the row].
    """
    places = _Places(result)
    for stage in result.case.stages:
        for clause in result.clauses:
            if clause.applies(stage):
                yield from _of_clause(result, places, clause, stage)
        for connection, asset, amount in _connected(result, stage):
            yield from places.hourly("grid_connection/output", connection, stage, asset, -amount)
            yield from places.hourly("grid_connection/intake", connection, stage, asset, amount)


class _Places:
    """Positions of rows by label."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._frames: dict[str, pd.DataFrame] = {}

    def yearly(self, family: str, member: str, stage: int) -> int | None:
        """The row of a stage of a family of the plan; None if there is none."""
        index = self._result.problem.rows
        for at in index.of(family):
            if index.members[index.member[at]] == member and index.number[at] == stage:
                return int(at)
        return None

    def hourly(
        self, family: str, member: str, stage: int, asset: str, amount: float | np.ndarray
    ) -> Iterator[tuple[int, str, float]]:
        """The same amount, or one for each hour, in the rows of all hours of a stage."""
        rows = self._rows(family, member, stage)
        if rows is not None:
            amounts = np.broadcast_to(amount, rows.shape)
            for row, value in zip(rows, amounts, strict=True):
                if row >= 0 and value:
                    yield int(row), asset, float(value)

    def _rows(self, family: str, member: str, stage: int) -> np.ndarray | None:
        """Positions of the rows of a member in the hours of a stage; -1 where there is none."""
        if family not in self._frames:
            self._frames[family] = self._result.row_places(family)
        frame = self._frames[family]
        if member not in frame.columns:
            return None
        return np.nan_to_num(frame[member].to_numpy()[self._result.of_stage(stage)], nan=-1.0)


def _fixed(result: Result, stage: int) -> list[Asset]:
    """Assets whose capacity in a stage is a number above zero."""
    return [a for a in result.assets.by_name.values() if a.decided(stage) and a.fixed[stage]]


def _of_clause(result: Result, places: _Places, clause: Clause, stage: int) -> Iterator[tuple[int, str, float]]:
    if clause.kind == adequacy.KIND:
        yield from _firm(result, places, clause, stage)
    elif clause.kind == reserve.KIND:
        yield from _ready(result, places, clause, stage)
    for family, word in (("measured", GROUPS.get(clause.kind)), ("share_of", BASES.get(clause.kind))):
        row = places.yearly(f"{clause.kind}/{family}", clause.name, stage) if word else None
        if word and row is not None:
            members, zone = result.inputs.members(clause.row[word]), str(clause.row.get("zone", ""))
            for asset in _fixed(result, stage):
                if asset.technology in members and zone in ("", asset.zone):
                    yield row, asset.name, -asset.fixed[stage]


def _firm(result: Result, places: _Places, clause: Clause, stage: int) -> Iterator[tuple[int, str, float]]:
    """What fixed capacities can be counted on, as `policy.adequacy` has it."""
    row = places.yearly("adequacy/measured", clause.name, stage)
    credits = result.inputs[adequacy.CREDITS.name].loc[clause.row["credits"]]
    dry, zone = clause.row["water"] == "dry", str(clause.row["zone"])
    corridors = result.inputs["corridors"]
    for asset in _fixed(result, stage) if row is not None else ():
        if asset.technology not in credits.index:
            continue
        ends = (asset.zone, corridors.at[asset.name, "to_zone"]) if asset.table == "corridors" else (asset.zone,)
        if zone not in ends and (zone or asset.table == "corridors"):
            continue
        item = credits.loc[asset.technology]
        credit = item["dry_credit"] if dry and not np.isnan(item["dry_credit"]) else item["credit"]
        yield row, asset.name, -float(credit) * _lasting(result, asset, stage, float(item["hours"]))


def _lasting(result: Result, asset: Asset, stage: int, hours: float) -> float:
    """Output a fixed capacity can hold for some hours [MW]."""
    fixed = asset.fixed[stage]
    if hours and asset.table == "flexible_loads":
        item = result.inputs["flexible_loads"].loc[asset.name]
        lasting = [float(item[word]) for word in ("call_hours", "behind") if not np.isnan(item[word])]
        return min(1.0, lasting[0] / hours) * fixed if lasting else 0.0
    if not hours or not asset.energy_hours or asset.energy_hours > hours:
        return fixed
    return asset.fixed_energy(stage) / hours


def _ready(result: Result, places: _Places, clause: Clause, stage: int) -> Iterator[tuple[int, str, float]]:
    """Shares of fixed capacities that stand by without backing; those with it have rows of their own."""
    call = reserve.call_of(result.inputs, clause)
    for part in call.parts(result.standbys[stage]):
        asset = result.assets[part.asset]
        if part.share and not part.load and not call.backed(part) and asset.decided(stage):
            factor = part.share * asset.fixed[stage]
            series = result.series[part.series][part.asset].to_numpy() if part.series else None
            amount = -factor if series is None else -factor * series[result.of_stage(stage)]
            yield from places.hourly("reserve/room_is", clause.name, stage, asset.name, amount)


def _connected(result: Result, stage: int) -> Iterator[tuple[str, str, float]]:
    """What fixed capacities add to the limit of a connection [MW]: its own, and shares of its members."""
    rows = result.inputs["grid_connections"]
    fixed = {a.name: a.fixed[stage] for a in _fixed(result, stage)}
    for connection in rows.index:
        if connection in fixed:
            yield str(connection), str(connection), fixed[connection]
    for connection, asset in result.inputs["connection_members"].index:
        share = float(rows.at[connection, "share"])
        if share and asset in fixed:
            yield str(connection), str(asset), share * fixed[asset]
