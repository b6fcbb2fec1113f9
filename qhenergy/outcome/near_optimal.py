"""What came of a search near the least cost: ranges of capacity by slack, and a few plans unlike each other.

A range is what plans show and duals prove: its ends are the least and the most of all plans found within the slack,
and `bound` is what no plan within it goes beyond. Plans within a slack are within every larger one, and the least-cost
plan is within all, so that ranges nest and hold it. An end is proven where its plan is at its bound.

Plans are unlike by their distance: the root of the mean square of the differences of capacity by technology, each over
its range within the largest slack. From the least-cost plan on, the one farthest from all that were taken is taken
next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.outcome import measures
from qhenergy.outcome.result import Result
from qhenergy.solving.near_optimal import LEAST, MOST, Stop

#: What a cost may be beyond its slack, over the least cost: what the audit leaves to residuals.
COST_SAME = 2e-6
#: An end is at its bound, over the capacity of the system: what the gaps of two solutions leave.
SAME = 3e-6
#: Plans nearer to each other are the same.
ALIKE = 1e-3


@dataclass(frozen=True)
class Subject:
    """Whose capacity is asked for.

    Attributes:
        name: key of the technology, or of the group.
        group: whether it is a group.
        assets: whose capacity adds up to it.
        least, most: what the data allow [MW].
    """

    name: str
    group: bool
    assets: tuple[str, ...]
    least: float
    most: float

    @property
    def key(self) -> str:
        """Name that tells a group from a technology, as files are named."""
        return f"group-{self.name}" if self.group else self.name


@dataclass(frozen=True)
class Plan:
    """A plan.

    Attributes:
        name: of the plan, as files are named.
        cost: of a year [CNY/yr].
        costs: by group [CNY/yr].
        capacity: of every asset [MW].
        energy: that every store can hold [MWh].
        subject, end: whose end it was sought as, `least` or `most`; empty for others.
        slack: within which it was sought.
        bound: the capacity of the subject beyond which no plan within the slack goes [MW].
        marginal: what another MW beyond it would cost [CNY/MW/yr]; NaN where the cost does not stop it.
        stops: what keeps the end from going further.
        seconds: of solving.
    """

    name: str
    cost: float
    costs: dict[str, float]
    capacity: dict[str, float]
    energy: dict[str, float]
    subject: str = ""
    end: str = ""
    slack: float = 0.0
    bound: float = math.nan
    marginal: float = math.nan
    stops: tuple[Stop, ...] = ()
    seconds: float = 0.0

    def of(self, assets: Sequence[str]) -> float:
        """Capacity of some assets [MW]."""
        return sum(self.capacity[name] for name in assets)

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON has it."""
        return {**asdict(self), "stops": [asdict(stop) for stop in self.stops]}

    @classmethod
    def of_dict(cls, made: Mapping[str, Any]) -> Plan:
        """The plan of what `as_dict` made; a number that is none was null."""
        numbers = {name: math.nan if made[name] is None else made[name] for name in ("bound", "marginal")}
        return cls(**{**made, **numbers, "stops": tuple(Stop(**stop) for stop in made["stops"])})


def plan_of(result: Result, name: str) -> Plan:
    """The plan of a result, with the capacities of its last stage; costs are those of all stages with their weights."""
    table = measures.capacity(result)
    table = table[table["stage"] == result.case.stages[-1]].set_index("asset")
    groups = measures.cost_groups(result)
    return Plan(
        name,
        result.objective,
        dict(zip(groups["group"], groups["cost [CNY/yr]"].tolist(), strict=True)),
        table["total [MW]"].to_dict(),
        table["energy [MWh]"].dropna().to_dict(),
        seconds=float(result.solve["solve_seconds"]),
    )


@dataclass(frozen=True)
class End:
    """The least or the most of a subject within a slack.

    Attributes:
        value: of the plan that has it [MW].
        plan: which it is.
        bound: what no plan within the slack goes beyond [MW].
        proof: the plan whose duals prove the bound; None if the data allow no more.
        tolerance: what value and bound may differ by and be the same [MW].
    """

    value: float
    plan: Plan
    bound: float
    proof: Plan | None
    tolerance: float

    @property
    def proven(self) -> bool:
        """Whether no plan goes further."""
        return abs(self.value - self.bound) <= self.tolerance


@dataclass(frozen=True)
class NearOptimal:
    """What was found.

    Attributes:
        title, title_zh: of the case.
        stage: whose capacities are told.
        slacks: shares of the least cost, rising.
        subjects: technologies, then groups.
        places: technology and zone of every asset.
        least_cost: the plan of least cost.
        count: how many plans unlike each other are asked for.
        plans: all others that were found.
        saved: ends that what was known already proved, and that needed no solution of their own.
        failed: names of plans that the solver gave up.
        created: local time.
    """

    title: str
    title_zh: str
    stage: int
    slacks: tuple[float, ...]
    subjects: tuple[Subject, ...]
    places: dict[str, tuple[str, str]]
    least_cost: Plan
    count: int = 0
    plans: list[Plan] = field(default_factory=list)
    saved: set[tuple[str, str, float]] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    created: str = ""

    def within(self, slack: float) -> list[Plan]:
        """Plans whose cost is within a slack, that of least cost first."""
        least = self.least_cost.cost
        most = least + (slack + COST_SAME) * abs(least)
        return [self.least_cost, *(plan for plan in self.plans if plan.cost <= most)]

    def end(self, subject: Subject, which: str, slack: float) -> End:
        """The least or the most of a subject within a slack, as far as it is known."""
        sign = 1.0 if which == LEAST else -1.0
        plan = min(self.within(slack), key=lambda p: (sign * p.of(subject.assets), p.cost))
        bound, proof = (subject.least if which == LEAST else subject.most), None
        for other in self.plans:
            # What no plan within a larger slack has, none within a smaller one has.
            sought = (other.subject, other.end) == (subject.key, which) and other.slack >= slack
            if sought and sign * other.bound > sign * bound:
                bound, proof = other.bound, other
        tolerance = measures.NEGLIGIBLE + SAME * sum(self.least_cost.capacity.values())
        return End(plan.of(subject.assets), plan, bound, proof, tolerance)

    def ranges(self) -> pd.DataFrame:
        """A row for each subject and slack, powers in MW: what the least-cost plan has, both ends with their bounds."""
        rows = []
        for subject in self.subjects:
            for slack in self.slacks:
                row: dict[str, Any] = {
                    "kind": "group" if subject.group else "technology",
                    "name": subject.name,
                    "slack [-]": slack,
                    "least_cost [MW]": self.least_cost.of(subject.assets),
                }
                for which in (LEAST, MOST):
                    end = self.end(subject, which, slack)
                    row |= {
                        f"{which} [MW]": end.value,
                        f"{which}_bound [MW]": end.bound,
                        f"{which}_proven": end.proven,
                        f"{which}_plan": end.plan.name,
                        f"{which}_marginal [CNY/MW/yr]": end.proof.marginal if end.proof else math.nan,
                        f"{which}_stops": "; ".join(_stop(s) for s in end.proof.stops) if end.proof else "data",
                    }
                rows.append(row)
        return pd.DataFrame(rows)

    def distance(self, one: Plan, other: Plan) -> float:
        """How unlike two plans are, see the module; 0 to about 1."""
        differences = []
        for subject in self.subjects:
            ends = [self.end(subject, which, self.slacks[-1]) for which in (LEAST, MOST)]
            open_ = ends[1].value - ends[0].value
            if not subject.group and open_ > 10 * ends[0].tolerance:
                differences.append((one.of(subject.assets) - other.of(subject.assets)) / open_)
        return float(np.sqrt(np.mean(np.square(differences)))) if differences else 0.0

    def different(self) -> list[tuple[Plan, float]]:
        """Plans unlike each other and the least-cost plan, each with its distance to the nearest taken before."""
        left = self.within(self.slacks[-1])[1:]
        near = {plan.name: math.inf for plan in left}
        taken: list[tuple[Plan, float]] = []
        last = self.least_cost
        while left and len(taken) < self.count:
            for plan in left:
                near[plan.name] = min(near[plan.name], self.distance(plan, last))
            last = max(left, key=lambda plan: (near[plan.name], -plan.cost))
            if near[last.name] < ALIKE:
                break
            left.remove(last)
            taken.append((last, near[last.name]))
        return taken

    def shown(self) -> list[tuple[Plan, float]]:
        """The least-cost plan and the plans unlike it, see `different`."""
        return [(self.least_cost, 0.0), *self.different()]

    def more(self, plan: Plan) -> float:
        """What a plan costs beyond the least, over the least cost [-]."""
        return (plan.cost - self.least_cost.cost) / abs(self.least_cost.cost)

    def by_technology(self, plan: Plan) -> dict[str, float]:
        """Capacity of a plan by technology [MW], of the technologies that are asked for."""
        return {s.name: plan.of(s.assets) for s in self.subjects if not s.group}

    def capacities(self) -> pd.DataFrame:
        """Capacity of the plans unlike each other by technology and zone: plan, technology, zone, MW, MWh."""
        rows = [
            (plan.name, *self.places[asset], power, plan.energy.get(asset, math.nan))
            for plan, _ in self.shown()
            for asset, power in plan.capacity.items()
        ]
        names = ["plan", "technology", "zone", "capacity [MW]", "energy [MWh]"]
        table = pd.DataFrame(rows, columns=names).groupby(names[:3], sort=False)
        return table.sum(min_count=1).reset_index()

    def costs(self) -> pd.DataFrame:
        """Cost of the plans unlike each other by group: plan, group, cost [CNY/yr]."""
        rows = [(plan.name, group, cost) for plan, _ in self.shown() for group, cost in plan.costs.items()]
        return pd.DataFrame(rows, columns=["plan", "group", "cost [CNY/yr]"])

    def as_dict(self) -> dict[str, Any]:
        """What was found as JSON has it."""
        return {
            "title": self.title,
            "stage": self.stage,
            "created": self.created,
            "least_cost": self.least_cost.cost,
            "slacks": list(self.slacks),
            "ranges": self.ranges().to_dict("records"),
            "plans": [
                {"name": plan.name, "cost": plan.cost, "more": self.more(plan), "distance": distance}
                for plan, distance in self.shown()
            ],
            "capacities": self.capacities().to_dict("records"),
            "costs": self.costs().to_dict("records"),
            "solved": len(self.plans),
            "saved": len(self.saved),
            "failed": sorted(self.failed),
        }


def _stop(stop: Stop) -> str:
    return f"{stop.kind} {stop.name}".strip() + f" ({stop.effect:.4g} MW per 1 %)"
