"""Explanation of an infeasible problem: which clauses clash, and how far one would have to give.

The requirement rows of all hard clauses are made elastic (a column that gives, at a price of one per
unit asked for) and everything else keeps its rows. The sum of what is given is minimised, costs left
out; such a problem always has a solution if the system itself has one.

* A clause is in the clash when leaving it out lets the others hold; leaving out one clause after
  another gives an irreducible set (the deletion filter of Chinneck and Dravnieks 1991,
  doi:10.1287/ijoc.3.2.157).
* How far a clause alone would have to give is the least it gives when all others are hard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.ground.faults import NoSolutionError, SolverError, listed
from qhenergy.model.problem import Problem
from qhenergy.policy.clause import Requirement
from qhenergy.solving.clause_rows import hourly_rows, yearly_row
from qhenergy.solving.highs import solve
from qhenergy.solving.profile import Attempt, Profile

#: Less than this share of what is asked counts as nothing: it is the solver's feasibility tolerance.
NOTHING = 1e-6
#: Columns above which an interior point answers sooner than simplex.
LARGE = 20_000
#: Columns that are looked at to name those without a limit.
SHOWN = 1000


@dataclass(frozen=True)
class Elastic:
    """A hard requirement as a row that may give."""

    requirement: Requirement
    row: int
    size: float
    unit: str


def explain(problem: Problem, requirements: Sequence[Requirement], profile: Profile) -> str:
    """Say in words which clauses clash and what each alone would have to give.

    Args:
        problem: the infeasible problem.
        requirements: what the clauses ask.
        profile: its scaling is used; each question is solved by simplex, a large one by HiPO first.

    Returns:
        Sentences for the user.
    """
    rows = elastic_rows(problem, requirements)
    attempts = [Attempt(name="simplex", options={"solver": "simplex"})]
    if problem.matrix.shape[1] > LARGE:
        interior = {"solver": "hipo", "run_crossover": "off", "ipm_optimality_tolerance": 1e-7}
        attempts.insert(0, Attempt(name="hipo", options=interior))
    quick = Profile(
        title="questions of an explanation",
        power_scale=profile.power_scale,
        money_scale=1.0,
        attempt=tuple(attempts),
    )
    everything = set(range(len(rows)))
    given = _given(problem, rows, everything, everything, quick)
    if given is None:
        return (
            "Not the clauses: even with every clause free to give, no operation satisfies the rows of the system. "
            "Look for releases that the inflow cannot feed, or must-run output without a way out."
        )
    if given.sum() <= NOTHING:
        return _not_infeasible(problem)
    clash = _irreducible(problem, rows, quick)
    if len(clash) == 1:
        lines = ["This clause asks for more than the system can give, whatever the other clauses say:"]
    else:
        lines = [f"These {len(clash)} clauses clash; without any one of them the others can hold:"]
    mended = False
    for i in sorted(clash):
        lines.append(f"  {_words(rows[i].requirement)}")
        alone = _given(problem, rows, {i}, everything, quick)
        if alone is not None:
            mended = True
            lines.append(f"    alone it would have to give {_amount(rows[i], float(alone[i]))}")
        else:
            lines.append("    however far it gives alone, the others cannot all hold")
    if not mended:
        lines.append("No clause alone mends it; least of all together, as a share of what each asks:")
        for i in np.flatnonzero(given > NOTHING):
            lines.append(f"  {rows[i].requirement.clause.name} gives {_amount(rows[i], float(given[i]))}")
    return "\n".join(lines)


def _not_infeasible(problem: Problem) -> str:
    """What to say when every clause can hold: costs fall without end, or the solver is at its tolerance."""
    cost = problem.cost
    falls = ((cost < 0) & np.isinf(problem.upper)) | ((cost > 0) & np.isinf(problem.lower))
    names = dict.fromkeys(problem.columns.label(int(i)).split("@")[0] for i in np.flatnonzero(falls)[:SHOWN])
    if not names:
        return "With every clause free to give nothing has to: the problem is at the edge of the solver's tolerance."
    return (
        "All clauses can hold; the cost falls without end along columns that earn money and have no limit: "
        + listed(names)
        + ". Give them a limit, or check the sign of their cost."
    )


def elastic_rows(problem: Problem, requirements: Sequence[Requirement]) -> list[Elastic]:
    """The requirement rows of the hard clauses."""
    found = []
    for asked in requirements:
        if asked.clause.strictness != "hard":
            continue
        row = yearly_row(problem, asked)
        if row is not None:
            side = max(abs(_finite(problem.row_lower[row])), abs(_finite(problem.row_upper[row])))
            # A share has a right-hand side of zero; a thousand is the order of its base in MW.
            size = 1e3 if asked.has_base else max(side, 1.0)
            unit = problem.families["row", f"{asked.clause.kind}/requirement"].unit
            found.append(Elastic(asked, row, size, unit))
    return found


def _irreducible(problem: Problem, rows: list[Elastic], profile: Profile) -> set[int]:
    """Clauses of which none can be left out without the rest being able to hold."""
    kept = set(range(len(rows)))
    everything = set(kept)
    for i in sorted(kept):
        rest = kept - {i}
        # Clauses not in `rest` are free; those in it must hold, and give only to be measured.
        given = _given(problem, rows, rest, rest, profile, free=everything - rest)
        if given is not None and given[sorted(rest)].sum() > NOTHING:
            kept = rest
    return kept


def _given(
    problem: Problem,
    rows: list[Elastic],
    giving: set[int],
    enforced: set[int],
    profile: Profile,
    free: set[int] | None = None,
) -> NDArray[np.float64] | None:
    """What each clause gives, as a share of what it asks, when the sum is least; None if impossible."""
    width = problem.matrix.shape[1]
    places = sorted(giving)
    data, at, columns = [], [], []
    for j, i in enumerate(places):
        for sign, column in ((1.0, 2 * j), (-1.0, 2 * j + 1)):
            data.append(sign * rows[i].size)
            at.append(rows[i].row)
            columns.append(column)
    extra = sp.csr_matrix((data, (at, columns)), shape=(problem.matrix.shape[0], 2 * len(places)))
    lower, upper = problem.row_lower.copy(), problem.row_upper.copy()
    for i in free or set():
        lower[rows[i].row], upper[rows[i].row] = -np.inf, np.inf
    for i in giving | (free or set()):
        # What says the same hour by hour gives way as well; the yearly row measures what is given.
        hours = hourly_rows(problem, rows[i].requirement)
        lower[hours], upper[hours] = -np.inf, np.inf
    costs = sp.csr_matrix(np.concatenate([np.zeros(width), np.ones(2 * len(places))])[None, :])
    elastic = replace(
        problem,
        matrix=sp.hstack([problem.matrix, extra], format="csr"),
        lower=np.concatenate([problem.lower, np.zeros(2 * len(places))]),
        upper=np.concatenate([problem.upper, np.full(2 * len(places), np.inf)]),
        row_lower=lower,
        row_upper=upper,
        whole=np.concatenate([problem.whole & False, np.zeros(2 * len(places), dtype=bool)]),
        cost_names=["given"],
        costs=costs,
        cost_offsets=np.zeros(1),
    )
    try:
        solution = solve(elastic, profile)
    except (NoSolutionError, SolverError):
        return None
    given = np.zeros(len(rows))
    for j, i in enumerate(places):
        given[i] = solution.values[width + 2 * j] + solution.values[width + 2 * j + 1]
    return given


def _finite(value: float) -> float:
    return float(value) if np.isfinite(value) else 0.0


def _words(asked: Requirement) -> str:
    printed = f"{asked.sense} {asked.required / asked.scale:,.6g} {asked.unit}"
    row = asked.clause.row
    place = ", ".join(str(row[c]) for c in ("document", "line") if str(row.get(c, "")))
    return f"{asked.clause.name} ({asked.clause.kind} {printed}, {asked.stage})" + (f": {place}" if place else "")


def _amount(row: Elastic, share: float) -> str:
    asked = row.requirement
    if asked.has_base:
        return f"{share * row.size:,.4g} {row.unit} of what its share is measured in"
    return f"{share * row.size / asked.scale:,.4g} {asked.unit}"
