"""Fuels of limited supply: deliveries, and the stores that carry fuel from one season to another (R08).

    fuel_supply/day            h*sum(delivered[f,t], t in day) <= share[f,month]*daily[f]*hours/24             [MWh]
    fuel_supply/yearly         sum(weight[w]*delivered[f,t]) <= yearly[f,y]                                    [MWh]
    fuel_supply/balance        delivered[f,t] + sum(withdrawn[s,t] - injected[s,t], s of f)
                               + sum(flow[f,x,t], x fed into f) = 0                                            [MWh]
    fuel_supply/store_balance
        level[s,t] = keep[s]^h*level[s,t-1] + h*(efficiency[s]*injected[s,t] - withdrawn[s,t])                 [MWh]

and bounds: delivered <= share*hourly, injected <= injection, withdrawn <= withdrawal, level <= volume. `hours` is how
many hours of the day are modelled, `h` the length of a step [h]. The share of a month, one where none is given, is
for the months in which others come first, as heating does in winter. Yearly supply is told by the dual of its row.

Fuel is counted in MWh of lower heating value; its tables take GJ and TJ as well. A fuel without a row is unlimited.
A fuel is one pool for the whole system: what is delivered apart from it is a fuel of its own. Whatever burns a fuel
or makes it calls `window.feed("fuel", fuel, hour -> MWh)`, as thermal plants do.

Deliveries cost nothing here, since whoever burns the fuel pays its price. What a store loses nobody burns:
injecting pays the price of the fuel, `fuel/<fuel>`, and withdrawing pays it back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qhenergy.algebra.block import SKIP
from qhenergy.algebra.level import Levels, chain_levels, write_levels
from qhenergy.algebra.plan import Plan
from qhenergy.algebra.window import Window
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError
from qhenergy.ground.table import Table, integer, number, reference, text
from qhenergy.ground.units import GJ_PER_MWH

SUPPLIES = Table(
    "fuel_supplies",
    "how much of a fuel can be had in a year, by lower heating value; a blank is no limit",
    (
        reference("fuel", "fuels", "fuel"),
        integer("year", "year; between years on a straight line", low=1950, high=2100),
        number("yearly", "energy", "most in a year", default=None, high=1e10),
        number("daily", "energy", "most in a day", default=None, high=1e8),
        number("hourly", "power", "most in an hour", default=None, high=1e7),
    ),
    keys=2,
)

MONTHS = Table(
    "fuel_supply_months",
    "which share of the daily and the hourly limit there is in a month; all where there is no row",
    (
        reference("fuel", "fuels", "fuel"),
        integer("month", "month", low=1, high=12),
        number("share", "share", "of the limits", high=1),
    ),
    keys=2,
)

STORES = Table(
    "fuel_stores",
    "a store of a fuel of limited supply, such as an underground store or a tank of liquefied gas",
    (
        text("store", "key"),
        text("name_en", "name in English", default=""),
        text("name_zh", "name in Chinese", default=""),
        reference("fuel", "fuels", "fuel it holds"),
        integer("first_year", "first year it is in service", low=1950, high=2100),
        number("volume", "energy", "working volume", high=1e10),
        number("injection", "power", "most that is injected", high=1e7),
        number("withdrawal", "power", "most that is withdrawn", high=1e7),
        number("efficiency", "share", "fuel stored per fuel injected", default=1, low=0.1, high=1),
        number("loss", "share per hour", "stored fuel lost an hour", default=0, high=0.5),
    ),
)

TABLES = (SUPPLIES, MONTHS, STORES)


def limit(inputs: Inputs, fuel: str, stage: int, item: str) -> float | None:
    """A limit of the supply of a fuel in a stage [MWh/yr, MWh/day or MW]; None if it has none."""
    rows = inputs["fuel_supplies"][item]
    told = rows[rows.index.get_level_values(0) == fuel].dropna().droplevel(0).sort_index()
    if told.empty:
        return None
    return float(np.interp(stage, told.index.to_numpy(dtype=float), told.to_numpy(dtype=float)))


def limited_fuels(inputs: Inputs) -> list[str]:
    """Fuels with a row, in the order of the table."""
    return list(dict.fromkeys(map(str, inputs["fuel_supplies"].index.get_level_values(0))))


def standing(inputs: Inputs, stage: int) -> pd.DataFrame:
    """Stores in service in a stage."""
    rows = inputs["fuel_stores"]
    return rows[rows["first_year"] <= stage]


def register(plan: Plan) -> None:
    """Refuse stores of a fuel that is unlimited.

    Raises:
        InputError: the fuel of a store has no row in fuel_supplies.csv.
    """
    known = limited_fuels(plan.inputs)
    faults = [
        Fault(
            f"fuel_stores.csv ({store})",
            f'fuel "{fuel}", whose supply is unlimited',
            "a fuel with a row in fuel_supplies.csv",
            "Add its supply, or delete the store: it would have nothing to do.",
        )
        for store, fuel in plan.inputs["fuel_stores"]["fuel"].items()
        if fuel not in known
    ]
    if faults:
        raise InputError(faults, str(plan.inputs.folder))


def plan(plan: Plan) -> None:
    """Limit the supply of a year, and chain the levels of the stores over the real periods."""
    inputs = plan.inputs
    yearly = {(f, y): limit(inputs, f, y, "yearly") for f in limited_fuels(inputs) for y in plan.case.stages}
    plan.rows(
        "fuel_supply/yearly",
        [f for f in limited_fuels(inputs) if any(yearly[f, y] is not None for y in plan.case.stages)],
        "MWh",
        "sum(weight[w]*delivered[f,t]) <= yearly[f,y]",
        lambda f, y: plan.yearly("fuel_delivered", f, y) <= yearly[f, y],
    )
    rows = inputs["fuel_stores"]
    chain_levels(
        plan,
        "fuel_supply/level",
        [str(s) for s in standing(inputs, max(plan.case.stages)).index],
        "MWh",
        lambda s, y: float(rows.at[s, "volume"]),
        lambda s: 1.0 - rows.at[s, "loss"],
        lambda s, y: rows.at[s, "first_year"] <= y,
    )


def settle(window: Window) -> None:
    """Deliver, store and burn, once everything that burns a fuel has said so."""
    inputs, fuels = window.inputs, limited_fuels(window.inputs)
    stores = standing(inputs, window.stage)
    shares = inputs["fuel_supply_months"]["share"]

    def share(fuel: str, t: int) -> float:
        return float(shares.get((fuel, window.month[t]), 1.0))

    hourly = {f: limit(inputs, f, window.stage, "hourly") for f in fuels}
    yearly = {f: limit(inputs, f, window.stage, "yearly") for f in fuels}

    def most(fuel: str, t: int) -> float | None:
        # Nothing in a year is said hour by hour as well: an interior point has no interior in a sum of nothing.
        if yearly[fuel] == 0:
            return 0.0
        given = hourly[fuel]
        return None if given is None else share(fuel, t) * given

    delivered = window.columns("fuel_supply/delivered", fuels, "MWh", "fuel delivered to the system", upper=most)
    withdrawn = window.columns(
        "fuel_supply/withdrawn",
        stores.index,
        "MWh",
        "fuel taken from the store",
        upper=lambda s, t: float(stores.at[s, "withdrawal"]),
    )
    injected = window.columns(
        "fuel_supply/injected",
        stores.index,
        "MWh",
        "fuel put into the store",
        upper=lambda s, t: float(stores.at[s, "injection"]),
    )
    of_fuel = {f: [str(s) for s in stores.index if stores.at[s, "fuel"] == f] for f in fuels}

    def balance(f: str, t: int) -> Any:
        net = sum(withdrawn[s, t] - injected[s, t] for s in of_fuel[f])
        return delivered[f, t] + net + window.fed("fuel", f, t) == 0

    window.rows(
        "fuel_supply/balance",
        fuels,
        "MWh",
        "delivered[f,t] + sum(withdrawn[s,t] - injected[s,t], s of f) + sum(flow[f,x,t], x fed into f) = 0",
        balance,
    )
    _write_days(window, fuels, delivered, share)
    for f in fuels:
        window.meter("fuel_delivered", f, "MWh", sum(delivered[f, t] for t in window.hours))
        price = GJ_PER_MWH * inputs.fuel(f, window.stage, "price")
        for s in of_fuel[f]:
            window.cost(f"fuel/{f}", price * sum(injected[s, t] - withdrawn[s, t] for t in window.hours))
    _write_stores(window, stores, injected, withdrawn)


def _write_days(window: Window, fuels: list[str], delivered: Any, share: Any) -> None:
    """The limit of every day, in the window that holds its last hour; of a day cut short its part."""
    daily = {f: limit(window.inputs, f, window.stage, "daily") for f in fuels}
    chained, last, h = window.chronology.chained, window.hours[-1], window.step

    def day(f: str, t: int) -> Any:
        passed = window.passed_of_day(t)
        ends = passed == window.steps(24) or (t == last and (window.closes_stage or not chained))
        if not ends:
            return SKIP
        # What lies before a representative period is none of its days.
        steps = passed if chained else min(passed, t + 1)
        burnt = sum(window.at("fuel_supply/delivered", delivered, f, s) for s in range(t - steps + 1, t + 1))
        return h * burnt <= share(f, t) * daily[f] * h * steps / 24.0

    window.rows(
        "fuel_supply/day",
        [f for f in fuels if daily[f] is not None],
        "MWh",
        "h*sum(delivered[f,t], t in day) <= share[f,month]*daily[f]*hours/24",
        day,
    )


def _write_stores(window: Window, stores: pd.DataFrame, injected: Any, withdrawn: Any) -> None:
    members = [str(s) for s in stores.index]
    level: Levels = write_levels(
        window,
        "fuel_supply/level",
        members,
        "MWh",
        "stored fuel at the end of the hour",
        lambda s, t: 1.0,
        lambda s: float(stores.at[s, "volume"]),
        set(members),
    )
    keep, into, h = (1.0 - stores["loss"]).to_dict(), stores["efficiency"].to_dict(), window.step
    window.rows(
        "fuel_supply/store_balance",
        members,
        "MWh",
        "level[s,t] = keep[s]^h*level[s,t-1] + h*(efficiency[s]*injected[s,t] - withdrawn[s,t])",
        lambda s, t: (
            level.now(s, t) - keep[s] ** h * level.before(s, t) - h * into[s] * injected[s, t] + h * withdrawn[s, t]
            == 0
        ),
    )
