"""The cost of days in a row without fossil power: what `qhenergy greenrun` found, length by length.

A length is answered by the cheapest run that was solved of that length or longer, since a longer run holds
every shorter one; its lower bound is the highest of its own and of shorter lengths. So the frontier rises
with the days, and so does what is proven of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from qhenergy.outcome import measures
from qhenergy.outcome.green_certificate import Certificate
from qhenergy.outcome.indicators import date
from qhenergy.outcome.result import Result


@dataclass(frozen=True)
class Point:
    """One solved run; the plan without a run has no days.

    Attributes:
        days: length.
        first_day: day of the year it begins, from 0.
        cost: of the year [CNY/yr]; infinite where there is no solution.
        costs: by group [CNY/yr].
        capacity: by technology [MW].
        energy: stored energy by technology [MWh].
        rents: see `studies.green_search` [CNY/yr].
        fossil: fossil power of each modelled hour, times its weight [MWh/yr].
        seconds: of solving.
    """

    days: int
    first_day: int
    cost: float
    costs: dict[str, float] = field(default_factory=dict)
    capacity: dict[str, float] = field(default_factory=dict)
    energy: dict[str, float] = field(default_factory=dict)
    rents: list[float] = field(default_factory=list)
    fossil: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """Length and first day, as files are named."""
        return f"{self.days}d-{date(self.first_day)}" if self.days else "without"

    def as_dict(self) -> dict[str, Any]:
        """The point as JSON has it, which has no word for infinity."""
        made = asdict(self)
        made["cost"] = self.cost if math.isfinite(self.cost) else None
        made["rents"] = [r if math.isfinite(r) else None for r in self.rents]
        return made

    @classmethod
    def of_dict(cls, made: Mapping[str, Any]) -> Point:
        """The point of what `as_dict` made."""
        infinite = {
            "cost": math.inf if made["cost"] is None else made["cost"],
            "rents": [math.inf if r is None else r for r in made["rents"]],
        }
        return cls(**{**made, **infinite})


def point_of(result: Result, days: int, first_day: int, rents: Sequence[float], fossil: Sequence[float]) -> Point:
    """The point of a result."""
    stage = result.case.stages[-1]
    table = measures.capacity_by(result, ("technology",))
    table = table[table["stage"] == stage].set_index("technology")
    groups = measures.cost_groups(result)
    return Point(
        days,
        first_day,
        result.objective,
        dict(zip(groups["group"], groups["cost [CNY/yr]"].tolist(), strict=True)),
        table["total [MW]"].to_dict(),
        table["energy [MWh]"].dropna().to_dict(),
        list(rents),
        list(fossil),
        float(result.solve["solve_seconds"]),
    )


@dataclass(frozen=True)
class Step:
    """The answer for one length, or for one length and first day.

    Attributes:
        days: length asked for.
        point: the run that answers, of that length or longer; None if none has a solution.
        lower: no run of the length costs less [CNY/yr].
        tried, candidates: solved for it, and how many distinct ones there were.
        given: whether the first day was given.
        proven: whether no other is cheaper.
        certificate: of the run, from its stored result.
    """

    days: int
    point: Point | None
    lower: float
    tried: int
    candidates: int
    given: bool
    proven: bool
    certificate: Certificate | None = None

    @property
    def status(self) -> str:
        """How sure the answer is: `given day`, `cheapest`, `cheapest of n tried`, `no solution`."""
        if self.point is None:
            return "no solution"
        if self.given:
            return "given day"
        return "cheapest" if self.proven else f"cheapest of {self.tried} tried"


@dataclass(frozen=True)
class Frontier:
    """All lengths beside the plan without a run.

    Attributes:
        title, title_zh: of the case.
        base: the plan without a run.
        steps: by length.
        group, imports: what runs do without.
        created: local time.
    """

    title: str
    title_zh: str
    base: Point
    steps: list[Step]
    group: str
    imports: str
    created: str

    def table(self) -> pd.DataFrame:
        """One row for each step; costs in CNY/yr, powers in MW, energies in MWh."""
        rows = []
        for step in self.steps:
            point, found = step.point, step.certificate
            cost = point.cost if point else math.nan
            worst = found.worst if found else None
            rows.append(
                {
                    "days": step.days,
                    "first_day": date(point.first_day) if point else "",
                    "days_of_run": point.days if point else 0,
                    "status": step.status,
                    "tried": step.tried,
                    "candidates": step.candidates,
                    "cost [CNY/yr]": cost,
                    "more [CNY/yr]": cost - self.base.cost,
                    "more [-]": (cost - self.base.cost) / abs(self.base.cost),
                    "lower_bound [CNY/yr]": step.lower,
                    "certified": found.passed if found else False,
                    "unserved [MWh]": found.unserved if found else math.nan,
                    "worst_hour": worst["moment"] if worst is not None else "",
                    "worst_margin [MW]": float(worst["margin"]) if worst is not None else math.nan,
                }
            )
        return pd.DataFrame(rows)

    def changes(self) -> pd.DataFrame:
        """Capacity by technology against the plan without a run: days, first_day, technology, without, with, change."""
        rows = []
        for step in self.steps:
            if step.point is None:
                continue
            for technology in {**self.base.capacity, **step.point.capacity}:
                before, after = self.base.capacity.get(technology, 0.0), step.point.capacity.get(technology, 0.0)
                rows.append((step.days, date(step.point.first_day), technology, before, after, after - before))
        names = ["days", "first_day", "technology", "without [MW]", "with [MW]", "change [MW]"]
        return pd.DataFrame(rows, columns=names)

    def as_dict(self) -> dict[str, Any]:
        """The frontier as JSON has it."""
        return {
            "title": self.title,
            "group": self.group,
            "imports": self.imports,
            "created": self.created,
            "cost_without": self.base.cost,
            "steps": self.table().to_dict("records"),
            "capacity_changes": self.changes().to_dict("records"),
            "faults": {str(s.days): s.certificate.faults for s in self.steps if s.certificate},
        }
