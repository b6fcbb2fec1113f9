"""The plan: what is built, kept and retired, by asset and stage, and what that costs a year.

    capacity/balance           installed[a,y] = fixed[a,y] + sum(built[a,v], v <= y, v alive) - retired[a,y]   [MW]
    capacity/room              sum(built[a,v], v <= y) <= room[a,y]                                            [MW]
    capacity/minimum_duration  energy[a,y] >= minimum_duration[a] * installed[a,y]                             [MWh]
    capacity/maximum_duration  energy[a,y] <= maximum_duration[a] * installed[a,y]                             [MWh]

An asset that the plan cannot change has a number for its capacity instead of a column, so that its
hourly limits are bounds of columns, not rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.assets import Asset, Assets
from qhenergy.algebra.block import Block
from qhenergy.algebra.family import PLAN, Address, window_name
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.periods.chronology import Chronology, Span


def annuity_factor(rate: float, years: float) -> float:
    """Yearly payment per unit of investment.

    Args:
        rate: real discount rate.
        years: lifetime [yr].

    Returns:
        rate / (1 - (1 + rate)^-years) [1/yr]; 1/years at a rate of zero.
    """
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** -years)


class Plan(Block):
    """The block of capacities and of everything that is decided once a stage.

    Attributes:
        inputs, case, chronology: what it is about.
        assets: register of all assets.
    """

    def __init__(self, inputs: Inputs, case: Case, chronology: Chronology) -> None:
        super().__init__(PLAN, case.stages)
        self.inputs = inputs
        self.case = case
        self.chronology = chronology
        self.assets = Assets(case.stages)
        self._energy_limits: dict[str, tuple[float, float]] = {}

    def size_energy(self, asset: str, minimum_hours: float, maximum_hours: float) -> None:
        """Let the plan choose the stored energy of an asset apart from its power."""
        self.assets.with_energy.add(asset)
        self._energy_limits[asset] = (minimum_hours, maximum_hours)

    def installed(self, asset: str, stage: int) -> Any:
        """Capacity of an asset in a stage [MW]: a number if it is decided, else a column."""
        record = self.assets[asset]
        return record.fixed[stage] if record.decided(stage) else self._installed[asset, stage]

    def energy(self, asset: str, stage: int) -> Any:
        """Stored energy an asset can hold in a stage [MWh]."""
        if asset in self.assets.with_energy:
            return self._energy[asset, stage]
        return self.assets[asset].energy_hours * self.installed(asset, stage)

    def write_capacities(self) -> None:
        """Write columns, rows and costs of all registered assets."""
        records = self.assets.by_name
        stages = self.case.stages
        free = [a for a in records.values() if not all(a.decided(y) for y in stages)]
        built = self.columns(
            "capacity/built",
            [a.name for a in free if max(a.room.values()) > 0],
            "MW",
            "capacity added in the stage beyond what is committed",
            upper=lambda a, y: records[a].room[y],
        )
        retired = self.columns(
            "capacity/retired",
            [a.name for a in free if a.retirable],
            "MW",
            "existing capacity retired by the stage",
            upper=lambda a, y: records[a].existing,
        )
        self._installed = self.columns(
            "capacity/installed", [a.name for a in free], "MW", "capacity in service in the stage"
        )

        def added(asset: Asset, stage: int) -> Any:
            alive = [v for v in stages if v <= stage and stage - v < self._cost(asset, v, "lifetime")]
            return sum(built[asset.name, v] for v in alive) if max(asset.room.values()) > 0 else 0.0

        self.rows(
            "capacity/balance",
            [a.name for a in free],
            "MW",
            "installed[a,y] = fixed[a,y] + sum(built[a,v], v <= y, v alive) - retired[a,y]",
            lambda a, y: (
                self._installed[a, y] - added(records[a], y) + (retired[a, y] if records[a].retirable else 0.0)
                == records[a].fixed[y]
            ),
        )
        self.rows(
            "capacity/room",
            [a.name for a in free if len(stages) > 1 and max(a.room.values()) > 0],
            "MW",
            "sum(built[a,v], v <= y) <= room[a,y]",
            lambda a, y: sum(built[a, v] for v in stages if v <= y) <= records[a].room[y],
        )
        self._write_energy()
        for asset in records.values():
            for stage in stages:
                self._write_costs(asset, stage, added(asset, stage))

    def _write_energy(self) -> None:
        sized = sorted(self.assets.with_energy)
        self._energy = self.columns("capacity/energy", sized, "MWh", "stored energy an asset can hold")
        limits = self._energy_limits
        self.rows(
            "capacity/minimum_duration",
            sized,
            "MWh",
            "energy[a,y] >= minimum_duration[a] * installed[a,y]",
            lambda a, y: self._energy[a, y] >= limits[a][0] * self.installed(a, y),
        )
        self.rows(
            "capacity/maximum_duration",
            sized,
            "MWh",
            "energy[a,y] <= maximum_duration[a] * installed[a,y]",
            lambda a, y: self._energy[a, y] <= limits[a][1] * self.installed(a, y),
        )

    def _cost(self, asset: Asset, year: int, item: str) -> float:
        return self.inputs.cost(asset.technology, year, item)

    def _write_costs(self, asset: Asset, stage: int, added: Any) -> None:
        """Annuity of what came after the base year, fixed cost of all that stands [CNY/yr]."""
        annuity = annuity_factor(self._cost(asset, stage, "discount_rate"), self._cost(asset, stage, "lifetime"))
        energy_price = annuity * self._cost(asset, stage, "energy_investment")
        power_price = annuity * self._cost(asset, stage, "investment") * asset.cost_factor
        committed = max(asset.fixed[stage] - asset.existing, 0.0)
        self.cost(
            f"investment/{asset.technology}",
            (power_price + energy_price * asset.energy_hours) * (committed + added),
        )
        if asset.name in self.assets.with_energy:
            self.cost(f"investment/{asset.technology}", energy_price * self._energy[asset.name, stage])
        fixed_om = self._cost(asset, stage, "fixed_om") * asset.cost_factor
        self.cost(f"fixed O&M/{asset.technology}", fixed_om * self.installed(asset.name, stage))

    def yearly(self, meter: str, member: str, stage: int, having: Callable[[Span], bool] = lambda span: True) -> Any:
        """A meter summed over the windows of a stage, each with its weight.

        Args:
            meter: name the windows gave it.
            member: member of the meter.
            stage: year.
            having: which windows have the meter; all by default.

        Returns:
            Linear expression in the unit of the meter, per year.
        """
        spans = [span for span in self.chronology.of_stage(stage) if having(span)]
        terms = [
            span.weight * self.port(Address(window_name(span.index), f"meter/{meter}", member, 0)) for span in spans
        ]
        return pyo.quicksum(terms)

    def in_group(self, group: str, zone: str = "") -> list[str]:
        """Assets whose technology belongs to a group, in one zone if one is named."""
        technologies = set(self.inputs.members(group))
        return [
            a.name
            for a in self.assets.by_name.values()
            if a.technology in technologies and (not zone or a.zone == zone)
        ]

    def group_capacity(self, group: str, stage: int, zone: str = "") -> Any:
        """Installed capacity of a group in a stage [MW]; a number or a linear expression."""
        return pyo.quicksum(self.installed(a, stage) for a in self.in_group(group, zone))
