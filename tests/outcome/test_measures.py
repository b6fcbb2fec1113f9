"""Yearly measures beside sums made by hand."""

import numpy as np
import pytest

from outcome.systems import result_of
from qhenergy.outcome import measures
from qhenergy.outcome.balances import energy_imbalance
from qhenergy.outcome.measures import ENERGY
from qhenergy.outcome.summary import summary
from qhenergy.outcome.tables import main_tables


def row(table, **keys):
    """The one row of a table with these keys."""
    chosen = np.all([table[k] == v for k, v in keys.items()], axis=0)
    assert chosen.sum() == 1, table
    return table[chosen].iloc[0]


@pytest.fixture
def island(grid):
    """Two hours that stand for a year: 100 MW of sun offer 80 and 0 MW, a store carries 10 MWh, coal makes the rest.

    Demand is 50 in both hours. The store takes 10, holds 9 and gives 7.2.
    """
    small = grid(2, 50).add("solar", existing=100, series=[0.8, 0.0])
    small.add("batteries", existing=10, duration=0.9, charge_efficiency=0.9, discharge_efficiency=0.8)
    return result_of(small.add("thermal", existing=100).solve())


def test_energy_of_a_year_by_hand(island):
    """Proves: hours weigh 4380, roles have their signs, and what is stored is lost as the efficiencies say.

    Hour 0: sun 80 offered, 50 to demand, 10 charged, 20 curtailed. Hour 1: 7.2 from the store, 42.8 coal.
    If it were broken, energies would be twice too large (weight 8760) or losses would be 1 - 0.9 only.
    """
    table = measures.energy(island)
    assert row(table, role="generation", technology="pv")[ENERGY] == pytest.approx(4380 * 60)
    assert row(table, role="generation", technology="coal")[ENERGY] == pytest.approx(4380 * 42.8)
    assert row(table, role="charging")[ENERGY] == pytest.approx(-4380 * 10)
    assert row(table, role="discharging")[ENERGY] == pytest.approx(4380 * 7.2)
    assert row(table, role="demand")[ENERGY] == pytest.approx(-8760 * 50)
    assert table[ENERGY].sum() == pytest.approx(0, abs=1e-6)
    assert row(measures.losses(island), where="store")[ENERGY] == pytest.approx(4380 * 2.8)


def test_curtailment_and_full_load_hours_by_hand(island):
    """Proves: offered = capacity times series, curtailed = offered - used, full-load hours = energy over capacity."""
    part = row(measures.curtailment(island), technology="pv")
    assert part["offered [MWh/yr]"] == pytest.approx(4380 * 80)
    assert part["curtailed [MWh/yr]"] == pytest.approx(4380 * 20)
    assert part["share [-]"] == pytest.approx(0.25)
    hours = row(measures.full_load_hours(island), technology="pv")
    assert hours["full_load_hours [h/yr]"] == pytest.approx(4380 * 0.6)
    assert hours["offered [h/yr]"] == pytest.approx(4380 * 0.8)
    assert np.isnan(row(measures.full_load_hours(island), technology="coal")["offered [h/yr]"])


def test_store_cycles_and_emissions_by_hand(island):
    """Proves: cycles = energy given over energy held; a tonne a MWh of coal as the small system has it."""
    store = row(measures.storage(island), asset="cells")
    assert store["class"] == "short"
    assert store["energy [MWh]"] == pytest.approx(9)
    assert store["charged [MWh/yr]"] == pytest.approx(43800)
    assert store["cycles [1/yr]"] == pytest.approx(4380 * 7.2 / 9)
    assert measures.emissions(island)["emission [t/yr]"].sum() == pytest.approx(4380 * 42.8)


def test_costs_add_up_to_the_objective(two_zones):
    """Proves: no cost is left out of the names, and groups keep the sum."""
    assert measures.costs(two_zones)["cost [CNY/yr]"].sum() == pytest.approx(two_zones.objective)
    assert measures.cost_groups(two_zones)["cost [CNY/yr]"].sum() == pytest.approx(two_zones.objective)
    assert measures.cost_groups(two_zones)["group"].is_unique


def test_capacity_tells_what_stood_came_and_went(two_zones):
    """Proves: total = base + committed + added - retired, with what the tables give and the plan decides."""
    table = measures.capacity(two_zones).set_index("asset")
    sums = table["base [MW]"] + table["committed [MW]"] + table["added [MW]"] - table["retired [MW]"]
    assert sums.to_numpy() == pytest.approx(table["total [MW]"].to_numpy())
    for table_name in ("solar", "thermal", "batteries"):
        rows = two_zones.inputs[table_name]
        assert table.loc[rows.index, "base [MW]"].to_numpy() == pytest.approx(rows["existing"].to_numpy())
    built, retired = two_zones.column("capacity/built"), two_zones.column("capacity/retired")
    for asset in built.columns:
        assert table.at[asset, "added [MW]"] == pytest.approx(built.at[2025, asset])
    for asset in retired.columns:
        assert table.at[asset, "retired [MW]"] == pytest.approx(retired.at[2025, asset])
    batteries = two_zones.inputs["batteries"]
    for asset, duration in batteries["duration"].items():
        assert table.at[asset, "energy [MWh]"] == pytest.approx(duration * table.at[asset, "total [MW]"])


def test_energy_of_two_zones_hour_by_hour(two_zones):
    """Proves: yearly sums are the weighted sums of the columns, and every zone's year balances."""
    weight = 8760 / 48
    table = measures.energy(two_zones)
    for asset in two_zones.inputs["wind"].index:
        by_hand = sum(weight * value for value in two_zones.column("wind/output")[asset])
        assert row(table, asset=asset)[ENERGY] == pytest.approx(by_hand)
    for _, part in table.groupby("zone"):
        assert part[ENERGY].sum() == pytest.approx(0, abs=1e-3)
    corridor = two_zones.inputs["corridors"].index[0]
    sent = sum(weight * (two_zones.column(f"corridor/{w}")[corridor].sum()) for w in ("forward", "backward"))
    loss = two_zones.inputs["corridors"].at[corridor, "loss"]
    assert row(measures.losses(two_zones), where="corridor")[ENERGY] == pytest.approx(loss * sent)


def test_emissions_are_those_a_cap_measures(grid):
    """Proves: fuel and imports emit what the clause of the cap meters, by another way.

    Coal makes 30 MW at 1 t/MWh, a tie brings 20 MW at 0.5 t/MWh: 40 t an hour.
    If it were broken, imports or the efficiency would be left out.
    """
    small = grid(2, 50).add("thermal", existing=30).add("ac_ties", import_limit=20, import_price=50, emission=0.5)
    small.add("co2_caps", cap=1e6).target("cap", "watched")
    result = result_of(small.solve())
    assert measures.emissions(result)["emission [t/yr]"].sum() == pytest.approx(8760 * 40)
    assert result.column("co2_cap/achieved").at[2025, "cap"] == pytest.approx(8760 * 40)


def test_unserved_energy(grid):
    """Proves: what is missing is told with its energy, its worst hour and its hours."""
    result = result_of(grid(2, [50, 80]).add("thermal", existing=60).solve())
    missing = row(measures.unserved(result), zone="z")
    assert missing[ENERGY] == pytest.approx(4380 * 20)
    assert missing["largest [MW]"] == pytest.approx(20)
    assert missing["hours [h/yr]"] == pytest.approx(4380)


def test_stages_are_told_apart(grid):
    """Proves: with two stages every table has both, and the summary puts them under their year.

    80 MW in 2025, 160 in 2030; the plan adds 60 MW to the 100 that stand.
    """
    small = grid(2, 80, case={"stages": [2025, 2030]}).add("thermal", existing=100, room=1000)
    small.add("demand", zone="z", year=2030, energy=160 * 8760, shape="z")
    result = result_of(small.cost("coal", investment=1000, lifetime=20).solve())
    capacity = measures.capacity(result).set_index("stage")
    assert capacity["total [MW]"].to_dict() == pytest.approx({2025: 100, 2030: 160})
    told = summary(result)
    assert told["generation_mwh"]["2030"]["coal"] == pytest.approx(160 * 8760)
    assert told["generation_mwh"]["2025"]["coal"] == pytest.approx(80 * 8760)
    assert told["capacity_mw"]["2030"]["coal"]["z"]["added"] == pytest.approx(60)


def test_summary_has_what_programs_look_for(two_zones):
    """Proves: the keys of the JSON are there and hold the same numbers as the tables."""
    told = summary(two_zones)
    assert sum(told["costs"].values()) == pytest.approx(told["objective"])
    assert told["objective"] == pytest.approx(two_zones.objective)
    clean = told["capacity_mw"]["wind"]["north"]
    assert clean["total"] == pytest.approx(clean["base"] + clean["committed"] + clean["added"] - clean["retired"])
    share = told["curtailment"]["wind"]
    assert share["curtailed_mwh"] == pytest.approx(share["offered_mwh"] - share["used_mwh"])
    assert {"id", "required", "achieved", "unit", "slack", "dual", "dual_unit", "status"} <= told["clauses"][0].keys()
    assert {"columns", "rows", "nonzeros", "build_seconds", "solve_seconds", "peak_memory_mb"} <= told["solve"].keys()
    assert told["audit"]["passed"]


@pytest.mark.parametrize("more", [(), ("station",), ("tie",)])
def test_a_system_of_almost_nothing_has_its_tables(grid, more):
    """Proves: no table fails where a technology is missing; what there is adds up."""
    small = grid(2, 50).add("thermal", existing=100)
    if "station" in more:
        small.add("hydro_stations", existing=10)
    if "tie" in more:
        small.add("ac_ties", import_limit=5, import_price=1)
    result = result_of(small.solve())
    tables = main_tables(result)
    assert {"costs", "capacity", "energy", "generation", "dispatch", "prices"} <= tables.keys()
    assert "storage" not in tables
    assert tables["energy"][ENERGY].sum() == pytest.approx(0, abs=1e-6)
    assert summary(result)["audit"]["passed"]


def test_aged_store_and_hydrogen_chain_by_hand(grid):
    """Proves: energy is what a store can still hold; electrolysers charge a hydrogen store under its own name.

    40 MWh of cells lose a tenth a year from 2020 to 2025: 23.6196. Beside them 10 MW of another kind are built anew.
    Hydrogen: 10 MWh taken in hour 0, at 0.7 and 0.5 give 3.5.
    If it were broken, 40 MWh would be reported, or charged and discharged would stand under two names.
    """
    small = grid(2, [0, 100]).add("wind", existing=1000, series=[1, 0]).add("thermal", existing=1000)
    small.add("batteries", existing=10, duration=4, fade=0.1).add(
        "batteries", asset="new", room=10, duration=4, fade=0.1
    )
    small.add("hydrogen_stores", existing=10, duration=2, turbine_efficiency=0.5)
    result = result_of(small.add("electrolysers", existing=10, efficiency=0.7).solve())
    table = measures.capacity(result)
    assert row(table, asset="cells")["energy [MWh]"] == pytest.approx(23.6196)
    assert row(table, asset="new")["energy [MWh]"] == pytest.approx(40)
    assert np.isnan(row(table, asset="stack")["energy [MWh]"])
    tank = row(measures.storage(result), asset="tank")
    assert tank["class"] == "long"
    assert tank["charged [MWh/yr]"] == pytest.approx(43800)
    assert tank["discharged [MWh/yr]"] == pytest.approx(0.35 * 43800)
    assert row(measures.losses(result), asset="tank")[ENERGY] == pytest.approx(0.65 * 43800)


def test_electric_heat_is_a_use_of_its_own(grid):
    """Proves: what a heater takes is a role of the balance, which still adds up to nothing; no store charges with it.

    10 MW of heater take 10 MWh, of which the turbine makes 5.
    If it were broken, energy would appear out of nothing, or the plant would be listed among the electric stores.
    """
    small = grid(2, [0, 20]).add("wind", existing=1000, series=[1, 0]).add("thermal", existing=100)
    small.add("csp", existing=10, store=2, series=[0, 0], heater=1)
    result = result_of(small.solve())
    table = measures.energy(result)
    assert row(table, role="heating", asset="tower")[ENERGY] == pytest.approx(-43800)
    assert row(table, role="generation", asset="tower")[ENERGY] == pytest.approx(21900)
    assert table[ENERGY].sum() == pytest.approx(0, abs=1e-6)
    assert np.abs(energy_imbalance(result).to_numpy()).max() < 1e-9
    assert measures.storage(result).empty
    assert measures.losses(result).empty


def test_pumps_of_the_river_are_neither_a_store_nor_a_loss(grid):
    """Proves: what pumps take has a row of its own in the energy of a year, and their MW are not those of generation.

    Pumps of 10 MW and reversible units of 20 MW have one technology. If it were broken, its full-load hours would be
    over 30 MW, or what they took would be lost twice: as pumped, and as water already turbined.
    """
    small = grid(4, [0, 0, 100, 100]).station("up", 30, order=1, downstream="down", existing=40, live_storage=1)
    small.station("down", 0, order=2, existing=1, live_storage=1).add("thermal", existing=500)
    for name, mode, power in (("pumps", "pump", 10), ("both", "reversible", 20)):
        units = {"asset": name, "technology": "hub", "zone": "z", "existing": power, "mode": mode, "upper": "up"}
        small.add("hydro_hubs", head=100, pump_efficiency=0.85, **units)
    result = result_of(small.add("solar", existing=100, series=[1, 1, 0, 0]).solve())
    pumping = row(measures.energy_by_role(result), role="pumping")[ENERGY]
    lifted = 8760 / 4 * result.column("hydro_hub/pumped").to_numpy().sum()
    assert lifted > 0
    assert pumping == pytest.approx(-9.81e-3 * 100 / 0.85 * lifted)
    assert measures.losses(result).empty
    assert measures.storage(result).empty
    hub = row(measures.full_load_hours(result), technology="hub")
    assert hub["capacity [MW]"] == pytest.approx(20)
    assert summary(result)["exchange_mwh"]["pumping"] == pytest.approx(pumping)
    assert measures.energy(result)[ENERGY].sum() == pytest.approx(0, abs=1e-3)
