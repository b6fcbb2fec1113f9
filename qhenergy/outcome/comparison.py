"""Results side by side: the same measures of each, and what differs from the first.

    cost          by name, their sum without penalties, and the objective with them [CNY/yr]
    capacity      by technology [MW]
    storage       power by technology [MW] and energy [MWh]
    generation    by technology [MWh/yr]
    curtailment   by technology: energy left unused [MWh/yr]
    emissions     by technology, and their sum [t/yr]
    unserved      demand not served, by zone, and its sum [MWh/yr]
    clause        what each clause of any of the cases achieved, in the unit of the board

A result that has nothing under a name has none of it: its cell is zero, but of a clause it is blank, since a clause
that a case does not have measures nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.outcome import measures
from qhenergy.outcome.board import ClauseRow, board
from qhenergy.outcome.result import Result

KEYS = ["section", "item", "unit", "stage"]
SECTIONS = ("cost", "capacity", "storage", "generation", "curtailment", "emissions", "unserved", "clause")
TOTAL, OBJECTIVE = "total", "objective"
DIFFERENCE = "difference"


@dataclass(frozen=True)
class Side:
    """What is compared of one result.

    Attributes:
        name: what it is called in the comparison.
        case, inputs: what it was made from.
        created: when.
        values: columns `KEYS` and value.
        rows: the target board.
    """

    name: str
    case: Case
    inputs: Inputs
    created: str
    values: pd.DataFrame
    rows: list[ClauseRow]


def side(name: str, result: Result) -> Side:
    """What is compared of a result; small, so that the result itself need not be kept."""
    rows = board(result)
    parts = [*_costs(result), *_by_technology(result), *_places(result), *_clauses(rows)]
    table = pd.DataFrame(parts, columns=[*KEYS, "value"])
    return Side(name, result.case, result.inputs, result.created, table, rows)


Entry = tuple[str, str, str, int, float]


def _costs(result: Result) -> list[Entry]:
    # Named costs and their sum are of a year of each stage; what all stages come to stands beside the last.
    table = measures.costs_by_stage(result)
    made = [
        ("cost", str(n), "CNY/yr", int(y), float(v)) for y, n, v in table[["stage", "name", "cost [CNY/yr]"]].to_numpy()
    ]
    for stage in result.case.stages:
        of_stage = [(name, value) for _, name, _, year, value in made if year == stage]
        paid = sum(value for name, value in of_stage if name.partition("/")[0] not in measures.PENALTIES)
        made.append(("cost", TOTAL, "CNY/yr", stage, paid))
    return [*made, ("cost", OBJECTIVE, "CNY/yr", result.case.stages[-1], result.objective)]


def _by_technology(result: Result) -> list[Entry]:
    capacity = measures.capacity(result)
    plants = capacity[capacity["table"] != "corridors"]
    stores = measures.storage(result)
    made = []
    for section, table, column in (
        ("capacity", plants, "total [MW]"),
        ("storage", stores, "power [MW]"),
        ("storage", stores, "energy [MWh]"),
        ("generation", measures.generation(result), measures.ENERGY),
        ("curtailment", measures.curtailment(result), "curtailed [MWh/yr]"),
        ("emissions", measures.emissions(result), "emission [t/yr]"),
    ):
        made += _summed(section, table, "technology", column)
    return made


def _places(result: Result) -> list[Entry]:
    return _summed("unserved", measures.unserved(result), "zone", measures.ENERGY)


def _summed(section: str, table: pd.DataFrame, by: str, column: str) -> list[Entry]:
    """Sums of a column by stage and `by`, and over all of them."""
    unit = column[column.index("[") + 1 : -1]
    if table.empty:
        return []
    sums = table.groupby(["stage", by], sort=False)[column].sum()
    made = [(section, str(item), unit, int(stage), float(value)) for (stage, item), value in sums.items()]
    totals = table.groupby("stage")[column].sum()
    return [*made, *((section, TOTAL, unit, int(stage), float(value)) for stage, value in totals.items())]


def _clauses(rows: Sequence[ClauseRow]) -> list[Entry]:
    # One that is not in force has no unit and nothing to compare.
    asked = (row for row in rows if row.unit)
    return [("clause", r.clause, r.unit, r.stage, np.nan if r.achieved is None else r.achieved) for r in asked]


@dataclass(frozen=True)
class Comparison:
    """Results side by side, the first being what the others differ from."""

    sides: tuple[Side, ...]

    @property
    def names(self) -> list[str]:
        """What the results are called."""
        return [s.name for s in self.sides]

    @cached_property
    def values(self) -> pd.DataFrame:
        """Every measure, indexed by `KEYS` in the order of the first result that has it; a column for each result."""
        frames = [s.values.set_index(KEYS)["value"].rename(s.name) for s in self.sides]
        order = list(dict.fromkeys(key for frame in frames for key in frame.index))
        index = pd.MultiIndex.from_tuples(order, names=KEYS)
        table = pd.concat([frame.reindex(index) for frame in frames], axis=1)
        filled = table.index.get_level_values("section") != "clause"
        table[filled] = table[filled].fillna(0.0)
        return table

    @cached_property
    def differences(self) -> pd.DataFrame:
        """`values` less those of the first result, for every other one."""
        others = self.names[1:]
        return self.values[others].sub(self.values[self.names[0]], axis=0)

    def of(self, section: str) -> pd.DataFrame:
        """Rows of `values` of a section, indexed by item, unit and stage; none if no result has any."""
        there = self.values.index.get_level_values("section") == section
        return self.values[there].droplevel("section")

    def clause(self, key: str, stage: int) -> list[ClauseRow | None]:
        """The row of a clause on each board; None where the case does not have it."""
        return [next((r for r in s.rows if (r.clause, r.stage) == (key, stage)), None) for s in self.sides]

    def table(self) -> pd.DataFrame:
        """Everything as one table: `KEYS`, the results, and what each differs from the first.

        A clause has further rows `clause status`, `clause required` and `clause shadow price`; a status is a word.
        """
        values = pd.concat([self.values, self.differences.add_prefix(f"{DIFFERENCE} ")], axis=1).astype(object)
        more = []
        for key, unit, stage in self.of("clause").index:
            rows = self.clause(key, stage)
            price = next((r.shadow_price_unit for r in rows if r and r.shadow_price_unit), "")
            for word, of_unit in (("status", ""), ("required", unit), ("shadow_price", price)):
                cells = [getattr(r, word) if r else None for r in rows]
                more.append([f"clause {word.replace('_', ' ')}", key, of_unit, stage, *cells])
        further = pd.DataFrame(more, columns=[*KEYS, *self.names], dtype=object)
        return pd.concat([values.reset_index(), further], ignore_index=True)
