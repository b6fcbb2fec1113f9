"""What the energy of a line is made of, hour by hour: proportional mixing, with stores that keep what they were given.

The rule. All that comes into a zone in an hour, generation, imports, what corridors bring and what stores give, is
mixed, and all that leaves it has the same make-up: demand, lines, charging, and what corridors take away. So for the
share x[z,k,t] of origin k (a technology) in zone z

    x[z,k,t] * supply[z,t] = generation[z,k,t] + sum(arriving[c,t] * x[from(c),k,t], c into z)
                             + sum(drawn[s,t] * y[s,k,t], s in z)                                        [MW]

A store is one vessel: what it holds after an hour, before it is drawn from, is mixed likewise,

    y[s,k,t] * held[s,t] = keep[s]*level[s,t-1] * y[s,k,t-1] + into[s]*charge[s,t] * x[z,k,t] + natural[s,k,t]   [MWh]

and what is drawn, lost or left has that make-up. The shares of an hour are one small linear system of zones and
stores. The year closes: it begins with what the stores end with, by going round it until nothing changes. What
corridors and stores lose is of the mix they carry, so that the energy of every origin is conserved.

Clean is an origin that lets out no CO2. Water that pumps of the river lift and heat of heaters without a store of their
own come back as generation of their plant, and count as that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.joins import Join, Vessel
from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.indicators import emits
from qhenergy.outcome.result import Result

Array = NDArray[np.float64]
#: Power and energy below this are what a solver leaves [MW or MWh].
CRUMB = 1e-6
#: A year that is gone round so often without closing is one whose stores forget too slowly to matter.
ROUNDS = 8
SUPPLY = ("generation", "import")


@dataclass(frozen=True)
class GreenContent:
    """Make-up of everything, hours of the stage x places x origins, shares that sum to one (or to zero: nothing there).

    Attributes:
        zones, stores, origins: keys along the axes.
        clean: whether each origin lets out no CO2.
        mix: of each zone [-].
        held: of each store after the hour's charging [-].
        lines: zone each send-out line begins in.
    """

    zones: list[str]
    stores: list[str]
    origins: list[str]
    clean: NDArray[np.bool_]
    mix: Array
    held: Array
    lines: dict[str, str]

    @cached_property
    def clean_share(self) -> Array:
        """Clean share of each zone, hours x zones [-]."""
        return np.clip(self.mix[:, :, self.clean].sum(axis=2), 0.0, 1.0)

    def of_line(self, line: str) -> Array:
        """Clean share of what a line is sent in every hour [-]."""
        return self.clean_share[:, self.zones.index(self.lines[line])]

    def origins_of(self, line: str) -> pd.DataFrame:
        """Make-up of what a line is sent, hours x origins [-]."""
        return pd.DataFrame(self.mix[:, self.zones.index(self.lines[line]), :], columns=self.origins)


def green_content(result: Result, stage: int) -> GreenContent:
    """Make-up of every zone, store and line of a stage.

    Raises:
        InputError: the hours are not a chained year or a part of one.
    """
    if not result.spans.chained:
        raise InputError(
            [Fault("case, time.kind", '"weeks"', "hours of a chained year", "Schedule the year.")], "the schedule"
        )
    return _Mixing(result, stage).solve()


class _Mixing:
    """Flows of a stage, as arrays by hour."""

    def __init__(self, result: Result, stage: int) -> None:
        self.result, self.stage, self.hours = result, stage, result.of_stage(stage)
        self.count = self.hours.stop - self.hours.start
        self.zones = [str(z) for z in result.inputs["zones"].index]
        self.vessels: list[Vessel] = list(result.vessels[stage])
        self.stores = [v.asset for v in self.vessels]
        self._frames: dict[str, pd.DataFrame] = {}
        fossil = emits(result, stage)
        joins = result.joins[stage]
        own = {(f, m): i for i, v in enumerate(self.vessels) for f, m, _ in v.discharging}
        origins: dict[str, bool] = {}
        for j in joins:
            if j.role in SUPPLY:
                # An origin with a plant that emits is not clean; capture leaves a part that is let out.
                origins[self._origin(j)] = origins.get(self._origin(j), True) and not fossil(j)
        for v in self.vessels:
            if v.natural:
                # The sun's heat in a vessel that a heater fills as well.
                origins.setdefault(result.assets[v.asset].technology, True)
        self.origins, self.clean = list(origins), np.array(list(origins.values()), dtype=bool)
        places = (self.count, len(self.zones))
        self.given = np.zeros((*places, len(self.origins)))
        self.arriving = np.zeros((*places, len(self.zones)))
        self.drawn = np.zeros((*places, len(self.stores)))
        ends: dict[tuple[str, str], list[Join]] = {}
        for j in joins:
            zone = self.zones.index(j.zone)
            power = j.coefficient * self.values(j.family, j.member)
            if (j.family, j.member) in own:
                self.drawn[:, zone, own[j.family, j.member]] += power
            elif j.role in SUPPLY:
                self.given[:, zone, self.origins.index(self._origin(j))] += np.maximum(power, 0.0)
            elif j.role == "transfer":
                ends.setdefault((j.family, j.member), []).append(j)
        for (family, member), pair in ends.items():
            power = self.values(family, member)
            start = next(self.zones.index(j.zone) for j in pair if j.coefficient < 0)
            for j in pair:
                if j.coefficient > 0:
                    self.arriving[:, self.zones.index(j.zone), start] += j.coefficient * power

    def _origin(self, join: Join) -> str:
        """A tie is an origin of its own: two may bring unlike energy."""
        return join.technology if join.role == "generation" else join.asset

    def values(self, family: str, member: str) -> Array:
        """Values of a column in the hours of the stage; zero where it has none, and for what a solver leaves."""
        if family not in self._frames:
            self._frames[family] = self.result.column(family).iloc[self.hours]
        made = np.nan_to_num(self._frames[family][member].to_numpy(dtype=float))
        return np.where(made > CRUMB, made, 0.0)

    def solve(self) -> GreenContent:
        """Go round the year until what the stores end with is what they began with."""
        zones, stores, origins = len(self.zones), len(self.stores), len(self.origins)
        into = np.zeros((self.count, stores, zones))
        natural = np.zeros((self.count, stores, origins))
        before = np.zeros((self.count, stores))
        for i, v in enumerate(self.vessels):
            for f, m, rate in v.charging:
                into[:, i, self.zones.index(v.zone)] += rate * self.values(f, m)
            technology = self.result.assets[v.asset].technology
            for f, m, rate in v.natural:
                natural[:, i, self.origins.index(technology)] += rate * self.values(f, m)
            before[:, i] = v.keep * np.roll(self.values(v.level, v.asset), 1)
        supply = self.given.sum(axis=2) + self.arriving.sum(axis=2) + self.drawn.sum(axis=2)
        held = before + into.sum(axis=2) + natural.sum(axis=2)
        size = zones + stores
        matrix = np.zeros((self.count, size, size))
        one = np.arange(size)
        # Where nothing is, a place has no make-up: one on the diagonal and nothing given.
        matrix[:, one, one] = np.where(np.hstack([supply, held]) > CRUMB, np.hstack([supply, held]), 1.0)
        matrix[:, :zones, :zones] -= self.arriving
        matrix[:, :zones, zones:] -= self.drawn
        matrix[:, zones:, :zones] -= into
        inverse = np.linalg.inv(matrix)
        direct = np.concatenate([self.given, natural], axis=1)
        found = np.zeros((self.count, size, origins))
        last = np.zeros((stores, origins))
        for _ in range(ROUNDS):
            start = last
            for t in range(self.count):
                right = direct[t].copy()
                right[zones:] += before[t][:, None] * last
                found[t] = inverse[t] @ right
                last = found[t, zones:]
            if np.abs(last - start).max(initial=0.0) < 1e-6:
                break
        lines = {j.asset: j.zone for j in self.result.joins[self.stage] if j.role == "send_out"}
        return GreenContent(
            self.zones, self.stores, self.origins, self.clean, found[:, :zones], found[:, zones:], lines
        )
