"""What a result rests on: tables with their confidence, sources, and the checks it passed."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping

from qhenergy.data.inputs import Inputs
from qhenergy.outcome import audit as limits
from qhenergy.outcome.audit import Audit
from qhenergy.outcome.result import Result
from qhenergy.report import markup
from qhenergy.report.markup import Markup
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.words import Words, number, same

CONFIDENCE = {"high": Words("high", "高"), "medium": Words("medium", "中"), "low": Words("low", "低")}
KINDS = {
    "plan": Words("plan", "规划文件"),
    "statistics": Words("statistics", "统计"),
    "press": Words("press", "新闻"),
    "dataset": Words("data set", "数据集"),
    "recalled": Words("recalled", "凭记忆"),
    "derived": Words("derived", "推算"),
}


def sources(inputs: Inputs, change: Mapping[str, object]) -> str:
    """Confidence of every table, every source with how many rows rest on it, and what the case changed."""
    recalled = set(inputs["sources"].index[inputs["sources"]["kind"] == "recalled"])
    cited: Counter[str] = Counter()
    table = Sheet(
        Words("Rows of every table, by confidence", "各数据表行数与可信度"),
        (
            Words("table", "数据表"),
            Words("rows", "行数"),
            *CONFIDENCE.values(),
            Words("partly recalled", "含凭记忆的行"),
        ),
        note=Words(
            "Every row names its sources. `Partly recalled` counts rows that rest, in part or in whole, on something "
            "nobody looked up.",
            "每一行均注明来源。“含凭记忆的行”指部分或全部数值未经查证出处的行。",
        ),
    )
    sums: Counter[str] = Counter()
    for name, frame in inputs.frames.items():
        if frame.empty or "confidence" not in frame.columns:
            continue
        keys = [str(cell).split(" | ") for cell in frame["source"]]
        cited.update(key for row in keys for key in dict.fromkeys(row))
        counts = Counter(frame["confidence"])
        counts["rows"], counts["recalled"] = len(frame), sum(bool(recalled & set(row)) for row in keys)
        sums += counts
        table.rows.append(Row(name, [number(counts[w]) for w in ("rows", *CONFIDENCE, "recalled")]))
    table.rows.append(Row(Words("total", "合计"), [number(sums[w]) for w in ("rows", *CONFIDENCE, "recalled")], "sum"))
    first = markup.paragraph(
        Words(
            f"{sums['rows']:,} rows: {sums['high']:,} of high, {sums['medium']:,} of medium, {sums['low']:,} of low "
            f"confidence; {sums['recalled']:,} rest at least partly on what was recalled.",
            f"共{sums['rows']:,}行：可信度高{sums['high']:,}行、中{sums['medium']:,}行、低{sums['low']:,}行；"
            f"{sums['recalled']:,}行至少部分凭记忆。",
        )
    )
    return (
        first
        + _changes(change)
        + markup.details(Words("confidence by table", "各表可信度"), markup.table(table))
        + markup.details(Words("list of sources", "来源清单"), markup.table(_list(inputs, cited), stacks=True))
    )


def _list(inputs: Inputs, cited: Counter[str]) -> Sheet:
    sheet = Sheet(
        Words("Sources", "数据来源"),
        (Words("source", "来源"), Words("kind", "类别"), Words("publisher", "发布者"), Words("rows", "行数")),
        words=2,
    )
    for key, row in inputs["sources"].iterrows():
        title, url = html.escape(str(row["title"])), html.escape(str(row["url"]), quote=True)
        head = f'<a href="{url}" rel="noreferrer">{title}</a>' if url.startswith("http") else title
        name = f'{head} <span class="quiet">{html.escape(str(key))}</span>'
        kind = KINDS.get(str(row["kind"]), same(row["kind"]))
        sheet.rows.append(Row(Markup(name), [kind, str(row["publisher"]), number(cited[str(key)])]))
    return sheet


def _changes(change: Mapping[str, object]) -> str:
    if not change:
        return ""
    items = "".join(f"<li><code>{html.escape(a)}</code> = {html.escape(str(v))}</li>" for a, v in change.items())
    return markup.paragraph(Words("The case changes these data:", "本算例改动了以下数据：")) + f"<ul>{items}</ul>"


CARRIERS = Words("hydrogen and heat missing in any hour [MWh]", "任一小时氢与热不平衡[MWh]")
HEAD = Words("power off the curve of the head, over its energy", "水头曲线与切线的出力偏差（占电量）")


def checks(result: Result, found: Audit) -> str:
    """The audit, the size of the problem, and the versions that made the result."""
    carriers = found.carrier_imbalance_mwh
    sheet = Sheet(
        Words("Audit: computed again from the answer itself", "审计：由解本身重新计算"),
        (Words("check", "检查项"), Words("found", "结果"), Words("allowed", "限值")),
    )
    for name, value, limit in (
        (Words("primal residual", "原始残差"), found.primal_residual, limits.PRIMAL_RESIDUAL),
        (Words("dual residual", "对偶残差"), found.dual_residual, limits.DUAL_RESIDUAL),
        (
            Words("relative gap of the two objectives", "原始与对偶目标的相对差"),
            found.relative_gap,
            limits.RELATIVE_GAP,
        ),
        (
            Words("energy missing in any hour [MWh]", "任一小时电量不平衡[MWh]"),
            found.energy_imbalance_mwh,
            limits.ENERGY_MWH,
        ),
        (
            Words("water missing in any hour [hm3]", "任一小时水量不平衡[百万m3]"),
            found.water_imbalance_hm3,
            limits.WATER_HM3,
        ),
        *([(CARRIERS, carriers, limits.ENERGY_MWH)] if carriers is not None else []),
        *([(HEAD, found.head_error, found.head_limit)] if found.head_limit else []),
    ):
        sheet.rows.append(Row(name, [f"{value:.1e}", f"{limit:.0e}"]))
    word = Words("The result passes its audit.", "结果通过审计。")
    if not found.passed:
        word = Words("The result FAILS its audit: ", "结果未通过审计：") + " ".join(found.faults)
    solve = result.solve
    seconds = (solve["build_seconds"], solve["solve_seconds"])
    size = Words(
        f"{solve['columns']:,} columns, {solve['rows']:,} rows, {solve['nonzeros']:,} nonzeros; built in "
        f"{seconds[0]:.1f} s, solved in {seconds[1]:.1f} s with {solve['peak_memory_mb']:,.0f} MB at most. ",
        f"变量{solve['columns']:,}个，约束{solve['rows']:,}条，非零元{solve['nonzeros']:,}个；建模{seconds[0]:.1f}秒，"
        f"求解{seconds[1]:.1f}秒，内存峰值{solve['peak_memory_mb']:,.0f} MB。",
    )
    size += f"{solve['solver']}: {solve['status']}"
    versions = ", ".join(f"{name} {version}" for name, version in result.versions.items())
    return (
        markup.paragraph(word)
        + markup.table(sheet)
        + markup.paragraph(size)
        + markup.paragraph(same(versions), "quiet")
    )
