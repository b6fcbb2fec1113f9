"""The answer of a benchmark of portfolios in a few sentences: which is cheapest, why, what pays, what holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qhenergy.outcome.portfolios import OPTIMUM, Benchmark, PortfolioOutcome
from qhenergy.outcome.robustness import LEADS
from qhenergy.report.names import Names
from qhenergy.report.sheets import WAN_KW, YI_CNY
from qhenergy.report.sheets_portfolio_measures import earnings
from qhenergy.report.sheets_portfolios import CAUSE, LEAST_MW, title_of
from qhenergy.report.words import Words, figures, number

#: Causes that the first sentences name, and the least share of all that is named.
CAUSES_NAMED, NAMED = 3, 0.05


def answer(found: Benchmark, names: Names) -> list[Words]:
    """The sentences, the first the most important."""
    made = [_cheapest(found), _why(found), _optimum(found, names), _pays(found, names), _regret(found)]
    made += [_credit(found), _credits(found, names), _targets(found), _without(found)]
    return [words for words in made if words is not None]


def best(found: Benchmark) -> PortfolioOutcome | None:
    """The cheapest portfolio that somebody gave: neither the baseline nor the model's own choice."""
    given = [o for _, o in found.ranking() if o.name != found.baseline and not o.name.startswith(OPTIMUM)]
    return given[0] if given else None


def _joined(parts: Iterable[Words]) -> Words:
    known = list(parts)
    return Words(", ".join(p.en for p in known), "、".join(p.zh for p in known))


def _money(value: float) -> Words:
    return Words(f"{number(value / YI_CNY, 2)} × 10^8 CNY/yr", f"{number(value / YI_CNY, 2)}亿元/年")


def _cheapest(found: Benchmark) -> Words | None:
    first, base = best(found), found.of(found.baseline)
    if first is None:
        return None
    label = title_of(found)
    name, other = label(first.name), label(base.name)
    count = sum(o.solved for o in found.outcomes if o.name != base.name and not o.name.startswith(OPTIMUM))
    head = Words(
        f"Of {count} given portfolios, '{name.en}' costs least: ", f"{count}个给定方案中，“{name.zh}”费用最低："
    )
    head += _money(first.objective)
    if not base.solved:
        return head + Words(".", "。")
    saved, share = found.saving(first), abs(found.saving(first) / base.objective)
    money = _money(abs(saved))
    if abs(saved) <= first.gap + base.gap:
        return head + Words(f", the same as '{other.en}'.", f"，与“{other.zh}”相同。")
    if saved > 0:
        return head + Words(
            f", {money.en} ({share:.2%}) less than '{other.en}'.", f"，比“{other.zh}”低{money.zh}（{share:.2%}）。"
        )
    return head + Words(
        f"; but that is {money.en} ({share:.2%}) more than '{other.en}': none of them pays for itself.",
        f"；但仍比“{other.zh}”高{money.zh}（{share:.2%}），无一方案可收回成本。",
    )


def _why(found: Benchmark) -> Words | None:
    first = best(found)
    if first is None or found.measures is None:
        return None
    table = found.measures.of(first.name).savings.groupby("cause")["saving [CNY/yr]"].sum()
    least = NAMED * float(table.abs().sum())

    def told(rows: list[tuple[str, float]]) -> Words:
        return _joined(
            Words(f"{CAUSE[c].en} {number(abs(v) / YI_CNY, 2)}", f"{CAUSE[c].zh}{number(abs(v) / YI_CNY, 2)}")
            for c, v in rows[:CAUSES_NAMED]
        )

    order = sorted(table.items(), key=lambda pair: -abs(pair[1]))
    saves, costs = ([(str(c), float(v)) for c, v in order if abs(v) > least and (v > 0) == up] for up in (True, False))
    if not saves and not costs:
        return None
    parts = [Words("Saved: ", "节约：") + told(saves)] if saves else []
    parts += [Words("spent: ", "增加：") + told(costs)] if costs else []
    return Words("; ".join(p.en for p in parts), "；".join(p.zh for p in parts)) + Words(
        " (10^8 CNY/yr).", "（亿元/年）。"
    )


def _optimum(found: Benchmark, names: Names) -> Words | None:
    chosen, first = next((o for o in found.outcomes if o.name == OPTIMUM and o.solved), None), best(found)
    if chosen is None:
        return None
    mix = _joined(
        Words(
            f"{names.technology(t).en} {number(mw / WAN_KW, 1)} × 10^4 kW",
            f"{names.technology(t).zh}{number(mw / WAN_KW, 1)}万千瓦",
        )
        for t, (mw, _) in sorted(chosen.mix().items(), key=lambda pair: -pair[1][0])
        if mw >= LEAST_MW
    )
    label = title_of(found)(chosen.name)
    words = Words(f"'{label.en}' builds {mix.en or 'nothing'}", f"“{label.zh}”新增{mix.zh or '无'}")
    if first is None:
        return words + Words(".", "。")
    less = _money(first.objective - chosen.objective)
    return words + Words(f" and costs {less.en} less.", f"，费用再低{less.zh}。")


def _pays(found: Benchmark, names: Names) -> Words | None:
    if found.measures is None:
        return None
    table = earnings(found.measures)
    table = table[~table["portfolio"].str.startswith(OPTIMUM)]
    if table.empty:
        return None
    parts = []
    for technology, part in table.groupby("technology", sort=False):
        name, share = names.technology(str(technology)), part["cost"] + part["profit"]
        covered = (share / part["cost"]).clip(lower=0)
        low, high = (number(100 * v) for v in (covered.min(), covered.max()))
        spread = f"{low}–{high} %" if low != high else f"{low} %"
        parts.append(Words(f"{name.en} {spread}", f"{name.zh}{spread}"))
    head = Words(
        "Earnings at the dual prices over yearly cost (100 % pays): ", "按影子价格的收益占年成本比例（100%即可收回）："
    )
    return head + _joined(parts) + Words(".", "。")


def _regret(found: Benchmark) -> Words | None:
    if found.robustness is None:
        return None
    made, label = found.robustness.regret(LEADS), title_of(found)
    if not made.least_maximum:
        return None
    widest, mean = (_joined(map(label, names)) for names in (made.least_maximum, made.least_mean))
    most = _money(float(made.spread.loc[list(made.least_maximum), "maximum"].min()))
    count = made.regret.shape[1]
    return Words(
        f"Over {count} years of weather and water the least maximum regret is that of {widest.en} ({most.en}), the "
        f"least mean regret that of {mean.en}.",
        f"在{count}个气象—水文年中，最大后悔值最小的是{widest.zh}（{most.zh}），平均后悔值最小的是{mean.zh}。",
    )


def _credit(found: Benchmark) -> Words | None:
    known = [c for c in found.credits if not c.reason and c.capacity >= LEAST_MW]
    if not known:
        return None
    top = max(known, key=lambda c: c.firm)
    name, firm, share = title_of(found)(top.name), number(top.firm / WAN_KW), number(100 * top.credit)
    return Words(
        f"'{name.en}' replaces most firm capacity: {firm} × 10^4 kW, {share} % of what is new.",
        f"“{name.zh}”替代的可信容量最多：{firm}万千瓦，占新增的{share}%。",
    )


def _credits(found: Benchmark, names: Names) -> Words | None:
    """How the credit of technologies falls with their capacity."""
    steps = [s for s in found.credit_steps if not s.reason]
    if not steps:
        return None
    parts = []
    for technology in dict.fromkeys(s.technology for s in steps):
        own = [s for s in steps if s.technology == technology]
        shares = f" {number(100 * own[0].credit)} → {number(100 * own[-1].credit)} %"
        parts.append(names.technology(technology) + shares)
    sizes = [s.capacity for s in steps]
    first, last = (figures(size(sizes) / WAN_KW, 3) for size in (min, max))
    head = Words(
        f"Capacity credit from {first} to {last} × 10^4 kW: ", f"新增容量由{first}增至{last}万千瓦时的置信度："
    )
    return head + _joined(parts) + Words(".", "。")


def _targets(found: Benchmark) -> Words | None:
    solved = sorted((o for o in found.outcomes if o.solved), key=lambda o: o.targets_met[0])
    if not solved or not solved[0].targets_met[1]:
        return None
    label, (few, asked), (many, _) = title_of(found), solved[0].targets_met, solved[-1].targets_met
    if few == many:
        return Words(f"Every portfolio meets {many} of {asked} targets.", f"各方案均满足{asked}项目标中的{many}项。")
    least, most = label(solved[0].name), label(solved[-1].name)
    return Words(
        f"Of {asked} targets '{most.en}' meets most, {many}, and '{least.en}' fewest, {few}.",
        f"{asked}项目标中，“{most.zh}”达标最多（{many}项），“{least.zh}”最少（{few}项）。",
    )


def _without(found: Benchmark) -> Words | None:
    lost = [o for o in found.outcomes if not o.solved]
    if not lost:
        return None
    label: Callable[[str], Words] = title_of(found)
    return (
        Words("Without a plan: ", "无解方案：")
        + _joined(Words(f"{label(o.name).en} ({_short(o)})", f"{label(o.name).zh}（{_short(o)}）") for o in lost)
        + Words(".", "。")
    )


def _short(o: PortfolioOutcome) -> str:
    """The first sentence of a reason."""
    return o.reason.splitlines()[0].partition(". ")[0].rstrip(".")
