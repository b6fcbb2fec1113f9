"""Whether every asset pays what it costs a year, and at what investment it just would.

Revenues and costs are those of `asset_revenue`. What stood when the base year ended is charged no investment, as in
the model: its profit is what it is worth. The break-even investment is the price at which the margin of a year,
revenue less fixed O&M and running costs, pays for all of the capacity:

    margin = price * r / (1 - (1 + r)^-n) + end_of_life * r / ((1 + r)^n - 1)          [CNY/MW/yr]

with the lifetime n and the discount rate r of the technology (`algebra.plan`). Of a store it is the price of power and
energy together, told once over its power and once over the energy it holds; either way it is the same money, and not
shared out between the two. It is the price for a little more or less: a fleet that grows lowers its own prices.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from qhenergy.algebra.plan import annuity_factor, sinking_fund_factor
from qhenergy.outcome import measures
from qhenergy.outcome.asset_revenue import COST, ENERGY, REVENUE, STANDING, revenue
from qhenergy.outcome.fixed_parts import FIXED_OM, INVESTMENT
from qhenergy.outcome.result import Result
from qhenergy.outcome.storages import CRUMB
from qhenergy.policy import adequacy, reserve

#: Loss below this share of the costs is rounding of the solver.
PAYS = 1e-4
#: Revenues by what they are for; a clause that is neither is a target.
FOR = {ENERGY: "energy", adequacy.KIND: "capacity", reserve.KIND: "reserve"}
REVENUES = ("energy", "capacity", "reserve", "targets", "other")
KEYS = ["stage", "asset", "table", "technology", "zone"]


def purpose(result: Result, stream: str) -> str:
    """What a stream of revenue is for: one of `REVENUES`."""
    kind = stream.partition("/")[0]
    clause = "/" in stream or any(c.kind == kind for c in result.clauses)
    return FOR.get(kind, "targets" if clause else "other")


def profits(result: Result) -> pd.DataFrame:
    """Revenue, cost and break-even investment of every asset that has any capacity in a stage.

    Returns:
        Columns stage, asset, table, technology, zone, capacity [MW], energy [MWh]; revenue for energy, capacity,
        reserve, targets and other [CNY/yr]; investment, fixed O&M and running cost [CNY/yr]; profit [CNY/yr]; of which
        standing and limits [CNY/yr] are worth of what stood, and of limits and inflow: over all stages nothing is left;
        pays: whether revenues over all stages reach costs to `PAYS` of them; price and break-even [CNY/kW] and
        [CNY/kWh] of the whole investment, the second NaN of what stores nothing.
    """
    flows = revenue(result)
    stood = measures.capacity(result)[[*KEYS, "total [MW]", "energy [MWh]"]]
    table = stood.rename(columns={"total [MW]": "capacity [MW]"}).set_index(["stage", "asset"])
    names = [*(f"revenue {word}" for word in REVENUES), INVESTMENT, FIXED_OM, "running", "standing", "limits"]
    for name in names:
        table[_unit(name)] = 0.0
    for row in flows.itertuples(index=False):
        stage, asset, kind, stream, value = row.stage, row.asset, row.kind, row.stream, row[-1]
        if kind == REVENUE:
            name = f"revenue {purpose(result, stream)}"
        elif kind == COST:
            name = stream if stream in (INVESTMENT, FIXED_OM) else "running"
        else:
            name = "standing" if stream == STANDING else "limits"
        table.loc[(stage, asset), _unit(name)] += value if kind == REVENUE else -value
    earned = table[[_unit(f"revenue {word}") for word in REVENUES]].sum(axis=1)
    running = table[_unit(FIXED_OM)] + table[_unit("running")]
    table[_unit("profit")] = earned - running - table[_unit(INVESTMENT)]
    table["pays"] = _pays(result, table, running + table[_unit(INVESTMENT)])
    margin = (earned - running) / table["capacity [MW]"].where(table["capacity [MW]"] > CRUMB)
    _add_prices(result, table, margin)
    table = table[table["capacity [MW]"] > CRUMB].reset_index()
    order = [*KEYS, "capacity [MW]", "energy [MWh]", *map(_unit, names[:-2]), _unit("profit")]
    order += [_unit("standing"), _unit("limits"), "pays", *PRICES]
    return table[order]


PRICES = ["price [CNY/kW]", "break-even [CNY/kW]", "price [CNY/kWh]", "break-even [CNY/kWh]"]


def _unit(name: str) -> str:
    return f"{name} [CNY/yr]"


def _pays(result: Result, table: pd.DataFrame, cost: pd.Series) -> pd.Series:
    """Whether an asset earns its costs over all stages, each with its weight."""
    weights = table.index.get_level_values("stage").map(result.case.stage_weights).to_numpy()
    profit = (table[_unit("profit")] * weights).groupby(level="asset").transform("sum")
    spent = (cost * weights).groupby(level="asset").transform("sum")
    return profit >= -PAYS * spent.abs()


def _add_prices(result: Result, table: pd.DataFrame, margin: pd.Series) -> None:
    """Price by the data, and the one at which the margin [CNY/MW/yr] just pays."""
    cost, made = result.inputs.cost, []
    hours = table["energy [MWh]"] / table["capacity [MW]"].where(table["capacity [MW]"] > CRUMB)
    for (stage, name), per_power in margin.items():
        asset = result.assets[str(name)]
        investment, per_energy, end, rate, life = (
            cost(asset.technology, stage, item)
            for item in ("investment", "energy_investment", "end_of_life", "discount_rate", "lifetime")
        )
        duration = float(hours[stage, name])
        price = investment * asset.cost_factor + (0.0 if np.isnan(duration) else per_energy * duration)
        laid_by = sinking_fund_factor(rate, life) * end * asset.cost_factor
        even = (per_power - laid_by) / annuity_factor(rate, life)
        made.append([price / 1e3, even / 1e3, price / duration / 1e3, even / duration / 1e3])
    table[PRICES] = np.array(made).reshape(-1, len(PRICES))
