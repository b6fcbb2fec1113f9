"""What a year comes to: costs, capacity, energy, curtailment, emissions, stores.

Every function takes a result and gives a tidy frame, one row for each combination of its leading
columns; `stage` is always the first of them where stages differ. Energies are weighted to the year and
signed from the zone: positive is supply, negative is what leaves it or is used up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.ground.units import GJ_PER_MWH
from qhenergy.outcome.carriers import year
from qhenergy.outcome.result import Result

ENERGY = "energy [MWh/yr]"
#: Capacity below this counts as none: an interior-point solver never quite reaches zero [MW or MWh].
NEGLIGIBLE = 1e-3
#: Groups of costs that are penalties of the model, not money that anybody pays.
PENALTIES = ("unserved energy", "unserved hydrogen", "unserved heat", "send-out shortfall", "clauses missed")
#: What takes hydrogen out of a store other than its own turbine.
HANDED_ON = ("industry", "export", "fuel")


def costs(result: Result) -> pd.DataFrame:
    """Every named cost with its group, the word before the slash; stages with their weights.

    Returns:
        Columns name, group, cost [CNY/yr]; the sum is the objective.
    """
    table = costs_by_stage(result)
    weights = table["stage"].map(result.case.stage_weights)
    table["cost [CNY/yr]"] *= weights
    return table.groupby(["name", "group"], sort=False, as_index=False)["cost [CNY/yr]"].sum()


def costs_by_stage(result: Result) -> pd.DataFrame:
    """Every named cost of a year of each stage: columns stage, name, group, cost [CNY/yr]."""
    problem = result.problem
    values = problem.costs @ result.values + problem.cost_offsets
    names = list(problem.cost_names)
    groups = [name.split("/", 1)[0] for name in names]
    return pd.DataFrame({"stage": problem.cost_stages, "name": names, "group": groups, "cost [CNY/yr]": values})


def horizon(result: Result) -> pd.DataFrame:
    """What each stage stands for and comes to.

    Returns:
        Columns stage, years it stands for, discounted_years, weight [-] in the objective, cost [CNY/yr] of a year of
        it, penalties left out, penalties [CNY/yr], and value [CNY]: cost and penalties of all its years, discounted to
        the first year of the first stage.
    """
    case, table = result.case, costs_by_stage(result)
    rows = []
    for stage in case.stages:
        part = table[table["stage"] == stage]
        penal = part["group"].isin(PENALTIES)
        paid, missed = (float(part.loc[which, "cost [CNY/yr]"].sum()) for which in (~penal, penal))
        counted = case.discounted_years[stage]
        weight = case.stage_weights[stage]
        rows.append((stage, case.stage_years[stage], counted, weight, paid, missed, counted * (paid + missed)))
    names = ["stage", "years", "discounted_years", "weight [-]", "cost [CNY/yr]", "penalties [CNY/yr]", "value [CNY]"]
    return pd.DataFrame(rows, columns=names)


def cost_groups(result: Result) -> pd.DataFrame:
    """Costs added up by group: columns group, cost [CNY/yr]."""
    return costs(result).groupby("group", sort=False, as_index=False)["cost [CNY/yr]"].sum()


def capacity(result: Result) -> pd.DataFrame:
    """Capacity of every asset, and what it can store.

    Returns:
        Columns stage, asset, table, technology, zone, base, committed, added, retired, total [MW] and
        energy [MWh]; total = base + committed + added - retired, energy is NaN for what stores none. Retired is what
        the plan retires and what has left by its age; committed what was decided since the base year and still stands.
    """
    rows = []
    plan = {word: _of_plan(result, f"capacity/{word}") for word in ("installed", "retired", "energy")}
    for stage in result.case.stages:
        for asset in result.assets.by_name.values():
            place = (stage, asset.name)
            fixed = asset.fixed[stage]
            total = fixed if asset.decided(stage) else plan["installed"][place]
            # What left by its age is no column unless the plan could have retired it before.
            retired = plan["retired"].get(place, 0.0 if asset.retirable else asset.gone.get(stage, 0.0))
            if asset.name in result.assets.with_energy:
                energy = plan["energy"][place]
            elif asset.energy_hours:
                # Apart from what age has taken, none of which there is where the plan decides without a column.
                energy = asset.energy_hours * total - asset.aged.get(stage, 0.0)
            else:
                energy = np.nan
            rows.append(
                {
                    "stage": stage,
                    "asset": asset.name,
                    "table": asset.table,
                    "technology": asset.technology,
                    "zone": asset.zone,
                    "base [MW]": asset.existing,
                    "committed [MW]": asset.committed(stage),
                    # Rounding of the solver may leave a hair below zero.
                    "added [MW]": max(total - asset.existing - asset.committed(stage) + retired, 0.0),
                    "retired [MW]": retired,
                    "total [MW]": total,
                    "energy [MWh]": energy,
                }
            )
    return pd.DataFrame(rows)


def _of_plan(result: Result, family: str) -> dict[tuple[int, str], float]:
    """Values of a family of the plan by (stage, member); none if the plan has none."""
    if not result.has(family):
        return {}
    return {(int(n), str(m)): float(v) for (n, m), v in result.column(family).stack().items()}


def capacity_by(result: Result, by: Sequence[str] = ("technology", "zone")) -> pd.DataFrame:
    """Capacity added up by stage and some of the leading columns of `capacity`."""
    numbers = [f"{word} [MW]" for word in ("base", "committed", "added", "retired", "total")]
    groups = capacity(result).groupby(["stage", *by], sort=False)
    table = groups[numbers].sum()
    # Where nothing stores, the sum stays NaN.
    table["energy [MWh]"] = groups["energy [MWh]"].sum(min_count=1)
    return table.reset_index()


def total_capacity(result: Result, stage: int) -> dict[str, float]:
    """Capacity of every asset in a stage [MW]."""
    table = capacity(result)
    table = table[table["stage"] == stage]
    return dict(zip(table["asset"], table["total [MW]"], strict=True))


def energy(result: Result) -> pd.DataFrame:
    """What every asset gives its zone in a year, or takes from it.

    Returns:
        Columns stage, zone, role, technology, asset, energy [MWh/yr]; a corridor has one row for each
        direction and end. Demand is a role as well, so that the sum over a zone is zero.
    """
    rows = []
    for stage in result.case.stages:
        sums = YearlySums(result, stage)
        for join in result.joins[stage]:
            amount = join.coefficient * sums(join.family)[join.member]
            rows.append((stage, join.zone, join.role, join.technology, join.asset, amount))
        demand = result.series[f"demand/{stage}"].iloc[result.of_stage(stage)]
        for zone, amount in zip(demand.columns, result.weights(stage) @ demand.to_numpy(), strict=True):
            if amount:
                rows.append((stage, zone, "demand", "demand", zone, -amount))
    return pd.DataFrame(rows, columns=["stage", "zone", "role", "technology", "asset", ENERGY])


class YearlySums:
    """Sums of families over the hours of a stage, weighted to the year, each computed once."""

    def __init__(self, result: Result, stage: int) -> None:
        self._result, self._hours, self._weights = result, result.of_stage(stage), result.weights(stage)
        self._sums: dict[str, dict[str, float]] = {}

    def __call__(self, family: str) -> dict[str, float]:
        """Yearly sum of each member [unit of the family times h/yr]."""
        if family not in self._sums:
            frame = self._result.column(family)
            self._sums[family] = self.of_frame(frame.iloc[self._hours])
        return self._sums[family]

    def of_frame(self, frame: pd.DataFrame) -> dict[str, float]:
        """Yearly sum of each column of a frame with the hours of the stage."""
        sums: NDArray[np.float64] = self._weights @ np.nan_to_num(frame.to_numpy())
        return dict(zip(map(str, frame.columns), sums.tolist(), strict=True))


def energy_by_role(result: Result) -> pd.DataFrame:
    """Energy of a year by zone and role: columns stage, zone, role, energy [MWh/yr]."""
    return energy(result).groupby(["stage", "zone", "role"], sort=False, as_index=False)[ENERGY].sum()


def generation(result: Result, by: Sequence[str] = ("technology", "zone")) -> pd.DataFrame:
    """Generation of a year: columns stage, technology, zone, energy [MWh/yr], or others of `energy`."""
    table = energy(result)
    table = table[table["role"] == "generation"]
    return table.groupby(["stage", *by], sort=False, as_index=False)[ENERGY].sum()


def losses(result: Result) -> pd.DataFrame:
    """What corridors, stores and send-out lines lose in a year.

    Returns:
        Columns stage, where (`corridor`, `store` or `send_out`), technology, asset, energy [MWh/yr].
        What a send-out line loses is lost beyond the system and part of what it was sent. A store of hydrogen
        loses what its electrolysers took and neither its turbine gave nor anybody took as hydrogen. What is lost of
        the electricity that heats salt is not told apart from the losses of the sun's heat, and not here. What pumps
        of the river take is no loss: it lifts water, which stations turn into electricity again.
    """
    table = energy(result)
    inside = table[table["role"].isin(("transfer", "charging", "discharging"))].copy()
    inside["where"] = np.where(inside["role"] == "transfer", "corridor", "store")
    inside[ENERGY] = -inside[ENERGY]
    sent = table[table["role"] == "send_out"].copy()
    share = result.inputs["send_out"]["loss"]
    sent["where"] = "send_out"
    sent[ENERGY] = -sent[ENERGY] * sent["asset"].map(share).astype(float)
    # Hydrogen that leaves a store for industry, fuel or export is none of its losses.
    handed = year(result)
    handed = handed[(handed["balance"] == "hydrogen") & handed["role"].isin(HANDED_ON)].copy()
    handed["where"], handed["asset"] = "store", handed["member"]
    handed["technology"] = [result.assets[str(store)].technology for store in handed["member"]]
    handed[ENERGY] = handed["amount"]
    both = pd.concat([inside, sent, handed])
    return both.groupby(["stage", "where", "technology", "asset"], sort=False, as_index=False)[ENERGY].sum()


def potentials(result: Result) -> pd.DataFrame:
    """What sun and wind offered every asset in a year, and what was used of it.

    Returns:
        Columns stage, technology, zone, asset, offered, used [MWh/yr].
    """
    rows = []
    for stage in result.case.stages:
        sums, installed = YearlySums(result, stage), total_capacity(result, stage)
        hours = result.of_stage(stage)
        series = {
            name: sums.of_frame(result.series[name].iloc[hours])
            for name in {p.series for p in result.potentials[stage]}
        }
        for p in result.potentials[stage]:
            offered = p.scale * series[p.series][p.asset] * installed[p.asset]
            used = p.coefficient * sums(p.family)[p.asset]
            rows.append((stage, p.technology, p.zone, p.asset, offered, used))
    names = ["stage", "technology", "zone", "asset", "offered [MWh/yr]", "used [MWh/yr]"]
    return pd.DataFrame(rows, columns=names)


def curtailment(result: Result, by: Sequence[str] = ("technology",)) -> pd.DataFrame:
    """What was left of sun and wind, by technology or by other columns of `potentials`.

    Returns:
        Columns stage, those of `by`, offered, used, curtailed [MWh/yr], share [-] of what was offered.
    """
    numbers = ["offered [MWh/yr]", "used [MWh/yr]"]
    table = potentials(result).groupby(["stage", *by], sort=False, as_index=False)[numbers].sum()
    offered = table["offered [MWh/yr]"]
    table["curtailed [MWh/yr]"] = offered - table["used [MWh/yr]"]
    table["share [-]"] = (table["curtailed [MWh/yr]"] / offered).where(offered > 0, 0.0)
    return table


def full_load_hours(result: Result, by: Sequence[str] = ("technology",)) -> pd.DataFrame:
    """Generation over capacity of what generates, and the same of what sun and wind offered; NaN without capacity.

    An asset that only pumps has a technology with others that generate; it is not counted.

    Returns:
        Columns stage, those of `by`, generation [MWh/yr], capacity [MW], full_load_hours [h/yr] and
        offered [h/yr], which is NaN where no weather offers anything.
    """
    keys = ["stage", *by]
    table = generation(result, by).rename(columns={ENERGY: "generation [MWh/yr]"})
    generating = {
        (stage, j.asset) for stage in result.case.stages for j in result.joins[stage] if j.role == "generation"
    }
    plants = capacity(result)
    plants = plants[[place in generating for place in zip(plants["stage"], plants["asset"], strict=True)]]
    total = plants.groupby(keys, sort=False, as_index=False)["total [MW]"].sum()
    total = total.rename(columns={"total [MW]": "capacity [MW]"})
    table = table.merge(total, on=keys, how="left")
    offered = curtailment(result, by)[[*keys, "offered [MWh/yr]"]]
    table = table.merge(offered, on=keys, how="left")
    capacities = table["capacity [MW]"].where(table["capacity [MW]"] > NEGLIGIBLE)
    table["full_load_hours [h/yr]"] = table["generation [MWh/yr]"] / capacities
    table["offered [h/yr]"] = table.pop("offered [MWh/yr]") / capacities
    return table


def unserved(result: Result) -> pd.DataFrame:
    """Demand that was not served, that of loads beside it included.

    Returns:
        Columns stage, zone, energy [MWh/yr], largest [MW], hours [h/yr] with more than 1 kW missing.
    """
    rows = []
    for stage in result.case.stages:
        weights, hours = result.weights(stage), result.of_stage(stage)
        by_zone: dict[str, NDArray[np.float64]] = {}
        for join in result.joins[stage]:
            if join.role == "unserved":
                part = np.nan_to_num(result.column(join.family)[join.member].to_numpy()[hours])
                by_zone[join.zone] = by_zone.get(join.zone, 0.0) + part
        for zone, missing in by_zone.items():
            rows.append((stage, zone, weights @ missing, missing.max(), weights @ (missing > 1e-3)))
    return pd.DataFrame(rows, columns=["stage", "zone", ENERGY, "largest [MW]", "hours [h/yr]"])


def emissions(result: Result) -> pd.DataFrame:
    """CO2 of fuel burnt in the system, less what is captured, of what ties bring in, and of what leaves as fuel.

    Captured CO2 that a fuel plant takes is emitted where the fuel has the credit for it (`liquid_fuel`).

    Returns:
        Columns stage, zone, technology, asset, emission [t/yr].
    """
    rows = []
    for stage, zone, role, technology, asset, amount in energy(result).itertuples(index=False):
        factor = emission_factor(result, stage, role, asset)
        if factor is not None:
            rows.append((stage, zone, technology, asset, factor * amount))
    plants = result.inputs["liquid_fuel_plants"]
    taken = year(result)
    for row in taken[(taken["balance"] == "captured_co2") & (taken["role"] == "fuel")].itertuples():
        if plants.at[row.column, "credit"] == "fuel":
            zone = plants.at[row.column, "zone"]
            rows.append((row.stage, zone, row.technology, row.column, -row.amount))
    return pd.DataFrame(rows, columns=["stage", "zone", "technology", "asset", "emission [t/yr]"])


def emission_factor(result: Result, stage: int, role: str, asset: str) -> float | None:
    """CO2 let out for a MWh that an asset generates or a tie brings in [t/MWh]; None of what is neither."""
    thermal, ties = result.inputs["thermal"], result.inputs["ac_ties"]
    if role == "generation" and asset in thermal.index:
        heat = GJ_PER_MWH / float(thermal.at[asset, "efficiency"])
        kept = 1.0 - float(thermal.at[asset, "capture"])
        return heat * kept * result.inputs.fuel(thermal.at[asset, "fuel"], stage, "emission")
    if role == "import" and asset in ties.index:
        return float(ties.at[asset, "emission"])
    return None


def storage(result: Result) -> pd.DataFrame:
    """How electric stores were used; pumps of the river are none, since natural water comes with theirs.

    Returns:
        Columns stage, technology, class, zone, asset, power [MW], energy [MWh], charged, discharged [MWh/yr],
        cycles [1/yr] = discharged over energy. The class is over what time a store is meant to shift (R14):
        short, medium or long; nothing where its table does not say.
    """
    table = energy(result)
    table = table[table["role"].isin(("charging", "discharging"))]
    keys = ["stage", "technology", "zone", "asset"]
    used = table.pivot_table(index=keys, columns="role", values=ENERGY, aggfunc="sum", sort=False)
    used = used.reindex(columns=["charging", "discharging"], fill_value=0.0).reset_index()
    size = capacity(result)[[*keys, "total [MW]", "energy [MWh]"]]
    made = used.merge(size, on=keys, how="left")
    made["charged [MWh/yr]"] = -made.pop("charging")
    made["discharged [MWh/yr]"] = made.pop("discharging")
    made.insert(2, "class", [_class_of(result, str(asset)) for asset in made["asset"]])
    held = made["energy [MWh]"]
    made["cycles [1/yr]"] = made["discharged [MWh/yr]"] / held.where(held > NEGLIGIBLE)
    return made.rename(columns={"total [MW]": "power [MW]"})


def _class_of(result: Result, asset: str) -> str:
    rows = result.inputs[result.assets[asset].table]
    return str(rows.at[asset, "cycle"]) if "cycle" in rows.columns else ""
