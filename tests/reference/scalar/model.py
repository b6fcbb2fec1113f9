"""The whole model: every part in turn, then what it costs."""

from __future__ import annotations

import pandas as pd
import pyomo.environ as pyo

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from scalar import (
    clauses,
    demand,
    fuels,
    heat,
    hydrogen,
    liquid_fuel,
    network,
    plan,
    small_hydro,
    stores,
    sun,
    thermal,
    water,
)
from scalar.clock import Clock
from scalar.system import System


def build(inputs: Inputs, case: Case, weather: dict[str, pd.DataFrame], clock: Clock) -> System:
    """Write the model.

    Args:
        inputs: the tables.
        case: stage, base year, water year, targets, scenario of send-out.
        weather: availability of sun and wind, heat of the fields, inflow; hours of all years x members.
        clock: the modelled hours.
    """
    system = System(inputs, case, weather, clock)
    plan.write(system)
    sun.write(system)
    stores.write(system)
    hydrogen.write(system)
    water.write(system)
    small_hydro.write(system)
    thermal.write(system)
    liquid_fuel.write_captured(system)
    heat.write(system)
    thermal.write_heat_ties(system)
    fuels.write(system)
    network.write(system)
    # All that joins a zone has joined by now.
    demand.write(system)
    clauses.write(system)
    system.m.cost = pyo.Objective(expr=sum(sum(terms) for terms in system.costs.values()))
    return system
