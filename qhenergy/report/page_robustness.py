"""Fleets in other years and at other prices, as sections of a page and as tables of the console."""

from __future__ import annotations

from qhenergy.data.inputs import Inputs
from qhenergy.outcome.robustness import LEADS, Robustness
from qhenergy.report import charts_robustness as charts
from qhenergy.report import markup
from qhenergy.report import sheets_robustness as sheets
from qhenergy.report.markup import Section
from qhenergy.report.names import Names
from qhenergy.report.sheet import Sheet
from qhenergy.report.sheets_robustness import COUNTED, Label
from qhenergy.report.words import Words, same


def tables(found: Robustness, inputs: Inputs, label: Label = same) -> list[Sheet]:
    """The tables that a console shows: choices, ranks, regret, failures and clauses.

    Args:
        found: all runs.
        inputs: of the case, for its names.
        label: what a portfolio is called.
    """
    names = Names(inputs)
    made: list[Sheet | None] = [
        sheets.choices(found, label),
        sheets.ranking(found, "years", label),
        sheets.regrets(found, names, "years", label=label),
        sheets.failures(found, names, label),
        sheets.clauses(found, names, label),
    ]
    if len(found.prices) > 1:
        made.insert(3, sheets.regrets(found, names, "prices", label=label))
    return [sheet for sheet in made if sheet is not None]


def sections(found: Robustness, inputs: Inputs, label: Label = same) -> list[Section]:
    """The sections of a page; see `tables`."""
    names = Names(inputs)
    return [
        Section(
            "robust-choice",
            Words("Which portfolio holds in other years", "方案在其他年份的稳健性"),
            Words("Robustness", "稳健性"),
            markup.table(sheets.choices(found, label))
            + markup.charts([charts.ranks(found, "years", label), charts.regret(found, names, "years", label)])
            + markup.table(sheets.ranking(found, "years", label))
            + _tables_of(found, names, "years", label),
        ),
        Section(
            "robust-years",
            Words("Weather years by water years", "气象年×水文年"),
            Words("Matrix of years", "年份矩阵"),
            markup.charts(charts.matrices(found, names, label))
            + "".join(
                markup.details(label(fleet), markup.table(sheets.years(found, fleet, names, label)))
                for fleet in found.fleets
            ),
        ),
        Section(
            "robust-failures",
            Words("What fails, and when", "缺口与未达标"),
            Words("Failures", "缺口"),
            _failures(found, names, label),
        ),
        Section(
            "robust-prices",
            Words("At other prices of fuel and plants", "燃料与造价变动"),
            Words("Prices", "价格"),
            _prices(found, names, label),
        ),
    ]


def _tables_of(found: Robustness, names: Names, over: str, label: Label) -> str:
    """Regret by what leads, then by the other counts and the costs on demand."""
    rest = "".join(
        markup.details(
            COUNTED[counts],
            (markup.table(sheets.regrets(found, names, over, counts, label)) if counts != LEADS else "")
            + markup.table(sheets.costs(found, names, over, counts, label)),
        )
        for counts in COUNTED
    )
    return markup.table(sheets.regrets(found, names, over, label=label)) + rest


def _failures(found: Robustness, names: Names, label: Label) -> str:
    made = [sheet for sheet in (sheets.failures(found, names, label), sheets.clauses(found, names, label)) if sheet]
    if not made:
        return markup.paragraph(
            Words("All demand is served and every clause is met in every year.", "各年份均无供电缺口，条款全部达标。")
        )
    return "".join(markup.table(sheet) for sheet in made)


def _prices(found: Robustness, names: Names, label: Label) -> str:
    """Nothing where the case asks for no range."""
    if len(found.prices) < 2:
        return ""
    return (
        markup.charts([charts.ranks(found, "prices", label), charts.regret(found, names, "prices", label)])
        + markup.table(sheets.ranking(found, "prices", label))
        + _tables_of(found, names, "prices", label)
    )
