"""A problem in which every hard clause may be missed, at a price far above what plants or energy cost.

So an answer always exists where only clauses stand in its way, and what is missed is told instead of none.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qhenergy.model.assemble import Assembled
from qhenergy.model.extend import NewColumn, with_columns
from qhenergy.model.problem import Problem
from qhenergy.solving.levers import levers

#: Price of a unit of a clause missed, by its inside unit [CNY]: ten times an annuity, twice the value of lost load.
#: Much higher ones keep an interior point from ending.
PRICES = {"MW": 1e7, "MWh": 2e4, "t": 2e4, "hm3": 1e8}
OTHER_PRICE = 1e7
MISSED = "portfolio/missed"


def may_be_missed(assembled: Assembled, problem: Problem | None = None) -> Problem:
    """The problem in which every hard clause may be missed at a price.

    Args:
        assembled: the case.
        problem: a variant of its problem, with the same rows at the same places; its own if None.
    """
    problem = assembled.problem if problem is None else problem
    columns = []
    row_lower, row_upper = problem.row_lower.copy(), problem.row_upper.copy()
    for lever in levers(assembled, data=False):
        asked = lever.requirement
        assert asked is not None
        family = f"{lever.table}/{'hourly' if asked.by_hour else 'requirement'}"
        price = PRICES.get(problem.families["row", family].unit, OTHER_PRICE)
        # The row of the year measures what is missed; what says it hour by hour would forbid it.
        row_lower[lever.hours], row_upper[lever.hours] = -np.inf, np.inf
        for word, give in zip(("", "/over"), lever.gives, strict=False):
            columns.append(
                NewColumn(
                    f"{lever.name}{word}", asked.stage, give.rows, give.row_signs, price,
                    f"clauses missed/{lever.name}",
                )
            )  # fmt: skip
    problem = replace(problem, row_lower=row_lower, row_upper=row_upper)
    meaning = "what is missing of a clause, at a price; of one about every hour, in its worst"
    return with_columns(problem, MISSED, "inside unit of the clause", meaning, columns) if columns else problem
