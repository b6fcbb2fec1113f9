"""The table of indicators that console and page share."""

from __future__ import annotations

from qhenergy.outcome.indicators import Indicators, Run, indicators
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import WAN_T
from qhenergy.report.view import View
from qhenergy.report.words import Words, figures, number, same

CNY_MWH = Words("CNY/MWh", "元/兆瓦时")
NOTE = Words(
    "Fossil is what emits CO2; the mix of an hour holds imports, and stores at the mean of what they took in. Average "
    "cost: all costs without penalties, over energy served at home and sent out over direct-current lines. Flat "
    "load: the same power in every hour.",
    "化石电力指排放二氧化碳的电力；逐时电力结构含购入电力，储能按全年充电平均结构计。平均成本为不含惩罚项的总费用除以省内供电量与直流外送电量之和。"
    "平稳负荷为全年功率恒定的用户。",
)


def table(view: View, stage: int) -> Sheet:
    """Indicators of a stage, one a row."""
    found = indicators(view.result, stage)
    sheet = Sheet(
        Words(f"Indicators, {stage}", f"{stage}年指标"),
        (Words("indicator", "指标"), Words("value", "数值"), Words("unit", "单位")),
        words=2,
        note=NOTE,
    )
    for name, value, unit in (*_runs(found), *_shares(found), *_prices(view, found), *_carbon(found)):
        if value.en:
            sheet.rows.append(Row(name, [value, unit]))
    return sheet


Line = tuple[Words, Words, Words]


def _runs(found: Indicators) -> list[Line]:
    days = Words("days", "天")
    return [
        (Words("days in a row without fossil generation", "连续无化石发电天数"), _days(found.without_fossil), days),
        (
            Words("days in a row without fossil generation or imports", "连续无化石发电及化石购电天数"),
            _days(found.without_fossil_imports),
            days,
        ),
    ]


def _days(run: Run) -> Words:
    if not run.days:
        return Words(f"0 ({run.hours:,} h)", f"0（{run.hours:,}小时）")
    return Words(
        f"{run.days} from {run.first_day} ({run.hours:,} h)", f"{run.days}，自{run.first_day}（{run.hours:,}小时）"
    )


def _shares(found: Indicators) -> list[Line]:
    lines = (
        (Words("clean share of generation", "发电量清洁占比"), found.clean_generation),
        (Words("clean share of consumption", "用电量清洁占比"), found.clean_consumption),
        (Words("clean share of what is sent out and exported", "外送与售出电量清洁占比"), found.clean_export),
        (
            Words("clean energy used at home, of what is generated and bought", "清洁电量就地消纳比重"),
            found.local_consumption,
        ),
        (Words("imports over consumption", "购入电量占用电量"), found.import_share),
        (Words("flexible share of capacity", "灵活调节电源占比"), found.flexible),
        (Words("the same at the end of the base year", "基准年末灵活调节电源占比"), found.flexible_base),
    )
    return [(name, _number(100 * value, 1), same("%")) for name, value in lines]


def _prices(view: View, found: Indicators) -> list[Line]:
    lines = [
        (Words("average cost", "平均成本"), found.average_cost),
        (Words("marginal price, by load", "边际电价（按负荷加权）"), found.price),
        (Words("marginal price, flat load", "边际电价（平稳负荷）"), found.flat_price),
    ]
    for zone, (load, flat) in found.zone_prices.items():
        name = view.names.zone(zone)
        lines.append((name + Words(", by load", "（按负荷加权）"), load))
        lines.append((name + Words(", flat load", "（平稳负荷）"), flat))
    return [(name, _number(value, 1), CNY_MWH) for name, value in lines]


def _carbon(found: Indicators) -> list[Line]:
    return [
        (Words("CO2", "二氧化碳"), same(figures(found.emission / WAN_T)), Words("10^4 t", "万吨")),
        (
            Words("CO2 for what is consumed", "单位用电量二氧化碳"),
            same(figures(found.intensity)),
            Words("t/MWh", "吨/兆瓦时"),
        ),
    ]


def _number(value: float, digits: int) -> Words:
    """A number; nothing where there is none, so that the row is left out."""
    return same(number(value, digits)) if value == value else same("")
