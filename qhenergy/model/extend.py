"""A problem with further rows or columns, labelled as those of the plan are; nothing is assembled again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.algebra.family import PLAN, Family
from qhenergy.model.problem import Index, Problem


@dataclass(frozen=True)
class NewRow:
    """A row of a family: member, stage, its entries by position of the column, and its sides."""

    member: str
    number: int
    columns: NDArray[np.int64]
    coefficients: NDArray[np.float64]
    lower: float
    upper: float


@dataclass(frozen=True)
class NewColumn:
    """A column of a family, from zero up: member, stage, its entries by position of the row, cost and its name."""

    member: str
    number: int
    rows: NDArray[np.int64]
    coefficients: NDArray[np.float64]
    cost: float
    cost_name: str


def with_rows(problem: Problem, family: str, unit: str, algebra: str, rows: Sequence[NewRow]) -> Problem:
    """The problem with a family of rows more, at its end."""
    width = problem.matrix.shape[1]
    entries = [(np.full(len(row.columns), i), row.columns, row.coefficients) for i, row in enumerate(rows)]
    more = _matrix(entries, (len(rows), width))
    return replace(
        problem,
        rows=_longer(problem.rows, family, [(row.member, row.number) for row in rows]),
        families={**problem.families, ("row", family): Family(family, "row", unit, algebra)},
        matrix=sp.vstack([problem.matrix, more], format="csr"),
        row_lower=np.concatenate([problem.row_lower, [row.lower for row in rows]]),
        row_upper=np.concatenate([problem.row_upper, [row.upper for row in rows]]),
    )


def with_columns(problem: Problem, family: str, unit: str, meaning: str, columns: Sequence[NewColumn]) -> Problem:
    """The problem with a family of columns more, at its end."""
    height, count = problem.matrix.shape[0], len(columns)
    entries = [(column.rows, np.full(len(column.rows), i), column.coefficients) for i, column in enumerate(columns)]
    known = list(zip(problem.cost_names, problem.cost_stages.tolist(), strict=True))
    weights = dict(zip(problem.cost_stages.tolist(), problem.cost_weights.tolist(), strict=True))
    own = [(column.cost_name, column.number if column.number in weights else next(iter(weights))) for column in columns]
    names = list(dict.fromkeys([*known, *own]))
    costs = sp.csr_matrix(
        ([c.cost for c in columns], ([names.index(key) for key in own], range(count))),
        shape=(len(names), count),
    )
    old = problem.costs.copy()
    old.resize((len(names), problem.matrix.shape[1]))
    return replace(
        problem,
        columns=_longer(problem.columns, family, [(column.member, column.number) for column in columns]),
        families={**problem.families, ("column", family): Family(family, "column", unit, meaning)},
        matrix=sp.hstack([problem.matrix, _matrix(entries, (height, count))], format="csr"),
        lower=np.concatenate([problem.lower, np.zeros(count)]),
        upper=np.concatenate([problem.upper, np.full(count, np.inf)]),
        whole=np.concatenate([problem.whole, np.zeros(count, dtype=bool)]),
        cost_names=[name for name, _ in names],
        costs=sp.hstack([old, costs], format="csr"),
        cost_offsets=np.concatenate([problem.cost_offsets, np.zeros(len(names) - len(problem.cost_names))]),
        cost_stages=np.array([stage for _, stage in names], dtype=np.int32),
        cost_weights=np.array([weights[stage] for _, stage in names]),
    )


def _matrix(
    entries: Sequence[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]], shape: tuple[int, int]
) -> sp.csr_matrix:
    if not entries:
        return sp.csr_matrix(shape)
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    return sp.csr_matrix((values, (rows, columns)), shape=shape)


def _longer(index: Index, family: str, labels: Sequence[tuple[str, int]]) -> Index:
    """An index with labels of one family of the plan behind it."""
    families = [*index.families, family]
    known = {name: i for i, name in enumerate(index.members)}
    for member, _ in labels:
        known.setdefault(member, len(known))
    return Index(
        index.blocks,
        families,
        list(known),
        np.concatenate([index.block, np.full(len(labels), index.blocks.index(PLAN), dtype=np.int32)]),
        np.concatenate([index.family, np.full(len(labels), len(families) - 1, dtype=np.int16)]),
        np.concatenate([index.member, np.array([known[m] for m, _ in labels], dtype=np.int32)]),
        np.concatenate([index.number, np.array([n for _, n in labels], dtype=np.int32)]),
    )
