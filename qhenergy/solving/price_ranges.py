"""The interval of a target in which its shadow price holds, and what lies beside a kink.

The least cost as a function of one right-hand side b is convex and made of straight pieces; the price is the
slope of the piece that b lies on. Duals y that are optimal at b stay optimal at b + delta exactly as long as
some x meets the moved row and is complementary to y (Jansen, de Jong, Roos and Terlaky 1997, "Sensitivity
analysis in linear programming: just be careful!", European Journal of Operational Research 101):

    columns with a reduced cost stay at their bound, rows with a price stay at their side,
    low = min delta, high = max delta, subject to the rows of the problem, row i moved by delta

The two problems start at the vertex, which is feasible for them. What a ratio test at the basis gives may be shorter
where other prices change and this one does not; here the interval is whole.

If b is a kink the interval has no length on one side or on both: raising and lowering the target have prices of
their own. They are those of targets a little further, so near that their piece reaches back to b.

Only a vertex has duals that are exact enough. The whole numbers of a problem are fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from qhenergy.model.problem import Problem
from qhenergy.policy.clause import Requirement
from qhenergy.solving.clause_rows import yearly_row
from qhenergy.solving.highs import resume
from qhenergy.solving.profile import Profile
from qhenergy.solving.solution import EVERY_HOUR, INTERIOR, KINK, NOT_FOUND, STOPPED, Basis, PriceRange

#: Codes of a basis: nonbasic at the lower bound, basic, nonbasic at the upper bound.
AT_LOWER, BASIC, AT_UPPER = 0, 1, 2
#: A reduced cost below this share of the costs and prices it is made of is none; so is a row's price below
#: this share of the largest one.
NO_REDUCED_COST, NO_PRICE = 1e-9, 1e-10
#: A side shorter than this share of the target (of one unit at least) has no length.
NO_LENGTH = 1e-6
#: How far the first look beyond a kink goes, as a share of the target, and how often it comes nearer.
STEP, LOOKS = 1e-3, 8
#: What the cost at the end of an interval may differ by from what the price says, as a share of the cost.
AGREES = 1e-7


@dataclass(frozen=True)
class _Vertex:
    """An optimal vertex of a problem without whole numbers."""

    problem: Problem
    values: NDArray[np.float64]
    duals: NDArray[np.float64]
    basis: Basis


class _NotFoundError(Exception):
    """The simplex did not end at an optimum, or its answer does not agree with the price."""


def price_ranges(
    problem: Problem,
    values: NDArray[np.float64],
    row_duals: NDArray[np.float64],
    basis: Basis | None,
    requirements: Sequence[Requirement],
    profile: Profile,
    say: Callable[[str], None] = lambda _: None,
) -> list[PriceRange]:
    """Look for the interval of the price of every enforced requirement.

    Args:
        problem: the matrix; whole numbers count as fixed at their values.
        values, row_duals: the optimal vertex.
        basis: its basis; None for an interior solution.
        requirements: what the clauses ask.
        profile: its scaling is used.
        say: is told how far it is. Ctrl-C ends the search; what was found is kept.
    """
    asked = [r for r in requirements if r.clause.strictness != "watched" and r.measured]
    if basis is None:
        return [PriceRange(r.clause.name, r.stage, INTERIOR) for r in asked]
    fixed = problem.whole
    linear = replace(
        problem,
        lower=np.where(fixed, np.round(values), problem.lower),
        upper=np.where(fixed, np.round(values), problem.upper),
        whole=np.zeros_like(fixed),
    )
    vertex = _Vertex(linear, values, row_duals, basis)
    found: list[PriceRange] = []
    try:
        for requirement in asked:
            say(f"{len(found) + 1} of {len(asked)} prices: {requirement.clause.name}")
            found.append(_range(vertex, requirement, profile))
    except KeyboardInterrupt:
        found += [PriceRange(r.clause.name, r.stage, STOPPED) for r in asked[len(found) :]]
    return found


def _range(vertex: _Vertex, asked: Requirement, profile: Profile) -> PriceRange:
    name, stage = asked.clause.name, asked.stage
    row = yearly_row(vertex.problem, asked)
    if row is None or asked.hourly:
        return PriceRange(name, stage, EVERY_HOUR)
    price = float(vertex.duals[row])
    tiny = NO_LENGTH * max(1.0, _size(vertex, row))
    try:
        low, high = (_reach(vertex, row, sign, profile) for sign in (-1, 1))
        if -low > tiny and high > tiny:
            return PriceRange(name, stage, "", low, high, price, price)
        (down, low), (up, high) = (
            _beyond(vertex, row, sign, profile, tiny) if abs(length) <= tiny else (price, length)
            for sign, length in ((-1, low), (1, high))
        )
    except _NotFoundError:
        return PriceRange(name, stage, NOT_FOUND)
    return PriceRange(name, stage, KINK, low, high, down, up)


def _size(vertex: _Vertex, row: int) -> float:
    """How large what the row is about is: its right-hand side, or its largest term."""
    part = vertex.problem.matrix[row]
    return float(np.max(np.abs(part.data * vertex.values[part.indices]), initial=0.0))


def _reach(vertex: _Vertex, row: int, sign: int, profile: Profile) -> float:
    """How far the right-hand side of a row can move one way with the duals staying optimal; signed.

    Raises:
        _NotFoundError: the search did not end, or the cost at its end is not what the price says.
    """
    problem, duals, basis = vertex.problem, vertex.duals, vertex.basis
    cost = problem.cost
    weight = 1.0 + np.abs(cost) + abs(problem.matrix).T @ np.abs(duals)
    reduced = cost - problem.matrix.T @ duals
    held = (basis.columns != BASIC) & (np.abs(reduced) > NO_REDUCED_COST * weight)
    dear = (basis.rows != BASIC) & (np.abs(duals) > NO_PRICE * np.max(np.abs(duals), initial=1.0))
    width = problem.matrix.shape[1]
    shift = sp.csr_matrix(([-1.0], ([row], [0])), shape=(len(duals), 1))
    face = replace(
        problem,
        matrix=sp.hstack([problem.matrix, shift], format="csr"),
        lower=np.append(np.where(held, vertex.values, problem.lower), 0.0 if sign > 0 else -np.inf),
        upper=np.append(np.where(held, vertex.values, problem.upper), np.inf if sign > 0 else 0.0),
        row_lower=np.where(dear & (duals < 0), problem.row_upper, problem.row_lower),
        row_upper=np.where(dear & (duals > 0), problem.row_lower, problem.row_upper),
        whole=np.zeros(width + 1, dtype=bool),
        cost_names=["reach"],
        costs=sp.csr_matrix(([-float(sign)], ([0], [width])), shape=(1, width + 1)),
        cost_offsets=np.zeros(1),
        cost_stages=np.zeros(0, dtype=np.int32),
        cost_weights=np.zeros(0),
    )
    start = Basis(np.append(basis.columns, np.int8(AT_LOWER if sign > 0 else AT_UPPER)), basis.rows)
    status, end = resume(face, profile, start, primal=True)
    if status in ("unbounded", "infeasible or unbounded"):
        # The vertex is feasible, so it cannot be infeasible.
        return sign * np.inf
    if end is None:
        raise _NotFoundError(status)
    length = float(end.values[-1])
    differs = float(cost @ (end.values[:-1] - vertex.values)) - float(duals[row]) * length
    if abs(differs) > AGREES * max(abs(float(cost @ vertex.values)), 1.0):
        raise _NotFoundError("the cost is not what the price says")
    return length


def _beyond(vertex: _Vertex, row: int, sign: int, profile: Profile, tiny: float) -> tuple[float, float]:
    """The price beyond a kink, and how far it holds; an infinite price where the row cannot be moved at all.

    Raises:
        _NotFoundError: no piece was found that begins at the kink.
    """
    step = STEP * tiny / NO_LENGTH
    movable = False
    for _ in range(LOOKS):
        if step <= tiny:
            break
        lower, upper = vertex.problem.row_lower.copy(), vertex.problem.row_upper.copy()
        lower[row] += sign * step
        upper[row] += sign * step
        moved = replace(vertex.problem, row_lower=lower, row_upper=upper)
        _, there = resume(moved, profile, vertex.basis)
        if there is None or there.basis is None:
            step /= 10.0
            continue
        movable = True
        beside = _Vertex(moved, there.values, there.row_duals, there.basis)
        begins = step - abs(_reach(beside, row, -sign, profile))
        if begins <= tiny:
            return float(there.row_duals[row]), sign * (step + abs(_reach(beside, row, sign, profile)))
        step = begins / 2.0
    if movable:
        raise _NotFoundError("no piece begins at the kink")
    return np.inf * sign, 0.0
