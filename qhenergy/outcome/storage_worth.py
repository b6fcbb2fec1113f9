"""What storage is firm for, and what more of it would be worth.

    credit          (load carried with it - load carried without it) / new capacity [-]
    value           what another kW saves a year, its own cost left out [CNY/kW/yr]

See `studies.capacity_credit` and `studies.storage_curves`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qhenergy.outcome import measures


@dataclass(frozen=True)
class PortfolioCredit:
    """Load that a portfolio lets its fleet carry, beside the same fleet without its new storage [MW].

    `credit` is the difference over its new capacity; NaN where nothing is new, or nothing can be carried, and then
    `reason` says why.
    """

    name: str
    capacity: float
    carried: float
    carried_without: float
    reason: str = ""

    @property
    def firm(self) -> float:
        """Firm capacity that it replaces [MW]."""
        return self.carried - self.carried_without

    @property
    def credit(self) -> float:
        """Share of its new capacity that is firm."""
        return self.firm / self.capacity if self.capacity > measures.NEGLIGIBLE else math.nan


@dataclass(frozen=True)
class CreditStep:
    """Load carried with so much of a technology on top of the baseline's fleet.

    Attributes:
        technology: key.
        capacity: new [MW].
        carried, carried_without: load [MW].
        marginal: what another MW adds to the load carried, by the dual of its row [-].
        reason: why it carries none.
    """

    technology: str
    capacity: float
    carried: float
    carried_without: float
    marginal: float
    reason: str = ""

    @property
    def credit(self) -> float:
        """Share of its capacity that is firm."""
        return (self.carried - self.carried_without) / self.capacity


@dataclass(frozen=True)
class Substitution:
    """How much of `other` carries the same load as so much of a technology [MW]; NaN, with a reason, if none does."""

    technology: str
    capacity: float
    other: str
    needed: float
    reason: str = ""


@dataclass(frozen=True)
class ValuePoint:
    """Marginal value of a technology at some capacity, storage else as it stands.

    Attributes:
        technology: key.
        capacity: new [MW].
        value: what another kW saves a year, its own cost left out [CNY/kW/yr].
        own_cost: what another kW costs a year [CNY/kW/yr].
        cost: of the whole system, penalties included [CNY/yr].
        hours: duration of what is new; NaN where it is given by the data.
        power_value, energy_value: of another kW and another kWh alone [CNY/kW/yr], [CNY/kWh/yr]; NaN unless asked.
        reason: why there is none.
    """

    technology: str
    capacity: float
    value: float
    own_cost: float
    cost: float
    hours: float = math.nan
    power_value: float = math.nan
    energy_value: float = math.nan
    reason: str = ""
