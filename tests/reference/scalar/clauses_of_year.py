"""Clauses about a year: seasons and runs of days, what is curtailed, CO2, who uses what is generated, what is made."""

from __future__ import annotations

import pandas as pd

from scalar.clock import DAYS, yearly_value
from scalar.demand import growth
from scalar.system import System


def _generated(system: System, group: str) -> list:
    """Columns of a group that generate: (column, asset, MWh per unit)."""
    return [x for t in system.members(group) for x in system.generated.get(t, [])]


def _in_season(r: pd.Series, month: int) -> bool:
    months = [int(r["first_month"])]
    while months[-1] != int(r["last_month"]):
        months.append(months[-1] % 12 + 1)
    return month in months


def _season(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    columns = _generated(system, r["group"])

    def energy(h: int) -> object:
        inside = _in_season(r, system.clock.month[h])
        return sum(mwh * v[a, h] for v, a, mwh in columns) if inside else 0.0

    return system.year_sum(energy), "<="


def write_still(system: System) -> None:
    """Say of what must not run in a season that it does not, hour by hour as well."""
    m, rows = system.m, system.inputs["coal_off_seasons"]
    still = [
        (str(c), h)
        for c, r in rows.iterrows()
        if r["year"] <= system.year and system.asked.get(c, ("", 0))[0] == "hard" and _generated(system, r["group"])
        for h in system.clock.all
        if _in_season(r, system.clock.month[h])
    ]

    @m.Constraint(still)
    def wet_season_coal_off_still(m, c, h):
        return sum(mwh * v[a, h] for v, a, mwh in _generated(system, rows.at[c, "group"])) <= 0


def _run(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    """Fossil power and imports on the days of a run: of the real days that an hour stands for, any is enough."""
    clock = system.clock
    first = sum(DAYS[: int(r["first_month"]) - 1]) + int(r["first_day"]) - 1
    days = {(first + i) % 365 for i in range(int(r["days"]))}

    def real(h: int) -> list[int]:
        if not clock.sequence:
            return [clock.hours[h] % system.case.year_hours]
        own = clock.within(clock.window[h])
        return [len(own) * d + h - own[0] for d, k in enumerate(clock.sequence) if k == clock.window[h]]

    columns = _generated(system, r["group"])
    if r["imports"] == "clean":
        columns += [(v, n, 1.0) for v, n, _ in system.emitting if v is system.m.ac_tie_import]
    inside = {h: any(hour // 24 in days for hour in real(h)) for h in clock.all}
    return system.year_sum(lambda h: sum(mwh * v[a, h] for v, a, mwh in columns) if inside[h] else 0.0), "<="


def _curtailed(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    counted = [(o, u) for t, o, u in system.offers if t in system.members(r["group"])]
    offered = sum(system.year_sum(o) for o, _ in counted)
    return offered - sum(system.year_sum(u) for _, u in counted) - r["ceiling"] * offered, "<="


def _cap(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    return system.co2() - r["cap"], "<="


def _residual(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    return system.co2() - r["residual"], "<="


def _price(system: System, c: str, r: pd.Series) -> None:
    if system.asked[c][0] != "watched":
        system.pay(f"CO2 price/{c}", r["price"] * system.co2())


def _intensity(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    unserved, zones = system.m.demand_unserved, system.inputs["zones"].index

    def consumed(h: int) -> object:
        turned = sum(mwh * column[a, h] for column, a, mwh in system.converted)
        return sum(system.demand[z, h] - unserved[z, h] for z in zones) + turned

    return system.co2() - r["intensity"] * system.year_sum(consumed), "<="


def _local(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    made = _generated(system, r["group"])

    def through(h: int, *names: str) -> object:
        parts = [(v, a, mwh) for joined in system.gets.values() for v, a, mwh in joined if v.name in names]
        return sum(mwh * v[a, h] for v, a, mwh in parts)

    def own(h: int) -> object:
        return sum(mwh * v[a, h] for v, a, mwh in made) + through(h, "csp_heated", "hydro_hub_pumped")

    gone = system.year_sum(lambda h: -through(h, "send_out_sent", "ac_tie_export"))
    return (1.0 - r["share"]) * system.year_sum(own) - r["clean_share"] * gone, ">="


def _growth(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    sectors, y = system.inputs["demand_sectors"], system.year

    def taken(year: int) -> float:
        total = 0.0
        for s in sectors.query("energy_intensive == 'yes'").index:
            of_zones = system.inputs["sector_demand"].sort_index().loc[s]
            for z in of_zones.index.unique(0):
                total += growth(system, s, year) * yearly_value(of_zones.loc[z], year, "energy")
        return total

    return taken(y) - (1 + r["rate"]) ** (y - r["from_year"]) * taken(int(r["from_year"])), "<="


def _supply(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    asked = system.year_sum(lambda h: system.demand[r["zone"], h])
    missed = system.year_sum(lambda h: system.m.demand_unserved[r["zone"], h])
    return (1.0 - r["share"]) * asked - missed, ">="


def _fuel(system: System, c: str, r: pd.Series) -> tuple[object, str]:
    made, plants = system.m.liquid_fuel_made, system.fleet["liquid_fuel_plants"]
    tonnes = system.year_sum(lambda h: sum(made[a, h] / system.asset[a]["heating_value"] for a in plants))
    return tonnes - r["output"], ">="


CLAUSES = {
    "coal_off_seasons": _season,
    "curtailment_ceilings": _curtailed,
    "co2_caps": _cap,
    "co2_prices": _price,
    "green_runs": _run,
    "zero_carbon": _residual,
    "co2_intensities": _intensity,
    "local_consumptions": _local,
    "demand_growth_caps": _growth,
    "zone_supplies": _supply,
    "fuel_outputs": _fuel,
}
