"""Coal and gas: units on line, ramps, fuel and CO2; the output that heat asks for."""

from __future__ import annotations

import math

import pyomo.environ as pyo

from scalar.system import System

#: GJ of a MWh.
GIGAJOULES = 3.6


def write(system: System) -> None:
    """Write the plants."""
    m, asset, clock, plants = system.m, system.asset, system.clock, system.fleet["thermal"]
    for word in ("online", "output", "started", "stopped"):
        system.hourly(f"thermal_{word}", plants)
    available = {a: asset[a]["availability"] * m.capacity_installed[a] for a in plants}
    least = {a: asset[a]["minimum_output"] for a in plants}
    system.limit("thermal_online", plants, lambda a, h: available[a])

    @m.Constraint(plants, m.T)
    def thermal_commitment(m, a, h):
        change = m.thermal_online[a, h] - m.thermal_online[a, clock.back(h, 1)]
        return change == m.thermal_started[a, h] - m.thermal_stopped[a, h]

    @m.Constraint(plants, m.T)
    def thermal_maximum(m, a, h):
        return m.thermal_output[a, h] <= m.thermal_online[a, h]

    @m.Constraint([a for a in plants if least[a] > 0], m.T)
    def thermal_minimum(m, a, h):
        return m.thermal_output[a, h] >= least[a] * m.thermal_online[a, h]

    slow = [a for a in plants if asset[a]["ramp"] < 1 - least[a]]

    @m.Constraint([a for a in plants if asset[a]["minimum_up"] > 1 or a in slow], m.T)
    def thermal_minimum_up(m, a, h):
        return system.lately(m.thermal_started, a, h, asset[a]["minimum_up"]) <= m.thermal_online[a, h]

    @m.Constraint([a for a in plants if asset[a]["minimum_down"] > 1 or a in slow], m.T)
    def thermal_minimum_down(m, a, h):
        off = available[a] - m.thermal_online[a, h]
        return system.lately(m.thermal_stopped, a, h, asset[a]["minimum_down"]) <= off

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

    if system.case.commitment == "whole":
        system.hourly("thermal_units", plants, within=pyo.Integers, bounds=(0, None))

        @m.Constraint(plants, m.T)
        def thermal_whole_units(m, a, h):
            size = asset[a]["unit_size"]
            if a not in system.changeable:
                size = system.stands[a] / max(math.ceil(system.stands[a] / size - 1e-3), 1) or size
            return m.thermal_online[a, h] == asset[a]["availability"] * size * m.thermal_units[a, h]

    for a in plants:
        _burn(system, a)


def _burn(system: System, a: str) -> None:
    """What a plant gives, burns, pays for its starts and emits."""
    m, r = system.m, system.asset[a]
    technology, fuel = r["technology"], r["fuel"]
    system.generate(a, m.thermal_output)
    heat_rate = GIGAJOULES / r["efficiency"]
    burnt = system.year_sum(lambda h: m.thermal_output[a, h]) * heat_rate
    starts = system.year_sum(lambda h: m.thermal_started[a, h])
    system.pay(f"fuel/{technology}", system.value("fuels", fuel, "price") * burnt)
    system.pay(f"starts/{technology}", r["start_cost"] * starts)
    tonnes = system.value("fuels", fuel, "emission") * heat_rate * (1 - r["capture"])
    system.emitting.append((m.thermal_output, a, tonnes))


def write_heat_ties(system: System) -> None:
    """Write the least output of plants that heat, month by month."""
    m, share_of = system.m, system.inputs["heat_ties"]["share"].to_dict()

    @m.Constraint([a for a in system.fleet["thermal"] if any(a == b for b, _ in share_of)], m.T)
    def heat_tie_least(m, a, h):
        share = share_of.get((a, system.clock.month[h]), 0.0)
        return m.thermal_output[a, h] >= share * m.capacity_installed[a] if share else pyo.Constraint.Skip
