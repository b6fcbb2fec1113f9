"""A small Qinghai cut from inputs/qinghai: three zones, one cascade, every technology and every clause."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

ZONES = ("haixi", "hainan", "xining")
#: Tables taken as they are, and tables of which the rows of the three zones are taken.
WHOLE = (
    *("sources", "technologies", "groups", "costs", "fuels", "demand_shapes", "water_years"),
    *("pv_designs", "wind_designs", "sections", "section_members", "send_out_curves", "send_out_scenarios"),
    *("capacity_shares", "storage_targets", "coal_off_seasons", "curtailment_ceilings"),
    *("co2_caps", "co2_prices", "hydro_rules", "land_needs", "storage_layers"),
    *("heat_ties", "fuel_supplies", "fuel_supply_months", "fuel_stores"),
    *("green_runs", "zero_carbon", "co2_intensities", "fuel_outputs"),
    *("demand_sectors", "demand_scenarios", "local_consumptions", "demand_growth_caps"),
)
OF_ZONE = (
    *("zones", "sites", "demand", "solar", "wind", "csp", "small_hydro", "pumped_storage", "batteries"),
    *("compressed_air", "hydrogen_stores", "electrolysers", "thermal", "ac_ties", "send_out", "sector_demand"),
)
#: Clauses about one zone or about all.
OF_ZONE_OR_ALL = ("capacity_totals", "storage_steps", "storage_sides", "land_uses", "line_backings")
#: Cascade stations of these zones feed one of ours; those of other zones are outside the system.
MOVED = {"guoluo": "hainan", "huangnan": "xining"}

#: What is changed, so that every row of the algebra is written and many bind: (file, key, column, value).
CHANGES = (
    # what takes longer to build than a base year of 2020 leaves it, and what is there in time by half a year
    ("technologies", "gas_ocgt", "lead_time", 5.5),
    ("technologies", "hydro", "lead_time", 4.5),
    ("technologies", "pumped_storage", "lead_time", 4.5),
    # a store that may be built, one that stands, one that loses
    ("pumped_storage", "psh-nanshankou", "earliest_year", 2024),
    ("pumped_storage", "psh-nanshankou", "duration", 7),
    ("pumped_storage", "psh-gonghe", "duration", 7),
    ("pumped_storage", "psh-gonghe", "existing", 20),
    ("pumped_storage", "psh-gonghe", "self_discharge", 0.01),
    ("batteries", "battery-2h-xining", "existing", 5),
    ("batteries", "battery-2h-xining", "room", 0),
    ("batteries", "battery-4h-hainan", "cycle", "medium"),
    # cells that stand and age, wear by the cycle or cost by it; all of a plant of air, of hydrogen and of a heater
    ("batteries", "battery-2h-hainan", "committed", 3),
    ("batteries", "battery-2h-hainan", "committed_year", 2023),
    ("batteries", "battery-4h-hainan", "yearly_cycles", 200),
    ("batteries", "battery-4h-hainan", "cycle_cost", 3),
    ("batteries", "battery-4h-haixi", "charge_ratio", 0.7),
    ("batteries", "battery-2h-haixi", "retirable", "yes"),
    ("compressed_air", "caes-haixi", "existing", 10),
    ("compressed_air", "caes-haixi", "yearly_cycles", 300),
    ("compressed_air", "caes-haixi", "cycle_cost", 1.7),
    ("compressed_air", "caes-haixi", "charge_ratio", 0.8),
    ("hydrogen_stores", "hydrogen-tank-haixi", "existing", 8),
    ("hydrogen_stores", "hydrogen-tank-haixi", "duration", 30),
    ("hydrogen_stores", "hydrogen-tank-haixi", "self_discharge", 0.01),
    ("hydrogen_stores", "hydrogen-tank-haixi", "depth", 90),
    ("hydrogen_stores", "hydrogen-tank-hainan", "cycle", "short"),
    ("electrolysers", "electrolyser-haixi", "existing", 12),
    ("electrolysers", "electrolyser-haixi", "room", 0),
    ("electrolysers", "electrolyser-haixi", "ramp", 30),
    ("electrolysers", "electrolyser-hainan", "start_cost", 7),
    ("csp", "csp-golmud-heater", "existing", 2),
    # ramps that are slower than a unit's whole range
    ("thermal", "coal-xining-usc", "ramp", 25),
    ("thermal", "coal-xining-chp", "minimum_up", 5),
    ("csp", "csp-gonghe", "ramp", 30),
    # a retrofit that is committed, one that may capture already; gas that is short by the year, the day and the hour
    ("thermal", "coal-xining-datong-flex", "committed", 5),
    ("thermal", "coal-xining-datong-flex", "committed_year", 2023),
    ("thermal", "coal-xining-usc-ccs", "earliest_year", 2024),
    ("fuel_supplies", "gas,2025", "yearly", 8000),
    ("fuel_supplies", "gas,2025", "daily", 37),
    ("fuel_supplies", "gas,2025", "hourly", 2500),
    ("fuel_stores", "gas-mabei-ugs", "first_year", 2020),
    ("fuel_stores", "gas-mabei-ugs", "loss", 0.1),
    # a tributary, a way of a fraction of an hour past stations that do not stand, a station that may grow
    ("hydro_stations", "banduo", "downstream", "longyangxia"),
    ("hydro_stations", "erduo", "travel_time", 3.4),
    ("hydro_stations", "laxiwa", "room", 30),
    ("hydro_stations", "lijiaxia", "cycle", "medium"),
    ("hydro_rules", "longyangxia,1", "maximum_release", 580),
    # means of months in both directions, and reservoirs that may not be full, one of them carried over periods
    ("hydro_rules", "longyangxia,1", "minimum_mean_release", 110),
    ("hydro_rules", "longyangxia,1", "maximum_mean_release", 560),
    ("hydro_rules", "longyangxia,7", "minimum_mean_release", 640),
    ("hydro_rules", "lijiaxia,1", "maximum_level", 2175),
    ("hydro_rules", "laxiwa,1", "maximum_level", 2445),
    ("hydro_rules", "laxiwa,7", "maximum_level", 2440),
    # a pumped storage above a reservoir of the cascade
    ("pumped_storage", "psh-nanshankou", "lower_station", "lijiaxia"),
    ("pumped_storage", "psh-nanshankou", "head", 400),
    # no two neighbours or batteries at one price, so that every named cost of the optimum is unique
    ("ac_ties", "xinjiang", "import_price", 0.431),
    ("costs", "battery_2h", "variable_om", 2.5),
    ("costs", "battery_4h", "variable_om", 2.2),
    # clauses near what the small system has
    ("capacity_totals", "clean-2025-outline7500", "capacity", 6200),
    ("capacity_totals", "base-csp-1gw", "capacity", 60),
    ("capacity_totals", "wind-potential", "capacity", 1250),
    ("capacity_totals", "base-haixi-10gw", "capacity", 4500),
    ("storage_targets", "new-storage-2025", "power", 400),
    ("capacity_shares", "clean-share-2025", "share", 96.4),
    ("curtailment_ceilings", "curtailment-2025", "group", "weather"),
    ("curtailment_ceilings", "curtailment-2025", "ceiling", 0.12),
    ("zero_carbon", "zero-carbon-system-2035", "year", 2025),
    ("zero_carbon", "zero-carbon-system-2035", "residual", 600),
    ("green_runs", "green-run-7d", "first_month", 12),
    ("green_runs", "green-run-7d", "first_day", 31),
    ("green_runs", "green-run-7d", "days", 2),
    ("co2_caps", "co2-cap-2025-as-2020", "cap", 700),
    ("send_out", "uhv-2", "yearly_energy", 150),
    ("fuel_outputs", "liquid-fuel-2025", "output", 1.1),
    # what may leave, ties with the energy of a year, land that is short
    ("small_hydro", "small-hydro-haixi", "retirable", "yes"),
    ("ac_ties", "xinjiang", "import_energy", 20),
    ("ac_ties", "xinjiang", "export_energy", 3),
    ("storage_sides", "shared-storage-1gw", "power", 150),
    ("storage_sides", "battery-user-side", "power", ""),
    ("storage_sides", "battery-user-side", "share", 7),
    ("storage_layers", "storage-layer-medium", "power", 60),
    ("land_uses", "land-haixi", "usable", 1.5),
    ("line_backings", "backing-hainan", "zones", "hainan | xining"),
)
#: Columns that are blank but for the changes: (file, header).
BLANK = (
    *(("hydro_rules", f"{word}_mean_release [m3/s]") for word in ("minimum", "maximum")),
    *(("electrolysers", "ramp [%/h]"), ("electrolysers", "start_cost [CNY/MW]")),
    *(("hydro_rules", "maximum_level [m]"), ("pumped_storage", "lower_station"), ("pumped_storage", "head [m]")),
)
_HUB = "asset,technology,zone,existing [MW],room [MW],mode,upper,lower,prerequisite,head [m]"
_CANAL = "withdrawal,station,first_year,yearly_volume [hm3],shortage_price [CNY/m3]"
#: Tables, or rows of them, that the province does not have: header and rows.
MADE = {
    # more units that stand, reversible ones that grow with a dam, a pump, and one whose dam comes later
    "hydro_hubs": (
        _HUB,
        "hub-units,hydro,hainan,100,,turbine,longyangxia,,,130",
        "hub-reversible,pumped_storage,hainan,5,35,reversible,longyangxia,laxiwa,laxiwa,230",
        "hub-pump,pumped_storage,hainan,40,,pump,laxiwa,nina,,200",
        "hub-late,pumped_storage,hainan,0,300,reversible,banduo,longyangxia,cihaxia,70",
    ),
    # one with a season, one at a station that does not stand, one cheaper than power, one later, one unknown
    "withdrawals": (
        _CANAL,
        "canal,longyangxia,2000,600,90",
        "ditch,erduo,2020,100,20",
        "orchard,laxiwa,2020,300,0.01",
        "later,longyangxia,2040,9000,1",
        "unknown,banduo,2000,,1",
    ),
    "withdrawal_months": ("withdrawal,month,share [-]", "canal,1,0.4", "canal,7,0.5", "canal,12,0.1"),
    # plants that stand, that may grow, with zones below, across and above the least output, with and without starts
    "unit_commitments": (
        "asset,unit_size [MW],minimum_output [-],pump_minimum [-],start_cost [CNY/MW],minimum_up [h],minimum_down [h]",
        *("csp-delingha,50,,1,150,2,1", "csp-gonghe,50,0.25,1,130,1,3", "longyangxia,320,0.2,1,90,3,2"),
        *("laxiwa,700,,1,0,1,4", "lijiaxia,400,0.3,1,0,0,0", "psh-gonghe,6,0.4,0.9,300,2,1"),
        "psh-nanshankou,300,,0.7,0,1,1",
    ),
    "hydro_forbidden_zones": (
        "station,number,lower [-],upper [-]",
        *("longyangxia,1,0.3,0.5", "longyangxia,2,0.6,0.7", "laxiwa,1,0.1,0.4", "lijiaxia,1,0.1,0.35"),
    ),
    "zone_supplies": ("clause,zone,year,share [%]", "supply-haixi,haixi,2025,99"),
    "small_hydro_exits": ("clause,asset,year,power [MW],share [-]", "exit,small-hydro-haixi,2025,,0.3"),
    # hydrogen, fuel and heat
    "hydrogen_demands": (
        "demand,store,first_year,yearly [t],unserved_price [CNY/t]",
        *("works,hydrogen-tank-haixi,2025,3000,17000", "tiny,hydrogen-tank-hainan,2020,40,90000"),
        "far,hydrogen-tank-haixi,2040,9e4,1",
    ),
    "hydrogen_exports": (
        "export,store,first_year,price [CNY/t],hourly [t],yearly [t],electricity [MWh/t]",
        *("pipe,hydrogen-tank-haixi,2025,21000,0.3,900,2", "lorry,hydrogen-tank-hainan,2025,5000,0.1,,0.5"),
    ),
    "liquid_fuel_plants": (
        "asset,technology,zone,existing [MW],room [MW],store,heating_value [MWh/t],hydrogen [-],co2 [-],"
        "electricity [MWh/t],minimum_output [-],ramp [1/h],co2_zone,captured_price [CNY/t],bought_price [CNY/t],"
        "credit,price [CNY/t]",
        "synthesis,methanol_synthesis,haixi,4,9,hydrogen-tank-haixi,5.5,0.2,1.4,0.8,0.3,0.2,xining,30,250,fuel,3000",
    ),
    "heat_nodes": (
        "node,zone,first_year,yearly [MWh],headroom [MW],unserved_price [CNY/MWh]",
        *("town,xining,2025,900000,70,1900", "village,hainan,2020,90000,,2100", "later,haixi,2040,1e6,5,1"),
    ),
    "heat_others": ("node,year,share [-],price [CNY/MWh]", "town,2020,0.4,330", "town,2030,0.1,310"),
    "electric_heaters": (
        "asset,technology,zone,existing [MW],room [MW],node,efficiency [-]",
        *("boiler,electric_boiler,xining,30,100,town,0.97", "pump,heat_pump,xining,0,90,town,2.6"),
        "kettle,electric_boiler,hainan,15,,village,0.95",
    ),
    "geothermal_heat": (
        "asset,technology,zone,existing [MW],room [MW],node,availability [-],electricity [-]",
        "well,geothermal_heating,hainan,2,3,village,0.9,0.07",
    ),
    "heat_stores": (
        "asset,technology,zone,existing [MW],room [MW],node,duration [h],self_discharge [1/h],depth [-],cycle",
        *(
            "pit,hot_water_store,xining,8,,town,12,0.004,0.9,medium",
            "urn,hot_water_store,hainan,2,5,village,5,0.01,1,short",
        ),
    ),
    "chp_heat": ("asset,node,heat_per_power [-]", "coal-xining-chp,town,0.2"),
    "water_year_months": ("water_year,month,factor [-]", "dry,1,0.75", "wet,1,1.3", "dry,7,0.9"),
    "hydro_rules": ("station,month", "lijiaxia,1", "laxiwa,1", "laxiwa,7"),
    "reservoir_curves": (
        "station,level [m],volume [10^8 m3]",
        *("lijiaxia,2160,15", "lijiaxia,2180,15.6", "laxiwa,2420,8.5", "laxiwa,2440,9.4", "laxiwa,2452,10"),
    ),
}
#: Share of the demand of the three zones that is kept.
DEMAND = 0.9
STRICTNESS = {
    "clean-2025-outline7500": ("hard", ""),
    "base-hainan-10gw": ("watched", ""),
    "base-haixi-10gw": ("priced", 20_000),
    "base-csp-1gw": ("hard", ""),
    "statistics-2023-wind": ("priced", 3e4),
    "wind-potential": ("hard", ""),
    "new-storage-2025": ("hard", ""),
    "clean-share-2025": ("hard", ""),
    "wet-season-coal-off": ("hard", ""),
    "wet-season-all-fossil-off": ("watched", ""),
    "curtailment-2025": ("hard", ""),
    "co2-price-2025-none": ("watched", ""),
    "co2-price-2025-market": ("hard", ""),
    "zero-carbon-system-2035": ("priced", 150),
    "storage-in-step": ("watched", ""),
    "storage-in-step-haixi": ("priced", 9_000),
    "storage-in-step-hainan": ("watched", ""),
    "shared-storage-1gw": ("hard", ""),
    "battery-user-side": ("hard", ""),
    "storage-layer-medium": ("hard", ""),
    "storage-layer-long": ("hard", ""),
    "exit": ("hard", ""),
    "land-haixi": ("hard", ""),
    "backing-hainan": ("priced", 100),
    "backing-haixi": ("watched", ""),
    "co2-cap-2025-as-2020": ("priced", 30),
    "co2-intensity-2025": ("priced", 20),
    "liquid-fuel-2025": ("priced", 900),
    "green-run-7d": ("priced", 40),
    "green-run-15d": ("watched", ""),
    "green-run-31d": ("watched", ""),
    "local-share-as-2020": ("watched", 25),
    "energy-intensive-growth": ("watched", 15),
    "supply-haixi": ("watched", ""),
}
#: Last years of clauses that end.
UNTIL = {"storage-layer-long": "2026", "wind-potential": "2025"}


def write_small_qinghai(source: Path, folder: Path) -> None:
    """Write the subset of an input folder that the reference speaks of.

    Args:
        source: inputs/qinghai.
        folder: where to; made.
    """
    folder.mkdir(parents=True)
    read = {p.stem: pd.read_csv(p, dtype=str, keep_default_na=False) for p in source.glob("*.csv")}
    made = {name: read[name] for name in WHOLE}
    made |= {name: read[name][read[name]["zone"].isin(ZONES)] for name in OF_ZONE}
    corridors = read["corridors"]
    made["corridors"] = corridors[corridors["from_zone"].isin(ZONES) & corridors["to_zone"].isin(ZONES)]
    made["climate"] = read["climate"][read["climate"]["site"].isin(made["sites"]["site"])]
    of_small = read["small_hydro_energy"]["asset"].isin(made["small_hydro"]["asset"])
    made["small_hydro_energy"] = read["small_hydro_energy"][of_small]
    stations = read["hydro_stations"].copy()
    stations["zone"] = [MOVED.get(z, z if z in ZONES else "") for z in stations["zone"]]
    made["hydro_stations"] = stations
    # Rules are of stations inside the system.
    outside = stations.loc[stations["zone"] == "", "asset"]
    made["hydro_rules"] = made["hydro_rules"][~made["hydro_rules"]["station"].isin(outside)]
    # A station that does not stand yet has inflow of its own, which the next one below must get.
    absent = read["hydro_inflow"][read["hydro_inflow"]["station"] == "banduo"].assign(station="cihaxia")
    made["hydro_inflow"] = pd.concat([read["hydro_inflow"], absent])
    for table in ("demand", "sector_demand"):
        energy = next(h for h in made[table].columns if h.startswith("energy"))
        made[table] = made[table].assign(**{energy: DEMAND * made[table][energy].astype(float)})
    for table in OF_ZONE_OR_ALL:
        made[table] = read[table][read[table]["zone"].isin(("", *ZONES))]
    made["groups"] = pd.concat([made["groups"], _weather_group(made["groups"])])
    asked = [
        ("reference", c, word, UNTIL.get(c, ""), str(price), "derived", "high", "")
        for c, (word, price) in STRICTNESS.items()
    ]
    made["target_sets"] = pd.DataFrame(asked, columns=read["target_sets"].columns)
    for table, (header, *lines) in MADE.items():
        rows = pd.DataFrame([line.split(",") for line in lines], columns=header.split(","))
        rows = rows.assign(source="derived", confidence="low")
        made[table] = pd.concat([made[table], rows]) if table in made else rows
    for table, header in BLANK:
        made[table] = made[table].assign(**{header: ""})
    for table, frame in made.items():
        frame = frame.copy()
        for _, key, column, value in (c for c in CHANGES if c[0] == table):
            header = next(h for h in frame.columns if h.split(" [")[0] == column)
            parts = key.split(",")
            rows = (frame.iloc[:, : len(parts)] == parts).all(axis=1)
            frame.loc[rows, header] = str(value)
        frame.to_csv(folder / f"{table}.csv", index=False)


def _weather_group(groups: pd.DataFrame) -> pd.DataFrame:
    """A group of all that the weather offers, so that curtailed heat is counted as well."""
    members = groups[groups["group"].isin(("variable", "csp"))].drop_duplicates("technology")
    return members.assign(group="weather")
