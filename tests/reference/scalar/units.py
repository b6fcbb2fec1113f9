"""Plants that run whole or not at all."""

from __future__ import annotations

import pyomo.environ as pyo

from scalar.system import System


def write_one_unit(system: System, name: str, column: pyo.Var, members: list[str]) -> None:
    """Let all of a plant whose capacity is known be one unit: it runs from its least output up, or not."""
    size, asset = system.stands, system.asset
    running = system.hourly(f"{name}_running", members, within=pyo.Integers, bounds=(0, 1))
    system.rows(f"{name}_maximum", members, lambda m, a, h: column[a, h] <= size[a] * running[a, h])
    system.rows(
        f"{name}_minimum",
        members,
        lambda m, a, h: column[a, h] >= asset[a]["minimum_output"] * size[a] * running[a, h],
    )
