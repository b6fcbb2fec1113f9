"""Heat of towns: boilers and heat pumps, the ground, stores of hot water, plants that heat, and all other sources."""

from __future__ import annotations

import math

from scalar.clock import yearly_value
from scalar.levels import write_levels
from scalar.system import System


def write(system: System) -> None:
    """Write what heats, and the balance of every town."""
    m, asset, inputs = system.m, system.asset, system.inputs
    towns = {str(n): r for n, r in inputs["heat_nodes"].iterrows() if r["first_year"] <= system.year}
    warmth = {n: system.even(r["yearly"]) for n, r in towns.items()}
    stoves = {n: inputs["heat_others"].loc[n] for n in towns if n in inputs["heat_others"].index}
    heaters, wells, pits = (system.fleet[t] for t in ("electric_heaters", "geothermal_heat", "heat_stores"))
    drawn = inputs["chp_heat"]
    tapped = [a for a in system.fleet["thermal"] if a in drawn.index]

    def from_stoves(n: str, h: int) -> tuple[float, float]:
        return 0, yearly_value(stoves[n], system.year, "share") * warmth[n][h]

    system.hourly("heat_unserved", list(towns), bounds=lambda _, n, h: (0, warmth[n][h]))
    system.hourly("heat_other", list(stoves), bounds=lambda _, n, h: from_stoves(n, h))
    system.hourly("electric_heat_taken", heaters)
    system.limit("electric_heat_taken", heaters, system.rated)
    system.hourly("geothermal_heat_given", wells)
    system.limit("geothermal_heat_given", wells, lambda g, h: asset[g]["availability"] * m.capacity_installed[g])
    system.hourly("chp_heat_given", tapped)
    for word in ("charge", "discharge"):
        system.hourly(f"heat_store_{word}", pits)
        system.limit(f"heat_store_{word}", pits, system.rated)

    def change(s: str, h: int) -> object:
        return m.heat_store_charge[s, h] - m.heat_store_discharge[s, h]

    write_levels(system, "heat_store_level", pits, "heat_store_balance", change)

    @m.Constraint(tapped, m.T)
    def chp_heat_with_output(m, a, h):
        return m.chp_heat_given[a, h] <= drawn.at[a, "heat_per_power"] * m.thermal_output[a, h]

    @m.Constraint(list(towns), m.T)
    def heat_balance(m, n, h):
        def here(members: list[str]) -> list[str]:
            return [a for a in members if asset[a]["node"] == n]

        heat = m.heat_unserved[n, h] + (m.heat_other[n, h] if n in stoves else 0.0)
        heat += sum(asset[b]["efficiency"] * m.electric_heat_taken[b, h] for b in here(heaters))
        heat += sum(m.geothermal_heat_given[g, h] for g in here(wells))
        heat -= sum(change(s, h) for s in here(pits))
        heat += sum(m.chp_heat_given[a, h] for a in tapped if drawn.at[a, "node"] == n)
        return heat == warmth[n][h]

    @m.Constraint([n for n, r in towns.items() if not math.isnan(r["headroom"])], m.T)
    def heat_headroom(m, n, h):
        return sum(m.electric_heat_taken[b, h] for b in heaters if asset[b]["node"] == n) <= towns[n]["headroom"]

    for n, r in towns.items():
        missed = system.year_sum(lambda h, n=n: m.heat_unserved[n, h])
        system.pay(f"unserved heat/{n}", r["unserved_price"] * missed)
    for n, r in stoves.items():
        burnt = system.year_sum(lambda h, n=n: m.heat_other[n, h])
        system.pay(f"other heat/{n}", yearly_value(r, system.year, "price") * burnt)
    for a in heaters:
        system.convert(asset[a]["zone"], m.electric_heat_taken, a, 1.0)
        system.pay_variable(a, m.electric_heat_taken)
    for a in wells:
        system.convert(asset[a]["zone"], m.geothermal_heat_given, a, asset[a]["electricity"])
        system.pay_variable(a, m.geothermal_heat_given)
    for a in pits:
        system.pay_variable(a, m.heat_store_discharge)
