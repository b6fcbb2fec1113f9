"""What clauses cost: the least cost with a clause less the least cost without it, as it is kept beside a result.

The costs of single clauses do not add up: where two ask for the same thing, leaving out one alone saves nothing,
and leaving out both may save much. That is why all of them together have a cost of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

#: Number of the layout of the file.
LAYOUT = 1


@dataclass(frozen=True)
class ClauseCost:
    """The cost of a clause, or of all together, over all stages.

    Attributes:
        clause: whose; empty for all together.
        cost: change of yearly cost [CNY/yr]; None if it was not found.
        tolerance: what the gaps of the two solutions leave open [CNY/yr]; a cost within it is 0.
        reason: why it was not found.
        seconds: wall time of the solution without it [s].
        solver: what found it.
    """

    clause: str
    cost: float | None = None
    tolerance: float | None = None
    reason: str = ""
    seconds: float = 0.0
    solver: str = ""


@dataclass(frozen=True)
class ClauseCosts:
    """Costs found so far.

    Attributes:
        created, objective: of the result they belong to.
        clauses: those that were looked at.
        together: all clauses left out at once; None if it was not looked at.
    """

    created: str
    objective: float
    clauses: tuple[ClauseCost, ...] = ()
    together: ClauseCost | None = None

    def of(self, clause: str) -> ClauseCost | None:
        """What is known of a clause."""
        return next((c for c in self.clauses if c.clause == clause), None)

    def knows(self, clause: str) -> bool:
        """Whether the cost of a clause was found; the empty name means all together."""
        found = self.of(clause) if clause else self.together
        return found is not None and found.cost is not None

    def having(self, cost: ClauseCost, order: Sequence[str]) -> ClauseCosts:
        """These costs and one more, in the order of the names given; one of the same clause is replaced."""
        if not cost.clause:
            return replace(self, together=cost)
        by_name = {c.clause: c for c in self.clauses} | {cost.clause: cost}
        return replace(self, clauses=tuple(by_name[name] for name in order if name in by_name))

    def belong(self, created: str, objective: float) -> bool:
        """Whether they belong to a result."""
        return self.created == created and abs(self.objective - objective) <= 1e-12 * max(abs(objective), 1.0)

    def as_dict(self) -> dict[str, Any]:
        """The costs as JSON has them."""
        return {"layout": LAYOUT, **asdict(self), "clauses": [asdict(c) for c in self.clauses]}


def from_dict(content: dict[str, Any]) -> ClauseCosts:
    """The costs that `as_dict` gave.

    Raises:
        KeyError, TypeError, ValueError: it did not.
    """
    if content["layout"] != LAYOUT:
        raise ValueError(f"layout {content['layout']}, not {LAYOUT}")
    together = content["together"]
    return ClauseCosts(
        str(content["created"]),
        float(content["objective"]),
        tuple(ClauseCost(**c) for c in content["clauses"]),
        None if together is None else ClauseCost(**together),
    )
