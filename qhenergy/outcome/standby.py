"""What could be raised or lowered in every hour, computed from the returned values; see `algebra.standby`."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.standby import UP, Backing, Call, Standby
from qhenergy.outcome.hourly import period_starts
from qhenergy.outcome.measures import capacity
from qhenergy.outcome.result import Result
from qhenergy.policy.clause import Clause
from qhenergy.policy.reserve import call_of, size_of

Hours = NDArray[np.float64]


def reserve_room(result: Result, clause: Clause, stage: int) -> Hours:
    """What every hour of a stage leaves of the reserve a clause asks for [MW]."""
    size = size_of(result.inputs, result.assets, clause, stage)
    lost = np.full(len(result.weights(stage)), size.constant)
    for join in result.joins[stage]:
        if size.line and join.role == "send_out" and join.asset == size.line:
            sent = result.column(join.family)[join.member].to_numpy()[result.of_stage(stage)]
            lost = lost - join.coefficient * size.share * sent
    made: Hours = standby_of(result, stage, call_of(result.inputs, clause)) - lost
    return made


def standby_of(result: Result, stage: int, call: Call) -> Hours:
    """All that answers a call, in every hour of a stage [MW]."""
    reader = _Reader(result, stage)
    return sum((reader.standby(call, part) for part in call.parts(result.standbys[stage])), reader.nothing)


def standby(result: Result, calls: dict[str, Call]) -> pd.DataFrame:
    """What answers some calls, by technology: columns stage, call, technology, mean, least [MW]."""
    rows = []
    for stage in result.case.stages:
        reader = _Reader(result, stage)
        weights = result.weights(stage)
        for name, call in calls.items():
            by_technology: dict[str, Hours] = {}
            for part in call.parts(result.standbys[stage]):
                before = by_technology.get(part.technology, reader.nothing)
                by_technology[part.technology] = before + reader.standby(call, part)
            for technology, values in by_technology.items():
                mean = float(weights @ values / weights.sum())
                rows.append((stage, name, technology, mean, float(values.min())))
    return pd.DataFrame(rows, columns=["stage", "call", "technology", "mean [MW]", "least [MW]"])


class _Reader:
    """Parts of standby in the hours of a stage; every family is brought back once."""

    def __init__(self, result: Result, stage: int) -> None:
        self._result, self._stage, self._hours = result, stage, result.of_stage(stage)
        table = capacity(result)
        table = table[table["stage"] == stage].set_index("asset")
        self._capacity = table["total [MW]"]
        self._energy = table["energy [MWh]"]
        self._columns: dict[str, pd.DataFrame] = {}
        self.nothing: Hours = np.zeros(len(result.weights(stage)))

    def standby(self, call: Call, part: Standby) -> Hours:
        """What a part gives for as long as a call asks [MW]."""
        power = self._power(part)
        if part.backing is None or not call.backed(part):
            return power
        return np.minimum(power, self._backed(part, part.backing) / call.duration)

    def _column(self, family: str, member: str) -> Hours:
        if family not in self._columns:
            self._columns[family] = self._result.column(family).iloc[self._hours]
        values: Hours = self._columns[family][member].to_numpy()
        return values

    def _power(self, part: Standby) -> Hours:
        made = self.nothing
        for family, member, value in part.terms:
            made = made + value * self._column(family, member)
        if part.share:
            factor = part.share
            if part.series:
                factor = factor * self._result.series[part.series][part.asset].to_numpy()[self._hours]
            made = made + factor * self._capacity[part.asset]
        if part.load:
            made = np.minimum(made, self._load(part))
        # Rounding of the solver may leave a hair below zero.
        return np.maximum(made, 0.0)

    def _load(self, part: Standby) -> Hours:
        """What a load takes that can be switched off."""
        taken = part.most * self._result.series[part.load][part.asset].to_numpy()[self._hours]
        return sum((value * self._column(family, member) for family, member, value in part.terms), taken)

    def _backed(self, part: Standby, backing: Backing) -> Hours:
        held = self._column(backing.family, backing.member) + self._started(part, backing)
        room = held if part.direction == UP else backing.depth * self._energy[part.asset] - held
        return np.maximum(backing.per * room, 0.0)

    def _started(self, part: Standby, backing: Backing) -> Hours:
        """Level at the start of the real periods of an hour that leaves least, less what is lost until the hour."""
        spans = self._result.spans
        if spans.chained or not backing.carried:
            return self.nothing
        starts = period_starts(self._result, backing.family, self._stage)[backing.member].to_numpy()
        least = np.min if part.direction == UP else np.max
        made = []
        for place, span in enumerate(spans.of_stage(self._stage)):
            kept = backing.keep ** np.arange(1, len(span) + 1)
            made.append(least(starts[spans.sequence == place]) * kept)
        return np.concatenate(made)
