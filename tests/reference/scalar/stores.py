"""Electric stores: pumped storage, batteries and compressed air, with what cycles cost them."""

from __future__ import annotations

import math

import pyomo.environ as pyo

from scalar.levels import usable, write_levels
from scalar.system import System


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
