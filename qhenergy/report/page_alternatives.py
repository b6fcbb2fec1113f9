"""What `qhenergy alternatives` shows: ranges by slack, what ends them, and plans unlike each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go
from rich.console import Console

from qhenergy.data.inputs import Inputs
from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.near_optimal import NearOptimal, Plan, Subject
from qhenergy.report import console, markup
from qhenergy.report.charts import INK, Chart, figure, small, wrapped
from qhenergy.report.markup import Section
from qhenergy.report.names import Names
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import YI_CNY
from qhenergy.report.words import SEPARATOR, Words, check_language, figures, number, same
from qhenergy.solving.near_optimal import CLAUSE, LEAST, MONEY, MOST, Stop

PAGE = "alternatives.html"
ENDS = {LEAST: Words("least", "最少"), MOST: Words("most", "最多")}
TECHNOLOGY = Words("technology", "技术")
#: Shades of the widest and the narrowest slack.
WIDE, NARROW = (200, 217, 240), (31, 78, 140)
#: How many of what stops an end are told of.
TOLD = 3


def show(made: NearOptimal, inputs: Inputs, folder: Path, out: Console, language: str = "en") -> None:
    """Print ranges and plans and write their page.

    Raises:
        InputError: a language the report does not speak, or a page that cannot be written.
    """
    check_language(language)
    path, names = folder / PAGE, Names(inputs)
    try:
        markup.write(text(made, inputs, language), path)
    except OSError as error:
        fault = Fault(str(path), error.strerror or str(error), "a file that can be written", "Free it.")
        raise InputError([fault], "the page of the study") from None
    for sheet in (ranges(made, names), stops(made, names), plans(made, names)):
        if sheet is not None:
            console.show_sheet(sheet, out, language)
    out.print(f"\n{effort(made).pick(language)}", highlight=False, soft_wrap=True)
    out.print(f"alternatives: {path}\ntables: {folder}", highlight=False, soft_wrap=True)


def text(made: NearOptimal, inputs: Inputs, language: str = "en") -> str:
    """The page as HTML."""
    names = Names(inputs)
    title = Words(f"Near-optimal alternatives: {made.title}", f"近优替代方案：{made.title_zh}")
    cost = number(made.least_cost.cost / YI_CNY, 2)
    slacks = Words(", ".join(map(percent, made.slacks)), "、".join(map(percent, made.slacks)))
    head = Words(
        f"How little and how much of each technology in {made.stage}, if the year may cost up to {slacks.en} more than "
        f"the least, {cost} x 10^8 CNY/yr. The slack is of the whole yearly cost.",
        f"{made.stage}年：年费用最多比最低值（{cost}亿元/年）高{slacks.zh}时，各技术装机的最少与最多。松弛以全部年费用为基数。",
    )
    different, found = plans(made, names), stops(made, names)
    sections = [
        Section(
            "ranges",
            Words("Least and most within the slack", "松弛内的最少与最多"),
            Words("Ranges", "区间"),
            markup.charts([range_chart(made, names)], wide=True) + markup.table(ranges(made, names), stacks=True),
        ),
        Section(
            "stops",
            Words("What ends the ranges", "区间止于何处"),
            Words("Ends", "端点"),
            markup.table(found, stacks=True) if found else "",
        ),
        Section(
            "plans",
            Words("Plans unlike each other", "差异化方案"),
            Words("Plans", "方案"),
            markup.charts(plan_charts(made, names)) + (markup.table(different) if different else ""),
        ),
    ]
    return markup.page(
        title, markup.paragraph(head, "quiet") + markup.paragraph(effort(made), "quiet"), sections,
        same(made.created), language,
    )  # fmt: skip


def effort(made: NearOptimal) -> Words:
    """How many plans were solved for, how many needed no solution, and how many have none."""
    solved, saved, failed = len(made.plans), len(made.saved), len(made.failed)
    return Words(
        f"{solved} plans solved, {saved} ends known without solving"
        + (f", {failed} not solved" if failed else "")
        + ".",
        f"已求解{solved}个方案，{saved}个端点无需求解" + (f"，{failed}个未能求解" if failed else "") + "。",
    )


def percent(slack: float) -> str:
    """A slack as it is printed."""
    return f"{100 * slack:.10g} %"


def share(made: NearOptimal) -> Words:
    """What the axis of a chart is in."""
    widest = percent(made.slacks[-1])
    return Words(f"% of the most at +{widest}", f"占+{widest}时最多装机的%")


def subject(names: Names, of: Subject) -> Words:
    """Name of a technology, or of a group as such."""
    if not of.group:
        return names.technology(of.name)
    name = names.of("group_names", of.name)
    return Words(f"{name.en} (group)", f"{name.zh}（组）")


def called(names: Names, made: NearOptimal, plan: Plan) -> Words:
    """What a plan is, in words."""
    if plan is made.least_cost:
        return Words("least cost", "最低费用")
    if not plan.subject:
        return Words(f"unlike those before, {percent(plan.slack)}", f"与前不同（{percent(plan.slack)}）")
    (of,) = (s for s in made.subjects if s.key == plan.subject)
    name, end = subject(names, of), ENDS[plan.end]
    return Words(f"{end.en} {name.en}, {percent(plan.slack)}", f"{name.zh}{end.zh}（{percent(plan.slack)}）")


def ranges(made: NearOptimal, names: Names) -> Sheet:
    """Least and most by slack."""
    sheet = Sheet(
        Words(f"Least and most capacity in {made.stage} [MW]", f"{made.stage}年装机的最少与最多（MW）"),
        (
            TECHNOLOGY,
            Words("least cost", "最低费用"),
            *(Words(f"+{percent(s)}", f"+{percent(s)}") for s in made.slacks),
        ),
        note=Words(
            "Each for itself: not all can be at their least, or at their most, at once. *: no plan is known beyond it, "
            "and none is proven not to be.",
            "各技术单独计算，不能同时取最少或最多。*：尚未证明不可能更远。",
        ),
    )
    for of in made.subjects:
        cells = [number(made.least_cost.of(of.assets))]
        for slack in made.slacks:
            ends = [made.end(of, which, slack) for which in (LEAST, MOST)]
            cells.append(" – ".join(number(end.value) + ("" if end.proven else "*") for end in ends))
        sheet.rows.append(Row(subject(names, of), cells))
    return sheet


def stops(made: NearOptimal, names: Names) -> Sheet | None:
    """What ends ranges within the widest slack, and what another kW would cost; None where the data end all."""
    slack = made.slacks[-1]
    sheet = Sheet(
        Words(f"What ends the ranges at +{percent(slack)}", f"+{percent(slack)}时区间止于何处"),
        (
            TECHNOLOGY,
            Words("stopped by", "受限于"),
            Words("MW", "MW"),
            Words("another kW costs CNY/yr", "再进1千瓦 元/年"),
        ),
        words=1,
        note=Words(
            "In brackets: how many MW further with one hundredth more of it (or less). The last column: what the year "
            "costs more for another kW beyond the end, where the cost stops it. All other ends are those of the data: "
            "what stands and may not go, or all the room there is.",
            "括号内：该限制放宽1%时可再进一步的MW数。末列：费用受限时，超出端点每千瓦增加的年费用。其余端点由数据决定：不可退役的现有装机，或全部可建容量。",
        ),
    )
    for of in made.subjects:
        for which in (LEAST, MOST):
            end = made.end(of, which, slack)
            if end.proof is None:
                continue
            name, word = subject(names, of), ENDS[which]
            head = Words(f"{name.en}: {word.en}", f"{name.zh}：{word.zh}")
            sheet.rows.append(
                Row(head, [stopped(names, end.proof), number(end.value), number(end.proof.marginal / 1e3)])
            )
    return sheet if sheet.rows else None


def stopped(names: Names, proof: Plan) -> Words:
    """What stops an end, in words."""
    found = [_stop(names, stop) for stop in proof.stops[:TOLD]]
    return Words("; ".join(f.en for f in found) or "–", "；".join(f.zh for f in found) or "–")


def _stop(names: Names, stop: Stop) -> Words:
    effect = figures(stop.effect, 3)
    if stop.kind == MONEY:
        return Words(f"cost ({effect})", f"费用（{effect}）")
    if stop.kind == CLAUSE:
        return Words(f"{stop.name} ({effect})", f"{stop.name}（{effect}）")
    name = names.technology(stop.name)
    return Words(f"room of {name.en} ({effect})", f"{name.zh}可建容量（{effect}）")


def plans(made: NearOptimal, names: Names) -> Sheet | None:
    """The least-cost plan and plans unlike it, side by side; None where there is none."""
    shown = made.shown()
    if len(shown) < 2:
        return None
    called_ = [called(names, made, plan) for plan, _ in shown]
    told = Words(
        "; ".join(f"{i}: {name.en}" for i, name in enumerate(called_[1:], 1)),
        "；".join(f"{i}：{name.zh}" for i, name in enumerate(called_[1:], 1)),
    )
    sheet = Sheet(
        Words("Capacity of plans unlike each other [MW]", "差异化方案的装机（MW）"),
        (TECHNOLOGY, called_[0], *(same(i) for i in range(1, len(shown)))),
        note=told
        + Words(
            ". Distance: root mean square of the differences of capacity, each over its range within the widest slack, "
            "to the nearest plan before it.",
            "。距离：各技术装机差与其最宽松弛内区间之比的均方根，取与之前方案中最近者。",
        ),
    )
    for of in made.subjects:
        sheet.rows.append(Row(subject(names, of), [number(plan.of(of.assets)) for plan, _ in shown]))
    more = [number(100 * made.more(plan), 2) for plan, _ in shown]
    away = ["–", *(number(distance, 2) for _, distance in shown[1:])]
    costs = [number(plan.cost / YI_CNY, 2) for plan, _ in shown]
    sheet.rows.append(Row(Words("cost 10^8 CNY/yr", "费用（亿元/年）"), costs, "sum"))
    sheet.rows += [Row(Words("more %", "增幅%"), more), Row(Words("distance", "距离"), away)]
    return sheet


# charts


def _open(made: NearOptimal) -> list[tuple[Subject, float]]:
    """Subjects that are not the same in all plans, with what is a hundred percent of them [MW]."""
    found = []
    for of in made.subjects:
        low, high = (made.end(of, which, made.slacks[-1]) for which in (LEAST, MOST))
        if high.value - low.value > low.tolerance:
            found.append((of, high.value))
    return found


def _label(name: Words, below: str = "") -> str:
    """A name of an axis, with a line below it that is the same in both languages."""
    sides = wrapped(name).split(SEPARATOR)
    return SEPARATOR.join(f"{side}<br>{below}" if below else side for side in sides)


def range_chart(made: NearOptimal, names: Names) -> Chart | None:
    """A bar from least to most for each technology and slack, with the least-cost plan marked."""
    rows = _open(made)
    if not rows:
        return None
    drawn = figure(None, share(made), barmode="overlay")
    legend: list[tuple[Words, str]] = []
    widest = [[made.end(of, which, made.slacks[-1]).value for which in (LEAST, MOST)] for of, _ in rows]
    labels = [
        _label(subject(names, of), f"{number(low)} – {number(high)} MW")
        for (of, _), (low, high) in zip(rows, widest, strict=True)
    ]
    for i, slack in enumerate(reversed(made.slacks)):
        name, colour = Words(f"+{percent(slack)}", f"+{percent(slack)}"), _shade(i, len(made.slacks))
        ends = [[made.end(of, which, slack).value for which in (LEAST, MOST)] for of, _ in rows]
        tops = [top for _, top in rows]
        drawn.add_trace(
            go.Bar(
                y=labels, orientation="h", name=name.chart(), legendgroup=str(len(legend)), marker_color=colour,
                base=small([100 * low / top for (low, _), top in zip(ends, tops, strict=True)]),
                x=small([100 * (high - low) / top for (low, high), top in zip(ends, tops, strict=True)]),
                width=0.72 - 0.4 * i / max(len(made.slacks) - 1, 1),
                text=[f"{number(low)} – {number(high)} MW" for low, high in ends], textposition="none",
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
        legend.append((name, colour))
    least = Words("least cost", "最低费用")
    _mark(drawn, labels, made, rows, least, str(len(legend)))
    legend.append((least, INK))
    drawn.update_yaxes(range=[len(rows) - 0.5, -0.5], ticklabelstandoff=4)
    drawn.update_xaxes(range=[-2, 103])
    return Chart(
        "alternatives-ranges",
        drawn,
        Words("Least and most of each technology", "各技术的最少与最多"),
        Words("Range of capacity by technology and slack", "分技术分松弛的装机区间"),
        legend=tuple(legend),
        height=60 + 58 * len(rows),
    )


def plan_charts(made: NearOptimal, names: Names) -> list[Chart]:
    """A small chart for each plan, all with the same axes, with the least-cost plan marked."""
    rows = [(of, top) for of, top in _open(made) if not of.group]
    if not rows:
        return []
    charts = []
    labels = [_label(names.technology(of.name)) for of, _ in rows]
    for number_, (plan, _) in enumerate(made.different(), 1):
        drawn = figure(None, share(made))
        name = called(names, made, plan)
        powers = [plan.of(of.assets) for of, _ in rows]
        drawn.add_trace(
            go.Bar(
                y=labels, orientation="h", name=name.chart(), legendgroup="0",
                x=small([100 * power / top for power, (_, top) in zip(powers, rows, strict=True)]),
                marker_color=[names.colour(of.name) for of, _ in rows],
                text=[f"{number(power)} MW" for power in powers], textposition="none",
                hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip
        _mark(drawn, labels, made, rows, Words("least cost", "最低费用"), "1")
        drawn.update_yaxes(range=[len(rows) - 0.5, -0.5], ticklabelstandoff=4)
        drawn.update_xaxes(range=[-2, 103])
        more = number(100 * made.more(plan), 1)
        charts.append(
            Chart(
                f"alternatives-plan-{number_}",
                drawn,
                Words(f"{number_}: {name.en}; cost +{more} %", f"{number_}：{name.zh}；费用+{more}%"),
                Words(f"Capacity of plan {number_} by technology", f"方案{number_}分技术装机"),
                note=Words("Diamond: the least-cost plan.", "菱形：最低费用方案。"),
                height=70 + 34 * len(rows),
            )
        )
    return charts


def _mark(
    drawn: go.Figure, labels: Sequence[str], made: NearOptimal, rows: Sequence[tuple[Subject, float]], name: Words,
    group: str,
) -> None:  # fmt: skip
    """Mark the least-cost plan across the bars."""
    powers = [made.least_cost.of(of.assets) for of, _ in rows]
    drawn.add_trace(
        go.Scatter(
            y=list(labels), x=small([100 * power / top for power, (_, top) in zip(powers, rows, strict=True)]),
            mode="markers", name=name.chart(), legendgroup=group,
            marker={"symbol": "diamond", "size": 12, "color": INK, "line": {"width": 2, "color": "white"}},
            text=[f"{number(power)} MW" for power in powers], hovertemplate="%{text}<extra>%{fullData.name}</extra>",
        )
    )  # fmt: skip


def _shade(place: int, count: int) -> str:
    """Colour of a slack, the widest first."""
    share = place / max(count - 1, 1)
    mixed = (round(a + share * (b - a)) for a, b in zip(WIDE, NARROW, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
