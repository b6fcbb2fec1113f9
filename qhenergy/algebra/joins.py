"""What a column is part of: the balance of a zone, the water of a station, hydrogen or heat, a store, a way out.

Technologies say so where they declare the column; the lists are kept, so that the balances are written,
summed by technology and counted again from the returned values by one account.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Join:
    """One column's part in the balance of a zone.

    Attributes:
        zone: zone whose balance it joins.
        family, member: the column.
        coefficient: MWh that the zone gains per unit of the column and hour.
        role: generation, charging, discharging, pumping, heating, own_use, conversion (what makes heat or a fuel of
            it), import, export, send_out, transfer, unserved, demand (of a load beside that of the zone) or
            flexible (what loads deviate).
        technology: key of technologies.csv, or a word for what has none.
        asset: key of the asset.
    """

    zone: str
    family: str
    member: str
    coefficient: float
    role: str
    technology: str
    asset: str


@dataclass(frozen=True)
class Potential:
    """Energy that sun or wind offered an asset, of which a column says what was used.

    Attributes:
        asset, technology, zone: keys.
        series: hourly series it rests on, per unit of capacity.
        scale: MWh of electricity per unit of series and capacity.
        family: column of what was used.
        coefficient: MWh of electricity per unit of that column.
    """

    asset: str
    technology: str
    zone: str
    series: str
    scale: float
    family: str
    coefficient: float


#: A column of a store: family, member, and MWh of the store's level per unit of the column and hour.
Part = tuple[str, str, float]


@dataclass(frozen=True)
class Vessel:
    """How a store fills and empties, so that what it holds can be told apart by where it came from.

    Attributes:
        asset, zone: keys; the asset is the member of the family of its level.
        level: family of its level [MWh of whatever it holds].
        keep: share of the level kept from one hour to the next.
        charging: columns of electricity [MW] that fill it.
        discharging: columns of electricity [MW] that empty it.
        natural: columns that fill it without electricity, such as the heat of the sun.
    """

    asset: str
    zone: str
    level: str
    keep: float
    charging: tuple[Part, ...]
    discharging: tuple[Part, ...]
    natural: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Flow:
    """One column's part in the water balance of a station of the river.

    Attributes:
        station: whose balance it joins.
        family, member: the column.
        coefficient: m3/s that the station gains per unit of the column.
        role: turbined, spilled, pumped or withdrawn at the station itself; arriving from the one above, or
            lifted from the one below.
        delay: hours from the column's hour to the hour the water is there [h].
    """

    station: str
    family: str
    member: str
    coefficient: float
    role: str
    delay: float = 0.0


@dataclass(frozen=True)
class Feed:
    """One column's part in a balance that is not a zone's, such as the hydrogen of a store or the heat of a node.

    Attributes:
        balance, member: what flows, and whose balance it is.
        family, column: the column; no family where the part was given as an expression, which nobody can count again.
        coefficient: unit of the balance gained per unit of the column and hour; negative is taken out.
        role: what it is to the balance, such as electrolysis, turbine, industry or export.
        technology: key of technologies.csv, or a word for what has none.
        series: hourly series by column that multiplies the coefficient; none if empty.
    """

    balance: str
    member: str
    family: str = ""
    column: str = ""
    coefficient: float = 0.0
    role: str = ""
    technology: str = ""
    series: str = ""


@dataclass(frozen=True)
class WayOut:
    """Rated power by which a zone can send energy out of the system.

    Attributes:
        zone: zone it begins in.
        line: key of its row.
        stage: year it stands in.
        power: rated power [MW].
    """

    zone: str
    line: str
    stage: int
    power: float


@dataclass(frozen=True)
class Import:
    """What a tie brings into the system.

    Attributes:
        family, member: the column [MW].
        emission: CO2 that was emitted for it elsewhere [t/MWh].
    """

    family: str
    member: str
    emission: float
