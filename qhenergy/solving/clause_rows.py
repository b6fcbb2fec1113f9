"""Where in a problem the requirements of clauses stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qhenergy.model.problem import Problem
from qhenergy.policy.clause import Requirement


def yearly_row(problem: Problem, asked: Requirement) -> int | None:
    """The row of the year of a requirement; None if it has none."""
    rows = _of(problem, f"{asked.clause.kind}/requirement", asked.clause.name)
    at = rows[problem.rows.number[rows] == asked.stage]
    return int(at[0]) if len(at) else None


def hourly_rows(problem: Problem, asked: Requirement) -> NDArray[np.int64]:
    """Rows that say a requirement hour by hour."""
    return _of(problem, asked.hourly, asked.clause.name)


def rows_of(problem: Problem, requirements: Sequence[Requirement], clause: str) -> NDArray[np.int64]:
    """All rows that enforce a clause, of every stage and hour."""
    asked = [r for r in requirements if r.clause.name == clause]
    families = {f"{r.clause.kind}/requirement" for r in asked} | {r.hourly for r in asked}
    return np.concatenate([np.zeros(0, dtype=np.int64), *(_of(problem, family, clause) for family in families)])


def _of(problem: Problem, family: str, member: str) -> NDArray[np.int64]:
    rows = problem.rows.of(family)
    if member not in problem.rows.members:
        return rows[:0]
    return rows[problem.rows.member[rows] == problem.rows.members.index(member)]
