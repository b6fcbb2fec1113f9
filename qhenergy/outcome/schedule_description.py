"""All that a page or a table tells of one curve of one line: plain frames, made once from a result."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from qhenergy.data.inputs import Inputs
from qhenergy.outcome import delivery, hourly, measures
from qhenergy.outcome.curtailment_causes import curtailment_causes
from qhenergy.outcome.green_content import green_content
from qhenergy.outcome.pole_loss import PoleLoss, pole_loss
from qhenergy.outcome.result import Result

#: Days that are shown hour by hour.
DAYS = 10


@dataclass(frozen=True)
class Description:
    """What a line delivers of a curve, and what the system does meanwhile.

    Attributes:
        name: of the curve.
        line, stage: which line, when.
        inputs: tables the names are from.
        tables: table of each asset, to find its name.
        created: when the result was made.
        capacity, loss: of the line [MW, -].
        hours: modelled hours as `delivery.hours_of_line` has them, and `clean`, the clean share of what is sent [-].
        months: as `delivery.months` has them.
        missed: missed energy by hour and cause, as `delivery.missed_causes` has it.
        curtailed: curtailed energy by hour and cause, as `curtailment_causes` has it.
        offered: what sun and wind offered [MWh/yr].
        without: curtailment with and without the line, by technology [MWh/yr]; None if it was not run without.
        days: the worst days, as `delivery.worst_days` has them.
        dispatch: for the worst days, by day: rows of their hours x (role, technology) [MW], signed from the system.
        origins: what the sent energy is made of, months x origins [MWh/yr].
        clean_origins: origins that let out no CO2.
        pole: what the loss of a pole does.
        firm, firm_peak: power at the receiving end in at least a share of all hours, and of its peak hours [MW].
        utilisation: hours at rated power [h/yr].
        cost: marginal cost of the delivered MWh on the mean [CNY/MWh].
        clean: clean share of all that is sent [-].
        unserved: demand at home that is not served [MWh/yr], and of that in hours in which the line sends.
    """

    name: str
    line: str
    stage: int
    inputs: Inputs
    tables: dict[str, str]
    created: str
    capacity: float
    loss: float
    hours: pd.DataFrame
    months: pd.DataFrame
    missed: pd.DataFrame
    curtailed: pd.DataFrame
    offered: float
    without: pd.DataFrame | None
    days: pd.DataFrame
    dispatch: dict[int, pd.DataFrame]
    origins: pd.DataFrame
    clean_origins: frozenset[str]
    pole: PoleLoss
    firm: dict[float, float]
    firm_peak: dict[float, float]
    utilisation: float
    cost: float
    clean: float
    unserved: tuple[float, float]

    @property
    def delivered_hours(self) -> float:
        """Hours of the year in which all that is asked is sent [h/yr]."""
        return float(self.hours["weight"] @ (self.hours["missed"] == 0))

    def energy(self, column: str) -> float:
        """Energy of a column of the hours [MWh/yr]."""
        return float(self.hours["weight"] @ self.hours[column])

    def by_cause(self, table: pd.DataFrame) -> pd.Series:
        """Energy of `missed` or `curtailed` by cause, the largest first [MWh/yr]."""
        weighted = table["energy [MWh]"] * self.hours.loc[table["hour"], "weight"].to_numpy()
        return weighted.groupby(table["cause"]).sum().sort_values(ascending=False)

    def by_limit(self, table: pd.DataFrame) -> pd.Series:
        """The same by cause and limit, the largest first [MWh/yr]."""
        weighted = table["energy [MWh]"] * self.hours.loc[table["hour"], "weight"].to_numpy()
        return weighted.groupby([table["cause"], table["limit"]]).sum().sort_values(ascending=False)

    def by_month(self, table: pd.DataFrame) -> pd.DataFrame:
        """The same by month and cause: months x causes [MWh/yr]."""
        places = self.hours.loc[table["hour"]]
        weighted = table["energy [MWh]"].to_numpy() * places["weight"].to_numpy()
        long = pd.DataFrame({"month": places["month"].to_numpy(), "cause": table["cause"].to_numpy(), "e": weighted})
        made = long.pivot_table(index="month", columns="cause", values="e", aggfunc="sum", fill_value=0.0)
        return made.reindex(self.months.index, fill_value=0.0)

    @property
    def first(self) -> int | None:
        """Row of the hours that is the first with a miss; None if there is none."""
        missed = self.hours.index[self.hours["missed"] > 0]
        return int(missed[0]) if len(missed) else None

    def causes_at(self, hour: int) -> list[tuple[str, str]]:
        """Causes and limits of what is missed in an hour, the largest first."""
        part = self.missed[self.missed["hour"] == hour].sort_values("energy [MWh]", ascending=False)
        return list(zip(part["cause"], part["limit"], strict=True))


def describe(
    result: Result, line: str, stage: int | None = None, name: str = "", without: Result | None = None
) -> Description:
    """Describe what a line delivers.

    Args:
        result: of a fixed fleet in hours that are a chained year or a part of it.
        line: key of send_out.csv, with `schedule = "curve"`.
        stage: year; the first of the case if None.
        name: of the curve; its key if empty.
        without: the same fleet without the line, for the difference of curtailment.

    Raises:
        InputError: no such line, or hours that do not follow each other.
    """
    stage = result.case.stages[0] if stage is None else stage
    row = result.inputs["send_out"].loc[line] if line in result.inputs["send_out"].index else None
    hours = delivery.hours_of_line(result, line, stage)
    content = green_content(result, stage)
    hours["clean"] = content.of_line(line)
    sent = hours["weight"] * hours["sent"]
    origins = content.origins_of(line).set_axis(hours.index).mul(sent, axis=0).groupby(hours["month"]).sum()
    energy = float(sent.sum())
    days = delivery.worst_days(result, line, stage, DAYS)
    potential = measures.potentials(result)
    offered = potential.loc[potential["stage"] == stage, "offered [MWh/yr]"].sum()
    return Description(
        name=name or str(row["curve"] if row is not None else line),
        line=line,
        stage=stage,
        inputs=result.inputs,
        tables={a.name: a.table for a in result.assets.by_name.values()},
        created=result.created,
        capacity=float(result.inputs["send_out"].at[line, "capacity"]),
        loss=float(result.inputs["send_out"].at[line, "loss"]),
        hours=hours,
        months=delivery.months(hours),
        missed=delivery.missed_causes(result, line, stage),
        curtailed=curtailment_causes(result, stage),
        offered=float(offered),
        without=delivery.curtailment_difference(result, without, stage) if without is not None else None,
        days=days,
        dispatch=_dispatch(result, stage, days),
        origins=origins.loc[:, origins.sum() > 0],
        clean_origins=frozenset(o for o, clean in zip(content.origins, content.clean, strict=True) if clean),
        pole=pole_loss(result, line, stage),
        firm=delivery.firm_power(hours, hours["sent"].notna().to_numpy()),
        firm_peak=delivery.firm_power(hours, delivery.at_peak(result, line, hours)),
        utilisation=delivery.utilisation(result, line, hours),
        cost=delivery.mean_cost(hours),
        clean=float(sent @ hours["clean"]) / energy if energy > 0 else float("nan"),
        unserved=_unserved(result, stage, hours),
    )


def _dispatch(result: Result, stage: int, days: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Power of the whole system on some days."""
    table = hourly.dispatch(result, stage)
    index = result.hours.index[result.of_stage(stage)]
    made = pd.DataFrame(
        {key: part["power [MW]"].to_numpy() for key, part in table.groupby(["role", "technology"], sort=False)},
        index=index,
    )
    made.columns = pd.MultiIndex.from_tuples(list(made.columns), names=["role", "technology"])
    return {int(row.day): made.loc[int(row.first) : int(row.last)] for row in days.itertuples()}


def _unserved(result: Result, stage: int, hours: pd.DataFrame) -> tuple[float, float]:
    """Demand not served in the year, and in hours in which the line sends [MWh/yr]."""
    missing = pd.Series(0.0, index=hours.index)
    for join in result.joins[stage]:
        if join.role == "unserved":
            missing += result.column(join.family)[join.member].to_numpy()[result.of_stage(stage)]
    missing = missing.where(missing > delivery.LEAST_MW, 0.0) * hours["weight"]
    return float(missing.sum()), float(missing[hours["sent"] > delivery.LEAST_MW].sum())
