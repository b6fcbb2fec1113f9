"""What a plan comes to in a few figures: days without fossil power, clean shares, what a MWh costs.

*Fossil* is what emits: a plant whose fuel, or a tie whose imports, have an emission factor above zero. All
else is clean. Every figure is of the whole system; corridors are taken for copper.

    mix[t] = (clean[t] + stored * discharged[t]) / (clean[t] + fossil[t] + discharged[t])

is the clean share of what supplies the system in an hour, imports included. What leaves a store is as clean as
what went into it on the mean of the year, `stored`, which makes the two equations one. Water that pumps of the
river lift and heat that heaters store come back as generation, and count as clean.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.algebra.joins import Join
from qhenergy.outcome import hourly, measures
from qhenergy.outcome.result import Result
from qhenergy.profiles.calendar import DAY_MONTH, HOURS, MONTH_DAYS

#: Groups of groups.csv that the share of flexible capacity (R20) is made of; no share without the first.
FLEXIBLE, GENERATION = "flexible", "generation"
#: Fossil power below this share of the largest demand counts as none: an interior point leaves crumbs.
CRUMB = 1e-5
#: Flows of the system in an hour, as `flows` names them.
FLOWS = (
    *("demand", "unserved", "send_out", "export", "clean", "fossil", "clean_import", "fossil_import"),
    *("discharging", "charging", "pumping", "heating", "conversion", "losses"),
)


@dataclass(frozen=True)
class Run:
    """The longest run of hours, and of whole days, in which something holds.

    Attributes:
        hours, days: how long.
        first_hour, first_day: when it begins, as `MM-DD HH:00` and `MM-DD`, behind the water year where several
            follow each other; empty if there is none.
    """

    hours: int
    days: int
    first_hour: str
    first_day: str


@dataclass(frozen=True)
class Indicators:
    """The figures of one stage; NaN where there is nothing to divide by.

    Attributes:
        stage: year.
        without_fossil: longest run without fossil generation.
        without_fossil_imports: the same without fossil imports either.
        clean_generation: clean share of what is generated [-].
        clean_consumption, clean_export: clean share of what is served at home, and of what leaves the system, by
            the mix of each hour [-].
        local_consumption: clean energy used at home over clean energy generated and bought [-]; what is neither used
            nor left is lost on the way.
        clean_used, clean_left: clean energy that is served at home, and that leaves the system [MWh/yr].
        import_share: imports over what is served at home [-].
        average_cost: all costs but penalties, receipts deducted, over what is served at home and sent out over
            direct-current lines, at the sending end [CNY/MWh].
        price, flat_price: marginal price on the mean of all zones, weighted by the hourly demand, and by the same
            power in every hour, as a smelter takes it [CNY/MWh].
        zone_prices: the same two by zone.
        flexible, flexible_base: share of the group `flexible` in all capacity, in the stage and at the end of
            the base year [-].
        emission: CO2 of plants and imports [t/yr].
        intensity: that over what is served at home [t/MWh].
    """

    stage: int
    without_fossil: Run
    without_fossil_imports: Run
    clean_generation: float
    clean_consumption: float
    clean_export: float
    local_consumption: float
    clean_used: float
    clean_left: float
    import_share: float
    average_cost: float
    price: float
    flat_price: float
    zone_prices: dict[str, tuple[float, float]]
    flexible: float
    flexible_base: float
    emission: float
    intensity: float

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON has them: what is none is None."""
        made = {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in asdict(self).items()}
        made["zone_prices"] = {z: {"load": load, "flat": flat} for z, (load, flat) in self.zone_prices.items()}
        return made


def indicators(result: Result, stage: int) -> Indicators:
    """The figures of a stage."""
    power, weights = flows(result, stage), result.weights(stage)
    energy = {name: float(weights @ power[name].to_numpy()) for name in FLOWS}
    served, left = energy["demand"] + energy["conversion"] - energy["unserved"], energy["send_out"] + energy["export"]
    mix = clean_mix(power, weights)
    fossil = power["fossil"].to_numpy()
    crumb = CRUMB * float(power["demand"].max())
    emission = measures.emissions(result)
    tonnes = float(emission.loc[emission["stage"] == stage, "emission [t/yr]"].sum())
    price, flat, by_zone = _prices(result, stage)
    at_home = (power["demand"] + power["conversion"] - power["unserved"]).to_numpy()
    leaving = (power["send_out"] + power["export"]).to_numpy()
    flexible, flexible_base = _flexible(result, stage)
    used, gone = float(weights @ (mix * at_home)), float(weights @ (mix * leaving))
    # What pumps of the river and heaters take comes back as generation.
    clean = energy["clean"] + energy["clean_import"] - energy["pumping"] - energy["heating"]
    return Indicators(
        stage=stage,
        without_fossil=longest_run(result, stage, fossil <= crumb),
        without_fossil_imports=longest_run(result, stage, fossil + power["fossil_import"].to_numpy() <= crumb),
        clean_generation=_over(energy["clean"], energy["clean"] + energy["fossil"]),
        clean_consumption=_over(used, served),
        clean_export=_over(gone, left),
        local_consumption=_over(used, clean),
        clean_used=used,
        clean_left=gone,
        import_share=_over(energy["clean_import"] + energy["fossil_import"], served),
        average_cost=average_cost(result, stage),
        price=price,
        flat_price=flat,
        zone_prices=by_zone,
        flexible=flexible,
        flexible_base=flexible_base,
        emission=tonnes,
        intensity=_over(tonnes, served),
    )


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def emits(result: Result, stage: int) -> Callable[[Join], bool]:
    """Whether what joins a zone brings CO2."""
    return lambda join: bool(measures.emission_factor(result, stage, join.role, join.asset))


def flows(result: Result, stage: int, fossil: Callable[[Join], bool] | None = None) -> pd.DataFrame:
    """What goes in and out of the system in every modelled hour of a stage.

    Args:
        result: the result.
        stage: year.
        fossil: which generation and which imports are fossil; those that emit if None.

    Returns:
        Rows as `Result.hours` of the stage, columns `FLOWS` [MW], none negative; the losses are those of
        corridors.
    """
    fossil = fossil or emits(result, stage)
    hours = result.of_stage(stage)
    made = {name: np.zeros(hours.stop - hours.start) for name in FLOWS}
    made["demand"] = result.series[f"demand/{stage}"].iloc[hours].sum(axis=1).to_numpy(dtype=float)
    columns: dict[str, pd.DataFrame] = {}
    for join in result.joins[stage]:
        if join.family not in columns:
            columns[join.family] = result.column(join.family).iloc[hours]
        power = join.coefficient * np.nan_to_num(columns[join.family][join.member].to_numpy())
        name = join.role
        if name in ("generation", "import"):
            kind = "fossil" if fossil(join) else "clean"
            name = kind if name == "generation" else f"{kind}_import"
        elif name not in FLOWS:
            name = "losses"
        supplies = name in ("clean", "fossil", "clean_import", "fossil_import", "discharging", "unserved")
        made[name] = made[name] + (power if supplies else -power)
    return pd.DataFrame(made, index=result.hours.index[hours])


def clean_mix(power: pd.DataFrame, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Clean share of what supplies the system in each hour; see the module. NaN never: 1 where nothing does."""
    clean = (power["clean"] + power["clean_import"]).to_numpy()
    stored_part = power["discharging"].to_numpy()
    supply = clean + (power["fossil"] + power["fossil_import"]).to_numpy() + stored_part
    some = supply > 0
    direct = np.divide(clean, supply, out=np.ones_like(supply), where=some)
    through = np.divide(stored_part, supply, out=np.zeros_like(supply), where=some)
    charged = weights * power["charging"].to_numpy()
    # stored = sum(charged * (direct + stored * through)) / sum(charged)
    left = float(charged @ (1.0 - through))
    stored = float(charged @ direct) / left if left > 0 else 1.0
    mix: NDArray[np.float64] = direct + stored * through
    return mix


def real_hours(result: Result, stage: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every real hour that a modelled one stands for, in order of time.

    Returns:
        Hour of the run (hours of all water years, one after the other), and the row of the stage's hours that
        stands for it. Hours beyond the last whole representative period are not among them.
    """
    spans = result.spans.of_stage(stage)
    if result.spans.chained:
        real = np.concatenate([span.hours for span in spans])
        return real, np.arange(len(real))
    length = len(spans[0])
    inside = np.arange(length)
    real = (result.spans.first_hours[:, None] + inside[None, :]).ravel()
    return real, (result.spans.sequence[:, None] * length + inside[None, :]).ravel()


def longest_run(result: Result, stage: int, holds: NDArray[np.bool_]) -> Run:
    """The longest run of real hours, and of whole days, in which something holds.

    Args:
        result: the result.
        stage: year.
        holds: for each modelled hour of the stage.

    Returns:
        The run. It may go on over New Year where whole years are modelled. An hour that nothing stands for, at
        the end of a year of representative periods, ends it.
    """
    year_hours, years = result.case.year_hours, len(result.case.water.years)
    real, row = real_hours(result, stage)
    steps = np.zeros(result.case.year_steps * years, dtype=bool)
    steps[real] = holds[row]
    # Where an hour has several steps it counts if it holds in all of them.
    known = steps.reshape(year_hours * years, -1).all(axis=1)
    whole = year_hours == HOURS
    first_hour, hours = _longest(known, whole)
    of_day = known[: len(known) // 24 * 24].reshape(-1, 24).all(axis=1) if year_hours % 24 == 0 else known[:0]
    first_day, days = _longest(of_day, whole)
    return Run(
        hours,
        days,
        moment(result, first_hour) if hours else "",
        moment(result, 24 * first_day).removesuffix(" 00:00") if days else "",
    )


def _longest(holds: NDArray[np.bool_], circle: bool) -> tuple[int, int]:
    """First place and length of the longest run of true values."""
    count = len(holds)
    if not holds.any():
        return 0, 0
    if holds.all():
        return 0, count
    turned = int(np.flatnonzero(~holds)[0]) if circle else 0
    line = np.concatenate([[False], np.roll(holds, -turned), [False]]).astype(np.int8)
    change = np.diff(line)
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    longest = int((ends - starts).argmax())
    return int(starts[longest] + turned) % count, int(ends[longest] - starts[longest])


def moment(result: Result, hour: int) -> str:
    """An hour of the run as `MM-DD HH:00`, behind the water year where several follow each other."""
    years = result.case.water.years
    year, of_year = divmod(hour, result.case.year_hours)
    before = f"{years[year]} " if len(years) > 1 else ""
    return before + date(of_year // 24) + f" {of_year % 24:02d}:00"


def date(day: int) -> str:
    """A day of the year, counted from 0, as `MM-DD`."""
    month = int(DAY_MONTH[day])
    return f"{month:02d}-{day - sum(MONTH_DAYS[: month - 1]) + 1:02d}"


def average_cost(result: Result, stage: int) -> float:
    """What a MWh of a stage costs, served at home or sent out; see `Indicators.average_cost` [CNY/MWh]."""
    costs = measures.costs_by_stage(result)
    counted = (costs["stage"] == stage) & ~costs["group"].isin(measures.PENALTIES)
    power = flows(result, stage)
    used = power["demand"] + power["conversion"] - power["unserved"] + power["send_out"]
    energy = float(result.weights(stage) @ used.to_numpy())
    return _over(float(costs.loc[counted, "cost [CNY/yr]"].sum()), energy)


def _prices(result: Result, stage: int) -> tuple[float, float, dict[str, tuple[float, float]]]:
    """Marginal prices: of all demand, of a flat load spread over zones as demand is, and both by zone [CNY/MWh]."""
    hours = result.of_stage(stage)
    demand, weights = result.series[f"demand/{stage}"].iloc[hours], result.weights(stage)
    table = hourly.prices(result)
    by_zone: dict[str, tuple[float, float]] = {}
    spent = flat = taken = 0.0
    for zone, part in table[table["stage"] == stage].groupby("zone", sort=False):
        load = demand[zone].to_numpy(dtype=float)
        energy = float(weights @ load)
        price = part["price [CNY/MWh]"].to_numpy()
        if energy <= 0 or len(price) != len(load):
            continue
        of_load, of_flat = float(weights @ (load * price)) / energy, float(weights @ price / weights.sum())
        by_zone[str(zone)] = (of_load, of_flat)
        spent, flat, taken = spent + of_load * energy, flat + of_flat * energy, taken + energy
    return _over(spent, taken), _over(flat, taken), by_zone


def _flexible(result: Result, stage: int) -> tuple[float, float]:
    """Share of flexible capacity in a stage and at the end of the base year; NaN without such a group."""
    groups = set(result.inputs["groups"].index.get_level_values(0))
    if FLEXIBLE not in groups:
        return float("nan"), float("nan")
    flexible = set(result.inputs.members(FLEXIBLE))
    every = flexible | (set(result.inputs.members(GENERATION)) if GENERATION in groups else set())
    table = measures.capacity(result)
    table = table[(table["stage"] == stage) & table["technology"].isin(every)]
    some = table[table["technology"].isin(flexible)]
    now, base = "total [MW]", "base [MW]"
    return _over(some[now].sum(), table[now].sum()), _over(some[base].sum(), table[base].sum())
