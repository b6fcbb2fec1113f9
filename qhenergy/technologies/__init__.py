"""Floor 4: one file per technology. What may be built, how it runs an hour, what it joins.

A technology file is a module with any of

    TABLES                    declarations of its input tables
    series(hours)             hourly inputs by name, hours x members
    register(plan)            assets whose capacity the plan knows
    plan(plan)                rows of the plan, once capacities exist
    operate(window)           rows of the hours
    settle(window)            rows that wait for all others to have joined, as a river's balance does

A file of the user's own, named in a case under `extra`, is a module of the same kind.
"""

from types import ModuleType

from qhenergy.technologies import (
    ac_tie,
    battery,
    chp_heat,
    compressed_air,
    condenser,
    corridor,
    csp,
    demand,
    electric_heat,
    flexible_demand,
    fuel_supply,
    geothermal_heat,
    grid_connection,
    heat,
    heat_store,
    heat_tie,
    hydro,
    hydro_head,
    hydro_hub,
    hydro_rules,
    hydro_units,
    hydrogen,
    hydrogen_demand,
    hydrogen_export,
    liquid_fuel,
    load_siting,
    pumped_storage,
    send_out,
    small_hydro,
    solar,
    thermal,
    wind,
    withdrawal,
)

BUILT_IN: tuple[ModuleType, ...] = (
    demand,
    load_siting,
    flexible_demand,
    solar,
    wind,
    csp,
    hydro,
    hydro_head,
    hydro_rules,
    hydro_hub,
    hydro_units,
    withdrawal,
    small_hydro,
    pumped_storage,
    battery,
    compressed_air,
    hydrogen,
    hydrogen_demand,
    hydrogen_export,
    liquid_fuel,
    thermal,
    condenser,
    heat_tie,
    heat,
    electric_heat,
    geothermal_heat,
    chp_heat,
    heat_store,
    fuel_supply,
    corridor,
    ac_tie,
    send_out,
    grid_connection,
)
