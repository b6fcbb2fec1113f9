"""Clean energy at home first: what lines leave of it is no smaller a share of demand than they claim (R34).

    home_share/requirement   issued[y] - claimed by lines[y] >= share[y] * demand[y]   [MWh]

`issued` and what lines claim are those of an account of certificates; what is left is the clean energy of the
province. `share` is the largest share of its energy that any line in service claims as clean, so that none is
cleaner than what stays. With no line in service that claims anything there is nothing to measure.
"""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.table import Table, integer, reference, text
from qhenergy.policy.certificates import claims_of, meter_account, refuse_unknown_lines, yearly_demand
from qhenergy.policy.clause import PROVENANCE, Clause, Demand, Requirement, write_requirements

KIND = "home_share"
TITLE = ("clean share at home as in exports", "省内绿电占比不低于外送")
TABLE = Table(
    "home_shares",
    "clean share at home that is at least that of exports",
    (
        text("clause", "key"),
        reference("certificates", "certificates", "account whose claims say what is exported as clean"),
        integer("year", "first year in force", low=1950, high=2100),
        *PROVENANCE,
    ),
)


def operate(window: Window, clauses: Sequence[Clause]) -> None:
    """Meter the account of each clause."""
    for c in clauses:
        meter_account(window, KIND, c.name, c.row["certificates"])


def write(plan: Plan, clauses: Sequence[Clause]) -> list[Requirement]:
    """Write the requirements of all stages in force.

    Raises:
        InputError: a claim names a line that there is not.
    """
    refuse_unknown_lines(plan, (c.row["certificates"] for c in clauses))
    demands = []
    for c in clauses:
        claims = claims_of(plan, c.row["certificates"], "line")
        for y in plan.case.stages:
            if not c.applies(y):
                continue
            share = max(
                (float(r["share"]) for _, r in claims.iterrows() if r["asset"] in plan.lines_out(y)), default=0.0
            )
            issued, exported = (plan.yearly(f"{KIND}_{word}", c.name, y) for word in ("issued", "lines"))
            asked = Requirement(c, y, ">=", share, "%", 0.01, has_base=True, measured=share > 0)
            demands.append(Demand(asked, issued - exported, yearly_demand(plan, y)))
    return write_requirements(plan, KIND, "MWh", demands)
