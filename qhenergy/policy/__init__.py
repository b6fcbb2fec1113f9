"""Floor 4: one file per kind of clause. What was promised.

A clause file is a module with

    KIND                          name of the kind
    TITLE                         what it is called in English and in Chinese
    TABLE                         declaration of its table; every row is a clause with its source
    TABLES                        further tables it reads, if any
    TABLES                        further tables that its rows name, if any
    write(plan, clauses)          rows of the plan; returns the requirements for the board
    operate(window, clauses)      what it meters in the hours, if anything
"""

from types import ModuleType

from qhenergy.policy import (
    adequacy,
    capacity_share,
    capacity_total,
    certificates,
    clean_export,
    clean_matching,
    co2_cap,
    co2_intensity,
    co2_price,
    condensers_with_renewables,
    curtailment_ceiling,
    demand_growth,
    domestic_first,
    dry_year_supplement,
    fuel_output,
    green_run,
    growth_limit,
    home_share,
    land_use,
    line_backing,
    local_consumption,
    new_storage,
    reserve,
    response_power,
    send_out_utilisation,
    short_circuit,
    small_hydro_exit,
    spring_release,
    storage_in_step,
    storage_layer,
    storage_side,
    water_ceiling,
    wet_season_coal_off,
    zero_carbon,
    zone_supply,
)

BUILT_IN: tuple[ModuleType, ...] = (
    capacity_total,
    capacity_share,
    new_storage,
    storage_in_step,
    storage_side,
    storage_layer,
    wet_season_coal_off,
    co2_price,
    co2_cap,
    curtailment_ceiling,
    spring_release,
    dry_year_supplement,
    water_ceiling,
    small_hydro_exit,
    land_use,
    line_backing,
    condensers_with_renewables,
    short_circuit,
    reserve,
    adequacy,
    certificates,
    home_share,
    send_out_utilisation,
    clean_export,
    clean_matching,
    response_power,
    green_run,
    zero_carbon,
    co2_intensity,
    domestic_first,
    growth_limit,
    local_consumption,
    demand_growth,
    zone_supply,
    fuel_output,
)
