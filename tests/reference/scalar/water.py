"""The cascade: turbines, spills and levels of reservoirs, hubs and canals, and the rules of releases."""

from __future__ import annotations

import math

import pyomo.environ as pyo

from scalar.levels import carry
from scalar.river import River
from scalar.system import System
from scalar.units import units_of, write_units


def write(system: System) -> None:
    """Write the cascade."""
    river = River(system)
    m, asset, standing = system.m, system.asset, river.standing
    long = [i for i in river.storage if system.clock.sequence and asset[i]["cycle"] != "short"]
    system.hourly("hydro_turbined", standing)
    system.hourly("hydro_spilled", standing)
    system.hourly(
        "hydro_level",
        list(river.storage),
        within=pyo.Reals,
        bounds=lambda _, i, h: (None if i in long else 0, None),
    )
    system.limit("hydro_turbined", standing, lambda i, h: m.capacity_installed[i] / river.megawatts[i])
    closed = [i for i in river.storage if i not in long]
    system.limit("hydro_level", closed, lambda i, h: river.full(i, system.clock.month[h]))
    _write_hubs(system, river)
    _write_canals(system, river)
    fill = _fills(system, river)
    _write_balances(system, river, long, fill["initial"])
    _write_releases(system, river)
    _write_means(system, river)
    _write_ends(system, river, long, fill)
    if system.case.commitment == "whole":
        _write_station_units(system, river)
    for i in standing:
        system.generate(i, m.hydro_turbined, river.megawatts[i])


def _fills(system: System, river: River) -> dict[str, dict[str, float]]:
    """Volumes at the begin and at the end, where a table tells them; one of the two stands for both [hm3]."""
    fill = {}
    for word in ("initial", "final"):
        told = {i: system.asset[i][f"{word}_fill"] * volume for i, volume in river.storage.items()}
        fill[word] = {i: volume for i, volume in told.items() if not math.isnan(volume)}
    return {word: fill["initial"] | fill["final"] | fill[word] for word in fill}


def _write_hubs(system: System, river: River) -> None:
    """Turbines and pumps beside those of the stations; some wait for a dam."""
    m, asset, stands, room = system.m, system.asset, system.stands, system.room
    falls, lifts = river.falls, river.lifts
    system.hourly("hydro_hub_turbined", river.turbines)
    system.hourly("hydro_hub_pumped", river.pumps)
    system.limit("hydro_hub_turbined", river.turbines, lambda a, h: m.capacity_installed[a] / falls[a])
    system.limit("hydro_hub_pumped", river.pumps, lambda a, h: m.capacity_installed[a] / lifts[a])

    @m.Constraint([a for a in river.turbines if a in river.pumps], m.T)
    def hydro_hub_shared(m, a, h):
        both = falls[a] * m.hydro_hub_turbined[a, h] + lifts[a] * m.hydro_hub_pumped[a, h]
        return both <= m.capacity_installed[a]

    def waits(a: str) -> bool:
        """Whether a hub may grow, and needs a dam that does not stand whatever is decided."""
        dam = asset[a]["prerequisite"]
        return room[a] > 0 and dam in asset and (dam in system.changeable or stands[dam] == 0)

    @m.Constraint([a for a in system.fleet["hydro_hubs"] if waits(a)])
    def hydro_hub_prerequisite(m, a):
        dam = str(asset[a]["prerequisite"])
        whole = stands[dam] + room[dam]
        part = m.capacity_installed[dam] / whole if whole > 0 else 0.0
        return m.capacity_installed[a] - stands[a] <= asset[a]["room"] * part

    for a in river.turbines:
        system.generate(a, m.hydro_hub_turbined, falls[a])
    for a in river.pumps:
        system.gets[asset[a]["zone"]].append((m.hydro_hub_pumped, a, -lifts[a]))


def _write_canals(system: System, river: River) -> None:
    """Water that canals take; what they miss has a price."""
    taken, asked = system.hourly("withdrawal_taken", list(river.source)), river.asked
    system.limit("withdrawal_taken", list(river.source), lambda w, h: asked[w, h])
    for w in river.source:
        worth = system.inputs["withdrawals"].at[w, "shortage_price"] / 1e6 * 3600
        missed = system.year_sum(lambda h, w=w: asked[w, h] - taken[w, h])
        system.pay("water missed/withdrawals", worth * missed)


def _write_balances(system: System, river: River, long: list[str], initial: dict[str, float]) -> None:
    m, clock, storage = system.m, system.clock, river.storage

    @m.Constraint(list(storage), m.T)
    def hydro_water_balance(m, i, h):
        before = m.hydro_level[i, clock.back(h, 1)]
        if i in long and clock.opens(h):
            before = 0.0
        elif h == 0 and i not in long and i in initial:
            before = initial[i]
        cubic_metres = 3600 * (river.coming(i, h) - river.released(i, h))
        return m.hydro_level[i, h] == before + cubic_metres / 1e6

    @m.Constraint([i for i in river.standing if i not in storage], m.T)
    def hydro_flow_balance(m, i, h):
        return river.coming(i, h) == river.released(i, h)


def _write_releases(system: System, river: River) -> None:
    """Least and most that is released in every hour."""
    m, clock, rules = system.m, system.clock, system.inputs["hydro_rules"].to_dict("index")

    @m.Constraint(river.standing, m.T)
    def hydro_minimum_release(m, i, h):
        least = rules.get((i, clock.month[h]), {}).get("minimum_release", 0.0)
        return river.let_down(i, h) >= least if least > 0 else pyo.Constraint.Skip

    @m.Constraint(river.standing, m.T)
    def hydro_maximum_release(m, i, h):
        most = rules.get((i, clock.month[h]), {}).get("maximum_release", math.nan)
        return pyo.Constraint.Skip if math.isnan(most) else river.released(i, h) <= most


def _write_means(system: System, river: River) -> None:
    """Least and most that is released in the mean of a month, of the hours of it that are modelled."""
    m, clock, rules = system.m, system.clock, system.inputs["hydro_rules"].to_dict("index")
    seen = sorted(set(zip(clock.year, clock.month, strict=True)))
    for word in ("minimum_mean_release", "maximum_mean_release"):
        # Limits that ask anything of a station that stands and a month that is modelled.
        found = {(i, int(n)): r[word] for (i, n), r in rules.items() if i in river.standing and r[word] > 0}
        means = {f"{i}/{k}/{n}": (i, k, n, v) for (i, n), v in found.items() for k, month in seen if month == n}

        def rule(m, name, means=means, word=word):
            i, year, month, value = means[name]
            inside = [h for h in clock.all if (clock.year[h], clock.month[h]) == (year, month)]
            volume = sum(clock.omega(h) * 3600 * river.let_down(i, h) for h in inside) / 1e6
            asked = value * sum(clock.omega(h) * 3600 / 1e6 for h in inside)
            return volume >= asked if word.startswith("minimum") else volume <= asked

        setattr(m, f"hydro_{word}", pyo.Constraint(list(means), rule=rule))


def _write_station_units(system: System, river: River) -> None:
    """Whole units of stations, outside the zones in which they shake."""
    m, told, zones = system.m, system.inputs["unit_commitments"], system.inputs["hydro_forbidden_zones"]
    units = {
        i: units_of(told.loc[i], zones=zones[zones.index.get_level_values(0) == i])
        for i in river.standing
        if i in told.index
    }
    write_units(system, "hydro_units", units, lambda i, h: river.megawatts[i] * m.hydro_turbined[i, h])


def _write_ends(system: System, river: River, long: list[str], fill: dict[str, dict[str, float]]) -> None:
    """Levels over real periods, or at the end of the last hour."""
    m, clock = system.m, system.clock
    if long:

        def real(i: str, hour: int) -> object:
            return river.full(i, int(system.year_month[hour % len(system.year_month)]))

        carry(system, "hydro_level", long, lambda i: 1.0, real, fill["initial"], fill["final"])
    elif not clock.sequence:

        @m.Constraint([i for i in river.storage if i in fill["final"]])
        def hydro_level_final(m, i):
            return m.hydro_level[i, len(clock.hours) - 1] == fill["final"][i]
