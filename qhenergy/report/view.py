"""A result as reports look at it: the measures of the outcome floor, computed once, with names beside them."""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.outcome import balances, cascade, flexible, heads, hourly, measures, sector_costs, sectors
from qhenergy.outcome.backcast import backcast
from qhenergy.outcome.result import Result
from qhenergy.report.names import COST_GROUPS, Names
from qhenergy.report.words import Words, named, same

#: Below this a capacity is what rounding left [MW].
LEAST_MW = 1e-3


class View:
    """What tables and charts ask of a result.

    Attributes:
        result: the result.
        names: names and colours of its data set.
        stages, base_year: years planned for, and the year whose end is what stands.
    """

    def __init__(self, result: Result) -> None:
        self.result = result
        self.names = Names(result.inputs)
        self.stages = result.case.stages
        self.base_year = result.case.base_year
        self.dispatch = cache(self._dispatch)
        self.price_table = cache(self._price_table)

    def asset(self, key: str) -> Words:
        """Name of an asset of the plan."""
        record = self.result.assets.by_name.get(key)
        return self.names.of(record.table, key) if record else same(key)

    def of_stage(self, stage: int) -> Words:
        """A stage as the end of a title: nothing where there is only one."""
        return Words(f", {stage}", f"（{stage}年）") if len(self.stages) > 1 else same("")

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """Every asset and stage, as `measures.capacity` gives it."""
        return measures.capacity(self.result)

    @cached_property
    def plants(self) -> pd.DataFrame:
        """`capacity` without the lines between zones, what raises their sections, and what loads can move."""
        return self.capacity[~self.capacity["table"].isin(("corridors", "sections", "flexible_loads", "load_sites"))]

    @cached_property
    def flexible(self) -> pd.DataFrame:
        """How flexible loads were used, as `outcome.flexible` gives it."""
        return flexible.flexible(self.result)

    @cached_property
    def flexible_by_sector(self) -> pd.DataFrame:
        """How much of each sector flexible loads are, as `flexible.by_sector` gives it."""
        return flexible.by_sector(self.result)

    @cached_property
    def siting(self) -> pd.DataFrame:
        """What runs in another zone than its baseline."""
        return flexible.siting(self.result)

    @cached_property
    def technologies(self) -> list[str]:
        """Technologies that plants have, in the order of technologies.csv."""
        return sorted(set(self.plants["technology"]), key=self.names.order)

    @cached_property
    def zones(self) -> list[str]:
        """Zones, in the order of zones.csv."""
        return [str(z) for z in self.result.inputs["zones"].index]

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Named costs: columns group, part, cost [CNY/yr]; groups in the order they are printed in.

        Of several stages the cost is the weighted one, and that of a year of each stage is in a column of its own.
        """
        table = measures.costs(self.result)
        if len(self.stages) > 1:
            each = measures.costs_by_stage(self.result).pivot_table(
                index="name", columns="stage", values="cost [CNY/yr]", aggfunc="sum", fill_value=0.0
            )
            table = table.join(each, on="name")
        table["part"] = [name.partition("/")[2] for name in table["name"]]
        known = list(COST_GROUPS)
        order = {g: known.index(g) if g in known else len(known) for g in table["group"]}
        return table.sort_values("group", key=lambda g: g.map(order), kind="stable").reset_index(drop=True)

    @cached_property
    def energy(self) -> pd.DataFrame:
        """What every asset gives or takes in a year, as `measures.energy` gives it."""
        return measures.energy(self.result)

    @cached_property
    def demand_by_sector(self) -> pd.DataFrame:
        """What each sector takes in each zone, as `sectors.demand` gives it; no row where none is told apart."""
        return sectors.demand(self.result)

    @cached_property
    def prices_by_sector(self) -> pd.DataFrame:
        """Marginal prices by sector, as `sectors.prices` gives them."""
        return sectors.prices(self.result)

    @cached_property
    def costs_by_sector(self) -> pd.DataFrame:
        """Average costs by sector and zone, as `sector_costs.costs` gives them."""
        return sector_costs.costs(self.result)

    @cached_property
    def curtailment(self) -> pd.DataFrame:
        """What sun and wind offered and what was used, by stage and technology."""
        return measures.curtailment(self.result)

    @cached_property
    def full_load_hours(self) -> pd.DataFrame:
        """Full-load hours by stage and technology, with the kind published figures speak of."""
        table = measures.full_load_hours(self.result)
        table["kind"] = table["technology"].map(self.names.kind)
        return table[table["capacity [MW]"] > LEAST_MW].reset_index(drop=True)

    @cached_property
    def published(self) -> pd.DataFrame:
        """Published full-load hours: columns technology_kind, year, full_load_hours [h]."""
        return self.result.inputs["published"].reset_index().sort_values("year")

    @cached_property
    def backcast(self) -> pd.DataFrame:
        """Published figures of the stages beside the modelled ones, as `outcome.backcast` gives them."""
        return backcast(self.result)

    @cached_property
    def corridors(self) -> pd.DataFrame:
        """Use of the lines between zones, as `hourly.corridors` gives it; no row where there are none."""
        return hourly.corridors(self.result) if self.result.has("corridor/forward") else pd.DataFrame()

    @cached_property
    def send_out(self) -> pd.DataFrame:
        """What send-out lines delivered, as `hourly.send_out` gives it; no row where there are none."""
        return hourly.send_out(self.result) if self.result.has("send_out/sent") else pd.DataFrame()

    @cached_property
    def send_out_hours(self) -> pd.DataFrame:
        """Hourly power of send-out lines and what was asked; no row where there are none."""
        return hourly.send_out_hours(self.result) if self.result.has("send_out/sent") else pd.DataFrame()

    @cached_property
    def storage(self) -> pd.DataFrame:
        """How electric stores were used, as `measures.storage` gives it."""
        return measures.storage(self.result)

    @cached_property
    def emissions(self) -> pd.DataFrame:
        """CO2 by stage and technology: columns stage, technology, emission [t/yr]."""
        table = measures.emissions(self.result)
        return table.groupby(["stage", "technology"], sort=False, as_index=False)["emission [t/yr]"].sum()

    @cached_property
    def unserved(self) -> pd.DataFrame:
        """Unserved energy by stage: columns stage, energy [MWh/yr]."""
        table = measures.unserved(self.result)
        return table.groupby("stage", as_index=False)[measures.ENERGY].sum()

    # the river; tables without a row where there is none

    @cached_property
    def stations(self) -> pd.DataFrame:
        """The year of every station and hub, as `cascade.stations` gives it."""
        return cascade.stations(self.result)

    @cached_property
    def water(self) -> pd.DataFrame:
        """The water of a year at every station, as `balances.water_summary` gives it."""
        return balances.water_summary(self.result)

    @cached_property
    def months(self) -> pd.DataFrame:
        """Means of every month at every station, as `cascade.months` gives them."""
        return cascade.months(self.result)

    @cached_property
    def heads(self) -> pd.DataFrame:
        """Errors of the head where it follows the level, as `heads.head_errors` gives them."""
        return heads.head_errors(self.result)

    def by_month(self, stage: int, column: str) -> pd.DataFrame:
        """A column of `months`, stations in river order x months; stations that have none are left out."""
        table = self.months[self.months["stage"] == stage]
        order = list(dict.fromkeys(table["station"]))
        made = table.pivot(index="station", columns="month", values=column).reindex(order)
        return made.dropna(how="all")

    def station(self, key: str) -> Words:
        """Name of a station of the river."""
        return self.names.of("hydro_stations", key)

    # the hours of a stage, in the order of `Result.hours`

    def hours(self, stage: int) -> pd.DataFrame:
        """The modelled hours of a stage."""
        return self.result.hours.iloc[self.result.of_stage(stage)].reset_index(drop=True)

    def _dispatch(self, stage: int) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Hourly power of the whole system by (role, technology), signed from the zones [MW]."""
        table = hourly.dispatch(self.result, stage)
        groups = table.groupby(["role", "technology"], sort=False)["power [MW]"]
        return {(str(r), str(t)): values.to_numpy() for (r, t), values in groups}

    def total(self, stage: int, role: str) -> NDArray[np.float64]:
        """Hourly power of all technologies of a role [MW]."""
        parts = [v for (r, _), v in self.dispatch(stage).items() if r == role]
        return np.sum(parts, axis=0) if parts else np.zeros(len(self.hours(stage)))

    def demand(self, stage: int) -> pd.DataFrame:
        """Hourly demand by zone [MW]."""
        return self.result.series[f"demand/{stage}"].iloc[self.result.of_stage(stage)].reset_index(drop=True)

    def _price_table(self, stage: int) -> pd.DataFrame:
        """Hourly price by zone, hours x zones [CNY/MWh]."""
        table = hourly.prices(self.result)
        table = table[table["stage"] == stage]
        places = table.groupby("zone", sort=False).cumcount()
        made = table.assign(place=places).pivot(index="place", columns="zone", values="price [CNY/MWh]")
        return made[[zone for zone in self.zones if zone in made.columns]]

    def price_map(self, stage: int) -> pd.DataFrame:
        """Mean price by month and hour of the day, zones weighted by demand [CNY/MWh]; NaN where not modelled."""
        prices, hours = self.price_table(stage), self.hours(stage)
        demand = self.demand(stage)[prices.columns].to_numpy()
        hours["demand"] = demand.sum(axis=1) * hours["weight"]
        hours["spent"] = (prices.to_numpy() * demand).sum(axis=1) * hours["weight"]
        sums = hours.groupby(["month", "hour_of_day"])[["spent", "demand"]].sum()
        table = (sums["spent"] / sums["demand"]).unstack("hour_of_day")
        return table.reindex(index=range(1, 13), columns=range(24))

    def send_out_days(self, stage: int) -> pd.DataFrame:
        """A mean day of each modelled month: columns line, month, hour_of_day, sent, asked [MW]."""
        table = self.send_out_hours
        if table.empty:
            return table
        table = table[table["stage"] == stage].reset_index(drop=True)
        calendar = self.result.hours.set_index(["stage", "window", "hour_of_year"])[["month", "hour_of_day"]]
        table = table.join(calendar, on=["stage", "window", "hour_of_year"])
        numbers = ["sent [MW]", "asked [MW]"]
        weighted = table[numbers].mul(table["weight"], axis=0).assign(weight=table["weight"])
        sums = weighted.groupby([table["line"], table["month"], table["hour_of_day"]], sort=False).sum(min_count=1)
        return sums[numbers].div(sums["weight"], axis=0).reset_index()

    def line(self, key: str) -> Words:
        """Name of a send-out line and where it goes."""
        row = self.result.inputs["send_out"].loc[key]
        return named(row, key)
