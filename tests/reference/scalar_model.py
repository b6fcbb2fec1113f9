"""The model once more, as one plain Pyomo model over all modelled hours: a second opinion.

Nothing here knows of blocks, windows, ports, joins, meters or levels counted from the start of a window.
It is written from the algebra in the docstrings and from the physics behind it. Two things alone are
shared with the program: the reader of the input tables, and the weather series.

Every asset has a column for its capacity, fixed where nothing can change it, and every limit is a row.
Stores that are carried over real periods meet their limits in every hour of every real period, each row
written out; the program writes one row a period, with the lowest and the highest level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs

#: Tables whose rows are assets with a capacity of the plan, and tables whose rows are clauses.
FLEETS = (
    *("solar", "wind", "csp", "hydro_stations", "hydro_hubs", "small_hydro", "pumped_storage", "batteries"),
    *("compressed_air", "hydrogen_stores", "electrolysers", "thermal", "corridors", "sections"),
    *("liquid_fuel_plants", "electric_heaters", "geothermal_heat", "heat_stores"),
)
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Clock:
    """The modelled hours, one after the other.

    Attributes:
        hours: modelled hours, counted through all years of the run.
        year: which year of the run each lies in.
        window: which run of hours each belongs to.
        weight: what an hour of each window stands for.
        month, hour_of_day: calendar of each modelled hour.
        sequence: for representative periods, which window stands for each real period; else empty.
    """

    hours: list[int]
    year: list[int]
    window: list[int]
    weight: list[float]
    month: list[int]
    hour_of_day: list[int]
    sequence: list[int] = field(default_factory=list)

    @property
    def all(self) -> range:
        """Positions of the modelled hours."""
        return range(len(self.hours))

    def within(self, k: int) -> list[int]:
        """Positions of the hours of a window."""
        return [h for h in self.all if self.window[h] == k]

    def back(self, h: int, by: int) -> int:
        """The hour so many hours before; the year, or a representative period, is a circle."""
        if not self.sequence:
            return (h - by) % len(self.hours)
        own = self.within(self.window[h])
        return own[(h - own[0] - by) % len(own)]

    def omega(self, h: int) -> float:
        """Real hours that a modelled hour stands for."""
        return self.weight[self.window[h]]


@dataclass
class Scalar:
    """The model with its named costs and the keys of assets whose capacity can change."""

    model: pyo.ConcreteModel
    costs: dict[str, list]
    changeable: set[str]

    def cost(self, name: str) -> float:
        """Value of a named cost at the values the columns have."""
        return float(pyo.value(sum(self.costs.get(name, []))))


def yearly_value(rows: pd.DataFrame, year: int, column: str) -> float:
    """A value between the years of a table, on a straight line."""
    points = sorted((int(y), float(v)) for y, v in rows[column].items())
    if year <= points[0][0]:
        return points[0][1]
    for (a, low), (b, high) in pairwise(points):
        if year <= b:
            return low + (high - low) * (year - a) / (b - a)
    return points[-1][1]


def stretched(values: np.ndarray, clock: Clock, limit: float | None) -> np.ndarray:
    """A member's modelled hours, times the one factor that gives the sum of its year.

    A period that stands for itself alone is an extreme one and keeps what it has.

    Args:
        values: of the whole year.
        clock: which hours are modelled.
        limit: most a value can be, or None.
    """
    part = values[clock.hours].copy()
    if not clock.sequence:
        return part
    weights = np.array([clock.omega(h) for h in clock.all])
    moves = np.array([clock.sequence.count(k) > 1 for k in clock.window])
    if not (part * moves).any():
        return part

    def times(factor: float) -> np.ndarray:
        return np.where(moves, np.minimum(part * factor, math.inf if limit is None else limit), part)

    low, high = 0.0, 1e3
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if (weights * times(middle)).sum() < values.sum() else (low, middle)
    return times(high)


def build(inputs: Inputs, case: Case, weather: dict[str, pd.DataFrame], clock: Clock) -> Scalar:
    """Write the model.

    Args:
        inputs: the tables.
        case: stage, base year, water year, targets, scenario of send-out.
        weather: availability of sun and wind, heat of the fields, inflow; hours of all years x members.
        clock: the modelled hours.
    """
    y = case.stages[0]
    m = pyo.ConcreteModel()
    costs: dict[str, list] = {}

    def pay(name: str, expression: object) -> None:
        costs.setdefault(name, []).append(expression)

    def price(technology: str, item: str) -> float:
        return yearly_value(inputs["costs"].loc[technology], y, item)

    def annuity(technology: str) -> float:
        rate, years = price(technology, "discount_rate"), price(technology, "lifetime")
        return rate * (1 + rate) ** years / ((1 + rate) ** years - 1)

    def laid_by(technology: str) -> float:
        """What is put aside every year for the end, as seen from the day it is due."""
        rate, years = price(technology, "discount_rate"), int(price(technology, "lifetime"))
        return price(technology, "end_of_life") / sum((1 + rate) ** n for n in range(years))

    def series(name: str, limit: float | None) -> dict[tuple[str, int], float]:
        frame = weather[name]
        made = {a: stretched(frame[a].to_numpy(dtype=float), clock, limit) for a in frame.columns}
        return {(str(a), h): float(v[h]) for a, v in made.items() for h in clock.all}

    def year_sum(expression) -> object:
        """Sum over the real hours of a year of what a function gives for a modelled hour."""
        return sum(clock.omega(h) * expression(h) for h in clock.all)

    windows = sorted(set(clock.window))
    years = [case.water.year] if isinstance(case.water.year, str) else list(case.water.year)
    #: months of the hours of one year
    year_month = np.repeat(np.arange(1, 13), [24 * d for d in DAYS])[: len(weather["hydro/inflow"]) // len(years)]
    m.T = pyo.Set(initialize=list(clock.all))

    # ---------------------------------------------------------------- capacities
    def in_service(station: str) -> bool:
        return station == "" or inputs["hydro_stations"].at[station, "in_service_year"] <= y

    asset: dict[str, pd.Series] = {}
    fleet: dict[str, list[str]] = {}
    for table in FLEETS:
        rows = inputs[table]
        if table == "hydro_stations":
            rows = rows[rows["zone"] != ""]
        if table == "hydro_hubs":
            rows = rows[
                [all(in_service(str(r[w])) for w in ("upper", "lower", "prerequisite")) for _, r in rows.iterrows()]
            ]
        if table == "pumped_storage":
            rows = rows[[in_service(str(i)) for i in rows["lower_station"]]]
        if table == "sections":
            # What may be added to a limit; what stands of it is a number.
            rows = rows[rows["room"] > 0].assign(zone="", existing=0.0, committed=0.0, committed_year=math.nan)
        asset |= {str(a): r for a, r in rows.iterrows()}
        fleet[table] = [str(a) for a in rows.index]
    committed = {a: r["committed"] if not r["committed_year"] > y else 0.0 for a, r in asset.items()}
    room = {a: r["room"] if not r["earliest_year"] > y else 0.0 for a, r in asset.items()}
    stands = {a: r["existing"] + committed[a] for a, r in asset.items()}
    retirable = [a for a, r in asset.items() if r.get("retirable", "no") == "yes"]
    changeable = {a for a in asset if room[a] > 0 or a in retirable}
    free_energy = [a for a, r in asset.items() if math.isnan(r.get("duration", 0.0)) and room[a] > 0]
    # What exists has aged since the base year, what is committed since its own; what is built now is new.
    kept = {a: 1.0 - r.get("fade", 0.0) for a, r in asset.items()}
    age = {
        a: y - (case.base_year if math.isnan(r["committed_year"]) else r["committed_year"]) for a, r in asset.items()
    }
    aged = {
        a: r["duration"] * (r["existing"] * kept[a] ** (y - case.base_year) + committed[a] * kept[a] ** age[a])
        for a, r in asset.items()
        if not math.isnan(r.get("duration", math.nan))
    }
    fading = [a for a in aged if a in changeable and kept[a] < 1]
    fleet = {t: [a for a in names if stands[a] + room[a] > 0] for t, names in fleet.items()}

    m.capacity_built = pyo.Var([a for a in asset if room[a] > 0], bounds=lambda _, a: (0, room[a]))
    m.capacity_retired = pyo.Var(retirable, bounds=lambda _, a: (0, asset[a]["existing"]))
    m.capacity_installed = pyo.Var(list(asset), within=pyo.NonNegativeReals)
    m.capacity_energy_built = pyo.Var(free_energy, within=pyo.NonNegativeReals)
    m.capacity_energy = pyo.Var(free_energy + fading, within=pyo.NonNegativeReals)

    @m.Constraint([a for a in asset if a in changeable])
    def capacity_balance(m, a):
        built = m.capacity_built[a] if room[a] > 0 else 0.0
        retired = m.capacity_retired[a] if a in retirable else 0.0
        return m.capacity_installed[a] == stands[a] + built - retired

    for a in asset:
        if a not in changeable:
            m.capacity_installed[a].fix(stands[a])

    # A retrofit takes the place of what is retired; what must not go alone is retired for nothing else.
    taker = {a: str(r["replaces"]) for a, r in asset.items() if r.get("replaces", "")}
    alone = [a for a in retirable if asset[a].get("replaced_only", "no") == "yes"]

    def in_place_of(m, a):
        return sum(committed[b] + (m.capacity_built[b] if room[b] > 0 else 0.0) for b, old in taker.items() if old == a)

    @m.Constraint([a for a in retirable if a in taker.values() and a not in alone])
    def thermal_replacement(m, a):
        return in_place_of(m, a) <= m.capacity_retired[a]

    @m.Constraint(alone)
    def thermal_replaced_only(m, a):
        return in_place_of(m, a) == m.capacity_retired[a]

    @m.Constraint(free_energy)
    def capacity_minimum_duration(m, a):
        return m.capacity_energy_built[a] >= asset[a]["minimum_duration"] * m.capacity_built[a]

    @m.Constraint(free_energy)
    def capacity_maximum_duration(m, a):
        return m.capacity_energy_built[a] <= asset[a]["maximum_duration"] * m.capacity_built[a]

    @m.Constraint(free_energy + fading)
    def capacity_usable_energy(m, a):
        if a in free_energy:
            return m.capacity_energy[a] == m.capacity_energy_built[a]
        built = asset[a]["duration"] * m.capacity_built[a] if room[a] > 0 else 0.0
        gone = 0.0
        if a in retirable:
            gone = asset[a]["duration"] * kept[a] ** (y - case.base_year) * m.capacity_retired[a]
        return m.capacity_energy[a] == aged[a] + built - gone

    for a, r in asset.items():
        technology = r["technology"]
        per = r["length"] / 100 if "length" in r else 1.0
        hours = r.get("duration", 0.0)
        hours = 0.0 if math.isnan(hours) else hours
        new = committed[a] + (m.capacity_built[a] if room[a] > 0 else 0.0)
        power = price(technology, "investment") * per + price(technology, "energy_investment") * hours
        pay(f"investment/{technology}", (annuity(technology) * power + laid_by(technology) * per) * new)
        if a in free_energy:
            energy = price(technology, "energy_investment") * m.capacity_energy_built[a]
            pay(f"investment/{technology}", annuity(technology) * energy)
        pay(f"fixed O&M/{technology}", price(technology, "fixed_om") * per * m.capacity_installed[a])

    # ---------------------------------------------------------------- columns of the hours
    def hourly(name: str, members: list[str], **options) -> pyo.Var:
        variable = pyo.Var(members, m.T, **({"within": pyo.NonNegativeReals} | options))
        setattr(m, name, variable)
        return variable

    def limit(name: str, members: list[str], most) -> None:
        variable = getattr(m, name)
        rule = lambda m, a, h: variable[a, h] <= most(a, h)  # noqa: E731
        setattr(m, f"{name}_limit", pyo.Constraint(members, m.T, rule=rule))

    def rated(a: str, h: int) -> object:
        return m.capacity_installed[a]

    #: what each zone gets: zone -> list of (column, MWh per unit)
    gets: dict[str, list] = {z: [] for z in inputs["zones"].index}
    #: output to the grid by technology
    generated: dict[str, list] = {}
    #: tonnes per unit of a column
    emitting: list = []
    #: MWh of electricity that turn into heat or fuel per unit of a column
    converted: list = []
    #: technology, offered(h), used(h) of what the weather offers [MWh]
    offers: list = []

    def generate(a: str, column: pyo.Var, mwh: float = 1.0) -> None:
        technology = asset[a]["technology"]
        gets[asset[a]["zone"]].append((column, a, mwh))
        generated.setdefault(technology, []).append((column, a, mwh))
        om = price(technology, "variable_om") * mwh
        pay(f"variable O&M/{technology}", om * year_sum(lambda h: column[a, h]))

    # ---------------------------------------------------------------- sun and wind
    for table in ("solar", "wind"):
        factor = series(f"{table}/availability", 1.0)
        output = hourly(f"{table}_output", fleet[table])
        limit(f"{table}_output", fleet[table], lambda a, h, f=factor: f[a, h] * m.capacity_installed[a])
        for a in fleet[table]:
            generate(a, output)
            offers.append(
                (
                    asset[a]["technology"],
                    lambda h, a=a, f=factor: f[a, h] * m.capacity_installed[a],
                    lambda h, a=a, o=output: o[a, h],
                )
            )

    # ---------------------------------------------------------------- concentrating solar power
    plants = fleet["csp"]
    field_heat = series("csp/field_heat", None)
    eta = {a: asset[a]["turbine_efficiency"] for a in plants}
    # Design heat of the turbine is capacity / eta; the field's is that times the solar multiple.
    design = {a: asset[a]["solar_multiple"] / eta[a] for a in plants}
    hourly("csp_collected", plants)
    hourly("csp_output", plants)
    hourly("csp_heat", plants)
    warmed = [a for a in plants if asset[a]["heater"] > 0]
    hourly("csp_heated", warmed)
    limit("csp_heated", warmed, lambda a, h: asset[a]["heater"] * m.capacity_installed[a])
    limit("csp_collected", plants, lambda a, h: field_heat[a, h] * design[a] * m.capacity_installed[a])
    limit("csp_output", plants, rated)
    limit("csp_heat", plants, lambda a, h: asset[a]["store"] * m.capacity_installed[a] / eta[a])

    @m.Constraint(plants, m.T)
    def csp_heat_balance(m, a, h):
        kept = (1 - asset[a]["heat_loss"]) * m.csp_heat[a, clock.back(h, 1)]
        if a in warmed:
            kept = kept + asset[a]["heater_efficiency"] * m.csp_heated[a, h]
        return m.csp_heat[a, h] == kept + m.csp_collected[a, h] - m.csp_output[a, h] / eta[a]

    steep = [a for a in plants if asset[a]["ramp"] < 1]

    @m.Constraint(steep, m.T)
    def csp_ramp_up(m, a, h):
        change = m.csp_output[a, h] - m.csp_output[a, clock.back(h, 1)]
        return change <= asset[a]["ramp"] * m.capacity_installed[a]

    @m.Constraint(steep, m.T)
    def csp_ramp_down(m, a, h):
        change = m.csp_output[a, clock.back(h, 1)] - m.csp_output[a, h]
        return change <= asset[a]["ramp"] * m.capacity_installed[a]

    if case.commitment == "whole":
        decided = [a for a in plants if asset[a]["room"] == 0 and asset[a]["retirable"] != "yes"]
        size = {a: asset[a]["existing"] + asset[a]["committed"] for a in decided}
        hourly("csp_running", decided, within=pyo.Integers, bounds=(0, 1))

        @m.Constraint(decided, m.T)
        def csp_maximum(m, a, h):
            return m.csp_output[a, h] <= size[a] * m.csp_running[a, h]

        @m.Constraint(decided, m.T)
        def csp_minimum(m, a, h):
            return m.csp_output[a, h] >= asset[a]["minimum_output"] * size[a] * m.csp_running[a, h]

    for a in warmed:
        gets[asset[a]["zone"]].append((m.csp_heated, a, -1.0))
    for a in plants:
        generate(a, m.csp_output)
        offers.append(
            (
                asset[a]["technology"],
                lambda h, a=a: field_heat[a, h] * asset[a]["solar_multiple"] * m.capacity_installed[a],
                lambda h, a=a: eta[a] * m.csp_collected[a, h],
            )
        )

    # ---------------------------------------------------------------- levels over real periods
    def carry(name: str, members: list[str], keep, most, start=None, end=None) -> None:
        """Chain levels over real periods; the level columns count from the start of the period.

        `keep` is of a store, `most` of a store and a real hour of the year.
        """
        level, periods = getattr(m, name), range(len(clock.sequence))
        start, end = start or {}, end or {}
        at = pyo.Var(members, periods, within=pyo.NonNegativeReals)
        setattr(m, f"{name}_at_period", at)

        def chain(m, a, p):
            own = clock.within(clock.sequence[p])
            ends = keep(a) ** len(own) * at[a, p] + level[a, own[-1]]
            if p + 1 < len(clock.sequence):
                return at[a, p + 1] == ends
            return ends == (end[a] if a in end else at[a, 0])

        def floor(m, a, p, n):
            own = clock.within(clock.sequence[p])
            return keep(a) ** len(own) * at[a, p] + level[a, own[n]] >= 0

        def ceiling(m, a, p, n):
            own = clock.within(clock.sequence[p])
            return at[a, p] + level[a, own[n]] <= most(a, p * len(own) + n)

        setattr(m, f"{name}_chain", pyo.Constraint(members, periods, rule=chain))
        hours = range(len(clock.within(0)))
        setattr(m, f"{name}_floor", pyo.Constraint(members, periods, hours, rule=floor))
        setattr(m, f"{name}_ceiling", pyo.Constraint(members, periods, hours, rule=ceiling))
        begin = [a for a in members if a in start]
        setattr(m, f"{name}_begin", pyo.Constraint(begin, rule=lambda m, a: at[a, 0] == start[a]))

    def opens(h: int) -> bool:
        return h == clock.within(clock.window[h])[0]

    # ---------------------------------------------------------------- electric stores
    def usable(a: str, h: int = 0) -> object:
        energy = asset[a]["duration"] * m.capacity_installed[a]
        if a in free_energy or a in fading:
            energy = m.capacity_energy[a]
        elif kept[a] < 1:
            energy = aged[a]
        return asset[a].get("depth", 1.0) * energy

    def keep(a: str) -> float:
        return 1 - asset[a]["self_discharge"]

    for table, name in (
        ("pumped_storage", "pumped_storage"),
        ("batteries", "battery"),
        ("compressed_air", "compressed_air"),
    ):
        members = fleet[table]
        carried = [a for a in members if clock.sequence and asset[a]["cycle"] != "short"]
        closed = [a for a in members if a not in carried]
        charge, discharge = hourly(f"{name}_charge", members), hourly(f"{name}_discharge", members)
        level = hourly(
            f"{name}_level", members, within=pyo.Reals, bounds=lambda _, a, h, c=carried: (None if a in c else 0, None)
        )

        limit(f"{name}_charge", members, lambda a, h: asset[a].get("charge_ratio", 1.0) * m.capacity_installed[a])
        limit(f"{name}_discharge", members, rated)
        limit(f"{name}_level", closed, usable)

        def store(m, a, h, level=level, charge=charge, discharge=discharge, carried=carried):
            before = 0.0 if a in carried and opens(h) else level[a, clock.back(h, 1)]
            gain = asset[a]["charge_efficiency"] * charge[a, h]
            return level[a, h] == keep(a) * before + gain - discharge[a, h] / asset[a]["discharge_efficiency"]

        setattr(m, f"{name}_energy_balance", pyo.Constraint(members, m.T, rule=store))
        if table == "pumped_storage":

            @m.Constraint(members, m.T)
            def pumped_storage_shared(m, a, h):
                return m.pumped_storage_charge[a, h] + m.pumped_storage_discharge[a, h] <= m.capacity_installed[a]

        if carried:
            carry(f"{name}_level", carried, keep, usable)
        for a in members:
            technology, zone = asset[a]["technology"], asset[a]["zone"]
            gets[zone] += [(charge, a, -1.0), (discharge, a, 1.0)]
            om = price(technology, "variable_om")
            given = year_sum(lambda h, a=a, d=discharge: d[a, h])
            pay(f"variable O&M/{technology}", om * given)
            if asset[a].get("cycle_cost", 0.0) > 0:
                pay(f"cycle ageing/{technology}", asset[a]["cycle_cost"] * given)

        def cycles(m, a, d=discharge):
            drawn = year_sum(lambda h: d[a, h]) / asset[a]["discharge_efficiency"]
            return drawn <= asset[a]["yearly_cycles"] * usable(a)

        worn = [a for a in members if not math.isnan(asset[a].get("yearly_cycles", math.nan))]
        setattr(m, f"{name}_cycle_limit", pyo.Constraint(worn, rule=cycles))

    # ---------------------------------------------------------------- hydrogen
    tanks = fleet["hydrogen_stores"]
    stacks = [e for e in fleet["electrolysers"] if asset[e]["store"] in tanks]
    far = [s for s in tanks if clock.sequence and asset[s]["cycle"] != "short"]
    hourly("hydrogen_output", tanks)
    hourly("hydrogen_electrolysis", stacks)
    hourly("hydrogen_level", tanks, within=pyo.Reals, bounds=lambda _, s, h: (None if s in far else 0, None))
    limit("hydrogen_output", tanks, rated)
    limit("hydrogen_electrolysis", stacks, rated)
    limit("hydrogen_level", [s for s in tanks if s not in far], usable)

    def even(yearly: float) -> dict[int, float]:
        """An amount of the year, the same in every hour."""
        values = stretched(np.full(8760, yearly / 8760), clock, None) if clock.sequence else [yearly / 8760] * len(m.T)
        return {h: float(values[h]) for h in clock.all}

    def chain_cost(a: str, column: pyo.Var) -> None:
        om = price(asset[a]["technology"], "variable_om")
        pay(f"variable O&M/{asset[a]['technology']}", om * year_sum(lambda h: column[a, h]))

    works = {str(d): r for d, r in inputs["hydrogen_demands"].iterrows() if r["first_year"] <= y}
    asked_hydrogen = {d: even(r["yearly"]) for d, r in works.items()}
    hourly("hydrogen_demand_served", list(works), bounds=lambda _, d, h: (0, asked_hydrogen[d][h]))
    for d, r in works.items():
        pay(
            f"unserved hydrogen/{d}",
            r["unserved_price"] * year_sum(lambda h, d=d: asked_hydrogen[d][h] - m.hydrogen_demand_served[d, h]),
        )
    sold = {str(x): r for x, r in inputs["hydrogen_exports"].iterrows() if r["first_year"] <= y}
    hourly("hydrogen_export_sent", list(sold), bounds=lambda _, x, h: (0, sold[x]["hourly"]))
    for x, r in sold.items():
        pay(f"hydrogen exports/{x}", -r["price"] * year_sum(lambda h, x=x: m.hydrogen_export_sent[x, h]))
        gets[asset[r["store"]]["zone"]].append((m.hydrogen_export_sent, x, -r["electricity"]))
        converted.append((m.hydrogen_export_sent, x, r["electricity"]))

    @m.Constraint([x for x, r in sold.items() if not math.isnan(r["yearly"])])
    def hydrogen_export_yearly(m, x):
        return year_sum(lambda h: m.hydrogen_export_sent[x, h]) <= sold[x]["yearly"]

    fuel_plants = fleet["liquid_fuel_plants"]
    hourly("liquid_fuel_made", fuel_plants)
    limit("liquid_fuel_made", fuel_plants, rated)
    hourly("liquid_fuel_captured", fuel_plants)
    hourly("liquid_fuel_bought", fuel_plants)

    @m.Constraint(fuel_plants, m.T)
    def liquid_fuel_minimum(m, p, h):
        return m.liquid_fuel_made[p, h] >= asset[p]["minimum_output"] * m.capacity_installed[p]

    @m.Constraint(fuel_plants, m.T)
    def liquid_fuel_ramp_up(m, p, h):
        more = m.liquid_fuel_made[p, h] - m.liquid_fuel_made[p, clock.back(h, 1)]
        return more <= asset[p]["ramp"] * m.capacity_installed[p]

    @m.Constraint(fuel_plants, m.T)
    def liquid_fuel_ramp_down(m, p, h):
        less = m.liquid_fuel_made[p, clock.back(h, 1)] - m.liquid_fuel_made[p, h]
        return less <= asset[p]["ramp"] * m.capacity_installed[p]

    @m.Constraint(fuel_plants, m.T)
    def liquid_fuel_co2(m, p, h):
        tonnes = m.liquid_fuel_made[p, h] / asset[p]["heating_value"]
        return m.liquid_fuel_captured[p, h] + m.liquid_fuel_bought[p, h] == asset[p]["co2"] * tonnes

    for p in fuel_plants:
        r = asset[p]
        per = r["electricity"] / r["heating_value"]
        gets[r["zone"]].append((m.liquid_fuel_made, p, -per))
        converted.append((m.liquid_fuel_made, p, per))
        chain_cost(p, m.liquid_fuel_made)
        pay(f"fuel sold/{p}", -r["price"] * year_sum(lambda h, p=p: m.liquid_fuel_made[p, h]) / r["heating_value"])
        feed = r["captured_price"] * year_sum(lambda h, p=p: m.liquid_fuel_captured[p, h])
        pay(f"CO2 feed/{p}", feed + r["bought_price"] * year_sum(lambda h, p=p: m.liquid_fuel_bought[p, h]))
        if r["credit"] == "fuel":
            emitting.append((m.liquid_fuel_captured, p, 1.0))

    def handed_on(s: str, h: int) -> object:
        """Hydrogen that leaves a store for industry, export and fuel [MWh]."""
        tonnes = sum(m.hydrogen_demand_served[d, h] for d, r in works.items() if r["store"] == s)
        tonnes += sum(m.hydrogen_export_sent[x, h] for x, r in sold.items() if r["store"] == s)
        for p in fuel_plants:
            if asset[p]["store"] == s:
                tonnes += asset[p]["hydrogen"] * m.liquid_fuel_made[p, h] / asset[p]["heating_value"]
        return 33.33 * tonnes

    slow = [e for e in stacks if asset[e]["ramp"] < 1]
    jump = {e: max(asset[e]["ramp"], asset[e]["minimum_output"]) for e in slow}

    @m.Constraint(slow, m.T)
    def hydrogen_ramp_up(m, e, h):
        change = m.hydrogen_electrolysis[e, h] - m.hydrogen_electrolysis[e, clock.back(h, 1)]
        return change <= jump[e] * m.capacity_installed[e]

    @m.Constraint(slow, m.T)
    def hydrogen_ramp_down(m, e, h):
        change = m.hydrogen_electrolysis[e, clock.back(h, 1)] - m.hydrogen_electrolysis[e, h]
        return change <= jump[e] * m.capacity_installed[e]

    part = [e for e in stacks if asset[e]["start_cost"] > 0]
    hourly("hydrogen_online", part)
    limit("hydrogen_online", part, rated)
    hourly("hydrogen_started", part)
    for e in part:
        begun = year_sum(lambda h, e=e: m.hydrogen_started[e, h])
        pay(f"starts/{asset[e]['technology']}", asset[e]["start_cost"] * begun)

    @m.Constraint(part, m.T)
    def hydrogen_up_to(m, e, h):
        return m.hydrogen_electrolysis[e, h] <= m.hydrogen_online[e, h]

    @m.Constraint(part, m.T)
    def hydrogen_part_load(m, e, h):
        return m.hydrogen_electrolysis[e, h] >= asset[e]["minimum_output"] * m.hydrogen_online[e, h]

    @m.Constraint(part, m.T)
    def hydrogen_starts(m, e, h):
        return m.hydrogen_online[e, h] - m.hydrogen_online[e, clock.back(h, 1)] <= m.hydrogen_started[e, h]

    @m.Constraint(tanks, m.T)
    def hydrogen_balance(m, s, h):
        before = 0.0 if s in far and opens(h) else m.hydrogen_level[s, clock.back(h, 1)]
        made = sum(asset[e]["efficiency"] * m.hydrogen_electrolysis[e, h] for e in stacks if asset[e]["store"] == s)
        burnt = m.hydrogen_output[s, h] / asset[s]["turbine_efficiency"]
        return m.hydrogen_level[s, h] == keep(s) * before + made - burnt - handed_on(s, h)

    if far:
        carry("hydrogen_level", far, keep, usable)
    for members, flow, sign in ((tanks, m.hydrogen_output, 1.0), (stacks, m.hydrogen_electrolysis, -1.0)):
        for a in members:
            gets[asset[a]["zone"]].append((flow, a, sign))
            om = price(asset[a]["technology"], "variable_om")
            pay(f"variable O&M/{asset[a]['technology']}", om * year_sum(lambda h, a=a, flow=flow: flow[a, h]))

    if case.commitment == "whole":
        sized = {e: asset[e]["existing"] + asset[e]["committed"] for e in stacks if e not in changeable}
        sized = {e: size for e, size in sized.items() if asset[e]["minimum_output"] > 0}
        hourly("hydrogen_running", list(sized), within=pyo.Integers, bounds=(0, 1))

        @m.Constraint(list(sized), m.T)
        def hydrogen_maximum(m, e, h):
            return m.hydrogen_electrolysis[e, h] <= sized[e] * m.hydrogen_running[e, h]

        @m.Constraint(list(sized), m.T)
        def hydrogen_minimum(m, e, h):
            least = asset[e]["minimum_output"] * sized[e]
            return m.hydrogen_electrolysis[e, h] >= least * m.hydrogen_running[e, h]

    # ---------------------------------------------------------------- the river
    every = inputs["hydro_stations"]
    standing = [i for i in fleet["hydro_stations"] if asset[i]["in_service_year"] <= y]

    def next_below(i: str) -> tuple[str, float]:
        """Next station that stands, and the hours the water takes to it."""
        below, hours = str(every.at[i, "downstream"]), float(every.at[i, "travel_time"])
        if below and below not in standing:
            further, more = next_below(below)
            return further, hours + more
        return below, hours

    local = series("hydro/inflow", None)
    inflow = {(i, h): local.get((i, h), 0.0) for i in standing for h in clock.all}
    for i in map(str, every.index):
        receiver = next_below(i)[0]
        if i not in standing and receiver:
            for h in clock.all:
                inflow[receiver, h] += local.get((i, h), 0.0)
    above: dict[str, list[tuple[str, float]]] = {i: [] for i in standing}
    for u in standing:
        below, hours = next_below(u)
        if below:
            above[below].append((u, hours))
    megawatts = {i: 9.81e-3 * asset[i]["efficiency"] * asset[i]["head"] for i in standing}
    storage = {i: asset[i]["live_storage"] for i in standing if asset[i]["live_storage"] > 0}
    long = [i for i in storage if clock.sequence and asset[i]["cycle"] != "short"]
    fill = {w: {i: asset[i][f"{w}_fill"] * v for i, v in storage.items()} for w in ("initial", "final")}
    fill = {w: {i: v for i, v in given.items() if not math.isnan(v)} for w, given in fill.items()}
    # One of the two stands for both.
    fill = {w: fill["initial"] | fill["final"] | fill[w] for w in fill}
    level_rule = inputs["hydro_rules"]["maximum_level"].dropna()

    def full(i: str, month: int) -> object:
        """Water that a reservoir may hold in a month, above the lowest level of its curve [hm3].

        Of a dam that is not there before it is built, as much as is built of it.
        """
        part = 1.0 if stands[i] > 0 else m.capacity_installed[i] / room[i]
        if (i, month) not in level_rule.index:
            return storage[i] * part
        points = sorted((float(at), float(v)) for at, v in inputs["reservoir_curves"].loc[i]["volume"].items())
        held = points[0][1]
        for (low, less), (high, more) in pairwise(points):
            held += (more - less) * min(max((level_rule[i, month] - low) / (high - low), 0.0), 1.0)
        return min(held - points[0][1], storage[i]) * part

    hourly("hydro_turbined", standing)
    hourly("hydro_spilled", standing)
    hourly(
        "hydro_level",
        list(storage),
        within=pyo.Reals,
        bounds=lambda _, i, h: (None if i in long else 0, None),
    )
    limit("hydro_turbined", standing, lambda i, h: m.capacity_installed[i] / megawatts[i])
    limit("hydro_level", [i for i in storage if i not in long], lambda i, h: full(i, clock.month[h]))

    hubs = fleet["hydro_hubs"]
    units = [a for a in hubs if asset[a]["mode"] in ("turbine", "reversible")]
    pumps = [a for a in hubs if asset[a]["mode"] in ("pump", "reversible")]
    falls = {a: 9.81e-3 * asset[a]["head"] * asset[a]["turbine_efficiency"] for a in hubs}
    lifts = {a: 9.81e-3 * asset[a]["head"] / asset[a]["pump_efficiency"] for a in hubs}
    hourly("hydro_hub_turbined", units)
    hourly("hydro_hub_pumped", pumps)
    limit("hydro_hub_turbined", units, lambda a, h: m.capacity_installed[a] / falls[a])
    limit("hydro_hub_pumped", pumps, lambda a, h: m.capacity_installed[a] / lifts[a])

    @m.Constraint([a for a in units if a in pumps], m.T)
    def hydro_hub_shared(m, a, h):
        both = falls[a] * m.hydro_hub_turbined[a, h] + lifts[a] * m.hydro_hub_pumped[a, h]
        return both <= m.capacity_installed[a]

    def waits(a: str) -> bool:
        """Whether a hub may grow, and needs a dam that does not stand whatever is decided."""
        dam = asset[a]["prerequisite"]
        return room[a] > 0 and dam in asset and (dam in changeable or stands[dam] == 0)

    @m.Constraint([a for a in hubs if waits(a)])
    def hydro_hub_prerequisite(m, a):
        dam = str(asset[a]["prerequisite"])
        whole = stands[dam] + room[dam]
        part = m.capacity_installed[dam] / whole if whole > 0 else 0.0
        return m.capacity_installed[a] - stands[a] <= asset[a]["room"] * part

    for a in units:
        generate(a, m.hydro_hub_turbined, falls[a])
    for a in pumps:
        gets[asset[a]["zone"]].append((m.hydro_hub_pumped, a, -lifts[a]))

    # Water asked by canals, by the hour of the year.
    asked: dict[tuple[str, int], float] = {}
    source: dict[str, str] = {}
    shares = inputs["withdrawal_months"]["share"].to_dict()
    for w, r in inputs["withdrawals"].iterrows():
        at = str(r["station"]) if r["station"] in standing else next_below(str(r["station"]))[0]
        if math.isnan(r["yearly_volume"]) or r["first_year"] > y or not at:
            continue
        source[str(w)] = at
        spread = any(v == w for v, _ in shares)
        month_of = {n: shares.get((w, n), 0.0) if spread else days / 365 for n, days in enumerate(DAYS, 1)}
        a_second = [r["yearly_volume"] * 1e6 * month_of[n] / (DAYS[n - 1] * 86400) for n in year_month]
        values = stretched(np.array(a_second * len(years)), clock, None)
        asked |= {(str(w), h): float(values[h]) for h in clock.all}
    hourly("withdrawal_taken", list(source))
    limit("withdrawal_taken", list(source), lambda w, h: asked[w, h])
    for w in source:
        worth = inputs["withdrawals"].at[w, "shortage_price"] / 1e6 * 3600
        missed = year_sum(lambda h, w=w: asked[w, h] - m.withdrawal_taken[w, h])
        pay("water missed/withdrawals", worth * missed)

    loops = {a: 9.81e-3 * asset[a]["head"] for a in fleet["pumped_storage"] if asset[a]["lower_station"]}

    def beside(i: str, h: int) -> object:
        """Water that a station gains without its passing a dam."""
        gain = 0.0
        for a in pumps:
            if asset[a]["upper"] == i:
                gain += m.hydro_hub_pumped[a, h]
            if next_below(str(asset[a]["upper"]))[0] == i:
                gain -= m.hydro_hub_pumped[a, h]
        gain -= sum(m.withdrawal_taken[w, h] for w, at in source.items() if at == i)
        for a, per in loops.items():
            if asset[a]["lower_station"] == i:
                gain -= asset[a]["charge_efficiency"] * m.pumped_storage_charge[a, h] / per
                gain += m.pumped_storage_discharge[a, h] / asset[a]["discharge_efficiency"] / per
        return gain

    def released(i: str, h: int) -> object:
        own = m.hydro_turbined[i, h] + m.hydro_spilled[i, h]
        return own + sum(m.hydro_hub_turbined[a, h] for a in units if asset[a]["upper"] == i)

    def let_down(i: str, h: int) -> object:
        """What is released and not lifted back over the dam."""
        return released(i, h) - sum(m.hydro_hub_pumped[a, h] for a in pumps if asset[a]["upper"] == i)

    def arriving(i: str, h: int) -> object:
        """Water released a whole number of hours ago, shared between the two hours around the true one."""
        total = 0.0
        for u, hours in above[i]:
            late = hours - int(hours)
            total += (1 - late) * released(u, clock.back(h, int(hours)))
            if late > 0:
                total += late * released(u, clock.back(h, int(hours) + 1))
        return total

    @m.Constraint(list(storage), m.T)
    def hydro_water_balance(m, i, h):
        before = m.hydro_level[i, clock.back(h, 1)]
        if i in long and opens(h):
            before = 0.0
        elif h == 0 and i not in long and i in fill["initial"]:
            before = fill["initial"][i]
        cubic_metres = 3600 * (inflow[i, h] + arriving(i, h) + beside(i, h) - released(i, h))
        return m.hydro_level[i, h] == before + cubic_metres / 1e6

    @m.Constraint([i for i in standing if i not in storage], m.T)
    def hydro_flow_balance(m, i, h):
        return inflow[i, h] + arriving(i, h) + beside(i, h) == released(i, h)

    rules = inputs["hydro_rules"].to_dict("index")

    @m.Constraint(standing, m.T)
    def hydro_minimum_release(m, i, h):
        least = rules.get((i, clock.month[h]), {}).get("minimum_release", 0.0)
        return let_down(i, h) >= least if least > 0 else pyo.Constraint.Skip

    @m.Constraint(standing, m.T)
    def hydro_maximum_release(m, i, h):
        most = rules.get((i, clock.month[h]), {}).get("maximum_release", math.nan)
        return pyo.Constraint.Skip if math.isnan(most) else released(i, h) <= most

    def mean(i: str, year: int, month: int) -> object:
        """Mean release of a month, of the hours of it that are modelled."""
        inside = [h for h in clock.all if (clock.year[h], clock.month[h]) == (year, month)]
        volume = sum(clock.omega(h) * 3600 * let_down(i, h) for h in inside)
        return volume / 1e6, sum(clock.omega(h) * 3600 / 1e6 for h in inside)

    def means(word: str) -> list[tuple[str, int, int, float]]:
        """Limits of means that ask anything of a station that stands and a month that is modelled."""
        found = {(i, int(n)): r[word] for (i, n), r in rules.items() if i in standing and r[word] > 0}
        seen = sorted(set(zip(clock.year, clock.month, strict=True)))
        return [(i, k, n, v) for (i, n), v in found.items() for k, month in seen if month == n]

    least_means = {f"{i}/{k}/{n}": (i, k, n, v) for i, k, n, v in means("minimum_mean_release")}
    most_means = {f"{i}/{k}/{n}": (i, k, n, v) for i, k, n, v in means("maximum_mean_release")}

    @m.Constraint(list(least_means))
    def hydro_minimum_mean_release(m, name):
        i, k, n, least = least_means[name]
        volume, hours = mean(i, k, n)
        return volume >= least * hours

    @m.Constraint(list(most_means))
    def hydro_maximum_mean_release(m, name):
        i, k, n, most = most_means[name]
        volume, hours = mean(i, k, n)
        return volume <= most * hours

    if long:

        def real(i: str, hour: int) -> object:
            return full(i, int(year_month[hour % len(year_month)]))

        carry("hydro_level", long, lambda i: 1.0, real, fill["initial"], fill["final"])
    elif not clock.sequence:

        @m.Constraint([i for i in storage if i in fill["final"]])
        def hydro_level_final(m, i):
            return m.hydro_level[i, len(clock.hours) - 1] == fill["final"][i]

    for i in standing:
        generate(i, m.hydro_turbined, megawatts[i])

    # ---------------------------------------------------------------- small hydro
    small = fleet["small_hydro"]
    usual = inputs["small_hydro_energy"]["capacity_factor"]
    wet, wet_month = inputs["water_years"]["factor"], inputs["water_year_months"]["factor"].to_dict()
    hourly("small_hydro_output", small)
    limit("small_hydro_output", small, rated)

    def brings(a: str) -> np.ndarray:
        """Share of the capacity that the water of every hour of the run allows."""
        values = [wet_month.get((k, n), wet[k]) * usual[a, n] for k in years for n in year_month]
        return np.minimum(np.array(values), 1.0)

    water = {a: stretched(brings(a), clock, 1.0) for a in small}

    @m.Constraint(small, windows)
    def small_hydro_energy(m, a, k):
        brought = sum(float(water[a][h]) for h in clock.within(k))
        return sum(m.small_hydro_output[a, h] for h in clock.within(k)) <= brought * m.capacity_installed[a]

    for a in small:
        generate(a, m.small_hydro_output)

    # ---------------------------------------------------------------- thermal plants
    units = fleet["thermal"]
    for word in ("online", "output", "started", "stopped"):
        hourly(f"thermal_{word}", units)
    available = {a: asset[a]["availability"] * m.capacity_installed[a] for a in units}
    least = {a: asset[a]["minimum_output"] for a in units}
    limit("thermal_online", units, lambda a, h: available[a])

    @m.Constraint(units, m.T)
    def thermal_commitment(m, a, h):
        change = m.thermal_online[a, h] - m.thermal_online[a, clock.back(h, 1)]
        return change == m.thermal_started[a, h] - m.thermal_stopped[a, h]

    @m.Constraint(units, m.T)
    def thermal_maximum(m, a, h):
        return m.thermal_output[a, h] <= m.thermal_online[a, h]

    @m.Constraint([a for a in units if least[a] > 0], m.T)
    def thermal_minimum(m, a, h):
        return m.thermal_output[a, h] >= least[a] * m.thermal_online[a, h]

    def lately(variable: pyo.Var, a: str, h: int, hours: float) -> object:
        return sum(variable[a, clock.back(h, n)] for n in range(max(1, math.ceil(hours))))

    slow = [a for a in units if asset[a]["ramp"] < 1 - least[a]]

    @m.Constraint([a for a in units if asset[a]["minimum_up"] > 1 or a in slow], m.T)
    def thermal_minimum_up(m, a, h):
        return lately(m.thermal_started, a, h, asset[a]["minimum_up"]) <= m.thermal_online[a, h]

    @m.Constraint([a for a in units if asset[a]["minimum_down"] > 1 or a in slow], m.T)
    def thermal_minimum_down(m, a, h):
        off = available[a] - m.thermal_online[a, h]
        return lately(m.thermal_stopped, a, h, asset[a]["minimum_down"]) <= off

    jump = {a: max(least[a], asset[a]["ramp"]) for a in slow}

    @m.Constraint(slow, m.T)
    def thermal_ramp_up(m, a, h):
        b = clock.back(h, 1)
        allowed = asset[a]["ramp"] * m.thermal_online[a, b] + jump[a] * m.thermal_started[a, h]
        return m.thermal_output[a, h] - m.thermal_output[a, b] <= allowed

    @m.Constraint(slow, m.T)
    def thermal_ramp_down(m, a, h):
        b = clock.back(h, 1)
        allowed = asset[a]["ramp"] * m.thermal_online[a, h] + jump[a] * m.thermal_stopped[a, h]
        return m.thermal_output[a, b] - m.thermal_output[a, h] <= allowed

    if case.commitment == "whole":
        hourly("thermal_units", units, within=pyo.Integers, bounds=(0, None))

        @m.Constraint(units, m.T)
        def thermal_whole_units(m, a, h):
            size = asset[a]["availability"] * asset[a]["unit_size"]
            return m.thermal_online[a, h] == size * m.thermal_units[a, h]

    for a in units:
        technology, fuel = asset[a]["technology"], asset[a]["fuel"]
        generate(a, m.thermal_output)
        gigajoule = 3.6 / asset[a]["efficiency"]
        burnt = year_sum(lambda h, a=a: m.thermal_output[a, h]) * gigajoule
        starts = year_sum(lambda h, a=a: m.thermal_started[a, h])
        pay(f"fuel/{technology}", yearly_value(inputs["fuels"].loc[fuel], y, "price") * burnt)
        pay(f"starts/{technology}", asset[a]["start_cost"] * starts)
        tonnes = yearly_value(inputs["fuels"].loc[fuel], y, "emission") * gigajoule * (1 - asset[a]["capture"])
        emitting.append((m.thermal_output, a, tonnes))

    @m.Constraint(sorted({str(asset[p]["co2_zone"] or asset[p]["zone"]) for p in fuel_plants}), m.T)
    def liquid_fuel_taken(m, z, h):
        here = [p for p in fuel_plants if (asset[p]["co2_zone"] or asset[p]["zone"]) == z]
        caught = 0.0
        for a in units:
            if asset[a]["zone"] == z:
                burnt = 3.6 / asset[a]["efficiency"] * m.thermal_output[a, h]
                caught += (
                    asset[a]["capture"] * yearly_value(inputs["fuels"].loc[asset[a]["fuel"]], y, "emission") * burnt
                )
        return sum(m.liquid_fuel_captured[p, h] for p in here) <= caught

    # ---------------------------------------------------------------- heat
    towns = {str(n): r for n, r in inputs["heat_nodes"].iterrows() if r["first_year"] <= y}
    warmth = {n: even(r["yearly"]) for n, r in towns.items()}
    stoves = {str(n): inputs["heat_others"].loc[n] for n in towns if n in inputs["heat_others"].index}
    heaters, wells, pits = fleet["electric_heaters"], fleet["geothermal_heat"], fleet["heat_stores"]
    drawn = inputs["chp_heat"]
    tapped = [a for a in units if a in drawn.index]
    hourly("heat_unserved", list(towns), bounds=lambda _, n, h: (0, warmth[n][h]))
    hourly("heat_other", list(stoves), bounds=lambda _, n, h: (0, yearly_value(stoves[n], y, "share") * warmth[n][h]))
    hourly("electric_heat_taken", heaters)
    limit("electric_heat_taken", heaters, rated)
    hourly("geothermal_heat_given", wells)
    limit("geothermal_heat_given", wells, lambda g, h: asset[g]["availability"] * m.capacity_installed[g])
    hourly("chp_heat_given", tapped)
    for word in ("charge", "discharge"):
        hourly(f"heat_store_{word}", pits)
        limit(f"heat_store_{word}", pits, rated)
    deep = [s for s in pits if clock.sequence and asset[s]["cycle"] != "short"]
    hourly("heat_store_level", pits, within=pyo.Reals, bounds=lambda _, s, h: (None if s in deep else 0, None))
    limit("heat_store_level", [s for s in pits if s not in deep], usable)
    if deep:
        carry("heat_store_level", deep, keep, usable)

    @m.Constraint(pits, m.T)
    def heat_store_balance(m, s, h):
        before = 0.0 if s in deep and opens(h) else m.heat_store_level[s, clock.back(h, 1)]
        return m.heat_store_level[s, h] == keep(s) * before + m.heat_store_charge[s, h] - m.heat_store_discharge[s, h]

    @m.Constraint(tapped, m.T)
    def chp_heat_with_output(m, a, h):
        return m.chp_heat_given[a, h] <= drawn.at[a, "heat_per_power"] * m.thermal_output[a, h]

    @m.Constraint(list(towns), m.T)
    def heat_balance(m, n, h):
        here = lambda members: [a for a in members if asset[a]["node"] == n]  # noqa: E731
        heat = m.heat_unserved[n, h] + (m.heat_other[n, h] if n in stoves else 0.0)
        heat += sum(asset[b]["efficiency"] * m.electric_heat_taken[b, h] for b in here(heaters))
        heat += sum(m.geothermal_heat_given[g, h] for g in here(wells))
        heat += sum(m.heat_store_discharge[s, h] - m.heat_store_charge[s, h] for s in here(pits))
        heat += sum(m.chp_heat_given[a, h] for a in tapped if drawn.at[a, "node"] == n)
        return heat == warmth[n][h]

    @m.Constraint([n for n, r in towns.items() if not math.isnan(r["headroom"])], m.T)
    def heat_headroom(m, n, h):
        return sum(m.electric_heat_taken[b, h] for b in heaters if asset[b]["node"] == n) <= towns[n]["headroom"]

    for n, r in towns.items():
        pay(f"unserved heat/{n}", r["unserved_price"] * year_sum(lambda h, n=n: m.heat_unserved[n, h]))
    for n, r in stoves.items():
        pay(f"other heat/{n}", yearly_value(r, y, "price") * year_sum(lambda h, n=n: m.heat_other[n, h]))
    for members, column, per in (
        (heaters, m.electric_heat_taken, lambda a: 1.0),
        (wells, m.geothermal_heat_given, lambda a: asset[a]["electricity"]),
    ):
        for a in members:
            gets[asset[a]["zone"]].append((column, a, -per(a)))
            converted.append((column, a, per(a)))
            chain_cost(a, column)
    for s in pits:
        chain_cost(s, m.heat_store_discharge)

    ties_of_heat = inputs["heat_ties"]["share"].to_dict()
    warm = [a for a in units if any(a == b for b, _ in ties_of_heat)]

    @m.Constraint(warm, m.T)
    def heat_tie_least(m, a, h):
        share = ties_of_heat.get((a, clock.month[h]), 0.0)
        return m.thermal_output[a, h] >= share * m.capacity_installed[a] if share else pyo.Constraint.Skip

    # ---------------------------------------------------------------- fuels that are short
    told = inputs["fuel_supplies"]
    short = list(dict.fromkeys(f for f, _ in told.index))

    def most(f: str, item: str) -> float:
        rows = told.loc[f][[item]].dropna()
        return yearly_value(rows, y, item) if len(rows) else math.inf

    spared = inputs["fuel_supply_months"]["share"].to_dict()

    def part(f: str, h: int) -> float:
        return spared.get((f, clock.month[h]), 1.0)

    def bound(f: str, h: int) -> tuple[float, float | None]:
        hour = most(f, "hourly")
        return 0, None if math.isinf(hour) else part(f, h) * hour

    caverns = {str(s): r for s, r in inputs["fuel_stores"].iterrows() if r["first_year"] <= y}
    hourly("fuel_supply_delivered", short, bounds=lambda _, f, h: bound(f, h))
    hourly("fuel_supply_injected", list(caverns), bounds=lambda _, s, h: (0, caverns[s]["injection"]))
    hourly("fuel_supply_withdrawn", list(caverns), bounds=lambda _, s, h: (0, caverns[s]["withdrawal"]))
    hourly(
        "fuel_supply_level",
        list(caverns),
        within=pyo.Reals,
        bounds=lambda _, s, h: (None, None) if clock.sequence else (0, caverns[s]["volume"]),
    )

    @m.Constraint(short, m.T)
    def fuel_supply_balance(m, f, h):
        burnt = sum(m.thermal_output[a, h] / asset[a]["efficiency"] for a in units if asset[a]["fuel"] == f)
        out = sum(m.fuel_supply_withdrawn[s, h] for s, r in caverns.items() if r["fuel"] == f)
        into = sum(m.fuel_supply_injected[s, h] for s, r in caverns.items() if r["fuel"] == f)
        return m.fuel_supply_delivered[f, h] + out == burnt + into

    @m.Constraint([f for f in short if not math.isinf(most(f, "yearly"))])
    def fuel_supply_yearly(m, f):
        return year_sum(lambda h: m.fuel_supply_delivered[f, h]) <= most(f, "yearly")

    #: the last modelled hour of every day, and the hours of it
    days: dict[int, list[int]] = {}
    for h in clock.all:
        same = [g for g in clock.all if clock.hours[g] // 24 == clock.hours[h] // 24]
        days[same[-1]] = same

    @m.Constraint([f for f in short if not math.isinf(most(f, "daily"))], list(days))
    def fuel_supply_day(m, f, h):
        right = part(f, h) * most(f, "daily") * len(days[h]) / 24
        return sum(m.fuel_supply_delivered[f, g] for g in days[h]) <= right

    @m.Constraint(list(caverns), m.T)
    def fuel_supply_store_balance(m, s, h):
        before = 0.0 if clock.sequence and opens(h) else m.fuel_supply_level[s, clock.back(h, 1)]
        gain = caverns[s]["efficiency"] * m.fuel_supply_injected[s, h] - m.fuel_supply_withdrawn[s, h]
        return m.fuel_supply_level[s, h] == (1 - caverns[s]["loss"]) * before + gain

    if clock.sequence:
        volume = lambda s, h: caverns[s]["volume"]  # noqa: E731
        carry("fuel_supply_level", list(caverns), lambda s: 1 - caverns[s]["loss"], volume)
    for s, r in caverns.items():
        net = year_sum(lambda h, s=s: m.fuel_supply_injected[s, h] - m.fuel_supply_withdrawn[s, h])
        pay(f"fuel/{r['fuel']}", 3.6 * yearly_value(inputs["fuels"].loc[r["fuel"]], y, "price") * net)

    # ---------------------------------------------------------------- corridors and sections
    lines = fleet["corridors"]
    for word, sender, receiver in (("forward", "from_zone", "to_zone"), ("backward", "to_zone", "from_zone")):
        flow = hourly(f"corridor_{word}", lines)
        limit(f"corridor_{word}", lines, rated)
        for c in lines:
            gets[asset[c][sender]].append((flow, c, -1.0))
            gets[asset[c][receiver]].append((flow, c, 1.0 - asset[c]["loss"]))

    crossing = inputs["section_members"]["direction"].to_dict()
    sections = [s for s in inputs["sections"].index if any(s == t and c in lines for t, c in crossing)]

    def through(s: str, h: int) -> object:
        net = {c: m.corridor_forward[c, h] - m.corridor_backward[c, h] for c in lines}
        return sum(d * net[c] for (t, c), d in crossing.items() if t == s and c in lines)

    def most(s: str) -> object:
        return inputs["sections"].at[s, "limit"] + (m.capacity_installed[s] if s in fleet["sections"] else 0.0)

    @m.Constraint(sections, m.T)
    def section_forward(m, s, h):
        return through(s, h) <= most(s)

    @m.Constraint(sections, m.T)
    def section_backward(m, s, h):
        return through(s, h) >= -most(s)

    # ---------------------------------------------------------------- ties to neighbours
    ties = {str(n): r for n, r in inputs["ac_ties"].iterrows() if not r["earliest_year"] > y}
    limited: dict[str, dict] = {"import": {}, "export": {}}
    for word, sign in (("import", 1.0), ("export", -1.0)):
        flow = hourly(f"ac_tie_{word}", list(ties))
        limit(f"ac_tie_{word}", list(ties), lambda n, h, word=word: ties[n][f"{word}_limit"])
        for n, r in ties.items():
            gets[r["zone"]].append((flow, n, sign))
            energy = year_sum(lambda h, n=n, flow=flow: flow[n, h])
            pay(f"{word}s/{n}", sign * r[f"{word}_price"] * energy)
            if not math.isnan(r[f"{word}_energy"]):
                limited[word][n] = (energy, r[f"{word}_energy"])
            if word == "import":
                emitting.append((flow, n, r["emission"]))

    @m.Constraint(list(limited["import"]))
    def ac_tie_import_energy(m, n):
        return limited["import"][n][0] <= limited["import"][n][1]

    @m.Constraint(list(limited["export"]))
    def ac_tie_export_energy(m, n):
        return limited["export"][n][0] <= limited["export"][n][1]

    # ---------------------------------------------------------------- lines that send out
    since = inputs["send_out"]["in_service_year"].to_dict()
    since |= {
        line: r["in_service_year"]
        for (scenario, line), r in inputs["send_out_scenarios"].iterrows()
        if scenario == case.send_out.scenario
    }
    direct = {str(n): r for n, r in inputs["send_out"].iterrows() if since[n] <= y}
    by_curve = [n for n, r in direct.items() if r["schedule"] == "curve"]
    by_energy = [n for n, r in direct.items() if r["schedule"] == "energy"]
    hourly(
        "send_out_sent",
        list(direct),
        bounds=lambda _, n, h: (
            direct[n]["minimum_output"] * direct[n]["capacity"] if n in by_energy else 0.0,
            direct[n]["capacity"],
        ),
    )
    hourly("send_out_shortfall", by_curve)
    m.send_out_missing = pyo.Var(by_energy, within=pyo.NonNegativeReals)

    @m.Constraint(by_curve, m.T)
    def send_out_schedule(m, n, h):
        share = inputs["send_out_curves"].loc[(direct[n]["curve"], clock.month[h])][f"hour_{clock.hour_of_day[h]}"]
        return m.send_out_sent[n, h] + m.send_out_shortfall[n, h] == share * direct[n]["capacity"]

    @m.Constraint(by_energy)
    def send_out_energy(m, n):
        sent = year_sum(lambda h: m.send_out_sent[n, h])
        return sent + m.send_out_missing[n] >= direct[n]["yearly_energy"]

    for n, r in direct.items():
        technology = r["technology"]
        gets[r["zone"]].append((m.send_out_sent, n, -1.0))
        pay(f"fixed O&M/{technology}", price(technology, "fixed_om") * r["capacity"])
        # In service since the year after the base year: it stood when the base year ended.
        if since[n] > case.base_year + 1:
            yearly = annuity(technology) * price(technology, "investment") + laid_by(technology)
            pay(f"investment/{technology}", yearly * r["capacity"])
        by_hour = lambda h, n=n: m.send_out_shortfall[n, h]  # noqa: E731
        missed = year_sum(by_hour) if n in by_curve else m.send_out_missing[n]
        pay("send-out shortfall", r["shortfall_price"] * missed)

    # ---------------------------------------------------------------- demand and balances
    demand: dict[tuple[str, int], float] = {}

    def of_year(rows: pd.DataFrame) -> np.ndarray:
        """Hours of the real year, or those of the case, which stand for the energy of the year however few."""
        told = rows.sort_index()
        nearest = min(told.index, key=lambda year: abs(year - y))
        shape = inputs["demand_shapes"].loc[told.at[nearest, "shape"]]
        table = {mo: [shape.at[mo, f"hour_{d}"] for d in range(24)] for mo in range(1, 13)}
        energy = yearly_value(rows, y, "energy")
        if clock.sequence:
            relative = np.concatenate([table[mo] * days for mo, days in enumerate(DAYS, 1)])
            return relative * energy / relative.sum()
        relative = np.array([table[clock.month[h]][clock.hour_of_day[h]] for h in clock.all])
        return relative * energy / sum(clock.omega(h) * relative[h] for h in clock.all)

    def multiplied(s: str) -> float:
        """How the scenario of the case multiplies a sector."""
        rows = [(year, r) for (c, q, year), r in inputs["demand_scenarios"].iterrows() if (c, q) == (scenario, s)]
        return yearly_value(pd.DataFrame(dict(rows)).T, y, "factor") if rows else 1.0

    scenario = case.demand.scenario
    for z in inputs["zones"].index:
        left, grown = of_year(inputs["demand"].loc[z]), 0.0
        for s in inputs["demand_sectors"].index:
            if (s, z) in set(inputs["sector_demand"].index.droplevel(2)):
                taken = of_year(inputs["sector_demand"].sort_index().loc[s, z])
                left, grown = left - taken, grown + multiplied(s) * taken
        for s in inputs["demand_sectors"].query("takes == 'rest'").index:
            left = left * multiplied(s)
        values = stretched(left + grown, clock, None) if clock.sequence else left + grown
        demand |= {(z, h): float(values[h]) for h in clock.all}
    zones = list(inputs["zones"].index)
    hourly("demand_unserved", zones, bounds=lambda _, z, h: (0, demand[z, h]))
    for z in zones:
        gets[z].append((m.demand_unserved, z, 1.0))
        voll = inputs["zones"].at[z, "unserved_price"]
        pay("unserved energy", voll * year_sum(lambda h, z=z: m.demand_unserved[z, h]))

    @m.Constraint(zones, m.T)
    def balance_energy(m, z, h):
        return sum(mwh * column[a, h] for column, a, mwh in gets[z]) == demand[z, h]

    # ---------------------------------------------------------------- clauses
    asked = {
        c: (r["strictness"], r["penalty"]) for (s, c), r in inputs["target_sets"].iterrows() if s == case.targets.set
    }
    asked = {c: (case.targets.clauses.get(c, word), penalty) for c, (word, penalty) in asked.items()}
    asked = {c: a for c, a in asked.items() if a[0] != "off"}
    _write_clauses(
        Parts(
            inputs,
            case,
            m,
            asset,
            direct,
            clock,
            pay,
            year_sum,
            generated,
            emitting,
            offers,
            gets,
            demand,
            asked,
            converted,
        )
    )

    m.cost = pyo.Objective(expr=sum(sum(terms) for terms in costs.values()))
    return Scalar(m, costs, changeable)


@dataclass
class Parts:
    """What the rules of clauses speak of: the tables, the model so far, and what joined it.

    Attributes:
        inputs, case, m, asset, direct, clock: what it is about; `asset` has the row of every asset by key,
            `direct` that of every line in service.
        pay, year_sum: add to a named cost; sum over the year what a function gives for an hour.
        generated: columns that generate, by technology: (column, asset, MWh per unit).
        emitting: what emits: (column, member, tonnes per unit).
        offers: what sun and wind offer and what is used of it: (technology, hour -> MWh, hour -> MWh).
        gets: what joined each zone: (column, member, MWh per unit).
        demand: of each zone and hour.
        asked: strictness and penalty of every clause of the case.
        converted: electricity that turns into heat or fuel: (column, member, MWh per unit).
    """

    inputs: Inputs
    case: Case
    m: pyo.ConcreteModel
    asset: dict
    direct: dict
    clock: Clock
    pay: object
    year_sum: object
    generated: dict
    emitting: list
    offers: list
    gets: dict
    demand: dict
    asked: dict[str, tuple[str, float]]
    converted: list
    #: (clause, hour) -> what is to be nothing, said hour by hour as well
    still: dict[tuple[str, int], object] = field(default_factory=dict)

    def members(self, group: str) -> list[str]:
        """Technologies of a group."""
        return [t for g, t in self.inputs["groups"].index if g == group]

    def capacity(self, group: str, zone: str = "") -> object:
        """Capacity of a group, in one zone or all."""
        return sum(
            self.m.capacity_installed[a]
            for a, r in self.asset.items()
            if r["technology"] in self.members(group) and zone in ("", r.get("zone", r.get("from_zone")))
        )

    def places(self, group: str, zone: str) -> dict[str, pd.Series]:
        """Rows of the assets of a group, in one zone or all."""
        return {
            a: r
            for a, r in self.asset.items()
            if r["technology"] in self.members(group) and zone in ("", r.get("zone", r.get("from_zone")))
        }

    def stands(self, a: str) -> float:
        """Capacity of an asset before anything is decided."""
        r = self.asset[a]
        return r["existing"] + (0.0 if r["committed_year"] > self.case.stages[0] else r["committed"])

    def co2(self) -> object:
        """All CO2 of the year."""
        return self.year_sum(lambda h: sum(tonnes * column[a, h] for column, a, tonnes in self.emitting))


def _season(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    def within(month: int) -> bool:
        months = [int(r["first_month"])]
        while months[-1] != int(r["last_month"]):
            months.append(months[-1] % 12 + 1)
        return month in months

    columns = [x for t in p.members(r["group"]) for x in p.generated.get(t, [])]
    energy = lambda h: sum(mwh * v[a, h] for v, a, mwh in columns) if within(p.clock.month[h]) else 0.0  # noqa: E731
    if p.asked[c][0] == "hard":
        p.still |= {(c, h): energy(h) for h in p.clock.all if columns and within(p.clock.month[h])}
    return p.year_sum(energy), "<="


def _run(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    """Fossil power and imports on the days of a run: of the real days that an hour stands for, any is enough."""
    first = sum(DAYS[: int(r["first_month"]) - 1]) + int(r["first_day"]) - 1
    days = {(first + i) % 365 for i in range(int(r["days"]))}

    def real(h: int) -> list[int]:
        if not p.clock.sequence:
            return [p.clock.hours[h] % p.case.year_hours]
        own = p.clock.within(p.clock.window[h])
        return [len(own) * d + h - own[0] for d, k in enumerate(p.clock.sequence) if k == p.clock.window[h]]

    columns = [x for t in p.members(r["group"]) for x in p.generated.get(t, [])]
    if r["imports"] == "clean":
        columns += [(v, n, 1.0) for v, n, _ in p.emitting if v is p.m.ac_tie_import]
    inside = {h: any(hour // 24 in days for hour in real(h)) for h in p.clock.all}
    return p.year_sum(lambda h: sum(mwh * v[a, h] for v, a, mwh in columns) if inside[h] else 0.0), "<="


def _fuel(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    plants = [a for a, q in p.asset.items() if "heating_value" in q and (a, 0) in p.m.liquid_fuel_made]
    made = lambda h: sum(p.m.liquid_fuel_made[a, h] / p.asset[a]["heating_value"] for a in plants)  # noqa: E731
    return p.year_sum(made) - r["output"], ">="


def _intensity(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    zones = {z for z, _ in p.demand}
    missed = lambda h: sum(p.m.demand_unserved[i] for i in p.m.demand_unserved if i[1] == h)  # noqa: E731
    turned = lambda h: sum(mwh * column[a, h] for column, a, mwh in p.converted)  # noqa: E731
    consumed = p.year_sum(lambda h: sum(p.demand[z, h] for z in zones) + turned(h) - missed(h))
    return p.co2() - r["intensity"] * consumed, "<="


def _price(p: Parts, c: str, r: pd.Series) -> None:
    if p.asked[c][0] != "watched":
        p.pay(f"CO2 price/{c}", r["price"] * p.co2())


def _curtailed(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    counted = [(o, u) for t, o, u in p.offers if t in p.members(r["group"])]
    offered = sum(p.year_sum(o) for o, _ in counted)
    return offered - sum(p.year_sum(u) for _, u in counted) - r["ceiling"] * offered, "<="


def _in_step(p: Parts, c: str, r: pd.Series) -> tuple[object, str] | None:
    followed = p.places(r["renewables"], "")
    planned = p.inputs["capacity_totals"].loc[r["planned"]]
    hydro = sum(p.stands(a) for a in p.places(planned["group"], "") if a not in followed)
    power = p.inputs["storage_targets"].at[r["target"], "power"]
    ratio = power / (planned["capacity"] - hydro - sum(q["existing"] for q in followed.values()))
    here = p.places(r["renewables"], r["zone"])
    grown = p.capacity(r["renewables"], r["zone"]) - sum(q["existing"] for q in here.values())
    return (p.capacity(r["storage"], r["zone"]) - ratio * grown, ">=") if here else None


def _side(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    sided = {a: q["side"] for a, q in p.asset.items() if q.get("side", "") and r["zone"] in ("", q["zone"])}
    there = sum(p.m.capacity_installed[a] for a, side in sided.items() if side == r["side"])
    if math.isnan(r["share"]):
        return there - r["power"], r["sense"]
    return there - r["share"] * sum(p.m.capacity_installed[a] for a in sided), r["sense"]


def _layer(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    cycle = {a: q.get("cycle", "long" if "mode" in q else "") for a, q in p.asset.items()}
    cycle |= {a: "long" if q["live_storage"] > 0 else "" for a, q in p.asset.items() if "live_storage" in q}
    stores = [a for a, word in cycle.items() if word == r["cycle"]]
    return sum(p.m.capacity_installed[a] for a in stores) - r["power"], ">="


def _exit(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    leaving = r["power"] if math.isnan(r["share"]) else r["share"] * p.asset[r["asset"]]["existing"]
    return p.m.capacity_retired[r["asset"]] - leaving, ">="


def _land(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    need = p.inputs["land_needs"]["land"]
    plants = p.places(r["group"], r["zone"])
    covered = sum(need[q["technology"]] * p.m.capacity_installed[a] for a, q in plants.items())
    return covered - r["usable"] * (r["area"] - r["redline"] - r["excluded"]), "<="


def _backing(p: Parts, c: str, r: pd.Series) -> tuple[object, str] | None:
    rated = sum(q["capacity"] for q in p.direct.values() if q["zone"] == r["zone"])
    zones = r["zones"].split(" | ") if r["zones"] else [r["zone"]]
    return (sum(p.capacity(r["group"], z) for z in zones) - r["ratio"] * rated, ">=") if rated else None


#: table -> (parts, clause, row) -> (what is to be at most, at least or exactly nothing; sense), or None
def _local(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    def through(h: int, *names: str) -> object:
        parts = [(v, a, mwh) for joined in p.gets.values() for v, a, mwh in joined if v.name in names]
        return sum(mwh * v[a, h] for v, a, mwh in parts)

    made = [x for t in p.members(r["group"]) for x in p.generated.get(t, [])]
    own = lambda h: sum(mwh * v[a, h] for v, a, mwh in made) + through(h, "csp_heated", "hydro_hub_pumped")  # noqa: E731
    gone = p.year_sum(lambda h: -through(h, "send_out_sent", "ac_tie_export"))
    return (1.0 - r["share"]) * p.year_sum(own) - r["clean_share"] * gone, ">="


def _growth(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    sectors, y = p.inputs["demand_sectors"], p.case.stages[0]

    def taken(year: int) -> float:
        total = 0.0
        for s in sectors.query("energy_intensive == 'yes'").index:
            rows = [
                x for (n, q, _), x in p.inputs["demand_scenarios"].iterrows() if (n, q) == (p.case.demand.scenario, s)
            ]
            of_years = pd.DataFrame({x.name[2]: x for x in rows}).T
            grown = yearly_value(of_years, year, "factor") if rows else 1.0
            of_zones = p.inputs["sector_demand"].sort_index().loc[s]
            for z in of_zones.index.unique(0):
                total += grown * yearly_value(of_zones.loc[z], year, "energy")
        return total

    return taken(y) - (1 + r["rate"]) ** (y - r["from_year"]) * taken(int(r["from_year"])), "<="


def _supply(p: Parts, c: str, r: pd.Series) -> tuple[object, str]:
    asked = p.year_sum(lambda h: p.demand[r["zone"], h])
    return (1.0 - r["share"]) * asked - p.year_sum(lambda h: p.m.demand_unserved[r["zone"], h]), ">="


CLAUSES = {
    "capacity_totals": lambda p, c, r: (p.capacity(r["group"], r["zone"]) - r["capacity"], r["sense"]),
    "capacity_shares": lambda p, c, r: (p.capacity(r["group"]) - r["share"] * p.capacity(r["of_group"]), ">="),
    "storage_targets": lambda p, c, r: (p.capacity(r["group"]) - r["power"], ">="),
    "coal_off_seasons": _season,
    "curtailment_ceilings": _curtailed,
    "co2_caps": lambda p, c, r: (p.co2() - r["cap"], "<="),
    "co2_prices": _price,
    "storage_steps": _in_step,
    "storage_sides": _side,
    "storage_layers": _layer,
    "small_hydro_exits": _exit,
    "land_uses": _land,
    "line_backings": _backing,
    "green_runs": _run,
    "zero_carbon": lambda p, c, r: (p.co2() - r["residual"], "<="),
    "co2_intensities": _intensity,
    "local_consumptions": _local,
    "demand_growth_caps": _growth,
    "zone_supplies": _supply,
    "fuel_outputs": _fuel,
}


def _write_clauses(p: Parts) -> None:
    """What the target set asks, straight in the columns: no meters, nothing measured apart."""
    m, y = p.m, p.case.stages[0]
    rows: dict[str, tuple] = {}
    for table, rule in CLAUSES.items():
        for c, r in p.inputs[table].iterrows():
            if c in p.asked and r["year"] <= y:
                made = rule(p, c, r)
                if made is not None:
                    rows[c] = made

    @m.Constraint(list(p.still))
    def wet_season_coal_off_still(m, c, h):
        return p.still[c, h] <= 0

    priced = [c for c in rows if p.asked[c][0] == "priced"]
    m.short = pyo.Var(priced, within=pyo.NonNegativeReals)
    m.over = pyo.Var(priced, within=pyo.NonNegativeReals)

    @m.Constraint([c for c in rows if p.asked[c][0] != "watched"])
    def requirement(m, c):
        left, sense = rows[c]
        if c in priced:
            left = left + m.short[c] - m.over[c]
        if sense == "=":
            return left == 0
        # Nothing of the left side need be a column: a season in which no hour is modelled.
        if not hasattr(left, "is_expression_type"):
            return pyo.Constraint.Feasible if left <= 0 else pyo.Constraint.Infeasible
        return left <= 0 if sense == "<=" else left >= 0

    for c in priced:
        p.pay(f"clauses missed/{c}", p.asked[c][1] * (m.short[c] + m.over[c]))
