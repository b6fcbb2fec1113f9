"""Which assets are storage: one definition for what is counted, paid and compared of it.

Storage is what the group `storage` of groups.csv names; another group may be asked for, such as the one by which a
plan document counts concentrating solar power in. Where a data set has no group of that name, storage is every electric
store that nothing but electricity fills, and what pumps water back up a river.

What fills a store as an asset of its own, as electrolysers fill a tank, is part of it: their cost is that of storing.
"""

from __future__ import annotations

from dataclasses import dataclass

from qhenergy.algebra.joins import Join, Vessel
from qhenergy.ground.faults import nearest
from qhenergy.outcome.result import Result

#: Group of groups.csv that says what is storage.
GROUP = "storage"
#: Less capacity than this is none: a crumb of an interior point says nothing of how a store is used [MW].
CRUMB = 0.1


@dataclass(frozen=True)
class Storage:
    """A store with all that belongs to it.

    Attributes:
        asset, table, technology, zone: of the store.
        parts: the assets it consists of: the store, and what fills it.
    """

    asset: str
    table: str
    technology: str
    zone: str
    parts: tuple[str, ...]


def storages(result: Result, group: str = GROUP) -> list[Storage]:
    """The stores of a result, in the order of its assets.

    Args:
        result: the result.
        group: of groups.csv.

    Raises:
        KeyError: groups.csv has no such group, and it is not the one of this module.
    """
    groups = [str(name) for name in result.inputs["groups"].index.get_level_values(0).unique()]
    if group not in groups and group != GROUP:
        raise KeyError(f'no group "{group}". {nearest(group, groups)}')
    technologies = set(result.inputs.members(group))
    known, pure = result.assets.by_name, _without_nature(result)
    stores = [a for a in known.values() if (a.technology in technologies if group in groups else a.name in pure)]
    fillers = _fillers(result)
    return [
        Storage(a.name, a.table, a.technology, a.zone, (a.name, *fillers.get(a.name, ())))
        for a in stores
    ]  # fmt: skip


def storage_assets(result: Result, group: str = GROUP) -> list[str]:
    """Every asset that is storage, what fills a store included, each once."""
    return list(dict.fromkeys(part for storage in storages(result, group) for part in storage.parts))


def storage_technologies(result: Result, group: str = GROUP) -> set[str]:
    """Technologies of the assets that are storage, by which costs are named."""
    return {result.assets[name].technology for name in storage_assets(result, group)}


def vessel_of(result: Result, asset: str, stage: int) -> Vessel | None:
    """How a store fills and empties in a stage; None where it does not stand, or holds water of the river."""
    return next((v for v in result.vessels[stage] if v.asset == asset), None)


def joins_of(result: Result, storage: Storage, stage: int) -> list[Join]:
    """What a store with its parts takes from its zone and gives to it."""
    return [j for j in result.joins[stage] if j.asset in storage.parts or j.member in storage.parts]


def _without_nature(result: Result) -> set[str]:
    """Stores that electricity alone fills, and pumps of the river."""
    stages = result.case.stages
    filled = {v.asset for stage in stages for v in result.vessels[stage] if not v.natural}
    return filled | {j.asset for stage in stages for j in result.joins[stage] if j.role == "pumping"}


def _fillers(result: Result) -> dict[str, list[str]]:
    """Assets of their own that fill a store."""
    made: dict[str, list[str]] = {}
    for stage in result.case.stages:
        for vessel in result.vessels[stage]:
            own = made.setdefault(vessel.asset, [])
            for _, member, _ in vessel.charging:
                if member != vessel.asset and member in result.assets.by_name and member not in own:
                    own.append(member)
    return made
