"""Zero-carbon system (R03): from a year on, next to nothing is emitted for the power of the system.

    zero_carbon/requirement   sum(weight[w] * (co2[w] + import_factor[c] * import[w]), w) <= residual[c]   [t]

`co2` is what plants emit: what is captured is not emitted and stays out. Imports count with the factor of the
clause, or each with that of its own tie where the clause has none. What is sent out is not credited. Where
nothing may remain, a hard clause says it hour by hour as well; see `policy.standstill`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements
from qhenergy.policy.standstill import Standstill, still_requirement, write_standstills

KIND = "zero_carbon"
TITLE = ("zero-carbon power system", "零碳电力系统")
TABLE = Table(
    "zero_carbon",
    "next to nothing is emitted from a year on",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        number("residual", "mass", "most CO2 of a year that may remain", high=1e10),
        number("import_factor", "mass per energy", "CO2 of imports; that of each tie if blank", default=None, high=5),
        *PROVENANCE,
    ),
)


def emitted(window: Window, hour: int, import_factor: float) -> Any:
    """CO2 of plants and imports in an hour, as far as who emits says when [t]."""
    everything = window.accounted_at("co2", hour)
    if np.isnan(import_factor):
        return everything
    return everything - window.accounted_at("co2_import", hour) + import_factor * window.imported(hour)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what is emitted, and forbid it where nothing may remain."""
    factors = {c.name: float(c.row["import_factor"]) for c in clauses}
    standstills = [
        Standstill(c, window.hours, lambda t, factor=factors[c.name]: emitted(window, t, factor)) for c in clauses
    ]
    for c in clauses:
        window.meter(KIND, c.name, "t", _of_window(window, factors[c.name]))
    write_standstills(window, KIND, "t", [s for s in standstills if s.clause.row["residual"] == 0])


def _of_window(window: Window, import_factor: float) -> Any:
    """CO2 of plants and imports over the window, by whatever account [t]."""
    everything = window.accounted("co2")
    if np.isnan(import_factor):
        return everything
    imports = sum(window.imported(t) for t in window.hours)
    return everything - window.accounted("co2_import") + import_factor * imports


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = [
        Demand(
            still_requirement(c, y, "10^4 t", 1e4, allowed=float(c.row["residual"])),
            plan.yearly(KIND, c.name, y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "t", demands)
