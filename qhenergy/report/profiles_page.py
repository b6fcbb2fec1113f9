"""What `qhenergy profiles` makes: the hourly series of a case as CSV, and one HTML file of charts.

Full-load hours stand beside published ones, so that a reader sees at once how far the computed weather
and the plant designs are to be trusted.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console

from qhenergy.data import sectors
from qhenergy.model.assemble import System
from qhenergy.report import charts_profiles, console, markup
from qhenergy.report.markup import Section
from qhenergy.report.names import Names
from qhenergy.report.sheet import Row, Sheet
from qhenergy.report.sheets_energy import published_range
from qhenergy.report.words import Words, check_language, number, same

#: What the series of a table are called and measured in.
KINDS = {
    "demand": (Words("Demand", "负荷"), Words("MW", "兆瓦 (MW)")),
    "sector_demand": (Words("Demand by sector", "分行业负荷"), Words("MW", "兆瓦 (MW)")),
    "solar": (Words("Photovoltaics", "光伏"), Words("output per capacity", "出力系数")),
    "wind": (Words("Wind", "风电"), Words("output per capacity", "出力系数")),
    "csp": (Words("CSP field heat", "光热镜场热量"), Words("heat per design heat", "热量与设计值之比")),
    "hydro": (Words("Local inflow", "区间来水"), Words("m³/s", "立方米/秒")),
    "small_hydro": (Words("Small hydro", "中小水电"), Words("energy per capacity", "电量系数")),
    "send_out": (Words("Send-out curve", "外送曲线"), Words("power per rated power", "功率与额定之比")),
}
#: Hours of electricity that an hour of the series is worth, by the column of the table that says so.
WORTH = {"csp": "solar_multiple"}


def show(system: System, folder: Path, out: Console, language: str = "en") -> None:
    """Write the profiles of a case to a folder and print their full-load hours.

    Args:
        system: the case made ready.
        folder: where `profiles.html` and one CSV for each series go.
        out: console.
        language: `en` or `zh`, the one shown first; the page holds both.

    Raises:
        InputError: a language the report does not speak.
    """
    check_language(language)
    system = _of_hours(system)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in system.series.items():
        if not frame.empty:
            _with_calendar(system, frame).to_csv(
                folder / f"{name.replace('/', '_')}.csv", index=False, float_format="%.6g"
            )
    path = folder / "profiles.html"
    markup.write(text(system, language), path)
    sheet = full_load_hours(system)
    if sheet.rows:
        console.show_sheet(sheet, out, language)
    out.print(f"\nprofiles: {path}", highlight=False, soft_wrap=True)


def _of_hours(system: System) -> System:
    """The system with the series of hours that those of shorter steps were made from."""
    steps = system.case.time.steps_per_hour
    series = {name: frame.iloc[::steps].reset_index(drop=True) for name, frame in system.series.items()}
    return replace(system, series=series, month=system.month[::steps], hour_of_day=system.hour_of_day[::steps])


def _with_calendar(system: System, frame: pd.DataFrame) -> pd.DataFrame:
    calendar = {
        "hour": np.arange(len(frame)),
        "month": system.month[: len(frame)],
        "hour_of_day": system.hour_of_day[: len(frame)],
    }
    return pd.concat([pd.DataFrame(calendar), frame.reset_index(drop=True)], axis=1)


def text(system: System, language: str = "en") -> str:
    """The page of profiles as HTML."""
    case = system.case
    title = Words(f"Profiles: {case.title}", f"曲线：{case.title_zh or case.title}")
    sheet = full_load_hours(system)
    sections = [
        Section(
            "hours",
            Words("Full-load hours", "利用小时数"),
            Words("Hours", "小时数"),
            markup.table(sheet) if sheet.rows else "",
        )
    ]
    for name, frame in _shown(system).items():
        # A sector that never changes is part of the picture of all of them.
        whole = name.startswith("sector_demand/")
        changing = frame if whole else frame.loc[:, frame.nunique() > 1]
        if not changing.empty:
            sections.append(_section(system, name, changing))
    if sectors.named(system.inputs):
        word = Words("What shapes of sectors rest on", "分行业曲线依据")
        sections.append(Section("shapes", word, Words("Shapes", "依据"), markup.table(shapes(system))))
    years = Names(system.inputs).water_years(case.water.years)
    source = Words(
        f"Data set {system.inputs.folder.name}, weather seed {case.weather.seed}, water year {years.en}. "
        "Hours are named by their beginning, UTC+8.",
        f"数据集{system.inputs.folder.name}，气象种子{case.weather.seed}，来水年型{years.zh}。小时以起始时刻命名（东八区）。",
    )
    return markup.page(title, markup.paragraph(source, "quiet"), sections, source, language)


def _shown(system: System) -> dict[str, pd.DataFrame]:
    """Series by name as the page shows them: those of sectors as one, hours x sectors, all zones together."""
    named, rest = sectors.named(system.inputs), sectors.rest(system.inputs)
    made: dict[str, pd.DataFrame] = {}
    for name, frame in system.series.items():
        table, _, key = name.partition("/")
        if table == "sector_demand":
            continue
        made[name] = frame
        if table == "demand" and rest:
            of = {s: system.series[f"sector_demand/{s}/{key}"].sum(axis=1) for s in named}
            left = frame.sum(axis=1) - sum(of.values())
            made[f"sector_demand/{key}"] = pd.DataFrame({**of, rest: left})
    return made


def _section(system: System, name: str, frame: pd.DataFrame) -> Section:
    table = name.split("/", 1)[0]
    word, unit = KINDS.get(table, (Words(name, name), Words("value", "数值")))
    key = name.replace("/", "-")
    names = _names(system, table, frame)
    month, hour = system.month[: len(frame)], system.hour_of_day[: len(frame)]
    year = [
        charts_profiles.months(key, word, frame, month, names, unit),
        charts_profiles.duration(key, word, frame, names, unit),
    ]
    if charts_profiles.steady(frame):
        return Section(key, word, word, markup.charts(year))
    days = [
        charts_profiles.mean_days(f"{key}-{group}", group_name, values, month, hour, unit)
        for group, group_name, values in _groups(system, table, word, frame)
    ]
    weeks = charts_profiles.weeks(key, word, frame, names, unit)
    return Section(key, word, word, markup.charts([*days, *year]) + markup.charts(weeks, wide=True))


def _table(table: str) -> str:
    """Input table whose keys the members of a series are."""
    return {"demand": "zones", "sector_demand": "demand_sectors", "hydro": "hydro_stations"}.get(table, table)


def _names(system: System, table: str, frame: pd.DataFrame) -> dict[str, Words]:
    names = Names(system.inputs)
    if _table(table) not in system.inputs.frames:
        return {str(m): Words(str(m), str(m)) for m in frame.columns}
    return {str(m): names.of(_table(table), str(m)) for m in frame.columns}


def _groups(system: System, table: str, word: Words, frame: pd.DataFrame) -> list[tuple[str, Words, np.ndarray]]:
    """Mean series of every technology of a table, weighted by capacity; the sum of all for a demand."""
    values = frame.to_numpy(dtype=float)
    if table in ("demand", "hydro"):
        return [("all", word + Words(", all together", "（合计）"), values.sum(axis=1))]
    technologies = system.inputs.frames.get(table, pd.DataFrame()).get("technology")
    if technologies is None or table not in WEIGHTED:
        return [(str(m), _names(system, table, frame)[str(m)], values[:, i]) for i, m in enumerate(frame.columns)]
    names, weights = Names(system.inputs), _weights(system, table)
    made = []
    for technology in dict.fromkeys(technologies[frame.columns]):
        members = [i for i, m in enumerate(frame.columns) if technologies[m] == technology]
        mean = np.average(values[:, members], axis=1, weights=weights[frame.columns[members]])
        made.append((str(technology), names.technology(str(technology)), mean))
    return made


#: Tables whose assets have a series per capacity, so that a mean over assets means something.
WEIGHTED = ("solar", "wind", "csp")


def _weights(system: System, table: str) -> pd.Series:
    """What stands and is committed; where nothing stands yet, a little of what may be built."""
    rows = system.inputs[table]
    return rows["existing"] + rows["committed"] + 1e-3 * rows["room"] + 1e-9


def shapes(system: System) -> Sheet:
    """What the hourly shape of every sector rests on, in the words of demand_shapes.csv."""
    inputs, names = system.inputs, Names(system.inputs)
    sheet = Sheet(
        Words("Shapes of sectors and what they rest on", "分行业曲线及其依据"),
        (
            Words("sector", "行业"),
            Words("shape", "曲线"),
            Words("confidence", "可信度"),
            Words("rests on", "依据"),
        ),
        words=3,
    )
    table = inputs["demand_shapes"]
    for sector, rows in inputs["sector_demand"].groupby(level=0, sort=False):
        for shape in dict.fromkeys(rows["shape"]):
            first = table.loc[shape].iloc[0]
            cells = [same(str(shape)), same(first["confidence"]), same(first["note"])]
            sheet.rows.append(Row(names.of("demand_sectors", str(sector)), cells))
    return sheet


def full_load_hours(system: System) -> Sheet:
    """Full-load hours that sun and wind offer every plant, beside published ones of its kind."""
    names, inputs = Names(system.inputs), system.inputs
    sheet = Sheet(
        Words("Full-load hours offered, before curtailment [h/yr]", "可用利用小时数（弃电前，小时/年）"),
        (
            Words("plant", "电站"),
            Words("zone", "分区"),
            Words("offered", "可用"),
            Words("published", "公布值"),
        ),
        words=1,
        note=Words(
            "A technology is weighted by what stands. Published: after curtailment, lowest to highest year of the same "
            "kind of plant.",
            "各技术合计按现有装机加权；公布值为弃电后，同类电源各年的最低至最高。",
        ),
    )
    for name, frame in system.series.items():
        table = name.split("/", 1)[0]
        if table not in WEIGHTED:
            continue
        rows, weights = inputs[table], _weights(system, table)
        worth = rows[WORTH[table]] if table in WORTH else pd.Series(1.0, index=rows.index)
        hours = frame.mean() * 8760.0 * worth[frame.columns]
        for technology in dict.fromkeys(rows.loc[frame.columns, "technology"]):
            members = [m for m in frame.columns if rows.at[m, "technology"] == technology]
            kind, word = inputs.kind(technology), names.technology(technology)
            fleet = float(np.average(hours[members], weights=weights[members]))
            sheet.rows.append(Row(word, ["", number(fleet), published_range(inputs, kind)], "group"))
            for member in members:
                zone = names.zone(str(rows.at[member, "zone"]))
                sheet.rows.append(Row(names.of(table, str(member)), [zone, number(hours[member]), ""], "part"))
    return sheet
