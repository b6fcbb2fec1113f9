"""A year that begins in a given state instead of the one it ends in.

Windows of a chained year hand over to each other, the last to the first: the year is a circle. A dispatch of a year
begins somewhere: what rows say of columns of later windows becomes a number. Such rows are those of the first window,
and of the ones after it where a window is shorter than what a row looks back on. Rows about the level at the end of the
year are left open: how it ends is the guide's to say (see `solving.rolling`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from qhenergy.algebra.family import window_name
from qhenergy.model.problem import Problem
from qhenergy.periods.chronology import Chronology

#: Value of a column (family, member) so many hours before the year begins; 1 is the hour before the first.
Before = Callable[[str, str, int], float]


#: What was given: family, member, hours before the year begins, value.
Given = tuple[str, str, int, float]


def open_end(problem: Problem, finals: Collection[str]) -> Problem:
    """The problem of a year without its rows about the level at the end of it.

    Args:
        problem: of one stage, chained.
        finals: families of these rows.
    """
    row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
    for family in finals:
        at = problem.rows.of(family)
        row_lower[at], row_upper[at] = -np.inf, np.inf
    return replace(problem, row_lower=row_lower, row_upper=row_upper)


def given_start(problem: Problem, spans: Chronology, before: Before) -> tuple[Problem, list[Given]]:
    """The problem of a chained year with its first state given.

    Args:
        problem: of one stage, chained.
        spans: its windows.
        before: the state before the first hour.

    Returns:
        The same rows and columns, the rows without what they say of later windows; and what was given.
    """
    columns = problem.columns
    window, own = (
        np.array([_window(spans, name) for name in index.blocks])[index.block] for index in (columns, problem.rows)
    )
    rows = np.flatnonzero(own >= 0)
    part = problem.matrix[rows].tocoo()
    late = window[part.col] > own[rows[part.row]]
    lengths = [len(span) for span in spans.spans]
    after = np.cumsum(lengths[::-1])[::-1] - lengths
    given, told = np.zeros(len(columns)), []
    for place in np.unique(part.col[late & (part.data != 0.0)]):
        span = spans.spans[window[place]]
        family = columns.families[columns.family[place]]
        ahead = int(after[span.index]) + len(span) - int(columns.number[place])
        member = columns.members[columns.member[place]]
        given[place] = float(np.clip(before(family, member, ahead), problem.lower[place], problem.upper[place]))
        told.append((family, member, ahead, float(given[place])))
    moved = np.zeros(len(problem.rows))
    moved[rows] = sp.csr_matrix((part.data[late], (part.row[late], part.col[late])), part.shape) @ given
    kept = sp.csr_matrix((part.data[~late], (rows[part.row[~late]], part.col[~late])), problem.matrix.shape)
    others = sp.diags_array((own < 0).astype(float)) @ problem.matrix
    made = replace(
        problem,
        matrix=sp.csr_matrix(others + kept),
        row_lower=problem.row_lower - moved,
        row_upper=problem.row_upper - moved,
    )
    return made, told


def _window(spans: Chronology, block: str) -> int:
    """Position of a window by the name of its block; -1 for the plan."""
    return next((span.index for span in spans.spans if window_name(span.index) == block), -1)
