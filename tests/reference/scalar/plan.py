"""Capacities: what is built, what is retired, what takes its place, energy of stores, and what all of it costs."""

from __future__ import annotations

import math

import pyomo.environ as pyo

from scalar.system import System


def write(system: System) -> None:
    """Write the plan."""
    _write_capacities(system)
    _write_replacement(system)
    _write_energy(system)
    _pay(system)


def _write_capacities(system: System) -> None:
    m, asset, room = system.m, system.asset, system.room
    m.capacity_built = pyo.Var([a for a in asset if room[a] > 0], bounds=lambda _, a: (0, room[a]))
    m.capacity_retired = pyo.Var(system.retirable, bounds=lambda _, a: (0, asset[a]["existing"]))
    m.capacity_installed = pyo.Var(list(asset), within=pyo.NonNegativeReals)
    m.capacity_energy_built = pyo.Var(system.free_energy, within=pyo.NonNegativeReals)
    m.capacity_energy = pyo.Var(system.free_energy + system.fading, within=pyo.NonNegativeReals)

    @m.Constraint([a for a in asset if a in system.changeable])
    def capacity_balance(m, a):
        retired = m.capacity_retired[a] if a in system.retirable else 0.0
        return m.capacity_installed[a] == system.stands[a] + _built(system, a) - retired

    for a in asset:
        if a not in system.changeable:
            m.capacity_installed[a].fix(system.stands[a])


def _built(system: System, a: str) -> object:
    return system.m.capacity_built[a] if system.room[a] > 0 else 0.0


def _new(system: System, a: str) -> object:
    """What is committed and what is built."""
    return system.committed[a] + _built(system, a)


def _write_replacement(system: System) -> None:
    """A retrofit takes the place of what is retired; what must not go alone is retired for nothing else."""
    m, asset = system.m, system.asset
    taker = {a: str(r["replaces"]) for a, r in asset.items() if r.get("replaces", "")}
    alone = [a for a in system.retirable if asset[a].get("replaced_only", "no") == "yes"]

    def in_place_of(a: str) -> object:
        return sum(_new(system, b) for b, old in taker.items() if old == a)

    @m.Constraint([a for a in system.retirable if a in taker.values() and a not in alone])
    def thermal_replacement(m, a):
        return in_place_of(a) <= m.capacity_retired[a]

    @m.Constraint(alone)
    def thermal_replaced_only(m, a):
        return in_place_of(a) == m.capacity_retired[a]


def _write_energy(system: System) -> None:
    m, asset, free = system.m, system.asset, system.free_energy

    @m.Constraint(free)
    def capacity_minimum_duration(m, a):
        return m.capacity_energy_built[a] >= asset[a]["minimum_duration"] * m.capacity_built[a]

    @m.Constraint(free)
    def capacity_maximum_duration(m, a):
        return m.capacity_energy_built[a] <= asset[a]["maximum_duration"] * m.capacity_built[a]

    @m.Constraint(free + system.fading)
    def capacity_usable_energy(m, a):
        if a in free:
            return m.capacity_energy[a] == m.capacity_energy_built[a]
        built = asset[a]["duration"] * _built(system, a)
        gone = 0.0
        if a in system.retirable:
            left = system.kept[a] ** (system.year - system.case.base_year)
            gone = asset[a]["duration"] * left * m.capacity_retired[a]
        return m.capacity_energy[a] == system.aged[a] + built - gone


def _pay(system: System) -> None:
    m, price = system.m, system.price
    for a, r in system.asset.items():
        technology = r["technology"]
        per = r["length"] / 100 if "length" in r else 1.0
        hours = r.get("duration", 0.0)
        hours = 0.0 if math.isnan(hours) else hours
        power = price(technology, "investment") * per + price(technology, "energy_investment") * hours
        yearly = system.annuity(technology) * power + system.laid_by(technology) * per
        system.pay(f"investment/{technology}", yearly * _new(system, a))
        if a in system.free_energy:
            energy = price(technology, "energy_investment") * m.capacity_energy_built[a]
            system.pay(f"investment/{technology}", system.annuity(technology) * energy)
        system.pay(f"fixed O&M/{technology}", price(technology, "fixed_om") * per * m.capacity_installed[a])
