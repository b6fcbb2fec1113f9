"""The tables of what portfolios do: what storage earns and pays, how it is used, what it changes, what targets say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from qhenergy.outcome.asset_profit import PAYS, REVENUES
from qhenergy.outcome.portfolio_measures import FULL, Measures
from qhenergy.outcome.portfolios import Benchmark
from qhenergy.outcome.storage_effect import CO2, CURTAILED, MISSING, UNSERVED, USED
from qhenergy.report.clauses import UNITS
from qhenergy.report.names import SENSE, STRICTNESS, Names
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets import WAN_KW, WAN_T, YI_KWH
from qhenergy.report.sheets_portfolios import (
    KW,
    LEAST_MW,
    PORTFOLIO,
    POWER,
    shown,
    title_of,
)
from qhenergy.report.words import Words, figures, number, same

#: Changes below this share of a number are what a solver leaves.
SAME = 1e-4
APART = Words("Targets that are enforced, or that tell portfolios apart", "约束性目标与达标与否不同的目标")
OTHERS = Words("Targets that all meet, or that all miss", "各方案均达标或均未达标的目标")
REVENUE = {
    "energy": Words("energy", "电量"),
    "capacity": Words("capacity", "容量"),
    "reserve": Words("reserve", "备用"),
    "targets": Words("targets", "目标约束"),
    "other": Words("other", "其他"),
}
YES, NO = Words("yes", "是"), Words("no", "否")
#: A technology is new where what it was charged for investment is more than this share of what all of it would cost.
NEW = 0.005
NOTE = Words(
    "At the dual prices of the plan, charging paid for; the yearly cost is that of new capacity, fixed O&M and running "
    "included. Break-even: the investment at which it just would pay. Capacity of the kind that stood before is told "
    "with it; other: water, fuel, network.",
    "按规划的影子价格计，已扣除充电费用；年成本按新建计，含固定运维与运行费用。盈亏平衡投资：恰可收回年成本的投资水平。"
    "同类既有容量一并列示；其他收益含水、燃料与电网。",
)


def new_kinds(found: Measures) -> set[tuple[str, str]]:
    """Portfolios and technologies of which they have anything new."""
    sums = found.assets.groupby(["portfolio", "technology"])[["capacity [MW]", "investment [CNY/yr]", FULL]].sum()
    new = (sums["capacity [MW]"] >= LEAST_MW) & (sums["investment [CNY/yr]"] > NEW * sums[FULL])
    return {(str(portfolio), str(technology)) for portfolio, technology in sums.index[new]}


def earnings(found: Measures) -> pd.DataFrame:
    """What new storage of each portfolio and technology earns and costs.

    Returns:
        Columns portfolio, technology, power [MW], revenues by purpose, cost and profit [CNY/kW/yr], price and
        break-even [CNY/kW] and [CNY/kWh], pays.
    """
    rows, new = [], new_kinds(found)
    for (portfolio, technology), part in found.assets.groupby(["portfolio", "technology"], sort=False):
        if (portfolio, technology) not in new:
            continue
        power = part["capacity [MW]"].to_numpy()
        row: dict[str, object] = {"portfolio": portfolio, "technology": technology, "power": power.sum()}
        for word in REVENUES:
            row[word] = part[f"revenue {word} [CNY/yr]"].sum() / power.sum() / KW
        row["cost"] = part[FULL].sum() / power.sum() / KW
        row["profit"] = sum(row[word] for word in REVENUES) - row["cost"]  # type: ignore[misc, operator]
        for word in ("price", "break-even"):
            whole = float(power @ part[f"{word} [CNY/kW]"])
            row[f"{word} kW"] = whole / power.sum()
            energy = part["energy [MWh]"].sum(min_count=1)
            row[f"{word} kWh"] = whole / energy if energy > 0 else np.nan
        row["pays"] = row["profit"] >= -PAYS * abs(row["cost"])  # type: ignore[arg-type, operator]
        rows.append(row)
    words = [*REVENUES, "cost", "profit", "price kW", "break-even kW", "price kWh", "break-even kWh", "pays"]
    return pd.DataFrame(rows, columns=["portfolio", "technology", "power", *words])


def _grouped(found: Benchmark, table: pd.DataFrame) -> Iterator[tuple[Words | None, pd.Series]]:
    """Rows portfolio by portfolio in the order of the ranking, each first one with the name of the portfolio."""
    for o in shown(found):
        for i, (_, row) in enumerate(table[table["portfolio"] == o.name].iterrows()):
            yield (title_of(found)(o.name) if i == 0 else None), row


def worth(found: Benchmark, names: Names, short: bool = False) -> Sheet | None:
    """What new storage earns against what it costs, and the investment at which it would pay.

    Args:
        found: the benchmark.
        names: of its case.
        short: whether it is for a console: all revenues in one, and portfolios under their keys.
    """
    if found.measures is None:
        return None
    table = earnings(found.measures)
    table["earned"] = table[list(REVENUES)].sum(axis=1)
    purposes = ["earned"] if short else [word for word in REVENUES if table[word].abs().max() >= 0.05]
    columns = [*purposes, "cost", "profit", "price kW", "break-even kW"]
    columns += [] if short else ["price kWh", "break-even kWh"]
    even = Words("break-even", "盈亏平衡")
    heads = {
        **REVENUE,
        "earned": Words("earned", "收益"),
        "cost": Words("yearly cost", "年成本"),
        "profit": Words("profit", "盈余"),
        "price kW": Words("CNY/kW", "元/千瓦"),
        "price kWh": Words("CNY/kWh", "元/千瓦时"),
        "break-even kW": even,
        "break-even kWh": even,
    }
    sheet = Sheet(
        Words("What new storage earns and costs [CNY/kW/yr]", "新增储能的收益与成本（元/千瓦·年）"),
        (PORTFOLIO, Words("pays", "可收回"), POWER, *(heads[word] for word in columns)),
        words=1,
        note=NOTE,
    )
    for title, row in _grouped(found, table):
        if title is not None:
            head = same(row["portfolio"]) if short else title
            sheet.rows.append(Row(head, [""] * (len(sheet.head) - 1), "group"))
        cells = [YES if row["pays"] else NO, number(row["power"] / WAN_KW, 1), *(number(row[word]) for word in columns)]
        sheet.rows.append(Row(names.technology(row["technology"]), cells, "part"))
    return sheet


def used(found: Benchmark) -> pd.DataFrame:
    """How stores of each portfolio and technology are used: as `outcome.storage_use`, stores of a kind together.

    Of the baseline all stores are told, of the others those of which they have anything new.
    """
    assert found.measures is not None
    rows, new = [], new_kinds(found.measures)
    for (portfolio, technology), part in found.measures.use.groupby(["portfolio", "technology"], sort=False):
        power, out = part["power [MW]"].sum(), part["discharged [MWh/yr]"].sum()
        if power < LEAST_MW or not ((portfolio, technology) in new or portfolio == found.baseline):
            continue
        energy = part["energy [MWh]"].sum(min_count=1)
        cost, charging = part["yearly cost [CNY/yr]"].sum(), part["charging [CNY/yr]"].sum()
        lost = part["lost [MWh/yr]"].sum(min_count=1)
        busy = out > SAME * power
        rows.append(
            {
                "portfolio": portfolio,
                "technology": technology,
                "power": power,
                "energy": energy,
                "cycles": (part["cycles [1/yr]"] * part["energy [MWh]"]).sum(skipna=False) / energy,
                "full-load": out / power,
                "lost": 100 * lost / part["charged [MWh/yr]"].sum() if busy else np.nan,
                "LCOS": (cost + charging) / out if busy else np.nan,
                "without": cost / out if busy else np.nan,
                "lasts": part["lasts [yr]"].min(),
            }
        )
    words = ["power", "energy", "cycles", "full-load", "lost", "LCOS", "without", "lasts"]
    return pd.DataFrame(rows, columns=["portfolio", "technology", *words])


def use(found: Benchmark, names: Names) -> Sheet | None:
    """How stores are used and what storing costs."""
    if found.measures is None:
        return None
    sheet = Sheet(
        Words("How stores are used, and what storing costs", "储能运行与度电成本"),
        (
            PORTFOLIO,
            POWER,
            Words("10^4 kWh usable", "可用电量（万千瓦时）"),
            Words("cycles a year", "年循环次数"),
            Words("full-load h", "满发小时"),
            Words("lost %", "损耗%"),
            Words("LCOS CNY/MWh", "度电成本（元/兆瓦时）"),
            Words("of which without charging", "其中不含充电"),
            Words("lasts years", "可用年数"),
        ),
        note=Words(
            "Kinds of storage that are new, with what stood of them before; of the baseline all. Levelised cost of "
            "storage: annuity, O&M, wear and charging over energy given. Lasts: until it is replaced, by age or by "
            "cycles, whichever comes first.",
            "列示有新增的储能类型（含其既有容量）；基准方案列示全部。储能度电成本：年金、运维、老化与充电费用除以放电量。可用年数：按寿命与循环先到者计，到期更换。",
        ),
    )
    for title, row in _grouped(found, used(found)):
        if title is not None:
            sheet.rows.append(Row(title, [""] * 8, "group"))
        cells = [number(row["power"] / WAN_KW, 1), number(row["energy"] / WAN_KW)]
        cells += [number(row[word]) for word in ("cycles", "full-load")]
        cells += [number(row["lost"], 1), *(number(row[word]) for word in ("LCOS", "without")), number(row["lasts"], 1)]
        sheet.rows.append(Row(names.technology(row["technology"]), cells, "part"))
    return sheet


def effects(found: Benchmark) -> Sheet | None:
    """What every portfolio changes beside the baseline: energy recovered, CO2, what is missed."""
    if found.measures is None:
        return None
    table = found.measures.effects.pivot(index="portfolio", columns="measure", values="change")
    base = title_of(found)(found.baseline)
    columns = (
        (USED, YI_KWH, 2, Words("sun and wind recovered 10^8 kWh", "新能源增发（亿千瓦时）")),
        (CURTAILED, YI_KWH, 2, Words("curtailed 10^8 kWh", "弃电（亿千瓦时）")),
        (CO2, WAN_T, 1, Words("CO2 10^4 t", "二氧化碳（万吨）")),
        (UNSERVED, WAN_KW, 1, Words("unserved 10^4 kWh", "未供电量（万千瓦时）")),
        (MISSING, YI_KWH, 3, Words("missing of DC lines 10^8 kWh", "直流外送缺额（亿千瓦时）")),
    )
    sheet = Sheet(
        Words("What changes in the grid, a year", "对系统的年影响"),
        (PORTFOLIO, *(title for *_, title in columns)),
        note=Words(f"Change beside '{base.en}'.", f"相对于“{base.zh}”的变化。"),
    )
    for o in shown(found):
        if o.solved and o.name != found.baseline:
            cells = [number(table.at[o.name, word] / size, digits) for word, size, digits, _ in columns]
            sheet.rows.append(Row(title_of(found)(o.name), cells))
    return sheet


def lines(found: Benchmark, names: Names) -> Sheet | None:
    """What direct-current lines deliver with every portfolio, and miss."""
    if found.measures is None or found.measures.lines.empty:
        return None
    table = found.measures.lines
    every = list(dict.fromkeys(table["line"]))
    sheet = Sheet(
        Words(
            "Direct-current lines: received, and missing of what is asked [10^8 kWh]",
            "直流外送：受端电量与缺额（亿千瓦时）",
        ),
        (
            PORTFOLIO,
            *(
                word
                for line in every
                for word in (names.of("send_out", line), names.of("send_out", line) + Words(", missing", "缺额"))
            ),
        ),
    )  # fmt: skip
    for o in shown(found):
        own = table[table["portfolio"] == o.name].set_index("line")
        if len(own):
            pairs = [(own.at[n, "received [MWh/yr]"], own.at[n, "missing [MWh/yr]"]) for n in every]
            cells = [text for a, b in pairs for text in (number(a / YI_KWH, 2), number(b / YI_KWH, 3))]
            sheet.rows.append(Row(title_of(found)(o.name), cells, "group" if o.name == found.baseline else ""))
    return sheet


def targets(found: Benchmark) -> list[Sheet]:
    """What every portfolio achieves of each clause that they differ in, or that one of them misses.

    Returns:
        Those that are hard, or that some portfolios meet and others do not; then the rest. Only what has a row.
    """
    if found.measures is None:
        return []
    order = [o.name for o in shown(found) if o.solved]
    strictness = {t.clause: t.strictness for o in found.outcomes for t in o.targets}
    head = (Words("clause", "条款"), Words("unit", "单位"), Words("required", "要求"), *(same(name) for name in order))
    apart, others, alike = Sheet(APART, head, words=1), Sheet(OTHERS, head, words=1), 0
    for clause, part in found.measures.clauses.groupby("clause", sort=False):
        own = part.set_index("portfolio").reindex(order)
        missed = own["status_after"].isin(("missed", "watched: missed"))
        spread = own["after"].max() - own["after"].min()
        if own["after"].isna().all():
            continue
        if spread <= SAME * own["after"].abs().max() and not missed.any():
            alike += 1
            continue
        strict = strictness.get(str(clause), "hard")
        row = _target(str(clause), strict, own, missed, part.iloc[0])
        tells = strict == "hard" or (missed.any() and not missed.all())
        (apart if tells else others).rows.append(row)
    note = Words(
        f"✗: missed. {alike} more clauses are met, alike in all portfolios. Columns are keys of portfolios.",
        f"✗：未达标。另有{alike}项条款均达标且各方案相同。列名为方案键名。",
    )
    apart.note = others.note = note
    return [sheet for sheet in (apart, others) if sheet.rows]


def _target(clause: str, strictness: str, own: pd.DataFrame, missed: pd.Series, told: pd.Series) -> Row:
    """The row of a clause: what is asked, and what each portfolio achieves."""
    required = "–"
    if not np.isnan(told["required"]):
        required = f"{SENSE.get(told['sense'], '')} {figures(told['required'], 5)}"
    head = same(clause)
    if strictness != "hard":
        word = STRICTNESS[strictness]
        head = Words(f"{clause} ({word.en})", f"{clause}（{word.zh}）")
    marks = [figures(v) + (" ✗" if bad else "") for v, bad in zip(own["after"], missed, strict=True)]
    return Row(head, [Words(told["unit"], UNITS.get(told["unit"], told["unit"])), required, *marks])
