"""The value of a portfolio shared among its lines, by planning every subset of them.

Two stores that do the same work are worth less together than one by one, and two that complete each other more. What
each is due is its Shapley share (`outcome.shapley`): the mean of what it adds over all orders in which the lines may be
built, so that shares add up to what the portfolio saves exactly, whatever the order. All else is planned anew with
every subset. It takes 2^n plans for n lines, of which portfolios share many.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qhenergy.ground.faults import NoSolutionError
from qhenergy.outcome.portfolios import PortfolioOutcome
from qhenergy.outcome.shapley import subsets
from qhenergy.outcome.value_stack import ValueStack, stacked
from qhenergy.studies.portfolio_table import Portfolio, StorageLine
from qhenergy.studies.runs import Job

if TYPE_CHECKING:
    from qhenergy.studies.portfolios import Study

#: Least and most lines of a portfolio that is shared out: one has it all, five need 32 plans.
LINES = (2, 4)
Lines = frozenset[StorageLine]


class Stacks:
    """The value stacks of a study, each plan kept as soon as it is there."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def of_portfolios(self, outcomes: Sequence[PortfolioOutcome]) -> tuple[ValueStack, ...]:
        """The stack of every portfolio that has a plan and 2 to 4 lines of given capacity.

        Raises:
            SolverError: a subset was not proven either way.
        """
        portfolios = self._study.portfolios
        known = {_lines(portfolios[o.name]): o.objective for o in outcomes if o.solved}
        wanted = [portfolios[o.name] for o in outcomes if o.solved and _shared(portfolios[o.name])]
        self._solve({part: None for p in wanted for part in _parts(p) if part not in known})
        made = []
        for p in wanted:
            costs = {
                frozenset(line.name for line in part): known[part] if part in known else self._cost(part)
                for part in _parts(p)
            }
            made.append(stacked(p.name, costs, {line.name: line.most for line in p.lines}))
        return tuple(made)

    def _solve(self, parts: dict[Lines, None]) -> None:
        """Plan subsets that are not known yet; an ordered set, so that they are begun in the order of the table."""
        study, kept = self._study, self._study.kept
        jobs = [
            Job(_key(part), lambda part=part: study.variants.with_lines(_ordered(part), study.footing.room))
            for part in parts
            if _key(part) not in kept
        ]
        for job, answer in study.solve_all(jobs):
            if isinstance(answer, NoSolutionError):
                kept[job.name] = {"cost": None, "reason": str(answer).splitlines()[0]}
            else:
                problem = study.variants.assembled.problem
                cost = float(problem.cost @ answer.values[: len(problem.cost)]) + problem.offset
                kept[job.name] = {"cost": cost, "reason": ""}

    def _cost(self, part: Lines) -> float:
        """Cost of a year with a subset [CNY/yr]; not a number where it has no plan."""
        cost = self._study.kept[_key(part)]["cost"]
        return math.nan if cost is None else float(cost)


def _shared(portfolio: Portfolio) -> bool:
    """Whether a portfolio is shared out."""
    few, many = LINES
    return few <= len(portfolio.lines) <= many and all(line.least == line.most > 0 for line in portfolio.lines)


def _lines(portfolio: Portfolio) -> Lines:
    """What a portfolio is made of; the lines that say that nothing is new say nothing else."""
    return frozenset(line for line in portfolio.lines if line.most > 0)


def _parts(portfolio: Portfolio) -> Iterator[Lines]:
    """Every subset of the lines of a portfolio."""
    by_name = {line.name: line for line in portfolio.lines}
    for names in subsets(list(by_name)):
        yield frozenset(by_name[name] for name in names)


def _ordered(part: Lines) -> list[StorageLine]:
    return sorted(part, key=lambda line: line.name)


def _key(part: Lines) -> str:
    """Name under which the plan of a subset is kept: all that its lines say."""
    words = []
    for line in _ordered(part):
        word = f"{line.name.replace('/', '@')}-{line.most:.12g}"
        word += f"-{line.energy:.12g}MWh" if line.energy is not None else ""
        word += f"-{line.duration:.12g}h" if line.duration is not None else ""
        words.append(word + ("-data" if line.within_data else ""))
    return f"stack/{'+'.join(words) or 'nothing'}"
