"""How a schedule was checked: by the audit, by the independent checker, and against a year that knows what comes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from qhenergy.outcome.audit import Audit
from qhenergy.outcome.schedule_check import Breach


@dataclass(frozen=True)
class Verdict:
    """The checks of one curve.

    Attributes:
        name: of the curve.
        audit: of its result.
        breaches: rules of steps the curve does not keep, and rules of the dispatch that what ran does not.
        distance: cost above what the year decided at once costs at least, levels at its end at their worth, over the
            latter [-]; None if that was not asked.
        unheld: rows of the year that the steps could not hold, by label: by how much [unit of the row].
        steps: of the rolling dispatch.
        whole_gap: worst gap of a step with whole units [-]; 0 without.
        seconds: of all solutions.
        folder: of the result.
    """

    name: str
    audit: Audit
    breaches: tuple[Breach, ...]
    distance: float | None
    unheld: dict[str, float]
    steps: int
    whole_gap: float
    seconds: float
    folder: str

    @property
    def by_rule(self) -> dict[str, tuple[int, Breach]]:
        """How often each rule is broken, and its first breach."""
        counts = Counter(breach.rule for breach in self.breaches)
        return {rule: (n, next(b for b in self.breaches if b.rule == rule)) for rule, n in counts.items()}
