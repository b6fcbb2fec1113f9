"""The cost of every clause: the case once more without it, clause after clause, then without all of them.

    cost[c] = least cost with all clauses - least cost with the rows of c freed   [CNY/yr]

The rows of a clause are those of the year in all stages and those that say it hour by hour; what stands beside
them stays. The penalties a priced clause pays are part of the cost with it. A price on CO2 has no row:

    cost[c] = system cost with it - system cost without it,   system cost = cost less what c makes the system pay

so it is what is built and run otherwise, not the money that changes hands. The same holds for all clauses together.
Heads stay those of the result.

Every solution is certified as that of a run is. The gaps of the two solutions are what a cost may be wrong by; a cost
within them is 0. Leaving a clause out gives freedom, so a cost below that is a fault of a solution and refused.
A clause whose rows have no dual is not solved for: the result with its duals proves itself without the clause.

Costs are written beside the result as they are found; a search that was stopped goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from qhenergy.data.keys import checked
from qhenergy.ground.faults import Fault, InputError, NoSolutionError, SolverError
from qhenergy.model.problem import Problem
from qhenergy.outcome import store
from qhenergy.outcome.audit import RELATIVE_GAP, weaknesses
from qhenergy.outcome.clause_costs import ClauseCost, ClauseCosts
from qhenergy.outcome.result import Result
from qhenergy.policy import co2_price
from qhenergy.solving.certificate import Certificate, certify
from qhenergy.solving.clause_rows import rows_of
from qhenergy.solving.highs import check_profile, solve
from qhenergy.solving.profile import Profile, read_profile
from qhenergy.solving.solution import Progress, Solution

Say = Callable[[str, str], None]
#: Name of all clauses together.
TOGETHER = ""
#: What stands for the solver of a clause without a dual.
IDLE = "the result itself"
#: A dual residual that rounding leaves.
NO_WORSE = 1e-9


def to_price(result: Result) -> list[str]:
    """Clauses that are enforced and in force, in the order of the case."""
    measured = {r.clause.name for r in result.requirements if r.measured}
    asking = {r.clause.name for r in result.requirements}
    return [
        c.name
        for c in result.clauses
        if c.strictness != "watched"
        and any(c.applies(stage) for stage in result.case.stages)
        and (c.name in measured or c.name not in asking)
    ]


def profile_of(result: Result, name: str = "") -> Profile:
    """The solver profile of a result, or another one by name.

    Raises:
        InputError: there is none of the name, or it has an option that the solver refuses.
    """
    if name:
        profile = read_profile(name)
    elif "profile" in result.solve:
        profile = checked(Profile, result.solve["profile"], "the profile of the result")
    else:
        profile = read_profile(result.case.solver.profile).changed(result.case.solver.options)
    check_profile(profile, f"solver profile {name or result.case.solver.profile}")
    return profile


def price_stored(folder: Path, say: Say = lambda *_: None, profile: str = "") -> Result:
    """Find what is missing of the costs of a stored result, and keep every cost as it is found.

    Args:
        folder: of the result.
        say: is told how far it is: the solver's lines under the stage `solver`.
        profile: name of a solver profile; that of the result if empty.

    Returns:
        The result with its costs.

    Raises:
        InputError: the result cannot be read, it has no clause to price, or the folder cannot be written to.
        KeyboardInterrupt: the user stopped it; what was found is kept.
    """
    result = store.read(folder)
    if not to_price(result):
        expected = "a case with clauses that are hard or priced"
        raise InputError([Fault(str(folder), "no clause that is enforced", expected)], "the result")
    try:
        price(result, profile_of(result, profile), say, lambda: store.keep_costs(result, folder))
    finally:
        store.renew(result, folder)
    return result


def price(
    result: Result, profile: Profile, say: Say = lambda *_: None, keep: Callable[[], None] = lambda: None
) -> None:
    """Find what is missing of the costs of a result.

    Args:
        result: its `clause_costs` grow.
        profile: how each case is solved.
        say: is told how far it is.
        keep: is called whenever a cost was found.
    """
    if result.case.in_turn:
        found = 'foresight = "myopic": stage after stage, a clause has no price of its own'
        raise InputError([Fault("case, foresight", found, '"perfect"', "Run the case with foresight.")], "the result")
    names = to_price(result)
    costs = result.clause_costs or ClauseCosts(result.created, result.objective)
    # One clause alone is all of them together.
    searches = [(name, [name]) for name in names] + ([(TOGETHER, names)] if len(names) > 1 else [])
    with_all = certify(result.problem, result.values, result.row_duals)
    for number, (name, left_out) in enumerate(searches, 1):
        if costs.knows(name):
            continue
        place = f"{number} of {len(names)} clauses: {name}" if name else f"all {len(names)} clauses together"
        say("pricing", place)
        found = _cost(result, with_all, name, left_out, profile, say)
        said = f"{found.cost:,.0f} CNY/yr" if found.cost is not None else f"not priced: {found.reason}"
        say("priced", f"{name or 'all together'}: {said}, {found.seconds:.1f} s")
        costs = costs.having(found, names)
        result.clause_costs = costs
        keep()


def without(result: Result, clauses: list[str]) -> tuple[Problem, float]:
    """The problem with clauses left out, and what they make the system of the result pay [CNY/yr].

    Raises:
        SolverError: nothing in the problem is known to be of one of the clauses.
    """
    problem = result.problem
    lower, upper = problem.row_lower.copy(), problem.row_upper.copy()
    payments = []
    for name in clauses:
        rows = rows_of(problem, result.requirements, name)
        payment = co2_price.payment(name)
        if not len(rows) and payment not in problem.cost_names:
            raise SolverError(f"no row and no cost of the problem is known to be of {name}")
        lower[rows], upper[rows] = -np.inf, np.inf
        payments += [payment] if payment in problem.cost_names else []
    kept = np.array([name not in payments for name in problem.cost_names], dtype=float)
    yearly = (problem.costs @ result.values + problem.cost_offsets) * problem.cost_weights
    freed = replace(
        problem,
        row_lower=lower,
        row_upper=upper,
        costs=sp.csr_matrix(sp.diags(kept) @ problem.costs),
        cost_offsets=problem.cost_offsets * kept,
    )
    return freed, float(yearly @ (1.0 - kept))


def _cost(
    result: Result, with_all: Certificate, name: str, left_out: list[str], profile: Profile, say: Say
) -> ClauseCost:
    certificates: list[Certificate] = []

    def refuse(solution: Solution) -> str:
        proof = certify(freed, solution.values, solution.row_duals)
        certificates.append(proof)
        return " ".join(weaknesses(proof))

    try:
        freed, paid = without(result, left_out)
        idle = _proved_idle(result, freed, with_all)
        if idle is not None:
            return ClauseCost(name, 0.0, _gap(with_all) + _gap(idle), "", 0.0, IDLE)
        progress = Progress(lambda line: say("solver", line))
        solution = solve(freed, profile, progress, result.case.solver.time_limit, refuse)
    except (NoSolutionError, SolverError) as error:
        return ClauseCost(name, reason=_first_sentence(error))
    proof = certificates[-1]
    cost = result.objective - paid - proof.primal_objective
    gaps = float(result.solve.get("gap", 0.0)) * abs(result.objective) + solution.gap * abs(proof.primal_objective)
    tolerance = _gap(with_all) + _gap(proof) + gaps
    if cost < -tolerance:
        reason = (
            f"without it the cost came out {-cost:,.0f} CNY/yr higher, more than the gaps of {tolerance:,.0f} allow"
        )
        return ClauseCost(name, None, tolerance, reason, solution.seconds, solution.solver)
    within = 0.0 if abs(cost) <= tolerance else cost
    return ClauseCost(name, within, tolerance, "", solution.seconds, solution.solver)


def _proved_idle(result: Result, freed: Problem, with_all: Certificate) -> Certificate | None:
    """The certificate of the result as the answer without the clauses, if it is one; whole numbers cannot be proved."""
    if result.problem.whole.any():
        return None
    enforced = np.isfinite(freed.row_lower) | np.isfinite(freed.row_upper)
    proof = certify(freed, result.values, np.where(enforced, result.row_duals, 0.0))
    no_worse = proof.dual_residual <= max(with_all.dual_residual, NO_WORSE)
    return proof if no_worse and proof.relative_gap <= RELATIVE_GAP else None


def _gap(proof: Certificate) -> float:
    return abs(proof.primal_objective - proof.dual_objective)


def _first_sentence(error: Exception) -> str:
    return str(error).splitlines()[0].removesuffix(" Nothing was written.")
