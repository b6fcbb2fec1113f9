"""Wind and sun that always blow and shine, for 100 MW of demand all year, and a study of what is near the least cost.

A MW of wind costs 50,000 and one of sun 60,000 CNY/yr, so that 100 MW of wind are the least cost, 5 x 10^6 CNY/yr.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_system import Small

from qhenergy.model.size import expected
from qhenergy.outcome.near_optimal import NearOptimal
from qhenergy.solving.near_optimal import LEAST, MOST
from qhenergy.solving.profile import read_profile
from qhenergy.studies.alternatives import Asked, Study
from qhenergy.studies.expansion import Ready

WIND, SUN = 50_000, 60_000


def sources(folder: Path, **sun: Any) -> Small:
    """The system; what is said goes into the row of the sun."""
    small = Small(folder, 1).zone("z", 100.0)
    small.add("wind", room=500, series=[1]).cost("wind", investment=10 * WIND)
    small.add("solar", **{"room": 500, "series": [1], **sun}).cost("pv", investment=10 * SUN)
    return small.group("wind", "wind").group("pv", "pv").group("both", "wind", "pv")


def study(small: Small, results: Path, slacks: tuple[float, ...], **asked: Any) -> Study:
    """A study of a small system, one problem at a time and without unlike plans if nothing else is said."""
    system = small.system()
    ready = Ready(results / "small.toml", system, read_profile("simplex"), expected(system))
    return Study(ready, Asked(slacks, **{"plans": 0, "workers": 1, **asked}), results)


def ends(found: NearOptimal, name: str, slack: float) -> tuple[float, float]:
    """Least and most of a subject [MW], both of which must be proven."""
    (subject,) = (s for s in found.subjects if s.name == name)
    both = [found.end(subject, which, slack) for which in (LEAST, MOST)]
    assert all(end.proven for end in both), both
    return both[0].value, both[1].value
