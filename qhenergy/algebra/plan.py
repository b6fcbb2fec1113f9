"""The plan: what is built, kept and retired, by asset and stage, and what that costs a year.

    capacity/balance           installed[a,y] = fixed[a,y] + sum(built[a,v], v <= y, v alive) - retired[a,y]   [MW]
    capacity/room              sum(built[a,v], v <= y, v alive) <= room[a,y]                                   [MW]
    capacity/stays_retired     retired[a,y] >= retired[a,stage before y]                                       [MW]
    capacity/whole_units       built[a,v] = unit_size[a]*units[a,v]                                            [MW]
    capacity/minimum_duration  energy_built[a,v] >= minimum_duration[a] * built[a,v]                           [MWh]
    capacity/maximum_duration  energy_built[a,v] <= maximum_duration[a] * built[a,v]                           [MWh]
    capacity/usable_energy     energy[a,y] = fixed_energy[a,y] + sum(kept[a,y-v]*energy_built[a,v], v <= y, v alive)
                               - kept[a,y-base]*duration[a]*retired[a,y]                                       [MWh]

What was built in year v is alive in stage y while y - v is less than its lifetime: then it leaves, and what
is to stand must be built, and paid, once more. What stood at first leaves as `algebra.ageing` says; of what may be
retired, `retired` is at least that. `kept[a,n] = (1 - fade[a])^n` is the share of its energy that a
store of n years can still hold. Where the duration is given, `energy_built` is the duration times `built`.

What is built costs its annuity, and what has to be laid by in every year of its life for its end, dismantling and
recycling, so that the payments and their interest come to it:

    investment * r / (1 - (1 + r)^-n) + end_of_life * r / ((1 + r)^n - 1)      [CNY/MW/yr]

Neither is paid for what stood when the base year ended: both were decided by then. It is paid in every stage the
capacity stands in, at the prices of the first of them, and not beyond the last one: what outlives the horizon is
charged only for the years it serves within it, so that nothing has to be credited at its end.

An asset that the plan cannot change has a number for its capacity instead of a column, so that its
hourly limits are bounds of columns, not rows. A store whose duration is given and that does not fade has
no energy columns: it holds its duration times its capacity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from qhenergy.algebra.ageing import Ageing
from qhenergy.algebra.assets import Asset, Assets
from qhenergy.algebra.block import Block
from qhenergy.algebra.family import PLAN, Address, window_name
from qhenergy.algebra.joins import WayOut
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


def sinking_fund_factor(rate: float, years: float) -> float:
    """Yearly payment that with its interest comes to one at the end of the years.

    Args:
        rate: real discount rate.
        years: lifetime [yr].

    Returns:
        rate / ((1 + rate)^years - 1) [1/yr]; 1/years at a rate of zero.
    """
    return 1.0 / years if rate == 0 else rate / ((1.0 + rate) ** years - 1.0)


def yearly_payment(inputs: Inputs, technology: str, year: int) -> float:
    """Yearly payment for power built in a year: investment and end of life [CNY/MW/yr]."""
    investment, end, rate, years = (
        inputs.cost(technology, year, item) for item in ("investment", "end_of_life", "discount_rate", "lifetime")
    )
    return annuity_factor(rate, years) * investment + sinking_fund_factor(rate, years) * end


class Plan(Block):
    """The block of capacities and of everything that is decided once a stage.

    Attributes:
        inputs, case, chronology: what it is about.
        series, month, hour_of_day: hourly series of the whole year and its calendar, of several water years one
            after the other; a peak is one of all hours, not of those that are modelled.
        assets: register of all assets.
        ways_out: what technologies said of their ways out of the system, for clauses about them.
    """

    def __init__(
        self,
        inputs: Inputs,
        case: Case,
        chronology: Chronology,
        series: Mapping[str, pd.DataFrame] | None = None,
        month: Sequence[int] = (),
        hour_of_day: Sequence[int] = (),
    ) -> None:
        super().__init__(PLAN, case.stages)
        self.inputs = inputs
        self.case = case
        self.chronology = chronology
        self.series = series or {}
        self.month = list(month)
        self.hour_of_day = list(hour_of_day)
        ageing = Ageing(inputs, case.base_year)
        self.assets = Assets(case.stages, ageing=ageing, whole=case.building == "whole")
        self.ways_out: list[WayOut] = []
        self._energy_limits: dict[str, tuple[float, float]] = {}

    def cost(self, name: str, expression: Any, stage: int = 0) -> None:
        """Add to a named cost of a year of a stage [CNY/yr]; the stage need not be named where there is one alone.

        Raises:
            ValueError: no stage is named, and there are several.
        """
        if not stage and len(self.case.stages) > 1:
            raise ValueError(f"cost {name} is of none of the stages {self.case.stages}: name one")
        super().cost(name, expression, stage or self.case.stages[0])

    def size_energy(self, asset: str, minimum_hours: float, maximum_hours: float) -> None:
        """Let the plan choose the stored energy of an asset apart from its power."""
        self.assets.with_energy.add(asset)
        self._energy_limits[asset] = (minimum_hours, maximum_hours)

    def sized(self, asset: str) -> tuple[float, float] | None:
        """Least and most duration of an asset whose stored energy the plan chooses [h]; None for any other."""
        return self._energy_limits.get(asset)

    def installed(self, asset: str, stage: int) -> Any:
        """Capacity of an asset in a stage [MW]: a number if it is decided, else a column."""
        record = self.assets[asset]
        return record.fixed[stage] if record.decided(stage) else self._installed[asset, stage]

    def energy(self, asset: str, stage: int) -> Any:
        """Stored energy an asset can hold in a stage [MWh], its age counted."""
        if asset in self.assets.with_energy:
            return self._energy[asset, stage]
        record = self.assets[asset]
        if record.decided(stage):
            return record.fixed_energy(stage)
        return record.energy_hours * self.installed(asset, stage)

    def lines_out(self, stage: int) -> list[str]:
        """Send-out lines in service in a stage."""
        return [way.line for way in self.ways_out if way.stage == stage]

    def retired(self, asset: str, stage: int) -> Any:
        """Existing capacity of an asset that is retired by a stage [MW]; zero where nothing may be."""
        return self._retired[asset, stage] if self.assets[asset].retirable else 0.0

    def write_capacities(self) -> None:
        """Write columns, rows and costs of all registered assets."""
        records = self.assets.by_name
        stages = self.case.stages
        free = [a for a in records.values() if not all(a.decided(y) for y in stages)]
        self._built = self.columns(
            "capacity/built",
            [a.name for a in free if max(a.room.values()) > 0],
            "MW",
            "capacity added in the stage beyond what is committed",
            upper=lambda a, y: records[a].room[y],
        )
        self._retired = self.columns(
            "capacity/retired",
            [a.name for a in free if a.retirable],
            "MW",
            "existing capacity retired by the stage",
            lower=lambda a, y: records[a].gone.get(y, 0.0),
            upper=lambda a, y: records[a].existing,
        )
        self._installed = self.columns(
            "capacity/installed", [a.name for a in free], "MW", "capacity in service in the stage"
        )

        self.rows(
            "capacity/balance",
            [a.name for a in free],
            "MW",
            "installed[a,y] = fixed[a,y] + sum(built[a,v], v <= y, v alive) - retired[a,y]",
            lambda a, y: self._installed[a, y] - self.added(a, y) + self.retired(a, y) == records[a].fixed[y],
        )
        self.rows(
            "capacity/room",
            [a.name for a in free if len(stages) > 1 and max(a.room.values()) > 0],
            "MW",
            "sum(built[a,v], v <= y, v alive) <= room[a,y]",
            lambda a, y: self.added(a, y) <= records[a].room[y],
        )
        self.rows(
            "capacity/stays_retired",
            [a.name for a in free if a.retirable and len(stages) > 1],
            "MW",
            "retired[a,y] >= retired[a,stage before y]",
            lambda a, y: self._retired[a, y] >= self._retired[a, self.case.stage_before(y)],
            numbers=stages[1:],
        )
        self._write_units([a for a in free if a.unit > 0 and max(a.room.values()) > 0])
        self._write_energy(free)
        for asset in records.values():
            for stage in stages:
                self._write_costs(asset, stage)

    def _write_units(self, whole: list[Asset]) -> None:
        """What is built of assets that come in units, where the case asks for whole ones."""
        units = self.columns(
            "capacity/units",
            [a.name for a in whole],
            "-",
            "whole units built in the stage",
            upper=lambda a, y: math.floor(self.assets[a].room[y] / self.assets[a].unit + 1e-9),
            whole=True,
        )
        self.rows(
            "capacity/whole_units",
            [a.name for a in whole],
            "MW",
            "built[a,v] = unit_size[a]*units[a,v]",
            lambda a, v: self._built[a, v] - self.assets[a].unit * units[a, v] == 0,
        )

    def built(self, asset: str, stage: int) -> Any:
        """Capacity built for a stage [MW]; zero where nothing may be."""
        return self._built[asset, stage] if max(self.assets[asset].room.values()) > 0 else 0.0

    def _alive(self, asset: Asset, stage: int) -> list[int]:
        """Years of which what was built still stands in a stage; none where nothing may be built."""
        if max(asset.room.values()) == 0:
            return []
        return [v for v in self.case.stages if v <= stage and stage - v < self._cost(asset, v, "lifetime")]

    def added(self, asset: str, stage: int) -> Any:
        """Capacity built that stands in a stage [MW]."""
        return sum(self._built[asset, v] for v in self._alive(self.assets[asset], stage))

    def _write_energy(self, free: list[Asset]) -> None:
        """What stores can hold: by year of building where the duration is free, with age where they fade."""
        records, limits = self.assets.by_name, self._energy_limits
        sized = sorted(limits)
        self.assets.with_energy |= {a.name for a in free if a.fade > 0 and a.energy_hours > 0}
        self._energy_built = self.columns(
            "capacity/energy_built", sized, "MWh", "stored energy added in the stage, when new"
        )
        self._energy = self.columns(
            "capacity/energy", sorted(self.assets.with_energy), "MWh", "stored energy an asset can hold"
        )
        self.rows(
            "capacity/minimum_duration",
            sized,
            "MWh",
            "energy_built[a,v] >= minimum_duration[a] * built[a,v]",
            lambda a, v: self._energy_built[a, v] >= limits[a][0] * self._built[a, v],
        )
        self.rows(
            "capacity/maximum_duration",
            sized,
            "MWh",
            "energy_built[a,v] <= maximum_duration[a] * built[a,v]",
            lambda a, v: self._energy_built[a, v] <= limits[a][1] * self._built[a, v],
        )

        def usable(a: str, y: int) -> Any:
            asset = records[a]
            kept = 1.0 - asset.fade
            added = sum(kept ** (y - v) * self._new_energy(asset, v) for v in self._alive(asset, y))
            gone = kept ** (y - self.case.base_year) * asset.energy_hours * self.retired(a, y)
            return self._energy[a, y] - added + gone == asset.fixed_energy(y)

        self.rows(
            "capacity/usable_energy",
            sorted(self.assets.with_energy),
            "MWh",
            "energy[a,y] = fixed_energy[a,y] + sum(kept[a,y-v]*energy_built[a,v], v <= y, v alive) "
            "- kept[a,y-base]*duration[a]*retired[a,y]",
            usable,
        )

    def _new_energy(self, asset: Asset, year: int) -> Any:
        """Stored energy built in a stage, when new [MWh]."""
        if asset.name in self._energy_limits:
            return self._energy_built[asset.name, year]
        return asset.energy_hours * self._built[asset.name, year]

    def _cost(self, asset: Asset, year: int, item: str) -> float:
        return self.inputs.cost(asset.technology, year, item)

    def _write_costs(self, asset: Asset, stage: int) -> None:
        """Annuity of what was built, at the prices of its year, and fixed cost of all that stands [CNY/yr]."""
        name = f"investment/{asset.technology}"
        since = next((v for v in self.case.stages if asset.committed(v) > 0), stage)
        power_price, energy_price = self._annuities(asset, since)
        committed = max(asset.committed(stage), 0.0)
        self.cost(name, (power_price + energy_price * asset.energy_hours) * committed, stage)
        for year in self._alive(asset, stage):
            power_price, energy_price = self._annuities(asset, year)
            paid = power_price * self._built[asset.name, year] + energy_price * self._new_energy(asset, year)
            self.cost(name, paid, stage)
        fixed_om = self._cost(asset, stage, "fixed_om") * asset.cost_factor
        self.cost(f"fixed O&M/{asset.technology}", fixed_om * self.installed(asset.name, stage), stage)

    def _annuities(self, asset: Asset, year: int) -> tuple[float, float]:
        """Yearly payment for what is built in a year, per power [CNY/MW/yr] and per energy [CNY/MWh/yr]."""
        annuity = annuity_factor(self._cost(asset, year, "discount_rate"), self._cost(asset, year, "lifetime"))
        power = yearly_payment(self.inputs, asset.technology, year) * asset.cost_factor
        return power, annuity * self._cost(asset, year, "energy_investment")

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

    def having(self, column: str, zone: str = "") -> dict[str, str]:
        """What a column of words says of every asset whose table has it, in one zone if one is named.

        Returns:
            Word by asset, such as the side of a battery or the cycle of a store; assets without a word are left out.
        """
        words = {}
        for a in self.assets.by_name.values():
            rows = self.inputs[a.table]
            if column in rows.columns and rows.at[a.name, column] and (not zone or a.zone == zone):
                words[a.name] = str(rows.at[a.name, column])
        return words

    def group_capacity(self, group: str, stage: int, zone: str = "") -> Any:
        """Installed capacity of a group in a stage [MW]; a number or a linear expression."""
        return pyo.quicksum(self.installed(a, stage) for a in self.in_group(group, zone))
