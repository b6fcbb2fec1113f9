"""What all parts of the model share: the tables, the assets of the year, prices, and the model with what joins it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from scalar.clock import DAYS, Clock, stretched, yearly_value

#: Tables whose rows are assets with a capacity of the plan.
FLEETS = (
    *("solar", "wind", "csp", "hydro_stations", "hydro_hubs", "small_hydro", "pumped_storage", "batteries"),
    *("compressed_air", "hydrogen_stores", "electrolysers", "thermal", "corridors", "sections"),
    *("liquid_fuel_plants", "electric_heaters", "geothermal_heat", "heat_stores"),
)


class System:
    """The model with what its parts read and add to.

    Attributes:
        inputs, case, weather, clock: what it is about.
        year: the stage.
        years: water years of the run.
        year_month: month of every hour of one year.
        m: the model; hours are `m.T`.
        costs: named costs, each a list of terms.
        asset: row of every asset by key.
        fleet: assets by table, those alone that stand or can be built.
        committed, room, stands: capacity that is committed, that can be built, and that is there before anything is
            decided.
        retirable: assets that may go before their time.
        changeable: assets whose capacity can change.
        free_energy: stores of which energy and power are built apart.
        kept: share of its energy that a store keeps a year; `aged`: what is left of that of all that stands [MWh];
            `fading`: those that lose some and can change.
        gets: what joined each zone: (column, member, MWh per unit).
        generated: columns that generate, by technology: (column, asset, MWh per unit).
        emitting: what emits: (column, member, tonnes per unit).
        converted: electricity that turns into heat or fuel: (column, member, MWh per unit).
        offers: what sun and wind offer and what is used of it: (technology, hour -> MWh, hour -> MWh).
        direct: row of every line in service that sends out.
        demand: of each zone and hour.
        asked: strictness and penalty of every clause of the case.
    """

    def __init__(self, inputs: Inputs, case: Case, weather: dict[str, pd.DataFrame], clock: Clock) -> None:
        self.inputs, self.case, self.weather, self.clock = inputs, case, weather, clock
        self.year: int = case.stages[0]
        self.years = [case.water.year] if isinstance(case.water.year, str) else list(case.water.year)
        hours = len(weather["hydro/inflow"]) // len(self.years)
        self.year_month = np.repeat(np.arange(1, 13), [24 * d for d in DAYS])[:hours]
        self.m = pyo.ConcreteModel()
        self.m.T = pyo.Set(initialize=list(clock.all))
        self.costs: dict[str, list] = {}
        self.gets: dict[str, list] = {z: [] for z in inputs["zones"].index}
        self.generated: dict[str, list] = {}
        self.emitting: list = []
        self.converted: list = []
        self.offers: list = []
        self.direct: dict[str, pd.Series] = {}
        self.demand: dict[tuple[str, int], float] = {}
        asked = {
            c: r
            for (s, c), r in inputs["target_sets"].iterrows()
            if s == case.targets.set and not r["until"] < self.year
        }
        asked = {c: (case.targets.clauses.get(c, r["strictness"]), r["penalty"]) for c, r in asked.items()}
        self.asked: dict[str, tuple[str, float]] = {c: a for c, a in asked.items() if a[0] != "off"}
        self.asset: dict[str, pd.Series] = {}
        self.fleet: dict[str, list[str]] = {}
        for table in FLEETS:
            rows = self._known(table)
            self.asset |= {str(a): r for a, r in rows.iterrows()}
            self.fleet[table] = [str(a) for a in rows.index]
        self._read_capacities()

    def _known(self, table: str) -> pd.DataFrame:
        """Rows of a table that are inside the system and not before what they need."""
        rows, stations = self.inputs[table], self.inputs["hydro_stations"]

        def in_service(station: str) -> bool:
            return station == "" or stations.at[station, "in_service_year"] <= self.year

        if table == "hydro_stations":
            return rows[rows["zone"] != ""]
        if table == "hydro_hubs":
            needs = ("upper", "lower", "prerequisite")
            return rows[[all(in_service(str(r[w])) for w in needs) for _, r in rows.iterrows()]]
        if table == "pumped_storage":
            return rows[[in_service(str(i)) for i in rows["lower_station"]]]
        if table == "sections":
            # What may be added to a limit; what stands of it is a number.
            return rows[rows["room"] > 0].assign(zone="", existing=0.0, committed=0.0, committed_year=math.nan)
        return rows

    def _read_capacities(self) -> None:
        asset, y, base = self.asset, self.year, self.case.base_year
        self.committed = {a: r["committed"] if not r["committed_year"] > y else 0.0 for a, r in asset.items()}
        lead = self.inputs["technologies"]["lead_time"]
        opens = {a: max(base + lead[r["technology"]], np.nan_to_num(r["earliest_year"])) for a, r in asset.items()}
        self.room = {a: r["room"] if opens[a] <= y else 0.0 for a, r in asset.items()}
        self.stands = {a: r["existing"] + self.committed[a] for a, r in asset.items()}
        self.retirable = [a for a, r in asset.items() if r.get("retirable", "no") == "yes"]
        self.changeable = {a for a in asset if self.room[a] > 0 or a in self.retirable}
        self.free_energy = [a for a, r in asset.items() if math.isnan(r.get("duration", 0.0)) and self.room[a] > 0]
        # What exists has aged since the base year, what is committed since its own; what is built now is new.
        kept = self.kept = {a: 1.0 - r.get("fade", 0.0) for a, r in asset.items()}
        age = {a: y - (base if math.isnan(r["committed_year"]) else r["committed_year"]) for a, r in asset.items()}
        self.aged = {
            a: r["duration"] * (r["existing"] * kept[a] ** (y - base) + self.committed[a] * kept[a] ** age[a])
            for a, r in asset.items()
            if not math.isnan(r.get("duration", math.nan))
        }
        self.fading = [a for a in self.aged if a in self.changeable and kept[a] < 1]
        self.fleet = {t: [a for a in names if self.stands[a] + self.room[a] > 0] for t, names in self.fleet.items()}

    # ---------------------------------------------------------------- prices and series
    def value(self, table: str, key: str, item: str) -> float:
        """A value of the year of a table by key and year."""
        return yearly_value(self.inputs[table].loc[key], self.year, item)

    def price(self, technology: str, item: str) -> float:
        """An item of the costs of a technology."""
        return self.value("costs", technology, item)

    def annuity(self, technology: str) -> float:
        """What is paid every year for each CNY of an investment."""
        rate, years = self.price(technology, "discount_rate"), self.price(technology, "lifetime")
        return rate * (1 + rate) ** years / ((1 + rate) ** years - 1)

    def laid_by(self, technology: str) -> float:
        """What is put aside every year for the end, as seen from the day it is due."""
        rate, years = self.price(technology, "discount_rate"), int(self.price(technology, "lifetime"))
        return self.price(technology, "end_of_life") / sum((1 + rate) ** n for n in range(years))

    def series(self, name: str, limit: float | None) -> dict[tuple[str, int], float]:
        """A weather series by member and modelled hour; `limit` is the most a value can be."""
        frame = self.weather[name]
        made = {a: stretched(frame[a].to_numpy(dtype=float), self.clock, limit) for a in frame.columns}
        return {(str(a), h): float(v[h]) for a, v in made.items() for h in self.clock.all}

    def even(self, yearly: float) -> dict[int, float]:
        """An amount of the year, the same in every hour."""
        values = stretched(np.full(8760, yearly / 8760), self.clock, None)
        return {h: float(values[h]) for h in self.clock.all}

    # ---------------------------------------------------------------- columns, limits and costs
    def hourly(self, name: str, members: list[str], **options: object) -> pyo.Var:
        """Columns of members and hours, not below zero unless the options say so."""
        variable = pyo.Var(members, self.m.T, **({"within": pyo.NonNegativeReals} | options))
        setattr(self.m, name, variable)
        return variable

    def rows(self, name: str, members: list[str], rule: Callable) -> None:
        """Rows of members and hours whose name is put together."""
        setattr(self.m, name, pyo.Constraint(members, self.m.T, rule=rule))

    def limit(self, name: str, members: list[str], most: Callable[[str, int], object]) -> None:
        """An upper limit of columns, as rows."""
        variable = getattr(self.m, name)
        self.rows(f"{name}_limit", members, lambda m, a, h: variable[a, h] <= most(a, h))

    def rated(self, a: str, h: int) -> object:
        """Capacity of an asset, a limit of every hour."""
        return self.m.capacity_installed[a]

    def ramps(self, name: str, column: pyo.Var, members: list[str], share: dict[str, float]) -> None:
        """Most that a column rises and falls from hour to hour, in shares of the capacity."""

        def rise(a: str, h: int) -> object:
            return column[a, h] - column[a, self.clock.back(h, 1)]

        self.rows(f"{name}_ramp_up", members, lambda m, a, h: rise(a, h) <= share[a] * m.capacity_installed[a])
        self.rows(f"{name}_ramp_down", members, lambda m, a, h: -rise(a, h) <= share[a] * m.capacity_installed[a])

    def year_sum(self, expression: Callable[[int], object]) -> object:
        """Sum over the real hours of a year of what a function gives for a modelled hour."""
        return sum(self.clock.omega(h) * expression(h) for h in self.clock.all)

    def lately(self, column: pyo.Var, a: str, h: int, hours: float) -> object:
        """Sum of a column over some hours up to one, and of one hour at least."""
        return sum(column[a, self.clock.back(h, n)] for n in range(max(1, math.ceil(hours))))

    def pay(self, name: str, expression: object) -> None:
        """Add a term to a named cost."""
        self.costs.setdefault(name, []).append(expression)

    def pay_variable(self, a: str, column: pyo.Var, per: float = 1.0) -> None:
        """Pay the variable O&M of what a column of an asset gives; `per` is MWh per unit."""
        technology = self.asset[a]["technology"]
        om = self.price(technology, "variable_om") * per
        self.pay(f"variable O&M/{technology}", om * self.year_sum(lambda h: column[a, h]))

    def generate(self, a: str, column: pyo.Var, mwh: float = 1.0) -> None:
        """Let an asset generate into its zone."""
        self.gets[self.asset[a]["zone"]].append((column, a, mwh))
        self.generated.setdefault(self.asset[a]["technology"], []).append((column, a, mwh))
        self.pay_variable(a, column, mwh)

    def convert(self, zone: str, column: pyo.Var, member: str, mwh: float) -> None:
        """Take electricity from a zone that turns into heat or fuel."""
        self.gets[zone].append((column, member, -mwh))
        self.converted.append((column, member, mwh))

    # ---------------------------------------------------------------- what others ask
    def cost(self, name: str) -> float:
        """Value of a named cost at the values the columns have."""
        return float(pyo.value(sum(self.costs.get(name, []))))

    def members(self, group: str) -> list[str]:
        """Technologies of a group."""
        return [t for g, t in self.inputs["groups"].index if g == group]

    def places(self, group: str, zone: str = "") -> dict[str, pd.Series]:
        """Rows of the assets of a group, in one zone or all."""
        own = self.members(group)
        return {
            a: r
            for a, r in self.asset.items()
            if r["technology"] in own and zone in ("", r.get("zone", r.get("from_zone")))
        }

    def capacity(self, group: str, zone: str = "") -> object:
        """Capacity of a group, in one zone or all."""
        return sum(self.m.capacity_installed[a] for a in self.places(group, zone))

    def co2(self) -> object:
        """All CO2 of the year."""
        return self.year_sum(lambda h: sum(tonnes * column[a, h] for column, a, tonnes in self.emitting))
