"""Which weeks a page shows: a typical one of the colder and of the warmer half of the year, and the worst."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qhenergy.report.charts import MONTHS
from qhenergy.report.view import View
from qhenergy.report.words import Words, number

WEEK = 168
#: What a run of so many hours is called.
SPANS = {WEEK: Words("week", "周"), 24: Words("day", "日")}
SPAN = Words("period", "时段")
#: Months of the warmer half of the year; the rest is the colder one.
WARM = range(4, 10)
#: Unserved power below this is what rounding left [MW].
SERVED_MW = 1e-3


@dataclass(frozen=True)
class Week:
    """A run of modelled hours to show.

    Attributes:
        key: short identifier.
        places: positions among the modelled hours of the stage.
        first_hour: hour of the year it begins.
        title, why: what it is, and why it was picked.
    """

    key: str
    places: NDArray[np.int64]
    first_hour: int
    title: Words
    why: Words


def pick(view: View, stage: int) -> list[Week]:
    """Up to three weeks of a stage, none twice; everything, if there is no more than one."""
    runs = _runs(view, stage)
    if len(runs) == 1:
        weight = number(float(view.result.weights(stage)[0]) / view.result.case.time.step, 1)
        why = Words(f"Each hour stands for {weight} hours of the year.", f"每小时代表全年{weight}小时。")
        return [_week(view, stage, "all", runs[0], Words("All modelled hours", "全部模拟时段"), why)]
    worst, reason = _worst(view, stage, runs)
    months = view.hours(stage)["month"].to_numpy()
    word = SPANS.get(len(runs[0]) // view.result.case.time.steps_per_hour, SPAN)
    made = []
    for key, warm, title in (
        ("cold", False, Words(f"A typical {word.en} of the colder half", f"典型{word.zh}（冷季）")),
        ("warm", True, Words(f"A typical {word.en} of the warmer half", f"典型{word.zh}（暖季）")),
    ):
        half = [i for i, run in enumerate(runs) if (int(months[run[len(run) // 2]]) in WARM) == warm]
        rest = [i for i in half if i != worst]
        if rest:
            chosen = _nearest_to_mean(view, stage, runs, half, rest)
            made.append(_week(view, stage, key, runs[chosen], title, _stands_for(view, stage, runs[chosen])))
    made.append(_week(view, stage, "worst", runs[worst], Words(f"The worst {word.en}", f"最紧张的{word.zh}"), reason))
    return made


def _runs(view: View, stage: int) -> list[NDArray[np.int64]]:
    """The modelled hours: a year in weeks, representative periods as they are."""
    hours = view.hours(stage)
    places = np.arange(len(hours))
    if not view.result.spans.chained:
        return np.split(places, np.flatnonzero(np.diff(hours["window"])) + 1)
    week = WEEK * view.result.case.time.steps_per_hour
    count = max(len(places) // week, 1)
    # What is left of the year after its last whole week belongs to that week.
    return np.split(places, week * np.arange(1, count))


def _worst(view: View, stage: int, runs: list[NDArray[np.int64]]) -> tuple[int, Words]:
    """The run with the most unserved energy; if all is served, the one that sun and wind help least."""
    unserved = view.total(stage, "unserved")
    if unserved.max() > SERVED_MW:
        missed = [view.result.case.time.step * float(unserved[run].sum()) for run in runs]
        place = int(np.argmax(missed))
        return place, Words(
            f"It has the most unserved energy, {number(missed[place])} MWh.",
            f"未供电量最多（{number(missed[place])} MWh）。",
        )
    variable = set(view.curtailment["technology"])
    used = [v for (role, t), v in view.dispatch(stage).items() if role == "generation" and t in variable]
    rest = -view.total(stage, "demand") - view.total(stage, "send_out") - np.sum(used, axis=0)
    means = [float(rest[run].mean()) for run in runs]
    place = int(np.argmax(means))
    highest = float(view.price_table(stage).to_numpy()[runs[place]].max())
    return place, Words(
        f"It has the highest net load (demand and send-out less sun and wind), {number(means[place])} MW on average; "
        f"its highest price is {number(highest)} CNY/MWh.",
        f"净负荷（负荷与外送减去新能源）最高，平均{number(means[place])} MW；其间最高电价{number(highest)}元/兆瓦时。",
    )


def _nearest_to_mean(view: View, stage: int, runs: list, half: list[int], rest: list[int]) -> int:
    """The run whose means of demand and of each kind of supply are nearest to those of its half."""
    hourly = np.column_stack(
        [
            view.total(stage, "demand"),
            *(v for (role, _), v in sorted(view.dispatch(stage).items()) if role == "generation"),
        ]
    )
    weight = view.result.weights(stage)
    means = {i: hourly[runs[i]].mean(axis=0) for i in half}
    heavy = np.array([weight[runs[i]].sum() for i in half])
    centre = np.average(list(means.values()), axis=0, weights=heavy)
    return min(rest, key=lambda i: float(np.linalg.norm(means[i] - centre)))


def _stands_for(view: View, stage: int, run: NDArray[np.int64]) -> Words:
    weight = float(view.result.weights(stage)[run[0]])
    nearest = Words("Of its half of the year the nearest to the mean", "在所属半年中与均值最接近")
    if weight == view.result.case.time.step:
        return nearest + Words(".", "。")
    many = weight / view.result.case.time.step
    return nearest + Words(f"; it stands for {many:.1f} of its kind.", f"；代表{many:.1f}个同类时段。")


def _week(view: View, stage: int, key: str, run: NDArray[np.int64], title: Words, why: Words) -> Week:
    first = int(view.hours(stage)["hour_of_year"].iloc[run[0]]) // view.result.case.time.steps_per_hour
    day = np.datetime64("2025-01-01") + np.timedelta64(first // 24, "D")
    number_of_day, month = int(str(day)[8:]), int(str(day)[5:7])
    date = Words(f", from {number_of_day} {MONTHS[month - 1].en}", f"（{month}月{number_of_day}日起）")
    return Week(key, run, first, title + date, why)
