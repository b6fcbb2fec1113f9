"""Hydrogen: electrolysers, stores with their turbines, industry that takes it and exports."""

from __future__ import annotations

import math

import pandas as pd

from scalar import liquid_fuel
from scalar.levels import write_levels
from scalar.system import System
from scalar.units import whole, write_units

#: Lower heating value [MWh/t].
HEATING_VALUE = 33.33


def write(system: System) -> None:
    """Write electrolysers and stores, and all that take hydrogen out of them."""
    m, asset = system.m, system.asset
    tanks = system.fleet["hydrogen_stores"]
    stacks = [e for e in system.fleet["electrolysers"] if asset[e]["store"] in tanks]
    output = system.hourly("hydrogen_output", tanks)
    electrolysis = system.hourly("hydrogen_electrolysis", stacks)
    system.limit("hydrogen_output", tanks, system.rated)
    system.limit("hydrogen_electrolysis", stacks, system.rated)
    works, sold = _write_demands(system), _write_exports(system)
    burnt_by_plants = liquid_fuel.write(system)

    def handed_on(s: str, h: int) -> object:
        """Hydrogen that leaves a store for industry, export and fuel [MWh]."""
        tonnes = sum(m.hydrogen_demand_served[d, h] for d, r in works.items() if r["store"] == s)
        tonnes += sum(m.hydrogen_export_sent[x, h] for x, r in sold.items() if r["store"] == s)
        return HEATING_VALUE * (tonnes + burnt_by_plants(s, h))

    def change(s: str, h: int) -> object:
        made = sum(asset[e]["efficiency"] * electrolysis[e, h] for e in stacks if asset[e]["store"] == s)
        return made - output[s, h] / asset[s]["turbine_efficiency"] - handed_on(s, h)

    slow = [e for e in stacks if asset[e]["ramp"] < 1]
    jump = {e: max(asset[e]["ramp"], asset[e]["minimum_output"]) for e in slow}
    system.ramps("hydrogen", electrolysis, slow, jump)
    _write_part_load(system, [e for e in stacks if asset[e]["start_cost"] > 0])
    write_levels(system, "hydrogen_level", tanks, "hydrogen_balance", change)
    for members, flow, sign in ((tanks, output, 1.0), (stacks, electrolysis, -1.0)):
        for a in members:
            system.gets[asset[a]["zone"]].append((flow, a, sign))
            system.pay_variable(a, flow)
    if system.case.commitment == "whole":
        sized = [e for e in stacks if e not in system.changeable and asset[e]["minimum_output"] > 0]
        write_units(system, "hydrogen", {e: whole(system, e) for e in sized}, lambda e, h: electrolysis[e, h])


def _write_demands(system: System) -> dict[str, pd.Series]:
    """Industry; what it does not get has a price."""
    m = system.m
    works = {str(d): r for d, r in system.inputs["hydrogen_demands"].iterrows() if r["first_year"] <= system.year}
    asked = {d: system.even(r["yearly"]) for d, r in works.items()}
    system.hourly("hydrogen_demand_served", list(works), bounds=lambda _, d, h: (0, asked[d][h]))
    for d, r in works.items():
        missed = system.year_sum(lambda h, d=d: asked[d][h] - m.hydrogen_demand_served[d, h])
        system.pay(f"unserved hydrogen/{d}", r["unserved_price"] * missed)
    return works


def _write_exports(system: System) -> dict[str, pd.Series]:
    m = system.m
    sold = {str(x): r for x, r in system.inputs["hydrogen_exports"].iterrows() if r["first_year"] <= system.year}
    sent = system.hourly("hydrogen_export_sent", list(sold), bounds=lambda _, x, h: (0, sold[x]["hourly"]))

    def of_year(x: str) -> object:
        return system.year_sum(lambda h: sent[x, h])

    for x, r in sold.items():
        system.pay(f"hydrogen exports/{x}", -r["price"] * of_year(x))
        system.convert(system.asset[r["store"]]["zone"], sent, x, r["electricity"])

    @m.Constraint([x for x, r in sold.items() if not math.isnan(r["yearly"])])
    def hydrogen_export_yearly(m, x):
        return of_year(x) <= sold[x]["yearly"]

    return sold


def _write_part_load(system: System, part: list[str]) -> None:
    """Electrolysers that pay for their starts, any share of which runs."""
    m, asset = system.m, system.asset
    system.hourly("hydrogen_online", part)
    system.limit("hydrogen_online", part, system.rated)
    system.hourly("hydrogen_started", part)
    for e in part:
        begun = system.year_sum(lambda h, e=e: m.hydrogen_started[e, h])
        system.pay(f"starts/{asset[e]['technology']}", asset[e]["start_cost"] * begun)

    @m.Constraint(part, m.T)
    def hydrogen_up_to(m, e, h):
        return m.hydrogen_electrolysis[e, h] <= m.hydrogen_online[e, h]

    @m.Constraint(part, m.T)
    def hydrogen_part_load(m, e, h):
        return m.hydrogen_electrolysis[e, h] >= asset[e]["minimum_output"] * m.hydrogen_online[e, h]

    @m.Constraint(part, m.T)
    def hydrogen_starts(m, e, h):
        return m.hydrogen_online[e, h] - m.hydrogen_online[e, system.clock.back(h, 1)] <= m.hydrogen_started[e, h]
