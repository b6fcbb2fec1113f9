"""The rules that a curve of a day has to keep: what a converter station takes as the same curve for every day.

A curve of a day is a power for every slot of the day (24 hours or 96 quarter-hours, Beijing time), and the day closes
on itself: what the last slot hands to the first is a change as any other. Powers are those at the sending end. The
rules of a line are those of its operator; what of them binds a day by itself is taken from there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qhenergy.data.step_rules import StepRules


@dataclass(frozen=True)
class CurveRules:
    """What a curve of a day has to keep; None, zero or no levels where nothing is asked.

    Attributes:
        rating: rated power, which no power is above [MW].
        minimum: least power; the line stays in service all day, unless zero is an allowed level [MW].
        levels_a_day: most different powers of one day.
        dwell: a power is held at least so long before it changes again [h].
        changes_a_day: most changes of power in one day, that from its last slot to its first included.
        no_reversal: between a rise and a fall, or a fall and a rise, lies at least so long [h].
        ramp: most change of power in an hour; a change is over within a slot [MW/h].
        largest_step: most change of power at once [MW].
        levels: the powers that are allowed [MW]; any between the minimum and the rating if there are none.
    """

    rating: float
    minimum: float = 0.0
    levels_a_day: int | None = None
    dwell: float = 0.0
    changes_a_day: int | None = None
    no_reversal: float = 0.0
    ramp: float | None = None
    largest_step: float | None = None
    levels: tuple[float, ...] = ()


def curve_rules(of_line: StepRules, rating: float) -> CurveRules:
    """The rules of a line's curve of a day.

    Args:
        of_line: as the operator says them; what lasts longer than a day lasts all day.
        rating: of the line [MW].
    """
    return CurveRules(
        rating,
        minimum=of_line.minimum_power,
        levels_a_day=of_line.levels,
        dwell=min(of_line.dwell, 24.0),
        changes_a_day=of_line.changes,
        no_reversal=min(of_line.reversal, 24.0),
        ramp=of_line.ramp if math.isfinite(of_line.ramp) else None,
        largest_step=of_line.largest_step if math.isfinite(of_line.largest_step) else None,
        levels=of_line.allowed_levels,
    )
