"""Solver profiles: which solver, with which options, and what is tried next.

A profile is a TOML file in `solvers/`:

    title = "..."
    power_scale = 1e-3     # MW, MWh, m3/s and hm3 reach the solver times this
    money_scale = 1e-3     # CNY reach it times this

    [[attempt]]
    name = "hipo"
    [attempt.options]      # names and values of HiGHS options
    solver = "hipo"

Scaling all bounds and right-hand sides by one factor, and all costs by another, changes no solution;
it brings numbers to where interior-point methods converge.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qhenergy.data.builtin import find
from qhenergy.ground.faults import Fault, InputError

Option = bool | int | float | str


class Attempt(BaseModel):
    """One way of solving, tried when those before it did not prove an optimum."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    options: dict[str, Option] = Field(default_factory=dict)


class Profile(BaseModel):
    """A solver profile; see the module."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    power_scale: float = Field(default=1e-3, gt=0)
    money_scale: float = Field(default=1e-3, gt=0)
    attempt: tuple[Attempt, ...] = Field(min_length=1)

    def changed(self, options: Mapping[str, Option]) -> Profile:
        """The profile with options of the case added to every attempt."""
        attempts = tuple(Attempt(name=a.name, options={**a.options, **options}) for a in self.attempt)
        return self.model_copy(update={"attempt": attempts})


def read_profile(name: str, beside: Path | None = None) -> Profile:
    """Read a profile by name or path.

    Raises:
        InputError: there is none of the name, or the file is not a profile.
    """
    path = find("solvers", name, beside, ".toml")
    try:
        return Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise InputError([Fault(path.name, str(error), "TOML")], path.name) from None
    except ValidationError as error:
        faults = [
            Fault(f"{path.name}, {'.'.join(map(str, d['loc']))}", repr(d["input"]), d["msg"]) for d in error.errors()
        ]
    raise InputError(faults, path.name)
