"""Ageing: when what stands leaves, and how early something new can stand.

    gone[a,y] = max(sum(capacity of retirements.csv, year <= y), existing[a] if y - base >= lifetime[a])   [MW]

What stood when the base year ended leaves as `retirements.csv` says, year by year; where that says nothing it stands
on, but no longer than a lifetime after the base year, when it has outlived any age it may have. What was committed
after the base year has a year of its own and leaves a lifetime after it. A lifetime is that of costs.csv.

Nothing is built sooner after the base year than the lead time of its technology allows.
"""

from __future__ import annotations

from dataclasses import dataclass

from qhenergy.data.inputs import Inputs


@dataclass(frozen=True, eq=False)
class Ageing:
    """What the tables say of the age of assets.

    Attributes:
        inputs: the tables.
        base_year: what exists stood at its end.
    """

    inputs: Inputs
    base_year: int

    def lifetime(self, technology: str, year: int) -> float:
        """Lifetime of what a technology builds in a year [yr]."""
        return self.inputs.cost(technology, year, "lifetime")

    def outlived(self, technology: str, since: int, stage: int) -> bool:
        """Whether what stands since a year has left by a stage."""
        return stage - since >= self.lifetime(technology, since)

    def gone(self, asset: str, technology: str, existing: float, stage: int) -> float:
        """Existing capacity that has left by a stage [MW]."""
        if existing > 0 and self.outlived(technology, self.base_year, stage):
            return existing
        rows = self.inputs["retirements"]
        leaving = sum(
            float(power) for (name, year), power in rows["capacity"].items() if name == asset and year <= stage
        )
        return min(leaving, existing)

    def first_year(self, technology: str) -> float:
        """First year in which something decided after the base year can stand."""
        rows = self.inputs["technologies"]
        # A section that nothing can raise names no technology.
        return self.base_year + (float(rows.at[technology, "lead_time"]) if technology in rows.index else 0.0)
