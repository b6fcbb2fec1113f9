"""What a search for a better curve found: the curve, what it costs and sends, how good it is proven, what binds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.family import PLAN
from qhenergy.model.problem import Problem

Numbers = NDArray[np.float64]
#: Share of the highest price below which a row is not said to bind.
CRUMB = 1e-6
#: What a family is about, by the first word of its name; other families are of plants.
KINDS = {
    "corridor": ("section", "corridor", "ac_tie", "grid_connection"),
    "store": ("battery", "pumped_storage", "compressed_air", "storage", "hydrogen", "heat_store", "csp"),
    "water": ("hydro", "hydro_hub", "hydro_rules", "small_hydro", "withdrawal"),
    "capacity": ("capacity", "portfolio", "fleet"),
    "line": ("send_out",),
    "demand": ("curve",),
}


@dataclass(frozen=True)
class Binding:
    """A limit that holds the curve back.

    Attributes:
        kind: `corridor`, `store`, `water`, `clause`, `capacity`, `line` (its rating), `demand` (at home, first) or
            `plant`.
        family, member: of its rows, or of the columns whose bound it is.
        unit: of the limit.
        worth: by how much a unit more room in each of its hours betters the curve: cost [CNY/yr], energy or distance
            [MWh/yr], level [MW]; below zero if less of a capacity would.
        rows: hours, or years, in which it binds.
    """

    kind: str
    family: str
    member: str
    unit: str
    worth: float
    rows: int


@dataclass(frozen=True)
class Iteration:
    """A dispatch of the search: what it tried, the value of its curve, best and bound after it, seconds since start."""

    tried: str
    value: float
    best: float
    bound: float
    seconds: float


@dataclass(frozen=True, eq=False)
class Found:
    """A curve and what is known of it.

    Attributes:
        line: the line.
        aim: `cost`, `energy` or `nearest`.
        rating: rated power [MW].
        seasons: months of each season.
        curve, free: the curve, and the one that no rule of steps holds; seasons x slots [MW].
        wanted: the mean of the curve it is to be near, if there is one [MW].
        value, bound: of what is made least or most, and what no allowed curve passes [CNY/yr or MWh/yr].
        gap: between the two, over `size`; see `size_is`.
        size_is: what the gap is a share of, in words.
        proven: whether the gap is within what was asked.
        ended: why the search ended.
        cost: of the year with the curve; penalties included [CNY/yr].
        reference: least cost of the year in which the line sends what it likes [CNY/yr].
        energy: the curve asks for [MWh/yr].
        sent, missed: of it [MWh/yr].
        above, below, farthest: by how much the curve is above and below the wanted one [MWh/yr], and at most [MW].
        binding: what holds the curve back, dearest first.
        iterations: how the search went.
        notes: sentences on what the answer rests on.
    """

    line: str
    aim: str
    rating: float
    seasons: tuple[tuple[int, ...], ...]
    curve: Numbers
    free: Numbers
    wanted: Numbers | None
    value: float
    bound: float
    gap: float
    size_is: str
    proven: bool
    ended: str
    cost: float
    reference: float
    energy: float
    sent: float
    missed: float
    above: float = 0.0
    below: float = 0.0
    farthest: float = 0.0
    binding: tuple[Binding, ...] = ()
    iterations: tuple[Iteration, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def by_month(self) -> pd.DataFrame:
        """The curve in parts of the rating, as a table of curves has it: months x slots of a day."""
        rows = {month: self.curve[i] / self.rating for i, months in enumerate(self.seasons) for month in months}
        return pd.DataFrame(rows).T.sort_index()

    @property
    def frame(self) -> pd.DataFrame:
        """For a chart: season, months, hour at which the slot begins, power, free and wanted [MW]."""
        count, slots = self.curve.shape
        return pd.DataFrame(
            {
                "season": np.repeat(np.arange(1, count + 1), slots),
                "months": np.repeat(["-".join(map(str, months)) for months in self.seasons], slots),
                "hour": np.tile(np.arange(slots) * 24 / slots, count),
                "power [MW]": self.curve.ravel(),
                "free [MW]": self.free.ravel(),
                "wanted [MW]": self.wanted.ravel() if self.wanted is not None else np.full(count * slots, np.nan),
            }
        )


@dataclass(frozen=True)
class Firm:
    """A level that a line can be counted on for.

    Attributes:
        line: the line.
        hours: first and last hour of the day it is asked in (24 h if they are the same), and how many a year [h].
        share: of these hours in which it is delivered, at least.
        level: delivered so [MW].
        bound: no level above it can be [MW].
        missed: hours in which less is delivered [h/yr].
        cost: of the year with it, beyond that of a line that sends what it likes [CNY/yr].
        binding: what holds it down.
    """

    line: str
    hours: tuple[int, int, float]
    share: float
    level: float
    bound: float
    missed: float
    cost: float
    binding: tuple[Binding, ...] = ()


def kind_of(family: str) -> str:
    """What a family of rows or columns is about."""
    if family.endswith(("/requirement", "/hourly", "/room_is")):
        return "clause"
    first = family.partition("/")[0]
    return next((kind for kind, words in KINDS.items() if first in words), "plant")


def what_binds(
    problem: Problem,
    values: Numbers,
    duals: Numbers,
    own: NDArray[np.int64],
    fixing: Sequence[str] = (),
    most: int = 12,
) -> tuple[Binding, ...]:
    """The limits whose price is not zero: rows with a side that may be passed, bounds, capacities that are fixed.

    A unit more in each hour changes the objective by the sum of the duals, to first order. What says the same twice,
    such as a limit by capacity and the capacity itself, is listed twice.

    Args:
        problem: of the dispatch.
        values, duals: of its columns and rows.
        own: rows that ask for the curve, which are no limit of it.
        fixing: families of rows that fix capacities.
        most: limits listed.
    """
    reduced = problem.cost - problem.matrix.T @ duals
    rows, columns = problem.rows, problem.columns
    in_plan = np.array([name == PLAN for name in columns.blocks])[columns.block]
    limits = (problem.row_lower != problem.row_upper) | np.isin(
        rows.family, [i for i, name in enumerate(rows.families) if name in fixing]
    )
    limits[own] = False
    price = np.where(limits, duals, 0.0)
    movable = problem.upper > problem.lower
    at_upper = movable & (reduced < 0) & np.isfinite(problem.upper)
    at_lower = movable & (reduced > 0) & np.isfinite(problem.lower) & (problem.lower > 0)
    # A limit that may be passed by one unit more is worth its price; a capacity may be worth more if it were less.
    price = np.where(problem.row_lower != problem.row_upper, np.abs(price), -price)
    bound = np.where(at_upper | at_lower, np.abs(reduced), np.where(in_plan & ~movable, -reduced, 0.0))
    made: dict[tuple[str, str, str], list[float]] = {}
    for index, of_all, kind in ((rows, price, "row"), (columns, bound, "column")):
        for place in np.flatnonzero(np.abs(of_all) > CRUMB * np.abs(of_all).max(initial=0.0)):
            key = (index.families[index.family[place]], index.members[index.member[place]], kind)
            made.setdefault(key, []).append(float(of_all[place]))
    found = [
        Binding(kind_of(family), family, member, problem.families[kind, family].unit, sum(worth), len(worth))
        for (family, member, kind), worth in made.items()
    ]
    return tuple(sorted(found, key=lambda b: -abs(b.worth))[:most])
