"""The tables of demand by sector that console and page share; none where sectors are not told apart."""

from __future__ import annotations

import pandas as pd

from qhenergy.data.sectors import SECTORS, intensive
from qhenergy.outcome import sector_costs, sectors
from qhenergy.outcome.measures import ENERGY
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import TOTAL, YI_KWH, YI_KWH_UNIT
from qhenergy.report.sheets_indicators import CNY_MWH
from qhenergy.report.view import View
from qhenergy.report.words import Words, number

HEAVY = Words("energy-intensive together", "高耗能行业合计")
AVERAGE = Words(
    "Average cost: cost of service by peak and average. Running costs go by energy; investment and fixed O&M by energy "
    "up to the load factor, beyond it by power in the 100 hours of highest net load. Other loads and send-out bear "
    "their shares beside the sectors.",
    "平均成本按“峰值与平均”法分摊：运行成本按电量；投资与固定运维成本在负荷率以内按电量，其余按净负荷最高的100小时功率分摊。"
    "其他负荷与外送另行分担。",
)


def by_sector(view: View, stage: int) -> Sheet | None:
    """What each sector takes in a year, its share, the marginal price of its hours and the average cost of a MWh."""
    table = view.prices_by_sector
    table = table[table["stage"] == stage].set_index("sector")
    if table.empty:
        return None
    growth = view.result.case.demand.scenario
    sheet = Sheet(
        Words(f"Demand by sector, {stage}", f"{stage}年分行业用电"),
        (
            Words("sector", "行业"),
            YI_KWH_UNIT,
            Words("share", "占比"),
            Words("marginal price, ", "边际电价，") + CNY_MWH,
            Words("average cost, ", "平均成本，") + CNY_MWH,
        ),
        note=Words(
            f"Growth scenario: {growth or 'none, as the tables say'}. Price: that of the zone in each hour, "
            f"weighted by what the sector takes. {AVERAGE.en}",
            f"增长情景：{growth or '无（按数据表）'}。边际电价按行业逐时用电对分区电价加权。{AVERAGE.zh}",
        ),
    )
    energy = view.demand_by_sector[view.demand_by_sector["stage"] == stage].groupby("sector")[ENERGY].sum()
    total = float(energy.sum())
    costs = view.costs_by_sector[view.costs_by_sector["stage"] == stage]
    for sector, taken in energy.reindex(_order(view, energy)).items():
        price = number(table.at[sector, sectors.PRICE], 1)
        cells = [*_energy(float(taken), total), price, _average(costs, [str(sector)])]
        sheet.rows.append(Row(_name(view, str(sector)), cells))
    heavy = float(energy[energy.index.isin(intensive(view.result.inputs))].sum())
    if heavy > 0:
        price = number(table.at[sectors.INTENSIVE, sectors.PRICE], 1)
        average = _average(costs, intensive(view.result.inputs))
        sheet.rows.append(Row(HEAVY, [*_energy(heavy, total), price, average], "part"))
    sheet.rows.append(Row(TOTAL, [*_energy(total, total), "", _average(costs, list(energy.index))], "sum"))
    return sheet


def matrix(view: View, stage: int) -> Sheet | None:
    """What each sector takes in each zone in a year."""
    table = view.demand_by_sector[view.demand_by_sector["stage"] == stage]
    if table.empty:
        return None
    energy = table.pivot_table(index="sector", columns="zone", values=ENERGY, aggfunc="sum", fill_value=0.0)
    zones = [zone for zone in view.zones if zone in energy.columns]
    sheet = Sheet(
        Words(f"Demand by sector and zone, {stage} [10^8 kWh/yr]", f"{stage}年分行业分区用电（亿千瓦时）"),
        (Words("sector", "行业"), *(view.names.zone(zone) for zone in zones), TOTAL),
    )
    for sector in _order(view, energy):
        values = energy.loc[sector, zones] / YI_KWH
        cells = [number(v, 1) if abs(v) >= 0.05 else "" for v in values]
        sheet.rows.append(Row(_name(view, sector), [*cells, number(values.sum(), 1)]))
    sums = energy[zones].sum() / YI_KWH
    sheet.rows.append(Row(TOTAL, [*(number(v, 1) for v in sums), number(sums.sum(), 1)], "sum"))
    return sheet


def cost_matrix(view: View, stage: int) -> Sheet | None:
    """What a MWh costs each sector in each zone: at the margin, and on average."""
    table = view.costs_by_sector[view.costs_by_sector["stage"] == stage]
    table = table[table["zone"] != ""].set_index(["sector", "zone"])
    if table.empty:
        return None
    zones = [zone for zone in view.zones if zone in table.index.get_level_values("zone")]
    sheet = Sheet(
        Words(
            f"Marginal price / average cost by sector and zone, {stage} [CNY/MWh]",
            f"{stage}年分行业分区边际电价／平均成本（元/兆瓦时）",
        ),
        (Words("sector", "行业"), *(view.names.zone(zone) for zone in zones)),
        note=AVERAGE,
    )
    for sector in _order(view, table.groupby(level="sector")[sectors.PRICE].size()):
        cells = [_both(table.loc[sector, zone]) if (sector, zone) in table.index else "" for zone in zones]
        sheet.rows.append(Row(_name(view, sector), cells))
    return sheet


def _both(row: pd.Series) -> str:
    return f"{number(row[sectors.PRICE], 1)} / {number(row[sector_costs.AVERAGE], 1)}"


def _average(costs: pd.DataFrame, taking: list[str]) -> str:
    """Average cost of what some sectors are served together [CNY/MWh]."""
    part = costs[costs["sector"].isin(taking)]
    paid, energy = part[[sector_costs.RUNNING_COST, sector_costs.STANDING_COST]].to_numpy().sum(), part[ENERGY].sum()
    return number(paid / energy, 1) if energy > 0 else ""


def _order(view: View, table: pd.Series | pd.DataFrame) -> list[str]:
    return [str(s) for s in view.result.inputs[SECTORS.name].index if s in table.index]


def _name(view: View, sector: str) -> Words:
    return view.names.of(SECTORS.name, sector)


def _energy(taken: float, total: float) -> list[str]:
    digits = 1 if total >= 100 * YI_KWH else 2
    return [number(taken / YI_KWH, digits), f"{taken / total:.1%}" if total else "–"]
