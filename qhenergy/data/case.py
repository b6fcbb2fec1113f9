"""A case: which data, which hours, which targets, which solver. TOML, checked key by key."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator, model_validator

from qhenergy.data.keys import Scalar, Section, checked, read_toml, refused
from qhenergy.data.portfolios import Portfolios
from qhenergy.data.robustness import Robustness
from qhenergy.ground.faults import Fault, InputError, listed, nearest

#: Lengths a step may have: parts of an hour, so that what is told by the hour is told of every step.
STEP_MINUTES = (60, 30, 15)


class Time(Section):
    """Which hours stand for the year.

    `year` runs all hours as a chain of windows; `weeks` picks representative periods and chains
    long stores over the real ones; `hours` takes the first `hours` of the series as the whole year,
    which is for small systems whose series are given directly.

    A chained year may be modelled in steps shorter than an hour. Series and calendar are those of the hours: each
    step has the power of its hour, so that every hour keeps its mean.
    """

    kind: Literal["year", "weeks", "hours"] = "weeks"
    periods: int = Field(
        default=12, ge=1, le=365, description="representative periods of a year, extreme ones included"
    )
    period_hours: int = Field(default=168, ge=1, le=8760)
    extremes: tuple[Literal["net_load", "calm", "dark"], ...] = Field(
        default=("net_load", "calm", "dark"), strict=False
    )
    window_hours: int = Field(default=168, ge=1, le=8760, description="length of a window of a chained year")
    hours: int = Field(default=8760, ge=1, le=8760)
    step_minutes: int = Field(default=60, description="length of a step: 60, 30 or 15; shorter ones in a chain only")

    @field_validator("step_minutes")
    @classmethod
    def _steps_divide_the_hour(cls, minutes: int) -> int:
        if minutes not in STEP_MINUTES:
            raise refused(f"one of {listed(map(str, STEP_MINUTES))}", "Write step_minutes = 15.")
        return minutes

    @property
    def step(self) -> float:
        """Length of a step [h]."""
        return self.step_minutes / 60.0

    @property
    def steps_per_hour(self) -> int:
        """How many steps an hour has."""
        return 60 // self.step_minutes

    @model_validator(mode="after")
    def _room_for_extremes(self) -> Time:
        if self.kind == "weeks" and self.periods <= len(self.extremes):
            count = len(self.extremes)
            found = f"periods = {self.periods}, which leaves no room beside {count} extreme periods"
            raise refused(f"at least {count + 1} periods", "Ask for more periods or fewer extremes.", found)
        return self

    @model_validator(mode="after")
    def _short_steps_are_chained(self) -> Time:
        if self.kind == "weeks" and self.step_minutes != 60:
            found = f"step_minutes = {self.step_minutes} of representative weeks"
            expected = "steps of an hour, or all hours in a chain"
            raise refused(expected, 'Write kind = "year", or step_minutes = 60.', found)
        return self


class Weather(Section):
    """The seed of the hourly weather generator, and the calendar year the sun follows."""

    seed: int = Field(default=2025, ge=0)
    cache: bool = True


class Water(Section):
    """Which water years of water_years.csv the inflow follows, and how the head of a reservoir is seen.

    Several years are run one after the other with the same fleet; each counts as much as the others, and
    reservoirs carry water from one to the next.
    """

    year: str | Annotated[tuple[str, ...], Field(strict=False)] = "normal"
    head: Literal["constant", "curve"] = "constant"
    head_tolerance: float = Field(default=1e-3, gt=0, le=0.1, description="error of energy at which the head is found")
    head_passes: int = Field(default=12, ge=2, le=100)

    @field_validator("year")
    @classmethod
    def _some_year(cls, year: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if not year:
            raise refused("a water year, or several in brackets", 'Write year = "normal".')
        return year

    @property
    def years(self) -> tuple[str, ...]:
        """The water years in their order."""
        return (self.year,) if isinstance(self.year, str) else self.year


class Targets(Section):
    """Which target set binds, and which clauses are switched otherwise."""

    set: str = ""
    clauses: dict[str, Literal["hard", "priced", "watched", "off"]] = Field(default_factory=dict)


class Demand(Section):
    """Which scenario of demand_scenarios.csv says how sectors grow; as the tables say if none is named."""

    scenario: str = ""


class SendOut(Section):
    """Which scenario of send_out_scenarios.csv says when lines are in service."""

    scenario: str = ""


class Horizon(Section):
    """How the stages of a pathway count: what each stands for, and how the years are discounted.

    A stage stands for the years up to the next one, the last for as many as the one before it, unless `years` says
    otherwise. Its weight is the sum of the discount factors of its years, over that of all stages:

        weight[y] = sum((1 + r)^-k, k a year of y, counted from the first stage) / the same of all stages

    Weights add up to one, so that the cost of a pathway is a level cost of a year, and that of a single stage the cost
    of its year. What is built is paid as an annuity in every stage it stands in; what outlives the horizon is not
    charged for what it still has before it, nor credited with it, and nothing that was paid is paid back.
    """

    discount_rate: float = Field(default=0.055, ge=0, le=0.5, description="real, between years; costs.csv has its own")
    years: tuple[Annotated[int, Field(ge=1, le=100)], ...] = Field(
        default=(), strict=False, description="years each stage stands for"
    )


class Schedule(Section):
    """What `qhenergy schedule` asks of the case where its options say nothing else; a plan has no use for it."""

    line: str = ""
    curves: tuple[str, ...] = Field(default=(), strict=False, description="files, or names of the library")
    step_minutes: int = Field(default=60, description="length of a step of the dispatch: 60, 30 or 15")
    commitment: Literal["linear", "whole"] = "linear"
    keep: int = Field(default=24, ge=1, le=8760, description="hours that a step of the rolling dispatch decides")
    ahead: int = Field(default=24, ge=0, le=8760, description="hours that it looks beyond them")


class Solver(Section):
    """Which solver profile of `solvers/` is used, and what of it is changed."""

    profile: str = "hipo"
    options: dict[str, Scalar] = Field(default_factory=dict)
    time_limit: float | None = Field(default=None, gt=0, description="[s]")


class Case(Section):
    """One runnable case.

    Attributes:
        title, title_zh: what the report is headed with.
        inputs: name of a built-in system, or path of a folder.
        base_year: end of this year is what stands; stages come after it.
        stages: the years planned for, one or several.
        foresight: whether stages are decided together, or one after the other, each as if it were the last.
        building: whether what comes in units is built in any amount or in whole units.
        fleet: whether plants are what is planned from the base year on, or what the record of a past year says.
        commitment: whether running units are any amount or whole ones.
        change: single data changed, by address `table/key/column [unit]`.
        extra: the user's own technology or clause files, beside the case.
        variants: keys of a case, by name of the variant that has them instead of those above; see `variants_of`.
    """

    title: str
    title_zh: str = ""
    inputs: str
    base_year: int = Field(default=2020, ge=1950, le=2100)
    stages: tuple[int, ...] = Field(default=(2025,), strict=False)
    horizon: Horizon = Horizon()
    foresight: Literal["perfect", "myopic"] = "perfect"
    building: Literal["linear", "whole"] = "linear"
    fleet: Literal["planned", "history"] = "planned"
    time: Time = Time()
    weather: Weather = Weather()
    water: Water = Water()
    targets: Targets = Targets()
    demand: Demand = Demand()
    send_out: SendOut = SendOut()
    schedule: Schedule = Schedule()
    portfolios: Portfolios = Portfolios()
    robustness: Robustness = Robustness()
    solver: Solver = Solver()
    commitment: Literal["linear", "whole"] = "linear"
    change: dict[str, Scalar] = Field(default_factory=dict)
    extra: tuple[str, ...] = Field(default=(), strict=False)
    variants: dict[str, dict[str, Any]] = Field(default_factory=dict)

    @field_validator("variants")
    @classmethod
    def _names_of_folders(cls, variants: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for name, keys in variants.items():
            if not re.fullmatch(r"[\w-][\w.-]*", name):
                expected = "letters, digits, dots and dashes: each variant has a folder of its own"
                raise refused(expected, "Give the variant another name.", repr(name))
            if "variants" in keys:
                raise refused("no variant of a variant", "Write both as variants of the case.", repr(name))
        return variants

    @field_validator("fleet")
    @classmethod
    def _year_follows(cls, fleet: str, info: ValidationInfo) -> str:
        # The record is of year's ends, so the base year can only be the one before.
        base, stages = info.data.get("base_year"), info.data.get("stages")
        if fleet == "history" and stages and len(stages) > 1:
            raise refused("one stage: the record is of one past year", "Write a case for each year.", f"{stages}")
        if fleet == "history" and base is not None and stages and base != stages[0] - 1:
            found = f"base_year = {base} and the stage {stages[0]}"
            raise refused("the year before the stage as base year", f"Write base_year = {stages[0] - 1}.", found)
        return fleet

    @field_validator("horizon")
    @classmethod
    def _years_of_all_stages(cls, horizon: Horizon, info: ValidationInfo) -> Horizon:
        stages = info.data.get("stages")
        if stages and horizon.years and len(horizon.years) != len(stages):
            found = f"{len(horizon.years)} of them for {len(stages)} stages"
            raise refused("a number of years for each stage", "Write as many years as stages, or none.", found)
        return horizon

    @property
    def stage_years(self) -> dict[int, int]:
        """How many years each stage stands for."""
        if self.horizon.years:
            return dict(zip(self.stages, self.horizon.years, strict=True))
        gaps = [later - stage for stage, later in itertools.pairwise(self.stages)]
        return dict(zip(self.stages, [*gaps, gaps[-1] if gaps else 1], strict=True))

    @property
    def discounted_years(self) -> dict[int, float]:
        """Sum of the discount factors of the years each stage stands for, the first year of the first counting one."""
        factor = 1.0 + self.horizon.discount_rate
        return {
            stage: sum(factor ** -(stage - self.stages[0] + k) for k in range(years))
            for stage, years in self.stage_years.items()
        }

    @property
    def stage_weights(self) -> dict[int, float]:
        """What the cost of a year of each stage counts in the objective; they add up to one."""
        counted = self.discounted_years
        whole = sum(counted.values())
        return {stage: years / whole for stage, years in counted.items()}

    @property
    def in_turn(self) -> bool:
        """Whether stages are solved one after the other."""
        return self.foresight == "myopic" and len(self.stages) > 1

    def stage_before(self, stage: int) -> int:
        """The stage before one; the base year before the first."""
        return max((y for y in self.stages if y < stage), default=self.base_year)

    @property
    def year_hours(self) -> int:
        """How many hours one modelled year has; several water years follow each other."""
        return self.time.hours if self.time.kind == "hours" else 8760

    @property
    def year_steps(self) -> int:
        """How many steps one modelled year has."""
        return self.year_hours * self.time.steps_per_hour

    def hour_of(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Hour of its year of every step of the run."""
        return (np.asarray(steps) % self.year_steps) // self.time.steps_per_hour

    def year_of(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of the years that follow each other every step of the run lies in, from 0."""
        return np.asarray(steps) // self.year_steps

    @field_validator("stages")
    @classmethod
    def _stages_follow(cls, stages: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        if not stages or any(later <= stage for stage, later in itertools.pairwise(stages)):
            raise refused("one year or several, each after the one before", "Write stages = [2025, 2030, 2035].")
        base = info.data.get("base_year")
        if base is not None and stages[0] <= base:
            raise refused(f"a year after base_year = {base}", "Write a later stage or an earlier base_year.")
        return stages


def read_case(path: Path) -> Case:
    """Read and check a case file.

    Raises:
        InputError: with every fault of the file.
    """
    if not path.is_file():
        there = [p.name for p in sorted(path.parent.glob("*.toml"))] if path.parent.is_dir() else []
        expected = f"a TOML file, such as {listed(there)}" if there else "a TOML file"
        remedy = nearest(path.name, there) or "Correct the path."
        raise InputError([Fault(str(path), "no such file", expected, remedy)], "the case")
    return parse_case(read_toml(path), path.name)


def parse_case(content: dict[str, Any], name: str) -> Case:
    """Check what a case file holds, its variants included; see `read_case`."""
    case = checked(Case, content, name, quote='"')
    faults: list[Fault] = []
    for variant in case.variants:
        try:
            _variant(content, variant, name)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults, name)
    return case


def variants_of(path: Path) -> dict[str, Case]:
    """The variants of a case file in their order, each a case of its own; none if it has none.

    What a variant says stands in place of what the case says, key by key and section by section. One that has no
    title has that of the case with its own name behind it.

    Raises:
        InputError: with every fault of the file.
    """
    case = read_case(path)
    content = read_toml(path)
    return {name: _variant(content, name, path.name) for name in case.variants}


def _variant(content: dict[str, Any], name: str, file: str) -> Case:
    given = content["variants"][name]
    base = {key: value for key, value in content.items() if key != "variants"}
    titles = {"title": f"{base['title']} ({name})"}
    if base.get("title_zh"):
        titles["title_zh"] = f"{base['title_zh']}（{name}）"
    return checked(Case, _merged({**base, **titles}, given), f"{file}, variant {name}", quote='"')


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Both, with what is in `over` in place of what is in `base`; tables are merged, lists replaced."""
    made = dict(base)
    for key, value in over.items():
        below = made.get(key)
        made[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return made
