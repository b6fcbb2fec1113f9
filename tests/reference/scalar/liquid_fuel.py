"""Plants that make liquid fuel of hydrogen and CO2, bought or caught where coal and gas are burnt."""

from __future__ import annotations

from collections.abc import Callable

import pyomo.environ as pyo

from scalar.system import System
from scalar.thermal import GIGAJOULES


def write(system: System) -> Callable[[str, int], object]:
    """Write the plants.

    Returns:
        (hydrogen store, hour) -> hydrogen that the plants take out of it [t].
    """
    m, asset, plants = system.m, system.asset, system.fleet["liquid_fuel_plants"]
    made = system.hourly("liquid_fuel_made", plants)
    system.limit("liquid_fuel_made", plants, system.rated)
    system.hourly("liquid_fuel_captured", plants)
    system.hourly("liquid_fuel_bought", plants)

    @m.Constraint(plants, m.T)
    def liquid_fuel_minimum(m, p, h):
        return m.liquid_fuel_made[p, h] >= asset[p]["minimum_output"] * m.capacity_installed[p]

    system.ramps("liquid_fuel", made, plants, {p: asset[p]["ramp"] for p in plants})

    def tonnes(p: str, h: int) -> object:
        return made[p, h] / asset[p]["heating_value"]

    @m.Constraint(plants, m.T)
    def liquid_fuel_co2(m, p, h):
        return m.liquid_fuel_captured[p, h] + m.liquid_fuel_bought[p, h] == asset[p]["co2"] * tonnes(p, h)

    for p in plants:
        r = asset[p]
        system.convert(r["zone"], made, p, r["electricity"] / r["heating_value"])
        system.pay_variable(p, made)
        system.pay(f"fuel sold/{p}", -r["price"] * system.year_sum(lambda h, p=p: tonnes(p, h)))
        for word in ("captured", "bought"):
            column: pyo.Var = getattr(m, f"liquid_fuel_{word}")
            fed = system.year_sum(lambda h, p=p, column=column: column[p, h])
            system.pay(f"CO2 feed/{p}", r[f"{word}_price"] * fed)
        if r["credit"] == "fuel":
            system.emitting.append((m.liquid_fuel_captured, p, 1.0))

    def taken(s: str, h: int) -> object:
        return sum(asset[p]["hydrogen"] * tonnes(p, h) for p in plants if asset[p]["store"] == s)

    return taken


def write_captured(system: System) -> None:
    """No more CO2 is taken in a zone than its thermal plants catch."""
    m, asset, plants = system.m, system.asset, system.fleet["liquid_fuel_plants"]
    source = {p: str(asset[p]["co2_zone"] or asset[p]["zone"]) for p in plants}

    def caught(z: str, h: int) -> object:
        total = 0.0
        for a in system.fleet["thermal"]:
            if asset[a]["zone"] == z:
                burnt = GIGAJOULES / asset[a]["efficiency"] * m.thermal_output[a, h]
                total += asset[a]["capture"] * system.value("fuels", asset[a]["fuel"], "emission") * burnt
        return total

    @m.Constraint(sorted(set(source.values())), m.T)
    def liquid_fuel_taken(m, z, h):
        return sum(m.liquid_fuel_captured[p, h] for p in plants if source[p] == z) <= caught(z, h)
