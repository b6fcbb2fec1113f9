"""Balances that are not a zone's and that anybody may join: hydrogen of a store, heat of a node, a fuel, captured CO2.

Whoever has such a balance writes its row when all technologies have operated, with what was fed into it by then. A
column *pours* into a balance: it says what it is to it, so that the balance is counted again from the returned values
and its year can be printed. An expression is *fed* where no column will do, as by a file of a user's own; what it gives
cannot be counted again, and the audit leaves out the balance it is part of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.joins import Feed


class Feeds(list[Feed]):
    """Open balances of one window: the parts that were told, in order, with what each gives in an hour."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: dict[tuple[str, str], list[Callable[[int], Any]]] = {}

    def add(self, part: Feed, by_hour: Callable[[int], Any]) -> None:
        """Add a part: hour -> linear expression in the unit of the balance per hour; negative is taken out."""
        self.append(part)
        self._parts.setdefault((part.balance, part.member), []).append(by_hour)

    def at(self, balance: str, member: str, hour: int) -> Any:
        """All that flows into a balance in an hour."""
        return pyo.quicksum(by_hour(hour) for by_hour in self._parts.get((balance, member), []))
