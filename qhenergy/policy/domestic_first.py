"""Domestic supply first (R34): nothing is unserved at home while a line is asked to send.

    domestic_first/room_is   room[c,t] = what the hour has less what the clause asks of it
    domestic_first/hourly    room[c,t] + missing[c,t] >= 0

    room[c,t] = - sum(unserved[z,t], z in zones)   [MW]

An hour is of concern if any send-out line in service is asked to send in it: by its curve, or by its least
output. Whether the line does send is another matter: an hour in which a shortfall of the line could have
served the zones is one in which they are to be served. The second half of the rule, that the clean share at
home be no less than that of what is sent, is shown by the indicators and asked of nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, text
from qhenergy.policy.clause import PROVENANCE, Clause, Requirement
from qhenergy.policy.hourly import hourly_requirements, write_hours

KIND = "domestic_first"
TITLE = ("domestic supply first", "优先保障省内供电")
TABLE = Table(
    "domestic_first",
    "nothing is unserved while lines are asked to send",
    (
        text("clause", "key"),
        integer("year", "first year in force", low=1950, high=2100),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Write the hours in which a line is asked to send."""

    def room(t: int) -> Any:
        if not any(power[t] > 0 for power in window.asked.values()):
            return None
        return -window.joined("unserved", t)

    write_hours(window, KIND, "MW", [(c, room) for c in clauses if c.applies(window.stage)])


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """What is asked of every hour; the plan itself has no row of it."""
    # Whether a line is asked in any modelled hour shows in the hours: the board finds none of the clause's then.
    return hourly_requirements(plan, clauses, "10^4 kW", 10.0, lambda c, y: True)
