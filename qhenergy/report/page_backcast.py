"""The back-cast of a page: the year beside its record, months as charts and tables, and what explains the rest."""

from __future__ import annotations

from qhenergy.report import charts_backcast, markup, sheets_backcast
from qhenergy.report.view import View
from qhenergy.report.words import Words


def content(view: View) -> str:
    """The section; nothing where no stage has a published record."""
    return "".join(_of_stage(view, stage) for stage in view.stages)


def _of_stage(view: View, stage: int) -> str:
    year = sheets_backcast.year(view, stage)
    if year is None:
        return ""
    why = sheets_backcast.explanations(view, stage)
    by_month = "".join(f"<div>{markup.table(sheet)}</div>" for sheet in sheets_backcast.of_months(view, stage))
    lead = Words(
        "The fleet, demand and river of a past year, dispatched at least cost, beside what was published of that "
        "year. Nothing is tuned to it: what the model does not explain stands below.",
        "以往年的装机、用电和来水作最小成本运行，与当年公布值对照。未针对任何一年调参；模型不能解释之处列于下方。",
    )
    return (
        markup.paragraph(lead)
        + markup.table(year)
        + (markup.table(why, stacks=True) if why else "")
        + markup.charts(charts_backcast.charts(view, stage))
        + markup.details(Words("month by month", "分月数值"), f'<div class="tables">{by_month}</div>')
    )
