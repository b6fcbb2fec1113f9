"""What came of a set of storage portfolios that were planned on the same footing.

    cost            of a year, without penalties [CNY/yr]
    saving          cost of the baseline less that of the portfolio, penalties included [CNY/yr]
    credit          (load carried with it - load carried without it) / new capacity [-]
    value           what another kW saves a year, its own cost left out [CNY/kW/yr]

See `studies.capacity_credit` and `studies.storage_curves` for the last two.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from qhenergy.outcome import measures
from qhenergy.outcome.audit import Audit
from qhenergy.outcome.board import IDLE, board
from qhenergy.outcome.result import Result


@dataclass(frozen=True)
class NewStorage:
    """New storage of one technology in one zone: capacity [MW], and energy [MWh], NaN where it stores none."""

    technology: str
    zone: str
    capacity: float
    energy: float


@dataclass(frozen=True)
class TargetMet:
    """What came of a clause: status as on the target board; required and achieved in `unit`, None if there is none."""

    clause: str
    strictness: str
    status: str
    required: float | None
    achieved: float | None
    unit: str

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.status in ("met with room", "binding", "watched: met")


@dataclass(frozen=True)
class PortfolioOutcome:
    """A portfolio that was planned, or why it has no plan.

    Attributes:
        name: key.
        title, title_zh: its name.
        costs: of a year, by name [CNY/yr].
        gap: what their sum may be wrong by [CNY/yr].
        storage: what is new.
        offered, curtailed: of sun and wind [MWh/yr].
        emissions: [t/yr].
        unserved: demand that is not served [MWh/yr].
        targets: clauses that ask something of the stage.
        folder: of the whole result; None if there is none.
        reason: why there is none, in words.
    """

    name: str
    title: str
    title_zh: str
    costs: dict[str, float]
    gap: float = 0.0
    storage: tuple[NewStorage, ...] = ()
    offered: float = 0.0
    curtailed: float = 0.0
    emissions: float = 0.0
    unserved: float = 0.0
    targets: tuple[TargetMet, ...] = ()
    folder: Path | None = None
    reason: str = ""

    @property
    def solved(self) -> bool:
        """Whether it has a plan."""
        return not self.reason

    @property
    def objective(self) -> float:
        """Cost of a year, penalties included [CNY/yr]; infinite without a plan."""
        return sum(self.costs.values()) if self.solved else math.inf

    @property
    def penalties(self) -> float:
        """What is not delivered, and clauses missed, at their prices [CNY/yr]."""
        return sum(v for name, v in self.costs.items() if name.split("/", 1)[0] in measures.PENALTIES)

    @property
    def cost(self) -> float:
        """Money that somebody pays [CNY/yr]; infinite without a plan."""
        return self.objective - self.penalties

    @property
    def capacity(self) -> float:
        """New storage [MW]."""
        return sum(part.capacity for part in self.storage)

    @property
    def energy(self) -> float:
        """New stored energy of what stores [MWh]."""
        return sum(part.energy for part in self.storage if not math.isnan(part.energy))

    @property
    def targets_met(self) -> tuple[int, int]:
        """How many clauses are met, and of how many that ask for something."""
        asking = [t for t in self.targets if t.achieved is not None and t.required is not None]
        return sum(t.met for t in asking), len(asking)

    def as_dict(self, base: Path) -> dict[str, Any]:
        """The outcome as JSON has it; its folder from `base`."""
        folder = self.folder.relative_to(base).as_posix() if self.folder else None
        return {**asdict(self), "folder": folder}

    @classmethod
    def of_dict(cls, content: Mapping[str, Any], base: Path) -> PortfolioOutcome:
        """The outcome that `as_dict` told of."""
        storage = tuple(NewStorage(**{**s, "energy": _nan(s["energy"])}) for s in content["storage"])
        targets = tuple(TargetMet(**t) for t in content["targets"])
        folder = base / content["folder"] if content["folder"] else None
        return cls(**{**content, "storage": storage, "targets": targets, "folder": folder})


def outcome_of(
    name: str, titles: tuple[str, str], result: Result, found: Audit, scope: Collection[str], folder: Path
) -> PortfolioOutcome:
    """What came of a portfolio.

    Args:
        name: key of the portfolio.
        titles: its name in English and Chinese.
        result: of its plan.
        found: the audit of the result.
        scope: assets that are storage.
        folder: where the result is.
    """
    stage = result.case.stages[-1]
    table = measures.costs(result)
    curtailment = measures.curtailment(result)
    rows = [row for row in board(result) if row.stage == stage and row.status not in IDLE]
    return PortfolioOutcome(
        name,
        *titles,
        costs={str(n): float(v) for n, v in zip(table["name"], table["cost [CNY/yr]"], strict=True)},
        gap=found.relative_gap * abs(result.objective),
        storage=_new(result, scope, stage),
        offered=float(curtailment["offered [MWh/yr]"].sum()),
        curtailed=float(curtailment["curtailed [MWh/yr]"].sum()),
        emissions=float(measures.emissions(result)["emission [t/yr]"].sum()),
        unserved=float(measures.unserved(result)[measures.ENERGY].sum()),
        targets=tuple(TargetMet(r.clause, r.strictness, r.status, r.required, r.achieved, r.unit) for r in rows),
        folder=folder,
    )


def _new(result: Result, scope: Collection[str], stage: int) -> tuple[NewStorage, ...]:
    """New storage by technology and zone, where there is any."""
    table = measures.capacity(result)
    table = table[(table["stage"] == stage) & table["asset"].isin(scope) & (table["added [MW]"] > measures.NEGLIGIBLE)]
    stood = table["asset"].map(lambda name: result.assets[name].fixed_energy(stage))
    # Less what is retired, of which there is none where all is new.
    new = table.assign(new=table["energy [MWh]"] - stood).groupby(["technology", "zone"], sort=False)
    return tuple(
        NewStorage(str(technology), str(zone), float(part["added [MW]"].sum()), float(part["new"].sum(min_count=1)))
        for (technology, zone), part in new
    )


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


@dataclass(frozen=True)
class Benchmark:
    """Portfolios side by side.

    Attributes:
        title, title_zh: of the case.
        stage: year planned for.
        baseline: portfolio that the others are set beside.
        created: local time, ISO 8601.
        outcomes: the portfolios in the order of their table.
        credits: of the portfolios.
        credit_steps: of technologies, each with rising capacity.
        substitutions: between technologies.
        values: against capacity.
        durations: against duration.
    """

    title: str
    title_zh: str
    stage: int
    baseline: str
    created: str
    outcomes: tuple[PortfolioOutcome, ...]
    credits: tuple[PortfolioCredit, ...] = ()
    credit_steps: tuple[CreditStep, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    values: tuple[ValuePoint, ...] = ()
    durations: tuple[ValuePoint, ...] = ()

    def of(self, name: str) -> PortfolioOutcome:
        """The outcome of a portfolio; KeyError if it was not asked for."""
        for outcome in self.outcomes:
            if outcome.name == name:
                return outcome
        raise KeyError(name)

    def saving(self, outcome: PortfolioOutcome) -> float:
        """What a portfolio saves beside the baseline, penalties included [CNY/yr]; NaN if either has no plan."""
        base = self.of(self.baseline)
        return base.objective - outcome.objective if base.solved and outcome.solved else math.nan

    def credit_of(self, name: str) -> PortfolioCredit | None:
        """The credit of a portfolio, if it was asked for."""
        return next((c for c in self.credits if c.name == name), None)

    def table(self) -> pd.DataFrame:
        """A row for each portfolio, with its main figures."""
        rows = []
        for o in self.outcomes:
            met, of = o.targets_met
            credit = self.credit_of(o.name)
            rows.append(
                {
                    "portfolio": o.name,
                    "cost [CNY/yr]": o.cost,
                    "penalties [CNY/yr]": o.penalties,
                    "saving [CNY/yr]": self.saving(o),
                    "new [MW]": o.capacity,
                    "new [MWh]": o.energy,
                    "curtailed [MWh/yr]": o.curtailed,
                    "curtailed [-]": o.curtailed / o.offered if o.offered else 0.0,
                    "emissions [t/yr]": o.emissions,
                    "unserved [MWh/yr]": o.unserved,
                    "firm [MW]": credit.firm if credit else math.nan,
                    "credit [-]": credit.credit if credit else math.nan,
                    "targets_met": met,
                    "targets": of,
                    "reason": o.reason,
                }
            )
        return pd.DataFrame(rows)

    def as_dict(self, base: Path) -> dict[str, Any]:
        """The benchmark as JSON has it; folders from `base`."""
        made = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in made.items():
            if isinstance(value, tuple):
                made[name] = [v.as_dict(base) if isinstance(v, PortfolioOutcome) else asdict(v) for v in value]
        return made


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
