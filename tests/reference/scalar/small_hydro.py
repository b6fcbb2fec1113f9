"""Small hydropower: no reservoirs, so that what the water of a window brings can be moved within the window alone."""

from __future__ import annotations

import numpy as np

from scalar.clock import stretched
from scalar.system import System


def write(system: System) -> None:
    """Write the plants."""
    m, clock, plants, inputs = system.m, system.clock, system.fleet["small_hydro"], system.inputs
    usual = inputs["small_hydro_energy"]["capacity_factor"]
    wet, wet_month = inputs["water_years"]["factor"], inputs["water_year_months"]["factor"].to_dict()
    system.hourly("small_hydro_output", plants)
    system.limit("small_hydro_output", plants, system.rated)

    def brings(a: str) -> np.ndarray:
        """Share of the capacity that the water of every hour of the run allows."""
        values = [wet_month.get((k, n), wet[k]) * usual[a, n] for k in system.years for n in system.year_month]
        return np.minimum(np.array(values), 1.0)

    water = {a: stretched(brings(a), clock, 1.0) for a in plants}

    @m.Constraint(plants, sorted(set(clock.window)))
    def small_hydro_energy(m, a, k):
        brought = sum(float(water[a][h]) for h in clock.within(k))
        return sum(m.small_hydro_output[a, h] for h in clock.within(k)) <= brought * m.capacity_installed[a]

    for a in plants:
        system.generate(a, m.small_hydro_output)
