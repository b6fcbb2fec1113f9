"""What an operator asks of the steps in which a line's power moves, as data.

The rules are about a power curve whatever made it: a proposal, the optimum of a study, or what was sent. The words:

    move       power differs from that of the step before
    change     one move; or several moves in one direction in steps that follow each other, if the ramp needs that
               many: ceil(height of the change / (ramp * length of a step)). More moves are changes of their own
    level      power that is held between two changes; what a ramp passes is no level
    reversal   a change up that follows a change down, or the other way round

A rule whose cell is blank asks nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError, listed, nearest
from qhenergy.ground.table import Table, integer, number, reference, text

#: Stands between the levels, and between the seasons, of a cell.
JOINED = "|"

RULES = Table(
    "send_out_rules",
    "what the operator asks of the steps of a line's power; a blank cell asks nothing",
    (
        reference("line", "send_out", "line"),
        number("minimum_power", "share", "least power while the line runs, of rated", default=0, high=1),
        text("allowed_levels", "shares of rated power that may be held, as `0.25 | 0.5 | 1`; any if blank", default=""),
        integer("levels", "different levels a day, at most", default=None, low=1, high=96),
        number("dwell", "time", "least time a level is held", default=0, high=8760),
        integer("changes", "changes a day, at most", default=None, low=0, high=96),
        number("reversal", "time", "least time between a change and one in the other direction", default=0, high=8760),
        number("ramp", "share per hour", "most that power moves in an hour, of rated", default=None, low=0.001),
        number("largest_step", "share", "most that one change moves, of rated", default=None, low=0.001, high=1),
        text("same_days", "whether all days of a season have the same curve", default="no", choices=("yes", "no")),
        text("holidays_differ", "whether holidays may have a curve of their own", default="no", choices=("yes", "no")),
        text("seasons", "months of the seasons, such as `3-5 | 6-9 | 10-11 | 12-2`; one season if blank", default=""),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class StepRules:
    """The rules of one line, in MW and hours.

    Attributes:
        line: key of the line.
        minimum_power: least power while the line runs [MW].
        allowed_levels: powers that may be held [MW]; any if empty.
        levels: different levels a day, at most; None asks nothing.
        dwell: least time a level is held [h].
        changes: changes a day, at most; None asks nothing.
        reversal: least time between a change and one in the other direction [h].
        ramp: most that power moves in an hour [MW/h]; infinite asks nothing.
        largest_step: most that one change moves [MW]; infinite asks nothing.
        same_days: whether all days of a season have the same curve.
        holidays_differ: whether holidays may have a curve of their own.
        seasons: number of the season of each month, from 0, shape (12,).
    """

    line: str
    minimum_power: float = 0.0
    allowed_levels: tuple[float, ...] = ()
    levels: int | None = None
    dwell: float = 0.0
    changes: int | None = None
    reversal: float = 0.0
    ramp: float = math.inf
    largest_step: float = math.inf
    same_days: bool = False
    holidays_differ: bool = False
    seasons: tuple[int, ...] = (0,) * 12


def rules_of(inputs: Inputs, line: str) -> StepRules:
    """The rules of a line; one without a row has its least output for a minimum, and no other rule.

    Raises:
        InputError: there is no such line, or a cell with several levels or seasons cannot be read.
    """
    lines = inputs["send_out"]
    if line not in lines.index:
        remedy = nearest(line, map(str, lines.index)) or "Name a line that there is."
        fault = Fault("line", f'"{line}"', f"a line of send_out.csv: {listed(map(str, lines.index)) or 'none'}", remedy)
        raise InputError([fault], str(inputs.folder))
    rated = float(lines.at[line, "capacity"])
    rows = inputs["send_out_rules"]
    if line not in rows.index:
        return StepRules(line, minimum_power=rated * float(lines.at[line, "minimum_output"]))
    row, faults = rows.loc[line], []
    where = f"send_out_rules.csv ({line})"
    levels: list[float] = []
    for word in _words(str(row["allowed_levels"])):
        try:
            levels.append(float(word))
        except ValueError:
            levels.append(math.nan)
        if not 0.0 <= levels[-1] <= 1.0:
            remedy = "Write shares of rated power: 0.5 for half."
            faults.append(Fault(f'{where}, "allowed_levels"', f'"{word}"', "a share from 0 to 1", remedy))
    seasons = seasons_of_months(str(row["seasons"]), f'{where}, "seasons"', faults)
    if faults:
        raise InputError(faults, str(inputs.folder))
    return StepRules(
        line,
        minimum_power=rated * float(row["minimum_power"]),
        allowed_levels=tuple(sorted(rated * level for level in levels)),
        levels=None if np.isnan(row["levels"]) else int(row["levels"]),
        dwell=float(row["dwell"]),
        changes=None if np.isnan(row["changes"]) else int(row["changes"]),
        reversal=float(row["reversal"]),
        ramp=math.inf if np.isnan(row["ramp"]) else rated * float(row["ramp"]),
        largest_step=math.inf if np.isnan(row["largest_step"]) else rated * float(row["largest_step"]),
        same_days=row["same_days"] == "yes",
        holidays_differ=row["holidays_differ"] == "yes",
        seasons=seasons,
    )


def _words(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(JOINED) if word.strip()]


def months_of(text: str) -> list[int] | None:
    """Months of a season: `3-5`, `12-2`, `6 7 8 9`; None if it cannot be read."""
    made: list[int] = []
    for part in re.split(r"[\s,;/、]+", text.strip()):
        match = re.fullmatch(r"(\d{1,2})(?:[-~](\d{1,2}))?", part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if not (1 <= first <= 12 and 1 <= last <= 12):
            return None
        made += [(first - 1 + i) % 12 + 1 for i in range((last - first) % 12 + 1)]
    return made


def seasons_of_months(cell: str, where: str, faults: list[Fault]) -> tuple[int, ...]:
    """Number of the season of each month; faults are appended where a month has none or two."""
    if not _words(cell):
        return (0,) * 12
    made: dict[int, int] = {}
    for i, word in enumerate(_words(cell)):
        months = months_of(word)
        if months is None:
            faults.append(Fault(where, f'"{word}"', "months, such as 3-5 or 12-2", "Correct the months."))
            continue
        for month in months:
            if month in made:
                faults.append(Fault(where, f"month {month} twice", "each month once", "Take it out of one season."))
            made[month] = i
    missing = sorted(set(range(1, 13)) - set(made))
    if missing and not faults:
        faults.append(Fault(where, f"no month {listed(map(str, missing))}", "all 12 months", "Add it to a season."))
    return tuple(made.get(month, 0) for month in range(1, 13))
