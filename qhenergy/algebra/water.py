"""The water of the stations of a window: an open list, as the energy of a zone is.

What a station turbines and spills leaves it and joins the station below after the travel time of the reach. A travel
time of k + f steps brings (1 - f) of a release after k steps and f of it a step later; where the window is too short
for it, the water comes from the window before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from qhenergy.algebra.joins import Flow

if TYPE_CHECKING:
    from qhenergy.algebra.window import Window

#: Roles of flows that pass the dam, which limits of releases are about.
RELEASED = ("turbined", "spilled")


class Waters(list[Flow]):
    """The flows of one window in the order they were told, and what they give each station in an hour."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self._at: dict[str, list[Flow]] = {}

    def add(self, flow: Flow) -> None:
        """Let a flow take part in the water balance of its station."""
        self.append(flow)
        self._at.setdefault(flow.station, []).append(flow)

    def flowing(self, flow: Flow, hour: int) -> Any:
        """What a flow gives its station in an hour [m3/s]; a part of a step of delay mixes two steps."""
        window = self._window
        variable = window.model.component(flow.family)
        delay = flow.delay / window.step
        whole = math.floor(delay)
        part = delay - whole
        now = flow.coefficient * (1.0 - part) * window.at(flow.family, variable, flow.member, hour - whole)
        if not part:
            return now
        return now + flow.coefficient * part * window.at(flow.family, variable, flow.member, hour - whole - 1)

    def gained(self, station: str, hour: int) -> Any:
        """What all that joined the water of a station gives it in an hour [m3/s]."""
        return self._sum(self._at.get(station, []), hour)

    def released(self, station: str, hour: int) -> Any:
        """What passes the dam of a station in an hour, through turbines and beside them [m3/s]."""
        return -self._sum((flow for flow in self._at.get(station, []) if flow.role in RELEASED), hour)

    def let_down(self, station: str, hour: int) -> Any:
        """What a station releases in an hour less what is lifted back over its dam [m3/s].

        Water that goes round between two reservoirs passes the dam and yet reaches nobody below.
        """
        lifted = (flow for flow in self._at.get(station, []) if flow.role == "lifted")
        return self.released(station, hour) - self._sum(lifted, hour)

    def _sum(self, flows: Iterable[Flow], hour: int) -> Any:
        return pyo.quicksum(self.flowing(flow, hour) for flow in flows)
