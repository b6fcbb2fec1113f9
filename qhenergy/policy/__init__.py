"""Floor 4: one file per kind of clause. What was promised.

A clause file is a module with

    KIND                          name of the kind
    TITLE                         what it is called in English and in Chinese
    TABLE                         declaration of its table; every row is a clause with its source
    write(plan, clauses)          rows of the plan; returns the requirements for the board
    operate(window, clauses)      what it meters in the hours, if anything
"""

from types import ModuleType

from qhenergy.policy import (
    capacity_share,
    capacity_total,
    co2_cap,
    co2_intensity,
    co2_price,
    curtailment_ceiling,
    domestic_first,
    dry_year_supplement,
    green_run,
    new_storage,
    spring_release,
    water_ceiling,
    wet_season_coal_off,
    zero_carbon,
)

BUILT_IN: tuple[ModuleType, ...] = (
    capacity_total,
    capacity_share,
    new_storage,
    wet_season_coal_off,
    co2_price,
    co2_cap,
    curtailment_ceiling,
    spring_release,
    dry_year_supplement,
    water_ceiling,
    green_run,
    zero_carbon,
    co2_intensity,
    domestic_first,
)
