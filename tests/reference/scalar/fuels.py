"""Fuels that are short: by the hour, the day and the year, with stores of their own."""

from __future__ import annotations

import math

import pyomo.environ as pyo

from scalar.clock import yearly_value
from scalar.levels import carry
from scalar.system import System
from scalar.thermal import GIGAJOULES


def write(system: System) -> None:
    """Write what is delivered, and the stores."""
    m, asset, clock, inputs = system.m, system.asset, system.clock, system.inputs
    told = inputs["fuel_supplies"]
    short = list(dict.fromkeys(f for f, _ in told.index))

    def most(f: str, item: str) -> float:
        rows = told.loc[f][[item]].dropna()
        return yearly_value(rows, system.year, item) if len(rows) else math.inf

    spared = inputs["fuel_supply_months"]["share"].to_dict()

    def part(f: str, h: int) -> float:
        return spared.get((f, clock.month[h]), 1.0)

    def bound(f: str, h: int) -> tuple[float, float | None]:
        hour = most(f, "hourly")
        return 0, None if math.isinf(hour) else part(f, h) * hour

    caverns = {str(s): r for s, r in inputs["fuel_stores"].iterrows() if r["first_year"] <= system.year}
    system.hourly("fuel_supply_delivered", short, bounds=lambda _, f, h: bound(f, h))
    _write_stores(system, caverns)

    @m.Constraint(short, m.T)
    def fuel_supply_balance(m, f, h):
        users = [a for a in system.fleet["thermal"] if asset[a]["fuel"] == f]
        burnt = sum(m.thermal_output[a, h] / asset[a]["efficiency"] for a in users)
        out = sum(m.fuel_supply_withdrawn[s, h] for s, r in caverns.items() if r["fuel"] == f)
        into = sum(m.fuel_supply_injected[s, h] for s, r in caverns.items() if r["fuel"] == f)
        return m.fuel_supply_delivered[f, h] + out == burnt + into

    @m.Constraint([f for f in short if not math.isinf(most(f, "yearly"))])
    def fuel_supply_yearly(m, f):
        return system.year_sum(lambda h: m.fuel_supply_delivered[f, h]) <= most(f, "yearly")

    #: the last modelled hour of every day, and the hours of it
    days: dict[int, list[int]] = {}
    for h in clock.all:
        same = [g for g in clock.all if clock.hours[g] // 24 == clock.hours[h] // 24]
        days[same[-1]] = same

    @m.Constraint([f for f in short if not math.isinf(most(f, "daily"))], list(days))
    def fuel_supply_day(m, f, h):
        right = part(f, h) * most(f, "daily") * len(days[h]) / 24
        return sum(m.fuel_supply_delivered[f, g] for g in days[h]) <= right


def _write_stores(system: System, caverns: dict) -> None:
    m, clock = system.m, system.clock
    system.hourly("fuel_supply_injected", list(caverns), bounds=lambda _, s, h: (0, caverns[s]["injection"]))
    system.hourly("fuel_supply_withdrawn", list(caverns), bounds=lambda _, s, h: (0, caverns[s]["withdrawal"]))
    system.hourly(
        "fuel_supply_level",
        list(caverns),
        within=pyo.Reals,
        bounds=lambda _, s, h: (None, None) if clock.sequence else (0, caverns[s]["volume"]),
    )

    def keep(s: str) -> float:
        return 1 - caverns[s]["loss"]

    @m.Constraint(list(caverns), m.T)
    def fuel_supply_store_balance(m, s, h):
        before = 0.0 if clock.sequence and clock.opens(h) else m.fuel_supply_level[s, clock.back(h, 1)]
        gain = caverns[s]["efficiency"] * m.fuel_supply_injected[s, h] - m.fuel_supply_withdrawn[s, h]
        return m.fuel_supply_level[s, h] == keep(s) * before + gain

    if clock.sequence:
        carry(system, "fuel_supply_level", list(caverns), keep, lambda s, h: caverns[s]["volume"])
    for s, r in caverns.items():
        net = system.year_sum(lambda h, s=s: m.fuel_supply_injected[s, h] - m.fuel_supply_withdrawn[s, h])
        system.pay(f"fuel/{r['fuel']}", GIGAJOULES * system.value("fuels", r["fuel"], "price") * net)
