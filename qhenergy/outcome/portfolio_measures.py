"""What portfolios of storage do, each beside the baseline: savings by cause, what assets earn, how stores are used.

Everything is worked out from two stored results and kept as tidy frames, a row for each combination of its words;
`portfolio` is always the first of them. Storage is what the group of the study says (`storages`), what stood before
included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from qhenergy.outcome.asset_profit import profits
from qhenergy.outcome.asset_revenue import revenue
from qhenergy.outcome.fixed_parts import payments
from qhenergy.outcome.hourly import send_out
from qhenergy.outcome.result import Result
from qhenergy.outcome.saving import saving
from qhenergy.outcome.storage_effect import clauses, effect
from qhenergy.outcome.storage_use import depths, use
from qhenergy.outcome.storages import GROUP, storage_assets

#: Columns that hold numbers though their head has no unit: it is that of the row.
NUMBERS = ("before", "after", "change", "required")
FULL = "full cost [CNY/yr]"
LINE = ["line", "receiving", "capacity [MW]", "asked [MWh/yr]"]
FLOWS = ["received [MWh/yr]", "missing [MWh/yr]"]


@dataclass(frozen=True, eq=False)
class Measures:
    """Portfolios beside a baseline, as frames.

    Attributes:
        savings: portfolio, cause, item, before, after and saving [CNY/yr]; the savings of a portfolio add up to the
            difference of the objectives. See `outcome.saving`.
        assets: what every asset of storage earns and pays, its break-even investment, and what all of it would cost a
            year if it were new [CNY/yr]. See `outcome.asset_profit`.
        streams: portfolio, asset, technology, zone, kind, stream, value [CNY/yr]; the values of an asset add up to
            zero. See `outcome.asset_revenue`.
        use: how every store is used and what storing costs. See `outcome.storage_use`.
        depths: portfolio, asset, technology, zone, tenth, share [-] of the hours.
        effects: portfolio, measure, unit, before, after, change: energy of sun and wind that is recovered, CO2, what
            is missed. See `outcome.storage_effect`.
        clauses: portfolio, clause, kind, sense, unit, required, before, after, change, and status before and after;
            the change is what a portfolio contributes to a target.
        lines: portfolio, line, receiving, capacity [MW], asked, received and missing [MWh/yr], and how much more is
            received and missing than in the baseline.
    """

    savings: pd.DataFrame
    assets: pd.DataFrame
    streams: pd.DataFrame
    use: pd.DataFrame
    depths: pd.DataFrame
    effects: pd.DataFrame
    clauses: pd.DataFrame
    lines: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """The frames by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def of(self, portfolio: str) -> Measures:
        """The rows of one portfolio."""
        return Measures(**{name: table[table["portfolio"] == portfolio] for name, table in self.tables().items()})

    def as_dict(self) -> dict[str, Any]:
        """The frames as JSON has them: names of the columns, and rows."""
        return {
            name: {"columns": list(table.columns), "rows": table.astype(object).to_numpy().tolist()}
            for name, table in self.tables().items()
        }

    @classmethod
    def of_dict(cls, content: Mapping[str, Any]) -> Measures:
        """The frames that `as_dict` told of."""
        return cls(
            **{name: _typed(pd.DataFrame(part["rows"], columns=part["columns"])) for name, part in content.items()}
        )  # fmt: skip


def measured(portfolio: str, before: Result, after: Result, group: str = GROUP) -> Measures:
    """What a portfolio does beside a baseline, in the last stage.

    Args:
        portfolio: key of what `after` is the result of.
        before: the baseline; the same result for the baseline itself.
        after: of the same case.
        group: of groups.csv that is storage.

    Raises:
        KeyError: no such group.
        ValueError: results of other stages.
    """
    storage = storage_assets(after, group)
    earned, flows, found = profits(after), revenue(after), clauses(before, after)
    earned = earned[earned["asset"].isin(storage)]
    earned.insert(earned.columns.get_loc("profit [CNY/yr]"), FULL, [_full_cost(after, row) for row in _records(earned)])
    found = _typed(found.rename(columns={"status before": "status_before", "status after": "status_after"}))
    found[["status_before", "status_after"]] = found[["status_before", "status_after"]].fillna("")
    found.insert(found.columns.get_loc("after") + 1, "change", found["after"] - found["before"])
    stage = after.case.stages[-1]

    def told(table: pd.DataFrame) -> pd.DataFrame:
        own = table[table["stage"] == stage].drop(columns="stage") if "stage" in table.columns else table
        own = own.reset_index(drop=True)
        own.insert(0, "portfolio", portfolio)
        return own

    return Measures(
        told(saving(before, after, group)),
        told(earned),
        told(flows[flows["asset"].isin(storage)].drop(columns="table")),
        told(use(after, group)),
        told(depths(after, group)),
        told(effect(before, after)),
        told(found),
        told(_lines(before, after)),
    )


def joined(parts: Sequence[Measures]) -> Measures:
    """Several portfolios one below the other."""
    by_name: dict[str, list[pd.DataFrame]] = {}
    for part in parts:
        for name, table in part.tables().items():
            by_name.setdefault(name, []).append(table)
    return Measures(
        # Types of a frame without rows are none, and would spoil those of the others.
        **{name: pd.concat([t for t in own if len(t)] or own[:1], ignore_index=True) for name, own in by_name.items()}
    )


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.to_dict("records")  # type: ignore[return-value]


def _full_cost(result: Result, row: Mapping[str, Any]) -> float:
    """What all of an asset would cost a year if it were new, with its fixed O&M and running costs [CNY/yr]."""
    asset, stage, power = result.assets[row["asset"]], row["stage"], row["capacity [MW]"]
    per_power, per_energy = payments(result, asset, stage)
    energy = asset.energy_hours * power if asset.energy_hours else row["energy [MWh]"]
    per_power += result.inputs.cost(asset.technology, stage, "fixed_om") * asset.cost_factor
    return per_power * power + per_energy * float(np.nan_to_num(energy)) + row["running [CNY/yr]"]


def _lines(before: Result, after: Result) -> pd.DataFrame:
    """What direct-current lines deliver in both."""
    made, names = send_out(after), ["received more [MWh/yr]", "missing more [MWh/yr]"]
    if made.empty:
        return pd.DataFrame(columns=[*LINE, *FLOWS, *names])
    keys = ["stage", "line"]
    first = send_out(before).set_index(keys)[FLOWS] if before is not after else made.set_index(keys)[FLOWS]
    made = made.set_index(keys)
    made[names] = (made[FLOWS] - first.reindex(made.index)).to_numpy()
    return made.reset_index()[["stage", *LINE, *FLOWS, *names]]


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """The table with floats where it holds numbers, also where a row has none."""
    numbers = [c for c in table.columns if "[" in c or c in NUMBERS]
    return table.astype(dict.fromkeys(numbers, float))
