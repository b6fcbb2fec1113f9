"""Where the inflow of the observed water years comes from: levels and generation of the record, and statements.

No monthly inflow of 2020 or 2023 is published. A month is known from what it did: the reservoir's volume
changed by dV (published levels on the storage curve), and the stations generated E. With the inflow of a normal
year n[i] at station i, one factor f makes everything that flowed:

    flow[i]  = f * sum(n[j], j at or above i) - dV / time   (the second term from the reservoir down)   [m3/s]
    E(f)     = time * ( sum(min(flow[i], rated[i]) / rate[i]) + f * small hydro of a normal year )      [MWh]

E rises with f, so that E(f) = published gives f. The months are published for units above the scale of the
statistics and are raised by what all units gave over these in the months where both are known. Rates are those
recorded in operation where there are any, else head and efficiency; the head of the day is not known. Level at
the end of a month: mean of the two months' means. What is spilled generates nothing, so that in a flood E says
little and f is too low: that is the check on 2020, whose volume of January to October is published.
"""

from __future__ import annotations

import calendar
from pathlib import Path

import numpy as np
import pandas as pd

from qhenergy.data.inputs import Inputs
from qhenergy.data.reservoir import curve_of, live_at
from qhenergy.ground.units import GRAVITY_MW

RATES = Path(__file__).with_name("observed_water_rates.csv")
HYDRO = "hydro_all"
#: Factors among which the one of a month is looked for.
GRID = np.linspace(0.0, 5.0, 5001)
SECONDS_PER_DAY = 86_400.0


def reservoir(inputs: Inputs) -> str:
    """The reservoir with a published level."""
    (station,) = set(inputs["published_levels"].index.get_level_values(0))
    return str(station)


def days(year: int, first: int, last: int) -> np.ndarray:
    """Days of each of these months."""
    return np.array([calendar.monthrange(year, m)[1] for m in range(first, last + 1)], dtype=float)


def volume_change(inputs: Inputs, year: int, first: int, last: int) -> float:
    """Water gained from the start of the first to the end of the last month [hm3]."""
    station = reservoir(inputs)
    levels = inputs["published_levels"].loc[station, "level"]

    def at_end_of(number: int) -> float:
        months = [(year + (n - 1) // 12, (n - 1) % 12 + 1) for n in (number, number + 1)]
        return float(live_at(inputs, station, np.mean([levels[y, m] for y, m in months])))

    return at_end_of(last) - at_end_of(first - 1)


def local_inflow(inputs: Inputs, year: int, first: int, last: int) -> pd.Series:
    """Mean inflow of a normal year between each station and the one above it, in river order [m3/s]."""
    table = inputs["hydro_inflow"]["inflow"].unstack("month")[list(range(first, last + 1))]
    mean = table @ (days(year, first, last) / days(year, first, last).sum())
    order = inputs["hydro_stations"].sort_values("order").index
    return mean.reindex(order).fillna(0.0)


def normal_inflow(inputs: Inputs, year: int, first: int, last: int) -> float:
    """Mean inflow to the reservoir in these months of a normal year [m3/s]."""
    return float(local_inflow(inputs, year, first, last).cumsum()[reservoir(inputs)])


def capacity(inputs: Inputs, year: int) -> pd.Series:
    """Mean capacity of the year of every asset of the record [MW]."""
    return inputs["fleet_history"]["capacity"].unstack("year")[[year - 1, year]].mean(axis=1)


def generation(inputs: Inputs, year: int, first: int, last: int) -> np.ndarray:
    """Hydro generation of these months at every factor of the grid [MWh]."""
    stations, installed = inputs["hydro_stations"], capacity(inputs, year)
    rates = pd.read_csv(RATES, index_col="station")["rate [m3/kWh]"]
    length = days(year, first, last)
    held = volume_change(inputs, year, first, last) * 1e6 / (length.sum() * SECONDS_PER_DAY)
    natural = local_inflow(inputs, year, first, last).cumsum()
    power = np.zeros_like(GRID)
    below = stations["order"] >= stations.at[reservoir(inputs), "order"]
    for station in natural.index.intersection(installed.index[installed > 0]):
        row = stations.loc[station]
        per_flow = 3.6 / rates.get(station, np.nan)
        if np.isnan(per_flow):
            per_flow = GRAVITY_MW * row["efficiency"] * row["head"]
        flow = np.maximum(GRID * natural[station] - below[station] * held, 0.0)
        power += np.minimum(flow * per_flow, installed[station])
    for asset in inputs["small_hydro"].index:
        factors = inputs["small_hydro_energy"].loc[asset, "capacity_factor"].loc[first:last].to_numpy()
        power += np.minimum(GRID * (factors @ length) / length.sum(), 1.0) * installed[asset]
    return power * length.sum() * 24.0


def published(inputs: Inputs, year: int) -> tuple[pd.DataFrame, float]:
    """Months of hydro generation above scale, and what all units gave over that in months where both are known."""
    table = inputs["published_generation"].reset_index()
    table = table[(table["group"] == HYDRO) & (table["year"] == year)]
    counted = table[(table["account"] == "above_scale") & (table["last_month"] - table["first_month"] < 2)]
    whole = table[table["account"] == "all"].iloc[0]
    inside = counted["first_month"].ge(whole["first_month"]) & counted["last_month"].le(whole["last_month"])
    return counted, float(whole["energy"] / counted.loc[inside, "energy"].sum())


def derived(inputs: Inputs, year: int) -> pd.Series:
    """Factor of every month of the year, from levels and generation [-]."""
    rows, raised = published(inputs, year)
    made: dict[int, float] = {}
    for row in rows.itertuples(index=False):
        first, last = int(row.first_month), int(row.last_month)
        factor = float(np.interp(row.energy * raised, generation(inputs, year, first, last), GRID))
        made |= dict.fromkeys(range(first, last + 1), factor)
    return pd.Series(made, name="factor").sort_index()


def volume(inputs: Inputs, year: int, factors: pd.Series, first: int, last: int) -> float:
    """Inflow to the reservoir in these months with these factors [hm3]."""
    return sum(
        factors[m] * normal_inflow(inputs, year, m, m) * days(year, m, m)[0] * SECONDS_PER_DAY / 1e6
        for m in range(first, last + 1)
    )


def stated(inputs: Inputs, year: int, january: float, to_october: float) -> pd.Series:
    """Derived factors made to agree with what was published of the inflow.

    Args:
        inputs: the data set.
        year: the year.
        january: published mean inflow at the gauge above the reservoir [m3/s].
        to_october: published inflow to the reservoir from January to October [hm3].

    Returns:
        January as published; February to October the derived months, scaled to the published volume; the rest
        as derived.
    """
    made = derived(inputs, year)
    natural = local_inflow(inputs, year, 1, 1).cumsum()
    gauge = natural.index[natural.index.get_loc(reservoir(inputs)) - 1]
    made[1] = january / natural[gauge]
    rest = to_october - volume(inputs, year, made, 1, 1)
    made.loc[2:10] *= rest / volume(inputs, year, made, 2, 10)
    return made


def mean(inputs: Inputs, year: int, factors: pd.Series) -> float:
    """Factor of the whole year: its inflow over that of a normal year [-]."""
    ones = pd.Series(1.0, index=factors.index)
    return volume(inputs, year, factors, 1, 12) / volume(inputs, year, ones, 1, 12)


def fill(inputs: Inputs, year: int) -> float:
    """Share of live storage at the end of the year [-]."""
    levels = inputs["published_levels"].loc[reservoir(inputs), "level"]
    _, volumes = curve_of(inputs, reservoir(inputs))
    level = np.mean([levels[year, 12], levels[year + 1, 1]])
    return float(live_at(inputs, reservoir(inputs), level)) / (volumes[-1] - volumes[0])
