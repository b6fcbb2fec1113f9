"""Charts of hourly profiles: the mean day, the months, the duration curve, and a week as it runs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qhenergy.report.charts import HOUR_MS, MONTHS, Chart, Series, colours, date_axis, figure, moment, small
from qhenergy.report.words import Words

WEEK = 168
#: First hour of the weeks that are drawn as they run: the fifteenth of January and of July.
WEEKS = {"winter": (14 * 24, Words("mid-January", "1月中旬")), "summer": (195 * 24, Words("mid-July", "7月中旬"))}
POINTS = 200
#: Range within a day over that of the year, below which a series is steady.
STEADY = 0.03
#: Months around the year: blue in winter, red in summer.
SEASONS = (
    "#2c4f9e", "#4478b5", "#6aa3c9", "#7fb77e", "#9fc24d", "#e0b02f",
    "#e07b2a", "#cf4a2b", "#b2385a", "#8d4a94", "#5f4c9c", "#3d4a9a",
)  # fmt: skip


def mean_days(
    key: str, title: Words, values: NDArray[np.float64], month: NDArray[np.int64], hour: NDArray[np.int64], unit: Words
) -> Chart:
    """The mean day of every month, one line a month."""
    table = pd.Series(values).groupby([month, hour]).mean().unstack()
    made, series = (
        figure(y_title=unit, x_title=Words("hour of the day, UTC+8", "时刻（东八区）"), hovermode="x"),
        Series(),
    )
    for m in table.index:
        name, colour = MONTHS[int(m) - 1], SEASONS[int(m) - 1]
        made.add_scatter(
            x=list(table.columns),
            y=small(table.loc[m]),
            mode="lines",
            name=name.chart(),
            line={"color": colour, "width": 1.8},
            legendgroup=series.group(name, colour),
        )
    made.update_xaxes(dtick=3)
    made.update_yaxes(rangemode="tozero")
    alt = Words("Lines of the mean day of each month", "各月平均日曲线")
    return Chart(
        f"days-{key}", made, title + Words(": mean day by month", "：各月平均日"), alt, None, tuple(series.entries), 320
    )


def months(
    key: str, title: Words, frame: pd.DataFrame, month: NDArray[np.int64], names: Mapping[str, Words], unit: Words
) -> Chart:
    """Monthly means, one line a member."""
    table = frame.groupby(month).mean()
    alt = Words("Lines of monthly means", "月平均值曲线")
    made, legend = _lines(table, [MONTHS[int(m) - 1].chart() for m in table.index], names, unit)
    made.update_yaxes(rangemode="tozero")
    return Chart(f"months-{key}", made, title + Words(": monthly means", "：月平均"), alt, None, legend, 320)


def duration(key: str, title: Words, frame: pd.DataFrame, names: Mapping[str, Words], unit: Words) -> Chart:
    """Values sorted from the highest, one line a member."""
    at = np.linspace(0.0, 1.0, POINTS)
    table = pd.DataFrame({m: np.quantile(frame[m].to_numpy(), 1.0 - at) for m in frame.columns})
    alt = Words("Lines of values sorted from the highest", "由高到低排序的持续曲线")
    made, legend = _lines(table, small(at), names, unit, Words("share of the hours", "占全部小时"))
    made.update_xaxes(tickformat=".0%")
    made.update_yaxes(rangemode="tozero")
    return Chart(f"duration-{key}", made, title + Words(": duration", "：持续曲线"), alt, None, legend, 320)


def weeks(key: str, title: Words, frame: pd.DataFrame, names: Mapping[str, Words], unit: Words) -> list[Chart]:
    """A week of January and one of July as they run; the first hours there are if the year is shorter."""
    made = []
    for word, (first, when) in WEEKS.items():
        if first + WEEK > len(frame):
            if made:
                break
            first, when = 0, Words("the first hours", "起始时段")
        part = frame.iloc[first : first + WEEK]
        drawn, legend = _lines(part, None, names, unit)
        drawn.update_traces(x0=moment(first), dx=HOUR_MS)
        date_axis(drawn, len(part))
        drawn.update_yaxes(rangemode="tozero")
        alt = Words("Hourly lines of one week", "一周逐时曲线")
        title_of = title + Words(f": {when.en}", f"：{when.zh}")
        made.append(Chart(f"week-{word}-{key}", drawn, title_of, alt, None, legend, 320))
    return made


def steady(frame: pd.DataFrame) -> bool:
    """Whether values hardly change within a day, so that its mean day and its weeks say nothing."""
    values = frame.to_numpy(dtype=float)
    days = values[: len(values) // 24 * 24].reshape(-1, 24, values.shape[1])
    within, over = np.ptp(days, axis=1).mean(), np.ptp(values, axis=0).mean()
    return bool(within < STEADY * over)


def _lines(
    table: pd.DataFrame, places: object, names: Mapping[str, Words], unit: Words, x_title: Words | None = None
) -> tuple[object, tuple[tuple[Words, str], ...]]:
    made, series = figure(y_title=unit, x_title=x_title), Series()
    palette = colours(table.columns)
    for i, member in enumerate(table.columns):
        name, colour = names[member], palette[member]
        made.add_scatter(
            x=places,
            y=small(table[member]),
            mode="lines",
            name=name.chart(),
            # The palette comes round again: a dash tells the second round from the first.
            line={"color": colour, "width": 1.6, "dash": "solid" if i < 8 else "dot"},
            legendgroup=series.group(name, colour),
        )
    return made, tuple(series.entries)
