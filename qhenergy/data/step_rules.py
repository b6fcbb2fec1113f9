"""The rules of steps of a line: what its converter station takes as a curve of a day.

A curve of a day is a power for every slot of the day (24 hours or 96 quarter-hours, Beijing time), and the day closes
on itself: what the last slot hands to the first is a change as any other. Powers are those at the sending end.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StepRules:
    """What a curve of a day has to keep; None, zero or no levels where nothing is asked.

    Attributes:
        rating: rated power, which no power is above [MW].
        minimum: least power while in service [MW].
        levels_a_day: most different powers of one day.
        dwell: a power is held at least so long before it changes again [h].
        changes_a_day: most changes of power in one day, that from its last slot to its first included.
        no_reversal: a rise does not follow a fall, nor a fall a rise, within so long [h].
        ramp: most change of power per hour while a step is made [MW/h].
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
