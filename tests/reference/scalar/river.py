"""The river: stations that stand, the way of the water between them, and all the water that passes or leaves them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from scalar.clock import DAYS, stretched
from scalar.system import System

#: MW of 1 m3/s over a metre of head.
GRAVITY = 9.81e-3


class River:
    """Stations, hubs and canals as the tables have them, and what their columns say of the water.

    Attributes:
        system: the system.
        standing: stations that stand in the year.
        above: for each, the stations whose water comes to it next, and the hours it takes.
        inflow: local inflow of each and hour, with that of stations which do not stand yet [m3/s].
        megawatts: MW per m3/s.
        storage: live storage of those that have one [hm3].
        turbines, pumps: hubs that let water down, and that lift it; `falls`, `lifts`: MW per m3/s.
        source: the station that gives the water of each canal; `asked`: what each asks in each hour [m3/s].
    """

    def __init__(self, system: System) -> None:
        self.system = system
        asset, every = system.asset, system.inputs["hydro_stations"]
        self.standing = [i for i in system.fleet["hydro_stations"] if asset[i]["in_service_year"] <= system.year]
        self.megawatts = {i: GRAVITY * asset[i]["efficiency"] * asset[i]["head"] for i in self.standing}
        self.storage = {i: asset[i]["live_storage"] for i in self.standing if asset[i]["live_storage"] > 0}
        self.above: dict[str, list[tuple[str, float]]] = {i: [] for i in self.standing}
        for u in self.standing:
            below, hours = self.next_below(u)
            if below:
                self.above[below].append((u, hours))
        local, clock = system.series("hydro/inflow", None), system.clock
        self.inflow = {(i, h): local.get((i, h), 0.0) for i in self.standing for h in clock.all}
        for i in map(str, every.index):
            receiver = self.next_below(i)[0]
            if i not in self.standing and receiver:
                for h in clock.all:
                    self.inflow[receiver, h] += local.get((i, h), 0.0)
        hubs = system.fleet["hydro_hubs"]
        self.turbines = [a for a in hubs if asset[a]["mode"] in ("turbine", "reversible")]
        self.pumps = [a for a in hubs if asset[a]["mode"] in ("pump", "reversible")]
        self.falls = {a: GRAVITY * asset[a]["head"] * asset[a]["turbine_efficiency"] for a in hubs}
        self.lifts = {a: GRAVITY * asset[a]["head"] / asset[a]["pump_efficiency"] for a in hubs}
        self.source: dict[str, str] = {}
        self.asked: dict[tuple[str, int], float] = {}
        self._read_canals()

    def _read_canals(self) -> None:
        system, shares = self.system, self.system.inputs["withdrawal_months"]["share"].to_dict()
        for w, r in system.inputs["withdrawals"].iterrows():
            at = str(r["station"]) if r["station"] in self.standing else self.next_below(str(r["station"]))[0]
            if math.isnan(r["yearly_volume"]) or r["first_year"] > system.year or not at:
                continue
            self.source[str(w)] = at
            spread = any(v == w for v, _ in shares)
            month_of = {n: shares.get((w, n), 0.0) if spread else days / 365 for n, days in enumerate(DAYS, 1)}
            a_second = [r["yearly_volume"] * 1e6 * month_of[n] / (DAYS[n - 1] * 86400) for n in system.year_month]
            values = stretched(np.array(a_second * len(system.years)), system.clock, None)
            self.asked |= {(str(w), h): float(values[h]) for h in system.clock.all}

    def next_below(self, i: str) -> tuple[str, float]:
        """Next station that stands, and the hours the water takes to it."""
        every = self.system.inputs["hydro_stations"]
        below, hours = str(every.at[i, "downstream"]), float(every.at[i, "travel_time"])
        if below and below not in self.standing:
            further, more = self.next_below(below)
            return further, hours + more
        return below, hours

    def full(self, i: str, month: int) -> object:
        """Water that a reservoir may hold in a month, above the lowest level of its curve [hm3].

        Of a dam that is not there before it is built, as much as is built of it.
        """
        system = self.system
        part = 1.0 if system.stands[i] > 0 else system.m.capacity_installed[i] / system.room[i]
        level_rule = system.inputs["hydro_rules"]["maximum_level"].dropna()
        if (i, month) not in level_rule.index:
            return self.storage[i] * part
        curve = system.inputs["reservoir_curves"].loc[i]["volume"]
        points = sorted((float(at), float(v)) for at, v in curve.items())
        held = points[0][1]
        for (low, less), (high, more) in pairwise(points):
            held += (more - less) * min(max((level_rule[i, month] - low) / (high - low), 0.0), 1.0)
        return min(held - points[0][1], self.storage[i]) * part

    def beside(self, i: str, h: int) -> object:
        """Water that a station gains without its passing a dam [m3/s]."""
        m, asset = self.system.m, self.system.asset
        gain = 0.0
        for a in self.pumps:
            if asset[a]["upper"] == i:
                gain += m.hydro_hub_pumped[a, h]
            if self.next_below(str(asset[a]["upper"]))[0] == i:
                gain -= m.hydro_hub_pumped[a, h]
        gain -= sum(m.withdrawal_taken[w, h] for w, at in self.source.items() if at == i)
        for a in self.system.fleet["pumped_storage"]:
            if asset[a]["lower_station"] == i:
                per = GRAVITY * asset[a]["head"]
                gain -= asset[a]["charge_efficiency"] * m.pumped_storage_charge[a, h] / per
                gain += m.pumped_storage_discharge[a, h] / asset[a]["discharge_efficiency"] / per
        return gain

    def released(self, i: str, h: int) -> object:
        """What leaves a station by its dam [m3/s]."""
        m = self.system.m
        through = sum(m.hydro_hub_turbined[a, h] for a in self.turbines if self.system.asset[a]["upper"] == i)
        return m.hydro_turbined[i, h] + m.hydro_spilled[i, h] + through

    def let_down(self, i: str, h: int) -> object:
        """What is released and not lifted back over the dam [m3/s]."""
        own = [a for a in self.pumps if self.system.asset[a]["upper"] == i]
        return self.released(i, h) - sum(self.system.m.hydro_hub_pumped[a, h] for a in own)

    def arriving(self, i: str, h: int) -> object:
        """Water released a whole number of hours ago, shared between the two hours around the true one [m3/s]."""
        total, back = 0.0, self.system.clock.back
        for u, hours in self.above[i]:
            late = hours - int(hours)
            total += (1 - late) * self.released(u, back(h, int(hours)))
            if late > 0:
                total += late * self.released(u, back(h, int(hours) + 1))
        return total

    def coming(self, i: str, h: int) -> object:
        """All water that a station gets [m3/s]."""
        return self.inflow[i, h] + self.arriving(i, h) + self.beside(i, h)
