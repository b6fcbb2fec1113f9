"""One result as one HTML file: it opens offline, in English and Chinese, on a desk, a phone and paper."""

from __future__ import annotations

from pathlib import Path

from qhenergy.ground.faults import Fault, InputError
from qhenergy.outcome.audit import Audit, audit
from qhenergy.outcome.board import ClauseRow, board
from qhenergy.outcome.measures import ENERGY
from qhenergy.outcome.result import Result
from qhenergy.outcome.store import content_hash
from qhenergy.report import (
    charts_hours,
    charts_system,
    markup,
    page_backcast,
    page_board,
    page_cascade,
    page_data,
    page_rules,
    rules,
    sheets,
    sheets_carriers,
    sheets_demand,
    sheets_energy,
    sheets_flexible,
    sheets_indicators,
    weeks,
)
from qhenergy.report.clauses import ordered
from qhenergy.report.markup import Section
from qhenergy.report.names import PENALTIES
from qhenergy.report.sheet import Sheet
from qhenergy.report.view import View
from qhenergy.report.words import Words, number, same


def write(result: Result, path: Path, language: str = "en", found: Audit | None = None) -> None:
    """Write the report of a result.

    Args:
        result: the result.
        path: the HTML file.
        language: `en` or `zh`, the one shown first; the file holds both.
        found: the audit of the result, if it was made already.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        markup.write(text(result, language, found), path)
    except OSError as error:
        reason = error.strerror or str(error)
        fault = Fault(str(path), reason, "a file that can be written", "Choose another place for the report.")
        raise InputError([fault], "the report") from None


def text(result: Result, language: str = "en", found: Audit | None = None) -> str:
    """The report of a result as HTML; see `write`."""
    view, found, rows = View(result), found or audit(result), ordered(board(result))
    case = result.case
    title = Words(case.title, case.title_zh or case.title)
    return markup.page(
        title,
        _facts(view) + _cards(view, rows, found),
        _sections(view, rows, found),
        Words(
            f"qhenergy {result.versions['qhenergy']}, {result.created}",
            f"qhenergy {result.versions['qhenergy']}，{result.created}",
        ),
        language,
    )


def _facts(view: View) -> str:
    """Which case, which data, when, with what."""
    result, case = view.result, view.result.case
    hours, windows = len(result.hours), len(result.spans.spans)
    chain = Words("in a chain", "首尾相接") if result.spans.chained else Words("representative", "代表时段")
    facts = [
        (Words("data set", "数据集"), same(result.inputs.folder.name)),
        (
            Words("base year and stages", "基准年与规划年"),
            same(f"{case.base_year} → {', '.join(map(str, view.stages))}"),
        ),
        *([(Words("fleet", "装机"), Words("as recorded", "历史实绩"))] if case.fleet == "history" else []),
        (Words("target set", "目标集"), same(case.targets.set or "–")),
        (
            Words("hours", "模拟小时"),
            Words(f"{hours:,} in {windows} windows, ", f"{hours:,}，{windows}个时窗，") + chain,
        ),
        (Words("water year", "来水年型"), view.names.water_years(case.water.years)),
        (Words("demand scenario", "用电情景"), same(case.demand.scenario or "–")),
        (Words("send-out scenario", "外送情景"), same(case.send_out.scenario or "–")),
        (Words("weather seed", "气象种子"), same(case.weather.seed)),
        (Words("made", "生成时间"), same(result.created)),
        (Words("version", "版本"), same(f"qhenergy {result.versions['qhenergy']}")),
        (Words("hash of case and data", "算例与数据哈希"), same(content_hash(case, result.inputs))),
    ]
    items = "".join(f"<div><dt>{name.html()}</dt><dd>{value.html()}</dd></div>" for name, value in facts)
    return f'<dl class="facts">{items}</dl>'


def _cards(view: View, rows: list[ClauseRow], found: Audit) -> str:
    """The figures a reader looks for first, of the last stage."""
    stage = view.stages[-1]
    costs = view.costs.groupby("group")["cost [CNY/yr]"].sum()
    penalties = float(costs[costs.index.isin(PENALTIES)].sum())
    energy = view.energy[view.energy["stage"] == stage].groupby("role")[ENERGY].sum()
    table = view.full_load_hours[view.full_load_hours["stage"] == stage]
    left = view.curtailment[view.curtailment["stage"] == stage]
    offered, curtailed = float(left["offered [MWh/yr]"].sum()), float(left["curtailed [MWh/yr]"].sum())
    co2 = float(view.emissions.loc[view.emissions["stage"] == stage, "emission [t/yr]"].sum())
    power = float(view.storage.loc[view.storage["stage"] == stage, "power [MW]"].sum())
    enforced = [r for r in rows if r.stage == stage and r.strictness != "watched" and r.required is not None]
    met = sum(r.status != "missed" for r in enforced)
    unserved = float(energy.get("unserved", 0.0))
    demand, sent = -float(energy.get("demand", 0.0)), -float(energy.get("send_out", 0.0))
    year = f"{stage}"
    cards = [
        (
            Words("yearly cost", "年费用") + (Words(", weighted", "（加权）") if len(view.stages) > 1 else ""),
            number((float(costs.sum()) - penalties) / sheets.YI_CNY, 1),
            Words("10⁸ CNY", "亿元"),
            Words(
                f"and {number(penalties / sheets.YI_CNY, 2)} of penalties",
                f"另有惩罚项{number(penalties / sheets.YI_CNY, 2)}",
            ),
        ),
        (
            Words(f"generating capacity {year}", f"{year}年发电装机"),
            number(table["capacity [MW]"].sum() / sheets.WAN_KW, 0 if table["capacity [MW]"].sum() > 1e4 else 1),
            Words("10⁴ kW", "万千瓦"),
            Words(f"{number(table['capacity [MW]'].sum() / 1e3, 1)} GW", f"{number(table['capacity [MW]'].sum())} MW"),
        ),
        (
            Words(f"storage power {year}", f"{year}年储能功率"),
            number(power / sheets.WAN_KW, 0 if power > 1e3 else 1),
            Words("10⁴ kW", "万千瓦"),
            Words("batteries and pumped storage", "电化学与抽水蓄能"),
        ),
        (
            Words("demand", "用电量"),
            number(demand / sheets.YI_KWH, 1),
            Words("10⁸ kWh", "亿千瓦时"),
            Words(f"send-out {number(sent / sheets.YI_KWH, 1)}", f"外送{number(sent / sheets.YI_KWH, 1)}"),
        ),
        (
            Words("sun and wind curtailed", "新能源弃电率"),
            f"{curtailed / offered:.1%}" if offered else "–",
            same(""),
            Words(
                f"{number(curtailed / sheets.YI_KWH, 1)} ×10⁸ kWh", f"{number(curtailed / sheets.YI_KWH, 1)}亿千瓦时"
            ),
        ),
        (
            Words("unserved energy", "未供电量"),
            number(unserved / sheets.YI_KWH, 3),
            Words("10⁸ kWh", "亿千瓦时"),
            Words(f"{unserved / demand:.4%} of demand", f"占用电量{unserved / demand:.4%}") if demand else same(""),
        ),
        (
            Words("CO2", "二氧化碳"),
            number(co2 / sheets.WAN_T, 1),
            Words("10⁴ t", "万吨"),
            Words("imports included", "含购入电力"),
        ),
        (
            Words("enforced clauses met", "约束条款达标"),
            f"{met} / {len(enforced)}",
            same(""),
            Words("audit passed", "审计通过") if found.passed else Words("audit FAILED", "审计未通过"),
        ),
    ]
    return (
        '<div class="cards">'
        + "".join(
            f'<div><span class="what">{what.html()}</span><b>{value} <small>{unit.html()}</small></b>'
            f'<span class="more">{more.html()}</span></div>'
            for what, value, unit, more in cards
        )
        + "</div>"
    )


def _tables(*made: Sheet | None) -> str:
    present = "".join(f"<div>{markup.table(sheet)}</div>" for sheet in made if sheet is not None)
    return f'<div class="tables">{present}</div>' if present else ""


def _sections(view: View, rows: list[ClauseRow], found: Audit) -> list[Section]:
    stages, inputs = view.stages, view.result.inputs
    every = [(s, w) for s in stages for w in weeks.pick(view, s)]
    return [
        Section("targets", Words("Target board", "目标对照"), Words("Targets", "目标"), page_board.board(view, rows)),
        Section(
            "indicators",
            Words("Indicators", "指标"),
            Words("Indicators", "指标"),
            "".join(markup.table(sheets_indicators.table(view, s)) for s in stages),
        ),
        Section("rules", rules.TITLE, Words("Rules", "条文"), page_rules.content(view)),
        Section("backcast", Words("Back-cast", "历史回算"), Words("Back-cast", "回算"), page_backcast.content(view)),
        Section(
            "capacity",
            Words("Capacity", "装机容量"),
            Words("Capacity", "装机"),
            markup.charts([charts_system.capacity_by_technology(view), charts_system.capacity_by_zone(view)])
            + _tables(sheets.pathway(view))
            + "".join(
                _tables(sheets.capacity(view, s), sheets.capacity(view, s, "zone"), sheets.capacity_matrix(view, s))
                for s in stages
            ),
        ),
        Section(
            "costs",
            Words("Costs", "费用"),
            Words("Costs", "费用"),
            f'<div class="beside">{charts_system.costs(view).html()}{markup.table(sheets.costs(view))}</div>'
            + _tables(sheets.stages(view)),
        ),
        Section(
            "dispatch",
            Words("Dispatch", "运行方式"),
            Words("Dispatch", "运行"),
            markup.paragraph(
                Words(
                    "Stacked above zero is what supplies the system, below zero what stores and pumps take and ties "
                    "export. What rises above the dashed line charges stores, lifts water, is exported or lost.",
                    "零轴以上为供电侧堆积，以下为储能充电、梯级抽水与联络线售出；高出虚线的部分用于充电、抽水、售出或为损耗。",
                )
            )
            + markup.charts([charts_hours.dispatch(view, s, w) for s, w in every], wide=True),
        ),
        Section(
            "energy",
            Words("Energy of the year", "全年电量"),
            Words("Energy", "电量"),
            markup.charts(
                [c(view, s) for s in stages for c in (charts_system.full_load_hours, charts_system.curtailment)]
            )
            + "".join(
                _tables(
                    sheets_energy.generation(view, s),
                    sheets_energy.balance(view, s),
                    sheets_demand.by_sector(view, s),
                    sheets_demand.matrix(view, s),
                    sheets_demand.cost_matrix(view, s),
                    sheets_energy.storage(view, s),
                    sheets_flexible.flexible(view, s),
                    sheets_flexible.by_sector(view, s),
                    sheets_flexible.siting(view, s),
                    sheets_energy.emissions(view, s),
                    sheets_carriers.hydrogen(view, s),
                    sheets_carriers.heat(view, s),
                )
                for s in stages
            ),
        ),
        page_cascade.section(view),
        Section(
            "send-out",
            Words("Send-out", "外送"),
            Words("Send-out", "外送"),
            markup.charts([charts_hours.send_out(view, s) for s in stages], wide=True)
            + "".join(_tables(sheets_energy.send_out(view, s)) for s in stages),
        ),
        Section(
            "corridors",
            Words("Lines between zones", "区间通道"),
            Words("Lines", "通道"),
            markup.charts([charts_system.corridors(view, s) for s in stages], wide=True)
            + "".join(_tables(sheets_energy.corridors(view, s)) for s in stages),
        ),
        Section(
            "prices",
            Words("Prices", "边际电价"),
            Words("Prices", "电价"),
            markup.charts([c(view, s) for s in stages for c in (charts_hours.price_map, charts_hours.price_duration)]),
        ),
        Section(
            "outside",
            Words("What this run leaves out", "本次计算未约束、未计入的内容"),
            Words("Left out", "未计入"),
            page_board.outside(view, rows),
        ),
        Section(
            "data",
            Words("Data and sources", "数据与来源"),
            Words("Data", "数据"),
            page_data.sources(inputs, view.result.case.change),
        ),
        Section("audit", Words("Audit", "审计"), Words("Audit", "审计"), page_data.checks(view.result, found)),
    ]
