"""The model once more, as one plain Pyomo model over all modelled hours: a second opinion.

Nothing here knows of blocks, windows, ports, joins, meters or levels counted from the start of a window.
It is written from the algebra in the docstrings and from the physics behind it. Two things alone are
shared with the program: the reader of the input tables, and the weather series.

Every asset has a column for its capacity, fixed where nothing can change it, and every limit is a row.
Stores that are carried over real periods meet their limits in every hour of every real period, each row
written out; the program writes one row a period, with the lowest and the highest level.

The model is one; its files are by theme, and each writes its columns, rows and costs into the same model:

    clock            the modelled hours, and values between the years of a table
    system           what all parts share: tables, assets, prices, the model and what joins it
    plan             capacities
    sun              solar, wind and concentrating solar power
    levels           levels of stores, within a period and over real periods
    stores           pumped storage, batteries, compressed air
    hydrogen         electrolysers, stores, turbines; industry and export
    liquid_fuel      plants that make fuel of hydrogen and CO2
    river            stations that stand, the water that passes them, what canals and hubs take and give
    water            levels, balances and rules of the cascade
    small_hydro      small hydropower
    thermal          coal and gas, their heat ties, and fuels that are short
    heat             heat of towns
    network          corridors, sections, ties, lines that send out
    demand           demand by sector and scenario, and the balance of every zone
    clauses          what the target set asks, with its rules in clauses_of_plan and clauses_of_year

Not here: PLACEHOLDER
"""

from scalar.clock import Clock
from scalar.model import build
from scalar.system import System

__all__ = ["Clock", "System", "build"]
