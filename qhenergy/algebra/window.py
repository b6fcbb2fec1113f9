"""A window: the operation of a run of consecutive hours, given capacities and what came before.

    balance/energy        sum(coefficient[z,x] * x[t], x joined to z) = demand[z,t]   [MWh/h]
    <name>_limit          x[a,t] <= factor[a,t] * capacity[a]                         [unit of x]
    meter/<name>_reading  meter[<name>,m] = sum of what was metered in the window     [unit of the meter]

Technologies *join* the balance of a zone with a column and a constant coefficient; nobody edits the
balance. The list of joins is kept, so that the same list later adds up generation by technology and
recomputes the balance from the returned values. What else has a balance that anybody may join, such as
the water of a station or the hydrogen of a store, has a list of its own (`flow`, `feed`); its rows are written
by the technology it belongs to, once all have operated (`settle`). Two further lists are for clauses: which
synchronous machines turn (`turn`, see `algebra.strength`), and what could be raised or lowered at once
(`stand_by`, see `algebra.standby`).

`at` is the one place where a window meets its neighbours: a column of an hour before the first is a
column of the window that holds that hour, whatever it belongs to (levels, water on its way, ramps).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from qhenergy.algebra.assets import Assets
from qhenergy.algebra.block import SKIP, Block
from qhenergy.algebra.family import PLAN, Address, window_name
from qhenergy.algebra.feeds import Feeds
from qhenergy.algebra.joins import Feed, Flow, Import, Join, Potential, Vessel
from qhenergy.algebra.standby import Backing, Standby
from qhenergy.algebra.water import Waters
from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.periods.chronology import Chronology, Span

Series = Mapping[str, Mapping[str, NDArray[np.float64]]]


class Window(Block):
    """The block of one span of hours.

    Attributes:
        inputs, case, chronology, span: what it is about.
        assets: the register of the plan.
        hours: 0, 1, ... within the window: its steps, each of `step` hours.
        step: length of a step [h].
        month: month of each hour, 1 to 12.
        hour_of_day: hour of the day of each hour, 0 to 23.
        joins, flows, potentials, vessels, standbys, imports: what technologies said of their columns.
        turning: synchronous machines by asset: hour -> capacity that turns [MW].
        taken: demand of each sector by zone [MWh/h], where sectors are told apart; all of a zone are its demand.
        asked: what each send-out line is asked to send in every hour [MW], whether it does or not.
        uses: what loads take that may be part of the demand of their zone: hour -> its parts [MWh].
    """

    def __init__(
        self,
        inputs: Inputs,
        case: Case,
        chronology: Chronology,
        span: Span,
        assets: Assets,
        series: Series,
        month: Sequence[int],
        hour_of_day: Sequence[int],
    ) -> None:
        super().__init__(window_name(span.index), range(len(span)))
        self.inputs = inputs
        self.case = case
        self.chronology = chronology
        self.span = span
        self.stage = span.stage
        self.assets = assets
        self.hours = list(range(len(span)))
        self.step = case.time.step
        self.month = list(month)
        self.hour_of_day = list(hour_of_day)
        self._series = series
        self.joins: list[Join] = []
        self.flows = Waters(self)
        self.potentials: list[Potential] = []
        self.standbys: list[Standby] = []
        self.turning: dict[str, list[Callable[[int], Any]]] = {}
        self.vessels: list[Vessel] = []
        self.imports: list[Import] = []
        self.taken: dict[str, Mapping[str, Sequence[float]]] = {}
        self.asked: dict[str, Sequence[float]] = {}
        self.uses: dict[str, list[Callable[[int], Any]]] = {}
        self._balance: dict[str, list[tuple[float, Any, str]]] = {z: [] for z in inputs["zones"].index}
        self._demand: dict[str, Sequence[float]] = {}
        self._meters: dict[str, dict[str, list[Any]]] = {}
        self._meter_units: dict[str, str] = {}
        self._signed_meters: set[str] = set()
        self._accounts: dict[str, list[Any]] = {}
        self._by_hour: dict[str, list[Callable[[int], Any]]] = {}
        self.feeds = Feeds()

    @property
    def opens_stage(self) -> bool:
        """Whether it is the first window of its stage."""
        return self.chronology.of_stage(self.stage)[0].index == self.span.index

    @property
    def closes_stage(self) -> bool:
        """Whether it is the last window of its stage."""
        return self.chronology.of_stage(self.stage)[-1].index == self.span.index

    def steps(self, hours: float) -> int:
        """Steps that last some hours at least, and one at least."""
        return max(math.ceil(hours / self.step), 1)

    def passed_of_day(self, hour: int) -> int:
        """Steps of its day that have passed at the end of a step."""
        per_hour = self.case.time.steps_per_hour
        return self.hour_of_day[hour] * per_hour + int(self.span.hours[hour]) % per_hour + 1

    def series(self, name: str) -> Mapping[str, list[float]]:
        """An hourly series of the window by member, as plain floats."""
        return {member: values.tolist() for member, values in self._series.get(name, {}).items()}

    def in_service(self, table: str) -> list[str]:
        """Assets of a table that can be there in the stage of the window."""
        return self.assets.of_table(table, self.stage)

    def capacity(self, asset: str) -> Any:
        """Capacity of an asset [MW]: a number if it is decided, else the plan's column."""
        record = self.assets[asset]
        if record.decided(self.stage):
            return record.fixed[self.stage]
        return self.port(Address(PLAN, "capacity/installed", asset, self.stage))

    def energy_capacity(self, asset: str) -> Any:
        """Stored energy an asset can hold [MWh]: a number if it is decided, else in columns of the plan."""
        if asset in self.assets.with_energy:
            return self.port(Address(PLAN, "capacity/energy", asset, self.stage))
        record = self.assets[asset]
        if record.decided(self.stage):
            return record.fixed_energy(self.stage)
        return record.energy_hours * self.capacity(asset)

    def limited(
        self,
        name: str,
        assets: Sequence[str],
        unit: str,
        meaning: str,
        factor: Callable[[str, int], float],
        limit: Callable[[str], Any] | None = None,
    ) -> Any:
        """Columns between zero and a factor times the capacity of their asset.

        Where the capacity is a number the limit is a bound of the column; where it is a column of
        the plan it is a row `<name>_limit`, so that its dual goes to the plan.

        Args:
            name: name of the family.
            assets: members.
            unit: inside unit.
            meaning: one line.
            factor: (asset, hour) -> share of the capacity.
            limit: asset -> what is shared; the capacity if None.

        Returns:
            The Pyomo variable, indexed `[asset, hour]`.
        """
        limits = {a: (limit or self.capacity)(a) for a in assets}
        decided = {a for a in assets if isinstance(limits[a], (int, float))}

        def upper(a: str, t: int) -> float | None:
            # A hair below zero can come out of products of zero with negative rounding.
            return max(factor(a, t) * limits[a], 0.0) if a in decided else None

        variable = self.columns(name, assets, unit, meaning, upper=upper)
        short = name.rsplit("/", 1)[-1]
        self.rows(
            f"{name}_limit",
            [a for a in assets if a not in decided],
            unit,
            f"{short}[a,t] <= factor[a,t] * capacity[a]",
            lambda a, t: variable[a, t] - factor(a, t) * limits[a] <= 0,
        )
        return variable

    def at(self, family: str, variable: Any, member: str, hour: int) -> Any:
        """The column of an hour that may lie before the window.

        Args:
            family: name of the family of the column.
            variable: the Pyomo variable of this window.
            member: first index.
            hour: hour counted from the start of the window; may be negative.

        Returns:
            A column of this window or a port to one of an earlier window.
        """
        if hour >= 0:
            return variable[member, hour]
        span, number = self.chronology.before(self.span, hour)
        if span.index == self.span.index:
            return variable[member, number]
        return self.port(Address(window_name(span.index), family, member, number))

    def join(
        self,
        zone: str,
        family: str,
        variable: Any,
        member: str,
        coefficient: float,
        role: str,
        technology: str,
        asset: str | None = None,
        unit: str = "MW",
    ) -> None:
        """Let a family's member take part in the balance of a zone, in every hour.

        Args:
            zone: zone whose balance it joins.
            family, variable, member: the column.
            coefficient: MWh that the zone gains per unit of the column and hour.
            role, technology, asset: see `Join`; the asset is the member if None.
            unit: what the coefficient is per; must be the unit of the family.

        Raises:
            ValueError: the zone is not known, or the coefficient is per another unit than the family has.
        """
        if zone not in self._balance:
            raise ValueError(f'{family}[{member}] joins zone "{zone}", which is not in zones.csv')
        if unit != self.families[family].unit:
            raise ValueError(f"{family}[{member}] is in {self.families[family].unit}; it joins the balance per {unit}")
        self._balance[zone].append((coefficient, variable, member))
        self.joins.append(Join(zone, family, member, coefficient, role, technology, asset or member))

    def flow(self, station: str, family: str, member: str, coefficient: float, role: str, delay: float = 0.0) -> None:
        """Let a family's member take part in the water balance of a station; see `Flow`."""
        if family not in self.families:
            raise ValueError(f"{family}[{member}] joins the water of {station}, but no such family is declared")
        self.flows.add(Flow(station, family, member, coefficient, role, delay))

    def offer(self, potential: Potential) -> None:
        """Say what sun or wind offered an asset, so that curtailment can be counted."""
        self.potentials.append(potential)

    def hold(self, vessel: Vessel) -> None:
        """Say how a store fills and empties, so that its content can be told apart by origin."""
        self.vessels.append(vessel)

    def turn(self, asset: str, online: Callable[[int], Any]) -> None:
        """Say how much of an asset's synchronous machines turns in an hour: hour -> linear expression [MW]."""
        self.turning.setdefault(asset, []).append(online)

    def stand_by(
        self,
        asset: str,
        direction: str,
        *terms: tuple[str, str, float],
        share: float = 0.0,
        series: str = "",
        backing: Backing | None = None,
    ) -> None:
        """Say what an asset could raise (`up`) or lower (`down`) at once; see `Standby`."""
        a = self.assets[asset]
        self.standbys.append(Standby(asset, a.technology, a.zone, direction, terms, share, series, backing))

    def demand(self, zone: str, values: Sequence[float], taken: Mapping[str, Sequence[float]] | None = None) -> None:
        """Set the right-hand side of a zone's balance, and say what each sector takes of it [MWh/h]."""
        self._demand[zone], self.taken[zone] = values, taken or {}

    def feed(self, balance: str, member: str, by_hour: Callable[[int], Any]) -> None:
        """Let an expression flow into an open balance that is not a zone's, such as the `hydrogen` of a store."""
        self.feeds.add(Feed(balance, member), by_hour)

    def pour(self, part: Feed) -> None:
        """Let a column flow into an open balance that is not a zone's."""
        variable, k = self.model.component(part.family), part.coefficient
        factor = self.series(part.series)[part.column] if part.series else [1.0] * len(self.hours)
        self.feeds.add(part, lambda t: k * factor[t] * variable[part.column, t])

    def fed(self, balance: str, member: str, hour: int) -> Any:
        """All that flows into an open balance in an hour; to be asked when all technologies have operated."""
        return self.feeds.at(balance, member, hour)

    def account(self, name: str, expression: Any, by_hour: Callable[[int], Any] | None = None) -> None:
        """Add to a sum over the window that clauses may ask for.

        Args:
            name: `co2` for all CO2 [t]; `co2_import` for the part of it that ties bring in.
            expression: what is added to the sum.
            by_hour: hour -> the part of it that falls in the hour, where it has hours.
        """
        self._accounts.setdefault(name, []).append(expression)
        if by_hour is not None:
            self._by_hour.setdefault(name, []).append(by_hour)

    def accounted(self, name: str) -> Any:
        """What was added to an account so far; zero if nothing was."""
        return pyo.quicksum(self._accounts.get(name, []))

    def accounted_at(self, name: str, hour: int) -> Any:
        """What was added to an account of an hour, by those who said what falls in it."""
        return pyo.quicksum(by_hour(hour) for by_hour in self._by_hour.get(name, []))

    def imported(self, hour: int, having: Callable[[Import], bool] = lambda _: True) -> Any:
        """What ties bring in in an hour, all or those of a kind [MWh]."""
        brought = (i for i in self.imports if having(i))
        return pyo.quicksum(self.model.component(i.family)[i.member, hour] for i in brought)

    def joined(self, role: str, hour: int) -> Any:
        """What all columns of a role give their zones in an hour [MWh]."""
        of_role = (j for j in self.joins if j.role == role)
        return pyo.quicksum(j.coefficient * self.model.component(j.family)[j.member, hour] for j in of_role)

    def demanded(self, hour: int) -> float:
        """Demand of all zones in an hour, served or not [MWh]."""
        return float(sum(values[hour] for values in self._demand.values()))

    def cost(self, name: str, expression: Any, stage: int = 0) -> None:
        """Add to a named cost [CNY/h], summed over the hours of the window; it is of the stage of the window."""
        super().cost(name, expression, stage or self.stage)

    def cost_of_events(self, name: str, expression: Any) -> None:
        """Add what is paid each time and not by the hour, such as starts [CNY]: the weight counts hours."""
        self.cost(name, expression / self.step)

    def meter(self, name: str, member: str, unit: str, expression: Any, signed: bool = False) -> None:
        """Read a sum over the window into a column, so that rows of the plan can speak of it.

        The plan sums the column over the windows of a stage with `Plan.yearly(name, member, stage)`.

        Args:
            name, member, unit: of the column.
            expression: what is added to the sum.
            signed: whether the sum may be negative; said of all members of the meter or of none.
        """
        if signed:
            self._signed_meters.add(name)
        self._meters.setdefault(name, {}).setdefault(member, []).append(expression)
        self._meter_units[name] = unit

    def generation_of(self, technologies: set[str], hours: Sequence[int]) -> Any:
        """Energy that assets of some technologies generate in some hours of the window [MWh]."""
        return pyo.quicksum(
            join.coefficient * self.model.component(join.family)[join.member, t]
            for join in self.joins
            if join.role == "generation" and join.technology in technologies
            for t in hours
        )

    def close(self) -> None:
        """Write balances and meters, then the costs with the weight of the window."""
        zones = list(self._balance)

        def balance(zone: str, t: int) -> Any:
            if not self._balance[zone]:
                # Nothing supplies or takes anything here; where there is demand, unserved demand joins.
                return SKIP
            terms = [coefficient * variable[member, t] for coefficient, variable, member in self._balance[zone]]
            return pyo.quicksum(terms) == self._demand.get(zone, [0.0] * len(self.hours))[t]

        self.rows(
            "balance/energy", zones, "MWh/h", "sum(coefficient[z,x] * x[t], x joined to z) = demand[z,t]", balance
        )
        for name, members in self._meters.items():
            unit = self._meter_units[name]
            # What is metered is mostly never negative; said as a bound, it lets presolve see a sum of nothing for
            # what it is, where an interior point would find no interior.
            lower = None if name in self._signed_meters else 0.0
            column = self.columns(f"meter/{name}", members, unit, f"{name} of the window", lower=lower, numbers=[0])
            self.rows(
                f"meter/{name}_reading",
                members,
                unit,
                f"meter[{name},m] = sum of what was metered in the window",
                lambda m, _, column=column, members=members: column[m, 0] - pyo.quicksum(members[m]) == 0,
                numbers=[0],
            )
        weight = self.span.weight
        self.costs = {key: [weight * pyo.quicksum(terms)] for key, terms in self.costs.items()}
        super().close()
