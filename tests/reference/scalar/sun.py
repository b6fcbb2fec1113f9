"""Sun and wind: photovoltaics, wind, and concentrating solar power with its heat store and heater."""

from __future__ import annotations

from scalar.system import System
from scalar.units import units_of, whole, write_units


def write(system: System) -> None:
    """Write what the sky gives."""
    for table in ("solar", "wind"):
        _write_variable(system, table)
    _write_csp(system)


def _write_variable(system: System, table: str) -> None:
    m, plants = system.m, system.fleet[table]
    factor = system.series(f"{table}/availability", 1.0)
    output = system.hourly(f"{table}_output", plants)

    def offered(a: str, h: int) -> object:
        return factor[a, h] * m.capacity_installed[a]

    system.limit(f"{table}_output", plants, offered)
    for a in plants:
        system.generate(a, output)
        technology = system.asset[a]["technology"]
        system.offers.append((technology, lambda h, a=a: offered(a, h), lambda h, a=a: output[a, h]))


def _write_csp(system: System) -> None:
    m, asset, clock, plants = system.m, system.asset, system.clock, system.fleet["csp"]
    field_heat = system.series("csp/field_heat", None)
    eta = {a: asset[a]["turbine_efficiency"] for a in plants}
    # Design heat of the turbine is capacity / eta; the field's is that times the solar multiple.
    design = {a: asset[a]["solar_multiple"] / eta[a] for a in plants}
    system.hourly("csp_collected", plants)
    system.hourly("csp_output", plants)
    system.hourly("csp_heat", plants)
    warmed = [a for a in plants if asset[a]["heater"] > 0]
    system.hourly("csp_heated", warmed)
    system.limit("csp_heated", warmed, lambda a, h: asset[a]["heater"] * m.capacity_installed[a])
    system.limit("csp_collected", plants, lambda a, h: field_heat[a, h] * design[a] * m.capacity_installed[a])
    system.limit("csp_output", plants, system.rated)
    system.limit("csp_heat", plants, lambda a, h: asset[a]["store"] * m.capacity_installed[a] / eta[a])

    @m.Constraint(plants, m.T)
    def csp_heat_balance(m, a, h):
        kept = (1 - asset[a]["heat_loss"]) * m.csp_heat[a, clock.back(h, 1)]
        if a in warmed:
            kept = kept + asset[a]["heater_efficiency"] * m.csp_heated[a, h]
        return m.csp_heat[a, h] == kept + m.csp_collected[a, h] - m.csp_output[a, h] / eta[a]

    ramp = {a: asset[a]["ramp"] for a in plants if asset[a]["ramp"] < 1}
    system.ramps("csp", m.csp_output, list(ramp), ramp)
    if system.case.commitment == "whole":
        told = system.inputs["unit_commitments"]
        units = {a: whole(system, a) for a in plants if a not in system.changeable}
        units |= {a: units_of(told.loc[a], asset[a]["minimum_output"]) for a in plants if a in told.index}
        write_units(system, "csp", units, lambda a, h: m.csp_output[a, h])
    for a in warmed:
        system.gets[asset[a]["zone"]].append((m.csp_heated, a, -1.0))
    for a in plants:
        system.generate(a, m.csp_output)
        system.offers.append(
            (
                asset[a]["technology"],
                lambda h, a=a: field_heat[a, h] * asset[a]["solar_multiple"] * m.capacity_installed[a],
                lambda h, a=a: eta[a] * m.csp_collected[a, h],
            )
        )
