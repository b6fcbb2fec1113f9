"""Charts of a back-cast: months as modelled beside the same months as published."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from qhenergy.report.charts import INK, QUIET, Chart, Series, figure, small
from qhenergy.report.sheets_backcast import PRINTED, QUANTITIES, monthly, months, subject
from qhenergy.report.view import View
from qhenergy.report.words import Words

MODELLED, PUBLISHED = Words("modelled", "模型"), Words("published", "公布")
#: What a page prints with a raised exponent.
AXIS = {"generation": Words("10⁸ kWh", "亿千瓦时")}
#: Colour of what is about no technology.
BLUE = "#235ebc"


def charts(view: View, stage: int) -> list[Chart]:
    """One chart for every quantity and subject published by month: bars for energies, lines for the rest."""
    table = monthly(view.backcast[view.backcast["stage"] == stage])
    return [
        _chart(view, stage, str(quantity), str(key), rows)
        for (quantity, key), rows in table.groupby(["quantity", "subject"], sort=False)
    ]


def _chart(view: View, stage: int, quantity: str, key: str, rows: pd.DataFrame) -> Chart:
    unit, size, digits = PRINTED[quantity]
    name, what = subject(view, quantity, key), QUANTITIES[quantity]
    members = view.result.inputs.members(key)
    colour = view.names.colour(members[0]) if members else BLUE
    made, series = figure(y_title=AXIS.get(quantity, unit), hovermode="x unified"), Series()
    labels = [months(r.first_month, r.last_month).chart() for r in rows.itertuples()]
    hover = f"%{{y:,.{digits}f}}"
    beside = QUIET if quantity == "generation" else INK
    for column, word, shade in (("modelled", MODELLED, colour), ("published", PUBLISHED, beside)):
        look = {"name": word.chart(), "legendgroup": series.group(word, shade), "hovertemplate": hover}
        values = small(rows[column] / size)
        if quantity == "generation":
            made.add_bar(x=labels, y=values, marker={"color": shade}, **look)
        else:
            line = {"color": shade, "width": 2, "dash": "solid" if column == "modelled" else "dot"}
            made.add_trace(go.Scatter(x=labels, y=values, mode="lines+markers", line=line, **look))
    made.update_layout(barmode="group", bargap=0.25)
    made.update_xaxes(type="category")
    return Chart(
        f"backcast-{stage}-{quantity}-{key}",
        made,
        Words(f"{name.en}: {what.en.lower()} by month, {stage}", f"{name.zh}：{stage}年分月{what.zh}"),
        Words(f"{what.en} of {name.en} by month, modelled and published", f"{name.zh}分月{what.zh}，模型与公布值对照"),
        None,
        tuple(series.entries),
        height=280,
    )
