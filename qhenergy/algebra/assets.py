"""Assets: what stands, what is decided, what may be added, and whether the plan decides it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from qhenergy.algebra.ageing import Ageing


@dataclass(frozen=True)
class Asset:
    """One plant, store or corridor whose capacity the plan knows.

    Attributes:
        name: key of its table.
        table: its table.
        technology, zone: keys; zone is the sending one for a corridor.
        existing: capacity at the end of the base year [MW].
        fixed: existing plus committed capacity by stage, less what has left by its age [MW]; what may be retired
            counts as fixed until the plan retires it, at the end of its life at the latest.
        room: most that may be added, by stage [MW]; 0 where not open yet.
        retirable: whether the plan may retire existing capacity.
    """

    name: str
    table: str
    technology: str
    zone: str
    existing: float
    fixed: dict[int, float]
    room: dict[int, float]
    retirable: bool
    #: multiplies investment and fixed cost per power (length of a corridor in 100 km)
    cost_factor: float = 1.0
    #: stored energy per power [h] that is built with it; 0 if none or sized apart
    energy_hours: float = 0.0
    #: share of its stored energy that is lost with every year of age [1/yr]
    fade: float = 0.0
    #: stored energy that the fixed capacity has lost by its age, by stage [MWh]
    aged: dict[int, float] = field(default_factory=dict)
    #: existing capacity that has left by its age, by stage [MW]
    gone: dict[int, float] = field(default_factory=dict)
    #: size of a unit, where whole units are built [MW]; 0 for any amount
    unit: float = 0.0

    def committed(self, stage: int) -> float:
        """Capacity decided since the base year that stands in a stage [MW]; negative if more was taken away."""
        return self.fixed[stage] - self.existing + (0.0 if self.retirable else self.gone.get(stage, 0.0))

    def fixed_energy(self, stage: int) -> float:
        """Energy that the fixed capacity can hold in a stage, its age counted [MWh]."""
        return self.energy_hours * self.fixed[stage] - self.aged.get(stage, 0.0)

    def decided(self, stage: int) -> bool:
        """Whether the capacity of a stage is a number, not a column."""
        return not self.retirable and all(room == 0 for year, room in self.room.items() if year <= stage)


@dataclass
class Assets:
    """The register of all assets, and of those whose energy capacity is a column of its own.

    `ageing` says when what stands leaves; without one all of it stays. `whole` says whether units are built whole.
    """

    stages: tuple[int, ...]
    by_name: dict[str, Asset] = field(default_factory=dict)
    with_energy: set[str] = field(default_factory=set)
    ageing: Ageing | None = field(default=None, compare=False, repr=False)
    whole: bool = False

    def __getitem__(self, name: str) -> Asset:
        """The asset of that key."""
        return self.by_name[name]

    def of_table(self, table: str, stage: int | None = None) -> list[str]:
        """Keys of the assets of one table; with a stage, only those that can be there by then."""
        return [
            a.name
            for a in self.by_name.values()
            if a.table == table and (stage is None or self.possible(a.name, stage))
        ]

    def possible(self, name: str, stage: int) -> bool:
        """Whether an asset can have any capacity in a stage."""
        asset = self.by_name[name]
        return asset.fixed[stage] > 0 or any(r > 0 for y, r in asset.room.items() if y <= stage)

    def add_table(
        self,
        table: str,
        rows: pd.DataFrame,
        cost_factor: pd.Series | None = None,
        energy_hours: pd.Series | None = None,
        since: pd.Series | None = None,
        fade: pd.Series | None = None,
        base_year: int = 0,
    ) -> list[str]:
        """Register every row of an asset table.

        Args:
            table: its name.
            rows: its rows.
            cost_factor: multiplies investment and fixed cost per power; 1 if None.
            energy_hours: stored energy built with the power [h]; 0 if None.
            since: first year an asset stands at all, whatever its capacity; always if None.
            fade: share of the stored energy lost with every year of age [1/yr]; 0 if None.
            base_year: from when what exists ages; what is committed ages from its own year.

        Returns:
            The keys of the assets.
        """
        for name, row in rows.iterrows():
            stands = {y: since is None or float(since[name]) <= y for y in self.stages}
            technology, existing = str(row["technology"]), float(row["existing"])
            retirable = str(row.get("retirable", "no")) == "yes"
            committed_year = base_year if np.isnan(row["committed_year"]) else int(row["committed_year"])
            earliest, outlived = self._earliest(technology, row["earliest_year"]), self._outlived
            gone = {y: stands[y] * self._gone(str(name), technology, existing, y) for y in self.stages}
            kept = {y: stands[y] * existing - (0.0 if retirable else gone[y]) for y in self.stages}
            # What is fixed in each stage, by the year it stands since.
            standing = {
                y: [
                    (year, power)
                    for year, power in (
                        (base_year, kept[y]),
                        (committed_year, stands[y] * float(row["committed"])),
                    )
                    if year <= y and (year == base_year or not outlived(technology, year, y))
                ]
                for y in self.stages
            }
            lost = float(fade[name]) if fade is not None else 0.0
            hours = float(energy_hours[name]) if energy_hours is not None else 0.0
            room = {y: float(row["room"]) if stands[y] and earliest <= y else 0.0 for y in self.stages}
            self.by_name[str(name)] = Asset(
                name=str(name),
                table=table,
                technology=technology,
                zone=str(row["zone"]) if "zone" in row.index else str(row["from_zone"]),
                existing=existing,
                fixed={y: sum(power for _, power in parts) for y, parts in standing.items()},
                room=room,
                retirable=retirable,
                cost_factor=float(cost_factor[name]) if cost_factor is not None else 1.0,
                energy_hours=hours,
                fade=lost,
                aged={
                    y: hours * sum(power * (1.0 - (1.0 - lost) ** (y - year)) for year, power in parts)
                    for y, parts in standing.items()
                },
                gone=gone,
                unit=float(row.get("unit_size", 0.0)) if self.whole else 0.0,
            )
        return [str(name) for name in rows.index]

    def _gone(self, asset: str, technology: str, existing: float, stage: int) -> float:
        return self.ageing.gone(asset, technology, existing, stage) if self.ageing and existing else 0.0

    def _outlived(self, technology: str, since: int, stage: int) -> bool:
        return self.ageing is not None and self.ageing.outlived(technology, since, stage)

    def _earliest(self, technology: str, year: float) -> float:
        """First year in which a candidate may be in service."""
        possible = self.ageing.first_year(technology) if self.ageing else -np.inf
        return possible if np.isnan(year) else max(possible, year)
