"""Synchronous strength: what machines that turn with the grid are worth at a node, in MVA of rating.

    strength[Z,t] = sum(rating[technology] * online[a,t], a in Z)
                    + sum(rating[technology] * capacity[a], a in Z and kept turning)   [MVA]

A technology says how much of its machines turns in an hour (`Window.turn`); how many MVA one MW of it is stands
in the table `synchronous_machines`, and what is not in the table counts nothing. Where no unit is committed, as in
hydro, as much turns as the output needs at full load: the least that can be on line. Machines that can be *kept
turning* without output, as condensers, count with all their capacity.

It is a proxy: reactances, distances and the grid between zones are not in it. Whoever asks something of it says
how many MW a MVA carries.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyomo.environ as pyo

from qhenergy.algebra.assets import Assets
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs


def machines(inputs: Inputs, assets: Assets, zones: Collection[str], stage: int) -> list[str]:
    """Assets with synchronous machines that can stand in some zones in a stage."""
    known = set(inputs["synchronous_machines"].index)
    return [
        a.name
        for a in assets.by_name.values()
        if a.technology in known and a.zone in zones and assets.possible(a.name, stage)
    ]


def strength(window: Window, zones: Collection[str], hour: int, kept_turning: Collection[str]) -> Any:
    """Rating of the machines that turn in some zones in an hour.

    Args:
        window: the window, once all technologies have operated.
        zones: whose machines count.
        hour: hour of the window.
        kept_turning: technologies whose machines turn without output as well.

    Returns:
        Linear expression [MVA].
    """
    rating = window.inputs["synchronous_machines"]["rating"]
    terms = []
    for a in machines(window.inputs, window.assets, zones, window.stage):
        technology = window.assets[a].technology
        if technology in kept_turning:
            terms.append(float(rating[technology]) * window.capacity(a))
        else:
            terms += [float(rating[technology]) * online(hour) for online in window.turning.get(a, ())]
    return pyo.quicksum(terms)
