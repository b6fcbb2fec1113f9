"""Is a run without fossil power one? Counted again hour by hour from the values of a stored result.

    margin[t]  = curtailed[t] + spare_turbine[t] + spare_store[t]
    balance[t] = supply - demand - what is sent, exported, stored, pumped, heated and lost

Nothing here asks the model: power is added up from the columns that join the zones, what sun and wind offer from
the series, what stores could still give from their levels. Spare turbines are those of clean plants whose
output the weather does not set, by their capacity; whether there is water or heat for them is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.joins import Join
from qhenergy.data.inputs import Inputs
from qhenergy.outcome import hourly, measures
from qhenergy.outcome.audit import ENERGY_MWH, audit
from qhenergy.outcome.indicators import CRUMB, flows, moment, real_hours
from qhenergy.outcome.result import Result

#: What supplies the system in an hour, and what takes from it, as `flows` names them.
SUPPLY = ("clean", "clean_import", "discharging", "fossil", "fossil_import", "unserved")
USES = ("demand", "send_out", "export", "charging", "pumping", "heating", "conversion", "losses")


@dataclass(frozen=True)
class Certificate:
    """What was found of a run.

    Attributes:
        hours: one row for each real hour of the run: real_hour, moment, modelled_hour, demand, send_out, export,
            stored_and_lost, clean_used, fossil, fossil_import, unserved, balance, curtailed, spare_turbine,
            spare_store, margin [MW].
        unserved: demand of the run that is not served [MWh].
        faults: a sentence for each thing that is not as a run without fossil power has it.
    """

    hours: pd.DataFrame
    unserved: float
    faults: list[str]

    @property
    def passed(self) -> bool:
        """Whether the run is one."""
        return not self.faults

    @property
    def worst(self) -> pd.Series:
        """The hour with the least margin."""
        return self.hours.loc[self.hours["margin"].idxmin()]


def counts_as_fossil(inputs: Inputs, group: str, imports: str) -> Callable[[Join], bool]:
    """Which generation and imports a run does without: as the columns of green_runs.csv say it."""
    technologies = set(inputs.members(group))
    emission = inputs["ac_ties"]["emission"]

    def fossil(join: Join) -> bool:
        if join.role == "generation":
            return join.technology in technologies
        return imports == "none" or (imports == "clean" and float(emission.get(join.asset, 0.0)) > 0)

    return fossil


def certificate(result: Result, stage: int, run: NDArray[np.bool_], group: str, imports: str) -> Certificate:
    """Count the hours of a run.

    Args:
        result: the result, as it was read back.
        stage: year.
        run: whether each real hour is in the run, shape (hours of all water years,).
        group, imports: what the run does without.
    """
    real, row = real_hours(result, stage)
    inside = run[real]
    real, row = real[inside], row[inside]
    power = flows(result, stage, counts_as_fossil(result.inputs, group, imports))
    power = power.assign(
        balance=power[list(SUPPLY)].sum(axis=1) - power[list(USES)].sum(axis=1),
        clean_used=power[["clean", "clean_import", "discharging"]].sum(axis=1),
        stored_and_lost=power[["charging", "pumping", "heating", "conversion", "losses"]].sum(axis=1),
        curtailed=_curtailed(result, stage),
        spare_turbine=_spare_turbines(result, stage, group),
    ).reset_index(drop=True)
    hours = power.iloc[row].reset_index(drop=True)
    hours["spare_store"] = _spare_stores(result, stage, real, row)
    hours["margin"] = hours[["curtailed", "spare_turbine", "spare_store"]].sum(axis=1)
    hours.insert(0, "real_hour", real)
    hours.insert(1, "moment", [moment(result, int(h) // result.case.time.steps_per_hour) for h in real])
    hours.insert(2, "modelled_hour", result.hours["hour_of_year"].to_numpy()[result.of_stage(stage)][row])
    names = [
        *("real_hour", "moment", "modelled_hour", "demand", "send_out", "export", "stored_and_lost", "clean_used"),
        *("fossil", "fossil_import", "unserved", "balance", "curtailed", "spare_turbine", "spare_store", "margin"),
    ]
    hours = hours[names]
    missed = result.case.time.step * float(hours["unserved"].sum())
    return Certificate(hours, missed, _faults(result, hours, int(run.sum())))


def _faults(result: Result, hours: pd.DataFrame, asked: int) -> list[str]:
    faults = []
    if len(hours) < asked:
        faults.append(f"{asked - len(hours)} hours of the run are not modelled.")
    crumb = CRUMB * float(max(hours["demand"].max(), 1.0)) if len(hours) else 0.0
    for name, words in (("fossil", "Fossil plants give"), ("fossil_import", "Fossil imports give")):
        over = hours[hours[name] > crumb]
        if len(over):
            worst = over.loc[over[name].idxmax()]
            faults.append(f"{words} {worst[name]:.3f} MW at {worst['moment']}, and run in {len(over)} hours.")
    off = hours["balance"].abs()
    if len(hours) and off.max() > ENERGY_MWH:
        faults.append(f"Supply and use differ by {off.max():.3f} MW at {hours.at[off.idxmax(), 'moment']}.")
    found = audit(result)
    return faults + [f"Audit: {fault}" for fault in found.faults]


def _curtailed(result: Result, stage: int) -> NDArray[np.float64]:
    """What sun and wind offered and no column took, of plants whose output it is [MW]."""
    hours, installed = result.of_stage(stage), measures.total_capacity(result, stage)
    generating = {(j.family, j.member) for j in result.joins[stage] if j.role == "generation"}
    left = np.zeros(hours.stop - hours.start)
    for p in result.potentials[stage]:
        if (p.family, p.asset) in generating:
            offered = p.scale * result.series[p.series][p.asset].to_numpy()[hours] * installed[p.asset]
            left += offered - p.coefficient * result.column(p.family)[p.asset].to_numpy()[hours]
    return np.maximum(left, 0.0)


def _spare_turbines(result: Result, stage: int, group: str) -> NDArray[np.float64]:
    """Capacity of clean plants less what they give, where no weather sets it [MW]."""
    hours, installed = result.of_stage(stage), measures.total_capacity(result, stage)
    fossil = set(result.inputs.members(group))
    by_weather = {(p.family, p.asset) for p in result.potentials[stage]}
    given: dict[str, NDArray[np.float64]] = {}
    for j in result.joins[stage]:
        if j.role == "generation" and j.technology not in fossil and (j.family, j.member) not in by_weather:
            power = j.coefficient * np.nan_to_num(result.column(j.family)[j.member].to_numpy()[hours])
            given[j.asset] = given.get(j.asset, 0.0) + power
    spare = np.zeros(hours.stop - hours.start)
    for asset, power in given.items():
        spare += np.maximum(installed.get(asset, 0.0) - power, 0.0)
    return spare


def _spare_stores(result: Result, stage: int, real: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.float64]:
    """What stores could give beyond what they do, by their power and by what they hold at the end of the hour [MW]."""
    hours, installed = result.of_stage(stage), measures.total_capacity(result, stage)
    spare = np.zeros(len(real))
    held: dict[str, pd.DataFrame] = {}
    for j in result.joins[stage]:
        if j.role != "discharging":
            continue
        power = j.coefficient * np.nan_to_num(result.column(j.family)[j.member].to_numpy()[hours])[row]
        left = np.maximum(installed.get(j.asset, 0.0) - power, 0.0)
        family = j.family.rsplit("/", 1)[0] + "/level"
        if family not in held:
            held[family] = _levels(result, stage, family)
        if j.asset in held[family]:
            stored = held[family][j.asset].reindex(real).to_numpy()
            left = np.minimum(left, np.maximum(stored * _given_back(result, j.asset), 0.0))
        spare += left
    return spare


def _levels(result: Result, stage: int, family: str) -> pd.DataFrame:
    """Levels of stores, real hours x members; none where there is no such family."""
    if not result.has(family):
        return pd.DataFrame()
    table = hourly.levels(result, family)
    table = table[table["stage"] == stage]
    return table.pivot(index="hour_of_year", columns="member", values=table.columns[-1])


def _given_back(result: Result, asset: str) -> float:
    """MWh that a MWh held gives."""
    rows = result.inputs[result.assets[asset].table]
    for column in ("discharge_efficiency", "turbine_efficiency"):
        if column in rows.columns:
            return float(rows.at[asset, column])
    return 1.0
