"""Choose the hours of a case: all of them, or weeks picked by what strains this system."""

from __future__ import annotations

import pandas as pd

from qhenergy.data.case import Case
from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError
from qhenergy.periods.chronology import Chronology, whole_year
from qhenergy.periods.representative import Extreme, representative
from qhenergy.profiles.calendar import HOURS

EXTREMES = {
    "net_load": Extreme("net_load", "net_load", highest=True),
    "calm": Extreme("calm", "wind", highest=False),
    "dark": Extreme("dark", "sun", highest=False),
}


def choose(inputs: Inputs, case: Case, series: dict[str, pd.DataFrame]) -> Chronology:
    """The chronology that `[time]` of the case asks for; several water years count for one year together."""
    time, years = case.time, len(case.water.years)
    if time.kind != "weeks":
        steps = years * case.year_steps
        return whole_year(case.stages, steps, time.window_hours * time.steps_per_hour, year_hours=HOURS)
    if time.periods * time.period_hours > HOURS:
        raise InputError(
            [
                Fault(
                    "case, time.periods",
                    f"{time.periods} periods of {time.period_hours} hours",
                    f"at most the {HOURS} hours of a year",
                    "Ask for fewer periods or shorter ones.",
                )
            ],
            "the case",
        )
    # Sun, wind and demand are alike in all water years, which differ in their inflow: one choice serves all.
    features = describe(inputs, case, {name: _mean_year(frame, years) for name, frame in series.items()})
    extremes = tuple(EXTREMES[name] for name in time.extremes if EXTREMES[name].feature in features)
    weights = dict.fromkeys(features, 1.0)
    if "season" in features:
        # Rules of the calendar follow the month of the representative week: weeks of opposite seasons
        # should not stand for each other.
        weights["season"] = 2.0
    return representative(features, weights, case.stages, time.periods, time.period_hours, extremes, years)


def _mean_year(frame: pd.DataFrame, years: int) -> pd.DataFrame:
    """Mean of the years that follow each other in a series."""
    if years == 1:
        return frame
    values = frame.to_numpy(dtype=float).reshape(years, len(frame) // years, frame.shape[1]).mean(axis=0)
    return pd.DataFrame(values, columns=frame.columns)


def describe(inputs: Inputs, case: Case, series: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Features of every hour: sun, wind, demand, inflow, net load and season.

    Sun and wind are weighted by what stands and half of what may be added, since neither alone is the
    fleet that the plan will have.
    """
    stage = case.stages[0]
    features: dict[str, pd.Series] = {}
    supply: pd.Series | float = 0.0
    for name, table in (("sun", "solar"), ("wind", "wind")):
        frame = series.get(f"{table}/availability")
        if frame is None or frame.empty:
            continue
        rows = inputs[table].loc[frame.columns]
        weight = (rows["existing"] + rows["committed"] + 0.5 * rows["room"]).to_numpy()
        power = pd.Series(frame.to_numpy() @ weight)
        features[name] = power / max(weight.sum(), 1.0)
        supply = supply + power
    demand = series[f"demand/{stage}"].sum(axis=1)
    features["demand"] = demand
    inflow = series.get("hydro/inflow")
    if inflow is not None and not inflow.empty:
        features["inflow"] = inflow.sum(axis=1)
    features["net_load"] = demand - supply
    made = pd.DataFrame(features).reset_index(drop=True)
    hours = pd.Series(range(len(made)), dtype=float)
    # One step a week: opposite at midwinter and midsummer.
    made["season"] = (2.0 * (hours // 168 * 168 / HOURS - 0.5)).abs()
    return made
