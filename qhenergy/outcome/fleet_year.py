"""How a fleet runs through a year it was not planned for: costs, what it does not serve and when, what it misses.

Everything is of a year; of several stages it is the sum with their weights, but for what names its stage.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.outcome import hourly, measures
from qhenergy.outcome.board import board
from qhenergy.outcome.indicators import date
from qhenergy.outcome.plan_audit import Cost, cost
from qhenergy.outcome.result import Result

#: Tables of what makes power of a river's water.
HYDRO = ("hydro_stations", "small_hydro", "hydro_hubs")
#: Groups of named costs that a fixed fleet pays whatever it does.
STANDING = ("investment", "fixed O&M")
#: Missing power below this is what a solver leaves [MW].
LEAST_MW = 1e-3


@dataclass(frozen=True)
class Unserved:
    """Demand of a zone that is not served on a day.

    Attributes:
        stage: year.
        date: of the day that is modelled, as `MM-DD`, behind the water year where several follow each other.
        zone: where.
        energy: of all days that it stands for [MWh/yr].
        largest: power missing in the worst hour [MW].
        days: how many days of the year it stands for.
    """

    stage: int
    date: str
    zone: str
    energy: float
    largest: float
    days: float


@dataclass(frozen=True)
class Missed:
    """A clause that is missed.

    Attributes:
        clause, stage: which.
        required, achieved: in `unit`.
        cost: at the price of missing it, of all its stages [CNY/yr].
    """

    clause: str
    stage: int
    strictness: str
    required: float
    achieved: float
    unit: str
    cost: float


@dataclass(frozen=True)
class SentOut:
    """Energy a direct-current line sends and delivers at its other end, and misses of what it is asked [MWh/yr]."""

    line: str
    sent: float
    received: float
    missed: float


@dataclass(frozen=True)
class FleetYear:
    """What came of a fleet in a year.

    Attributes:
        costs: by name [CNY/yr].
        unserved: by date and zone, the most first.
        missed: clauses that are missed.
        lines: of send-out.
        offered, curtailed: energy of sun and wind, and what is left of it [MWh/yr].
        emission: CO2 [t/yr].
        hydro: energy of hydropower [MWh/yr].
        seconds: of solving.
    """

    costs: dict[str, float]
    unserved: tuple[Unserved, ...] = ()
    missed: tuple[Missed, ...] = ()
    lines: tuple[SentOut, ...] = ()
    offered: float = 0.0
    curtailed: float = 0.0
    emission: float = 0.0
    hydro: float = 0.0
    seconds: float = 0.0

    @property
    def cost(self) -> Cost:
        """Money, what is not delivered and what is missed, at their prices."""
        return cost(self.costs)

    @property
    def unserved_energy(self) -> float:
        """All energy that is not served [MWh/yr]."""
        return sum(u.energy for u in self.unserved)

    @property
    def curtailed_share(self) -> float:
        """Curtailed over offered energy of sun and wind [-]; 0 where nothing is offered."""
        return self.curtailed / self.offered if self.offered > 0 else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The year as JSON has it."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def of_dict(cls, made: Mapping[str, Any]) -> FleetYear:
        """The year of what `as_dict` made."""
        parts = {"unserved": Unserved, "missed": Missed, "lines": SentOut}
        lists = {name: tuple(kind(**row) for row in made[name]) for name, kind in parts.items()}
        return cls(**{**made, **lists})

    def at_prices(self, technologies: Collection[str], factor: float) -> FleetYear:
        """The same year where investment and fixed O&M of some technologies are so many times what they are.

        It is exact: what a fleet costs that stands does not change how it runs.
        """
        standing = {f"{group}/{technology}" for group in STANDING for technology in technologies}
        return replace(
            self, costs={name: value * factor if name in standing else value for name, value in self.costs.items()}
        )


def fleet_year(result: Result) -> FleetYear:
    """What came of a fleet, from the result of its year."""
    named = measures.costs(result)
    costs = dict(zip(named["name"], named["cost [CNY/yr]"].tolist(), strict=True))
    left, generated = measures.curtailment(result), measures.generation(result, ("asset",))
    river = generated[[result.assets[str(name)].table in HYDRO for name in generated["asset"]]]
    return FleetYear(
        costs,
        unserved(result),
        missed(result, costs),
        sent_out(result),
        _weighted(result, left, "offered [MWh/yr]"),
        _weighted(result, left, "curtailed [MWh/yr]"),
        _weighted(result, measures.emissions(result), "emission [t/yr]"),
        _weighted(result, river, measures.ENERGY),
        float(result.solve["solve_seconds"]),
    )


def _weighted(result: Result, table: pd.DataFrame, column: str) -> float:
    weights = table["stage"].map(result.case.stage_weights)
    return float((table[column] * weights).sum())


def unserved(result: Result) -> tuple[Unserved, ...]:
    """Demand that is not served, by the days that are modelled, the most first."""
    case, years, made = result.case, result.case.water.years, []
    steps = result.hours["hour_of_year"].to_numpy()
    year, day = case.year_of(steps), case.hour_of(steps) // 24
    for stage in case.stages:
        part, weights = result.of_stage(stage), result.weights(stage)
        zones = [j for j in result.joins[stage] if j.role == "unserved"]
        power = pd.DataFrame(0.0, index=result.hours.index[part], columns=list(dict.fromkeys(j.zone for j in zones)))
        for join in zones:
            power[join.zone] += np.nan_to_num(result.column(join.family)[join.member].to_numpy()[part])
        for zone in power.columns:
            missing = power[zone].to_numpy()
            table = pd.DataFrame(
                {"year": year[part], "day": day[part], "missing": np.where(missing > LEAST_MW, missing, 0.0)}
            )
            table["energy"], table["weight"] = table["missing"] * weights, weights
            days = table.groupby(["year", "day"])
            for (y, d), rows in days:
                if rows["energy"].sum() > 0:
                    before = f"{years[y]} " if len(years) > 1 else ""
                    made.append(
                        Unserved(
                            stage, before + date(int(d)), str(zone), float(rows["energy"].sum()),
                            float(rows["missing"].max()), float(rows["weight"].mean()) / case.time.step,
                        )
                    )  # fmt: skip
    return tuple(sorted(made, key=lambda u: -u.energy))


def missed(result: Result, costs: Mapping[str, float]) -> tuple[Missed, ...]:
    """Clauses that are missed, hard or priced."""
    return tuple(
        Missed(
            row.clause, row.stage, row.strictness, float(row.required or 0.0), float(row.achieved or 0.0), row.unit,
            costs.get(f"clauses missed/{row.clause}", 0.0),
        )
        for row in board(result)
        if row.status == "missed"
    )  # fmt: skip


def sent_out(result: Result) -> tuple[SentOut, ...]:
    """What direct-current lines deliver, and miss of what they are asked, hour by hour or in a year."""
    table = hourly.send_out(result)
    if table.empty:
        return ()
    weights = table["stage"].map(result.case.stage_weights)
    words = ("sent", "received", "missing")
    sums = table[[f"{word} [MWh/yr]" for word in words]].mul(weights, axis=0).groupby(table["line"], sort=False).sum()
    return tuple(SentOut(str(line), *map(float, row)) for line, *row in sums.itertuples())
