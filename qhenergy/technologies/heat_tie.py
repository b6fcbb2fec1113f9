"""The heat tie of plants that heat a city: in months of the heating season they run at a least share (R09).

    heat_tie/least   output[a,t] >= share[a,month]*capacity[a]                        [MW]

Steam drawn for heat comes with electricity. A plant without a row in a month is not tied in it. A retrofit that
decouples heat, by a heat store or an electric boiler, is an asset that replaces the plant (`thermal`), with
lower shares of its own or none.

A season in which the plant stands still cannot overlap with months it is tied in: where such a clause is hard
it refuses them (`policy.wet_season_coal_off`).
"""

from __future__ import annotations

from typing import Any

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference

TIES = Table(
    "heat_ties",
    "the least output of a plant that gives heat in a month; not tied where it has no row",
    (
        reference("asset", "thermal", "plant"),
        integer("month", "month of the heating season", low=1, high=12),
        number("share", "share", "least output over capacity", high=1),
    ),
    keys=2,
)

TABLES = (TIES,)


def register(plan: Plan) -> None:
    """Refuse ties that no plant could keep.

    Raises:
        InputError: a share above the availability of its plant.
    """
    available = plan.inputs["thermal"]["availability"]
    faults = [
        Fault(
            f"heat_ties.csv ({asset}, {month:g})",
            f"a share of {share:g}",
            f"at most the availability of the plant, {available[asset]:g}",
            "Lower the share, or correct availability in thermal.csv.",
        )
        for (asset, month), share in plan.inputs["heat_ties"]["share"].items()
        if share > available[asset]
    ]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def settle(window: Window) -> None:
    """Write the least output of tied plants, once they have operated."""
    shares = window.inputs["heat_ties"]["share"]
    tied = [a for a in window.in_service("thermal") if a in shares.index.get_level_values(0)]
    output = window.model.component("thermal/output")

    def least(a: str, t: int) -> Any:
        share = float(shares.get((a, window.month[t]), 0.0))
        return output[a, t] - share * window.capacity(a) >= 0 if share else SKIP

    window.rows("heat_tie/least", tied, "MW", "output[a,t] >= share[a,month]*capacity[a]", least)
