"""Words, colours and names that the page and the tables of a schedule share."""

from __future__ import annotations

from collections.abc import Sequence

from qhenergy.outcome import binding_limits as limits
from qhenergy.outcome.indicators import date
from qhenergy.outcome.schedule_description import Description
from qhenergy.report.charts import ALARM
from qhenergy.report.names import Names
from qhenergy.report.words import Words, number, same

#: What a cause is called, beside a miss of the line and beside energy left over.
CAUSES = {
    limits.SECTION: Words("section or corridor full", "断面或通道受限"),
    limits.CURVE: Words("the curve: the line asks no more", "外送曲线限制"),
    limits.MINIMUM: Words("least output, ramps and starts", "最小出力、爬坡与启停"),
    limits.STORE: Words("storage full, empty or at its power", "储能满、空或达功率上限"),
    limits.WATER: Words("water", "水量与水库限制"),
    limits.WEATHER: Words("not enough sun and wind", "风光资源不足"),
    limits.CAPACITY: Words("plants at full output", "机组满发"),
    limits.RESERVE: Words("reserve", "备用"),
    limits.CLAUSE: Words("a clause", "条款约束"),
    limits.LOAD: Words("loads, heat and fuel", "负荷、供热与燃料"),
    limits.PRICE: Words("price: dearer than the shortfall", "价格：成本高于缺额价"),
    limits.NOBODY: Words("nobody needs it", "无处消纳"),
}
COLOURS = {
    limits.SECTION: "#235ebc",
    limits.CURVE: "#d95f0e",
    limits.MINIMUM: "#51588e",
    limits.STORE: "#88419d",
    limits.WATER: "#298c81",
    limits.WEATHER: "#e0a800",
    limits.CAPACITY: "#8d6e63",
    limits.RESERVE: "#c0392b",
    limits.CLAUSE: "#5b7f3a",
    limits.LOAD: "#7fb3c8",
    limits.PRICE: ALARM,
    limits.NOBODY: "#9aa3ae",
}
GWH = 1000.0


def limit_name(made: Description, limit: str) -> Words:
    """Name of what binds: an asset, a section, a line; the key of a clause."""
    names = Names(made.inputs)
    for table in (made.tables.get(limit, ""), "sections", "send_out", "ac_ties"):
        if table and limit in made.inputs[table].index:
            return names.of(table, limit)
    return same(limit)


def origin_name(made: Description, origin: str) -> Words:
    """Name of an origin: a technology, or a tie."""
    names = Names(made.inputs)
    return names.of("ac_ties", origin) if origin in made.inputs["ac_ties"].index else names.technology(origin)


def cause_at(made: Description, hour: int) -> Words:
    """Causes of what is missed in an hour, at most two, each with what binds."""
    said = [_cause(made, cause, limit) for cause, limit in made.causes_at(hour)[:2]]
    return _joined(said)


def _cause(made: Description, cause: str, limit: str) -> Words:
    if not limit:
        return CAUSES[cause]
    name = limit_name(made, limit)
    return CAUSES[cause] + Words(f" ({name.en})", f"（{name.zh}）")


def _joined(said: Sequence[Words]) -> Words:
    return Words("; ".join(w.en for w in said), "；".join(w.zh for w in said))


def moment(made: Description, row: int) -> str:
    """An hour of the description as `MM-DD HH:00`, Beijing time."""
    hour = int(made.hours.at[row, "hour_of_year"])
    return f"{date(hour // 24 % 365)} {hour % 24:02d}:00"


def headline(made: Description) -> list[Words]:
    """Can it be delivered, what fails first, with what: the answer in a few sentences."""
    hours, asked, missed = made.hours["weight"].sum(), made.energy("asked"), made.energy("missed")
    kept = f"{number(made.delivered_hours)} / {number(hours)}"
    share = 100 * missed / asked if asked > 0 else 0.0
    gwh = number(missed / GWH, 1)
    if made.first is None:
        first = Words(
            f"The curve can be delivered in every hour: {kept} h, {number(asked / GWH)} GWh.",
            f"曲线可全部执行：{kept}小时，外送{number(asked / GWH)}吉瓦时。",
        )
        fails = Words("Nothing fails.", "无缺额。")
    else:
        largest = number(float(made.hours["missed"].max()))
        first = Words(
            f"The curve can be delivered in {kept} h; {gwh} GWh of {number(asked / GWH)} GWh asked are missed "
            f"({number(share, 2)} %), {largest} MW at most.",
            f"曲线可执行{kept}小时；要求{number(asked / GWH)}吉瓦时，缺{gwh}吉瓦时（{number(share, 2)}%），"
            f"最大缺额{largest}兆瓦。",
        )
        why = cause_at(made, made.first)
        causes = made.by_cause(made.missed)
        parts = [
            CAUSES[str(c)] + Words(f" {number(100 * e / missed)} %", f"{number(100 * e / missed)}%")
            for c, e in causes.head(3).items()
        ]
        fails = Words(
            f"First miss: {moment(made, made.first)}: {why.en}. In all: {', '.join(p.en for p in parts)}.",
            f"首次缺额：{moment(made, made.first)}，{why.zh}。全年：{'、'.join(p.zh for p in parts)}。",
        )
    return [first, fails, _with_what(made), _pole(made)]


def _with_what(made: Description) -> Words:
    origins = made.origins.sum().sort_values(ascending=False)
    total = float(origins.sum())
    parts = [
        origin_name(made, str(o)) + Words(f" {number(100 * e / total)} %", f"{number(100 * e / total)}%")
        for o, e in origins.head(4).items()
    ]
    clean, left = number(100 * made.clean, 1), made.by_cause(made.curtailed)
    curtailed = float(left.sum())
    share = 100 * curtailed / made.offered if made.offered > 0 else 0.0
    most = CAUSES[str(left.index[0])] if len(left) else same("–")
    return Words(
        f"Sent: {', '.join(p.en for p in parts)}; {clean} % is clean. Marginal cost: {number(made.cost)} CNY/MWh. "
        f"{number(curtailed / GWH)} GWh of sun and wind are curtailed ({number(share, 1)} %), mostly: {most.en}.",
        f"外送电量构成：{'、'.join(p.zh for p in parts)}；清洁占比{clean}%，边际成本{number(made.cost)}元/兆瓦时。"
        f"弃风弃光{number(curtailed / GWH)}吉瓦时（{number(share, 1)}%），首因：{most.zh}。",
    )


def _pole(made: Description) -> Words:
    hours = made.pole.hours
    lost, most = (number(float(hours[word].max())) for word in ("lost", "shed"))
    short = float(hours["weight"] @ (hours["shed"] > 0))
    if short == 0:
        return Words(
            f"A pole lost leaves up to {lost} MW too much; what can be lowered is enough in every hour.",
            f"单极闭锁最多富余{lost}兆瓦；各时段向下备用均充足，无需切机。",
        )
    return Words(
        f"A pole lost leaves up to {lost} MW too much; in {number(short)} h what can be lowered is not enough, and "
        f"up to {most} MW must be shed.",
        f"单极闭锁最多富余{lost}兆瓦；{number(short)}小时向下备用不足，最多需切机{most}兆瓦。",
    )
