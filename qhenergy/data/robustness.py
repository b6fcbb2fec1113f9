"""Which other years and prices planned portfolios are taken through, as a case says it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from qhenergy.data.keys import Section, refused

#: What a cost is multiplied by.
Factor = Annotated[float, Field(gt=0, le=100)]
Factors = Annotated[tuple[Factor, ...], Field(strict=False)]


class Robustness(Section):
    """What fleets that are planned already are run through; a plan has no use for it.

    Years are all pairs of a seed of the weather generator and a water year of water_years.csv. Prices change in the
    year of the case itself: those of all fuels together, and investment and fixed O&M of technologies or groups, one
    key at a time. A data set whose hours are all given has one weather.
    """

    weather: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        default=(2025, 2026, 2027), strict=False, description="seeds of the weather generator"
    )
    water: tuple[str, ...] = Field(default=("wet", "normal", "dry"), strict=False, description="water years")
    fuel: Factors = (0.8, 1.2)
    costs: dict[str, Factors] = Field(default_factory=dict, description="factors by technology or group")

    @field_validator("weather", "water", "fuel")
    @classmethod
    def _each_once(cls, given: tuple[object, ...]) -> tuple[object, ...]:
        if len(set(given)) < len(given):
            raise refused("each of them once", "Delete the one that stands there twice.")
        return given

    @field_validator("weather", "water")
    @classmethod
    def _some_year(cls, given: tuple[object, ...]) -> tuple[object, ...]:
        if not given:
            raise refused("at least one", "Name one, or delete the line for those that are there by default.")
        return given
