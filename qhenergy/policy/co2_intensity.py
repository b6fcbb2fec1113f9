"""CO2 intensity (R50): what may be emitted for a MWh that is consumed in the system.

    co2_intensity/requirement   sum(weight[w] * co2[w], w) <= intensity[c] * sum(weight[w] * consumed[w], w)   [t]

`co2` is that of plants and of imports; `consumed` is the demand that is served [MWh]. What is sent out is not
consumption, so that its emissions weigh on what is consumed at home: they are the system's. The plans ask for
CO2 per unit of GDP; this is per MWh, since the model knows no GDP.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "co2_intensity"
TITLE = ("CO2 intensity of consumption", "用电碳排放强度")
CONSUMED = f"{KIND}_consumed"
TABLE = Table(
    "co2_intensities",
    "most CO2 for a MWh consumed",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        number("intensity", "mass per energy", "most CO2 for what is consumed", high=5),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter the emissions of the window and what is consumed."""
    for c in clauses:
        window.meter(KIND, c.name, "t", window.accounted("co2"))
        # What turns into heat or fuel is consumed as well; joined, it is negative.
        consumed = sum(
            window.demanded(t) - window.joined("unserved", t) - window.joined("conversion", t) for t in window.hours
        )
        window.meter(CONSUMED, c.name, "MWh", consumed)


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = [
        Demand(
            Requirement(c, y, "<=", float(c.row["intensity"]), "t/MWh", 1.0, has_base=True),
            plan.yearly(KIND, c.name, y),
            plan.yearly(CONSUMED, c.name, y),
        )
        for c in clauses
        for y in plan.case.stages
        if c.applies(y)
    ]
    return write_requirements(plan, KIND, "t", demands, base_unit="MWh")
