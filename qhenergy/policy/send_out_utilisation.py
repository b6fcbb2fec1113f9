"""Utilisation of a send-out line: the full-load hours it must reach in a year (R28).

    send_out_utilisation/requirement   sum(weight[w] * sent[l,t], t) >= hours[c] * capacity[l]   [MWh]

Counted at the sending end, against rated power. Whether the line reaches its full power in any hour is a figure of
the table of lines, not a clause: a peak is no sum. In a stage in which the line is not in service there is nothing
to measure.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyomo.environ as pyo

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "send_out_utilisation"
TITLE = ("utilisation of a send-out line", "外送通道利用小时")
TABLE = Table(
    "send_out_utilisations",
    "full-load hours that a line must reach",
    (
        text("clause", "key"),
        reference("send_out_line", "send_out", "line"),
        integer("year", "first year in force", low=1950, high=2100),
        number("hours", "time", "least hours of a year at rated power", high=8784),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter what each line is sent."""
    for c in clauses:
        sending = [j for j in window.joins if j.role == "send_out" and j.asset == c.row["send_out_line"]]
        sent = [-j.coefficient * window.model.component(j.family)[j.member, t] for j in sending for t in window.hours]
        window.meter(KIND, c.name, "MWh", pyo.quicksum(sent))


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force."""
    demands = []
    for c in clauses:
        rated = float(plan.inputs["send_out"].at[c.row["send_out_line"], "capacity"])
        for y in plan.case.stages:
            if c.applies(y):
                stands = c.row["send_out_line"] in plan.lines_out(y)
                required = float(c.row["hours"]) * rated
                asked = Requirement(c, y, ">=", required, "10^8 kWh", 1e5, has_base=False, measured=stands)
                demands.append(Demand(asked, plan.yearly(KIND, c.name, y)))
    return write_requirements(plan, KIND, "MWh", demands)
