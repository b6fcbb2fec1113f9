"""The tables of demand by sector that console and page share; none where sectors are not told apart."""

from __future__ import annotations

import pandas as pd

from qhenergy.data.sectors import SECTORS, intensive
from qhenergy.outcome import sectors
from qhenergy.outcome.measures import ENERGY
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import TOTAL, YI_KWH, YI_KWH_UNIT
from qhenergy.report.sheets_indicators import CNY_MWH
from qhenergy.report.view import View
from qhenergy.report.words import Words, number

HEAVY = Words("energy-intensive together", "高耗能行业合计")


def by_sector(view: View, stage: int) -> Sheet | None:
    """What each sector takes in a year, its share, and the marginal price of its hours."""
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
        ),
        note=Words(
            f"Growth scenario: {growth or 'none, as the tables say'}. Price: that of the zone in each hour, "
            "weighted by what the sector takes.",
            f"增长情景：{growth or '无（按数据表）'}。边际电价按行业逐时用电对分区电价加权。",
        ),
    )
    energy = view.demand_by_sector[view.demand_by_sector["stage"] == stage].groupby("sector")[ENERGY].sum()
    total = float(energy.sum())
    for sector, taken in energy.reindex(_order(view, energy)).items():
        cells = [*_energy(float(taken), total), number(table.at[sector, sectors.PRICE], 1)]
        sheet.rows.append(Row(_name(view, str(sector)), cells))
    heavy = float(energy[energy.index.isin(intensive(view.result.inputs))].sum())
    if heavy > 0:
        price = number(table.at[sectors.INTENSIVE, sectors.PRICE], 1)
        sheet.rows.append(Row(HEAVY, [*_energy(heavy, total), price], "part"))
    sheet.rows.append(Row(TOTAL, [*_energy(total, total), ""], "sum"))
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


def _order(view: View, table: pd.Series | pd.DataFrame) -> list[str]:
    return [str(s) for s in view.result.inputs[SECTORS.name].index if s in table.index]


def _name(view: View, sector: str) -> Words:
    return view.names.of(SECTORS.name, sector)


def _energy(taken: float, total: float) -> list[str]:
    digits = 1 if total >= 100 * YI_KWH else 2
    return [number(taken / YI_KWH, digits), f"{taken / total:.1%}" if total else "–"]
