"""A case: which data, which hours, which targets, which solver. TOML, checked key by key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from qhenergy.ground.faults import Fault, InputError, listed, nearest


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Time(_Section):
    """Which hours stand for the year.

    `year` runs all hours as a chain of windows; `weeks` picks representative periods and chains
    long stores over the real ones; `hours` takes the first `hours` of the series as the whole year,
    which is for small systems whose series are given directly.
    """

    kind: Literal["year", "weeks", "hours"] = "weeks"
    periods: int = Field(default=12, ge=1, le=365, description="representative periods, extreme ones included")
    period_hours: int = Field(default=168, ge=1, le=8760)
    extremes: tuple[Literal["net_load", "calm", "dark"], ...] = ("net_load", "calm", "dark")
    window_hours: int = Field(default=168, ge=1, le=8760, description="length of a window of a chained year")
    hours: int = Field(default=8760, ge=1, le=8760)

    @model_validator(mode="after")
    def _room_for_extremes(self) -> Time:
        if self.kind == "weeks" and self.periods <= len(self.extremes):
            raise ValueError(f"periods = {self.periods} leaves no room beside {len(self.extremes)} extreme periods")
        return self


class Weather(_Section):
    """The seed of the hourly weather generator, and the calendar year the sun follows."""

    seed: int = Field(default=2025, ge=0)
    cache: bool = True


class Water(_Section):
    """Which water year of water_years.csv the inflow follows."""

    year: str = "normal"


class Targets(_Section):
    """Which target set binds, and which clauses are switched otherwise."""

    set: str = ""
    clauses: dict[str, Literal["hard", "priced", "watched", "off"]] = Field(default_factory=dict)


class SendOut(_Section):
    """Which scenario of send_out_scenarios.csv says when lines are in service."""

    scenario: str = ""


class Solver(_Section):
    """Which solver profile of `solvers/` is used, and what of it is changed."""

    profile: str = "hipo"
    options: dict[str, bool | int | float | str] = Field(default_factory=dict)
    time_limit: float | None = Field(default=None, gt=0, description="[s]")


class Case(_Section):
    """One runnable case.

    Attributes:
        title, title_zh: what the report is headed with.
        inputs: name of a built-in system, or path of a folder.
        base_year: end of this year is what stands; stages come after it.
        stages: the year planned for.
        commitment: whether running units are any amount or whole ones.
        change: single data changed, by address `table/key/column [unit]`.
        extra: the user's own technology or clause files, beside the case.
    """

    title: str
    title_zh: str = ""
    inputs: str
    base_year: int = Field(default=2020, ge=1950, le=2100)
    stages: tuple[int, ...] = (2025,)
    time: Time = Time()
    weather: Weather = Weather()
    water: Water = Water()
    targets: Targets = Targets()
    send_out: SendOut = SendOut()
    solver: Solver = Solver()
    commitment: Literal["linear", "whole"] = "linear"
    change: dict[str, float | int | str] = Field(default_factory=dict)
    extra: tuple[str, ...] = ()

    @field_validator("stages")
    @classmethod
    def _stages_follow(cls, stages: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        # Rows and costs are indexed by stage throughout; what is missing for a pathway is discounting
        # between stages, so that more than one is refused rather than added up undiscounted.
        if len(stages) != 1:
            raise ValueError("one stage; pathways over several stages are not in this version")
        base = info.data.get("base_year")
        if base is not None and stages[0] <= base:
            raise ValueError(f"a year after base_year = {base}")
        return stages


def read_case(path: Path) -> Case:
    """Read and check a case file.

    Raises:
        InputError: with every fault of the file.
    """
    if not path.is_file():
        there = [p.name for p in sorted(path.parent.glob("*.toml"))] if path.parent.is_dir() else []
        expected = f"a TOML file, such as {listed(there)}" if there else "a TOML file"
        raise InputError([Fault(str(path), "no such file", expected, nearest(path.name, there))], "the case")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Fault(path.name, str(error), "TOML")], path.name) from None
    return parse_case(content, path.name)


def parse_case(content: dict[str, Any], name: str) -> Case:
    """Check what a case file holds; see `read_case`."""
    try:
        return Case.model_validate(content)
    except ValidationError as error:
        faults = [_fault(name, detail) for detail in error.errors()]
    raise InputError(faults, name)


def _fault(file: str, detail: Any) -> Fault:
    address = ".".join(str(part) for part in detail["loc"])
    where = f'{file}, "{address}"' if address else file
    if detail["type"] == "extra_forbidden":
        known = _known_keys(detail["loc"][:-1])
        return Fault(where, "an unknown key", f"only {listed(known, 30)}", nearest(str(detail["loc"][-1]), known))
    if detail["type"] == "missing":
        return Fault(where, "nothing", "a value: the key is required")
    return Fault(where, f"{detail['input']!r}", detail["msg"].removeprefix("Value error, "))


def _known_keys(location: tuple[Any, ...]) -> list[str]:
    model: Any = Case
    for part in location:
        model = model.model_fields[part].annotation
    return list(model.model_fields)
