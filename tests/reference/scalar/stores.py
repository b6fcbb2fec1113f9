"""Electric stores: pumped storage, batteries and compressed air, with what cycles cost them."""

from __future__ import annotations

import math
from dataclasses import replace

import pyomo.environ as pyo

from scalar.levels import usable, write_levels
from scalar.system import System
from scalar.units import most_of, units_of, write_units


def write(system: System) -> None:
    """Write the stores of every kind."""
    for table, name in (
        ("pumped_storage", "pumped_storage"),
        ("batteries", "battery"),
        ("compressed_air", "compressed_air"),
    ):
        _write_kind(system, table, name)


def _write_kind(system: System, table: str, name: str) -> None:
    m, asset, members = system.m, system.asset, system.fleet[table]
    charge = system.hourly(f"{name}_charge", members)
    discharge = system.hourly(f"{name}_discharge", members)
    system.limit(f"{name}_charge", members, lambda a, h: asset[a].get("charge_ratio", 1.0) * m.capacity_installed[a])
    system.limit(f"{name}_discharge", members, system.rated)

    def change(a: str, h: int) -> object:
        return asset[a]["charge_efficiency"] * charge[a, h] - discharge[a, h] / asset[a]["discharge_efficiency"]

    write_levels(system, f"{name}_level", members, f"{name}_energy_balance", change)
    if table == "pumped_storage":
        # Pumps and turbines are the same machines.
        system.rows(
            f"{name}_shared", members, lambda m, a, h: charge[a, h] + discharge[a, h] <= m.capacity_installed[a]
        )
        if system.case.commitment == "whole":
            _write_machines(system, charge, discharge)
    for a in members:
        technology = asset[a]["technology"]
        system.gets[asset[a]["zone"]] += [(charge, a, -1.0), (discharge, a, 1.0)]
        system.pay_variable(a, discharge)
        if asset[a].get("cycle_cost", 0.0) > 0:
            given = system.year_sum(lambda h, a=a: discharge[a, h])
            system.pay(f"cycle ageing/{technology}", asset[a]["cycle_cost"] * given)

    def cycles(m, a):
        drawn = system.year_sum(lambda h: discharge[a, h]) / asset[a]["discharge_efficiency"]
        return drawn <= asset[a]["yearly_cycles"] * usable(system, a)

    worn = [a for a in members if not math.isnan(asset[a].get("yearly_cycles", math.nan))]
    setattr(m, f"{name}_cycle_limit", pyo.Constraint(worn, rule=cycles))


def _write_machines(system: System, charge: pyo.Var, discharge: pyo.Var) -> None:
    """Whole units of pumped storage, all of which turn or all of which pump."""
    told, plants = system.inputs["unit_commitments"], system.fleet["pumped_storage"]
    turbines = {a: units_of(told.loc[a]) for a in plants if a in told.index}
    pumps = {a: replace(u, bands=[(told.at[a, "pump_minimum"], 1.0)]) for a, u in turbines.items()}
    turning = write_units(system, "pumped_storage_turbine", turbines, lambda a, h: discharge[a, h])
    lifting = write_units(system, "pumped_storage_pump", pumps, lambda a, h: charge[a, h])
    most = {a: most_of(system, a, u) for a, u in turbines.items()}
    pumping = system.hourly("pumped_storage_pump_pumping", list(most), within=pyo.Integers, bounds=(0, 1))
    system.rows(
        "pumped_storage_turbine_only", list(most), lambda m, a, h: turning(a, h) <= most[a] * (1 - pumping[a, h])
    )
    system.rows("pumped_storage_pump_only", list(most), lambda m, a, h: lifting(a, h) <= most[a] * pumping[a, h])
