"""Solver profiles: which solver, with which options, and what is tried next.

A profile is a TOML file in `solvers/`:

    title = "..."
    power_scale = 1e-3     # MW, MWh, m3/s and hm3 reach the solver times this
    money_scale = 1e-3     # CNY reach it times this

    [[attempt]]
    name = "hipo"
    whole = "branch"       # or "round": how whole numbers are found, see `solving.rounding`
    [attempt.options]      # names and values of HiGHS options
    solver = "hipo"

Scaling all bounds and right-hand sides by one factor, and all costs by another, changes no solution;
it brings numbers to where interior-point methods converge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from qhenergy.data.builtin import find
from qhenergy.data.keys import Scalar, Section, checked, read_toml

Option = Scalar


class Attempt(Section):
    """One way of solving, tried when those before it did not prove an optimum."""

    name: str
    options: dict[str, Option] = Field(default_factory=dict)
    whole: Literal["branch", "round"] = Field(
        default="branch", description="how whole numbers are found: by branch and cut, or see `solving.rounding`"
    )


class Profile(Section):
    """A solver profile; see the module."""

    title: str
    power_scale: float = Field(default=1e-3, gt=0)
    money_scale: float = Field(default=1e-3, gt=0)
    attempt: tuple[Attempt, ...] = Field(min_length=1, strict=False)

    def changed(self, options: Mapping[str, Option]) -> Profile:
        """The profile with options of the case added to every attempt."""
        attempts = tuple(a.model_copy(update={"options": {**a.options, **options}}) for a in self.attempt)
        return self.model_copy(update={"attempt": attempts})


def read_profile(name: str, beside: Path | None = None) -> Profile:
    """Read a profile by name or path.

    Raises:
        InputError: there is none of the name, or the file is not a profile.
    """
    path = find("solvers", name, beside, ".toml")
    return checked(Profile, read_toml(path), path.name)
