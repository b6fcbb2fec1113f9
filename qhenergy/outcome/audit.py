"""The audit: does the answer prove itself, computed again from the arrays that came back.

Primal and dual residual and the gap between the two objectives come from the matrix (see
`solving.certificate`); the balances of energy, water, hydrogen and heat, and the heads of reservoirs, come from the
data and the labelled values.
A case without hydropower has no water to balance, one without hydrogen and heat none of these.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace

import numpy as np
import pandas as pd

from qhenergy.outcome.balances import energy_imbalance, period_imbalance, water_imbalance
from qhenergy.outcome.carrier_balances import carrier_imbalance, carrier_period_imbalance
from qhenergy.outcome.heads import head_errors
from qhenergy.outcome.result import Result
from qhenergy.solving.certificate import Certificate, certify
from qhenergy.solving.in_turn import certify_in_turn

#: Largest violation of a row or bound, over one plus the size of its terms.
PRIMAL_RESIDUAL = 1e-6
#: Largest reduced cost that points towards infinity, over one plus the size of its terms. Costs are in
#: CNY per MWh and more; a thousandth of that is beyond what the data know, and the gap is tested apart.
DUAL_RESIDUAL = 1e-3
#: Largest gap between primal and dual objective, over the primal one.
RELATIVE_GAP = 1e-6
#: Largest error of a zone's balance in any hour [MWh].
ENERGY_MWH = 1e-3
#: Largest error of a station's balance in any hour, or between two real periods [hm3].
WATER_HM3 = 1e-4


@dataclass(frozen=True)
class Audit:
    """What was found.

    Attributes:
        primal_residual, dual_residual, relative_gap: of the matrix [-].
        energy_imbalance_mwh: largest of any zone and hour [MWh].
        water_imbalance_hm3: largest of any station and hour, or between real periods [hm3].
        head_error, head_limit: what power by the tangent and by the curve of the head differ by, over the energy of the
            turbines where it is largest [-], and the most the case allows; both 0 at constant head.
        carrier_imbalance_mwh: largest of any balance of hydrogen or heat and hour, or between real periods [MWh];
            None where there is none.
        passed: whether all are within their limits.
        faults: a sentence for each that is not.
    """

    primal_residual: float
    dual_residual: float
    relative_gap: float
    energy_imbalance_mwh: float
    water_imbalance_hm3: float
    head_error: float = 0.0
    head_limit: float = 0.0
    carrier_imbalance_mwh: float | None = None
    passed: bool = True
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """The audit as JSON has it."""
        return asdict(self)


def certificate_of(result: Result) -> Certificate:
    """The certificate of a result: of the whole problem, or of its parts where they were solved one by one.

    A rolling dispatch is checked as a whole for what it does, and was proven step by step: dual residual and gap are
    the worst of those steps, as they were found.
    """
    if "rolling" in result.solve:
        found, steps = certify(result.problem, result.values, result.row_duals), result.solve["rolling"]["steps"]
        return replace(
            found,
            dual_residual=max(step["dual_residual"] for step in steps),
            relative_gap=max(step["relative_gap"] for step in steps),
            dual_objective=math.nan,
        )
    if result.case.in_turn:
        stages = result.case.stages
        return certify_in_turn(result.problem, result.spans, stages, result.values, result.row_duals)
    return certify(result.problem, result.values, result.row_duals)


def weaknesses(proof: Certificate) -> list[str]:
    """A sentence for each figure of a certificate that is not within its limit."""
    return [
        f"The {name} is {value:.1e}, above {limit:.0e}."
        for name, value, limit in (
            ("primal residual", proof.primal_residual, PRIMAL_RESIDUAL),
            ("dual residual", proof.dual_residual, DUAL_RESIDUAL),
            ("relative gap", proof.relative_gap, RELATIVE_GAP),
        )
        if not value <= limit
    ]


def audit(result: Result, heads: bool = True) -> Audit:
    """Check a result; what it says depends on nothing the solver claims.

    Args:
        result: the result.
        heads: whether heads are checked, too; not between the passes that look for them.
    """
    proof = certificate_of(result)
    energy, water = energy_imbalance(result), water_imbalance(result)
    between = period_imbalance(result)
    most_energy, most_water = _largest(energy), max(_largest(water), _largest(between[["imbalance [hm3]"]]))
    faults = weaknesses(proof)
    if not most_energy <= ENERGY_MWH:
        faults.append(f"Energy: {_place(result, energy)} misses {most_energy:.1e} MWh, above {ENERGY_MWH:.0e}.")
    if not _largest(water) <= WATER_HM3:
        faults.append(f"Water: {_place(result, water)} misses {_largest(water):.1e} hm3, above {WATER_HM3:.0e}.")
    if not _largest(between[["imbalance [hm3]"]]) <= WATER_HM3:
        worst = between.loc[between["imbalance [hm3]"].abs().idxmax()]
        faults.append(
            f"Water: {worst['station']} misses {abs(worst['imbalance [hm3]']):.1e} hm3 after period "
            f"{worst['period']} of {worst['stage']}, above {WATER_HM3:.0e}."
        )
    carriers, after = carrier_imbalance(result), carrier_period_imbalance(result)
    most_carrier = max(_largest(carriers), _largest(after[["imbalance [MWh]"]]))
    if len(carriers.columns) and not _largest(carriers) <= ENERGY_MWH:
        faults.append(f"{_place(result, carriers)} misses {_largest(carriers):.1e} MWh, above {ENERGY_MWH:.0e}.")
    if len(after) and not _largest(after[["imbalance [MWh]"]]) <= ENERGY_MWH:
        worst = after.loc[after["imbalance [MWh]"].abs().idxmax()]
        faults.append(
            f"{worst['balance']} misses {abs(worst['imbalance [MWh]']):.1e} MWh after period "
            f"{worst['period']} of {worst['stage']}, above {ENERGY_MWH:.0e}."
        )
    errors = head_errors(result)
    head_error = float(errors["share [-]"].max()) if len(errors) else 0.0
    limit = result.case.water.head_tolerance
    if heads and not head_error <= limit:
        worst = errors.loc[errors["share [-]"].idxmax()]["asset"]
        faults.append(f"Head: power of {worst} is off its curve by {head_error:.3%} of the energy, above {limit:.3%}.")
    return Audit(
        proof.primal_residual,
        proof.dual_residual,
        proof.relative_gap,
        most_energy,
        most_water,
        head_error,
        limit if len(errors) else 0.0,
        most_carrier if len(carriers.columns) else None,
        not faults,
        faults,
    )


def _largest(errors: pd.DataFrame) -> float:
    """Largest size of an error. NaN marks what does not stand in a stage; one in the solution fails the residuals."""
    sizes = np.abs(errors.to_numpy(dtype=float))
    return float(np.nanmax(sizes, initial=0.0))


def _place(result: Result, errors: pd.DataFrame) -> str:
    """Member and hour of the largest error, in words."""
    sizes = np.nan_to_num(np.abs(errors.to_numpy(dtype=float)))
    row, column = np.unravel_index(int(sizes.argmax()), sizes.shape)
    hour = result.hours.loc[errors.index[row]]
    at = hour["hour_of_year"] * result.case.time.step
    return f"{errors.columns[column]} in hour {at:g} of {hour['stage']:.0f}"
