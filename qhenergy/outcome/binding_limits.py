"""What a row or a bound of a column is to somebody who asks why energy is left, or missed: its cause and its name.

Causes of curtailment and of missed delivery share one list:

    section    a corridor, a section or a grid connection at its limit
    curve      a send-out line that asks no more, or is at its rating
    minimum    least output, ramps, times and starts of units, heat that they owe
    store      a store at its charging or discharging power, full, or empty
    water      water of the river: a full or an empty reservoir, a release that is asked, inflow that there is not
    weather    sun and wind that there is not
    capacity   plants, ties or machines that run at all they have
    reserve    a clause of reserve
    clause     any other clause, by its name
    load       what loads can move, heat, hydrogen and fuel
    price      supply that is there and dearer than the shortfall; nothing binds
    nobody     energy that nobody needs: the price is what it costs, and nothing binds

A row is a *node* if energy or water is balanced in it, a *link* if it ties an output to units on line, and a
*limit* otherwise.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from qhenergy import policy

SECTION, CURVE, MINIMUM, STORE, WATER, WEATHER = "section", "curve", "minimum", "store", "water", "weather"
CAPACITY, RESERVE, CLAUSE, LOAD, PRICE, NOBODY = "capacity", "reserve", "clause", "load", "price", "nobody"
#: In the order tables print them.
CAUSES = (SECTION, CURVE, MINIMUM, STORE, WATER, WEATHER, CAPACITY, RESERVE, CLAUSE, LOAD, PRICE, NOBODY)
NODES = (
    *("balance/energy", "csp/heat_balance", "hydrogen/balance", "hydro/water_balance", "hydro/flow_balance"),
    *("battery/energy_balance", "pumped_storage/energy_balance", "compressed_air/energy_balance"),
    *("heat/balance", "heat_store/balance"),
)
LINKS = ("thermal/minimum", "thermal/maximum", "csp/minimum", "csp/maximum", "hydrogen/up_to", "hydrogen/part_load")
#: Nodes of water, whose inflow is a limit of its own.
RIVER = ("hydro/water_balance", "hydro/flow_balance")
#: Columns that are a loss with a price, not a way to supply anything.
LOSSES = ("unserved", "shortfall", "missing", "short", "over")
_KINDS = {str(m.KIND) for m in policy.BUILT_IN if hasattr(m, "KIND")}
_OF_PREFIX = {
    **dict.fromkeys(("corridor", "section", "grid_connection"), SECTION),
    **dict.fromkeys(("battery", "pumped_storage", "compressed_air", "hydrogen"), STORE),
    **dict.fromkeys(("hydro", "hydro_hub", "hydro_rules", "hydro_head", "withdrawal", "small_hydro"), WATER),
    **dict.fromkeys(("solar", "wind"), WEATHER),
    **dict.fromkeys(("ac_tie", "condenser", "fuel_supply", "capacity"), CAPACITY),
    **dict.fromkeys(("thermal", "heat_tie", "csp"), MINIMUM),
    "send_out": CURVE,
}
_OF_FAMILY = {
    **dict.fromkeys(("thermal/online", "hydro/turbined", "hydro/power", "hydro_hub/turbined", "csp/output"), CAPACITY),
    **dict.fromkeys(("csp/heat", "csp/heated", "hydro_hub/pumped"), STORE),
    "csp/collected": WEATHER,
}


@dataclass(frozen=True)
class Limit:
    """A limit that binds.

    Attributes:
        cause: one of `CAUSES`.
        name: key of the asset, corridor, section, line or clause; what it is for one without a key.
        family: the family of the row, or of the column whose bound it is.
    """

    cause: str
    name: str
    family: str


def limit_of(family: str, member: str, clauses: Collection[str]) -> Limit:
    """The limit that a row, or the bound of a column, is.

    Args:
        family: its family; that of a row `<column>_limit` counts as the bound of the column.
        member: its member.
        clauses: names of the clauses of the case.
    """
    plain = family.removesuffix("_limit")
    if plain.startswith("meter/"):
        plain = plain.removeprefix("meter/").removesuffix("_reading")
        kind = max((k for k in _KINDS if plain.startswith(k)), key=len, default="")
        if kind or member in clauses:
            return Limit(CLAUSE, member if member in clauses else kind or plain, family)
        return Limit(_metered(plain), member, family)
    prefix = plain.split("/", 1)[0]
    if prefix in _KINDS:
        return Limit(RESERVE if prefix == "reserve" else CLAUSE, member if member in clauses else prefix, family)
    return Limit(_OF_FAMILY.get(plain) or _OF_PREFIX.get(prefix, LOAD), member, family)


def _metered(name: str) -> str:
    """What a sum of the year is a limit of, where no clause asks for it."""
    if name.endswith("_drawn"):
        return STORE
    if name == "sent":
        return CURVE
    return CAPACITY if name.startswith("ac_") else _OF_PREFIX.get(name.split("/", 1)[0], LOAD)


def is_level(family: str) -> bool:
    """Whether a column is what a store or reservoir holds: its floor of nothing is a limit too."""
    return family.endswith("/level") or family == "csp/heat"


def is_loss(family: str) -> bool:
    """Whether a column is a loss with a price."""
    return family.rsplit("/", 1)[-1] in LOSSES
