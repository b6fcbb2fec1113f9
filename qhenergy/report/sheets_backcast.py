"""The tables of a back-cast that console and page share: the year, the months, and why they differ."""

from __future__ import annotations

import pandas as pd

from qhenergy.outcome.backcast import notes
from qhenergy.report.charts import MONTHS
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import YI_KWH, YI_KWH_UNIT
from qhenergy.report.view import View
from qhenergy.report.words import Words, number, same

QUANTITIES = {
    "generation": Words("Generation", "发电量"),
    "level": Words("Mean level", "月均水位"),
    "utilisation": Words("Utilisation", "利用率"),
}
#: Unit a quantity is printed in, its size in inside units, and decimals.
PRINTED = {
    "generation": (YI_KWH_UNIT, YI_KWH, 1),
    "level": (Words("m", "米"), 1.0, 2),
    "utilisation": (Words("%", "%"), 0.01, 1),
}
ACCOUNTS = {
    "": same(""),
    "all": Words(", all units", "，全口径"),
    "above_scale": Words(", above scale", "，规模以上"),
}
#: Heads of what `printed` gives.
NUMBERS = (Words("modelled", "模型"), Words("published", "公布"), Words("difference", "差值"), Words("share", "相对差"))
#: A figure of more months than this is not one of a month.
LONGEST_MONTH = 2


def months(first: int, last: int) -> Words:
    """The months of a figure: `Jan`, `Jan-Feb`, `year`."""
    if (first, last) == (1, len(MONTHS)):
        return Words("year", "全年")
    if first == last:
        return MONTHS[first - 1]
    return Words(f"{MONTHS[first - 1].en}–{MONTHS[last - 1].en}", f"{first}–{last}月")


def monthly(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of one month, or of two that were published together."""
    return table[table["last_month"] - table["first_month"] < LONGEST_MONTH]


def printed(row: pd.Series) -> list[str]:
    """Modelled, published, difference and its share, as they are printed."""
    _, size, digits = PRINTED[row["quantity"]]
    values = [number(row[column] / size, digits) for column in ("modelled", "published", "difference")]
    share = f"{row['share [-]']:+.0%}" if pd.notna(row["share [-]"]) else ""
    return [*values, share]


def subject(view: View, quantity: str, key: str) -> Words:
    """Name of the group or station a figure is about."""
    return view.names.of("hydro_stations" if quantity == "level" else "group_names", key)


def year(view: View, stage: int) -> Sheet | None:
    """The year: figures of many months as published, and how far the months are off in the mean."""
    table = view.backcast[view.backcast["stage"] == stage]
    if table.empty:
        return None
    sheet = Sheet(
        Words(f"{stage} as modelled and as published", f"{stage}年模型与公布值"),
        (
            Words("what", "项目"),
            Words("months", "月份"),
            *NUMBERS,
        ),
        words=1,
        note=_spans(view)
        + Words(
            "above scale: units the statistics count; small ones are missing there. Mean of months: published months "
            "only; the difference is the mean of absolute differences.",
            "规模以上：统计口径，不含小机组。月平均：仅含有公布值的月份；差值为绝对差的平均。",
        ),
    )
    for (quantity, key), rows in table.groupby(["quantity", "subject"], sort=False):
        unit, size, digits = PRINTED[quantity]
        name, what = subject(view, quantity, key), QUANTITIES[quantity]
        name = Words(f"{name.en}: {what.en.lower()} [{unit.en}]", f"{name.zh}：{what.zh}（{unit.zh}）")
        for _, row in rows.drop(monthly(rows).index).iterrows():
            when = months(row["first_month"], row["last_month"]) + ACCOUNTS[row["account"]]
            sheet.rows.append(Row(name, [when, *printed(row)]))
        each = monthly(rows)
        if not each.empty:
            sums = [each["modelled"].sum(), each["published"].sum(), each["difference"].abs().sum()]
            # Two months that were published together count as two.
            count = (each["last_month"] - each["first_month"] + 1).sum()
            cells = [number(value / count / size, digits) for value in sums]
            when = Words("mean of months", "月平均") + ACCOUNTS[each["account"].iloc[0]]
            sheet.rows.append(Row(name, [when, *cells, ""], "part"))
    return sheet


def _spans(view: View) -> Words:
    """What to know of months that representative periods stand for; nothing where all hours are modelled."""
    spans = view.result.spans
    if spans.chained:
        return same("")
    count, all_of = len(spans.spans), len(spans.sequence)
    return Words(
        f"A month is made of periods that stand for its own: {count} for {all_of}, some of another month. ",
        f"各月由代表时段拼成：以{count}个时段代表{all_of}个，有的取自其他月份。",
    )


def of_months(view: View, stage: int) -> list[Sheet]:
    """One table for every quantity and subject, a row for every published month."""
    table = view.backcast[view.backcast["stage"] == stage]
    made = []
    for (quantity, key), rows in monthly(table).groupby(["quantity", "subject"], sort=False):
        unit = PRINTED[quantity][0]
        name = subject(view, quantity, key)
        title = Words(
            f"{name.en}: {QUANTITIES[quantity].en.lower()} by month, {stage} [{unit.en}]",
            f"{name.zh}：{stage}年分月{QUANTITIES[quantity].zh}（{unit.zh}）",
        )
        # A level has no share of another to speak of, a share none of its own.
        kept = len(NUMBERS) if quantity == "generation" else len(NUMBERS) - 1
        sheet = Sheet(title, (Words("month", "月份"), *NUMBERS[:kept]))
        for _, row in rows.iterrows():
            sheet.rows.append(Row(months(row["first_month"], row["last_month"]), printed(row)[:kept]))
        made.append(sheet)
    return made


def explanations(view: View, stage: int) -> Sheet | None:
    """The named differences and what explains them, as the data set has them."""
    table = notes(view.result, stage)
    if view.backcast.empty or table.empty:
        return None
    sheet = Sheet(
        Words(f"What differs in {stage}, and why", f"{stage}年差异及原因"),
        (Words("difference", "差异"), Words("explanation", "原因"), Words("confidence", "把握")),
        words=2,
    )
    sure = {"high": Words("high", "高"), "medium": Words("medium", "中"), "low": Words("low", "低")}
    for _, row in table.iterrows():
        difference = Words(row["difference_en"], row["difference_zh"])
        explanation = Words(row["explanation_en"], row["explanation_zh"])
        sheet.rows.append(Row(difference, [explanation, sure[row["confidence"]]]))
    return sheet
