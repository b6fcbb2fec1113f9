"""CO2 price: every tonne emitted costs.

    cost "CO2 price/<clause>" = price[c] * sum(weight[w] * co2[w], w)   [CNY/yr]

It is a cost, not a requirement: `hard` and `priced` mean that it is paid, `watched` that it is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, text
from qhenergy.policy.clause import PROVENANCE, Clause, Requirement

KIND = "co2_price"
TITLE = ("CO2 price", "碳价")
TABLE = Table(
    "co2_prices",
    "a price of CO2",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        number("price", "money per mass", "price of a tonne", high=1e5),
        *PROVENANCE,
    ),
)


def payment(clause: str) -> str:
    """Name of the cost that holds what a clause makes the system pay."""
    return f"CO2 price/{clause}"


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Charge the emissions of the window."""
    for c in clauses:
        if c.strictness != "watched" and c.applies(window.stage):
            window.cost(payment(c.name), float(c.row["price"]) * window.accounted("co2"))


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Nothing is required of the plan."""
    return []
